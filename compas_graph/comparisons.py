"""What makes claims comparable: first and last days, least and most figures, and who disagrees.

A printed figure stands for every number that rounds to it, though never for one more than
5 percent away; "about" stands for 10 percent either way; "more than" and "up to" are open on one
side. Two amounts in different currencies are compared by a rate that a source itself states
(`cg:conversionOf`), else not at all.

A kind of claim declares in the ontology on what it is keyed and what must be single-valued.
Claims of one kind and key, where things held to be possibly the same count as one, disagree when
their values cannot both hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations, product
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


def interval(value: Decimal, comparator: str = "") -> Interval:
    """Return the least and the most that a printed figure can stand for.

    >>> interval(Decimal(1400000000))
    Interval(least=Decimal('1350000000'), most=Decimal('1450000000'))
    >>> interval(Decimal(1000000000), "about")
    Interval(least=Decimal('900000000.0'), most=Decimal('1100000000.0'))
    """
    if comparator == "moreThan":
        return Interval(value, None)
    if comparator == "upTo":
        return Interval(None, value)
    if comparator == "about":
        slack = abs(value) / 10
    else:
        exponent = value.normalize().as_tuple().exponent
        slack = min(Decimal(5).scaleb(int(exponent) - 1), abs(value) / 20)
    return Interval(value - slack, value + slack)


def derive_comparisons(store: Store) -> None:
    """Add the days, the figures and the disagreements of all claims to their graph in the store."""
    store.extend([*_dates(store, "start"), *_dates(store, "end"), *_publication(store)])
    store.extend(list(_figures(store)))
    store.extend(
        [Quad(one, iri("cg:disagreesWith"), other, COMPARISONS) for one, other in _disagreements(store)]
    )


def _local(term: object) -> str:
    return term.value.rpartition("#")[2] if isinstance(term, NamedNode) else ""


def _partial(literal: Literal) -> tuple[str, str]:
    return literal.value, _local(literal.datatype)


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
        except ValueError:
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
    query = "SELECT ?claim ?value ?comparator { ?claim cg:value ?value OPTIONAL { ?claim cg:comparator ?comparator } }"
    for row in select(store, query):
        try:
            span = interval(Decimal(row["value"].value), _local(row["comparator"]))
        except ArithmeticError:
            continue  # not a number: the shapes report it
        for name, figure in zip(("least", "most"), span, strict=True):
            if figure is not None:
                text = format(figure.normalize(), "f")
                yield Quad(row["claim"], iri(f"cg:{name}"), Literal(text, datatype=NamedNode(XSD + "decimal")), COMPARISONS)


class _Claim(NamedTuple):
    """The values of one claim for the properties that matter to its kind."""

    node: NamedNode
    keys: tuple[tuple[NamedNode, ...], ...]
    unit: NamedNode | None
    spans: dict[str, Interval]


def _disagreements(store: Store) -> Iterator[tuple[NamedNode, NamedNode]]:
    """Yield each pair of claims of one kind and key whose values cannot both hold."""
    rates = _rates(store)
    found: set[tuple[NamedNode, NamedNode]] = set()
    for kind, keys, values in _keyed_kinds(store):
        groups: dict[tuple[NamedNode, ...], list[_Claim]] = defaultdict(list)
        for claim in _claims(store, kind, keys):
            for key in product(*claim.keys):
                groups[key].append(claim)
        for group in groups.values():
            for one, other in combinations(group, 2):
                if one.node != other.node and any(_apart(one, other, name, rates) for name in values):
                    found.add((one.node, other.node) if one.node.value < other.node.value else (other.node, one.node))
    yield from sorted(found, key=lambda pair: (pair[0].value, pair[1].value))


def _apart(one: _Claim, other: _Claim, name: str, rates: dict[tuple[NamedNode, NamedNode], Decimal]) -> bool:
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


def _keyed_kinds(store: Store) -> list[tuple[NamedNode, list[NamedNode], list[str]]]:
    """Return each keyed kind of claim with its key properties and the names of its single-valued ones."""
    kinds: dict[NamedNode, tuple[set[NamedNode], set[str]]] = defaultdict(lambda: (set(), set()))
    for row in select(store, "SELECT ?kind ?key ?value { ?kind cg:keyedOn ?key ; cg:singleValued ?value }"):
        kinds[row["kind"]][0].add(row["key"])
        kinds[row["kind"]][1].add(_local(row["value"]))
    return [(kind, sorted(keys, key=str), sorted(values)) for kind, (keys, values) in kinds.items()]


def _claims(store: Store, kind: NamedNode, keys: list[NamedNode]) -> Iterator[_Claim]:
    """Yield the affirmative claims of a kind that have a value for each key."""
    same = _representatives(store)
    described: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for row in select(store, f"SELECT ?claim ?p ?o {{ ?claim a {kind} ; ?p ?o MINUS {{ ?claim cg:withdrawn ?day }} }}"):
        described[row["claim"]][row["p"]].append(row["o"])
    for node, said in described.items():
        if iri("cg:polarity") in said or not all(key in said for key in keys):
            continue
        key_values = tuple(tuple({same.get(o, o) for o in said[key]}) for key in keys)
        unit = next(iter(said.get(iri("cg:unit"), [])), None)
        yield _Claim(node, key_values, unit, dict(_spans(said)))  # type: ignore[arg-type]


def _spans(said: dict[NamedNode, list[NamedNode | Literal]]) -> Iterator[tuple[str, Interval]]:
    """Yield the span of the value, the start and the end that are known of a claim."""
    for name, low, high in (
        ("value", "least", "most"),
        ("start", "earliestStart", "latestStart"),
        ("end", "earliestEnd", "latestEnd"),
    ):
        sides = [next(iter(said.get(iri("cg:" + side), [])), None) for side in (low, high)]
        if any(sides):
            convert = Decimal if name == "value" else date.fromisoformat
            yield name, Interval(*(convert(side.value) if side else None for side in sides))


def _representatives(store: Store) -> dict[NamedNode | Literal, NamedNode | Literal]:
    """Return one representative for each thing that readings hold to be possibly another."""
    together: dict[NamedNode | Literal, set[NamedNode | Literal]] = {}
    for row in select(store, "SELECT ?one ?other { ?reading cg:thing ?one , ?other FILTER(?one != ?other) }"):
        group = together.get(row["one"], {row["one"]}) | together.get(row["other"], {row["other"]})
        together.update(dict.fromkeys(group, group))
    return {thing: min(group, key=str) for thing, group in together.items()}


def _rates(store: Store) -> dict[tuple[NamedNode, NamedNode], Decimal]:
    """Return the rates between units that sources state: how many of the second make one of the first."""
    query = """SELECT ?from ?to ?amount ?converted {
      ?claim cg:conversionOf ?original ; cg:value ?converted ; cg:unit ?to .
      ?original cg:value ?amount ; cg:unit ?from }"""
    found: dict[tuple[NamedNode, NamedNode], set[Decimal]] = defaultdict(set)
    for row in select(store, query):
        amount, converted = Decimal(row["amount"].value), Decimal(row["converted"].value)
        if amount and converted:
            found[row["from"], row["to"]].add(converted / amount)
            found[row["to"], row["from"]].add(amount / converted)
    return {units: next(iter(rates)) for units, rates in found.items() if len(rates) == 1}


