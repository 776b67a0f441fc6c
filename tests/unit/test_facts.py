"""Which assertions yield which facts: each guard of the one generic rule, on a table of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import NamedNode, Store, Triple

from compas_graph.facts import derivations, derive_facts
from compas_graph.namespaces import PREFIXES, compact
from compas_graph.store import FACTS, INFERENCES, iri

MakeStore = Callable[[str], Store]

TABLE = """
cg:rule-made a cg:FactRule ; cg:ofClass cg:MadeClaim ; cg:ofModality cg:reported ;
  cg:ofMilestone cg:productionStart , cg:ongoing ;
  cg:subjectRole cg:model ; cg:yields cg:madeAt ; cg:objectRole cg:plant .
cg:rule-made-planned a cg:FactRule ; cg:ofClass cg:MadeClaim ; cg:ofModality cg:planned ;
  cg:subjectRole cg:model ; cg:yields cg:toBeMadeAt ; cg:objectRole cg:plant .
cg:rule-same a cg:FactRule ; cg:ofClass cg:SameReading ; cg:ofModality cg:inferred ;
  cg:subjectRole cg:thing ; cg:yields cg:maybe ; cg:objectRole cg:thing .
cg:rule-within a cg:FactRule ; cg:ofClass cg:BackgroundReading ; cg:ofModality cg:inferred ;
  cg:subjectRole cg:place ; cg:yields cg:madeAt ; cg:objectRole cg:location .
"""
MADE = "claim:x a cg:MadeClaim ; cg:model id:car ; cg:plant id:plant ; cg:milestone cg:ongoing ; "


@pytest.fixture
def facts(asserted: MakeStore) -> Callable[[str], set[str]]:
    """Return what gives the facts that assertions yield, in prefixed names."""

    def derived(turtle: str) -> set[str]:
        store = asserted(TABLE + turtle)
        derive_facts(store)
        return triples(store, FACTS)

    return derived


Facts = Callable[[str], set[str]]


def triples(store: Store, graph: NamedNode) -> set[str]:
    found = store.quads_for_pattern(None, None, None, graph)
    return {" ".join(compact(term.value) for term in quad.triple) for quad in found}


def test_an_affirmative_reported_claim_yields_its_fact(facts: Facts) -> None:
    """One subject, one predicate, one object, from the properties that the table names."""
    assert facts(MADE + "cg:modality cg:reported .") == {"id:car cg:madeAt id:plant"}


def test_a_plan_yields_the_planned_property_and_never_the_reported_one(facts: Facts) -> None:
    """The modality chooses the row of the table."""
    assert facts(MADE + "cg:modality cg:planned .") == {"id:car cg:toBeMadeAt id:plant"}


@pytest.mark.parametrize("modality", ["considered", "rumoured", "promised", "opinion"])
def test_other_modalities_yield_nothing(facts: Facts, modality: str) -> None:
    """What is only weighed, rumoured, promised or judged is no fact."""
    assert facts(MADE + f"cg:modality cg:{modality} .") == set()


def test_a_claim_without_a_modality_yields_nothing(facts: Facts) -> None:
    """Silence on the standing is not a report."""
    assert facts(MADE + "rdfs:label 'x' .") == set()


@pytest.mark.parametrize("modality", ["reported", "planned"])
def test_a_denial_yields_nothing(facts: Facts, modality: str) -> None:
    """What will no longer be made there gives no fact that it is."""
    assert facts(MADE + f"cg:modality cg:{modality} ; cg:polarity cg:denied .") == set()


def test_one_claim_being_denied_leaves_the_others(facts: Facts) -> None:
    """The guards are each claim's own."""
    other = MADE.replace("claim:x", "claim:y")
    gone = MADE + "cg:modality cg:reported ; cg:polarity cg:denied ."
    assert facts(gone + other + "cg:modality cg:reported .") == {"id:car cg:madeAt id:plant"}


def test_a_milestone_that_the_rule_does_not_name_yields_nothing(facts: Facts) -> None:
    """Nor does a claim that names none, where the rule asks for one."""
    claim = "claim:x a cg:MadeClaim ; cg:model id:car ; cg:plant id:plant ; cg:modality cg:reported "
    assert facts(claim + "; cg:milestone cg:announced .") == set()
    assert facts(claim + ".") == set()
    assert facts(claim + "; cg:milestone cg:productionStart .") == {"id:car cg:madeAt id:plant"}


def test_a_rule_without_milestones_takes_any_and_none(facts: Facts) -> None:
    """As the one for plans here."""
    claim = "claim:x a cg:MadeClaim ; cg:model id:car ; cg:plant id:plant ; cg:modality cg:planned "
    wanted = {"id:car cg:toBeMadeAt id:plant"}
    assert facts(claim + ".") == facts(claim + "; cg:milestone cg:announced .") == wanted


def test_another_kind_of_claim_yields_nothing(facts: Facts) -> None:
    """The class is part of the rule."""
    assert facts((MADE + "cg:modality cg:reported .").replace("MadeClaim", "OtherClaim")) == set()


def test_several_subjects_of_one_object_yield_a_fact_each(facts: Facts) -> None:
    """One side may be several: nothing is combined that the claim does not say."""
    claim = "claim:x a cg:MadeClaim ; cg:milestone cg:ongoing ; cg:modality cg:reported ; "
    assert facts(claim + "cg:model id:a , id:b ; cg:plant id:p .") == {"id:a cg:madeAt id:p", "id:b cg:madeAt id:p"}
    assert facts(claim + "cg:model id:a ; cg:plant id:p , id:q .") == {"id:a cg:madeAt id:p", "id:a cg:madeAt id:q"}


@pytest.mark.parametrize("modality", ["reported", "planned"])
def test_several_subjects_and_several_objects_yield_nothing_unless_said_of_each_pair(
    facts: Facts, modality: str
) -> None:
    """Who builds which where stays open, and no false fact comes from combining them."""
    claim = "claim:x a cg:MadeClaim ; cg:milestone cg:ongoing ; cg:model id:a , id:b ; cg:plant id:p , id:q ; "
    claim += f"cg:modality cg:{modality} "
    assert facts(claim + ".") == set()
    predicate = {"reported": "cg:madeAt", "planned": "cg:toBeMadeAt"}[modality]
    assert facts(claim + "; cg:pairwise true .") == {f"id:{a} {predicate} id:{p}" for a in "ab" for p in "pq"}


def test_pairwise_said_to_be_false_is_not_pairwise(facts: Facts) -> None:
    """The value counts, not that there is one."""
    claim = "claim:x a cg:MadeClaim ; cg:model id:a , id:b ; cg:plant id:p , id:q ; cg:modality cg:planned "
    assert facts(claim + "; cg:pairwise false .") == set()


def test_a_reading_yields_inferences_and_no_facts(asserted: MakeStore) -> None:
    """What the editors conclude is never among what sources report, even by the same predicate."""
    store = asserted(
        TABLE
        + "reading:r a cg:BackgroundReading ; cg:modality cg:inferred ; cg:place id:town ; cg:location id:land ."
        + "reading:s a cg:SameReading ; cg:modality cg:inferred ; cg:thing id:a , id:b , id:c ."
    )
    derive_facts(store)
    assert triples(store, FACTS) == set()
    pairs = {f"id:{one} cg:maybe id:{other}" for one in "abc" for other in "abc" if one != other}
    assert triples(store, INFERENCES) == {"id:town cg:madeAt id:land"} | pairs


def test_what_a_claim_and_a_reading_both_yield_is_in_both_graphs(asserted: MakeStore) -> None:
    """A reading takes no fact away."""
    reading = "reading:r a cg:BackgroundReading ; cg:modality cg:inferred ; cg:place id:car ; cg:location id:plant ."
    store = asserted(TABLE + MADE + "cg:modality cg:reported ." + reading)
    derive_facts(store)
    assert triples(store, FACTS) == triples(store, INFERENCES) == {"id:car cg:madeAt id:plant"}


def test_nothing_is_a_fact_about_itself(facts: Facts) -> None:
    """Subject and object are two things."""
    assert facts((MADE + "cg:modality cg:reported .").replace("id:plant", "id:car")) == set()


def test_a_fact_is_explained_by_the_same_rule_that_made_it(asserted: MakeStore) -> None:
    """Every claim that yields it is named with its rule, and no other."""
    store = asserted(
        TABLE
        + MADE
        + "cg:modality cg:reported ."
        + MADE.replace("claim:x", "claim:y")
        + "cg:modality cg:reported ."
        + MADE.replace("claim:x", "claim:z")
        + "cg:modality cg:planned ."
    )
    fact = Triple(iri("id:car"), iri("cg:madeAt"), iri("id:plant"))
    found = list(derivations(store, fact))
    assert {(compact(one.assertion.value), compact(one.rule.value), one.fact) for one in found} == {
        ("claim:x", "cg:rule-made", fact),
        ("claim:y", "cg:rule-made", fact),
    }
    other = Triple(iri("id:plant"), iri("cg:madeAt"), iri("id:car"))
    assert list(derivations(store, other)) == []


def test_every_fact_of_the_real_graph_has_a_derivation_and_every_derivation_its_fact(store: Store) -> None:
    """Nothing is typed by hand into the graph of facts, and nothing that the table yields is missing."""
    derived = {found.fact for found in derivations(store)}
    facts = {quad.triple for graph in (FACTS, INFERENCES) for quad in store.quads_for_pattern(None, None, None, graph)}
    assert derived <= facts
    claims = {found.fact for found in derivations(store) if found.assertion.value.startswith(PREFIXES["claim"])}
    assert {quad.triple for quad in store.quads_for_pattern(None, None, None, FACTS)} == claims
    assert claims
