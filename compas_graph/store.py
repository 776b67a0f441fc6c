"""An in-process store with the named graphs of a bundle, and how it is asked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from compas_graph.bundle import Bundle, read_data, turtle_fault
from compas_graph.namespaces import PREFIXES

__all__ = ["COMPARISONS", "FACTS", "INFERENCES", "iri", "load", "select"]

FACTS = NamedNode(PREFIXES["graph"] + "facts")
INFERENCES = NamedNode(PREFIXES["graph"] + "inferences")
COMPARISONS = NamedNode(PREFIXES["graph"] + "comparisons")


def load(bundle: Bundle, instead: Iterable[Path] = ()) -> Store:
    """Return a store that holds what the files of the bundle assert, one named graph a file.

    The files given `instead` stand for those of the bundle's graph.
    """
    store = Store()
    for path, name in bundle.files(instead):
        try:
            store.load(read_data(path), RdfFormat.TURTLE, base_iri=path.absolute().as_uri(), to_graph=NamedNode(name))
        except SyntaxError as error:
            raise turtle_fault(path, error) from error
    return store


def select(store: Store, query: str) -> QuerySolutions:
    """Return the rows of a SELECT query over the union of all graphs; our prefixes need no declaration."""
    return cast(QuerySolutions, store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True))


def iri(prefixed: str) -> NamedNode:
    """Return the node that a prefixed name of ours stands for.

    >>> iri("cg:model").value
    'https://w3id.org/compas-graph/ontology#model'
    """
    prefix, _, local = prefixed.partition(":")
    return NamedNode(PREFIXES[prefix] + local)
