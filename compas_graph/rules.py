"""Horn clauses that follow from the axioms of an OWL 2 RL ontology.

`AXIOMS`, `SUFFICIENT` and `NECESSARY` are the supported constructs: one entry each, from the
term that states it to the function that reads it. `UNSUPPORTED` is what is refused, and why.
An anonymous class is never named in a clause: whatever suffices for it is written out in
the body, whatever follows from it in the head, so that a clause can be sent to any store.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, count, product
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, Variable

__all__ = [
    "AXIOMS", "NECESSARY", "SUFFICIENT", "SUPPORTED", "UNSUPPORTED", "Axiom", "Clause", "Ontology", "Part", "Pattern",
    "Term", "UnsupportedAxiomError", "clauses", "vocabulary",
]  # fmt: skip

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Part: TypeAlias = Term | Variable
Pattern: TypeAlias = tuple[Part, Part, Part]
Axiom: TypeAlias = tuple[Term, ...]
"""Subject, construct, arguments: `(ex:A, rdfs:subClassOf, ex:B)`, `(_:b, owl:someValuesFrom, ex:p, ex:C)`."""

RDF, RDFS, OWL, XSD = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2001/XMLSchema#",
)


def owl(name: str) -> NamedNode:
    """Give the OWL term of that name."""
    return NamedNode(OWL + name)


TYPE, FIRST, REST = (NamedNode(RDF + name) for name in ("type", "first", "rest"))
SUBCLASS, SUBPROPERTY, DOMAIN, RANGE, DATATYPE = (
    NamedNode(RDFS + name) for name in ("subClassOf", "subPropertyOf", "domain", "range", "Datatype")
)
SAME, DIFFERENT, THING, NOTHING = owl("sameAs"), owl("differentFrom"), owl("Thing"), owl("Nothing")
ON_PROPERTY, ON_CLASS, MEMBERS = owl("onProperty"), owl("onClass"), (owl("members"), owl("distinctMembers"))
SOME, ALL, HAS_VALUE = owl("someValuesFrom"), owl("allValuesFrom"), owl("hasValue")
AND, OR, ONE_OF = owl("intersectionOf"), owl("unionOf"), owl("oneOf")
EQUIVALENT, SAME_PROPERTY = owl("equivalentClass"), owl("equivalentProperty")
NEGATIVE = tuple(map(owl, ("sourceIndividual", "assertionProperty", "targetIndividual", "targetValue")))


class UnsupportedAxiomError(ValueError):
    """Say which axiom has no rule here, and what to state in its place."""

    def __init__(self, subject: Part, construct: Part, instead: str) -> None:
        super().__init__(f"{subject}: {construct} is not supported: {instead}")
        self.subject, self.construct, self.instead = subject, construct, instead


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

    def and_(self, other: "Match") -> "Match":
        """Give the match that asks for both."""
        return Match(self.body + other.body, self.axioms + other.axioms, self.equal + other.equal)


class Edge(NamedTuple):
    """A step up a hierarchy: the rule that takes it, and the axioms that allow it."""

    rule: str
    axioms: tuple[Axiom, ...]


Graph: TypeAlias = dict[Term, dict[Term, Edge]]
Stack: TypeAlias = tuple[tuple[Term, Variable], ...]


class Ontology:
    """The axioms among some triples, by predicate and subject, with their hierarchies closed."""

    def __init__(self, triples: Iterable[Quad | Triple]) -> None:
        self.values: dict[NamedNode, dict[Term, list[Term]]] = {}
        self.instances: dict[Term, list[Term]] = {}
        self._names = count()
        known = frozenset(_KNOWN)
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate, triple.object
            term = value if predicate == TYPE else predicate
            if term in UNSUPPORTED:
                raise UnsupportedAxiomError(subject, term, UNSUPPORTED[term])
            if term in known:
                table = self.instances if predicate == TYPE else self.values.setdefault(predicate, {})
                key, entry = (value, subject) if predicate == TYPE else (subject, value)
                if entry not in (entries := table.setdefault(key, [])):
                    entries.append(entry)
            elif isinstance(term, NamedNode) and term.value.startswith(OWL) and term not in _HARMLESS:
                raise UnsupportedAxiomError(subject, term, "OWL 2 RL has no rule for it; check the spelling")
        self.properties = _closure(_property_edges(self))
        steps = _class_graph(self)
        self.classes = _closure(steps)
        self.near = _closure(steps, lambda node: not _named(node))
        self.below: Graph = {}
        for lower, uppers in self.near.items():
            for upper, edge in uppers.items():
                self.below.setdefault(upper, {})[lower] = edge

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Term, Term]]:
        """Give each subject and object of a predicate."""
        return ((s, o) for s, objects in self.values.get(predicate, {}).items() for o in objects)

    def members(self, head: Term) -> tuple[Term, ...]:
        """Give the members of an RDF list."""
        members: list[Term] = []
        while (first := self.values.get(FIRST, {}).get(head)) and len(members) < 1_000_000:
            members.append(first[0])
            head = self.values[REST][head][0]
        return tuple(members)

    def restrictions(self, construct: NamedNode) -> Iterator[tuple[Term, Term, Term]]:
        """Give the class, the property and the value of each restriction of that kind."""
        on = self.values.get(ON_PROPERTY, {})
        return ((node, p, value) for node, value in self.pairs(construct) for p in on.get(node, ()))

    def spelled(self, axioms: tuple[Axiom, ...]) -> tuple[Axiom, ...]:
        """Give axioms followed by the definition of each anonymous class in them that has none among them."""
        found = list(axioms)
        known = {axiom[0] for axiom in axioms}
        for axiom in found:
            for node in (n for n in axiom[1:] if isinstance(n, BlankNode) and n not in known):
                known.add(node)
                found += self._definition(node)
        return tuple(found)

    def _definition(self, node: Term) -> Iterator[Axiom]:
        for construct in (*SUFFICIENT, *NECESSARY, OR):
            for value in self.values.get(construct, {}).get(node, ()):
                on = self.values.get(ON_PROPERTY, {}).get(node, [])
                yield (node, construct, *on, *(self.members(value) or (value,)))

    def fresh(self) -> Variable:
        """Give a variable not used before."""
        return Variable(f"f{next(self._names)}")

    def is_datatype(self, node: Term) -> bool:
        """Tell whether a class holds literals only."""
        builtin = isinstance(node, NamedNode) and (node.value.startswith(XSD) or node.value in _LITERALS)
        return builtin or node in self.instances.get(DATATYPE, ())


_LITERALS = {
    RDFS + "Literal",
    RDF + "langString",
    RDF + "PlainLiteral",
    RDF + "XMLLiteral",
    OWL + "real",
    OWL + "rational",
}


# Hierarchies


def _property_edges(o: Ontology) -> Graph:
    """Give the stated steps from property to property."""
    graph: Graph = {}
    for construct, rule, both in ((SUBPROPERTY, "prp-spo1", False), (SAME_PROPERTY, "prp-eqp1", True)):
        for low, high in o.pairs(construct):
            for one, other in ((low, high), (high, low)) if both else ((low, high),):
                if other not in (owl("topObjectProperty"), owl("topDataProperty")):
                    graph.setdefault(one, {}).setdefault(other, Edge(rule, ((low, construct, high),)))
    for term in set(graph) | {high for highs in graph.values() for high in highs}:
        if term == TYPE or (term in _KNOWN and term not in (SAME, DIFFERENT)) or str(term).startswith(f"<{OWL}bottom"):
            raise UnsupportedAxiomError(term, SUBPROPERTY, "axioms are read as stated; do not extend OWL's own terms")
    return graph


def _class_edges(o: Ontology) -> Graph:
    """Give the stated steps from class to class: subclass, equivalent, part of an intersection or union."""
    graph: Graph = {}

    def add(low: Term, high: Term, rule: str, axiom: Axiom) -> None:
        if low not in (high, NOTHING) and high != THING and not o.is_datatype(low) and not o.is_datatype(high):
            graph.setdefault(low, {}).setdefault(high, Edge(rule, (axiom,)))

    for low, high in o.pairs(SUBCLASS):
        add(low, high, "cax-sco", (low, SUBCLASS, high))
    for low, high in o.pairs(EQUIVALENT):
        add(low, high, "cax-eqc1", (low, EQUIVALENT, high))
        add(high, low, "cax-eqc2", (low, EQUIVALENT, high))
    for node, head in o.pairs(AND):
        for part in o.members(head):
            add(node, part, "cls-int2", (node, AND, *o.members(head)))
    for node, head in o.pairs(OR):
        for part in o.members(head):
            add(part, node, "cls-uni", (node, OR, *o.members(head)))
    return graph


def _closure(graph: Graph, inner: Callable[[Term], bool] = lambda _: True) -> Graph:
    """Give every node all that it reaches through nodes that `inner` allows, by a shortest path."""
    closed: Graph = {}
    for start, steps in graph.items():
        reached, queue = dict(steps), list(steps)
        for node in queue:
            for high, edge in graph.get(node, {}).items() if inner(node) else ():
                if high != start and high not in reached:
                    rule = "prp-spo1" if edge.rule.startswith("prp") else "cax-sco"
                    reached[high] = Edge(rule, reached[node].axioms + edge.axioms)
                    queue.append(high)
        closed[start] = reached
    return closed


def _class_graph(o: Ontology) -> Graph:
    """Give the steps from class to class, with those between restrictions (scm-svf, scm-avf, scm-hv)."""
    graph = _class_edges(o)
    kinds = [(kind, list(o.restrictions(kind))) for kind in (SOME, ALL, HAS_VALUE)]
    while True:
        closed, grown = _closure(graph), False
        for kind, nodes in kinds:
            for (low, p, c), (high, q, d) in product(nodes, nodes):
                if low == high or high in closed.get(low, ()):
                    continue
                over, under = (q, p) if kind == ALL else (p, q)
                role = Edge("", ()) if p == q else o.properties.get(over, {}).get(under)
                filler = Edge("", ()) if c == d else closed.get(c, {}).get(d) if kind != HAS_VALUE and p == q else None
                if role and filler:
                    axioms = role.axioms + filler.axioms + ((low, kind, p, c), (high, kind, q, d))
                    graph.setdefault(low, {})[high] = Edge("cax-sco", axioms)
                    grown = True
        if not grown:
            return graph


# What suffices for a class, and what follows from it


def _named(node: Term) -> bool:
    return isinstance(node, NamedNode)


def _member(o: Ontology, node: Term, x: Variable, stack: Stack = ()) -> Iterator[Match]:
    """Give each way to find in the store that x belongs to a class."""
    if node == THING:
        yield Match()
    elif o.is_datatype(node):
        raise UnsupportedAxiomError(node, SOME, "literals are not typed here; state the datatype as a SHACL shape")
    elif _named(node):
        yield Match(((x, TYPE, node),))
    else:
        yield from _sufficient(o, node, x, stack)
        for lower, edge in o.below.get(node, {}).items():
            ways = [Match(((x, TYPE, lower),))] if _named(lower) else _sufficient(o, lower, x, stack)
            yield from (Match(axioms=edge.axioms).and_(way) for way in ways)


def _sufficient(o: Ontology, node: Term, x: Variable, stack: Stack = ()) -> Iterator[Match]:
    """Give each way in which its own definition makes x a member of a class."""
    for seen, variable in stack:
        if seen == node and variable == x:
            return
        if seen == node:
            raise UnsupportedAxiomError(node, SUBCLASS, "an anonymous class is defined by itself; give it an IRI")
    for construct, read in SUFFICIENT.items():
        for value in o.values.get(construct, {}).get(node, ()):
            yield from read(o, node, value, x, (*stack, (node, x)))


def _some(o: Ontology, node: Term, value: Term, x: Variable, stack: Stack) -> Iterator[Match]:
    for p in o.values.get(ON_PROPERTY, {}).get(node, ()):
        y = o.fresh()
        for way in _member(o, value, y, stack):
            yield Match(((x, p, y),), ((node, SOME, p, value),)).and_(way)


def _has(o: Ontology, node: Term, value: Term, x: Variable, _: Stack) -> Iterator[Match]:
    for p in o.values.get(ON_PROPERTY, {}).get(node, ()):
        yield Match(((x, p, value),), ((node, HAS_VALUE, p, value),))


def _one_of(o: Ontology, node: Term, value: Term, x: Variable, _: Stack) -> Iterator[Match]:
    members = o.members(value)
    for member in members:
        if not isinstance(member, Literal):
            yield Match((), ((node, ONE_OF, *members),), ((x, member),))


def _all_parts(o: Ontology, node: Term, value: Term, x: Variable, stack: Stack) -> Iterator[Match]:
    parts = o.members(value)
    for ways in product(*(list(_member(o, part, x, stack)) for part in parts)):
        found = Match(axioms=((node, AND, *parts),))
        for way in ways:
            found = found.and_(way)
        yield found


SUFFICIENT: dict[NamedNode, Callable[[Ontology, Term, Term, Variable, Stack], Iterator[Match]]] = {
    SOME: _some,
    HAS_VALUE: _has,
    ONE_OF: _one_of,
    AND: _all_parts,
}
_SUFFICIENT_RULE = {SOME: "cls-svf1", HAS_VALUE: "cls-hv2", ONE_OF: "cls-oo", AND: "cls-int1"}


def _follows(o: Ontology, node: Term, x: Variable, stack: Stack = ()) -> Iterator[Clause]:
    """Give what follows for a member x of a class: its names, or what its anonymous uppers demand."""
    if node == THING or o.is_datatype(node):
        return
    if _named(node):
        yield Clause("", (), (x, TYPE, node), ())
        return
    yield from _necessary(o, node, x, stack)
    for upper, edge in o.near.get(node, {}).items():
        found = [Clause("", (), (x, TYPE, upper), ())] if _named(upper) else _necessary(o, upper, x, stack)
        yield from (clause._replace(axioms=edge.axioms + clause.axioms) for clause in found)


def _necessary(o: Ontology, node: Term, x: Variable, stack: Stack = ()) -> Iterator[Clause]:
    """Give what its own definition demands of a member x of a class."""
    if any(seen == node for seen, _ in stack):
        raise UnsupportedAxiomError(node, ALL, "an anonymous class is defined by itself; give it an IRI")
    for construct, read in NECESSARY.items():
        for value in o.values.get(construct, {}).get(node, ()):
            yield from read(o, node, value, x, (*stack, (node, x)))


def _all(o: Ontology, node: Term, value: Term, x: Variable, stack: Stack) -> Iterator[Clause]:
    for p in o.values.get(ON_PROPERTY, {}).get(node, ()):
        y = o.fresh()
        for found in _follows(o, value, y, stack):
            axioms = ((node, ALL, p, value), *found.axioms)
            yield found._replace(name=found.name or "cls-avf", body=((x, p, y), *found.body), axioms=axioms)


def _must_have(o: Ontology, node: Term, value: Term, x: Variable, _: Stack) -> Iterator[Clause]:
    for p in o.values.get(ON_PROPERTY, {}).get(node, ()):
        yield Clause("cls-hv1", (), (x, p, value), ((node, HAS_VALUE, p, value),))


def _complement(o: Ontology, node: Term, value: Term, x: Variable, _: Stack) -> Iterator[Clause]:
    for way in _member(o, value, x):
        yield Clause("cls-com", way.body, None, ((node, owl("complementOf"), value), *way.axioms), equal=way.equal)


_AT_MOST_RULE = {
    ("0", False): "cls-maxc1", ("1", False): "cls-maxc2", ("0", True): "cls-maxqc1", ("1", True): "cls-maxqc3",
}  # fmt: skip


def _at_most(o: Ontology, node: Term, value: Term, x: Variable, _: Stack) -> Iterator[Clause]:
    """Give the clauses of a greatest cardinality of 0 or 1, qualified where owl:onClass is stated."""
    kinds = o.values.get(ON_CLASS, {}).get(node, [])
    construct = owl("maxQualifiedCardinality") if kinds else owl("maxCardinality")
    limit = value.value if isinstance(value, Literal) else ""
    if limit not in ("0", "1"):
        raise UnsupportedAxiomError(node, construct, "OWL 2 RL knows 0 and 1; state other limits as a SHACL shape")
    for p, kind in product(o.values.get(ON_PROPERTY, {}).get(node, ()), kinds or [THING]):
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
                yield Clause(rule, body, (y, SAME, z), (axiom, *both.axioms), ((y, z),), both.equal)


NECESSARY: dict[NamedNode, Callable[[Ontology, Term, Term, Variable, Stack], Iterator[Clause]]] = {
    ALL: _all,
    HAS_VALUE: _must_have,
    owl("complementOf"): _complement,
    owl("maxCardinality"): _at_most,
    owl("maxQualifiedCardinality"): _at_most,
}


# Axioms


def _class_hierarchy(o: Ontology) -> Iterator[Clause]:
    """Give the clauses from every class to its uppers, by name or by what an anonymous upper demands."""
    x = o.fresh()
    for lower in _class_nodes(o):
        if _named(lower):
            ways = list(_member(o, lower, x))
            for upper, edge in o.classes.get(lower, {}).items():
                if _named(upper):
                    yield Clause(edge.rule, ways[0].body, (x, TYPE, upper), edge.axioms)
            yield from (_joined(way, found) for way in ways for found in _demands(o, lower, x))
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
    return found._replace(
        name=rule or found.name,
        body=way.body + found.body,
        axioms=way.axioms + found.axioms,
        equal=way.equal + found.equal,
    )


def _property_hierarchy(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    for lower, uppers in o.properties.items():
        for upper, edge in uppers.items():
            yield Clause(edge.rule, ((x, lower, y),), (x, upper, y), edge.axioms)


def _domain(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    for p, kind in o.pairs(DOMAIN):
        for found in _follows(o, kind, x):
            yield _joined(Match(((x, p, y),), ((p, DOMAIN, kind),)), found, "prp-dom")


def _range(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    for p, kind in o.pairs(RANGE):
        for found in _follows(o, kind, y):
            yield _joined(Match(((x, p, y),), ((p, RANGE, kind),)), found, "prp-rng")


def _inverse(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    for p, q in o.pairs(owl("inverseOf")):
        yield Clause("prp-inv1", ((x, p, y),), (y, q, x), ((p, owl("inverseOf"), q),))
        yield Clause("prp-inv2", ((x, q, y),), (y, p, x), ((p, owl("inverseOf"), q),))


def _chain(o: Ontology) -> Iterator[Clause]:
    construct = owl("propertyChainAxiom")
    for p, head in o.pairs(construct):
        links = o.members(head)
        places = [o.fresh() for _ in range(len(links) + 1)]
        body = tuple(zip(places, links, places[1:], strict=False))
        yield Clause("prp-spo2", body, (places[0], p, places[-1]), ((p, construct, *links),))


def _characteristic(name: str, rule: str) -> Callable[[Ontology], Iterator[Clause]]:
    """Give the reader of a class of properties such as owl:SymmetricProperty."""

    def read(o: Ontology) -> Iterator[Clause]:
        x, y, z = o.fresh(), o.fresh(), o.fresh()
        for p in o.instances.get(owl(name), ()):
            shapes: dict[str, tuple[tuple[Pattern, ...], Pattern | None]] = {
                "prp-symp": (((x, p, y),), (y, p, x)),
                "prp-trp": (((x, p, y), (y, p, z)), (x, p, z)),
                "prp-fp": (((x, p, y), (x, p, z)), (y, SAME, z)),
                "prp-ifp": (((y, p, x), (z, p, x)), (y, SAME, z)),
                "prp-asyp": (((x, p, y), (y, p, x)), None),
                "prp-irp": (((x, p, x),), None),
            }
            body, head = shapes[rule]
            yield Clause(rule, body, head, ((p, TYPE, owl(name)),), ((y, z),) if head and head[1] == SAME else ())

    return read


_PAIR_RULE = {"cax-adc": "cax-dw", "prp-adp": "prp-pdw"}


def _apart(o: Ontology, group: str, rule: str, pair: str = "") -> Iterator[tuple[str, Axiom, Term, Term]]:
    """Give every two members of the lists of a group, and every two joined by the property `pair`."""
    for node in o.instances.get(owl(group), ()):
        for head in (head for key in MEMBERS for head in o.values.get(key, {}).get(node, ())):
            for one, other in combinations(o.members(head), 2):
                yield rule, (one, owl(group), other), one, other
    if pair:
        for one, other in o.pairs(owl(pair)):
            yield _PAIR_RULE[rule], (one, owl(pair), other), one, other


def _disjoint_classes(o: Ontology) -> Iterator[Clause]:
    x = o.fresh()
    yield Clause("cls-nothing2", ((x, TYPE, NOTHING),), None, ((NOTHING, TYPE, owl("Class")),))
    for rule, axiom, one, other in _apart(o, "AllDisjointClasses", "cax-adc", "disjointWith"):
        for first, second in product(_member(o, one, x), list(_member(o, other, x))):
            both = first.and_(second)
            yield Clause(rule, both.body, None, (axiom, *both.axioms), equal=both.equal)


def _disjoint_properties(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    for rule, axiom, p, q in _apart(o, "AllDisjointProperties", "prp-adp", "propertyDisjointWith"):
        yield Clause(rule, ((x, p, y), (x, q, y)), None, (axiom,))


def _different(o: Ontology) -> Iterator[Clause]:
    x, y = o.fresh(), o.fresh()
    if o.values.get(DIFFERENT) or any(DIFFERENT in uppers for uppers in o.properties.values()):
        apart: Axiom = (DIFFERENT, owl("propertyDisjointWith"), SAME)
        yield Clause("eq-diff1", ((x, DIFFERENT, y), (x, SAME, y)), None, (apart,))
        yield Clause("eq-diff1", ((x, DIFFERENT, x),), None, (apart,))
    for rule, axiom, one, other in _apart(o, "AllDifferent", "eq-diff2"):
        yield Clause(rule, ((one, SAME, other),), None, (axiom,))
        yield Clause(rule, ((other, SAME, one),), None, (axiom,))


def _negative(o: Ontology) -> Iterator[Clause]:
    nodes, predicates, things, literals = (o.values.get(term, {}) for term in NEGATIVE)
    for node in nodes:
        for rule, targets in (("prp-npa1", things), ("prp-npa2", literals)):
            for denied in product(nodes[node], predicates.get(node, ()), targets.get(node, ())):
                axiom = (denied[0], owl("NegativePropertyAssertion"), *denied[1:])
                yield Clause(rule, (denied,), None, (axiom,))


def _same(o: Ontology, found: list[Clause]) -> Iterator[Clause]:
    """Give the rules of equality if a statement or a clause can make two things the same."""
    if not (o.values.get(SAME) or any(clause.head and clause.head[1] == SAME for clause in found)):
        return
    x, y, z, p = o.fresh(), o.fresh(), o.fresh(), o.fresh()
    axiom = ((SAME, TYPE, owl("TransitiveProperty")),)
    yield Clause("eq-sym", ((x, SAME, y),), (y, SAME, x), axiom)
    yield Clause("eq-trans", ((x, SAME, y), (y, SAME, z)), (x, SAME, z), axiom, ((x, z),))
    yield Clause("eq-rep-s", ((x, SAME, y), (x, p, z)), (y, p, z), axiom, ((p, SAME),))
    yield Clause("eq-rep-o", ((x, SAME, y), (z, p, x)), (z, p, y), axiom, ((p, SAME),))


AXIOMS: dict[NamedNode, Callable[[Ontology], Iterator[Clause]]] = {
    SUBPROPERTY: _property_hierarchy,
    owl("inverseOf"): _inverse,
    owl("SymmetricProperty"): _characteristic("SymmetricProperty", "prp-symp"),
    owl("propertyChainAxiom"): _chain,
    owl("TransitiveProperty"): _characteristic("TransitiveProperty", "prp-trp"),
    DOMAIN: _domain,
    RANGE: _range,
    SUBCLASS: _class_hierarchy,
    owl("FunctionalProperty"): _characteristic("FunctionalProperty", "prp-fp"),
    owl("InverseFunctionalProperty"): _characteristic("InverseFunctionalProperty", "prp-ifp"),
    owl("AsymmetricProperty"): _characteristic("AsymmetricProperty", "prp-asyp"),
    owl("IrreflexiveProperty"): _characteristic("IrreflexiveProperty", "prp-irp"),
    owl("disjointWith"): _disjoint_classes,
    owl("propertyDisjointWith"): _disjoint_properties,
    DIFFERENT: _different,
    owl("NegativePropertyAssertion"): _negative,
}
"""In the order in which the rules run: those on properties first, whose results the others need."""

SUPPORTED = (
    *AXIOMS, *SUFFICIENT, *NECESSARY, EQUIVALENT, SAME_PROPERTY, OR, SAME, NOTHING,
    owl("AllDisjointClasses"), owl("AllDisjointProperties"), owl("AllDifferent"),
)  # fmt: skip
"""Every construct that has rules; those named last are read by the entry of the construct that they vary."""

_KNOWN = (*SUPPORTED, ON_PROPERTY, ON_CLASS, *MEMBERS, *NEGATIVE, FIRST, REST, DATATYPE)

_CARDINALITY = "only owl:maxCardinality and owl:maxQualifiedCardinality 0 or 1 have rules; count with a SHACL shape"
UNSUPPORTED: dict[Part, str] = {
    owl("hasKey"): "make one identifying property an owl:InverseFunctionalProperty, or check keys with a SHACL shape",
    owl("hasSelf"): "it is outside OWL 2 RL; state the loop as a triple",
    owl("ReflexiveProperty"): "it is outside OWL 2 RL; state the loops as triples",
    owl("disjointUnionOf"): "it is outside OWL 2 RL; state owl:unionOf and owl:AllDisjointClasses",
    owl("cardinality"): _CARDINALITY,
    owl("minCardinality"): _CARDINALITY,
    owl("qualifiedCardinality"): _CARDINALITY,
    owl("minQualifiedCardinality"): _CARDINALITY,
    owl("onDataRange"): _CARDINALITY,
    owl("onProperties"): "it is outside OWL 2 RL; use one property",
}
_HARMLESS = {
    owl(name)
    for name in (
        "Annotation", "AnnotationProperty", "Axiom", "Class", "DataRange", "DatatypeProperty", "DeprecatedClass",
        "DeprecatedProperty", "NamedIndividual", "ObjectProperty", "Ontology", "OntologyProperty", "Restriction",
        "Thing", "annotatedProperty", "annotatedSource", "annotatedTarget", "backwardCompatibleWith",
        "datatypeComplementOf", "deprecated", "imports", "incompatibleWith", "onDatatype", "priorVersion",
        "topDataProperty", "topObjectProperty", "versionIRI", "versionInfo", "withRestrictions",
    )
}  # fmt: skip


def vocabulary() -> tuple[NamedNode, ...]:
    """Give every term that states an axiom, supported or refused: all that has to be read from a store."""
    return (*_KNOWN, *(term for term in UNSUPPORTED if isinstance(term, NamedNode)))


def clauses(o: Ontology) -> list[Clause]:
    """Give every clause that follows from the axioms, in the order of `AXIOMS`."""
    found = [clause for read in AXIOMS.values() for clause in read(o)]
    return [*found, *_same(o, found)]
