"""A check tells which rule was broken, where in the file, by what, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from compas_graph.bundle import Bundle
from compas_graph.checks.checking import check, watched
from compas_graph.checks.findings import Finding
from compas_graph.checks.request import Request
from compas_graph.errors import CompasGraphError, DataError
from compas_graph.namespaces import PREFIXES
from tests import FROZEN, HEAD, ROOT

LINES = len(PREFIXES)
ONTOLOGY = """
<https://w3id.org/compas-graph/ontology> a owl:Ontology .
cg:Place a owl:Class . cg:Town a owl:Class ; rdfs:subClassOf cg:Place .
cg:Ship a owl:Class ; owl:disjointWith cg:Place .
cg:size a owl:DatatypeProperty . cg:near a owl:ObjectProperty ; rdfs:range cg:Place .
"""
SHAPES = """@prefix shapes: <https://w3id.org/compas-graph/shapes#> .
shapes:PlaceShape a sh:NodeShape ; sh:targetClass cg:Place ;
  sh:property shapes:PlaceShape-label , shapes:PlaceShape-size , shapes:PlaceShape-near .
shapes:PlaceShape-label a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ; sh:severity sh:Violation ;
  sh:message "A place has a label." .
shapes:PlaceShape-size a sh:PropertyShape ; sh:path cg:size ; sh:maxInclusive 9 ; sh:severity sh:Warning ;
  sh:message "A size is at most 9." .
shapes:PlaceShape-near a sh:PropertyShape ; sh:path cg:near ; sh:class cg:Place .
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """Return a bundle with three rules and one place that keeps them."""
    for name, text in (
        ("ontology/compas", ONTOLOGY),
        ("ontology/shapes", SHAPES),
        ("graph/a", 'id:amsterdam a cg:Town ; rdfs:label "A" .'),
    ):
        path = tmp_path / f"{name}.ttl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
    return Bundle(tmp_path / "ontology", tmp_path / "graph", tmp_path)


def write(bundle: Bundle, text: str, name: str = "mine.ttl") -> Path:
    """Return a file of one's own beside the bundle."""
    path = bundle.queries / name
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def found(bundle: Bundle, *paths: Path) -> tuple[Finding, ...]:
    """Return what a check of files finds."""
    return check(bundle, Request(paths)).findings


def test_a_graph_that_keeps_the_rules_conforms(bundle: Bundle) -> None:
    """With the number of its files and triples."""
    report = check(bundle, Request())
    assert report.conforms
    assert (report.files, report.triples) == (1, 2)


def test_a_finding_says_where_which_rule_what_was_found_and_what_expected(bundle: Bundle) -> None:
    """The place of a wrong value is the value's, that of a missing one the subject's; kinds below count, too."""
    path = write(bundle, "id:b a cg:Town ;\n  cg:size 3 ,\n    12 .")
    missing, size = found(bundle, path)
    assert (missing.file, missing.line, missing.column) == (str(path), LINES + 1, 1)
    assert (missing.rule, missing.severity, missing.message) == (
        "PlaceShape-label",
        "violation",
        "A place has a label.",
    )
    assert (missing.focus, missing.path, missing.value) == ("id:b", "rdfs:label", "")
    assert missing.expected == "at least 1 value; there is none"
    assert (size.line, size.column, size.severity, size.value) == (LINES + 3, 5, "warning", "12")
    assert size.expected == "9 or less"
    assert size.place is not None and size.place.text == "    12 ." and size.place.end_column == 7


def test_a_misspelt_thing_is_told_with_close_ones(bundle: Bundle) -> None:
    """Among those that would be right; without a message of the shape's own, one is made."""
    (one,) = found(bundle, write(bundle, 'id:b a cg:Town ; rdfs:label "B" ; cg:near id:amsterdan .'))
    assert (one.rule, one.value, one.expected) == ("PlaceShape-near", "id:amsterdan", "an instance of cg:Place")
    assert (one.hint, one.message) == ("did you mean id:amsterdam?", "Its value is an instance of cg:Place.")


def test_a_term_that_the_ontology_does_not_declare_is_found_at_each_use(bundle: Bundle) -> None:
    """With the term that was meant; prefixes of the file's own are used where ours have none."""
    text = '@prefix my: <http://my.org/> . my:b a cg:Towm ; rdfs:label "B" ;\n  cg:siz 3 .'
    uncovered, one, other = found(bundle, write(bundle, text))
    assert (uncovered.rule, uncovered.severity) == ("file-is-covered", "warning")
    assert {one.rule, other.rule} == {"term-is-declared"}
    assert (one.focus, one.value, one.hint) == ("my:b", "cg:Towm", "did you mean cg:Town?")
    assert not found(bundle, write(bundle, 'id:b a cg:Town ; rdfs:label "B" .'))
    assert (other.value, other.line, other.column) == ("cg:siz", LINES + 2, 3)
    assert other.hint.startswith("did you mean cg:size")


def test_a_contradiction_of_the_ontology_is_a_finding_with_a_place(bundle: Bundle) -> None:
    """Unless it follows from a value that another finding blames already."""
    (one,) = found(bundle, write(bundle, 'id:b a cg:Town , cg:Ship ; rdfs:label "B" .'))
    assert one.rule.startswith("owl-cax") and one.focus == "id:b" and one.line == LINES + 1
    assert one.message == "Nothing contradicts what the ontology says: cg:Ship owl:disjointWith cg:Place."
    text = 'id:b a cg:Town ; rdfs:label "B" ; cg:near id:c .\nid:c a cg:Ship .'
    assert [one.rule for one in found(bundle, write(bundle, text))] == ["PlaceShape-near"]


def test_an_axiom_beyond_owl_2_rl_is_a_warning(bundle: Bundle) -> None:
    """What the rules cannot cover is not passed over in silence."""
    ontology = bundle.ontology / "compas.ttl"
    ontology.write_text(ontology.read_text("utf-8") + "cg:Place owl:hasKey ( cg:size ) .", "utf-8")
    assert [(one.rule, one.severity) for one in check(bundle, Request()).findings] == [("owl-2-rl", "warning")]


def test_a_contradiction_is_told_of_what_the_file_says(bundle: Bundle) -> None:
    """Though the other half of it stands in the graph, at the statement in the file."""
    (bundle.graph / "ship.ttl").write_text(HEAD + "id:ship a cg:Ship .")
    (one,) = found(bundle, write(bundle, 'id:b a cg:Place ; rdfs:label "B" ; cg:size 3 .\nid:of cg:near id:ship .'))
    assert (one.rule[:7], one.focus, one.line, one.column) == ("owl-cax", "id:ship", LINES + 2, 15)
    assert not found(bundle, write(bundle, 'id:c a cg:Place ; rdfs:label "C" .'))


def test_texts_are_looked_at_with_shapes_of_ones_own(bundle: Bundle) -> None:
    """Nothing that is asked for is passed over in silence: here, that the data has no source."""
    shapes, data = bundle.ontology / "shapes.ttl", write(bundle, 'id:c a cg:Place ; rdfs:label "C" .')
    with pytest.raises(DataError, match="holds no source"):
        check(bundle, Request((data,), (shapes,), texts=bundle.queries))


def test_a_prefix_of_ours_that_stands_for_something_else_is_told(bundle: Bundle) -> None:
    """A misspelt namespace would make every rule pass the file over."""
    path = write(bundle, 'id:b a cg:Place ; rdfs:label "B" .')
    path.write_text(path.read_text("utf-8").replace("graph/ontology#", "graph/ontolgy#"), "utf-8")
    rules = {one.rule: one for one in found(bundle, path)}
    assert set(rules) == {"prefix-is-ours", "file-is-covered"}
    line = list(PREFIXES).index("cg") + 1
    assert (rules["prefix-is-ours"].line, rules["prefix-is-ours"].column) == (line, 13)
    assert rules["prefix-is-ours"].expected == f"<{PREFIXES['cg']}>"


def test_a_file_that_adds_to_a_thing_of_the_graph_is_checked_with_the_rest(bundle: Bundle) -> None:
    """Only a copy stands in for a file of the graph, and a note says so."""
    report = check(bundle, Request((write(bundle, "id:amsterdam cg:size 12 ."),)))
    assert [one.rule for one in report.findings] == ["PlaceShape-size"] and not report.notes
    (bundle.graph / "more.ttl").write_text(
        HEAD + 'id:b a cg:Place ; rdfs:label "B" .\nid:c a cg:Place ; rdfs:label "C" .'
    )
    assert not check(bundle, Request((write(bundle, "id:b cg:near id:c ."),))).findings
    copy = write(bundle, 'id:b a cg:Place ; rdfs:label "B" .\nid:c a cg:Place ; rdfs:label "C" .')
    assert "more.ttl: left out" in "".join(check(bundle, Request((copy,))).notes)


def test_two_shapes_without_names_on_one_path_have_two_names(bundle: Bundle) -> None:
    """The same in every run, or a baseline would pass over what is new."""
    text = (
        "@prefix my: <http://my.org/> . my:S a sh:NodeShape ; sh:targetClass my:Dog ;\n"
        "sh:property [ sh:path my:has ; sh:qualifiedValueShape [ sh:class my:Paw ] ; sh:qualifiedMinCount 4 ] ,\n"
        "[ sh:path my:has ; sh:qualifiedValueShape [ sh:class my:Ear ] ; sh:qualifiedMinCount 2 ] ."
    )
    data = write(bundle, "@prefix my: <http://my.org/> . my:rex a my:Dog .")
    shapes = write(bundle, text, "shapes.ttl")
    runs = [[(one.rule, one.expected) for one in check(bundle, Request((data,), (shapes,))).findings] for _ in "ab"]
    assert runs[0] == runs[1] and len({rule for rule, _ in runs[0]}) == 2
    assert {expected for _, expected in runs[0]} == {
        "at least 4 values, each an instance of my:Paw", "at least 2 values, each an instance of my:Ear"
    }  # fmt: skip


def test_given_files_are_checked_and_not_the_graph(bundle: Bundle) -> None:
    """A fault of the repository is not reported for a file of one's own."""
    (bundle.graph / "broken.ttl").write_text(HEAD + "id:broken a cg:Place .")
    assert not check(bundle, Request()).conforms
    assert not found(bundle, write(bundle, 'id:b a cg:Place ; rdfs:label "B" .'))


def test_a_file_of_the_graph_conforms_alone_as_it_does_with_the_others(bundle: Bundle) -> None:
    """What it refers to in other files is known, and a changed copy stands in for it."""
    path = bundle.graph / "near.ttl"
    path.write_text(HEAD + 'id:b a cg:Place ; rdfs:label "B" ; cg:near id:amsterdam .')
    assert check(bundle, Request()).conforms
    assert not found(bundle, path)
    copy = write(bundle, 'id:b a cg:Place ; rdfs:label "B" ; cg:near id:amsterdam ; cg:size 10 .')
    assert [one.rule for one in found(bundle, copy)] == ["PlaceShape-size"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mine.nt", f"<{PREFIXES['id']}b> <{PREFIXES['rdf']}type> <{PREFIXES['cg']}Place> .\n"),
        ("mine.trig", f"GRAPH <http://g/> {{ <{PREFIXES['id']}b> a <{PREFIXES['cg']}Place> . }}\n"),
        ("mine.jsonld", f'{{"@id": "{PREFIXES["id"]}b", "@type": "{PREFIXES["cg"]}Place"}}\n'),
    ],
)
def test_other_formats_are_checked(bundle: Bundle, name: str, text: str) -> None:
    """JSON-LD and RDF/XML have the file as place, the others line and column."""
    path = bundle.queries / name
    path.write_text(text)
    (one,) = found(bundle, path)
    line, column = {"mine.nt": (1, 1), "mine.trig": (1, 21), "mine.jsonld": (0, 0)}[name]
    assert (one.rule, one.file, one.line, one.column) == ("PlaceShape-label", str(path), line, column)


def test_data_and_shapes_of_ones_own_need_nothing_of_ours(bundle: Bundle) -> None:
    """A shape without a name is called after the one around it and its path; nothing of our graph is mixed in."""
    shapes = write(
        bundle,
        "@prefix my: <http://my.org/> . my:S a sh:NodeShape ; sh:targetClass my:Dog ;\n"
        "sh:property [ sh:path my:name ; sh:datatype xsd:string ] .",
        "shapes.ttl",
    )
    data = write(bundle, "@prefix my: <http://my.org/> .\nmy:rex a my:Dog ; my:name 5 ; my:name 6 . cg:x a cg:Place .")
    report = check(bundle, Request((data,), (shapes,)))
    assert [(one.rule, one.focus, one.value, one.expected) for one in report.findings] == [
        ("S-name", "my:rex", "5", "a well-formed xsd:string"),
        ("S-name", "my:rex", "6", "a well-formed xsd:string"),
    ]


def test_a_shape_that_matches_nothing_is_named_with_what_was_meant(bundle: Bundle) -> None:
    """It would conform on everything; ours may lack instances, so long as the ontology has the class."""
    shapes = write(
        bundle, "@prefix my: <http://my.org/> .\nmy:S a sh:NodeShape ; sh:targetClass my:Dgo .", "shapes.ttl"
    )
    data = write(bundle, "@prefix my: <http://my.org/> . my:rex a my:Dog .")
    (one,) = check(bundle, Request((data,), (shapes,))).findings
    assert (one.rule, one.severity, one.file) == ("shape-matches-nothing", "warning", str(shapes))
    assert (one.line, one.column, one.hint) == (LINES + 2, 38, "did you mean my:Dog?")


@pytest.mark.parametrize(("level", "expected"), [("none", []), ("rdfs", ["S"]), ("owl-rl", ["S", "T"])])
def test_what_follows_is_checked_where_inference_is_asked_for(bundle: Bundle, level: str, expected: list[str]) -> None:
    """By RDFS from domain and range, by OWL 2 RL also from an inverse."""
    ontology = write(
        bundle, "cg:near rdfs:domain id:K . id:of owl:inverseOf cg:near . id:of a owl:ObjectProperty .", "onto.ttl"
    )
    shapes = write(
        bundle,
        "id:S a sh:NodeShape ; sh:targetClass id:K ; sh:maxLength 1 .\n"
        "id:T a sh:NodeShape ; sh:targetObjectsOf cg:near ; sh:property [ sh:path id:of ; sh:maxCount 0 ] .",
        "shapes.ttl",
    )
    data = write(bundle, "id:one cg:near id:two .")
    report = check(bundle, Request((data,), (shapes,), (ontology,), level))
    rules = {one.rule for one in report.findings if one.severity == "violation"}
    assert sorted({rule[0] for rule in rules}) == expected


def test_the_sources_of_claims_are_told() -> None:
    """A finding about a claim says which source it is from."""
    path = ROOT / "tests" / "ontology" / "shapes" / "ClaimShape-modality.ttl"
    (one,) = check(FROZEN, Request((path,))).findings
    assert one.source == "outlet, 2015, paragraph 1"


def test_passages_are_checked_where_texts_are_given(articles: Path, tmp_path: Path) -> None:
    """Each one that does not stand in the text as cited is a finding at its block."""
    assert check(FROZEN, Request(texts=articles)).conforms
    for path in sorted(articles.glob("*.txt")):
        (tmp_path / path.name).write_bytes(b"X" + path.read_bytes())
    findings = check(FROZEN, Request(texts=tmp_path)).findings
    assert {one.rule for one in findings} == {"passage-is-in-its-text"}
    assert all(one.line and one.file.endswith(".ttl") for one in findings)


def test_both_engines_find_the_same(bundle: Bundle) -> None:
    """In the same places, in the same words."""
    path = write(bundle, "id:b a cg:Town ; cg:size 12 , 13 ; cg:near id:c .")
    assert check(bundle, Request((path,), engine="pyshacl")).findings == found(bundle, path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id:a a cg:Place", r"mine\.ttl:1:\d+: not valid Turtle"),
        (b"@prefix x: <http://x/> .\nx:a x:b\n  x:c x:d .", r"mine\.ttl:3:\d+: not valid Turtle"),
        (b'<http://a> <http://b> "\xff" .', r"mine\.ttl:1:24: is not UTF-8 text"),
        (b"", "no triples to check"),
        (b"# nothing\n", "no triples to check"),
        (b"\x89PNG\r\n\x1a\n\x00", "mine.ttl"),
        (b"{}", r"mine\.ttl:1:\d+: not valid Turtle"),
    ],
)
def test_a_file_that_cannot_be_checked_is_named_with_the_place(bundle: Bundle, content: bytes, said: str) -> None:
    """Not RDF, not UTF-8, or empty."""
    path = bundle.queries / "mine.ttl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=said):
        check(bundle, Request((path,)))


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
    with pytest.raises(CompasGraphError):
        check(bundle, Request((write(bundle, 'id:b a cg:Place ; rdfs:label "B" ; cg:size 3 .'),)))


def test_what_a_check_depends_on_is_watched(bundle: Bundle) -> None:
    """The files given, those of a folder, the shapes, the ontology and the graph."""
    folder = bundle.queries / "more"
    folder.mkdir()
    (folder / "one.ttl").write_text("")
    names = {path.name for path in watched(bundle, Request((folder, bundle.queries / "gone.ttl")))}
    assert names == {"one.ttl", "gone.ttl", "a.ttl", "compas.ttl", "shapes.ttl"}
