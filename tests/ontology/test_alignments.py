"""The alignments name real terms of others and entail nothing new in our own."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib import OWL, RDF, RDFS, SKOS, Graph, namespace
from rdflib.term import Node

from compas_graph.reasoning import axioms_of, compile_rules, inconsistencies, infer
from tests import FROZEN, ROOT

ALIGNMENTS = ROOT / "ontology" / "alignments.ttl"
BASE = "https://w3id.org/compas-graph/"
CG = BASE + "ontology#"

ONTOLOGY = Graph().parse(ROOT / "ontology" / "compas.ttl")
SUBSUMED = {RDFS.subClassOf, RDFS.subPropertyOf}
MATCHED = {SKOS.closeMatch, SKOS.relatedMatch}
STATEMENTS = sorted(
    (s, p, o) for s, p, o in Graph().parse(ALIGNMENTS) if str(s).startswith(CG) or p in SUBSUMED | MATCHED
)

VOCABULARIES = (namespace.DCAT, namespace.ORG, namespace.PROV, namespace.SDO, namespace.SKOS)
"""The vocabularies whose terms rdflib lists."""

FIBO = "https://spec.edmcouncil.org/fibo/ontology/BE/"
LOOKED_UP = {
    FIBO + "LegalEntities/FormalBusinessOrganizations/JointVenture",
    FIBO + "OwnershipAndControl/OwnershipParties/EntityOwnership",
    "http://www.w3.org/ns/oa#SpecificResource",
    "http://www.w3.org/ns/oa#TextPositionSelector",
    "http://www.w3.org/ns/oa#hasSource",
}
"""Targets that rdflib cannot check; the file's header says where each was seen."""


def local(term: Node) -> str:
    """Give the last part of a term's name."""
    return str(term).replace("#", "/").rsplit("/", 1)[-1]


def is_class(term: Node) -> bool:
    """Tell whether one of our terms is a class."""
    return (term, RDF.type, OWL.Class) in ONTOLOGY


def consequences(store: Store) -> set[str]:
    """Give what follows for the data of a store, in our own terms, from its axioms, which nothing contradicts."""
    rules = compile_rules(axioms_of(store))
    into = NamedNode(BASE + "graph/inferred")
    infer(store, rules, into)
    assert inconsistencies(store, rules) == []
    inferred = store.quads_for_pattern(None, None, None, into)
    return {str(q.triple) for q in inferred if CG in f"{q.predicate} {q.object}"}


def loaded(*paths: Path) -> Store:
    """Give a store that holds the files."""
    store = Store()
    for path in paths:
        store.load(path=str(path), format=RdfFormat.TURTLE)
    return store


def test_each_subject_is_a_term_of_the_ontology() -> None:
    """Nothing is aligned that we do not define, and the list is not empty."""
    assert len(STATEMENTS) > 60
    assert [str(s) for s, _, _ in STATEMENTS if (s, RDFS.isDefinedBy, None) not in ONTOLOGY] == []


def test_each_statement_is_of_an_agreed_kind() -> None:
    """A term of ours is below another's, or close or related to it; nothing is said of other vocabularies."""
    assert {p for _, p, _ in STATEMENTS} == SUBSUMED | MATCHED
    assert [str(o) for _, _, o in STATEMENTS if str(o).startswith(BASE)] == []


@pytest.mark.parametrize("target", sorted({o for _, _, o in STATEMENTS}, key=str), ids=local)
def test_each_target_exists(target: Node) -> None:
    """A term is in rdflib's list for its vocabulary, or among those looked up by hand."""
    known = any(str(target) == f"{v}{local(target)}" and local(target) in v.__annotations__ for v in VOCABULARIES)
    assert known != (str(target) in LOOKED_UP)


def test_no_looked_up_target_is_left_over() -> None:
    """The list of terms checked by hand holds what is used and no more."""
    assert LOOKED_UP - {str(o) for _, _, o in STATEMENTS} == set()


@pytest.mark.parametrize(
    "statement",
    [statement for statement in STATEMENTS if statement[1] in SUBSUMED],
    ids=lambda s: f"{local(s[0])}-{local(s[1])}-{local(s[2])}",
)
def test_classes_go_with_classes_and_properties_with_properties(statement: tuple[Node, Node, Node]) -> None:
    """A class is subsumed as a class and a property as a property; a match may cross from class to property."""
    subject, predicate, target = statement
    assert is_class(subject) == (predicate == RDFS.subClassOf) == local(target)[0].isupper()


def test_a_term_is_not_both_below_and_close_to_another() -> None:
    """What is entailed is not also said to be merely close."""
    pairs = [(s, o) for s, _, o in STATEMENTS]
    assert len(pairs) == len(set(pairs))


def test_the_alignments_entail_nothing_in_our_own_terms_and_no_contradiction() -> None:
    """With and without the alignments, the same follows for the data."""
    files = (ROOT / "ontology" / "compas.ttl", *sorted(FROZEN.graph.rglob("*.ttl")))
    without, with_them = loaded(*files), loaded(*files, ALIGNMENTS)
    assert consequences(with_them) == consequences(without) != set()
