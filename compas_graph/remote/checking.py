"""Validation inside a store elsewhere: what its graphs hold is checked there, and only violations come back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from pyoxigraph import QuerySolutions, Triple

from compas_graph.namespaces import PREFIXES
from compas_graph.remote.client import Client
from compas_graph.remote.ledger import entries
from compas_graph.remote.reading import SCHEMA, RemoteStore, graphs_in
from compas_graph.shacl.compiled import CLASSES, questions, results_of
from compas_graph.shacl.index import SUBCLASS, Index, Term
from compas_graph.shacl.model import Shapes
from compas_graph.shacl.results import Result

__all__ = ["asserted_in", "remote_results"]

DERIVED = frozenset(PREFIXES["graph"] + name for name in ("facts", "inferences", "comparisons"))


def asserted_in(client: Client) -> tuple[str, ...]:
    """Return the graphs in a store that a check looks at: all that were loaded, from FILES too, but none derived."""
    listed = [entry.graph for entry in entries(client).values() if entry.state != "staging"]
    return tuple(sorted(set(listed or graphs_in(client)) - SCHEMA - DERIVED))


def remote_results(client: Client, graphs: Iterable[str], shapes: Shapes) -> list[Result]:
    """Return the results of validating the union of some graphs in a store, in a stable order.

    They are those of the engine in this process, except that a literal is as the store keeps it and that
    a blank node has a name only within one answer. UnsupportedShapesError if no query can tell some of them.
    """
    store = RemoteStore(client, tuple(graphs))
    pairs = cast(QuerySolutions, store.query(CLASSES))
    classes = Index(Triple(row["lower"], SUBCLASS, row["upper"]) for row in pairs)
    found: dict[Result, None] = {}
    for question in questions(shapes, classes, plain=client.kind.plain):
        found.update(dict.fromkeys(results_of(question, _rows(store, question.text))))
    return sorted(found, key=Result.key)


def _rows(store: RemoteStore, query: str) -> list[dict[str, Term]]:
    """Return the rows of a query, each with what is bound in it."""
    rows = cast(QuerySolutions, store.query(query))
    names = [variable.value for variable in rows.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in rows]
