"""The graph carries the claim inventory, row by row and both ways, and holds no sentence of an article."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import NamedNode, Store

from compas_graph.namespaces import PREFIXES
from compas_graph.store import select

SATELLITES = {
    "s0-01-announcement": "that the plan was announced has happened; the plan itself is claim s0-01",
    "s0-01-place": "where a town lies is so, whatever is planned there",
    "s0-02-infiniti": "whose brand Infiniti is, is so; the plan for it is claim s0-02-cars",
    "s0-02-mercedes": "whose brand Mercedes-Benz is, is so; the plan for it is claim s0-02-cars",
    "s0-16-announcement": "that the plan was announced has happened; the plan itself is claim s0-16",
    "s0-17-3-series": "that BMW has the 3 Series is so; where it is built is only considered",
    "s0-23-plant": "where the site lies is so, whatever starts there",
    "s1-02-place": "where a town lies is so, whatever is planned there",
    "s1-17-succession": "that one platform is the next generation of another is so; its use is planned",
    "s1-27-place": "where the plants meant lie is so; the production there is planned",
    "s1-28-place": "where the plants meant lie is so; the production there is planned",
    "s1-43-np300": "that the NP300 is a Nissan pickup is so; the shared platform is planned",
    "s2-03-place": "where a town lies is so, whatever is planned there",
    "s3-22-place": "where the plant lies is so; its closure is planned",
    "s3-23-place": "where the plant lies is so; its closure is planned",
}
"""Claims that carry a side remark of their row, with a standing of its own, and why."""

MODALITIES = {
    "s0-06": "restates the planned sum of s0-05 in dollars, and so is as planned as that",
    "s0-27": "upcoming is a status of the models; that they share MFA is said as being so",
    "s1-01": "a confirmed plan is planned",
    "s1-32": "the one plant was still to come, as with the same statement in s2-16",
} | SATELLITES
"""Claims whose modality is not that of the inventory, and why."""

FIGURES = {
    "s1-37": "three decades, in words in the inventory, are 30 years",
}
"""Claims with a figure for which the inventory has no plain number, and why."""

YEARS = {
    "s0-33": "'April 2010 to publication': the start is the alliance's, which another claim dates",
    "s2-04": "that it is the first car is not dated; when it is available is claim s2-05",
    "s2-32": "the parts of the count of s2-31, which has the year",
    "s3-12": "only after the start in 2017 of claim s3-11, with no year of its own",
}
"""Rows whose year no claim of theirs repeats, and why."""

TIMES = ("year", "month", "years")
NUMBER = re.compile(r"([\d,]+(?:\.\d+)?)( billion)?")


class Claim(NamedTuple):
    """What the inventory also says of a claim."""

    place: tuple[str, ...]
    modality: str
    figures: tuple[Decimal, ...]
    dates: frozenset[str]


def local(node: NamedNode) -> str:
    return re.split("[/#]", node.value)[-1]


def row_of(name: str) -> str:
    """Return the row that the name of a claim or omission starts with."""
    found = re.fullmatch(r"(s\d-\d\d)(-[a-z0-9-]+)?", name)
    assert found, f"{name} does not begin with a row of the inventory, such as s0-01"
    return found[1]


@pytest.fixture(scope="module")
def inventory_rows(inventory: Path) -> dict[str, dict[str, str]]:
    """Return each row of the inventory under its id in lower case."""
    found = {}
    for path in sorted(inventory.glob("claims_S*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                assert None not in row and None not in row.values(), (
                    f"{path.name}: {row['id']} has too many or too few cells"
                )
                found[row["id"].lower()] = row
    assert len(found) == 174
    return found


@pytest.fixture(scope="module")
def claims(store: Store) -> dict[str, Claim]:
    """Return the claims of the graph by local name."""
    query = """SELECT ?claim ?source ?paragraph ?start ?end ?modality ?value ?from ?to ?date WHERE {
      ?claim a cg:Claim ; cg:modality ?modality ; cg:passage ?passage .
      ?passage cg:inSource ?source ; cg:paragraph ?paragraph ; oa:start ?start ; oa:end ?end .
      OPTIONAL { ?claim cg:value ?value }
      OPTIONAL { ?claim cg:fromValue ?from ; cg:toValue ?to }
      OPTIONAL { ?claim cg:start|cg:resolvedStart|cg:end|cg:resolvedEnd ?date }
    }"""
    found: dict[str, Claim] = {}
    for row in select(store, query):
        name = local(row["claim"])
        place = (local(row["source"]), row["paragraph"].value, row["start"].value, row["end"].value)
        figures = tuple(Decimal(row[each].value) for each in ("value", "from", "to") if row[each] is not None)
        dates = frozenset({row["date"].value} if row["date"] is not None else ())
        claim = Claim(place, local(row["modality"]), figures, dates)
        before = found.get(name, claim)
        assert before[:3] == claim[:3], f"{name} has two places, modalities or figures"
        found[name] = claim._replace(dates=before.dates | dates)
    return found


@pytest.fixture(scope="module")
def omissions(store: Store) -> dict[str, tuple[str, ...]]:
    """Return the place of each omission by local name."""
    query = """SELECT ?omission ?source ?paragraph ?start ?end WHERE {
      ?omission a cg:Omission ; cg:omittedBecause ?reason ; cg:passage ?passage .
      ?passage cg:inSource ?source ; cg:paragraph ?paragraph ; oa:start ?start ; oa:end ?end .
    }"""
    return {
        local(row[0]): (local(row[1]), *(row[number].value for number in (2, 3, 4))) for row in select(store, query)
    }


Rows = dict[str, dict[str, str]]
Claims = dict[str, Claim]


def test_every_row_is_carried_or_omitted_and_every_claim_and_omission_has_its_row(
    inventory_rows: Rows, claims: Claims, omissions: dict[str, tuple[str, ...]]
) -> None:
    """Both ways: nothing of the inventory is lost, nothing is added to it unseen."""
    carried, omitted = set(map(row_of, claims)), set(map(row_of, omissions))
    assert not carried & omitted, "carried and omitted at once"
    assert carried | omitted == set(inventory_rows)


def test_every_claim_node_is_named_after_a_row(store: Store) -> None:
    """A claim's name begins with its row, which is of the source that its passage is in."""
    found = list(select(store, "SELECT ?claim ?source { ?claim a cg:Claim ; cg:passage/cg:inSource ?source }"))
    assert found
    for row in found:
        assert row["claim"].value.startswith(PREFIXES["claim"])
        assert row_of(local(row["claim"])).startswith(local(row["source"]) + "-")


def test_the_passage_of_a_claim_or_omission_is_the_place_of_its_row(
    inventory_rows: Rows, claims: Claims, omissions: dict[str, tuple[str, ...]]
) -> None:
    """Source, paragraph, start and end are those of the inventory."""
    places = {name: claim.place for name, claim in claims.items()} | omissions
    rows = {name: inventory_rows[row_of(name)] for name in places}
    wanted = {name: (name[:2], row["para"], row["start"], row["end"]) for name, row in rows.items()}
    assert places == wanted


def test_the_modality_of_a_claim_is_that_of_its_row_but_for_listed_exceptions(
    inventory_rows: Rows, claims: Claims
) -> None:
    """What is ongoing in the inventory is reported in the graph; no exception is listed in vain."""
    said = {name: inventory_rows[row_of(name)]["modality"] for name in claims}
    differing = {
        name for name, claim in claims.items() if claim.modality != {"ongoing": "reported"}.get(said[name], said[name])
    }
    assert differing == set(MODALITIES)


def test_a_side_remark_does_not_carry_its_row_alone(claims: Claims) -> None:
    """Beside each claim that carries only a side remark stands one that carries the row."""
    for name in SATELLITES:
        others = {other for other in claims if row_of(other) == row_of(name)} - set(SATELLITES)
        assert others, f"only side remarks carry {row_of(name)}"


def figures_of(row: dict[str, str]) -> tuple[Decimal, ...]:
    """Return the plain numbers of a row that are no dates: none, one, or a from and a to."""
    if row["unit"] in TIMES:
        return ()
    if row["value"] == "50:50":
        return (Decimal(50),)
    if change := re.fullmatch(r"from (\d+) to (\d+)", row["value"]):
        return Decimal(change[1]), Decimal(change[2])
    if found := NUMBER.fullmatch(row["value"]):
        return (Decimal(found[1].replace(",", "")) * (10**9 if found[2] else 1),)
    if counted := re.fullmatch(r"(\d+) [a-z]+", row["unit"]):
        return (Decimal(counted[1]),)
    return ()


def test_the_figure_of_a_claim_is_the_number_of_its_row_but_for_listed_exceptions(
    inventory_rows: Rows, claims: Claims
) -> None:
    """Every number of the inventory stands in the graph, and no other does; side remarks have none."""
    found: dict[str, set[tuple[Decimal, ...]]] = defaultdict(set)
    for name, claim in claims.items():
        if name not in SATELLITES and name not in FIGURES:
            found[row_of(name)].add(claim.figures)
    wanted = {row: {figures_of(inventory_rows[row])} for row in found}
    assert {row: set(figures) for row, figures in found.items()} == wanted
    assert sum(bool(figures_of(row)) for row in inventory_rows.values()) >= 20


def test_exceptions_for_figures_are_still_needed(inventory_rows: Rows, claims: Claims) -> None:
    """A listed claim has a figure, and its row has none."""
    assert all(claims[name].figures and not figures_of(inventory_rows[row_of(name)]) for name in FIGURES)
    assert not any(claims[name].figures for name in SATELLITES)


def test_the_years_of_a_row_are_those_of_a_claim_but_for_listed_exceptions(
    inventory_rows: Rows, claims: Claims
) -> None:
    """A year that the inventory prints stands in a date of a claim of that row."""
    dates: dict[str, set[str]] = defaultdict(set)
    for name, claim in claims.items():
        dates[row_of(name)] |= {date[:4] for date in claim.dates}
    printed = {
        row: set(
            re.findall(r"\b(?:19|20)\d\d\b", said["time"] + (" " + said["value"] if said["unit"] in TIMES else ""))
        )
        for row, said in inventory_rows.items()
    }
    missing = {row for row, years in printed.items() if not years <= dates[row]}
    assert missing == set(YEARS)
    assert sum(map(bool, printed.values())) >= 20
