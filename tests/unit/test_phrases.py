"""Dates and figures in words say what was claimed, hedges included, and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from compas_graph.comparisons import derive_comparisons
from compas_graph.phrases import derive_phrases
from compas_graph.store import select
from compas_graph.words import grouped

MakeStore = Callable[[str], Store]

WORDS = """
cg:boundAt cg:symbol "" . cg:boundBy cg:symbol "by" . cg:boundAbout cg:symbol "about" .
cg:boundAfter cg:symbol "after" .
cg:about cg:symbol "about" . cg:moreThan cg:symbol "more than" .
cg:dollar cg:unitPattern "$#" ; skos:inScheme cg:currencies . cg:percent cg:unitPattern "#%" .
cg:franc cg:unitPattern "# CHF" ; skos:inScheme cg:currencies . cg:km cg:unitPattern "# km" .
cg:euro cg:unitPattern "€#" ; skos:inScheme cg:currencies .
cg:jobs cg:unitPattern "# jobs" ; cg:singularPattern "# job" .
cg:initial rdfs:label "initial" . cg:directJobs rdfs:label "direct" .
cg:atPublication rdfs:label "at publication" ; cg:offset 0 ; cg:offsetUnit "day" .
cg:recently rdfs:label "recently" .
cg:nextYear rdfs:label "next year" ; cg:offset 1 ; cg:offsetUnit "year" .
source:s a cg:Source ; cg:published "2014-06"^^xsd:gYearMonth . passage:p cg:inSource source:s .
claim:a cg:passage passage:p .
"""


def phrases(store: Store, name: str) -> list[str]:
    derive_comparisons(store)
    derive_phrases(store)
    return [row["words"].value for row in select(store, f"SELECT ?words {{ claim:a cg:{name} ?words }}")]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "cg:value 3600 ; cg:unit cg:jobs ; cg:comparator cg:about ; cg:scope cg:directJobs",
            "about 3,600 jobs (direct)",
        ),
        ("cg:value 1 ; cg:unit cg:jobs", "1 job"),
        ("cg:value 1 ; cg:unit cg:km", "1 km"),
        ("cg:value 2000000000 ; cg:unit cg:km", "2,000,000,000 km"),
        ("cg:value 2000000000 ; cg:unit cg:franc", "2 billion CHF"),
        ("cg:fromValue 3 ; cg:toValue 1 ; cg:unit cg:jobs", "from 3 to 1 job"),
        ("cg:value 1360000000 ; cg:unit cg:dollar", "$1.36 billion"),
        ("cg:value 1000000000 ; cg:unit cg:euro ; cg:comparator cg:about", "about €1 billion"),
        ("cg:value 999999 ; cg:unit cg:dollar", "$999,999"),
        ("cg:value 100000000000 ; cg:unit cg:dollar", "$100 billion"),
        ("cg:value 50 ; cg:unit cg:percent", "50%"),
        ("cg:value 0.5 ; cg:unit cg:percent", "0.5%"),
        ("cg:value 230000 ; cg:comparator cg:moreThan ; cg:stage cg:initial", "more than 230,000 (initial)"),
        ("cg:value 5 ; cg:stage cg:initial ; cg:scope cg:directJobs", "5 (initial, direct)"),
        ("cg:fromValue 13 ; cg:toValue 7 ; cg:unit cg:jobs", "from 13 to 7 jobs"),
        ("cg:value -3 ; cg:unit cg:percent", "-3%"),
        ("cg:value -0.5 ; cg:unit cg:percent", "-0.5%"),
    ],
)
def test_a_figure_is_said_with_hedge_unit_stage_and_scope(asserted: MakeStore, said: str, words: str) -> None:
    """Grouped in thousands; money of a billion and more in billions."""
    assert phrases(asserted(WORDS + f"claim:a {said} ."), "figure") == [words]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('cg:start "2017"^^xsd:gYear ; cg:startBound cg:boundAt', "2017"),
        ('cg:start "2010-04"^^xsd:gYearMonth ; cg:startBound cg:boundAt', "April 2010"),
        ('cg:end "2020"^^xsd:gYear ; cg:endBound cg:boundBy', "by 2020"),
        ('cg:start "2026"^^xsd:gYear ; cg:startBound cg:boundAbout', "about 2026"),
        ("cg:endRelative cg:atPublication ; cg:endBound cg:boundAfter", "as of June 2014"),
        ("cg:startRelative cg:atPublication ; cg:startBound cg:boundAt", "June 2014 (at publication)"),
        ("cg:startRelative cg:nextYear ; cg:startBound cg:boundAt", "2015 (next year)"),
        ("cg:startRelative cg:recently ; cg:startBound cg:boundAt", "recently"),
        (
            'cg:start "1992"^^xsd:gYear ; cg:startBound cg:boundAt ; '
            "cg:endRelative cg:atPublication ; cg:endBound cg:boundAfter",
            "since 1992, as of June 2014",
        ),
        (
            'cg:start "2010"^^xsd:gYear ; cg:startBound cg:boundAt ; cg:end "2012"^^xsd:gYear ; cg:endBound cg:boundAt',
            "2010 to 2012",
        ),
    ],
)
def test_a_date_is_said_with_its_bound_and_as_precisely_as_it_is_known(
    asserted: MakeStore, said: str, words: str
) -> None:
    """Relative ones as resolved, with their own words beside, or in those alone where they cannot be."""
    assert phrases(asserted(WORDS + f"claim:a {said} ."), "when") == [words]


@pytest.mark.parametrize("value", ['"many"', '"INF"^^xsd:double', '"5x"^^xsd:decimal', "true", "id:five"])
@pytest.mark.parametrize("unit", ["", "; cg:unit cg:dollar", "; cg:unit cg:percent"])
def test_a_figure_that_is_no_number_is_no_reason_to_stop(asserted: MakeStore, value: str, unit: str) -> None:
    """It is shown as it stands or left out; the shapes report it."""
    found = phrases(asserted(WORDS + f"claim:a cg:value {value} {unit} ."), "figure")
    assert len(found) <= 1


@pytest.mark.parametrize(
    "value", ['"soon"', '"2014-13"^^xsd:gYearMonth', '"2014-06-27Z"^^xsd:date', '"next-year"', "id:soon"]
)
def test_a_date_that_is_none_is_no_reason_to_stop(asserted: MakeStore, value: str) -> None:
    """It is shown as it stands or left out; the shapes report it."""
    found = phrases(asserted(WORDS + f"claim:a cg:start {value} ; cg:startBound cg:boundAt ."), "when")
    assert len(found) <= 1


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12))
def test_grouping_keeps_thegrouped(value: object) -> None:
    """Without the commas it is what was printed, sign included."""
    assert grouped(f"{value:f}").replace(",", "") == f"{value:f}"


def test_every_unit_of_the_ontology_is_written_as_people_write_it(opened: MakeStore) -> None:
    """Each of its figures, one of them and several, in words that are its own."""
    store = opened("")
    rows = select(store, """SELECT ?label ?many ?one {
      VALUES ?scheme { cg:units cg:currencies } ?unit skos:inScheme ?scheme ; rdfs:label ?label ; cg:unitPattern ?many
      OPTIONAL { ?unit cg:singularPattern ?one }
    }""")  # fmt: skip
    known = {row["label"].value: (row["many"].value, row["one"] and row["one"].value) for row in rows}
    assert known["euro"] == ("€#", None) and known["vehicles per year"] == ("# vehicles a year", "# vehicle a year")
    assert len(known) > 10 and len({many for many, _ in known.values()}) == len(known)
    for many, one in known.values():
        assert many.count("#") == 1 and (one is None or (one.count("#") == 1 and one != many))


def test_every_date_and_figure_of_the_real_graph_is_said_once(rows: Callable[[str], list[tuple[str, ...]]]) -> None:
    """Each claim with a figure or a date has just one phrase for it."""
    for name, pattern in (
        ("figure", "{ ?claim cg:value ?any } UNION { ?claim cg:fromValue ?any }"),
        (
            "when",
            "?claim cg:startBound|cg:endBound ?any "
            "FILTER EXISTS { ?claim cg:start|cg:end|cg:startRelative|cg:endRelative ?time }",
        ),
    ):
        missing = rows(f"SELECT DISTINCT ?claim {{ {pattern} FILTER NOT EXISTS {{ ?claim cg:{name} ?words }} }}")
        assert not missing
        twice = rows(f"SELECT ?claim {{ ?claim cg:{name} ?words }} GROUP BY ?claim HAVING (COUNT(*) > 1)")
        assert not twice
