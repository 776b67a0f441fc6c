"""The ontology keeps its own house rules, and each rule can fail."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from tests import ROOT

RULES = sorted((ROOT / "ontology" / "hygiene").glob("*.rq"))
CASES = sorted((ROOT / "tests" / "ontology" / "hygiene").glob("*.ttl"))
CG = "https://w3id.org/compas-graph/ontology#"
REFERENCES = NamedNode("http://purl.org/dc/terms/references")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def faults(rule: Path, store: Store) -> list[list[str]]:
    """Give the rows of a rule, terms of ours without their namespace."""
    rows = store.query(rule.read_text("utf-8"))
    assert isinstance(rows, QuerySolutions)
    return [[str(term or "").removeprefix(f"<{CG}").removesuffix(">") for term in row] for row in rows]


def loaded(*paths: Path) -> Store:
    """Give a store that holds the files."""
    store = Store()
    for path in paths:
        store.load(path=str(path), format=RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def repository() -> Store:
    """Load ontology, shapes, alignments and graph, and which of our terms the texts of queries and modules name."""
    store = loaded(*sorted((ROOT / "ontology").glob("*.ttl")), *sorted((ROOT / "graph").rglob("*.ttl")))
    terms = {str(quad.subject) for quad in store.quads_for_pattern(None, LABEL, None)}
    for path in (*sorted((ROOT / "queries").glob("*.rq")), *sorted((ROOT / "compas_graph").rglob("*.py"))):
        document = NamedNode(f"https://example.org/{path.name}")
        for name in set(re.findall(r"\bcg:(\w+)", path.read_text("utf-8"))):
            if f"<{CG}{name}>" in terms:
                store.add(Quad(document, REFERENCES, NamedNode(CG + name)))
    return store


def test_every_rule_has_its_breaking_file_and_every_file_its_rule() -> None:
    """The names agree both ways, and there are rules."""
    assert {rule.stem for rule in RULES} == {case.stem for case in CASES}
    assert len(RULES) > 10


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.stem)
def test_a_rule_is_said_in_one_sentence(rule: Path) -> None:
    """One comment line stands on top and nowhere else; the rows have a total order."""
    first, *others = rule.read_text("utf-8").splitlines()
    assert first.startswith("# ") and first.endswith(".")
    assert [line for line in others if line.lstrip().startswith("#")] == []
    assert "\nORDER BY " in rule.read_text("utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_rule_finds_what_its_breaking_file_breaks(case: Path) -> None:
    """A rule that could not fail would hold nothing."""
    assert faults(ROOT / "ontology" / "hygiene" / f"{case.stem}.rq", loaded(case)) != []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.stem)
def test_the_repository_breaks_no_rule(rule: Path, repository: Store) -> None:
    """No row comes back, without exception."""
    assert faults(rule, repository) == []


def test_a_planned_property_reaches_no_other_through_a_middle_term() -> None:
    """Two axioms in a row are as bad as one, in whatever direction an equivalence is written."""
    store = loaded()
    planned, middle, factual = (NamedNode(CG + name) for name in ("plannedAt", "middle", "builtAt"))
    owl, rdfs = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#"
    store.add(Quad(planned, NamedNode(CG + "plannedFormOf"), factual))
    store.add(Quad(middle, NamedNode(owl + "equivalentProperty"), planned))
    store.add(Quad(middle, NamedNode(rdfs + "subPropertyOf"), factual))
    rule = ROOT / "ontology" / "hygiene" / "planned-stays-planned.rq"
    assert faults(rule, store) == [["plannedAt", "builtAt"], ["plannedAt", "middle"]]


def test_the_repository_has_what_the_rules_speak_of(repository: Store) -> None:
    """Planned forms, definitions and references are there, so that a rule without rows has looked at something."""
    for name in ("ontology#plannedFormOf", "ontology#keyedOn", "ontology#yields"):
        predicate = NamedNode(f"https://w3id.org/compas-graph/{name}")
        assert next(repository.quads_for_pattern(None, predicate, None), None) is not None, name
    assert next(repository.quads_for_pattern(None, REFERENCES, None), None) is not None
    assert Literal("plant", language="en") in {q.object for q in repository.quads_for_pattern(None, LABEL, None)}
