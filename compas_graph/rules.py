"""Horn clauses that follow from the axioms of an OWL 2 RL ontology.

`AXIOMS`, `SUFFICIENT` and `NECESSARY` have one entry for each supported construct, from the term that states it to the
function that reads it; `owl` has the same terms in plain tables.
An anonymous class is never named in a clause: whatever suffices for it is written out in
the body, whatever follows from it in the head, so that a clause can be sent to any store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Variable

from compas_graph import owl
from compas_graph.axioms import Axiom, Ontology, Term
from compas_graph.owl import UnsupportedAxiomError

__all__ = ["AXIOMS", "NECESSARY", "SUFFICIENT", "Clause", "Part", "Pattern", "clauses"]

Part: TypeAlias = Term | Variable
Pattern: TypeAlias = tuple[Part, Part, Part]


class Clause(NamedTuple):
    """One axiom as a rule: the body implies the head; without a head, the body is inconsistent."""

    name: str
    body: tuple[Pattern, ...]
    head: Pattern | None
    axioms: tuple[Axiom, ...]
    distinct: tuple[tuple[Part, Part], ...] = ()
    equal: tuple[tuple[Variable, Term], ...] = ()


class Match(NamedTuple):
    """What suffices for a thing to be in a class: patterns, and variables that must be one constant."""

    body: tuple[Pattern, ...] = ()
    axioms: tuple[Axiom, ...] = ()
    equal: tuple[tuple[Variable, Term], ...] = ()

    def and_(self, other: Match) -> Match:
        """Give the match that asks for both."""
        return Match(self.body + other.body, self.axioms + other.axioms, self.equal + other.equal)


Stack: TypeAlias = tuple[tuple[Term, Variable], ...]


# What suffices for a class, and what follows from it


def _named(node: Term) -> bool:
    return isinstance(node, NamedNode)


def _member(o: Ontology, node: Term, x: Variable, stack: Stack = ()) -> Iterator[Match]:
    """Give each way to find in the store that x belongs to a class."""
    if node == owl.THING:
        yield Match()
    elif o.is_datatype(node):
        raise UnsupportedAxiomError(node, owl.SOME, "literals are not typed here; state the datatype as a SHACL shape")
    elif _named(node):
        yield Match(((x, owl.TYPE, node),))
    else:
        yield from _sufficient(o, node, x, stack)
        for lower, edge in o.below.get(node, {}).items():
            ways = [Match(((x, owl.TYPE, lower),))] if _named(lower) else _sufficient(o, lower, x, stack)
            yield from (Match(axioms=edge.axioms).and_(way) for way in ways)


def _sufficient(o: Ontology, node: Term, x: Variable, stack: Stack = ()) -> Iterator[Match]:
    """Give each way in which its own definition makes x a member of a class."""
    for seen, variable in stack:
        if seen == node and variable == x:
            return
        if seen == node:
            raise UnsupportedAxiomError(node, owl.SUBCLASS, "an anonymous class is defined by itself; give it an IRI")
    for construct, read in SUFFICIENT.items():
        for value in o.values.get(construct, {}).get(node, ()):
            yield from read(o, node, value, x, (*stack, (node, x)))


def _some(o: Ontology, node: Term, value: Term, x: Variable, stack: Stack) -> Iterator[Match]:
    for p in o.values.get(owl.ON_PROPERTY, {}).get(node, ()):
        y = o.fresh()
        for way in _member(o, value, y, stack):
            yield Match(((x, p, y),), ((node, owl.SOME, p, value),)).and_(way)


def _has(o: Ontology, node: Term, value: Term, x: Variable, _: Stack) -> Iterator[Match]:
    for p in o.values.get(owl.ON_PROPERTY, {}).get(node, ()):
        yield Match(((x, p, value),), ((node, owl.HAS_VALUE, p, value),))


def _one_of(o: Ontology, node: Term, value: Term, x: Variable, _: Stack) -> Iterator[Match]:
    members = o.members(value)
    for member in members:
        if not isinstance(member, Literal):
            yield Match((), ((node, owl.ONE_OF, *members),), ((x, member),))


def _all_parts(o: Ontology, node: Term, value: Term, x: Variable, stack: Stack) -> Iterator[Match]:
    parts = o.members(value)
    for ways in product(*(list(_member(o, part, x, stack)) for part in parts)):
        found = Match(axioms=((node, owl.AND, *parts),))
        for way in ways:
            found = found.and_(way)
        yield found


SUFFICIENT: dict[NamedNode, Callable[[Ontology, Term, Term, Variable, Stack], Iterator[Match]]] = {
    owl.SOME: _some,
    owl.HAS_VALUE: _has,
    owl.ONE_OF: _one_of,
    owl.AND: _all_parts,
}
_SUFFICIENT_RULE = {owl.SOME: "cls-svf1", owl.HAS_VALUE: "cls-hv2", owl.ONE_OF: "cls-oo", owl.AND: "cls-int1"}


def _follows(o: Ontology, node: Term, x: Variable, stack: Stack = ()) -> Iterator[Clause]:
    """Give what follows for a member x of a class: its names, or what its anonymous uppers demand."""
    if node == owl.THING or o.is_datatype(node):
        return
    if _named(node):
        yield Clause("", (), (x, owl.TYPE, node), ())
        return
    yield from _necessary(o, node, x, stack)
    for upper, edge in o.near.get(node, {}).items():
        found = [Clause("", (), (x, owl.TYPE, upper), ())] if _named(upper) else _necessary(o, upper, x, stack)
        yield from (clause._replace(axioms=edge.axioms + clause.axioms) for clause in found)


def _necessary(o: Ontology, node: Term, x: Variable, stack: Stack = ()) -> Iterator[Clause]:
    """Give what its own definition demands of a member x of a class."""
    if any(seen == node for seen, _ in stack):
        raise UnsupportedAxiomError(node, owl.ALL, "an anonymous class is defined by itself; give it an IRI")
    for construct, read in NECESSARY.items():
        for value in o.values.get(construct, {}).get(node, ()):
            yield from read(o, node, value, x, (*stack, (node, x)))


def _all(o: Ontology, node: Term, value: Term, x: Variable, stack: Stack) -> Iterator[Clause]:
    for p in o.values.get(owl.ON_PROPERTY, {}).get(node, ()):
        y = o.fresh()
        for found in _follows(o, value, y, stack):
            axioms = ((node, owl.ALL, p, value), *found.axioms)
            yield found._replace(name=found.name or "cls-avf", body=((x, p, y), *found.body), axioms=axioms)


def _must_have(o: Ontology, node: Term, value: Term, x: Variable, _: Stack) -> Iterator[Clause]:
    for p in o.values.get(owl.ON_PROPERTY, {}).get(node, ()):
        yield Clause("cls-hv1", (), (x, p, value), ((node, owl.HAS_VALUE, p, value),))


def _complement(o: Ontology, node: Term, value: Term, x: Variable, _: Stack) -> Iterator[Clause]:
    for way in _member(o, value, x):
        yield Clause("cls-com", way.body, None, ((node, owl.COMPLEMENT, value), *way.axioms), equal=way.equal)


_AT_MOST_RULE = {
    ("0", False): "cls-maxc1", ("1", False): "cls-maxc2", ("0", True): "cls-maxqc1", ("1", True): "cls-maxqc3",
}  # fmt: skip


def _at_most(o: Ontology, node: Term, value: Term, x: Variable, _: Stack) -> Iterator[Clause]:
    """Give the clauses of a greatest cardinality of 0 or 1, qualified where owl:onClass is stated."""
    kinds = o.values.get(owl.ON_CLASS, {}).get(node, [])
    construct = owl.MAX_QUALIFIED if kinds else owl.MAX
    limit = value.value if isinstance(value, Literal) else ""
    if limit not in ("0", "1"):
        raise UnsupportedAxiomError(node, construct, "OWL 2 RL knows 0 and 1; state other limits as a SHACL shape")
    for p, kind in product(o.values.get(owl.ON_PROPERTY, {}).get(node, ()), kinds or [owl.THING]):
        y, z = o.fresh(), o.fresh()
        axiom = (node, construct, p, value, *kinds)
        rule = _AT_MOST_RULE[limit, bool(kinds)]
        for one in _member(o, kind, y):
            if limit == "0":
                yield Clause(rule, ((x, p, y), *one.body), None, (axiom, *one.axioms), equal=one.equal)
                continue
            for two in _member(o, kind, z):
                both = one.and_(two)
                body = ((x, p, y), (x, p, z), *both.body)
                yield Clause(rule, body, (y, owl.SAME, z), (axiom, *both.axioms), ((y, z),), both.equal)


NECESSARY: dict[NamedNode, Callable[[Ontology, Term, Term, Variable, Stack], Iterator[Clause]]] = {
    owl.ALL: _all,
    owl.HAS_VALUE: _must_have,
    owl.COMPLEMENT: _complement,
    owl.MAX: _at_most,
    owl.MAX_QUALIFIED: _at_most,
}


# Axioms


def _class_hierarchy(o: Ontology) -> Iterator[Clause]:
    """Give the clauses from every class to its uppers, by name or by what an anonymous upper demands."""
    x = o.fresh()
    for lower in _class_nodes(o):
        if _named(lower):
            (way,) = _member(o, lower, x)
            for upper, edge in o.classes.get(lower, {}).items():
                if _named(upper):
                    yield Clause(edge.rule, way.body, (x, owl.TYPE, upper), edge.axioms)
            yield from (_joined(way, found) for found in _demands(o, lower, x))
        for construct, rule in _SUFFICIENT_RULE.items():
            for value in o.values.get(construct, {}).get(lower, ()):
                for way in SUFFICIENT[construct](o, lower, value, x, ((lower, x),)):
                    heads = _follows(o, lower, x)
                    yield from (_joined(way, found, rule) for found in heads)


def _class_nodes(o: Ontology) -> dict[Term, None]:
    """Give every class that stands below another or has a definition."""
    constructs = (*SUFFICIENT, *NECESSARY)
    return dict.fromkeys((*o.classes, *(node for c in constructs for node in o.values.get(c, {}))))


def _demands(o: Ontology, node: Term, x: Variable) -> Iterator[Clause]:
    """Give what the definitions of a named class and of its anonymous uppers demand."""
    yield from _necessary(o, node, x)
    for upper, edge in o.near.get(node, {}).items():
        if not _named(upper):
            found = _necessary(o, upper, x)
            yield from (clause._replace(axioms=edge.axioms + clause.axioms) for clause in found)


def _joined(way: Match, found: Clause, rule: str = "") -> Clause:
    """Give the clause whose body is a match and what a consequence asks besides."""
    body, axioms, equal = way.body + found.body, way.axioms + found.axioms, way.equal + found.equal
    return found._replace(name=rule or found.name, body=body, axioms=axioms, equal=equal)


def _property_hierarchy(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    for lower, uppers in o.properties.items():
        for upper, edge in uppers.items():
            yield Clause(edge.rule, ((x, lower, y),), (x, upper, y), edge.axioms)


def _domain(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    for p, kind in o.pairs(owl.DOMAIN):
        for found in _follows(o, kind, x):
            yield _joined(Match(((x, p, y),), ((p, owl.DOMAIN, kind),)), found, "prp-dom")


def _range(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    for p, kind in o.pairs(owl.RANGE):
        for found in _follows(o, kind, y):
            yield _joined(Match(((x, p, y),), ((p, owl.RANGE, kind),)), found, "prp-rng")


def _inverse(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    for p, q in o.pairs(owl.INVERSE):
        yield Clause("prp-inv1", ((x, p, y),), (y, q, x), ((p, owl.INVERSE, q),))
        yield Clause("prp-inv2", ((x, q, y),), (y, p, x), ((p, owl.INVERSE, q),))


def _chain(o: Ontology) -> Iterator[Clause]:
    for p, head in o.pairs(owl.CHAIN):
        links = o.members(head)
        places = [o.fresh() for _ in range(len(links) + 1)]
        body = tuple(zip(places, links, places[1:], strict=False))
        yield Clause("prp-spo2", body, (places[0], p, places[-1]), ((p, owl.CHAIN, *links),))


def _characteristic(name: str, rule: str) -> Callable[[Ontology], Iterator[Clause]]:
    """Give the reader of a class of properties such as owl:SymmetricProperty."""

    def read(o: Ontology) -> Iterator[Clause]:
        x, y, z = o.fresh(), o.fresh(), o.fresh()
        for p in o.instances.get(owl.term(name), ()):
            shapes: dict[str, tuple[tuple[Pattern, ...], Pattern | None]] = {
                "prp-symp": (((x, p, y),), (y, p, x)),
                "prp-trp": (((x, p, y), (y, p, z)), (x, p, z)),
                "prp-fp": (((x, p, y), (x, p, z)), (y, owl.SAME, z)),
                "prp-ifp": (((y, p, x), (z, p, x)), (y, owl.SAME, z)),
                "prp-asyp": (((x, p, y), (y, p, x)), None),
                "prp-irp": (((x, p, x),), None),
            }
            body, head = shapes[rule]
            distinct = ((y, z),) if head and head[1] == owl.SAME else ()
            yield Clause(rule, body, head, ((p, owl.TYPE, owl.term(name)),), distinct)

    return read


_APART_RULE: dict[Term, str] = {
    owl.term("AllDisjointClasses"): "cax-adc", owl.term("disjointWith"): "cax-dw",
    owl.term("AllDisjointProperties"): "prp-adp", owl.term("propertyDisjointWith"): "prp-pdw",
}  # fmt: skip


def _disjoint_classes(o: Ontology) -> Iterator[Clause]:
    x = o.fresh()
    yield Clause("cls-nothing2", ((x, owl.TYPE, owl.NOTHING),), None, ((owl.NOTHING, owl.TYPE, owl.term("Class")),))
    for axiom, one, other in o.apart("AllDisjointClasses", "disjointWith"):
        for first, second in product(_member(o, one, x), list(_member(o, other, x))):
            both = first.and_(second)
            yield Clause(_APART_RULE[axiom[1]], both.body, None, (axiom, *both.axioms), equal=both.equal)


def _disjoint_properties(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    for axiom, p, q in o.apart("AllDisjointProperties", "propertyDisjointWith"):
        yield Clause(_APART_RULE[axiom[1]], ((x, p, y), (x, q, y)), None, (axiom,))


def _different(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    if o.values.get(owl.DIFFERENT) or any(owl.DIFFERENT in uppers for uppers in o.properties.values()):
        apart: Axiom = (owl.DIFFERENT, owl.term("propertyDisjointWith"), owl.SAME)
        yield Clause("eq-diff1", ((x, owl.DIFFERENT, y), (x, owl.SAME, y)), None, (apart,))
        yield Clause("eq-diff1", ((x, owl.DIFFERENT, x),), None, (apart,))
    for axiom, one, other in o.apart("AllDifferent"):
        yield Clause("eq-diff2", ((one, owl.SAME, other),), None, (axiom,))
        yield Clause("eq-diff2", ((other, owl.SAME, one),), None, (axiom,))


def _negative(o: Ontology) -> Iterator[Clause]:
    nodes, predicates, things, literals = (o.values.get(term, {}) for term in owl.NEGATIVE)
    for node in nodes:
        for rule, targets in (("prp-npa1", things), ("prp-npa2", literals)):
            for denied in product(nodes[node], predicates.get(node, ()), targets.get(node, ())):
                axiom = (denied[0], owl.term("NegativePropertyAssertion"), *denied[1:])
                yield Clause(rule, (denied,), None, (axiom,))


def _same(o: Ontology, found: list[Clause]) -> Iterator[Clause]:
    """Give the rules of equality if a statement or a clause can make two things the same."""
    if not (o.values.get(owl.SAME) or any(clause.head and clause.head[1] == owl.SAME for clause in found)):
        return
    x, y, z, p = o.fresh(), o.fresh(), o.fresh(), o.fresh()
    axiom = ((owl.SAME, owl.TYPE, owl.term("TransitiveProperty")),)
    yield Clause("eq-sym", ((x, owl.SAME, y),), (y, owl.SAME, x), axiom)
    yield Clause("eq-trans", ((x, owl.SAME, y), (y, owl.SAME, z)), (x, owl.SAME, z), axiom, ((x, z),))
    yield Clause("eq-rep-s", ((x, owl.SAME, y), (x, p, z)), (y, p, z), axiom, ((p, owl.SAME),))
    yield Clause("eq-rep-o", ((x, owl.SAME, y), (z, p, x)), (z, p, y), axiom, ((p, owl.SAME),))


AXIOMS: dict[NamedNode, Callable[[Ontology], Iterator[Clause]]] = {
    owl.SUBPROPERTY: _property_hierarchy,
    owl.INVERSE: _inverse,
    owl.term("SymmetricProperty"): _characteristic("SymmetricProperty", "prp-symp"),
    owl.CHAIN: _chain,
    owl.term("TransitiveProperty"): _characteristic("TransitiveProperty", "prp-trp"),
    owl.DOMAIN: _domain,
    owl.RANGE: _range,
    owl.SUBCLASS: _class_hierarchy,
    owl.term("FunctionalProperty"): _characteristic("FunctionalProperty", "prp-fp"),
    owl.term("InverseFunctionalProperty"): _characteristic("InverseFunctionalProperty", "prp-ifp"),
    owl.term("AsymmetricProperty"): _characteristic("AsymmetricProperty", "prp-asyp"),
    owl.term("IrreflexiveProperty"): _characteristic("IrreflexiveProperty", "prp-irp"),
    owl.term("disjointWith"): _disjoint_classes,
    owl.term("propertyDisjointWith"): _disjoint_properties,
    owl.DIFFERENT: _different,
    owl.term("NegativePropertyAssertion"): _negative,
}
"""In the order in which the rules run: those on properties first, whose results the others need."""


def clauses(o: Ontology) -> list[Clause]:
    """Give every clause that follows from the axioms, in the order of `AXIOMS`."""
    found = [clause for read in AXIOMS.values() for clause in read(o)]
    return [*found, *_same(o, found)]
