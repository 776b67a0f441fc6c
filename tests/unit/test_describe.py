"""A description keeps plans apart from outcomes, readings apart from claims, and says where sources disagree."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Store

from compas_graph.describe import describe
from compas_graph.names import resolve
from compas_graph.tables import Grid

Rows = Callable[[str], list[tuple[str, ...]]]


def sections(store: Store, name: str) -> dict[str, Grid]:
    found = describe(store, resolve(store, name))
    assert len({section.title for section in found}) == len(found)
    return {section.title: section for section in found}


def text(answer: Grid | None) -> str:
    return "\n".join(" | ".join(row) for row in answer.texts) if answer else ""


PLANNED = "Planned (not shown here to have happened)"
INFERRED = "Inferred by the editors"
STANDINGS = {
    "stated": "Stated",
    "planned": PLANNED,
    "promised": "Promised",
    "considered": "Considered",
    "rumoured": "Rumoured",
    "opinion": "Opinions",
}


def test_a_thing_is_identified_first(store: Store) -> None:
    """Label, kind, aliases with the sources that use them, and IRI."""
    first = describe(store, resolve(store, "MFA"))[0]
    assert first.texts == (("MFA", "platform", "MFA (source:s0, source:s1)", "id:mfa"),)


@pytest.mark.parametrize("name", ["QX50", "QX55"])
def test_a_planned_end_is_not_stated(store: Store, name: str) -> None:
    """That production began is stated; that it ceases is planned."""
    found = sections(store, name)
    assert "began in 2017" in text(found["Stated"])
    assert "cease" not in text(found["Stated"]) and "phased out" not in text(found["Stated"])
    assert "cease" in text(found[PLANNED]) and "phased out" in text(found[PLANNED])


def test_every_claim_stands_in_the_section_of_its_modality(store: Store, rows: Rows) -> None:
    """For every thing of the graph: what is planned is never among what is stated, nor the other way round."""
    query = "SELECT ?label ?status { ?claim a cg:Claim ; rdfs:label ?label ; cg:modality/cg:status ?status }"
    standing = {row[0]: row[1] for row in rows(query)}
    for name in (
        "COMPAS",
        "COMPAS plant",
        "Nissan",
        "Daimler",
        "Mercedes-Benz",
        "Infiniti",
        "Mercedes GLB",
        "Aguascalientes",
    ):
        found = sections(store, name)
        shown = {status: found[title] for status, title in STANDINGS.items() if title in found}
        assert shown
        for status, table in shown.items():
            said = [row[table.headings.index("what is said")].split(" — ")[0] for row in table.texts]
            assert {standing[each] for each in said} == {status}


def test_every_standing_of_the_ontology_is_tried_here(rows: Rows) -> None:
    """So that a new one gets its section."""
    found = rows("SELECT ?status { ?one skos:inScheme cg:modalities ; cg:status ?status }")
    assert {row[0] for row in found} == {*STANDINGS, "inferred"}


@pytest.mark.parametrize("status", STANDINGS)
def test_a_claim_of_each_standing_has_a_section(opened: Callable[[str], Store], status: str) -> None:
    """Or else it would be left out."""
    modality = "reported" if status == "stated" else status
    turtle = 'id:w a cg:Plant ; rdfs:label "Wren works"@en . claim:w a cg:JobsClaim ; rdfs:label "Jobs"@en ; '
    found = sections(opened(f"{turtle} cg:plant id:w ; cg:modality cg:{modality} ."), "Wren works")
    assert list(found) == ["What it is", STANDINGS[status]]


def test_every_claim_about_a_thing_is_described(store: Store, rows: Rows) -> None:
    """None is lost between the sections."""
    claims = rows("SELECT DISTINCT ?claim { ?claim a cg:Claim ; cg:involves|cg:speaker|cg:via id:compas-plant }")
    found = sections(store, "COMPAS plant")
    described = sum(len(found[title].rows) for status, title in STANDINGS.items() if title in found)
    assert described == len(claims) > 10


def test_what_the_editors_conclude_is_marked_as_inferred(store: Store) -> None:
    """Under a title of its own, with its author, and nowhere else."""
    found = sections(store, "COMPAS plant")
    assert "The plant that closes may be the COMPAS plant" in text(found[INFERRED])
    assert all("editors:" in " ".join(row) for row in found[INFERRED].texts)
    for title, answer in found.items():
        assert title == INFERRED or "editors:" not in text(answer)


def test_disagreements_are_marked_and_listed_with_both_sides(store: Store) -> None:
    """Each with its source."""
    found = sections(store, "COMPAS plant")
    disputed = text(found["Sources disagree"])
    assert "about 3,600 jobs (direct)" in disputed and "5,700 jobs" in disputed
    assert "HNGN" in disputed and "Motor Authority" in disputed
    (row,) = [row for row in found[PLANNED].texts if "3,600" in " ".join(row)]
    assert "sources disagree" in row


def test_a_thing_without_disagreement_has_no_such_section(store: Store) -> None:
    """Sections that would be empty are left out."""
    found = sections(store, "Infiniti Q30")
    assert "Sources disagree" not in found
    assert all(answer.rows for answer in found.values())


def test_a_denial_is_marked_as_one(store: Store) -> None:
    """What will no longer be is not shown as being."""
    (row,) = [row for row in sections(store, "A-Class")["Stated"].texts if "No further production" in " ".join(row)]
    assert "in the negative" in row


def test_a_name_of_things_that_are_possibly_the_same_describes_all_of_them(store: Store) -> None:
    """Each identified."""
    found = sections(store, "Aguascalientes plant")
    assert [row[-1] for row in found["What it is"].texts] == ["id:aguascalientes-site-s0", "id:joint-plant-s3"]


def test_every_row_cites_its_source(store: Store) -> None:
    """Outlet, date and paragraph."""
    for name in ("COMPAS plant", "QX50", "MFA"):
        for title, answer in sections(store, name).items():
            if title not in ("What it is", INFERRED):
                assert all(", paragraph " in row[-1] for row in answer.texts)
