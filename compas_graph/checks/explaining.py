"""Results of shapes as faults: the rule's name, its sentence, what was found and what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from compas_graph.checks.faults import Fault, Names, local_name
from compas_graph.checks.options import SEVERITIES
from compas_graph.shacl.index import TYPE, Index, Term
from compas_graph.shacl.paths import Path, sh
from compas_graph.shacl.results import Result, messages
from compas_graph.shacl.shapes import Shape, Shapes

__all__ = ["explain", "idle_shapes", "rule_name"]

MOST_LISTED = 8
"""How many of the terms that are allowed a message lists."""


def explain(result: Result, data: Index | None, shapes: Shapes, names: Names) -> Fault:
    """Return the fault that a validation result is; what only the data can tell is left out where it is not at hand."""
    said = sorted(messages(result), key=lambda text: (text.language or "en") != "en")
    expected = _expected(result, data, names)
    path = result.path
    predicate, value = _statement(result, data) if data is not None else (None, None)
    severity = local_name(result.severity).lower()
    return Fault(
        rule=rule_name(result.shape, shapes),
        severity=severity if severity in SEVERITIES else "violation",
        message=said[0].value if said else _sentence(result, names),
        focus=result.focus,
        predicate=predicate,
        object=value,
        verb=result.constraint.kind == "closed",
        path=path.write(names) if path is not None else "",
        value=""
        if result.value is None or (result.path is None and result.value == result.focus)
        else names(result.value),
        expected=expected,
        hint=_hint(result, data, names),
        result=result,
    )


def _sentence(result: Result, names: Names) -> str:
    """Return the rule of a shape that does not put it into words itself."""
    words = _words(names, result.constraint.kind, result.constraint.arguments)
    if not words:
        return "It is as the shape describes."
    if result.constraint.kind in OF_ALL:
        return f"It has {words}."
    return f"Its value is {words}." if result.path is not None else f"It is {words}."


def _statement(result: Result, data: Index) -> tuple[NamedNode | None, Term | None]:
    """Return predicate and object of the focus node's own statement at fault: where the way to the value begins.

    The object is None where something is missing, of a value too many that value.
    """
    if result.path is None:
        return None, None
    value, kind = result.value, result.constraint.kind
    if kind == "maxCount":
        value = result.path.follow(data)(result.focus)[result.constraint.arguments[0]]
    steps = list(_first_steps(result.path))
    ways = [(predicate, one, rest) for predicate, rest in steps for one in data.values(result.focus, predicate)]
    for predicate, one, rest in ways:
        if value is not None and (one == value if rest is None else value in rest.follow(data)(one)):
            return predicate, one
    if value is None and len(ways) == 1 and ways[0][2] is not None:
        return ways[0][:2]  # the one thing of which something is missing
    return (steps[0][0], None) if steps else (None, None)


def _first_steps(path: Path) -> Iterator[tuple[NamedNode, Path | None]]:
    """Yield each predicate that a path can begin with, and what is left of it after that."""
    if path.predicate is not None:
        yield path.predicate, None
    elif path.operator == "/":
        for predicate, rest in _first_steps(path.steps[0]):
            left = path.steps[1:] if rest is None else (rest, *path.steps[1:])
            yield predicate, left[0] if len(left) == 1 else Path("/", left)
    elif path.operator == "|":
        for step in path.steps:
            yield from _first_steps(step)
    elif path.operator != "^":
        for predicate, rest in _first_steps(path.steps[0]):
            again = Path("*", path.steps) if path.operator != "?" else None
            left = tuple(step for step in (rest, again) if step is not None)
            yield predicate, None if not left else left[0] if len(left) == 1 else Path("/", left)


def rule_name(shape: Shape, shapes: Shapes) -> str:
    """Return a stable name of a shape: its own, else that of the shape around it and its path."""
    if isinstance(shape.node, NamedNode):
        return local_name(shape.node)
    path = shape.path.write(local_name) if shape.path else ""
    for relation in ("property", "node", "not", "qualifiedValueShape"):
        for parent in shapes.graph.backward(sh(relation)).get(shape.node, ()):
            outer = shapes.by_node.get(parent)
            if outer is None or outer is shape:
                continue
            beside = [shapes.by_node.get(one) for one in shapes.graph.values(parent, sh(relation))]
            several = sum(one is not None and one.path == shape.path for one in beside) > 1
            told = _digest(shape) if several else ""
            return "-".join(filter(None, (rule_name(outer, shapes), path, told)))
    return path or "shape"


def _digest(shape: Shape) -> str:
    """Return a short name for what a shape without a name demands, the same in every run."""
    return sha256(_content(shape).encode()).hexdigest()[:4]


def _content(shape: Shape, depth: int = 9) -> str:
    """Return what a shape demands as text, in a stable order."""

    def written(argument: Any) -> str:
        if isinstance(argument, tuple | frozenset):
            return " ".join(sorted(map(written, argument)))
        if isinstance(argument, Shape):
            named = isinstance(argument.node, NamedNode) or not depth
            return argument.name if named else _content(argument, depth - 1)
        return str(argument)

    parts = sorted(f"{one.kind} {written(one.arguments)}" for one in shape.constraints)
    return f"[{shape.path} {'; '.join(parts)}]"


def _list(terms: tuple[Term, ...], names: Names) -> str:
    shown = ", ".join(names(term) for term in terms[:MOST_LISTED])
    return f"{shown} and {len(terms) - MOST_LISTED} more" if len(terms) > MOST_LISTED else shown


def _number(count: int, word: str = "value") -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


EXPECTED: dict[str, Callable[..., str]] = {
    "class": lambda names, kind: f"an instance of {names(kind)}",
    "datatype": lambda names, datatype: f"a well-formed {names(datatype)}",
    "nodeKind": lambda names, kind: {"IRI": "an IRI", "BlankNode": "a blank node", "Literal": "a literal"}.get(
        kind, kind.replace("Or", " or ").replace("BlankNode", "a blank node").replace("Literal", "a literal")
    ),
    "minCount": lambda names, least: f"at least {_number(least)}",
    "maxCount": lambda names, most: f"at most {_number(most)}",
    "minExclusive": lambda names, least: f"more than {least.value}",
    "minInclusive": lambda names, least: f"{least.value} or more",
    "maxExclusive": lambda names, most: f"less than {most.value}",
    "maxInclusive": lambda names, most: f"{most.value} or less",
    "minLength": lambda names, least: f"at least {_number(least, 'character')}",
    "maxLength": lambda names, most: f"at most {_number(most, 'character')}",
    "pattern": lambda names, pattern, flags: f"text that matches {pattern}" + (f" ({flags})" if flags else ""),
    "languageIn": lambda names, tags: f"text in {' or '.join(tags)}",
    "uniqueLang": lambda names: "one value for a language",
    "equals": lambda names, other: f"the same values as {names(other)}",
    "disjoint": lambda names, other: f"no value that {names(other)} has, too",
    "lessThan": lambda names, other: f"less than every value of {names(other)}",
    "lessThanOrEquals": lambda names, other: f"no more than any value of {names(other)}",
    "closed": lambda names, allowed: f"no properties but {_list(tuple(sorted(allowed, key=str)), names)}",
    "hasValue": lambda names, value: f"the value {names(value)}",
    "in": lambda names, terms: ("one of " if len(terms) > 1 else "") + _list(terms, names),
    "not": lambda names, shape: f"not {_demands(names, shape)}",
    "node": lambda names, shape: _demands(names, shape),
    "property": lambda names, shape: _demands(names, shape),
    "or": lambda names, shapes: _alternatives(names, shapes, " or "),
    "and": lambda names, shapes: _alternatives(names, shapes, " and "),
    "xone": lambda names, shapes: _alternatives(names, shapes, " or ") + ", but not several of these",
    "qualifiedMinCount": lambda names, shape, least, others: (
        f"at least {_number(least)}, each {_demands(names, shape)}"
    ),
    "qualifiedMaxCount": lambda names, shape, most, others: f"at most {_number(most)}, each {_demands(names, shape)}",
}
"""What each kind of constraint expects, in words."""


OF_ALL = {
    "minCount", "maxCount", "uniqueLang", "equals", "disjoint", "closed", "hasValue", "qualifiedMinCount",
    "qualifiedMaxCount",
}  # fmt: skip
"""The kinds of constraint that are about all values together."""


def _alternatives(names: Names, shapes: tuple[Shape, ...], word: str) -> str:
    said = list(dict.fromkeys(_demands(names, shape) for shape in shapes))
    return word.join(said) if len(said) <= MOST_LISTED else ""


def _demands(names: Names, shape: Shape) -> str:
    """Return what a shape demands in words: its name, else its constraints, `such that` its path has them."""
    if isinstance(shape.node, NamedNode):
        return f"what {shape.name} describes"
    said = " and ".join(filter(None, (_words(names, one.kind, one.arguments) for one in shape.constraints)))
    if shape.path is None:
        return said or "what a shape without a name describes"
    return f"something with {said or 'a value'} for {shape.path.write(names)}"


def _words(names: Names, kind: str, arguments: tuple[Any, ...]) -> str:
    return EXPECTED[kind](names, *arguments) if kind in EXPECTED else ""


def _expected(result: Result, data: Index | None, names: Names) -> str:
    """Return what a constraint expected, with the number found where it counts."""
    kind = result.constraint.kind
    words = _words(names, kind, result.constraint.arguments)
    if kind in ("minCount", "maxCount") and result.path is not None and data is not None:
        return f"{words}; there {_are(len(result.path.follow(data)(result.focus)))}"
    return words


def _are(number: int) -> str:
    return "is none" if number == 0 else "is 1" if number == 1 else f"are {number}"


def _hint(result: Result, data: Index | None, names: Names) -> str:
    """Return close terms for one that may be misspelt."""
    kind, arguments = result.constraint.kind, result.constraint.arguments
    if kind == "closed" and result.path is not None and result.path.predicate is not None:
        return names.close(result.path.predicate, arguments[0])
    if not isinstance(result.value, NamedNode):
        return ""
    if kind == "in":
        return names.close(result.value, arguments[0])
    if kind == "class" and data is not None and not _described(data, result.value):
        return names.close(result.value, data.instances(arguments[0]))
    return ""


def _described(data: Index, node: Term) -> bool:
    return any(node in data.table(predicate) for predicate in data.predicates())


def idle_shapes(
    data: Index, shapes: Shapes, names: Names, file_of: Callable[[Term], str], known: set[Term]
) -> list[Fault]:
    """Return a fault for each target that matches nothing: a misspelt one would conform on everything.

    A target whose class or property is among the `known` is passed over.
    """
    found = []
    for shape in shapes.targeted():
        if shape.deactivated:
            continue
        for name, term in shape.targets:
            if name == "targetNode" or term in known or _matches(data, name, term):
                continue
            candidates = _classes(data) | known if name == "targetClass" else {*data.predicates(), *known}
            found.append(
                Fault(
                    rule="shape-matches-nothing",
                    severity="warning",
                    message=f"sh:{name} {names(term)} of {rule_name(shape, shapes)} matches nothing in the data.",
                    focus=shape.node if not isinstance(shape.node, BlankNode) else None,
                    predicate=sh(name) if term != shape.node else None,
                    object=term if term != shape.node else None,
                    hint=names.close(term, candidates - {term}) if isinstance(term, NamedNode) else "",
                    file=file_of(shape.node),
                )
            )
    return found


def _matches(data: Index, name: str, term: Term) -> bool:
    if name == "targetClass":
        return bool(data.instances(term))
    assert isinstance(term, NamedNode)
    return bool(data.table(term))


def _classes(data: Index) -> set[Term]:
    return set(data.backward(TYPE))
