"""What is loaded into a real server comes back as it went, and whatever is killed, no graph is ever half there."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from compas_graph.errors import StoreError
from compas_graph.remote.client import Client, connect
from compas_graph.remote.credentials import Credentials
from compas_graph.remote.kinds import KINDS
from compas_graph.remote.ledger import LEDGER, entries
from compas_graph.remote.loading import carry_out, plan_unload
from compas_graph.remote.transport import Transport
from tests.stores.outside import Target

LOADER_KILLED, SERVER_KILLED = 25, 5
"""How often a load is cut off on each server: on two of them, 50 and 10 times."""

PROGRAM = [sys.executable, "-c", "from compas_graph.cli.loading import load; load()"]
OTHERS = 700
"""How many triples a graph has at most, but for the first."""
IS = "https://example.org/is"
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
            lines.append(f'<https://example.org/{number}> <{IS}> "{value}" <{graph}> .')
    lines += [f'_:a{number} <{IS}> "{version}" <{GRAPHS[-1]}> .' for number in range(3)]
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


def test_a_reader_never_sees_half_of_a_graph_that_is_listed_alike_before_and_after(
    target: Target, tmp_path: Path
) -> None:
    """By each way of replacing; where a change is whole or not at all for readers, not in between, either."""
    kind, graphs = KINDS[target.name], GRAPHS[:2]
    sizes = (kind.changes // 2 + 500, kind.changes // 4)  # all triples are too many for one update, or not
    paths = [written(tmp_path, version, size) for size in sizes for version in "ab"]
    load(target, paths[-1])  # so that an empty graph is none that a reader may see
    allowed = {(graph, counted(target.client(), graph)) for graph in graphs}
    answers: list[tuple[bool, tuple[str, Counted]]] = []
    end = threading.Event()

    def read() -> None:
        client = target.client()
        while not end.is_set():
            for graph in graphs:
                before = entries(client)[graph]
                seen = graph, counted(client, graph)
                answers.append((before == entries(client)[graph] and before.state == "loaded", seen))

    def seen_whole(since: int = 0) -> list[tuple[str, Counted]]:
        return [seen for alike, seen in answers[since:] if alike]

    with ThreadPoolExecutor() as pool:
        reader = pool.submit(read)
        try:
            for path in paths * 2:
                load(target, path)
                now = {(graph, counted(target.client(), graph)) for graph in graphs}
                allowed |= now
                number = len(answers)
                while len(seen_whole(number)) < 2 * len(graphs) and not reader.done():
                    time.sleep(0.05)
                assert set(seen_whole(number)) == now
        finally:
            end.set()
        reader.result()
    assert set(seen_whole()) <= allowed
    if kind.atomic:
        assert {seen for _, seen in answers} <= allowed
    assert not all(alike for alike, _ in answers), "nothing was read during a load"
    unloaded(target, tmp_path)


Counted = frozenset[tuple[str, ...]]
"""Pairs of values that a subject has, each with the number of subjects: of one value, as each has one."""


def counted(client: Client, graph: str) -> Counted:
    """Give what a reader sees of a graph by a query that looks into it twice."""
    rows = client.select(
        "SELECT ?value ?other (COUNT(*) AS ?number) WHERE {"
        f" GRAPH <{graph}> {{ ?s <{IS}> ?value . ?s <{IS}> ?other }} }} GROUP BY ?value ?other"
    )
    return frozenset(tuple(term.value for term in row) for row in rows)


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
    cut = number = 0
    while cut < (LOADER_KILLED if what == "loader" else SERVER_KILLED):
        number += 1
        process = begun(target, paths[number % 2])
        time.sleep(random.uniform(0.1 * takes, takes))
        if what == "loader":
            process.kill()
        else:
            target.kill()
        process.communicate(timeout=300)
        if process.returncode:
            cut += 1
        else:
            takes *= 0.9  # the kill came too late
        if what == "server":
            target.start()
        found = digests(target.client(), tmp_path)
        for graph in GRAPHS:
            assert found[graph] in (right[0][graph], right[1][graph]), (graph, number)
        load(target, paths[number % 2])
        assert digests(target.client(), tmp_path) == right[number % 2], number
        listed = entries(target.client()).values()
        assert {(one.graph, one.state) for one in listed} == {(graph, "loaded") for graph in GRAPHS}
    unloaded(target, tmp_path)


def test_a_wrong_password_is_refused_and_a_right_one_is_not_needed_to_read(target: Target, tmp_path: Path) -> None:
    if not target.credentials:
        pytest.skip(f"{target.name} asks for no password")
    client = connect(target.address, transport=Transport(Credentials("dba", "wrong", "", "here")))
    assert client.kind.name == target.name
    with pytest.raises(StoreError, match="does not accept the credentials from here"):
        client.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }")
