"""Run the tests on mutants, in copies of the tree: those of the module first, then others that call the function.

What calls little else comes early, as it is the likeliest to notice.
"""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from benchmarks.mutants.changes import Mutant, plain

__all__ = ["FailingTestsError", "Outcome", "Trials"]

PYTEST = ("-m", "pytest", "-n", "0", "-q", "-x", "-rfE", "--no-header", "--doctest-modules", "-p", "no:cacheprovider")
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__")
PATIENCE = 10, 5
"""Seconds of work that tests may take beside what they took without a mutant; how many times as long by the clock."""


class FailingTestsError(Exception):
    """Tests that fail without any mutant."""


class Outcome(NamedTuple):
    """What became of a mutant: whether tests noticed it, the first that did, and in how many seconds."""

    mutant: Mutant
    killed: bool
    by: str
    seconds: float


class _Tests(NamedTuple):
    """A file of tests: how long it takes, and the functions that it calls, by module."""

    path: str
    seconds: float
    calls: frozenset[tuple[str, str]]

    def share(self, module: str) -> float:
        """Return how much of what the tests call is of a module."""
        return sum(called == module for called, _ in self.calls) / len(self.calls)


@dataclass
class Trials:
    """A tree, the package in it whose modules are changed, and how many trials run at a time.

    `tested_with` gives for a module without tests of its own the one with whose tests it is tested.
    """

    root: Path
    package: str
    jobs: int = 2
    tested_with: Mapping[str, str] = field(default_factory=dict)

    def run(self, mutants: Sequence[Mutant]) -> Iterator[Outcome]:
        """Yield the outcome for each mutant, as they come. Raises FailingTestsError where tests fail without any."""
        with TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(self.jobs) as pool:
            first = self._copy(Path(folder), {mutant.module for mutant in mutants})
            tests = list(pool.map(lambda path: self._tried(first, path), self._files(first)))
            copies: queue.Queue[Path] = queue.Queue()
            copies.put(first)
            for number in range(1, self.jobs):
                copies.put(Path(shutil.copytree(first, first.with_name(str(number)), symlinks=True)))

            def judge(mutant: Mutant) -> Outcome:
                copy = copies.get()
                try:
                    return self._judged(copy, mutant, tests)
                finally:
                    copies.put(copy)

            yield from pool.map(judge, mutants)

    def _copy(self, folder: Path, modules: Iterable[str]) -> Path:
        """Return a copy of the tree in which modules have the form that they have in mutants."""
        copy = Path(shutil.copytree(self.root, folder / "0", ignore=LEFT_OUT, symlinks=True))
        for module in modules:
            path = self._source(copy, module)
            path.write_text(plain(path.read_text("utf-8")), "utf-8")
        return copy

    def _source(self, copy: Path, module: str) -> Path:
        return copy.joinpath(self.package, *module.split(".")).with_suffix(".py")

    def _files(self, copy: Path) -> list[str]:
        """Return the files in which pytest finds tests, as a plain run does."""
        done = subprocess.run(
            [sys.executable, *PYTEST, "--collect-only"],
            cwd=copy,
            env=_environment(copy),
            capture_output=True,
            text=True,
        )
        found = dict.fromkeys(re.findall(r"^(\S+\.py)(?=::|: \d)", done.stdout, re.MULTILINE))
        if done.returncode or not found:
            raise FailingTestsError(f"{copy}: pytest finds no tests\n{done.stdout}")
        return list(found)

    def _tried(self, copy: Path, path: str) -> _Tests:
        """Return what the tests of a file call and how long they take."""
        log = copy.with_name(path.replace("/", "-") + ".calls")
        traced = log.with_suffix(".traced")
        traced.mkdir()
        shutil.copy(Path(__file__).with_name("tracing.py"), traced / "sitecustomize.py")
        package = str(copy / self.package)
        more = {"FUNCTIONS_OF": package, "FUNCTIONS_CALLED": str(log)}
        start = perf_counter()
        done = subprocess.run(
            [sys.executable, *PYTEST, path],
            cwd=copy,
            env=_environment(traced, copy) | more,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise FailingTestsError(f"{path}: fails without a mutant\n{done.stdout}")
        lines = (line.split("\t") for line in log.read_text("utf-8").splitlines()) if log.exists() else ()
        calls = frozenset(
            (file.removesuffix(".py").replace(os.sep, "."), name.partition(".<locals>")[0]) for file, name in lines
        )
        return _Tests(path, perf_counter() - start, calls)

    def _judged(self, copy: Path, mutant: Mutant, tests: Iterable[_Tests]) -> Outcome:
        """Return what becomes of a mutant in a copy, which is as it was afterwards."""
        calling = [each for each in tests if (mutant.module, mutant.function) in each.calls]
        calling.sort(key=lambda each: each.share(mutant.module), reverse=True)
        tested = self.tested_with.get(mutant.module, mutant.module)
        own = [each for each in calling if _is_of(each.path, tested)]
        others = [each for each in calling if each not in own]
        start = perf_counter()
        with _replaced(self._source(copy, mutant.module), mutant.source):
            by = next((found for part in (own, others) if part and (found := _noticed(copy, part))), "")
        return Outcome(mutant, bool(by), by if calling else "no test calls it", perf_counter() - start)


def _is_of(path: str, module: str) -> bool:
    """Tell whether a file holds the tests of a module: it is called after it, or is the module itself."""
    return Path(path).stem.removeprefix("test_") == module.rpartition(".")[2]


def _environment(*first: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, first))}


@contextmanager
def _replaced(path: Path, source: str) -> Iterator[None]:
    """Let a file hold another source for a while."""
    kept = path.read_text("utf-8")
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()  # two sources of one length written within a second are the same to Python
    path.write_text(source, "utf-8")
    try:
        yield
    finally:
        path.write_text(kept, "utf-8")


def _noticed(copy: Path, tests: Sequence[_Tests]) -> str:
    """Return the first test that fails, `time` where they take far too long, and nothing where all pass."""
    more, times = PATIENCE
    most = more + round(sum(each.seconds for each in tests))
    limited = ["sh", "-c", 'ulimit -t "$0" && exec "$@"', str(most)]
    command = [*limited, sys.executable, *PYTEST, "--tb=no", *(each.path for each in tests)]
    environment = _environment(copy) | {"PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        printed, _ = process.communicate(timeout=times * most)
    except subprocess.TimeoutExpired:
        return "time"
    finally:
        _end(process)
    if process.returncode == 0:
        return ""
    if process.returncode < 0:
        return "time"
    failed = (line.split()[1] for line in printed.splitlines() if line.startswith(("FAILED ", "ERROR ")))
    return next(failed, "pytest itself")


def _end(process: subprocess.Popen[str]) -> None:
    """End a process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
