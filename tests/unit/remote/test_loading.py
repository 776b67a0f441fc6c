"""A graph is put into a store whole or not at all, verified, and only what was put there is ever removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket
from subprocess import CompletedProcess

import pytest
from pyoxigraph import RdfFormat, parse

from compas_graph.errors import StoreError
from compas_graph.namespaces import PREFIXES
from compas_graph.remote import kinds, replacement
from compas_graph.remote.canonical import Canonical, canonical_graphs, without_triples
from compas_graph.remote.client import Client, connect
from compas_graph.remote.credentials import Credentials
from compas_graph.remote.ledger import LEDGER, entries
from compas_graph.remote.loading import Done, carry_out, plan_load, plan_unload
from compas_graph.remote.transport import Options, Transport
from tests import FROZEN
from tests.unit.remote.misbehaving import Fault, Misbehaving, Request

Run = Callable[..., CompletedProcess[str]]

OLD = {
    "urn:g1": ['<urn:a> <urn:p> "old"', "<urn:a> <urn:p> <urn:b>", "<urn:a> <urn:q> <urn:b>"],
    "urn:g2": ["<urn:a> <urn:p> <urn:c>"],
    "urn:gone": ["<urn:a> <urn:p> <urn:d>"],
}
NEW = {
    "urn:g1": ['<urn:a> <urn:p> "new"', "<urn:a> <urn:p> <urn:b>"],
    "urn:g2": ["<urn:a> <urn:p> <urn:c>"],
    "urn:g3": ["_:a <urn:p> _:b", '_:b <urn:p> "x"'],
    "urn:g4": [f'<urn:{number}> <urn:p> "{number}"' for number in range(7)],
}


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    """Return a server in this process."""
    one = Misbehaving()
    yield one
    one.stop()


def canonical(graphs: dict[str, list[str]]) -> list[Canonical]:
    """Give graphs as they are loaded."""
    text = "\n".join(f"{triple} <{graph}> ." for graph, triples in graphs.items() for triple in triples)
    return canonical_graphs(parse(text.encode(), RdfFormat.N_QUADS))


def to(server: Misbehaving, kind: str = "oxigraph", who: Credentials | None = None, tries: int = 3) -> Client:
    """Give a client of the server, of a kind, that does not wait before it tries again."""
    return connect(server.url if kind != "sparql" else f"{server.url}/sparql", kind, "", patient(who, tries))


def patient(who: Credentials | None = None, tries: int = 3) -> Transport:
    """Give a way to a server that tries some times without waiting."""
    return Transport(who, timeout=5, tries=tries, pause=lambda _: None)


def loaded(client: Client, graphs: dict[str, list[str]], *, adopt: bool = False) -> list[Done]:
    """Load graphs and give what was done."""
    plan = plan_load(client, canonical(graphs), "test", whole=True, adopt=adopt)
    return list(carry_out(client, plan, lambda *_: None))


def state(server: Misbehaving) -> dict[str, int]:
    """Give the graphs of the server but those that the loader keeps for itself, with their sizes."""
    return {name: len(server.graph(name)) for name in server.graphs() if not name.startswith(LEDGER[:-2])}


def sizes(graphs: dict[str, list[str]]) -> dict[str, int]:
    return {graph: len(triples) for graph, triples in graphs.items()}


WAYS = pytest.mark.parametrize("kind", ["oxigraph", "fuseki", "virtuoso", "sparql"])


@pytest.fixture(autouse=True)
def _ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every kind of store have the endpoints of the server, and small batches and changes."""
    for name in ("fuseki", "virtuoso"):
        ours = kinds.KINDS[name]._replace(query="/query", update="/update", graphs="/store?graph=", batch=2)
        monkeypatch.setitem(kinds.KINDS, name, ours)
    monkeypatch.setitem(kinds.KINDS, "sparql", kinds.KINDS["sparql"]._replace(batch=2))
    monkeypatch.setitem(kinds.KINDS, "oxigraph", kinds.KINDS["oxigraph"]._replace(changes=5))


@WAYS
def test_a_second_load_writes_nothing_and_a_changed_one_only_what_changed(server: Misbehaving, kind: str) -> None:
    client = to(server, kind)
    assert {done.action for done in loaded(client, OLD)} == {"added"}
    assert state(server) == sizes(OLD)
    server.requests.clear()
    assert {done.action for done in loaded(client, OLD)} == {"unchanged"}
    assert {request.kind for request in server.requests} == {"query"}
    done = {done.graph: done.action for done in loaded(client, NEW)}
    assert done == {"urn:g1": "replaced", "urn:g2": "unchanged", "urn:g3": "added", "urn:g4": "added",
                    "urn:gone": "removed"}  # fmt: skip
    assert state(server) == sizes(NEW)
    assert server.graph("urn:g1") == set(NEW["urn:g1"])
    list(carry_out(client, plan_unload(client, ()), lambda *_: None))
    assert server.graphs() == set()


@pytest.mark.parametrize(
    "kind", ["oxigraph", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("virtuoso", "sparql"))]
)
def test_wherever_a_load_is_cut_off_each_graph_is_old_or_new_and_the_next_one_mends_the_rest(
    server: Misbehaving, kind: str
) -> None:
    """The connection breaks for good after the server did what the n-th writing request asked for."""
    loaded(to(server, kind), OLD)
    before = list(server.store)
    cut, number = True, 0
    while cut:
        number += 1
        server.store.clear()
        server.store.extend(before)
        server.fault, cut = cut_off(number), False
        try:
            loaded(to(server, kind, tries=1), NEW)
        except StoreError:
            cut = True
        for name in {*OLD, *NEW} - {"urn:g3"}:
            assert server.graph(name) in (set(OLD.get(name, ())), set(NEW.get(name, ()))), (name, number)
        assert len(server.graph("urn:g3")) in (0, 2), number
        server.fault = lambda _: None
        loaded(to(server, kind), NEW)
        assert state(server) == sizes(NEW), number
        listed = entries(to(server, kind)).values()
        assert {(one.graph, one.state) for one in listed} == {(name, "loaded") for name in NEW}, number
    assert number > 15


def cut_off(number: int) -> Callable[[Request], Fault | None]:
    """Give a fault that breaks the connection of the n-th writing request, and does nothing for all after it."""
    seen = 0

    def fault(request: Request) -> Fault | None:
        nonlocal seen
        seen += request.kind != "query"
        return None if seen < number else Fault(after=seen == number and request.kind != "query")

    return fault


@WAYS
def test_a_graph_that_the_store_cannot_keep_is_refused_and_the_old_one_stays(server: Misbehaving, kind: str) -> None:
    client = to(server, kind)
    loaded(client, OLD)
    server.changes = lambda text: text.replace('"new"', '"NEW"').replace('"6"', '"7"')
    done = {done.graph: done for done in loaded(client, NEW)}
    assert {graph for graph, one in done.items() if one.refused} == {"urn:g1", "urn:g4"}
    assert done["urn:g1"].changed is not None
    assert done["urn:g1"].changed.text() == 'lost: <urn:a> <urn:p> "new" .\nadded: <urn:a> <urn:p> "NEW" .'
    assert server.graph("urn:g1") == set(OLD["urn:g1"])
    assert "urn:g4" not in state(server)
    server.changes = lambda text: text
    loaded(client, NEW)
    assert state(server) == sizes(NEW)


@WAYS
def test_another_form_of_the_same_value_is_said_and_kept(server: Misbehaving, kind: str) -> None:
    graphs = {"urn:g": ['<urn:a> <urn:p> "007"^^<http://www.w3.org/2001/XMLSchema#integer>']}
    (done,) = loaded(to(server, kind), graphs)
    assert done.changed is not None
    assert done.changed.text() == "1 term: the store writes xsd:integer in another form of the same value"
    assert [one.action for one in loaded(to(server, kind), graphs)] == ["unchanged"]


def test_a_graph_that_something_else_put_there_is_left_alone_unless_it_is_adopted(server: Misbehaving) -> None:
    server.store.update("INSERT DATA { GRAPH <urn:g1> { <urn:x> <urn:p> 1 } GRAPH <urn:mine> { <urn:x> <urn:p> 1 } }")
    client = to(server)
    with pytest.raises(StoreError, match="urn:g1: is in the store, but was not put there"):
        loaded(client, NEW)
    with pytest.raises(StoreError, match="urn:mine: was not put into the store"):
        plan_unload(client, ["urn:mine"])
    assert state(server) == {"urn:g1": 1, "urn:mine": 1}
    loaded(client, NEW, adopt=True)
    assert state(server) == sizes(NEW) | {"urn:mine": 1}
    list(carry_out(client, plan_unload(client, ()), lambda *_: None))
    assert state(server) == {"urn:mine": 1}


@WAYS
def test_a_graph_that_has_lost_or_gained_triples_is_put_again(server: Misbehaving, kind: str) -> None:
    """Also one that is gone altogether, but not one of whose values the store writes another form."""
    graphs = NEW | {"urn:form": ['<urn:a> <urn:p> "007"^^<http://www.w3.org/2001/XMLSchema#integer>']}
    client = to(server, kind)
    loaded(client, graphs)
    kept = state(server)
    server.store.update("DROP GRAPH <urn:g1> ; DELETE DATA { GRAPH <urn:g4> { <urn:1> <urn:p> '1' } }")
    server.store.update("INSERT DATA { GRAPH <urn:g2> { <urn:x> <urn:p> 1 } }")
    done = {done.graph for done in loaded(client, graphs) if done.action != "unchanged"}
    assert done == {"urn:g1", "urn:g2", "urn:g4"}
    assert state(server) == kept


@pytest.mark.parametrize(("first", "second", "said"), [
    ("bundle", "files", "urn:g1: is a graph of the whole load, not of FILES"),
    ("files", "bundle", "urn:g1: was loaded from FILES"),
])  # fmt: skip
def test_a_graph_of_another_origin_is_left_alone_unless_it_is_adopted(
    server: Misbehaving, first: str, second: str, said: str
) -> None:
    """Adopted, it is one of the whole load, which answers are made from."""
    client = to(server)
    graphs = {"urn:g1": OLD["urn:g1"]}
    list(carry_out(client, plan_load(client, canonical(graphs), first, whole=False, adopt=False),
                   lambda *_: None))  # fmt: skip
    new = canonical({"urn:g1": NEW["urn:g1"]})
    with pytest.raises(StoreError, match=said):
        plan_load(client, new, second, whole=False, adopt=False)
    assert server.graph("urn:g1") == set(OLD["urn:g1"])
    list(carry_out(client, plan_load(client, new, second, whole=False, adopt=True), lambda *_: None))
    assert server.graph("urn:g1") == set(NEW["urn:g1"])
    assert entries(client)["urn:g1"].origin == "bundle"


def test_a_graph_without_triples_is_listed_and_stays_so(server: Misbehaving) -> None:
    """So that a derived graph in which nothing is can be told from one that was not loaded."""
    client, empty = to(server), without_triples("urn:empty")
    for wanted in ("added", "unchanged"):
        plan = plan_load(client, [empty], "bundle", whole=True, adopt=False)
        assert [done.action for done in carry_out(client, plan, lambda *_: None)] == [wanted]
    assert entries(client)["urn:empty"].triples == "0"


def test_all_graphs_are_listed_as_loading_before_the_first_is_touched(server: Misbehaving) -> None:
    """Whoever asks in between can be told that the loading did not end."""
    server.fault = lambda request: Fault() if request.kind == "post" else None
    with pytest.raises(StoreError):
        loaded(to(server), NEW)
    assert {one.graph for one in entries(to(server)).values() if one.state == "loading"} == set(NEW)


def test_a_graph_is_listed_as_loading_before_it_is_taken_away(server: Misbehaving) -> None:
    """And what is left of it, should that break off, is taken away by the next."""
    loaded(to(server), OLD)
    server.fault = lambda request: Fault() if request.text.startswith("DROP SILENT GRAPH <urn:g1>") else None
    with pytest.raises(StoreError):
        list(carry_out(to(server), plan_unload(to(server), ["urn:g1"]), lambda *_: None))
    server.fault = lambda _: None
    assert entries(to(server))["urn:g1"].state == "loading"
    list(carry_out(to(server), plan_unload(to(server), ["urn:g1"]), lambda *_: None))
    assert "urn:g1" not in entries(to(server)) and not server.graph("urn:g1")


@pytest.mark.parametrize("kind", ["oxigraph", "fuseki"])
def test_a_store_in_which_a_broken_put_destroys_the_graph_is_never_put_to_directly(
    server: Misbehaving, kind: str
) -> None:
    server.destructive = True
    loaded(to(server, kind), OLD)
    server.requests.clear()
    loaded(to(server, kind), NEW)
    copies = [request for request in server.requests if request.text.startswith("COPY <https://w3id.org/")]
    assert {request.text.rpartition("TO ")[2] for request in copies} >= {"<urn:g3>", "<urn:g4>"}


@pytest.mark.parametrize(("kind", "ways"), [("fuseki", {"put"}), ("virtuoso", {"put"}), ("sparql", set())])
def test_the_graph_store_is_used_where_there_is_one_and_bounded_batches_where_not(
    server: Misbehaving, kind: str, ways: set[str]
) -> None:
    """Virtuoso's takes no long graph: only those with blank nodes, which have to go in one request."""
    loaded(to(server, kind), NEW)
    puts = [request for request in server.requests if request.kind in ("put", "post")]
    assert {request.kind for request in puts} == ways
    if kind == "virtuoso":
        assert all("_:c14n" in request.text for request in puts)
    batches = [request.text for request in server.requests if request.text.startswith("INSERT DATA { GRAPH <https")]
    sizes = [text.count(" <urn:p> ") for text in batches if "FILTER" not in text]
    assert max(sizes, default=0) == (0 if kind == "fuseki" else 2)


def test_a_store_that_gives_only_so_many_triples_is_read_page_by_page(
    server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compas_graph.remote.client.PAGE", 5)
    server.rows = 3
    assert {done.action for done in loaded(to(server, "fuseki"), NEW)} == {"added"}


@pytest.mark.parametrize("fault", [Fault(), Fault(after=True), Fault(429, headers=(("Retry-After", "7"),)), Fault(503)])
def test_a_fault_that_passes_is_waited_out(server: Misbehaving, fault: Fault) -> None:
    waits: list[float] = []
    client = connect(server.url, "oxigraph", "", Transport(None, tries=3, pause=waits.append))
    seen: set[tuple[str, str]] = set()

    def once(request: Request) -> Fault | None:
        again = (request.kind, request.text) in seen
        seen.add((request.kind, request.text))
        return None if again else fault

    server.fault = once
    loaded(client, NEW)
    assert state(server) == sizes(NEW)
    assert len(waits) > 10
    assert (min(waits) == max(waits) == 7) if fault.headers else all(0.3 < wait < 2 for wait in waits)


def test_what_would_be_done_twice_is_not_repeated(server: Misbehaving) -> None:
    """Blank nodes sent again would be others beside the first."""
    client = to(server, "sparql")
    server.fault = lambda request: Fault(after=True) if "_:c14n" in request.text else None
    with pytest.raises(StoreError, match="the connection broke"):
        loaded(client, {"urn:g3": NEW["urn:g3"]})
    assert sum("_:c14n" in request.text for request in server.requests) == 1


@pytest.mark.parametrize(
    ("status", "said", "message"),
    [
        (507, "", r"the store's disk is full; make room there"),
        (500, "No space left on device", r"the store's disk is full \(No space left on device\); make room"),
        (403, "The server is read-only", r"does not allow this \(The server is read-only\); is the store read-only"),
        (404, "", r"there is nothing at this address; check the URL"),
        (413, "too long", r"takes no request as long as this \(too long\)"),
        (302, "", r"has moved to https://elsewhere/; give that address"),
        (500, "<html><b>Oh</b>\nno", r"answered 500 \(Oh no\)$"),
        (503, "", r"is busy, 3 times answered 503; run this again later"),
        (0, "", r"the connection broke 3 times \(.+\); run this again"),
    ],
)
def test_a_refusal_is_one_line_that_says_what_to_do(server: Misbehaving, status: int, said: str, message: str) -> None:
    loaded(to(server), OLD)
    fault = Fault(status, said, (("Location", "https://elsewhere/"),))
    server.fault = lambda request: None if request.kind == "query" else fault
    with pytest.raises(StoreError, match=message) as raised:
        loaded(to(server), NEW)
    assert len(str(raised.value).splitlines()) == 1
    assert state(server) == sizes(OLD)


@pytest.mark.parametrize("asks", ["basic", "digest", "bearer"])
def test_credentials_are_given_in_the_way_that_the_server_asks_for(server: Misbehaving, asks: str) -> None:
    server.asks = asks
    right = Credentials("", "", "token", "here") if asks == "bearer" else Credentials("me", "secret", "", "here")
    wrong = Credentials("", "", "none", "here") if asks == "bearer" else Credentials("me", "wrong", "", "here")
    loaded(to(server, who=right), NEW)
    assert state(server) == sizes(NEW)
    bodies = [request.text for request in server.requests if request.kind == "post"]
    assert len(bodies) == len(set(bodies)), "a graph was sent twice"
    client = to(server, who=right)
    server.nonce = "another"
    assert {done.action for done in loaded(client, NEW)} == {"unchanged"}
    with pytest.raises(StoreError, match="does not accept the credentials from here"):
        to(server, who=wrong)
    with pytest.raises(StoreError, match="asks who you are; set COMPAS_GRAPH_USER"):
        to(server)


def test_a_store_is_known_by_what_it_calls_itself_or_else_asked_at_its_address(server: Misbehaving) -> None:
    assert connect(server.url, transport=patient()).kind.name == "oxigraph"
    assert connect(f"{server.url}/query", transport=patient()).update_url == f"{server.url}/update"
    server.name = "Something"
    assert connect(f"{server.url}/sparql", transport=patient()).kind.name == "sparql"
    with pytest.raises(StoreError, match="no SPARQL endpoint answers there; check the URL, or name"):
        connect(f"{server.url}/wrong", transport=patient())
    server.fault = lambda _: Fault(405, "<html>hello", (("Content-Type", "text/html"),))
    with pytest.raises(StoreError, match=r"is a web page, not a SPARQL endpoint; .* by --kind \("):
        connect(f"{server.url}/wrong", transport=patient())


def test_a_server_that_takes_a_connection_and_says_nothing_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A handshake has a limit of its own, and only a command that has the option advises it."""
    monkeypatch.setattr("compas_graph.remote.transport.CONNECT_MOST", 0.1)
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StoreError, match=r"no connection was made within 0\.1 seconds; should the URL begin with"):
            connect(f"https://{place}", transport=Transport(timeout=60, tries=1))
        with pytest.raises(StoreError, match=r"no answer within 0\.2 seconds; allow more with --timeout"):
            connect(f"http://{place}", transport=Transport(timeout=0.2, tries=1))
        with pytest.raises(StoreError, match=r"no answer within 0\.2 seconds; ask for less"):
            connect(f"http://{place}", transport=Transport(timeout=0.2, tries=1, options=Options("--store-kind", "")))


def test_updates_that_go_elsewhere_are_noticed_before_anything_is_loaded(server: Misbehaving) -> None:
    other = Misbehaving()
    client = connect(f"{server.url}/sparql", "sparql", f"{other.url}/update", patient())
    with pytest.raises(StoreError, match=r"takes updates, but .* does not show them"):
        loaded(client, NEW)
    assert state(other) == {}
    other.stop()


def test_no_batch_has_more_triples_or_bytes_than_an_update_may(monkeypatch: pytest.MonkeyPatch) -> None:
    (graph,) = canonical({"urn:g4": NEW["urn:g4"]})
    monkeypatch.setattr(replacement, "UPDATE_MOST", 60)
    batches = list(replacement._batches(graph, 5))
    assert [line for batch in batches for line in batch] == list(graph.lines())
    assert [len(batch) for batch in batches] == [2, 2, 2, 1]
    monkeypatch.setattr(replacement, "UPDATE_MOST", 6000)
    assert [len(batch) for batch in replacement._batches(graph, 5)] == [5, 2]


def test_the_command_loads_the_whole_graph_again_without_a_change_and_takes_it_away(
    server: Misbehaving, run: Run
) -> None:
    files = sum(1 for _ in FROZEN.graph_files())
    plan = run("load", server.url, "--dry-run")
    assert plan.stdout.splitlines()[-1] == f"nothing was touched: {files + 6} graphs: {files + 6} add"
    assert server.graphs() == set()
    done = run("load", server.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == f"{files + 6} graphs: {files + 6} added"
    assert run("load", server.url, "--check").stdout == f"{files + 6} graphs: {files + 6} unchanged\n"
    fewer = run("load", server.url, "--derived", "facts", "--no-schema")
    assert fewer.stdout.splitlines()[-1] == f"{files + 6} graphs: 4 removed, {files + 2} unchanged"
    assert run("unload", server.url, "graph:facts").stdout.splitlines()[-1] == "1 graph: 1 removed"
    run("unload", server.url)
    assert server.graphs() == set()


def test_the_command_loads_files_beside_what_is_there(server: Misbehaving, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text('<urn:a> <urn:p> "x" <urn:g1> .\n<urn:a> <urn:p> _:b <urn:g2> .\n', "utf-8")
    (tmp_path / "b.ttl").write_text("<urn:a> <urn:p> _:b . _:b <urn:p> 1 .", "utf-8")
    assert "name one for them with --graph IRI" in run("load", server.url, tmp_path / "b.ttl").stderr
    run("load", server.url, tmp_path / "a.nq")
    done = run("load", server.url, tmp_path / "b.ttl", "--graph", "urn:g3")
    assert done.stdout == "added urn:g3, 2 triples\n1 graph: 1 added\n"
    assert state(server) == {"urn:g1": 1, "urn:g2": 1, "urn:g3": 2}
    (tmp_path / "c.jsonld").write_text('{"@id": "urn:a", "urn:p": 1}', "utf-8")
    done = run("load", server.url, tmp_path / "c.jsonld", "--graph", "graph:mine")
    mine = PREFIXES["graph"] + "mine"
    assert done.stdout == f"added {mine}, 1 triple\n1 graph: 1 added\n"
    assert server.graph(mine) == {'<urn:a> <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'}


@pytest.mark.parametrize(
    ("kind", "triples", "said"),
    [
        ("virtuoso", "<urn:c> <urn:p> 2 .", "note: Virtuoso replaces a graph in one transaction, but a query"),
        ("virtuoso", "<urn:a> <urn:p> 1 .", ""),
        ("oxigraph", "<urn:c> <urn:p> 2 .", ""),
    ],
)
def test_what_readers_of_a_store_may_see_is_said_before_a_graph_is_replaced_there(
    server: Misbehaving, run: Run, tmp_path: Path, kind: str, triples: str, said: str
) -> None:
    """However small the graph is; not where nothing that was there changes."""
    for name, text in (("a", "<urn:a> <urn:p> 1 ."), ("b", triples)):
        (tmp_path / f"{name}.ttl").write_text(text, "utf-8")
    first = run("load", server.url, tmp_path / "a.ttl", "--graph", "urn:g", "--kind", kind, "--dry-run")
    assert (first.returncode, first.stderr) == (0, "")
    run("load", server.url, tmp_path / "a.ttl", "--graph", "urn:g")
    done = run("load", server.url, tmp_path / "b.ttl", "--graph", "urn:g", "--kind", kind, "--dry-run")
    assert done.returncode == 0
    assert done.stderr.startswith(said) and bool(done.stderr) is bool(said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--graph", "a b"], "--graph goes with FILES"),
        (["nothing.ttl", "--graph", "a b"], "--graph: 'a b' is not an IRI"),
        (["nothing.ttl", "--graph", "urn:g"], "nothing.ttl: no such file or folder"),
        (["nothing.txt"], "nothing.txt: is not an RDF file by its ending; one ends in .ttl, .trig, "),
    ],
)
def test_a_call_that_makes_no_sense_is_one_line(server: Misbehaving, run: Run, arguments: list[str], said: str) -> None:
    done = run("load", server.url, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert server.graphs() == set()
