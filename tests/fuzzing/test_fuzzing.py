"""The fuzzer notices what it is there for, makes the same inputs each time, and finds nothing in a few of them."""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest

from tests.fuzzing import running
from tests.fuzzing.judging import Case, faults
from tests.fuzzing.running import run, runs
from tests.fuzzing.surfaces import SURFACES
from tests.listener import listening

REPORT = '{"conforms": true}'


def leave(code: int, out: str = "", err: str = "") -> None:
    print(out, end="")
    print(err, end="", file=sys.stderr)
    sys.exit(code)


def call() -> None:
    with suppress(OSError):
        urllib.request.urlopen(os.environ["LISTENER"])
    leave(0)


def fail() -> None:
    raise KeyError("planted")


LINE = "compas-graph: it is so\n"
PLANTED: dict[str, tuple[Callable[[], None], str]] = {
    "a traceback": (fail, "exit code 99"),
    "a fault": (lambda: leave(2, err="compas-graph: a fault of this program\n"), "a fault of the program"),
    "a crash": (lambda: os.kill(os.getpid(), signal.SIGSEGV), "exit code -11"),
    "a hang": (lambda: time.sleep(60), "exit code -9"),
    "a slow one": (lambda: time.sleep(1.5), "s with a limit of"),
    "a wrong exit code": (lambda: leave(3), "exit code 3"),
    "no line": (lambda: leave(2), "exit code 2 without its line"),
    "an answer all the same": (lambda: leave(2, out="x", err=LINE), "exit code 2 with output"),
    "a long line": (lambda: leave(2, err=LINE + "x" * 3000), "a message of 3,000 signs"),
    "a control sign": (lambda: leave(2, err=LINE + "\x1b[2J"), "U+001B on standard error"),
    "a sign that turns the line": (lambda: leave(2, err=LINE + "\u202e"), "U+202E on standard error"),
    "a call": (call, "another server was called"),
    "a broken output": (lambda: leave(0, out="{"), "output that is no json"),
    "a wrong verdict": (lambda: leave(1, out=REPORT), "conforms is True with exit code 1"),
}


@pytest.mark.long
@pytest.mark.parametrize(("main", "said"), PLANTED.values(), ids=PLANTED)
def test_what_is_planted_is_found(main: Callable[[], None], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each kind that the fuzzer is there to find."""
    monkeypatch.setattr("compas_graph.cli.main", main)
    monkeypatch.setattr(running, "SILENCE", 3.0)
    monkeypatch.setattr("tests.fuzzing.judging.SPARE", 0.5)
    case = Case([], {}, finds=True, seconds=0.5, form="json")
    with listening() as listener:
        monkeypatch.setenv("LISTENER", listener[0])
        found = list(faults(case, run(case, listener)))
    assert any(said in each for each in found), found


@pytest.mark.parametrize("name", SURFACES)
def test_a_few_inputs_of_each_surface_break_nothing(name: str) -> None:
    """They are made from the seed and the number alone, and so the same each time."""
    with listening() as listener:
        done = list(runs(name, SURFACES[name], range(3), 1, listener))
    assert [each.case for each in done] == [
        SURFACES[name](Random(f"1 {name} {number}"), listener[0]) for number in range(3)
    ]
    assert [each.faults for each in done] == [(), (), ()]
