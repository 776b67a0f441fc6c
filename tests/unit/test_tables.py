"""Tables of an answer: what is laid out, how wide, and that each cell knows the term that it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from pyoxigraph import Literal, NamedNode, Store

from compas_graph.cli import commands
from compas_graph.describe import describe
from compas_graph.evidence import evidence, evidence_grid
from compas_graph.names import resolve
from compas_graph.namespaces import PREFIXES
from compas_graph.results import selected
from compas_graph.store import iri
from compas_graph.tables import FOR_PEOPLE, FOR_ROWS, FORMATS, Cell, Grid, table
from tests.commands import below

MakeStore = Callable[[str], Store]

DATA = """
id:mfa a cg:Platform ; rdfs:label "MFA"@en .
id:gazette rdfs:label "Gazette"@en .
source:s a cg:Source ; cg:publisher id:gazette ; cg:published "2014-06"^^xsd:gYearMonth .
passage:p cg:inSource source:s ; cg:paragraph 4 . claim:c cg:passage passage:p ; rdfs:label "A claim"@en .
"""
TWO = [
    Grid.of(["a", "b"], [["1", "x|y"]], "First")._replace(against=("row 1: no", "row 1: perhaps")),
    Grid.of(["c"], [["3"]]),
]


# --- Cells ---


def test_a_cell_keeps_the_term_beside_its_text(asserted: MakeStore) -> None:
    """A thing, a claim, a literal, or none; also where a label or a note is shown in its place."""
    query = """SELECT ?x ?xLabel ?xNote ?y { VALUES (?x ?xLabel ?xNote ?y) {
        (id:mfa "M" "old" 5) (claim:c UNDEF UNDEF "2014"^^xsd:gYear) (UNDEF "nameless" UNDEF UNDEF) } }"""
    assert selected(asserted(DATA), query).rows == (
        (Cell("M (old)", iri("id:mfa")), Cell("5", Literal(5))),
        (
            Cell("Gazette, June 2014, paragraph 4", iri("claim:c")),
            Cell("2014", Literal("2014", datatype=NamedNode(PREFIXES["xsd"] + "gYear"))),
        ),
        (Cell("nameless"), Cell("")),
    )


def test_things_and_claims_are_cells_that_know_their_iri(store: Store) -> None:
    """So that a format can link to them: in evidence, and where a thing is identified."""
    (claim,) = evidence_grid([evidence(store, [iri("claim:s1-11")])]).rows
    assert claim[1] == Cell("claim:s1-11", iri("claim:s1-11"))
    identity, stated, *_ = describe(store, resolve(store, "MFA"))
    assert identity.rows[0][0] == Cell("MFA", iri("id:mfa")) and identity.rows[0][-1] == Cell("id:mfa", iri("id:mfa"))
    assert all(isinstance(row[-1].term, NamedNode) for row in stated.rows) and stated.rows


# --- Layout ---


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("table", "FIRST\na  b\n1  x|y\n\nAgainst this:\n- row 1: no\n- row 1: perhaps\n\nc\n3\n"),
        (
            "markdown",
            "## First\n\n| a | b |\n| --- | --- |\n| 1 | x\\|y |\n\nAgainst this:\n- row 1: no\n- row 1: perhaps\n\n"
            "| c |\n| --- |\n| 3 |\n",
        ),
        ("csv", "a,b\r\n1,x|y\r\n\nc\r\n3\r\n"),
        ("tsv", "a\tb\n1\tx|y\n\nc\n3\n"),
    ],
)
def test_several_tables_are_one_document(form: str, text: str) -> None:
    """With titles and what speaks against each where people read them."""
    write = FORMATS[form].people
    assert write is not None
    assert write(TWO, None) == text


def test_no_column_is_narrower_than_twelve_signs_for_want_of_room() -> None:
    """Words of that length stay whole in the narrowest terminal; a column that needs less takes less."""
    answer = Grid.of(["short", "long", "longer"], [["a", "twelve signs " * 3, "thirteensigns"]])
    assert table([answer], 1) == (
        "short  long          longer\na      twelve signs  thirteensign\n       twelve signs  s\n       twelve signs\n"
    )


# --- Formats ---


def options_of(command: click.Command, path: str = "") -> dict[str, tuple[str, ...]]:
    """Return the formats that each command, and each below it, offers."""
    found = {}
    for option in command.params:
        if option.name == "form" and isinstance(option.type, click.Choice):
            found[path] = tuple(option.type.choices)
    for name, lower in below(command).items():
        found |= options_of(lower, f"{path} {name}".strip())
    return found


def test_every_command_that_prints_tables_offers_every_format_for_people() -> None:
    """And `sparql` all there are; `check` and `export` have formats of their own."""
    found = options_of(commands)
    others = {name: found.pop(name) for name in ("check", "export")}
    assert set(found) == {"find", "describe", "sources loss", "sparql", "doctor"}
    assert all(set(FOR_PEOPLE) <= set(offered) for offered in found.values())
    assert set(found["sparql"]) == set(FORMATS)
    assert all("table" not in offered for offered in others.values())


def test_the_readme_names_every_format_of_rows(root: Path) -> None:
    """In the row of `ask`, beside the table that is printed unless another is asked for."""
    (said,) = re.findall(r"`--format` writes ([\w, ]+)", (root / "README.md").read_text("utf-8"))
    assert {"table", *re.split(r", | or ", said.strip().lower())} == set(FOR_ROWS)
