"""Every word of SHACL is applied, harmless or refused by name, wherever it stands; and so is every misspelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import NamedNode, RdfFormat

from compas_graph.errors import UnappliedShapesError
from compas_graph.shacl.index import TYPE, Index, Term, rdf
from compas_graph.shacl.model import Shapes
from compas_graph.shacl.paths import sh
from compas_graph.shacl.shapes import read_shapes
from compas_graph.shacl.vocabulary import (
    APPLIED,
    BY_PYSHACL,
    CLASSES,
    DASH,
    HARMLESS,
    OF_DASH,
    SHACL,
    UNAPPLIED,
    WITHIN,
    makes_a_shape,
)
from tests import ROOT
from tests.unit.shacl.random_shapes import index

S = "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:class ex:C . "
PLACES = {
    "shape": f"{S} ex:S WORD .",
    "SPARQL constraint": f'{S} ex:S sh:sparql [ sh:select "SELECT $this {{}}" ; WORD ] .',
    "path": f"{S} ex:S sh:property [ sh:path [ sh:inversePath ex:p ; WORD ] ; sh:minCount 1 ] .",
    "component": f"{S} ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:it ] ; WORD .",
    "parameter": f"{S} ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:it ; WORD ] .",
    "validator": f"""{S} ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:it ] ;
        sh:validator [ sh:ask "ASK {{}}" ; WORD ] .""",
    "target": f'{S} ex:S sh:target [ sh:select "SELECT ?this {{}}" ; WORD ] .',
    "target type": f'{S} ex:C a sh:SPARQLTargetType ; sh:select "SELECT ?this {{}}" ; WORD .',
    "rule": f"{S} ex:S sh:rule [ a sh:TripleRule ; sh:subject sh:this ; WORD ] .",
    "node expression": f"{S} ex:S sh:expression [ sh:path ex:p ; WORD ] .",
    "function": f'{S} ex:f a sh:SPARQLFunction ; sh:select "SELECT ?x {{}}" ; WORD .',
}
"""A shapes graph for each part that a word may stand on."""
TABLES = (APPLIED, BY_PYSHACL)
KNOWN = {word for table in (*TABLES, UNAPPLIED) for words in table.values() for word in words} | HARMLESS.keys()


def read(part: str, word: str, value: str = "ex:v") -> Shapes:
    """Return the shapes of a graph in which a word stands on a part."""
    return read_shapes(index(PLACES[part].replace("WORD", f"sh:{word} {value}")))


def refused(part: str, word: str) -> list[str]:
    """Return what is said against a word on a part, and nothing else is."""
    with pytest.raises(UnappliedShapesError) as caught:
        read(part, word)
    assert {(one.predicate, one.value) for one in caught.value.said} == {(sh(word), NamedNode("http://example.org/v"))}
    return [one.why for one in caught.value.said]


@pytest.mark.parametrize("part", PLACES)
@pytest.mark.parametrize("source", UNAPPLIED)
def test_what_nothing_here_applies_is_refused_by_name_wherever_it_stands(source: str, part: str) -> None:
    """With what it is of."""
    assert UNAPPLIED[source]
    for word in UNAPPLIED[source]:
        assert all(
            said.startswith(f"sh:{word} is of {source}, and nothing here applies it") for said in refused(part, word)
        )


def test_a_word_that_stands_on_what_is_no_shape_is_refused_where_it_needs_none() -> None:
    """Such as sh:entailment, of which the Recommendation demands it; words within others say nothing there."""
    for word in {word for words in UNAPPLIED.values() for word in words} - WITHIN:
        with pytest.raises(UnappliedShapesError, match=f"^.*: sh:{word} is of .*, and nothing here applies it"):
            read_shapes(index(f"{S} ex:other sh:{word} <http://www.w3.org/ns/entailment/RDFS> ."))
    assert {"jsFunctionName", "minus"} < WITHIN
    for word in WITHIN:
        assert read_shapes(index(f"{S} ex:other sh:{word} ex:v .")).have_targets


def test_no_word_is_both_applied_and_refused() -> None:
    """One that an engine learns is to be taken out."""
    applied = {word for table in TABLES for words in table.values() for word in words}
    assert applied.isdisjoint({word for words in UNAPPLIED.values() for word in words})


@pytest.mark.parametrize("part", PLACES)
def test_a_word_that_is_not_of_shacl_is_refused_wherever_it_stands(part: str) -> None:
    """Be it like a known one or not."""
    for word in ("wrongWord", "mincount", "Property", "reifierShapes"):
        (said,) = refused(part, word)
        assert said.startswith(f"sh:{word} is not of SHACL")


def misspelt(word: str) -> Iterator[str]:
    """Yield some slips of the keyboard: other capitals, two letters the wrong way round, one too few or too many."""
    middle = len(word) // 2
    yield word[0].upper() + word[1:]
    yield word.lower()
    yield word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :] if len(word) > middle + 1 else word
    yield word[:-1]
    yield word + "s"


@pytest.mark.parametrize("word", [*APPLIED["shape"], *BY_PYSHACL["shape"]])
def test_a_slip_in_a_word_of_shapes_is_refused_with_what_was_meant(word: str) -> None:
    """On a shape, and on what would be one if it were not misspelt."""
    slips = {one for one in misspelt(word) if one not in KNOWN}
    assert slips
    for slip in slips:
        said = refused("shape", slip)
        assert said and (len(word) < 4 or re.search(r"did you mean sh:\w+\?$", said[0]))
        if len(word) > 4 and word in makes_a_shape():
            with pytest.raises(UnappliedShapesError, match=rf"{slip} is not of SHACL; did you mean sh:\w+\?"):
                read_shapes(index(f"{S} ex:Other a ex:Thing ; sh:{slip} ex:v ."))


@pytest.mark.parametrize("part", PLACES)
def test_a_word_of_another_part_is_refused_or_harmless(part: str) -> None:
    """As sh:select is on a shape, which forgets the sh:sparql around it."""
    here = {word for table in TABLES for word in table.get(part, ())}
    strays = KNOWN - here - HARMLESS.keys() - {word for words in UNAPPLIED.values() for word in words}
    strays -= set(makes_a_shape()) | {"path"}  # these make something else of it, or are read as malformed
    if part in ("SPARQL constraint", "component"):
        strays -= {"select", "ask"}
    assert strays
    for word in strays - {"inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"}:
        assert all(f"sh:{word} says nothing of a " in said for said in refused(part, word))


@pytest.mark.parametrize("part", PLACES)
def test_a_harmless_word_is_passed_over_wherever_it_stands(part: str) -> None:
    """It leaves nothing to pyshacl that was not left to it before."""
    plain = read(part, "name").unsupported
    words = HARMLESS.keys() - {"message", "severity", "prefixes", "declare"}  # whose values are read
    assert words
    for word in words:
        assert read(part, word, "()" if word == "ignoredProperties" else "1").unsupported == plain


@pytest.mark.parametrize("word", sorted({word for words in UNAPPLIED.values() for word in words} | {"wrongWord"}))
def test_a_shape_that_is_deactivated_is_not_refused(word: str) -> None:
    """Nor one to which only such a shape leads."""
    inner = f"sh:{word} ex:v ; sh:property [ sh:path ex:p ; sh:{word} ex:v ]"
    off = f"{S} ex:Off sh:deactivated true ; sh:targetClass ex:T ; sh:node ex:Inner ; {inner} . ex:Inner {inner} ."
    assert not read_shapes(index(off)).unsupported
    with pytest.raises(UnappliedShapesError, match=f"sh:{word} "):
        read_shapes(index(off + " ex:S sh:not ex:Inner ."))
    for part in ("SPARQL constraint", "rule"):
        text = PLACES[part].replace("WORD", f"sh:{word} ex:v ; sh:deactivated true")
        assert word not in WITHIN | {"wrongWord"} or read_shapes(index(text)).have_targets


def asset(name: str) -> Index:
    """Return a vocabulary that comes with pyshacl."""
    from pyoxigraph import parse

    return Index(parse((Path(pyshacl.__file__).parent / "assets" / name).read_bytes(), RdfFormat.TURTLE))


def in_space(nodes: Iterator[Term], space: str) -> set[str]:
    """Return the names of some terms of a namespace."""
    return {
        one.value.removeprefix(space) for one in nodes if isinstance(one, NamedNode) and one.value.startswith(space)
    }


def test_the_tables_have_every_word_of_the_vocabulary() -> None:
    """That of the Recommendation, its Advanced Features and its JavaScript extension."""
    vocabulary = asset("shacl.ttl")
    words = in_space(iter(vocabulary.backward(TYPE)[rdf("Property")]), SHACL)
    assert len(words) > 100 and words <= KNOWN
    classes = in_space((one for one in vocabulary.table(TYPE) if vocabulary.values(one, NAMED)), SHACL)
    assert classes - {"this"} - KNOWN - SINGLE <= {*CLASSES} | {one for one in classes if one.endswith("Component")}


NAMED = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
SINGLE = {"SPARQLUpdateExecutable"}
"""Classes that no word here goes with."""


def test_the_constraints_of_dash_are_those_that_it_defines() -> None:
    """But for the one whose parameter is SHACL's own sh:parameter."""
    vocabulary = asset("dash.ttl")
    components = vocabulary.backward(TYPE)[sh("ConstraintComponent")]
    parameters = [one for component in components for one in vocabulary.values(component, sh("parameter"))]
    found = in_space((path for one in parameters for path in vocabulary.values(one, sh("path"))), DASH)
    assert found == set(OF_DASH)


@pytest.mark.parametrize("word", OF_DASH)
def test_a_constraint_of_dash_is_refused_unless_it_is_defined(word: str) -> None:
    """With what would be right; what is no constraint there is passed over."""
    dash = f"{S} ex:S <{DASH}{word}> 1 ; <{DASH}editor> <{DASH}TextFieldEditor> ."
    with pytest.raises(UnappliedShapesError, match=f"dash:{word} is of DASH; give the file"):
        read_shapes(index(dash))
    definition = f"""ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path <{DASH}{word}> ] ;
        sh:validator [ sh:ask "ASK {{}}" ] ."""
    assert len(read_shapes(index(dash + definition)).targeted()[0].constraints) == 2


@pytest.mark.parametrize("word", UNAPPLIED["SHACL 1.2"])
def test_a_word_that_the_shapes_define_themselves_is_applied(word: str) -> None:
    """As a parameter of a component."""
    definition = f"""ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path sh:{word} ] ;
        sh:validator [ sh:ask "ASK {{}}" ] ."""
    (shape,) = read_shapes(index(f"{S} ex:S sh:{word} true . {definition}")).targeted()
    assert [one.component.iri.value for one in shape.constraints][1:] == ["http://example.org/C"]


@pytest.mark.parametrize("kind", ["ShapeClass", "Nodeshape", "PropertyShapes", "Unknown"])
def test_a_class_that_is_not_applied_is_refused(kind: str) -> None:
    """It may be all that would make a shape of a thing."""
    with pytest.raises(UnappliedShapesError, match=f"{kind} is "):
        read_shapes(index(f"{S} ex:Other a sh:{kind} ."))


@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_that_is_known_is_not_refused(kind: str) -> None:
    """Nor one that the shapes say to be below one."""
    path = "; sh:path ex:p" if kind == "PropertyShape" else ""
    assert read_shapes(index(f"{S} ex:Other a sh:{kind} {path} .")).have_targets
    assert read_shapes(index(f"{S} sh:Own rdfs:subClassOf sh:{kind} . ex:Other a sh:Own {path} .")).have_targets


@pytest.mark.parametrize(
    "space", ["https://www.w3.org/ns/shacl#", "http://www.w3.org/ns/shacl/", "http://w3.org/ns/SHACL#"]
)
def test_a_namespace_that_is_nearly_that_of_shacl_is_refused(space: str) -> None:
    """Of words and of types; one by the same people is another thing."""
    for thing in (f"<{space}targetClass> ex:T", f"a <{space}NodeShape>"):
        with pytest.raises(UnappliedShapesError, match=f"whose namespace is <{SHACL}>"):
            read_shapes(index(f"{S} ex:Other {thing} ."))
    assert read_shapes(index(f"{S} ex:Other <http://www.w3.org/ns/shacl-test#dataGraph> ex:T .")).have_targets


def test_the_documentation_says_of_every_word_what_becomes_of_it() -> None:
    """As the tables have it, and no more."""
    text = (ROOT / "docs" / "checking.md").read_text("utf-8")
    section = text.split("\n## Words of SHACL\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")] for row in section.splitlines() if row.startswith("| ")
    ]
    said = {row[0]: set(re.findall(r"`sh:(\w+)`", row[1])) for row in rows}
    shape = {*APPLIED["shape"]}
    expected = {
        **{f"applied on a {part}": set(words) for part, words in APPLIED.items() if part != "parameter"},
        "applied on a parameter": set(APPLIED["parameter"]) - shape | {"path"},
        **{f"by pyshacl on a {part}": set(words) for part, words in BY_PYSHACL.items()},
        **{
            f"harmless: {reason}": {word for word, why in HARMLESS.items() if why == reason}
            for reason in HARMLESS.values()
        },
        **{f"refused: {source}": set(words) for source, words in UNAPPLIED.items()},
    }
    dash = next(row for row in rows if row[0] == "refused: DASH")
    assert set(re.findall(r"`dash:(\w+)`", dash[1])) == set(OF_DASH)
    assert {name: words for name, words in said.items() if words} == expected
