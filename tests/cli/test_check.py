"""`check` and `sources`."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from tests import FROZEN, HEAD
from tests.cli.expect import Run, answered, refused

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
    *lines, last = done.stdout.splitlines()
    findings = [line for line in lines if re.search(r"mine\.ttl:\d+:\d+: violation: .*\. \[[\w-]+\]$", line)]
    assert findings and last.endswith(f": {len(findings)} violations")
    assert "claim:x a cg:OwnershipClaim" in done.stdout and "^" in done.stdout


def test_a_contradiction_is_found(run: Run, mine: Callable[[bytes | str], Path]) -> None:
    """With the individual and the axiom."""
    done = run("check", mine('id:x a cg:Place , cg:Plant ; rdfs:label "X"@en .'))
    assert done.returncode == 1 and "id:x" in done.stdout and "[owl-cax-" in done.stdout


def test_an_article_of_the_graph_can_be_checked_alone(run: Run) -> None:
    """As whoever adds one wants to; the things that it refers to are known."""
    assert "all rules hold" in answered(run("check", FROZEN.graph / "sources" / "s1.ttl"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"@prefix x: <http://x/> .\nx:a x:b\n  x:c x:d .", "mine.ttl:3:"),
        (b'<http://a> <http://b> "\xff" .', "mine.ttl:1:24: is not UTF-8"),
        (b"", "no triples"),
        (b"\x89PNG\r\n\x1a\n", "mine.ttl"),
        (b"<!doctype html><html></html>", "mine.ttl:1:"),
        (b'{"a": [1, 2]}', "mine.ttl:1:"),
        (b"a,b\n1,2\n", "mine.ttl:1:"),
    ],
)
def test_a_file_that_cannot_be_checked_is_one_line(
    run: Run, mine: Callable[[bytes | str], Path], content: bytes, said: str
) -> None:
    """With file, line and column; exit code 2."""
    refused(run("check", mine(content)), said)


def test_a_file_that_is_missing_or_a_folder_without_files_is_one_line(run: Run, tmp_path: Path) -> None:
    """Also among others that are there."""
    refused(run("check", tmp_path / "missing.ttl"), "missing.ttl: no such file or folder")
    refused(run("check", tmp_path), "holds no RDF file")


def test_standard_input_is_checked(run: Run) -> None:
    """As the program of an editor hands over what is not saved yet."""
    done = run("check", "-", input=HEAD + BROKEN)
    assert done.returncode == 1 and re.search(r"^standard input:\d+:1: violation", done.stdout, re.M)


def test_files_and_shapes_of_ones_own_are_checked(run: Run, tmp_path: Path) -> None:
    """Without anything of ours; a shape that matches nothing is a warning."""
    (tmp_path / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix my: <http://my.org/> .\n"
        "my:S sh:targetClass my:Dog ; sh:property [ sh:path my:name ; sh:minCount 1 ] .\n"
        "my:T sh:targetClass my:Cta ; sh:nodeKind sh:IRI ."
    )
    (tmp_path / "data.ttl").write_text("@prefix my: <http://my.org/> .\nmy:rex a my:Dog . my:tom a my:Cat .")
    done = run("check", tmp_path / "data.ttl", "--shapes", tmp_path / "shapes.ttl")
    assert done.returncode == 1
    assert "data.ttl:2:1: violation: It has at least 1 value" in done.stdout and "[S-name]" in done.stdout
    assert "shapes.ttl:3:21: warning: " in done.stdout and "did you mean my:Cat?" in done.stdout
    assert done.stdout.splitlines()[-1] == "2 triples in 1 file: 1 violation, 1 warning"
    only = run("check", tmp_path / "data.ttl", "--shapes", tmp_path / "shapes.ttl", "--severity", "violation")
    assert "warning" not in only.stdout and only.returncode == 1


def test_shapes_without_a_target_are_refused(run: Run, mine: Callable[[bytes | str], Path]) -> None:
    """The wrong file, most often: everything would conform."""
    path = mine(GOOD)
    refused(run("check", path, "--shapes", path), "no shape has a target")


def test_known_findings_pass_and_stale_ones_are_named(
    run: Run, mine: Callable[[bytes | str], Path], tmp_path: Path
) -> None:
    """What was found when the baseline was written does not fail, what is new does."""
    path, baseline = mine(BROKEN), tmp_path / "known.json"
    assert run("check", path, "--write-baseline", baseline).returncode == 1
    done = run("check", path, "--baseline", baseline)
    assert done.returncode == 0 and done.stdout.endswith("all rules hold\n") and "passed over" in done.stdout
    mine(BROKEN + "claim:y a cg:OwnershipClaim .\n")
    done = run("check", path, "--baseline", baseline)
    assert done.returncode == 1 and "claim:y" in done.stdout and "claim:x" not in done.stdout
    mine(GOOD)
    done = run("check", path, "--baseline", baseline)
    assert done.returncode == 0 and "found no more" in done.stdout
    refused(run("check", path, "--baseline", tmp_path / "none.json"), "none.json: no such baseline")
    refused(run("check", path, "--write-baseline", path), "is there already, and is no baseline")
    assert path.read_text(encoding="utf-8").endswith(GOOD)


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "turtle"])
def test_programs_read_findings_in_their_formats(run: Run, mine: Callable[[bytes | str], Path], form: str) -> None:
    """With the exit code of the text; --exit-zero makes it 0."""
    done = run("check", mine(BROKEN), "--format", form)
    assert done.returncode == 1 and "A claim" in done.stdout
    assert run("check", mine(BROKEN), "--format", form, "--exit-zero").returncode == 0


def test_a_change_is_checked_again_and_what_appeared_and_was_mended_is_shown(
    mine: Callable[[bytes | str], Path],
) -> None:
    """Until it is interrupted; a file that cannot be read for a while is no end."""
    path = mine(BROKEN)
    watching = subprocess.Popen(
        [sys.executable, "-u", "-m", "compas_graph", "check", str(path), "--watch"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip
    end = threading.Timer(60, watching.kill)
    end.start()
    try:
        assert watching.stdout is not None
        seen = until(watching.stdout, "violations")
        assert "claim:x" in seen
        mine(GOOD)
        seen = until(watching.stdout, "in all")
        assert "mended: " in seen and ", 0 appeared, 0 in all" in seen
        mine("nonsense")
        until(watching.stdout, "cannot be checked")
        mine(GOOD + "id:y a cg:Place .\n")
        seen = until(watching.stdout, "in all")
        assert "0 mended, 1 appeared, 1 in all" in seen and "id:y" in seen
    finally:
        end.cancel()
        watching.kill()
        watching.communicate()


def until(output: IO[str], word: str) -> str:
    """Return what is printed up to the line that holds a word."""
    seen = ""
    for line in output:
        seen += line
        if word in line:
            return seen
    raise AssertionError(f"it ended with: {seen}")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="this system has no file that nobody can read")
def test_a_file_that_cannot_be_read_is_one_line(run: Run, tmp_path: Path) -> None:
    """With the reason; nobody can read the start of a process's memory, not even the superuser."""
    (tmp_path / "mine.ttl").symlink_to("/proc/self/mem")
    refused(run("check", tmp_path / "mine.ttl"), f"mine.ttl: cannot be read ({os.strerror(errno.EIO)})")


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
