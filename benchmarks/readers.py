"""Measure how often a reader sees a graph half replaced, in each store that tests/stores loads into.

    python -m benchmarks.readers [STORE...] [SECONDS] [SIZE...]      (default: all; 20; 20 200 700 2000 10000)

For each store and size a graph is replaced for so many seconds by its other version and back, in the way
that `load` chooses, while two readers ask again and again how many triples it has of each version: one
by a query of one pattern, one by a query that joins two. All triples differ between the versions, or one
in ten. Ten graphs of the same subjects stand beside it. Run it from the root of the repository with the
Python of an environment in which compas-graph is installed.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from compas_graph.remote.canonical import Canonical, canonical_graphs
from compas_graph.remote.client import Client
from compas_graph.remote.probing import put_is_atomic
from compas_graph.remote.replacement import replace
from tests.stores.outside import TARGETS, NotInstalledError

OTHERS = 10
"""How many graphs of the same subjects stand beside."""
SECONDS, SIZES = 20, (20, 200, 700, 2000, 10_000)
GRAPH = "https://example.org/graph"
IS, WAS = (NamedNode(f"https://example.org/{name}") for name in ("is", "was"))
QUERIES = {
    "one pattern": "?s ?p ?value",
    "two patterns": f"?s {IS} ?value ; {WAS} ?other",
}

Seen = frozenset[tuple[str, ...]]
"""What a reader saw of a graph: each value, or pair of values, with how often it is there."""


class Measured(NamedTuple):
    """How often a graph was replaced, and by query how many answers there were, and those of no version."""

    replaced: int
    reads: dict[str, int]
    mixed: dict[str, Counter[Seen]]


def version(folder: Path, size: int, name: str, every: int, graph: str = GRAPH) -> Canonical:
    """Return a version of a graph: of so many triples, two for each subject, one subject in `every` has its name."""
    values = [Literal(name if n % every == 0 else "same") for n in range(size // 2)]
    subjects = [NamedNode(f"https://example.org/{n}") for n in range(size // 2)]
    pairs = zip(subjects, values, strict=True)
    quads = (Quad(subject, said, value, NamedNode(graph)) for subject, value in pairs for said in (IS, WAS))
    return canonical_graphs(quads, folder)[0]


def seen(client: Client, pattern: str) -> Seen:
    """Return what a reader sees of the graph now."""
    names = " ".join(name for name in ("?value", "?other") if name in pattern)
    query = f"SELECT {names} (COUNT(*) AS ?n) WHERE {{ GRAPH <{GRAPH}> {{ {pattern} }} }} GROUP BY {names}"
    return frozenset(tuple(term.value for term in row) for row in client.select(query))


def measure(client: Client, size: int, every: int, seconds: float, folder: Path) -> Measured:
    """Replace a graph again and again while others read it."""
    atomic = put_is_atomic(client)
    for n in range(OTHERS):
        replace(client, version(folder, size, "a", every, f"{GRAPH}/{n}"), atomic, folder, lambda _: None)
    versions = [version(folder, size, name, every) for name in "ab"]
    whole: set[Seen] = set()
    for content in versions:
        replace(client, content, atomic, folder, lambda _: None)
        whole |= {seen(client, pattern) for pattern in QUERIES.values()}
    answers: dict[str, Counter[Seen]] = {name: Counter() for name in QUERIES}
    done = threading.Event()

    def read(name: str) -> None:
        while not done.is_set():
            answers[name][seen(client, QUERIES[name])] += 1

    with ThreadPoolExecutor() as pool:
        readers = [pool.submit(read, name) for name in QUERIES]
        end, replaced = time.monotonic() + seconds, 0
        try:
            while time.monotonic() < end:
                replace(client, versions[replaced % 2], atomic, folder, lambda _: None)
                replaced += 1
        finally:
            done.set()
        for reader in readers:
            reader.result()
    mixed = {name: Counter({one: n for one, n in found.items() if one not in whole}) for name, found in answers.items()}
    return Measured(replaced, {name: found.total() for name, found in answers.items()}, mixed)


def main() -> None:
    """Measure each store and size."""
    words = [text for text in sys.argv[1:] if not text.isdigit()] or list(TARGETS)
    numbers = [int(text) for text in sys.argv[1:] if text.isdigit()]
    seconds, sizes = (numbers or [SECONDS])[0], numbers[1:] or SIZES
    for store in words:
        with TemporaryDirectory(prefix="compas-graph-") as name:
            target = TARGETS[store](Path(name))
            try:
                target.start()
                for size in sizes:
                    for every in (1, 10):
                        found = measure(target.client(), size, every, seconds, Path(name))
                        changed = "all" if every == 1 else f"one in {every}"
                        print(f"{store}, {size:,} triples, {changed} changed, {found.replaced} times:", end="")
                        for query, reads in found.reads.items():
                            print(f" {query} {found.mixed[query].total()} of {reads} mixed", end="")
                            print(*(f"({sorted(one)})" for one, _ in found.mixed[query].most_common(1)), end=";")
                        print(flush=True)
            except NotInstalledError as error:
                print(error)
            finally:
                target.kill()


if __name__ == "__main__":
    main()
