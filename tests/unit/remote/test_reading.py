"""A store elsewhere is asked as the graph in this process is: the same answers, few requests, clear refusals."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from click.testing import CliRunner
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
    serialize,
)

from compas_graph.answers import Answer, ask
from compas_graph.bundle import read_turtle
from compas_graph.checks.in_store import check_store
from compas_graph.checks.request import Request
from compas_graph.cli import commands
from compas_graph.describe import describe
from compas_graph.errors import StoreError
from compas_graph.names import resolve
from compas_graph.namespaces import PREFIXES
from compas_graph.query import example, query_names, saved_query
from compas_graph.remote.asking import Address, answer_there, opened
from compas_graph.remote.client import Client
from compas_graph.remote.kinds import KINDS
from compas_graph.remote.ledger import Entry, listing
from compas_graph.remote.reading import RemoteStore, Term, graphs_in, open_remote
from compas_graph.remote.transport import Body, Reply, Transport
from compas_graph.store import INFERENCES, iri, select
from compas_graph.why import grounds, lines, triple_of
from tests import FROZEN
from tests.unit.remote.misbehaving import Misbehaving

NAMES = query_names(FROZEN)
GRAPH = PREFIXES["graph"]
NEEDED = {
    "ontology": "the ontology",
    "facts": "the facts",
    "comparisons": "the comparisons",
    "inferences": "what is inferred from it",
}
URL = "http://store"
ASK = "which-models-share-a-platform"
MOST_REQUESTS = 14
Run = Callable[..., subprocess.CompletedProcess[str]]


class Direct(Transport):
    """The way to a store in this process, which follows the SPARQL protocol and keeps what it was sent.

    `union`, `deaf` (to the graphs that a request names) and `headers` are how it behaves; `refuses` is
    asked which status it gives instead of an answer.
    """

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store, self.sent = store, list[dict[str, list[str]]]()
        self.union = self.deaf = False
        self.headers = {"server": "Oxigraph/0"}
        self.refuses: Callable[[str, dict[str, list[str]]], int] = lambda method, form: 0
        self.instead: Callable[[bytes], bytes] = lambda data: data

    def request(self, method: str, url: str, body: Body | None = None, *_: Any, **options: Any) -> Reply:
        """Return the answer to a request."""
        text = b"".join(body.chunks()).decode() if body else ""
        form = parse_qs(text) if body and "form" in body.media else {}
        if body and "update" in body.media:
            form = {"update": [text]}
        self.sent.append(form)
        status = self.refuses(method, form)
        if status:
            reply = Reply(status, self.headers, b"no")
            if status in options.get("expect", ()):
                return reply
            raise self._refused(urlsplit(url), reply, 1)
        if "update" in form:
            self.store.update(form["update"][0])
        if method == "PUT":
            graph = NamedNode(unquote(url.partition("graph=")[2]))
            self.store.remove_graph(graph)
            self.store.load(text, RdfFormat.N_TRIPLES, to_graph=graph)
        return Reply(200, self.headers, self.instead(self._answer(form)) if "query" in form else b"")

    def _answer(self, form: dict[str, list[str]]) -> bytes:
        default, named = (
            None if self.deaf or name not in form else [NamedNode(graph) for graph in form[name]]
            for name in ("default-graph-uri", "named-graph-uri")
        )
        if default is not None and named is None:
            named = []  # so the protocol has it
        found = self.store.query(
            form["query"][0],
            use_default_graph_as_union=self.union and default is None,
            default_graph=default,  # type: ignore[arg-type]
            named_graphs=named,  # type: ignore[arg-type]
        )
        if isinstance(found, QueryTriples):
            return serialize(found, format=RdfFormat.N_TRIPLES) or b""
        return found.serialize(format=QueryResultsFormat.JSON) or b""


def client_of(way: Transport) -> Client:
    """Return a client of the store at the end of a way."""
    ends = {"query_url": "/query", "update_url": "/update", "graphs_url": "/store?graph=", "quads_url": "/store"}
    rest = {name: URL + ends[name] for name in Client._fields if name in ends}
    return Client(kind=KINDS["oxigraph"], transport=way, **rest)


def loaded(store: Store, without: frozenset[str] = frozenset()) -> Store:
    """Return a store as `load` leaves it: the graph, what goes with it, and the list of it all."""
    there = Store()
    there.extend(quad for quad in store if quad.graph_name.value not in without)
    for name in ("shapes", "alignments"):
        found = read_turtle(FROZEN.ontology / f"{name}.ttl")
        there.extend(Quad(q.subject, q.predicate, q.object, NamedNode(GRAPH + name)) for q in found)
    for graph in list(there.named_graphs()):
        there.update(listing(Entry(graph.value, "loaded", "bundle", "digest", "digest")))
    return there


@pytest.fixture(scope="module")
def whole(store: Store) -> Store:
    """Return a store with the whole graph. Tests only read it."""
    return loaded(store)


@pytest.fixture
def way(whole: Store) -> Direct:
    """Return the way to it."""
    return Direct(whole)


@pytest.fixture
def there(way: Direct) -> RemoteStore:
    """Return the graph in it."""
    return open_remote(client_of(way))


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    """Return a server in this process."""
    one = Misbehaving()
    yield one
    one.stop()


def asked(store: Any, name: str) -> Answer:
    """Return the answer to a saved query for the example values that it needs."""
    query = saved_query(FROZEN, name)
    return ask(store, query, {each: example(query, each) for each, said in query.parameters.items() if said.required})


# The same answers


@pytest.mark.parametrize(("name", "union"), [*((name, False) for name in NAMES), (ASK, True)])
def test_a_saved_query_is_answered_there_as_here(name: str, union: bool, way: Direct, store: Store) -> None:
    """Rows, words for people, notes and what speaks against them, whatever the default graph is."""
    way.union = union
    ours, theirs = asked(store, name), asked(open_remote(client_of(way)), name)
    for part in ("grid", "notes", "none", "against"):
        assert getattr(theirs, part) == getattr(ours, part)
    assert theirs.serialize(QueryResultsFormat.JSON) == ours.serialize(QueryResultsFormat.JSON)


def test_evidence_is_the_same(there: RemoteStore, store: Store) -> None:
    assert asked(there, ASK).evidence() == asked(store, ASK).evidence() != []


@pytest.mark.parametrize("name", ["COMPAS plant", "Infiniti", "QX50", "MFA"])
def test_a_thing_is_described_the_same(name: str, there: Any, store: Store) -> None:
    assert describe(there, resolve(there, name)) == describe(store, resolve(store, name))


@pytest.mark.parametrize(
    "names",
    [
        ("Infiniti", "has parent that owns share of", "COMPAS"),
        ("QX50", "is built at", "joint Aguascalientes plant, The News Wheel"),
        ("COMPAS", "a", "cg:Organisation"),
        ("claim:s1-09", "disagreesWith", "claim:s0-01"),
    ],
    ids=" ".join,
)
def test_a_fact_is_explained_by_the_same_grounds(names: tuple[str, str, str], there: Any, store: Store) -> None:
    """In the same order."""
    ours, theirs = (list(lines(grounds(each, triple_of(each, *names)))) for each in (store, there))
    assert theirs == ours


@pytest.mark.parametrize(
    "pattern",
    [
        (iri("id:mfa"), None, None),
        (iri("id:mfa"), iri("rdfs:label"), None),
        (None, iri("rdfs:subClassOf"), None),
        (None, iri("rdfs:subClassOf"), iri("cg:Claim")),
        (None, iri("rdf:type"), iri("owl:TransitiveProperty")),
        (None, iri("rdf:type"), iri("cg:Platform")),
        (None, iri("cg:alias"), None),
        (None, None, iri("owl:TransitiveProperty")),
        (None, iri("rdf:type"), iri("cg:Platform"), INFERENCES),
        (iri("id:mfa"), iri("rdf:type"), iri("cg:Platform"), INFERENCES),
        (iri("id:nothing"), None, None),
    ],
    ids=lambda pattern: " ".join(map(str, pattern)),
)
def test_quads_are_found_by_pattern(pattern: tuple[Any, ...], there: RemoteStore, store: Store) -> None:
    """Blank nodes have other names there, and what holds lists and restrictions is counted."""

    def named(quads: Iterator[Quad]) -> list[str]:
        return sorted("" if "_:" in str(quad) else str(quad) for quad in quads)

    assert named(there.quads_for_pattern(*pattern)) == named(store.quads_for_pattern(*pattern))
    assert all(quad in there for quad in there.quads_for_pattern(*pattern) if "_:" not in str(quad))


def test_values_are_put_in_the_place_of_variables(there: RemoteStore, store: Store) -> None:
    query = f"SELECT ?s ?o WHERE {{ ?s {iri('rdfs:label')} ?o }}"
    values: dict[Variable, Term] = {Variable("s"): iri("id:mfa")}
    ours = store.query(query, use_default_graph_as_union=True, substitutions=values)
    assert [tuple(row) for row in there.query(query, substitutions=values)] == [tuple(row) for row in ours]  # type: ignore[union-attr]


# Few requests, to the right graphs


def test_an_answer_takes_few_requests_and_the_same_again_takes_none(way: Direct, there: Any) -> None:
    """The list of graphs is asked for once; a second answer is made of what is known."""
    first = ask(there, saved_query(FROZEN, ASK), {"platform": "MFA"})
    assert first.grid.rows and first.against
    assert len(way.sent) <= MOST_REQUESTS
    before = len(way.sent)
    second = ask(there, saved_query(FROZEN, ASK), {"platform": "MFA"})
    assert (second.grid, second.against) == (first.grid, first.against)
    assert len(way.sent) == before


def test_only_graphs_that_answers_are_made_from_are_asked(store: Store, whole: Store, way: Direct) -> None:
    """Neither shapes nor alignments, nor what is being made, nor graphs of others."""
    assert set(graphs_in(client_of(way))) == {graph.value for graph in store.named_graphs()}
    files = Store()
    for name, origin in (("urn:mine", "files"), (GRAPH + "shapes", "files")):
        files.update(listing(Entry(name, "loaded", origin)))
    files.update(listing(Entry("urn:half", "staging")))
    assert graphs_in(client_of(Direct(files))) == ("urn:mine",)
    strangers = Store()
    strangers.extend(Quad(iri("id:a"), iri("cg:b"), Literal("c"), NamedNode(name)) for name in (GRAPH + "a", "urn:b"))
    assert graphs_in(client_of(Direct(strangers))) == (GRAPH + "a",)


def test_graphs_that_are_named_are_asked_alone(whole: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by prefixed name."""
    monkeypatch.setattr("compas_graph.remote.asking.connect", lambda *_, **__: client_of(Direct(whole)))
    number = "SELECT (COUNT(*) AS ?number) { ?s ?p ?o }"
    for graph in ("graph:facts", GRAPH + "inferences"):
        rows = select(cast(Store, opened(Address(URL, "", (graph,)))), number)
        wanted = NamedNode(GRAPH + graph.replace(GRAPH, "").removeprefix("graph:"))
        assert [int(row["number"].value) for row in rows] == [
            len(list(whole.quads_for_pattern(None, None, None, wanted)))
        ]


# Refusals


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (None, "holds no graph of ours"),
        *((GRAPH + name, f"without {words}") for name, words in NEEDED.items()),
    ],
)
def test_a_store_without_what_answers_need_is_refused(lacking: str | None, said: str, store: Store) -> None:
    """With what to do; a query of the user's own is answered all the same."""
    client = client_of(Direct(loaded(store, frozenset({lacking})) if lacking else Store()))
    with pytest.raises(StoreError, match=f"{said}.*compas-graph load URL"):
        open_remote(client)
    assert open_remote(client, whole=False).query("ASK { FILTER(true) }")


@pytest.mark.parametrize("name", [*NEEDED, "sources/s1"])
def test_a_store_that_is_not_as_it_was_loaded_is_refused(name: str, store: Store) -> None:
    """A graph that is listed and gone, or whose loading did not end; one that was loaded empty is there."""
    there, needed, name = loaded(store), NEEDED.get(name), GRAPH + name
    client = client_of(Direct(there))
    there.update(listing(Entry(name, "loading", "bundle")))
    with pytest.raises(StoreError, match=f"the loading of {name} did not end; run 'compas-graph load URL' again"):
        open_remote(client)
    there.update(listing(Entry(name, "loaded", "bundle", "digest", "digest", "1")))
    assert name in open_remote(client).graphs
    there.remove_graph(NamedNode(name))
    if needed:
        with pytest.raises(StoreError, match=f"without {needed}"):
            open_remote(client)
    there.update(listing(Entry(name, "loaded", "bundle", "digest", "digest", "0")))
    assert name in open_remote(client).graphs


def test_inferring_without_facts_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    way = Direct(loaded(store, frozenset({GRAPH + "facts"})))
    monkeypatch.setattr("compas_graph.remote.asking.connect", lambda *_, **__: client_of(way))
    done = CliRunner().invoke(commands, ["infer", "--store", URL])
    assert isinstance(done.exception, StoreError) and "without the facts" in str(done.exception)
    assert not any("update" in form for form in way.sent)


def test_a_check_goes_over_files_of_ones_own_too(store: Store) -> None:
    """Beside the graph, but neither what is derived nor what is being made; and says what it leaves out."""
    there = loaded(store)
    there.add(Quad(NamedNode("urn:a"), iri("rdf:type"), iri("cg:Claim"), NamedNode("urn:mine")))
    for name, state in (("urn:mine", "loaded"), ("urn:half", "staging")):
        there.update(listing(Entry(name, state, "files")))
    report = check_store(client_of(Direct(there)), (), FROZEN, Request())
    assert {finding.node for finding in report.findings} == {"urn:a"}
    assert set(report.checked) == {
        "urn:mine", *(graph.value for graph in store.named_graphs()),
    } - {GRAPH + name for name in ("facts", "comparisons", "inferences")}  # fmt: skip
    assert [note.partition(" in this")[0] for note in report.notes] == ["terms and contradictions are checked"]


@pytest.mark.parametrize("header", ["x-sparql-maxrows", "x-sql-state"])
def test_a_part_of_an_answer_is_refused(header: str, way: Direct, there: RemoteStore) -> None:
    """Virtuoso tells in a header that it left rows out."""
    way.headers = {header: "10000"}
    with pytest.raises(StoreError, match="only a part of the answer"):
        there.query("SELECT ?s { ?s ?p ?o }")


@pytest.mark.parametrize("cut", [lambda data: b"<html>hello", lambda data: data[:-20]], ids=["a page", "a torn answer"])
@pytest.mark.parametrize("query", ["SELECT ?s WHERE { ?s ?p ?o } LIMIT 5", "CONSTRUCT WHERE { ?s a ?o }"])
def test_what_is_no_answer_is_refused(query: str, cut: Any, way: Direct, there: RemoteStore) -> None:
    way.instead = cut
    with pytest.raises(StoreError, match="its answer cannot be read"):
        there.triples(query, {}) if query.startswith("CONSTRUCT") else there.query(query)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--store", "http://127.0.0.1:1"], "nothing answers there"),
        (["--store", "http://me:secret@127.0.0.1:1"], "password in the URL"),
        (["--store", "store"], "is not the address of a store"),
        (["--store", "http://127.0.0.1:1", "--as-of", "2014"], "--as-of and --without go without --store"),
        (["--store", "http://127.0.0.1:1", "--without", "s1"], "--as-of and --without go without --store"),
        (["--store-graph", "graph:facts"], "go with --store"),
        (["--store", "http://127.0.0.1:1", "--store-graph", "no graph"], "is not an IRI"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.parametrize("command", [["find", "MFA"], ["sparql", "ASK {}"]], ids=["find", "sparql"])
def test_a_store_that_cannot_be_asked_is_one_line(command: list[str], options: list[str], said: str, run: Run) -> None:
    """On standard error, with exit code 2; a password is not repeated."""
    done = run(*command, *options)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr and "secret" not in done.stderr


@pytest.mark.parametrize(
    ("asks", "scheme", "said"), [("basic", "http", "asks who you are"), ("", "https", "TLS")], ids=["password", "TLS"]
)
def test_a_server_that_refuses_is_one_line(asks: str, scheme: str, said: str, run: Run, server: Misbehaving) -> None:
    server.asks = asks
    done = run("find", "MFA", "--store", server.url.replace("http", scheme))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr


@pytest.mark.parametrize(("kind", "said"), [("virtuoso", "doctor http://store --queries"), ("oxigraph", "")])
def test_a_store_that_answers_otherwise_is_named(
    kind: str, said: str, way: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On standard error, beside the answer."""
    monkeypatch.setattr(
        "compas_graph.remote.asking.connect", lambda *_, **__: client_of(way)._replace(kind=KINDS[kind])
    )
    done = CliRunner().invoke(commands, ["find", "MFA", "--store", URL])
    assert done.exit_code == 0 and "id:mfa" in done.stdout
    assert (said in done.stderr) if said else done.stderr == ""


def test_completion_does_not_reach_out(script: Path, server: Misbehaving) -> None:
    """It is silent and quick, so the values are not completed."""
    words = ["compas-graph", "ask", ASK, "--store", server.url, "--platform", "M"]
    given = {"_COMPAS_GRAPH_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(words), "COMP_CWORD": "6"}
    done = subprocess.run([script], env={**os.environ, **given}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr, server.requests) == (0, "", "", [])


# A query of the user's own


@pytest.fixture
def own(way: Direct, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return what asks the store a query of one's own."""
    monkeypatch.setattr("compas_graph.remote.asking.connect", lambda *_, **__: client_of(way))
    return lambda text, form="table": answer_there(Address(URL), text, "query", form, None, 5)


def test_a_query_of_ones_own_needs_no_prefixes_and_no_graphs(own: Callable[..., str], way: Direct) -> None:
    assert own("SELECT ?p { ?p a cg:Platform FILTER(?p = id:mfa) }") == "p\nMFA\n"
    assert own("ASK { id:mfa a cg:Platform }") == "yes\n"
    assert own("SELECT ?p { ?p a cg:Nothing }") == "no rows\n"
    assert own("PREFIX cg: <urn:x> ASK { id:mfa a cg:Platform }") == "no\n"
    built = own("CONSTRUCT { ?p a cg:Platform } WHERE { ?p a cg:Platform FILTER(?p = id:mfa) }")
    assert built.splitlines()[-1] == "id:mfa a cg:Platform ."
    assert [line.split()[1] for line in built.splitlines()[:-2]] == ["cg:", "id:"]
    described = own("DESCRIBE id:mfa", "ntriples").splitlines()
    assert len(described) > 1 and described == sorted(described)


def test_a_query_that_names_its_graphs_is_asked_of_them(own: Callable[..., str], way: Direct, store: Store) -> None:
    """Ours are not named then, since those of a request go before those of its query."""
    facts = len(list(store.quads_for_pattern(None, None, None, NamedNode(GRAPH + "facts"))))
    assert own("SELECT (COUNT(*) AS ?n) FROM graph:facts { ?s ?p ?o }") == f"n\n{facts}\n"


def test_only_a_query_that_is_one_here_is_sent(own: Callable[..., str], way: Direct) -> None:
    """Neither an update nor what only some stores take."""
    for text in ("DEFINE x:y 1 SELECT ?s { ?s ?p ?o }", "SELECT ?s { ?s ?p"):
        with pytest.raises(Exception, match="not valid SPARQL"):
            own(text)
    with pytest.raises(Exception, match="this is an update"):
        own("DELETE WHERE { ?s ?p ?o }")
    with pytest.raises(Exception, match="the answer is rows, which turtle cannot hold"):
        own("SELECT ?s { ?s ?p ?o }", "turtle")
    assert way.sent == []
