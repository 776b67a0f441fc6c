"""The axioms of an ontology, by construct and subject, with the hierarchies of classes and properties closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, count, product
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, Variable

from compas_graph import owl
from compas_graph.owl import UnsupportedAxiomError

__all__ = ["Axiom", "Edge", "Hierarchy", "Ontology", "Term"]

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Axiom: TypeAlias = tuple[Term, ...]
"""Subject, construct, arguments: `(ex:A, rdfs:subClassOf, ex:B)`, `(_:b, owl:someValuesFrom, ex:p, ex:C)`."""


class Edge(NamedTuple):
    """A step up a hierarchy: the rule that takes it, and the axioms that allow it."""

    rule: str
    axioms: tuple[Axiom, ...]


Hierarchy: TypeAlias = dict[Term, dict[Term, Edge]]


class Ontology:
    """The axioms among some triples, by predicate and subject, with their hierarchies closed."""

    def __init__(self, triples: Iterable[Quad | Triple]) -> None:
        self.values: dict[Term, dict[Term, list[Term]]] = {}
        self.instances: dict[Term, list[Term]] = {}
        self._names = count()
        for triple in triples:
            self._read(triple.subject, triple.predicate, triple.object)
        self.properties = _closure(_property_edges(self))
        steps = _class_graph(self)
        self.classes = _closure(steps)
        self.near = _closure(steps, lambda node: not isinstance(node, NamedNode))
        self.below: Hierarchy = {}
        for lower, uppers in self.near.items():
            for upper, edge in uppers.items():
                self.below.setdefault(upper, {})[lower] = edge

    def _read(self, subject: Term, predicate: NamedNode, value: Term) -> None:
        """Keep a triple that states an axiom; refuse one that has no rule."""
        term = value if predicate == owl.TYPE else predicate
        if term in owl.KNOWN:
            table = self.instances if predicate == owl.TYPE else self.values.setdefault(predicate, {})
            key, entry = (value, subject) if predicate == owl.TYPE else (subject, value)
            if entry not in (entries := table.setdefault(key, [])):
                entries.append(entry)
        elif isinstance(term, NamedNode) and term.value.startswith(owl.OWL) and term not in owl.HARMLESS:
            instead = owl.UNSUPPORTED.get(term, "OWL 2 RL has no rule for it; check the spelling")
            raise UnsupportedAxiomError(subject, term, instead)

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Term, Term]]:
        """Give each subject and object of a predicate."""
        return ((s, o) for s, objects in self.values.get(predicate, {}).items() for o in objects)

    def members(self, head: Term) -> tuple[Term, ...]:
        """Give the members of an RDF list."""
        members: list[Term] = []
        while (first := self.values.get(owl.FIRST, {}).get(head)) and len(members) < 1_000_000:
            members.append(first[0])
            head = self.values[owl.REST][head][0]
        return tuple(members)

    def restrictions(self, construct: NamedNode) -> Iterator[tuple[Term, Term, Term]]:
        """Give the class, the property and the value of each restriction of that kind."""
        on = self.values.get(owl.ON_PROPERTY, {})
        return ((node, p, value) for node, value in self.pairs(construct) for p in on.get(node, ()))

    def apart(self, group: str, pair: str = "") -> Iterator[tuple[Axiom, Term, Term]]:
        """Give every two members of the lists of a group, and every two joined by the property `pair`."""
        for node in self.instances.get(owl.term(group), ()):
            for head in (head for key in owl.MEMBERS for head in self.values.get(key, {}).get(node, ())):
                for one, other in combinations(self.members(head), 2):
                    yield (one, owl.term(group), other), one, other
        for one, other in self.pairs(owl.term(pair)) if pair else ():
            yield (one, owl.term(pair), other), one, other

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
        for construct in (*owl.CLASS_TERMS, owl.OR):
            for value in self.values.get(construct, {}).get(node, ()):
                on = self.values.get(owl.ON_PROPERTY, {}).get(node, [])
                yield (node, construct, *on, *(self.members(value) or (value,)))

    def fresh(self) -> Variable:
        """Give a variable not used before."""
        return Variable(f"f{next(self._names)}")

    def is_datatype(self, node: Term) -> bool:
        """Tell whether a class holds literals only."""
        return (isinstance(node, NamedNode) and owl.is_literals(node)) or node in self.instances.get(owl.DATATYPE, ())


# Hierarchies


def _property_edges(o: Ontology) -> Hierarchy:
    """Give the stated steps from property to property."""
    graph: Hierarchy = {}
    for construct, rule, both in ((owl.SUBPROPERTY, "prp-spo1", False), (owl.SAME_PROPERTY, "prp-eqp1", True)):
        for low, high in o.pairs(construct):
            for one, other in ((low, high), (high, low)) if both else ((low, high),):
                if other not in (owl.term("topObjectProperty"), owl.term("topDataProperty")):
                    graph.setdefault(one, {}).setdefault(other, Edge(rule, ((low, construct, high),)))
    for term in set(graph) | {high for highs in graph.values() for high in highs}:
        own = term == owl.TYPE or (term in owl.KNOWN and term not in (owl.SAME, owl.DIFFERENT))
        if own or str(term).startswith(f"<{owl.OWL}bottom"):
            instead = "axioms are read as stated; do not extend OWL's own terms"
            raise UnsupportedAxiomError(term, owl.SUBPROPERTY, instead)
    return graph


def _class_edges(o: Ontology) -> Hierarchy:
    """Give the stated steps from class to class: subclass, equivalent, part of an intersection or union."""
    graph: Hierarchy = {}

    def add(low: Term, high: Term, rule: str, axiom: Axiom) -> None:
        if low not in (high, owl.NOTHING) and high != owl.THING and not o.is_datatype(low) and not o.is_datatype(high):
            graph.setdefault(low, {}).setdefault(high, Edge(rule, (axiom,)))

    for low, high in o.pairs(owl.SUBCLASS):
        add(low, high, "cax-sco", (low, owl.SUBCLASS, high))
    for low, high in o.pairs(owl.EQUIVALENT):
        add(low, high, "cax-eqc1", (low, owl.EQUIVALENT, high))
        add(high, low, "cax-eqc2", (low, owl.EQUIVALENT, high))
    for node, head in o.pairs(owl.AND):
        for part in o.members(head):
            add(node, part, "cls-int2", (node, owl.AND, *o.members(head)))
    for node, head in o.pairs(owl.OR):
        for part in o.members(head):
            add(part, node, "cls-uni", (node, owl.OR, *o.members(head)))
    return graph


def _closure(graph: Hierarchy, inner: Callable[[Term], bool] = lambda _: True) -> Hierarchy:
    """Give every node all that it reaches through nodes that `inner` allows, by a shortest path."""
    closed: Hierarchy = {}
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


def _class_graph(o: Ontology) -> Hierarchy:
    """Give the steps from class to class, with those between restrictions (scm-svf, scm-avf, scm-hv)."""
    graph = _class_edges(o)
    none = Edge("", ())
    kinds = [(kind, list(o.restrictions(kind))) for kind in (owl.SOME, owl.ALL, owl.HAS_VALUE)]
    while True:
        closed, grown = _closure(graph), False
        for kind, nodes in kinds:
            for (low, p, c), (high, q, d) in product(nodes, nodes):
                if low == high or high in closed.get(low, ()):
                    continue
                over, under = (q, p) if kind == owl.ALL else (p, q)
                role = none if p == q else o.properties.get(over, {}).get(under)
                filler = none if c == d else closed.get(c, {}).get(d) if kind != owl.HAS_VALUE and p == q else None
                if role and filler:
                    axioms = role.axioms + filler.axioms + ((low, kind, p, c), (high, kind, q, d))
                    graph.setdefault(low, {})[high] = Edge("cax-sco", axioms)
                    grown = True
        if not grown:
            return graph
