"""The data of validation: shapes and their constraints, and what is found at fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from compas_graph.namespaces import compact
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.literals import XSD
from compas_graph.shacl.paths import Path, sh

__all__ = ["MOST_NESTED", "Constraint", "Found", "Pairs", "Query", "Shape", "Shapes", "shown"]

VIOLATION = sh("Violation")

MOST_NESTED = 50
"""How deep shapes may lie in one another; pyshacl follows 15 by default."""

Pairs: TypeAlias = list[tuple[Term, Sequence[Term]]]
"""Focus nodes, each with its value nodes."""


def shown(term: Term) -> str:
    """Return a term as people write it."""
    if isinstance(term, NamedNode):
        return compact(term.value)
    if isinstance(term, Literal) and term.datatype.value in (XSD + "integer", XSD + "decimal", XSD + "boolean"):
        return term.value
    return str(term)


@dataclass(frozen=True)
class Query:
    """A query of a shapes graph, its prefixes declared: SELECT gives violations, ASK gives what conforms."""

    text: str
    asks: bool


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape: `kind` is the SHACL parameter, `arguments` what was given for it."""

    kind: str
    arguments: tuple[Any, ...]
    component: NamedNode
    messages: tuple[Literal, ...] = ()


@dataclass(eq=False)
class Shape:
    """A node shape, or with a path a property shape."""

    node: Term
    path: Path | None = None
    severity: NamedNode = VIOLATION
    messages: tuple[Literal, ...] = ()
    deactivated: bool = False
    targets: list[tuple[str, Term]] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the shape's name as people write it."""
        if isinstance(self.node, BlankNode) and self.path:
            return f"[ sh:path {self.path.readable()} ]"
        return shown(self.node)


@dataclass(frozen=True)
class Shapes:
    """The shapes of a graph by node, that graph, which of them lead back to themselves, and what we cannot check."""

    graph: Index
    by_node: dict[Term, Shape]
    recursive: frozenset[Shape] = frozenset()
    unsupported: tuple[str, ...] = ()

    def targeted(self) -> list[Shape]:
        """Return the shapes that have targets, in order of name."""
        return sorted((shape for shape in self.by_node.values() if shape.targets), key=lambda shape: str(shape.node))


class Found(NamedTuple):
    """What a constraint finds at fault: a focus node, the value if there is one, and what else is known of it."""

    focus: Term
    value: Term | None = None
    path: Path | None = None
    bindings: dict[str, Term] | None = None
