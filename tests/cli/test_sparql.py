"""`sparql`: what is run, what is refused, and when it is stopped."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.expect import SLOW, Run, answered, refused

ONE = "SELECT ?x { VALUES ?x { id:mfa } }"


def test_a_query_is_taken_as_text_file_and_standard_input(run: Run, tmp_path: Path) -> None:
    """With the same answer; our prefixes need no declaration."""
    path = tmp_path / "mine.rq"
    path.write_text(ONE, encoding="utf-8")
    wanted = "x\nMFA\n"
    assert [answered(run("sparql", ONE)), answered(run("sparql", path))] == [wanted, wanted]
    assert [answered(run("sparql", input=ONE)), answered(run("sparql", "-", input=ONE))] == [wanted, wanted]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("ASK { id:q30 cg:usesPlatform id:mfa }", "yes\n"),
        ("ASK { id:qx50 cg:usesPlatform id:mfa }", "no\n"),
        ("SELECT ?x { ?x a cg:Nothing }", "no rows\n"),
        ('SELECT ("SERVICE" AS ?service) {}', "service\nSERVICE\n"),
        ("PREFIX service: <http://x/> SELECT ?x { ?x service:SERVICE ?y }", "no rows\n"),
        ('SELECT (xsd:date("-0044-03-15") AS ?x) {}', "x\n-0044-03-15\n"),
        ("SELECT (-0.5 AS ?x) {}", "x\n-0.5\n"),
    ],
)
def test_a_query_is_answered(run: Run, text: str, printed: str) -> None:
    """Rows, yes or no, or that there are none."""
    assert answered(run("sparql", text)) == printed


def test_a_graph_is_answered_as_turtle(run: Run) -> None:
    """Also where only an IRI with a dot is described."""
    assert "id:mfa a cg:Platform" in answered(
        run("sparql", "CONSTRUCT { ?x a cg:Platform } WHERE { VALUES ?x { id:mfa } }")
    )
    assert run("sparql", "DESCRIBE <http://example.org/a.b>").returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT * { ?s ?p ?o", "query:1:20: not valid SPARQL"),
        ("SELECT *\n{ ?s ?p ?o ?x }", "query:2:"),
        ("SELECT * { ?s none:p ?o }", "query:1:"),
        ("INSERT DATA { id:a a id:b }", "update (INSERT)"),
        ("DELETE WHERE { ?s ?p ?o }", "update (DELETE)"),
        ("PREFIX x: <http://x/> drop all", "update (DROP)"),
        ("ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("ASK { sErViCe <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("ASK { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("ASK { OPTIONAL { ?a ?b ?c .SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }", "SERVICE"),
        ("", "query:1:1"),
        ("missing.rq", "missing.rq: no such file or folder"),
    ],
)
def test_a_query_that_cannot_be_run_is_one_line(run: Run, text: str, said: str) -> None:
    """With line and column where it is misspelt."""
    refused(run("sparql", text), said)


def test_empty_standard_input_is_one_line(run: Run) -> None:
    """With what was read."""
    refused(run("sparql", input=""), "standard input:1:1")


@pytest.mark.parametrize("content", [b"SELECT \xff", b"\xff\xfeS\x00", b"\x00"])
def test_a_query_that_is_not_utf_8_is_one_line(run: Run, tmp_path: Path, content: bytes) -> None:
    """From a file and from standard input."""
    path = tmp_path / "mine.rq"
    path.write_bytes(content)
    refused(run("sparql", path), "mine.rq")
    refused(run("sparql", input=content), "standard input")


def test_a_query_file_with_a_byte_order_mark_is_read(run: Run, tmp_path: Path) -> None:
    """It cannot be seen, and so a message that only shows it would help nobody."""
    path = tmp_path / "mine.rq"
    path.write_bytes(b"\xef\xbb\xbf" + ONE.encode())
    assert answered(run("sparql", path)) == answered(run("sparql", ONE))


def test_a_folder_is_no_query(run: Run, tmp_path: Path) -> None:
    """Nor is one whose name looks like a file's."""
    (tmp_path / "mine.rq").mkdir()
    refused(run("sparql", tmp_path / "mine.rq"), "mine.rq: is a folder, not a regular file")


@pytest.mark.parametrize("text", SLOW, ids=["over the graph", "over nothing"])
def test_a_slow_query_is_stopped(script: Path, empty_folder: Path, text: str) -> None:
    """After the time given, wherever its time goes."""
    done = subprocess.run(
        [script, "sparql", "--timeout", "0.3", text],
        cwd=empty_folder,
        capture_output=True,
        text=True,
        timeout=4,
        check=False,
    )
    refused(done, "stopped after 0.3 s", "--timeout")
