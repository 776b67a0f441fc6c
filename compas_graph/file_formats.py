"""The formats of RDF files: one row each, from which every command takes how the names of files end.

>>> one_of(readable())
'.ttl, .trig, .nt, .nq, .rdf, .owl or .jsonld'
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import RdfFormat

from compas_graph.errors import DataError, one_of, shorten, shown
from compas_graph.signs import printable

__all__ = ["FILE_FORMATS", "FileFormat", "format_of", "parser_fault", "readable", "written_by"]


class FileFormat(NamedTuple):
    """A format of RDF files: what parses it, how the names of its files end, and which commands write it.

    `check` and `load` read every format. A file whose name ends in one of `by_name` more often holds something
    else: it is read where it is named, and passed over in folders. A file that is written ends in the first ending.
    """

    rdf: RdfFormat
    endings: tuple[str, ...]
    by_name: tuple[str, ...] = ()
    written_by: tuple[str, ...] = ()


FILE_FORMATS: dict[str, FileFormat] = {
    "turtle": FileFormat(RdfFormat.TURTLE, (".ttl",), written_by=("sparql", "export")),
    "trig": FileFormat(RdfFormat.TRIG, (".trig",), written_by=("export",)),
    "ntriples": FileFormat(RdfFormat.N_TRIPLES, (".nt",), written_by=("sparql",)),
    "nquads": FileFormat(RdfFormat.N_QUADS, (".nq",), written_by=("export",)),
    "rdfxml": FileFormat(RdfFormat.RDF_XML, (".rdf", ".owl"), by_name=(".xml",)),
    "jsonld": FileFormat(RdfFormat.JSON_LD, (".jsonld",), by_name=(".json",), written_by=("sparql", "export")),
}


def readable() -> list[str]:
    """Return the endings of the files that a folder is searched for, such as '.ttl'."""
    return [ending for form in FILE_FORMATS.values() for ending in form.endings]


def written_by(command: str) -> dict[str, FileFormat]:
    """Return the formats that a command writes, by name."""
    return {name: form for name, form in FILE_FORMATS.items() if command in form.written_by}


def format_of(path: Path) -> RdfFormat:
    """Return the format of a file by how its name ends, in whatever case, or raise DataError."""
    ending = path.suffix.lower()
    for form in FILE_FORMATS.values():
        if ending in (*form.endings, *form.by_name):
            return form.rdf
    raise DataError(f"{shown(path)}: is not an RDF file by its ending; one ends in {one_of(readable())}")


def parser_fault(name: object, form: RdfFormat, error: SyntaxError) -> DataError:
    """Return the error that says where and what is wrong in a document of a format, in one line."""
    place = f":{error.lineno}:{error.offset}" if error.lineno else ""
    what = re.sub(r"^Parser error .*?: ", "", " ".join(str(error.msg).split()))
    return DataError(f"{name}{place}: not valid {form.name}: {shorten(printable(what[:1000]), 200)}")
