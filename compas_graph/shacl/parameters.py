"""The values that parameters of SHACL take: each is read, or refused with what would be right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from compas_graph.errors import DataError
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.literals import RANGES, STRING, XSD, well_formed
from compas_graph.shacl.model import Arguments, ParameterValue, Shape, shown
from compas_graph.shacl.paths import sh

__all__ = [
    "at_most_one",
    "only",
    "read_any",
    "read_beside",
    "read_count",
    "read_flag",
    "read_iri",
    "read_items",
    "read_literal",
    "read_messages",
    "read_node",
    "read_resource",
    "read_severity",
    "read_shape",
    "read_text",
]

LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
WHOLE = frozenset(XSD + name for name in RANGES)


def at_most_one(graph: Index, node: Term, name: str) -> Term | None:
    """Return the value of a parameter that is given once or not at all."""
    found = graph.values(node, sh(name))
    if len(found) > 1:
        raise DataError(f"has {len(found)} values of sh:{name}; at most one is allowed")
    return found[0] if found else None


def read_flag(graph: Index, node: Term, name: str) -> bool:
    """Return the value of a parameter that is true or false, and false where it is not given."""
    value = at_most_one(graph, node, name)
    if value is None:
        return False
    if isinstance(value, Literal) and value.datatype.value == XSD + "boolean":
        if value.value in ("true", "1"):
            return True
        if value.value in ("false", "0"):
            return False
    raise DataError(f"sh:{name} has {shown(value)}; write true or false")


def read_severity(graph: Index, node: Term) -> NamedNode:
    """Return how grave a shape's results are."""
    value = at_most_one(graph, node, "severity")
    if value is None:
        return sh("Violation")
    if not isinstance(value, NamedNode):
        raise DataError(f"sh:severity has {shown(value)}; it takes an IRI such as sh:Violation or sh:Warning")
    return value


def read_messages(graph: Index, node: Term) -> tuple[Literal, ...]:
    """Return the messages of a node of the shapes graph."""
    found = graph.values(node, sh("message"))
    for value in found:
        if not isinstance(value, Literal) or value.datatype.value not in (STRING, LANG_STRING):
            raise DataError(f"sh:message has {shown(value)}; it takes text")
    return tuple(one for one in found if isinstance(one, Literal))


def only(read: Callable[[ParameterValue], Any]) -> Callable[[ParameterValue], Arguments]:
    """Return what reads the arguments of a constraint that has one, the value of its parameter."""
    return lambda given: (read(given),)


def read_beside(given: ParameterValue, name: str) -> ParameterValue | None:
    """Return what the shape has for another parameter, which may be given once or not at all."""
    value = at_most_one(given.graph, given.shape.node, name)
    return None if value is None else replace(given, name=name, value=value)


def read_items(given: ParameterValue) -> list[ParameterValue]:
    """Return the items of the list that a parameter takes."""
    items = given.graph.items(given.value)
    if items is None:
        raise DataError(f"sh:{given.name} needs a list, such as ( ex:a ex:b )")
    return [replace(given, value=item) for item in items]


def read_shape(given: ParameterValue) -> Shape:
    """Return the shape that a parameter refers to."""
    if isinstance(given.value, Literal):
        raise DataError(f"sh:{given.name} has {shown(given.value)}, which is no shape")
    return given.shape_of(given.value)


def read_count(given: ParameterValue) -> int:
    """Return a whole number that is not negative."""
    value = given.value
    if (
        isinstance(value, Literal)
        and value.datatype.value in WHOLE
        and well_formed(value.value, XSD + "nonNegativeInteger")
    ):
        return int(value.value[:18])  # Python refuses to read thousands of digits, and no data has so many values
    raise _refusal(given, "a whole number such as 1")


def read_text(given: ParameterValue) -> str:
    """Return a string without a language."""
    if isinstance(given.value, Literal) and given.value.datatype.value == STRING:
        return given.value.value
    raise _refusal(given, "a plain string")


def read_iri(given: ParameterValue) -> NamedNode:
    """Return an IRI."""
    if isinstance(given.value, NamedNode):
        return given.value
    raise _refusal(given, "an IRI")


def read_resource(given: ParameterValue) -> Term:
    """Return an IRI or a blank node."""
    if isinstance(given.value, NamedNode | BlankNode):
        return given.value
    raise _refusal(given, "an IRI")


def read_literal(given: ParameterValue) -> Literal:
    """Return a literal."""
    if isinstance(given.value, Literal):
        return given.value
    raise _refusal(given, "a literal")


def read_node(given: ParameterValue) -> Term:
    """Return an IRI or a literal."""
    if isinstance(given.value, BlankNode):
        raise _refusal(given, "an IRI or a literal")
    return given.value


def read_any(given: ParameterValue) -> Term:
    """Return any term."""
    return given.value


def _refusal(given: ParameterValue, takes: str) -> DataError:
    return DataError(f"sh:{given.name} has {shown(given.value)}; it takes {takes}")
