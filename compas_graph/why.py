"""Why a triple holds: every step from it back to the claims and passages that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from pyoxigraph import Literal, NamedNode, Quad, Triple

from compas_graph.axioms import Axiom
from compas_graph.citations import citations
from compas_graph.errors import UnknownNameError
from compas_graph.facts import derivations
from compas_graph.graph import rules_of
from compas_graph.names import label, resolve
from compas_graph.namespaces import CG, compact, compact_text, expand
from compas_graph.reasoning import Rule, Step, axiom_text, explain
from compas_graph.store import COMPARISONS, FACTS, INFERENCES, Readable, iri, select

__all__ = ["Ground", "grounds", "in_words", "lines", "triple_of"]


class Ground(NamedTuple):
    """One way in which a triple comes about, and the grounds of what it takes."""

    text: str
    parts: tuple[Ground, ...] = ()


def grounds(store: Readable, triple: Triple) -> list[Ground]:
    """Return every way in which a triple comes about; none means that it does not hold."""
    return _Search(store).of(triple, ())


class _Search:
    """A search for grounds that asks the same rules by which the graph was made."""

    def __init__(self, store: Readable) -> None:
        self.store = store
        self.rules: tuple[Rule, ...] | None = None

    def of(self, triple: Triple, above: tuple[Triple, ...]) -> list[Ground]:
        """Return the grounds of a triple that do not rest on a triple above it."""
        direct = [*self._asserted(triple), *self._facts(triple), *self._compared(triple)]
        skipped = ("prp-symp",) if direct else ()  # its mirror has the same grounds
        return [*direct, *self._inferred(triple, (*above, triple), skipped)]

    def _asserted(self, triple: Triple) -> Iterator[Ground]:
        for quad in self.store.quads_for_pattern(*triple):
            if isinstance(quad.graph_name, NamedNode) and quad.graph_name not in (FACTS, INFERENCES, COMPARISONS):
                yield Ground(f"asserted in {compact(quad.graph_name.value)}")

    def _facts(self, triple: Triple) -> Iterator[Ground]:
        found = sorted(set(derivations(self.store, triple)), key=lambda one: (one.assertion.value, one.rule.value))
        for one in found:
            yield self._assertion(one.assertion, f", by {compact(one.rule.value)}")

    def _compared(self, triple: Triple) -> Iterator[Ground]:
        """Yield the comparison of two claims that a disagreement rests on."""
        terms = (triple.subject, triple.predicate, triple.object, COMPARISONS)
        if triple.predicate == iri("cg:disagreesWith") and Quad(*terms) in self.store:
            claims = [term for term in (triple.subject, triple.object) if isinstance(term, NamedNode)]
            yield Ground("compared: both values cannot hold", tuple(self._assertion(claim) for claim in claims))

    def _assertion(self, node: NamedNode, by: str = "", depth: int = 0) -> Ground:
        """Return the ground that a claim or a reading is, a reading with what it rests on."""
        cited = citations(self.store, [node]).get(node, "")
        query = f"SELECT ?status {{ {node} cg:modality/cg:status ?status }}"
        status = next((row["status"].value for row in select(self.store, query)), "")
        rests = select(self.store, f"SELECT ?ground {{ {node} cg:restsOn ?ground }} ORDER BY ?ground")
        parts = [self._assertion(row["ground"], depth=depth + 1) for row in rests] if depth < 5 else []
        words = cited if parts else f"{label(self.store, node)} — {cited}"
        return Ground(f"{status}: {words} [{compact(node.value)}{by}]", tuple(parts))

    def _inferred(self, triple: Triple, above: tuple[Triple, ...], skipped: tuple[str, ...]) -> Iterator[Ground]:
        graph = (triple.subject, triple.predicate, triple.object, INFERENCES)
        if Quad(*graph) not in self.store:
            return
        self.rules = rules_of(self.store) if self.rules is None else self.rules
        for step in sorted(explain(self.store, self.rules, triple), key=_order):
            if step.rule in skipped or any(premise in above for premise in step.premises):
                continue
            parts = []
            for premise in step.premises:
                below = self.of(premise, above)
                if not below:
                    break
                parts.append(Ground(in_words(self.store, premise), tuple(below)))
            else:
                yield Ground(f"inferred by {step.rule}: {_axioms(step.axioms)}", tuple(parts))


def triple_of(store: Readable, subject: str, predicate: str, value: str) -> Triple:
    """Return the triple that three names stand for, or raise UnknownNameError for one that fits nothing."""
    return Triple(_node(store, subject), _predicate(store, predicate), _node(store, value))


def _node(store: Readable, name: str) -> NamedNode:
    """Return what a name fits: an entity by label or alias, else anything by prefixed name or IRI."""
    try:
        node = NamedNode(expand(name.strip()) or "")
    except ValueError:
        node = None
    if node is not None and next(store.quads_for_pattern(node, None, None), None):
        return node
    return resolve(store, name, exact=True).things[0].node


def _predicate(store: Readable, name: str) -> NamedNode:
    """Return the property of the ontology with a label or name, such as 'uses platform' or usesPlatform."""
    query = "SELECT ?property ?label { ?property rdfs:isDefinedBy ?ontology ; a ?kind ; rdfs:label ?label }"
    kinds = "VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty }"
    known = {row["property"]: row["label"].value for row in select(store, query.replace("{", "{ " + kinds, 1))}
    wanted = name.strip().removeprefix("cg:").removeprefix(CG)
    for node, words in known.items():
        if wanted in (words, node.value.removeprefix(CG)):
            return cast(NamedNode, node)
    if wanted in ("a", "rdf:type"):
        return iri("rdf:type")
    raise UnknownNameError("property", name, [*known.values(), *(node.value.removeprefix(CG) for node in known)])


def _order(step: Step) -> tuple[str, str, str]:
    """Return what puts steps in one order, whatever that of the store is."""
    return step.rule, _axioms(step.axioms), str(step.premises)


def _axioms(axioms: tuple[Axiom, ...]) -> str:
    """Return axioms in prefixed names."""
    return compact_text(axiom_text(axioms))


def in_words(store: Readable, triple: Triple) -> str:
    """Return a triple in words: the labels of its terms."""
    terms = (triple.subject, triple.predicate, triple.object)
    return " ".join(term.value if isinstance(term, Literal) else label(store, cast(NamedNode, term)) for term in terms)


def lines(found: list[Ground], depth: int = 1) -> Iterator[str]:
    """Yield grounds as indented lines."""
    for ground in found:
        yield "  " * depth + ground.text
        yield from lines(list(ground.parts), depth + 1)
