"""Make the frozen data and their golden answers anew from graph/: `python -m tests.frozen.freeze`.

The data are what the four first sources alone would have of today's graph: their files, the things that
they speak of, and the readings that rest on them. The answers are those of the saved queries as they stand.
Read the difference (`git diff tests/frozen`) against the claims that the rows cite before you commit it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pyoxigraph import QueryResultsFormat, Store

from compas_graph.bundle import Bundle
from compas_graph.exporting import export_files
from compas_graph.graph import open_graph
from compas_graph.namespaces import compact
from compas_graph.query import SavedQuery, query_names, saved_query
from compas_graph.remote.origin import bundle_quads
from compas_graph.store import load, select
from compas_graph.views import View

__all__ = ["ANSWERS", "HERE", "answer", "freeze"]

HERE = Path(__file__).parent
ANSWERS = HERE / "answers"
SOURCES = ("s0", "s1", "s2", "s3")


def freeze(live: Bundle, folder: Path) -> None:
    """Write the data and the answers into a folder."""
    rows = select(load(live), "SELECT ?source { ?source a cg:Source }")
    others = tuple(sorted({compact(row["source"].value) for row in rows} - {f"source:{name}" for name in SOURCES}))
    asserted = bundle_quads(live, open_graph(live, view=View(without=others)), (), schema=False)
    files = {name: data for name, data in export_files(asserted).files.items() if name.endswith(".ttl")}
    _write(folder / "data" / "graph", files)
    frozen = Bundle.at(folder / "data")
    store = open_graph(frozen)
    _write(
        folder / "answers", {f"{name}.tsv": answer(store, saved_query(frozen, name)) for name in query_names(frozen)}
    )


def answer(store: Store, query: SavedQuery) -> bytes:
    """Return the answer to a saved query as it stands, as TSV."""
    return select(store, query.text).serialize(format=QueryResultsFormat.TSV) or b""


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write a folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    freeze(Bundle.at(), HERE)
