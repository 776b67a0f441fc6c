"""Count how many small changes to the code the tests notice: a sample of mutants of what decides the truth.

    python -m benchmarks.mutants [--sample N] [--seed N] [--jobs N] [--names FILE] [MODULE ...]

The sample is the same on each run; a change to the code changes of it only what concerns that function. Each mutant
gets the tests that call its function, the module's own first, in a copy of the tree. What cannot be told from
the original stands in equivalent.tsv, with the reason. Exits with 1 where fewer than nine of ten of the others die,
and with 2 where it cannot run.

Of the tools there are, cosmic-ray starts all tests anew for each mutant and changes the tree itself, mutmut leaves out
what stands outside of functions, and neither drops statements, filters and entries of tables or draws a sample.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.mutants.changes import Mutant, mutants
from benchmarks.mutants.trials import FailingTestsError, Trials

__all__ = ["draw", "main"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "compas_graph"
EQUIVALENT = Path(__file__).with_name("equivalent.tsv")
MODULES = (
    "against", "answers", "axioms", "comparisons", "dates", "disagreements", "evidence", "facts", "graph", "names",
    "owl", "phrases", "reasoning", "results", "rules", "store", "views",
)  # fmt: skip
"""What decides what is true, and what is shown of it."""
TESTED_WITH = {"axioms": "reasoning", "owl": "reasoning", "rules": "reasoning", "store": "graph"}
"""Modules without tests of their own, and with whose tests they are tested."""
WANTED = 0.9
"""The share of mutants that die."""


def draw(found: Sequence[Mutant], size: int, seed: int) -> list[Mutant]:
    """Return a sample of mutants in which each module has its share, in an order that tells nothing."""
    by_module: dict[str, list[Mutant]] = {}
    for mutant in sorted(found, key=lambda mutant: hashlib.sha256(f"{seed} {mutant.name}".encode()).digest()):
        by_module.setdefault(mutant.module, []).append(mutant)
    ranked = [
        ((place + 0.5) / len(those), module, mutant)
        for module, those in by_module.items()
        for place, mutant in enumerate(those)
    ]
    return [mutant for _, _, mutant in sorted(ranked)[:size]]


def equivalent(found: Sequence[Mutant], modules: Sequence[str]) -> set[str]:
    """Return the names of the mutants that no test can tell from the original, or raise ValueError for one unknown."""
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        names = [row["mutant"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    wanted = {name for name in names if name.partition(".")[0] in modules}
    if unknown := wanted - {mutant.name for mutant in found}:
        raise ValueError(f"{EQUIVALENT}: no such mutant: {sorted(unknown)[0]}")
    return wanted


def main(arguments: Sequence[str] | None = None) -> int:
    """Try a sample of mutants, print what became of each, and return the exit code."""
    options = _options(arguments)
    try:
        return _count(options, options.modules or MODULES)
    except (FailingTestsError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


def _count(options: argparse.Namespace, modules: Sequence[str]) -> int:
    found = [mutant for module in modules for mutant in mutants(module, _read(module))]
    same = equivalent(found, modules)
    if options.names:
        chosen, same = _named(found, options.names), set()
    else:
        chosen = draw(found, options.sample, options.seed)
    start, tried = perf_counter(), [mutant for mutant in chosen if mutant.name not in same]
    print(f"{len(chosen)} of {len(found)} mutants of {len(modules)} modules")
    for mutant in chosen:
        if mutant.name in same:
            print(f"equivalent  {mutant.name}")
    killed = 0
    for outcome in Trials(ROOT, PACKAGE, options.jobs, TESTED_WITH).run(tried):
        killed += outcome.killed
        what, by = ("killed", f"by {outcome.by}") if outcome.killed else ("survived", outcome.by or "all tests pass")
        print(f"{what:10}  {outcome.mutant.name}  [{by}, {outcome.seconds:.0f} s]", flush=True)
    share = killed / len(tried) if tried else 1
    print(f"{killed} killed, {len(tried) - killed} survived, {len(chosen) - len(tried)} equivalent", end="; ")
    print(f"{share:.1%} of {len(tried)} die; {(perf_counter() - start) / 60:.0f} minutes")
    return 0 if share >= WANTED else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sample", type=int, default=200, metavar="N", help="how many mutants (default 200)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another number draws other ones (default 0)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="how many at a time (default 2)")
    parser.add_argument("--names", type=Path, metavar="FILE", help="a file with the names of those to try")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"of {PACKAGE}; by default {', '.join(MODULES)}")
    return parser.parse_args(arguments)


def _read(module: str) -> str:
    path = ROOT.joinpath(PACKAGE, *module.split(".")).with_suffix(".py")
    if not path.is_file():
        raise ValueError(f"{path}: no such module; name one of {PACKAGE}, such as dates")
    return path.read_text("utf-8")


def _named(found: Sequence[Mutant], path: Path) -> list[Mutant]:
    """Return the mutants that a file names, one a line."""
    by_name = {mutant.name: mutant for mutant in found}
    names = path.read_text("utf-8").splitlines()
    if unknown := [name for name in names if name not in by_name]:
        raise ValueError(f"{path}: no such mutant: {unknown[0]}")
    return [by_name[name] for name in names]


if __name__ == "__main__":
    sys.exit(main())
