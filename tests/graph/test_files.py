"""The files of the graph are spelt alike, and any store gives back what they say."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from compas_graph.bundle import Bundle
from compas_graph.checks.checking import check
from compas_graph.checks.request import Request
from compas_graph.namespaces import PREFIXES
from compas_graph.sources import verify
from compas_graph.store import COMPARISONS, FACTS, INFERENCES, load
from tests import HEAD


def test_all_rules_hold(bundle: Bundle) -> None:
    """Shapes, terms, prefixes and axioms."""
    report = check(bundle, Request())
    assert [f"{finding.file}:{finding.line}: {finding.message}" for finding in report.findings] == []


def test_every_file_spells_the_prefixes_as_the_table_does(bundle: Bundle) -> None:
    """One prefix table for the whole project."""
    files = [path for path, _ in bundle.files()]
    assert files
    for path in files:
        lines = path.read_text(encoding="utf-8").splitlines()
        used = [line.split()[1:3] for line in lines if line.startswith("@prefix")]
        assert used, f"{path}: declares no prefix"
        for prefix, iri in used:
            assert PREFIXES.get(prefix.removesuffix(":")) == iri.strip("<>"), f"{path}: {prefix}"


def not_canonical(data: bytes) -> set[Literal]:
    """Return the literals of a Turtle document that a store gives back otherwise."""
    written = {triple.object for triple in parse(data, RdfFormat.TURTLE, base_iri="file:///")}
    store = Store()
    store.load(data, RdfFormat.TURTLE, base_iri="file:///")
    return {term for term in written - {quad.object for quad in store} if isinstance(term, Literal)}


def test_literals_are_in_canonical_form(bundle: Bundle) -> None:
    """A store gives every literal back as the file has it."""
    files = [path for path, _ in bundle.files()]
    assert files
    for path in files:
        assert not_canonical(path.read_bytes()) == set(), path


def test_a_literal_that_is_not_canonical_would_be_found() -> None:
    """So that the test above means something."""
    assert {term.value for term in not_canonical((HEAD + "id:a cg:value 007 , 1.50 , 7 .").encode())} == {"007", "1.50"}


def test_what_a_source_says_is_named_after_it(bundle: Bundle) -> None:
    """The names of its passages and claims begin with that of the source, and stand in its file."""
    files = list((bundle.graph / "sources").glob("*.ttl"))
    assert files
    for path in files:
        subjects = {triple.subject for triple in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=path.as_uri())}
        names = {subject.value for subject in subjects if isinstance(subject, NamedNode)}
        starts = tuple(PREFIXES[kind] + path.stem + "-" for kind in ("passage", "claim", "omission"))
        assert {name for name in names if not name.startswith(starts)} == {PREFIXES["source"] + path.stem}, path


def test_no_blank_node_stands_for_a_thing(store: Store) -> None:
    """Only the lists of the ontology have any."""
    said = [quad for quad in store if quad.graph_name != NamedNode(PREFIXES["graph"] + "ontology")]
    assert said
    for quad in said:
        assert all(isinstance(term, NamedNode | Literal) for term in quad.triple), quad


def test_every_derivation_has_a_graph_of_its_own_and_files_have_theirs(bundle: Bundle, store: Store) -> None:
    """What files assert is not mixed with facts, comparisons and inferences."""
    derived = {FACTS, INFERENCES, COMPARISONS}
    files = {NamedNode(name) for _, name in bundle.files()}
    assert set(store.named_graphs()) == files | derived


def test_every_passage_stands_in_its_text_where_that_is_at_hand(bundle: Bundle, articles: Path) -> None:
    """The texts of other sources are nobody's to keep."""
    found = verify(load(bundle), articles)
    missing = [source for source in found.sources if source.status == "missing"]
    assert found.checked > 50
    assert [str(problem) for problem in found.problems if problem not in missing] == []
