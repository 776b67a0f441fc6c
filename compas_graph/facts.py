"""Plain facts from claims and readings, by one rule over the table in the ontology.

A row of the table (`cg:FactRule`) names a kind of assertion, the modalities and milestones that
it takes, and the properties that give the subject and the object of the triple that it yields.
Only affirmative assertions that were not withdrawn yield facts. One that has several subjects and
several objects yields none, unless it says that it holds for each pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, Store, Triple

from compas_graph.store import FACTS, INFERENCES, select

__all__ = ["Derivation", "derive_facts", "derivations"]

RULE = """
SELECT ?rule ?assertion ?subject ?predicate ?object WHERE {
  ?rule a cg:FactRule ; cg:ofClass ?class ; cg:ofModality ?modality ;
    cg:subjectRole ?subjectRole ; cg:yields ?predicate ; cg:objectRole ?objectRole .
  %s
  ?assertion a ?class ; cg:modality ?modality ; ?subjectRole ?subject ; ?objectRole ?object .
  FILTER(?subject != ?object)
  MINUS { ?assertion cg:polarity cg:denied }
  MINUS { ?assertion cg:withdrawn ?day }
  MINUS {
    ?rule cg:subjectRole ?subjectRole ; cg:objectRole ?objectRole .
    ?assertion ?subjectRole ?subject , ?otherSubject ; ?objectRole ?object , ?otherObject .
    FILTER(?subjectRole != ?objectRole && ?subject != ?otherSubject && ?object != ?otherObject)
    MINUS { ?assertion cg:pairwise true }
  }
  %s
}
"""
WITH_MILESTONE = RULE % ("?rule cg:ofMilestone ?milestone . ?assertion cg:milestone ?milestone .", "%s")
WITHOUT_MILESTONE = RULE % ("", "MINUS { ?rule cg:ofMilestone ?anyMilestone } %s")


class Derivation(NamedTuple):
    """One fact, the row of the table that yields it, and the assertion from which it comes."""

    rule: NamedNode
    assertion: NamedNode
    fact: Triple


def derivations(store: Store, fact: Triple | None = None) -> Iterator[Derivation]:
    """Yield every derivation by the table of facts, or only those of one fact."""
    bound = ""
    if fact is not None:
        if not isinstance(fact.subject, NamedNode) or not isinstance(fact.object, NamedNode):
            return
        bound = f"VALUES (?subject ?predicate ?object) {{ ({fact.subject} {fact.predicate} {fact.object}) }}"
    for text in (WITH_MILESTONE, WITHOUT_MILESTONE):
        for row in select(store, text % bound):
            triple = Triple(row["subject"], row["predicate"], row["object"])
            yield Derivation(row["rule"], row["assertion"], triple)


def derive_facts(store: Store) -> None:
    """Add the facts to the store: those of claims to their own graph, those of readings to the inferences."""
    readings = _readings(store)
    store.extend(
        Quad(found.fact.subject, found.fact.predicate, found.fact.object, INFERENCES if found.assertion in readings else FACTS)
        for found in list(derivations(store))
    )


def _readings(store: Store) -> set[NamedNode]:
    """Return the assertions that are readings: those whose modality is inferred."""
    return {row["reading"] for row in select(store, "SELECT ?reading { ?reading cg:modality cg:inferred }")}
