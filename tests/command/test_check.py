"""`check` and `sources`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from compas_graph.bundle import Bundle

from .expect import HEAD, Run, answered, refused

# --- check ---

GOOD = 'id:x a cg:Place ; rdfs:label "X town"@en .\n'
BROKEN = "claim:x a cg:OwnershipClaim ; cg:value 5 .\n"


@pytest.fixture
def mine(tmp_path: Path) -> Callable[[bytes | str], Path]:
    """Return what writes a file to check."""

    def write(content: bytes | str) -> Path:
        path = tmp_path / "mine.ttl"
        path.write_bytes(content if isinstance(content, bytes) else (HEAD + content).encode())
        return path

    return write


def test_the_repository_keeps_all_rules(run: Run) -> None:
    """Exit code 0, with how much was checked."""
    printed = answered(run("check"))
    assert re.fullmatch(r"[\d,]+ triples in \d+ files: all rules hold\n", printed)


def test_a_file_is_checked(run: Run, mine: Callable[[bytes | str], Path]) -> None:
    """Exit code 0 where it keeps the rules, and 1 with a line for each finding where it does not."""
    assert "in 1 file: all rules hold" in answered(run("check", mine(GOOD)))
    done = run("check", mine(BROKEN))
    assert (done.returncode, done.stderr) == (1, "")
    *findings, last = done.stdout.splitlines()
    assert findings and all(re.match(r"violation: claim:x .*\[\w+-?\w*\]$", line) for line in findings)
    assert last.endswith(f"{len(findings)} finding{'s' if len(findings) > 1 else ''}")


def test_a_contradiction_is_found(run: Run, mine: Callable[[bytes | str], Path]) -> None:
    """With the individual and the axiom."""
    done = run("check", mine('id:x a cg:Place , cg:Plant ; rdfs:label "X"@en .'))
    assert done.returncode == 1 and "id:x" in done.stdout and "contradicts" in done.stdout


def test_an_article_of_the_graph_can_be_checked_alone(run: Run) -> None:
    """As whoever adds one wants to; the things that it refers to are known."""
    assert "all rules hold" in answered(run("check", Bundle.at().graph / "sources" / "s1.ttl"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"@prefix x: <http://x/> .\nx:a x:b\n  x:c x:d .", "mine.ttl:3:"),
        (b'<http://a> <http://b> "\xff" .', "is not UTF-8 (byte 24)"),
        (b"", "no triples"),
        (b"\x89PNG\r\n\x1a\n", "mine.ttl"),
        (b"<!doctype html><html></html>", "mine.ttl:1:"),
        (b'{"a": [1, 2]}', "mine.ttl:1:"),
        (b"a,b\n1,2\n", "mine.ttl:1:"),
        (b"<a> <b> <<( <c> <d> <e> )>> .", "mine.ttl"),
    ],
)
def test_a_file_that_cannot_be_checked_is_one_line(
    run: Run, mine: Callable[[bytes | str], Path], content: bytes, said: str
) -> None:
    """With file, line and column; exit code 2."""
    refused(run("check", mine(content)), said)


def test_a_file_that_is_missing_or_a_folder_is_one_line(run: Run, tmp_path: Path) -> None:
    """Also among others that are there."""
    refused(run("check", tmp_path / "missing.ttl"), "missing.ttl: cannot be read")
    refused(run("check", tmp_path), "cannot be read")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser can read every file")
def test_a_file_that_may_not_be_read_is_one_line(run: Run, mine: Callable[[bytes | str], Path]) -> None:
    """With the reason."""
    path = mine(GOOD)
    path.chmod(0)
    refused(run("check", path), "mine.ttl: cannot be read")


# --- sources ---


def test_the_sources_are_listed(run: Run) -> None:
    """With outlet and date."""
    lines = answered(run("sources")).splitlines()
    assert len(lines) == 5
    assert "Motor Authority" in lines[1] + lines[2] and "27 June 2014" in "".join(lines)


def test_the_passages_are_verified(run: Run, articles: Path) -> None:
    """Against the articles none is wrong."""
    done = run("sources", "verify", articles)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["68 passages checked against 4 sources: 68 ok"])
    assert all("no source of the graph has this text" in line for line in done.stderr.splitlines())


def test_a_changed_and_a_missing_text_are_found(run: Run, articles: Path, tmp_path: Path) -> None:
    """Exit code 1."""
    for path in sorted(articles.glob("*.txt"))[:3]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    first = sorted(tmp_path.glob("*.txt"))[0]
    first.write_bytes(b"X" + first.read_bytes()[1:])
    done = run("sources", "verify", tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "s0" in done.stdout and "s3" in done.stdout and "claim:s0-01" in done.stdout


def test_a_folder_that_is_missing_or_a_file_cannot_be_verified(run: Run, tmp_path: Path) -> None:
    """Exit code 2."""
    (tmp_path / "file").write_text("")
    refused(run("sources", "verify", tmp_path / "missing"), "missing")
    refused(run("sources", "verify", tmp_path / "file"), "file")


def test_an_empty_folder_has_none_of_the_texts(run: Run, tmp_path: Path) -> None:
    """Which is found, exit code 1."""
    done = run("sources", "verify", tmp_path)
    assert (done.returncode, done.stderr) == (1, "")


def test_words_are_cited(run: Run, tmp_path: Path) -> None:
    """As the block of a passage that can be pasted."""
    path = tmp_path / "wren.txt"
    path.write_text("Wren opens.\n\nIt is small.\n", encoding="utf-8")
    block = answered(run("sources", "cite", path, "--find", "is small"))
    assert "cg:paragraph 2 ;" in block and "oa:start 16 ;" in block and "oa:end 24 ;" in block and "cg:sha256" in block
    refused(run("sources", "cite", path, "--find", "is large"), "wren.txt")
    refused(run("sources", "cite", tmp_path / "none.txt", "--find", "x"), "none.txt")
    path.write_bytes(b"\xff")
    refused(run("sources", "cite", path, "--find", "x"), "UTF-8")
