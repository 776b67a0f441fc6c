"""RDF files as their authors wrote them: read once, their triples beside their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Quad, RdfFormat, parse

from compas_graph import files
from compas_graph.errors import DataError, one_of, shorten, shown
from compas_graph.file_formats import format_of, parser_fault, readable

__all__ = ["STANDARD_INPUT", "Document", "documents_in", "files_in", "named", "read_document"]

STANDARD_INPUT = Path("-")
OR_STANDARD_INPUT = "name a file, or - for standard input"
DEEPEST = 500
"""How deep JSON, XML and triple terms may nest; far deeper, the parser overflows its stack or takes minutes."""
LONGEST = 100_000
"""How long an entity of XML may be with those that it holds: the parser spells out each that is declared."""
STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
TRIPLE_TERMS = re.compile(
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+"""' rb"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"
    rb'|"(?:[^"\\\r\n]++|\\.)*+"' rb"|'(?:[^'\\\r\n]++|\\.)*+'"
    rb'|\\.|<[^<>"\s]++>|#[^\r\n]*+|(?P<open><<\()|(?P<close>\)>>)',
    re.DOTALL,
)  # fmt: skip


class Document(NamedTuple):
    """A file as it was read once: its name, its format, its bytes and the quads that they say."""

    name: str
    form: RdfFormat
    data: bytes
    """Without the byte order mark."""
    base: str
    """What relative IRIs are relative to, before the file says otherwise."""
    quads: Sequence[Quad]
    """In the order in which the parser gives them; no other document has the same blank nodes."""


def named(documents: Iterable[Document]) -> str:
    """Return the names of documents as they can be printed."""
    return ", ".join(shown(Path(one.name)) for one in documents)


def documents_in(paths: Iterable[Path]) -> Iterator[Document]:
    """Yield the document of each file of `paths`, and of each RDF file in its folders, or raise DataError."""
    for path in files_in(paths):
        yield read_document(path)


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files of `paths`, and in place of each folder its RDF files in order of path, none twice.

    Folders that are links, or whose names start with a dot, are passed over.
    Raise DataError for a path that is missing and a folder that has no RDF file.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _in_folder(path) if path != STANDARD_INPUT and files.kind(path) == "folder" else [path]:
            found.setdefault(file if file == STANDARD_INPUT else files.real(file), file)
    return list(found.values())


def _in_folder(folder: Path) -> list[Path]:
    """Return the RDF files in a folder and all folders below it."""
    found: list[Path] = []
    endings = readable()
    for place, folders, names in files.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [place / name for name in names if Path(name).suffix.lower() in endings]
    if not found:
        raise DataError(f"{shown(folder)}: holds no RDF file; one ends in {one_of(endings)}")
    return sorted(found)


def read_document(path: Path, form: RdfFormat | None = None) -> Document:
    """Return the document in a file, or on standard input for `-`, or raise DataError with the place of a fault.

    The format is `form`, else that of the file's ending; of standard input, Turtle or TriG.
    """
    if path == STANDARD_INPUT:
        name, base = "standard input", files.address(Path()).rstrip("/") + "/"
        form, data = form or RdfFormat.TRIG, files.standard_input()
    else:
        name, base = str(path), files.address(path)
        form, data = form or format_of(path), files.read(path, instead=OR_STANDARD_INPUT)
    data = data.removeprefix(b"\xef\xbb\xbf")
    if form != RdfFormat.RDF_XML:  # which may name another encoding
        _refuse_other_encodings(name, data)
    _refuse_too_deep(name, form, data)
    try:
        quads = list(parse(data, form, base_iri=base, rename_blank_nodes=True))
    except SyntaxError as error:
        raise _fault(name, form, data, error) from error
    except MemoryError as error:  # raised for a token that outgrows the parser's buffer, too
        raise DataError(f"{name}: a text, name or gap in it is too long to be read; at most 16 MB are") from error
    return Document(name if path == STANDARD_INPUT else str(path), form, data, base, quads)


def _fault(name: str, form: RdfFormat, data: bytes, error: SyntaxError) -> DataError:
    """Return the error that says where and what is wrong in a document."""
    place = f":{error.lineno}:{error.offset}" if error.lineno else ""
    return _nul(name, data, place) or parser_fault(name, form, error)


def _nul(name: str, data: bytes, place: str) -> DataError | None:
    """Return the error that a faulty document is no text, if that is so."""
    return (
        DataError(f"{name}{place}: holds NUL characters; it should be text, saved as UTF-8") if b"\0" in data else None
    )


def _refuse_other_encodings(name: str, data: bytes) -> None:
    """Raise DataError for what is not UTF-8, also in comments, which the parser does not look at."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as bad:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise DataError(f"{name}:1:1: is UTF-16; save it as UTF-8") from bad
        before = re.split("\r\n?|\n", data[: bad.start].decode("utf-8"))
        raise DataError(f"{name}:{len(before)}:{len(before[-1]) + 1}: is not UTF-8 text; save it as UTF-8") from bad


def _refuse_too_deep(name: str, form: RdfFormat, data: bytes) -> None:
    """Raise DataError where a document nests so deep that the parser would crash, or expands without end."""
    if form == RdfFormat.RDF_XML:
        depth = _depth_of_xml(name, data)
    elif form == RdfFormat.JSON_LD:
        brackets = STRINGS.sub(b"", data).translate(None, _ALL_BUT_BRACKETS) if _many(data, b"{", b"[") else b""
        depth = _deepest(1 if sign in b"{[" else -1 for sign in brackets)
    else:
        marks = TRIPLE_TERMS.finditer(data) if _many(data, b"<<(") else ()
        depth = _deepest((mark["open"] is not None) - (mark["close"] is not None) for mark in marks)
    if depth > DEEPEST:
        raise DataError(f"{name}: nests {depth:,} levels deep; at most {DEEPEST} can be read")


_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))


def _many(data: bytes, *marks: bytes) -> bool:
    """Tell whether there are enough marks to nest too deep, which needs no scan of the text."""
    return sum(map(data.count, marks)) > DEEPEST


def _deepest(steps: Iterable[int]) -> int:
    return max(accumulate(steps), default=0)


def _depth_of_xml(shown: str, data: bytes) -> int:
    """Return how deep elements nest, or raise DataError where XML is faulty or its entities explode."""
    from xml.parsers import expat

    depth = deepest = 0
    sizes: dict[str, int] = {}

    def start(_tag: str, _attributes: object) -> None:
        nonlocal depth, deepest
        depth += 1
        deepest = max(depth, deepest)

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(name: str, _parameter: object, value: str | None, *_rest: object) -> None:
        text = value or ""
        sizes[name] = len(text) + sum(sizes.get(inner, 0) for inner in re.findall("&([^;#]+);", text))
        if sizes[name] > LONGEST:
            raise DataError(f"{shown}: the entity {shorten(name)} stands for over {LONGEST:,} characters; spell it out")

    parser = expat.ParserCreate("utf-8")  # whatever it declares, as RDF is read
    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = start, end, entity
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        place = f":{error.lineno}:{error.offset + 1}"
        _refuse_other_encodings(shown, data)
        raise _nul(shown, data, place) or DataError(
            f"{shown}{place}: not valid RDF/XML: {expat.ErrorString(error.code)}"
        ) from error
    return deepest
