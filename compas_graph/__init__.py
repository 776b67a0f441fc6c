"""A provenance-first knowledge graph of alliances, plants, platforms and vehicles.

`load` gives the graph; `compas_graph.api` shows what can be done with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compas_graph.version import __version__

if TYPE_CHECKING:
    from compas_graph.api import KnowledgeGraph

__all__ = ["__version__", "load"]


def load(data: Path | str | None = None, *, as_of: str | None = None, without: Sequence[str] = ()) -> KnowledgeGraph:
    """Return the graph in the folder `data`, or the one that comes with the package.

    `as_of` (YYYY, YYYY-MM or YYYY-MM-DD) keeps only the sources published for certain by the end
    of that period, `without` leaves sources out by name. Raises DataError, UnknownNameError or
    ValueTypeError, all of them `compas_graph.errors.CompasGraphError`.
    """
    from compas_graph.api import KnowledgeGraph

    return KnowledgeGraph(data, as_of, without)
