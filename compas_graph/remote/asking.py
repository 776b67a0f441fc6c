"""Asking in a store elsewhere: where it is, and a query of the user's own that is answered there."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import NamedNode, QueryTriples, Store

from compas_graph.errors import StoreError
from compas_graph.guard import check_query, engine, reads_dataset
from compas_graph.namespaces import PREFIXES, expand
from compas_graph.remote.client import Client, connect
from compas_graph.remote.credentials import check_address, credentials_for
from compas_graph.remote.reading import RemoteStore, open_remote
from compas_graph.remote.transport import Options, Transport
from compas_graph.sparql import check_format, whole, written

__all__ = ["Address", "answer_there", "client_of", "opened"]

PATIENCE, TRIES = 120.0, 3
"""How many seconds an answer is waited for, and how often a question is put."""


class Address(NamedTuple):
    """Where a store is, of what kind ('' to find it out), and the graphs to ask (none: those loaded there)."""

    url: str
    kind: str = ""
    graphs: tuple[str, ...] = ()


def opened(address: Address, patience: float = PATIENCE, *, whole: bool = True) -> RemoteStore:
    """Return the graph in a store; `whole` says that it is needed with all that is derived from it."""
    graphs = tuple(_graph(name) for name in address.graphs)
    return open_remote(client_of(address, patience), graphs, whole=whole)


def client_of(address: Address, patience: float = PATIENCE) -> Client:
    """Return a client of a store, which it has been asked for."""
    url = check_address(address.url)
    way = Transport(credentials_for(url), patience, TRIES, options=Options("--store-kind", ""))
    return connect(url, address.kind, transport=way)


def _graph(name: str) -> str:
    """Return the IRI of a graph that was named by it or by a prefixed name."""
    try:
        return NamedNode(expand(name) or name).value
    except ValueError as error:
        raise StoreError(f"--store-graph: '{name}' is not an IRI ({error})") from error


def answer_there(address: Address, text: str, name: str, form: str, width: int | None, seconds: float) -> str:
    """Return the answer of a store to a query of the user's own, in a format; `name` is what messages call the query.

    Only what is a query here is sent. One that says FROM itself is asked of what it says.
    """
    check_query(text, name)
    with engine(text, name):
        is_graph = isinstance(Store().query(text, prefixes=PREFIXES), QueryTriples)
    check_format(form, is_graph=is_graph)
    store = opened(address, seconds + 5, whole=False)
    if reads_dataset(text, name):
        store = RemoteStore(store.client, ())
    found = store.triples(text, PREFIXES) if is_graph else whole(store.query(text, prefixes=PREFIXES), form)
    return written(store, found, form, width)
