"""Mutants are small changes; a test that notices one kills it, and the sample is the same on each run."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.mutants import __main__ as command
from benchmarks.mutants import trials
from benchmarks.mutants.changes import Mutant, mutants, plain
from tests import ROOT


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("return a < b", {"return a <= b", "return a >= b"}),
        ("return a == b", {"return a != b"}),
        ("return a in b", {"return a not in b"}),
        ("return a and b", {"return a or b", "return a", "return b"}),
        ("return not a", {"return a"}),
        ("return a + 3", {"return a", "return 3", "return a + 4", "return a + 2"}),
        ("return a - b", {"return a"}),
        ("return True", {"return False"}),
        ("return a if b else c", {"return a", "return c"}),
        ("return any(a)", {"return all(a)"}),
        ("return sorted(a, key=b)", {"return sorted(a)", "return list(a)"}),
        ("return a.strip()", {"return a"}),
        ("return f(a, b, c)", {"return f(b, a, c)"}),
        ("return f(a, 'b')", set()),
        ("return [x for x in a if b]", {"return [x for x in a]"}),
        ("return (a, b, c)", {"return (c, b, a)"}),
        (
            "return a in (1, 'b')",
            {
                "return a not in (1, 'b')",
                "return a in (1,)",
                "return a in ('b',)",
                "return a in (2, 'b')",
                "return a in (0, 'b')",
            },
        ),
        (
            "for x in a, b:\n    f(x)",
            {"pass", "for x in (a,):\n    f(x)", "for x in (b,):\n    f(x)", "for x in (a, b):\n    pass"},
        ),
        ("return {a: 'x', b: 'y'}", {"return {a: 'x'}", "return {b: 'y'}"}),
        ("f(a)", {"pass"}),
        ("if a:\n    f(b)", {"if True:\n    f(b)", "if False:\n    f(b)"}),
        ("for x in a:\n    f(x)", {"pass", "for x in a:\n    pass"}),
        ("x = a\nx = b", {"x = a\npass"}),
        ("x: dict[a, b] = a", set()),
        ("'text'", set()),
        ("return 'text'", set()),
    ],
)
def test_each_change_is_a_small_one(line: str, changes: set[str]) -> None:
    """One at a time, and none that would be the same or could not run."""
    found = [body(mutant.source) for mutant in mutants("m", f"def g():\n{indented(line)}")]
    assert Counter(found) == Counter(changes)


def body(source: str) -> str:
    """Return what a function does that is all of a source."""
    [function] = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    return "\n".join(map(ast.unparse, function.body))


def indented(text: str) -> str:
    """Return lines as they stand in a function."""
    return "\n".join(f"    {line}" for line in text.splitlines())


@pytest.mark.parametrize(
    ("returns", "instead"),
    [
        ("list[int]", {"[]"}),
        ("bool", {"True", "False"}),
        ("str | None", {"''", "None"}),
        ("Thing", set()),
    ],
)
def test_a_function_returns_nothing_as_its_annotation_allows(returns: str, instead: set[str]) -> None:
    """What it could not return would fail wherever it is used."""
    found = mutants("m", f"def g() -> {returns}:\n    return a")
    assert {mutant.name for mutant in found} == {f"m.g: return a -> return {one}" for one in instead}


def test_a_mutant_is_named_after_its_function() -> None:
    """Each name is unique, and that of one in a function stays when others change."""
    source = (
        "class A:\n    def one(self):\n        return 1 == x == 1\ndef two():\n    return [y for y in x if y > 1]\n"
    )
    names = [mutant.name for mutant in mutants("m", source)]
    assert len(names) == len(set(names))
    assert {name.partition(":")[0] for name in names} == {"m.A.one", "m.two"}
    assert "m.A.one: 1 -> 2 #2" in names
    changed = {mutant.name for mutant in mutants("m", "x = 5\n" + source.replace("1 == x", "x"))}
    assert {name for name in names if "m.two" in name} <= changed


def test_mutants_say_the_same_but_for_the_change() -> None:
    """The form that all of them share says what the module says, and each is Python."""
    source = (ROOT / "compas_graph" / "dates.py").read_text("utf-8")
    assert ast.dump(ast.parse(plain(source))) == ast.dump(ast.parse(source))
    found = mutants("dates", source)
    assert len({mutant.source for mutant in found} - {plain(source)}) == len(found) > 100
    assert all(compile(mutant.source, mutant.name, "exec") for mutant in found[:1] + found)


def some(module: str, count: int) -> list[Mutant]:
    """Return mutants that differ by name only."""
    return [Mutant(f"{module}.f: {number}", module, "f", "") for number in range(count)]


def test_the_sample_is_the_same_on_each_run_and_each_module_has_its_share() -> None:
    """Whatever the order in which they are made; another seed draws another one."""
    found = some("large", 300) + some("small", 100)
    drawn = command.draw(found, 40, 1)
    assert drawn == command.draw(found[::-1], 40, 1)
    assert drawn != command.draw(found, 40, 2)
    assert Counter(mutant.module for mutant in drawn) == {"large": 30, "small": 10}
    assert len(set(drawn)) == 40


def test_an_unknown_name_in_the_list_of_equivalent_ones_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that none is listed that is there no more."""
    listed = tmp_path / "equivalent.tsv"
    listed.write_text("mutant\treason\nm.f: 1\tthe same\nother.f: 9\tnot asked for\n")
    monkeypatch.setattr(command, "EQUIVALENT", listed)
    assert command.equivalent(some("m", 3), ["m"]) == {"m.f: 1"}
    with pytest.raises(ValueError, match=r"no such mutant: m\.f: 1"):
        command.equivalent(some("m", 1), ["m"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere"], "nowhere.py: no such module"), (["dates", "--names", "none.txt"], "none.txt")],
)
def test_what_is_not_there_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the exit code of what could not run."""
    assert command.main(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


AGES = """
OLD = 18

def of_age(age):
    return age >= OLD

def countdown(left):
    while left != 0:
        left -= 1
    return left

def unseen(age):
    return age + 1
"""
TESTS = """
from tiny.ages import countdown, of_age

def test_of_age():
    assert of_age(20) and not of_age(17)

def test_countdown():
    assert countdown(3) == 0
"""
FATES = {
    "ages.<module>: 18 -> 19": (False, ""),
    "ages.<module>: 18 -> 17": (True, "tests/test_ages.py::test_of_age"),
    "ages.of_age: age >= OLD -> age > OLD": (False, ""),
    "ages.of_age: age >= OLD -> age < OLD": (True, "tests/test_ages.py::test_of_age"),
    "ages.countdown: left -= 1 -> pass": (True, "time"),
    "ages.unseen: 1 -> 2": (False, "no test calls it"),
}


@pytest.mark.long
def test_what_tests_notice_dies_and_what_they_do_not_survives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In copies: the tree itself is as it was."""
    monkeypatch.setattr(trials, "PATIENCE", (1, 5))
    files = {"tiny/__init__.py": "", "tiny/ages.py": AGES, "tests/test_ages.py": TESTS}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = [mutant for mutant in mutants("ages", AGES) if mutant.name in FATES]
    outcomes = list(trials.Trials(tmp_path, "tiny").run(found))
    assert {outcome.mutant.name: (outcome.killed, outcome.by) for outcome in outcomes} == FATES
    assert {name: (tmp_path / name).read_text() for name in files} == files
    (tmp_path / "tests" / "test_ages.py").write_text(TESTS.replace("== 0", "== 1"))
    with pytest.raises(trials.FailingTestsError, match="fails without a mutant"):
        list(trials.Trials(tmp_path, "tiny").run(found))
