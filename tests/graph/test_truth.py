"""What differs stays apart, plans stay plans, and what is derived follows from what is said, for any graph."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from pyoxigraph import NamedNode, Store

from compas_graph.bundle import Bundle
from compas_graph.facts import derivations
from compas_graph.graph import open_graph, rules_of
from compas_graph.namespaces import PREFIXES, compact
from compas_graph.reasoning import inconsistencies
from compas_graph.store import FACTS, INFERENCES, iri, select

VAGUE = ({"cg:Partnership", "cg:JointVenture"}, {"cg:Partnership", "cg:Alliance"})
"""Kinds of which things may be one, since one source is vaguer than another on the legal form."""

FROM_PLANS = {
    "cg:creditedTo": "under whose name a vehicle or platform stands, built or planned alike, as it is defined",
}
"""Properties that are no planned forms and yet may rest on plans alone, and why."""


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    """Return rows as texts."""
    return [tuple(term.value for term in row) for row in select(store, query)]


# --- Identity ---


def test_no_two_entities_are_the_same(store: Store) -> None:
    """No axiom merges anything here."""
    assert not rows(store, "SELECT ?one ?other { ?one owl:sameAs ?other FILTER(?one != ?other) }")


def test_only_readings_hold_things_to_be_possibly_the_same(store: Store) -> None:
    """No source does, and so no such triple is a fact or typed by hand; all things of a group are of one kind."""
    graphs = {quad.graph_name for quad in store.quads_for_pattern(None, iri("cg:possiblySameAs"), None, None)}
    assert graphs == {INFERENCES}
    for one, kind, other, other_kind in rows(
        store,
        """SELECT ?one ?kind ?other ?otherKind { ?one cg:possiblySameAs ?other .
        GRAPH ?a { ?one a ?kind } GRAPH ?b { ?other a ?otherKind }
        FILTER(?a != graph:inferences && ?b != graph:inferences)
        FILTER(?kind != cg:Unnamed && ?otherKind != cg:Unnamed) }""",
    ):
        kinds = {compact(kind), compact(other_kind)}
        assert len(kinds) == 1 or kinds in VAGUE, (one, other)


def test_a_shared_alias_is_only_of_things_that_may_be_one(store: Store) -> None:
    """Two things with one spelling are linked by readings."""
    spelt: dict[str, set[str]] = defaultdict(set)
    for thing, spelling in rows(store, "SELECT ?thing ?spelling { ?thing cg:alias/cg:spelling ?spelling }"):
        spelt[spelling.casefold()].add(thing)
    shared = {spelling: things for spelling, things in spelt.items() if len(things) > 1}
    assert shared
    for spelling, things in shared.items():
        for one, other in combinations(sorted(things), 2):
            linked = rows(store, f"SELECT ?any {{ <{one}> cg:possiblySameAs+ <{other}> BIND(1 AS ?any) }}")
            assert linked, (spelling, one, other)


# --- Plans and outcomes ---


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


def test_no_rule_of_the_table_takes_plans_to_a_reported_property(store: Store) -> None:
    """Each row takes one standing, but for the listed properties."""
    mixed = rows(
        store,
        """SELECT DISTINCT ?predicate { ?rule cg:ofModality ?modality ; cg:yields ?predicate .
        FILTER(?modality != cg:reported && ?modality != cg:inferred)
        FILTER NOT EXISTS { ?predicate cg:plannedFormOf ?reported } }""",
    )
    assert {compact(predicate) for (predicate,) in mixed} == set(FROM_PLANS)


def test_outcomes_are_reports_and_plans_are_plans(store: Store) -> None:
    """No reading makes a plan the outcome of another."""
    found = rows(
        store,
        """SELECT ?plan ?p ?outcome ?o {
        ?r cg:plan ?plan ; cg:outcome ?outcome . ?plan cg:modality ?p . ?outcome cg:modality ?o }""",
    )
    assert found
    assert {(compact(row[1]), compact(row[3])) for row in found} == {("cg:planned", "cg:reported")}


# --- What is derived ---


def test_the_graph_contradicts_nothing(store: Store) -> None:
    """No individual is in two disjoint classes, and the like."""
    assert inconsistencies(store, rules_of(store)) == []


def test_every_fact_has_a_derivation_and_every_derivation_its_fact(store: Store) -> None:
    """Nothing is typed by hand into the graph of facts, and nothing that the table yields is missing."""
    derived = {found.fact for found in derivations(store)}
    facts = {quad.triple for graph in (FACTS, INFERENCES) for quad in store.quads_for_pattern(None, None, None, graph)}
    assert derived <= facts
    claims = {found.fact for found in derivations(store) if found.assertion.value.startswith(PREFIXES["claim"])}
    assert {quad.triple for quad in store.quads_for_pattern(None, None, None, FACTS)} == claims
    assert claims


def test_nothing_that_is_asserted_is_inferred_again(store: Store) -> None:
    """The inferences hold only what is new."""
    inferred = list(store.quads_for_pattern(None, None, None, INFERENCES))
    assert inferred
    for quad in inferred:
        graphs = {other.graph_name for other in store.quads_for_pattern(*quad.triple)}
        assert graphs <= {INFERENCES, FACTS}, quad


def test_opening_twice_gives_the_same_graph(bundle: Bundle, store: Store) -> None:
    """Derivation depends on nothing but the files."""
    ontology = NamedNode(PREFIXES["graph"] + "ontology")
    named = {quad for quad in store if quad.graph_name != ontology}
    assert named == {quad for quad in open_graph(bundle) if quad.graph_name != ontology}


def test_every_claim_has_a_passage_in_a_source_that_says_when_and_by_whom(store: Store) -> None:
    """No figure is without its source."""
    claims = rows(store, "SELECT ?claim { ?claim a cg:Claim }")
    placed = rows(
        store,
        """SELECT DISTINCT ?claim { ?claim a cg:Claim ; cg:passage ?passage . ?passage cg:inSource ?source .
        ?source cg:publisher ?publisher ; cg:published ?date }""",
    )
    assert claims
    assert set(claims) == set(placed)


def test_every_reading_rests_on_something_that_is_not_itself(store: Store) -> None:
    """In no number of steps."""
    assert rows(store, "SELECT ?reading { ?reading a cg:Reading }")
    without = "SELECT ?reading { ?reading a cg:Reading FILTER NOT EXISTS { ?reading cg:restsOn ?ground } }"
    assert not rows(store, without)
    assert not rows(store, "SELECT ?reading { ?reading cg:restsOn+ ?reading }")
