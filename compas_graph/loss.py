"""What is lost, weakened or kept when sources are left out."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from pyoxigraph import NamedNode, Store, Triple

from compas_graph.bundle import Bundle
from compas_graph.facts import derivations
from compas_graph.graph import open_graph
from compas_graph.names import label
from compas_graph.namespaces import compact
from compas_graph.store import select
from compas_graph.views import View

__all__ = ["Effect", "effects"]


class Effect(NamedTuple):
    """What happens to one fact, reading, disagreement or entity: it is lost, weakened or kept."""

    effect: str
    kind: str
    what: str
    grounds_before: int
    grounds_after: int


def effects(bundle: Bundle, without: tuple[str, ...]) -> list[Effect]:
    """Return what happens to each fact, reading, disagreement and entity when sources are left out.

    The grounds of a fact are the claims and readings that yield it, those of an entity the claims
    and readings that speak of it.
    """
    before, after = open_graph(bundle), open_graph(bundle, view=View(without=without))
    found = []
    for kind, count in (("fact", _facts), ("entity", _entities), ("reading", _readings), ("disagreement", _disputes)):
        grounds, left = count(before), count(after)
        found += [_effect(before, kind, what, number, left.get(what, 0)) for what, number in grounds.items()]
    order = ("lost", "weakened", "kept")
    return sorted(found, key=lambda one: (order.index(one.effect), one.kind, one.what))


def _effect(store: Store, kind: str, what: tuple[NamedNode, ...], before: int, after: int) -> Effect:
    effect = "lost" if not after else "weakened" if after < before else "kept"
    if kind == "fact":
        words = " ".join(label(store, node) for node in what)
    else:
        words = " against ".join(f"{label(store, node)} [{compact(node.value)}]" for node in what)
    return Effect(effect, kind, words, before, after)


def _facts(store: Store) -> Counter[tuple[NamedNode, ...]]:
    pairs = {(one.fact, one.assertion) for one in derivations(store)}
    return Counter(_terms(fact) for fact, _ in pairs)


def _terms(fact: Triple) -> tuple[NamedNode, ...]:
    return tuple(term for term in (fact.subject, fact.predicate, fact.object) if isinstance(term, NamedNode))


def _counted(store: Store, query: str, *names: str) -> Counter[tuple[NamedNode, ...]]:
    return Counter(tuple(row[name] for name in names) for row in select(store, query))


def _entities(store: Store) -> Counter[tuple[NamedNode, ...]]:
    return _counted(store, MENTIONS, "thing")


MENTIONS = """SELECT DISTINCT ?thing ?claim {
  ?claim cg:involves|cg:speaker|cg:via|cg:possibleSpeaker|cg:possiblyVia|cg:publisher ?thing
}"""


def _readings(store: Store) -> Counter[tuple[NamedNode, ...]]:
    return _counted(store, "SELECT DISTINCT ?reading ?ground { ?reading cg:restsOn ?ground }", "reading")


def _disputes(store: Store) -> Counter[tuple[NamedNode, ...]]:
    query = "SELECT DISTINCT ?one ?other { ?one cg:disagreesWith ?other FILTER(STR(?one) < STR(?other)) }"
    return _counted(store, query, "one", "other")
