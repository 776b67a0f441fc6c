"""A saved query, as it stands, gives the same rows in the same order in stores outside this process."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from pyoxigraph import Store

from compas_graph.bundle import Bundle
from compas_graph.query import SavedQuery, query_names, saved_query
from compas_graph.store import select

from .outside import STORES, Answer, Outside, answer_of

BUNDLE = Bundle.at()
NAMES = query_names(BUNDLE)
QUERIES = [saved_query(BUNDLE, name) for name in NAMES]

EVERY_NAMED_TRIPLE = """SELECT ?subject ?predicate ?object WHERE {
  ?subject ?predicate ?object
  FILTER(!isBlank(?subject) && !isBlank(?object))
}"""
HOW_MANY_TRIPLES = "SELECT (COUNT(*) AS ?number) WHERE { ?subject ?predicate ?object }"

COMPUTED_DECIMAL = "SELECT (7.5 + 0.5 AS ?sum) WHERE {}"

OTHER_DECIMALS = {
    "jena": "writes a computed decimal as XML Schema 1.0 has it, 8.0; Oxigraph as XML Schema 1.1 has it, 8",
}
"""Stores that write the same decimal in another form when they compute it; what is stored keeps its form."""


def differences(theirs: Answer, ours: Answer) -> list[str]:
    """Return the rows that only one of two answers has, as often as it has them."""
    more, fewer = Counter(theirs.rows), Counter(ours.rows)
    return [f"more: {row}" for row in (more - fewer).elements()] + [f"not: {row}" for row in (fewer - more).elements()]


def in_one_form(answer: Answer) -> Answer:
    """Return an answer with its decimals in one form."""
    return Answer(answer.columns, [tuple(map(same_number, row)) for row in answer.rows])


def same_number(term: str | None) -> str | None:
    """Return a decimal in the form of XML Schema 1.1, and any other term as it is.

    >>> same_number('"735000000.0"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    '"735000000"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    if term is None or not term.endswith("#decimal>"):
        return term
    _, digits, datatype = term.split('"')
    digits = format(Decimal(digits), "f")
    return f'"{digits.rstrip("0").rstrip(".") if "." in digits else digits}"{datatype}'


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_a_query_gives_the_same_rows_in_the_same_order(outside: Outside, query: SavedQuery, store: Store) -> None:
    ours, theirs = answer_of(select(store, query.text)), outside.ask(query.text)
    assert theirs.columns == ours.columns
    if outside.name in OTHER_DECIMALS:
        ours, theirs = in_one_form(ours), in_one_form(theirs)
    assert not differences(theirs, ours)
    assert theirs.rows == ours.rows


def test_a_store_gives_back_every_triple_as_it_was_loaded(outside: Outside, store: Store) -> None:
    """Those with blank nodes, which have other names in each store, are only counted."""
    for query in (HOW_MANY_TRIPLES, EVERY_NAMED_TRIPLE):
        ours = answer_of(select(store, query))
        assert ours.rows
        assert not differences(outside.ask(query), ours)


def test_only_a_store_that_is_excepted_writes_computed_decimals_in_another_form(outside: Outside, store: Store) -> None:
    ours, theirs = answer_of(select(store, COMPUTED_DECIMAL)), outside.ask(COMPUTED_DECIMAL)
    assert in_one_form(theirs) == in_one_form(ours)
    assert (theirs != ours) is (outside.name in OTHER_DECIMALS)


def test_what_must_run_and_what_is_excepted_are_stores_that_there_are(must_run: frozenset[str]) -> None:
    assert must_run | set(OTHER_DECIMALS) <= set(STORES)
