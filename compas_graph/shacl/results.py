"""The results of a validation, as SHACL defines them."""

from __future__ import annotations

import re
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from compas_graph.shacl.index import Term
from compas_graph.shacl.model import Constraint, Shape
from compas_graph.shacl.paths import Path

__all__ = ["Result", "messages"]


class Result(NamedTuple):
    """A validation result as SHACL defines it; `constraint` tells what was expected."""

    focus: Term
    path: Path | None
    value: Term | None
    shape: Shape
    constraint: Constraint
    bindings: tuple[tuple[str, Term], ...] = ()

    @property
    def component(self) -> NamedNode:
        """Return the constraint component whose constraint is broken."""
        return self.constraint.component.iri

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
