"""What violates each kind of constraint, as patterns of SPARQL over whole sets of nodes.

Of shapes within shapes the nodes that fail are joined or taken away as a set: so a store never has to ask for
each node by itself, which some do in quadratic time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode

from compas_graph.errors import UnsupportedShapesError
from compas_graph.shacl.binding import FOCUS, fill, joined, mentions, select_of
from compas_graph.shacl.expressions import expression, same_as, shape_expression
from compas_graph.shacl.index import TYPE, Index, Term
from compas_graph.shacl.paths import Path
from compas_graph.shacl.queries import Query
from compas_graph.shacl.shapes import Constraint, Shape

__all__ = ["Compiler", "Part", "Source"]

JOINED = re.compile(rf" GRAPH {re.escape(str(FOCUS))} \{{ (.*?) \}} ")


class Source(NamedTuple):
    """Some nodes: a pattern, the variable that it binds to them, and a pattern that picks them from others.

    Of value nodes `among` picks those of any node: what it finds is joined with the nodes again.
    """

    pattern: str
    node: str
    among: str


class Part(NamedTuple):
    """The violations of one constraint: a pattern, and what in it is the focus node, the value and the predicate."""

    pattern: str
    node: str
    value: str = ""
    predicate: str = ""
    prologue: str = ""


def _select(variables: str, pattern: str, tail: str = "") -> str:
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

    def focus(self, shape: Shape) -> Source:
        """Return the nodes that the targets of a shape name."""
        node = self.fresh()
        ways = {
            "targetNode": lambda term: "" if isinstance(term, BlankNode) else f"VALUES {node} {{ {term} }}",
            "targetClass": lambda term: self.instances(shape, node, [term]),
            "targetSubjectsOf": lambda term: f"{node} {term} {self.fresh()} .",
            "targetObjectsOf": lambda term: f"{self.fresh()} {term} {node} .",
        }
        found = [f"{{ {way} }}" for name, term in shape.targets if (way := ways[name](term))]
        pattern = _select(node, " UNION ".join(found) or f"VALUES {node} {{}}")
        if all(name == "targetClass" for name, _ in shape.targets):
            return Source(pattern, node, self.instances(shape, node, [term for _, term in shape.targets], among=True))
        return Source(pattern, node, pattern)

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

    def values(self, shape: Shape, source: Source) -> Source:
        """Return the value nodes that a shape has for some nodes; without a path those nodes themselves."""
        if shape.path is None:
            return source
        value = self.fresh()
        step = f"{source.node} {shape.path} {value} ."
        if not _repeats(shape.path):
            return Source(f"{step} {source.among}", value, step)
        self.refuse(shape, "a path of any number of steps")
        reached = f"{source.pattern} {step}"
        if _may_stay(shape.path):  # a node that is in no triple is its own value, too
            reached = f"{{ {reached} }} UNION {{ {source.pattern} BIND({source.node} AS {value}) }}"
        reached = _select(f"{source.node} {value}", reached)
        return Source(reached, value, reached)

    def all_parts(self, shape: Shape, source: Source) -> Iterator[tuple[Shape, Constraint, Part]]:
        """Yield the violations of each constraint of a shape and of the property shapes that it has."""
        if shape.deactivated:
            return
        for constraint in shape.constraints:
            if constraint.kind == "property":
                values = self.values(shape, source)
                pattern = _select(values.node, values.pattern)
                inner = Source(pattern, values.node, pattern) if shape.path else source
                yield from self.all_parts(constraint.arguments[0], inner)
            else:
                for part in self.parts(shape, constraint, source):
                    yield shape, constraint, part

    def parts(self, shape: Shape, constraint: Constraint, source: Source) -> Iterator[Part]:
        """Yield the violations of one constraint among some nodes."""
        values = self.values(shape, source)
        test = expression(constraint, values.node, self.classes)
        if test is not None:
            yield Part(f"{values.pattern} FILTER(!({test}))", source.node, values.node)
        elif constraint.kind in PARTS:
            yield from PARTS[constraint.kind](self, shape, source, values, *constraint.arguments)
        else:
            raise UnsupportedShapesError(f"shape {shape.name}: sh:{constraint.kind} cannot be asked of a store")

    def failing(self, shape: Shape, source: Source) -> str:
        """Return the pattern for those of some nodes that do not conform to a shape, "" if all do."""
        test = shape_expression(shape, source.node, self.classes)
        if test is not None:
            return "" if test == "true" else _select(source.node, f"{source.pattern} FILTER(!({test}))")
        self.refuse(shape, "a shape within another that looks beyond a value")
        found = [self._fails(shape, constraint, source) for constraint in shape.constraints]
        return _select(source.node, " UNION ".join(f"{{ {one} }}" for one in found if one))

    def _fails(self, shape: Shape, constraint: Constraint, source: Source) -> str:
        """Return the pattern for the nodes that do not pass a constraint."""
        if constraint.kind != "property":
            parts = list(self.parts(shape, constraint, source))
            if any(part.prologue for part in parts):
                raise UnsupportedShapesError(f"shape {shape.name}: has a query and stands within another shape")
            return " UNION ".join(_select(source.node, part.pattern) for part in parts)
        values = self.values(shape, source)
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


# What each kind of constraint finds: from the shape, its nodes, their values and the arguments


def _class(c: Compiler, shape: Shape, source: Source, values: Source, kind: Term) -> Iterator[Part]:
    yield Part(f"{values.pattern} MINUS {{ {c.instances(shape, values.node, [kind])} }}", source.node, values.node)


def _min_count(c: Compiler, shape: Shape, source: Source, values: Source, least: int) -> Iterator[Part]:
    if least:
        having = f"{{ {values.among} }}" if least == 1 else _having(source, values, ">=", least)
        yield Part(c.without(source.pattern, having), source.node)


def _max_count(c: Compiler, shape: Shape, source: Source, values: Source, most: int) -> Iterator[Part]:
    yield Part(_having(source, values, ">", most), source.node)


def _having(source: Source, values: Source, sign: str, number: int) -> str:
    """Return the nodes that have so many values."""
    if (sign, number) == (">", 0):
        return _select(source.node, values.pattern)
    tail = f" GROUP BY {source.node} HAVING(COUNT(DISTINCT {values.node}) {sign} {number})"
    return _select(source.node, values.pattern, tail)


def _unique_lang(c: Compiler, shape: Shape, source: Source, values: Source) -> Iterator[Part]:
    tag = c.fresh()
    pattern = f"{values.pattern} BIND(LCASE(LANG({values.node})) AS {tag}) FILTER({tag} != '')"
    tail = f" GROUP BY {source.node} {tag} HAVING(COUNT(DISTINCT {values.node}) > 1)"
    yield Part(_select(f"{source.node} {tag}", pattern, tail), source.node)


def _equals(c: Compiler, shape: Shape, source: Source, values: Source, other: NamedNode) -> Iterator[Part]:
    if shape.path is None:
        node, value = source.node, c.fresh()
        yield Part(f"{source.pattern} MINUS {{ {node} {other} {node} . }}", node, node)
        yield Part(f"{source.pattern} {node} {other} {value} . FILTER(!sameTerm({node}, {value}))", node, value)
        return
    beside = f"{source.pattern} {source.node} {other} {values.node} ."
    yield Part(f"{values.pattern} MINUS {{ {beside} }}", source.node, values.node)
    yield Part(f"{beside} MINUS {{ {values.pattern} }}", source.node, values.node)


def _disjoint(c: Compiler, shape: Shape, source: Source, values: Source, other: NamedNode) -> Iterator[Part]:
    yield Part(f"{values.pattern} {source.node} {other} {values.node} .", source.node, values.node)


def _less(sign: str) -> Callable[..., Iterator[Part]]:
    def parts(c: Compiler, shape: Shape, source: Source, values: Source, other: NamedNode) -> Iterator[Part]:
        beside = c.fresh()
        test = f"!COALESCE({values.node} {sign} {beside}, false)"
        yield Part(f"{values.pattern} {source.node} {other} {beside} . FILTER({test})", source.node, values.node)

    return parts


def _node(c: Compiler, shape: Shape, source: Source, values: Source, inner: Shape) -> Iterator[Part]:
    if failing := c.failing(inner, values):
        yield Part(f"{values.pattern} {failing}", source.node, values.node)


def _not(c: Compiler, shape: Shape, source: Source, values: Source, inner: Shape) -> Iterator[Part]:
    yield Part(c.without(values.pattern, c.failing(inner, values)), source.node, values.node)


def _and(c: Compiler, shape: Shape, source: Source, values: Source, inner: Sequence[Shape]) -> Iterator[Part]:
    for one in inner:
        yield from _node(c, shape, source, values, one)


def _or(c: Compiler, shape: Shape, source: Source, values: Source, inner: Sequence[Shape]) -> Iterator[Part]:
    failing = [c.failing(one, values) for one in inner]
    if all(failing):
        yield Part(" ".join((values.pattern, *failing)), source.node, values.node)


def _xone(c: Compiler, shape: Shape, source: Source, values: Source, inner: Sequence[Shape]) -> Iterator[Part]:
    failing = [c.failing(one, values) for one in inner]
    number = c.fresh()
    told = [_select(f"({place} AS {number}) {values.node}", one) for place, one in enumerate(failing) if one]
    if len(inner) == 1:
        yield from _node(c, shape, source, values, inner[0])
        return
    tail = f" GROUP BY {values.node} HAVING(COUNT(DISTINCT {number}) = {len(inner) - 1})"
    one_left = _select(values.node, " UNION ".join(told), tail) if told else ""
    yield Part(c.without(values.pattern, one_left), source.node, values.node)


def _qualified(c: Compiler, source: Source, values: Source, wanted: Shape, others: Sequence[Shape]) -> Source:
    """Return those of some values that conform to a shape and to none of the others."""
    test = shape_expression(wanted, values.node, c.classes)
    found = f"{values.pattern} FILTER({test})" if test else c.without(values.pattern, c.failing(wanted, values))
    for other in others:
        found += f" {c.failing(other, values) or 'FILTER(false)'}"
    return Source(found, values.node, found)


def _qualified_min(
    c: Compiler, shape: Shape, source: Source, values: Source, wanted: Shape, least: int, others: Sequence[Shape]
) -> Iterator[Part]:
    return _min_count(c, shape, source, _qualified(c, source, values, wanted, others), least)


def _qualified_max(
    c: Compiler, shape: Shape, source: Source, values: Source, wanted: Shape, most: int, others: Sequence[Shape]
) -> Iterator[Part]:
    return _max_count(c, shape, source, _qualified(c, source, values, wanted, others), most)


def _closed(c: Compiler, shape: Shape, source: Source, values: Source, allowed: frozenset[NamedNode]) -> Iterator[Part]:
    predicate, value = c.fresh(), c.fresh()
    known = ", ".join(sorted(map(str, allowed)))
    test = f" FILTER({predicate} NOT IN ({known}))" if known else ""
    yield Part(f"{values.pattern} {values.node} {predicate} {value} .{test}", source.node, value, predicate)


def _has_value(c: Compiler, shape: Shape, source: Source, values: Source, wanted: Term) -> Iterator[Part]:
    having = _select(source.node, f"{values.pattern} FILTER({same_as(values.node, (wanted,))})")
    yield Part(c.without(source.pattern, having), source.node)


def _query(
    c: Compiler, shape: Shape, source: Source, values: Source, query: Query, constants: Sequence[tuple[str, Term]] = ()
) -> Iterator[Part]:
    """Yield the rows of a query of the shapes graph, the nodes joined in wherever it speaks of them."""
    terms = dict(constants) | {"currentShape": shape.node}
    bound = {name: str(term) for name, term in terms.items() if not isinstance(term, BlankNode)}
    text = select_of(query.text).removesuffix("\nLIMIT 1") if query.asks else query.text
    apart = {"$shapesGraph", *(f"${name}" for name in terms if name not in bound)}
    names = ["this", "value"] if query.asks else ["this"]
    text = joined(fill(text, bound, str(shape.path) if shape.path else None), names, several=True) or ""
    if not text or mentions(query.text, apart):
        raise UnsupportedShapesError(
            f"shape {shape.name}: its query cannot be asked of a store for all nodes at once; "
            "it uses GROUP BY, LIMIT, GRAPH, a query within or the like, $shapesGraph or a blank node"
        )
    pairs = f"{values.pattern} BIND({source.node} AS ?this) BIND({values.node} AS ?value)"
    text = JOINED.sub(lambda found: _select(" ".join(re.findall(r"[$]\w+", found[1])), pairs), text)
    start = re.search(r"\bSELECT\b", text, re.IGNORECASE)
    assert start is not None
    found = f"{{ {text[start.start() :]} }}"
    if query.asks:
        found = f"{_select('?this ?value', pairs)} MINUS {found}"
    yield Part(found, "?this", prologue=text[: start.start()] or "\n")


PARTS: dict[str, Callable[..., Iterator[Part]]] = {
    "class": _class,
    "minCount": _min_count,
    "maxCount": _max_count,
    "uniqueLang": _unique_lang,
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less("<"),
    "lessThanOrEquals": _less("<="),
    "node": _node,
    "not": _not,
    "and": _and,
    "or": _or,
    "xone": _xone,
    "qualifiedMinCount": _qualified_min,
    "qualifiedMaxCount": _qualified_max,
    "closed": _closed,
    "hasValue": _has_value,
    "sparql": _query,
    "component": _query,
}
"""The kinds of constraint that look beyond one value; `property` is told apart before."""
