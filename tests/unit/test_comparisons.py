"""Figures and dates are compared as printed and hedged, and only where a source lets them be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from compas_graph.comparisons import Interval, derive_comparisons, interval
from compas_graph.disagreements import derive_disagreements
from compas_graph.namespaces import compact
from compas_graph.store import COMPARISONS, iri, select

MakeStore = Callable[[str], Store]
Rows = Callable[[str], list[tuple[str, ...]]]
figures = st.integers(-(10**12), 10**12).map(Decimal)
positive = st.integers(1, 10**12).map(Decimal)

KINDS = """
cg:SumClaim cg:keyedOn cg:plant ; cg:singleValued cg:value .
cg:DateClaim cg:keyedOn cg:model , cg:milestone ; cg:singleValued cg:start , cg:end .
cg:JobsClaim cg:keyedOn cg:plant ; cg:singleValued cg:value .
cg:about cg:leastShare 0.9 ; cg:mostShare 1.1 . cg:moreThan cg:leastShare 1.0 . cg:upTo cg:mostShare 1.0 .
"""
SHARES = [(None, None), (Decimal("0.9"), Decimal("1.1")), (Decimal(1), None), (None, Decimal(1))]
"""How much hedges allow: as printed, about, more than, up to."""


def disagreements(store: Store) -> set[tuple[str, str]]:
    derive_comparisons(store)
    derive_disagreements(store)
    query = "SELECT ?one ?other { GRAPH graph:comparisons { ?one cg:disagreesWith ?other } }"
    return {(compact(row["one"].value)[6:], compact(row["other"].value)[6:]) for row in select(store, query)}


def sums(*said: str, of: str = "id:p", kind: str = "cg:SumClaim") -> str:
    """Return claims a, b, … each with what it says of one plant."""
    return "".join(
        f"claim:{name} a {kind} ; cg:plant {of} ; {words} .\n" for name, words in zip("abcdef", said, strict=False)
    )


# --- Intervals ---


@given(figures, st.sampled_from(SHARES))
def test_a_figure_lies_in_its_own_interval(value: Decimal, shares: tuple[Decimal | None, Decimal | None]) -> None:
    """However it is hedged, what is printed can be so."""
    assert not interval(value, *shares).apart(Interval(value, value))


@given(positive, st.integers(1, 12))
def test_a_printed_figure_stands_for_what_rounds_to_it_but_for_no_more_than_five_percent(
    value: Decimal, digits: int
) -> None:
    """The last printed digit that is not zero tells how far it was rounded."""
    least, most = interval(value)
    unit = Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))
    assert isinstance(least, Decimal) and isinstance(most, Decimal)
    assert most - value == value - least == min(unit / 2, value / 20)


@given(positive, st.decimals(0, 1, places=2), st.decimals(1, 9, places=2))
def test_a_hedge_stands_for_shares_of_the_figure_and_is_open_where_it_has_none(
    value: Decimal, least: Decimal, most: Decimal
) -> None:
    """Nothing above contradicts "more than", nothing below "up to"."""
    assert interval(value, least, most) == (value * least, value * most)
    assert interval(value, least=least) == (value * least, None)
    assert interval(value, most=most) == (None, value * most)


def test_the_hedges_of_the_ontology_stand_for_what_a_reader_takes_them_for(opened: MakeStore) -> None:
    """What is no hedge but tells a change has no shares, and stands as printed."""
    hedges = {"about": ("900", "1100"), "moreThan": ("1000", ""), "upTo": ("", "1000"), "by": ("950", "1050")}
    store = opened("".join(f"claim:{one} cg:value 1000 ; cg:comparator cg:{one} .\n" for one in hedges))
    for name, expected in hedges.items():
        query = f"SELECT ?l ?m {{ OPTIONAL {{ claim:{name} cg:least ?l }} OPTIONAL {{ claim:{name} cg:most ?m }} }}"
        (row,) = select(store, query)
        assert tuple("" if term is None else term.value for term in row) == expected


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Decimal | None, Decimal | None]:
    low, high = sorted((draw(figures), draw(figures)))
    return draw(st.sampled_from([(low, high), (low, None), (None, high), (None, None)]))


@given(intervals(), intervals())
def test_being_apart_is_mutual_and_means_no_common_value(
    one: tuple[Decimal | None, Decimal | None], other: tuple[Decimal | None, Decimal | None]
) -> None:
    """Open sides reach as far as needed; a shared end is common."""
    first, second = Interval(*one), Interval(*other)
    lows = [low for low in (one[0], other[0]) if low is not None]
    highs = [high for high in (one[1], other[1]) if high is not None]
    common = not lows or not highs or max(lows) <= min(highs)
    assert first.apart(second) == second.apart(first) == (not common)


# --- Figures ---


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("cg:value 1360000000", "cg:value 1400000000", False),  # rounds to it
        ("cg:value 1000000000 ; cg:comparator cg:about", "cg:value 1360000000", True),
        ("cg:value 1000000000 ; cg:comparator cg:about", "cg:value 1100000000", False),
        ("cg:value 230000 ; cg:comparator cg:moreThan", "cg:value 300000", False),
        ("cg:value 230000 ; cg:comparator cg:moreThan", "cg:value 200000", True),
        ("cg:value 70 ; cg:comparator cg:upTo", "cg:value 60", False),
        ("cg:value 70 ; cg:comparator cg:upTo", "cg:value 80", True),
        ("cg:value 13", "cg:value 13", False),
        ("cg:value 7", "cg:value 13", True),
    ],
)
def test_figures_disagree_where_no_value_fits_both(asserted: MakeStore, one: str, other: str, apart: bool) -> None:
    """As printed, hedged and rounded."""
    units = [said + " ; cg:unit cg:dollar" for said in (one, other)]
    assert disagreements(asserted(KINDS + sums(*units))) == ({("a", "b")} if apart else set())


def test_figures_of_different_units_are_never_compared(asserted: MakeStore) -> None:
    """Jobs are no vehicles a year, and a figure without a unit is neither."""
    said = "cg:value 5 ; cg:unit cg:jobs", "cg:value 9 ; cg:unit cg:vehiclesPerYear", "cg:value 30"
    assert disagreements(asserted(KINDS + sums(*said))) == set()


def test_claims_of_different_kinds_or_keys_are_never_compared(asserted: MakeStore) -> None:
    """Each plant has its own sum, and a sum is no number of jobs."""
    one, other = sums("cg:value 5"), sums("cg:value 9").replace("claim:a", "claim:b")
    assert disagreements(asserted(KINDS + one + other)) == {("a", "b")}
    assert disagreements(asserted(KINDS + one + other.replace("id:p", "id:q"))) == set()
    assert disagreements(asserted(KINDS + one + other.replace("SumClaim", "JobsClaim"))) == set()


def test_a_claim_without_a_key_is_not_compared(asserted: MakeStore) -> None:
    """What it is about is not known well enough."""
    assert disagreements(asserted(KINDS + sums("cg:value 5") + "claim:b a cg:SumClaim ; cg:value 9 .")) == set()


def test_denied_claims_disagree_with_nothing(asserted: MakeStore) -> None:
    """Only what is affirmed is compared."""
    assert disagreements(asserted(KINDS + sums("cg:value 5", "cg:value 9 ; cg:polarity cg:denied"))) == set()


@pytest.mark.parametrize(
    "value", ['"many"', '"NaN"^^xsd:double', '"INF"^^xsd:double', '"5x"^^xsd:decimal', "id:five", "true"]
)
def test_a_figure_that_is_no_number_is_left_to_the_shapes(asserted: MakeStore, value: str) -> None:
    """It is neither compared nor a reason to stop."""
    assert disagreements(asserted(KINDS + sums("cg:value 5", "cg:value 9", f"cg:value {value}"))) == {("a", "b")}


# --- Currencies ---

EURO, DOLLAR = "cg:value 1000 ; cg:unit cg:euro", "cg:value 1360 ; cg:unit cg:dollar"


def rate(name: str, euros: int, dollars: int, more: str = "") -> str:
    """Return a pair of claims of another plant, of which the second converts the first."""
    return f"""
    claim:{name}1 a cg:SumClaim ; cg:plant id:{name} ; cg:value {euros} ; cg:unit cg:euro .
    claim:{name}2 a cg:SumClaim ; cg:plant id:{name} ; cg:value {dollars} ; cg:unit cg:dollar ;
      cg:conversionOf claim:{name}1 {more}.
    """


def test_currencies_are_not_compared_without_a_rate(asserted: MakeStore) -> None:
    """No rate comes from outside the sources."""
    assert disagreements(asserted(KINDS + sums(EURO, "cg:value 5000 ; cg:unit cg:dollar"))) == set()


def test_currencies_are_compared_by_the_rate_that_a_source_states(asserted: MakeStore) -> None:
    """In both directions, whichever claim comes first."""
    far = "cg:value 5000 ; cg:unit cg:dollar"
    assert disagreements(asserted(KINDS + rate("r", 100, 136) + sums(EURO, DOLLAR))) == set()
    assert disagreements(asserted(KINDS + rate("r", 100, 136) + sums(EURO, far))) == {("a", "b")}
    assert disagreements(asserted(KINDS + rate("r", 100, 136) + sums(far, EURO))) == {("a", "b")}


def test_currencies_are_not_compared_where_sources_state_two_rates(asserted: MakeStore) -> None:
    """Neither is picked, and no mean is taken; the same rate twice is one."""
    far = "cg:value 5000 ; cg:unit cg:dollar"
    two = rate("r", 100, 136) + rate("s", 100, 110)
    assert disagreements(asserted(KINDS + two + sums(EURO, far))) == set()
    same = rate("r", 100, 136) + rate("s", 200, 272)
    assert disagreements(asserted(KINDS + same + sums(EURO, far))) == {("a", "b")}


def test_a_rate_that_is_denied_is_no_rate(asserted: MakeStore) -> None:
    """No comparison rests on it."""
    far, denied = "cg:value 5000 ; cg:unit cg:dollar", "; cg:polarity cg:denied "
    assert disagreements(asserted(KINDS + rate("r", 100, 136, denied) + sums(EURO, far))) == set()


@pytest.mark.parametrize(("euros", "dollars"), [("0", "0"), ('"x"', "136"), ("100", '"x"')])
def test_a_rate_that_is_no_number_is_left_to_the_shapes(asserted: MakeStore, euros: str, dollars: str) -> None:
    """It neither stops the program nor divides by nothing."""
    data = (
        rate("r", 100, 136).replace("cg:value 136", f"cg:value {dollars}").replace("cg:value 100", f"cg:value {euros}")
    )
    assert disagreements(asserted(KINDS + data + sums(EURO, "cg:value 5000 ; cg:unit cg:dollar"))) == set()


# --- Keys ---

OTHER = "claim:b a cg:SumClaim ; cg:plant id:q ; cg:value 9 ."


def test_things_that_a_reading_holds_to_be_possibly_the_same_share_a_key(asserted: MakeStore) -> None:
    """In however many steps."""
    claims = KINDS + sums("cg:value 5") + OTHER
    one = "reading:r a cg:PossiblySameReading ; cg:thing id:p , id:q ."
    two = "reading:r cg:thing id:p , id:m . reading:s cg:thing id:m , id:n . reading:t cg:thing id:q , id:n ."
    apart = "reading:r cg:thing id:p , id:m . reading:s cg:thing id:q , id:n ."
    assert disagreements(asserted(claims)) == set()
    assert disagreements(asserted(claims + one)) == {("a", "b")}
    assert disagreements(asserted(claims + two)) == {("a", "b")}
    assert disagreements(asserted(claims + apart)) == set()


def test_every_key_must_agree(asserted: MakeStore) -> None:
    """The same year of another milestone is another matter; of several values one in common is enough."""
    data = (
        KINDS
        + """
    claim:a a cg:DateClaim ; cg:model id:m , id:n ; cg:milestone cg:onSale ;
      cg:start "2017"^^xsd:gYear ; cg:startBound cg:boundAt .
    claim:b a cg:DateClaim ; cg:model id:m ; cg:milestone cg:onSale ;
      cg:start "2018"^^xsd:gYear ; cg:startBound cg:boundAt .
    claim:c a cg:DateClaim ; cg:model id:m ; cg:milestone cg:rollOut ;
      cg:start "2019"^^xsd:gYear ; cg:startBound cg:boundAt .
    """
    )
    assert disagreements(asserted(data)) == {("a", "b")}


# --- Dates ---


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ('"2017"^^xsd:gYear ; cg:startBound cg:boundAt', '"2017-05"^^xsd:gYearMonth ; cg:startBound cg:boundAt', False),
        ('"2017"^^xsd:gYear ; cg:startBound cg:boundAt', '"2018-01-01"^^xsd:date ; cg:startBound cg:boundAt', True),
        ('"2017"^^xsd:gYear ; cg:startBound cg:boundBy', '"2016"^^xsd:gYear ; cg:startBound cg:boundAt', False),
        ('"2017"^^xsd:gYear ; cg:startBound cg:boundBy', '"2018"^^xsd:gYear ; cg:startBound cg:boundAt', True),
        ('"2017"^^xsd:gYear ; cg:startBound cg:boundAfter', '"2020"^^xsd:gYear ; cg:startBound cg:boundAt', False),
        ('"2017"^^xsd:gYear ; cg:startBound cg:boundAfter', '"2016"^^xsd:gYear ; cg:startBound cg:boundAt', True),
        ('"2017"^^xsd:gYear ; cg:startBound cg:boundAbout', '"2018"^^xsd:gYear ; cg:startBound cg:boundAt', False),
        ('"2017"^^xsd:gYear ; cg:startBound cg:boundAbout', '"2030"^^xsd:gYear ; cg:startBound cg:boundAt', True),
        ('"2017-13"^^xsd:gYearMonth ; cg:startBound cg:boundAt', '"2030"^^xsd:gYear ; cg:startBound cg:boundAt', False),
        ('"2017"^^xsd:gYear', '"2030"^^xsd:gYear', False),
    ],
)
def test_dates_disagree_where_no_day_fits_both(asserted: MakeStore, one: str, other: str, apart: bool) -> None:
    """As precise as they are and with their bounds; about, no bound, and no date at all exclude nothing."""
    claims = "".join(
        f"claim:{name} a cg:DateClaim ; cg:model id:m ; cg:milestone cg:onSale ; cg:start {said} .\n"
        for name, said in (("a", one), ("b", other))
    )
    assert disagreements(asserted(KINDS + claims)) == ({("a", "b")} if apart else set())


def test_a_relative_date_is_resolved_against_its_source_and_compared(asserted: MakeStore) -> None:
    """In two years, said in 2015, is 2017; the resolved date is kept apart from what was typed."""
    store = asserted(
        KINDS
        + """
    cg:inTwoYears cg:offset 2 ; cg:offsetUnit "year" .
    source:s a cg:Source ; cg:published "2015-07"^^xsd:gYearMonth . passage:p cg:inSource source:s .
    claim:a a cg:DateClaim ; cg:model id:m ; cg:milestone cg:onSale ; cg:startRelative cg:inTwoYears ;
      cg:startBound cg:boundAt ; cg:passage passage:p .
    claim:b a cg:DateClaim ; cg:model id:m ; cg:milestone cg:onSale ;
      cg:start "2016"^^xsd:gYear ; cg:startBound cg:boundAt .
    """
    )
    assert disagreements(store) == {("a", "b")}
    (resolved,) = store.quads_for_pattern(iri("claim:a"), iri("cg:resolvedStart"), None, None)
    assert resolved.graph_name == COMPARISONS
    assert resolved.object == Literal("2017", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYear"))


def test_earliest_and_latest_days_are_dates_and_absent_where_a_bound_is_open(asserted: MakeStore) -> None:
    """So that stores which do not order partial dates can compare them."""
    store = asserted(
        """
    claim:a cg:start "2016-02"^^xsd:gYearMonth ; cg:startBound cg:boundAt .
    claim:a cg:end "2020"^^xsd:gYear ; cg:endBound cg:boundBy .
    """
    )
    derive_comparisons(store)
    query = "SELECT ?side ?day { GRAPH graph:comparisons { claim:a ?side ?day } }"
    found = {compact(row["side"].value): row["day"].value for row in select(store, query)}
    assert found == {
        "cg:earliestStart": "2016-02-01",
        "cg:latestStart": "2016-02-29",
        "cg:latestEnd": "2020-12-31",
    }
    assert all(date.fromisoformat(day) for day in found.values())


# --- The real graph ---


def pairs(rows: Rows, kind: str) -> set[frozenset[str]]:
    query = f"SELECT ?one ?other {{ ?one a {kind} ; cg:disagreesWith ?other . ?other a {kind} }}"
    return {frozenset(term.rpartition("/")[2] for term in row) for row in rows(query)}


def test_the_investment_figures_disagree_between_two_pairs_of_sources_and_agree_within(rows: Rows) -> None:
    """A billion euros, 1.36 and 1.4 billion dollars are one sum; about a billion dollars, said twice, is another."""
    high, low = ("s0-05", "s0-06", "s2-07"), ("s1-12", "s3-08")
    assert pairs(rows, "cg:InvestmentClaim") == {frozenset((one, other)) for one in high for other in low}


def test_the_figures_for_jobs_are_listed(rows: Rows) -> None:
    """3,600 against 5,700: that scope, stage and year differ is for the reader to see."""
    assert pairs(rows, "cg:JobsClaim") == {frozenset(("s1-24", "s2-31"))}


def test_capacities_of_different_stages_do_not_disagree(rows: Rows) -> None:
    """More than 230,000 at first leaves room for 300,000."""
    assert pairs(rows, "cg:CapacityClaim") == set()


def test_a_disagreement_holds_both_ways(rows: Rows) -> None:
    """Whichever claim one starts from."""
    found = set(rows("SELECT ?one ?other { ?one cg:disagreesWith ?other }"))
    assert found
    assert found == {(other, one) for one, other in found}
