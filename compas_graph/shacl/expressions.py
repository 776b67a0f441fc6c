"""What SHACL asks of one value, as expressions of SPARQL that are true or false and never an error.

An expression is made for a variable, written as in a query. Constraints that look beyond the value have none, but
for those that look only at what is a subclass of what, which is known.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from compas_graph.shacl.index import SUBCLASS, Index
from compas_graph.shacl.model import Constraint, Shape
from compas_graph.shacl.paths import Path

__all__ = ["expression", "shape_expression", "total"]


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
    known = {node for node in (*classes.table(SUBCLASS), *wanted) if isinstance(node, NamedNode)}
    below = sorted(str(node) for node in known if set(wanted) <= set(follow(node)))
    return f"isIRI({value}) && {value} IN ({', '.join(below)})"


def _climbs(path: Path) -> bool:
    """Tell whether a path leads only from classes to those above them."""
    if path.predicate is not None:
        return path.predicate == SUBCLASS
    return path.operator != "^" and all(map(_climbs, path.steps))


def expression(constraint: Constraint, value: str, classes: Index) -> str | None:
    """Return the expression that a value passes a constraint, None where none can say it."""
    component = constraint.component
    if component.combined is not None:
        given = constraint.arguments[0]
        shapes = given if isinstance(given, tuple) else (given,)
        tests = [test for one in shapes if (test := shape_expression(one, value, classes)) is not None]
        return component.combined([f"({test})" for test in tests]) if len(tests) == len(shapes) else None
    return None if component.expression is None else component.expression(value, *constraint.arguments)


def total(condition: str) -> str:
    """Return a condition that is false where it would be an error."""
    return f"COALESCE({condition}, false)"
