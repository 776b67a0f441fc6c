"""An answer is rows, a sentence where there are none, and the standard formats exactly; values are checked first."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store, parse_query_results

from compas_graph.answers import Answer, ask, python_value
from compas_graph.dates import parse_partial, period
from compas_graph.errors import CompasGraphError, QueryError, UnknownNameError, ValueTypeError, shorten
from compas_graph.namespaces import PREFIXES
from compas_graph.parameters import Parameter
from compas_graph.query import SavedQuery, query_names, saved_query, values_line
from compas_graph.tables import RdfTerm
from tests import FROZEN
from tests.saved import query_of

Run = Callable[..., subprocess.CompletedProcess[str]]
ASK = "which-models-share-a-platform"
XSD = PREFIXES["xsd"]
SPARQL = "{http://www.w3.org/2005/sparql-results#}"
XML = "{http://www.w3.org/XML/1998/namespace}lang"
FORMS = {"csv": QueryResultsFormat.CSV, "tsv": QueryResultsFormat.TSV, "json": QueryResultsFormat.JSON,
         "xml": QueryResultsFormat.XML}  # fmt: skip

HOSTILE = """SELECT ?x ?y {
  { BIND("a,b \\"c\\" \\t d\\r\\ne\\\\ <f> & \\u0001 'g' \\u2028" AS ?x) }
  UNION { BIND("a\\nb"@en-GB AS ?x) BIND(1.50 AS ?y) }
  UNION { BIND("" AS ?x) BIND(<http://example.org/?a=1&b=%20> AS ?y) }
  UNION { BIND(BNODE() AS ?x) BIND("12x"^^<http://www.w3.org/2001/XMLSchema#integer> AS ?y) }
  UNION { BIND(true AS ?y) }
  UNION { BIND(" 3600 " AS ?x) BIND("2014-06"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> AS ?y) }
  UNION { BIND("_:b" AS ?x) BIND("http://example.org/" AS ?y) }
  UNION { }
}"""


def required(query: SavedQuery) -> dict[str, str]:
    """Give the example values of the parameters that a query requires."""
    lines = query.text.splitlines()
    return {
        name: lines[values_line(query, name)].split("{")[1].split("}")[0].strip(' "')
        for name, parameter in query.parameters.items()
        if parameter.required
    }


@pytest.fixture(scope="module")
def answers(store: Store) -> list[Answer]:
    """Return the answer to every saved query, and to one whose rows are as awkward as can be."""
    queries = [saved_query(FROZEN, name) for name in query_names(FROZEN)]
    return [*(ask(store, query, required(query)) for query in queries), ask(Store(), query_of(HOSTILE), {})]


# --- Rows ---


def test_the_rows_have_every_column_in_the_order_of_the_query(answers: list[Answer]) -> None:
    """Also where nothing is bound."""
    assert len(answers) > 30
    for answer in answers[:-1]:
        assert answer.rows
        assert all(tuple(row) == answer.columns for row in answer.rows)
        assert len(answer.rows) == len(answer.solutions[1]) == len(answer.grid.rows)


@given(st.integers(-(10**30), 10**30), st.decimals(allow_nan=False, allow_infinity=False), st.dates())
def test_numbers_and_days_are_values(number: int, decimal: Any, day: Any) -> None:
    """As large and as fine as they are written."""
    assert python_value(Literal(str(number), datatype=NamedNode(XSD + "integer"))) == number
    assert python_value(Literal(format(decimal, "f"), datatype=NamedNode(XSD + "decimal"))) == decimal
    assert python_value(Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))) == day


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_stays_itself(text: str) -> None:
    """With a language or without, and as the name of a blank node's place."""
    assert python_value(Literal(text)) == python_value(Literal(text, language="en")) == text
    assert python_value(None) is None


@pytest.mark.parametrize("kind", ["integer", "decimal", "double", "date", "gYear"])
@pytest.mark.parametrize("text", ["many", "", "2014-13-41"])
def test_a_literal_that_is_not_of_its_type_is_given_as_it_stands(text: str, kind: str) -> None:
    """As the source has it, which is better than nothing."""
    assert python_value(Literal(text, datatype=NamedNode(XSD + kind))) == text


# --- The sentence for no rows ---


def test_no_rows_are_a_sentence_with_what_was_asked(store: Store) -> None:
    """As it was typed; what was left open is any."""
    said = ask(store, saved_query(FROZEN, "who-owns-a-venture"), {"party": "renault"}).none
    assert said.startswith("no source says ") and "renault" in said
    query = query_of("SELECT ?x {\n  VALUES ?x { 1 }\n}", Parameter("x", "string", ""), none="what {x} is")
    assert "what a is" in ask(Store(), query, {"x": "a"}).none
    assert "{" not in ask(Store(), query, {}).none


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_what_was_typed_is_put_into_the_sentence_once_and_for_all(text: str) -> None:
    """Braces in it fill no other place."""
    parameters = Parameter("x", "string", ""), Parameter("y", "string", "")
    lines = 'SELECT ?x {\n  VALUES ?x { "a" }\n  VALUES ?y { "b" }\n}'
    query = query_of(lines, *parameters, none="<{x}> <{y}>")
    said = ask(Store(), query, {"x": "{y}" + text, "y": "b"}).none
    assert f"<{shorten('{y}' + text)}> <b>" in said


@pytest.mark.parametrize(
    "name", ["Renault\n", "\n\nRenault", "Re" + "nault " + " " * 5000, "Renault\r", "Renault\u2028"]
)
def test_the_sentence_is_one_short_line_whatever_was_typed(store: Store, name: str) -> None:
    """A name is found without regard to white space, which must not break the line."""
    said = ask(store, saved_query(FROZEN, "who-owns-a-venture"), {"party": name}).none
    assert len(said.splitlines()) == 1 and len(said) < 200


# --- The standard formats ---


def lexical(term: RdfTerm | None) -> str:
    """Give a term as CSV has it: without its type."""
    return "" if term is None else f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def same(one: RdfTerm | None, other: RdfTerm | None) -> bool:
    """Tell whether two terms are one, blank nodes being renamed."""
    return one == other or (isinstance(one, BlankNode) and isinstance(other, BlankNode))


@pytest.mark.parametrize("form", ["tsv", "json", "xml"])
def test_a_format_read_back_has_the_same_terms(answers: list[Answer], form: str) -> None:
    """Column by column, row by row; only CSV leaves the types out."""
    for answer in answers:
        found = parse_query_results(answer.serialize(FORMS[form]), FORMS[form])
        assert isinstance(found, QuerySolutions)
        assert tuple(variable.value for variable in found.variables) == answer.columns
        for one, other in zip(list(found), answer.solutions[1], strict=True):
            assert all(same(one[name], other[name]) for name in answer.columns), (list(one), other)


def test_csv_is_what_a_plain_reader_of_csv_takes_for_it(answers: list[Answer]) -> None:
    """Names without a sign, lines that end in CR LF, values without their types."""
    for answer in answers:
        text = answer.serialize(QueryResultsFormat.CSV).decode()
        head, *lines = csv.reader(io.StringIO(text, newline=""))
        assert (tuple(head), text.endswith("\r\n")) == (answer.columns, True)
        for line, row in zip(lines, answer.solutions[1], strict=True):
            for cell, term in zip(line, row.values(), strict=True):
                assert cell.startswith("_:") if isinstance(term, BlankNode) else cell == lexical(term)


def test_tsv_is_a_line_a_row_with_terms_as_in_turtle(answers: list[Answer]) -> None:
    """Names with a sign; tabs and line ends in a text are escaped."""
    for answer in answers:
        head, *lines = answer.serialize(QueryResultsFormat.TSV).decode().removesuffix("\n").split("\n")
        assert head.split("\t") == [f"?{name}" for name in answer.columns]
        for line, row in zip(lines, answer.solutions[1], strict=True):
            for cell, term in zip(line.split("\t"), row.values(), strict=True):
                assert cell in ("" if term is None else str(term), lexical(term)) or answer is answers[-1]
                assert (cell == "") == (term is None)


def test_json_is_what_the_standard_says(answers: list[Answer]) -> None:
    """Each term with its type, language or kind; what is not bound is left out."""
    for answer in answers:
        found = json.loads(answer.serialize(QueryResultsFormat.JSON))
        assert tuple(found["head"]["vars"]) == answer.columns
        for binding, row in zip(found["results"]["bindings"], answer.solutions[1], strict=True):
            assert set(binding) == {name for name, term in row.items() if term is not None}
            for name, said in binding.items():
                assert said_of(row[name]) == ("bnode" if said["type"] == "bnode" else said["type"],
                                              None if said["type"] == "bnode" else said["value"],
                                              said.get("datatype"), said.get("xml:lang"))  # fmt: skip


def said_of(term: RdfTerm | None) -> tuple[str, str | None, str | None, str | None]:
    """Give kind, value, type and language of a term as the standards write them."""
    if isinstance(term, BlankNode):
        return "bnode", None, None, None
    if isinstance(term, NamedNode):
        return "uri", term.value, None, None
    assert isinstance(term, Literal)
    typed = None if term.language or term.datatype.value == XSD + "string" else term.datatype.value
    return "literal", term.value, typed, term.language


def test_xml_is_what_the_standard_says(store: Store) -> None:
    """As any reader of XML sees it."""
    query = saved_query(FROZEN, ASK)
    answer = ask(store, query, required(query))
    found = ElementTree.fromstring(answer.serialize(QueryResultsFormat.XML))
    assert [one.get("name") for one in found.iter(SPARQL + "variable")] == list(answer.columns)
    for result, row in zip(found.iter(SPARQL + "result"), answer.solutions[1], strict=True):
        bound = {str(one.get("name")): one[0] for one in result}
        assert set(bound) == {name for name, term in row.items() if term is not None}
        for name, said in bound.items():
            kind = said.tag.removeprefix(SPARQL)
            assert said_of(row[name]) == (kind, said.text or "", said.get("datatype"), said.get(XML))


@pytest.mark.parametrize("form", FORMS)
def test_the_command_prints_just_the_format(run: Run, store: Store, form: str) -> None:
    """Also where there are no rows: then a head alone, and no sentence."""
    query = saved_query(FROZEN, "who-owns-a-venture")
    for party in ("Nissan", "Renault"):
        printed = run("ask", query.name, "--party", party, "--format", form).stdout
        wanted = ask(store, query, {"party": party}).serialize(FORMS[form]).decode()
        assert printed.replace("\r\n", "\n").removesuffix("\n") == wanted.replace("\r\n", "\n").removesuffix("\n")
        assert "no source says" not in printed


@pytest.mark.parametrize("command", ["ask", "sparql"])
@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_rows_in_which_nothing_is_bound_are_printed_too(run: Run, data: Path, form: str, command: str) -> None:
    """Such a row is an empty line."""
    body = "SELECT ?x { VALUES ?x { 1 UNDEF UNDEF } }\n"
    write(data, body)
    arguments = ["ask", "mine"] if command == "ask" else ["sparql", body]
    printed = run("--data", data, *arguments, "--format", form).stdout
    lines = printed.splitlines()[1:]
    assert [line.strip() for line in lines] == ["1", "", ""]


# --- Values ---


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder with a graph of nothing and room for queries."""
    for name in ("graph", "queries"):
        (tmp_path / name).mkdir()
    return tmp_path


def write(data: Path, body: str, params: str = "") -> None:
    """Write a saved query called mine."""
    head = f"#+ summary: What?\n#+ description: More.\n#+ none: a thing\n#+ tags: [a]\n{params}"
    (data / "queries" / "mine.rq").write_text(head + body, encoding="utf-8")


def terms_of(answer: Answer) -> list[list[RdfTerm | None]]:
    return [list(row.values()) for row in answer.solutions[1]]


DAYS = 'SELECT ?dayEarliest ?dayLatest {\n  VALUES (?dayEarliest ?dayLatest) { ("a" "b") }\n}'


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_a_date_is_bound_as_its_first_and_last_day(day: Any, length: int) -> None:
    """In one row, whatever its precision."""
    typed = day.isoformat()[:length]
    first, last = period(parse_partial(typed))
    found = ask(Store(), query_of(DAYS, Parameter("day", "date", "")), {"day": typed})
    assert found.rows == [{"dayEarliest": first, "dayLatest": last}]
    assert first <= day <= last


@given(st.dates(), st.sampled_from([4, 7, 10]), st.dates() | st.just(None), st.sampled_from([4, 7, 10]))
def test_a_time_is_refused_just_if_it_ends_before_it_begins(day: Any, length: int, other: Any, cut: int) -> None:
    """Two dates that share a day are a time, whichever is the more precise."""
    lines = "".join(f'  VALUES (?{side}Earliest ?{side}Latest) {{ ("a" "b") }}\n' for side in ("from", "to"))
    query = query_of(f"SELECT ?fromEarliest {{\n{lines}}}", *(Parameter(side, "date", "") for side in ("from", "to")))
    asked = {"from": day.isoformat()[:length], "to": (other or day).isoformat()[:cut]}
    first, last = period(parse_partial(asked["from"]))[0], period(parse_partial(asked["to"]))[1]
    if first > last:
        with pytest.raises(ValueTypeError, match=f"--from {asked['from']} is after --to {asked['to']}"):
            ask(Store(), query, asked)
    else:
        assert ask(Store(), query, asked).rows == [{"fromEarliest": first}]


@pytest.mark.parametrize("text", ["from", "to"])
def test_from_and_to_of_other_types_are_no_time(text: str) -> None:
    """What begins and ends is between two dates."""
    parameters = [Parameter(side, "string" if side == text else "date", "") for side in ("from", "to")]
    lines = {
        "string": '  VALUES ?%s { "a" }\n',
        "date": '  VALUES (?%sEarliest ?%sLatest) { ("a" "b") }\n',
    }
    body = "".join(lines[one.type].replace("%s", one.name) for one in parameters)
    query = query_of(f"SELECT ?{text} {{\n{body}}}", *parameters)
    assert ask(Store(), query, {"from": "2016", "to": "2015"}).rows == [{text: "2016" if text == "from" else "2015"}]


def test_a_column_that_holds_the_one_value_asked_for_is_not_shown() -> None:
    """Of several values it says which; the typed rows have it all the same."""
    body = 'SELECT ?x ?y {\n  VALUES ?x { "a" }\n  BIND("b" AS ?y)\n}'
    query = query_of(body, Parameter("x", "string", "", many=True))
    assert ask(Store(), query, {"x": "1"}).grid.texts == (("b",),)
    assert ask(Store(), query, {"x": "1"}).columns == ("x", "y")
    assert ask(Store(), query, {"x": ["1", "2"]}).grid.texts == (("1", "b"), ("2", "b"))


def test_several_values_are_taken_only_where_the_query_says_so() -> None:
    """Each is checked; several dates stay pairs."""
    body = 'SELECT ?x {\n  VALUES ?x { "a" }\n}'
    several, one = Parameter("x", "integer", "", many=True), Parameter("x", "integer", "")
    assert ask(Store(), query_of(body, several), {"x": ["1", 2, "+3"]}).rows == [{"x": 1}, {"x": 2}, {"x": 3}]
    assert ask(Store(), query_of(body, several), {"x": ("1",)}).rows == [{"x": 1}]
    with pytest.raises(ValueTypeError, match="x takes one value, not 2"):
        ask(Store(), query_of(body, one), {"x": ["1", "2"]})
    with pytest.raises(ValueTypeError, match="--x takes a whole number, not 'many'"):
        ask(Store(), query_of(body, several), {"x": ["1", "many"]})
    days = ask(Store(), query_of(DAYS, Parameter("day", "date", "", many=True)), {"day": ["2014", "2016-02"]})
    assert [[str(day) for day in row.values()] for row in days.rows] == [
        ["2014-01-01", "2014-12-31"],
        ["2016-02-01", "2016-02-29"],
    ]


def test_the_same_value_twice_is_that_value_once(store: Store) -> None:
    """However it is spelt: no row is doubled."""
    body = "SELECT ?x {\n  VALUES ?x { id:mfa }\n}"
    text, thing = Parameter("x", "string", "", many=True), Parameter("x", "entity", "", many=True)
    assert len(ask(Store(), query_of(body, text), {"x": ["a", "a"]}).rows) == 1
    assert len(ask(store, query_of(body, thing), {"x": ["MFA", "mfa", "id:mfa"]}).rows) == 1


def test_a_required_value_is_required_and_a_default_is_used() -> None:
    """In place of none, and only then; the example in the file is neither."""
    body = 'SELECT ?x {\n  VALUES ?x { "example" }\n}'
    needed = query_of(body, Parameter("x", "string", "the x", required=True))
    nothings: tuple[dict[str, Any], ...] = ({}, {"x": None}, {"x": []})
    for nothing in nothings:
        with pytest.raises(ValueTypeError, match="mine needs a value for x: the x"):
            ask(Store(), needed, nothing)
    usual = query_of(body, Parameter("x", "string", "", default="usual"))
    assert ask(Store(), usual, {}).rows == ask(Store(), usual, {"x": None}).rows == [{"x": "usual"}]
    assert ask(Store(), usual, {"x": ""}).rows == [{"x": ""}]
    assert ask(Store(), query_of(body, Parameter("x", "string", "")), {}).rows == [{"x": None}]
    with pytest.raises(CompasGraphError, match="--x"):
        ask(Store(), query_of(body, Parameter("x", "choice", "", choices=("a",), default="b")), {})


def test_a_choice_is_refused_with_the_choices() -> None:
    """Case counts."""
    query = query_of('SELECT ?x {\n  VALUES ?x { "a" }\n}', Parameter("x", "choice", "", choices=("red", "dark blue")))
    assert ask(Store(), query, {"x": "dark blue"}).rows == [{"x": "dark blue"}]
    for wrong in ("", "Red ", "green", "red, dark blue", '"red"'):
        with pytest.raises(CompasGraphError, match="--x"):
            ask(Store(), query, {"x": wrong})


def test_a_parameter_that_there_is_not_is_refused() -> None:
    """With close names."""
    query = query_of('SELECT ?x {\n  VALUES ?x { "a" }\n}', Parameter("x", "string", ""))
    for wrong in ("X", "", "y", "x }"):
        with pytest.raises(UnknownNameError, match="parameter of mine"):
            ask(Store(), query, {wrong: "a"})


def test_a_query_that_is_no_select_or_would_write_or_call_out_is_refused() -> None:
    """Before anything runs."""
    for body in ("ASK { ?x ?y ?z }", "CONSTRUCT WHERE { ?x ?y ?z }", "SELECT ?x { ?x ?y", "DROP ALL",
                 "SELECT ?x { SERVICE <http://127.0.0.1:1/> { ?x ?y ?z } }"):  # fmt: skip
        with pytest.raises(QueryError, match=r"mine\.rq"):
            assert ask(Store(), query_of(body), {}).rows


def test_several_values_of_a_command_are_not_taken_for_one_that_is_ambiguous(run: Run, data: Path) -> None:
    """Only a name that fits several things is said to."""
    write(data, "SELECT ?x {\n  VALUES ?x { UNDEF }\n}", "#+ params:\n#+   x: {type: integer, help: h, many: true}\n")
    done = run("--data", data, "ask", "mine", "--x", "1", "--x", "2", "--format", "csv")
    assert (done.returncode, done.stdout.split()) == (0, ["x", "1", "2"])
    assert done.stderr == ""


def test_a_value_of_a_command_is_one_of_several_or_the_only_one(run: Run, data: Path) -> None:
    """Where one is taken, the last that is typed counts, as everywhere on the command line; or it is refused."""
    write(data, "SELECT ?x {\n  VALUES ?x { UNDEF }\n}", "#+ params:\n#+   x: {type: integer, help: h}\n")
    done = run("--data", data, "ask", "mine", "--x", "1", "--x", "2", "--format", "csv")
    assert done.returncode == 2 or done.stdout.split() == ["x", "2"]
