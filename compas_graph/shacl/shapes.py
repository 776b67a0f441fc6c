"""The shapes of a shapes graph: their targets, paths and constraints.

A constraint is its kind, the name of a parameter of SHACL, and the arguments: what the engine checks it by
and what the queries for a store are made from. Mistakes in shapes are told as DataError: which shape, what is
wrong, and what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.shacl.index import TYPE, Index, Term, rdfs
from compas_graph.shacl.literals import XSD
from compas_graph.shacl.model import MOST_NESTED, Constraint, Shape, Shapes, shown
from compas_graph.shacl.parameters import (
    READERS,
    at_most_one,
    read_flag,
    read_list,
    read_messages,
    read_pattern,
    read_severity,
)
from compas_graph.shacl.paths import read_path, sh
from compas_graph.shacl.queries import custom_components, read_sparql

__all__ = ["COMPONENTS", "read_shapes"]

COMPONENTS = {
    "class": "Class",
    "datatype": "Datatype",
    "nodeKind": "NodeKind",
    "minCount": "MinCount",
    "maxCount": "MaxCount",
    "minExclusive": "MinExclusive",
    "minInclusive": "MinInclusive",
    "maxExclusive": "MaxExclusive",
    "maxInclusive": "MaxInclusive",
    "minLength": "MinLength",
    "maxLength": "MaxLength",
    "pattern": "Pattern",
    "languageIn": "LanguageIn",
    "uniqueLang": "UniqueLang",
    "equals": "Equals",
    "disjoint": "Disjoint",
    "lessThan": "LessThan",
    "lessThanOrEquals": "LessThanOrEquals",
    "not": "Not",
    "and": "And",
    "or": "Or",
    "xone": "Xone",
    "node": "Node",
    "property": "Property",
    "qualifiedMinCount": "QualifiedMinCount",
    "qualifiedMaxCount": "QualifiedMaxCount",
    "closed": "Closed",
    "hasValue": "HasValue",
    "in": "In",
    "sparql": "SPARQL",
}
"""The kinds of constraint, and what SHACL calls the component of each."""

PATH_ONLY = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")
TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
SINGLE = (
    *("datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive"),
    *("minLength", "maxLength", "languageIn", "uniqueLang", "qualifiedMinCount", "qualifiedMaxCount", "closed", "in"),
)
BESIDE = (
    *("path", "severity", "message", "deactivated", "flags", "ignoredProperties", "qualifiedValueShape"),
    *("qualifiedValueShapesDisjoint", "name", "description", "order", "group", "defaultValue", "declare", "prefixes"),
    *("select", "ask", "parameter", "validator", "nodeValidator", "propertyValidator", "labelTemplate", "optional"),
)
"""What a shape may say in SHACL's words that is neither a target nor a constraint."""

ADVANCED = ("target", "rule", "expression", "values", "condition", "filterShape", "nodes", "js")
"""What a shape may say in the words of "SHACL Advanced Features"."""

KINDS = ("NodeShape", "PropertyShape", "Shape", "ConstraintComponent", "Parameter", "SPARQLConstraint")
"""The kinds of thing that shapes are made of, which a file may misspell."""


def read_shapes(graph: Index) -> Shapes:
    """Return the shapes of a shapes graph, or raise DataError that names the shape at fault.

    What only another engine may be able to check is told in `unsupported`, and left out of the shapes.
    """
    for regime in graph.backward(sh("entailment")):
        raise DataError(f"sh:entailment asks for {shown(regime)}, but only what stands in the data is checked")
    reader = _Reader(graph)
    for node in sorted(_roots(graph), key=str):
        reader.shape(node)
    unsupported = (*reader.unsupported, *_extensions(graph, reader.found))
    return Shapes(graph, reader.found, frozenset(_recursive(reader.found.values())), unsupported)


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
    for name in (*TARGETS, *COMPONENTS, "qualifiedValueShape"):
        found |= graph.table(sh(name)).keys()
    return found - graph.backward(sh("parameter")).keys()  # a parameter is described as a property shape is


def _refuse_misspelt(word: str, known: Iterable[str], where: str) -> None:
    """Raise DataError for a word that is none of SHACL's and close to one: what it says would be passed over."""
    for one in get_close_matches(word, known, 1, cutoff=0.8):
        raise DataError(f"{where}: sh:{word} is not of SHACL; did you mean sh:{one}?")


def _extensions(graph: Index, shapes: dict[Term, Shape]) -> Iterator[str]:
    """Yield what shapes say in words of SHACL's namespace that are not those of the Recommendation.

    Raise DataError for those that are one of these misspelt.
    """
    space, known = sh("").value, (*COMPONENTS, *TARGETS, *BESIDE)
    for kind, nodes in graph.backward(TYPE).items():
        if isinstance(kind, NamedNode) and kind.value.startswith(space):
            word = kind.value.removeprefix(space)
            if word not in KINDS:
                _refuse_misspelt(word, KINDS, shown(nodes[0]))
    for predicate in graph.predicates():
        name = predicate.value.removeprefix(space)
        if predicate.value.startswith(space) and name not in known:
            for node in sorted(graph.table(predicate).keys() & shapes.keys(), key=str):
                if name not in ADVANCED:
                    _refuse_misspelt(name, known, f"shape {shapes[node].name}")
                yield f"shape {shapes[node].name}: sh:{name} is not of SHACL 1.0"


class _Reader:
    """What reads shapes, each once."""

    def __init__(self, graph: Index) -> None:
        self.graph = graph
        self.found: dict[Term, Shape] = {}
        self.custom, self.unsupported = custom_components(graph)
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
            (name, READERS[name](graph, name, value)) for name in TARGETS for value in graph.values(node, sh(name))
        ]
        if isinstance(node, NamedNode) and node in graph.instances(rdfs("Class")):
            shape.targets.append(("targetClass", node))
        for name in COMPONENTS:
            shape.constraints += self._constraints(shape, name)
        for component in self.custom:
            shape.constraints += component.constraints(graph, shape)

    def _constraints(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Yield the constraints of one kind that a shape has."""
        values = self.graph.values(shape.node, sh(name))
        if shape.path is None and name.startswith("qualified"):
            return  # allowed, and without effect
        if values and shape.path is None and name in PATH_ONLY:
            raise DataError(f"sh:{name} stands in a node shape; it needs a property shape, one with sh:path")
        if name in SINGLE:
            at_most_one(self.graph, shape.node, name)
        component = sh(COMPONENTS[name] + "ConstraintComponent")
        for value in values:
            try:
                arguments = self._arguments(shape, name, value)
            except UnsupportedShapesError as error:
                self.unsupported.append(f"shape {shape.name}: {error}")
                continue
            if arguments is not None:
                own = read_messages(self.graph, value) if name == "sparql" else ()
                yield Constraint(name, arguments, component, own)

    def _arguments(self, shape: Shape, name: str, value: Term) -> tuple[Any, ...] | None:
        """Return the arguments of a constraint, None where it constrains nothing."""
        match name:
            case "not" | "node" | "property":
                return (self._inner(name, value),)
            case "and" | "or" | "xone":
                return (tuple([self._inner(name, item) for item in read_list(self.graph, name, value)]),)
            case "qualifiedMinCount" | "qualifiedMaxCount":
                return self._qualified(shape, name, value)
            case "closed":
                return self._closed(shape) if read_flag(self.graph, shape.node, name) else None
            case "uniqueLang":
                given = read_flag(self.graph, shape.node, name)
                return (
                    () if given and value == Literal("true", datatype=NamedNode(XSD + "boolean")) else None
                )  # "1" does not count
            case "pattern":
                return read_pattern(self.graph, shape.node, value)
            case "sparql":
                query = read_sparql(self.graph, value)
                return None if query is None else (query,)
        return (READERS[name](self.graph, name, value),)

    def _inner(self, name: str, value: Term) -> Shape:
        """Return the shape that another refers to."""
        if isinstance(value, Literal):
            raise DataError(f"sh:{name} has {shown(value)}, which is no shape")
        if name == "property" and not self.graph.values(value, sh("path")):
            raise DataError(f"sh:property has {shown(value)}, which has no sh:path and so is no property shape")
        return self.shape(value)

    def _qualified(self, shape: Shape, name: str, value: Term) -> tuple[Any, ...]:
        """Return the shape counted, the number, and the shapes whose nodes are not counted."""
        graph, count = self.graph, READERS[name](self.graph, name, value)
        inner = [self._inner("qualifiedValueShape", one) for one in graph.values(shape.node, sh("qualifiedValueShape"))]
        if len(inner) != 1:
            raise DataError(f"sh:{name} needs one sh:qualifiedValueShape")
        if not read_flag(graph, shape.node, "qualifiedValueShapesDisjoint"):
            return inner[0], count, ()
        siblings = [
            self._inner("qualifiedValueShape", one)
            for parent in graph.backward(sh("property")).get(shape.node, ())
            for beside in graph.values(parent, sh("property"))
            for one in graph.values(beside, sh("qualifiedValueShape"))
        ]
        return inner[0], count, tuple(one for one in dict.fromkeys(siblings) if one is not inner[0])

    def _closed(self, shape: Shape) -> tuple[Any, ...]:
        """Return the predicates that a closed shape allows."""
        allowed: set[Term] = set()
        for one in self.graph.values(shape.node, sh("property")):
            allowed |= {path for path in self.graph.values(one, sh("path")) if isinstance(path, NamedNode)}
        ignored = at_most_one(self.graph, shape.node, "ignoredProperties")
        if ignored is not None:
            allowed |= READERS["ignoredProperties"](self.graph, "ignoredProperties", ignored)
        return (frozenset(allowed),)
