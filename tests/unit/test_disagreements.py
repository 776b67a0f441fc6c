"""The pairs of claims that disagree, found again by hand from what the claims themselves say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Store

from compas_graph.comparisons import derive_comparisons
from compas_graph.disagreements import derive_disagreements, disagreements
from compas_graph.namespaces import PREFIXES
from compas_graph.store import COMPARISONS, iri, select
from tests import HEAD

MakeStore = Callable[[str], Store]
KIND = """cg:SumClaim cg:keyedOn cg:plant ; cg:singleValued cg:value .
cg:about cg:leastShare 0.9 ; cg:mostShare 1.1 . cg:moreThan cg:leastShare 1.0 . cg:upTo cg:mostShare 1.0 .
"""
UNITS = ("cg:jobs", "cg:dollar", "")
TWO = "claim:a a cg:SumClaim ; cg:plant id:p ; cg:value 5 . claim:b a cg:SumClaim ; cg:plant id:q ; cg:value 9 .\n"
SAME = "reading:r a cg:PossiblySameReading ; cg:thing id:p , id:q ; cg:modality cg:inferred"


def pairs(store: Store) -> list[tuple[str, str]]:
    derive_comparisons(store)
    return [(one.value.rpartition("/")[2], other.value.rpartition("/")[2]) for one, other in disagreements(store)]


# --- Small graphs ---

claims = st.tuples(
    st.sampled_from(["id:p", "id:q", "id:r"]),
    st.integers(1, 30),
    st.sampled_from(["", "about", "moreThan", "upTo"]),
    st.sampled_from(UNITS),
)
Said = tuple[str, int, str, str]


def span(value: int, comparator: str) -> tuple[Decimal, Decimal]:
    """Give the least and the most that a figure up to 30 stands for, counted by hand."""
    figure, far = Decimal(value), Decimal("Infinity")
    if comparator in ("moreThan", "upTo"):
        return (figure, far) if comparator == "moreThan" else (-far, figure)
    slack = figure / 10 if comparator == "about" else min(Decimal(5 if value % 10 == 0 else "0.5"), figure / 20)
    return figure - slack, figure + slack


@settings(max_examples=60, deadline=None)
@given(st.lists(claims, max_size=7), st.lists(st.tuples(*[st.sampled_from(["id:p", "id:q", "id:r"])] * 2), max_size=2))
def test_two_claims_disagree_just_if_key_and_unit_agree_and_no_value_fits_both(
    said: list[Said], readings: list[tuple[str, str]]
) -> None:
    """As a plain comparison of each with each finds; things that may be one are one, in however many steps."""
    store = Store()
    written = [
        f"claim:{number} a cg:SumClaim ; cg:plant {plant} ; cg:value {value}"
        + (f" ; cg:comparator cg:{hedge}" if hedge else "")
        + (f" ; cg:unit {unit}" if unit else "")
        for number, (plant, value, hedge, unit) in enumerate(said)
    ]
    written += [f"reading:{number} cg:thing {one} , {other}" for number, (one, other) in enumerate(readings)]
    store.load(HEAD + KIND + "".join(f"{line} .\n" for line in written), RdfFormat.TURTLE)
    group = {name: {name} for name in ("id:p", "id:q", "id:r")}
    for one, other in readings:
        joined = group[one] | group[other]
        group |= dict.fromkeys(joined, joined)
    expected = []
    for (first, claim), (second, rival) in combinations(enumerate(said), 2):
        (low, high), (least, most) = span(claim[1], claim[2]), span(rival[1], rival[2])
        if rival[0] in group[claim[0]] and claim[3] == rival[3] and (high < least or most < low):
            expected.append((str(first), str(second)))
    assert pairs(store) == sorted(expected)


def test_each_pair_is_found_once_in_order_and_is_put_with_the_comparisons(asserted: MakeStore) -> None:
    """That it holds both ways is inferred later."""
    several = "".join(f"claim:{name} a cg:SumClaim ; cg:plant id:p , id:q ; cg:value {value} .\n"
                      for name, value in (("c", 100), ("a", 1), ("b", 10)))  # fmt: skip
    store = asserted(KIND + several)
    assert pairs(store) == [("a", "b"), ("a", "c"), ("b", "c")]
    derive_disagreements(store)
    found = list(store.quads_for_pattern(None, iri("cg:disagreesWith"), None))
    assert len(found) == 3 and {quad.graph_name for quad in found} == {COMPARISONS}


def test_what_a_claim_denies_is_no_value_of_its_own(asserted: MakeStore) -> None:
    """So that it stands against none."""
    two = TWO.replace("id:q", "id:p")
    for name in "ab":
        assert pairs(asserted(KIND + two + f"claim:{name} cg:polarity cg:denied .")) == []


def test_a_kind_without_a_key_or_without_what_is_single_valued_is_not_compared(asserted: MakeStore) -> None:
    """Nor is anything compared where no kind says how."""
    two = TWO.replace("id:q", "id:p")
    assert pairs(asserted(KIND + two)) == [("a", "b")]
    for said in ("", "cg:SumClaim cg:keyedOn cg:plant .", "cg:SumClaim cg:singleValued cg:value ."):
        assert pairs(asserted(said + two)) == []


def test_nothing_is_compared_in_an_empty_graph() -> None:
    """Without error."""
    assert disagreements(Store()) == []


def test_a_reading_makes_one_key_of_two_things(asserted: MakeStore) -> None:
    """As with the fact that it yields."""
    assert pairs(asserted(KIND + TWO)) == []
    assert pairs(asserted(KIND + TWO + f"{SAME} .")) == [("a", "b")]


# --- The real graph ---

SIDES: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    "value": ("least", "most", Decimal),
    "start": ("earliestStart", "latestStart", date.fromisoformat),
    "end": ("earliestEnd", "latestEnd", date.fromisoformat),
}


def said_of(store: Store, node: NamedNode, name: str) -> set[str]:
    quads = store.quads_for_pattern(node, iri(f"cg:{name}"), None)
    return {quad.object.value for quad in quads if hasattr(quad.object, "value")}


def test_every_real_disagreement_is_of_one_kind_and_key_with_values_apart(store: Store) -> None:
    """In the unit that they share, or at a rate that a source states."""
    rows = list(select(store, "SELECT DISTINCT ?one ?other { ?one cg:disagreesWith ?other }"))
    assert rows
    for row in rows:
        one, other = row["one"], row["other"]
        kinds = (
            f"SELECT ?kind ?name {{ ?kind cg:keyedOn ?key ; cg:singleValued ?name . {one} a ?kind . {other} a ?kind }}"
        )
        shared = {(each["kind"], each["name"].value.rpartition("#")[2]) for each in select(store, kinds)}
        assert shared
        for kind, _ in shared:
            keys = f"SELECT DISTINCT ?key {{ {kind} cg:keyedOn ?key }}"
            for key in (each["key"] for each in select(store, keys)):
                same = "FILTER(?x = ?y || EXISTS { ?x cg:possiblySameAs+ ?y })"
                test = f"ASK {{ {one} {key} ?x . {other} {key} ?y {same} }}"
                assert store.query(test, prefixes=PREFIXES, use_default_graph_as_union=True), (one, other, key)
        converted = said_of(store, one, "unit") != said_of(store, other, "unit")
        assert converted or any(apart(store, one, other, name) for _, name in shared), (one, other)


def apart(store: Store, one: NamedNode, other: NamedNode, name: str) -> bool:
    low, high, convert = SIDES[name]
    highs = [min(map(convert, said_of(store, node, high)), default=None) for node in (one, other)]
    lows = [max(map(convert, said_of(store, node, low)), default=None) for node in (one, other)]
    return any(
        top is not None and bottom is not None and top < bottom
        for top, bottom in zip(highs, reversed(lows), strict=True)
    )


def test_claims_with_the_same_words_do_not_disagree_with_themselves(store: Store) -> None:
    """No claim stands against itself, none that is denied against another."""
    for wrong in ("FILTER(?one = ?other)", "?one cg:polarity cg:denied"):
        assert not list(select(store, f"SELECT ?one {{ ?one cg:disagreesWith ?other . {wrong} }}"))
