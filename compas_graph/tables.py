"""Answers as text: one table of formats serves every command.

`table` and `markdown` are for people: labels instead of IRIs, citations instead of claims, dates
as they are spoken. `csv`, `tsv`, `json` and `xml` are exactly what the SPARQL 1.1 results formats
say; `turtle`, `ntriples` and `jsonld` hold the graphs that CONSTRUCT and DESCRIBE give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, RdfFormat

from compas_graph.file_formats import written_by
from compas_graph.signs import printable

__all__ = [
    "FORMATS",
    "FOR_GRAPHS",
    "FOR_PEOPLE",
    "FOR_ROWS",
    "LABELLED",
    "Cell",
    "Format",
    "Grid",
    "RdfTerm",
    "Writer",
    "markdown",
    "table",
]

RdfTerm = NamedNode | Literal | BlankNode
NARROWEST = 12
"""To how many signs a column is narrowed at most."""


class Cell(NamedTuple):
    """A cell of a table: its text, and the RDF term that the text stands for, where it stands for one."""

    text: str
    term: RdfTerm | None = None


class Grid(NamedTuple):
    """A table of an answer: headings and rows of cells, a title if it has one, and lines of what speaks against it."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    against: tuple[str, ...] = ()

    @classmethod
    def of(cls, headings: Iterable[str], rows: Iterable[Iterable[Cell | str]], title: str = "") -> Grid:
        """Return a table of cells, of which some are mere text."""
        cells = (tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows)
        return cls(tuple(headings), tuple(cells), title)

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """Return the rows as texts."""
        return tuple(tuple(cell.text for cell in row) for row in self.rows)


Writer = Callable[[Sequence[Grid], int | None], str]
"""What makes one document of the tables of an answer, for a terminal of so many columns, or for none."""


def table(answer: Sequence[Grid], width: int | None = None) -> str:
    """Return tables in columns, wrapped to `width` characters where one is given."""
    shown = (_each(grid, _line) for grid in answer)
    return "\n".join(_titled(grid.title.upper(), _columns(grid, width)) + _against(grid) for grid in shown)


def markdown(answer: Sequence[Grid], width: int | None = None) -> str:
    """Return tables as Markdown; `width` is not used."""
    shown = (_each(grid, _plain) for grid in answer)
    return "\n".join(
        _titled(f"## {grid.title}\n" if grid.title else "", _bars(grid)) + _against(grid) for grid in shown
    )


def _each(grid: Grid, write: Callable[[str], str]) -> Grid:
    """Return a table with all its texts as they are written in a document."""
    rows = tuple(tuple(Cell(write(cell.text), cell.term) for cell in row) for row in grid.rows)
    return Grid(tuple(map(write, grid.headings)), rows, write(grid.title), tuple(map(write, grid.against)))


def _line(text: str) -> str:
    """Return a text in one line of signs that show as what they are."""
    return printable(" ".join(text.split()))


def _plain(text: str) -> str:
    """Return a text in one line of Markdown that stays text: it is no bar, no link, no HTML and no formula."""
    return re.sub(r"([\\`*_\[\]<>&|~$])", r"\\\1", _line(text))


def _titled(title: str, text: str) -> str:
    return f"{title}\n{text}" if title else text


def _against(grid: Grid) -> str:
    """Return the lines below a table that say what speaks against it."""
    return "\nAgainst this:\n" + "".join(f"- {line}\n" for line in grid.against) if grid.against else ""


def _columns(grid: Grid, width: int | None) -> str:
    rows = [grid.headings, *grid.texts]
    widths = _fit([max(map(len, column)) for column in zip(*rows, strict=True)], width)
    return "".join(f"{_lay(row, widths)}\n" for row in rows)


def _fit(wanted: list[int], width: int | None) -> list[int]:
    """Return column widths: as wanted, or narrowed from the widest down until they fit."""
    widths = list(wanted)
    while width and sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > NARROWEST:
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


def _bars(grid: Grid) -> str:
    rows = [grid.headings, tuple("---" for _ in grid.headings), *grid.texts]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def _csv(answer: Sequence[Grid], width: int | None = None) -> str:
    """Return the rows of tables as CSV; `width` is not used."""
    import csv
    import io

    texts = [io.StringIO() for _ in answer]
    for text, grid in zip(texts, answer, strict=True):
        csv.writer(text).writerows([grid.headings, *grid.texts])
    return "\n".join(text.getvalue() for text in texts)


def _tsv(answer: Sequence[Grid], width: int | None = None) -> str:
    """Return the rows of tables as TSV, tabs and line breaks being blanks; `width` is not used."""
    return "\n".join(
        "".join("\t".join(" ".join(cell.split()) for cell in row) + "\n" for row in (grid.headings, *grid.texts))
        for grid in answer
    )


class Format(NamedTuple):
    """A format: its media type, the ending of its files, and who writes it.

    `people` writes tables; `rows` and `graph` are the standard formats of SPARQL results and of RDF.
    """

    media_type: str
    ending: str
    people: Writer | None = None
    rows: QueryResultsFormat | None = None
    graph: RdfFormat | None = None


FORMATS: dict[str, Format] = {
    "table": Format("text/plain", ".txt", people=table),
    "markdown": Format("text/markdown", ".md", people=markdown),
    "csv": Format("text/csv", ".csv", people=_csv, rows=QueryResultsFormat.CSV),
    "tsv": Format("text/tab-separated-values", ".tsv", people=_tsv, rows=QueryResultsFormat.TSV),
    "json": Format("application/sparql-results+json", ".srj", rows=QueryResultsFormat.JSON),
    "xml": Format("application/sparql-results+xml", ".srx", rows=QueryResultsFormat.XML),
} | {name: Format(form.rdf.media_type, form.endings[0], graph=form.rdf) for name, form in written_by("sparql").items()}
FOR_PEOPLE = tuple(name for name, form in FORMATS.items() if form.people and not form.rows)
FOR_GRAPHS = tuple(name for name, form in FORMATS.items() if form.graph)
FOR_ROWS = tuple(name for name, form in FORMATS.items() if not form.graph)
LABELLED = tuple(name for name, form in FORMATS.items() if form.people and form.rows)
"""Formats of SPARQL results in which tables can be written, too."""
