"""A graph is opened with all that follows: no plan becomes a report, and a contradiction is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Store

from compas_graph.graph import rules_of
from compas_graph.namespaces import PREFIXES
from compas_graph.reasoning import inconsistencies
from compas_graph.store import iri

MakeStore = Callable[[str], Store]


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


def test_a_contradiction_would_be_found(opened: MakeStore) -> None:
    """So that the test above means something: a plant that is a place."""
    store = opened('id:x a cg:Plant , cg:Place ; rdfs:label "x"@en .')
    found = {str(individual) for one in inconsistencies(store, rules_of(store)) for individual in one.individuals}
    assert found == {f"<{PREFIXES['id']}x>"}
