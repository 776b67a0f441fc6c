"""What can be asked of a check."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

__all__ = ["Request"]


class Request(NamedTuple):
    """What to check, against what: without `paths` the graph, without `shapes` ours.

    With shapes of ours, files are checked beside the rest of the graph; with others, beside `ontology` alone.
    """

    paths: tuple[Path, ...] = ()
    shapes: tuple[Path, ...] = ()
    ontology: tuple[Path, ...] = ()
    infer: str = "none"
    texts: Path | None = None
    engine: str = "own"

    @property
    def ours(self) -> bool:
        """Tell whether our shapes are used."""
        return not self.shapes
