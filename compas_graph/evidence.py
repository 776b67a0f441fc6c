"""The evidence of answers: the claims behind each row, and on request the sources' own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode

from compas_graph.citations import citations
from compas_graph.errors import DataError
from compas_graph.files import read_text
from compas_graph.namespaces import compact
from compas_graph.sources import matched_texts
from compas_graph.store import Readable, select
from compas_graph.tables import Cell, Grid
from compas_graph.texts import digest

__all__ = ["Evidence", "evidence", "evidence_grid", "evidence_of_rows"]


class Evidence(NamedTuple):
    """One claim behind an answer, or a reading, whose claims follow it.

    `start` and `end` are offsets in code points of the source's text, None for a reading; `hedge`
    is how the figure or date is meant, empty where it is as printed; `words` are the source's own.
    """

    node: NamedNode
    says: str
    status: str
    hedge: str
    citation: str
    start: int | None = None
    end: int | None = None
    words: str = ""


class _Passage(NamedTuple):
    source: str
    start: int
    end: int
    sha256: str


def evidence(store: Readable, nodes: Sequence[NamedNode], texts: Path | None = None) -> list[Evidence]:
    """Return the claims among `nodes`, and the readings each followed by what it rests on, as in `evidence_of_rows`."""
    return evidence_of_rows(store, [nodes], texts)[0]


def evidence_of_rows(
    store: Readable, rows: Sequence[Sequence[NamedNode]], texts: Path | None = None
) -> list[list[Evidence]]:
    """Return for each row the claims among its nodes, and the readings each followed by what it rests on.

    The store is asked once for all rows. With a folder of texts, each claim has the words of its
    passage; DataError where a text is missing or its words are not those that were encoded.
    """
    grounds = _grounds(store, {node for row in rows for node in row})
    found = [list(_with_grounds(grounds, row, set())) for row in rows]
    nodes = {node for row in found for node in row}
    wanted = " ".join(sorted(map(str, nodes)))
    cited, told, passages = citations(store, nodes), _told(store, wanted), _passages(store, wanted)
    words = _words(store, passages, texts) if texts else {}
    return [
        [
            Evidence(node, *told[node], cited.get(node, ""), *_span(passages.get(node)), words.get(node, ""))
            for node in row
            if node in told
        ]
        for row in found
    ]


def _span(passage: _Passage | None) -> tuple[int | None, int | None]:
    return (passage.start, passage.end) if passage else (None, None)


def _grounds(store: Readable, nodes: Iterable[NamedNode]) -> dict[NamedNode, list[NamedNode]]:
    """Return what each reading among some nodes, and each that one of them rests on, rests on itself."""
    query = f"""SELECT DISTINCT ?reading ?ground WHERE {{
      VALUES ?node {{ {" ".join(sorted(map(str, nodes)))} }}
      ?node cg:restsOn* ?reading .
      ?reading cg:restsOn ?ground .
    }} ORDER BY ?reading ?ground"""
    found: dict[NamedNode, list[NamedNode]] = {}
    for row in select(store, query):
        found.setdefault(row["reading"], []).append(row["ground"])
    return found


def _with_grounds(
    grounds: Mapping[NamedNode, Sequence[NamedNode]], nodes: Iterable[NamedNode], seen: set[NamedNode]
) -> Iterator[NamedNode]:
    """Yield each node once, a reading before what it rests on."""
    for node in nodes:
        if node not in seen:
            seen.add(node)
            yield node
            yield from _with_grounds(grounds, grounds.get(node, ()), seen)


def _told(store: Readable, wanted: str) -> dict[NamedNode, tuple[str, str, str]]:
    """Return the paraphrase, the status and the hedges of each claim or reading."""
    query = f"""SELECT ?node ?label ?status ?word WHERE {{
      VALUES ?node {{ {wanted} }}
      ?node rdfs:label ?label ; cg:modality/cg:status ?status .
      OPTIONAL {{
        VALUES ?property {{ cg:comparator cg:stage cg:scope cg:startBound cg:endBound cg:startRelative cg:endRelative }}
        ?node ?property ?concept .
        ?concept rdfs:label ?word .
        FILTER(?concept != cg:boundAt && ?concept != cg:boundAfter)
      }}
    }} ORDER BY ?node ?word"""
    told: dict[NamedNode, tuple[str, str, str]] = {}
    for row in select(store, query):
        label, status, hedge = told.get(row["node"], (row["label"].value, row["status"].value, ""))
        word = row["word"].value if row["word"] is not None else ""
        told[row["node"]] = (label, status, f"{hedge}, {word}".strip(", "))
    return told


def _passages(store: Readable, wanted: str) -> dict[NamedNode, _Passage]:
    query = f"""SELECT ?claim ?source ?start ?end ?sha WHERE {{
      VALUES ?claim {{ {wanted} }}
      ?claim cg:passage ?passage .
      ?passage cg:inSource ?source ; oa:start ?start ; oa:end ?end ; cg:sha256 ?sha .
    }}"""
    return {
        row["claim"]: _Passage(
            compact(row["source"].value), int(row["start"].value), int(row["end"].value), row["sha"].value
        )
        for row in select(store, query)
    }


def _words(store: Readable, passages: Mapping[NamedNode, _Passage], folder: Path) -> dict[NamedNode, str]:
    """Return the words of each passage from the reader's own copy, their digest checked."""
    paths = matched_texts(store, folder)
    texts: dict[str, str] = {}
    for source in sorted({passage.source for passage in passages.values()}):
        if source not in paths:
            raise DataError(f"{folder}: has no text of {source}; 'compas-graph sources' names the file")
        texts[source] = read_text(paths[source])
    found = {}
    for claim, passage in passages.items():
        words = texts[passage.source][passage.start : passage.end]
        if digest(words.encode()) != passage.sha256:
            place = f"offsets {passage.start} to {passage.end}"
            raise DataError(
                f"{paths[passage.source]}: other words stand at {place} than were encoded for {compact(claim.value)};"
                " 'compas-graph sources verify' tells more"
            )
        found[claim] = words
    return found


def evidence_grid(rows: Sequence[Sequence[Evidence]]) -> Grid:
    """Return the evidence of each row of an answer as a grid, with the number of the row."""
    quoted = any(one.words for row in rows for one in row)
    headings = ("row", "claim", "what is said", "status", "hedge", "source", "characters")
    lines: list[tuple[Cell | str, ...]] = []
    for number, row in enumerate(rows, 1):
        for one in row:
            place = f"{one.start} to {one.end}" if one.start is not None else ""
            claim = Cell(compact(one.node.value), one.node)
            cells = (str(number), claim, one.says, one.status, one.hedge, one.citation, place)
            lines.append((*cells, " ".join(one.words.split())) if quoted else cells)
    return Grid.of((*headings, "the source's words") if quoted else headings, lines)
