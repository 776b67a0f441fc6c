"""Shapes as SPARQL queries whose rows are the violations: validation where the data is, in any SPARQL 1.1 store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from compas_graph.errors import UnsupportedShapesError
from compas_graph.shacl.compiler import Compiler
from compas_graph.shacl.index import SUBCLASS, Index, Term
from compas_graph.shacl.model import Constraint, Shape, Shapes, Violations
from compas_graph.shacl.paths import Path
from compas_graph.shacl.results import Result

__all__ = ["CLASSES", "Question", "questions", "results_of"]

CLASSES = f"SELECT ?lower ?upper WHERE {{ ?lower {SUBCLASS} ?upper }}"
"""The query for the class hierarchy of the data, which `questions` wants to know."""

LONGEST = 10_000
"""How many characters a query for several constraints may have."""


class Question(NamedTuple):
    """A query, and of which shapes and constraints its rows are violations: `?rule` is the place in `rules`."""

    text: str
    rules: tuple[tuple[Shape, Constraint], ...]


def questions(shapes: Shapes, classes: Index, *, plain: bool = False) -> Iterator[Question]:
    """Yield the queries for all violations of shapes, or raise UnsupportedShapesError.

    `classes` has what the data says of rdfs:subClassOf. Some constraints go into each query; with `plain` only
    one does, and what is refused, too, is what stores of little understanding would answer wrongly.
    """
    if shapes.unsupported:
        raise UnsupportedShapesError("; ".join(shapes.unsupported[:3]))
    for shape in sorted(shapes.recursive, key=lambda shape: shape.name):
        raise UnsupportedShapesError(f"shape {shape.name}: leads back to itself, which no query can follow")
    compiler = Compiler(classes, plain=plain)
    rules: list[tuple[Shape, Constraint]] = []
    texts: list[str] = []
    for shape in shapes.targeted():
        for owner, constraint, part in compiler.all_violations(shape, compiler.focus(shape)):
            if part.prologue:
                yield Question(_rows(part, 0), ((owner, constraint),))
                continue
            text = _rows(part, len(rules))
            if texts and (plain or sum(map(len, texts)) + len(text) > LONGEST):
                yield _question(texts, rules)
                rules, texts = [], []
                text = _rows(part, 0)
            rules.append((owner, constraint))
            texts.append(text)
    if texts:
        yield _question(texts, rules)


def _question(texts: list[str], rules: list[tuple[Shape, Constraint]]) -> Question:
    unions = " UNION\n".join(f"{{ {text} }}" for text in texts)
    return Question(f"SELECT ?rule ?this ?value ?path WHERE {{\n{unions}\n}}", tuple(rules))


def _rows(part: Violations, rule: int) -> str:
    """Return the query for the violations of one constraint; what a query of the shapes shows is kept for messages."""
    if part.prologue:
        return f"{part.prologue}SELECT DISTINCT * WHERE {{ {part.pattern} }}"
    names = zip(part[1:4], ("?this", "?value", "?path"), strict=True)
    shown = [name if variable == name else f"({variable} AS {name})" for variable, name in names if variable]
    return f"SELECT DISTINCT ({rule} AS ?rule) {' '.join(shown)} WHERE {{ {part.pattern} }}"


def results_of(question: Question, rows: Iterable[Mapping[str, Term]]) -> Iterator[Result]:
    """Yield the results that the rows of a question say, each with what is bound in it; the nodes are the store's."""
    for row in rows:
        rule = row.get("rule")
        shape, constraint = question.rules[int(rule.value) if isinstance(rule, Literal) else 0]
        value, predicate = row.get("value"), row.get("path")
        bindings: tuple[tuple[str, Term], ...] = ()
        if rule is None:  # the row of a query of the shapes graph
            value = row["this"] if value is None and shape.path is None else value
            bindings = tuple((dict(row) | dict(*constraint.arguments[1:])).items())
        path = Path("", predicate=predicate) if isinstance(predicate, NamedNode) else shape.path
        yield Result(row["this"], path, value, shape, constraint, bindings)
