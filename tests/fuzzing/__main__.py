"""Fuzz the program, say what was found, and leave with exit code 1 if anything was."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.fuzzing.running import Run, runs, warm
from tests.fuzzing.surfaces import SURFACES
from tests.listener import listening

CHUNK = 50


def main() -> int:
    """Run the inputs that the command line asks for."""
    parser = argparse.ArgumentParser("python -m tests.fuzzing", description=__doc__)
    parser.add_argument("surfaces", nargs="*", metavar="SURFACE", help=f"{', '.join(SURFACES)}; all if none is named")
    parser.add_argument("--inputs", type=int, default=3000, help="how many for each surface (default: 3000)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input (default: 0)")
    parser.add_argument("--seed", type=int, default=1, help="what the inputs are made from (default: 1)")
    parser.add_argument("--jobs", type=int, default=2, help="how many run side by side (default: 2)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where to keep what broke something")
    asked = parser.parse_args()
    if unknown := set(asked.surfaces) - SURFACES.keys():
        parser.error(f"there is no surface {', '.join(sorted(unknown))}")
    warm()
    broken = 0
    with ProcessPoolExecutor(asked.jobs, get_context("fork")) as pool:
        for name in asked.surfaces or SURFACES:
            start = time.monotonic()
            chunks = [
                range(n, min(n + CHUNK, asked.first + asked.inputs))
                for n in range(asked.first, asked.first + asked.inputs, CHUNK)
            ]
            done = [run for some in pool.map(_chunk, [(name, chunk, asked.seed) for chunk in chunks]) for run in some]
            broken += _told(name, done, time.monotonic() - start, asked.keep)
    return 1 if broken else 0


def _chunk(asked: tuple[str, range, int]) -> list[Run]:
    name, numbers, seed = asked
    with listening() as listener:
        return [
            run
            if run.faults
            else run._replace(case=run.case._replace(files={}), outcome=run.outcome._replace(out=b"", err=b""))
            for run in runs(name, SURFACES[name], numbers, seed, listener)
        ]


def _told(name: str, done: list[Run], seconds: float, keep: Path | None) -> int:
    """Print what came of the inputs of a surface, keep what broke something, and return how many did."""
    codes = Counter(run.outcome.code for run in done)
    slowest = max(run.outcome.seconds for run in done)
    each = ", ".join(f"{number:,} with exit code {code}" for code, number in sorted(codes.items()))
    broken = [run for run in done if run.faults]
    said = f"{name}: {len(done):,} inputs in {seconds:.0f} s: {each}; slowest {slowest:.1f} s; broken {len(broken)}"
    print(said, flush=True)
    for run in broken[:20]:
        print(f"  {name} {run.number}: {'; '.join(run.faults)}: {json.dumps(run.case.arguments)[:200]}", flush=True)
    for run in broken if keep else []:
        assert keep is not None
        folder = keep / f"{name}-{run.number}"
        files = run.case.files | {
            "stdout": run.outcome.out,
            "stderr": run.outcome.err,
            "arguments.json": json.dumps([run.faults, run.case.arguments]).encode(),
        }
        for file, data in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(data)
    return len(broken)


if __name__ == "__main__":
    sys.exit(main())
