"""Shape-based: sh:node, sh:property, sh:qualifiedValueShape with sh:qualifiedMinCount and sh:qualifiedMaxCount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pyoxigraph import Literal

from compas_graph.errors import DataError
from compas_graph.shacl.compiler import Compiler
from compas_graph.shacl.components.cardinality import less_than, more_than
from compas_graph.shacl.engine import Run, failing_values, values_of
from compas_graph.shacl.expressions import shape_expression
from compas_graph.shacl.index import Term
from compas_graph.shacl.model import Arguments, Component, Found, Nodes, Pairs, ParameterValue, Shape, Violations, shown
from compas_graph.shacl.parameters import only, read_count, read_flag, read_shape
from compas_graph.shacl.paths import sh
from compas_graph.shacl.wording import demands, number

__all__ = ["COMPONENTS"]


def _node(run: Run, shape: Shape, pairs: Pairs, inner: Shape) -> Iterator[Found]:
    wrong = run.failing(inner, values_of(pairs))
    return failing_values(pairs, lambda value: value not in wrong)


def _node_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, inner: Shape
) -> Iterator[Violations]:
    if failing := compiler.failing(inner, values):
        yield Violations(f"{values.pattern} {failing}", focus.node, values.node)


def _read_property(given: ParameterValue) -> Arguments:
    if not isinstance(given.value, Literal) and not given.graph.values(given.value, sh("path")):
        raise DataError(f"sh:property has {shown(given.value)}, which has no sh:path and so is no property shape")
    return (read_shape(given),)


QUALIFIED = ("qualifiedValueShape", "qualifiedValueShapesDisjoint")


def _read_qualified(given: ParameterValue) -> Arguments:
    """Return the shape counted, the number, and the shapes whose nodes are not counted."""
    graph, node, count = given.graph, given.shape.node, read_count(given)
    inner = _value_shapes(given, node)
    if len(inner) != 1:
        raise DataError(f"sh:{given.name} needs one sh:qualifiedValueShape")
    if not read_flag(graph, node, "qualifiedValueShapesDisjoint"):
        return inner[0], count, ()
    siblings = [
        one
        for parent in graph.backward(sh("property")).get(node, ())
        for beside in graph.values(parent, sh("property"))
        for one in _value_shapes(given, beside)
    ]
    return inner[0], count, tuple(one for one in dict.fromkeys(siblings) if one is not inner[0])


def _value_shapes(given: ParameterValue, node: Term) -> list[Shape]:
    name = "qualifiedValueShape"
    return [read_shape(replace(given, name=name, value=one)) for one in given.graph.values(node, sh(name))]


def _qualified(run: Run, pairs: Pairs, wanted: Shape, others: Sequence[Shape]) -> Iterator[tuple[Term, int]]:
    """Yield each focus node with the number of its values that conform to a shape and to none of the others."""
    every = values_of(pairs)
    out = run.failing(wanted, every)
    for other in others:
        out |= every - run.failing(other, every)
    for focus, values in pairs:
        yield focus, sum(value not in out for value in values)


def _qualified_min(
    run: Run, shape: Shape, pairs: Pairs, wanted: Shape, least: int, others: Sequence[Shape]
) -> Iterator[Found]:
    return (Found(focus) for focus, count in _qualified(run, pairs, wanted, others) if count < least)


def _qualified_max(
    run: Run, shape: Shape, pairs: Pairs, wanted: Shape, most: int, others: Sequence[Shape]
) -> Iterator[Found]:
    return (Found(focus) for focus, count in _qualified(run, pairs, wanted, others) if count > most)


def _qualified_nodes(compiler: Compiler, values: Nodes, wanted: Shape, others: Sequence[Shape]) -> Nodes:
    """Return those of some values that conform to a shape and to none of the others."""
    test = shape_expression(wanted, values.node, compiler.classes)
    if test:
        found = f"{values.pattern} FILTER({test})"
    else:
        found = compiler.without(values.pattern, compiler.failing(wanted, values))
    for other in others:
        found += f" {compiler.failing(other, values) or 'FILTER(false)'}"
    return Nodes(found, values.node, found)


def _qualified_min_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, wanted: Shape, least: int, others: Sequence[Shape]
) -> Iterator[Violations]:
    return less_than(compiler, shape, focus, _qualified_nodes(compiler, values, wanted, others), least)


def _qualified_max_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, wanted: Shape, most: int, others: Sequence[Shape]
) -> Iterator[Violations]:
    return more_than(compiler, shape, focus, _qualified_nodes(compiler, values, wanted, others), most)


COMPONENTS = (
    Component(
        "node",
        sh("NodeConstraintComponent"),
        read=only(read_shape),
        check=_node,
        combined=" && ".join,
        violations=_node_violations,
        words=lambda name, shape: demands(name, shape),
    ),
    Component(
        "property",
        sh("PropertyConstraintComponent"),
        read=_read_property,
        check=None,
        combined=" && ".join,
        words=lambda name, shape: demands(name, shape),
    ),
    Component(
        "qualifiedMinCount",
        sh("QualifiedMinCountConstraintComponent"),
        read=_read_qualified,
        beside=QUALIFIED,
        single=True,
        in_node_shapes="ignored",
        check=_qualified_min,
        without_values=True,
        violations=_qualified_min_violations,
        words=lambda name, shape, least, others: f"at least {number(least)}, each {demands(name, shape)}",
        of_all=True,
    ),
    Component(
        "qualifiedMaxCount",
        sh("QualifiedMaxCountConstraintComponent"),
        read=_read_qualified,
        beside=QUALIFIED,
        single=True,
        in_node_shapes="ignored",
        check=_qualified_max,
        violations=_qualified_max_violations,
        words=lambda name, shape, most, others: f"at most {number(most)}, each {demands(name, shape)}",
        of_all=True,
    ),
)
