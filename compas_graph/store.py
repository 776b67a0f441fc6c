"""An in-process store with the named graphs of a bundle, and how it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
)

from compas_graph.bundle import Bundle, read_data, turtle_fault
from compas_graph.files import address
from compas_graph.namespaces import PREFIXES

__all__ = ["COMPARISONS", "FACTS", "INFERENCES", "Readable", "iri", "load", "select"]

FACTS = NamedNode(PREFIXES["graph"] + "facts")
INFERENCES = NamedNode(PREFIXES["graph"] + "inferences")
COMPARISONS = NamedNode(PREFIXES["graph"] + "comparisons")


class Readable(Protocol):
    """What an answer needs of a store, in this process or elsewhere."""

    def query(
        self,
        /,
        query: str,
        *,
        prefixes: dict[str, str] | None = None,
        use_default_graph_as_union: bool = False,
        substitutions: dict[Variable, NamedNode | BlankNode | Literal | Triple] | None = None,
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Return the answer to a query."""

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        object: NamedNode | BlankNode | Literal | Triple | None,
        graph_name: NamedNode | BlankNode | None = None,
        /,
    ) -> Iterator[Quad]:
        """Return the quads that fit a pattern."""

    def __contains__(self, quad: Quad, /) -> bool:
        """Tell whether a quad is there."""


def load(bundle: Bundle, instead: Iterable[Path] = ()) -> Store:
    """Return a store that holds what the files of the bundle assert, one named graph a file.

    The files given `instead` stand for those of the bundle's graph.
    """
    store = Store()
    for path, name in bundle.files(instead):
        try:
            store.load(read_data(path), RdfFormat.TURTLE, base_iri=address(path), to_graph=NamedNode(name))
        except SyntaxError as error:
            raise turtle_fault(path, error) from error
    return store


def select(store: Readable, query: str) -> QuerySolutions:
    """Return the rows of a SELECT query over the union of all graphs; our prefixes need no declaration."""
    return cast(QuerySolutions, store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True))


def iri(prefixed: str) -> NamedNode:
    """Return the node that a prefixed name of ours stands for.

    >>> iri("cg:model").value
    'https://w3id.org/compas-graph/ontology#model'
    """
    prefix, _, local = prefixed.partition(":")
    return NamedNode(PREFIXES[prefix] + local)
