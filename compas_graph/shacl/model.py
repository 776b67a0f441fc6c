"""The data of validation: constraint components, shapes and their constraints, and what is found at fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, NamedTuple, TypeAlias
from typing import Literal as Choice

from pyoxigraph import BlankNode, Literal, NamedNode

from compas_graph.errors import Refusal
from compas_graph.namespaces import compact
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.literals import XSD
from compas_graph.shacl.paths import Path, sh

__all__ = [
    "MOST_NESTED",
    "Arguments",
    "Check",
    "Component",
    "Constraint",
    "Found",
    "Nodes",
    "Pairs",
    "ParameterValue",
    "Query",
    "Shape",
    "Shapes",
    "Violations",
    "shown",
]

VIOLATION = sh("Violation")

MOST_NESTED = 50
"""How deep shapes may lie in one another; pyshacl follows 15 by default."""

Arguments: TypeAlias = tuple[Any, ...]
"""What a constraint was given, as its component reads it."""

Check: TypeAlias = "Callable[..., Iterator[Found]]"
"""What yields what is at fault, from the engine's run, the shape, the pairs and the arguments of a constraint."""

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
class ParameterValue:
    """A value that a shape has for a parameter of SHACL, and `shape_of`, which reads the shape that a node is."""

    graph: Index
    shape: Shape
    name: str
    value: Term
    shape_of: Callable[[Term], Shape]


@dataclass(frozen=True, eq=False, repr=False)
class Component:
    """A constraint component: how its constraints are read, checked, asked of a store and put into words.

    `name` is the parameter of SHACL each of whose values declares a constraint. Functions take the arguments of
    the constraint last, as `read` returns them.
    """

    name: str
    iri: NamedNode
    _: KW_ONLY

    read: Callable[[ParameterValue], Arguments | None]
    """Returns the arguments, None where nothing is constrained; raises DataError that says what would be right."""
    beside: tuple[str, ...] = ()
    """Its other parameters."""
    single: bool = False
    """A shape has at most one value of the parameter."""
    in_node_shapes: Choice["checked", "refused", "ignored"] = "checked"
    """What becomes of it in a shape without a path."""
    own_messages: bool = False
    """The value of the parameter is a node that may have sh:message."""

    check: Check | None
    """None for sh:property: the results of the property shape stand for its own."""
    without_values: bool = False
    """A focus node without any value can break it; else such nodes may be left out of the pairs."""

    expression: Callable[..., str | None] | None = None
    """Returns what SPARQL says of a value that conforms, from its variable and the arguments, None where it cannot."""
    combined: Callable[[Sequence[str]], str] | None = None
    """Returns the same from what SPARQL says of each shape given, for a component whose first argument is shapes."""
    violations: Callable[..., Iterator[Violations]] | None = None
    """Yields the violations in SPARQL, from the compiler, the shape, focus nodes, value nodes and the arguments.

    Asked for where there is no expression; without either, no store can be asked.
    """

    words: Callable[..., str]
    """Returns what is expected, as goes on after "It is", from what writes a term and the arguments."""
    of_all: bool = False
    """It is about all values together: "It has", not "Its value is"."""
    counts: bool = False
    """Its argument is a number of values: people are told how many there are."""
    of_predicate: bool = False
    """What is wrong in a statement at fault is the predicate."""
    candidates: Callable[..., Iterable[Term]] | None = None
    """Returns what a wrong term may be misspelt for, from the data (or None), that term and the arguments."""

    def __repr__(self) -> str:
        """Return the component by its name; the functions would tell nobody anything."""
        return f"Component({self.name!r})"


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape: its component, what was given for it, and the messages of its own."""

    component: Component
    arguments: Arguments
    messages: tuple[Literal, ...] = ()

    @property
    def kind(self) -> str:
        """Return the parameter that declares it, such as "minCount"."""
        return self.component.name


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
    unreached: tuple[Shape, ...] = ()
    """Those to which no target leads, the outermost alone."""
    off: frozenset[Term] = frozenset()
    """The nodes that are deactivated, and those that nothing else leads to."""
    without_effect: tuple[Refusal, ...] = ()
    """The words that say nothing without another, which is not there."""

    @property
    def have_targets(self) -> bool:
        """Tell whether any shape has a target, be it one that only pyshacl knows."""
        return any(one.targets for one in self.by_node.values()) or bool(self.graph.table(sh("target")))

    def targeted(self) -> list[Shape]:
        """Return the shapes that have targets, in order of name."""
        return sorted((shape for shape in self.by_node.values() if shape.targets), key=lambda shape: str(shape.node))


class Found(NamedTuple):
    """What a check finds at fault: a focus node, the value if there is one, and what else is known of it."""

    focus: Term
    value: Term | None = None
    path: Path | None = None
    bindings: dict[str, Term] | None = None


class Nodes(NamedTuple):
    """Some nodes in SPARQL: a pattern, the variable that it binds to them, and a pattern that picks them from others.

    Of value nodes `among` picks those of any node: what it finds is joined with the nodes again.
    """

    pattern: str
    node: str
    among: str


class Violations(NamedTuple):
    """The violations of a constraint in SPARQL: a pattern, and what in it is focus node, value and predicate.

    A query of the shapes graph has a `prologue`; what it shows is kept for messages.
    """

    pattern: str
    node: str
    value: str = ""
    predicate: str = ""
    prologue: str = ""
