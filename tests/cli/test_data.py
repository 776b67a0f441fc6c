"""`--data`: a folder of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import FROZEN
from tests.cli.expect import ASK, Run, answered, change, query, refused


def test_other_data_give_another_answer(run: Run, data: Path) -> None:
    """A claim of the copy is changed, and the answer with it."""
    s0 = data / "graph" / "sources" / "s0.ttl"
    change(s0, "cg:model id:q30, id:qx30 ;\n    cg:modelStatus", "cg:model id:qx30 ;\n    cg:modelStatus")
    ours, theirs = (
        answered(run(*chosen, "ask", ASK, "--platform", "MFA")).partition("\n\n")[0].splitlines()
        for chosen in ([], ["--data", data])
    )
    assert theirs == [line for line in ours if "Q30 " not in line or "QX30" in line]
    assert answered(run("--data", data, "why", "Infiniti Q30", "uses platform", "MFA")).startswith("no source says")


def test_data_can_bring_an_ontology_and_queries_of_their_own(run: Run, data: Path) -> None:
    """Of the same layout."""
    shutil.copytree(FROZEN.ontology, data / "ontology")
    change(data / "ontology" / "compas.ttl", 'rdfs:label "uses platform"@en', 'rdfs:label "stands on"@en')
    query(data)
    assert answered(run("--data", data, "why", "Infiniti Q30", "stands on", "MFA")).startswith(
        "Infiniti Q30 stands on MFA"
    )
    assert answered(run("--data", data, "queries")).split() == ["name", "question", "parameters", "mine", "What?"]


@pytest.mark.parametrize(
    "command", [["find", "x"], ["check"], ["queries"], ["sources"], ["ask", ASK], ["sparql", "ASK {}"]]
)
def test_a_data_folder_that_is_missing_is_one_line_for_every_command(
    run: Run, tmp_path: Path, command: list[str]
) -> None:
    """With its name."""
    refused(run("--data", tmp_path / "missing", *command), "missing: no such data folder")


def test_a_data_folder_without_a_graph_and_a_file_are_one_line(run: Run, tmp_path: Path) -> None:
    """With what a data folder holds."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    refused(run("--data", tmp_path / "file", "find", "x"), "file: no such data folder")
    refused(run("--data", tmp_path / "folder", "find", "x"), "folder: has no folder graph/")


def test_a_data_folder_with_an_impossible_name_is_one_line(run: Run) -> None:
    """Longer than the file system takes."""
    refused(run("--data", "a" * 3000, "find", "x"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.ttl", b"id:x a", "mine.ttl:1:"),
        ("mine.ttl", b"\xff", "not UTF-8"),
        ("facts.ttl", b"", "rename the file"),
    ],
)
def test_data_that_cannot_be_read_are_one_line(run: Run, data: Path, name: str, content: bytes, said: str) -> None:
    """For commands that only ask as well."""
    (data / "graph" / name).write_bytes(content)
    refused(run("--data", data, "find", "x"), said)
    refused(run("--data", data, "sparql", "ASK {}"), said)


def test_a_folder_called_like_a_file_is_one_line(run: Run, data: Path) -> None:
    """It cannot be read."""
    (data / "graph" / "mine.ttl").mkdir()
    refused(run("--data", data, "find", "x"), "mine.ttl: is a folder, not a regular file")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cg:value 3600", 'cg:value "many"'),
        ("cg:value 3600", 'cg:value "INF"^^xsd:double'),
        ("cg:value 3600", "cg:value id:compas"),
        ('cg:end "2020"^^xsd:gYear ;', 'cg:end "soon-ish"^^xsd:gYear ;'),
        ('cg:end "2020"^^xsd:gYear ;', 'cg:end "2020-13"^^xsd:gYearMonth ;'),
        ('cg:end "2020"^^xsd:gYear ;', 'cg:end "2020-06-27Z"^^xsd:date ;'),
        ('cg:end "2020"^^xsd:gYear ;', "cg:end id:compas ;"),
        ('cg:published "2015-07"^^xsd:gYearMonth ;', 'cg:published "some-day" ;'),
    ],
)
def test_a_value_that_is_wrong_stops_no_answer(run: Run, data: Path, old: str, new: str) -> None:
    """Asking shows it as it stands or leaves it out; check reports it."""
    change(data / "graph" / "sources" / "s1.ttl", old, new)
    answered(run("--data", data, "describe", "COMPAS plant"))


def test_values_that_are_wrong_are_found_by_check(run: Run, data: Path) -> None:
    """All of them at once, with exit code 1."""
    s1 = data / "graph" / "sources" / "s1.ttl"
    change(s1, "cg:value 3600", 'cg:value "INF"^^xsd:double')
    change(s1, 'cg:end "2020"^^xsd:gYear ;', 'cg:end "2020-13"^^xsd:gYearMonth ;')
    done = run("--data", data, "check")
    assert (done.returncode, done.stderr) == (1, "")
    assert "claim:s1-24 cg:value" in done.stdout and "claim:s1-24 cg:end" in done.stdout
