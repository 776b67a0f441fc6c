"""Results of queries as people read them: labels for things, citations for claims, dates and numbers in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, QuerySolutions

from compas_graph.citations import citations
from compas_graph.namespaces import compact
from compas_graph.store import Readable, select
from compas_graph.tables import Cell, Grid, RdfTerm
from compas_graph.words import grouped, phrase

__all__ = ["columns", "grid", "rows_of", "selected", "spoken"]

HELPERS = ("Label", "Note")
DATES = ("date", "gYear", "gYearMonth")
NUMBERS = ("decimal", "integer")


def grid(
    store: Readable,
    variables: Sequence[str],
    rows: Sequence[Mapping[str, RdfTerm | None]],
    names: Mapping[str, str] | None = None,
    hidden: Sequence[str] = (),
) -> Grid:
    """Return rows as people read them.

    `?xLabel` and `?xNote` are shown in the column of `?x`; `names` gives headings that are not
    the name of the variable; the variables in `hidden`, and columns without any text, are left out
    while others remain.
    """
    spoken_of = [name for name in variables if not _helps(name, variables)]
    columns = [name for name in spoken_of if name not in hidden] or spoken_of
    nodes = {term for row in rows for name in columns if isinstance(term := row[name], NamedNode)}
    words = _labels(store, nodes) | citations(store, nodes)
    cells = {name: [_cell(row, name, words) for row in rows] for name in columns}
    shown = [name for name in columns if any(cell.text for cell in cells[name])] or columns
    headings = tuple((names or {}).get(name) or _heading(name) for name in shown)
    return Grid(headings, tuple(zip(*(cells[name] for name in shown), strict=True)))


def selected(store: Readable, query: str, names: Mapping[str, str] | None = None) -> Grid:
    """Return the rows of a SELECT query as people read them."""
    return grid(store, *rows_of(select(store, query)), names)


def rows_of(found: QuerySolutions) -> tuple[list[str], list[dict[str, RdfTerm | None]]]:
    """Return the names of the variables of a SELECT query, and its rows by them."""
    names = [variable.value for variable in found.variables]
    return names, [{name: row[name] for name in names} for row in found]


def _helps(name: str, variables: Sequence[str]) -> bool:
    return any(name.endswith(end) and name.removesuffix(end) in variables for end in HELPERS)


def columns(query: str, names: Mapping[str, str], parameters: Iterable[str]) -> list[str]:
    """Return the headings that the text of a SELECT query can show to people, its parameters left out."""
    head = re.split(r"\bWHERE\b", re.sub(r"#[^\n]*", "", query))[0].rpartition("SELECT")[2]
    variables = re.findall(r"\?(\w+)", re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)* AS (\?\w+)\s*\)", r"\1", head))
    hidden = set(parameters)
    shown = [name for name in variables if not _helps(name, variables) and name not in hidden]
    return [names.get(name) or _heading(name) for name in shown]


def _heading(name: str) -> str:
    """Return a variable's name as words; a claim is headed as the source that it cites.

    >>> _heading("planClaim")
    'plan source'
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
    return re.sub(r"\bclaim\b", "source", words)


def _labels(store: Readable, nodes: set[NamedNode]) -> dict[NamedNode, str]:
    wanted = " ".join(sorted(map(str, nodes)))
    query = f"SELECT ?node ?label {{ VALUES ?node {{ {wanted} }} ?node rdfs:label ?label }}"
    return {row["node"]: row["label"].value for row in select(store, query)} if nodes else {}


def _cell(row: Mapping[str, RdfTerm | None], name: str, words: Mapping[NamedNode, str]) -> Cell:
    term, label, note = row[name], row.get(name + "Label"), row.get(name + "Note")
    text = spoken(label if label is not None else term, words)
    text = f"{text} ({spoken(note, words)})" if note is not None else text
    return Cell(" ".join(text.split()), term)


def spoken(term: RdfTerm | None, words: Mapping[NamedNode, str]) -> str:
    """Return a term as people read it: a label, a citation, a spoken date or a grouped number."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return words.get(term) or compact(term.value)
    if isinstance(term, Literal):
        kind = term.datatype.value.rpartition("#")[2]
        if kind in DATES:
            return phrase(term.value)
        if kind in NUMBERS:
            return grouped(term.value)
        return term.value
    return str(term)
