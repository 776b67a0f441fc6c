"""The program itself: its help, how it ends, and what the README shows of it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compas_graph import __version__
from tests.cli.expect import ASK, SLOW, Run, answered, refused

# --- The program ---


def test_the_version_is_that_of_the_package(run: Run) -> None:
    """One version for both."""
    assert answered(run("--version")).split()[-1] == __version__


COMMANDS = [
    "ask",
    "catalogue",
    "check",
    "describe",
    "doctor",
    "export",
    "find",
    "infer",
    "load",
    "queries",
    "sources",
    "sources verify",
    "sources cite",
    "sparql",
    "unload",
    "why",
]


@pytest.mark.parametrize("command", ["", *COMMANDS, f"ask {ASK}"])
def test_every_command_has_help(run: Run, command: str) -> None:
    """With what it does."""
    assert answered(run(*command.split(), "--help")).startswith("Usage: compas-graph")


def test_the_help_names_every_command(run: Run) -> None:
    """So that all can be found, and all are tested here."""
    listed = re.findall(r"^  (\w+)  ", answered(run("--help")).split("Commands:")[1], re.MULTILINE)
    assert listed == [command for command in COMMANDS if " " not in command]


def test_without_a_command_the_help_is_shown(run_installed: Run) -> None:
    """As something that is not done."""
    done = run_installed()
    assert done.returncode == 2
    assert "Usage: compas-graph" in done.stderr + done.stdout


def test_the_module_runs_like_the_script(empty_folder: Path) -> None:
    """By the name of the package."""
    done = subprocess.run(
        [sys.executable, "-m", "compas_graph", "--version"], cwd=empty_folder, capture_output=True, check=True
    )
    assert done.stdout.decode().split()[-1] == __version__


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "nothing"),
        (["--nothing"], "--nothing"),
        (["find"], "TEXT"),
        (["find", "a", "b"], "b"),
        (["find", "MFA", "--format", "xml"], "xml"),
        (["why", "a", "b"], "OBJECT"),
        (["describe"], "THING"),
        (["sources", "nothing"], "nothing"),
        (["sources", "verify"], "DIR"),
        (["sources", "cite", "x"], "--find"),
        (["sparql", "ASK {}", "--timeout", "0"], "timeout"),
        (["sparql", "ASK {}", "--timeout", "soon"], "soon"),
    ],
)
def test_wrong_usage_is_one_line(run: Run, arguments: list[str], said: str) -> None:
    """With what is missing or not known."""
    refused(run(*arguments), said)


# --- Ends ---


@pytest.mark.parametrize(
    "arguments", [["sparql", "SELECT * { ?s ?p ?o }"], ["queries"], ["describe", "COMPAS plant"], ["--help"]]
)
def test_a_pipe_that_is_closed_early_is_no_error_message(
    script: Path, empty_folder: Path, arguments: list[str]
) -> None:
    """As by `| head -1`: nothing on standard error, and not the exit code of an answer or of a finding."""
    reader, writer = os.pipe()
    os.close(reader)
    started = subprocess.Popen([script, *arguments], stdout=writer, stderr=subprocess.PIPE, cwd=empty_folder)
    os.close(writer)
    _, complaint = started.communicate(timeout=30)
    assert complaint == b""
    assert started.returncode in (141, -signal.SIGPIPE)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("arguments", [["sparql", "-"], ["sparql", SLOW[0]]], ids=["waiting for input", "at work"])
def test_an_interrupt_is_quiet(script: Path, empty_folder: Path, arguments: list[str]) -> None:
    """As by Ctrl-C, which reaches all processes at once."""
    with subprocess.Popen(
        [script, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=empty_folder, start_new_session=True,
    ) as started:  # fmt: skip
        time.sleep(0.5)
        assert started.poll() is None
        os.killpg(started.pid, signal.SIGINT)
        printed, complaint = started.communicate(timeout=10)
    assert started.returncode in (130, -signal.SIGINT)
    assert b"Traceback" not in complaint and len(complaint.splitlines()) <= 1
    assert printed == b""


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text there")
@pytest.mark.parametrize(
    "arguments", [["sparql", b"SELECT ('\xff' AS ?x) {}"], ["ask", ASK, "--platform", b"\xff"], ["describe", b"\xff"]]
)
def test_an_argument_that_is_not_utf_8_is_one_line(
    script: Path, empty_folder: Path, arguments: list[str | bytes]
) -> None:
    """As any other that fits nothing."""
    done = subprocess.run(
        [script, *arguments], capture_output=True, cwd=empty_folder, text=True, errors="replace", check=False
    )
    refused(done)


# --- README ---


def readme_commands(root: Path) -> list[tuple[str, str]]:
    """Return each command of the README's console blocks with the output printed under it."""
    blocks = re.findall(
        r"^```console\n(.*?)^```$", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    pairs = [part.partition("\n") for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE) if part]
    return [(command, printed) for command, _, printed in pairs]


def test_the_readme_shows_what_the_commands_print(run_installed: Run, root: Path) -> None:
    """Every `$ compas-graph …` of a console block, run and compared; there is one at least, and none without output."""
    shown = readme_commands(root)
    assert shown
    for command, printed in shown:
        program, *arguments = shlex.split(command)
        assert program == "compas-graph", command
        done = run_installed(*arguments)
        assert "Traceback" not in done.stderr, command
        assert done.stdout.rstrip("\n") == printed.rstrip("\n"), command
        assert printed.strip(), command
