"""The values that parameters of SHACL take: each is read, or refused with what would be right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from compas_graph.errors import DataError
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.literals import RANGES, STRING, XSD, well_formed
from compas_graph.shacl.model import shown
from compas_graph.shacl.paths import sh
from compas_graph.shacl.patterns import check_pattern

__all__ = [
    "READERS",
    "at_most_one",
    "read_flag",
    "read_list",
    "read_messages",
    "read_pattern",
    "read_severity",
]

LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
NODE_KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
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


def read_list(graph: Index, name: str, value: Term) -> list[Term]:
    """Return the items of the list that a parameter takes."""
    items = graph.items(value)
    if items is None:
        raise DataError(f"sh:{name} needs a list, such as ( ex:a ex:b )")
    return items


def read_pattern(graph: Index, node: Term, value: Term) -> tuple[str, str]:
    """Return a regular expression and its flags."""
    pattern = _text(graph, "pattern", value)
    given = at_most_one(graph, node, "flags")
    flags = "" if given is None else _text(graph, "flags", given)
    check_pattern(pattern, flags)
    return pattern, flags


def _count(graph: Index, name: str, value: Term) -> int:
    if (
        isinstance(value, Literal)
        and value.datatype.value in WHOLE
        and well_formed(value.value, XSD + "nonNegativeInteger")
    ):
        return int(value.value[:18])  # Python refuses to read thousands of digits, and no data has so many values
    raise DataError(f"sh:{name} has {shown(value)}; it takes a whole number such as 1")


def _text(graph: Index, name: str, value: Term) -> str:
    if isinstance(value, Literal) and value.datatype.value == STRING:
        return value.value
    raise DataError(f"sh:{name} has {shown(value)}; it takes a plain string")


def _iri(graph: Index, name: str, value: Term) -> NamedNode:
    if isinstance(value, NamedNode):
        return value
    raise DataError(f"sh:{name} has {shown(value)}; it takes an IRI")


def _resource(graph: Index, name: str, value: Term) -> Term:
    if isinstance(value, NamedNode | BlankNode):
        return value
    raise DataError(f"sh:{name} has {shown(value)}; it takes an IRI")


def _kind(graph: Index, name: str, value: Term) -> str:
    kind = value.value.removeprefix(sh("").value) if isinstance(value, NamedNode) else ""
    if kind not in NODE_KINDS:
        raise DataError(f"sh:{name} has {shown(value)}; it takes one of sh:{', sh:'.join(NODE_KINDS)}")
    return kind


def _literal(graph: Index, name: str, value: Term) -> Literal:
    if isinstance(value, Literal):
        return value
    raise DataError(f"sh:{name} has {shown(value)}; it takes a literal")


def _languages(graph: Index, name: str, value: Term) -> tuple[str, ...]:
    return tuple(_text(graph, name, item) for item in read_list(graph, name, value))


def _terms(graph: Index, name: str, value: Term) -> tuple[Term, ...]:
    return tuple(read_list(graph, name, value))


def _any(graph: Index, name: str, value: Term) -> Term:
    return value


READERS: dict[str, Callable[[Index, str, Term], Any]] = {
    "targetNode": _any,
    "targetClass": _resource,
    "targetSubjectsOf": _iri,
    "targetObjectsOf": _iri,
    "class": _resource,
    "datatype": _iri,
    "nodeKind": _kind,
    "minCount": _count,
    "maxCount": _count,
    "qualifiedMinCount": _count,
    "qualifiedMaxCount": _count,
    "minLength": _count,
    "maxLength": _count,
    "minExclusive": _literal,
    "minInclusive": _literal,
    "maxExclusive": _literal,
    "maxInclusive": _literal,
    "languageIn": _languages,
    "equals": _iri,
    "disjoint": _iri,
    "lessThan": _iri,
    "lessThanOrEquals": _iri,
    "hasValue": _any,
    "in": _terms,
    "ignoredProperties": lambda graph, name, value: {_iri(graph, name, one) for one in read_list(graph, name, value)},
}
"""What reads the value of each parameter that needs nothing else of its shape."""
