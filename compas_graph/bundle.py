"""A folder of ontology, graph and queries, and the named graph of each of its files.

The layout is that of the project: `ontology/compas.ttl`, `graph/**/*.ttl`, `queries/*.rq`.
A folder that has only `graph/` uses the ontology and the queries that come with the package.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from pyoxigraph import Quad, RdfFormat, parse

from compas_graph import files
from compas_graph.errors import DataError, MissingFileError, shown
from compas_graph.file_formats import parser_fault
from compas_graph.namespaces import PREFIXES

__all__ = ["Bundle", "read_data", "read_turtle", "turtle_fault"]

RESERVED = ("ontology", "shapes", "alignments", "facts", "inferences", "comparisons")


class Bundle(NamedTuple):
    """Where the ontology, the graph files and the queries lie."""

    ontology: Path
    graph: Path
    queries: Path

    @classmethod
    def at(cls, folder: Path | None = None) -> Bundle:
        """Return the bundle in `folder`, or the one that comes with the package."""
        packaged = _packaged()
        if folder is None:
            return cls(packaged / "ontology", packaged / "graph", packaged / "queries")
        if not _is_folder(folder):
            raise DataError(f"{shown(folder)}: no such data folder; it should hold ontology/, graph/ and queries/")
        if not _is_folder(folder / "graph"):
            raise DataError(
                f"{shown(folder)}: has no folder graph/; a data folder holds ontology/, graph/ and queries/"
            )
        parts = {name: folder / name for name in ("ontology", "graph", "queries")}
        return cls(**{name: path if _is_folder(path) else packaged / name for name, path in parts.items()})

    def graph_files(self) -> Iterator[tuple[Path, str]]:
        """Yield each file of the graph with the name of its named graph, in order of path."""
        below = ((place, (*folders, *names)) for place, folders, names in files.walk(self.graph))
        for path in sorted(place / name for place, names in below for name in names if name.endswith(".ttl")):
            name = path.relative_to(self.graph).with_suffix("").as_posix()
            if name in RESERVED:
                raise DataError(f"{shown(path)}: '{name}' is the name of a graph of the program's own; rename the file")
            yield path, PREFIXES["graph"] + quote(os.fsencode(name))

    def files(self, instead: Iterable[Path] = ()) -> Iterator[tuple[Path, str]]:
        """Yield the ontology and each file of the graph, or each of those given `instead`, with their named graphs."""
        yield self.ontology / "compas.ttl", PREFIXES["graph"] + "ontology"
        given = [(path, files.address(path)) for path in instead]
        yield from given or self.graph_files()


def _packaged() -> Path:
    """Return the folder of the data that comes with the package: in the wheel, else the checkout."""
    here = Path(__file__).parent
    inside = here / "data"
    return inside if files.is_folder(inside) else here.parent


def _is_folder(path: Path) -> bool:
    """Tell whether a path leads to a folder, or raise DataError where it leads to what cannot be looked at."""
    try:
        return files.kind(path) == "folder"
    except MissingFileError:
        return False


def read_data(path: Path) -> bytes:
    """Return the content of an RDF file without a byte order mark, or raise DataError."""
    return files.read(path).removeprefix(b"\xef\xbb\xbf")


def read_turtle(path: Path) -> list[Quad]:
    """Return the triples of a Turtle file, blank nodes renamed apart, or raise DataError with the place of a fault."""
    data = read_data(path)
    try:
        return list(parse(data, RdfFormat.TURTLE, base_iri=files.address(path), rename_blank_nodes=True))
    except SyntaxError as error:
        raise turtle_fault(path, error) from error


def turtle_fault(path: Path, error: SyntaxError) -> DataError:
    """Return the error that says where and what is wrong in a Turtle file."""
    files.read_text(path)
    return parser_fault(shown(path), RdfFormat.TURTLE, error)
