"""pyshacl as an engine: the reference that our own must agree with, and what takes over where ours cannot go."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from compas_graph.errors import DataError, shorten
from compas_graph.shacl.handover import handed_over, refuse_unknown
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.model import Component, Constraint, Shape, Shapes
from compas_graph.shacl.paths import Path, read_path, sh
from compas_graph.shacl.results import Result
from compas_graph.terms import rdflib_node

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = ["result_of", "results_of", "run", "to_rdflib", "validate"]


def validate(data: Index, shapes: Shapes) -> list[Result]:
    """Return the results of pyshacl, in the form of our engine's."""
    return run(to_rdflib(data), shapes)


def run(graph: Graph, shapes: Shapes) -> list[Result]:
    """Return the results of pyshacl for data that are in a graph of rdflib's already."""
    from pyshacl import validate as pyshacl_validate
    from rdflib import Graph

    refuse_unknown(shapes)
    given = handed_over(to_rdflib(shapes.graph), shapes)
    extended = bool(shapes.unsupported)  # the extensions of "SHACL Advanced Features" among them
    try:
        with _unlogged():
            _, report, _ = pyshacl_validate(graph, shacl_graph=given, inplace=True, advanced=extended)
    except Exception as error:  # pyshacl and rdflib raise errors of some twenty classes, Exception itself among them
        said = str(getattr(error, "message", error)) or type(error).__name__
        raise DataError(f"pyshacl: {shorten(said, 200)}") from error
    if not isinstance(report, Graph):
        raise DataError(f"pyshacl: {shorten(str(report), 200)}")
    return results_of(Index(_triples(report)), shapes)


@contextmanager
def _unlogged() -> Iterator[None]:
    """Let nothing be logged meanwhile: what pyshacl logs it raises, too, or says in its report."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)


def to_rdflib(index: Index) -> Graph:
    """Return the triples as a graph of rdflib's."""
    from rdflib import Graph

    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # it logs ill-typed literals, which are results here
    graph = Graph(bind_namespaces="none")
    for one in index:
        graph.add((rdflib_node(one.subject), rdflib_node(one.predicate), rdflib_node(one.object)))
    return graph


def _triples(graph: Graph) -> Any:
    from pyoxigraph import Triple

    return (Triple(_node(s), _node(p), _node(o)) for s, p, o in graph)  # type: ignore[arg-type]  # rdflib's are such


def _node(node: Any) -> Term:
    """Return an rdflib node as one of pyoxigraph."""
    from rdflib import BNode, URIRef

    if isinstance(node, URIRef):
        return NamedNode(str(node))
    if isinstance(node, BNode):
        return BlankNode(str(node))
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))


def results_of(report: Index, shapes: Shapes) -> list[Result]:
    """Return the results that stand in a report graph, in a stable order.

    The graph also holds what describes blank nodes of the data, which may be reports, too: nothing refers to its own.
    """
    inner = {one.object for one in report}
    results = {
        result_of(report, node, shapes)
        for top in report.instances(sh("ValidationReport"))
        if top not in inner
        for node in report.values(top, sh("result"))
    }
    return sorted(results, key=Result.key)


def _path(report: Index, node: Term, shape: Shape) -> Path | None:
    """Return the path of a result: as the report has it, else the shape's, since pyshacl writes some paths wrongly."""
    path = report.value(node, sh("resultPath"))
    try:
        return None if path is None else read_path(report, path)
    except DataError:
        return shape.path


def result_of(report: Index, node: Term, shapes: Shapes) -> Result:
    """Return the result that a node of a report graph is."""
    source = report.value(node, sh("sourceShape"))
    component = report.value(node, sh("sourceConstraintComponent"))
    severity = report.value(node, sh("resultSeverity"))
    focus = report.value(node, sh("focusNode"))
    assert source is not None and focus is not None
    assert isinstance(component, NamedNode) and isinstance(severity, NamedNode)
    shape = shapes.by_node.get(source) or Shape(source, severity=severity)
    same = [one for one in shape.constraints if one.component.iri == component]
    said = tuple(one for one in report.values(node, sh("resultMessage")) if isinstance(one, Literal))
    constraint = same[0] if len(same) == 1 else Constraint(_unknown(component), (), said)
    if severity != shape.severity:
        shape = Shape(source, shape.path, severity, shape.messages)
    return Result(
        focus,
        _path(report, node, shape),
        report.value(node, sh("value")),
        shape,
        constraint,
    )


@cache
def _unknown(iri: NamedNode) -> Component:
    """Return a component of which we know only the name: no shape of ours has one constraint of it."""
    return Component("", iri, read=lambda given: None, check=None, words=lambda name: "")
