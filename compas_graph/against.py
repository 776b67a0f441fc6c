"""What speaks against the claims of an answer: values that cannot both hold, and tensions that the editors see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pyoxigraph import NamedNode

from compas_graph.citations import citations
from compas_graph.store import Readable, select

__all__ = ["against"]

MOST = 6
ALIKE = "sources disagree, not all of these can hold"
UNLIKE = "they differ, and are not the same measure"


def against(store: Readable, rows: Sequence[Sequence[NamedNode]]) -> list[str]:
    """Return lines that say what speaks against which rows, given the claims and readings of each row.

    What a row shows itself is not said again, and after some lines the rest is only counted.
    """
    places: dict[NamedNode, list[int]] = defaultdict(list)
    for number, row in enumerate(rows, 1):
        for node in dict.fromkeys(row):
            places[node].append(number)
    wanted = " ".join(sorted(map(str, places)))
    lines = [*_disputes(store, places, wanted), *_tensions(store, places, wanted)] if places else []
    more = len(lines) - MOST
    tail = [f"and {more} more: compas-graph ask where-do-sources-disagree"] if more > 0 else []
    return lines[:MOST] + tail


def _rows(numbers: set[int]) -> str:
    """Return the numbers of rows in words.

    >>> _rows({3, 1, 2}), _rows({4})
    ('rows 1, 2 and 3', 'row 4')
    """
    *most, last = (str(number) for number in sorted(numbers))
    return f"rows {', '.join(most)} and {last}" if most else f"row {last}"


def _disputes(store: Readable, places: dict[NamedNode, list[int]], wanted: str) -> list[str]:
    """Return what other claims say otherwise, those that rows show themselves in one line for each kind of contrast."""
    query = f"""SELECT DISTINCT ?claim ?other ?words ?measure WHERE {{
      VALUES ?claim {{ {wanted} }}
      ?claim cg:disagreesWith ?other .
      OPTIONAL {{ ?other cg:figure ?figure }}
      OPTIONAL {{ ?other cg:when ?when }}
      OPTIONAL {{ ?claim cg:scope ?scope . ?other cg:scope ?otherScope FILTER(?scope != ?otherScope) }}
      OPTIONAL {{ ?claim cg:stage ?stage . ?other cg:stage ?otherStage FILTER(?stage != ?otherStage) }}
      BIND(COALESCE(?figure, ?when) AS ?words)
      BIND(COALESCE(?scope, ?stage) AS ?measure)
    }} ORDER BY ?other"""
    among: dict[str, set[int]] = {ALIKE: set(), UNLIKE: set()}
    outside: dict[tuple[NamedNode, str], set[int]] = defaultdict(set)
    for row in select(store, query):
        if row["other"] in places:
            contrast = ALIKE if row["measure"] is None else UNLIKE
            among[contrast] |= set(places[row["claim"]])  # the other's come with the same pair the other way round
        else:
            words = row["words"].value if row["words"] is not None else "otherwise"
            words += " (not the same measure)" if row["measure"] is not None else ""
            outside[row["other"], words] |= set(places[row["claim"]])
    cited = citations(store, [node for node, _ in outside])
    return [f"{_rows(numbers)}: {contrast}" for contrast, numbers in among.items() if numbers] + [
        f"{_rows(numbers)}: sources disagree, {cited.get(other, '')} says {words}"
        for (other, words), numbers in outside.items()
    ]


def _tensions(store: Readable, places: dict[NamedNode, list[int]], wanted: str) -> list[str]:
    """Return the editors' tension readings between the claims of rows and others."""
    query = f"""SELECT DISTINCT ?reading ?label ?claim WHERE {{
      VALUES ?claim {{ {wanted} }}
      ?reading a cg:TensionReading ; cg:between ?claim ; rdfs:label ?label .
    }} ORDER BY ?reading"""
    found: dict[str, set[int]] = defaultdict(set)
    for row in select(store, query):
        if row["reading"] not in places:
            found[row["label"].value] |= set(places[row["claim"]])
    return [f"{_rows(numbers)}: {label} (inferred)" for label, numbers in found.items()]
