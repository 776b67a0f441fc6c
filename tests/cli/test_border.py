"""No error leaves a command but as one line with exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Callable
from json import JSONDecodeError
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import URLError

import click
import pytest
import rdflib.plugins.parsers.notation3
import yaml

from compas_graph import worker
from compas_graph.bundle import Bundle
from compas_graph.cli import border, main
from compas_graph.errors import CompasGraphError, DataError, UnknownNameError
from tests import FROZEN, ROOT
from tests.cli.expect import refused
from tests.commands import Run, below


def of_python() -> list[Exception]:
    """Return an exception of each class that Python has and that says something went wrong."""
    found: list[Exception] = []
    classes: list[type[Exception]] = [Exception]
    while classes:
        kind = classes.pop()
        if kind.__module__ == "builtins":
            classes += [each for each in kind.__subclasses__() if not issubclass(each, Warning)]
            found.append(made(kind))
    return found


def made(kind: type[Exception]) -> Exception:
    if issubclass(kind, UnicodeDecodeError):
        return kind("utf-8", b"\xff", 0, 1, "it is broken")
    if issubclass(kind, UnicodeEncodeError):
        return kind("ascii", "é", 0, 1, "it is broken")
    if issubclass(kind, UnicodeTranslateError):
        return kind("é", 0, 1, "it is broken")
    if issubclass(kind, ExceptionGroup):
        return kind("several", [ValueError("one\nand two")])
    return kind("it is\nbroken")


OF_OTHERS: list[Exception] = [
    click.UsageError("it is broken"),
    click.BadParameter("it is\nbroken"),
    click.FileError("a file", "it is broken"),
    click.Abort(),
    yaml.YAMLError("it is broken"),
    JSONDecodeError("it is broken", "{", 1),
    URLError("it is broken"),
    OSError(28, "No space left on device"),
    FileNotFoundError(2, "No such file or directory", "a\nb"),
    rdflib.plugins.parsers.notation3.BadSyntax("", 1, "x", 0, "it is broken"),
    DataError("a file: it is\nbroken"),
    UnknownNameError("thing", "x\ny", []),
]
ERRORS = of_python() + OF_OTHERS


def raises(error: Exception) -> NoReturn:
    raise error


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_is_one_line_and_exit_code_2(error: Exception, capfd: pytest.CaptureFixture[str]) -> None:
    """Whoever made it: Python, a library, or this program."""
    assert border.bordered(lambda: raises(error)) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("compas-graph: ") and err.count("\n") == 1 and err.endswith("\n") and len(err) > 20


def test_the_tracebacks_of_errors_are_shown_to_who_asks(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the line, which stays."""
    monkeypatch.setattr(border, "_tracebacks", False)
    border.show_tracebacks()
    assert border.bordered(lambda: raises(KeyError("x"))) == 2
    err = capfd.readouterr().err
    assert err.startswith("Traceback") and "in raises" in err
    assert err.splitlines()[-1].startswith("compas-graph: the command met a fault of this program: KeyError: 'x'")


ANY = "http://127.0.0.1:1/"
COMMANDS: dict[str, list[str]] = {
    "ask": ["which-models-share-a-platform", "--platform", "MFA"],
    "queries": [],
    "sparql": ["ASK {}"],
    "find": ["MFA"],
    "describe": ["MFA"],
    "why": ["Q30", "uses platform", "MFA"],
    "check": [],
    "sources": [],
    "catalogue": [],
    "export": ["-"],
    "load": [ANY],
    "unload": [ANY],
    "doctor": [ANY],
    "infer": ["--store", ANY],
}


def test_every_command_is_tried() -> None:
    """One that is added is added here."""
    assert COMMANDS.keys() == below().keys()


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let whatever a command needs first fail with an error: its data, or the way to a store."""

    def broken(*_: Any, **__: Any) -> NoReturn:
        raise error

    monkeypatch.setattr(Bundle, "at", broken)
    monkeypatch.setattr("compas_graph.remote.client.connect", broken)
    monkeypatch.setattr("compas_graph.remote.asking.connect", broken)


@pytest.mark.parametrize("data", [True, False], ids=["others' data", "own data"])
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    "error", [KeyError("x"), AssertionError(), RecursionError(), MemoryError(), OSError(5, "x"), UnicodeError("x")],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_no_command_lets_an_error_through(
    name: str, data: bool, error: Exception, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """From wherever in it the error comes."""
    fails(monkeypatch, error)
    given = ["--data", str(FROZEN.graph.parent)] if data else []
    monkeypatch.setattr(sys, "argv", ["compas-graph", *given, name, *COMMANDS[name]])
    monkeypatch.setattr(sys, "stdout", open(sys.stdout.fileno(), "w", closefd=False))  # noqa: SIM115  # main closes it
    with pytest.raises(SystemExit) as left:
        main()
    err = capfd.readouterr().err
    assert (left.value.code, err.count("\n"), err.partition(" ")[0]) == (2, 1, "compas-graph:")
    assert "Traceback" not in err


@pytest.mark.parametrize("forks", [True, False], ids=["forked", "anew"])
def test_commands_on_data_of_others_run_in_a_worker_and_answer_as_without(
    run_installed: Run, forks: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Their output, their errors and their exit codes come through, in both ways to start."""
    data = ["--data", str(FROZEN.graph.parent)]
    way = f"import compas_graph.worker as w; w.FORKS = {forks} and w.FORKS"
    (tmp_path / "sitecustomize.py").write_text(way, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    done = run_installed(*data, "find", "mfa")
    assert done.returncode == 0 and "next-generation MFA" in done.stdout and done.stderr == ""
    done = run_installed(*data, "ask", "which-models-share-a-platform", "--platform", "MFA", "--as-of", "2014")
    assert done.returncode == 0 and done.stdout.count("\n") > 3 and done.stdout.count("Motor Authority") >= 1
    refused(run_installed(*data, "describe", "nobody knows this"), "no thing is called")
    assert run_installed(*data, "sources", "verify", str(tmp_path)).returncode == 1
    refused(run_installed(*data, "ask", "--nonsense"), "No such option '--nonsense' (see 'compas-graph ask --help')")


CRASHES: dict[str, tuple[Callable[[], object], str]] = {
    "time": (lambda: __import__("time").sleep(60), "the command was stopped after"),
    "stack": (lambda: __import__("os").kill(__import__("os").getpid(), 11), "the command crashed what runs it"),
}


@pytest.mark.skipif(not worker.FORKS, reason="what is put into this process is not there in one that starts anew")
@pytest.mark.parametrize(("work", "said"), CRASHES.values(), ids=CRASHES)
def test_data_of_others_cannot_hang_or_crash_a_command(
    work: Callable[[], object], said: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What runs the command is stopped, and the line does not speak of options that there are not."""
    monkeypatch.setattr("compas_graph.graph.open_graph", lambda *_, **__: work())
    monkeypatch.setattr("compas_graph.cli.LONGEST", 1.0)
    monkeypatch.setattr(sys, "argv", ["compas-graph", "--data", str(FROZEN.graph.parent), "find", "MFA"])
    monkeypatch.setattr(sys, "stdout", open(sys.stdout.fileno(), "w", closefd=False))  # noqa: SIM115  # main closes it
    with pytest.raises(SystemExit) as left:
        main()
    err = capfd.readouterr().err
    assert left.value.code == 2 and said in err and "--timeout" not in err and err.count("\n") == 1


def test_errors_of_ours_are_told_in_their_own_words(capfd: pytest.CaptureFixture[str]) -> None:
    """Without another word."""
    border.bordered(lambda: raises(CompasGraphError("this is so")))
    assert capfd.readouterr().err == "compas-graph: this is so\n"
