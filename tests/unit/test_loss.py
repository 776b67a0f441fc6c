"""What is lost, weakened or kept without sources agrees with what the graphs with and without them show."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from compas_graph.bundle import Bundle
from compas_graph.errors import UnknownNameError
from compas_graph.facts import derive_facts
from compas_graph.graph import open_graph
from compas_graph.loss import Effect, effects
from compas_graph.names import label, things
from compas_graph.namespaces import compact
from compas_graph.store import FACTS, INFERENCES, load, select
from compas_graph.views import View, restrict
from tests import FROZEN, HEAD

Run = Callable[..., subprocess.CompletedProcess[str]]
SOURCES = ("s0", "s1", "s2", "s3")
PAIRS = [("s0", "s2"), ("s1", "s3")]
SETS = [(name,) for name in SOURCES] + PAIRS
ids = pytest.mark.parametrize("without", SETS, ids="-".join)

DATA = """
source:a a cg:Source ; cg:published "2014"^^xsd:gYear ; cg:publisher id:paper .
source:b a cg:Source ; cg:published "2015"^^xsd:gYear ; cg:publisher id:gazette .
passage:a cg:inSource source:a . passage:b cg:inSource source:b .
id:paper a cg:Outlet ; rdfs:label "The Paper"@en . id:gazette a cg:Outlet ; rdfs:label "The Gazette"@en .
id:post a cg:Outlet ; rdfs:label "The Post"@en .
id:wren a cg:Brand ; rdfs:label "Wren"@en . id:lark a cg:Company ; rdfs:label "Lark"@en .
id:rook a cg:Company ; rdfs:label "Rook"@en . id:nest a cg:JointVenture ; rdfs:label "Nest"@en .
claim:a1 a cg:GroupClaim ; rdfs:label "Wren of Lark"@en ; cg:member id:wren ; cg:parent id:lark ;
  cg:modality cg:reported ; cg:passage passage:a .
claim:a2 a cg:OwnershipClaim ; rdfs:label "Lark, Nest"@en ; cg:owner id:lark ; cg:venture id:nest ; cg:value 50 ;
  cg:unit cg:percent ; cg:modality cg:reported ; cg:passage passage:a .
claim:b1 a cg:GroupClaim ; rdfs:label "Wren of Lark again"@en ; cg:member id:wren ; cg:parent id:lark ;
  cg:modality cg:reported ; cg:passage passage:b .
claim:b2 a cg:OwnershipClaim ; rdfs:label "Rook, Nest"@en ; cg:owner id:rook ; cg:venture id:nest ;
  cg:modality cg:reported ; cg:passage passage:b ; cg:via id:post .
claim:b3 a cg:OwnershipClaim ; rdfs:label "Lark, Nest: 70"@en ; cg:owner id:lark ; cg:venture id:nest ; cg:value 70 ;
  cg:unit cg:percent ; cg:modality cg:planned ; cg:passage passage:b .
reading:r a cg:PossiblySameReading ; rdfs:label "Perhaps one"@en ; cg:thing id:rook , id:lark ;
  cg:modality cg:inferred ; cg:restsOn claim:a1 , claim:b2 .
"""


@cache
def found(without: tuple[str, ...]) -> tuple[Effect, ...]:
    return tuple(effects(FROZEN, without))


@cache
def left(without: tuple[str, ...]) -> Store:
    return open_graph(FROZEN, view=View(without=without))


def names(without: tuple[str, ...], kind: str, *effect: str) -> set[str]:
    """Give what happens to something of a kind, by its words."""
    return {one.what for one in found(without) if one.kind == kind and (not effect or one.effect in effect)}


@cache
def facts(without: tuple[str, ...] = ()) -> frozenset[str]:
    """Give all facts in words: those of claims and those of readings, before anything is inferred from them."""
    store = load(FROZEN)
    restrict(store, View(without=without))
    derive_facts(store)
    derived = [quad for quad in store if quad.graph_name in (FACTS, INFERENCES)]
    return frozenset(in_words(store, quad) for quad in derived)


def in_words(store: Store, quad: Quad) -> str:
    terms = (quad.subject, quad.predicate, quad.object)
    return " ".join(label(store, term) for term in terms if isinstance(term, NamedNode))


def entities(store: Store) -> set[str]:
    return {f"{thing.label} [{compact(thing.node.value)}]" for thing in things(store)}


def readings(store: Store) -> set[str]:
    rows = select(store, "SELECT ?reading { ?reading a cg:Reading ; cg:restsOn ?ground }")
    return {f"{label(store, row['reading'])} [{compact(row['reading'].value)}]" for row in rows}


def disputes(store: Store) -> set[frozenset[str]]:
    rows = select(store, "SELECT ?one ?other { ?one cg:disagreesWith ?other }")
    return {frozenset(compact(row[name].value) for name in ("one", "other")) for row in rows}


@pytest.fixture
def small(tmp_path: Path) -> Bundle:
    """Return the bundle of the small graph."""
    (tmp_path / "test.ttl").write_text(HEAD + DATA, encoding="utf-8")
    return Bundle(FROZEN.ontology, tmp_path, FROZEN.queries)


def of(bundle: Bundle, *without: str) -> dict[tuple[str, str], tuple[str, int, int]]:
    return {
        (one.kind, one.what): (one.effect, one.grounds_before, one.grounds_after) for one in effects(bundle, without)
    }


# --- A small graph ---


def test_a_fact_is_lost_with_its_last_ground_weakened_with_another_and_else_kept(small: Bundle) -> None:
    """With the grounds before and after."""
    told = of(small, "b")
    assert told["fact", "Wren belongs to Lark"] == ("weakened", 2, 1)
    assert told["fact", "Rook owns share of Nest"] == ("lost", 1, 0)
    assert told["fact", "Lark owns share of Nest"] == ("kept", 1, 1)


def test_a_thing_is_weakened_where_fewer_claims_and_readings_speak_of_it(small: Bundle) -> None:
    """And lost where none does."""
    told = of(small, "b")
    assert told["entity", "Rook [id:rook]"][0] == "lost"
    assert told["entity", "Nest [id:nest]"] == ("weakened", 3, 1)
    assert told["entity", "Wren [id:wren]"] == ("weakened", 2, 1)


def test_readings_and_disagreements_fall_with_a_source(small: Bundle) -> None:
    """Each named with what it links."""
    told = of(small, "a")
    assert told["reading", "Perhaps one [reading:r]"][0] == "lost"
    assert told["disagreement", "Lark, Nest [claim:a2] against Lark, Nest: 70 [claim:b3]"] == ("lost", 1, 0)


def test_an_outlet_that_goes_with_its_source_or_claim_is_told_as_lost(small: Bundle) -> None:
    """It is gone from find and describe, like any other thing."""
    told = of(small, "b")
    assert told["entity", "The Gazette [id:gazette]"][0] == "lost"
    assert told["entity", "The Post [id:post]"][0] == "lost"


def test_without_nothing_everything_is_kept(small: Bundle) -> None:
    """And without everything all is lost."""
    assert {effect for effect, _, _ in of(small).values()} == {"kept"}
    assert {effect for effect, _, _ in of(small, "a", "b").values()} == {"lost"}


def test_what_is_lost_comes_first(small: Bundle) -> None:
    """Then what is weakened, each by kind and name."""
    order = ("lost", "weakened", "kept")
    keys = [(order.index(one.effect), one.kind, one.what) for one in effects(small, ("b",))]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)


def test_a_source_that_there_is_not_is_refused(small: Bundle) -> None:
    """By name."""
    with pytest.raises(UnknownNameError, match="no source is called 'c'"):
        effects(small, ("c",))


# --- The real graph ---


@ids
def test_the_facts_lost_are_those_that_the_graph_without_lacks(without: tuple[str, ...]) -> None:
    """Neither more nor fewer, and the others are kept or weakened."""
    assert names(without, "fact") == facts()
    assert names(without, "fact", "lost") == facts() - facts(without)
    assert len(facts()) > 100


@ids
def test_the_readings_lost_are_those_that_the_graph_without_lacks(store: Store, without: tuple[str, ...]) -> None:
    """None is weakened: it stands on all its grounds, or not at all."""
    assert names(without, "reading") == readings(store)
    assert names(without, "reading", "lost") == readings(store) - readings(left(without))
    assert not names(without, "reading", "weakened")


@ids
def test_the_disagreements_lost_are_those_that_the_graph_without_lacks(store: Store, without: tuple[str, ...]) -> None:
    """Also where only the reading that links the two things is gone."""
    lost = {frozenset(re.findall(r"\[(claim:[\w-]+)\]", what)) for what in names(without, "disagreement", "lost")}
    assert lost == disputes(store) - disputes(left(without))
    assert len(names(without, "disagreement")) == len(disputes(store))


@ids
def test_the_things_lost_are_those_that_cannot_be_found_without(store: Store, without: tuple[str, ...]) -> None:
    """Outlets included; those who made the graph are no matter of a source."""
    assert names(without, "entity", "lost") == entities(store) - entities(left(without))


@ids
def test_grounds_never_grow_and_the_effect_follows_from_them(without: tuple[str, ...]) -> None:
    """None left is lost, fewer is weakened, as many is kept."""
    assert found(without)
    for one in found(without):
        assert one.grounds_before >= one.grounds_after >= 0 and one.grounds_before > 0
        effect = "lost" if not one.grounds_after else "weakened" if one.grounds_after < one.grounds_before else "kept"
        assert one.effect == effect


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_sources_take_at_least_what_each_takes(one: str, other: str) -> None:
    """Of every kind."""
    for kind in ("fact", "entity", "reading", "disagreement"):
        each = names((one,), kind, "lost") | names((other,), kind, "lost")
        assert each <= names((one, other), kind, "lost")


def test_the_grounds_of_a_fact_are_the_claims_that_say_it(store: Store) -> None:
    """Counted by hand for who belongs to whom."""
    query = """SELECT ?member ?parent ?claim { ?claim a cg:GroupClaim ; cg:modality cg:reported ;
      cg:member ?member ; cg:parent ?parent MINUS { ?claim cg:polarity ?denied } }"""
    counts = Counter(
        f"{label(store, row['member'])} belongs to {label(store, row['parent'])}" for row in select(store, query)
    )
    told = {one.what: one.grounds_before for one in found(("s0",)) if one.kind == "fact" and " belongs to " in one.what}
    assert told == counts


# --- The command ---


def test_what_is_lost_or_weakened_is_printed_and_all_is_counted(run: Run) -> None:
    """What is kept only if asked for."""
    done = run("sources", "loss", "s0")
    counts = Counter(one.effect for one in found(("s0",)))
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[-1] == ", ".join(f"{counts[name]} {name}" for name in ("lost", "weakened", "kept"))
    assert len(lines) - 2 == counts["lost"] + counts["weakened"]
    everything = run("sources", "loss", "--all", "s0", "--format", "markdown").stdout.splitlines()
    assert len(everything) - 3 == counts.total() and everything[-1] == lines[-1]


def test_several_sources_are_left_out_together_and_an_unknown_one_is_one_line(run: Run) -> None:
    """Each by any form of its name."""
    done = run("sources", "loss", "s0", "source:s1", "S2", "s3")
    assert done.stdout.endswith(f"{len(found(('s0',)))} lost, 0 weakened, 0 kept\n")
    for wrong in (["s9"], []):
        done = run("sources", "loss", *wrong)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
