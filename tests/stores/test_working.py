"""A real server infers and checks what the program infers and finds itself, and keeps its data to itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from compas_graph.graph import rules_of
from compas_graph.remote.checking import asserted_in, remote_results
from compas_graph.remote.client import Client
from compas_graph.remote.inferring import infer_there
from compas_graph.remote.ledger import entries
from compas_graph.remote.reading import graphs_in
from compas_graph.shacl import engine
from compas_graph.shacl.index import Index
from compas_graph.shacl.model import Shapes
from compas_graph.shacl.shapes import read_shapes
from compas_graph.store import INFERENCES
from tests import BREAKING, ROOT
from tests.stores.outside import Target

BROKEN = "https://example.org/broken"
LOAD = [sys.executable, "-c", "from compas_graph.cli.loading import load; load()"]


@pytest.fixture(scope="module")
def client(target: Target) -> Client:
    """Return a client of a server."""
    return target.client()


def load(target: Target, *arguments: str | Path) -> str:
    """Load into a server, and return what was said."""
    command = [*LOAD, target.address, *map(str, arguments)]
    environment = {**os.environ, **target.credentials}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    """Return our shapes."""
    return read_shapes(Index(parse((ROOT / "ontology" / "shapes.ttl").read_bytes(), RdfFormat.TURTLE)))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of all breaking files, each with names of its own."""
    quads = []
    for case in BREAKING:
        text = case.read_text("utf-8").replace("<https://example.org/>", f"<https://example.org/{case.stem}/>")
        for quad in parse(text, RdfFormat.TURTLE, rename_blank_nodes=True):
            quads.append(Quad(quad.subject, quad.predicate, quad.object, NamedNode(BROKEN)))
    path = tmp_path_factory.mktemp("cases") / "broken.nq"
    path.write_text("".join(f"{quad} .\n" for quad in quads), encoding="utf-8")
    return path


def inferred(client: Client) -> set[Triple]:
    """Return the inferences in a server."""
    rows = client.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH {INFERENCES} {{ ?s ?p ?o }} }}")
    return {Triple(row["s"], row["p"], row["o"]) for row in rows}


def test_the_inferences_are_those_of_the_program(target: Target, client: Client, store: Store) -> None:
    """Triple by triple; a second run gives the same, and loading with inferences finds them there."""
    load(target, "--derived", "facts")
    assert not client.has(INFERENCES.value)
    expected = {quad.triple for quad in store.quads_for_pattern(None, None, None, INFERENCES)}
    for _ in range(2):
        found = infer_there(client, graphs_in(client), rules_of(store), INFERENCES.value, lambda *_: None)
        assert found.triples == len(expected)
        assert inferred(client) == expected
    assert f"found {INFERENCES.value}" in load(target)
    assert {entry.state for entry in entries(client).values()} == {"loaded"}


def test_a_reader_sees_the_old_inferences_or_the_new(target: Target, client: Client, store: Store) -> None:
    """Never a part of them, while they are inferred again and again."""
    if not client.kind.atomic:
        pytest.skip(f"{target.name} may show a reader a part of what was copied")
    load(target)
    sizes, done = set(), threading.Event()

    def read() -> None:
        while not done.is_set():
            sizes.add(client.count(INFERENCES.value))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(3):
            infer_there(client, graphs_in(client), rules_of(store), INFERENCES.value, lambda *_: None)
    finally:
        done.set()
        reader.join()
    assert sizes == {len(inferred(client))}


def test_a_check_finds_nothing_in_the_graph_and_each_breaking_file(
    target: Target, client: Client, store: Store, shapes: Shapes, cases: Path
) -> None:
    """As the engine in this process does."""
    load(target)
    names = asserted_in(client)
    assert remote_results(client, names, shapes) == []
    load(target, cases)
    found = {one.key() for one in remote_results(client, [*names, BROKEN], shapes)}
    data = Index()
    for name in names:
        data.add(store.quads_for_pattern(None, None, None, NamedNode(name)))
    data.add(parse(cases.read_bytes(), RdfFormat.N_QUADS))
    expected = {one.key() for one in engine.validate(data, shapes)}
    assert len(expected) > 100
    assert found == expected
