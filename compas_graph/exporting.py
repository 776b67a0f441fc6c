"""The graph as files for those who load it by hand, the same bytes on every run.

Everything is sorted. Blank nodes have the names of RDFC-1.0, over all graphs together in one document,
over its own graph in a file a graph: they need no registry, stay blank nodes, and make the N-Quads the
canonical form, so that its SHA-256 is the dataset's digest to any tool that implements the standard.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Triple

from compas_graph import files, outputs
from compas_graph.errors import DataError, MissingFileError, shown
from compas_graph.namespaces import PREFIXES
from compas_graph.turtle import TYPE, Terms, blocks, headed

__all__ = ["DOCUMENTS", "Export", "export_document", "export_files", "write_file", "write_folder"]

XSD = PREFIXES["xsd"]
MANIFEST = "graphs.tsv"
COLUMNS = "file\tgraph\ttriples\tsha256"


class Export(NamedTuple):
    """What is to be written, a document or files by their names, and how much it holds."""

    files: dict[str, bytes]
    graphs: int
    triples: int


def export_document(quads: Iterable[Quad], form: str) -> Export:
    """Return all graphs as one document, named '', in one of the formats of DOCUMENTS, or raise DataError."""
    found = _canonical(quads)
    return Export({"": DOCUMENTS[form](found).encode()}, len({quad.graph_name for quad in found}), len(found))


def export_files(quads: Iterable[Quad]) -> Export:
    """Return a Turtle file for each graph, and what says which graph each file is, or raise DataError.

    The manifest says it for people and scripts; a `.graph` file beside each for Virtuoso's bulk loader,
    which wants the IRI and not even a line break. A file is called as its graph is, escapes and all.
    """
    files, rows, triples = {}, [COLUMNS], 0
    for graph, group in groupby(sorted(quads, key=_graph_of), _graph_of):
        found = _canonical(group)
        name = graph.removeprefix(PREFIXES["graph"]) + ".ttl"
        files[name] = _turtle_document(found).encode()
        files[name + ".graph"] = graph.encode()
        rows.append(f"{name}\t{graph}\t{len(found)}\t{hashlib.sha256(files[name]).hexdigest()}")
        triples += len(found)
    return Export(files | {MANIFEST: ("\n".join(rows) + "\n").encode()}, len(rows) - 1, triples)


def _graph_of(quad: Quad) -> str:
    assert isinstance(quad.graph_name, NamedNode), "every graph of a bundle has a name"
    return quad.graph_name.value


def _canonical(quads: Iterable[Quad]) -> list[Quad]:
    """Return quads with their blank nodes named by RDFC-1.0, each once, in order of graph, subject and so on."""
    dataset = Dataset(quads)
    for quad in dataset:
        if isinstance(quad.object, Triple) or (isinstance(quad.object, Literal) and quad.object.direction):
            raise DataError(
                f"{_graph_of(quad)}: has a triple term or a text direction, which are of RDF 1.2 and which few stores "
                f"take; put {quad.predicate} in terms of RDF 1.1"
            )
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=_place)


def _place(quad: Quad) -> tuple[str, str, bool, str, str]:
    """Return what a quad is sorted by; a type comes first of what is said of a thing."""
    predicate = quad.predicate.value
    return _graph_of(quad), str(quad.subject), predicate != TYPE, predicate, str(quad.object)


def _terms(quads: Iterable[Quad]) -> Terms:
    """Return what writes the terms of quads.

    A prefix that is also the scheme of an IRI is not used: JSON-LD would take the one for the other.
    """
    return Terms({iri.partition(":")[0] for quad in quads for iri in _iris(quad)})


def _iris(quad: Quad) -> Iterator[str]:
    """Yield the IRIs that a quad is written with."""
    for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value


def _nquads(quads: list[Quad]) -> str:
    """Return canonical N-Quads: sorted as lines, by code point."""
    return "".join(sorted(f"{quad} .\n" for quad in quads))


def _turtle_document(quads: list[Quad]) -> str:
    """Return the triples of one graph as Turtle."""
    terms = _terms(quads)
    return headed(terms, blocks(quads, terms))


def _trig(quads: list[Quad]) -> str:
    """Return graphs as TriG."""
    terms = _terms(quads)
    parts = []
    for graph, group in groupby(quads, _graph_of):
        parts.append(f"{terms.name(graph)} {{\n" + "\n".join(blocks(group, terms, "    ")) + "}\n")
    return headed(terms, parts)


def _jsonld(quads: list[Quad]) -> str:
    """Return graphs as JSON-LD 1.1, every value as text with its type, since numbers of JSON lose their form."""
    terms = _terms(quads)
    graphs = [
        {"@id": _name(terms, graph), "@graph": [*_nodes(group, terms)]} for graph, group in groupby(quads, _graph_of)
    ]
    document = {"@context": terms.prefixes(), "@graph": graphs}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _nodes(quads: Iterable[Quad], terms: Terms) -> Iterator[dict[str, Any]]:
    """Yield the node object of each thing; the quads are sorted."""
    for _, about in groupby(quads, lambda quad: quad.subject):
        node: dict[str, Any] = {}
        for quad in about:
            node.setdefault("@id", _reference(quad.subject, terms))
            if quad.predicate.value == TYPE and not isinstance(quad.object, Literal):
                node.setdefault("@type", []).append(_reference(quad.object, terms))
            else:
                node.setdefault(_name(terms, quad.predicate.value), []).append(_value(quad.object, terms))
        yield node


def _name(terms: Terms, iri: str) -> str:
    return terms.name(iri).removeprefix("<").removesuffix(">")


def _reference(term: NamedNode | BlankNode | Triple, terms: Terms) -> str:
    return _name(terms, term.value) if isinstance(term, NamedNode) else str(term)


def _value(term: NamedNode | BlankNode | Literal | Triple, terms: Terms) -> str | dict[str, str]:
    """Return what stands for a term as a value in JSON-LD."""
    if not isinstance(term, Literal):
        return {"@id": _reference(term, terms)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    datatype = term.datatype.value
    return term.value if datatype == XSD + "string" else {"@value": term.value, "@type": _name(terms, datatype)}


DOCUMENTS: Mapping[str, Callable[[list[Quad]], str]] = {"trig": _trig, "nquads": _nquads, "jsonld": _jsonld}


def write_file(data: bytes, path: Path) -> None:
    """Write a file, all or nothing, or raise DataError."""
    if files.is_folder(path):
        raise DataError(f"{shown(path)}: is a folder; name a file, or take --format turtle, which writes a folder")
    outputs.write_file(path, data)


def write_folder(content: Mapping[str, bytes], path: Path) -> None:
    """Write a folder of files, all or nothing, or raise DataError; one that holds more than an export is refused."""
    _refuse_others(path)
    outputs.exchange_folder(path, content)


def _refuse_others(path: Path) -> None:
    """Refuse a place that holds what no export wrote, or in which the user stands."""
    try:
        found = files.kind(path)
    except MissingFileError:
        return
    if found != "folder":
        raise DataError(f"{shown(path)}: is not a folder; --format turtle writes a folder with a file for each graph")
    here = files.here()
    if here and here.is_relative_to(files.real(path)):
        raise DataError(f"{shown(path)}: you are in this folder, so it cannot be exchanged; name another")
    for name in sorted(set(_names_in(path)) - _listed(path / MANIFEST)):
        raise DataError(f"{shown(path)}: holds {name}, which no export wrote; name a new folder, or an empty one")


def _names_in(folder: Path) -> Iterator[str]:
    """Yield the names of the files in a folder and below, of links, and of folders that hold nothing."""
    for place, folders, names in files.walk(folder):
        if place != folder and not folders and not names:
            yield place.relative_to(folder).as_posix()
        for name in (*names, *(name for name in folders if (place / name).is_symlink())):
            yield (place / name).relative_to(folder).as_posix()


def _listed(manifest: Path) -> set[str]:
    """Return the names of the files that an export wrote beside its manifest, and the manifest's own."""
    lines: list[str] = []
    with suppress(DataError):
        lines = files.read_text(manifest).removesuffix("\n").split("\n")
    names = {row.partition("\t")[0] for row in lines[1:]} if lines[:1] == [COLUMNS] else set()
    return {MANIFEST, *names, *(f"{name}.graph" for name in names)} if names else set()
