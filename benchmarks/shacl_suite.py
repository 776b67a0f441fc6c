"""Run the W3C SHACL test suite on our engine and on pyshacl, and list every failure by name.

    python benchmarks/shacl_suite.py FOLDER [--engine own|pyshacl]

FOLDER is `data-shapes-test-suite/tests` of a copy of https://github.com/w3c/data-shapes. A test passes if the
results equal the expected ones as sets of focus, path, value, component, severity and shape; where the suite
expects a failure, if the engine refuses the shapes. The exit code is the number of failures of our engine.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, RdfFormat, parse

from compas_graph.errors import CompasGraphError
from compas_graph.shacl import engine, reference
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.shapes import read_shapes

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
ENGINES = {"own": engine.validate, "pyshacl": reference.validate}


class Case(NamedTuple):
    """A test: its name, its file as a graph, and the nodes of its data, its shapes and its expected result."""

    name: str
    graph: Index
    data: Index
    shapes: Index
    result: Term


def read(path: Path) -> Index:
    """Return the graph of a Turtle file."""
    return Index(parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=path.as_uri()))


def cases(manifest: Path, root: Path) -> Iterator[Case]:
    """Yield the tests of a manifest and of those that it includes."""
    graph = read(manifest)
    here = NamedNode(manifest.as_uri())
    for other in graph.values(here, NamedNode(MF + "include")):
        assert isinstance(other, NamedNode)
        yield from cases(Path(other.value.removeprefix("file://")), root)
    for entries in graph.values(here, NamedNode(MF + "entries")):
        for test in graph.items(entries) or []:
            action = graph.value(test, NamedNode(MF + "action"))
            result = graph.value(test, NamedNode(MF + "result"))
            assert action is not None and result is not None
            used = []
            for name in ("dataGraph", "shapesGraph"):
                node = graph.value(action, NamedNode(SHT + name))
                assert isinstance(node, NamedNode)
                used.append(graph if node == here else read(Path(node.value.removeprefix("file://"))))
            yield Case(str(manifest.relative_to(root).with_suffix("")), graph, used[0], used[1], result)


def fault(case: Case, name: str) -> str | None:
    """Return how an engine's results differ from the expected ones, None if they do not."""
    refused = case.result == NamedNode(SHT + "Failure")
    try:
        shapes = read_shapes(case.shapes)
        found = {one.key() for one in ENGINES[name](case.data, shapes)}
    except CompasGraphError as error:
        return None if refused else f"refused: {error}"
    if refused:
        return "took shapes that it should refuse"
    report = Index(case.graph)
    results = report.values(case.result, NamedNode("http://www.w3.org/ns/shacl#result"))
    expected = {reference.result_of(report, node, shapes).key() for node in results}
    lacking, added = sorted(expected - found), sorted(found - expected)
    return None if found == expected else f"lacks {lacking}, has beyond that {added}"


def main() -> int:
    """Run the suite and print a line for each failure, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", choices=tuple(ENGINES), action="append")
    options = parser.parse_args()
    root = options.folder.resolve()
    failures = 0
    for name in options.engine or ENGINES:
        counts = {}
        for part in ("core", "sparql"):
            tests = list(cases(root / part / "manifest.ttl", root))
            faults = {case.name: fault(case, name) for case in tests}
            for test, what in faults.items():
                if what:
                    print(f"{name}: {test}: {what}")
            counts[part] = f"{sum(what is None for what in faults.values())} of {len(tests)}"
            failures += sum(what is not None for what in faults.values()) if name == "own" else 0
        print(f"{name}: core {counts['core']}, sparql {counts['sparql']}")
    return failures


if __name__ == "__main__":
    sys.exit(main())
