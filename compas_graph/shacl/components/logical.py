"""Logical: sh:not, sh:and, sh:or, sh:xone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from compas_graph.shacl.compiler import Compiler, select
from compas_graph.shacl.engine import Run, failing_values, values_of
from compas_graph.shacl.model import Check, Component, Found, Nodes, Pairs, ParameterValue, Shape, Violations
from compas_graph.shacl.parameters import only, read_items, read_shape
from compas_graph.shacl.paths import sh
from compas_graph.shacl.wording import alternatives, demands

__all__ = ["COMPONENTS"]


def _read_shapes(given: ParameterValue) -> tuple[Shape, ...]:
    return tuple([read_shape(item) for item in read_items(given)])


def _not(run: Run, shape: Shape, pairs: Pairs, inner: Shape) -> Iterator[Found]:
    return failing_values(pairs, run.failing(inner, values_of(pairs)).__contains__)


def _not_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, inner: Shape
) -> Iterator[Violations]:
    yield Violations(compiler.without(values.pattern, compiler.failing(inner, values)), focus.node, values.node)


def _conforming(holds: Callable[[int, int], bool]) -> Check:
    """Return the check of how many shapes of a list each value conforms to, of how many."""

    def check(run: Run, shape: Shape, pairs: Pairs, shapes: Sequence[Shape]) -> Iterator[Found]:
        failures = [run.failing(one, values_of(pairs)) for one in shapes]
        return failing_values(pairs, lambda value: holds(sum(value not in one for one in failures), len(shapes)))

    return check


def _exactly_one(tests: Sequence[str]) -> str:
    return f"{' + '.join(f'IF({test}, 1, 0)' for test in tests) or '0'} = 1"


def _and_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, shapes: Sequence[Shape]
) -> Iterator[Violations]:
    for one in shapes:
        if failing := compiler.failing(one, values):
            yield Violations(f"{values.pattern} {failing}", focus.node, values.node)


def _or_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, shapes: Sequence[Shape]
) -> Iterator[Violations]:
    failing = [compiler.failing(one, values) for one in shapes]
    if all(failing):
        yield Violations(" ".join((values.pattern, *failing)), focus.node, values.node)


def _xone_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, shapes: Sequence[Shape]
) -> Iterator[Violations]:
    failing = [compiler.failing(one, values) for one in shapes]
    number = compiler.fresh()
    told = [select(f"({place} AS {number}) {values.node}", one) for place, one in enumerate(failing) if one]
    if len(shapes) == 1:
        yield from _and_violations(compiler, shape, focus, values, shapes)
        return
    tail = f" GROUP BY {values.node} HAVING(COUNT(DISTINCT {number}) = {len(shapes) - 1})"
    one_left = select(values.node, " UNION ".join(told), tail) if told else ""
    yield Violations(compiler.without(values.pattern, one_left), focus.node, values.node)


COMPONENTS = (
    Component(
        "not",
        sh("NotConstraintComponent"),
        read=only(read_shape),
        check=_not,
        combined=lambda tests: f"!{tests[0]}",
        violations=_not_violations,
        words=lambda name, shape: f"not {demands(name, shape)}",
    ),
    Component(
        "and",
        sh("AndConstraintComponent"),
        read=only(_read_shapes),
        check=_conforming(lambda number, of: number == of),
        combined=lambda tests: " && ".join(tests) or "true",
        violations=_and_violations,
        words=lambda name, shapes: alternatives(name, shapes, " and "),
    ),
    Component(
        "or",
        sh("OrConstraintComponent"),
        read=only(_read_shapes),
        check=_conforming(lambda number, of: number > 0),
        combined=lambda tests: " || ".join(tests) or "false",
        violations=_or_violations,
        words=lambda name, shapes: alternatives(name, shapes, " or "),
    ),
    Component(
        "xone",
        sh("XoneConstraintComponent"),
        read=only(_read_shapes),
        check=_conforming(lambda number, of: number == 1),
        combined=_exactly_one,
        violations=_xone_violations,
        words=lambda name, shapes: alternatives(name, shapes, " or ") + ", but not several of these",
    ),
)
