"""Saved queries: headers are read, values are typed, and nothing typed can become syntax."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from compas_graph.errors import DataError, HeaderError, UnknownNameError, ValueTypeError
from compas_graph.parameters import Asked, Parameter, Term, Value, read
from compas_graph.query import SavedQuery, bind, parse_query, query_names, saved_queries, saved_query
from compas_graph.query import example as example_of
from compas_graph.store import select
from tests import FROZEN
from tests.saved import query_of

XSD = "http://www.w3.org/2001/XMLSchema#"
texts = st.text(st.characters(exclude_categories=["Cs"]))

HEADER = "#+ summary: What?\n#+ description: More.\n#+ none: what {x} is\n#+ tags: [a, b]\n"
PARAMS = "#+ params:\n#+   x: {type: string, help: what is asked}\n"
BODY = 'SELECT ?x {\n  VALUES ?x { "a" }\n}\n'


def parse_value(parameter: Parameter, text: str) -> Literal:
    """Give the literal for what a caller typed."""
    value = parse_values(parameter, text)
    assert isinstance(value, Literal)
    return value


def parse_values(parameter: Parameter, text: str) -> Value:
    """Give the one value for what a caller typed."""
    (value,) = read(Asked(parameter, text, Store())).values
    return value


STRING = Parameter("x", "string", "")
ONE = query_of('SELECT ?x {\n  VALUES ?x { "a" }\n}', STRING)


def answers(query: SavedQuery, **values: list[Term]) -> list[list[Term]]:
    found = Store().query(bind(query, values))
    assert isinstance(found, QuerySolutions)
    return [list(row) for row in found]


# --- Nothing that is typed can become syntax ---


@given(texts)
@example('" } VALUES ?x { "b')
@example('a"} UNION {?x ?y ?z')
@example("'''")
@example('"""')
@example("a\nb\r\nc\td")
@example("\\u0022 } VALUES ?x { \\u0022b")
@example("\\U00000022 }")
@example("\\")
@example("\\\\u0022")
@example("# comment")
@example("a # } \n")
@example("?x $x {x} UNDEF")
@example("<http://example.org/>")
@example('"^^xsd:integer')
@example("\u2028 \x0b\x0c\x1c\x85 \u2029")
@example("\x00\x01\x7f\ufffe\U0010ffff")
@example("")
def test_any_text_bound_to_a_string_comes_back_unchanged_in_just_one_row(text: str) -> None:
    """Quotes, braces, line ends, escapes and comments are text, whatever they look like."""
    assert answers(ONE, x=[parse_value(STRING, text)]) == [[Literal(text)]]


@given(texts, texts)
def test_two_parameters_do_not_mix(one: str, other: str) -> None:
    """One text may even spell the line of the other."""
    query = query_of(
        'SELECT ?x ?y {\n  VALUES ?x { "a" }\n  VALUES ?y { "b" }\n}', STRING, Parameter("y", "string", "")
    )
    assert answers(query, x=[Literal(one)], y=[Literal(other)]) == [[Literal(one), Literal(other)]]
    crossed = '  VALUES ?y { "b" }'
    assert answers(query, x=[Literal(crossed)], y=[Literal(other)]) == [[Literal(crossed), Literal(other)]]


@given(st.lists(texts, min_size=1, max_size=5, unique=True))
def test_several_terms_give_a_row_each(several: list[str]) -> None:
    """A name that fits several things asks for all of them."""
    found = answers(ONE, x=[Literal(text) for text in several])
    assert sorted(str(row[0]) for row in found) == sorted(str(Literal(text)) for text in several)


@given(texts)
def test_a_choice_is_one_of_the_choices_or_refused(text: str) -> None:
    """Nothing else gets through."""
    parameter = Parameter("x", "choice", "", choices=("planned", "stated"))
    assert parse_value(parameter, "planned") == Literal("planned")
    if text not in parameter.choices:
        with pytest.raises(ValueTypeError):
            parse_value(parameter, text)


@given(texts)
def test_a_number_is_a_number_or_refused(text: str) -> None:
    """The literal is one that a store takes, with the value that was typed."""
    for kind in ("integer", "decimal"):
        try:
            found = parse_value(Parameter("x", kind, ""), text)
        except ValueTypeError as error:
            assert "\n" not in str(error) and "--x" in str(error)
        else:
            assert found.datatype == NamedNode(XSD + kind)
            assert float(found.value) == float(text)


@given(st.integers(-(10**17), 10**17))
def test_a_whole_number_is_bound_as_itself(number: int) -> None:
    """With its type."""
    assert parse_value(Parameter("x", "integer", ""), str(number)) == Literal(
        str(number), datatype=NamedNode(XSD + "integer")
    )


@pytest.mark.parametrize(
    ("kind", "typed", "canonical"),
    [
        ("integer", "+5", "5"),
        ("integer", "007", "7"),
        ("integer", "-0", "0"),
        ("decimal", "1.50", "1.5"),
        ("decimal", "+1.5", "1.5"),
    ],
)
def test_a_number_is_bound_in_canonical_form(kind: str, typed: str, canonical: str) -> None:
    """Stores that match literals by their spelling must find it too."""
    assert parse_value(Parameter("x", kind, ""), typed).value == canonical


@pytest.mark.parametrize("text", ["", "1.5", "1e3", "١", "1 ", "1_0", "0x1", "NaN", "1" * 19, '1"', "--1"])
def test_what_is_no_whole_number_is_refused_with_what_would_be_one(text: str) -> None:
    """The message names the parameter."""
    with pytest.raises(ValueTypeError, match="--n takes a whole number"):
        parse_value(Parameter("n", "integer", ""), text)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2014", "2014-01-01", "2014-12-31"),
        ("2014-06", "2014-06-01", "2014-06-30"),
        ("2014-06-27", "2014-06-27", "2014-06-27"),
    ],
)
def test_a_date_of_any_precision_is_bound_as_its_first_and_last_day(typed: str, first: str, last: str) -> None:
    """As a pair of dates in one row."""
    since = Parameter("since", "date", "")
    line = '  VALUES (?sinceEarliest ?sinceLatest) { ("2020-01-01"^^<http://x> "2020-12-31"^^<http://x>) }\n'
    query = query_of("SELECT ?sinceEarliest ?sinceLatest {\n" + line + "}", since)
    found = Store().query(bind(query, {"since": [parse_values(since, typed)]}))
    assert isinstance(found, QuerySolutions)
    wanted = [Literal(day, datatype=NamedNode(XSD + "date")) for day in (first, last)]
    assert [list(row) for row in found] == [wanted]
    assert answers(query) == [[None, None]]


@pytest.mark.parametrize(
    "text", ["", "soon", "2014-13", "2014-00", "2014-02-30", "27.6.2014", "2014-06-27Z", '2014"', "14"]
)
def test_what_is_no_date_is_refused_with_what_would_be_one(text: str) -> None:
    """The message names the parameter and the forms."""
    with pytest.raises(ValueTypeError, match="--since") as caught:
        parse_values(Parameter("since", "date", ""), text)
    assert "YYYY-MM-DD" in str(caught.value)


# --- Binding ---


def test_a_parameter_without_a_value_is_left_open() -> None:
    """The example of the file binds nothing."""
    query = query_of('SELECT ?x {\n  VALUES ?x { "a" }\n  VALUES ?y { "b" }\n}', STRING)
    assert answers(query) == [[None]]


def test_binding_replaces_one_line_and_keeps_the_rest() -> None:
    """Comments and layout stay, so that places in messages fit the file."""
    query = query_of('# one\nSELECT ?x {\n    VALUES ?x { "a" }   # required\n\n}', STRING)
    before, after = query.text.split("\n"), bind(query, {"x": [Literal("b")]}).split("\n")
    assert len(before) == len(after)
    assert [number for number, (one, other) in enumerate(zip(before, after, strict=True)) if one != other] == [2]


@pytest.mark.parametrize("sign", "\x0b\x0c\x1c\x85\u2028\u2029")
def test_binding_leaves_what_ends_no_line_in_sparql_as_it_is(sign: str) -> None:
    """In a literal it stays, and a comment goes on behind it."""
    query = query_of(f'SELECT ?x ?y {{\n  VALUES ?x {{ "a" }}\n  BIND("b{sign}c" AS ?y)\n}}', STRING)
    assert answers(query, x=[Literal("d")]) == [[Literal("d"), Literal(f"b{sign}c")]]
    query = query_of(f'SELECT ?x {{\n  VALUES ?x {{ "a" }}\n  #{sign}VALUES ?x {{ "b" }}\n}}', STRING)
    assert answers(query, x=[Literal("d")]) == [[Literal("d")]]


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ('"a"', "a"),
        ("'a b'", "a b"),
        ("<http://example.org/a>", "http://example.org/a"),
        ("id:a.b-c", "id:a.b-c"),
        ("1.50", "1.50"),
        ('"2014"^^xsd:date', "2014"),
        ("UNDEF", ""),
        ("<" * 100_000, ""),
        ('"' + '\\"' * 100_000, None),
    ],
)
def test_the_example_is_what_could_be_typed(value: str, typed: str | None) -> None:
    """Of whatever stands there, in no time to speak of."""
    found = example_of(query_of(f"SELECT ?x {{\n  VALUES ?x {{ {value} }}\n}}", STRING), "x")
    assert found == typed or typed is None


@pytest.mark.parametrize(
    "body",
    [
        "SELECT ?x { ?x ?y ?z }",
        'SELECT ?x {\n  VALUES ?x { "a" }\n  VALUES ?x { "b" }\n}',
        'SELECT ?x {\n  VALUES ?y { "a" }\n}',
        'SELECT ?x {\n  VALUES (?x) { ("a") }\n}',
        'SELECT ?x {\n # VALUES ?x { "a" }\n}',
    ],
)
def test_a_parameter_needs_just_one_line_of_its_own(body: str) -> None:
    """Without it a value would be dropped in silence."""
    with pytest.raises(DataError, match="parameter x needs one line"):
        bind(query_of(body, STRING), {"x": [Literal("b")]})


# --- Files ---


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    """Return what writes a query file."""

    def write(text: str) -> Path:
        path = tmp_path / "test.rq"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_header_is_read(file: Callable[[str], Path]) -> None:
    """Question, description, answer for nothing, tags, headings and parameters."""
    query = parse_query(file(HEADER + "#+ columns: {y: why}\n" + PARAMS + BODY))
    assert (query.name, query.summary, query.description, query.none) == ("test", "What?", "More.", "what {x} is")
    assert query.tags == ("a", "b")
    assert query.headings == {"y": "why"}
    assert query.parameters == {"x": Parameter("x", "string", "what is asked")}
    assert query.text.endswith(BODY)


def test_the_faults_of_all_headers_are_told_at_once(tmp_path: Path) -> None:
    """In order of name; if there are none, all queries are given."""
    bundle = FROZEN._replace(queries=tmp_path)
    for name in ("b", "a", "c"):
        (tmp_path / f"{name}.rq").write_text(HEADER.replace("{x}", "x") + BODY, encoding="utf-8")
    assert [query.name for query in saved_queries(bundle)] == ["a", "b", "c"]
    for name in ("c", "a"):
        (tmp_path / f"{name}.rq").write_text(HEADER + "#+ zzz: 1\n" + BODY, encoding="utf-8")
    with pytest.raises(HeaderError) as caught:
        saved_queries(bundle)
    places = [(name, line) for name in "ac" for line in (3, 5)]
    assert [
        line.startswith(f"{tmp_path / name}.rq:{number}: ")
        for line, (name, number) in zip(caught.value.lines, places, strict=True)
    ] == [True] * 4


@pytest.mark.parametrize(
    "name", ["", "../queries/which-models-share-a-platform", "which-models-share-a-platform.rq", "nothing"]
)
def test_a_name_that_no_query_has_is_refused(name: str) -> None:
    """Names are names, not paths."""
    with pytest.raises(UnknownNameError):
        saved_query(FROZEN, name)


def test_an_unknown_query_is_refused_with_close_names() -> None:
    """Best first."""
    with pytest.raises(UnknownNameError) as caught:
        saved_query(FROZEN, "which-model-shares-a-platform")
    assert caught.value.close[0] == "which-models-share-a-platform"


# --- The saved queries that come with the program ---


@pytest.mark.parametrize("name", query_names(FROZEN))
def test_a_saved_query_takes_any_text_without_change_of_meaning(store: Store, name: str) -> None:
    """Bound to a text that would break out, each still runs and finds nothing but what is asked."""
    query = saved_query(FROZEN, name)
    hostile = Literal('" } } SELECT * { ?s ?p ?o } #\n\\u0022')
    values = {one.name: [(hostile,) * len(one.variables)] for one in query.parameters.values()}
    assert select(store, bind(query, {})).variables == select(store, bind(query, values)).variables
