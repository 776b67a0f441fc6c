"""Blocks as Turtle, TriG and N-Quads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from compas_graph.namespaces import PREFIXES
from generated.blocks import Block, Planted

USED = ("alias", "cg", "claim", "graph", "id", "oa", "omission", "passage", "rdfs", "reading", "skos", "source", "xsd")
NUMBERS = {"E": "double", ".": "decimal", "": "integer"}
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def expand(name: str) -> str:
    """Return the IRI that a prefixed name stands for.

    >>> expand("id:plant-0")
    'https://w3id.org/compas-graph/id/plant-0'
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _ntriples(term: str) -> str:
    """Return a term as N-Triples writes it.

    >>> _ntriples("-2.5"), _ntriples('"5"^^xsd:gYear')
    ('"-2.5"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"5"^^<http://www.w3.org/2001/XMLSchema#gYear>')
    """
    if term[0] == '"':
        text, mark, datatype = term.rpartition("^^")
        return f"{text}^^<{expand(datatype)}>" if mark and text.endswith('"') else term
    if term == "a":
        return RDF_TYPE
    if term == "true" or term[0] in "-0123456789":
        kind = "boolean" if term == "true" else next(kind for mark, kind in NUMBERS.items() if mark in term)
        return f'"{term}"^^<{PREFIXES["xsd"]}{kind}>'
    return f"<{expand(term)}>"


def _nquads(block: Block) -> str:
    """Return a block as lines of N-Quads."""
    subject, graph = _ntriples(block.subject), _ntriples(block.graph)
    return "".join(
        f"{subject} {_ntriples(predicate)} {_ntriples(each)} {graph} .\n"
        for predicate, objects in block.objects.items()
        for each in objects
    )


def _turtle(block: Block, indent: str = "") -> str:
    """Return a block as Turtle, a line for each predicate."""
    lines = (f"{predicate} {' , '.join(objects)}" for predicate, objects in block.objects.items())
    return f"\n{indent}{block.subject} " + f" ;\n{indent}    ".join(lines) + " .\n"


def _as_nquads(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the text of a graph in N-Quads."""
    yield from map(_nquads, blocks)


def _as_turtle(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the text of a graph in Turtle, in the layout of the repository; it does not tell the named graphs."""
    for prefix in USED:
        if prefix != "graph":
            yield f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    yield from map(_turtle, blocks)


def _as_trig(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the text of a graph in TriG, a pair of braces for each named graph."""
    for prefix in USED:
        yield f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    graph = ""
    for block in blocks:
        if block.graph != graph:
            yield ("}\n" if graph else "") + f"\n{block.graph} {{\n"
            graph = block.graph
        yield _turtle(block, "    ")
    if graph:
        yield "}\n"


FORMATS = {"turtle": _as_turtle, "trig": _as_trig, "nquads": _as_nquads}


def write(blocks: Iterable[Block], format: str, file: IO[str]) -> list[Planted]:
    """Write blocks to a file in one of FORMATS, and return the faults planted in them."""
    planted: list[Planted] = []

    def noted() -> Iterator[Block]:
        for block in blocks:
            if block.planted:
                planted.append(block.planted)
            yield block

    file.writelines(FORMATS[format](noted()))
    return planted
