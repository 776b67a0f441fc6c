"""The queries of a shapes graph: SPARQL constraints, and constraint components that it defines itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.shacl.binding import cannot_run, fill, refuse
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.model import Constraint, Query, Shape, shown
from compas_graph.shacl.parameters import read_flag, read_messages
from compas_graph.shacl.paths import sh

__all__ = ["Component", "custom_components", "read_sparql"]

IMPORTS = NamedNode("http://www.w3.org/2002/07/owl#imports")
RESERVED = {"this", "shapesGraph", "currentShape", "path", "PATH", "value"}
PREFIX = re.compile(r"([^\W\d_]([\w.-]*[\w-])?)?")
IRI = re.compile(r"[^\x00-\x20<>\"{}|^`\\]*")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a constraint component: the predicate that gives it, its variable, and if it may be left out."""

    predicate: NamedNode
    name: str
    optional: bool


@dataclass(frozen=True)
class Validator:
    """A query that checks a constraint component, and what is said where it fails."""

    query: Query
    messages: tuple[Literal, ...]


@dataclass(frozen=True)
class Component:
    """A constraint component of a shapes graph: its parameters, and its validators of nodes and of paths."""

    node: NamedNode
    parameters: tuple[Parameter, ...]
    for_nodes: Validator | None
    for_paths: Validator | None

    def constraints(self, graph: Index, shape: Shape) -> Iterator[Constraint]:
        """Yield the constraints that a shape declares by this component: none unless it has all that is required."""
        given = {one.name: graph.values(shape.node, one.predicate) for one in self.parameters}
        if any(not given[one.name] for one in self.parameters if not one.optional) or not any(given.values()):
            return
        validator = self.for_paths if shape.path else self.for_nodes
        if validator is None:
            raise DataError(f"uses {shown(self.node)}, which has no validator in SPARQL for such a shape")
        names = [name for name, values in given.items() if values]
        several = [name for name in names if len(given[name]) > 1]
        if several and len(self.parameters) > 1:
            raise DataError(f"has several values of ${several[0]} of {shown(self.node)}; at most one is allowed")
        for first in given[names[0]]:
            bound = {name: given[name][0] for name in names} | {names[0]: first}
            yield Constraint("component", (validator.query, tuple(bound.items())), self.node, validator.messages)


def custom_components(graph: Index) -> tuple[list[Component], list[str]]:
    """Return the constraint components that a shapes graph defines itself, and what is wrong with those unsupported."""
    found, unsupported = [], []
    for node in sorted(graph.instances(sh("ConstraintComponent")), key=str):
        if isinstance(node, NamedNode) and graph.values(node, sh("parameter")):
            try:
                found.append(_component(graph, node))
            except UnsupportedShapesError as error:
                unsupported.append(f"component {shown(node)}: {error}")
            except DataError as error:
                raise DataError(f"component {shown(node)}: {error}") from error
    return found, unsupported


def _component(graph: Index, node: NamedNode) -> Component:
    parameters = tuple(_parameter(graph, one) for one in graph.values(node, sh("parameter")))
    names = {one.name for one in parameters}
    general = _validator(graph, node, "validator", names)
    return Component(
        node,
        parameters,
        _validator(graph, node, "nodeValidator", names) or general,
        _validator(graph, node, "propertyValidator", names) or general,
    )


def _parameter(graph: Index, node: Term) -> Parameter:
    path = graph.value(node, sh("path"))
    if not isinstance(path, NamedNode):
        raise DataError("a parameter needs sh:path, one IRI")
    name = re.split(r"[#/:]", path.value)[-1]
    if name in RESERVED or not re.fullmatch(r"[^\W\d]\w*", name):
        raise DataError(
            f"a parameter may not be called '{name}', which is no name of a variable or has a meaning of its own"
        )
    return Parameter(path, name, read_flag(graph, node, "optional"))


def _validator(graph: Index, component: NamedNode, name: str, parameters: set[str]) -> Validator | None:
    """Return the first validator of a kind that is written in SPARQL."""
    for node in graph.values(component, sh(name)):
        if graph.values(node, sh("select")) or graph.values(node, sh("ask")):
            bound = {"this", "value"} if name == "validator" else {"this"}
            query = _query(graph, node, bound, parameters)
            return Validator(query, read_messages(graph, node) + read_messages(graph, component))
    return None


def read_sparql(graph: Index, node: Term) -> Query | None:
    """Return the query of a SPARQL constraint, None where it is switched off."""
    if read_flag(graph, node, "deactivated"):
        return None
    query = _query(graph, node, {"this"}, set())
    if query.asks:
        raise DataError("sh:sparql needs sh:select, a SELECT query whose rows are violations")
    return query


def _query(graph: Index, node: Term, bound: set[str], parameters: set[str]) -> Query:
    """Return the query of a constraint or a validator; `bound` must be given on by each SELECT within it."""
    texts = [(name, one) for name in ("select", "ask") for one in graph.values(node, sh(name))]
    if len(texts) != 1 or not isinstance(texts[0][1], Literal):
        raise DataError(f"a SPARQL constraint or validator needs one sh:select or sh:ask; there are {len(texts)}")
    asks, text = texts[0][0] == "ask", texts[0][1].value
    refuse(text, asks, bound | parameters | {"shapesGraph", "currentShape"}, bound)
    prefixes = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in _prefixes(graph, node).items())
    _parse(prefixes + text, parameters)
    return Query(prefixes + text, asks)


def _parse(text: str, parameters: set[str]) -> None:
    """Raise UnsupportedShapesError for a query that Oxigraph cannot parse."""
    place = "<urn:compas-graph:place>"
    try:
        Store().query(fill(text, dict.fromkeys(parameters, place), place))
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise UnsupportedShapesError(cannot_run(error)) from error


def _prefixes(graph: Index, node: Term) -> dict[str, str]:
    """Return the prefixes that a query is declared to have."""
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
