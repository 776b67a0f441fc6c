"""SPARQL-based: sh:sparql, and the components that a shapes graph defines itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode

from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.shacl.binding import FOCUS, fill, joined, mentions, select_of
from compas_graph.shacl.compiler import Compiler, select
from compas_graph.shacl.engine import Run
from compas_graph.shacl.index import Term
from compas_graph.shacl.model import Arguments, Component, Found, Nodes, Pairs, ParameterValue, Query, Shape, Violations
from compas_graph.shacl.parameters import read_flag
from compas_graph.shacl.paths import Path, sh
from compas_graph.shacl.queries import read_query

__all__ = ["COMPONENTS", "DEFINED"]

Constants: TypeAlias = tuple[tuple[str, Term], ...]
"""The parameters of a component that a shapes graph defines, by name, and what a shape gives for them."""

JOINED = re.compile(rf" GRAPH {re.escape(str(FOCUS))} \{{ (.*?) \}} ")


def _read_sparql(given: ParameterValue) -> Arguments | None:
    if read_flag(given.graph, given.value, "deactivated"):
        return None
    query = read_query(given.graph, given.value, {"this"}, set())
    if query.asks:
        raise DataError("sh:sparql needs sh:select, a SELECT query whose rows are violations")
    return (query,)


def _check(run: Run, shape: Shape, pairs: Pairs, query: Query, constants: Constants = ()) -> Iterator[Found]:
    if query.asks:
        flat = [(focus, value) for focus, values in pairs for value in values]
        answers = run.sparql.conforming(query, shape, flat, constants)
        for (focus, value), conforms in zip(flat, answers, strict=True):
            if not conforms:
                yield Found(focus, value, bindings=dict(constants))
        return
    known = dict(pairs)
    for row in run.sparql.violations(query, shape, list(known), known.__getitem__, constants):
        found = row.value if row.value is not None or shape.path else row.focus
        path = Path("", predicate=row.path) if isinstance(row.path, NamedNode) else None
        yield Found(row.focus, found, path, row.bindings | dict(constants))


def _violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, query: Query, constants: Constants = ()
) -> Iterator[Violations]:
    """Yield the rows of a query of the shapes graph, the nodes joined in wherever it speaks of them."""
    terms = dict(constants) | {"currentShape": shape.node}
    bound = {name: str(term) for name, term in terms.items() if not isinstance(term, BlankNode)}
    text = select_of(query.text).removesuffix("\nLIMIT 1") if query.asks else query.text
    apart = {"$shapesGraph", *(f"${name}" for name in terms if name not in bound)}
    names = ["this", "value"] if query.asks else ["this"]
    text = joined(fill(text, bound, str(shape.path) if shape.path else None), names, several=True) or ""
    if not text or mentions(query.text, apart):
        raise UnsupportedShapesError(
            f"shape {shape.name}: its query cannot be asked of a store for all nodes at once; "
            "it uses GROUP BY, LIMIT, GRAPH, a query within or the like, $shapesGraph or a blank node"
        )
    pairs = f"{values.pattern} BIND({focus.node} AS ?this) BIND({values.node} AS ?value)"
    text = JOINED.sub(lambda found: select(" ".join(re.findall(r"[$]\w+", found[1])), pairs), text)
    start = re.search(r"\bSELECT\b", text, re.IGNORECASE)
    assert start is not None
    found = f"{{ {text[start.start() :]} }}"
    if query.asks:
        found = f"{select('?this ?value', pairs)} MINUS {found}"
    yield Violations(found, "?this", prologue=text[: start.start()] or "\n")


COMPONENTS = (
    Component(
        "sparql",
        sh("SPARQLConstraintComponent"),
        read=_read_sparql,
        own_messages=True,
        check=_check,
        without_values=True,
        violations=_violations,
        words=lambda name, query: "",
    ),
)

DEFINED = Component(
    "component",
    sh("ConstraintComponent"),
    read=lambda given: None,
    check=_check,
    without_values=True,
    violations=_violations,
    words=lambda name, query, constants: "",
)
"""What is the same for all components that a shapes graph defines; `definitions` reads them."""
