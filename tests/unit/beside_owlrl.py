"""An ontology with data, closed by owlrl and by us, and what of the difference is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

import owlrl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, URIRef
from rdflib.term import Node

from compas_graph.reasoning import Inconsistency, Rule, axioms_of, compile_rules, inconsistencies, infer

Statement: TypeAlias = tuple[Node, Node, Node]
Filter: TypeAlias = Callable[[Statement, set[Node]], bool]

EX = "http://example.org/"
INFERRED = NamedNode(EX + "inferred")
PREFIXES = f"@prefix : <{EX}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . @prefix xsd: <{XSD}> .\n"
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")


def loaded(turtle: str) -> Store:
    store = Store()
    store.load(turtle, format=RdfFormat.TURTLE)
    return store


def as_rdflib(term: object) -> Node:
    if isinstance(term, Literal):
        plain = term.language is None and term.datatype.value == str(XSD.string)
        datatype = None if plain or term.language else URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype)
    assert isinstance(term, NamedNode | BlankNode)
    return URIRef(term.value) if isinstance(term, NamedNode) else BNode(term.value)


def statements(quads: Iterable[Quad]) -> set[Statement]:
    return {(as_rdflib(q.subject), as_rdflib(q.predicate), as_rdflib(q.object)) for q in quads}


# The three kinds of triple left out on purpose, as named in the module

CLASS_VALUED = {
    RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith, OWL.complementOf, OWL.someValuesFrom, OWL.allValuesFrom,
    OWL.onClass, RDFS.domain, RDFS.range, RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf,
    OWL.propertyDisjointWith, OWL.onProperty, OWL.assertionProperty, RDF.rest,
}  # fmt: skip
LISTS = {OWL.intersectionOf, OWL.unionOf, OWL.propertyChainAxiom, OWL.members, OWL.distinctMembers, OWL.oneOf}
OF_INDIVIDUALS = {OWL.distinctMembers, OWL.oneOf}
STATED_OF_THINGS = {OWL.sameAs, OWL.differentFrom, RDF.type, RDFS.label, RDFS.comment}


def schema_terms(graph: Graph) -> set[Node]:
    """Give the classes, properties and other nodes of axioms in a graph as stated."""
    terms: set[Node] = set(graph.predicates()) | set(graph.objects(None, RDF.type))
    for subject, predicate, value in graph:
        vocabulary = str(predicate).startswith((str(OWL), str(RDFS), str(RDF)))
        if vocabulary and predicate not in STATED_OF_THINGS:
            terms.add(subject)
        if predicate in CLASS_VALUED:
            terms.add(value)
        if predicate in LISTS - OF_INDIVIDUALS:
            terms.update(graph.items(value))
        if predicate == RDF.type and str(value).startswith(str(OWL)) and value not in (OWL.Thing, OWL.Nothing):
            terms.add(subject)
    return terms


def schema_closure(triple: Statement, terms: set[Node]) -> bool:
    subject, predicate, value = triple
    return subject in terms or predicate in CLASS_VALUED or (predicate == RDF.type and isinstance(value, BNode))


def reflexive_same_as(triple: Statement, _: set[Node]) -> bool:
    return triple[1] == OWL.sameAs and triple[0] == triple[2]


def literals_and_vocabulary(triple: Statement, _: set[Node]) -> bool:
    def is_vocabulary(term: Node) -> bool:
        return str(term).startswith((str(OWL), str(RDFS), str(RDF), str(XSD)))

    subject, predicate, value = triple
    return (
        isinstance(subject, rdflib.Literal)
        or is_vocabulary(subject)
        or (predicate == RDF.type and is_vocabulary(value))
    )


LEFT_OUT = (schema_closure, reflexive_same_as, literals_and_vocabulary)


def kept(triples: set[Statement], terms: set[Node], filters: Iterable[Filter] = LEFT_OUT) -> set[Statement]:
    return {t for t in triples if not any(f(t, terms) for f in filters)}


class Compared(NamedTuple):
    """One ontology with data, closed by owlrl and by us."""

    ours: set[Statement]
    theirs: set[Statement]
    stated: set[Statement]
    terms: set[Node]
    they_failed: bool
    found: list[Inconsistency]
    store: Store
    rules: tuple[Rule, ...]


def compared(turtle: str) -> Compared:
    return closed(loaded(turtle))


def closed(store: Store) -> Compared:
    stated = statements(store)
    theirs, they_failed, terms = owlrl_closure(stated)
    rules = compile_rules(axioms_of(store))
    added = infer(store, rules, INFERRED)
    assert added == len(list(store.quads_for_pattern(None, None, None, INFERRED)))
    assert infer(store, rules, INFERRED) == 0
    return Compared(statements(store), theirs, stated, terms, they_failed, inconsistencies(store, rules), store, rules)


def owlrl_closure(stated: set[Statement]) -> tuple[set[Statement], bool, set[Node]]:
    """Give owlrl's closure, whether it reports an error, and the schema terms of the statements."""
    graph = Graph()
    for triple in stated:
        graph.add(triple)
    terms = schema_terms(graph)
    converters = rdflib.term._toPythonMapping  # owlrl puts converters of its own there, and leaves them
    kept = dict(converters)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    converters.clear()
    converters.update(kept)
    errors = set(graph.subjects(ERROR))
    return {t for t in graph if t[0] not in errors}, bool(errors), terms
