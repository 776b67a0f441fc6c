"""Other: sh:closed, sh:hasValue, sh:in."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pyoxigraph import Literal, NamedNode

from compas_graph.shacl.compiler import Compiler, select
from compas_graph.shacl.engine import Run, Test, each
from compas_graph.shacl.expressions import total
from compas_graph.shacl.index import Term
from compas_graph.shacl.model import Arguments, Component, Found, Nodes, Pairs, ParameterValue, Shape, Violations
from compas_graph.shacl.parameters import only, read_any, read_beside, read_flag, read_iri, read_items
from compas_graph.shacl.paths import Path, sh
from compas_graph.shacl.wording import Naming, listed

__all__ = ["COMPONENTS"]


def _read_closed(given: ParameterValue) -> Arguments | None:
    """Return the predicates that a closed shape allows."""
    graph, node = given.graph, given.shape.node
    if not read_flag(graph, node, given.name):
        return None
    paths = {path for one in graph.values(node, sh("property")) for path in graph.values(one, sh("path"))}
    ignored = read_beside(given, "ignoredProperties")
    named = [] if ignored is None else [read_iri(item) for item in read_items(ignored)]
    return (frozenset((*(path for path in paths if isinstance(path, NamedNode)), *named)),)


def _closed(run: Run, shape: Shape, pairs: Pairs, allowed: Collection[Term]) -> Iterator[Found]:
    for predicate in run.data.predicates():
        if predicate not in allowed:
            table, path = run.data.table(predicate), Path("", predicate=predicate)
            for focus, values in pairs:
                for node in values:
                    if node in table:
                        for value in run.data.values(node, predicate):
                            yield Found(focus, value, path)


def _closed_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, allowed: Collection[Term]
) -> Iterator[Violations]:
    predicate, value = compiler.fresh(), compiler.fresh()
    known = ", ".join(sorted(map(str, allowed)))
    test = f" FILTER({predicate} NOT IN ({known}))" if known else ""
    pattern = f"{values.pattern} {values.node} {predicate} {value} .{test}"
    yield Violations(pattern, focus.node, value, predicate)


def _closed_words(name: Naming, allowed: Collection[Term]) -> str:
    return f"no properties but {listed(name, sorted(allowed, key=str))}"


def _has_value(run: Run, shape: Shape, pairs: Pairs, wanted: Term) -> Iterator[Found]:
    return (Found(focus) for focus, values in pairs if wanted not in values)


def _has_value_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, wanted: Term
) -> Iterator[Violations]:
    having = select(focus.node, f"{values.pattern} FILTER({_in_expression(values.node, (wanted,))})")
    yield Violations(compiler.without(focus.pattern, having), focus.node)


def _read_terms(given: ParameterValue) -> tuple[Term, ...]:
    return tuple(item.value for item in read_items(given))


def _in(terms: tuple[Term, ...]) -> Test:
    return frozenset(terms).__contains__


def _in_expression(value: str, terms: tuple[Term, ...]) -> str:
    """Return the expression that a value is one of some terms; no blank node is the same elsewhere."""
    nodes = ", ".join(str(term) for term in terms if isinstance(term, NamedNode))
    literals = [_same_literal(value, term) for term in terms if isinstance(term, Literal)]
    parts = [*([f"(isIRI({value}) && {value} IN ({nodes}))"] if nodes else []), *literals]
    return " || ".join(parts) or "false"


def _same_literal(value: str, term: Literal) -> str:
    """Return the expression that a value is a literal: as the store knows it, or spelt the same."""
    parts = [f"STR({value}) = {Literal(term.value)}", f"DATATYPE({value}) = {term.datatype}"]
    if term.language:
        parts = [parts[0], f"LANG({value}) = {Literal(term.language)}"]
    return total(f"isLITERAL({value}) && (sameTerm({value}, {term}) || ({' && '.join(parts)}))")


COMPONENTS = (
    Component(
        "closed",
        sh("ClosedConstraintComponent"),
        read=_read_closed,
        beside=("ignoredProperties",),
        single=True,
        check=_closed,
        violations=_closed_violations,
        words=_closed_words,
        of_all=True,
        of_predicate=True,
        candidates=lambda data, wrong, allowed: allowed,
    ),
    Component(
        "hasValue",
        sh("HasValueConstraintComponent"),
        read=only(read_any),
        check=_has_value,
        without_values=True,
        violations=_has_value_violations,
        words=lambda name, value: f"the value {name(value)}",
        of_all=True,
    ),
    Component(
        "in",
        sh("InConstraintComponent"),
        read=only(_read_terms),
        single=True,
        check=each(_in),
        expression=_in_expression,
        words=lambda name, terms: ("one of " if len(terms) > 1 else "") + listed(name, terms),
        candidates=lambda data, wrong, terms: terms,
    ),
)
