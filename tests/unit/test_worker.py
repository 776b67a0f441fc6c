"""A worker gives back what it was asked for, or says by what it was stopped, and outlives nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from pyoxigraph import Store

from compas_graph import worker
from compas_graph.errors import AmbiguousNameError, CompasGraphError, InternalError, LimitError, UnknownNameError
from compas_graph.sealing import sealed
from compas_graph.worker import Limits, supervised
from tests import ROOT
from tests.listener import listening

both_ways = pytest.mark.parametrize("forks", [True, False], ids=["forked", "anew"])


@pytest.fixture
def way(forks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start workers in one of the two ways."""
    if forks and not worker.FORKS:
        pytest.skip("processes are not forked on this system")
    monkeypatch.setattr(worker, "FORKS", forks)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def nap(seconds: float) -> str:
    time.sleep(seconds)
    return "done"


def fail(error: Exception) -> None:
    raise error


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


def kill(number: int) -> None:
    os.kill(os.getpid(), number)


def take(gigabytes: int) -> int:
    return len(bytearray(gigabytes << 30))


def nest(levels: int) -> None:
    Store().query("SELECT * " + "{" * levels + "}" * levels)


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:
        body: bytes = answer.read()
        return body


def printing() -> str:
    print("for the reader", end="\r\n")
    print("aside", file=sys.stderr)
    os.write(2, b"an engine's complaint")
    return "done"


@both_ways
@pytest.mark.usefixtures("way")
def test_what_work_returns_comes_back_however_long_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """And what it prints is printed once; what its engine complains of is not."""
    assert supervised(partial(str.join, "", ["ä"] * 10**6), Limits(30)) == "ä" * 10**6
    print("before", end=" ")
    assert supervised(printing, Limits(30)) == "done"
    assert capfdbinary.readouterr() == (b"before for the reader\r\n", b"aside\n")


@both_ways
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "error",
    [UnknownNameError("thing", "x", ["xy"]), AmbiguousNameError("x", ["a", "b"]), LimitError("it was too much")],
    ids=lambda error: type(error).__name__,
)
def test_an_error_of_ours_is_raised_again_as_it_was(error: CompasGraphError) -> None:
    """With its message and all that it knows."""
    with pytest.raises(type(error)) as caught:
        supervised(partial(fail, error), Limits(30))
    assert (str(caught.value), caught.value.__dict__) == (str(error), error.__dict__)


STOPS: dict[str, tuple[Callable[[], Any], str]] = {
    "time": (partial(nap, 60), r"the query was stopped after 1 s; ask for less, or allow more with --timeout"),
    "memory": (partial(take, 3), r"the query takes more than 1 GiB of memory; ask for less, or allow more with --mem"),
    "the engine's stack": (partial(nest, 30_000), r"the query crashed what runs it \(SIGSEGV\); it nests too deep"),
    "Python's stack": (recurse, r"the query crashed what runs it \(exit code 1\); it nests too deep"),
    "a signal": (partial(kill, signal.SIGBUS), r"the query crashed what runs it \(SIGBUS\)"),
    "the system": (partial(kill, signal.SIGKILL), r"the query takes more than 1 GiB of memory"),
}


@both_ways
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("work", "said"), STOPS.values(), ids=STOPS)
def test_what_stops_a_worker_is_said(work: Callable[[], Any], said: str) -> None:
    """Time, memory and a crash in three sentences, and soon."""
    start = time.monotonic()
    with pytest.raises(LimitError, match=f"^{said}"):
        supervised(work, Limits(1 if work is STOPS["time"][0] else 30, 1))
    assert time.monotonic() - start < 25


@both_ways
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("error", [ValueError("one\ntwo"), KeyError("two"), AssertionError("two")], ids=repr)
def test_a_fault_of_the_program_is_called_one(error: Exception) -> None:
    """In one line, with the traceback beside it for those who ask."""
    with pytest.raises(
        InternalError, match=r"^the query met a fault of this program: .*two.*; please report it"
    ) as caught:
        supervised(partial(fail, error), Limits(30))
    assert "\n" not in str(caught.value)
    assert caught.value.traceback.startswith("Traceback")


@both_ways
@pytest.mark.usefixtures("way")
def test_a_worker_has_no_way_to_the_network_unless_it_is_given_one() -> None:
    """From Python, as from an engine (tests/unit/test_sparql.py)."""
    with listening() as (address, requests):
        with pytest.raises(InternalError, match="no way to the network"):
            supervised(partial(fetch, address), Limits(30))
        assert requests == []
        with pytest.raises(InternalError, match="500"):
            supervised(partial(fetch, address), Limits(30, network=True))
        assert requests == ["/"]


def test_who_is_no_worker_may_open_files_while_others_are_sealed() -> None:
    """A library does not take a process over."""
    with sealed():
        assert (ROOT / "README.md").read_bytes()


PARENT = """
import os, sys
from functools import partial
from pyoxigraph import Store
from compas_graph import worker
worker.FORKS = sys.argv[1] == "True"
def busy():
    print(os.getpid(), file=open(sys.argv[2], "w"), flush=True)
    Store().query("ASK { " + " ".join(f"VALUES ?{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in "abcdefghi")
                  + " FILTER(?a+?b+?c+?d+?e+?f+?g+?h+?i > 99) }")
worker.supervised(busy, worker.Limits(60))
"""


@pytest.mark.skipif(not worker.FORKS, reason="processes are not forked on this system")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_worker_ends_with_its_parent_whatever_it_is_doing(number: signal.Signals, tmp_path: Any) -> None:
    """Also in the middle of a query of the engine's, which no Python code can interrupt."""
    told = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, "True", told], cwd=ROOT, stderr=subprocess.DEVNULL)
    until(lambda: told.exists() and told.read_text().endswith("\n"))
    child = int(told.read_text())
    os.kill(parent.pid, number)
    parent.wait(10)
    until(lambda: not alive(child))
    assert not alive(child)


def until(happens: Callable[[], bool]) -> None:
    """Wait until something happens, for some seconds at most."""
    for _ in range(1000):
        if happens():
            return
        time.sleep(0.02)
    raise AssertionError("it does not happen")


def alive(process: int) -> bool:
    """Tell whether a process runs; one that is only remembered does not."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:  # noqa: PTH123  # no path of a file
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
