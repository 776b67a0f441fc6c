"""The terms that state OWL axioms: which have rules here, which are refused, which say nothing.

`AXIOM_TERMS`, `CLASS_TERMS` and `VARIANTS` are the supported constructs. A new one is a term here and a function in
the table of `rules` that has the same keys; a test holds the two together.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

__all__ = [
    "ALL", "AND", "AXIOM_TERMS", "CHAIN", "CLASS_TERMS", "COMPLEMENT", "DATATYPE", "DIFFERENT", "DOMAIN", "EQUIVALENT",
    "FIRST", "HARMLESS", "HAS_VALUE", "INVERSE", "KNOWN", "MAX", "MAX_QUALIFIED", "MEMBERS", "NEGATIVE", "NOTHING",
    "ONE_OF", "ON_CLASS", "ON_PROPERTY", "OR", "OWL", "RANGE", "REST", "SAME", "SAME_PROPERTY", "SOME", "SUBCLASS",
    "SUBPROPERTY", "SUPPORTED", "THING", "TYPE", "UNSUPPORTED", "VARIANTS", "UnsupportedAxiomError", "is_literals",
    "term", "vocabulary",
]  # fmt: skip

RDF, RDFS, OWL, XSD = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2001/XMLSchema#",
)


def term(name: str) -> NamedNode:
    """Give the OWL term of that name."""
    return NamedNode(OWL + name)


TYPE, FIRST, REST = (NamedNode(RDF + name) for name in ("type", "first", "rest"))
SUBCLASS, SUBPROPERTY, DOMAIN, RANGE, DATATYPE = (
    NamedNode(RDFS + name) for name in ("subClassOf", "subPropertyOf", "domain", "range", "Datatype")
)
SAME, DIFFERENT, THING, NOTHING = term("sameAs"), term("differentFrom"), term("Thing"), term("Nothing")
ON_PROPERTY, ON_CLASS, MEMBERS = term("onProperty"), term("onClass"), (term("members"), term("distinctMembers"))
SOME, ALL, HAS_VALUE = term("someValuesFrom"), term("allValuesFrom"), term("hasValue")
AND, OR, ONE_OF = term("intersectionOf"), term("unionOf"), term("oneOf")
EQUIVALENT, SAME_PROPERTY = term("equivalentClass"), term("equivalentProperty")
NEGATIVE = tuple(map(term, ("sourceIndividual", "assertionProperty", "targetIndividual", "targetValue")))
INVERSE, CHAIN = term("inverseOf"), term("propertyChainAxiom")
COMPLEMENT, MAX, MAX_QUALIFIED = term("complementOf"), term("maxCardinality"), term("maxQualifiedCardinality")

AXIOM_TERMS = (
    SUBPROPERTY, SUBCLASS, DOMAIN, RANGE, INVERSE, CHAIN, DIFFERENT,
    *map(term, (
        "SymmetricProperty", "TransitiveProperty", "FunctionalProperty", "InverseFunctionalProperty",
        "AsymmetricProperty", "IrreflexiveProperty", "disjointWith", "propertyDisjointWith",
        "NegativePropertyAssertion",
    )),
)  # fmt: skip
"""The keys of `rules.AXIOMS`: what states an axiom."""

CLASS_TERMS = (SOME, HAS_VALUE, ONE_OF, AND, ALL, COMPLEMENT, MAX, MAX_QUALIFIED)
"""The keys of `rules.SUFFICIENT` and `rules.NECESSARY`: what defines a class."""

VARIANTS = (
    EQUIVALENT, SAME_PROPERTY, OR, SAME, NOTHING,
    *map(term, ("AllDisjointClasses", "AllDisjointProperties", "AllDifferent")),
)  # fmt: skip
"""What is read along with the construct that it varies."""

SUPPORTED = (*AXIOM_TERMS, *CLASS_TERMS, *VARIANTS)
"""Every construct that has rules."""

_READ = (*SUPPORTED, ON_PROPERTY, ON_CLASS, *MEMBERS, *NEGATIVE, FIRST, REST, DATATYPE)

KNOWN = frozenset(_READ)
"""Every term that is read: the constructs, and what their axioms are written with."""

_CARDINALITY = "only owl:maxCardinality and owl:maxQualifiedCardinality 0 or 1 have rules; count with a SHACL shape"
UNSUPPORTED = {
    term("hasKey"): "make one identifying property an owl:InverseFunctionalProperty, or check keys with a SHACL shape",
    term("hasSelf"): "it is outside OWL 2 RL; state the loop as a triple",
    term("ReflexiveProperty"): "it is outside OWL 2 RL; state the loops as triples",
    term("disjointUnionOf"): "it is outside OWL 2 RL; state owl:unionOf and owl:AllDisjointClasses",
    term("cardinality"): _CARDINALITY,
    term("minCardinality"): _CARDINALITY,
    term("qualifiedCardinality"): _CARDINALITY,
    term("minQualifiedCardinality"): _CARDINALITY,
    term("onDataRange"): _CARDINALITY,
    term("onProperties"): "it is outside OWL 2 RL; use one property",
}
HARMLESS = frozenset(
    map(term, (
        "Annotation", "AnnotationProperty", "Axiom", "Class", "DataRange", "DatatypeProperty", "DeprecatedClass",
        "DeprecatedProperty", "NamedIndividual", "ObjectProperty", "Ontology", "OntologyProperty", "Restriction",
        "Thing", "annotatedProperty", "annotatedSource", "annotatedTarget", "backwardCompatibleWith",
        "datatypeComplementOf", "deprecated", "imports", "incompatibleWith", "onDatatype", "priorVersion",
        "topDataProperty", "topObjectProperty", "versionIRI", "versionInfo", "withRestrictions",
    ))
)  # fmt: skip
"""What may be stated and leads to nothing."""

_LITERALS = {
    RDFS + "Literal", RDF + "langString", RDF + "PlainLiteral", RDF + "XMLLiteral", OWL + "real", OWL + "rational",
}  # fmt: skip


class UnsupportedAxiomError(ValueError):
    """Say which axiom has no rule here, and what to state in its place."""

    def __init__(self, subject: object, construct: object, instead: str) -> None:
        super().__init__(f"{subject}: {construct} is not supported: {instead}")


def vocabulary() -> tuple[NamedNode, ...]:
    """Give every term that states an axiom, supported or refused: all that has to be read from a store."""
    return (*_READ, *UNSUPPORTED)


def is_literals(term: NamedNode) -> bool:
    """Tell whether a term of RDF, RDFS, OWL or XSD is a class of literals."""
    return term.value.startswith(XSD) or term.value in _LITERALS
