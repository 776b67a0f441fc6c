"""Replacing one graph whole or not at all, in the way that its store allows.

- `change`: where few triples differ, one update takes those away and adds these.
- `put`: where a PUT is all or nothing for readers.
- `staging`: elsewhere the graph is made under another name, verified there, and copied by one update.

Whichever it is, the graph is read back and its digest compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from pyoxigraph import NamedNode

from compas_graph.errors import StoreError
from compas_graph.remote.canonical import Canonical
from compas_graph.remote.client import Client
from compas_graph.remote.differences import Differences, differences, only_in_one
from compas_graph.remote.ledger import Entry, forget, listing, staging_for

__all__ = ["Replaced", "Watch", "replace"]

Watch = Callable[[int], None]
"""What is told how many bytes were sent."""

UPDATE_MOST = 4 * 1024 * 1024
"""How many bytes one update of a batch may have."""


class Replaced(NamedTuple):
    """How a graph was replaced: the way, the digest and size of what the store keeps, what it changed of the terms.

    With `refused` the store could not keep the graph, and what was there before is there again.
    """

    way: str
    stored: str
    triples: int
    changed: Differences | None = None
    refused: bool = False


def replace(client: Client, content: Canonical, atomic: bool, watch: Watch) -> Replaced:
    """Return how the graph in a store was replaced by its new content, or raise StoreError."""
    graph = content.graph
    old = client.read(graph) if client.has(graph) else None
    if old and old.digest == content.digest:
        return Replaced("there", content.digest, content.triples)
    changes = _changes(client, old, content)
    if old and changes:
        client.update(_change(graph, *changes))
        return _verified(client, "change", content, lambda: client.update(_change(graph, *changes[::-1])))
    if atomic:
        client.put(graph, content, over=old is not None or content.blank, watch=watch)
        return _verified(client, "put", content, lambda: _put_back(client, graph, old))
    return _staged(client, content, old, watch)


def _verified(client: Client, way: str, content: Canonical, undo: Callable[[], None]) -> Replaced:
    """Return how a graph was replaced after reading it back; what is not the same in value is undone."""
    found, changed = _compare(client, content.graph, content)
    if changed is None or changed.harmless:
        return Replaced(way, found.digest, found.triples, changed)
    undo()
    return Replaced(way, found.digest, found.triples, changed, refused=True)


def _compare(client: Client, graph: str, content: Canonical) -> tuple[Canonical, Differences | None]:
    """Return what a graph is in the store, and how it differs from its content."""
    found = client.read(graph)
    return found, None if found.digest == content.digest else differences(content, found)


def _changes(client: Client, old: Canonical | None, new: Canonical) -> tuple[list[bytes], list[bytes]] | None:
    """Return which lines to take away and which to add, if they are few enough for one update."""
    if old is None or old.blank or new.blank:
        return None
    lines = list(islice(only_in_one(old, new), client.kind.changes + 1))
    if len(lines) > client.kind.changes:
        return None
    return [line for first, line in lines if first], [line for first, line in lines if not first]


def _change(graph: str, away: list[bytes], to_add: list[bytes]) -> str:
    """Return the update that takes some triples of a graph away and adds others."""
    parts = (("DELETE", away), ("INSERT", to_add))
    return " ;\n".join(_data(word, graph, lines) for word, lines in parts if lines)


def _data(word: str, graph: str, lines: list[bytes]) -> str:
    return f"{word} DATA {{ GRAPH {NamedNode(graph)} {{\n{b''.join(lines).decode()}}} }}"


def _put_back(client: Client, graph: str, old: Canonical | None) -> None:
    """Put the old graph back, or take away what was put where there was none."""
    if old is None:
        client.update(f"DROP SILENT GRAPH {NamedNode(graph)}")
    else:
        client.put(graph, old)


def _staged(client: Client, content: Canonical, old: Canonical | None, watch: Watch) -> Replaced:
    """Return how a graph was replaced by way of a staging graph that is verified before it is copied."""
    graph, staging = content.graph, staging_for(content.graph)
    client.update(listing(Entry(staging, "staging")))
    client.update(f"DROP SILENT GRAPH {NamedNode(staging)}")
    _send(client, staging, content, watch)
    found, changed = _compare(client, staging, content)
    if changed is None or changed.harmless:
        client.update(f"COPY {NamedNode(staging)} TO {NamedNode(graph)}")
        arrived, _ = _compare(client, graph, content)
        if arrived.digest != found.digest:
            raise StoreError(
                f"{client.update_url}: copying {staging} to {graph} ended with another graph; run this again to mend it"
            )
    client.update(f"DROP SILENT GRAPH {NamedNode(staging)}")
    client.update(forget(staging))
    refused = changed is not None and not changed.harmless
    return Replaced("staging", found.digest, found.triples, changed, refused)


def _send(client: Client, graph: str, content: Canonical, watch: Watch) -> None:
    """Send a graph to a name that nobody reads yet: by the graph store, or in bounded batches."""
    if client.graphs_url and (content.blank or not client.kind.batched):
        client.put(graph, content, watch=watch)
        return
    if content.blank:  # nodes are one only within one request
        client.update(_data("INSERT", graph, list(content.lines())), again=False)
        return
    sent = 0
    for lines in _batches(content, client.kind.batch):
        client.update(_data("INSERT", graph, lines))
        sent += sum(map(len, lines))
        watch(sent)


def _batches(content: Canonical, most: int) -> Iterator[list[bytes]]:
    """Yield the lines of a graph, so many at a time as one update may have."""
    batch: list[bytes] = []
    size = 0
    for line in content.lines():
        if len(batch) == most or (batch and size + len(line) > UPDATE_MOST):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch
