"""The command line prints in one place, and writes Turtle in one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests import ROOT

PACKAGE = ROOT / "compas_graph"
MODULES = sorted(PACKAGE.rglob("*.py"))
PRINTING = {"click.echo", "click.secho", "click.echo_via_pager", "print", "traceback.print_exc", "os.write"}
STREAMS = {"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"}
PRINTS = {"cli/output.py", "worker.py"}
"""What may: the worker hands on what another process printed."""


def calls(text: str) -> Iterator[str]:
    """Yield what a module prints with: functions that print, and the streams."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in PRINTING:
            yield ast.unparse(node.func)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in STREAMS:
            yield ast.unparse(node)


def test_there_is_one_place_that_prints() -> None:
    """And it does, or the rule would hold of nothing."""
    found = {
        path.relative_to(PACKAGE).as_posix(): set(calls(path.read_text("utf-8"))) for path in PACKAGE.rglob("*.py")
    }
    assert {name for name, printing in found.items() if printing} == PRINTS


@pytest.mark.parametrize("text", ["click.echo(1)", "print(1)", "sys.stdout.write('')", "say = sys.stderr"])
def test_each_way_to_print_is_found(text: str) -> None:
    assert list(calls(text))


def serialised(text: str) -> list[str]:
    """Return how a module writes Turtle by itself: with a serialiser, or with prefixes put together."""
    found = [ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [call for call in found if "serialize(" in call and "TURTLE" in call] + ["@prefix"] * ("@prefix {" in text)


def test_turtle_is_written_by_one_module() -> None:
    """No other serialises it, nor puts prefixes together."""
    found = {path.relative_to(PACKAGE).as_posix(): serialised(path.read_text("utf-8")) for path in MODULES}
    assert {name for name, ways in found.items() if ways} == {"turtle.py"}


@pytest.mark.parametrize("text", ["x = serialize(y, format=RdfFormat.TURTLE)", 'x = f"@prefix {name}: <{iri}> ."'])
def test_each_way_to_write_turtle_is_found(text: str) -> None:
    assert serialised(text)
