"""Shapes as graph patterns of SPARQL whose solutions are the violations, over whole sets of nodes.

Of shapes within shapes the nodes that fail are joined or taken away as a set: so a store never has to ask for
each node by itself, which some do in quadratic time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from pyoxigraph import BlankNode

from compas_graph.errors import UnsupportedShapesError
from compas_graph.shacl.expressions import expression, shape_expression
from compas_graph.shacl.index import TYPE, Index, Term
from compas_graph.shacl.model import Constraint, Nodes, Shape, Violations
from compas_graph.shacl.paths import Path

__all__ = ["Compiler", "select"]


def select(variables: str, pattern: str, tail: str = "") -> str:
    """Return a query within a query."""
    return f"{{ SELECT {'' if tail else 'DISTINCT '}{variables} WHERE {{ {pattern} }}{tail} }}"


class Compiler:
    """What makes patterns of constraints, with a new variable wherever one is needed."""

    def __init__(self, classes: Index, *, plain: bool) -> None:
        """Take what the data says of rdfs:subClassOf; `plain` refuses what only some stores answer rightly."""
        self.classes, self.plain = classes, plain
        self._numbers = count()

    def fresh(self) -> str:
        """Return a variable that is used nowhere else."""
        return f"?v{next(self._numbers)}"

    def without(self, pattern: str, other: str) -> str:
        """Return the solutions of a pattern that share none of another's.

        A query within is not taken away by MINUS: Virtuoso 7 then takes away others, where it groups.
        """
        if "SELECT" not in other:
            return f"{pattern} MINUS {other}" if other else pattern
        there = self.fresh()
        return f"{pattern} OPTIONAL {{ {other} BIND(1 AS {there}) }} FILTER(!BOUND({there}))"

    def refuse(self, shape: Shape, what: str) -> None:
        """Raise UnsupportedShapesError for what is not plain, where that is asked for."""
        if self.plain:
            raise UnsupportedShapesError(f"shape {shape.name}: has {what}, which this kind of store answers wrongly")

    def focus(self, shape: Shape) -> Nodes:
        """Return the nodes that the targets of a shape name."""
        node = self.fresh()
        ways = {
            "targetNode": lambda term: "" if isinstance(term, BlankNode) else f"VALUES {node} {{ {term} }}",
            "targetClass": lambda term: self.instances(shape, node, [term]),
            "targetSubjectsOf": lambda term: f"{node} {term} {self.fresh()} .",
            "targetObjectsOf": lambda term: f"{self.fresh()} {term} {node} .",
        }
        found = [f"{{ {way} }}" for name, term in shape.targets if (way := ways[name](term))]
        pattern = select(node, " UNION ".join(found) or f"VALUES {node} {{}}")
        if all(name == "targetClass" for name, _ in shape.targets):
            return Nodes(pattern, node, self.instances(shape, node, [term for _, term in shape.targets], among=True))
        return Nodes(pattern, node, pattern)

    def instances(self, shape: Shape, node: str, kinds: Iterable[Term], *, among: bool = False) -> str:
        """Return the pattern for the nodes of some classes and of those below them.

        It lists them; or `among` others that are known, it looks up the types of each, which is less work.
        """
        below = set[Term]().union(*(self.classes.subclasses(kind) for kind in kinds))
        if any(isinstance(one, BlankNode) for one in below):
            raise UnsupportedShapesError(
                f"shape {shape.name}: needs the nodes of a class that has no name, which a store cannot be asked for"
            )
        if len(below) == 1:
            return f"{node} {TYPE} {below.pop()} ."
        kind, names = self.fresh(), sorted(map(str, below))
        if among:
            return f"{node} {TYPE} {kind} . FILTER({kind} IN ({', '.join(names)}))"
        return f"VALUES {kind} {{ {' '.join(names)} }} {node} {TYPE} {kind} ."

    def values(self, shape: Shape, focus: Nodes) -> Nodes:
        """Return the value nodes that a shape has for some nodes; without a path those nodes themselves."""
        if shape.path is None:
            return focus
        value = self.fresh()
        step = f"{focus.node} {shape.path} {value} ."
        if not _repeats(shape.path):
            return Nodes(f"{step} {focus.among}", value, step)
        self.refuse(shape, "a path of any number of steps")
        reached = f"{focus.pattern} {step}"
        if _may_stay(shape.path):  # a node that is in no triple is its own value, too
            reached = f"{{ {reached} }} UNION {{ {focus.pattern} BIND({focus.node} AS {value}) }}"
        reached = select(f"{focus.node} {value}", reached)
        return Nodes(reached, value, reached)

    def all_violations(self, shape: Shape, focus: Nodes) -> Iterator[tuple[Shape, Constraint, Violations]]:
        """Yield the violations of each constraint of a shape and of the property shapes that it has."""
        if shape.deactivated:
            return
        for constraint in shape.constraints:
            if constraint.component.check is None:  # sh:property
                values = self.values(shape, focus)
                pattern = select(values.node, values.pattern)
                inner = Nodes(pattern, values.node, pattern) if shape.path else focus
                yield from self.all_violations(constraint.arguments[0], inner)
            else:
                for part in self.violations(shape, constraint, focus):
                    yield shape, constraint, part

    def violations(self, shape: Shape, constraint: Constraint, focus: Nodes) -> Iterator[Violations]:
        """Yield the violations of one constraint among some nodes."""
        values = self.values(shape, focus)
        test = expression(constraint, values.node, self.classes)
        if test is not None:
            yield Violations(f"{values.pattern} FILTER(!({test}))", focus.node, values.node)
        elif constraint.component.violations is not None:
            yield from constraint.component.violations(self, shape, focus, values, *constraint.arguments)
        else:
            raise UnsupportedShapesError(f"shape {shape.name}: sh:{constraint.kind} cannot be asked of a store")

    def failing(self, shape: Shape, nodes: Nodes) -> str:
        """Return the pattern for those of some nodes that do not conform to a shape, "" if all do."""
        test = shape_expression(shape, nodes.node, self.classes)
        if test is not None:
            return "" if test == "true" else select(nodes.node, f"{nodes.pattern} FILTER(!({test}))")
        self.refuse(shape, "a shape within another that looks beyond a value")
        found = [self._fails(shape, constraint, nodes) for constraint in shape.constraints]
        return select(nodes.node, " UNION ".join(f"{{ {one} }}" for one in found if one))

    def _fails(self, shape: Shape, constraint: Constraint, nodes: Nodes) -> str:
        """Return the pattern for the nodes that do not pass a constraint."""
        if constraint.component.check is not None:
            parts = list(self.violations(shape, constraint, nodes))
            if any(part.prologue for part in parts):
                raise UnsupportedShapesError(f"shape {shape.name}: has a query and stands within another shape")
            return " UNION ".join(select(nodes.node, part.pattern) for part in parts)
        values = self.values(shape, nodes)
        failing = self.failing(constraint.arguments[0], values)
        return f"{values.pattern} {failing}" if failing and shape.path else failing


def _repeats(path: Path) -> bool:
    """Tell whether a path has a step that may be taken any number of times."""
    return path.operator in ("*", "+", "?") or any(map(_repeats, path.steps))


def _may_stay(path: Path) -> bool:
    """Tell whether a path leads from every node to itself."""
    match path.operator:
        case "*" | "?":
            return True
        case "/":
            return all(map(_may_stay, path.steps))
        case "|" | "^" | "+":
            return any(map(_may_stay, path.steps))
    return False
