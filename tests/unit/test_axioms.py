"""What no rule covers is refused by name, and what is not meant for things infers nothing of them."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode
from rdflib import RDF

from compas_graph.owl import UNSUPPORTED
from compas_graph.reasoning import UnsupportedAxiomError, axioms_of, compile_rules, infer
from tests.unit.beside_owlrl import INFERRED, PREFIXES, loaded


def test_the_constructs_refused_by_name_are_these() -> None:
    """A construct that loses its entry would not be read from a store, and so be ignored."""
    assert {str(term).split("#")[-1].rstrip(">") for term in UNSUPPORTED} == {
        "ReflexiveProperty", "cardinality", "disjointUnionOf", "hasKey", "hasSelf", "minCardinality",
        "minQualifiedCardinality", "onDataRange", "onProperties", "qualifiedCardinality",
    }  # fmt: skip


@pytest.mark.parametrize("term", UNSUPPORTED, ids=lambda t: t.value.split("#")[1])
def test_a_construct_without_rules_is_refused(term: NamedNode) -> None:
    for turtle in (f":A {term} :x .", f":p a {term} ."):
        with pytest.raises(UnsupportedAxiomError, match=f"example.org/.*{term.value}.*not supported: \\S+"):
            compile_rules(axioms_of(loaded(PREFIXES + turtle)))


@pytest.mark.parametrize(
    "turtle",
    [
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 2 ] .",
        "[ owl:inverseOf :p ] rdfs:subPropertyOf :q .",
        "owl:Thing rdfs:subClassOf :A .",
        ":A owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom xsd:integer ] .",
        ":A rdfs:subClassOf :B . :A owl:sameAs :C .",
        ":p rdfs:subPropertyOf rdfs:subClassOf .",
        ":A owl:oneOf ( [] ) .",
        ":A rdfs:subClassOf _:b . _:b owl:onProperty :p ; owl:allValuesFrom _:b .",
        "_:b rdfs:subClassOf :A . _:b owl:onProperty :p ; owl:someValuesFrom _:b .",
    ],
)
def test_an_axiom_out_of_reach_is_refused(turtle: str) -> None:
    with pytest.raises(UnsupportedAxiomError):
        compile_rules(axioms_of(loaded(PREFIXES + turtle)))


@pytest.mark.parametrize(
    "datatype",
    [
        "rdfs:Literal",
        "rdf:langString",
        "rdf:PlainLiteral",
        "rdf:XMLLiteral",
        "owl:real",
        "owl:rational",
        "xsd:string",
        ":mine",
    ],
)
def test_a_class_of_literals_is_no_class_of_things(datatype: str) -> None:
    """It is refused where something follows from a member of it, and nothing is inferred to be one."""
    head = PREFIXES + f"@prefix rdf: <{RDF}> . :mine a rdfs:Datatype . "
    with pytest.raises(UnsupportedAxiomError, match="literals are not typed"):
        compile_rules(
            axioms_of(loaded(head + f"[ owl:onProperty :p ; owl:someValuesFrom {datatype} ] rdfs:subClassOf :A ."))
        )
    store = loaded(head + f":p rdfs:range {datatype} . :a :p :b .")
    assert infer(store, compile_rules(axioms_of(store)), INFERRED) == 0


def test_a_misspelt_owl_term_is_refused() -> None:
    with pytest.raises(UnsupportedAxiomError, match="spelling"):
        compile_rules(loaded(PREFIXES + ":A owl:someValueFrom :B ."))
