"""Asking in a store elsewhere: where it is, and a query of the user's own that is answered there."""

from __future__ import annotations

import re
from typing import NamedTuple

from pyoxigraph import NamedNode, QueryBoolean, QueryTriples, RdfFormat, Store, Triple, serialize

from compas_graph.errors import QueryError, StoreError
from compas_graph.guard import query_fault
from compas_graph.namespaces import PREFIXES, expand
from compas_graph.remote.client import Client, connect
from compas_graph.remote.credentials import check_address, credentials_for
from compas_graph.remote.reading import RemoteStore, open_remote, words
from compas_graph.remote.transport import Options, Transport
from compas_graph.results import of_solutions
from compas_graph.tables import FOR_GRAPHS, FOR_ROWS, FORMATS

__all__ = ["UNSURE", "Address", "answer_there", "client_of", "opened"]

PATIENCE, TRIES = 120.0, 3
"""How many seconds an answer is waited for, and how often a question is put."""

UNSURE = {
    "virtuoso": "Virtuoso may give other rows to some queries; 'compas-graph doctor URL --queries' tells which",
}
"""Kinds of store whose answers were seen to differ from those in this process."""


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
    try:
        is_graph = isinstance(Store().query(text, prefixes=PREFIXES), QueryTriples)
    except SyntaxError as error:
        raise query_fault(text, name, error) from error
    kind, others = ("a graph", FOR_GRAPHS) if is_graph else ("rows", FOR_ROWS)
    if form not in ("table", *others):
        raise QueryError(f"the answer is {kind}, which {form} cannot hold; choose one of {', '.join(others)}")
    store = opened(address, seconds + 5, whole=False)
    if "FROM" in words(text):
        store = RemoteStore(store.client, ())
    if is_graph:
        return _graph_text(store.triples(text, PREFIXES), FORMATS[form].graph)
    return _rows_text(store, text, form, width)


def _rows_text(store: RemoteStore, text: str, form: str, width: int | None) -> str:
    """Return rows, or yes or no, in a format."""
    found, chosen = store.query(text, prefixes=PREFIXES), FORMATS[form]
    if chosen.rows:
        return _ended((found.serialize(format=chosen.rows) or b"").decode())
    if isinstance(found, QueryBoolean):
        return "yes\n" if found else "no\n"
    rows = of_solutions(store, found)
    assert chosen.people
    return chosen.people([rows], width) if rows.rows else "no rows\n"


def _graph_text(found: list[Triple], form: RdfFormat | None) -> str:
    """Return triples in a format, Turtle unless one is given: in order, with only the prefixes that they use."""
    found = sorted(found, key=str)
    if form not in (None, RdfFormat.TURTLE):
        return _ended((serialize(found, format=form) or b"").decode())
    text = (serialize(found, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()
    lines = text.splitlines()
    body = [line for line in lines if not line.startswith("@prefix ")]
    used = set(re.findall(r"(?<![\w<\"])([a-z]+):", "\n".join(body)))
    head = sorted(line for line in lines if line.startswith("@prefix ") and line.split()[1].rstrip(":") in used)
    return "\n".join([*head, "", *body]) + "\n"


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"
