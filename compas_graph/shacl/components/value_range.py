"""Value range: sh:minExclusive, sh:minInclusive, sh:maxExclusive, sh:maxInclusive."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import Literal

from compas_graph.shacl.engine import Test, each
from compas_graph.shacl.expressions import total
from compas_graph.shacl.literals import less
from compas_graph.shacl.model import Component
from compas_graph.shacl.parameters import only, read_literal
from compas_graph.shacl.paths import sh

__all__ = ["COMPONENTS"]


def _min_exclusive(least: Literal) -> Test:
    return lambda value: less(least, value) is True


def _min_inclusive(least: Literal) -> Test:
    return lambda value: less(value, least) is False


def _max_exclusive(most: Literal) -> Test:
    return lambda value: less(value, most) is True


def _max_inclusive(most: Literal) -> Test:
    return lambda value: less(most, value) is False


def _compared(sign: str) -> Callable[[str, Literal], str]:
    return lambda value, bound: total(f"isLITERAL({value}) && {value} {sign} {bound}")


COMPONENTS = (
    Component(
        "minExclusive",
        sh("MinExclusiveConstraintComponent"),
        read=only(read_literal),
        single=True,
        check=each(_min_exclusive),
        expression=_compared(">"),
        words=lambda name, least: f"more than {least.value}",
    ),
    Component(
        "minInclusive",
        sh("MinInclusiveConstraintComponent"),
        read=only(read_literal),
        single=True,
        check=each(_min_inclusive),
        expression=_compared(">="),
        words=lambda name, least: f"{least.value} or more",
    ),
    Component(
        "maxExclusive",
        sh("MaxExclusiveConstraintComponent"),
        read=only(read_literal),
        single=True,
        check=each(_max_exclusive),
        expression=_compared("<"),
        words=lambda name, most: f"less than {most.value}",
    ),
    Component(
        "maxInclusive",
        sh("MaxInclusiveConstraintComponent"),
        read=only(read_literal),
        single=True,
        check=each(_max_inclusive),
        expression=_compared("<="),
        words=lambda name, most: f"{most.value} or less",
    ),
)
