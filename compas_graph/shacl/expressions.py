"""What SHACL asks of one value, as expressions of SPARQL that are true or false and never an error.

An expression is made for a variable, written as in a query. Constraints that look beyond the value have none, but
for those that look only at what is a subclass of what, which is known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyoxigraph import Literal, NamedNode

from compas_graph.shacl.index import SUBCLASS, Index, Term
from compas_graph.shacl.literals import LEXICAL, RANGES, XSD
from compas_graph.shacl.paths import Path
from compas_graph.shacl.shapes import Constraint, Shape

__all__ = ["expression", "same_as", "shape_expression"]

KINDS = {"IRI": "isIRI", "BlankNode": "isBLANK", "Literal": "isLITERAL"}
LEAP = r"([0-9]*(0[48]|[2468][048]|[13579][26])|[0-9]*([02468][048]|[13579][26])00)"
DAYS = r"[0-9]*-((0[13578]|1[02])-[0-9]{2}|(0[469]|11)-([012][0-9]|30)|02-([01][0-9]|2[0-8]))|" + LEAP + "-02-29"
"""The days that a year has, of those that the lexical form of a date allows."""


def shape_expression(shape: Shape, value: str, classes: Index) -> str | None:
    """Return the expression that a value conforms to a shape, None where none can say it.

    `classes` has what the data says of rdfs:subClassOf.
    """
    if shape.deactivated:
        return "true"
    if shape.path:
        return _below(shape, value, classes)
    parts = [expression(constraint, value, classes) for constraint in shape.constraints]
    return None if None in parts else " && ".join(f"({part})" for part in parts) or "true"


def _below(shape: Shape, value: str, classes: Index) -> str | None:
    """Return the expression that a value is below some class, None for a shape that demands anything else."""
    assert shape.path is not None
    wanted = [constraint.arguments[0] for constraint in shape.constraints if constraint.kind == "hasValue"]
    if not wanted or len(wanted) < len(shape.constraints) or not _climbs(shape.path):
        return None
    follow = shape.path.follow(classes)
    known = sorted({*classes.table(SUBCLASS), *wanted}, key=str)
    return same_as(value, tuple(node for node in known if set(wanted) <= set(follow(node))))


def _climbs(path: Path) -> bool:
    """Tell whether a path leads only from classes to those above them."""
    if path.predicate is not None:
        return path.predicate == SUBCLASS
    return path.operator != "^" and all(map(_climbs, path.steps))


def expression(constraint: Constraint, value: str, classes: Index) -> str | None:
    """Return the expression that a value passes a constraint, None where none can say it."""
    if constraint.kind in TESTS:
        return TESTS[constraint.kind](value, *constraint.arguments)
    if constraint.kind not in COMPOSED:
        return None
    shapes = constraint.arguments[0]
    parts = [shape_expression(one, value, classes) for one in (shapes if isinstance(shapes, tuple) else (shapes,))]
    return None if None in parts else COMPOSED[constraint.kind]([f"({part})" for part in parts])


def same_as(value: str, terms: tuple[Term, ...]) -> str:
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
    return _total(f"isLITERAL({value}) && (sameTerm({value}, {term}) || ({' && '.join(parts)}))")


def _total(condition: str) -> str:
    """Return a condition that is false where it would be an error."""
    return f"COALESCE({condition}, false)"


def _datatype(value: str, datatype: NamedNode) -> str:
    name = datatype.value.removeprefix(XSD) if datatype.value.startswith(XSD) else ""
    tests = [f"isLITERAL({value})", f"DATATYPE({value}) = {datatype}"]
    if name in LEXICAL:
        tests.append(_matches(value, LEXICAL[name]))
    if name.startswith("date"):
        tests.append(_matches(value, f"({DAYS})(T.*|Z|[+-][0-9]{{2}}:[0-9]{{2}})?", "-?"))
    least, most = RANGES.get(name, (None, None))
    number = f"<{XSD}decimal>(STR({value}))"
    tests += [f"{number} >= {least}"] if least is not None else []
    tests += [f"{number} <= {most}"] if most is not None else []
    return _total(" && ".join(tests))


def _matches(value: str, pattern: str, before: str = "") -> str:
    whole = f"^{before}({pattern})$".replace(r"\d", "[0-9]")  # to a store, \d may be a digit of any script
    return f"REGEX(STR({value}), {Literal(whole)})"


def _node_kind(value: str, kind: str) -> str:
    return " || ".join(f"{KINDS[name]}({value})" for name in kind.split("Or"))


def _compared(sign: str) -> Callable[[str, Literal], str]:
    return lambda value, bound: _total(f"isLITERAL({value}) && {value} {sign} {bound}")


def _length(sign: str) -> Callable[[str, int], str]:
    # some stores have a text for blank nodes, too
    return lambda value, number: _total(f"!isBLANK({value}) && STRLEN(STR({value})) {sign} {number}")


def _pattern(value: str, pattern: str, flags: str) -> str:
    given = f", {Literal(flags)}" if flags else ""
    return _total(f"!isBLANK({value}) && REGEX(STR({value}), {Literal(pattern)}{given})")


def _language_in(value: str, ranges: tuple[str, ...]) -> str:
    tests = [f"LANGMATCHES(LANG({value}), {Literal(one)})" for one in ranges]
    return _total(f"isLITERAL({value}) && ({' || '.join(tests) or 'false'})")


TESTS: dict[str, Callable[..., str]] = {
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minExclusive": _compared(">"),
    "minInclusive": _compared(">="),
    "maxExclusive": _compared("<"),
    "maxInclusive": _compared("<="),
    "minLength": _length(">="),
    "maxLength": _length("<="),
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": same_as,
}

COMPOSED: dict[str, Callable[[list[Any]], str]] = {
    "node": " && ".join,
    "property": " && ".join,
    "and": lambda parts: " && ".join(parts) or "true",
    "or": lambda parts: " || ".join(parts) or "false",
    "not": lambda parts: f"!{parts[0]}",
    "xone": lambda parts: f"{' + '.join(f'IF({part}, 1, 0)' for part in parts) or '0'} = 1",
}
