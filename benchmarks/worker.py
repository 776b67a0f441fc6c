"""What it costs to run in a worker: nothing at all, and a query that opens the graph, beside the same in this process.

python benchmarks/worker.py
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial

from compas_graph import worker
from compas_graph.bundle import Bundle
from compas_graph.sparql import answer
from compas_graph.worker import Limits, half_of_memory, supervised

QUERY = "SELECT ?model { ?model cg:usesPlatform id:mfa }"


def anew(limits: Limits) -> None:
    """Do nothing in a worker that is started as on systems where processes are not forked."""
    forks, worker.FORKS = worker.FORKS, False
    try:
        supervised(os.getpid, limits)
    finally:
        worker.FORKS = forks


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Time each in turn, so that what else the machine does bears on all alike."""
    limits = Limits(30, half_of_memory())
    ask = partial(answer, Bundle.at(None), QUERY, "query", "table")
    ways: dict[str, Callable[[], object]] = {
        "nothing, in a worker": lambda: supervised(os.getpid, limits),
        "nothing, in one started anew": lambda: anew(limits),
        "the query, in a worker": lambda: supervised(ask, limits),
        "the query, in this process": ask,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(40):
        for name, way in ways.items():
            times[name].append(milliseconds(way))
    for name, found in times.items():
        print(f"{name}: median {statistics.median(found):.1f} ms, least {min(found):.1f} ms")


if __name__ == "__main__":
    main()
