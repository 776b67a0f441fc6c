"""Turtle that is written is Turtle, whatever the terms, to every reader, and harmless where it is printed."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from compas_graph.namespaces import PREFIXES
from compas_graph.signs import printable
from compas_graph.turtle import Terms, blocks, headed, turtle

XSD = PREFIXES["xsd"]
TEXTS = st.text() | st.text("\"'\\\n\r\t\x0b\x0c\x00\x1b\x85\u2028\u2029\u202e\ufeff@prefix ex:<>. ^#[]é🚗")
LOCALS = st.lists(st.sampled_from([*"ab1_-.:/~é\u200b\u202e\u2028東🚗", "%20"]), max_size=8).map("".join)
IRIS = st.builds(lambda base, local: NamedNode(base + local), st.sampled_from([*PREFIXES.values(), "urn:x:"]), LOCALS)
TAGS = st.sampled_from(["en", "en-GB", "zh-Hant"])
NUMBERS = st.sampled_from(["0", "-0", "+1", "01", "7", "-12", "1.0", "1e3", "true", "1", "\n1", "", "NaN"])
LITERALS = (
    st.builds(Literal, TEXTS)
    | st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, TAGS)
    | st.builds(lambda text, kind: Literal(text, datatype=kind), TEXTS, IRIS)
    | st.builds(
        lambda text, kind: Literal(text, datatype=NamedNode(XSD + kind)),
        NUMBERS,
        st.sampled_from(["integer", "boolean", "decimal", "double", "string"]),
    )
)
TERMS = IRIS | LITERALS
TRIPLES = st.builds(Triple, IRIS, IRIS, TERMS)
NEW = st.builds(
    lambda text, tag, way: Literal(text, language=tag, direction=way),
    TEXTS, TAGS, st.sampled_from([BaseDirection.LTR, BaseDirection.RTL]),
) | TRIPLES  # fmt: skip


def read(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text.encode(), RdfFormat.TURTLE)]


@given(st.lists(st.builds(Triple, IRIS, IRIS, TERMS | NEW), max_size=6))
def test_triples_come_back_as_they_were(triples: list[Triple]) -> None:
    """Of RDF 1.2, too, with the engine."""
    assert set(read(turtle(triples))) == set(triples)


@pytest.fixture(scope="module")
def as_it_stands() -> Iterator[None]:
    """Let rdflib leave the forms of numbers as they are."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    yield
    rdflib.NORMALIZE_LITERALS = before


@pytest.mark.usefixtures("as_it_stands")
@pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")
@given(st.lists(TRIPLES, max_size=6))
def test_another_reader_reads_the_same(triples: list[Triple]) -> None:
    """With rdflib, of RDF 1.1."""
    graph = rdflib.Graph()
    graph.parse(io.BytesIO(turtle(triples).encode()), format="turtle")
    assert {tuple(map(of_rdflib, triple)) for triple in graph} == {
        tuple(map(of_engine, (triple.subject, triple.predicate, triple.object))) for triple in triples
    }


def of_rdflib(term: rdflib.term.Node) -> tuple[str, ...]:
    if isinstance(term, rdflib.Literal):
        return str(term), (term.language or "").lower(), "" if term.language else str(term.datatype or XSD + "string")
    return (str(term),)


def of_engine(term: object) -> tuple[str, ...]:
    if isinstance(term, Literal):
        return term.value, (term.language or "").lower(), "" if term.language else term.datatype.value
    assert isinstance(term, NamedNode)
    return (term.value,)


@given(st.lists(TRIPLES, max_size=6))
def test_what_is_written_is_printable(triples: list[Triple]) -> None:
    """A literal cannot reach the terminal as a command, nor break a line."""
    text = turtle(triples)
    assert all(printable(line) == line for line in text.split("\n"))


@given(st.lists(TRIPLES, max_size=6))
def test_the_same_triples_give_the_same_text(triples: list[Triple]) -> None:
    assert turtle(triples) == turtle(reversed(triples))


def test_only_the_prefixes_used_are_declared() -> None:
    """By a datatype, too; a literal that speaks of a prefix uses none."""
    used = Triple(NamedNode(PREFIXES["id"] + "a"), NamedNode("urn:p"), Literal("1", datatype=NamedNode(XSD + "byte")))
    assert turtle([used]).count("@prefix") == 2
    assert "@prefix" not in turtle([Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(" cg:x "))])


def test_numbered_blank_nodes_are_called_as_they_come() -> None:
    """Whatever they were called before."""
    terms = Terms(numbered=True)
    said = [Triple(BlankNode("x9"), NamedNode("urn:p"), BlankNode("x1"))]
    assert headed(terms, blocks(said, terms)) == "_:b1 <urn:p> _:b2 .\n"
