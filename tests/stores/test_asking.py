"""The commands print the same for the graph in an Oxigraph server, byte for byte, as for the one in this process."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from compas_graph.cli import commands
from compas_graph.cli.loading import load
from compas_graph.cli.remote import doctor
from compas_graph.query import example, query_names, saved_query
from tests import FROZEN
from tests.stores.outside import START, STOP, free_port, listens

NAMES = query_names(FROZEN)
OTHERS = [
    ["find", "compas"],
    ["find", "zebra"],
    ["describe", "COMPAS plant"],
    ["describe", "Infiniti"],
    ["describe", "QX50", "--format", "markdown"],
    ["describe", "claim:s1-09"],
    ["why", "Infiniti", "has parent that owns share of", "COMPAS"],
    ["why", "QX50", "is built at", "joint Aguascalientes plant, The News Wheel"],
    ["why", "MFA", "a", "cg:Platform"],
    ["ask", "which-models-share-a-platform", "--platform", "MFA", "--evidence"],
    ["ask", "which-models-share-a-platform", "--platform", "MFA", "--exact", "--format", "csv"],
    ["ask", "how-much-is-invested", "--plant", "COMPAS plant", "--format", "json"],
    ["ask", "where-is-a-model-built", "--model", "QX60"],
    ["sparql", "SELECT ?model ?label { ?model cg:usesPlatform id:mfa ; rdfs:label ?label } ORDER BY ?label"],
    ["sparql", "CONSTRUCT { ?m cg:usesPlatform ?p } WHERE { ?m cg:usesPlatform ?p }"],
    ["sparql", "SELECT (COUNT(*) AS ?all) { ?s ?p ?o }", "--format", "tsv"],
    ["sparql", "SELECT ?g (COUNT(*) AS ?all) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"],
    ["sparql", "ASK { id:mfa a cg:Plant }"],
]


def asked(name: str) -> list[str]:
    """Return the line that asks a saved query for the example values that it needs."""
    query = saved_query(FROZEN, name)
    needed = [(f"--{each}", example(query, each)) for each, said in query.parameters.items() if said.required]
    return ["ask", name, *(part for pair in needed for part in pair)]


LINES = [*map(asked, NAMES), *OTHERS]


@pytest.fixture(scope="module", params=[[], ["--union-default-graph"]], ids=["own default graph", "union"])
def url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, must_run: frozenset[str]
) -> Iterator[str]:
    """Return the address of an Oxigraph server into which the graph was loaded; it is stopped in the end."""
    program = shutil.which("oxigraph", path=Path(sys.executable).parent) or shutil.which("oxigraph")
    if program is None:
        if "oxigraph" in must_run:
            pytest.fail("Oxigraph server is not installed (COMPAS_GRAPH_STORES says that it must run)")
        pytest.skip("Oxigraph server is not installed: pip install oxigraph")
    port = free_port()
    with (tmp_path_factory.mktemp("asking") / "server.log").open("wb") as log:
        command = [program, "serve", "--bind", f"127.0.0.1:{port}", *request.param]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + START
        while not listens(port):
            assert process.poll() is None and time.monotonic() < end, "the Oxigraph server did not start"
            time.sleep(0.05)
        done = CliRunner().invoke(load, [f"http://127.0.0.1:{port}"])
        assert "added" in done.output, done.output
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(STOP)


def printed(*line: str) -> tuple[str, str, str]:
    """Return what a command prints, what it prints on standard error, and the class of its error."""
    done = CliRunner().invoke(commands, list(line))
    return done.stdout, done.stderr, repr(done.exception)


@cache
def printed_here(line: tuple[str, ...]) -> tuple[str, str, str]:
    """Return what a command prints of the graph in this process."""
    return printed(*line)


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_the_same_is_printed(line: list[str], url: str) -> None:
    """Whatever the default graph of the server is."""
    ours = printed_here(tuple(line))
    assert ours[0] and ours[2] == "None"
    assert printed(*line, "--store", url) == ours


def test_every_saved_query_is_asked() -> None:
    assert [line[1] for line in LINES[: len(NAMES)]] == NAMES


def test_the_doctor_finds_nothing_lacking(url: str) -> None:
    """Neither an ability nor a row of a saved query."""
    done = CliRunner().invoke(doctor, [url, "--write", "--queries"])
    assert done.exit_code == 0, done.output
    assert "lacks" not in done.output
    assert done.output.count(" works ") == len(done.output.splitlines()) - 1
