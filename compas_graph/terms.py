"""RDF terms of pyoxigraph as those of rdflib, for the commands that need rdflib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from compas_graph.errors import DataError

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = ["rdflib_node"]


def rdflib_node(term: object) -> Node:
    """Return an rdflib node for a term, its lexical form kept; raise DataError for one that rdflib does not have."""
    from rdflib import BNode, URIRef
    from rdflib import Literal as RDFLiteral

    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, Literal) and not term.direction:
        datatype = None if term.language else URIRef(term.datatype.value)
        return RDFLiteral(term.value, lang=term.language, datatype=datatype, normalize=False)
    raise DataError(f"{term}: neither a triple within a triple nor a text with a direction can be handed to rdflib")
