"""The constraint components of SHACL: a module for each family, and in it a row for each component."""

from __future__ import annotations

from compas_graph.shacl.components import (
    cardinality,
    logical,
    other,
    property_pair,
    shape_based,
    sparql_based,
    string_based,
    value_range,
    value_type,
)
from compas_graph.shacl.model import Component

__all__ = ["COMPONENTS", "PARAMETERS"]

FAMILIES = (
    value_type,
    cardinality,
    value_range,
    string_based,
    property_pair,
    logical,
    shape_based,
    other,
    sparql_based,
)
"""The families in the order of the Recommendation, which is also that of constraints in a sentence."""

COMPONENTS: dict[str, Component] = {one.name: one for family in FAMILIES for one in family.COMPONENTS}
"""The constraint components by the parameter that declares a constraint."""

PARAMETERS = tuple(dict.fromkeys(name for one in COMPONENTS.values() for name in (one.name, *one.beside)))
"""The parameters of all constraint components."""
