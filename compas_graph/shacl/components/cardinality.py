"""Cardinality: sh:minCount, sh:maxCount."""

from __future__ import annotations

from collections.abc import Iterator

from compas_graph.shacl.compiler import Compiler, select
from compas_graph.shacl.engine import Run
from compas_graph.shacl.model import Component, Found, Nodes, Pairs, Shape, Violations
from compas_graph.shacl.parameters import only, read_count
from compas_graph.shacl.paths import sh
from compas_graph.shacl.wording import number

__all__ = ["COMPONENTS", "less_than", "more_than"]


def _min_count(run: Run, shape: Shape, pairs: Pairs, least: int) -> Iterator[Found]:
    return (Found(focus) for focus, values in pairs if len(values) < least)


def _max_count(run: Run, shape: Shape, pairs: Pairs, most: int) -> Iterator[Found]:
    return (Found(focus) for focus, values in pairs if len(values) > most)


def less_than(compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, least: int) -> Iterator[Violations]:
    """Yield the focus nodes with fewer values."""
    if least:
        having = f"{{ {values.among} }}" if least == 1 else _having(focus, values, ">=", least)
        yield Violations(compiler.without(focus.pattern, having), focus.node)


def more_than(compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, most: int) -> Iterator[Violations]:
    """Yield the focus nodes with more values."""
    yield Violations(_having(focus, values, ">", most), focus.node)


def _having(focus: Nodes, values: Nodes, sign: str, count: int) -> str:
    """Return the nodes that have so many values."""
    if (sign, count) == (">", 0):
        return select(focus.node, values.pattern)
    tail = f" GROUP BY {focus.node} HAVING(COUNT(DISTINCT {values.node}) {sign} {count})"
    return select(focus.node, values.pattern, tail)


COMPONENTS = (
    Component(
        "minCount",
        sh("MinCountConstraintComponent"),
        read=only(read_count),
        single=True,
        in_node_shapes="refused",
        check=_min_count,
        without_values=True,
        violations=less_than,
        words=lambda name, least: f"at least {number(least)}",
        of_all=True,
        counts=True,
    ),
    Component(
        "maxCount",
        sh("MaxCountConstraintComponent"),
        read=only(read_count),
        single=True,
        in_node_shapes="refused",
        check=_max_count,
        violations=more_than,
        words=lambda name, most: f"at most {number(most)}",
        of_all=True,
        counts=True,
    ),
)
