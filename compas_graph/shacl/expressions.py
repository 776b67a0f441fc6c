"""What SHACL asks of one value, as expressions of SPARQL that are true or false and never an error.

An expression is made for a variable, written as in a query. Constraints that look beyond the value have none.
"""

from __future__ import annotations

from compas_graph.shacl.model import Constraint, Shape

__all__ = ["expression", "shape_expression", "total"]


def shape_expression(shape: Shape, value: str) -> str | None:
    """Return the expression that a value conforms to a shape, None where none can say it."""
    if shape.deactivated:
        return "true"
    parts = [expression(constraint, value) for constraint in shape.constraints]
    if shape.path or None in parts:
        return None
    return " && ".join(f"({part})" for part in parts) or "true"


def expression(constraint: Constraint, value: str) -> str | None:
    """Return the expression that a value passes a constraint, None where none can say it."""
    make = constraint.component.expression
    return None if make is None else make(value, *constraint.arguments)


def total(condition: str) -> str:
    """Return a condition that is false where it would be an error."""
    return f"COALESCE({condition}, false)"
