"""Measure our SHACL engine beside pyshacl on generated data of our own shape, and the memory of its index.

    python benchmarks/validation.py [TRIPLES ...] [--without-pyshacl]      (default: 100000)

One triple in each thousand is bad. The shapes are ours (core), and one with a constraint in SPARQL. Each engine's
own load is apart; our store for SPARQL is made in the validation that first needs it, and counted there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

from pyoxigraph import RdfFormat, parse

from compas_graph.shacl import engine, reference
from compas_graph.shacl.index import Index
from compas_graph.shacl.shapes import read_shapes

ROOT = Path(__file__).parents[1]
SHAPES = {"core": ROOT / "ontology" / "shapes.ttl", "SPARQL": ROOT / "benchmarks" / "sparql-shape.ttl"}


def timed(make: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a function makes, and the seconds that it took."""
    start = perf_counter()
    made = make()
    return made, perf_counter() - start


def resident() -> int:
    """Return the bytes that this process holds in memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def load(text: bytes) -> Index:
    """Return the data beside the ontology, as the engine holds them."""
    data = Index(parse(text, RdfFormat.N_QUADS))
    data.add(parse((ROOT / "ontology" / "compas.ttl").read_bytes(), RdfFormat.TURTLE))
    return data.freeze()


def measure(triples: int, beside: bool) -> None:
    """Print the figures for one size."""
    command = [
        sys.executable,
        str(ROOT / "benchmarks" / "generate.py"),
        str(triples),
        "--faults=1/1000",
        "--format=nquads",
    ]
    text = subprocess.run(command, check=True, capture_output=True).stdout  # apart, so as not to count its memory
    before = resident()
    data, seconds = timed(lambda: load(text))
    print(f"{triples:9,} triples  load {seconds:6.2f} s  index {(resident() - before) / len(data):4.0f} bytes a quad")
    graph = None
    if beside:
        graph, seconds = timed(partial(reference.to_rdflib, data))
        print(f"{'':19}pyshacl: load {seconds:6.2f} s")
    for name, path in SHAPES.items():
        shapes = read_shapes(Index(parse(path.read_bytes(), RdfFormat.TURTLE)))
        found, ours = timed(partial(engine.validate, data, shapes))
        line = f"{'':19}{name:6} {ours:7.3f} s  {len(found):5,} results  {resident() / 2**20:5.0f} MB"
        if graph is not None:
            same, theirs = timed(partial(reference.run, graph, shapes))
            agree = "the same" if {one.key() for one in found} == {one.key() for one in same} else "OTHER"
            line += f"  pyshacl {theirs:6.1f} s, {theirs / ours:4.0f} times as long, {agree} results"
        print(line, flush=True)


def main() -> None:
    """Measure the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("triples", type=int, nargs="*", default=[100_000])
    parser.add_argument("--without-pyshacl", action="store_true")
    given = parser.parse_args()
    for number in given.triples:  # each in a process of its own, so that memory is its own too
        process = get_context("spawn").Process(target=measure, args=(number, not given.without_pyshacl))
        process.start()
        process.join()


if __name__ == "__main__":
    main()
