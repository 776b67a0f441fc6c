"""SHACL property paths: read from a shapes graph, followed in data, written as SPARQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode

from compas_graph.errors import DataError
from compas_graph.namespaces import compact
from compas_graph.shacl.index import NIL, Index, Term

__all__ = ["Follow", "Path", "read_path", "sh"]

Follow: TypeAlias = Callable[[Term], Sequence[Term]]


def sh(name: str) -> NamedNode:
    """Return a term of SHACL."""
    return NamedNode("http://www.w3.org/ns/shacl#" + name)


@dataclass(frozen=True)
class Path:
    """A path: a predicate, or an operator over paths.

    `operator` is "" for a predicate, "^" inverse, "/" sequence, "|" alternative, "*", "+" or "?".
    """

    operator: str
    steps: tuple[Path, ...] = ()
    predicate: NamedNode | None = None

    def __str__(self) -> str:
        """Return the path as SPARQL, its IRIs in full."""
        return self.write(str)

    def write(self, name: Callable[[NamedNode], str]) -> str:
        """Return the path as SPARQL, with each predicate as `name` gives it."""
        if self.predicate is not None:
            return name(self.predicate)
        apart = 1 if self.operator in "/|" else 0
        parts = [f"({step.write(name)})" if len(step.steps) > apart else step.write(name) for step in self.steps]
        if self.operator == "^":
            return "^" + parts[0]
        return self.operator.join(parts) if self.operator in "/|" else parts[0] + self.operator

    def readable(self) -> str:
        """Return the path as SPARQL, with our prefixes."""
        return self.write(lambda node: compact(node.value))

    def follow(self, data: Index) -> Follow:
        """Return the function that gives the nodes at the end of the path from a node, each once."""
        if self.predicate is not None:
            return _along(data.table(self.predicate))
        first = self.steps[0]
        match self.operator:
            case "^":
                return _backward(first, data)
            case "/":
                return _one_after_another([step.follow(data) for step in self.steps])
            case "|":
                steps = [step.follow(data) for step in self.steps]
                return lambda node: list(dict.fromkeys([end for step in steps for end in step(node)]))
            case "?":
                once = first.follow(data)
                return lambda node: list(dict.fromkeys((node, *once(node))))
            case "+":
                once = first.follow(data)
                return lambda node: _closure(once, once(node))
            case _:
                once = first.follow(data)
                return lambda node: _closure(once, [node])


def _along(table: Mapping[Term, Term | list[Term]]) -> Follow:
    find = table.get

    def follow(node: Term) -> Sequence[Term]:
        found = find(node)
        return () if found is None else found if type(found) is list else (found,)  # type: ignore[return-value]

    return follow


def _one_after_another(steps: Sequence[Follow]) -> Follow:
    def follow(node: Term) -> Sequence[Term]:
        found: Sequence[Term] = (node,)
        for step in steps:
            if len(found) == 1:
                found = step(found[0])
            elif found:
                found = list(dict.fromkeys([end for start in found for end in step(start)]))
        return found

    return follow


def _backward(path: Path, data: Index) -> Follow:
    """Return the function that gives the nodes from which a path leads to a node."""
    if path.predicate is not None:
        find = data.backward(path.predicate).get
        return lambda node: find(node, ())
    if path.operator == "^":
        return path.steps[0].follow(data)
    inverses = tuple(Path("^", (step,)) for step in path.steps)
    return Path(path.operator, inverses[::-1] if path.operator == "/" else inverses).follow(data)


def _closure(once: Follow, start: Iterable[Term]) -> list[Term]:
    """Return the nodes that are reached by a path any number of times."""
    found = dict.fromkeys(start)
    left = list(found)
    while left:
        for end in once(left.pop()):
            if end not in found:
                found[end] = None
                left.append(end)
    return list(found)


OPERATORS = {
    sh("inversePath"): "^",
    sh("alternativePath"): "|",
    sh("zeroOrMorePath"): "*",
    sh("oneOrMorePath"): "+",
    sh("zeroOrOnePath"): "?",
}


MOST_NESTED = 50


def read_path(shapes: Index, node: Term, depth: int = 0) -> Path:
    """Return the path that a node of a shapes graph is, or raise DataError."""
    if node == NIL:
        raise DataError("sh:path has an empty list; a sequence path has at least two steps")
    if isinstance(node, NamedNode):
        return Path("", predicate=node)
    if not isinstance(node, BlankNode):
        raise DataError(f"sh:path has {node}; a path is a predicate, or a blank node with sh:inversePath and the like")
    if depth > MOST_NESTED:
        raise DataError(f"the path leads back to itself, or is nested more than {MOST_NESTED} deep")
    items = shapes.items(node)
    if items is not None:
        return Path("/", _steps(shapes, items, "a sequence path", depth))
    given = [(operator, one) for name, operator in OPERATORS.items() for one in shapes.values(node, name)]
    if len(given) != 1:
        raise DataError("a blank node that is a path is a list, or has one of sh:inversePath, sh:alternativePath …")
    operator, inner = given[0]
    if operator == "|":
        return Path("|", _steps(shapes, shapes.items(inner), "sh:alternativePath", depth))
    return Path(operator, (read_path(shapes, inner, depth + 1),))


def _steps(shapes: Index, items: list[Term] | None, what: str, depth: int) -> tuple[Path, ...]:
    """Return the paths of a list."""
    if items is None or len(items) < 2:
        raise DataError(f"{what} needs a list of at least two paths")
    return tuple([read_path(shapes, item, depth + 1) for item in items])
