"""What shapes say and nothing applies is refused all at once; what says nothing without another word is told."""

from __future__ import annotations

import pytest

from compas_graph.errors import UnappliedShapesError
from compas_graph.shacl import engine
from compas_graph.shacl.shapes import read_shapes
from tests.unit.shacl.random_shapes import index

S = "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:class ex:C . "


def test_all_that_is_refused_is_told_at_once() -> None:
    """Each thing once, with the names of those that say it: three and a count."""
    several = "".join(f"ex:S{n} sh:targetClass ex:T ; sh:js [] ." for n in range(5))
    with pytest.raises(UnappliedShapesError) as caught:
        read_shapes(index(f"{several} ex:S1 sh:mincount 1 ; sh:rule [ a sh:TripleRule ; sh:jsFunctionName 'f' ] ."))
    told = str(caught.value)
    assert (len(caught.value.said), len(caught.value.lines)) == (7, 3)
    three = ", ".join(f"shape <http://example.org/S{n}>" for n in range(3))
    assert f"{three} and 2 more: sh:js is of SHACL-JS, and nothing here applies it" in told
    assert "sh:jsFunctionName is of SHACL-JS" in told and "did you mean sh:minCount?" in told


TARGETS = {
    "nothing is said of it": "ex:nowhere",
    "it has a type that is no type of targets": "[ a ex:Own ]",
    "its type is below another class": "[ a ex:Kind ]",
}


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_that_nothing_selects_is_refused(name: str) -> None:
    """It would have no nodes."""
    kind = 'ex:Kind a sh:SPARQLTargetType ; rdfs:subClassOf ex:Other ; sh:select "SELECT ?this {}" .'
    with pytest.raises(UnappliedShapesError, match=r"sh:target has .*, which has no sh:select"):
        read_shapes(index(f"{S} {kind} ex:S sh:target {TARGETS[name]} ."))
    assert read_shapes(index(f"{S} {kind} ex:Kind rdfs:subClassOf sh:Target . ex:S sh:target [ a ex:Kind ] ."))


@pytest.mark.parametrize(
    "expression",
    ["[ ex:f ( 1 ) ]", "[ sh:union ( ex:a [ ex:f ( ex:b ) ] ) ]", "[ ex:g ( [ ex:f ( ) ] ) ]"],
)
def test_a_node_expression_that_calls_what_nobody_defines_is_refused(expression: str) -> None:
    """However deep it stands."""
    given = f'{S} ex:S sh:expression {expression} . ex:g a sh:SPARQLFunction ; sh:select "SELECT (1 AS ?x) {{}}" .'
    with pytest.raises(UnappliedShapesError, match=r"calls <http://example\.org/f>, which is no function"):
        read_shapes(index(given))
    assert read_shapes(index(f'{given} ex:f a sh:SPARQLFunction ; sh:ask "ASK {{}}" .')).unsupported


WITHOUT_EFFECT = {
    'sh:flags "i"': "sh:flags says nothing without sh:pattern",
    "sh:qualifiedValueShape [ sh:class ex:C ]": (
        "sh:qualifiedValueShape says nothing without sh:qualifiedMinCount or sh:qualifiedMaxCount"
    ),
    "ex:one 1": "<http://example.org/one> says nothing without <http://example.org/two>",
}
COMPONENT = """ex:C a sh:ConstraintComponent ; sh:validator [ sh:ask "ASK {}" ] ;
  sh:parameter [ sh:path ex:one ] , [ sh:path ex:two ] , [ sh:path ex:three ; sh:optional true ] . """


@pytest.mark.parametrize("said", WITHOUT_EFFECT)
def test_a_word_that_says_nothing_without_another_is_told(said: str) -> None:
    """And is no constraint, as the Recommendation has it."""
    shapes = read_shapes(index(f"{COMPONENT} ex:S sh:targetClass ex:T ; sh:path ex:p ; sh:class ex:C ; {said} ."))
    assert [one.why for one in shapes.without_effect] == [WITHOUT_EFFECT[said]]
    assert len(engine.validate(index("ex:a a ex:T ; ex:p 1 ."), shapes)) == 1


@pytest.mark.parametrize(
    "said",
    [
        'sh:pattern "a" ; sh:flags "i"',
        "sh:qualifiedValueShape [ sh:class ex:C ] ; sh:qualifiedMaxCount 1",
        "sh:ignoredProperties ( ex:p )",
        "ex:one 1 ; ex:two 2",
        "ex:three 1",
    ],
)
def test_what_is_whole_or_optional_is_not_told(said: str) -> None:
    """Nor is sh:ignoredProperties, which many write everywhere."""
    shapes = read_shapes(index(f"{COMPONENT} ex:S sh:targetClass ex:T ; sh:path ex:p ; sh:class ex:C ; {said} ."))
    assert shapes.targeted() and not shapes.without_effect
