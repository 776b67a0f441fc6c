"""The constraint components that a shapes graph defines itself, in SPARQL, and their constraints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.shacl.components.sparql_based import DEFINED
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.model import Component, Constraint, Query, Shape, shown
from compas_graph.shacl.parameters import read_flag, read_messages
from compas_graph.shacl.paths import sh
from compas_graph.shacl.queries import read_query

__all__ = ["Definition", "components_in", "parameters_in", "read_definitions"]

RESERVED = {"this", "shapesGraph", "currentShape", "path", "PATH", "value"}


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
class Definition:
    """The definition of a constraint component: its parameters, and its validators of nodes and of paths."""

    component: Component
    parameters: tuple[Parameter, ...]
    for_nodes: Validator | None
    for_paths: Validator | None

    def lacking(self, graph: Index, node: Term) -> list[Parameter]:
        """Return the parameters without which a shape's others of this component say nothing."""
        return [one for one in self.parameters if not one.optional and not graph.values(node, one.predicate)]

    def constraints(self, graph: Index, shape: Shape) -> Iterator[Constraint]:
        """Yield the constraints that a shape declares by this component: none unless it has all that is required."""
        given = {one.name: graph.values(shape.node, one.predicate) for one in self.parameters}
        if self.lacking(graph, shape.node) or not any(given.values()):
            return
        validator = self.for_paths if shape.path else self.for_nodes
        if validator is None:
            raise DataError(f"uses {shown(self.component.iri)}, which has no validator in SPARQL for such a shape")
        names = [name for name, values in given.items() if values]
        several = [name for name in names if len(given[name]) > 1]
        if several and len(self.parameters) > 1:
            raise DataError(
                f"has several values of ${several[0]} of {shown(self.component.iri)}; at most one is allowed"
            )
        for first in given[names[0]]:
            bound = {name: given[name][0] for name in names} | {names[0]: first}
            yield Constraint(self.component, (validator.query, tuple(bound.items())), validator.messages)


def read_definitions(graph: Index) -> tuple[list[Definition], list[str]]:
    """Return the constraint components that a shapes graph defines itself, and what is wrong with those unsupported."""
    found, unsupported = [], []
    for node in sorted(components_in(graph), key=str):
        if graph.values(node, sh("parameter")):
            try:
                found.append(_definition(graph, node))
            except UnsupportedShapesError as error:
                unsupported.append(f"component {shown(node)}: {error}")
            except DataError as error:
                raise DataError(f"component {shown(node)}: {error}") from error
    return found, unsupported


def parameters_in(graph: Index) -> set[Term]:
    """Return the predicates that are parameters of the constraint components that a shapes graph defines."""
    return {
        predicate
        for component in components_in(graph)
        for parameter in graph.values(component, sh("parameter"))
        for predicate in graph.values(parameter, sh("path"))
    }


def components_in(graph: Index) -> Iterator[NamedNode]:
    """Yield the constraint components that are defined with a name; those of SHACL itself are built in."""
    for node in graph.instances(sh("ConstraintComponent")):
        if isinstance(node, NamedNode) and not node.value.startswith(sh("").value):
            yield node


def _definition(graph: Index, node: NamedNode) -> Definition:
    parameters = tuple(_parameter(graph, one) for one in graph.values(node, sh("parameter")))
    names = {one.name for one in parameters}
    general = _validator(graph, node, "validator", names)
    return Definition(
        replace(DEFINED, iri=node),
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
            query = read_query(graph, node, bound, parameters)
            return Validator(query, read_messages(graph, node) + read_messages(graph, component))
    return None
