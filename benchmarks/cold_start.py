"""Measure a cold `ask`: a new process that loads, reasons, answers, beside what it can be compared with.

    python benchmarks/cold_start.py [RUNS]

Run it with the Python of an environment in which compas-graph is installed. It prints the median of
each command, side by side in one run, and the two ratios that the README quotes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

ASK = ["ask", "which-models-share-a-platform", "--platform", "MFA"]
IMPORTS = "import pyoxigraph, click"
RDFLIB = """
from rdflib import Dataset
from compas_graph.bundle import Bundle
bundle = Bundle.at()
data = Dataset(default_union=True)
for path, graph in bundle.files():
    data.graph(graph).parse(path, format="turtle")
list(data.query((bundle.queries / "which-models-share-a-platform.rq").read_text()))
"""


def main() -> None:
    """Time the three commands in turn, so that a busy machine slows all of them alike."""
    runs = int(sys.argv[1]) if sys.argv[1:] else 15
    commands = {
        "a bare Python that imports pyoxigraph and click": [sys.executable, "-c", IMPORTS],
        "compas-graph ask": [str(Path(sys.executable).with_name("compas-graph")), *ASK],
        "the same on rdflib, without any reasoning": [sys.executable, "-c", RDFLIB],
    }
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            start = perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
            if run:  # the first run of each only fills the caches
                times[name].append(perf_counter() - start)
    medians = {name: median(found) for name, found in times.items()}
    for name, seconds in medians.items():
        print(f"{seconds * 1000:6.0f} ms  {name}")
    bare, ask, rdflib = medians.values()
    print(f"{ask / bare:6.2f} times the bare Python; the rdflib script takes {rdflib / ask:.1f} times as long as ask")


if __name__ == "__main__":
    main()
