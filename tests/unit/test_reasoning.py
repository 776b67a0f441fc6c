"""The rules compiled from OWL 2 RL axioms derive what owlrl derives, and can say why."""

import re
from itertools import chain, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple
from rdflib import OWL, RDF, RDFS, Graph

from compas_graph.comparisons import derive_comparisons
from compas_graph.disagreements import derive_disagreements
from compas_graph.facts import derive_facts
from compas_graph.owl import AXIOM_TERMS, CLASS_TERMS, SUPPORTED, UNSUPPORTED
from compas_graph.reasoning import (
    UnsupportedAxiomError,
    axiom_text,
    axioms_of,
    compile_rules,
    explain,
    infer,
)
from compas_graph.rules import AXIOMS, NECESSARY, SUFFICIENT
from compas_graph.store import load
from tests import FROZEN
from tests.unit.beside_owlrl import (
    EX,
    INFERRED,
    LEFT_OUT,
    PREFIXES,
    Filter,
    as_rdflib,
    closed,
    compared,
    kept,
    loaded,
    reflexive_same_as,
)

CASES = sorted((Path(__file__).parent / "rules").glob("*.ttl"))

UNSEEN_BY_OWLRL = {
    "AllDifferent": "owlrl never compares the last member of the list",
    "AllDisjointProperties": "owlrl never compares the last member of the list",
}
"""Inconsistent cases in which owlrl reports no error, and why."""


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def expected(path: Path) -> tuple[str, set[str]] | None:
    """Give the rule and the individuals that the header of an inconsistent case names."""
    found = re.search(r"^# inconsistent: (\S+) (.+)$", read(path), re.MULTILINE)
    return (found[1], {EX + name[1:] for name in found[2].split()}) if found else None


CONSISTENT = [path for path in CASES if not expected(path)]
INCONSISTENT = [path for path in CASES if expected(path)]


def test_every_supported_construct_has_a_case_and_every_case_a_construct() -> None:
    constructs = {re.split("[#/]", term.value)[-1] for term in SUPPORTED}
    assert {path.stem.split("--")[0] for path in CASES} == constructs
    for path in CASES:
        assert re.search(rf"(owl|rdfs):{path.stem.split('--')[0]}\b", read(path)), path.stem


def test_the_tables_of_terms_and_the_tables_of_functions_name_the_same_constructs() -> None:
    assert set(AXIOM_TERMS) == AXIOMS.keys()
    assert set(CLASS_TERMS) == SUFFICIENT.keys() | NECESSARY.keys()
    assert len(set(SUPPORTED)) == len(SUPPORTED)
    assert not set(SUPPORTED) & UNSUPPORTED.keys()


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_a_case_entails_what_owlrl_says(path: Path) -> None:
    case = compared(read(path))
    assert kept(case.ours, case.terms) == kept(case.theirs, case.terms)
    assert case.they_failed == (bool(case.found) and path.stem not in UNSEEN_BY_OWLRL)


@pytest.mark.long
def test_the_repository_entails_what_owlrl_says() -> None:
    """With its facts and comparisons, before any inference; and nothing in it contradicts itself."""
    store = load(FROZEN)
    derive_facts(store)
    derive_comparisons(store)
    derive_disagreements(store)
    case = closed(store)
    assert kept(case.ours, case.terms) == kept(case.theirs, case.terms)
    assert len(kept(case.ours - case.stated, case.terms)) > 1000
    assert case.found == [] and not case.they_failed


@pytest.mark.parametrize("path", CONSISTENT, ids=lambda p: p.stem)
def test_a_consistent_case_entails_something_and_contradicts_nothing(path: Path) -> None:
    case = compared(read(path))
    assert kept(case.ours - case.stated, case.terms)
    assert case.found == []


@pytest.mark.parametrize("path", INCONSISTENT, ids=lambda p: p.stem)
def test_an_inconsistency_names_its_rule_axiom_and_individuals(path: Path) -> None:
    rule, individuals = expected(path) or ("", set())
    case = compared(read(path))
    found = {i for i in case.found if i.rule == rule}
    assert {t.value for i in found for t in i.individuals if isinstance(t, NamedNode)} == individuals
    for inconsistency in case.found:
        assert inconsistency.axioms
        assert all(in_store(case.store, premise) for premise in inconsistency.premises)


def test_every_excuse_for_owlrl_is_still_needed() -> None:
    for stem in UNSEEN_BY_OWLRL:
        path = Path(__file__).parent / "rules" / f"{stem}.ttl"
        assert not compared(read(path)).they_failed, stem


@pytest.mark.parametrize("left_out", LEFT_OUT, ids=lambda f: f.__name__)
def test_each_kind_of_triple_left_out_is_left_out(left_out: Filter) -> None:
    """A filter that nothing needs is no filter: without it some case differs from owlrl."""
    others = [f for f in LEFT_OUT if f is not left_out]
    cases = (compared(read(CASES[0].with_name(f"{stem}.ttl"))) for stem in ("subClassOf", "sameAs", "subPropertyOf"))
    assert any(kept(c.ours, c.terms, others) != kept(c.theirs, c.terms, others) for c in cases)


def in_store(store: Store, triple: Triple) -> bool:
    return any(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_entailment_is_explained_from_triples_in_the_store(path: Path) -> None:
    case = compared(read(path))
    entailed = list(case.store.quads_for_pattern(None, None, None, INFERRED))
    assert entailed or case.found, "a case entails something, or contradicts itself"
    for quad in entailed:
        steps = explain(case.store, case.rules, quad.triple)
        assert steps, quad
        for step in steps:
            assert step.axioms
            assert all(in_store(case.store, premise) for premise in step.premises)


def is_stated(graph: Graph, axiom: tuple[object, ...]) -> bool:
    """Tell whether a graph says what an axiom of an explanation says."""
    subject, construct, *parts = map(as_rdflib, axiom)
    name = str(construct).rpartition("#")[2]
    if (subject, name) in BUILT_IN:
        return True
    if name in ("intersectionOf", "unionOf", "oneOf", "propertyChainAxiom"):
        return any(list(graph.items(head)) == parts for head in graph.objects(subject, construct))
    if name.startswith("All"):
        heads = graph.objects(None, OWL.members), graph.objects(None, OWL.distinctMembers)
        return any({subject, *parts} <= set(graph.items(head)) for head in chain(*heads))
    if name == "NegativePropertyAssertion":
        said = zip((OWL.sourceIndividual, OWL.assertionProperty), (subject, parts[0]), strict=True)
        return all(any(graph.triples((None, *each))) for each in said) and (None, None, parts[1]) in graph
    if name in ("someValuesFrom", "allValuesFrom", "hasValue", "maxCardinality", "maxQualifiedCardinality"):
        on, value, *kinds = parts
        stated = [(OWL.onProperty, on), (construct, value), *((OWL.onClass, kind) for kind in kinds)]
        return all(part in graph.objects(subject, predicate) for predicate, part in stated)
    return parts[0] in graph.objects(subject, construct) and len(parts) == 1


BUILT_IN = {(OWL.Nothing, "type"), (OWL.differentFrom, "propertyDisjointWith"), (OWL.sameAs, "type")}
"""What OWL itself says of its terms."""


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_axiom_of_an_explanation_is_stated(path: Path) -> None:
    """As it stands: its subject, what it says, and of what, in this order."""
    case = compared(read(path))
    graph = Graph()
    for triple in case.stated:
        graph.add(triple)
    entailed = case.store.quads_for_pattern(None, None, None, INFERRED)
    found = {axiom for each in case.found for axiom in each.axioms}
    for quad in entailed:
        found |= {axiom for step in explain(case.store, case.rules, quad.triple) for axiom in step.axioms}
    assert found
    assert {axiom for axiom in found if not is_stated(graph, axiom)} == set()


def test_an_explanation_names_the_axioms_of_each_way() -> None:
    store = loaded(PREFIXES + ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :a a :A .")
    rules = compile_rules(axioms_of(store))
    infer(store, rules, INFERRED)
    rdf_type, sub = NamedNode(str(RDF.type)), NamedNode(str(RDFS.subClassOf))
    a, *classes = (NamedNode(EX + name) for name in "aABC")
    first, second = ((classes[0], sub, classes[1]), (classes[1], sub, classes[2]))
    steps = explain(store, rules, Triple(a, rdf_type, classes[2]))
    assert {(s.rule, s.axioms, s.premises) for s in steps} == {
        ("cax-sco", (first, second), (Triple(a, rdf_type, classes[0]),)),
        ("cax-sco", (second,), (Triple(a, rdf_type, classes[1]),)),
    }


def test_an_anonymous_class_is_written_by_its_definition() -> None:
    store = loaded(read(CASES[0].with_name("intersectionOf--anonymous.ttl")))
    texts = {axiom_text(row.axioms) for rule in compile_rules(axioms_of(store)) for row in rule.rows}
    assert any("someValuesFrom" in text for text in texts)
    assert not any("_:" in text for text in texts)


def test_axioms_on_named_classes_are_written_one_after_the_other() -> None:
    """Also where one speaks of a class that another defines; and one that speaks of itself has an end."""
    sub, (a, b, c) = NamedNode(str(RDFS.subClassOf)), (NamedNode(EX + name) for name in "ABC")
    assert axiom_text(((a, sub, b), (b, sub, c))) == f"{a} {sub} {b}; {b} {sub} {c}"
    itself = BlankNode("b")
    assert axiom_text(((itself, sub, a, itself),)).startswith(f"({sub} {a} ({sub} {a} (")


def test_the_rules_of_equality_are_compiled_only_if_they_can_fire() -> None:
    def names(turtle: str) -> set[str]:
        return {rule.name for rule in compile_rules(axioms_of(loaded(PREFIXES + turtle)))}

    assert "eq-rep-s" not in names(":p a owl:TransitiveProperty .")
    assert "eq-rep-s" in names(":p a owl:FunctionalProperty .")


@pytest.mark.parametrize("stem", ["FunctionalProperty", "InverseFunctionalProperty", "maxCardinality", "sameAs"])
def test_that_a_thing_is_itself_is_not_inferred(stem: str) -> None:
    """Although each value is, with itself, two values of the property."""
    case = compared(read(CASES[0].with_name(f"{stem}.ttl")))
    same = {triple for triple in case.ours if triple[1] == OWL.sameAs}
    assert same and not any(reflexive_same_as(triple, case.terms) for triple in same)


NEAR = {"same": "", "below": "{0} {2} {1} .", "above": "{1} {2} {0} .", "apart": ""}
"""How two properties, or two classes, lie to each other."""


@pytest.mark.long
@pytest.mark.parametrize("around", ["{}", "[ a owl:Restriction ; owl:onProperty :r ; owl:allValuesFrom {} ]"])
@pytest.mark.parametrize("kind", ["someValuesFrom", "allValuesFrom", "hasValue"])
def test_one_restriction_lies_below_another_just_if_owlrl_says_so(kind: str, around: str) -> None:
    """Whether its property and its filler are the other's, narrower, wider or neither; also deep in another one."""
    turtle = []
    for number, (role, filler) in enumerate(product(NEAR, NEAR)):
        low, high, p, q, c, d = (f":{name}{number}" for name in ("low", "high", "p", "q", "c", "d"))
        turtle += [f"{c} a owl:Class . {d} a owl:Class . {p} a owl:ObjectProperty . {q} a owl:ObjectProperty ."]
        turtle += [NEAR[role].format(p, q, "rdfs:subPropertyOf"), NEAR[filler].format(c, d, "rdfs:subClassOf")]
        q, d = p if role == "same" else q, c if filler == "same" else d
        narrow, wide = (f"[ a owl:Restriction ; owl:onProperty {on} ; owl:{kind} {of} ]" for on, of in ((p, c), (q, d)))
        turtle += [
            f"{low} owl:equivalentClass {around.format(narrow)} . {high} owl:equivalentClass {around.format(wide)} .",
            f":a{number} a {low} .",
        ]
    case = compared(PREFIXES + ":r a owl:ObjectProperty . " + "\n".join(turtle))
    assert kept(case.ours, case.terms) == kept(case.theirs, case.terms)
    assert sum("high" in str(value) for _, _, value in case.ours - case.stated) >= 2


def test_nothing_is_two_things_that_are_not_said_to_be_the_same() -> None:
    """What must be one and the other is none of them, though each alone may be."""
    parts = "[ owl:oneOf ( :a ) ] [ owl:oneOf ( {} ) ]"
    for second, size in ((":b", 0), (":a :b", 1), (":b :a", 1)):
        store = loaded(PREFIXES + f"[ owl:intersectionOf ( {parts.format(second)} ) ] rdfs:subClassOf :A . :a :p :b .")
        assert infer(store, compile_rules(axioms_of(store)), INFERRED) == size


def test_what_can_have_no_value_makes_no_two_values_one() -> None:
    """They are contradictions, and nothing follows from them."""
    case = compared(read(CASES[0].with_name("maxCardinality--zero.ttl")) + ":a :p :c .")
    assert len(case.found) == 2
    assert case.ours == case.stated


def test_what_any_graph_states_is_not_inferred_again() -> None:
    store = loaded(PREFIXES + ":p a owl:SymmetricProperty . :a :p :b .")
    a, p, b = (NamedNode(EX + name) for name in "apb")
    store.add(Quad(b, p, a, NamedNode(EX + "other")))
    assert infer(store, compile_rules(axioms_of(store)), INFERRED) == 0


def test_nothing_is_inferred_of_a_literal() -> None:
    store = loaded(PREFIXES + ':p a owl:SymmetricProperty ; rdfs:range :A . :a :p "x" .')
    assert infer(store, compile_rules(axioms_of(store)), INFERRED) == 0


def test_a_rule_runs_again_for_a_class_or_predicate_that_another_rule_brought_in() -> None:
    axioms = (
        ":q a owl:SymmetricProperty . :p rdfs:domain :A . :A rdfs:subClassOf [ owl:onProperty :q ; owl:hasValue :b ] ."
    )
    store = loaded(PREFIXES + axioms + ":a :p :c .")
    infer(store, compile_rules(axioms_of(store)), INFERRED)
    assert in_store(store, Triple(NamedNode(EX + "b"), NamedNode(EX + "q"), NamedNode(EX + "a")))


# Random ontologies

CLASSES, PROPERTIES, THINGS = ([f":{name}" for name in names] for names in ("ABCD", "pqr", "abcd"))
a_class, a_property, a_thing = (st.sampled_from(names) for names in (CLASSES, PROPERTIES, THINGS))


def restriction(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pattern = "[ a owl:Restriction ; owl:onProperty {} ; owl:{} {} ]"
    return st.tuples(a_property, *parts).map(lambda found: pattern.format(*found))


def wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    listed = st.lists(inner, min_size=2, max_size=2).map(" ".join)
    return st.one_of(
        restriction(st.sampled_from(["someValuesFrom", "allValuesFrom"]), inner),
        restriction(st.just("hasValue"), a_thing),
        restriction(st.just("maxCardinality"), st.just('"1"^^xsd:nonNegativeInteger')),
        st.tuples(st.sampled_from(["intersectionOf", "unionOf"]), listed).map(
            "[ a owl:Class ; owl:{0[0]} ( {0[1]} ) ]".format
        ),
        st.lists(a_thing, min_size=1, max_size=2).map(
            lambda names: f"[ a owl:Class ; owl:oneOf ( {' '.join(names)} ) ]"
        ),
    )


an_expression = st.recursive(a_class, wider, max_leaves=3)
an_axiom = st.one_of(
    st.tuples(an_expression, st.sampled_from(["rdfs:subClassOf", "owl:equivalentClass"]), an_expression),
    st.tuples(st.just(":name"), st.just("rdfs:domain"), an_expression),
    st.tuples(st.just(":name"), st.sampled_from(["rdfs:subPropertyOf", "owl:equivalentProperty"]), st.just(":label")),
    st.tuples(a_class, st.sampled_from(["owl:disjointWith", "owl:complementOf"]), a_class),
    st.tuples(a_property, st.sampled_from(["rdfs:domain", "rdfs:range"]), an_expression),
    st.tuples(
        a_property,
        st.sampled_from(["rdfs:subPropertyOf", "owl:equivalentProperty", "owl:inverseOf", "owl:propertyDisjointWith"]),
        a_property,
    ),
    st.tuples(
        a_property,
        st.just("a"),
        st.sampled_from(
            ["Symmetric", "Transitive", "Functional", "InverseFunctional", "Asymmetric", "Irreflexive"]
        ).map("owl:{}Property".format),
    ),
    st.tuples(
        a_property,
        st.just("owl:propertyChainAxiom"),
        st.lists(a_property, min_size=2, max_size=3).map(lambda links: f"( {' '.join(links)} )"),
    ),
)
a_fact = st.one_of(
    st.tuples(a_thing, st.just("a"), a_class),
    st.tuples(a_thing, a_property, a_thing),
    st.tuples(a_thing, st.just(":name"), st.sampled_from(['"x"', '"y"@en', "7"])),
    st.tuples(a_thing, st.sampled_from(["owl:sameAs", "owl:differentFrom"]), a_thing),
)
DECLARED = "".join(f"{c} a owl:Class . " for c in CLASSES) + "".join(f"{p} a owl:ObjectProperty . " for p in PROPERTIES)


@pytest.mark.long
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(an_axiom, min_size=1, max_size=5), st.lists(a_fact, min_size=1, max_size=7))
def test_a_random_ontology_entails_what_owlrl_says(axioms: list[tuple[str, ...]], facts: list[tuple[str, ...]]) -> None:
    turtle = PREFIXES + DECLARED + "".join(f"{' '.join(line)} .\n" for line in chain(axioms, facts))
    try:
        case = compared(turtle)
    except UnsupportedAxiomError:
        return
    assert kept(case.ours, case.terms) == kept(case.theirs, case.terms)
    assert case.they_failed == bool(case.found)
