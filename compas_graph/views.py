"""What answers are made from: the assertions that stand, of all sources or of some, as of a date or without a source.

What goes with a source: its passages and claims, the spellings that only it uses, the readings
that rest on a lost claim or reading, and the entities that nothing left mentions. Of a claim or
reading that the editors withdrew only this is left, and why they did. Facts, figures and inferences
are derived afterwards, from what is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from compas_graph.dates import PartialDate, period
from compas_graph.errors import UnknownNameError
from compas_graph.namespaces import compact, expand
from compas_graph.store import iri, select

__all__ = ["View", "drop_withdrawn", "restrict", "without_sources"]

Node: TypeAlias = NamedNode | BlankNode | Literal | Triple


class View(NamedTuple):
    """Which sources count: those published by a date for certain, and not left out by name."""

    as_of: PartialDate | None = None
    without: tuple[str, ...] = ()


def without_sources(store: Store, view: View) -> tuple[set[Node], list[str]]:
    """Return the sources that a view leaves out, and the names of those left out only as too vaguely dated."""
    dated = select(store, "SELECT ?source ?date { ?source a cg:Source OPTIONAL { ?source cg:published ?date } }")
    known = {row["source"]: row["date"] for row in dated}
    lost: set[Node] = {_source(name, known) for name in view.without}
    vague = []
    for source, published in known.items():
        if view.as_of is None:
            break
        if source in lost:
            continue
        try:
            first, last = period((published.value, published.datatype.value.rpartition("#")[2]))
        except (AttributeError, ValueError):
            lost.add(source)  # a source without a date is not known to be early enough
            continue
        end = period(view.as_of)[1]
        if last > end:
            lost.add(source)
            if first <= end:
                vague.append(compact(source.value))
    return lost, sorted(vague)


def _source(name: str, known: Iterable[NamedNode]) -> NamedNode:
    """Return the source that a name such as 's1' or 'source:s1' stands for."""
    wanted = expand(name) or expand(f"source:{name.casefold()}")
    for source in known:
        if source.value == wanted:
            return source
    names = [compact(source.value) for source in known]
    raise UnknownNameError("source", name, names, "'compas-graph sources' lists them")


def restrict(store: Store, view: View) -> None:
    """Remove from a store of assertions what a view leaves out, and what was withdrawn."""
    gone, _ = without_sources(store, view)
    if gone:
        gone |= _subjects(store, "cg:inSource", gone)
        gone |= _subjects(store, "cg:passage", gone)
        gone |= _readings(store, gone)
        gone |= {alias for alias, sources in _by_subject(store, "cg:usedBy").items() if sources <= gone}
        _remove(store, gone)
        _remove(store, _unmentioned(store))
    drop_withdrawn(store)


def drop_withdrawn(store: Store) -> None:
    """Remove from a store of assertions those that were withdrawn, but for when and why, and the readings on them."""
    withdrawn = set(_by_subject(store, "cg:withdrawn"))
    if withdrawn:
        kept = [quad for name in ("cg:withdrawn", "cg:withdrawnBecause") for quad in _quads(store, name)]
        _remove(store, withdrawn | _readings(store, withdrawn))
        store.extend(quad for quad in kept if quad.subject in withdrawn)


def _quads(store: Store, predicate: str) -> Iterator[Quad]:
    """Yield the quads with a property."""
    return store.quads_for_pattern(None, iri(predicate), None)


def _by_subject(store: Store, predicate: str) -> dict[Node, set[Node]]:
    """Return the objects of a property by their subjects."""
    found: dict[Node, set[Node]] = defaultdict(set)
    for quad in _quads(store, predicate):
        found[quad.subject].add(quad.object)
    return found


def _subjects(store: Store, predicate: str, objects: set[Node]) -> set[Node]:
    """Return what has one of some objects for a property."""
    return {subject for subject, found in _by_subject(store, predicate).items() if found & objects}


def _readings(store: Store, gone: set[Node]) -> set[Node]:
    """Return the readings that fall with what is gone: they rest on it, or have too little left to compare."""
    needs = [
        (_by_subject(store, name), least) for name, least in (("cg:plan", 1), ("cg:outcome", 1), ("cg:between", 2))
    ]
    rests = _by_subject(store, "cg:restsOn")
    fallen: set[Node] = set()
    while True:
        lost = gone | fallen
        falling = {reading for reading, grounds in rests.items() if grounds & lost}
        falling |= {reading for table, least in needs for reading, parts in table.items() if len(parts - lost) < least}
        if falling <= fallen:
            return fallen
        fallen |= falling


def _unmentioned(store: Store) -> set[Node]:
    """Return the entities that no claim, reading or source left speaks of, with their aliases."""
    kinds = {row["kind"] for row in select(store, "SELECT ?kind { ?kind rdfs:subClassOf* cg:Entity }")}
    entities = {quad.subject for quad in store.quads_for_pattern(None, iri("rdf:type"), None) if quad.object in kinds}
    ontology = iri("graph:ontology")  # its examples mention nothing
    mentioned = {quad.object for quad in store if quad.subject not in entities and quad.graph_name != ontology}
    unmentioned = entities - mentioned
    aliases = _by_subject(store, "cg:alias")
    return unmentioned.union(*(aliases[entity] for entity in unmentioned if entity in aliases))


def _remove(store: Store, gone: set[Node]) -> None:
    """Remove every quad that speaks of what is gone."""
    for quad in list(store):
        if quad.subject in gone or quad.object in gone:
            store.remove(quad)
