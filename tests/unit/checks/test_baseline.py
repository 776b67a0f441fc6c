"""A baseline knows findings wherever their lines have moved, and says what it holds in vain."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compas_graph.checks.baseline import compare, read_baseline, write_baseline
from compas_graph.checks.findings import Finding
from compas_graph.errors import DataError

TEXT = st.text(st.characters(codec="utf-8"))


def finding(line: int = 1, **other: Any) -> Finding:
    """Return a finding in a line of a file."""
    known: dict[str, Any] = {"file": "graph/s1.ttl", "line": line, "column": 5, "rule": "rule", "severity": "violation"}
    known |= {"message": "It is so.", "focus": "claim:s1-01", "path": "cg:p", "value": "1"}
    return Finding(**known | other)


def test_known_findings_are_known_on_other_lines_and_in_other_words(tmp_path: Path) -> None:
    """What counts is file, rule, focus, path and value."""
    write_baseline(tmp_path / "known", [finding(3), finding(4, focus="_:a1")])
    moved = [finding(30, message="Put better."), finding(40, focus="_:b2", severity="warning")]
    found = compare(moved, read_baseline(tmp_path / "known"))
    assert (found.new, found.known, found.stale) == ((), tuple(moved), ())


@pytest.mark.parametrize("name", ["file", "rule", "focus", "path", "value"])
def test_a_finding_that_differs_is_new_and_its_entry_stale(tmp_path: Path, name: str) -> None:
    """Each part tells findings apart."""
    write_baseline(tmp_path / "known", [finding()])
    other = replace(finding(), **{name: "another"})  # type: ignore[arg-type]  # each of them is a text
    found = compare([other], read_baseline(tmp_path / "known"))
    assert found.new == (other,)
    assert len(found.stale) == 1
    assert found.notes == ("found no more, take it out of the baseline: " + str(found.stale[0]),)


def test_more_of_a_kind_than_are_known_are_new(tmp_path: Path) -> None:
    """The last of them, and fewer than known make the entry stale."""
    write_baseline(tmp_path / "known", [finding(1), finding(2)])
    baseline = read_baseline(tmp_path / "known")
    found = compare([finding(1), finding(2), finding(3)], baseline)
    assert found.new == (finding(3),)
    assert found.notes == ("2 known findings passed over",)
    assert len(compare([finding(1)], baseline).stale) == 1


def test_entries_of_files_that_were_not_checked_are_not_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook checks only what was changed."""
    monkeypatch.chdir(tmp_path)
    write_baseline(Path("known"), [finding(), finding(file="graph/s2.ttl")])
    baseline = read_baseline(Path("known"))
    stale = compare([], baseline, baseline.files([str(tmp_path / "graph" / "s2.ttl")])).stale
    assert [one.file for one in stale] == ["graph/s2.ttl"]


def test_a_baseline_serves_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files are relative to where it lies."""
    (tmp_path / "graph").mkdir()
    monkeypatch.chdir(tmp_path)
    write_baseline(Path("known"), [finding()])
    monkeypatch.chdir(tmp_path / "graph")
    assert not compare([finding(file="s1.ttl")], read_baseline(Path("../known"))).new
    assert not compare([finding(file=str(tmp_path / "graph" / "s1.ttl"))], read_baseline(tmp_path / "known")).new


def test_the_file_has_a_sorted_line_for_each_kind(tmp_path: Path) -> None:
    """So that a change of one finding is a change of one line."""
    path = tmp_path / "known"
    write_baseline(path, [finding(value="x" * 10_000), finding(focus="claim:s1-00"), finding(5, focus="claim:s1-00")])
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(one["focus"], one["count"]) for one in lines] == [("claim:s1-00", 2), ("claim:s1-01", 1)]
    assert len(lines[1]["value"]) < 200
    before = path.read_bytes()
    write_baseline(path, [finding(focus="claim:s1-00"), finding(value="x" * 10_000), finding(focus="claim:s1-00")])
    assert path.read_bytes() == before


@given(st.lists(st.builds(finding, file=TEXT.filter(lambda name: "\0" not in name), focus=TEXT, value=TEXT, path=TEXT)))
def test_what_is_written_is_known_when_read(tmp_path_factory: pytest.TempPathFactory, findings: list[Finding]) -> None:
    """Whatever stands in it."""
    path = tmp_path_factory.mktemp("baseline") / "known"
    write_baseline(path, findings)
    found = compare(findings, read_baseline(path))
    assert (len(found.known), found.new, found.stale) == (len(findings), (), ())


GOOD = {"file": "", "rule": "", "focus": "", "path": "", "value": "", "count": 1}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"{}", "each has file, rule, focus, path, value, count"),
        (b"nothing", "is no line of a baseline; each is a JSON object"),
        (b"\xff", "is no line of a baseline; each is a JSON object"),
        (b"[" * 100_000, "is no line of a baseline; each is a JSON object"),
        (b"[]", "is no line of a baseline; each has"),
        (json.dumps(GOOD | {"count": 0}).encode(), "has count 0; it is a whole number from 1"),
        (json.dumps(GOOD | {"count": True}).encode(), "has count true; it is a whole number from 1"),
        (json.dumps(GOOD | {"rule": None}).encode(), "has rule null; it is a text"),
        (json.dumps(GOOD | {"more": 1}).encode(), "is no line of a baseline; each has"),
    ],
    ids=lambda value: value[:20].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_a_bad_line_is_named(tmp_path: Path, content: bytes, what: str) -> None:
    """With the file and the number of the line."""
    path = tmp_path / "known"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n\r\n" + content)
    with pytest.raises(DataError) as caught:
        read_baseline(path)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_baseline_that_is_missing_or_cannot_be_written_is_named(tmp_path: Path) -> None:
    """And how one is made."""
    with pytest.raises(DataError, match="no such baseline; --write-baseline makes it"):
        read_baseline(tmp_path / "known")
    with pytest.raises(DataError, match="is a folder, not a regular file"):
        read_baseline(tmp_path)
    with pytest.raises(DataError, match=r"there is no folder .*nowhere to write it into"):
        write_baseline(tmp_path / "nowhere" / "known", [])
