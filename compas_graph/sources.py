"""What the graph's sources are, and whether its passages stand in their texts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import pyoxigraph as ox

from compas_graph.errors import DataError, MissingFileError, UnknownNameError, shorten, shown
from compas_graph.files import decode, inside, is_file, kind, read
from compas_graph.namespaces import CG, PREFIXES, compact
from compas_graph.store import Readable
from compas_graph.texts import Place, digest, enclosing, paragraphs

__all__ = [
    "PassageCheck",
    "PassageStatus",
    "SourceCheck",
    "SourceInfo",
    "SourceStatus",
    "Verification",
    "list_sources",
    "matched_texts",
    "verify",
]

PassageStatus: TypeAlias = Literal["ok", "wrong", "shifted", "unchecked"]
SourceStatus: TypeAlias = Literal["ok", "missing", "changed"]
Node: TypeAlias = ox.NamedNode | ox.BlankNode

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_LABEL = ox.NamedNode(PREFIXES["rdfs"] + "label")
_START = ox.NamedNode(PREFIXES["oa"] + "start")
_END = ox.NamedNode(PREFIXES["oa"] + "end")
_IN_SOURCE = ox.NamedNode(CG + "inSource")
_PARAGRAPH = ox.NamedNode(CG + "paragraph")
_PASSAGE = ox.NamedNode(CG + "passage")
_SHA256 = ox.NamedNode(CG + "sha256")


# --- What callers get ---


class SourceInfo(NamedTuple):
    """One source of the graph; `published` is as precise as the date is known, a text left out is empty."""

    id: str
    label: str
    publisher: str
    published: str
    basis: str
    url: str
    file_name: str
    sha256: str
    passages: int
    claims: int


class PassageCheck(NamedTuple):
    """How one passage fares: `place` is what the graph says, `found` where its words stand if elsewhere.

    *wrong*: its words are not there, or its paragraph or offsets cannot be right. *shifted*: its words stand at
    `found` instead. *unchecked*: the text is missing.
    """

    id: str
    source: str
    place: Place
    claims: tuple[str, ...]
    status: PassageStatus
    reason: str = ""
    found: Place | None = None

    def __str__(self) -> str:
        """Return the check as one line that names source, passage, place and claims."""
        elsewhere = f"; its words stand in {self.found}" if self.found else ""
        said = f"{self.source} {self.id} ({self.place}): {self.status}"
        return said + (f": {self.reason}{elsewhere}" if self.reason else "") + _resting(self.claims)


class SourceCheck(NamedTuple):
    """How one source fares: the name of its text (None: missing), and its passages in the order of the text."""

    id: str
    status: SourceStatus
    file: str | None
    passages: tuple[PassageCheck, ...]
    reason: str = ""

    @property
    def claims(self) -> tuple[str, ...]:
        """Return the claims that rest on passages not found in place, sorted."""
        return tuple(sorted({claim for check in self.passages if check.status != "ok" for claim in check.claims}))

    def __str__(self) -> str:
        """Return the check as one line that names source, text and claims."""
        return f"{self.id}: {self.status}" + (f": {self.reason}" if self.reason else "") + _resting(self.claims)


class Verification(NamedTuple):
    """How all sources fare, in the order of `list_sources`; `unknown` are files that no source was matched to."""

    sources: tuple[SourceCheck, ...]
    unknown: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Return whether every text is at hand, unchanged, and every passage in place."""
        return not self.problems

    @property
    def problems(self) -> tuple[SourceCheck | PassageCheck, ...]:
        """Return what is not ok, each source before its passages; a missing text is one problem."""
        checks: list[SourceCheck | PassageCheck] = []
        for source in self.sources:
            checks += [source, *source.passages]
        return tuple(check for check in checks if check.status not in ("ok", "unchecked"))

    @property
    def counts(self) -> Mapping[PassageStatus, int]:
        """Return the number of passages by status, zeros included."""
        found = Counter(check.status for source in self.sources for check in source.passages)
        statuses: tuple[PassageStatus, ...] = ("ok", "wrong", "shifted", "unchecked")
        return {status: found[status] for status in statuses}

    @property
    def checked(self) -> int:
        """Return the number of passages that were compared with a text."""
        return sum(self.counts.values()) - self.counts["unchecked"]


def _resting(claims: Iterable[str]) -> str:
    names = ", ".join(claims)
    return f" [claims: {names}]" if names else ""


# --- Sources, passages and claims in the store ---


class _Passage(NamedTuple):
    id: str
    source: str
    place: Place
    sha256: str
    claims: tuple[str, ...]


def list_sources(store: Readable) -> list[SourceInfo]:
    """Return the sources of the graph, by publication date, then by id.

    Claims are those with a passage in the source; omissions are none.
    """
    claims = _claims(store)
    return sorted(
        (_info(store, source, claims) for source in _subjects(store, _TYPE, ox.NamedNode(CG + "Source"))),
        key=lambda info: (info.published, info.id),
    )


def _info(store: Readable, source: Node, claims: Mapping[str, set[str]]) -> SourceInfo:
    def text(name: str) -> str:
        return ", ".join(_values(store, source, ox.NamedNode(CG + name)))

    publishers = _objects(store, source, ox.NamedNode(CG + "publisher"))
    passages = {_name(passage) for passage in _subjects(store, _IN_SOURCE, source)}
    return SourceInfo(
        id=_name(source),
        label=", ".join(_values(store, source, _LABEL)),
        publisher=", ".join(", ".join(_values(store, each, _LABEL)) or _name(each) for each in publishers),
        published=text("published"),
        basis=text("dateBasis"),
        url=text("url"),
        file_name=text("fileName"),
        sha256=text("sha256"),
        passages=len(passages),
        claims=len({claim for passage in passages for claim in claims.get(passage, ())}),
    )


def _passages(store: Readable) -> list[_Passage]:
    """Return whatever is typed, placed or rested on as a passage, in the order of the texts."""
    claims = _claims(store)
    nodes = {*_subjects(store, _TYPE, ox.NamedNode(CG + "Passage")), *_subjects(store, _IN_SOURCE, None)}
    nodes |= {term for term in _objects(store, None, _PASSAGE) if not isinstance(term, ox.Literal)}
    found = [
        _Passage(
            _name(node),
            _one(store, node, _IN_SOURCE),
            Place(_number(store, node, _PARAGRAPH), _number(store, node, _START), _number(store, node, _END)),
            _one(store, node, _SHA256),
            tuple(sorted(claims.get(_name(node), ()))),
        )
        for node in nodes
    ]
    return sorted(found, key=lambda passage: (passage.source, passage.place.start, passage.place.end, passage.id))


def _claims(store: Readable) -> dict[str, set[str]]:
    """Return the names of the claims that rest on each passage."""
    omissions = set(_subjects(store, _TYPE, ox.NamedNode(CG + "Omission")))
    claims = defaultdict(set)
    for quad in store.quads_for_pattern(None, _PASSAGE, None, None):
        if quad.subject not in omissions:
            claims[_name(quad.object)].add(_name(quad.subject))
    return claims


def _subjects(store: Readable, predicate: ox.NamedNode, value: Node | None) -> set[Node]:
    quads = store.quads_for_pattern(None, predicate, value, None)
    return {quad.subject for quad in quads if not isinstance(quad.subject, ox.Triple)}


def _objects(store: Readable, subject: Node | None, predicate: ox.NamedNode) -> list[Node | ox.Literal]:
    quads = store.quads_for_pattern(subject, predicate, None, None)
    return sorted({quad.object for quad in quads if not isinstance(quad.object, ox.Triple)}, key=str)


def _values(store: Readable, subject: Node | ox.Literal, predicate: ox.NamedNode) -> list[str]:
    """Return literals as written and other things by name."""
    if isinstance(subject, ox.Literal):
        return []
    terms = _objects(store, subject, predicate)
    return [term.value if isinstance(term, ox.Literal) else _name(term) for term in terms]


def _one(store: Readable, node: Node, predicate: ox.NamedNode) -> str:
    values = _values(store, node, predicate)
    if len(values) != 1:
        many = f"has {len(values)} values" if values else "has no value"
        raise DataError(f"{_name(node)}: {compact(predicate.value)} {many}; a passage needs exactly one to be checked")
    return values[0]


def _number(store: Readable, node: Node, predicate: ox.NamedNode) -> int:
    value = _one(store, node, predicate)
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        raise DataError(f"{_name(node)}: {compact(predicate.value)} is '{shorten(value)}'; a whole number is needed")
    return int(value)


def _name(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return compact(term.value) if isinstance(term, ox.NamedNode) else str(term)


# --- Passages against texts ---


def verify(store: Readable, folder: Path, names: Iterable[str] = ()) -> Verification:
    """Return how the sources named, or all, and their passages fare against the texts in a folder.

    A text is matched to a source by file name, else by the SHA-256 of the file; files of other names are read only
    if a source is left without a text. Subfolders and hidden files are no texts.

    Raises DataError if the folder, a text that is needed, or a passage in the graph cannot be read as such,
    and UnknownNameError for a name of no source.
    """
    files = _files(folder)
    infos, passages = list_sources(store), defaultdict(list)
    if not infos:
        raise DataError("the graph holds no source; load its files before checking them against texts")
    for passage in _passages(store):
        passages[passage.source].append(passage)
    if stray := sorted(passages.keys() - {info.id for info in infos}):
        raise DataError(f"{passages[stray[0]][0].id}: {stray[0]} is not a cg:Source; cg:inSource has to name one")
    matched = _match(infos, files)
    chosen = {_named(name, infos) for name in names} or {info.id for info in infos}
    checks = tuple(_check_source(info, matched.get(info.id), passages[info.id]) for info in infos if info.id in chosen)
    return Verification(checks, tuple(path.name for path in _texts(files) if path not in matched.values()))


def _named(name: str, infos: Iterable[SourceInfo]) -> str:
    """Return the prefixed name of the source that a name such as 's1' or 'source:s1' stands for."""
    known = [info.id for info in infos]
    wanted = name if ":" in name else f"source:{name.casefold()}"
    if wanted not in known:
        raise UnknownNameError("source", name, known, "'compas-graph sources' lists them")
    return wanted


def _files(folder: Path) -> dict[str, Path]:
    try:
        found = kind(folder)
    except MissingFileError as error:
        raise DataError(f"{shown(folder)}: there is no such folder; name the one that holds the texts") from error
    if found != "folder":
        raise DataError(f"{shown(folder)}: this is not a folder; name the one that holds the texts")
    return {path.name: path for path in inside(folder)}


def matched_texts(store: Readable, folder: Path) -> dict[str, Path]:
    """Return the path of the text of each source that has one in a folder, by the source's prefixed name."""
    return _match(list_sources(store), _files(folder))


def _texts(files: Mapping[str, Path]) -> list[Path]:
    """Return the files that may be texts, by name."""
    return sorted(path for name, path in files.items() if not name.startswith(".") and is_file(path))


def _match(infos: Iterable[SourceInfo], files: Mapping[str, Path]) -> dict[str, Path]:
    """Return the text of each source that has one."""
    matched = {info.id: files[info.file_name] for info in infos if info.file_name in files}
    rest = [info for info in infos if info.id not in matched]
    others = [path for path in _texts(files) if path not in matched.values()] if rest else []
    digests = {digest(read(path)): path for path in reversed(others)}  # of equal files, the first by name
    return matched | {info.id: digests[info.sha256] for info in rest if info.sha256 in digests}


def _check_source(info: SourceInfo, path: Path | None, passages: Sequence[_Passage]) -> SourceCheck:
    if path is None:
        unchecked = tuple(PassageCheck(one.id, one.source, one.place, one.claims, "unchecked") for one in passages)
        reason = f"no text is called '{info.file_name}' or has the digest that the graph gives"
        return SourceCheck(info.id, "missing", None, unchecked, reason)
    data = read(path)
    text = decode(data, shown(path))
    lines = paragraphs(text)
    checks = tuple(_check_passage(text, lines, passage) for passage in passages)
    if digest(data) == info.sha256:
        return SourceCheck(info.id, "ok", path.name, checks)
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    only = ", though only in line ends or byte order mark" if digest(plain.encode()) == info.sha256 else ""
    there = f"{sum(check.status == 'ok' for check in checks)} of {len(checks)} passages stand where the graph says"
    return SourceCheck(info.id, "changed", path.name, checks, f"{path.name} is not the text encoded{only}; {there}")


def _check_passage(text: str, lines: Sequence[Place], passage: _Passage) -> PassageCheck:
    said, found = passage.place, None
    status: PassageStatus = "ok"
    if not 0 <= said.start < said.end:
        status, reason = "wrong", "its offsets are no span"
    elif reason := _misplaced(text, passage):
        found = _search(text, lines, passage)
        status = "shifted" if found else "wrong"
    elif (line := enclosing(lines, said.start, said.end)) is None:
        status, reason = "wrong", "its offsets do not lie within one paragraph"
    elif line.paragraph != said.paragraph:
        status, reason = "wrong", "its paragraph number does not fit its offsets"
        found = Place(line.paragraph, said.start, said.end)
    return PassageCheck(passage.id, passage.source, said, passage.claims, status, reason, found)


def _misplaced(text: str, passage: _Passage) -> str:
    """Return why the words of a passage are not at its offsets, or nothing if they are."""
    start, end = passage.place.start, passage.place.end
    if end > len(text):
        return f"its offsets run past the end of the text at {len(text)}"
    return "" if digest(text[start:end].encode()) == passage.sha256 else "other words stand there"


def _search(text: str, lines: Iterable[Place], passage: _Passage) -> Place | None:
    """Return the nearest span of the passage's length, within a paragraph, that has its digest."""
    near, length = passage.place.start, passage.place.end - passage.place.start
    starts = [start for line in lines for start in range(line.start, line.end - length + 1)]
    for start in sorted(starts, key=lambda start: abs(start - near)):
        if digest(text[start : start + length].encode()) == passage.sha256:
            return enclosing(lines, start, start + length)
    return None
