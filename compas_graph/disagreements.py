"""Where sources disagree: claims of one kind and key whose values cannot both hold.

A kind of claim declares in the ontology on what it is keyed (`cg:keyedOn`) and what must be
single-valued (`cg:singleValued`). Things that readings hold to be possibly the same count as one
key. Two amounts in different currencies are compared by a rate that a source itself states
(`cg:conversionOf`), else not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Store

from compas_graph.comparisons import Interval
from compas_graph.store import COMPARISONS, iri, select

__all__ = ["derive_disagreements", "disagreements"]

Term: TypeAlias = NamedNode | Literal
_Said: TypeAlias = dict[NamedNode, list[Term]]
SPANS = {
    "value": ("cg:least", "cg:most"),
    "start": ("cg:earliestStart", "cg:latestStart"),
    "end": ("cg:earliestEnd", "cg:latestEnd"),
}
MATTERS = ("cg:polarity", "cg:unit", *(side for sides in SPANS.values() for side in sides))


class _Kind(NamedTuple):
    """The properties on which a kind of claim is keyed, and the names of its single-valued ones."""

    keys: set[NamedNode]
    values: set[str]


class _Claim(NamedTuple):
    """The values of one claim for the properties that matter to its kind."""

    node: NamedNode
    key: tuple[Term, ...]
    unit: Term | None
    spans: dict[str, Interval]


def derive_disagreements(store: Store) -> None:
    """Add each pair of claims that disagree to the graph of comparisons."""
    store.extend([Quad(one, iri("cg:disagreesWith"), other, COMPARISONS) for one, other in disagreements(store)])


def disagreements(store: Store) -> list[tuple[NamedNode, NamedNode]]:
    """Return each pair of claims of one kind and key whose values cannot both hold, in order."""
    rates = _rates(store)
    kinds = _keyed_kinds(store)
    groups: dict[tuple[Term, ...], list[_Claim]] = defaultdict(list)
    for claim in _claims(store, kinds):
        groups[claim.key].append(claim)
    found = {
        (min(one.node, other.node), max(one.node, other.node))
        for key, group in groups.items()
        for one, other in combinations(group, 2)
        if one.node != other.node and any(_apart(one, other, name, rates) for name in kinds[key[0]].values)
    }
    return sorted(found)


def _apart(one: _Claim, other: _Claim, name: str, rates: dict[tuple[Term, Term], Decimal]) -> bool:
    """Tell whether two claims give values for one property that cannot both hold."""
    if name not in one.spans or name not in other.spans:
        return False
    first, second = one.spans[name], other.spans[name]
    if name == "value" and one.unit != other.unit:
        if one.unit is None or other.unit is None or (one.unit, other.unit) not in rates:
            return False
        rate = rates[one.unit, other.unit]
        first = Interval(*(None if side is None else side * rate for side in first))  # type: ignore[operator]
    return first.apart(second)


def _keyed_kinds(store: Store) -> dict[Term, _Kind]:
    """Return the kinds of claims that have a key, with the properties that make it."""
    kinds: dict[Term, _Kind] = defaultdict(lambda: _Kind(set(), set()))
    for row in select(store, "SELECT ?kind ?key ?value { ?kind cg:keyedOn ?key ; cg:singleValued ?value }"):
        kinds[row["kind"]].keys.add(row["key"])
        kinds[row["kind"]].values.add(row["value"].value.rpartition("#")[2])
    return kinds


def _claims(store: Store, kinds: dict[Term, _Kind]) -> Iterator[_Claim]:
    """Yield the affirmative claims of keyed kinds that have a value for each key, once for each value."""
    same = _representatives(store)
    classes = " ".join(map(str, kinds))
    properties = " ".join(map(str, {*map(iri, MATTERS), *(key for kind in kinds.values() for key in kind.keys)}))
    query = f"""SELECT ?kind ?claim ?p ?o {{
      VALUES ?kind {{ {classes} }} VALUES ?p {{ {properties} }} ?claim a ?kind ; ?p ?o
    }}"""
    described: dict[tuple[Term, NamedNode], _Said] = defaultdict(lambda: defaultdict(list))
    for row in select(store, query):
        described[row["kind"], row["claim"]][row["p"]].append(row["o"])
    for (kind, node), said in described.items():
        if iri("cg:polarity") in said:
            continue
        unit = next(iter(said.get(iri("cg:unit"), [])), None)
        spans = dict(_spans(said))
        for key in product(*({same.get(o, o) for o in said.get(p, [])} for p in sorted(kinds[kind].keys))):
            yield _Claim(node, (kind, *key), unit, spans)


def _spans(said: _Said) -> Iterator[tuple[str, Interval]]:
    """Yield the span of the value, the start and the end that are known of a claim."""
    for name, ends in SPANS.items():
        sides = [next(iter(said.get(iri(side), [])), None) for side in ends]
        if any(sides):
            convert = Decimal if name == "value" else date.fromisoformat
            yield name, Interval(*(convert(side.value) if side else None for side in sides))


def _representatives(store: Store) -> dict[Term, Term]:
    """Return one representative for each thing that readings hold to be possibly another."""
    together: dict[Term, set[Term]] = {}
    for row in select(store, "SELECT ?one ?other { ?reading cg:thing ?one , ?other FILTER(?one != ?other) }"):
        group = together.get(row["one"], {row["one"]}) | together.get(row["other"], {row["other"]})
        together.update(dict.fromkeys(group, group))
    return {thing: min(group, key=str) for thing, group in together.items()}


def _rates(store: Store) -> dict[tuple[Term, Term], Decimal]:
    """Return the rates between units that sources state: how many of the second make one of the first."""
    query = """SELECT ?from ?to ?amount ?converted {
      ?claim cg:conversionOf ?original ; cg:value ?converted ; cg:unit ?to .
      ?original cg:value ?amount ; cg:unit ?from .
      MINUS { ?claim cg:polarity cg:denied } MINUS { ?original cg:polarity cg:denied } }"""
    found: dict[tuple[Term, Term], set[Decimal]] = defaultdict(set)
    for row in select(store, query):
        try:
            amount, converted = Decimal(row["amount"].value), Decimal(row["converted"].value)
            found[row["from"], row["to"]].add(converted / amount)
            found[row["to"], row["from"]].add(amount / converted)
        except ArithmeticError:
            continue  # not a number, or none at all: the shapes report it
    return {units: next(iter(rates)) for units, rates in found.items() if len(rates) == 1}
