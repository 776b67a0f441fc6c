"""Names lead to things: by label or alias, never to two unlinked ones, never by guess."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Store

from compas_graph.errors import AmbiguousNameError, UnknownNameError
from compas_graph.names import assertion, find, label, resolve, things
from compas_graph.namespaces import compact
from compas_graph.store import iri

MakeStore = Callable[[str], Store]
Rows = Callable[[str], list[tuple[str, ...]]]

DATA = """
id:north a cg:Plant ; rdfs:label "North works"@en ; cg:alias alias:a .
id:south a cg:Plant ; rdfs:label "South works"@en ; cg:alias alias:a , alias:b .
id:east a cg:Plant ; rdfs:label "East works"@en ; cg:alias alias:c .
id:wren a cg:Platform ; rdfs:label "Wren"@en ; cg:alias alias:d .
id:ghost a cg:Platform , cg:Unnamed ; rdfs:label "platform of the ghosts (unnamed)"@en ; cg:alias alias:e .
alias:a a cg:Alias ; cg:spelling "The Works" ; cg:usedBy source:s1 , source:s0 .
alias:b a cg:Alias ; cg:spelling "Süd" ; cg:usedBy source:s0 .
alias:c a cg:Alias ; cg:spelling "Wren" ; cg:usedBy source:s0 .
alias:d a cg:Alias ; cg:spelling "WR-1" ; cg:usedBy source:s0 .
alias:e a cg:Alias ; cg:spelling "ghost" ; cg:usedBy source:s0 .
"""


@pytest.fixture(scope="module")
def works(opened: MakeStore) -> Store:
    """Return a graph in which two works share a spelling and nothing links them."""
    return opened(DATA)


def names(store: Store, name: str, kind: str = "", *, exact: bool = False) -> list[str]:
    found = resolve(store, name, iri(kind) if kind else None, exact=exact)
    return [compact(thing.node.value) for thing in found.things]


@pytest.mark.parametrize(
    "name",
    [
        "North works",
        "north  WORKS ",
        "id:north",
        " id:north ",
        "https://w3id.org/compas-graph/id/north",
        "<https://w3id.org/compas-graph/id/north>",
    ],
)
def test_a_thing_is_found_by_label_prefixed_name_or_iri(works: Store, name: str) -> None:
    """Case and white space do not matter."""
    assert names(works, name) == ["id:north"]


@pytest.mark.parametrize("name", ["Süd", "süd", "SÜD"])
def test_a_thing_is_found_by_alias(works: Store, name: str) -> None:
    """In whatever case."""
    assert names(works, name) == ["id:south"]


def test_a_label_goes_before_an_alias(works: Store) -> None:
    """Wren is the platform, although the works in the east are called that too."""
    assert names(works, "Wren") == ["id:wren"]
    assert names(works, "Wren", "cg:Plant") == ["id:east"]


def test_a_name_of_another_kind_fits_nothing(works: Store) -> None:
    """The kind that was asked for is in the message."""
    with pytest.raises(UnknownNameError, match="no platform is called 'North works'"):
        resolve(works, "North works", iri("cg:Platform"))


def test_a_kind_takes_in_the_kinds_below_it(works: Store) -> None:
    """A plant is an entity."""
    assert names(works, "North works", "cg:Entity") == ["id:north"]


@pytest.mark.parametrize(
    ("typed", "close"), [("Nort works", "North works"), ("WR1", "WR-1"), ("southwork", "South works")]
)
def test_an_unknown_name_is_refused_with_close_ones(works: Store, typed: str, close: str) -> None:
    """Labels and aliases are offered alike."""
    with pytest.raises(UnknownNameError) as caught:
        resolve(works, typed)
    assert close in caught.value.close


@pytest.mark.parametrize("name", ["", " ", "id:nothing", "<", "id:", "works", "North", "<not an iri>", "\0"])
def test_what_fits_nothing_is_unknown(works: Store, name: str) -> None:
    """Part of a label is no name, nor is an IRI of nothing."""
    with pytest.raises(UnknownNameError):
        resolve(works, name)


def test_a_name_of_things_that_nothing_links_is_refused_with_the_candidates(works: Store) -> None:
    """Each with what to type instead."""
    with pytest.raises(AmbiguousNameError) as caught:
        resolve(works, "the works")
    assert caught.value.candidates == ("id:north (North works)", "id:south (South works)")


@pytest.mark.parametrize(
    "readings",
    [
        "reading:r a cg:PossiblySameReading ; cg:modality cg:inferred ; cg:thing id:north , id:south .",
        "reading:r a cg:PossiblySameReading ; cg:modality cg:inferred ; cg:thing id:north , id:east ."
        "reading:s a cg:PossiblySameReading ; cg:modality cg:inferred ; cg:thing id:east , id:south .",
    ],
)
def test_a_name_of_things_that_are_possibly_the_same_binds_all_of_them(opened: MakeStore, readings: str) -> None:
    """In however many steps readings link them; exactly asked for, it is refused all the same."""
    store = opened(DATA + readings)
    assert names(store, "The Works") == ["id:north", "id:south"]
    with pytest.raises(AmbiguousNameError):
        resolve(store, "The Works", exact=True)
    assert names(store, "North works") == names(store, "North works", exact=True) == ["id:north"]


@pytest.mark.parametrize("linked", ["id:north , id:south", "id:north , id:west", "id:south , id:west"])
def test_a_name_of_three_things_of_which_two_are_linked_is_refused(opened: MakeStore, linked: str) -> None:
    """Whichever two: what nothing links to the others is never taken to be one with them."""
    west = 'id:west a cg:Plant ; rdfs:label "West works"@en ; cg:alias alias:a .'
    reading = f"reading:r a cg:PossiblySameReading ; cg:modality cg:inferred ; cg:thing {linked} ."
    with pytest.raises(AmbiguousNameError) as caught:
        resolve(opened(DATA + west + reading), "The Works")
    assert [one.partition(" ")[0] for one in caught.value.candidates] == ["id:north", "id:south", "id:west"]


def test_a_withdrawn_reading_links_nothing(opened: MakeStore) -> None:
    """Its things are two again."""
    reading = (
        "reading:r a cg:PossiblySameReading ; cg:modality cg:inferred ; cg:thing id:north , id:south ; cg:withdrawn "
    )
    with pytest.raises(AmbiguousNameError):
        resolve(opened(DATA + reading + "'2026-01-01'^^xsd:date ."), "The Works")


def test_an_unnamed_thing_is_never_matched_by_alias(works: Store) -> None:
    """A source that gives it no name cannot be the ground of one."""
    with pytest.raises(UnknownNameError):
        resolve(works, "ghost")
    assert names(works, "platform of the ghosts (unnamed)") == names(works, "platform of the Ghosts") == ["id:ghost"]


def test_aliases_come_with_the_sources_that_use_them(works: Store) -> None:
    """In order."""
    (south,) = [thing for thing in things(works) if thing.label == "South works"]
    assert south.aliases == {"The Works": ("source:s0", "source:s1"), "Süd": ("source:s0",)}
    assert south.kind == "plant"


def test_finding_looks_into_labels_and_aliases(works: Store) -> None:
    """Without regard to case, in order of labels; nothing found is no error."""
    assert [thing.label for thing in find(works, "WORKS")] == ["East works", "North works", "South works"]
    assert [thing.label for thing in find(works, "wr")] == ["East works", "Wren"]
    assert find(works, "zebra") == []


def test_only_a_claim_or_a_reading_is_an_assertion(opened: MakeStore) -> None:
    """By prefixed name or IRI; a thing is none, nor is a name of nothing."""
    reading = "reading:r a cg:PossiblySameReading ; cg:modality cg:inferred ; cg:thing id:north , id:south ."
    store, r = opened(DATA + reading), iri("reading:r")
    assert assertion(store, " reading:r ") == assertion(store, r.value) == r
    for name in ("id:north", "North works", "reading:none", ""):
        assert assertion(store, name) is None


def test_a_node_without_a_label_is_called_by_its_prefixed_name(works: Store) -> None:
    """Everything can be named."""
    assert label(works, iri("id:north")) == "North works"
    assert label(works, iri("id:nothing")) == "id:nothing"


# --- The real graph ---


def test_every_entity_is_found_by_its_label_and_labels_are_unique(store: Store) -> None:
    """So that whatever an answer calls a thing can be typed."""
    known = things(store)
    assert len(known) > 80
    for thing in known:
        assert names(store, thing.label, exact=True) == [compact(thing.node.value)]


def test_no_unnamed_thing_has_an_alias(rows: Rows) -> None:
    """Vague mentions are never matched."""
    assert rows("SELECT ?thing { ?thing a cg:Unnamed }")
    assert not rows("SELECT ?thing { ?thing a cg:Unnamed ; cg:alias ?alias }")


def test_every_alias_of_the_graph_binds(store: Store) -> None:
    """Every spelling that two things share is linked by readings."""
    aliases = [alias for thing in things(store) for alias in thing.aliases]
    assert len(aliases) > 50
    for alias in aliases:
        assert names(store, alias)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("MFA", ["id:mfa"]),
        ("next-generation MFA", ["id:mfa-next-generation"]),
        ("Mercedes", ["id:mercedes-benz"]),
        ("Daimler AG", ["id:daimler"]),
        ("Renault Nissan", ["id:renault-nissan"]),
        ("Nissan", ["id:nissan"]),
        ("COMPAS", ["id:compas"]),
        ("Aguascalientes plant", ["id:aguascalientes-site-s0", "id:joint-plant-s3"]),
        ("Forfour", ["id:forfour-latest", "id:forfour-next-generation"]),
    ],
)
def test_names_of_the_articles_lead_to_their_things(store: Store, name: str, wanted: list[str]) -> None:
    """To one, or to those that may be one."""
    assert sorted(names(store, name)) == wanted


@pytest.mark.parametrize(
    ("name", "kind", "wanted"),
    [
        ("wall street journal", "", "id:wall-street-journal"),
        ("Kurosawa", "", "id:ryoji-kurosawa"),
        ("3 Series", "", "id:3-series"),
        ("Audi Q5", "cg:VehicleModel", "id:q5-next-generation"),
    ],
)
def test_what_can_mean_one_thing_only_is_taken_for_it(store: Store, name: str, kind: str, wanted: str) -> None:
    """And said to be; asked for exactly, it is unknown."""
    found = resolve(store, name, iri(kind) if kind else None)
    assert ([compact(thing.node.value) for thing in found.things], found.loosely) == ([wanted], True)
    with pytest.raises(UnknownNameError):
        resolve(store, name, iri(kind) if kind else None, exact=True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("News", ""),  # of two outlets
        ("restructuring plan", ""),  # part of the label of a programme
        ("second generation", ""),  # no proper word
        ("Audi", "cg:VehicleModel"),  # the name of something else
        ("Seri", ""),  # part of a word
        ("3", ""),
    ],
)
def test_what_could_mean_another_thing_is_unknown(store: Store, name: str, kind: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(UnknownNameError):
        resolve(store, name, iri(kind) if kind else None)


def test_a_name_that_is_merely_alike_is_not_offered(store: Store) -> None:
    """Smart is no slip of the pen for McLaren."""
    with pytest.raises(UnknownNameError) as caught:
        resolve(store, "McLaren")
    assert caught.value.close == ()
