"""Plain facts from claims and readings, by one rule over the table in the ontology.

A row of the table (`cg:FactRule`) names a kind of assertion, the modalities and milestones that
it takes, and the properties that give the subject and the object of the triple that it yields.
Only affirmative assertions yield facts. One that has several subjects and several objects yields none,
unless it says that it holds for each pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from compas_graph.store import FACTS, INFERENCES, Readable, iri, select

TRUE = Literal("true", datatype=iri("xsd:boolean"))

__all__ = ["Derivation", "derivations", "derive_facts"]

JOIN = """
SELECT ?rule ?assertion ?subject ?predicate ?object ?subjectRole ?objectRole WHERE {
  %s
  ?rule a cg:FactRule ; cg:ofClass ?class ; cg:ofModality ?modality ;
    cg:subjectRole ?subjectRole ; cg:yields ?predicate ; cg:objectRole ?objectRole .
  ?assertion a ?class ; cg:modality ?modality ; ?subjectRole ?subject ; ?objectRole ?object .
  FILTER(?subject != ?object)
}"""


class Derivation(NamedTuple):
    """One fact, the row of the table that yields it, and the assertion from which it comes."""

    rule: NamedNode
    assertion: NamedNode
    fact: Triple


def derivations(store: Readable, fact: Triple | None = None) -> Iterator[Derivation]:
    """Yield every derivation by the table of facts, or only those of one fact."""
    bound = ""
    if fact is not None:
        if not isinstance(fact.subject, NamedNode) or not isinstance(fact.object, NamedNode):
            return
        bound = f"VALUES (?subject ?predicate ?object) {{ ({fact.subject} {fact.predicate} {fact.object}) }}"
    milestones = _milestones(store)
    for row in select(store, JOIN % bound):
        rule, assertion = row["rule"], row["assertion"]
        if (
            (rule not in milestones or milestones[rule] & _objects(store, assertion, "cg:milestone"))
            and not _objects(store, assertion, "cg:polarity")
            and _tells_pairs(store, assertion, row["subjectRole"], row["objectRole"])
        ):
            yield Derivation(rule, assertion, Triple(row["subject"], row["predicate"], row["object"]))


def _objects(store: Readable, subject: NamedNode, predicate: str | NamedNode) -> set[object]:
    """Return what a store says of a subject for one property."""
    node = iri(predicate) if isinstance(predicate, str) else predicate
    return {quad.object for quad in store.quads_for_pattern(subject, node, None)}


def _milestones(store: Readable) -> dict[NamedNode, set[object]]:
    """Return the milestones to which rules are limited; a rule without any takes all."""
    limited: dict[NamedNode, set[object]] = defaultdict(set)
    for row in select(store, "SELECT ?rule ?milestone { ?rule cg:ofMilestone ?milestone }"):
        limited[row["rule"]].add(row["milestone"])
    return limited


def _tells_pairs(store: Readable, assertion: NamedNode, subject_role: NamedNode, object_role: NamedNode) -> bool:
    """Tell whether an assertion says of each of its subjects that it goes with each of its objects."""
    several = all(len(_objects(store, assertion, role)) > 1 for role in {subject_role, object_role})
    return subject_role == object_role or not several or TRUE in _objects(store, assertion, "cg:pairwise")


def derive_facts(store: Store) -> None:
    """Add the facts to the store: those of claims to their own graph, those of readings to the inferences."""
    readings = _readings(store)
    store.extend(
        Quad(
            found.fact.subject,
            found.fact.predicate,
            found.fact.object,
            INFERENCES if found.assertion in readings else FACTS,
        )
        for found in list(derivations(store))
    )


def _readings(store: Store) -> set[NamedNode]:
    """Return the assertions that are readings: those whose modality is inferred."""
    return {row["reading"] for row in select(store, "SELECT ?reading { ?reading cg:modality cg:inferred }")}
