"""Results of shapes as faults: the rule's name, its sentence, what was found and what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from compas_graph.checks.faults import Fault, Names, local_name
from compas_graph.checks.options import SEVERITIES
from compas_graph.shacl.components import PARAMETERS
from compas_graph.shacl.index import TYPE, Index, Term
from compas_graph.shacl.model import Shape, Shapes
from compas_graph.shacl.paths import Path, sh
from compas_graph.shacl.results import Result, messages
from compas_graph.shacl.wording import words

__all__ = ["explain", "idle_shapes", "rule_name"]


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
        verb=result.constraint.component.of_predicate,
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
    said = words(names, result.constraint)
    if not said:
        return "It is as the shape describes."
    if result.constraint.component.of_all:
        return f"It has {said}."
    return f"Its value is {said}." if result.path is not None else f"It is {said}."


def _statement(result: Result, data: Index) -> tuple[NamedNode | None, Term | None]:
    """Return predicate and object of the focus node's own statement at fault: where the way to the value begins.

    The object is None where something is missing, of a value too many that value.
    """
    if result.path is None:
        return None, None
    value = result.value
    if result.constraint.component.counts:
        value = next(iter(result.path.follow(data)(result.focus)[result.constraint.arguments[0] :]), None)
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


def rule_name(shape: Shape, shapes: Shapes, inner: tuple[Shape, ...] = ()) -> str:
    """Return a stable name of a shape: its own, else that of the shape around it and its path.

    Shapes may lie in one another in circles: none that is `inner` is around it.
    """
    if isinstance(shape.node, NamedNode):
        return local_name(shape.node)
    path = shape.path.write(local_name) if shape.path else ""
    for relation in dict.fromkeys(("property", "node", *PARAMETERS)):
        for parent in shapes.graph.backward(sh(relation)).get(shape.node, ()):
            outer = shapes.by_node.get(parent)
            if outer is None or outer is shape or outer in inner:
                continue
            beside = [shapes.by_node.get(one) for one in shapes.graph.values(parent, sh(relation))]
            several = sum(one is not None and one.path == shape.path for one in beside) > 1
            told = _digest(shape) if several else ""
            return "-".join(filter(None, (rule_name(outer, shapes, (*inner, shape)), path, told)))
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


def _expected(result: Result, data: Index | None, names: Names) -> str:
    """Return what a constraint expected, with the number found where it counts."""
    said = words(names, result.constraint)
    if result.constraint.component.counts and result.path is not None and data is not None:
        return f"{said}; there {_are(len(result.path.follow(data)(result.focus)))}"
    return said


def _are(number: int) -> str:
    return "is none" if number == 0 else "is 1" if number == 1 else f"are {number}"


def _hint(result: Result, data: Index | None, names: Names) -> str:
    """Return close terms for one that may be misspelt."""
    component, term = result.constraint.component, result.value
    if component.of_predicate:
        term = result.path.predicate if result.path is not None else None
    if component.candidates is None or not isinstance(term, NamedNode):
        return ""
    return names.close(term, component.candidates(data, term, *result.constraint.arguments))


def idle_shapes(
    data: Index, shapes: Shapes, names: Names, file_of: Callable[[Term], str], known: set[Term]
) -> list[Fault]:
    """Return a fault for each target that matches nothing: a misspelt one would conform on everything.

    A target whose class or property is among the `known` is passed over, and so is a shape that is a class itself.
    """
    found = []
    for shape in shapes.targeted():
        if shape.deactivated:
            continue
        for name, term in shape.targets:
            if name == "targetNode" or term == shape.node or term in known or _matches(data, name, term):
                continue
            candidates = _classes(data) | known if name == "targetClass" else {*data.predicates(), *known}
            found.append(
                Fault(
                    rule="shape-matches-nothing",
                    severity="warning",
                    message=f"sh:{name} {names(term)} of {rule_name(shape, shapes)} matches nothing in the data.",
                    focus=shape.node if not isinstance(shape.node, BlankNode) else None,
                    predicate=sh(name),
                    object=term,
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
