"""What was put into a store, kept in the store: a graph that lists graphs with their digests.

Only graphs listed there are ever removed. A graph is listed before it is first touched.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from compas_graph.namespaces import BASE
from compas_graph.remote.client import Client

__all__ = ["LEDGER", "Entry", "entries", "forget", "is_ours", "listing", "staging_for"]

LEDGER = BASE + "loaded"
_STAGING = BASE + "loading/"
_FIELDS = ("state", "origin", "digest", "stored", "triples")


class Entry(NamedTuple):
    """A graph in the store: its state, where it came from, its digest, and that and the size of what the store keeps.

    The state is `loading` until the graph was read back and found right, then `loaded`; `staging` for
    a graph that only serves to make another.
    """

    graph: str
    state: str
    origin: str = ""
    digest: str = ""
    stored: str = ""
    triples: str = ""


def is_ours(graph: str) -> bool:
    """Return whether a name is one that the loader needs for itself."""
    return graph == LEDGER or graph.startswith(_STAGING)


def staging_for(graph: str) -> str:
    """Return the name of the graph in which another is made."""
    return _STAGING + hashlib.sha256(graph.encode()).hexdigest()[:20]


def entries(client: Client) -> dict[str, Entry]:
    """Return what a store says was put into it."""
    rows = client.select(f"SELECT ?graph ?field ?value WHERE {{ GRAPH <{LEDGER}> {{ ?graph ?field ?value }} }}")
    found: dict[str, dict[str, str]] = {}
    torn: set[str] = set()
    for row in rows:
        graph, field = row["graph"].value, row["field"].value.removeprefix(f"{LEDGER}#")
        fields = found.setdefault(graph, {})
        if field in fields:
            torn.add(graph)
        if field in _FIELDS:
            fields[field] = row["value"].value
    entries = (Entry(graph, **{"state": "loading", **fields}) for graph, fields in sorted(found.items()))
    return {one.graph: one._replace(state="loading") if one.graph in torn else one for one in entries}


def listing(*listed: Entry) -> str:
    """Return the update that lists graphs, in place of what was said of them.

    The new is said before the old is taken away: whatever happens between, the graphs are listed.
    """
    said = [
        (f"{NamedNode(entry.graph)} <{LEDGER}#{name}>", str(getattr(entry, name)))
        for entry in listed
        for name in _FIELDS
    ]
    new = "\n".join(f"{what} {Literal(value)} ." for what, value in said if value)
    rows = "\n".join(f"({what} {Literal(value)})" for what, value in said)
    return (
        f"INSERT DATA {{ GRAPH <{LEDGER}> {{ {new} }} }} ;\n"
        f"DELETE {{ GRAPH <{LEDGER}> {{ ?graph ?field ?value }} }} WHERE {{\n"
        f"VALUES (?graph ?field ?new) {{ {rows} }}\n"
        f"GRAPH <{LEDGER}> {{ ?graph ?field ?value }} FILTER(?value != ?new) }}"
    )


def forget(graph: str) -> str:
    """Return the update that takes a graph off the list."""
    return f"DELETE WHERE {{ GRAPH <{LEDGER}> {{ {NamedNode(graph)} ?field ?value }} }}"
