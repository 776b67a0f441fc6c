"""Why a triple holds: every step back to claims and passages, and nothing for what does not hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import NamedNode, Store, Triple

from compas_graph.errors import AmbiguousNameError, CompasGraphError, UnknownNameError
from compas_graph.store import COMPARISONS, FACTS, INFERENCES, iri
from compas_graph.why import Ground, grounds, in_words, lines, triple_of

MakeStore = Callable[[str], Store]


def why(store: Store, subject: str, predicate: str, value: str) -> str:
    return "\n".join(lines(grounds(store, triple_of(store, subject, predicate, value))))


def test_a_fact_rests_on_its_claim(store: Store) -> None:
    """With status, citation, claim and rule."""
    found = why(store, "Infiniti Q30", "uses platform", "MFA")
    assert found.startswith("  stated: ")
    assert "Motor Authority, June 2014, paragraph 4 [claim:s0-27, by cg:rule-platform-use]" in found
    assert len(found.splitlines()) == 1


def test_a_planned_fact_says_that_it_is_planned(store: Store) -> None:
    """And the same of the reported property holds for no reason at all."""
    assert why(store, "cars for Aguascalientes (unnamed)", "is to use platform", "next-generation MFA").startswith(
        "  planned: "
    )
    assert why(store, "cars for Aguascalientes (unnamed)", "uses platform", "next-generation MFA") == ""


def test_an_inference_names_the_axiom_and_the_grounds_of_all_that_it_takes(store: Store) -> None:
    """Infiniti has a parent that owns a share, since it belongs to Nissan and Nissan owns one."""
    found = why(store, "Infiniti", "has parent that owns share of", "COMPAS").splitlines()
    assert found[0].startswith("  inferred by ")
    assert "cg:parentOwnsShareOf" in found[0] and "cg:belongsTo" in found[0] and "cg:ownsShareOf" in found[0]
    assert "    Infiniti belongs to Nissan" in found and "    Nissan owns share of COMPAS" in found
    assert any("claim:s1-09" in line for line in found) and any("claim:s1-11" in line for line in found)


def test_a_chain_of_chains_is_explained_to_the_claims(store: Store) -> None:
    """Through every step; here a reading is among them, and is shown as inferred."""
    found = why(store, "Nissan plant in Decherd", "is located in", "United States")
    assert "claim:s0-34" in found
    assert "inferred: compas_graph editors: Tennessee lies in the United States" in found


def test_possibly_the_same_rests_on_a_reading_and_what_it_rests_on(store: Store) -> None:
    """The reading is inferred; its claims follow, further in."""
    found = why(
        store, "COMPAS plant", "is possibly the same as", "joint Aguascalientes plant, The News Wheel"
    ).splitlines()
    assert found[0].startswith("  inferred: compas_graph editors: The plant that closes may be the COMPAS plant")
    assert any(line.startswith("    stated: ") and "claim:s3-02" in line for line in found)
    assert any(line.startswith("    planned: ") and "claim:s1-02" in line for line in found)


def test_what_a_file_asserts_is_said_to_be_asserted_there(store: Store) -> None:
    """With the graph of that file."""
    found = why(store, "claim:s1-09", "has owner", "Nissan")
    assert found.startswith("  asserted in ") and "sources/s1" in found


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        ("QX50", "uses platform", "MFA"),
        ("MFA", "uses platform", "Infiniti Q30"),
        ("Renault-Nissan", "owns share of", "COMPAS"),
        ("existing Nissan facility in Aguascalientes", "is possibly the same as", "COMPAS plant"),
        ("next-generation MFA", "is possibly the same as", "MFA"),
    ],
)
def test_what_does_not_hold_has_no_grounds(store: Store, subject: str, predicate: str, value: str) -> None:
    """The platform of the QX50 is not said, and what must stay apart is not linked."""
    assert why(store, subject, predicate, value) == ""


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "said"),
    [
        ("Infinity Q30", "uses platform", "MFA", "Infiniti Q30"),
        ("Infiniti Q30", "use platform", "MFA", "uses platform"),
        ("Infiniti Q30", "usesPlatfrom", "MFA", "usesPlatform"),
        ("Infiniti Q30", "uses platform", "MFAA", "MFA"),
    ],
)
def test_an_unknown_name_is_refused_with_close_ones(
    store: Store, subject: str, predicate: str, value: str, said: str
) -> None:
    """In each of the three places."""
    with pytest.raises(UnknownNameError) as caught:
        triple_of(store, subject, predicate, value)
    assert said in caught.value.close


@pytest.mark.parametrize("name", ["<not an iri>", "<>", "http://a b", "", "id:nothing", "claim:s9-99"])
def test_what_is_no_name_of_anything_is_refused(store: Store, name: str) -> None:
    """By an error of ours, whatever its form."""
    for arguments in ((name, "uses platform", "MFA"), ("MFA", name, "MFA"), ("MFA", "uses platform", name)):
        with pytest.raises(CompasGraphError):
            triple_of(store, *arguments)


def test_a_name_of_several_things_is_refused(store: Store) -> None:
    """A fact is about one thing."""
    with pytest.raises(AmbiguousNameError):
        triple_of(store, "Aguascalientes plant", "is located in", "Aguascalientes")


@pytest.mark.parametrize("predicate", ["uses platform", "usesPlatform", "cg:usesPlatform", " uses platform "])
def test_a_property_is_found_by_label_and_by_name(store: Store, predicate: str) -> None:
    """The node is the same."""
    assert triple_of(store, "id:q30", predicate, "id:mfa").predicate == iri("cg:usesPlatform")


def test_a_triple_is_said_in_labels(store: Store) -> None:
    """As people read it."""
    assert (
        in_words(store, Triple(iri("id:q30"), iri("cg:usesPlatform"), iri("id:mfa")))
        == "Infiniti Q30 uses platform MFA"
    )


def test_grounds_are_indented_by_depth() -> None:
    """A step further in for each thing that something rests on."""
    tree = [Ground("a", (Ground("b", (Ground("c"),)),)), Ground("d")]
    assert list(lines(tree)) == ["  a", "    b", "      c", "  d"]


def test_a_circle_of_axioms_is_no_ground(opened: MakeStore) -> None:
    """Symmetric and transitive properties are explained by claims, not by each other."""
    store = opened(
        """
    id:a a cg:Place ; rdfs:label "A"@en . id:b a cg:Place ; rdfs:label "B"@en . id:c a cg:Place ; rdfs:label "C"@en .
    claim:x a cg:LocationClaim ; rdfs:label "x"@en ; cg:place id:a ; cg:location id:b ; cg:modality cg:reported .
    claim:y a cg:LocationClaim ; rdfs:label "y"@en ; cg:place id:b ; cg:location id:c ; cg:modality cg:reported .
    claim:z a cg:LocationClaim ; rdfs:label "z"@en ; cg:place id:c ; cg:location id:a ; cg:modality cg:reported .
    """
    )
    found = why(store, "id:a", "is within", "id:c")
    assert "claim:x" in found and "claim:y" in found
    assert len(found.splitlines()) < 200


@pytest.mark.parametrize("graph", [FACTS, INFERENCES, COMPARISONS], ids=["facts", "inferences", "comparisons"])
def test_everything_that_is_derived_is_explained(store: Store, graph: NamedNode) -> None:
    """No triple between things is in the graph for which 'no source says' would be the answer."""
    quads = [quad for quad in store.quads_for_pattern(None, None, None, graph) if isinstance(quad.object, NamedNode)]
    assert quads
    frequent = (iri("rdf:type"), iri("cg:involves"))
    chosen = [quad for quad in quads if quad.predicate not in frequent]
    chosen += [quad for quad in quads if quad.predicate in frequent][::25]
    unexplained = [in_words(store, quad.triple) for quad in chosen if not grounds(store, quad.triple)]
    assert unexplained == []
