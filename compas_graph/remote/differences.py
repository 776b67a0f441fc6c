"""What a store changed of a graph, and whether it is still the same in value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    Quad,
    RdfFormat,
    Store,
    parse,
)

from compas_graph.remote.canonical import BLANK_MOST, Canonical

__all__ = ["Differences", "differences", "only_in_one"]

MOST = BLANK_MOST
SHOWN = 5


class Differences(NamedTuple):
    """How a graph that was read back differs from the one that was sent: what is harmless, and what is not.

    `reasons` counts the terms written otherwise, same in value; `lost` and `added` are some of the
    triples that nothing explains, with how many there are.
    """

    reasons: dict[str, int]
    lost: tuple[str, ...]
    added: tuple[str, ...]
    how_many: tuple[int, int]

    @property
    def harmless(self) -> bool:
        """Tell whether the graph is the same in value."""
        return self.how_many == (0, 0)

    def text(self) -> str:
        """Return the differences as a few lines."""
        lines = [f"{number:,} {'terms' if number > 1 else 'term'}: {why}" for why, number in self.reasons.items()]
        for what, some, number in zip(("lost", "added"), (self.lost, self.added), self.how_many, strict=True):
            lines += [f"{what}: {triple}" for triple in some]
            if number > len(some):
                lines.append(f"{what}: {number - len(some):,} more")
        return "\n".join(lines)


def differences(sent: Canonical, found: Canonical) -> Differences:
    """Return how a graph that was read back differs from the one that was sent."""
    if sent.blank or found.blank:
        return _with_blank_nodes(sent, found)
    ours, theirs, more = _both(sent, found)
    if more:
        return Differences({}, _shown(ours), _shown(theirs), (len(ours) + more[0], len(theirs) + more[1]))
    values, seen = _by_value(ours), _by_value(theirs)
    reasons = Counter(_reason(values[key].object, seen[key].object) for key in values.keys() & seen.keys())
    merged = len(ours) - len(values)
    if merged:
        reasons["the store keeps equal values once"] += merged
    lost = sorted(_line(values[key]) for key in values.keys() - seen.keys())
    added = sorted(_line(seen[key]) for key in seen.keys() - values.keys())
    return Differences(dict(reasons), _shown(lost), _shown(added), (len(lost), len(added)))


def only_in_one(one: Canonical, other: Canonical) -> Iterator[tuple[bool, bytes]]:
    """Yield each line that only one of two graphs has, with whether it is the first that has it."""
    left, right = one.lines(), other.lines()
    a, b = next(left, None), next(right, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a < b):
            assert a is not None
            yield True, a
            a = next(left, None)
        elif a is None or b < a:
            yield False, b
            b = next(right, None)
        else:
            a, b = next(left, None), next(right, None)


def _both(sent: Canonical, found: Canonical) -> tuple[list[str], list[str], tuple[int, int] | None]:
    """Return the lines that only one graph has, up to MOST, and how many more there are."""
    ours: list[str] = []
    theirs: list[str] = []
    counts = [0, 0]
    for first, line in only_in_one(sent, found):
        kept = ours if first else theirs
        if len(kept) < MOST:
            kept.append(line.decode().strip())
        else:
            counts[not first] += 1
    return ours, theirs, (counts[0], counts[1]) if any(counts) else None


def _by_value(lines: Iterable[str]) -> dict[str, Quad]:
    """Return each triple by a text that is the same for triples of the same value."""
    return {_line(_valued(quad)): quad for quad in parse("\n".join(lines), RdfFormat.N_TRIPLES)}


def _valued(quad: Quad) -> Quad:
    """Return a triple with its literal as an Oxigraph store keeps it: one form for each value."""
    if not isinstance(quad.object, Literal):
        return quad
    scratch = Store()
    scratch.add(quad)
    return next(scratch.quads_for_pattern(None, None, None))


def _reason(ours: object, theirs: object) -> str:
    """Return why two terms of the same value are not the same."""
    assert isinstance(ours, Literal) and isinstance(theirs, Literal)
    if ours.datatype != theirs.datatype:
        return f"the store keeps {_local(ours)} as {_local(theirs)}"
    return f"the store writes {_local(ours)} in another form of the same value"


def _local(literal: Literal) -> str:
    iri = literal.datatype.value
    return "xsd:" + iri.rpartition("#")[2] if iri.startswith("http://www.w3.org/2001/XMLSchema#") else f"<{iri}>"


def _with_blank_nodes(sent: Canonical, found: Canonical) -> Differences:
    """Return the differences of graphs whose blank nodes have other names, by making their values one first."""
    datasets = []
    for each in (sent, found):
        if each.triples > MOST:
            return Differences({}, (), (), (sent.triples, found.triples))
        dataset = Dataset(_valued(quad) for quad in parse(b"".join(each.lines()), RdfFormat.N_TRIPLES))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        datasets.append({_line(quad) for quad in dataset})
    ours, theirs = datasets
    lost, added = sorted(ours - theirs), sorted(theirs - ours)
    why = {} if lost or added else {"the store writes literals in another form of the same value": 1}
    return Differences(why, _shown(lost), _shown(added), (len(lost), len(added)))


def _line(quad: Quad) -> str:
    return f"{quad.subject} {quad.predicate} {quad.object} ."


def _shown(lines: list[str]) -> tuple[str, ...]:
    return tuple(lines[:SHOWN])
