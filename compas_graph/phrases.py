"""Dates and figures of claims in words, as every answer for people shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store

from compas_graph.store import COMPARISONS, iri, select
from compas_graph.words import grouped, phrase

__all__ = ["derive_phrases"]

BILLION = 1_000_000_000


def derive_phrases(store: Store) -> None:
    """Add the date and the figure of each claim in words to the graph of comparisons."""
    store.extend([*_quads("cg:when", _whens(store)), *_quads("cg:figure", _figures(store))])


def _quads(name: str, phrases: Mapping[NamedNode, str]) -> Iterator[Quad]:
    return (Quad(claim, iri(name), Literal(text), COMPARISONS) for claim, text in phrases.items())


def _whens(store: Store) -> dict[NamedNode, str]:
    query = """SELECT ?claim ?side ?date ?symbol ?time ?relative ?bound WHERE {
      VALUES (?side ?given ?resolved ?bounded ?related) {
        ("start" cg:start cg:resolvedStart cg:startBound cg:startRelative)
        ("end" cg:end cg:resolvedEnd cg:endBound cg:endRelative)
      }
      ?claim ?bounded ?bound .
      OPTIONAL { ?bound cg:symbol ?symbol }
      OPTIONAL { ?claim ?related ?time . ?time rdfs:label ?relative }
      OPTIONAL { ?claim ?given ?date }
      OPTIONAL { ?claim ?resolved ?date }
    }"""
    sides: dict[NamedNode, dict[str, str]] = {}
    for row in select(store, query):
        text = _when(row)
        if text:
            sides.setdefault(row["claim"], {})[row["side"].value] = text
    return {claim: _span(found) for claim, found in sides.items()}


def _when(row: Mapping[str, Literal | NamedNode | None]) -> str:
    date, relative, symbol = row["date"], row["relative"], row["symbol"]
    if date is None:
        return relative.value if relative is not None else ""
    if row["time"] == iri("cg:atPublication") and row["side"] == Literal("end"):
        return f"as of {phrase(date.value)}"
    words = f"{symbol.value} {phrase(date.value)}".strip() if symbol is not None else phrase(date.value)
    return f"{words} ({relative.value})" if relative is not None else words


def _span(sides: Mapping[str, str]) -> str:
    if len(sides) == 2:
        still = sides["end"].startswith("as of")
        return f"since {sides['start']}, {sides['end']}" if still else f"{sides['start']} to {sides['end']}"
    return next(iter(sides.values()))


class _Unit(NamedTuple):
    """How figures are written with a unit, a single one, and whether it is money."""

    pattern: str
    singular: str
    money: bool


NO_UNIT = _Unit("#", "#", False)


def _units(store: Store) -> dict[object, _Unit]:
    """Return the units that figures can have."""
    currencies = {quad.subject for quad in store.quads_for_pattern(None, iri("skos:inScheme"), iri("cg:currencies"))}
    patterns, singular = _said(store, "cg:unitPattern"), _said(store, "cg:singularPattern")
    return {unit: _Unit(text, singular.get(unit, text), unit in currencies) for unit, text in patterns.items()}


def _said(store: Store, predicate: str) -> dict[object, str]:
    """Return the text that each subject has for a property."""
    quads = store.quads_for_pattern(None, iri(predicate), None)
    return {quad.subject: quad.object.value for quad in quads if isinstance(quad.object, Literal)}


def _figures(store: Store) -> dict[NamedNode, str]:
    query = """SELECT ?claim ?value ?from ?to ?unit ?comparator ?stage ?scope WHERE {
      { ?claim cg:value ?value } UNION { ?claim cg:fromValue ?from ; cg:toValue ?to }
      OPTIONAL { ?claim cg:unit ?unit }
      OPTIONAL { ?claim cg:comparator/cg:symbol ?comparator }
      OPTIONAL { ?claim cg:stage/rdfs:label ?stage }
      OPTIONAL { ?claim cg:scope/rdfs:label ?scope }
    }"""
    units, names = _units(store), ("value", "from", "to", "comparator", "stage", "scope")
    return {
        row["claim"]: _figure(
            {name: row[name].value for name in names if row[name] is not None}, units.get(row["unit"], NO_UNIT)
        )
        for row in select(store, query)
    }


def _figure(said: Mapping[str, str], unit: _Unit) -> str:
    last = said["value"] if "value" in said else said["to"]
    pattern = unit.singular if last == "1" else unit.pattern
    text = pattern.replace("#", _number(last, money=unit.money))
    text = f"from {grouped(said['from'])} to {text}" if "value" not in said else text
    text = f"{said['comparator']} {text}" if "comparator" in said else text
    qualified = ", ".join(said[name] for name in ("stage", "scope") if name in said)
    return f"{text} ({qualified})" if qualified else text


def _number(value: str, *, money: bool) -> str:
    """Return a figure in words; of money, what is a billion and more in billions.

    >>> _number("1360000000", money=True), _number("1360000000", money=False), _number("3600", money=True)
    ('1.36 billion', '1,360,000,000', '3,600')
    """
    if money and value.isascii() and value.replace(".", "", 1).isdigit() and Decimal(value) >= BILLION:
        return f"{Decimal(value) / BILLION:f} billion"
    return grouped(value)
