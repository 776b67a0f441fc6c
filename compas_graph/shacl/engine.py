"""The engine: it holds the shapes of a graph against data, a whole set of focus nodes at a time.

It follows the W3C Recommendation "Shapes Constraint Language (SHACL)" of 2017, core and SPARQL.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeAlias

from pyoxigraph import NamedNode

from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.model import MOST_NESTED, Arguments, Check, Found, Pairs, Shape, Shapes, shown
from compas_graph.shacl.results import Result
from compas_graph.shacl.sparql import Data

__all__ = ["Run", "Test", "each", "failing_values", "validate", "values_of"]

Test: TypeAlias = Callable[[Term], bool]
"""What tells of one value whether it passes."""


def validate(data: Index, shapes: Shapes) -> list[Result]:
    """Return the results of validating data against shapes, in a stable order.

    Shapes that need more than this engine knows raise UnsupportedShapesError.
    """
    if shapes.unsupported:
        raise UnsupportedShapesError("; ".join(shapes.unsupported[:3]))
    run = Run(data, shapes)
    found: dict[Result, None] = {}
    collecting = gc.isenabled()
    gc.disable()  # it would look through the whole index again and again, for more than half of the time
    try:
        for shape in shapes.targeted():
            found.update((result, None) for _, result in run.results(shape, run.focus_nodes(shape)))
    finally:
        if collecting:
            gc.enable()
    return sorted(found, key=Result.key)


class Run:
    """One validation: the data, and what has been found out on the way."""

    def __init__(self, data: Index, shapes: Shapes) -> None:
        self.data, self.shapes = data, shapes
        self.sparql = Data(data, shapes.graph)
        self._failing: dict[Shape, dict[Term, bool]] = {}
        self._known: dict[tuple[Shape, Term], list[tuple[Term, Result]]] = {}
        self._running: list[tuple[Shape, Term | None]] = []

    def focus_nodes(self, shape: Shape) -> Collection[Term]:
        """Return the nodes that a shape's targets name, each once."""
        data = self.data
        found: dict[Term, None] = {}
        for name, value in shape.targets:
            if name == "targetNode":
                found[value] = None
            elif name == "targetClass":
                found.update(data.instances(value))
            elif isinstance(value, NamedNode):
                table = data.table(value) if name == "targetSubjectsOf" else data.backward(value)
                found.update(dict.fromkeys(table))
        return found

    def results(self, shape: Shape, focus: Collection[Term]) -> Iterator[tuple[Term, Result]]:
        """Yield the results of a shape for some focus nodes, each with the node from which it was reached."""
        if shape.deactivated or not focus:
            return
        only_nests = shape.path is None and all(one.component.check is None for one in shape.constraints)
        pairs = [] if only_nests else self.pairs(shape, focus)
        for constraint in shape.constraints:
            check = constraint.component.check
            if check is None:  # sh:property
                inner: Shape = constraint.arguments[0]
                yield from self.guarded(inner, focus) if shape.path is None else self._nested(inner, pairs)
                continue
            for focus_node, value, path, bindings in self._found(check, shape, pairs, constraint.arguments):
                known = tuple((bindings or {}).items())
                yield focus_node, Result(focus_node, path or shape.path, value, shape, constraint, known)

    def _found(self, check: Check, shape: Shape, pairs: Pairs, arguments: Arguments) -> Iterator[Found]:
        """Yield what a check finds; what cannot be checked is told with the name of the shape."""
        try:
            yield from check(self, shape, pairs, *arguments)
        except UnsupportedShapesError as error:
            placed = str(error).startswith("shape ")
            raise UnsupportedShapesError(str(error) if placed else f"shape {shape.name}: {error}") from error

    def _nested(self, shape: Shape, pairs: Pairs) -> Iterator[tuple[Term, Result]]:
        """Yield the results of a property shape for the value nodes of another shape."""
        origins: dict[Term, list[Term]] = {}
        for focus, values in pairs:
            for value in values:
                origins.setdefault(value, []).append(focus)
        found = {(origin, result): None for value, result in self.guarded(shape, origins) for origin in origins[value]}
        yield from found

    def guarded(self, shape: Shape, nodes: Iterable[Term]) -> list[tuple[Term, Result]]:
        """Return the results of a shape that another refers to; raise DataError if it comes back to the same node."""
        if len(self._running) >= MOST_NESTED:
            raise DataError(f"shape {shape.name}: is followed more than {MOST_NESTED} shapes deep; nest them less")
        if shape not in self.shapes.recursive:
            return self._guarded(shape, nodes if isinstance(nodes, Collection) else list(nodes))
        return [found for node in nodes for found in self._alone(shape, node)]

    def _alone(self, shape: Shape, node: Term) -> list[tuple[Term, Result]]:
        """Return the results of a recursive shape for one node."""
        if (shape, node) in self._running:
            raise DataError(
                f"shape {shape.name}: leads back to itself for {shown(node)}, which SHACL leaves undefined; "
                "break the circle"
            )
        known = self._known.get((shape, node))
        if known is None:
            known = self._known[shape, node] = self._guarded(shape, [node])
        return known

    def _guarded(self, shape: Shape, nodes: Collection[Term]) -> list[tuple[Term, Result]]:
        self._running.append((shape, next(iter(nodes), None)))
        try:
            return list(self.results(shape, nodes))
        finally:
            self._running.pop()

    def pairs(self, shape: Shape, focus: Iterable[Term]) -> Pairs:
        """Return focus nodes with their value nodes: what the path leads to, without a path the node itself.

        Those without a value are left out where that cannot be at fault.
        """
        path = shape.path
        if path is None:
            return [(node, (node,)) for node in focus]
        if path.predicate is not None and not any(one.component.without_values for one in shape.constraints):
            table = self.data.table(path.predicate)
            focus = [node for node in focus if node in table]
        follow = path.follow(self.data)
        return [(node, follow(node)) for node in focus]

    def failing(self, shape: Shape, nodes: Iterable[Term]) -> set[Term]:
        """Return those of some nodes that do not conform to a shape."""
        known = self._failing.setdefault(shape, {})
        wanted = set(nodes)
        new = {node for node in wanted if node not in known}
        if new:
            known.update(dict.fromkeys(new, False) | {origin: True for origin, _ in self.guarded(shape, new)})
        return {node for node in wanted if known[node]}


def values_of(pairs: Pairs) -> set[Term]:
    """Return the value nodes of all focus nodes."""
    return {value for _, values in pairs for value in values}


def failing_values(pairs: Pairs, passes: Test) -> Iterator[Found]:
    """Yield what a check finds that looks at one value at a time: each that does not pass."""
    for focus, values in pairs:
        for value in values:
            if not passes(value):
                yield Found(focus, value)


def each(test: Callable[..., Test]) -> Check:
    """Return the check that each value passes a test made from the arguments."""

    def check(run: Run, shape: Shape, pairs: Pairs, *arguments: object) -> Iterator[Found]:
        return failing_values(pairs, test(*arguments))

    return check
