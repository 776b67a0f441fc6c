"""Whatever is typed for whatever parameter of whatever query is a plain value, or refused in one line."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from compas_graph.answers import Answer, ask
from compas_graph.dates import parse_partial, period
from compas_graph.errors import CompasGraphError
from compas_graph.graph import open_graph
from compas_graph.names import Thing, things
from compas_graph.namespaces import PREFIXES
from compas_graph.parameters import TYPES, Parameter, offers
from compas_graph.query import SavedQuery, query_names, saved_query, values_line
from compas_graph.store import select
from tests import FROZEN
from tests.saved import query_of

Run = Callable[..., subprocess.CompletedProcess[str]]
QUERIES = {name: saved_query(FROZEN, name) for name in query_names(FROZEN)}
CASES = [(query.name, name) for query in QUERIES.values() for name in query.parameters]

FIXED = [
    '" } } SELECT * { ?s ?p ?o } #',
    '"@en . } UNION { ?x ?y ?z',
    "'''",
    '"""',
    "MFA\\u0022 } #",
    "\\U00000022",
    "# comment\n}",
    "{platform}",
    "<http://a b>",
    "<http://example.org/> <http://example.org/",
    "http://example.org/> } DROP ALL #",
    "<https://w3id.org/compas-graph/id/mfa> } #",
    "id:mfa } UNION { id:q30",
    "id:mfa\\u0020",
    "UNDEF",
    "?thing",
    "$x",
    "",
    " ",
    "\x00",
    "\ud800",
    "a\r\nb\tc\x0b\x0c\x85\u2028",
    "\u202eAFM",
    "1e999999999",
    "9" * 5000,
    "-0",
    "١٢",
    "0000-00-00",
    "9999-12-31",
    "2014-06-31",
    "2014-06-27T00:00:00Z",
    "x" * 20_000,
    "-" * 20_000,
    "https://w3id.org/compas-graph/id/" + "%" * 20_000,
    "<" * 10_000 + ">" * 10_000,
]
PARTS = ['"', "'", "\\", "{", "}", "(", ")", "<", ">", "#", "\n", "\r", "\t", " ", ".", ";", "?x", "\\u0022",
         "\\U0000007D", "UNION", "VALUES", "SELECT", "http://", "id:", "@en", "^^xsd:integer", "/*", "--", "%7D",
         "\ufeff", "\u2028", "MFA", "QX50", "2014", "planned", "dollar"]  # fmt: skip


def names() -> list[str]:
    """Give names, choices and dates that there are."""
    known = [name for thing in everything("") for name in (thing.label, thing.node.value, *thing.aliases)]
    parameters = [one for query in QUERIES.values() for one in query.parameters.values()]
    chosen = [text for one in parameters if TYPES[one.type].closed for text in offers(one, graph)]
    return sorted({*known, *chosen, "2014", "2015-07", "2017-06-30"})


@cache
def graph() -> Store:
    """Give the real graph; no test changes it."""
    return open_graph(FROZEN)


@cache
def everything(kind: str) -> tuple[Thing, ...]:
    return tuple(things(graph(), NamedNode(kind) if kind else None))


def hostile() -> st.SearchStrategy[str]:
    """Give texts that look like SPARQL, texts of any characters, and names changed a little."""
    pieces = st.lists(st.sampled_from(PARTS), max_size=8).map("".join)
    near = st.tuples(st.sampled_from(names()), st.sampled_from(["", *PARTS]), st.integers(0, 8))
    changed = near.map(lambda one: one[0][: one[2]] + one[1] + one[0][one[2] :])
    return st.one_of(pieces, changed, st.sampled_from(names()), st.sampled_from(FIXED), st.text(max_size=20))


@cache
def example_of(query: str, name: str) -> str:
    """Give the value that stands in the file for a parameter."""
    line = QUERIES[query].text.splitlines()[values_line(QUERIES[query], name)]
    return line.split("{")[1].split("}")[0].strip(' "')


def others(query: str, name: str) -> dict[str, Any]:
    """Give the values of the other parameters that a query requires."""
    return {
        one.name: example_of(query, one.name)
        for one in QUERIES[query].parameters.values()
        if one.required and one.name != name
    }


def asked(query: SavedQuery, values: dict[str, Any], store: Store | None = None) -> Answer | None:
    """Give the answer, or nothing where the question is refused, which it has to be in one short line."""
    try:
        answer = ask(graph() if store is None else store, query, values)
    except CompasGraphError as error:
        message = str(error)
        assert message and len(message.splitlines()) == 1, ascii(message)
        assert len(message) < 600, ascii(message)
        return None
    return answer


def fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def labelled(link: str, to: NamedNode) -> dict[NamedNode, str]:
    """Give what a property links to a node, with its label."""
    rows = select(graph(), f"SELECT ?one ?label {{ ?one {link} {to} ; rdfs:label ?label }}")
    return {row["one"]: row["label"].value for row in rows}


def fits(parameter: Parameter, text: str) -> list[object] | None:
    """Give what a text stands for, found by a plain search in Python; None where it stands for nothing."""
    if parameter.type == "choice":
        return [Literal(text)] if text in parameter.choices else None
    if parameter.type == "date":
        try:
            days = [day.isoformat() for day in period(parse_partial(text))]
        except ValueError:
            return None
        first, last = (Literal(day, datatype=NamedNode(PREFIXES["xsd"] + "date")) for day in days)
        return [(first, last)]
    assert parameter.kind is not None
    if parameter.type == "concept":
        concepts = labelled("skos:inScheme", parameter.kind).values()
        return [Literal(label) for label in concepts if fold(label) == fold(text)] or None
    bare = text.strip()
    written = {f"{prefix}:": iri for prefix, iri in PREFIXES.items()}
    iris = {bare, bare[1:-1] if bare[:1] + bare[-1:] == "<>" else bare}
    iris |= {iri + bare.removeprefix(prefix) for prefix, iri in written.items() if bare.startswith(prefix)}
    if parameter.type == "subclass":
        kinds = labelled("rdfs:subClassOf", parameter.kind)
        spelt = {fold(text), fold(f"{text} claim")}
        return [kind for kind, label in kinds.items() if label in spelt or kind.value in iris] or None
    known = everything(parameter.kind.value)
    found = [one for one in known if one.node.value in iris]
    found = found or [
        one for one in known if fold(text) in (fold(one.label), fold(one.label.removesuffix(" (unnamed)")))
    ]
    found = found or [one for one in known if fold(text) in map(fold, one.aliases)]
    return [one.node for one in found] or None


@pytest.mark.parametrize(("query", "name"), CASES, ids=[f"{query} --{name}" for query, name in CASES])
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=hostile())
@example(text=FIXED[0])
@example(text="MFA\\u0022 } #")
@example(text="\ud800")
@example(text="a\nb\r\nc")
@example(text="http://example.org/> } DROP ALL #")
@example(text="x" * 20_000)
def test_a_value_is_bound_as_what_it_stands_for_or_refused(query: str, name: str, text: str) -> None:
    """With the rows that the same value has when it is named as plainly as can be."""
    parameter = QUERIES[query].parameters[name]
    answer = asked(QUERIES[query], {**others(query, name), name: text})
    wanted = fits(parameter, text)
    if wanted is None:
        assert answer is None, f"{text!r} is nothing, and was bound to {answer and answer.bound[name]}"
    if answer is None:
        assert wanted is None or len(wanted) > 1, f"{text!r} is {wanted}, and was refused"
        return
    assert answer.bound[name] == wanted
    assert len(answer.none.splitlines()) == 1 or text != " ".join(text.split())
    if len(answer.bound[name]) == 1:
        plain = text if parameter.type != "entity" else getattr(wanted and wanted[0], "value", "")
        again = asked(QUERIES[query], {**others(query, name), name: plain})
        assert again is not None and again.rows == answer.rows
    untouched = {one.name: one for one in QUERIES[query].parameters.values()}
    assert set(answer.bound) <= set(untouched)


def test_every_saved_query_and_every_type_of_theirs_is_tried() -> None:
    """None is left over, and a type that is new here needs a filter."""
    assert {query for query, _ in CASES} == {name for name, query in QUERIES.items() if query.parameters}
    assert {QUERIES[query].parameters[name].type for query, name in CASES} <= {
        *("choice", "concept", "date", "entity", "subclass")
    }


# --- Compared with a filter in Python ---


def claims() -> list[dict[str, Any]]:
    """Give every claim with label and value, as a plain list."""
    query = "SELECT ?claim ?label ?value { ?claim a cg:Claim ; rdfs:label ?label OPTIONAL { ?claim cg:value ?value } }"
    return [
        {
            "claim": row["claim"].value,
            "label": row["label"].value,
            "value": Decimal(row["value"].value) if row["value"] is not None else None,
        }
        for row in select(graph(), query)
    ]


def mine(kind: str, where: str, *, many: bool = False) -> SavedQuery:
    """Give a query over the real graph with one parameter of a type."""
    text = f'SELECT DISTINCT ?claim {{\n  VALUES ?x {{ "a" }}\n  ?claim a cg:Claim ; rdfs:label ?label .\n  {where}\n}}'
    return query_of(text, Parameter("x", kind, "", many=many))


def found(query: SavedQuery, value: object) -> set[str] | None:
    answer = asked(query, {"x": value})
    return None if answer is None else {row["claim"] for row in answer.rows}


HOLDING = mine("string", "FILTER(CONTAINS(STR(?label), ?x))")
PARTS_OF_LABELS = st.sampled_from(claims()).flatmap(
    lambda claim: st.tuples(st.integers(0, 20), st.integers(1, 6)).map(lambda at: claim["label"][at[0] : sum(at)])
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(PARTS_OF_LABELS, hostile().filter(lambda text: len(text) < 50)))
@example('"')
@example("a")
@example("\ud800")
def test_a_text_finds_the_claims_whose_label_holds_it(text: str) -> None:
    """As a plain search does; a text that no store can hold is refused."""
    rows = found(HOLDING, text)
    expected = {claim["claim"] for claim in claims() if text in claim["label"]}
    assert rows == expected or (rows is None and any("\ud800" <= sign <= "\udfff" for sign in text))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(PARTS_OF_LABELS, st.sampled_from(FIXED[:12])), min_size=1, max_size=4))
def test_several_texts_find_what_each_of_them_finds(texts: list[str]) -> None:
    """Though one may spell the end of the list."""
    query = mine("string", "FILTER(CONTAINS(STR(?label), ?x))", many=True)
    assert found(query, texts) == {one["claim"] for one in claims() if any(text in one["label"] for text in texts)}


def numbers() -> Iterator[str]:
    yield from (str(claim["value"]) for claim in claims() if claim["value"] is not None)
    yield from ("+50", "-0", "007", "1.50", "50.000", "1e3", "١٢", "", "9" * 18, "9" * 19, "0.1", "1_000", "1,5", "NaN")


@pytest.mark.parametrize("kind", ["integer", "decimal"])
@settings(max_examples=40, deadline=None)
@given(st.one_of(st.sampled_from(list(numbers())), st.integers().map(str), hostile(), st.decimals().map(str)))
def test_a_number_finds_the_claims_with_a_value_of_at_least_it(kind: str, text: str) -> None:
    """Compared as numbers; what is no plain number is refused."""
    rows = found(mine(kind, "?claim cg:value ?value . FILTER(?value >= ?x)"), text)
    whole, _, part = text.removeprefix("+").removeprefix("-").partition(".")
    plain = all(one.isascii() and one.isdigit() for one in (whole, part or "0")) and not text.endswith(".")
    if rows is not None:
        assert plain and (kind == "decimal" or "." not in text)
        assert rows == {one["claim"] for one in claims() if one["value"] is not None and one["value"] >= Decimal(text)}
    else:
        assert not plain or len(whole) > 15 or len(part) > 15 or (kind == "integer" and "." in text)


@cache
def spans() -> tuple[tuple[str, date | None, date | None], ...]:
    """Give each row of all that happens, by its claim with its first and last days; a plan is as old as its source."""
    rows = []
    for row in ask(graph(), QUERIES["what-happens-when"], {}).rows:
        for side in ("Start", "End"):
            query = f"""SELECT (COALESCE(?given, ?published) AS ?first) ?last {{
              {{ <{row["claim"]}> cg:{side.lower()} ?date }} UNION {{ <{row["claim"]}> cg:resolved{side} ?date }}
              OPTIONAL {{ <{row["claim"]}> cg:earliest{side} ?given }}
              OPTIONAL {{
                <{row["claim"]}> cg:modality ?modality ; cg:passage/cg:inSource/cg:earliestStart ?published .
                FILTER(?modality NOT IN (cg:reported, cg:opinion))
              }}
              OPTIONAL {{ <{row["claim"]}> cg:latest{side} ?last }} }}"""
            for days in select(graph(), query):
                first, last = (date.fromisoformat(one.value) if one is not None else None for one in days)
                rows.append((row["claim"], first, last))
    return tuple(rows)


@settings(max_examples=40, deadline=None)
@given(st.dates(date(2009, 1, 1), date(2031, 1, 1)), st.integers(0, 900), st.sampled_from([4, 7, 10]))
def test_a_span_of_time_finds_what_can_lie_in_it(start: date, length: int, precision: int) -> None:
    """By first and last days, open sides reaching as far as need be."""
    end = date.fromordinal(start.toordinal() + length)
    since, until = (day.isoformat()[:precision] for day in (start, end))
    first, last = period(parse_partial(since))[0], period(parse_partial(until))[1]
    rows = ask(graph(), QUERIES["what-happens-when"], {"from": since, "to": until}).rows
    within = {
        claim
        for claim, earliest, latest in spans()
        if (latest is None or latest >= first) and (earliest is None or earliest <= last)
    }
    told = {row["claim"] for row in rows}
    assert told <= within
    both = {claim for claim, _, _ in spans() if [one for one, _, _ in spans()].count(claim) > 1}
    assert within - told <= both, "a claim with a start and an end is told by either"


@pytest.mark.parametrize("result", QUERIES["what-came-of-plans"].parameters["result"].choices)
def test_a_choice_finds_the_rows_with_that_status(result: str) -> None:
    """And the choices together find all rows."""
    query = QUERIES["what-came-of-plans"]
    rows = ask(graph(), query, {}).rows
    assert ask(graph(), query, {"result": result}).rows == [row for row in rows if row["status"] == result]
    assert {row["status"] for row in rows} <= set(query.parameters["result"].choices)


# --- Long values ---


@pytest.mark.parametrize("kind", sorted({QUERIES[query].parameters[name].type for query, name in CASES} | {"integer"}))
@pytest.mark.parametrize("text", ['"', "9", "\n", "\\u0022", "id:"])
def test_a_value_of_a_million_characters_is_refused_in_one_line_and_soon(kind: str, text: str) -> None:
    """Of every type; nothing tries every way to split it."""
    long, start = text * (1_000_000 // len(text)), time.perf_counter()
    if kind == "integer":
        assert found(mine("integer", ""), long) is None
    else:
        query, name = next((query, name) for query, name in CASES if QUERIES[query].parameters[name].type == kind)
        assert asked(QUERIES[query], {**others(query, name), name: long}) is None
    assert time.perf_counter() - start < 5


def test_a_text_of_a_million_characters_is_bound_as_it_is() -> None:
    """And found where it is."""
    long = '"}\\u0022\n#' * 111_111 + "x"
    text = 'SELECT ?x (STRLEN(?x) AS ?length) {\n  VALUES ?x { "a" }\n}'
    query = query_of(text, Parameter("x", "string", ""))
    assert ask(Store(), query, {"x": long}).rows == [{"x": long, "length": len(long)}]
    assert found(HOLDING, long) == set()


@pytest.mark.parametrize("text", [FIXED[0], FIXED[4], FIXED[8], "9" * 5000, "\udcff"])
def test_the_command_refuses_it_in_one_line(run: Run, text: str) -> None:
    """With nothing on standard output, and exit code 2."""
    for query, name in (("which-models-share-a-platform", "--platform"), ("what-happens-when", "--from")):
        done = run("ask", query, name, text)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("compas-graph: ") and len(done.stderr.splitlines()) == 1
