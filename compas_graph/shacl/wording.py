"""What shapes and their constraints expect, in words for people.

A function takes `name`, which writes a term as it may stand in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import NamedNode

from compas_graph.shacl.index import Term
from compas_graph.shacl.model import Constraint, Shape

__all__ = ["Naming", "alternatives", "demands", "listed", "number", "words"]

Naming: TypeAlias = Callable[[Term], str]

MOST_LISTED = 8
"""How many of the terms or shapes that are allowed a message lists."""
MOST_FOLLOWED = 3
"""How deep a sentence follows shapes without names that lie in one another."""
NAMELESS = "what a shape without a name describes"


def words(name: Naming, constraint: Constraint) -> str:
    """Return what a constraint expects, "" where that cannot be told."""
    return constraint.component.words(name, *constraint.arguments)


@dataclass(frozen=True)
class _Within:
    """What writes a term in a sentence about shapes that lie in one another, the outermost first."""

    name: Naming
    shapes: tuple[Shape, ...] = ()

    def __call__(self, term: Term) -> str:
        return self.name(term)


def demands(name: Naming, shape: Shape) -> str:
    """Return what a shape demands: what its name describes, else its constraints, and of what if it has a path."""
    if isinstance(shape.node, NamedNode):
        return f"what {shape.name} describes"
    within = name if isinstance(name, _Within) else _Within(name)
    if shape in within.shapes or len(within.shapes) == MOST_FOLLOWED:
        return NAMELESS
    inside = _Within(within.name, (*within.shapes, shape))
    said = " and ".join(filter(None, (words(inside, one) for one in shape.constraints)))
    if shape.path is None:
        return said or NAMELESS
    return f"something with {said or 'a value'} for {shape.path.write(name)}"


def alternatives(name: Naming, shapes: Sequence[Shape], word: str) -> str:
    """Return what several shapes demand, joined by a word, "" where these are too many."""
    said = list(dict.fromkeys(demands(name, shape) for shape in shapes))
    return word.join(said) if len(said) <= MOST_LISTED else ""


def listed(name: Naming, terms: Sequence[Term]) -> str:
    """Return some terms, the first few of many."""
    shown = ", ".join(name(term) for term in terms[:MOST_LISTED])
    return f"{shown} and {len(terms) - MOST_LISTED} more" if len(terms) > MOST_LISTED else shown


def number(count: int, noun: str = "value") -> str:
    """Return a number of things.

    >>> number(1), number(2, "character")
    ('1 value', '2 characters')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"
