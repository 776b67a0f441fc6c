"""Running an input as the installed command would be, in a child that may crash or hang."""

from __future__ import annotations

import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.fuzzing.judging import Case, Outcome, faults
from tests.listener import Listener

__all__ = ["Run", "Surface", "run", "runs", "warm"]

Surface = Callable[[Random, str], Case]
"""Makes an input, given the address that must not be called."""
SILENCE = 60.0
"""For how many seconds a run may last that tells of no limit; then it is stopped."""
KILLED = -9


class Run(NamedTuple):
    """An input that was run: its number on its surface, what it was, what came of it, and what was wrong with that."""

    surface: str
    number: int
    case: Case
    outcome: Outcome
    faults: tuple[str, ...]


def warm() -> None:
    """Import what the commands need and open the graph once, which every child then has."""
    import compas_graph.checks.checking
    import compas_graph.checks.exchange
    import compas_graph.checks.report_graph
    import compas_graph.checks.reports
    import compas_graph.shacl.reference  # noqa: F401
    from compas_graph import graph
    from compas_graph.bundle import Bundle

    graph.open_graph = cache(graph.open_graph)  # type: ignore[assignment]
    graph.open_graph(Bundle.at(None), view=None)


def runs(name: str, surface: Surface, numbers: Sequence[int], seed: int, listener: Listener) -> Iterator[Run]:
    """Run inputs of a surface, each made from the seed, the name of the surface and its number."""
    for number in numbers:
        case = surface(Random(f"{seed} {name} {number}"), listener[0])
        outcome = run(case, listener)
        yield Run(name, number, case, outcome, tuple(faults(case, outcome)))


def run(case: Case, listener: Listener) -> Outcome:
    """Run a case in a folder of its own."""
    before = len(listener[1])
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        for name, data in case.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        start = time.monotonic()
        child = os.fork()
        if child == 0:
            os.setsid()
            os.chdir(folder)
            _become(case, out.fileno(), err.fileno())
        code = _wait(child)
        seconds = time.monotonic() - start
        for stream in (out, err):
            stream.seek(0)
        return Outcome(code, out.read(), err.read(), seconds, len(listener[1]) - before)


def _wait(child: int) -> int:
    """Return the exit code of a child, or that of one that was killed if it does not end."""
    seen = os.pidfd_open(child)
    if not select.select([seen], [], [], SILENCE)[0]:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
    os.close(seen)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become(case: Case, out: int, err: int) -> None:
    """Be the installed command, and end as it does."""
    from compas_graph import cli

    code = 99
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
        sys.argv = ["compas-graph", *case.arguments]
        cli.main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 98
    except BaseException:
        os.write(2, traceback.format_exc().encode("utf-8", "replace"))
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(ValueError, OSError):
                stream.flush()
        os._exit(code)
