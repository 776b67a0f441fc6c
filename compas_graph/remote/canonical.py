"""Graphs as sorted canonical N-Quads with their digests, made in bounded memory.

The lines of a graph are those of RDF Dataset Canonicalization without the graph's name, sorted by
code point, each once; the digest is the SHA-256 of all of them. Sorting is external: runs of a
bounded size are sorted, written and merged. Only a graph with blank nodes has to be held whole, as
RDFC-1.0 renames them by what stands around them; for it there is a limit.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from io import BytesIO
from itertools import groupby
from typing import IO, NamedTuple

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, parse

from compas_graph.errors import DataError
from compas_graph.scratch import scratch

__all__ = ["BLANK_MOST", "Canonical", "canonical_graphs", "canonical_lines", "digest_of", "without_triples"]

RUN = 48 * 1024 * 1024
"""How many bytes of lines are sorted at once; in memory they take about half as much again."""

BLANK_MOST = 50_000
"""How many triples a graph with blank nodes may have: it is held in memory to name them."""

CHUNK = 1024 * 1024


class Canonical(NamedTuple):
    """A graph as sorted canonical lines, which are a part of a temporary file."""

    graph: str
    file: IO[bytes]
    start: int
    length: int
    triples: int
    digest: str
    blank: bool

    def lines(self) -> Iterator[bytes]:
        """Yield the lines, each with its line break."""
        rest = b""
        for chunk in self.chunks():
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (line + b"\n" for line in lines)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes of the lines, as many at a time as are worth a call."""
        for start in range(self.start, self.start + self.length, CHUNK):
            self.file.seek(start)
            yield self.file.read(min(CHUNK, self.start + self.length - start))


class _Blank:
    """Which graph each blank node stands in; a node in two of them would fall apart when they are put apart."""

    def __init__(self) -> None:
        self.graph_of: dict[str, str] = {}
        self.graphs: set[str] = set()

    def note(self, quad: Quad, graph: str) -> None:
        for term in (quad.subject, quad.object):
            if isinstance(term, BlankNode):
                self.graphs.add(graph)
                if self.graph_of.setdefault(term.value, graph) != graph:
                    raise DataError(
                        f"graphs {self.graph_of[term.value]} and {graph} share a blank node; give it an IRI, "
                        "as each graph is put into the store by itself"
                    )
        if len(self.graph_of) > 20 * BLANK_MOST:
            raise DataError("there are too many blank nodes; give them IRIs")


def canonical_graphs(quads: Iterable[Quad]) -> list[Canonical]:
    """Return the graphs that quads make up, in order of name, written to a new temporary file.

    Blank nodes of different files must have different names. A default graph has the name ''.
    """
    blank = _Blank()
    with ExitStack() as stack:
        runs = [_written(run, stack) for run in _runs(quads, blank)]
        return _write(heapq.merge(*runs), blank.graphs)


def canonical_lines(triples: Iterable[Quad]) -> Canonical:
    """Return the one graph that triples make up, whatever graph they stand in."""
    found = canonical_graphs(Quad(t.subject, t.predicate, t.object) for t in triples)
    return found[0] if found else without_triples("")


def without_triples(graph: str) -> Canonical:
    """Return a graph that has no triple."""
    return Canonical(graph, BytesIO(), 0, 0, 0, hashlib.sha256().hexdigest(), False)


def digest_of(lines: Iterable[bytes]) -> str:
    """Return the digest of a graph without blank nodes, of its lines in any order."""
    return hashlib.sha256(b"".join(sorted(set(lines)))).hexdigest()


def _runs(quads: Iterable[Quad], blank: _Blank) -> Iterator[list[bytes]]:
    """Yield runs of lines, each sorted; a line begins with the name of its graph and a tab."""
    lines: list[bytes] = []
    size = 0
    for quad in quads:
        graph, subject, value = quad.graph_name, quad.subject, quad.object
        name = graph.value if isinstance(graph, NamedNode) else ""
        if isinstance(graph, BlankNode):
            raise DataError("a graph has a blank node for its name; give it an IRI")
        if isinstance(subject, BlankNode) or isinstance(value, BlankNode):
            blank.note(quad, name)
        line = f"{name}\t{subject} {quad.predicate} {value} .\n".encode()
        lines.append(line)
        size += len(line)
        if size >= RUN:
            lines.sort()
            yield lines
            lines, size = [], 0
    lines.sort()
    yield lines


def _written(run: list[bytes], stack: ExitStack) -> IO[bytes]:
    """Return a run as a file that is gone when the stack is closed."""
    file = stack.enter_context(scratch())
    file.writelines(run)
    run.clear()
    file.seek(0)
    return file


def _write(merged: Iterable[bytes], blank: set[str]) -> list[Canonical]:
    """Write the lines of each graph, each once, and return where they stand."""
    found: list[Canonical] = []
    start = 0
    file = scratch()
    for key, group in groupby(merged, lambda line: line[: line.index(b"\t")]):
        graph, cut = key.decode(), len(key) + 1
        lines: Iterable[bytes] = (line[cut:] for line, _ in groupby(group))
        if graph in blank:
            lines = _renamed(lines, graph)
        digest, length, triples = hashlib.sha256(), 0, 0
        for line in lines:
            digest.update(line)
            length += len(line)
            triples += 1
            file.write(line)
        found.append(Canonical(graph, file, start, length, triples, digest.hexdigest(), graph in blank))
        start += length
    file.flush()
    return found


def _renamed(lines: Iterable[bytes], graph: str) -> list[bytes]:
    """Return the sorted lines of a graph with its blank nodes named by RDFC-1.0."""
    held: list[bytes] = []
    for line in lines:
        held.append(line)
        if len(held) > BLANK_MOST:
            where = f"graph {graph}" if graph else "a graph"
            raise DataError(
                f"{where} has blank nodes and more than {BLANK_MOST:,} triples; "
                "give the nodes IRIs, or put them into a smaller graph"
            )
    dataset = Dataset(parse(b"".join(held), RdfFormat.N_TRIPLES))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted({f"{each.subject} {each.predicate} {each.object} .\n".encode() for each in dataset})
