"""SHACL validation by pyshacl: the repository, or files of one's own, against our shapes."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compas_graph.bundle import Bundle, read_turtle
from compas_graph.errors import DataError
from compas_graph.namespaces import compact
from compas_graph.terms import rdflib_node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

__all__ = ["Finding", "Report", "validate"]


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


def validate(bundle: Bundle, files: Iterable[Path] = ()) -> Report:
    """Return what our shapes find in `files`, or in the graph of the bundle where none are given."""
    from pyshacl import validate as pyshacl_validate
    from rdflib import Graph

    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # it logs ill-typed literals, which the shapes report
    paths = sorted(files) or [path for path, _ in bundle.graph_files()]
    data = Graph()
    for path in paths:
        _read(data, path)
    triples = len(data)
    if not triples:
        raise DataError(f"{', '.join(map(str, paths))}: there are no triples to check")
    _read(data, bundle.ontology / "compas.ttl")  # its classes and concepts are part of what is checked
    shapes = Graph()
    _read(shapes, bundle.ontology / "shapes.ttl")
    _, report, _ = pyshacl_validate(data, shacl_graph=shapes, inplace=True)
    if not isinstance(report, Graph):
        raise DataError(f"the check could not be run: {report}")
    return Report(tuple(_findings(report)), len(paths), triples)


def _read(graph: Graph, path: Path) -> None:
    """Add the triples of a Turtle file to a graph, read by the parser that names the place of a fault."""
    for triple in read_turtle(path):
        graph.add((rdflib_node(triple.subject), rdflib_node(triple.predicate), rdflib_node(triple.object)))


def _findings(report: Graph) -> Iterable[Finding]:
    """Return the findings of a SHACL report, in a stable order."""
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

    return sorted(finding(result) for result in report.subjects(RDF.type, SH.ValidationResult))


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
