"""In the four first sources, what differs stays apart and what is only planned is not built."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Rows = Callable[[str], list[tuple[str, ...]]]

APART = [
    ("id:mfa", "id:mfa-next-generation"),
    ("id:mfa-next-generation", "id:twingo-platform-s0"),
    ("id:existing-nissan-facility", "id:compas-plant"),
    ("id:existing-nissan-facility", "id:other-facility-mexico-s3"),
    ("id:nissan-plant-1992", "id:compas-plant"),
    ("id:nissan-plant-1992", "id:aguascalientes-site-s0"),
    ("id:existing-nissan-facility", "id:joint-plant-s3"),
    ("id:existing-nissan-facility", "id:new-plant-s2"),
    ("id:other-facility-mexico-s3", "id:compas-plant"),
    ("id:other-facility-mexico-s3", "id:joint-plant-s3"),
    ("id:other-facility-mexico-s3", "id:nissan-plant-1992"),
    ("id:compas", "id:compas-plant"),
    ("id:compas", "id:daimler-renault-nissan-alliance"),
    ("id:daimler", "id:mercedes-benz"),
    ("id:renault-nissan", "id:nissan"),
    ("id:renault-nissan", "id:renault"),
    ("id:renault-nissan", "id:daimler-renault-nissan-alliance"),
    ("id:nissan", "id:infiniti"),
    ("id:q50", "id:qx50"),
    ("id:q50", "id:q5-next-generation"),
    ("id:qx50", "id:infiniti-cars-for-aguascalientes-s1"),
    ("id:glb", "id:glb-second-generation"),
    ("id:mercedes-pickup-s1", "id:np300-next-generation"),
    ("id:decherd-plant", "id:compas-plant"),
]


def path_names(pair: tuple[str, str]) -> str:
    return " and ".join(name.removeprefix("id:") for name in pair)


@pytest.mark.parametrize("pair", APART, ids=path_names)
def test_things_that_differ_are_two_and_not_linked_in_any_number_of_steps(rows: Rows, pair: tuple[str, str]) -> None:
    """Neither the same nor possibly the same, and not through a mention that may stand for both."""
    one, other = pair
    for name in pair:
        assert rows(f"SELECT ?label {{ {name} a cg:Entity ; rdfs:label ?label }}"), f"{name} is not in the graph"
    links = "(owl:sameAs|^owl:sameAs|cg:possiblySameAs|^cg:possiblySameAs)+"
    assert not rows(f"SELECT ?any {{ {one} {links} {other} BIND(1 AS ?any) }}")


@pytest.mark.parametrize("pair", APART, ids=path_names)
def test_things_that_differ_share_no_label_and_no_alias(rows: Rows, pair: tuple[str, str]) -> None:
    """Whatever is typed leads to one of them only."""
    names = [
        {name.casefold() for (name,) in rows(f"SELECT ?name {{ {thing} rdfs:label|cg:alias/cg:spelling ?name }}")}
        for thing in pair
    ]
    assert all(names)
    assert not names[0] & names[1]


def test_nothing_is_inferred_to_be_built_where_it_is_only_planned(rows: Rows) -> None:
    """No model is built at a plant for which only plans stand."""
    built = {model for (model,) in rows("SELECT DISTINCT ?model { ?model cg:builtAt|cg:builtIn ?place }")}
    cars = {model for (model,) in rows("SELECT DISTINCT ?model { ?model cg:plannedAt id:compas-plant }")}
    assert built and cars
    assert not built & cars
