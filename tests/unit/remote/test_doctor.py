"""The doctor says what a store lacks and what to do, and leaves the store as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, RdfFormat, Store

from compas_graph.cli.remote import doctor
from compas_graph.errors import StoreError
from compas_graph.query import query_names
from compas_graph.remote.abilities import ABILITIES, Check
from compas_graph.remote.doctor import compare, examine
from compas_graph.remote.ledger import LEDGER, Entry, listing
from tests import FROZEN
from tests.unit.remote.misbehaving import Misbehaving
from tests.unit.remote.test_reading import GRAPH, Direct, client_of, loaded

Form = dict[str, list[str]]


@pytest.fixture
def way(store: Store) -> Direct:
    """Return the way to a store with the whole graph."""
    return Direct(loaded(store))


def found(way: Direct, write: bool = False) -> dict[str, Check]:
    """Return what the doctor finds, by name."""
    return {check.name: check for check in examine(client_of(way), write=write)}


def lines(store: Store) -> list[bytes]:
    """Return what is in a store."""
    return sorted((store.dump(format=RdfFormat.N_QUADS) or b"").splitlines())


def test_a_store_that_can_do_everything_lacks_nothing(way: Direct) -> None:
    """Each check has its say, and works."""
    checks = found(way)
    assert list(checks) == [
        *("store", "queries", "updates", "graphs named in a request", "default graph", "graph store"),
        *("comparing dates", "rows of an answer", "long queries", "who may"),
        *("graphs there", "version", "answers"),
    ]
    assert [check for check in checks.values() if not check.works] == []


@pytest.mark.parametrize("write", [False, True], ids=["asking only", "writing"])
def test_a_store_is_as_it_was_before(write: bool, way: Direct) -> None:
    """Without leave to write, only an update is sent that changes nothing; with it, one triple of our own."""
    before = lines(way.store)
    checks = found(way, write)
    assert lines(way.store) == before
    assert ("writing" in checks) is write
    updates = {form["update"][0] for form in way.sent if "update" in form}
    assert all("/loading/" in update and LEDGER not in update for update in updates)
    assert any("INSERT" in update for update in updates) is write


def test_what_was_written_is_taken_away_when_the_doctor_is_stopped(way: Direct) -> None:
    before = lines(way.store)
    running = examine(client_of(way), write=True)
    assert next(iter(running)).works
    assert lines(way.store) != before
    running.close()  # type: ignore[attr-defined]
    assert lines(way.store) == before


def refusing(wanted: Callable[[str, Form], bool], status: int) -> Callable[[Direct], None]:
    """Give a store that refuses some requests."""

    def sicken(way: Direct) -> None:
        way.refuses = lambda method, form: status if wanted(method, form) else 0

    return sicken


def saying(words: str, answer: str) -> Callable[[Direct], None]:
    """Give a store whose answers are changed where they hold some words."""

    def sicken(way: Direct) -> None:
        way.instead = lambda data: data.replace(words.encode(), answer.encode())

    return sicken


def cut(way: Direct) -> None:
    """Make a store give 10,000 rows at most."""

    def first(data: bytes) -> bytes:
        said = json.loads(data) if data.startswith(b"{") else {}
        if len(said.get("results", {}).get("bindings", ())) <= 10_000:
            return data
        said["results"]["bindings"] = said["results"]["bindings"][:10_000]
        return json.dumps(said).encode()

    way.instead = first


def deaf(way: Direct) -> None:
    """Make a store ask all its graphs, whatever is named."""
    way.deaf = way.union = True


def deaf_and_empty(way: Direct) -> None:
    """Make a store ask its empty default graph, whatever is named."""
    way.deaf = True


def gone(way: Direct) -> None:
    """Take a graph away that is listed."""
    way.store.remove_graph(NamedNode(GRAPH + "facts"))


def shrunk(way: Direct) -> None:
    """Take a triple away from a graph that is listed with its size."""
    way.store.update(listing(Entry(GRAPH + "facts", "loaded", "bundle", "digest", "digest", "100000")))


def torn(way: Direct) -> None:
    """List a graph whose loading did not end."""
    way.store.update(listing(Entry(GRAPH + "facts", "loading", "bundle")))


def asserted_only(way: Direct) -> None:
    """Take away what is inferred, and its entry in the list."""
    way.store.remove_graph(NamedNode(GRAPH + "inferences"))
    way.store.update(f"DELETE WHERE {{ GRAPH <{LEDGER}> {{ <{GRAPH}inferences> ?field ?value }} }}")


def old(way: Direct) -> None:
    """Give the ontology another version."""
    way.store.update(
        "DELETE { GRAPH ?g { ?o ?p ?v } } INSERT { GRAPH ?g { ?o ?p '0.0' } } WHERE { GRAPH ?g { ?o ?p ?v "
        "FILTER(STRENDS(STR(?p), '#versionInfo')) } }"
    )


ILLS: list[tuple[Callable[[Direct], None], dict[str, str]]] = [
    (refusing(lambda _, form: "update" in form, 403), {"updates": "(no) is the store read-only"}),
    (refusing(lambda _, form: "update" in form, 401), {"updates": "asks who you are set COMPAS_GRAPH_USER"}),
    (refusing(lambda method, form: method == "GET" and "query" not in form, 405), {"graph store": "--kind sparql"}),
    (refusing(lambda _, form: len(str(form)) > 100_000, 413), {"long queries": "as long as this"}),
    (refusing(lambda _, form: "CONSTRUCT" in str(form), 500), {"queries": "answered 500"}),
    (saying('"boolean":true', '"boolean":false'), {"comparing dates": "will be wrong"}),
    (deaf, {"graphs named in a request": "others are asked, too"}),
    (deaf_and_empty, {"graphs named in a request": "follows the SPARQL protocol", "answers": "no thing is found"}),
    (cut, {"rows of an answer": "raise its limit"}),
    (gone, {"graphs there": "facts is gone"}),
    (torn, {"graphs there": "did not end"}),
    (shrunk, {"graphs there": "triples of 100000 loaded"}),
    (asserted_only, {"graphs there": "compas-graph load URL", "answers": "no thing is found"}),
    (old, {"version": "0.0, while this program has"}),
]


@pytest.mark.parametrize(("sicken", "wanted"), ILLS, ids=[" and ".join(wanted) for _, wanted in ILLS])
def test_what_a_store_lacks_is_found(sicken: Callable[[Direct], None], wanted: dict[str, str], way: Direct) -> None:
    """And what can be done about it is said."""
    sicken(way)
    checks = found(way)
    lacking = {name: f"{check.found} {check.advice}" for name, check in checks.items() if check.works is False}
    for name, words in wanted.items():
        assert words in lacking[name]


def test_a_store_with_nothing_in_it_can_still_do_everything() -> None:
    """What cannot be known without any triple is not known, until it may write."""
    checks = found(Direct(Store()))
    assert not [check for check in checks.values() if check.works is False]
    assert checks["graphs there"].found == "nothing is loaded" and "load URL" in checks["graphs there"].advice
    assert checks["graphs named in a request"].works is None
    assert found(Direct(Store()), write=True)["graphs named in a request"].works


def test_saved_queries_are_compared(way: Direct) -> None:
    """All of them; what is missing there shows as lost rows."""
    bundle = FROZEN
    checks = {check.name: check for check in compare(client_of(way), bundle)}
    assert list(checks) == query_names(bundle)
    assert all(check.works for check in checks.values())
    way.store.remove_graph(NamedNode(GRAPH + "sources/s1"))
    after = {check.name: check for check in compare(client_of(way), bundle)}
    assert "rows lost" in after["which-models-share-a-platform"].found


# The command


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    """Return a server in this process; it does not hear which graphs a request names."""
    one = Misbehaving()
    yield one
    one.stop()


def run(*arguments: str) -> Any:
    """Return what the command says and its exit code."""
    return CliRunner().invoke(doctor, list(arguments), standalone_mode=False, catch_exceptions=True)


def test_the_exit_code_says_whether_something_is_lacking(server: Misbehaving) -> None:
    """1 for what is needed; 2, by way of an error of one line, where nobody answers."""
    assert run(server.url).return_value == 0
    done = run(server.url, "--write", "--format", "json")
    lacking = [check["name"] for check in json.loads(done.output) if check["works"] is False]
    assert done.return_value == 1 and "graphs named in a request" in lacking
    error = run("http://127.0.0.1:1").exception
    assert isinstance(error, StoreError) and "nothing answers there" in str(error)


def test_the_advice_names_the_store(server: Misbehaving) -> None:
    """It can be typed as it stands."""
    assert f"'compas-graph load {server.url}'" in run(server.url).output


def test_an_open_store_that_others_reach_is_warned_of(way: Direct) -> None:
    """Anyone could change it; a store of this machine is not."""
    client = client_of(way)
    assert found(way)["who may"].found == "anyone may ask, anyone may write"
    advice = ABILITIES["who may"](client._replace(query_url="http://store.example/query")).advice
    local = ABILITIES["who may"](client._replace(query_url="http://localhost/query")).advice
    assert ("put a proxy" in advice, local) == (True, "")
    way.refuses = lambda _, form: 401 if "update" in form else 0
    assert found(way)["who may"].found == "anyone may ask, not everyone may write"
