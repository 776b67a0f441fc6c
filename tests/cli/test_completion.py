"""The shell completes names of queries, parameters and values, and never disturbs the line that is typed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from compas_graph.query import query_names, saved_query
from tests import FROZEN

ASK = "which-models-share-a-platform"
Complete = Callable[..., list[str]]


@pytest.fixture(scope="module")
def complete(script: Path, empty_folder: Path) -> Complete:
    """Return what completes the last word of a line, and holds that nothing is said beside it."""

    def words(*line: str) -> list[str]:
        given = {
            "_COMPAS_GRAPH_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(["compas-graph", *line]),
            "COMP_CWORD": str(len(line)),
        }
        done = subprocess.run(
            [script], env={**os.environ, **given}, cwd=empty_folder, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        found = [each for each in done.stdout.splitlines() if each]
        assert all(each.startswith("plain,") for each in found)
        return [each.removeprefix("plain,") for each in found]

    return words


def test_the_names_of_queries_are_completed(complete: Complete) -> None:
    """All of them, or those that begin as what is typed."""
    assert complete("ask", "") == query_names(FROZEN)
    assert complete("ask", "which-m") == [name for name in query_names(FROZEN) if name.startswith("which-m")]
    assert complete("ask", "zebra") == []


def test_the_parameters_of_a_query_are_completed(complete: Complete) -> None:
    """Its own, and those that all have."""
    query = saved_query(FROZEN, "what-happens-when")
    found = complete("ask", query.name, "--")
    assert found[: len(query.parameters)] == [f"--{name}" for name in query.parameters]
    assert {"--as-of", "--without", "--format", "--evidence"} <= set(found)
    assert complete("ask", ASK, "--pl") == ["--platform"]


def test_things_are_completed_by_label_and_alias_of_the_class_that_is_asked_for(complete: Complete) -> None:
    """Without regard to case; quotes and backslashes before spaces are the shell's."""
    assert complete("ask", ASK, "--platform", "m") == ["MFA"]
    assert complete("ask", ASK, "--platform", "Nissan") == []
    assert complete("ask", ASK, "--platform", "next-generation\\ m") == ["next-generation MFA"]
    assert complete("ask", ASK, "--platform", "'next-generation m") == ["next-generation MFA"]
    assert {"QX50", "QX65"} <= set(complete("ask", "where-is-a-model-built", "--model", "QX"))


@pytest.mark.parametrize("typed", ["", "p", "P"])
def test_choices_are_completed(complete: Complete, typed: str) -> None:
    """In the order of the query."""
    query = saved_query(FROZEN, "what-is-said-of-a-thing")
    wanted = [name for name in query.parameters["standing"].choices if name.startswith(typed.lower())]
    assert complete("ask", query.name, "--standing", typed) == wanted != []


def test_what_the_ontology_lists_is_completed(complete: Complete) -> None:
    """Kinds of claim by what their labels say beside "claim", and the concepts of a scheme."""
    assert complete("ask", "what-is-said-of-a-thing", "--topic", "l") == ["launch", "location"]
    assert complete("ask", "what-is-said-of-a-thing", "--topic", "Site") == ["site choice"]
    assert complete("ask", "which-vehicles-are-of-a-kind", "--kind", "c") == [
        "city car", "combustion drive", "compact car", "crossover",
    ]  # fmt: skip


def test_what_only_later_sources_mention_is_not_completed(complete: Complete) -> None:
    """Nor a spelling that only they use; the same without a source."""
    plants = ["ask", "where-is-a-plant"]
    assert "COMPAS plant" in complete(*plants, "--plant", "COMPAS")
    assert complete(*plants, "--as-of", "2014", "--plant", "COMPAS") == []
    assert complete(*plants, "--as-of=2014", "--plant", "COMPAS") == []
    assert complete(*plants, "--without", "s1", "--plant", "COMPAS") == []
    assert "COMPAS plant" in complete(*plants, "--as-of", "2015", "--plant", "COMPAS")


def test_a_source_of_vague_date_is_not_named_while_one_types(complete: Complete) -> None:
    """The answer names it."""
    assert complete("ask", ASK, "--as-of", "2014-06-15", "--platform", "M") == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ask nothing --", ["--help"]),
        (f"ask {ASK} --as-of soon --platform M", []),
        (f"ask {ASK} --without s9 --platform M", []),
        ("--data /nothing ask ", []),
        (f"--data /nothing ask {ASK} --platform M", []),
    ],
)
def test_a_line_that_is_wrong_is_not_complained_about_while_one_types(
    complete: Complete, line: str, found: list[str]
) -> None:
    """A message would be printed into the line; it comes when the line is entered."""
    assert complete(*line.split(" ")) == found


def test_completion_knows_the_data_that_is_named(complete: Complete, tmp_path: Path) -> None:
    """Its queries, and its things."""
    for name in ("graph", "queries"):
        (tmp_path / name).mkdir()
    head = (
        "@prefix cg: <https://w3id.org/compas-graph/ontology#> . @prefix r: <http://www.w3.org/2000/01/rdf-schema#> ."
    )
    (tmp_path / "graph" / "mine.ttl").write_text(f'{head} <http://x/a> a cg:Plant ; r:label "Wren plant" .')
    params = "#+ params:\n#+   plant: {type: entity, class: cg:Plant, help: h}\n"
    header = f"#+ summary: What?\n#+ description: M.\n#+ none: a\n#+ tags: [a]\n{params}"
    (tmp_path / "queries" / "mine.rq").write_text(header + "SELECT ?plant {\n  VALUES ?plant { UNDEF }\n}")
    assert complete("--data", str(tmp_path), "ask", "") == ["mine"]
    assert complete("--data", str(tmp_path), "ask", "mine", "--plant", "") == ["Wren plant"]
