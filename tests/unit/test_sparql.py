"""Queries from outside only read, call nobody, and stop in time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pyoxigraph import Store

from compas_graph.errors import QueryError
from compas_graph.guard import check_query
from compas_graph.namespaces import PREFIXES
from compas_graph.sparql import answer, run_limited
from tests import FROZEN


def asked(text: str, form: str = "table") -> str:
    """Return the answer to a query from outside, as the command gives it."""
    check_query(text, "mine.rq")
    return run_limited(partial(answer, FROZEN, text, "mine.rq", form), 30)


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


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """Return the address of a server on this machine, and the list of the requests that it has had."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(500)

        do_POST = do_GET  # noqa: N815 - the name is that of the base class

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}/", requests
    listening.shutdown()
    listening.server_close()


CALLS = [
    "ASK { SERVICE <%s> { ?a ?b ?c } }",
    "ASK { service <%s> { ?a ?b ?c } }",
    "ASK { SeRvIcE SILENT <%s> { ?a ?b ?c } }",
    "ASK { \\u0053ERVICE <%s> { ?a ?b ?c } }",
    "ASK { \\U00000053ERVICE <%s> { ?a ?b ?c } }",
    "ASK { SERVIC\\u0045<%s>{ ?a ?b ?c } }",
    "ASK { {}SERVICE<%s>{ ?a ?b ?c } }",
    "ASK { OPTIONAL { ?a ?b ?c .SERVICE <%s> { ?a ?b ?c } } }",
    "ASK { OPTIONAL { ?a ?b ?c.SERVICE <%s> { ?a ?b ?c } } }",
    'ASK { VALUES ?c { 1 } OPTIONAL { ?a ?b "x".SERVICE <%s> { ?a ?b ?c } } }',
    "ASK { BIND(1 AS ?c) .\\u0053ERVICE <%s> { ?a ?b ?c } }",
    "ASK { BIND(1 AS ?c) .SERVICE <%s> { ?a ?b ?c } }",
    "ASK { BIND(cg:a\\'b AS ?c) SERVICE <%s> { ?a ?b ?c } FILTER(STR(?c) != 'x') }",
    'ASK { BIND(1 AS ?c) # "\n SERVICE <%s> { ?a ?b ?c } # "\n }',
    "ASK { FILTER(1<2) SERVICE <%s> { ?a ?b ?c } FILTER(2>1) }",
    "ASK { ?s ?p '''it's''' SERVICE <%s> { ?a ?b ?c } FILTER(?p = '''x''') }",
    "ASK { FILTER EXISTS { SERVICE <%s> { ?a ?b ?c } } }",
    "ASK { { SELECT * { SERVICE <%s> { ?a ?b ?c } } } }",
    "ASK { ?s a cg:SERVICE . SERVICE <%s> { ?a ?b ?c } }",
    "ASK { BIND(<%s> AS ?x) SERVICE ?x { ?a ?b ?c } }",
]


@pytest.mark.parametrize("text", CALLS)
def test_a_call_of_another_server_is_refused_and_not_made(server: tuple[str, list[str]], text: str) -> None:
    """However it is written: no request leaves the program."""
    address, requests = server
    try:
        with pytest.raises(QueryError, match="SERVICE calls another server"):
            check_query(text % address)
            Store().query(text % address, prefixes=PREFIXES)
    finally:
        assert requests == []


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


# --- Limits ---


def fail(error: Exception) -> str:
    raise error


def test_work_that_takes_too_long_is_stopped() -> None:
    """At once after the time given, which the message tells."""
    start = time.perf_counter()
    with pytest.raises(QueryError, match=r"stopped after 0\.2 s"):
        run_limited(partial(nap, 60), 0.2)
    assert time.perf_counter() - start < 2


def nap(seconds: float) -> str:
    time.sleep(seconds)
    return "done"


def test_what_work_returns_comes_back() -> None:
    """However long it is."""
    assert run_limited(partial(str.join, "", ["ä"] * 10**6), 30) == "ä" * 10**6


@pytest.mark.parametrize(
    "error", [ValueError("one\ntwo"), RuntimeError("one two"), OSError("one two"), QueryError("one two")]
)
def test_an_error_within_is_an_error_of_ours_in_one_line(error: Exception) -> None:
    """Whatever went wrong there."""
    with pytest.raises(QueryError, match="one two"):
        run_limited(partial(fail, error), 30)
