"""What a store can be trusted with, found by trying it."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from compas_graph.errors import StoreError
from compas_graph.remote.client import Client
from compas_graph.remote.ledger import LEDGER, Entry, forget, listing, staging_for
from compas_graph.remote.transport import Body

__all__ = ["check_list_is_kept", "put_is_atomic"]

PROBE = "https://w3id.org/compas-graph/graph/probe"
TRIPLE = b"<https://w3id.org/compas-graph/probe> <http://www.w3.org/2000/01/rdf-schema#label> "


def put_is_atomic(client: Client) -> bool:
    """Return whether a graph may be replaced by a PUT.

    Readers must never have been seen to get half a graph, which only tests of that kind of store can
    tell. That a PUT which fails leaves the old graph is tried here, with a graph of one triple.
    """
    if not client.kind.atomic or not client.graphs_url:
        return False
    probe = staging_for(PROBE)
    client.update(listing(Entry(probe, "staging")))
    client.update(f"INSERT DATA {{ GRAPH {NamedNode(probe)} {{ {TRIPLE.decode()} 'old' }} }}")
    broken = Body.of(TRIPLE + b'"new" .\n<broken', "application/n-triples")
    reply = client.transport.request("PUT", client.graph_url(probe), broken, expect=range(400, 600))
    kept = reply.status >= 400 and client.ask(f"ASK {{ GRAPH {NamedNode(probe)} {{ ?thing ?label 'old' }} }}")
    client.update(f"DROP SILENT GRAPH {NamedNode(probe)}")
    client.update(forget(probe))
    return kept


def check_list_is_kept(client: Client, entry: Entry) -> None:
    """List a graph, and raise StoreError if the store does not keep that: nothing else was touched yet."""
    client.update(listing(entry))
    node = NamedNode(entry.graph)
    if not client.ask(f"ASK {{ GRAPH <{LEDGER}> {{ {node} <{LEDGER}#state> {Literal(entry.state)} }} }}"):
        raise StoreError(
            f"{client.update_url}: takes updates, but {client.query_url} does not show them; "
            "are these two of one store? (nothing was loaded)"
        )
