"""Waiting for files to change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from compas_graph.files import state

__all__ = ["changes"]

State = dict[Path, tuple[int, int] | None]


def changes(files: Callable[[], Iterable[Path]], every: float = 0.3) -> Iterator[list[Path]]:
    """Yield no file at first, then those that changed, came or went, each time when they are left alone for a moment.

    `files` says which files count, folders among them not searched; it is asked again each time. What
    changes while the caller is at work on what was yielded is told next.
    """
    known = _state(files())
    yield []
    while True:
        time.sleep(every)
        now = _state(files())
        if now == known:
            continue
        while (later := _state(files())) != now or not _rested(now):
            now = later
            time.sleep(every)
        changed = sorted(path for path in known.keys() | now.keys() if known.get(path) != now.get(path))
        known = now
        yield changed


def _state(files: Iterable[Path]) -> State:
    return {path: state(path) for path in files}


def _rested(seen: State) -> bool:
    """Tell whether no file is being written, as far as its time of change tells."""
    latest = max((one[0] for one in seen.values() if one), default=0)
    return abs(time.time_ns() - latest) > 50_000_000
