"""What each kind of constraint finds at fault in focus nodes and their values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from compas_graph.shacl.index import Term
from compas_graph.shacl.literals import less, of_datatype
from compas_graph.shacl.model import Found, Pairs, Shape
from compas_graph.shacl.paths import Path
from compas_graph.shacl.patterns import matching

if TYPE_CHECKING:
    from compas_graph.shacl.engine import Run

__all__ = ["CHECKS"]

Arguments: TypeAlias = tuple[Any, ...]
Check: TypeAlias = "Callable[[Run, Shape, Arguments, Pairs], Iterator[Found]]"
Test: TypeAlias = Callable[[Term], bool]


def _each(make: Callable[..., Test]) -> Check:
    """Return the check that finds each value which does not pass a test made from the arguments."""

    def check(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
        passes = make(run, *arguments)
        for focus, values in pairs:
            for value in values:
                if not passes(value):
                    yield Found(focus, value)

    return check


def _instance(run: Run, kind: Term) -> Test:
    return run.data.instances(kind).__contains__


def _datatype(run: Run, datatype: NamedNode) -> Test:
    return of_datatype(datatype.value)


KINDS = {"IRI": NamedNode, "BlankNode": BlankNode, "Literal": Literal}


def _node_kind(run: Run, kind: str) -> Test:
    allowed = tuple(KINDS[name] for name in kind.split("Or"))
    return lambda value: isinstance(value, allowed)


def _in(run: Run, terms: tuple[Term, ...]) -> Test:
    return frozenset(terms).__contains__


def _min_exclusive(run: Run, least: Literal) -> Test:
    return lambda value: less(least, value) is True


def _min_inclusive(run: Run, least: Literal) -> Test:
    return lambda value: less(value, least) is False


def _max_exclusive(run: Run, most: Literal) -> Test:
    return lambda value: less(value, most) is True


def _max_inclusive(run: Run, most: Literal) -> Test:
    return lambda value: less(most, value) is False


def _text(value: Term) -> str | None:
    return value.value if isinstance(value, NamedNode | Literal) else None


def _min_length(run: Run, least: int) -> Test:
    return lambda value: (text := _text(value)) is not None and len(text) >= least


def _max_length(run: Run, most: int) -> Test:
    return lambda value: (text := _text(value)) is not None and len(text) <= most


def _pattern(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    found = matching({text for value in _values(pairs) if (text := _text(value)) is not None}, *arguments)
    return (Found(focus, value) for focus, values in pairs for value in values if _text(value) not in found)


def _language_in(run: Run, ranges: tuple[str, ...]) -> Test:
    wanted = tuple(one.casefold() for one in ranges)

    def test(value: Term) -> bool:
        tag = value.language if isinstance(value, Literal) else None
        if not tag:
            return False
        tag = tag.casefold()
        return any(one == "*" or tag == one or tag.startswith(one + "-") for one in wanted)

    return test


def _conforms(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    failing = run.failing(arguments[0], _values(pairs))
    return (Found(focus, value) for focus, values in pairs for value in values if value in failing)


def _not(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    failing = run.failing(arguments[0], _values(pairs))
    return (Found(focus, value) for focus, values in pairs for value in values if value not in failing)


def _counted(holds: Callable[[int, int], bool]) -> Check:
    """Return the check of how many shapes of a list each value conforms to, of how many."""

    def check(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
        shapes: tuple[Shape, ...] = arguments[0]
        failures = [run.failing(one, _values(pairs)) for one in shapes]
        for focus, values in pairs:
            for value in values:
                if not holds(sum(value not in failing for failing in failures), len(shapes)):
                    yield Found(focus, value)

    return check


def _values(pairs: Pairs) -> set[Term]:
    return {value for _, values in pairs for value in values}


def _min_count(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    least: int = arguments[0]
    return (Found(focus) for focus, values in pairs if len(values) < least)


def _max_count(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    most: int = arguments[0]
    return (Found(focus) for focus, values in pairs if len(values) > most)


def _unique_lang(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    for focus, values in pairs:
        if len(values) > 1:
            tags = Counter(
                value.language.casefold() for value in values if isinstance(value, Literal) and value.language
            )
            for number in tags.values():
                if number > 1:
                    yield Found(focus)


def _equals(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    for focus, values in pairs:
        others = run.data.values(focus, arguments[0])
        for value in (*(one for one in values if one not in others), *(one for one in others if one not in values)):
            yield Found(focus, value)


def _disjoint(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    table = run.data.table(arguments[0])
    for focus, values in pairs:
        if values and focus in table:
            others = run.data.values(focus, arguments[0])
            for value in values:
                if value in others:
                    yield Found(focus, value)


def _less(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    return _compared(run, arguments, pairs, lambda value, other: less(value, other) is True)


def _less_or_equal(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    return _compared(run, arguments, pairs, lambda value, other: less(other, value) is False)


def _compared(run: Run, arguments: Arguments, pairs: Pairs, holds: Callable[[Term, Term], bool]) -> Iterator[Found]:
    for focus, values in pairs:
        if values:
            for other in run.data.values(focus, arguments[0]):
                for value in values:
                    if not holds(value, other):
                        yield Found(focus, value)


def _qualified(run: Run, pairs: Pairs, wanted: Shape, others: tuple[Shape, ...]) -> Iterator[tuple[Term, int]]:
    """Yield each focus node with the number of its values that conform to a shape and to none of the others."""
    every = _values(pairs)
    out = run.failing(wanted, every)
    for other in others:
        out |= every - run.failing(other, every)
    for focus, values in pairs:
        yield focus, sum(value not in out for value in values)


def _qualified_min(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    wanted, least, others = arguments
    return (Found(focus) for focus, number in _qualified(run, pairs, wanted, others) if number < least)


def _qualified_max(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    wanted, most, others = arguments
    return (Found(focus) for focus, number in _qualified(run, pairs, wanted, others) if number > most)


def _closed(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    allowed = arguments[0]
    for predicate in run.data.predicates():
        if predicate not in allowed:
            table, path = run.data.table(predicate), Path("", predicate=predicate)
            for focus, values in pairs:
                for node in values:
                    if node in table:
                        for value in run.data.values(node, predicate):
                            yield Found(focus, value, path)


def _has_value(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    return (Found(focus) for focus, values in pairs if arguments[0] not in values)


def _sparql(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    query = arguments[0]
    constants = arguments[1] if len(arguments) > 1 else ()
    values = dict(pairs)
    for row in run.sparql.violations(query, shape, list(values), values.__getitem__, constants):
        value = row.value if row.value is not None or shape.path else row.focus
        path = Path("", predicate=row.path) if isinstance(row.path, NamedNode) else None
        yield Found(row.focus, value, path, row.bindings)


def _component(run: Run, shape: Shape, arguments: Arguments, pairs: Pairs) -> Iterator[Found]:
    query, constants = arguments
    if not query.asks:
        for one in _sparql(run, shape, arguments, pairs):
            yield one._replace(bindings=(one.bindings or {}) | dict(constants))
        return
    flat = [(focus, value) for focus, values in pairs for value in values]
    answers = run.sparql.conforming(query, shape, flat, constants)
    for (focus, value), conforms in zip(flat, answers, strict=True):
        if not conforms:
            yield Found(focus, value, bindings=dict(constants))


CHECKS: dict[str, Check] = {
    "class": _each(_instance),
    "datatype": _each(_datatype),
    "nodeKind": _each(_node_kind),
    "minCount": _min_count,
    "maxCount": _max_count,
    "minExclusive": _each(_min_exclusive),
    "minInclusive": _each(_min_inclusive),
    "maxExclusive": _each(_max_exclusive),
    "maxInclusive": _each(_max_inclusive),
    "minLength": _each(_min_length),
    "maxLength": _each(_max_length),
    "pattern": _pattern,
    "languageIn": _each(_language_in),
    "uniqueLang": _unique_lang,
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less,
    "lessThanOrEquals": _less_or_equal,
    "not": _not,
    "and": _counted(lambda number, of: number == of),
    "or": _counted(lambda number, of: number > 0),
    "xone": _counted(lambda number, of: number == 1),
    "node": _conforms,
    "qualifiedMinCount": _qualified_min,
    "qualifiedMaxCount": _qualified_max,
    "closed": _closed,
    "hasValue": _has_value,
    "in": _each(_in),
    "sparql": _sparql,
    "component": _component,
}
"""The kinds of constraint and what each finds; `property` is the engine's own."""
