"""A check never says that all rules hold of what nobody looked at: whichever the engine, and in a store, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from compas_graph.checks.checking import check
from compas_graph.checks.findings import Report
from compas_graph.checks.in_store import check_store
from compas_graph.checks.options import ENGINES
from compas_graph.checks.request import Request
from compas_graph.errors import DataError
from compas_graph.shacl.vocabulary import UNAPPLIED
from tests import FROZEN
from tests.unit.remote.test_reading import Direct, client_of

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
HOLDS = "ex:S sh:targetClass ex:T ; sh:nodeKind sh:IRI .\n"
DATA = "ex:a a ex:T ; ex:p 1 ."
WAYS = (*ENGINES, "store")


class Checked:
    """What a check of the same data against some shapes finds, in each of the ways in which it can be made."""

    def __init__(self, folder: Path) -> None:
        """Write the data."""
        self.folder = folder
        self.data = self.file("data.ttl", DATA)

    def file(self, name: str, text: str) -> Path:
        """Return a file with the usual prefixes on its two first lines."""
        path = self.folder / name
        path.write_text(PREFIXES + text, "utf-8")
        return path

    def __call__(self, way: str, *shapes: Path) -> Report:
        """Return the report."""
        if way != "store":
            return check(FROZEN, Request((self.data,), shapes, engine=way))
        there = Store()
        there.extend(
            Quad(one.subject, one.predicate, one.object, NamedNode("http://example.org/data"))
            for one in parse(self.data.read_bytes(), RdfFormat.TURTLE)
        )
        return check_store(client_of(Direct(there)), ["http://example.org/data"], FROZEN, Request((), shapes))


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    """Return what checks in a folder of its own."""
    return Checked(tmp_path)


def test_what_all_ways_apply_holds(checked: Checked) -> None:
    """Or else the others would say nothing."""
    shapes = checked.file("shapes.ttl", HOLDS)
    assert [checked(way, shapes).findings for way in WAYS] == [(), (), ()]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("source", UNAPPLIED)
def test_what_nobody_applies_is_refused_with_all_its_places(checked: Checked, source: str, way: str) -> None:
    """Each word in the file, line and column where it stands."""
    words = UNAPPLIED[source]
    shapes = checked.file("shapes.ttl", HOLDS + "".join(f"ex:S sh:{word} [] .\n" for word in words))
    with pytest.raises(DataError) as caught:
        checked(way, shapes)
    for line, word in enumerate(words, start=4):
        begins = f"{shapes}:{line}:6: sh:{word} is of {source}, and nothing here applies"
        assert any(one.startswith(begins) for one in caught.value.lines)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("said", "rule", "line", "column"),
    [
        ("ex:X a sh:NodeShape ; sh:class ex:C .", "shape-is-reached", 4, 1),
        ('ex:S sh:flags "i" .', "word-has-effect", 4, 6),
        ("<http://example.org/> owl:imports <http://example.org/other> .", "import-is-given", 4, 35),
    ],
)
def test_what_has_no_effect_is_a_warning_at_its_place(
    checked: Checked, said: str, rule: str, line: int, column: int, way: str
) -> None:
    """Which counts."""
    shapes = checked.file("shapes.ttl", HOLDS + said)
    (one,) = checked(way, shapes).findings
    assert (one.rule, one.severity, one.file, one.line, one.column) == (rule, "warning", str(shapes), line, column)


GIVEN = {
    "an ontology": "<http://example.org/other> a owl:Ontology .",
    "a version of one": "<http://example.org/it> a owl:Ontology ; owl:versionIRI <http://example.org/other> .",
    "whatever says something of it": "<http://example.org/other#> rdfs:label 'other' .",
}


@pytest.mark.parametrize("name", GIVEN)
def test_an_import_that_is_given_is_not_told(checked: Checked, name: str) -> None:
    """As one more file of shapes, or as the ontology."""
    shapes = checked.file("shapes.ttl", HOLDS + "<http://example.org/> owl:imports <http://example.org/other> .")
    other = checked.file("other.ttl", GIVEN[name])
    assert len(checked("own", shapes).findings) == 1
    assert checked("own", shapes, other).findings == checked("store", shapes, other).findings == ()
    assert check(FROZEN, Request((checked.data,), (shapes,), (other,))).findings == ()


def test_an_import_of_the_file_itself_or_of_a_vocabulary_that_is_known_is_not_told(checked: Checked) -> None:
    """What is said in the words of SHACL and DASH is applied, or refused by name."""
    other = checked.file("other.ttl", "ex:x rdfs:label 'x' .")
    names = [other.as_uri(), "http://www.w3.org/ns/shacl#", "http://datashapes.org/dash"]
    shapes = checked.file("shapes.ttl", HOLDS + "".join(f"ex: owl:imports <{name}> .\n" for name in names))
    assert checked("own", shapes, other).findings == ()
    assert [one.line for one in checked("own", shapes).findings] == [4]


def test_a_target_that_only_pyshacl_knows_is_one(checked: Checked) -> None:
    """A store is not asked for it, and that is told by name."""
    shapes = checked.file("shapes.ttl", 'ex:S sh:class ex:C ; sh:target [ sh:select "SELECT ?this { ?this ?p 1 }" ] .')
    own, theirs = (checked(engine, shapes) for engine in ENGINES)
    assert [one.rule for one in own.findings] == [one.rule for one in theirs.findings] == ["S"]
    with pytest.raises(DataError, match=r"sh:target is not of SHACL 1\.0"):
        checked("store", shapes)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_goes_wrong_in_a_check_names_the_shapes(checked: Checked, engine: str) -> None:
    """Be it only when they are applied."""
    shapes = checked.file("shapes.ttl", HOLDS + "ex:S sh:sparql [ sh:select 'SELECT $this { FILTER(ex:f()) }' ] .")
    with pytest.raises(DataError, match=r"shapes\.ttl: shape <http://example\.org/S>: the query cannot be run"):
        checked(engine, shapes)
