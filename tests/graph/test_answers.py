"""Every saved query answers from any graph, cites what it says, and keeps plans, denials and reports apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest
from pyoxigraph import NamedNode, Store

from compas_graph.answers import Answer, ask
from compas_graph.bundle import Bundle
from compas_graph.namespaces import PREFIXES
from compas_graph.query import example, saved_query
from compas_graph.store import select

STANDINGS = {"stated", "planned", "considered", "rumoured", "promised", "opinion", "inferred"}
STATUSES = STANDINGS | {"met", "partly", "changed", "not reported", "not yet due", "sources disagree", "no source says"}
CLAIMS_OF_STANDINGS = (("status", "claim"), ("standing", "claim"), ("standing", "planClaim"))
"""Columns that give the standing of a claim, and the columns of the claim."""

Asked = Callable[[str], Answer]


@pytest.fixture(scope="module")
def asked(bundle: Bundle, store: Store) -> Asked:
    """Return what asks a saved query as it stands."""

    @cache
    def answer(name: str) -> Answer:
        query = saved_query(bundle, name)
        required = [each for each, parameter in query.parameters.items() if parameter.required]
        return ask(store, query, {each: example(query, each) for each in required})

    return answer


@pytest.fixture(scope="module")
def standings(store: Store) -> dict[str, str]:
    """Return the standing of each claim and reading."""
    query = "SELECT ?one ?status { ?one a cg:Assertion ; cg:modality/cg:status ?status }"
    return {row["one"].value: row["status"].value for row in select(store, query)}


def test_a_row_says_what_is_in_the_graph_and_cites_it(asked: Asked, standings: dict[str, str], name: str) -> None:
    """Each claim and reading of a row has a citation, and a place if it is a claim."""
    answer = asked(name)
    assert answer.rows
    for row, found in zip(answer.rows, answer.evidence(), strict=True):
        named = {value for value in row.values() if value in standings}
        assert named <= {one.node.value for one in found}
        assert all(one.citation and one.says and one.status for one in found)
        claims = [one for one in found if one.node.value.startswith(PREFIXES["claim"])]
        assert all(one.start is not None and one.end is not None and one.start < one.end for one in claims)


def test_the_status_of_a_row_is_that_of_the_claim_it_cites(asked: Asked, standings: dict[str, str], name: str) -> None:
    """A plan is never shown as a report; every status is a word of the one vocabulary."""
    assert asked(name).rows
    for row in asked(name).rows:
        assert {row[each] for each in ("status", "standing", "otherStanding") if row.get(each)} <= STATUSES
        for shown, claim in CLAIMS_OF_STANDINGS:
            if row.get(shown) in STANDINGS - {"inferred"} and row.get(claim) in standings:
                assert row[shown] == standings[row[claim]]


def test_a_denial_is_shown_as_one(asked: Asked, store: Store, name: str) -> None:
    """What is said not to be so is not shown as being so."""
    denied = {row["claim"].value for row in select(store, "SELECT ?claim { ?claim cg:polarity cg:denied }")}
    assert denied
    for row in asked(name).rows:
        claims = {value for column, value in row.items() if column == "claim" or column.endswith("Claim")}
        assert not denied & claims or "in the negative" in row.values()


def test_the_order_is_total(asked: Asked, name: str) -> None:
    """No two rows agree in all projected variables of `ORDER BY`."""
    answer = asked(name)
    keys = re.findall(r"\?(\w+)", answer.query.text.rpartition("\nORDER BY ")[2])
    rows = Counter(tuple(row[key] for key in keys if key in row) for row in answer.rows)
    assert [key for key, count in rows.items() if count > 1] == []


def test_every_label_is_there(asked: Asked, store: Store, name: str) -> None:
    """A thing of an answer is shown by its label, or is a claim or reading that is shown as a citation."""
    citable = {row["one"].value for row in select(store, "SELECT ?one { ?one a cg:Assertion }")}
    assert asked(name).rows
    for row in asked(name).solutions[1]:
        for column, term in row.items():
            assert not isinstance(term, NamedNode) or term.value in citable or f"{column}Label" in row
