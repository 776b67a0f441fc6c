"""Queries from outside only read, call nobody, and stop in time."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial

import pytest
from pyoxigraph import Store

from compas_graph.errors import QueryError
from compas_graph.guard import check_query
from compas_graph.namespaces import PREFIXES
from compas_graph.sparql import answer
from compas_graph.worker import Limits, supervised
from tests import FROZEN
from tests.listener import WAYS, calling, listening


def asked(text: str, form: str = "table") -> str:
    """Return the answer to a query from outside, as the command gives it."""
    return supervised(partial(answer, FROZEN, text, "mine.rq", form), Limits(30))


# --- Reading only ---

UPDATES = [
    "INSERT DATA { id:a a id:b }",
    "DELETE WHERE { ?s ?p ?o }",
    "PREFIX x: <http://x/> INSERT { ?s a x:b } WHERE { ?s ?p ?o }",
    "BASE <http://x/> CLEAR ALL",
    "LOAD <http://example.org/>",
    "# SELECT\nDROP GRAPH graph:facts",
    "WITH graph:facts DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "create graph <http://x/>",
    "SELECT * { ?s ?p ?o } ; DROP ALL",
    "DELETE { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } }",
]


@pytest.mark.parametrize("text", UPDATES)
def test_an_update_is_refused(text: str) -> None:
    """In any case and with any prologue."""
    with pytest.raises(QueryError):
        asked(text)


def test_an_update_is_called_one() -> None:
    """The message says what is done here."""
    with pytest.raises(QueryError, match=r"this is an update \(INSERT\); only queries that read"):
        check_query("prefix x: <http://x/#insert> insert data { x:a a x:b }")


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ("INSERT DATA" AS ?x) {}',
        "SELECT ?insert { ?insert ?drop $clear }",
        "PREFIX insert: <http://x/DELETE> SELECT * { ?s insert:DROP ?o }",
        "ASK { ?s ?p ?o } # DROP ALL",
        "CONSTRUCT { ?s a cg:CLEAR } WHERE { ?s ?p ?o }",
        "DESCRIBE <http://x/INSERT>",
    ],
)
def test_words_of_updates_within_names_strings_and_comments_are_fine(text: str) -> None:
    """A query that only mentions them reads, and is answered."""
    check_query(text)
    assert Store().query(text, prefixes=PREFIXES) is not None


# --- No other server ---


@pytest.mark.parametrize("way", WAYS)
def test_a_call_of_another_server_is_refused_and_not_made(way: str) -> None:
    """However it is written: no request leaves the program."""
    with listening() as (address, requests):
        with pytest.raises(QueryError, match="SERVICE calls another server"):
            asked(calling(way, address))
        assert requests == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_not_seen_to_call_cannot(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the first wall stands a second: a worker opens no connection, whatever a query asks of its engine."""
    monkeypatch.setattr("compas_graph.sparql.check_query", lambda text, name: None)
    with listening() as (address, requests):
        with suppress(QueryError):  # one that is silent, or has nothing to join with, is answered without
            asked(calling(way, address, "SELECT *"))
        assert requests == []


def test_a_query_that_would_call_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the second wall, too."""
    monkeypatch.setattr("compas_graph.sparql.check_query", lambda text, name: None)
    with listening() as (address, requests):
        with pytest.raises(QueryError, match="would call another server"):
            asked(calling(WAYS[0], address, "SELECT *"))
        assert requests == []


def test_without_either_wall_the_engine_does_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the tests above mean something."""
    with listening() as (address, requests), pytest.raises(OSError, match="500"):
        list(Store().query(calling(WAYS[0], address, "SELECT *")))  # type: ignore[arg-type]
    assert requests == ["/"]


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ("SERVICE <http://x/>" AS ?x) {}',
        "SELECT (''' SERVICE ''' AS ?x) {}",
        'SELECT ("it\\"s SERVICE" AS ?x) {}',
        "SELECT ?service { ?service ?p $SERVICE }",
        "PREFIX service: <http://x/> SELECT * { ?s service:SERVICE ?o }",
        "PREFIX SERVICE: <http://x/> SELECT * { ?s SERVICE:a ?o }",
        "SELECT * { ?s cg:service ?o . ?s cg:x.service ?o }",
        "SELECT * { ?s ?p ?o } # SERVICE",
        "SELECT * { <http://x/SERVICE> ?p ?o }",
        'SELECT ("\\u0053ERVICE" AS ?x) {}',
        "SELECT * { _:service ?p ?o }",
        'SELECT ("x"@service AS ?x) {}',
    ],
)
def test_the_word_within_names_strings_and_comments_is_fine(text: str) -> None:
    """Only the keyword calls a server; the query is answered."""
    check_query(text)
    assert Store().query(text, prefixes=PREFIXES) is not None


# --- Faults ---


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT * { ?s ?p ?o", ":1:20"),
        ("SELECT *\n{ ?s ?p\n  ?o ?x }", ":3:"),
        ("", ":1:1"),
        ("SELECT * { ?s nothere:p ?o }", ":1:"),
        ("\n  SELEC * {}", ":2:"),
        ("SELECT ?x { BIND(1 AS ?x) BIND(2 AS ?x) }", ""),
    ],
)
def test_a_fault_has_its_line_and_column(text: str, place: str) -> None:
    """In one line, after the name of the query."""
    with pytest.raises(QueryError) as caught:
        asked(text)
    assert str(caught.value).startswith(f"mine.rq{place}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["\x00", "\udcff", "SELECT ('\udcff' AS ?x) {}", "SELECT * { ?s ?p '\ufffe' }x", "\\uD800", "\\U00110000"]
)
def test_signs_that_no_query_can_hold_are_a_fault(text: str) -> None:
    """An error of ours, whatever the parser makes of them."""
    with pytest.raises(QueryError):
        asked(text)


SLOW = (
    "ASK {"
    + "".join(f" VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcdefg")
    + " FILTER(?a+?b+?c+?d+?e+?f+?g > 99) }"
)


def test_checking_a_query_does_not_run_it() -> None:
    """Ten million combinations take seconds to try, and a check takes none; the time limit begins after it."""
    start = time.perf_counter()
    check_query(SLOW)
    assert time.perf_counter() - start < 1


# --- Answers ---


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        ("ASK { id:mfa a cg:Platform }", "table", "yes\n"),
        ("ASK { id:mfa a cg:Plant }", "table", "no\n"),
        ("SELECT ?x { ?x a cg:Nothing }", "table", "no rows\n"),
        ("SELECT ?x { VALUES ?x { id:mfa } }", "table", "x\nMFA\n"),
        ("SELECT ?x { VALUES ?x { id:mfa } }", "csv", "x\r\nhttps://w3id.org/compas-graph/id/mfa\n"),
        ("CONSTRUCT { ?x a cg:Platform } WHERE { VALUES ?x { id:mfa } }", "table", "id:mfa a cg:Platform ."),
        ('SELECT (xsd:date("-0044-03-15") AS ?x) {}', "table", "x\n-0044-03-15\n"),
        ('SELECT (STRDT("many", xsd:integer) AS ?x) {}', "table", "x\nmany\n"),
    ],
)
def test_an_answer_is_rows_yes_or_no_or_a_graph(text: str, form: str, said: str) -> None:
    """Of the union of all graphs, in the format asked for."""
    assert said.replace("\r", "") in asked(text, form).replace("\r", "")


def test_a_graph_is_not_written_as_rows() -> None:
    """The message says what to choose."""
    with pytest.raises(QueryError, match="the answer is a graph"):
        asked("CONSTRUCT WHERE { id:mfa ?p ?o }", "json")
