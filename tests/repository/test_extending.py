"""What docs/extending.md shows of formats works as it stands there, and lies where it says."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import Any
from xml.etree import ElementTree

import click
import pytest
from pyoxigraph import NamedNode, parse

from compas_graph import file_formats, tables
from compas_graph.checks import options
from compas_graph.checks.findings import Finding, Report
from compas_graph.cli.loading import store_options
from compas_graph.remote import kinds
from tests.unit.remote import test_kinds

GRID = tables.Grid.of(["a"], [[tables.Cell("<Q30>", NamedNode("http://e/q30"))]], "T")._replace(against=("row 1: no",))


def section(root: Path, title: str) -> str:
    """Return a section of the page."""
    return (root / "docs" / "extending.md").read_text("utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def examples(root: Path, title: str) -> list[str]:
    """Return the Python that a section shows."""
    return [dedent(text) for text in re.findall(r"^   ```python\n(.*?)^   ```$", section(root, title), re.M | re.S)]


def made(code: str, name: str, known: dict[str, Any]) -> Any:
    """Return what a piece of Python defines under a name."""
    there = dict(known)
    exec(code, there)
    return there[name]


def row(code: str, known: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a table that a piece of Python shows."""
    found: dict[str, Any] = eval(f"{{{code}}}", known)
    return found


@pytest.mark.parametrize("title", ["An output format", "A format of check", "A file format", "A kind of store"])
def test_the_files_that_a_section_names_are_there(root: Path, title: str) -> None:
    """Wherever they are moved."""
    named = re.findall(r"\b(?:compas_graph|tests|docs)/[\w/]+\.\w+", section(root, title))
    assert named
    assert [name for name in named if not (root / name).is_file()] == []


def test_the_output_format_links_things(root: Path) -> None:
    """By the term of a cell, its text escaped."""
    function, line = examples(root, "An output format")
    write = made(function, "_html", vars(tables) | {"NamedNode": NamedNode})
    form = row(line, vars(tables) | {"_html": write})["html"]
    text = form.people([GRID, GRID], None)
    assert text.count('<td><a href="http://e/q30">&lt;Q30&gt;</a></td>') == 2
    assert text.count("<caption>T</caption>") == text.count("<p>row 1: no</p>") == 2
    assert text.endswith("\n")


def test_the_format_of_check_writes_every_finding(root: Path) -> None:
    """As XML that can be read."""
    module, line = examples(root, "A format of check")
    assert row(line, vars(options))["checkstyle"].writer == "checkstyle.checkstyle"
    one = Finding("a&b.ttl", 1, 2, "rule", "warning", "A <sentence>.")
    found = ElementTree.fromstring(made(module, "checkstyle", {})(Report((one, one), 1, 1)))
    assert [(file.get("name"), len(file)) for file in found] == [("a&b.ttl", 2)]
    assert found[0][0].attrib == {
        "line": "1", "column": "2", "severity": "warning", "message": "A <sentence>.", "source": "rule",
    }  # fmt: skip


def test_the_file_format_is_one_that_can_be_read_and_is_not_there_yet(root: Path) -> None:
    """Or the example would teach nothing."""
    (line,) = examples(root, "A file format")
    ((name, form),) = row(line, vars(file_formats)).items()
    assert name not in file_formats.FILE_FORMATS
    assert not {*form.endings, *form.by_name} & set(file_formats.readable())
    assert len(list(parse("<e:s> <e:p> <e:o> .", form.rdf))) == 1


def test_the_kind_of_store_is_offered_and_found_and_reached(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no more than its row, by the tests that its second row gives it to."""
    code, line = examples(root, "A kind of store")
    kind = made(f"kind = {code}", "kind", vars(kinds))
    ((name, met),) = row(line, vars(test_kinds)).items()
    assert name == kind.name not in kinds.KINDS
    monkeypatch.setitem(kinds.KINDS, name, kind)
    monkeypatch.setitem(test_kinds.MET, name, met)
    test_kinds.test_a_kind_is_found_out(name)
    test_kinds.test_a_kind_is_reached_at_its_endpoints_whichever_of_them_is_given(name)
    test_kinds.test_an_update_goes_where_and_as_the_kind_takes_it(name)
    command = click.command(store_options(lambda **_: None))
    (offered,) = [option.type for option in command.params if "--kind" in option.opts]
    assert isinstance(offered, click.Choice) and name in offered.choices
