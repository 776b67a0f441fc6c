"""Baselines: findings that are known and do not count, kept in a file that outlives moved lines.

A line of the file is one JSON object: what is at fault, by file, rule, focus, path and value, and how often.
Files are named relative to the folder of the baseline, so it matters not from where a check is run.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from compas_graph import files, outputs
from compas_graph.checks.findings import Finding
from compas_graph.errors import DataError, MissingFileError, shorten
from compas_graph.errors import shown as shown_path
from compas_graph.files import spelt
from compas_graph.namespaces import compact
from compas_graph.shacl.model import shown
from compas_graph.shacl.results import Result

__all__ = ["Baseline", "Comparison", "Known", "compare", "identity", "read_baseline", "write_baseline"]

ANONYMOUS = re.compile(r"_:[\w.-]+")
LONGEST = 200
"""How much of a value a line holds; of longer ones the start and a digest."""


class Known(NamedTuple):
    """What tells one finding from another, wherever the lines have moved; blank nodes are all `[]`."""

    file: str
    rule: str
    focus: str
    path: str
    value: str

    def __str__(self) -> str:
        """Return it as one line for a note."""
        about = " ".join(part for part in (self.focus, self.path, shorten(self.value)) if part)
        return f"{self.file or 'the whole graph'}: {self.rule}" + (f": {about}" if about else "")


class Baseline(NamedTuple):
    """The known findings, each with how often it is known, and the folder that their files are relative to."""

    folder: Path
    known: Counter[Known]

    def files(self, names: Iterable[str]) -> frozenset[str]:
        """Return the names of files as this baseline has them."""
        return frozenset(_relative(name, self.folder) for name in names)


class Comparison(NamedTuple):
    """Findings held against a baseline: the new ones, the known ones, and what is known but found no more."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    stale: tuple[Known, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a report should say of known findings and stale entries."""
        number = len(self.known)
        passed = (f"{number:,} known finding{'s' if number != 1 else ''} passed over",) if number else ()
        return passed + tuple(f"found no more, take it out of the baseline: {one}" for one in self.stale)


def identity(finding: Finding) -> Known:
    """Return what a finding is known by: no line, no label of a blank node and no prefix of a file, as all change."""
    focus, path, value = finding.focus, finding.path, finding.value
    if isinstance(finding.result, Result):
        result = finding.result
        path = result.path.readable() if result.path else ""
        value = "" if not value or result.value is None else shown(result.value)
    if finding.node:
        focus = compact(finding.node)
    focus, value = (ANONYMOUS.sub("[]", part, 1) if ANONYMOUS.fullmatch(part) else part for part in (focus, value))
    if len(value) > LONGEST:
        value = f"{value[: LONGEST // 2]}… sha256:{sha256(value.encode()).hexdigest()[:16]}"
    return Known(finding.file, finding.rule, focus, path, value)


def compare(findings: Iterable[Finding], baseline: Baseline, checked: Container[str] | None = None) -> Comparison:
    """Return which findings are new and which known, and which entries are stale.

    Where only some files were checked, `checked` names them, as `Baseline.files` gives them: entries of others
    are not stale. Of more findings of one kind than are known, the last are new.
    """
    left = baseline.known.copy()
    new: list[Finding] = []
    known: list[Finding] = []
    for finding, key in _placed(findings, baseline.folder):
        (known if left[key] > 0 else new).append(finding)
        left[key] -= 1
    stale = sorted(key for key, number in left.items() if number > 0 and (checked is None or key.file in checked))
    return Comparison(tuple(new), tuple(known), tuple(stale))


def read_baseline(path: Path) -> Baseline:
    """Return the baseline in a file, or raise DataError with the line at fault."""
    try:
        data = files.read(path)
    except MissingFileError as error:
        raise DataError(f"{shown_path(path)}: no such baseline; --write-baseline makes it") from error
    known: Counter[Known] = Counter()
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            key, count = _entry(line, f"{shown_path(path)}:{number}")
            known[key] += count
    return Baseline(path.parent, known)


def write_baseline(path: Path, findings: Iterable[Finding]) -> None:
    """Write a baseline in which findings are known, one line a kind, sorted, or raise DataError."""
    _refuse_to_overwrite(path)
    known = Counter(key for _, key in _placed(findings, path.parent))
    lines = [json.dumps(key._asdict() | {"count": known[key]}, ensure_ascii=False) + "\n" for key in sorted(known)]
    outputs.write_file(path, "".join(lines).encode())


def _refuse_to_overwrite(path: Path) -> None:
    """Raise DataError if there is a file of something else where a baseline is to be written."""
    if not files.is_file(path):
        return
    try:
        read_baseline(path)
    except DataError as error:
        raise DataError(f"{shown_path(path)}: is there already, and is no baseline; name another file") from error


def _entry(line: bytes, where: str) -> tuple[Known, int]:
    """Return the finding on a line of a baseline and how often it is known."""
    try:
        entry = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{where}: is no line of a baseline; each is a JSON object, as --write-baseline writes it"
        ) from error
    wanted = {*Known._fields, "count"}
    if not isinstance(entry, dict) or entry.keys() != wanted:
        raise DataError(f"{where}: is no line of a baseline; each has {', '.join([*Known._fields, 'count'])}")
    count = entry.pop("count")
    if type(count) is not int or count < 1:
        raise DataError(f"{where}: has count {shorten(json.dumps(count))}; it is a whole number from 1")
    for name, value in entry.items():
        if not isinstance(value, str):
            raise DataError(f"{where}: has {name} {shorten(json.dumps(value))}; it is a text")
    return Known(**entry), count


def _placed(findings: Iterable[Finding], folder: Path) -> Iterator[tuple[Finding, Known]]:
    """Yield findings, each with what it is known by in a baseline that lies in `folder`."""
    names: dict[str, str] = {}
    for finding in findings:
        name = names.get(finding.file)
        if name is None:
            name = names[finding.file] = _relative(finding.file, folder)
        yield finding, identity(finding)._replace(file=name)


def _relative(name: str, folder: Path) -> str:
    """Return the name of a file relative to a folder, with slashes."""
    if not name:
        return ""
    try:
        return spelt(Path(os.path.relpath(name, folder)).as_posix())
    except (OSError, ValueError):  # a working folder that was deleted; another drive of Windows
        return spelt(Path(name).as_posix())
