"""Every test asserts something, whatever it is given, and no number that it tests is taken from what it tests."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

ENDS = {"raises", "fail", "warns"}
"""What of pytest makes a test fail."""

KEEPS = {"enumerate", "list", "map", "reversed", "set", "sorted", "tuple", "items", "keys", "values"}
"""What gives something where it is given something."""


class Scope(NamedTuple):
    """What is known of the names in a test: which hold something, and which are functions that assert when called."""

    filled: frozenset[str]
    helpers: frozenset[str]


def asserts(body: Iterable[ast.AST], scope: Scope) -> bool:
    """Tell whether statements assert something whenever they run."""
    for statement in body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value and filled(statement.value, scope):
            scope = scope._replace(filled=scope.filled | set(_targets(statement)))
        if isinstance(statement, ast.FunctionDef) and asserts(statement.body, scope):
            scope = scope._replace(helpers=scope.helpers | {statement.name})
        if surely(statement, scope):
            return True
        if isinstance(statement, ast.If) and _leaves(statement) and not asserts(statement.body, scope):
            return False  # what follows runs at times only
    return False


def _leaves(branch: ast.If) -> bool:
    return isinstance(branch.body[-1], ast.Return | ast.Continue)


def surely(node: ast.AST, scope: Scope) -> bool:
    """Tell whether a statement or an expression asserts something whenever it runs."""
    match node:
        case ast.Assert(test=ast.Call(func=ast.Name("all"), args=[ast.GeneratorExp() | ast.ListComp() as each])):
            return all(filled(one.iter, scope) and not one.ifs for one in each.generators)
        case ast.Assert():
            return True
        case ast.If():
            return asserts(node.body, scope) and asserts(node.orelse, scope)
        case ast.For():
            return surely(node.iter, scope) or (filled(node.iter, scope) and asserts(node.body, scope))
        case ast.With():
            return any(surely(item, scope) for item in node.items) or asserts(node.body, scope)
        case ast.Try():
            if node.handlers and all(asserts(one.body, scope) for one in node.handlers) and asserts(node.orelse, scope):
                return True
            return asserts(node.body, scope) or asserts(node.finalbody, scope)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            return surely(node.generators[0].iter, scope)
        case ast.FunctionDef() | ast.Lambda() | ast.While() | ast.Assign() | ast.AnnAssign() | ast.AugAssign():
            return False
        case ast.Call(func=ast.Name(name)) if name in scope.helpers:
            return True
        case ast.Call(func=ast.Attribute(ast.Name("pytest"), name)) if name in ENDS:
            return True
    return any(surely(child, scope) for child in ast.iter_child_nodes(node))


def filled(node: ast.AST, scope: Scope) -> bool:
    """Tell whether an expression certainly gives something to go over."""
    match node:
        case ast.Tuple(elts) | ast.List(elts) | ast.Set(elts):
            return any(not isinstance(one, ast.Starred) or filled(one.value, scope) for one in elts)
        case ast.Dict(keys):
            return bool(keys)
        case ast.Constant(value):
            return bool(value)
        case ast.Name(name):
            return name in scope.filled
        case ast.BinOp(left, ast.Add() | ast.BitOr(), right):
            return filled(left, scope) or filled(right, scope)
        case ast.Call(ast.Name("range"), args):
            return all(isinstance(one, ast.Constant) for one in args)
        case ast.Call(ast.Name("zip"), args):
            return any(filled(one, scope) for one in args)
        case ast.Call(ast.Name(name), [*_, last]) if name in KEEPS:
            return filled(last, scope)
        case ast.Call(ast.Attribute(of, name)) if name in KEEPS:
            return filled(of, scope)
        case ast.Call(ast.Attribute(attr="split"), [_, *_]):
            return True
        case ast.Call(ast.Name(name)):
            return name in scope.filled
    return False


def _targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets: Sequence[ast.expr] = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [one.id for one in targets if isinstance(one, ast.Name)]


def scopes(trees: dict[Path, ast.Module]) -> dict[Path, Scope]:
    """Return what is known of the names in each file of tests, of which some are imported from another."""
    before, known = None, dict.fromkeys(trees, Scope(frozenset(), frozenset()))
    while known != before:  # a helper may stand below what calls it, or in a file that is read later
        others = {path.stem: scope.helpers for path, scope in known.items()}
        before, known = known, {path: _scope(tree, known[path].helpers, others) for path, tree in trees.items()}
    return known


def _scope(tree: ast.Module, helpers: frozenset[str], others: dict[str, frozenset[str]]) -> Scope:
    scope = Scope(frozenset(), helpers)
    for node in tree.body:
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                known = others.get(module.rpartition(".")[2], frozenset())
                scope = scope._replace(helpers=scope.helpers | {one.name for one in names if one.name in known})
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) if filled(value, scope):
                scope = scope._replace(filled=scope.filled | set(_targets(node)))
            case ast.FunctionDef(name=name, body=[*_, ast.Return(value=ast.expr() as value)]) if filled(value, scope):
                scope = scope._replace(filled=scope.filled | {name})
            case ast.FunctionDef(name=name, body=body) if not name.startswith("test_") and asserts(body, scope):
                scope = scope._replace(helpers=scope.helpers | {name})
    return scope


def idle(tests: Path) -> set[str]:
    """Return the tests in a folder that may assert nothing."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in tests.rglob("*.py")}
    return {
        node.name
        for path, scope in scopes(trees).items()
        for node in trees[path].body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if not asserts(node.body, scope._replace(filled=scope.filled | set(_parameters(node, trees[path]))))
    }


def _parameters(test: ast.FunctionDef, tree: ast.Module) -> Iterator[str]:
    """Yield the names that a test gets values for by `pytest.mark.parametrize`, which are never none at all."""
    marks = {name: node.value for node in tree.body if isinstance(node, ast.Assign) for name in _targets(node)}
    for mark in test.decorator_list:
        call = marks.get(mark.id) if isinstance(mark, ast.Name) else mark
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "parametrize":
            yield from (str(one.value) for one in ast.walk(call.args[0]) if isinstance(one, ast.Constant))


def test_every_test_asserts_something_whatever_it_is_given(root: Path) -> None:
    """Say first that there is something to go over, or give each thing a case of its own."""
    assert idle(root / "tests") == set()


def numbers(tests: Path) -> set[str]:
    """Return the constants of the program that tests import and that are numbers."""
    imported = {
        (node.module, one.name)
        for path in tests.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("compas_graph.")
        for one in node.names
        if one.name.isupper()
    }
    assert len(imported) > 10
    return {name for module, name in imported if isinstance(getattr(import_module(module), name), int | float)}


def test_no_test_imports_the_number_that_it_tests(root: Path) -> None:
    """Or else it would hold whatever the number is: write it down again."""
    assert numbers(root / "tests") == set()


@pytest.mark.parametrize(
    "body",
    [
        "run()",
        "for one in run(): assert one",
        "for one in (): assert one",
        "for one in [*run()]: assert one",
        "if run(): assert True",
        "if run():\n  return\nassert True",
        "while run(): assert True",
        "assert all(one for one in run())",
        "assert all(one for one in FILLED if one)",
        "try:\n  run()\nexcept OSError:\n  assert True",
        "def inner():\n  assert True",
        "[helper() for one in run()]",
        "lambda: helper()",
        "value = helper()",
    ],
)
def test_what_may_assert_nothing_is_seen(tmp_path: Path, body: str) -> None:
    """Wherever the assertion stands that may not be reached."""
    assert idle(written(tmp_path, body)) == {"test_it"}


@pytest.mark.parametrize(
    "body",
    [
        "assert run()",
        "for one in FILLED: assert one",
        "for one in sorted(FILLED.items()): assert one",
        "for one in given: assert one",
        "for one in range(3): assert one",
        "local = [1, *run()]\nfor one in local: assert one",
        "for one in made(): assert one",
        "if run():\n  assert 1\nelse:\n  assert 2",
        "if run():\n  assert 1\n  return\nassert True",
        "assert all(one for one in FILLED)",
        "with pytest.raises(OSError): run()",
        "try:\n  run()\nexcept OSError:\n  assert 1\nelse:\n  assert 2",
        "def inner():\n  assert True\ninner()",
        "helper()",
        "imported()",
    ],
)
def test_what_certainly_asserts_is_no_false_alarm(tmp_path: Path, body: str) -> None:
    """By itself, or through a helper that does."""
    assert idle(written(tmp_path, body)) == set()


def written(folder: Path, body: str) -> Path:
    """Write a file with a test, and one with a helper that it can import."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    (folder / "test_one.py").write_text(
        f"from other import imported\nFILLED = {{1: 2}}\n@pytest.mark.parametrize('given', [FILLED])\n"
        f"def test_it(given):\n{lines}\ndef helper():\n    imported()\ndef made():\n    return [1, *run()]\n"
    )
    (folder / "other.py").write_text("def imported():\n    later()\ndef later():\n    assert True\n")
    return folder
