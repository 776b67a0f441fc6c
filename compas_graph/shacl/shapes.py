"""The shapes of a shapes graph: their targets, paths and constraints.

What a constraint is read from, its component knows. Mistakes in shapes are told as DataError: which shape, what
is wrong, and what would be right.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode

from compas_graph.errors import DataError, UnappliedShapesError, UnsupportedShapesError
from compas_graph.shacl.components import COMPONENTS
from compas_graph.shacl.definitions import parameters_in, read_definitions
from compas_graph.shacl.index import Index, Term, owl, rdfs
from compas_graph.shacl.model import MOST_NESTED, Component, Constraint, ParameterValue, Shape, Shapes
from compas_graph.shacl.parameters import (
    at_most_one,
    read_flag,
    read_iri,
    read_messages,
    read_node,
    read_resource,
    read_severity,
)
from compas_graph.shacl.paths import read_path, sh
from compas_graph.shacl.reach import Reach
from compas_graph.shacl.unapplied import refusals, without_effect
from compas_graph.shacl.vocabulary import BY_PYSHACL, makes_a_shape

__all__ = ["read_shapes"]

TARGETS: dict[str, Callable[[ParameterValue], Term]] = {
    "targetNode": read_node,
    "targetClass": read_resource,
    "targetSubjectsOf": read_iri,
    "targetObjectsOf": read_iri,
}
"""What reads the value of each kind of target."""


def read_shapes(graph: Index) -> Shapes:
    """Return the shapes of a shapes graph, or raise DataError that names the shape at fault.

    What only another engine may be able to check is told in `unsupported`, and left out of the shapes. What none here
    would apply raises UnappliedShapesError.
    """
    reader = _Reader(graph)
    for node in sorted(_roots(graph), key=str):
        reader.shape(node)
    reach = Reach(graph, reader.found, parameters_in(graph))
    if said := sorted(refusals(graph, reader.found, reach.off), key=lambda one: one[:2]):
        raise UnappliedShapesError(said)
    return Shapes(
        graph,
        reader.found,
        frozenset(_recursive(reader.found.values())),
        (*reader.unsupported, *_extensions(graph, reader.found, reach.off)),
        tuple(reach.unreached()),
        frozenset(reach.off),
        tuple(without_effect(graph, reader.found, reach.off, reader.definitions)),
    )


def _recursive(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Yield the shapes from which references to other shapes lead back."""
    for shape in shapes:
        seen: set[Shape] = set()
        left = [shape]
        while left:
            for other in _referred(left.pop()):
                if other not in seen:
                    seen.add(other)
                    left.append(other)
        if shape in seen:
            yield shape


def _referred(shape: Shape) -> Iterator[Shape]:
    for constraint in shape.constraints:
        for argument in constraint.arguments:
            for one in argument if isinstance(argument, tuple) else (argument,):
                if isinstance(one, Shape):
                    yield one


def _roots(graph: Index) -> set[Term]:
    """Return the nodes that are shapes by their type, a target, or a parameter of a constraint."""
    found = {*graph.instances(sh("NodeShape")), *graph.instances(sh("PropertyShape"))}
    for name in makes_a_shape():
        found |= graph.table(sh(name)).keys()
    return found - graph.backward(sh("parameter")).keys()  # a parameter is described as a property shape is


def _extensions(graph: Index, shapes: dict[Term, Shape], off: Collection[Term]) -> Iterator[str]:
    """Yield what shapes say in words for which pyshacl takes over."""
    for word in BY_PYSHACL["shape"]:
        for node in sorted(graph.table(sh(word)).keys() - off, key=str):
            yield f"shape {shapes[node].name}: sh:{word} is not of SHACL 1.0"


class _Reader:
    """What reads shapes, each once."""

    def __init__(self, graph: Index) -> None:
        self.graph = graph
        self.found: dict[Term, Shape] = {}
        self.definitions, self.unsupported = read_definitions(graph)
        self._depth = 0

    def shape(self, node: Term) -> Shape:
        """Return the shape that a node is."""
        if node in self.found:
            return self.found[node]
        shape = self.found[node] = Shape(node)
        self._depth += 1
        try:
            self._read(shape)
        except DataError as error:
            if str(error).startswith("shape "):  # the innermost shape with a name is the one to tell
                raise
            within = isinstance(node, BlankNode) and self._depth > 1
            raise DataError(f"{'in' if within else 'shape'} {shape.name}: {error}") from error
        finally:
            self._depth -= 1
        return shape

    def _read(self, shape: Shape) -> None:
        graph, node = self.graph, shape.node
        if self._depth > MOST_NESTED:
            raise DataError(f"lies more than {MOST_NESTED} shapes deep; nest them less")
        path = at_most_one(graph, node, "path")
        if path is not None:
            shape.path = read_path(graph, path)
        elif node in graph.instances(sh("PropertyShape")):
            raise DataError("is a property shape without sh:path; give it one")
        shape.deactivated = read_flag(graph, node, "deactivated")
        shape.severity = read_severity(graph, node)
        shape.messages = read_messages(graph, node)
        shape.targets = [
            (name, read(self._given(shape, name, value)))
            for name, read in TARGETS.items()
            for value in graph.values(node, sh(name))
        ]
        if isinstance(node, NamedNode) and any(node in graph.instances(kind) for kind in (rdfs("Class"), owl("Class"))):
            shape.targets.append(("targetClass", node))
        for component in COMPONENTS.values():
            shape.constraints += self._constraints(shape, component)
        for definition in self.definitions:
            shape.constraints += definition.constraints(graph, shape)

    def _given(self, shape: Shape, name: str, value: Term) -> ParameterValue:
        return ParameterValue(self.graph, shape, name, value, self.shape)

    def _constraints(self, shape: Shape, component: Component) -> Iterator[Constraint]:
        """Yield the constraints of a component that a shape has."""
        name = component.name
        values = self.graph.values(shape.node, sh(name))
        if values and shape.path is None and component.in_node_shapes != "checked":
            if component.in_node_shapes == "ignored":
                return
            raise DataError(f"sh:{name} stands in a node shape; it needs a property shape, one with sh:path")
        if component.single:
            at_most_one(self.graph, shape.node, name)
        for value in values:
            try:
                arguments = component.read(self._given(shape, name, value))
            except UnsupportedShapesError as error:
                self.unsupported.append(f"shape {shape.name}: {error}")
                continue
            if arguments is not None:
                own = read_messages(self.graph, value) if component.own_messages else ()
                yield Constraint(component, arguments, own)
