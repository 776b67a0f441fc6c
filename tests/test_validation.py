"""Files are checked against shapes, and each finding says what rule was broken, where and by what."""

from __future__ import annotations

from pathlib import Path

import pytest

from compas_graph.bundle import Bundle
from compas_graph.errors import DataError
from compas_graph.namespaces import PREFIXES
from compas_graph.validation import Finding, validate

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
ONTOLOGY = """
<https://w3id.org/compas-graph/ontology> a owl:Ontology .
cg:Place a owl:Class . cg:Town a owl:Class ; rdfs:subClassOf cg:Place .
"""
SHAPES = """@prefix shapes: <https://w3id.org/compas-graph/shapes#> .
shapes:PlaceShape a sh:NodeShape ; sh:targetClass cg:Place ;
  sh:property shapes:PlaceShape-label , shapes:PlaceShape-size .
shapes:PlaceShape-label a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ; sh:severity sh:Violation ;
  sh:message "A place has a label." .
shapes:PlaceShape-size a sh:PropertyShape ; sh:path cg:size ; sh:maxInclusive 9 ; sh:severity sh:Warning ;
  sh:message "A size is at most 9." .
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """Return a bundle with two rules and one place that keeps them."""
    for name, text in (
        ("ontology/compas", ONTOLOGY),
        ("ontology/shapes", SHAPES),
        ("graph/a", 'id:a a cg:Town ; rdfs:label "A" .'),
    ):
        path = tmp_path / f"{name}.ttl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
    return Bundle(tmp_path / "ontology", tmp_path / "graph", tmp_path)


def write(bundle: Bundle, text: str) -> Path:
    path = bundle.queries / "mine.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_a_graph_that_keeps_the_rules_conforms(bundle: Bundle) -> None:
    """With the number of its files and triples."""
    report = validate(bundle)
    assert report.conforms
    assert (report.files, report.triples) == (1, 2)


def test_a_finding_says_rule_severity_focus_path_value_and_message(bundle: Bundle) -> None:
    """In prefixed names; also for a kind below the one that the rule is for."""
    report = validate(bundle, [write(bundle, "id:b a cg:Town ; cg:size 12 .")])
    assert not report.conforms
    assert report.findings == (
        Finding("PlaceShape-label", "violation", "id:b", "rdfs:label", "", "A place has a label."),
        Finding("PlaceShape-size", "warning", "id:b", "cg:size", "12", "A size is at most 9."),
    )


def test_given_files_are_checked_and_not_the_graph(bundle: Bundle) -> None:
    """A fault of the repository is not reported for a file of one's own."""
    (bundle.graph / "broken.ttl").write_text(HEAD + "id:broken a cg:Place .")
    assert not validate(bundle).conforms
    assert validate(bundle, [write(bundle, 'id:b a cg:Place ; rdfs:label "B" .')]).conforms


def test_a_file_of_the_graph_conforms_alone_as_it_does_with_the_others(bundle: Bundle) -> None:
    """What it refers to in other files is known."""
    rule = "\nshapes:PlaceShape sh:property [ sh:path cg:near ; sh:class cg:Place ; sh:message 'Near a place.' ] ."
    shapes = bundle.ontology / "shapes.ttl"
    shapes.write_text(shapes.read_text(encoding="utf-8") + rule, encoding="utf-8")
    path = bundle.graph / "near.ttl"
    path.write_text(HEAD + 'id:b a cg:Place ; rdfs:label "B" ; cg:near id:a .')
    assert validate(bundle).conforms
    assert validate(bundle, [path]).findings == ()


def test_findings_come_in_the_same_order_every_time(bundle: Bundle) -> None:
    """Sorted by rule, then by focus."""
    path = write(bundle, "".join(f"id:{name} a cg:Place ; cg:size 99 . " for name in "zmaq"))
    found = [(one.rule, one.focus) for one in validate(bundle, [path]).findings]
    assert found == sorted(found) and len(found) == 8


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id:a a cg:Place", r"mine\.ttl:1:\d+: not valid Turtle"),
        (b"@prefix x: <http://x/> .\nx:a x:b\n  x:c x:d .", r"mine\.ttl:3:\d+: not valid Turtle"),
        (b'<http://a> <http://b> "\xff" .', r"mine\.ttl: is not UTF-8 \(byte 24\)"),
        (b"", "no triples to check"),
        (b"# nothing\n", "no triples to check"),
        (b"\x89PNG\r\n\x1a\n\x00", "mine.ttl"),
        (b"<html></html>", r"mine\.ttl:1:\d+: not valid Turtle"),
        (b"{}", r"mine\.ttl:1:\d+: not valid Turtle"),
    ],
)
def test_a_file_that_cannot_be_checked_is_named_with_the_place(bundle: Bundle, content: bytes, said: str) -> None:
    """Not RDF, not UTF-8, or empty."""
    path = bundle.queries / "mine.ttl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=said):
        validate(bundle, [path])


def test_a_byte_order_mark_is_read_over_or_named(bundle: Bundle) -> None:
    """As some editors write it; it cannot be seen, and so a message that only shows it helps nobody."""
    path = bundle.queries / "mine.ttl"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + 'id:b a cg:Place ; rdfs:label "B" .').encode())
    try:
        assert validate(bundle, [path]).conforms
    except DataError as error:
        assert "byte order mark" in str(error)


@pytest.mark.parametrize("name", ["missing.ttl", "."])
def test_a_file_that_is_missing_or_a_folder_is_named(bundle: Bundle, name: str) -> None:
    """Before anything is checked."""
    with pytest.raises(DataError, match="cannot be read"):
        validate(bundle, [bundle.queries / name])


@pytest.mark.parametrize(
    "fault",
    [
        "shapes:X a sh:NodeShape ; sh:targetClass cg:Place ; sh:property [ sh:minCount 1 ] .",
        'shapes:X a sh:NodeShape ; sh:targetClass cg:Place ; sh:property [ sh:path cg:size ; sh:pattern "(" ] .',
        'shapes:X a sh:NodeShape ; sh:targetClass cg:Place ; sh:sparql [ sh:select "SELECT nonsense" ] .',
    ],
)
def test_shapes_that_cannot_be_applied_are_an_error_of_ours(bundle: Bundle, fault: str) -> None:
    """Whoever brings shapes of their own is told so, in one line."""
    shapes = bundle.ontology / "shapes.ttl"
    shapes.write_text(shapes.read_text(encoding="utf-8") + fault, encoding="utf-8")
    with pytest.raises(DataError):
        validate(bundle, [write(bundle, 'id:b a cg:Place ; rdfs:label "B" ; cg:size 3 .')])
