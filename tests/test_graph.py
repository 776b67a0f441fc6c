"""The real graph: what differs stays apart, plans stay plans, and any store gives it back unchanged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from compas_graph.bundle import Bundle
from compas_graph.facts import derivations
from compas_graph.graph import open_graph, rules_of
from compas_graph.namespaces import PREFIXES, compact
from compas_graph.reasoning import inconsistencies
from compas_graph.store import COMPARISONS, FACTS, INFERENCES, iri

Rows = Callable[[str], list[tuple[str, ...]]]
MakeStore = Callable[[str], Store]

VAGUE = ({"cg:Partnership", "cg:JointVenture"}, {"cg:Partnership", "cg:Alliance"})
"""Kinds of which things may be one, since one source is vaguer than another on the legal form."""

APART = [
    ("id:mfa", "id:mfa-next-generation"),
    ("id:mfa-next-generation", "id:twingo-platform-s0"),
    ("id:existing-nissan-facility", "id:compas-plant"),
    ("id:existing-nissan-facility", "id:other-facility-mexico-s3"),
    ("id:nissan-plant-1992", "id:compas-plant"),
    ("id:nissan-plant-1992", "id:aguascalientes-site-s0"),
    ("id:existing-nissan-facility", "id:joint-plant-s3"),
    ("id:existing-nissan-facility", "id:new-plant-s2"),
    ("id:other-facility-mexico-s3", "id:compas-plant"),
    ("id:other-facility-mexico-s3", "id:joint-plant-s3"),
    ("id:other-facility-mexico-s3", "id:nissan-plant-1992"),
    ("id:compas", "id:compas-plant"),
    ("id:compas", "id:daimler-renault-nissan-alliance"),
    ("id:daimler", "id:mercedes-benz"),
    ("id:renault-nissan", "id:nissan"),
    ("id:renault-nissan", "id:renault"),
    ("id:renault-nissan", "id:daimler-renault-nissan-alliance"),
    ("id:nissan", "id:infiniti"),
    ("id:q50", "id:qx50"),
    ("id:q50", "id:q5-next-generation"),
    ("id:qx50", "id:infiniti-cars-for-aguascalientes-s1"),
    ("id:glb", "id:glb-second-generation"),
    ("id:mercedes-pickup-s1", "id:np300-next-generation"),
    ("id:decherd-plant", "id:compas-plant"),
]


def path_names(pair: tuple[str, str]) -> str:
    return " and ".join(name.removeprefix("id:") for name in pair)


# --- Things that must stay apart ---


@pytest.mark.parametrize("pair", APART, ids=path_names)
def test_things_that_differ_are_two_and_not_linked_in_any_number_of_steps(rows: Rows, pair: tuple[str, str]) -> None:
    """Neither the same nor possibly the same, and not through a mention that may stand for both."""
    one, other = pair
    for name in pair:
        assert rows(f"SELECT ?label {{ {name} a cg:Entity ; rdfs:label ?label }}"), f"{name} is not in the graph"
    links = "(owl:sameAs|^owl:sameAs|cg:possiblySameAs|^cg:possiblySameAs)+"
    assert not rows(f"SELECT ?any {{ {one} {links} {other} BIND(1 AS ?any) }}")


@pytest.mark.parametrize("pair", APART, ids=path_names)
def test_things_that_differ_share_no_label_and_no_alias(rows: Rows, pair: tuple[str, str]) -> None:
    """Whatever is typed leads to one of them only."""
    names = [
        {name.casefold() for (name,) in rows(f"SELECT ?name {{ {thing} rdfs:label|cg:alias/cg:spelling ?name }}")}
        for thing in pair
    ]
    assert all(names)
    assert not names[0] & names[1]


def test_no_two_entities_are_the_same(rows: Rows) -> None:
    """No axiom merges anything here."""
    assert not rows("SELECT ?one ?other { ?one owl:sameAs ?other FILTER(?one != ?other) }")


def test_only_readings_hold_things_to_be_possibly_the_same(store: Store, rows: Rows) -> None:
    """No source does, and so no such triple is a fact or typed by hand; all things of a group are of one kind."""
    graphs = {quad.graph_name for quad in store.quads_for_pattern(None, iri("cg:possiblySameAs"), None, None)}
    assert graphs == {INFERENCES}
    for one, kind, other, other_kind in rows(
        """SELECT ?one ?kind ?other ?otherKind { ?one cg:possiblySameAs ?other .
        GRAPH ?a { ?one a ?kind } GRAPH ?b { ?other a ?otherKind }
        FILTER(?a != graph:inferences && ?b != graph:inferences && ?kind != cg:Unnamed && ?otherKind != cg:Unnamed) }"""
    ):
        kinds = {compact(kind), compact(other_kind)}
        assert len(kinds) == 1 or kinds in VAGUE, (one, other)


def test_a_shared_alias_is_only_of_things_that_may_be_one(rows: Rows) -> None:
    """Two things with one spelling are linked by readings."""
    spelt: dict[str, set[str]] = defaultdict(set)
    for thing, spelling in rows("SELECT ?thing ?spelling { ?thing cg:alias/cg:spelling ?spelling }"):
        spelt[spelling.casefold()].add(thing)
    shared = {spelling: things for spelling, things in spelt.items() if len(things) > 1}
    assert shared
    for things in shared.values():
        for one, other in combinations(sorted(things), 2):
            assert rows(f"SELECT ?any {{ <{one}> cg:possiblySameAs+ <{other}> BIND(1 AS ?any) }}"), (one, other)


# --- Plans and outcomes ---

FROM_PLANS = {
    "cg:creditedTo": "under whose name a vehicle or platform stands, built or planned alike, as it is defined",
}
"""Properties that are no planned forms and yet may rest on plans alone, and why."""


def test_a_fact_that_is_no_plan_rests_on_a_reported_claim_but_for_listed_properties(store: Store) -> None:
    """A planned claim yields planned properties only; no exception is listed in vain."""
    planned_forms = {quad.subject for quad in store.quads_for_pattern(None, iri("cg:plannedFormOf"), None)}
    assert planned_forms
    reported = {quad.subject for quad in store.quads_for_pattern(None, iri("cg:modality"), iri("cg:reported"))}
    resting: dict[object, set[NamedNode]] = defaultdict(set)
    for found in derivations(store):
        resting[found.fact].add(found.assertion)
    facts = [
        quad.triple for quad in store.quads_for_pattern(None, None, None, FACTS) if quad.predicate not in planned_forms
    ]
    assert len(facts) > 50
    unreported = {compact(fact.predicate.value) for fact in facts if not resting[fact] & reported}
    assert unreported == set(FROM_PLANS)


def test_a_planned_form_rests_on_plans_only(store: Store) -> None:
    """What is reported is not shown as planned."""
    planned_forms = {quad.subject for quad in store.quads_for_pattern(None, iri("cg:plannedFormOf"), None)}
    planned = {quad.subject for quad in store.quads_for_pattern(None, iri("cg:modality"), iri("cg:planned"))}
    found = [one for one in derivations(store) if one.fact.predicate in planned_forms]
    assert found
    assert all(one.assertion in planned for one in found)


def test_no_rule_of_the_table_takes_plans_to_a_reported_property(rows: Rows) -> None:
    """Each row takes one standing, but for the listed properties."""
    mixed = rows(
        """SELECT DISTINCT ?predicate { ?rule cg:ofModality ?modality ; cg:yields ?predicate .
        FILTER(?modality != cg:reported && ?modality != cg:inferred)
        FILTER NOT EXISTS { ?predicate cg:plannedFormOf ?reported } }"""
    )
    assert {compact(predicate) for (predicate,) in mixed} == set(FROM_PLANS)


@pytest.mark.parametrize(
    ("reported", "planned"),
    [
        ("cg:builtAt", "cg:plannedAt"),
        ("cg:builtIn", "cg:plannedIn"),
        ("cg:usesPlatform", "cg:plannedPlatform"),
        ("cg:locatedIn", "cg:plannedLocation"),
        ("cg:succeeds", "cg:plannedToSucceed"),
    ],
)
def test_no_chain_of_axioms_leads_from_a_plan_to_a_report(opened: MakeStore, reported: str, planned: str) -> None:
    """Every reported property that holds between things which only plans link is an inference too far."""
    things = (
        'id:car a cg:VehicleModel ; rdfs:label "car"@en . id:plant a cg:Plant ; rdfs:label "plant"@en . '
        'id:town a cg:Place ; rdfs:label "town"@en . id:land a cg:Place ; rdfs:label "land"@en . '
        'id:base a cg:Platform ; rdfs:label "base"@en . id:old a cg:VehicleModel ; rdfs:label "old"@en .\n'
    )
    claims = """
    claim:a a cg:ProductionClaim ; cg:model id:car ; cg:plant id:plant ; cg:place id:town ;
      cg:milestone cg:productionStart .
    claim:b a cg:PlatformClaim ; cg:model id:car ; cg:platform id:base .
    claim:c a cg:LocationClaim ; cg:plant id:plant ; cg:location id:town .
    claim:d a cg:SuccessionClaim ; cg:successor id:car ; cg:predecessor id:old .
    claim:e a cg:LocationClaim ; cg:place id:town ; cg:location id:land ; cg:modality cg:reported .
    """
    for modality, holds in (("planned", planned), ("reported", reported)):
        said = "".join(f"claim:{name} cg:modality cg:{modality} . " for name in "abcd")
        store = opened(things + claims + said)
        found = {name for name in (reported, planned) if list(store.quads_for_pattern(None, iri(name), None))}
        assert found == {holds}


def test_nothing_is_inferred_to_be_built_where_it_is_only_planned(rows: Rows) -> None:
    """On the real graph: no model is built at a plant for which only plans stand."""
    built = {model for (model,) in rows("SELECT DISTINCT ?model { ?model cg:builtAt|cg:builtIn ?place }")}
    cars = {model for (model,) in rows("SELECT DISTINCT ?model { ?model cg:plannedAt id:compas-plant }")}
    assert built and cars
    assert not built & cars


def test_no_plan_without_outcome_reading_is_shown_as_done(rows: Rows) -> None:
    """Outcomes are reported claims, and plans are planned ones."""
    found = rows(
        """SELECT ?plan ?p ?outcome ?o {
        ?r cg:plan ?plan ; cg:outcome ?outcome . ?plan cg:modality ?p . ?outcome cg:modality ?o }"""
    )
    assert found
    assert {(compact(row[1]), compact(row[3])) for row in found} == {("cg:planned", "cg:reported")}


# --- The graph as a whole ---


def test_the_graph_contradicts_nothing(store: Store) -> None:
    """No individual is in two disjoint classes, and the like."""
    assert inconsistencies(store, rules_of(store)) == []


def test_a_contradiction_would_be_found(opened: MakeStore) -> None:
    """So that the test above means something: a plant that is a place."""
    store = opened('id:x a cg:Plant , cg:Place ; rdfs:label "x"@en .')
    found = {str(individual) for one in inconsistencies(store, rules_of(store)) for individual in one.individuals}
    assert found == {f"<{PREFIXES['id']}x>"}


@pytest.mark.parametrize(
    ("path", "graph"), list(Bundle.at().files()), ids=lambda value: value.name if isinstance(value, Path) else ""
)
def test_literals_are_in_canonical_form(store: Store, path: Path, graph: str) -> None:
    """A store gives every literal back as the file has it."""
    written = {t.object for t in parse(path=path, format=RdfFormat.TURTLE) if isinstance(t.object, Literal)}
    kept = {
        q.object for q in store.quads_for_pattern(None, None, None, NamedNode(graph)) if isinstance(q.object, Literal)
    }
    assert written == kept


def test_a_literal_that_is_not_canonical_would_be_found(asserted: MakeStore) -> None:
    """So that the test above means something."""
    turtle = "id:a cg:value 007 , 1.50 ."
    head = "".join(f"@prefix {prefix}: <{name}> .\n" for prefix, name in PREFIXES.items())
    written = {triple.object for triple in parse(head + turtle, RdfFormat.TURTLE)}
    assert written != {quad.object for quad in asserted(turtle)}


def test_every_derivation_has_a_graph_of_its_own_and_files_have_theirs(store: Store) -> None:
    """What files assert is not mixed with facts, comparisons and inferences."""
    derived = {FACTS, INFERENCES, COMPARISONS}
    files = {NamedNode(name) for _, name in Bundle.at().files()}
    assert set(store.named_graphs()) == files | derived


def test_nothing_that_is_asserted_is_inferred_again(store: Store) -> None:
    """The inferences hold only what is new."""
    inferred = list(store.quads_for_pattern(None, None, None, INFERENCES))
    assert inferred
    for quad in inferred:
        graphs = {other.graph_name for other in store.quads_for_pattern(*quad.triple)}
        assert graphs <= {INFERENCES, FACTS}, quad


def test_no_blank_node_stands_for_a_thing(store: Store) -> None:
    """Only the lists of the ontology have any."""
    said = [quad for quad in store if quad.graph_name != NamedNode(PREFIXES["graph"] + "ontology")]
    assert said
    for quad in said:
        assert all(isinstance(term, NamedNode | Literal) for term in quad.triple), quad


def test_opening_twice_gives_the_same_graph(store: Store) -> None:
    """Derivation depends on nothing but the files."""
    named = {quad for quad in store if quad.graph_name != NamedNode(PREFIXES["graph"] + "ontology")}
    again = {quad for quad in open_graph(Bundle.at()) if quad.graph_name != NamedNode(PREFIXES["graph"] + "ontology")}
    assert named == again


def test_every_reading_rests_on_something_that_is_not_itself(rows: Rows) -> None:
    """In no number of steps."""
    readings = rows("SELECT ?reading { ?reading a cg:Reading }")
    assert readings
    assert not rows("SELECT ?reading { ?reading a cg:Reading FILTER NOT EXISTS { ?reading cg:restsOn ?ground } }")
    assert not rows("SELECT ?reading { ?reading cg:restsOn+ ?reading }")
