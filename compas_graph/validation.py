"""SHACL validation by pyshacl: the repository, or files of one's own, against our shapes."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compas_graph.bundle import Bundle, read_turtle
from compas_graph.errors import DataError, shorten
from compas_graph.namespaces import compact
from compas_graph.terms import rdflib_node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

__all__ = ["Finding", "Report", "context_files", "validate"]


class Finding(NamedTuple):
    """One violation: the shape that found it, how grave it is, where, and what rule was broken."""

    rule: str
    severity: str
    focus: str
    path: str
    value: str
    message: str


class Report(NamedTuple):
    """What a validation found, and over how many files and triples."""

    findings: tuple[Finding, ...]
    files: int
    triples: int

    @property
    def conforms(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings


def context_files(bundle: Bundle, files: Iterable[Path]) -> list[Path]:
    """Return the files of the bundle beside which `files` are checked: those that speak of other things.

    So an article is checked with the entities that it refers to, and a changed copy of a file
    stands in for the file of the bundle.
    """
    given = list(files)
    if not given:
        return []
    known = {path.resolve() for path in given}
    subjects = {triple.subject for path in given for triple in read_turtle(path)}
    others = [path for path, _ in bundle.graph_files() if path.resolve() not in known]
    return [path for path in others if subjects.isdisjoint(triple.subject for triple in read_turtle(path))]


def validate(bundle: Bundle, files: Iterable[Path] = ()) -> Report:
    """Return what our shapes find in `files`, or in the graph of the bundle where none are given.

    Files are checked together with the rest of the graph, but only what is found in them is told.
    """
    from pyparsing import ParseException
    from pyshacl import validate as pyshacl_validate
    from pyshacl.errors import ReportableRuntimeError
    from rdflib import Graph

    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # it logs ill-typed literals, which the shapes report
    given = sorted(set(files))
    paths = given or [path for path, _ in bundle.graph_files()]
    data, context, shapes = Graph(), Graph(), Graph()
    for path in paths:
        _read(data, path)
    triples = len(data)
    if not triples:
        raise DataError(f"{', '.join(map(str, paths))}: there are no triples to check")
    for path in (bundle.ontology / "compas.ttl", *context_files(bundle, given)):
        _read(context, path)
    _read(shapes, bundle.ontology / "shapes.ttl")
    try:
        _, report, _ = pyshacl_validate(data + context, shacl_graph=shapes, inplace=True)
    except (ParseException, ReportableRuntimeError, re.error) as error:
        what = shorten(str(getattr(error, "message", error)), 200)
        raise DataError(f"{bundle.ontology / 'shapes.ttl'}: cannot be applied: {what}") from error
    if not isinstance(report, Graph):
        raise DataError(f"{bundle.ontology / 'shapes.ttl'}: cannot be applied: {shorten(str(report), 200)}")
    foreign = set(context.subjects()) if given else set()
    return Report(tuple(_findings(report, foreign)), len(paths), triples)


def _read(graph: Graph, path: Path) -> None:
    """Add the triples of a Turtle file to a graph, read by the parser that names the place of a fault."""
    for triple in read_turtle(path):
        try:
            graph.add((rdflib_node(triple.subject), rdflib_node(triple.predicate), rdflib_node(triple.object)))
        except DataError as error:
            raise DataError(f"{path}: {error}") from error


def _findings(report: Graph, foreign: set[Node]) -> Iterable[Finding]:
    """Return the findings of a SHACL report in a stable order, but for those about `foreign` nodes."""
    from rdflib import RDF, SH, BNode, URIRef

    def text(node: Node | None) -> str:
        if node is None or isinstance(node, BNode):
            return ""
        return compact(str(node)) if isinstance(node, URIRef) else str(node)

    def finding(result: Node) -> Finding:
        def get(name: URIRef) -> Node | None:
            return report.value(result, name)

        return Finding(
            rule=str(get(SH.sourceShape)).rpartition("#")[2],
            severity=str(get(SH.resultSeverity)).rpartition("#")[2].lower(),
            focus=text(get(SH.focusNode)),
            path=_path(report, get(SH.resultPath)),
            value=text(get(SH.value)),
            message=str(get(SH.resultMessage)),
        )

    results = report.subjects(RDF.type, SH.ValidationResult)
    return sorted(finding(result) for result in results if report.value(result, SH.focusNode) not in foreign)


def _path(report: Graph, path: Node | None) -> str:
    """Return a SHACL path as SPARQL writes it."""
    from rdflib import RDF, SH, BNode
    from rdflib.collection import Collection

    if path is None:
        return ""
    if not isinstance(path, BNode):
        return compact(str(path))
    steps = report.value(path, SH.alternativePath)
    if steps is not None:
        return "|".join(_path(report, step) for step in Collection(report, steps))
    if report.value(path, RDF.first) is not None:
        return "/".join(_path(report, step) for step in Collection(report, path))
    for name, form in (
        (SH.inversePath, "^{}"),
        (SH.zeroOrMorePath, "{}*"),
        (SH.oneOrMorePath, "{}+"),
        (SH.zeroOrOnePath, "{}?"),
    ):
        inner = report.value(path, name)
        if inner is not None:
            return form.format(_path(report, inner))
    return ""
