"""Each question of docs/questions.md has the right answer: its claims, no wrong ones, and its status.

The commands and the statuses are read from the table itself, so that docs and tests cannot part. What a
claim is called here is the beginning of its name: `s1-17` stands for `s1-17-succession` as well.
"""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store, parse_query_results

from compas_graph.answers import Answer, ask
from compas_graph.dates import parse_partial
from compas_graph.graph import open_graph
from compas_graph.namespaces import PREFIXES
from compas_graph.query import saved_query
from compas_graph.sparql import answer
from compas_graph.store import select
from compas_graph.views import View
from tests import FROZEN, ROOT

STANDINGS = {"stated", "planned", "considered", "rumoured", "promised", "opinion"}
STATUSES = STANDINGS | {
    "inferred", "met", "partly", "changed", "not reported", "not yet due", "sources disagree", "no source says"
}  # fmt: skip
SHOWN = ("status", "standing", "otherStanding", "agreement")
"""The columns that hold words of status."""

CLAIMS_OF_STANDINGS = (
    ("status", "claim"),
    ("standing", "claim"),
    ("standing", "planClaim"),
    ("otherStanding", "otherClaim"),
)
"""Columns that give the standing of a claim, and the columns of the claim."""

OUTCOMES = ("outcomeClaim", "sinceClaim")
"""Columns of what has happened: plans have no place in them."""


class Case(NamedTuple):
    """What the answer to a question must cite, must not cite, and must show in some cell.

    `context` names the claims that the question's list has beside those, and why the answer can do without.
    """

    cited: str
    excluded: str = ""
    values: tuple[str, ...] = ()
    context: dict[str, str] = {}  # noqa: RUF012  # read only


CASES = {
    "Q01": Case("s0-34 s0-35", "s1-41 s2-26", ("Nissan", "Mercedes C-Class", "Infiniti Q50")),
    "Q02": Case("s1-09 s1-10 s1-11 s1-15 s1-16", "s0-23 s0-24 s2-05 s3-11", ("50% (each partner)", "2017", "2018")),
    "Q03": Case(
        "s0-19 s0-20 s0-21 s0-35 s3-04 s3-11 s3-15 s3-36 s3-37 s3-38",
        "s0-23 s1-15 s2-05 s3-12",
        ("United Kingdom", "joint Aguascalientes plant, The News Wheel", "place of production", "2017", "about 2026"),
    ),
    "Q04": Case(
        "s1-09 s1-11 s1-30",
        "s2-17",
        ("Ryoji Kurosawa", "Infiniti has parent that owns share of it"),
        {"s1-07": "that the venture is called so is its label"},
    ),
    "Q05": Case(
        "s0-25 s0-26 s0-27 s1-17",
        "s3",
        ("next-generation MFA", "succeeds MFA", "possibly the same as next-generation MFA", "upcoming"),
        {
            "s1-18": "tells whose platform MFA is, not what is on it",
            "s3-11": "gives no platform, and so must be missing",
            "s3-12": "gives no platform, and so must be missing",
        },
    ),
    "Q06": Case(
        "s1-42 s1-43 s1-44 s1-45 s3-46",
        "s1-02 s3-11",
        ("planned Mercedes pickup (unnamed)", "Nissan NP300, next-generation"),
    ),
    "Q07": Case(
        "s3-19 s3-20 s3-21 s3-22 s3-23 s3-24 s3-25 s3-26 s3-28 s3-29 s3-30 s3-31 s3-32 s3-33",
        "s3-49",
        ("by 20,000 employees (world-wide)", "from 13 to 7 platforms", "up to 70%", "4,000 ideas", "1,600 ideas"),
    ),
    "Q08": Case("s0-32 s0-23", "s3-11 s0-24", ("6 years 8 months", "7 years 9 months")),
    "Q09": Case(
        "s3-02 s3-03 s3-07 s3-18",
        "s1-05",
        ("10 years 4 months", "11 years 5 months"),
        {"s3-06": "ends the run of one model; s3-07, of the same sentence and date, ends the work of the plant"},
    ),
    "Q10": Case(
        "s0-23 s0-32 s1-01 s1-05 s1-13 s1-15 s2-01 s2-05 s3-02 s3-04 s3-13 s3-17",
        "",
        ("April 2010", "2017", "2020", "May 2026", "2015", "tied to it by: one year ago", "tied to it by: this month"),
    ),
    "Q11": Case("s0-23 s1-15 s2-05 s3-11", "s3-12", ("as to year",)),
    "Q12": Case(
        "s0-24 s1-16 s2-06 s3-12",
        "s3-13",
        ("as to year", "as to manufacturing"),
        {"s3-11": "gives the year of the Infiniti models, after which those of Mercedes came"},
    ),
    "Q13": Case(
        "s0-05 s0-06 s1-12 s2-07 s3-08 s1-24 s2-31 s2-33",
        "s3-25",
        (),
        {"s3-25": "a cut of jobs world-wide, not jobs at the plant, and so it must be missing"},
    ),
    "Q14": Case("s0-05 s0-06 s1-12 s2-07 s3-08", "s3-25", ("about €1 billion (total)", "$1 billion")),
    "Q15": Case(
        "s1-24 s2-31 s2-32",
        "s3-25",
        ("about 3,600 jobs (direct)", "not the same measure", "by 2020", "2021"),
        {"s2-33": "its year stands in s2-31 as well"},
    ),
    "Q16": Case(
        "s0-01 s0-30 s0-31 s1-06 s1-22 s2-02 s2-08 s2-09 s2-10 s2-35 s3-10",
        "s3-25 s0-28 s1-19 s2-24",
    ),
    "Q17": Case("s2-12 s2-13", "s0 s1 s3", ("nobody named",)),
    "Q18": Case("s0-07 s1-09 s3-01", "s2"),
    "Q19": Case(
        "s2-04 s2-05 s2-06 s2-07 s2-08 s2-09 s2-10 s2-11 s2-18 s2-20 s2-21 s2-30 s3-21 s3-22 s3-23 s3-24 s3-32 s3-33",
        "s0 s1 s3-28 s3-29",
        ("perhaps", "Motor1", "The Wall Street Journal", "Automotive News"),
    ),
    "Q20": Case("s1-30 s1-34 s1-35 s1-36 s1-37", "s0-10 s0-11", ("Ryoji Kurosawa", "chief executive, COMPAS")),
    "Q21": Case(
        "s3-04 s3-06 s3-15 s3-16 s3-17 s3-18",
        "s3-13",
        ("Brian Brockman", "Mercedes-Benz", "nobody named", "November 2025 (this month)", "May 2026"),
    ),
    "Q22": Case(
        "s0-28 s0-29 s1-19 s1-20 s1-21 s2-24 s2-25",
        "s3",
        ("the automakers, Motor Authority 2014 (unnamed)", "Dieter Zetsche"),
        {"s1-05": "bears on whom the automakers stand for: a reading that the rows name rests on it"},
    ),
    "Q23": Case("s3-36 s3-37 s3-38", "s3-11 s3-15", ("place of production",)),
    "Q24": Case(
        "s0-01 s1-15 s1-16 s2-18 s3-11 s3-12",
        "s0-19 s0-20",
        ("in the negative", "Infiniti QX50", "Mercedes GLB"),
        {
            "s0-19": "made in the United Kingdom, and so it must be missing",
            "s0-20": "made in the United Kingdom, and so it must be missing",
            "s2-04": "names no place, and so must be missing",
            "s2-06": "names no place, and so must be missing",
        },
    ),
    "Q25": Case(
        "",
        "s0 s1 s2 s3",
        ("closure",),
        {
            "s0-04": "the question asks for an absence: no claim closes this plant",
            "s1-03": "the question asks for an absence: no claim closes this plant",
            "s1-04": "the question asks for an absence: no claim closes this plant",
            "s3-14": "of another plant, and so it must be missing",
            "s3-18": "of another plant, and so it must be missing",
            "s3-21": "of plants without a name, and so it must be missing",
            "s3-23": "of a plant without a name, which nothing ties to this one, and so it must be missing",
        },
    ),
    "Q26": Case(
        "s3-11 s3-12", "s0 s1 s2", ("4", "2", "at least"), {"s3-04": "only credits the models, which are counted once"}
    ),
    "Q27": Case("s3-28", "s3-29", ("6", "13", "46.2")),
    "Q28": Case("s3-36 s3-37 s3-40 s3-43 s3-44 s3-45 s3-46 s3-47", "s0 s1 s2", ("1", "5", "at least", "2028")),
    "Q29": Case("s0-15 s0-16 s0-17", "s0-09 s1 s2 s3"),
    "Q30": Case(
        "s0-25 s1-17",
        "s2 s3",
        (),
        {
            "s3-11": "gives no platform, and so must be missing",
            "s3-12": "gives no platform, and so must be missing",
        },
    ),
    "Q31": Case("s0-03 s0-04 s0-05 s0-07 s2-03 s2-12 s1-02 s1-03 s1-05 s1-07 s1-09", "s3"),
    "Q32": Case(
        "s0-05 s0-06 s1-12 s2-07 s3-08",
        "",
        (
            "about €1 billion (total)",
            "$1.36 billion (total)",
            "about $1 billion",
            "$1.4 billion (total or each)",
            "$1 billion",
        ),
    ),
    "Q33": Case("s3-25", "s1-24 s2-31", ("20000", "by 20,000 employees (world-wide)")),
    "Q34": Case("s0-05 s0-06 s1-12 s2-07 s3-08", "", ("1.36", "1029000000", "735000000")),
    "Q35": Case("s1-07 s1-08", "s0 s2 s3", ("Cooperation Manufacturing Plant Aguascalientes",)),
    "Q36": Case(
        "s1-11 s2-04 s3-04 s3-11 s3-35",
        "s1-15 s3-36",
        ("Infiniti", "Nissan"),
        {"s3-15": "names no maker"},
    ),
    "Q37": Case(
        "s1-05 s1-07 s1-09 s1-12 s1-15 s1-16 s3-01 s3-02 s3-08 s3-09 s3-11 s3-12 s3-14",
        "s0 s2",
        ("COMPAS plant", "for"),
    ),
    "Q38": Case("s1-02 s1-32 s1-34 s1-35", "s0 s2 s3", ("Aguascalientes", "Mexico")),
    "Q39": Case("s2-20 s2-21", "s2-18", ("France", "Germany", "which of them was in which place")),
    "Q40": Case(
        "s0-18 s0-19 s1-27",
        "s1-28 s1-40 s2-21 s2-37 s3",
        ("in it by background knowledge",),
        {
            "s0-20": "names the models; s0-19 makes them there",
            "s1-40": "gives no place, and so must be missing",
            "s2-21": "where people spoke, and so it must be missing",
            "s2-37": "where a collaboration began, and so it must be missing",
        },
    ),
    "R01": Case("s0-04 s0-23-plant s1-02-plant s1-04 s2-03 s3-19-plant s3-23-place", "s0-34 s1-27 s3-22", ("Nissan",)),
    "R02": Case("s3-22", "s3-18 s3-23"),
    "R03": Case("s3-07 s3-14 s3-18 s3-19 s3-23", "s3-03 s3-22", ("after May 2026",)),
    "R04": Case("s1-05 s3-11", "s3-12", ("1 year 5 months", "2 years 6 months")),
    "R05": Case("s3-07 s3-11 s3-18", "s1", ("8 years 4 months", "9 years 5 months")),
    "R06": Case("s3-30 s3-31", "s3-28", ("1600", "40")),
    "R07": Case("s1-43 s1-44", "s3-46"),
    "R08": Case(
        "s2-22 s2-23 s2-26 s2-27 s2-28 s2-30 s2-34 s2-35 s2-36 s2-37 s2-38", "s2-14 s2-24", ("in the negative",)
    ),
    "R09": Case("s2-26 s2-27 s2-28", "s0-34 s1-41", ("United States", "areas outside NAFTA (unnamed)")),
    "R10": Case("s0-19", "s3"),
    "R11": Case("s0-36 s1-39", "s0-37"),
    "R12": Case("s1-05 s1-22 s1-41", "s0-30", ("taken to mean Infiniti",)),
    "R13": Case("s0-19 s0-36 s0-37 s2-05 s2-06", "s0-17 s1 s3", ("Infiniti Q30",)),
    "R14": Case("s0-24 s1-16 s2-06", "s3-11 s3-12"),
    "R15": Case("s0-05 s0-06", "s1-12 s2-07", ("1360000000",)),
    "R16": Case("s2-31 s2-32", "s1-24 s3"),
    "R17": Case("s0-09 s0-10 s0-11 s0-12 s0-13 s0-14 s0-15 s0-22 s1-37", "s2 s3"),
    "R18": Case("s1-34 s1-35 s1-36 s1-37", "s0", ("more than 30 years",)),
    "R19": Case("s0-05 s0-06 s2-07 s3-08", "s1"),
    "R20": Case("", "s0 s1 s2 s3", ("date of the start of production", "platform")),
    "R21": Case("", "s3-12 s3-17"),
    "R22": Case("s2-17 s2-19", "s1-30 s3-16", ("Dieter Zetsche", "chief executive")),
    "R23": Case("s0-34 s0-35 s1-41", "s2 s3", ("for",)),
    "R24": Case("s3-21 s3-22 s3-23 s3-24", "s3-28 s3-32"),
    "R25": Case("s3-22", "s3-18 s3-23"),
    "R26": Case("s1-28", "s1-27", ("no model named",)),
    "R27": Case("s0-04 s0-32", "s1 s2 s3"),
    "R28": Case(
        "s3-03 s3-04 s3-07 s3-14 s3-15 s3-18 s3-19 s3-22",
        "s3-05 s3-13",
        ("through a model of it", "through the plant where a model of it was built"),
    ),
    "R29": Case("s3-03 s3-04 s3-07 s3-14 s3-15 s3-18", "s3-05 s3-13 s3-22"),
    "R30": Case("s3-06 s3-13 s3-18 s3-39", "s3-15 s3-22", ("through a model of a brand of it",)),
    "R31": Case("s3-07 s3-13 s3-18 s3-39", "s3-03 s3-15 s3-17", ("through the plant where it was built",)),
    "R32": Case("s2-14 s2-18 s2-20 s2-21", "s2-22 s2-34", ("would not say it", "announced it or spoke")),
    "R33": Case("s1-05 s3-01 s3-02 s3-03 s3-09", "s0-32", ("possibly the same as one in which it takes part",)),
    "R34": Case("s0-23 s1-02-plant s1-13", "s2-03 s1-33 s2-05"),
    "R35": Case("s0-02-infiniti s1-11 s3-35", "s1-10"),
}

CITE_NOTHING = {"Q25", "R20", "R21"}
"""Questions whose answer turns on no claim."""

listed = pytest.mark.parametrize("name", [name for name in CASES if name.startswith("Q")])
questions = pytest.mark.parametrize("name", CASES)


class Row(NamedTuple):
    """A question of the table: its command as words, and the words of its status."""

    command: tuple[str, ...]
    statuses: frozenset[str]


Rows = list[dict[str, NamedNode | Literal]]


@cache
def table() -> dict[str, Row]:
    """Return the questions of the docs by name."""
    text = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    found = {}
    for name, command, status in re.findall(
        r"^\| ([QR]\d\d) \| [^|`]+\? \| `compas-graph ([^|`]+)` \| ([^|]+) \|$", text, re.M
    ):
        words = re.split(r", (?:from |beside )?", re.sub(r" \([^)]*\)", "", status))
        assert name not in found
        found[name] = Row(tuple(shlex.split(command)), frozenset(words))
    return found


@cache
def store(view: View | None = None) -> Store:
    """Return the graph of the sources that count."""
    return open_graph(FROZEN, view=view)


def asked(words: tuple[str, ...]) -> Answer:
    """Return the answer to a saved query, given as on the command line without the words of a text."""
    options: dict[str, list[str]] = {}
    for option, value in zip(words[1::2], words[2::2], strict=True):
        options.setdefault(option.removeprefix("--"), []).append(value)
    options.pop("texts", None)
    day, without = options.pop("as-of", None), tuple(options.pop("without", ()))
    view = View(parse_partial(day[0]) if day else None, without) if day or without else None
    return ask(store(view), saved_query(FROZEN, words[0]), options)


@cache
def rows_of(name: str) -> Rows:
    """Return the rows of the answer to a question, unbound cells left out."""
    command, *words = table()[name].command
    if command == "ask":
        return [{key: term for key, term in row.items() if _kept(term)} for row in asked(tuple(words)).solutions[1]]  # type: ignore[misc]  # kept are these two
    assert command == "sparql" and len(words) == 1
    data = answer(FROZEN, words[0], "query", "json")
    assert isinstance(data, bytes)
    found = parse_query_results(data, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{key: row[key] for key in names if _kept(row[key])} for row in found]


def _kept(term: object) -> bool:
    return isinstance(term, NamedNode | Literal)


def claims(rows: Rows) -> set[str]:
    """Return the local names of the claims that rows cite."""
    found = (term.value for row in rows for term in row.values() if isinstance(term, NamedNode))
    return {iri.removeprefix(PREFIXES["claim"]) for iri in found if iri.startswith(PREFIXES["claim"])}


def names_of(beginnings: str | set[str], cited: set[str]) -> set[str]:
    """Return the claims whose names begin with a source or a row."""
    wanted = beginnings.split() if isinstance(beginnings, str) else beginnings
    return {claim for claim in cited if any(claim == each or claim.startswith(each + "-") for each in wanted)}


@cache
def standings() -> dict[str, str]:
    """Return the standing of each claim by its IRI."""
    query = "SELECT ?claim ?status { ?claim a cg:Claim ; cg:modality/cg:status ?status }"
    return {row["claim"].value: row["status"].value for row in select(store(), query)}


def test_every_question_of_the_docs_is_tested_and_forty_are_those_of_the_inventory() -> None:
    assert list(table()) == list(CASES)
    assert list(CASES)[:40] == [f"Q{number:02}" for number in range(1, 41)]


@questions
def test_an_answer_cites_every_claim_that_it_turns_on(name: str) -> None:
    cited = claims(rows_of(name))
    assert [wanted for wanted in CASES[name].cited.split() if not names_of(wanted, cited)] == [], sorted(cited)
    assert bool(CASES[name].cited) is (name not in CITE_NOTHING)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.excluded])
def test_an_answer_cites_no_claim_that_is_excluded(name: str) -> None:
    assert not names_of(CASES[name].excluded, claims(rows_of(name)))


@questions
def test_an_answer_shows_the_status_that_the_docs_say_and_no_other(name: str) -> None:
    shown = {row[column].value for row in rows_of(name) for column in SHOWN if column in row}
    assert shown == table()[name].statuses <= STATUSES


@questions
def test_an_answer_shows_figures_dates_and_things(name: str) -> None:
    cells = {term.value for row in rows_of(name) for term in row.values()}
    if table()[name].command[0] == "sparql":
        cells |= {label.value for row in select(store(), "SELECT ?label { ?thing rdfs:label ?label }") for label in row}
    assert set(CASES[name].values) <= cells


@questions
def test_no_plan_is_shown_as_an_outcome(name: str) -> None:
    """A claim has its own standing wherever a row gives one, and only reports stand where outcomes do."""
    assert rows_of(name)
    for row in rows_of(name):
        for shown, claim in CLAIMS_OF_STANDINGS:
            if shown in row and claim in row and row[shown].value in STANDINGS:
                assert row[shown].value == standings()[row[claim].value]
        for claim in OUTCOMES:
            assert claim not in row or standings()[row[claim].value] == "stated"


@listed
def test_every_claim_of_the_inventory_is_cited_or_excused(name: str, inventory: Path) -> None:
    """And no excuse is given in vain."""
    section = (inventory / "questions.md").read_text(encoding="utf-8").split(f"### {name} ")[1].split("\n### ")[0]
    listed = {found.lower() for found in re.findall(r"\bS\d-\d\d\b", section.rpartition("**Claims:**")[2])}
    cited = claims(rows_of(name))
    missing = {claim for claim in listed if not names_of(claim, cited)}
    assert listed
    assert missing == set(CASES[name].context)


# --- What single questions turn on ---


def test_q12_leaves_open_whether_the_year_was_met() -> None:
    """Only that production began is reported; of the year nothing is."""
    assert {row["status"].value for row in rows_of("Q12")} == {"partly", "not reported"}
    for row in rows_of("Q12"):
        assert (row["status"].value == "not reported") is (
            row.get("statusNote", Literal("as to year")).value == "as to year"
        )
        assert ("outcomeClaim" in row) is (row["status"].value == "partly")


def test_q17_gives_the_words_of_the_rumour_from_the_readers_own_copies(articles: Path) -> None:
    words = table()["Q17"].command
    assert words[-2:] == ("--texts", "DIR")
    found = [one for row in asked(words[1:]).evidence(articles) for one in row]
    assert [one.status for one in found] == ["stated", "rumoured"]
    for one in found:
        assert (one.start, one.end) == (480, 624)
        assert len(one.words) == 144 and "Aguascalientes" in one.words


def test_q23_no_place_comes_from_the_models_that_were_made_before() -> None:
    assert not any("spot" in row for row in rows_of("Q23"))
    gaps = {row["car"].value for row in rows_of("Q23") if row["status"].value == "no source says"}
    assert gaps == {PREFIXES["id"] + "qx60", PREFIXES["id"] + "qx65"}


def test_q24_has_no_name_of_a_model_before_the_latest_source() -> None:
    unnamed = {row["thing"].value for row in select(store(), "SELECT ?thing { ?thing a cg:Unnamed }")}
    named = {row["claim"].value for row in rows_of("Q24") if row["made"].value not in unnamed}
    assert named and all(claim.startswith(PREFIXES["claim"] + "s3-") for claim in named)


def test_q26_counts_four_models_and_two_of_each_brand() -> None:
    counted = {(row["maker"].value.rpartition("/")[2], row["models"].value, row["all"].value) for row in rows_of("Q26")}
    assert counted == {("infiniti", "2", "4"), ("mercedes-benz", "2", "4"), ("nissan", "2", "4")}


def test_q28_counts_seven_and_not_the_flagship() -> None:
    counts = {row["credited"].value: int(row["models"].value) for row in rows_of("Q28") if "models" in row}
    assert sum(counts.values()) == 7
    assert {row["model"].value for row in rows_of("Q28") if "models" not in row} == {PREFIXES["id"] + "qx60"}


def test_q33_has_no_share_where_no_total_is_given() -> None:
    shares = {row["claim"].value[-6:]: "share" in row for row in rows_of("Q33")}
    assert shares == {"/s3-25": False, "/s3-28": True}


def test_q34_finds_that_only_one_sum_fits_that_of_another_source() -> None:
    apart = {row["claim"].value[-5:]: "agreement" in row for row in rows_of("Q34")}
    assert apart == {"s0-06": False, "s1-12": True, "s2-07": False, "s3-08": True}
