"""What speaks against an answer says so no more strongly than the sources do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Store

from compas_graph.against import against
from compas_graph.store import iri

MakeStore = Callable[[str], Store]
ALIKE = "sources disagree, not all of these can hold"
UNLIKE = "they differ, and are not the same measure"


def claim(name: str, value: int, more: str = "") -> str:
    return (
        f'claim:{name} a cg:JobsClaim ; rdfs:label "{value} jobs"@en ; cg:plant id:works ; cg:value {value} ; '
        f"cg:unit cg:jobs ; cg:modality cg:planned {more} .\n"
    )


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("", "", ALIKE),
        ("; cg:scope cg:directJobs", "; cg:scope cg:directJobs", ALIKE),
        ("; cg:scope cg:directJobs", "", ALIKE),  # which measure the other is of is not said
        ("; cg:scope cg:directJobs", "; cg:scope cg:allStaff", UNLIKE),
        ("; cg:stage cg:initial", "; cg:stage cg:fullStage", UNLIKE),
    ],
)
def test_values_cannot_all_hold_only_where_they_are_of_one_measure(
    opened: MakeStore, one: str, other: str, said: str
) -> None:
    """Another part of the staff, or another stage, is another measure."""
    store = opened('id:works a cg:Plant ; rdfs:label "works"@en .\n' + claim("a", 3600, one) + claim("b", 5700, other))
    a, b = iri("claim:a"), iri("claim:b")
    assert against(store, [[a], [b]]) == [f"rows 1 and 2: {said}"]
    (outside,) = against(store, [[a]])
    assert outside.endswith("(not the same measure)") is (said == UNLIKE)


def test_rows_of_one_measure_and_of_several_are_told_apart(opened: MakeStore) -> None:
    """Each in a line of its own."""
    direct = "; cg:scope cg:directJobs"
    data = claim("a", 3600, direct) + claim("b", 5700, "; cg:scope cg:allStaff") + claim("c", 900, direct)
    store = opened('id:works a cg:Plant ; rdfs:label "works"@en .\n' + data)
    rows = [[iri(f"claim:{name}")] for name in "abc"]
    assert against(store, rows) == [f"rows 1 and 3: {ALIKE}", f"rows 1, 2 and 3: {UNLIKE}"]


def test_a_tension_is_said_beside_its_claims_but_not_where_a_row_shows_it(opened: MakeStore) -> None:
    """A row that holds the reading says it already."""
    reading = (
        'reading:t a cg:TensionReading ; rdfs:label "They hardly fit"@en ; cg:modality cg:inferred ; '
        "cg:between claim:a , claim:b ; cg:restsOn claim:a , claim:b .\n"
    )
    store = opened('id:works a cg:Plant ; rdfs:label "works"@en .\n' + claim("a", 3600) + claim("b", 3600) + reading)
    a, b, tension = iri("claim:a"), iri("claim:b"), iri("reading:t")
    assert against(store, [[a], [b]]) == ["rows 1 and 2: They hardly fit (inferred)"]
    assert against(store, [[b]]) == ["row 1: They hardly fit (inferred)"]
    assert against(store, [[a, tension]]) == against(store, [[a], [tension]]) == []


@pytest.mark.parametrize(("others", "lines", "more"), [(6, 6, []), (7, 6, ["1"]), (9, 6, ["3"])])
def test_the_lines_after_the_sixth_are_counted(opened: MakeStore, others: int, lines: int, more: list[str]) -> None:
    """With the question that shows them all."""
    claims = "".join(claim(f"c{number}", 1000 * number) for number in range(1, others + 2))
    store = opened('id:works a cg:Plant ; rdfs:label "works"@en .\n' + claims)
    found = against(store, [[iri("claim:c1")]])
    assert [line for line in found if line.startswith("row 1: sources disagree")] == found[:lines]
    assert found[lines:] == [f"and {number} more: compas-graph ask where-do-sources-disagree" for number in more]
