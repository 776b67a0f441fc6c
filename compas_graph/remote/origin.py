"""What is to be put into a store: the graphs of a bundle, or those in files of the user's own."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, parse

from compas_graph import files
from compas_graph.bundle import Bundle, read_turtle
from compas_graph.errors import DataError, shown
from compas_graph.file_formats import format_of, parser_fault
from compas_graph.namespaces import PREFIXES
from compas_graph.store import COMPARISONS, FACTS, INFERENCES

__all__ = ["DERIVED", "ONTOLOGY", "bundle_quads", "file_quads"]

DERIVED = {
    "asserted": (),
    "facts": (FACTS, COMPARISONS),
    "inferences": (FACTS, COMPARISONS, INFERENCES),
}
"""Which derived graphs go with the asserted ones."""

ONTOLOGY = PREFIXES["graph"] + "ontology"


def bundle_quads(bundle: Bundle, store: Store, derived: Iterable[NamedNode], *, schema: bool) -> Iterator[Quad]:
    """Yield the graphs of a bundle, literals as its files write them, and the derived ones of its `store`.

    What the store leaves out (withdrawn claims) is left out. `schema` says whether the ontology, the
    shapes and the alignments are wanted.
    """
    for path, name in bundle.files():
        if name != ONTOLOGY:
            graph = NamedNode(name)
            yield from _left([Quad(q.subject, q.predicate, q.object, graph) for q in read_turtle(path)], store)
    for name in ("compas", "shapes", "alignments") if schema else ():
        path = bundle.ontology / f"{name}.ttl"
        if files.is_file(path):
            graph = NamedNode(ONTOLOGY if name == "compas" else PREFIXES["graph"] + name)
            yield from (Quad(q.subject, q.predicate, q.object, graph) for q in read_turtle(path))
    for graph in derived:
        yield from store.quads_for_pattern(None, None, None, graph)


def _left(quads: list[Quad], store: Store) -> Iterator[Quad]:
    """Yield those quads of a file that a store still has; a blank node goes with whatever it belongs to."""
    gone: set[object] = set()
    for quad in quads:
        if isinstance(quad.object, BlankNode) and not isinstance(quad.subject, BlankNode):
            beside = store.quads_for_pattern(quad.subject, quad.predicate, None, quad.graph_name)
            if not any(isinstance(one.object, BlankNode) for one in beside):
                gone.add(quad.object)
    while (
        below := {quad.object for quad in quads if quad.subject in gone and isinstance(quad.object, BlankNode)} - gone
    ):
        gone |= below
    for quad in quads:
        if quad in store if not _has_blank(quad) else quad.subject not in gone and quad.object not in gone:
            yield quad


def file_quads(paths: Iterable[Path], graph: str = "") -> Iterator[Quad]:
    """Yield what is in files, as it is read; triples in no graph go to the one named."""
    for path in paths:
        form = format_of(path)
        with files.opened(path) as file:
            if file.read(len(BOM_UTF8)) != BOM_UTF8:
                file.seek(0)
            try:
                for quad in parse(file, form, base_iri=files.address(path), rename_blank_nodes=True):
                    yield _placed(quad, path, graph) if isinstance(quad.graph_name, DefaultGraph) else quad
            except SyntaxError as error:
                raise parser_fault(shown(path), form, error) from error


def _placed(quad: Quad, path: Path, graph: str) -> Quad:
    """Return a triple in the graph that was named for those in none."""
    if not graph:
        raise DataError(f"{shown(path)}: has triples that are in no named graph; name one for them with --graph IRI")
    return Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph))


def _has_blank(quad: Quad) -> bool:
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
