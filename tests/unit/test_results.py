"""Answers as text: for people in labels, citations and spoken dates, for machines exactly as the standards say."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from compas_graph.results import columns, grid, spoken
from compas_graph.store import select
from compas_graph.tables import FORMATS, Grid, markdown, table

MakeStore = Callable[[str], Store]
XSD = "http://www.w3.org/2001/XMLSchema#"

words = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
cells = st.lists(words, max_size=4).map(" ".join)
grids = st.integers(1, 4).flatmap(
    lambda width: st.builds(Grid.of, st.tuples(*[words] * width), st.lists(st.tuples(*[cells] * width), max_size=5))
)

DATA = """
id:mfa a cg:Platform ; rdfs:label "MFA"@en .
id:gazette rdfs:label "Gazette"@en .
source:s a cg:Source ; cg:publisher id:gazette ; cg:published "2014-06"^^xsd:gYearMonth .
passage:p cg:inSource source:s ; cg:paragraph 4 . claim:c cg:passage passage:p ; rdfs:label "A claim"@en .
"""


@pytest.fixture(scope="module")
def small(asserted: MakeStore) -> Store:
    """Return a graph with a thing that has a label, and a claim."""
    return asserted(DATA)


def shown(store: Store, query: str, *, names: dict[str, str] | None = None, hidden: tuple[str, ...] = ()) -> Grid:
    solutions = select(store, query)
    variables = [variable.value for variable in solutions.variables]
    return grid(store, variables, [{name: row[name] for name in variables} for row in solutions], names, hidden)


# --- Grids ---


def test_a_label_and_a_note_are_shown_in_the_column_of_their_variable(small: Store) -> None:
    """The note in brackets; neither has a column of its own."""
    answer = shown(
        small, 'SELECT ?x ?xLabel ?xNote { VALUES (?x ?xLabel ?xNote) { (id:mfa "M" "old") (id:q "Q" UNDEF) } }'
    )
    assert (answer.headings, answer.texts) == (("x",), (("M (old)",), ("Q",)))


def test_a_variable_that_only_looks_like_a_helper_has_its_column(small: Store) -> None:
    """Without a variable to help, ?Label and ?planNote are columns."""
    assert shown(small, 'SELECT ?aLabel ?bNote { VALUES (?aLabel ?bNote) { ("1" "2") } }').texts == (("1", "2"),)


def test_headings_are_words_or_as_named(small: Store) -> None:
    """A claim is headed as the source that it cites."""
    answer = shown(small, "SELECT ?claim ?planClaim ?firstYear ?used {}", names={"used": "platform"})
    assert answer.headings == ("source", "plan source", "first year", "platform")


def test_the_headings_that_a_query_can_show_are_read_from_its_text() -> None:
    """In its order and under its names, without what helps another column, and without its parameters."""
    query = """PREFIX cg: <https://w3id.org/compas-graph/ontology#>  # SELECT ?none WHERE
    SELECT DISTINCT ?planClaim ?x ?xLabel ?asked ?askedLabel (COUNT(DISTINCT ?z) AS ?howMany) ?yNote WHERE {
      { SELECT ?inner WHERE { ?inner ?p ?z } } }"""
    assert columns(query, {"x": "ex"}, ["asked"]) == ["plan source", "ex", "how many", "y note"]
    assert columns(query, {}, []) == ["plan source", "x", "asked", "how many", "y note"]


def test_hidden_variables_are_left_out(small: Store) -> None:
    """With all of them, no column is left."""
    assert shown(small, 'SELECT ?x ?y { VALUES (?x ?y) { ("1" "2") } }', hidden=("x",)).texts == (("2",),)


def test_a_claim_is_shown_as_its_citation_and_a_thing_by_its_label(small: Store) -> None:
    """What has neither, by its prefixed name; nothing as nothing."""
    answer = shown(small, "SELECT ?x { VALUES ?x { claim:c id:mfa id:nobody UNDEF } }")
    assert [row[0] for row in answer.texts] == ["Gazette, June 2014, paragraph 4", "MFA", "id:nobody", ""]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("2014-06-27", "date", "27 June 2014"),
        ("2014-06", "gYearMonth", "June 2014"),
        ("2014", "gYear", "2014"),
        ("230000", "integer", "230,000"),
        ("-230000", "integer", "-230,000"),
        ("1234.5", "decimal", "1,234.5"),
        ("-0.5", "decimal", "-0.5"),
        ("0.25", "decimal", "0.25"),
        ("2017", "string", "2017"),
        ("true", "boolean", "true"),
        ("1.5E3", "double", "1.5E3"),
        ("many", "integer", "many"),
        ("", "integer", ""),
        ("-0044-03-15", "date", "-0044-03-15"),
        ("2014-06-27Z", "date", "2014-06-27Z"),
        ("soon-ish", "gYear", "soon-ish"),
        ("2014-13", "gYearMonth", "2014-13"),
    ],
)
def test_literals_are_spoken_by_their_type_and_as_they_stand_where_they_are_none_of_it(
    value: str, kind: str, text: str
) -> None:
    """Numbers are grouped, dates as precise as they are."""
    assert spoken(Literal(value, datatype=NamedNode(XSD + kind)), {}) == text


@given(st.integers())
def test_grouping_keeps_a_number(number: int) -> None:
    """Without commas it is itself."""
    assert spoken(Literal(str(number), datatype=NamedNode(XSD + "integer")), {}) == f"{number:,}"


# --- Tables ---


@given(grids)
def test_a_table_has_a_line_for_the_headings_and_one_for_each_row(answer: Grid) -> None:
    """Where nothing is wrapped; no line ends in white space."""
    lines = table([answer]).splitlines()
    assert len(lines) == 1 + len(answer.rows)
    assert all(line == line.rstrip() for line in lines)
    for line, row in zip(lines[1:], answer.texts, strict=True):
        assert line.split() == " ".join(row).split()


@given(grids)
def test_columns_of_a_table_begin_at_the_same_place(answer: Grid) -> None:
    """Each is as wide as its widest cell, and two spaces lie between."""
    lines = [line.ljust(400) for line in table([answer]).splitlines()]
    assert len(lines) == 1 + len(answer.rows)
    start = 0
    for number, heading in enumerate(answer.headings):
        column = [heading, *(row[number] for row in answer.texts)]
        width = max(map(len, column))
        assert [line[start : start + width].rstrip() for line in lines] == [cell.rstrip() for cell in column]
        start += width + 2


@given(grids, st.integers(20, 100))
def test_a_wrapped_table_keeps_every_word(answer: Grid, width: int) -> None:
    """Nothing is cut off; only long words are broken."""
    signs = sorted("".join(table([answer], width).split()))
    assert signs == sorted("".join("".join(row) for row in (answer.headings, *answer.texts)).replace(" ", ""))


def test_a_table_is_wrapped_to_the_width() -> None:
    """From the widest column down."""
    answer = Grid.of(("short", "long"), (("a", "word " * 30), ("b", "c")))
    lines = table([answer], 40).splitlines()
    assert max(map(len, lines)) <= 40
    assert len(lines) > 3


# --- Markdown ---


@given(grids)
def test_markdown_has_one_line_a_row_and_as_many_cells_as_headings(answer: Grid) -> None:
    """Bars within cells are escaped."""
    lines = markdown([answer]).splitlines()
    assert len(lines) == 2 + len(answer.rows)
    for line in lines:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == len(answer.headings) + 1


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_line_end_within_a_cell_does_not_break_the_row(small: Store, form: str) -> None:
    """A row of one line stays one."""
    answer = shown(small, 'SELECT ?x ?y { VALUES (?x ?y) { ("a\\nb\\r\\nc" "d") } }')
    write = FORMATS[form].people
    assert write is not None
    assert len(write([answer], None).splitlines()) == (2 if form == "table" else 3)


# --- Formats ---


def test_every_format_has_a_writer_and_a_media_type_and_ending_of_its_own() -> None:
    """For rows or for graphs, never for both; none is for nothing."""
    assert all(bool(one.people or one.rows) != bool(one.graph) for one in FORMATS.values())
    assert (
        len({one.media_type for one in FORMATS.values()})
        == len({one.ending for one in FORMATS.values()})
        == len(FORMATS)
    )


def machine(store: Store, query: str, form: str) -> str:
    written = select(store, query).serialize(format=FORMATS[form].rows)
    assert isinstance(written, bytes)
    return written.decode()


QUERY = 'SELECT ?x ?y { VALUES (?x ?y) { (id:mfa "a,\\"b\\"\\nc") ("2014-06"^^xsd:gYearMonth UNDEF) ("ä"@en 5) } }'


def test_csv_holds_plain_values(small: Store) -> None:
    """Quoted where the SPARQL 1.1 CSV format says so."""
    rows = list(csv.reader(io.StringIO(machine(small, QUERY, "csv"), newline="")))
    mfa = "https://w3id.org/compas-graph/id/mfa"
    assert rows == [["x", "y"], [mfa, 'a,"b"\nc'], ["2014-06", ""], ["ä", "5"]]


def test_tsv_holds_terms(small: Store) -> None:
    """In the form of the SPARQL 1.1 TSV format."""
    lines = machine(small, QUERY, "tsv").splitlines()
    assert lines[0] == "?x\t?y"
    assert lines[1] == '<https://w3id.org/compas-graph/id/mfa>\t"a,\\"b\\"\\nc"'
    assert lines[2] == f'"2014-06"^^<{XSD}gYearMonth>\t'
    assert lines[3].split("\t") == ['"ä"@en', "5"]


def test_json_holds_types_and_languages(small: Store) -> None:
    """In the form of the SPARQL 1.1 JSON format."""
    found = json.loads(machine(small, QUERY, "json"))
    assert found["head"]["vars"] == ["x", "y"]
    first, second, third = found["results"]["bindings"]
    assert first["x"] == {"type": "uri", "value": "https://w3id.org/compas-graph/id/mfa"}
    assert second == {"x": {"type": "literal", "value": "2014-06", "datatype": XSD + "gYearMonth"}}
    assert third["x"] == {"type": "literal", "value": "ä", "xml:lang": "en"}
