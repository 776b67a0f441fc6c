"""Saved queries made by hand, without a file and a header."""

from __future__ import annotations

from pathlib import Path

from compas_graph.parameters import Parameter
from compas_graph.query import SavedQuery

__all__ = ["query_of"]


def query_of(text: str, *parameters: Parameter, none: str = "a thing") -> SavedQuery:
    """Return a saved query of that text and those parameters, which is called mine."""
    return SavedQuery(
        name="mine",
        path=Path("mine.rq"),
        summary="What?",
        description="More.",
        none=none,
        tags=("a",),
        headings={},
        parameters={parameter.name: parameter for parameter in parameters},
        text=text,
    )
