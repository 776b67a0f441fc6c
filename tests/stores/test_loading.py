"""What is loaded into a real server comes back as it went, and whatever is killed, no graph is ever half there."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from compas_graph.errors import StoreError
from compas_graph.remote.client import Client, connect
from compas_graph.remote.credentials import Credentials
from compas_graph.remote.ledger import LEDGER, entries
from compas_graph.remote.loading import carry_out, plan_unload
from compas_graph.remote.transport import Transport
from tests.stores.outside import Target

LOADER_KILLED, SERVER_KILLED = 25, 5
"""How often on each server: on two of them, 50 and 10 times."""

PROGRAM = [sys.executable, "-c", "from compas_graph.cli.loading import load; load()"]
OTHERS = 700
"""How many triples a graph has at most, but for the first."""
GRAPHS = [f"https://example.org/graph/{number}" for number in range(6)]


def begun(target: Target, *arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start a load and give its process."""
    environment = {**os.environ, **target.credentials}
    command = [*PROGRAM, target.address, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def load(target: Target, *arguments: str | Path) -> str:
    """Load to the end, and give what was said."""
    process = begun(target, *arguments)
    said, faults = process.communicate(timeout=300)
    assert process.returncode == 0, faults.decode()
    return said.decode()


def written(folder: Path, version: str, triples: int) -> Path:
    """Give a file of a version of all graphs: all of the first one changes, and one triple in ten of the others."""
    lines = []
    for graph in GRAPHS:
        for number in range(triples if graph == GRAPHS[0] else min(triples, OTHERS)):
            value = version if number % 10 == 0 or graph == GRAPHS[0] else "same"
            lines.append(f'<https://example.org/{number}> <https://example.org/is> "{value}" <{graph}> .')
    lines += [f'_:a{number} <https://example.org/is> "{version}" <{GRAPHS[-1]}> .' for number in range(3)]
    path = folder / f"{version}-{triples}.nq"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def digests(client: Client, folder: Path) -> dict[str, str]:
    """Give the digest of each graph as it is read back."""
    return {graph: client.read(graph, folder).digest for graph in GRAPHS}


def unloaded(target: Target, folder: Path) -> None:
    """Take everything away that was loaded."""
    client = target.client()
    list(carry_out(client, plan_unload(client, ()), folder, lambda *_: None))
    assert not client.has(LEDGER)


def test_the_whole_graph_comes_back_without_a_difference_and_goes_without_a_trace(
    target: Target, tmp_path: Path
) -> None:
    said = load(target).splitlines()
    assert {line.split()[0] for line in said[:-1]} == {"added"}, "a difference is a line of its own"
    assert len(said) > 15
    again = load(target, "--check").splitlines()
    assert again == [f"{len(said) - 1} graphs: {len(said) - 1} unchanged"]
    unloaded(target, tmp_path)


def test_a_reader_of_a_graph_never_sees_half_of_it(target: Target, tmp_path: Path) -> None:
    """By each way of replacing: with few changes, and with all triples changed."""
    sizes = (target.largest_whole, target.largest_whole // 2)
    versions = [written(tmp_path, version, size) for size in sizes for version in "ab"]
    seen: Counter[tuple[str, frozenset[tuple[str, str]]]] = Counter()
    end = threading.Event()
    graphs = (GRAPHS[0], GRAPHS[1])
    load(target, versions[-1])  # so that an empty graph is none that a reader may see
    allowed = {(graph, counted(target.client(), graph)) for graph in graphs}

    def read() -> None:
        client = target.client()
        while not end.is_set():
            for graph in graphs:
                seen[graph, counted(client, graph)] += 1

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for path in versions * 2:
            load(target, path)
            allowed |= {(graph, counted(target.client(), graph)) for graph in graphs}
    finally:
        end.set()
        reader.join()
    assert set(seen) <= allowed
    assert sum(seen.values()) > 100
    assert len({key for key in seen if key[0] == GRAPHS[0]}) > 2, "the reader saw hardly any version"
    unloaded(target, tmp_path)


def counted(client: Client, graph: str) -> frozenset[tuple[str, str]]:
    """Give what a reader sees of a graph: each value with the number of its triples."""
    rows = client.select(
        f"SELECT ?value (COUNT(*) AS ?number) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?value }} }} GROUP BY ?value"
    )
    return frozenset((row["value"].value, row["number"].value) for row in rows)


@pytest.mark.parametrize("what", ["loader", "server"])
def test_after_a_kill_each_graph_is_old_or_new_and_the_next_load_mends_the_rest(
    target: Target, what: str, tmp_path: Path
) -> None:
    random = Random(7)
    paths, right = [], []
    start = time.monotonic()
    for version in "ab":
        paths.append(written(tmp_path, version, 700))
        load(target, paths[-1])
        right.append(digests(target.client(), tmp_path))
    takes = (time.monotonic() - start) / 2
    cut = 0
    for number in range(LOADER_KILLED if what == "loader" else SERVER_KILLED):
        process = begun(target, paths[number % 2])
        time.sleep(random.uniform(0.1 * takes, takes))
        if what == "loader":
            process.kill()
        else:
            target.kill()
        process.communicate(timeout=300)
        cut += process.returncode != 0
        if what == "server":
            target.start()
        found = digests(target.client(), tmp_path)
        for graph in GRAPHS:
            assert found[graph] in (right[0][graph], right[1][graph]), (graph, number)
        load(target, paths[number % 2])
        assert digests(target.client(), tmp_path) == right[number % 2], number
        listed = entries(target.client()).values()
        assert {(one.graph, one.state) for one in listed} == {(graph, "loaded") for graph in GRAPHS}
    print(f"{target.name}: {cut} loads were cut off by a kill of the {what}")
    assert cut >= (LOADER_KILLED if what == "loader" else SERVER_KILLED) // 2, "most kills came too late"
    unloaded(target, tmp_path)


def test_a_wrong_password_is_refused_and_a_right_one_is_not_needed_to_read(target: Target, tmp_path: Path) -> None:
    if not target.credentials:
        pytest.skip(f"{target.name} asks for no password")
    client = connect(target.address, transport=Transport(Credentials("dba", "wrong", "", "here")))
    assert client.kind.name == target.name
    with pytest.raises(StoreError, match="does not accept the credentials from here"):
        client.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }")
