"""What pyshacl is given: shapes that it sees as such, and queries that it can run.

It passes over shapes whose kind is not stated, and rdflib takes a function that it does not know for one that has
no value: what neither would apply is refused before it seems to hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from compas_graph.errors import DataError, shorten, together
from compas_graph.shacl.binding import mentions
from compas_graph.shacl.definitions import components_in
from compas_graph.shacl.index import TYPE, Index, Term
from compas_graph.shacl.model import Shapes, shown
from compas_graph.shacl.parameters import read_flag
from compas_graph.shacl.paths import sh
from compas_graph.shacl.queries import prefixes_of
from compas_graph.shacl.unapplied import Parts
from compas_graph.shacl.vocabulary import SHACL
from compas_graph.terms import rdflib_node

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = ["handed_over", "refuse_unknown"]

TEXTS = ("select", "ask", "construct")
ELSEWHERE = ("SERVICE", "FROM", "GRAPH")
"""The words of a query that lead out of the data as they are checked."""


def handed_over(graph: Graph, shapes: Shapes) -> Graph:
    """Return a shapes graph of rdflib's with the kind of each shape stated, and without what is to have no effect."""
    for node, shape in shapes.by_node.items():
        kind = sh("PropertyShape" if shape.path else "NodeShape")
        graph.add((rdflib_node(node), rdflib_node(TYPE), rdflib_node(kind)))
        if node in shapes.off:
            graph.remove((rdflib_node(node), rdflib_node(sh("rule")), None))
    for one in shapes.without_effect:
        graph.remove((rdflib_node(one.node), rdflib_node(one.predicate), None))
    return graph


def refuse_unknown(shapes: Shapes) -> None:
    """Raise DataError for constraints that pyshacl does not know, and for queries that it would not run as is meant."""
    if said := [*_unknown(shapes), *_faulty(shapes)]:
        raise DataError(*together(sorted(said)))


def _unknown(shapes: Shapes) -> Iterator[tuple[str, str]]:
    from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS

    known = {str(one) for one in ALL_CONSTRAINT_PARAMETERS}
    for node, shape in shapes.by_node.items():
        for one in shape.constraints if node not in shapes.off else ():
            if one.component.iri.value.startswith(SHACL) and sh(one.kind).value not in known:
                yield f"shape {shape.name}", f"pyshacl, which takes over here, does not know sh:{one.kind}"


def _faulty(shapes: Shapes) -> Iterator[tuple[str, str]]:
    graph = shapes.graph
    functions = Parts(graph, ()).functions()
    seen: set[Term] = set()
    left = list(_queries(shapes))
    while left:
        name, node = left.pop()
        if node in seen:
            continue
        seen.add(node)
        for text in (one.value for word in TEXTS for one in graph.values(node, sh(word)) if isinstance(one, Literal)):
            yield from (
                (name, f"the query uses {word}, which is not followed") for word in ELSEWHERE if _says(text, word)
            )
            try:
                called = _called(text, prefixes_of(graph, node))
            except Exception as error:  # rdflib raises errors of many classes, Exception itself among them
                yield name, f"the query cannot be run: {shorten(str(error), 120)}"
                continue
            for one in called:
                if one in functions:
                    left.append((name, one))
                else:
                    yield name, f"the query calls {shown(one)}, which is no function that the shapes define"


def _says(text: str, word: str) -> bool:
    return mentions(text, {word}) and not (word == "GRAPH" and mentions(text, {"$shapesGraph"}))


def _queries(shapes: Shapes) -> Iterator[tuple[str, Term]]:
    """Yield each node that may have a query, with the name of the shape that uses it."""
    graph = shapes.graph
    validators = list(_validators(graph))
    applied = {node: one for node, one in shapes.by_node.items() if node not in shapes.off}
    for node, shape in applied.items():
        name = f"shape {shape.name}"
        for word in ("sparql", "target", "rule"):
            for one in graph.values(node, sh(word)):
                if word != "target" and read_flag(graph, one, "deactivated"):
                    continue
                yield name, one
                for kind in graph.values(one, TYPE):  # a type of targets
                    yield name, kind
        for parameter, validator in validators:
            if graph.values(node, parameter):
                yield name, validator
    for function, node in Parts(graph, applied.values()).called.items():
        yield f"shape {applied[node].name}", function


def _validators(graph: Index) -> Iterator[tuple[NamedNode, Term]]:
    """Yield the validators of constraint components, each with every parameter of its component."""
    for component in components_in(graph):
        parameters = [
            path for one in graph.values(component, sh("parameter")) for path in graph.values(one, sh("path"))
        ]
        for word in ("validator", "nodeValidator", "propertyValidator"):
            for one in graph.values(component, sh(word)):
                yield from ((path, one) for path in parameters if isinstance(path, NamedNode))


def _called(text: str, prefixes: str) -> list[NamedNode]:
    """Return the functions that a query calls and rdflib does not know, or raise what rdflib does of a faulty one."""
    from rdflib.plugins.sparql import prepareQuery
    from rdflib.plugins.sparql.operators import _CUSTOM_FUNCTIONS

    try:
        prepared = prepareQuery(prefixes + text.replace("$PATH", "<urn:compas-graph:path>"))
    except Exception:  # in a node shape $PATH is a variable
        prepared = prepareQuery(prefixes + text)
    found = {one.iri for one in _parts(prepared.algebra) if getattr(one, "name", "") == "Function"}
    return [NamedNode(str(one)) for one in found if one not in _CUSTOM_FUNCTIONS]


def _parts(algebra: Any) -> Iterator[Any]:
    """Yield all that a query of rdflib's is made of."""
    if isinstance(algebra, dict):
        yield algebra
        algebra = algebra.values()
    if not isinstance(algebra, str) and hasattr(algebra, "__iter__"):
        for one in algebra:
            yield from _parts(one)
