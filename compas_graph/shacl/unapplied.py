"""What a shapes graph says and nothing here applies: it is refused, as it would seem to hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode

from compas_graph.errors import Refusal
from compas_graph.shacl.definitions import Definition, parameters_in
from compas_graph.shacl.index import FIRST, SUBCLASS, TYPE, Index, Term
from compas_graph.shacl.model import Shape, shown
from compas_graph.shacl.parameters import read_flag
from compas_graph.shacl.paths import OPERATORS, sh
from compas_graph.shacl.vocabulary import SHACL, class_refusal, idle_words, judged, word_refusal

__all__ = ["Parts", "refusals", "without_effect"]

PARAMETERIZED = {"component": "ConstraintComponent", "function": "Function", "target type": "TargetType"}

Told: TypeAlias = tuple[Term, NamedNode, Term | None, str]
"""A node, its predicate, the value if that is at fault, and why it is refused, "" if it is not."""


class Parts:
    """What the nodes of a shapes graph are to its shapes: constraints, paths, rules and so on."""

    def __init__(self, graph: Index, shapes: Collection[Shape]) -> None:
        self.graph = graph
        self.of: dict[Term, set[str]] = {}
        self.refused: list[Told] = []
        """What is wrong beyond a word."""
        self.called: dict[Term, Term] = {}
        """The functions that node expressions call, each with a shape that leads there."""
        for shape in shapes:
            self._shape(shape.node)
        for part, kind in PARAMETERIZED.items():
            kinds = {kind, f"SPARQL{kind}"} if kind != "ConstraintComponent" else {kind}
            for node in {one for name in kinds for one in graph.instances(sh(name))}:
                self._parameterized(node, part)

    def functions(self) -> set[Term]:
        """Return the functions that the graph defines in SPARQL, as pyshacl finds them."""
        found = self.graph.backward(TYPE).get(sh("SPARQLFunction"), ())
        return {one for one in found if self._values(one, "select") or self._values(one, "ask")}

    def _values(self, node: Term, name: str) -> list[Term]:
        return list(self.graph.values(node, sh(name)))

    def _mark(self, node: Term, part: str) -> bool:
        """Note what a node is; tell whether that is new."""
        known = self.of.setdefault(node, set())
        new = part not in known
        known.add(part)
        return new

    def _shape(self, node: Term) -> None:
        self._mark(node, "shape")
        for one in self._values(node, "sparql"):
            if not read_flag(self.graph, one, "deactivated"):
                self._mark(one, "SPARQL constraint")
        for one in self._values(node, "path"):
            self._path(one)
        for one in self._values(node, "target"):
            self._target(node, one)
        for one in self._values(node, "rule"):
            if read_flag(self.graph, one, "deactivated"):
                continue
            self._mark(one, "rule")
            for name in ("subject", "predicate", "object"):
                for inner in self._values(one, name):
                    self._expression(node, inner)
        for one in self._values(node, "expression"):
            self._expression(node, one)

    def _path(self, node: Term) -> None:
        if not isinstance(node, BlankNode):
            return
        items = self.graph.items(node)
        if self._mark(node, "path"):
            for one in items or [one for operator in OPERATORS for one in self.graph.values(node, operator)]:
                self._path(one)

    def _target(self, shape: Term, node: Term) -> None:
        self._mark(node, "target")
        known = self.graph.backward(TYPE).get(sh("SPARQLTargetType"), ())
        types = [one for one in self.graph.values(node, TYPE) if one in known]
        typed = any(sh("Target") in self.graph.values(one, SUBCLASS) for one in types)
        if not (typed or self._values(node, "select") or self._values(node, "jsFunctionName")):
            self.refused.append((shape, sh("target"), node, f"sh:target has {shown(node)}, which has no sh:select"))

    def _expression(self, shape: Term, node: Term) -> None:
        if not isinstance(node, BlankNode) or not self._mark(node, "node expression"):
            return
        for name in ("union", "intersection"):
            for one in self._values(node, name):
                for item in self.graph.items(one) or ():
                    self._expression(shape, item)
        for one in self._values(node, "path"):
            self._path(one)
        for predicate in self.graph.predicates():
            for value in self.graph.values(node, predicate):
                if predicate.value.startswith(SHACL) or predicate in (TYPE, FIRST):
                    continue
                self.called[predicate] = shape
                if predicate not in self.functions():
                    why = f"a node expression calls {shown(predicate)}, which is no function that the shapes define"
                    self.refused.append((node, predicate, None, why))
                for item in self.graph.items(value) or ():
                    self._expression(shape, item)

    def _parameterized(self, node: Term, part: str) -> None:
        self._mark(node, part)
        for one in self._values(node, "parameter"):
            self._mark(one, "parameter")
        for name in ("validator", "nodeValidator", "propertyValidator"):
            for one in self._values(node, name):
                if self._values(one, "select") or self._values(one, "ask"):
                    self._mark(one, "validator")


def refusals(graph: Index, shapes: Mapping[Term, Shape], off: Collection[Term]) -> Iterator[Refusal]:
    """Yield what is refused in a shapes graph, but not of nodes that are `off`."""
    parts = Parts(graph, [shape for node, shape in shapes.items() if node not in off])
    return _told(graph, shapes, off, (*_words(graph, parts), *parts.refused))


def without_effect(
    graph: Index, shapes: Mapping[Term, Shape], off: Collection[Term], definitions: Collection[Definition]
) -> Iterator[Refusal]:
    """Yield the words of shapes that say nothing without another, which is not there, but not of nodes that are `off`.

    `definitions` are the constraint components that the graph defines itself.
    """
    return _told(graph, shapes, off, _incomplete(graph, shapes, definitions))


def _told(graph: Index, shapes: Mapping[Term, Shape], off: Collection[Term], told: Iterable[Told]) -> Iterator[Refusal]:
    for node, predicate, value, why in told:
        if why and node not in off:
            name = f"shape {shapes[node].name}" if node in shapes else shown(node)
            yield Refusal(why, name, node, predicate, value or graph.values(node, predicate)[0])


def _words(graph: Index, parts: Parts) -> Iterator[Told]:
    """Yield each word and class that is judged, wherever it stands."""
    for predicate in filter(judged, set(graph.predicates()) - parameters_in(graph)):
        for node in graph.table(predicate):
            yield node, predicate, None, word_refusal(predicate, parts.of.get(node, set()))
    for kind, nodes in graph.backward(TYPE).items():
        if isinstance(kind, NamedNode) and judged(kind) and not graph.values(kind, SUBCLASS):
            for node in nodes:
                yield node, TYPE, kind, class_refusal(kind)


def _incomplete(graph: Index, shapes: Iterable[Term], definitions: Collection[Definition]) -> Iterator[Told]:
    """Yield the words of shapes that say nothing without another, which is not there."""
    words = [one for one in graph.predicates() if one.value.startswith(SHACL)]
    for node in shapes:
        for word, why in idle_words({one.value.removeprefix(SHACL) for one in words if node in graph.table(one)}):
            yield node, sh(word), None, why
        applied = {p.predicate for one in definitions if not one.lacking(graph, node) for p in one.parameters}
        for one in definitions:
            given = [p.predicate for p in one.parameters if not p.optional and graph.values(node, p.predicate)]
            if (lacking := one.lacking(graph, node)) and set(given) - applied:
                yield node, given[0], None, f"{shown(given[0])} says nothing without {shown(lacking[0].predicate)}"
