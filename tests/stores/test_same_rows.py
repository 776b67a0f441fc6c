"""A saved query, as it stands, gives the same rows in the same order in stores outside this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from decimal import Decimal

import pytest
from pyoxigraph import Literal, Store

from compas_graph.parameters import TYPES, Asked, Parameter, Value, offers, read
from compas_graph.query import SavedQuery, bind, example, query_names, saved_query
from compas_graph.store import iri, select
from tests import FROZEN
from tests.stores.outside import STORES, Answer, Outside, Served, answer_of

NAMES = query_names(FROZEN)
QUERIES = [saved_query(FROZEN, name) for name in NAMES]
BOUND = [(query, name) for query in QUERIES for name, said in query.parameters.items() if not said.required]

EVERY_NAMED_TRIPLE = """SELECT ?subject ?predicate ?object WHERE {
  ?subject ?predicate ?object
  FILTER(!isBlank(?subject) && !isBlank(?object))
}"""
HOW_MANY_TRIPLES = "SELECT (COUNT(*) AS ?number) WHERE { ?subject ?predicate ?object }"

WRITTEN = {
    "decimal": "SELECT (7.5 + 0.5 AS ?sum) WHERE {}",
    "boolean": "SELECT DISTINCT ?open WHERE { ?claim <https://w3id.org/compas-graph/ontology#listIsOpen> ?open }",
}
"""Queries that show how a store writes the values of a datatype."""

OTHER_FORMS = {
    ("jena", "decimal"): "writes a computed one as XML Schema 1.0 has it, 8.0; Oxigraph as XML Schema 1.1 has it, 8",
    ("virtuoso", "boolean"): "keeps true as a number, and writes 1 in JSON",
}
"""Stores that write the same value of a datatype in another form."""


OTHER_ROWS = {
    ("virtuoso", "where-do-sources-disagree", "thing"): "it passes over a filter of several EXISTS after a UNION",
    ("virtuoso", "which-engines-go-where", "plant"): "it gives one row twice, in spite of DISTINCT",
}
"""Stores that give other rows where a parameter of a query is bound; as the queries stand, all give the same."""


PLANS = {"virtuoso": 4}
"""How often a store is asked whose plans depend on chance: Virtuoso gave other rows once in some hundred answers."""


def differences(theirs: Answer, ours: Answer) -> list[str]:
    """Return the rows that only one of two answers has, as often as it has them."""
    more, fewer = Counter(theirs.rows), Counter(ours.rows)
    return [f"more: {row}" for row in (more - fewer).elements()] + [f"not: {row}" for row in (fewer - more).elements()]


def in_one_form(answer: Answer, store: str) -> Answer:
    """Return an answer with the values that a store writes in another form in ours."""
    datatypes = {datatype for name, datatype in OTHER_FORMS if name == store}
    return Answer(answer.columns, [tuple(same_value(term, datatypes) for term in row) for row in answer.rows])


def same_value(term: str | None, datatypes: Set[str]) -> str | None:
    """Return a value of one of these datatypes in the form of XML Schema 1.1, and any other term as it is.

    >>> same_value('"735000000.0"^^<http://www.w3.org/2001/XMLSchema#decimal>', {"decimal"})
    '"735000000"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    name = (term or "").removesuffix(">").rpartition("#")[2]
    if term is None or name not in datatypes or not term.startswith('"'):
        return term
    _, digits, datatype = term.split('"')
    if name == "boolean":
        value = {"1": "true", "0": "false"}.get(digits, digits)
    else:
        value = format(Decimal(digits), "f")
        value = value.rstrip("0").rstrip(".") if "." in value else value
    return f'"{value}"{datatype}'


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_a_query_gives_the_same_rows_in_the_same_order(outside: Outside, query: SavedQuery, store: Store) -> None:
    assert_same(outside, store, query.text)


def assert_same(outside: Outside, store: Store, text: str) -> None:
    """Fail unless a store gives the columns and the rows that the program gives, in their order.

    One that plans by random samples of the data is asked again where rows differ, so that it plans anew.
    """
    ours = in_one_form(answer_of(select(store, text)), outside.name)
    theirs = in_one_form(outside.ask(text), outside.name)
    for number in range(PLANS.get(outside.name, 1) - 1):
        if theirs != ours:
            theirs = in_one_form(outside.ask(f"{text}\n# asked again: {number}\n"), outside.name)
    assert theirs.columns == ours.columns
    assert not differences(theirs, ours)
    assert theirs.rows == ours.rows


def bound(query: SavedQuery, name: str, store: Store) -> str:
    """Return a query with a parameter bound to the first value for which it gives rows."""
    texts = {each: example(query, each) for each, said in query.parameters.items() if said.required}
    needed = {each: [iri(text) if ":" in text else Literal(text)] for each, text in texts.items()}
    asked = (bind(query, {**needed, name: [value]}) for value in values(query.parameters[name], store))
    return next(text for text in asked if answer_of(select(store, text)).rows)


def values(parameter: Parameter, store: Store) -> Iterator[Value]:
    """Yield values for a parameter: each that is offered, a year, or each thing of its class."""
    if TYPES[parameter.type].closed:
        for offered in offers(parameter, lambda: store):
            yield from read(Asked(parameter, offered, store)).values
    elif parameter.type == "date":
        yield from read(Asked(parameter, "2014", store)).values
    else:
        for row in select(store, f"SELECT DISTINCT ?thing {{ ?thing a {parameter.kind} }} ORDER BY ?thing"):
            yield row["thing"]


@pytest.mark.parametrize(("query", "name"), BOUND, ids=[f"{query.name} {name}" for query, name in BOUND])
def test_a_query_with_a_parameter_bound_gives_the_same_rows(
    outside: Outside, query: SavedQuery, name: str, store: Store
) -> None:
    if not isinstance(outside, Served):
        pytest.skip(f"{outside.name} is a process for each query: it is asked them only as they stand")
    text = bound(query, name, store)
    if (outside.name, query.name, name) in OTHER_ROWS:
        with pytest.raises(AssertionError):
            assert_same(outside, store, text)
    else:
        assert_same(outside, store, text)


def test_a_store_gives_back_every_triple_as_it_was_loaded(outside: Outside, store: Store) -> None:
    """Those with blank nodes, which have other names in each store, are only counted."""
    for query in (HOW_MANY_TRIPLES, EVERY_NAMED_TRIPLE):
        ours = in_one_form(answer_of(select(store, query)), outside.name)
        assert ours.rows
        assert not differences(in_one_form(outside.ask(query), outside.name), ours)


@pytest.mark.parametrize("datatype", WRITTEN)
def test_only_a_store_that_is_excepted_writes_values_in_another_form(
    outside: Outside, store: Store, datatype: str
) -> None:
    ours, theirs = answer_of(select(store, WRITTEN[datatype])), outside.ask(WRITTEN[datatype])
    assert ours.rows
    assert in_one_form(theirs, outside.name) == in_one_form(ours, outside.name)
    assert (theirs != ours) is ((outside.name, datatype) in OTHER_FORMS)


def test_what_must_run_and_what_is_excepted_are_stores_that_there_are(must_run: frozenset[str]) -> None:
    assert must_run | {name for name, _ in OTHER_FORMS} <= set(STORES)
    assert {datatype for _, datatype in OTHER_FORMS} <= set(WRITTEN)
    assert {name for name, _, _ in OTHER_ROWS} <= set(STORES)
    assert {each[1:] for each in OTHER_ROWS} <= {(query.name, name) for query, name in BOUND}
