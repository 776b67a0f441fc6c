"""What is inferred and checked inside a store is what the program infers and finds itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pyoxigraph import (
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from compas_graph.errors import StoreError
from compas_graph.graph import rules_of
from compas_graph.namespaces import PREFIXES
from compas_graph.reasoning import axioms_of, compile_rules, infer
from compas_graph.remote.checking import asserted_in, remote_results
from compas_graph.remote.client import Client
from compas_graph.remote.inferring import Inferred, infer_there
from compas_graph.remote.kinds import KINDS
from compas_graph.remote.ledger import LEDGER, Entry, entries, listing, staging_for
from compas_graph.remote.transport import Body, Reply, Transport
from compas_graph.shacl import engine
from compas_graph.shacl.index import Index
from compas_graph.shacl.shapes import read_shapes
from compas_graph.store import INFERENCES
from tests import HEAD, ROOT

STAGING = NamedNode(staging_for(INFERENCES.value))


class InProcess(Transport):
    """The way to a store in this process, which sees only the graphs that a request names."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store, self.updates = store, list[str]()
        self.broken: Callable[[str], bool] = lambda _: False

    def request(
        self,
        method: str,
        url: str,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> Reply:
        """Answer a query or run an update."""
        assert body is not None
        form = parse_qsl(b"".join(body.chunks()).decode())
        text = dict(form)["query" if url == "query" else "update"]
        if url == "update":
            if self.broken(text):
                raise StoreError("the connection broke")
            self.updates.append(text)
            self.store.update(text)
            return Reply(204, {}, b"")
        graphs: list[Any] = [NamedNode(graph) for name, graph in form if name == "default-graph-uri"]
        found = self.store.query(text, default_graph=graphs or None)
        assert isinstance(found, QuerySolutions | QueryBoolean)
        return Reply(200, {}, found.serialize(format=QueryResultsFormat.JSON) or b"")


def client_of(store: Store, graphs: Iterable[str]) -> Client:
    """Return a client of a store in which graphs are listed as loaded."""
    for graph in graphs:
        store.update(listing(Entry(graph, "loaded", "bundle")))
    kind = KINDS["sparql"]._replace(update_parameter="update")
    return Client(
        kind=kind, query_url="query", update_url="update", graphs_url="", quads_url="", transport=InProcess(store)
    )


def triples(store: Store, graph: NamedNode) -> set[Triple]:
    """Return the triples of a graph."""
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}


def sources_of(store: Store) -> list[str]:
    """Return all graphs of a store but that of the inferences."""
    return sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode) and graph != INFERENCES)


def copy_of(store: Store) -> Store:
    """Return a store with the same quads."""
    made = Store()
    made.extend(store)
    return made


def quiet(number: int, triples: int) -> None:
    """Take what is told of each round."""


READINGS = """
id:a a cg:Plant ; rdfs:label "a"@en . id:b a cg:Plant ; rdfs:label "b"@en . id:c a cg:Country .
id:d a cg:Country . id:m a cg:VehicleModel .
cg:rule-1 a cg:FactRule ; cg:ofClass cg:BackgroundReading ; cg:ofModality cg:inferred ;
  cg:subjectRole cg:plant ; cg:yields cg:builtIn ; cg:objectRole cg:location .
cg:rule-2 a cg:FactRule ; cg:ofClass cg:BackgroundReading ; cg:ofModality cg:inferred ; cg:ofMilestone cg:agreed ;
  cg:subjectRole cg:model ; cg:yields cg:builtAt ; cg:objectRole cg:plant .
cg:rule-3 a cg:FactRule ; cg:ofClass cg:BackgroundReading ; cg:ofModality cg:inferred ;
  cg:subjectRole cg:plant ; cg:yields cg:within ; cg:objectRole cg:plant .
<urn:one> a cg:BackgroundReading ; cg:modality cg:inferred ; cg:plant id:a ; cg:location id:c , id:d .
<urn:pairs> a cg:BackgroundReading ; cg:modality cg:inferred ; cg:plant id:a , id:b ; cg:location id:c , id:d .
"""
CHANGES = {
    "as they are": "",
    "of which one says that it holds for each pair": "<urn:pairs> cg:pairwise true .",
    "of which one says that it does not hold for each pair": "<urn:pairs> cg:pairwise false .",
    "of which one denies": "<urn:one> cg:polarity cg:denied .",
    "of which one was withdrawn": '<urn:one> cg:withdrawn "2020-01-01" .',
    "of which one has a milestone that is asked for": "<urn:one> cg:model id:m ; cg:milestone cg:agreed .",
    "of which one has another milestone": "<urn:one> cg:model id:m ; cg:milestone cg:closure .",
    "that speak of literals": '<urn:one> cg:location "c" .',
}


def test_the_whole_graph_has_there_the_inferences_that_it_has_here(store: Store) -> None:
    """Triple by triple, though none are there before."""
    there = copy_of(store)
    there.remove_graph(INFERENCES)
    found = infer_there(client_of(there, ()), sources_of(store), rules_of(store), INFERENCES.value, quiet)
    assert triples(there, INFERENCES) == triples(store, INFERENCES)
    assert found.triples == len(triples(store, INFERENCES)) > 1000


@pytest.mark.parametrize("change", CHANGES)
def test_readings_yield_there_the_facts_that_they_yield_here(opened: Callable[[str], Store], change: str) -> None:
    """They stand with what is inferred."""
    here = opened(READINGS + CHANGES[change])
    there = copy_of(here)
    there.remove_graph(INFERENCES)
    infer_there(client_of(there, ()), sources_of(here), rules_of(here), INFERENCES.value, quiet)
    assert triples(there, INFERENCES) == triples(here, INFERENCES) != set()


def test_what_follows_from_what_was_inferred_is_inferred_too() -> None:
    """Round after round, though its predicates and classes do not occur before."""
    text = """ex:p rdfs:subPropertyOf ex:q . ex:q owl:inverseOf ex:r . ex:s owl:propertyChainAxiom ( ex:r ex:t ) .
      ex:t rdfs:range ex:A . ex:A rdfs:subClassOf ex:B . ex:u owl:propertyChainAxiom ( ex:s ex:t ) .
      ex:u rdfs:domain ex:C . ex:C owl:disjointWith ex:D . ex:u a owl:SymmetricProperty .
      ex:a ex:p ex:b . ex:a ex:t ex:c . ex:c ex:t ex:d ; ex:name "c" ."""
    here, graph = Store(), NamedNode("urn:graph")
    here.load(f"{HEAD} @prefix ex: <http://example.org/> . {text}", RdfFormat.TURTLE, to_graph=graph)
    there, rules = copy_of(here), compile_rules(axioms_of(here))
    infer(here, rules, INFERENCES)
    found = infer_there(client_of(there, ()), [graph.value], rules, INFERENCES.value, quiet)
    assert triples(there, INFERENCES) == triples(here, INFERENCES) != set()
    assert found.rounds > 3


@pytest.fixture
def small(opened: Callable[[str], Store]) -> Store:
    """Return a small graph with its inferences."""
    return opened(READINGS)


def test_what_was_inferred_before_is_replaced(small: Store) -> None:
    """Nothing is concluded from it, nor from what an earlier run left, and a second run changes nothing."""
    there = copy_of(small)
    there.add(Quad(NamedNode("urn:old"), NamedNode(PREFIXES["cg"] + "within"), NamedNode("urn:older"), INFERENCES))
    there.add(Quad(NamedNode("urn:left"), NamedNode("urn:is"), NamedNode("urn:left"), STAGING))
    client = client_of(there, [*sources_of(small), INFERENCES.value])
    graphs = [*sources_of(small), INFERENCES.value]
    first = infer_there(client, graphs, rules_of(small), INFERENCES.value, quiet)
    assert triples(there, INFERENCES) == triples(small, INFERENCES)
    assert infer_there(client, graphs, rules_of(small), INFERENCES.value, quiet) == first


def test_the_catalogue_in_the_store_lists_the_inferences_with_the_graphs_they_come_from(small: Store) -> None:
    """Without a digest, so that the next load compares them; nothing else is left behind."""
    there = copy_of(small)
    there.remove_graph(INFERENCES)
    client = client_of(there, sources_of(small))
    infer_there(client, sources_of(small), rules_of(small), INFERENCES.value, quiet)
    assert entries(client)[INFERENCES.value] == Entry(INFERENCES.value, "loaded", "bundle")
    assert {graph.value for graph in there.named_graphs() if isinstance(graph, NamedNode)} == {
        *sources_of(small), INFERENCES.value, LEDGER,
    }  # fmt: skip


def test_whatever_update_fails_the_old_inferences_are_there_or_the_new_and_the_next_run_mends_the_rest(
    small: Store,
) -> None:
    """The store loses the connection before each update in turn."""
    rules, graphs, new = rules_of(small), sources_of(small), triples(small, INFERENCES)
    old = {Triple(NamedNode("urn:old"), NamedNode("urn:is"), NamedNode("urn:old"))}
    states = set()
    for number in range(1000):
        there = copy_of(small)
        there.remove_graph(INFERENCES)
        there.extend(Quad(one.subject, one.predicate, one.object, INFERENCES) for one in old)
        client = client_of(there, [*graphs, INFERENCES.value])
        way = client.transport
        assert isinstance(way, InProcess)
        way.broken = lambda _, way=way, number=number: len(way.updates) >= number  # type: ignore[misc]
        try:
            infer_there(client, graphs, rules, INFERENCES.value, quiet)
        except StoreError:
            states.add(frozenset(triples(there, INFERENCES)))
            way.broken = lambda _: False
            assert not triples(there, STAGING) or entries(client)[STAGING.value].state == "staging"
        else:
            break
        infer_there(client, graphs, rules, INFERENCES.value, quiet)
        assert triples(there, INFERENCES) == new
        assert STAGING.value not in entries(client)
    assert number > 5
    assert states == {frozenset(old), frozenset(new)}


def test_a_graph_of_that_name_that_somebody_else_put_there_is_left_alone(small: Store) -> None:
    """One line says so, and nothing was touched."""
    client = client_of(copy_of(small), sources_of(small))
    with pytest.raises(StoreError, match=f"{INFERENCES.value}: is in the store, but was not put there"):
        infer_there(client, sources_of(small), rules_of(small), INFERENCES.value, quiet)
    assert isinstance(client.transport, InProcess) and not client.transport.updates


def test_each_round_is_told(small: Store) -> None:
    """The last one has added nothing."""
    there, told = copy_of(small), list[tuple[int, int]]()
    there.remove_graph(INFERENCES)
    found = infer_there(
        client_of(there, ()), sources_of(small), rules_of(small), INFERENCES.value, lambda *one: told.append(one)
    )
    assert [number for number, _ in told] == list(range(1, found.rounds + 1))
    assert told[-1][1] == told[-2][1] == found.triples == Inferred(*found).triples


@pytest.mark.parametrize("kind", ["oxigraph", "virtuoso"])
def test_a_check_there_finds_what_a_check_here_finds(store: Store, kind: str) -> None:
    """In the graphs that are asserted, whatever else is in the store."""
    shapes = read_shapes(Index(parse((ROOT / "ontology" / "shapes.ttl").read_bytes(), RdfFormat.TURTLE)))
    there = copy_of(store)
    case = (ROOT / "tests" / "ontology" / "shapes" / "CapacityClaimShape-plant.ttl").read_bytes()
    graph = NamedNode(PREFIXES["graph"] + "sources/broken")
    there.load(case, RdfFormat.TURTLE, to_graph=graph)
    there.load(case.replace(b"example.org", b"example.net"), RdfFormat.TURTLE, to_graph=NamedNode("urn:other"))
    client = client_of(there, [*sources_of(store), INFERENCES.value, graph.value])._replace(kind=KINDS[kind])
    found = remote_results(client, asserted_in(client), shapes)
    asserted = Index(
        quad for name in asserted_in(client) for quad in there.quads_for_pattern(None, None, None, NamedNode(name))
    )
    assert [one.key() for one in found] == [one.key() for one in engine.validate(asserted, shapes)]
    assert [one.shape.name for one in found] == ["cgs:CapacityClaimShape-plant"]
    assert not {INFERENCES.value, "urn:other"} & set(asserted_in(client))
