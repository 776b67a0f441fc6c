"""What is printed arrives, or one line says why not; text is for people, data stay what they are."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compas_graph.cli import output
from compas_graph.cli.border import bordered
from compas_graph.errors import OutputError
from tests import FROZEN, ROOT
from tests.cli.expect import ASK, query
from tests.commands import Run

DATA = ("--data", str(FROZEN.graph.parent))
PRINTING = {
    "a table": ["find", "MFA"],
    "a table of a worker": [*DATA, "find", "MFA"],
    "an answer": ["sparql", "ASK {}"],
    "data": ["sparql", "ASK {}", "--format", "json"],
    "Turtle": ["catalogue"],
    "a graph": ["export"],
    "a report": ["check"],
    "a question": ["queries", ASK],
    "lines": ["why", "Q30", "uses platform", "MFA"],
    "help": ["--help"],
    "help of a question": ["ask", ASK, "--help"],
    "the version": ["--version"],
    "no answer": ["find", "nothing of this name"],
}
every_command = pytest.mark.parametrize("arguments", PRINTING.values(), ids=PRINTING)
posix = pytest.mark.skipif(sys.platform == "win32", reason="streams are closed and devices named otherwise there")


def in_shell(script: Path, folder: Path, arguments: list[str], end: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command with its streams redirected by a shell."""
    line = ["sh", "-c", f'"$0" "$@" {end}', str(script), *arguments]
    return subprocess.run(line, cwd=folder, capture_output=True, timeout=60, check=False)


def is_one_line(error: bytes, said: str) -> None:
    assert error.startswith(b"compas-graph: ") and error.count(b"\n") == 1 and said.encode() in error, error


# --- Output that cannot be written ---


@pytest.mark.long
@posix
@every_command
def test_a_closed_output_is_one_line(script: Path, empty_folder: Path, arguments: list[str]) -> None:
    """And exit code 2: nobody may take silence for an answer."""
    done = in_shell(script, empty_folder, arguments, ">&-")
    assert done.returncode == 2
    is_one_line(done.stderr, "the output cannot be written: standard output is closed")


@pytest.mark.long
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@every_command
def test_a_full_disk_is_one_line(script: Path, empty_folder: Path, arguments: list[str]) -> None:
    done = in_shell(script, empty_folder, arguments, ">/dev/full")
    assert done.returncode == 2
    is_one_line(done.stderr, "the output cannot be written (No space left on device)")


@posix
@pytest.mark.parametrize("end", ["2>&-", "2>/dev/full", "2>&- <&-", "<&-"])
def test_an_answer_arrives_though_nothing_can_be_said_beside_it(script: Path, empty_folder: Path, end: str) -> None:
    """Closed streams are not taken for files that are opened later."""
    done = in_shell(script, empty_folder, [*DATA, "describe", "MFA", "--as-of", "2019"], end)
    assert done.returncode == 0 and b"WHAT IT IS" in done.stdout


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file or directory", "a\nb"), r"a\x0ab: the system refuses it (No such file"),
        (OSError(5, "Input/output error"), "the system refuses what is needed (Input/output error)"),
        (PermissionError("a worker has no way to the network"), "(a worker has no way to the network)"),
    ],
)
def test_what_else_the_system_refuses_is_no_fault_of_the_output(
    error: OSError, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is named by its file, if it has one."""

    def raises() -> None:
        raise error

    assert bordered(raises) == 2
    told = capfd.readouterr().err
    assert said in told and "output" not in told.replace("Input/output", "")


# --- Output that an encoding cannot hold ---


@pytest.mark.parametrize("encoding", ["cp437", "ascii"])
@pytest.mark.parametrize("given_", [[], DATA], ids=["here", "in a worker"])
def test_signs_that_an_encoding_lacks_are_replaced_and_said_so_once(
    script: Path, empty_folder: Path, encoding: str, given_: list[str]
) -> None:
    """The answer is there, and the exit code is that of an answer."""
    arguments = [str(script), *given_, "sparql", "SELECT ?x { VALUES ?x { '€ 3' '日 4' } }"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(arguments, env=environment, cwd=empty_folder, capture_output=True, check=False)
    assert (done.returncode, done.stdout.splitlines()) == (0, [b"x", b"? 3", b"? 4"])
    assert done.stderr.count(b"\n") == 1 and f"note: signs that {encoding} lacks".encode() in done.stderr


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_data_are_utf_8_whatever_the_terminal(script: Path, empty_folder: Path, form: str) -> None:
    """As their standards have it, and without a note."""
    arguments = [str(script), "sparql", "SELECT ('€\u202e' AS ?x) {}", "--format", form]
    printed = []
    for encoding in ("utf-8", "cp437"):
        environment = {**os.environ, "PYTHONIOENCODING": encoding}
        done = subprocess.run(arguments, env=environment, cwd=empty_folder, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        printed.append(done.stdout)
    assert printed[0] == printed[1] and "€\u202e".encode() in printed[0]


@pytest.mark.parametrize("forks", [True, False], ids=["forked", "anew"])
def test_a_worker_prints_as_the_terminal_wants_it(
    script: Path, data: Path, forks: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text in its encoding, data in theirs, in both ways to start."""
    query(data, body='SELECT ?x {\n  VALUES ?x { "€ é" }\n}\n')
    (tmp_path / "sitecustomize.py").write_text(
        f"import compas_graph.worker as w; w.FORKS = {forks} and w.FORKS", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    monkeypatch.setenv("PYTHONIOENCODING", "cp437")
    for form, wanted, noted in (("table", "? é".encode("cp437"), True), ("csv", "€ é".encode(), False)):
        command = [str(script), "--data", str(data), "ask", "mine", "--format", form]
        done = subprocess.run(command, capture_output=True, check=False)
        assert wanted in done.stdout and done.returncode == 0
        assert (b"note: signs that cp437 lacks" in done.stderr) == noted


# --- Text for people ---


@given(st.text())
def test_bytes_are_printed_as_they_are_and_text_without_commands(text: str) -> None:
    """Neither for a terminal nor for the server that runs a build."""
    there, data = io.BytesIO(), text.encode("utf-8", "replace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(there, "utf-8", newline=""))
        output.write(data)
        output.write(text)
        printed = there.getvalue()
    assert printed.startswith(data)
    shown = printed[len(data) :].decode()
    assert all(sign.isprintable() or sign in f"\n\t\u200c\u200d{output.BLANKS}" for sign in shown)


@pytest.mark.parametrize("line", ["::error::x", "  ::add-mask::x", "a ##[error]x", "a\r::stop-commands::x"])
def test_a_line_is_no_command_to_github(line: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A label or the name of a file that begins so is only text in the log of a build."""
    output.write(f"first\n{line}\n")
    text = capfd.readouterr().out
    assert "##[" not in text and not [each for each in text.splitlines() if each.strip().startswith("::")]
    assert text.count("\n") == 2


def test_a_line_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    output.say("a\nb")
    assert capfd.readouterr().out == "a\\x0ab\n"


@posix
def test_a_write_that_fails_later_fails_too() -> None:
    """What waits in the buffer is not lost without a word."""
    reader, writer = os.pipe()
    os.close(reader)
    stream = io.BufferedWriter(output._Output(writer))
    stream.write(b"x")
    with pytest.raises(OutputError, match="cannot be written"):
        stream.flush()
    os.close(writer)
    with pytest.raises(OutputError):
        stream.close()


@pytest.mark.parametrize("value", ["maybe", "\\u001b[2J"])
def test_what_libraries_warn_of_is_not_shown(run_installed: Run, tmp_path: Path, value: str) -> None:
    """As rdflib does of values, in words of a stranger's."""
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix e: <http://e/> .\n"
    (tmp_path / "data.ttl").write_text(
        f'{head}e:a a e:C ; e:p "{value}"^^<http://www.w3.org/2001/XMLSchema#boolean> .', encoding="utf-8"
    )
    (tmp_path / "shapes.ttl").write_text(
        f"{head}e:S a sh:NodeShape ; sh:targetClass e:C ; sh:class e:D .", encoding="utf-8"
    )
    done = run_installed("check", tmp_path / "data.ttl", "--shapes", tmp_path / "shapes.ttl", "--engine", "pyshacl")
    assert (done.returncode, done.stderr) == (1, "")


def test_what_pyshacl_says_of_shapes_is_said_once(run: Run, tmp_path: Path) -> None:
    """In our line alone."""
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix e: <http://e/> .\n"
    (tmp_path / "data.ttl").write_text(f"{head}e:a a e:C .", encoding="utf-8")
    shape = "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:ignoredProperties ( e:p ) ; sh:nodeKind sh:IRI ."
    (tmp_path / "shapes.ttl").write_text(head + shape, encoding="utf-8")
    done = run("check", tmp_path / "data.ttl", "--shapes", tmp_path / "shapes.ttl", "--engine", "pyshacl")
    assert len(done.stderr.splitlines()) == (done.returncode == 2)
