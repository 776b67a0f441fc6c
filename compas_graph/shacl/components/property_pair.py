"""Property pair: sh:equals, sh:disjoint, sh:lessThan, sh:lessThanOrEquals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyoxigraph import NamedNode

from compas_graph.shacl.compiler import Compiler
from compas_graph.shacl.engine import Run
from compas_graph.shacl.index import Term
from compas_graph.shacl.literals import less
from compas_graph.shacl.model import Component, Found, Nodes, Pairs, Shape, Violations
from compas_graph.shacl.parameters import only, read_iri
from compas_graph.shacl.paths import sh

__all__ = ["COMPONENTS"]


def _equals(run: Run, shape: Shape, pairs: Pairs, other: NamedNode) -> Iterator[Found]:
    for focus, values in pairs:
        others = run.data.values(focus, other)
        for value in (*(one for one in values if one not in others), *(one for one in others if one not in values)):
            yield Found(focus, value)


def _equals_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, other: NamedNode
) -> Iterator[Violations]:
    if shape.path is None:
        node, value = focus.node, compiler.fresh()
        yield Violations(f"{focus.pattern} MINUS {{ {node} {other} {node} . }}", node, node)
        yield Violations(f"{focus.pattern} {node} {other} {value} . FILTER(!sameTerm({node}, {value}))", node, value)
        return
    beside = f"{focus.pattern} {focus.node} {other} {values.node} ."
    yield Violations(f"{values.pattern} MINUS {{ {beside} }}", focus.node, values.node)
    yield Violations(f"{beside} MINUS {{ {values.pattern} }}", focus.node, values.node)


def _disjoint(run: Run, shape: Shape, pairs: Pairs, other: NamedNode) -> Iterator[Found]:
    table = run.data.table(other)
    for focus, values in pairs:
        if values and focus in table:
            others = run.data.values(focus, other)
            for value in values:
                if value in others:
                    yield Found(focus, value)


def _disjoint_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, other: NamedNode
) -> Iterator[Violations]:
    yield Violations(f"{values.pattern} {focus.node} {other} {values.node} .", focus.node, values.node)


def _less_than(run: Run, shape: Shape, pairs: Pairs, other: NamedNode) -> Iterator[Found]:
    return _compared(run, pairs, other, lambda value, beside: less(value, beside) is True)


def _less_than_or_equals(run: Run, shape: Shape, pairs: Pairs, other: NamedNode) -> Iterator[Found]:
    return _compared(run, pairs, other, lambda value, beside: less(beside, value) is False)


def _compared(run: Run, pairs: Pairs, other: NamedNode, holds: Callable[[Term, Term], bool]) -> Iterator[Found]:
    for focus, values in pairs:
        if values:
            for beside in run.data.values(focus, other):
                for value in values:
                    if not holds(value, beside):
                        yield Found(focus, value)


def _compared_violations(sign: str) -> Callable[..., Iterator[Violations]]:
    def violations(
        compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, other: NamedNode
    ) -> Iterator[Violations]:
        beside = compiler.fresh()
        test = f"!COALESCE({values.node} {sign} {beside}, false)"
        yield Violations(f"{values.pattern} {focus.node} {other} {beside} . FILTER({test})", focus.node, values.node)

    return violations


COMPONENTS = (
    Component(
        "equals",
        sh("EqualsConstraintComponent"),
        read=only(read_iri),
        check=_equals,
        without_values=True,
        violations=_equals_violations,
        words=lambda name, other: f"the same values as {name(other)}",
        of_all=True,
    ),
    Component(
        "disjoint",
        sh("DisjointConstraintComponent"),
        read=only(read_iri),
        check=_disjoint,
        violations=_disjoint_violations,
        words=lambda name, other: f"no value that {name(other)} has, too",
        of_all=True,
    ),
    Component(
        "lessThan",
        sh("LessThanConstraintComponent"),
        read=only(read_iri),
        in_node_shapes="refused",
        check=_less_than,
        violations=_compared_violations("<"),
        words=lambda name, other: f"less than every value of {name(other)}",
    ),
    Component(
        "lessThanOrEquals",
        sh("LessThanOrEqualsConstraintComponent"),
        read=only(read_iri),
        in_node_shapes="refused",
        check=_less_than_or_equals,
        violations=_compared_violations("<="),
        words=lambda name, other: f"no more than any value of {name(other)}",
    ),
)
