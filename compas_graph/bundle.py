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

from compas_graph.errors import DataError, shorten
from compas_graph.file_formats import parser_fault
from compas_graph.namespaces import PREFIXES

__all__ = ["Bundle", "decode", "read_bytes", "read_data", "read_text", "read_turtle", "turtle_fault"]

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
        try:
            found = folder.is_dir()
        except (OSError, ValueError):  # a name that no folder can have
            found = False
        if not found:
            raise DataError(
                f"{shorten(str(folder), 200)}: no such data folder; it should hold ontology/, graph/ and queries/"
            )
        if not (folder / "graph").is_dir():
            raise DataError(f"{folder}: has no folder graph/; a data folder holds ontology/, graph/ and queries/")
        parts = {name: folder / name for name in ("ontology", "graph", "queries")}
        return cls(**{name: path if path.is_dir() else packaged / name for name, path in parts.items()})

    def graph_files(self) -> Iterator[tuple[Path, str]]:
        """Yield each file of the graph with the name of its named graph, in order of path."""
        for path in sorted(self.graph.rglob("*.ttl")):
            name = path.relative_to(self.graph).with_suffix("").as_posix()
            if name in RESERVED:
                raise DataError(f"{path}: '{name}' is the name of a graph of the program's own; rename the file")
            yield path, PREFIXES["graph"] + quote(os.fsencode(name))

    def files(self, instead: Iterable[Path] = ()) -> Iterator[tuple[Path, str]]:
        """Yield the ontology and each file of the graph, or each of those given `instead`, with their named graphs."""
        yield self.ontology / "compas.ttl", PREFIXES["graph"] + "ontology"
        given = [(path, path.absolute().as_uri()) for path in instead]
        yield from given or self.graph_files()


def _packaged() -> Path:
    """Return the folder of the data that comes with the package: in the wheel, else the checkout."""
    here = Path(__file__).parent
    inside = here / "data"
    return inside if inside.is_dir() else here.parent


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, or raise DataError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from error


def read_data(path: Path) -> bytes:
    """Return the content of an RDF file without a byte order mark, or raise DataError."""
    return read_bytes(path).removeprefix(b"\xef\xbb\xbf")


def read_turtle(path: Path) -> list[Quad]:
    """Return the triples of a Turtle file, blank nodes renamed apart, or raise DataError with the place of a fault."""
    data = read_data(path)
    try:
        return list(parse(data, RdfFormat.TURTLE, base_iri=path.absolute().as_uri(), rename_blank_nodes=True))
    except SyntaxError as error:
        raise turtle_fault(path, error) from error


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, or raise DataError."""
    return decode(read_bytes(path), path)


def decode(data: bytes, name: Path | str) -> str:
    """Return the text of UTF-8 data, or raise DataError that names it."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{name}: is not UTF-8 (byte {error.start + 1}); save it as UTF-8") from error


def turtle_fault(path: Path, error: SyntaxError) -> DataError:
    """Return the error that says where and what is wrong in a Turtle file."""
    read_text(path)
    return parser_fault(path, RdfFormat.TURTLE, error)
