"""A term handed to rdflib is the same term: nothing is normalised, nothing is dropped in silence."""

from __future__ import annotations

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Triple

from compas_graph.errors import DataError
from compas_graph.terms import rdflib_node

XSD = "http://www.w3.org/2001/XMLSchema#"
texts = st.text(st.characters(exclude_categories=["Cs"]))
KINDS = ["string", "integer", "decimal", "double", "boolean", "date", "gYear", "gYearMonth", "anyURI", "dateTime"]


@pytest.mark.filterwarnings("ignore::UserWarning")
@given(texts, st.sampled_from(KINDS))
def test_a_literal_keeps_its_text_and_type(text: str, kind: str) -> None:
    """Also where the text is none of the type."""
    found = rdflib_node(Literal(text, datatype=NamedNode(XSD + kind)))
    assert isinstance(found, rdflib.Literal)
    assert (str(found), str(found.datatype), found.language) == (text, XSD + kind, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("007", "integer"),
        ("1.50", "decimal"),
        ("1", "boolean"),
        ("2014", "gYear"),
        ("1e0", "double"),
        (" 5 ", "integer"),
    ],
)
def test_a_literal_is_not_made_canonical(text: str, kind: str) -> None:
    """As written, so it stays."""
    assert str(rdflib_node(Literal(text, datatype=NamedNode(XSD + kind)))) == text


@given(texts, st.sampled_from(["en", "de", "en-GB", "zh-Hant-TW"]))
def test_a_text_in_a_language_keeps_both(text: str, language: str) -> None:
    """And has no type beside it."""
    found = rdflib_node(Literal(text, language=language))
    assert isinstance(found, rdflib.Literal)
    assert (str(found), str(found.language).lower(), found.datatype) == (text, language.lower(), None)


@pytest.mark.parametrize("iri", ["https://w3id.org/compas-graph/id/mfa", "urn:x:é", "http://x/%20?a=1#b", "file:///a"])
def test_an_iri_stays_itself(iri: str) -> None:
    """Neither encoded nor resolved."""
    assert rdflib_node(NamedNode(iri)) == rdflib.URIRef(iri)


def test_a_blank_node_keeps_its_name() -> None:
    """So that the triples with it still hang together."""
    node = BlankNode()
    assert rdflib_node(node) == rdflib_node(BlankNode(node.value)) == rdflib.BNode(node.value)
    assert rdflib_node(node) != rdflib_node(BlankNode())


def test_what_rdflib_cannot_hold_is_refused() -> None:
    """A triple within a triple, in one line that shows it."""
    node = NamedNode("http://x/a")
    with pytest.raises(DataError, match="http://x/a") as caught:
        rdflib_node(Triple(node, node, Literal("a\nb")))
    assert "\n" not in str(caught.value)


def test_the_direction_of_a_text_is_not_dropped_in_silence() -> None:
    """It is a part of the term that rdflib has no place for."""
    with pytest.raises(DataError):
        rdflib_node(Literal("a", language="ar", direction=BaseDirection.RTL))
