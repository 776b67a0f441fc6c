"""What was withdrawn stays in its file and is checked there, and leaves the graph that answers are made from."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pyoxigraph import NamedNode, Store

from compas_graph.bundle import Bundle
from compas_graph.graph import open_graph
from compas_graph.names import withdrawal
from compas_graph.namespaces import compact
from compas_graph.query import query_names, saved_query
from compas_graph.remote.origin import bundle_quads
from compas_graph.sources import list_sources
from compas_graph.store import FACTS, iri, select
from compas_graph.views import View
from tests import FROZEN, HEAD

GONE = ' cg:withdrawn "2026-11-22"^^xsd:date ; cg:withdrawnBecause "Misread."@en .\n'
ASSERTIONS = sorted(
    row["one"].value
    for row in select(open_graph(FROZEN), "SELECT DISTINCT ?one { ?one a cg:Assertion ; cg:modality ?m }")
)


def copied(folder: Path, *withdrawn: str) -> Bundle:
    """Copy the graph to a folder, with some of its claims and readings withdrawn."""
    shutil.copytree(FROZEN.graph, folder / "graph")
    (folder / "graph" / "withdrawn.ttl").write_text(HEAD + "".join(f"<{one}>{GONE}" for one in withdrawn), "utf-8")
    return Bundle.at(folder)


@cache
def without_half(first: int) -> tuple[frozenset[str], Store]:
    """Give every second claim and reading, and the graph from which they were withdrawn."""
    withdrawn = ASSERTIONS[first::2]
    with TemporaryDirectory() as folder:
        return frozenset(withdrawn), open_graph(copied(Path(folder), *withdrawn))


@pytest.mark.parametrize("half", [0, 1])
def test_nothing_is_said_of_what_was_withdrawn_but_when_and_why(half: int) -> None:
    """Nothing rests on it, is for it or against it, and no fact comes from it."""
    withdrawn, store = without_half(half)
    assert len(withdrawn) > 100
    for name in withdrawn:
        about = {compact(quad.predicate.value) for quad in store.quads_for_pattern(NamedNode(name), None, None)}
        assert about == {"cg:withdrawn", "cg:withdrawnBecause"}
        assert next(store.quads_for_pattern(None, None, NamedNode(name)), None) is None
    assert len(list(store.quads_for_pattern(None, None, None, FACTS))) > 50


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("name", query_names(FROZEN))
def test_no_saved_query_cites_what_was_withdrawn(name: str, half: int) -> None:
    """Each as it stands, without a line of its own on it."""
    withdrawn, store = without_half(half)
    query = saved_query(FROZEN, name)
    assert "cg:withdrawn" not in query.text
    cited = {term.value for row in select(store, query.text) for term in row if isinstance(term, NamedNode)}
    assert not cited & withdrawn


def test_what_is_loaded_and_exported_says_no_more(tmp_path: Path) -> None:
    """So a store elsewhere answers as this process does."""
    name = iri("claim:s1-09")
    bundle = copied(tmp_path, name.value)
    quads = list(bundle_quads(bundle, open_graph(bundle), (FACTS,), schema=False))
    assert {compact(quad.predicate.value) for quad in quads if quad.subject == name} == {
        "cg:withdrawn", "cg:withdrawnBecause",
    }  # fmt: skip
    assert not [quad for quad in quads if quad.object == name]
    assert [quad for quad in quads if quad.predicate == iri("cg:ownsShareOf")] == []


def test_a_reading_falls_with_what_it_rests_on(tmp_path: Path) -> None:
    """Of it nothing is left, as it was not withdrawn itself."""
    reading = iri("reading:tension-investment")
    (ground, *_) = (q.object for q in open_graph(FROZEN).quads_for_pattern(reading, iri("cg:restsOn"), None))
    assert isinstance(ground, NamedNode)
    store = open_graph(copied(tmp_path, ground.value))
    assert list(store.quads_for_pattern(reading, None, None)) == []


def test_with_a_source_that_is_left_out_its_withdrawn_claims_are_not_even_named(tmp_path: Path) -> None:
    """Those of the other sources are."""
    bundle = copied(tmp_path, iri("claim:s1-09").value, iri("claim:s0-05").value)
    store = open_graph(bundle, view=View(without=("s1",)))
    rows = select(store, "SELECT ?one { ?one cg:withdrawn ?day }")
    assert [compact(row["one"].value) for row in rows] == ["claim:s0-05"]


def test_a_passage_whose_claim_was_withdrawn_stays(tmp_path: Path) -> None:
    """The source has one claim fewer."""
    before = {one.id: one for one in list_sources(open_graph(FROZEN))}
    after = {one.id: one for one in list_sources(open_graph(copied(tmp_path, iri("claim:s1-09").value)))}
    one, other = before.pop("source:s1"), after.pop("source:s1")
    assert (other.passages, other.claims) == (one.passages, one.claims - 1) and before == after


def test_a_name_that_was_withdrawn_is_told_so_with_the_reason(tmp_path: Path) -> None:
    """By prefixed name or IRI; of what stands nothing is said."""
    store = open_graph(copied(tmp_path, iri("claim:s1-09").value))
    for name in ("claim:s1-09", " claim:s1-09", iri("claim:s1-09").value):
        assert withdrawal(store, name) == "claim:s1-09 was withdrawn on 22 November 2026: Misread."
    assert [withdrawal(store, name) for name in ("claim:s1-10", "COMPAS", "", "claim:none")] == ["", "", "", ""]


def test_describe_says_when_and_why_and_the_thing_is_described_without_it(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """As asked for by name, and of what it spoke of."""
    name = iri("claim:s1-09").value
    copied(tmp_path, name)
    done = run("--data", tmp_path, "describe", "claim:s1-09")
    assert (done.returncode, done.stdout) == (0, "claim:s1-09 was withdrawn on 22 November 2026: Misread.\n")
    label = "Daimler and Nissan own half of COMPAS each"
    assert label in run("describe", "COMPAS").stdout
    assert label not in run("--data", tmp_path, "describe", "COMPAS").stdout


@pytest.mark.parametrize("said", ["cg:modality cg:reportd", "cg:owner id:dieter-zetsche", "cg:nothing 1"])
def test_what_was_withdrawn_is_checked_all_the_same(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, said: str
) -> None:
    """By the shapes and the terms, as what stands is."""
    copied(tmp_path, iri("claim:s1-09").value)
    with (tmp_path / "graph" / "withdrawn.ttl").open("a", encoding="utf-8") as file:
        file.write(f"claim:s1-09 {said} .\n")
    done = run("--data", tmp_path, "check", "--format", "json")
    assert done.returncode == 1 and "claim:s1-09" in done.stdout


def test_nothing_that_follows_from_what_was_withdrawn_is_a_contradiction(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """A circle of succession is one; not so where a claim of it was withdrawn."""
    copied(tmp_path)
    file = tmp_path / "graph" / "withdrawn.ttl"
    rows = select(open_graph(FROZEN), "SELECT ?s ?p ?w { ?c a cg:SuccessionClaim ; cg:modality cg:reported ; "
                  "cg:successor ?s ; cg:predecessor ?p ; cg:passage ?w } ORDER BY ?c")  # fmt: skip
    row = next(iter(rows))
    back = (
        f'claim:back a cg:SuccessionClaim ; rdfs:label "Back"@en ; cg:successor {row["p"]} ; '
        f"cg:predecessor {row['s']} ; cg:modality cg:reported ; cg:passage {row['w']} .\n"
    )
    for more, code in ((back, 1), (back + f"claim:back{GONE}", 0)):
        file.write_text(HEAD + more, "utf-8")
        assert run("--data", tmp_path, "check").returncode == code, more
