"""Many small graphs put into a store at once, where there are none of their names yet.

A store takes as long for a request as for some hundred triples: graphs of that size go together, in
one request which is all or nothing, and are read back together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from compas_graph.remote.canonical import Canonical
from compas_graph.remote.client import MANY, Client

__all__ = ["add", "groups"]

SMALL, TOGETHER = 2_000, 40_000
"""How many triples a graph has at most that goes together with others, and how many all of them have."""


def groups(graphs: Iterable[Canonical]) -> Iterator[list[Canonical]]:
    """Yield those graphs that are small and without blank nodes, as many together as go into one request."""
    group: list[Canonical] = []
    size = 0
    for graph in graphs:
        if graph.blank or graph.triples > SMALL:
            continue
        if group and (size + graph.triples > TOGETHER or len(group) == MANY):
            yield group
            group, size = [], 0
        group.append(graph)
        size += graph.triples
    if group:
        yield group


def add(client: Client, graphs: list[Canonical]) -> set[str]:
    """Put graphs into a store that has none of these names; return those read back without any difference.

    The others are taken away again.
    """
    client.add_together(graphs)
    found = client.digests(graph.graph for graph in graphs)
    same = {one.graph for one in graphs if found.get(one.graph) == one.digest}
    for one in graphs:
        if one.graph not in same:
            client.update(f"DROP SILENT GRAPH {NamedNode(one.graph)}")
    return same
