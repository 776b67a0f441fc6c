"""What is said of one subject, and what is planted in it."""

from __future__ import annotations

from typing import NamedTuple

Objects = tuple[str, ...]


class Planted(NamedTuple):
    """One planted fault: the node it is found at, the rule that it breaks, and what is wrong."""

    focus: str
    rule: str
    kind: str


class Block(NamedTuple):
    """All that is said of one subject: its class, and objects by predicate, as Turtle writes them."""

    graph: str
    subject: str
    kind: str
    objects: dict[str, Objects]
    planted: Planted | None = None

    @property
    def triples(self) -> int:
        """Return the number of its triples."""
        return sum(map(len, self.objects.values()))
