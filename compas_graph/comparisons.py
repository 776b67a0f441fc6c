"""What makes claims comparable: their first and last days, their least and most figures.

A printed figure stands for every number that rounds to it, though never for one more than
5 percent away; for how much a hedged one stands, its comparator says in the ontology.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store

from compas_graph.dates import RelativeTime, limits, resolve
from compas_graph.store import COMPARISONS, iri, select

__all__ = ["Interval", "derive_comparisons", "interval"]

XSD = "http://www.w3.org/2001/XMLSchema#"


class Interval(NamedTuple):
    """A span of figures or days; None where a side is open."""

    least: Decimal | date | None
    most: Decimal | date | None

    def apart(self, other: Interval) -> bool:
        """Tell whether no value can lie in both."""
        return _below(self.most, other.least) or _below(other.most, self.least)


def _below(high: Decimal | date | None, low: Decimal | date | None) -> bool:
    return high is not None and low is not None and high < low  # type: ignore[operator]  # both are of one kind


def interval(value: Decimal, least: Decimal | None = None, most: Decimal | None = None) -> Interval:
    """Return the least and the most that a printed figure can stand for.

    `least` and `most` are the shares of it that a hedge allows, one of them None where it is open; without
    either the figure stands as printed.

    >>> interval(Decimal(1400000000))
    Interval(least=Decimal('1350000000'), most=Decimal('1450000000'))
    >>> interval(Decimal(1000000000), most=Decimal("1.1"))
    Interval(least=None, most=Decimal('1100000000.0'))
    """
    if least is None and most is None:
        exponent = value.normalize().as_tuple().exponent
        slack = min(Decimal(5).scaleb(int(exponent) - 1), abs(value) / 20)
        return Interval(value - slack, value + slack)
    return Interval(*(None if share is None else value + abs(value) * (share - 1) for share in (least, most)))


def derive_comparisons(store: Store) -> None:
    """Add the first and last days and the least and most figures of all claims to their graph in the store."""
    store.extend([*_dates(store, "start"), *_dates(store, "end"), *_publication(store)])
    store.extend(list(_figures(store)))


def _local(term: object) -> str:
    return term.value.rpartition("#")[2] if isinstance(term, NamedNode) else ""


def _partial(term: object) -> tuple[str, str]:
    return (term.value, _local(term.datatype)) if isinstance(term, Literal) else ("", "")


def _days(subject: NamedNode, side: str, days: tuple[date | None, date | None]) -> Iterator[Quad]:
    for which, day in zip(("earliest", "latest"), days, strict=True):
        if day is not None:
            literal = Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))
            yield Quad(subject, iri(f"cg:{which}{side}"), literal, COMPARISONS)


def _dates(store: Store, side: str) -> Iterator[Quad]:
    """Yield what relative times stand for, and the first and last day of every start or end."""
    name = side.capitalize()
    rows = select(
        store,
        f"""SELECT ?claim ?date ?bound ?offset ?unit ?weekday ?published WHERE {{
          {{ ?claim cg:{side} ?date }} UNION {{
            ?claim cg:{side}Relative ?relative ; cg:passage/cg:inSource/cg:published ?published .
            OPTIONAL {{ ?relative cg:offset ?offset ; cg:offsetUnit ?unit }}
            OPTIONAL {{ ?relative cg:weekday ?weekday }}
          }}
          OPTIONAL {{ ?claim cg:{side}Bound ?bound }}
        }}""",
    )
    for row in rows:
        try:
            value = _partial(row["date"]) if row["date"] is not None else _resolved(row)
            if value is None:
                continue
            days = limits(value, _local(row["bound"]))
        except (OverflowError, ValueError):
            continue  # not a date: the shapes report it
        if row["date"] is None:
            literal = Literal(value[0], datatype=NamedNode(XSD + value[1]))
            yield Quad(row["claim"], iri(f"cg:resolved{name}"), literal, COMPARISONS)
        yield from _days(row["claim"], name, days)


def _resolved(row: object) -> tuple[str, str] | None:
    offset, unit, weekday = (row[name] for name in ("offset", "unit", "weekday"))  # type: ignore[index]
    relative = RelativeTime(
        offset=int(offset.value) if offset else None,
        unit=unit.value if unit else "day",
        weekday=int(weekday.value) if weekday else None,
    )
    return resolve(_partial(row["published"]), relative)  # type: ignore[index]


def _publication(store: Store) -> Iterator[Quad]:
    """Yield the first and last day on which each source can have been published."""
    for row in select(store, "SELECT ?source ?date { ?source a cg:Source ; cg:published ?date }"):
        try:
            yield from _days(row["source"], "Start", limits(_partial(row["date"]), "boundAt"))
        except ValueError:
            continue


def _figures(store: Store) -> Iterator[Quad]:
    """Yield the least and the most that each figure can stand for."""
    hedges = _hedges(store)
    query = "SELECT ?claim ?value ?comparator { ?claim cg:value ?value OPTIONAL { ?claim cg:comparator ?comparator } }"
    for row in select(store, query):
        try:
            shares = (Decimal(share) if share else None for share in hedges.get(row["comparator"], ()))
            span = interval(Decimal(row["value"].value), *shares)
        except (ArithmeticError, ValueError):
            continue  # not a number: the shapes report it
        for name, figure in zip(("least", "most"), span, strict=True):
            if isinstance(figure, Decimal):
                text = format(figure, "f")
                yield Quad(
                    row["claim"], iri(f"cg:{name}"), Literal(text, datatype=NamedNode(XSD + "decimal")), COMPARISONS
                )


def _hedges(store: Store) -> dict[object, list[str]]:
    """Return the least and the most share of a figure that each comparator allows, empty where it is open."""
    found: dict[object, list[str]] = {}
    for place, name in enumerate(("cg:leastShare", "cg:mostShare")):
        for quad in store.quads_for_pattern(None, iri(name), None):
            found.setdefault(quad.subject, ["", ""])[place] = _partial(quad.object)[0]
    return found
