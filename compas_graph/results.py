"""Answers as text: one table of formats serves every command.

`table` and `markdown` are for people: labels instead of IRIs, citations instead of claims, dates
as they are spoken. `csv`, `tsv`, `json` and `xml` are exactly what the SPARQL 1.1 results formats
say; `turtle`, `ntriples` and `jsonld` hold the graphs that CONSTRUCT and DESCRIBE give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat

from compas_graph.citations import citations
from compas_graph.namespaces import compact
from compas_graph.store import Readable, select
from compas_graph.words import grouped, phrase

__all__ = [
    "FORMATS",
    "FOR_GRAPHS",
    "FOR_PEOPLE",
    "FOR_ROWS",
    "Cell",
    "Format",
    "Grid",
    "columns",
    "grid",
    "markdown",
    "of_solutions",
    "selected",
    "spoken",
    "table",
]

Cell = NamedNode | Literal | BlankNode | None
HELPERS = ("Label", "Note")
DATES = ("date", "gYear", "gYearMonth")
NUMBERS = ("decimal", "integer")


class Grid(NamedTuple):
    """An answer for people: headings and rows of text."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def grid(
    store: Readable,
    variables: Sequence[str],
    rows: Sequence[Mapping[str, Cell]],
    names: Mapping[str, str] | None = None,
    hidden: Sequence[str] = (),
) -> Grid:
    """Return rows as people read them.

    `?xLabel` and `?xNote` are shown in the column of `?x`; `names` gives headings that are not
    the name of the variable; the variables in `hidden`, and columns without any text, are left out.
    """
    columns = [name for name in variables if not _helps(name, variables) and name not in hidden]
    nodes = {term for row in rows for name in columns if isinstance(term := row[name], NamedNode)}
    words = _labels(store, nodes) | citations(store, nodes)
    cells = {name: [_cell(row, name, words) for row in rows] for name in columns}
    shown = [name for name in columns if any(cells[name])] or columns
    headings = tuple((names or {}).get(name) or _heading(name) for name in shown)
    return Grid(headings, tuple(zip(*(cells[name] for name in shown), strict=True)))


def selected(store: Readable, query: str, names: Mapping[str, str] | None = None) -> Grid:
    """Return the rows of a SELECT query as people read them."""
    return of_solutions(store, select(store, query), names)


def of_solutions(store: Readable, solutions: QuerySolutions, names: Mapping[str, str] | None = None) -> Grid:
    """Return solutions as people read them."""
    variables = [variable.value for variable in solutions.variables]
    return grid(store, variables, [{name: row[name] for name in variables} for row in solutions], names)


def _helps(name: str, variables: Sequence[str]) -> bool:
    return any(name.endswith(end) and name.removesuffix(end) in variables for end in HELPERS)


def columns(query: str, names: Mapping[str, str], parameters: Iterable[str]) -> list[str]:
    """Return the headings that the text of a SELECT query can show to people, its parameters left out."""
    head = re.split(r"\bWHERE\b", re.sub(r"#[^\n]*", "", query), maxsplit=1)[0].rpartition("SELECT")[2]
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


def _cell(row: Mapping[str, Cell], name: str, words: Mapping[NamedNode, str]) -> str:
    term, label, note = row[name], row.get(name + "Label"), row.get(name + "Note")
    text = spoken(label if label is not None else term, words)
    text = f"{text} ({spoken(note, words)})" if note is not None else text
    return " ".join(text.split())


def spoken(term: Cell, words: Mapping[NamedNode, str]) -> str:
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


def table(answer: Grid, width: int | None = None) -> str:
    """Return a grid in columns, wrapped to `width` characters where one is given."""
    widths = _fit([max(map(len, column)) for column in zip(answer.headings, *answer.rows, strict=True)], width)
    lines = [_lay(answer.headings, widths)]
    lines += [_lay(row, widths) for row in answer.rows]
    return "\n".join(lines) + "\n"


def _fit(wanted: list[int], width: int | None) -> list[int]:
    """Return column widths: as wanted, or narrowed from the widest down until they fit."""
    widths = list(wanted)
    while width and sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 12:
        widths[widths.index(max(widths))] -= 1
    return widths


def _lay(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return one row as one or more lines, its cells wrapped to their widths."""
    from textwrap import wrap

    parts = [wrap(cell, size) if len(cell) > size else [cell] for cell, size in zip(cells, widths, strict=True)]
    height = max(map(len, parts))
    lines = [
        "  ".join(
            (part[line] if line < len(part) else "").ljust(size) for part, size in zip(parts, widths, strict=True)
        )
        for line in range(height)
    ]
    return "\n".join(line.rstrip() for line in lines)


def markdown(answer: Grid, width: int | None = None) -> str:
    """Return a grid as a Markdown table; `width` is not used."""
    rows = [answer.headings, tuple("---" for _ in answer.headings), *answer.rows]
    return "".join("| " + " | ".join(re.sub(r"([\\|])", r"\\\1", cell) for cell in row) + " |\n" for row in rows)


def _csv(answer: Grid, width: int | None = None) -> str:
    """Return a grid as CSV; `width` is not used."""
    import csv
    import io

    text = io.StringIO()
    csv.writer(text).writerows([answer.headings, *answer.rows])
    return text.getvalue()


def _tsv(answer: Grid, width: int | None = None) -> str:
    """Return a grid as TSV, cells being without tabs; `width` is not used."""
    return "".join("\t".join(row) + "\n" for row in (answer.headings, *answer.rows))


class Format(NamedTuple):
    """A format: its media type, the ending of its files, and who writes it.

    `people` writes a grid; `rows` and `graph` are the standard formats of SPARQL results and of RDF.
    """

    media_type: str
    ending: str
    people: Callable[[Grid, int | None], str] | None = None
    rows: QueryResultsFormat | None = None
    graph: RdfFormat | None = None


FORMATS: dict[str, Format] = {
    "table": Format("text/plain", "txt", people=table),
    "markdown": Format("text/markdown", "md", people=markdown),
    "csv": Format("text/csv", "csv", people=_csv, rows=QueryResultsFormat.CSV),
    "tsv": Format("text/tab-separated-values", "tsv", people=_tsv, rows=QueryResultsFormat.TSV),
    "json": Format("application/sparql-results+json", "srj", rows=QueryResultsFormat.JSON),
    "xml": Format("application/sparql-results+xml", "srx", rows=QueryResultsFormat.XML),
    "turtle": Format("text/turtle", "ttl", graph=RdfFormat.TURTLE),
    "ntriples": Format("application/n-triples", "nt", graph=RdfFormat.N_TRIPLES),
    "jsonld": Format("application/ld+json", "jsonld", graph=RdfFormat.JSON_LD),
}
FOR_PEOPLE = tuple(name for name, form in FORMATS.items() if form.people and not form.rows)
FOR_GRAPHS = tuple(name for name, form in FORMATS.items() if form.graph)
FOR_ROWS = tuple(name for name, form in FORMATS.items() if not form.graph)
