"""Regular expressions as SPARQL has them, matched by Oxigraph, whose time grows only with the length of the text."""

from __future__ import annotations

import re
from collections.abc import Collection

from pyoxigraph import Literal, QuerySolutions, Store

from compas_graph.errors import DataError, UnsupportedShapesError, shorten

__all__ = ["check_pattern", "matching"]

FLAGS = "smixq"
MOST_TEXTS = 5000
"""How many texts a query holds; the time for one grows faster than their number."""


def check_pattern(pattern: str, flags: str) -> None:
    """Raise DataError for what is no regular expression, UnsupportedShapesError for one that Oxigraph cannot match."""
    if not set(flags) <= set(FLAGS):
        raise DataError(f"sh:flags has '{shorten(flags)}'; it takes some of the letters {', '.join(FLAGS)}")
    if _ask(f"SELECT (REGEX('', {Literal(pattern)}, {Literal(flags)}) AS ?known) {{}}")[0] is not None:
        return
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise DataError(f"sh:pattern has '{shorten(pattern)}', which is no regular expression: {error}") from error
    raise UnsupportedShapesError(f"sh:pattern has '{shorten(pattern)}', which is no regular expression of SPARQL's")


def matching(texts: Collection[str], pattern: str, flags: str) -> set[str]:
    """Return those of some texts that a pattern is found in."""
    found: set[str] = set()
    left = [str(Literal(text)) for text in texts]
    condition = f"FILTER(REGEX(?text, {Literal(pattern)}, {Literal(flags)}))"
    for start in range(0, len(left), MOST_TEXTS):
        values = " ".join(left[start : start + MOST_TEXTS])
        rows = _ask(f"SELECT ?text {{ VALUES ?text {{ {values} }} {condition} }}")
        found |= {one.value for one in rows if isinstance(one, Literal)}
    return found


def _ask(query: str) -> list[object]:
    solutions = Store().query(query)
    assert isinstance(solutions, QuerySolutions)
    return [solution[0] for solution in solutions]
