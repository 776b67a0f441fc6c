"""The results of a validation, as SHACL defines them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from compas_graph.shacl.index import Term
from compas_graph.shacl.paths import Path
from compas_graph.shacl.shapes import Constraint, Shape

__all__ = ["Found", "Pairs", "Result", "messages"]

Pairs: TypeAlias = list[tuple[Term, Sequence[Term]]]
"""Focus nodes, each with its value nodes."""


class Found(NamedTuple):
    """What a constraint finds at fault: a focus node, the value if there is one, and what else is known of it."""

    focus: Term
    value: Term | None = None
    path: Path | None = None
    bindings: dict[str, Term] | None = None


class Result(NamedTuple):
    """A validation result as SHACL defines it; `constraint` tells what was expected."""

    focus: Term
    path: Path | None
    value: Term | None
    component: NamedNode
    shape: Shape
    constraint: Constraint
    bindings: tuple[tuple[str, Term], ...] = ()

    @property
    def severity(self) -> NamedNode:
        """Return how grave it is."""
        return self.shape.severity

    def key(self) -> tuple[str, ...]:
        """Return what two engines must agree on: focus, path, value, component, severity and shape."""
        return (
            str(self.focus), str(self.path or ""), str(self.value or ""), self.component.value,
            self.severity.value, str(self.shape.node),
        )  # fmt: skip


def messages(result: Result) -> tuple[Literal, ...]:
    """Return the messages of a result: the constraint's own, else the shape's, with the bound variables filled in."""
    texts = result.constraint.messages or result.shape.messages
    known = dict(result.bindings) | {"this": result.focus}
    if result.value is not None:
        known.setdefault("value", result.value)
    return tuple(
        Literal(
            re.sub(r"\{[?$](\w+)\}", lambda m: _shown(known[m[1]]) if m[1] in known else m[0], text.value),
            language=text.language,
        )
        for text in texts
    )


def _shown(term: Term) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)
