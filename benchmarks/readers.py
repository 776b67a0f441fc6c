"""Measure how often a reader sees a graph half replaced, in each store that is installed.

    python -m benchmarks.readers [SECONDS] [SIZE...]      (default: 10, and 10 100 300 700 1000 3000 10000)

For each store and size a graph is replaced for so many seconds by its other version and back, in the way
that `load` chooses, while two readers count again and again how many triples it has of each version. All
of the triples differ between versions, or one of them. Run it from the root of the repository with the
Python of an environment in which compas-graph is installed; the servers are those of tests/stores.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from compas_graph.remote.canonical import Canonical, canonical_graphs
from compas_graph.remote.client import Client
from compas_graph.remote.probing import put_is_atomic
from compas_graph.remote.replacement import replace
from tests.stores.outside import TARGETS, NotInstalledError

GRAPH = NamedNode("https://example.org/graph")
COUNT = f"SELECT ?value (COUNT(*) AS ?number) WHERE {{ GRAPH {GRAPH} {{ ?s ?p ?value }} }} GROUP BY ?value"
SIZES = (10, 100, 300, 700, 1000, 3000, 10_000)
READERS = 2
OTHERS = 10
"""How many graphs of the same subjects stand beside the one that is replaced."""

Seen = frozenset[tuple[str, int]]
"""What a reader saw of a graph: each value with the number of its triples."""


class Measured(NamedTuple):
    """How often a graph was replaced, how often it was read, and how many of the answers were of no version."""

    replaced: int
    reads: int
    mixed: int
    worst: Seen


def version(folder: Path, size: int, name: str, changed: int, graph: NamedNode = GRAPH) -> Canonical:
    """Return a version of a graph, which differs from others in so many of its triples."""
    said = NamedNode("https://example.org/is")
    quads = (
        Quad(
            NamedNode(f"https://example.org/{n}"), said, Literal(name if n % (size // changed) == 0 else "same"), graph
        )
        for n in range(size)
    )
    (made,) = canonical_graphs(quads, folder)
    return made


def expected(size: int, name: str, changed: int) -> Seen:
    """Return what a reader sees of a version."""
    return frozenset((value, number) for value, number in ((name, changed), ("same", size - changed)) if number)


def seen(client: Client) -> Seen:
    """Return what a reader sees of the graph now."""
    return frozenset((row["value"].value, int(row["number"].value)) for row in client.select(COUNT))


def measure(client: Client, size: int, changed: int, seconds: float, folder: Path) -> Measured:
    """Replace a graph again and again while others read it."""
    atomic = put_is_atomic(client)
    versions = [version(folder, size, name, changed) for name in "ab"]
    whole = {expected(size, name, changed) for name in "ab"}
    others = [version(folder, size, "a", changed, NamedNode(f"{GRAPH.value}/{n}")) for n in range(OTHERS)]
    for content in (versions[1], *others):
        replace(client, content, atomic, folder, lambda _: None)
    answers: Counter[Seen] = Counter()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            answers[seen(client)] += 1

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    end, replaced = time.monotonic() + seconds, 0
    try:
        while time.monotonic() < end:
            replace(client, versions[replaced % 2], atomic, folder, lambda _: None)
            replaced += 1
    finally:
        done.set()
        for reader in readers:
            reader.join()
    mixed = Counter({answer: number for answer, number in answers.items() if answer not in whole})
    worst = next((answer for answer, _ in mixed.most_common(1)), frozenset())
    return Measured(replaced, answers.total(), mixed.total(), worst)


def main() -> None:
    """Measure each size, with all triples changed and with one, on each store."""
    numbers = [int(text) for text in sys.argv[1:] if text.isdigit()]
    names = [text for text in sys.argv[1:] if not text.isdigit()] or list(TARGETS)
    seconds, sizes = (numbers or [10])[0], numbers[1:] or SIZES
    for kind in (TARGETS[name] for name in names):
        with TemporaryDirectory(prefix="compas-graph-") as name:
            target = kind(Path(name))
            try:
                target.start()
            except NotInstalledError as error:
                print(error)
                continue
            try:
                for size in sizes:
                    for changed in (size, size // 10):
                        found = measure(target.client(), size, changed, seconds, Path(name))
                        print(f"{target.name}, {size:6,} triples, {changed:6,} changed: ", end="")
                        print(f"{found.replaced} times replaced, {found.mixed} of {found.reads} reads mixed", end="")
                        print(f", such as {sorted(found.worst)}" if found.mixed else "", flush=True)
            finally:
                target.kill()


if __name__ == "__main__":
    main()
