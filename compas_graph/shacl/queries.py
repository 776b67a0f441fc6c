"""The queries of a shapes graph: what SHACL allows of them, and their prefixes."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode, Store

from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.shacl.binding import cannot_run, fill, refuse
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.model import Query
from compas_graph.shacl.paths import sh

__all__ = ["prefixes_of", "read_query"]

IMPORTS = NamedNode("http://www.w3.org/2002/07/owl#imports")
PREFIX = re.compile(r"([^\W\d_]([\w.-]*[\w-])?)?")
IRI = re.compile(r"[^\x00-\x20<>\"{}|^`\\]*")


def read_query(graph: Index, node: Term, bound: set[str], parameters: set[str]) -> Query:
    """Return the query of a constraint or a validator; `bound` must be given on by each SELECT within it."""
    texts = [(name, one) for name in ("select", "ask") for one in graph.values(node, sh(name))]
    if len(texts) != 1 or not isinstance(texts[0][1], Literal):
        raise DataError(f"a SPARQL constraint or validator needs one sh:select or sh:ask; there are {len(texts)}")
    asks, text = texts[0][0] == "ask", texts[0][1].value
    refuse(text, asks, bound | parameters | {"shapesGraph", "currentShape"}, bound)
    prefixes = prefixes_of(graph, node)
    _parse(prefixes + text, parameters)
    return Query(prefixes + text, asks)


def _parse(text: str, parameters: set[str]) -> None:
    """Raise UnsupportedShapesError for a query that Oxigraph cannot parse."""
    place = "<urn:compas-graph:place>"
    try:
        Store().query(fill(text, dict.fromkeys(parameters, place), place))
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise UnsupportedShapesError(cannot_run(error)) from error


def prefixes_of(graph: Index, node: Term) -> str:
    """Return the prefixes that a query is declared to have, as SPARQL declares them."""
    return "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in _prefixes(graph, node).items())


def _prefixes(graph: Index, node: Term) -> dict[str, str]:
    found: dict[str, str] = {}
    left = list(graph.values(node, sh("prefixes")))
    seen: set[Term] = set()
    while left:
        one = left.pop()
        if one in seen:
            continue
        seen.add(one)
        left += graph.values(one, IMPORTS)
        for declaration in graph.values(one, sh("declare")):
            prefix, space = graph.value(declaration, sh("prefix")), graph.value(declaration, sh("namespace"))
            if not isinstance(prefix, Literal) or not isinstance(space, Literal):
                raise DataError("sh:declare needs one sh:prefix and one sh:namespace")
            if not PREFIX.fullmatch(prefix.value) or not IRI.fullmatch(space.value):
                raise DataError(
                    f"sh:declare has '{prefix.value}' for '{space.value}', which is no prefix of a namespace"
                )
            if found.setdefault(prefix.value, space.value) != space.value:
                raise DataError(f"the prefix {prefix.value}: is declared for two namespaces")
    return found
