"""What is handed over to pyshacl it really applies: each word makes a difference, and every query can be run."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from compas_graph.errors import DataError
from compas_graph.shacl import reference
from compas_graph.shacl.components import COMPONENTS
from compas_graph.shacl.model import Constraint
from compas_graph.shacl.shapes import read_shapes
from compas_graph.shacl.vocabulary import BY_PYSHACL
from tests.unit.shacl.random_shapes import index, keys

DATA = "ex:a a ex:T ; ex:p ex:b , true ; ex:q ex:c . ex:b ex:p ex:c ."
PREFIXES = 'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] . '
FUNCTION = """ex:f a sh:SPARQLFunction ; sh:parameter [ sh:path ex:x ] ; sh:prefixes ex: ;
  sh:select "SELECT (?x = ex:a AS ?y) {}" . """
S = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; "
APPLIED = {
    "target: select prefixes": """ex:S sh:class ex:C ;
        sh:target [ sh:prefixes ex: ; sh:select "SELECT ?this { ?this ex:q ?x }" ] .""",
    "target type: parameter select prefixes": """ex:By a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ;
        sh:parameter [ sh:path ex:by ] ; sh:prefixes ex: ; sh:select "SELECT ?this { ?this ex:q ?x }" .
        ex:S sh:class ex:C ; sh:target [ a ex:By ; ex:by ex:q ] .""",
    "rule: subject predicate object": f"""{S} sh:property [ sh:path ex:new ; sh:maxCount 0 ] ;
        sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:new ; sh:object [ sh:path ex:q ] ] .""",
    "rule: construct prefixes": f"""{S} sh:property [ sh:path ex:new ; sh:maxCount 0 ] ;
        sh:rule [ a sh:SPARQLRule ; sh:prefixes ex: ; sh:construct "CONSTRUCT {{ $this ex:new 1 }} WHERE {{}}" ] .""",
    "rule: condition": f"""{S} sh:property [ sh:path ex:new ; sh:minCount 1 ] ; sh:rule [ a sh:TripleRule ;
        sh:subject sh:this ; sh:predicate ex:new ; sh:object 1 ; sh:condition [ sh:class ex:Other ] ] .""",
    "rule: deactivated": f"""{S} sh:property [ sh:path ex:new ; sh:minCount 1 ] ; sh:rule [ a sh:TripleRule ;
        sh:subject sh:this ; sh:predicate ex:new ; sh:object 1 ; sh:deactivated true ] .""",
    "rule: order": f"""{S} sh:property [ sh:path ex:last ; sh:maxCount 0 ] ;
        sh:rule [ a sh:TripleRule ; sh:order 2 ; sh:subject sh:this ; sh:predicate ex:last ;
          sh:object [ sh:path ex:new ] ] ,
          [ a sh:TripleRule ; sh:order 1 ; sh:subject sh:this ; sh:predicate ex:new ; sh:object 1 ] .""",
    "node expression: path message": f'{S} sh:expression [ sh:path ex:q ; sh:message "no" ] .',
    "node expression: union": f"{S} sh:expression [ sh:union ( true false ) ] .",
    "node expression: intersection": f"{S} sh:expression [ sh:intersection ( true false ) ] .",
    "function: parameter select prefixes": f"{FUNCTION} ex:S sh:targetNode ex:b ; sh:expression [ ex:f ( sh:this ) ] .",
    "function: ask": f"""ex:f a sh:SPARQLFunction ; sh:parameter [ sh:path ex:x ] ;
        sh:ask "ASK {{ FILTER(1 = 2) }}" . {S} sh:expression [ ex:f ( 1 ) ] .""",
}
"""By what they are about, shapes of which pyshacl finds one fault in the data if it applies them, and else none."""


@pytest.mark.parametrize("name", APPLIED)
def test_pyshacl_applies_what_is_handed_over_to_it(name: str) -> None:
    """Though the shapes have no kind but by their target or path."""
    shapes = read_shapes(index(PREFIXES + APPLIED[name]))
    assert shapes.unsupported and shapes.have_targets
    assert len(keys(reference.validate, index(DATA), shapes)) == 1


def test_every_word_that_is_handed_over_is_in_one_of_these_cases() -> None:
    """On the part on which it is handed over."""
    named = [(part, word) for name in APPLIED for part, words in [name.split(": ")] for word in words.split()]
    expected = {(part, word) for part, words in BY_PYSHACL.items() if part != "shape" for word in words}
    assert set(named) == expected
    for word in BY_PYSHACL["shape"]:
        assert any(f"sh:{word} [" in shapes for shapes in APPLIED.values())


QUERIES = {
    "a constraint": """ex:S sh:targetNode ex:NODE ;
        sh:sparql [ sh:select 'SELECT $this { $this ?p ?o FILTER(WRONG) }' ] .""",
    "a validator": """ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:it ] ;
        sh:validator [ sh:ask 'ASK { FILTER(WRONG) }' ] . ex:S sh:targetNode ex:NODE ; ex:it 1 .""",
    "a target": "ex:S sh:class ex:C ; sh:target [ sh:select 'SELECT ?this { ?this ?p ?o FILTER(WRONG) }' ] .",
    "a type of targets": """ex:By a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ;
        sh:select 'SELECT ?this { ?this ?p ?o FILTER(WRONG) }' . ex:S sh:class ex:C ; sh:target [ a ex:By ] .""",
    "a rule": """ex:S sh:targetNode ex:NODE ; sh:class ex:C ;
        sh:rule [ a sh:SPARQLRule ; sh:construct 'CONSTRUCT { $this ?p 1 } WHERE { $this ?p ?o FILTER(WRONG) }' ] .""",
    "a function of an expression": """ex:S sh:targetNode ex:NODE ; sh:expression [ ex:g () ] .
        ex:g a sh:SPARQLFunction ; sh:ask 'ASK { FILTER(WRONG) }' .""",
    "a function of a query": """ex:S sh:targetNode ex:NODE ;
        sh:sparql [ sh:select 'SELECT $this { $this ?p ?o FILTER(<http://example.org/g>()) }' ] .
        ex:g a sh:SPARQLFunction ; sh:ask 'ASK { FILTER(WRONG) }' .""",
}
WRONG = {
    "<http://example.org/none>(1)": "the query calls <http://example.org/none>, which is no function that the shapes",
    "none:such(1)": "the query cannot be run: Unknown namespace prefix : none",
    "((1": "the query cannot be run",
}


@pytest.mark.parametrize(("place", "wrong", "node"), list(product(QUERIES, WRONG, ("a", "nowhere"))))
def test_a_query_that_pyshacl_would_not_run_is_refused(place: str, wrong: str, node: str) -> None:
    """With the shape that uses it, and whether there are nodes to ask it of or not."""
    shapes = read_shapes(index(QUERIES[place].replace("WRONG", wrong).replace("NODE", node)))
    with pytest.raises(DataError, match=f"^shape <http://example.org/S>: {re.escape(WRONG[wrong])}"):
        reference.validate(index(DATA), shapes)


@pytest.mark.parametrize("text", ["SERVICE <http://localhost:1/> { ?this ?p ?o }", "GRAPH ?g { ?this ?p ?o }"])
def test_a_query_that_leaves_the_data_is_refused(text: str) -> None:
    """The like of a constraint is refused when it is read, whatever the engine."""
    shapes = read_shapes(index(f"ex:S sh:class ex:C ; sh:target [ sh:select 'SELECT ?this {{ {text} }}' ] ."))
    with pytest.raises(DataError, match=f"the query uses {text.split()[0]}, which is not followed"):
        reference.validate(index(DATA), shapes)
    with pytest.raises(DataError, match=f"the query uses {text.split()[0]}"):
        read_shapes(index(f"ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'SELECT ?this {{ {text} }}' ] ."))


def test_a_constraint_that_pyshacl_does_not_know_is_refused() -> None:
    """One of ours alone is checked by our engine, unless something else has pyshacl take over."""
    shapes = read_shapes(index("ex:S sh:targetNode ex:a ; sh:class ex:C ."))
    (shape,) = shapes.targeted()
    shape.constraints.append(Constraint(replace(COMPONENTS["class"], name="singleLine"), ()))
    with pytest.raises(DataError, match=r"shape <http://example\.org/S>: pyshacl, .*, does not know sh:singleLine"):
        reference.validate(index(DATA), shapes)


def test_what_is_not_used_is_not_looked_at() -> None:
    """Neither a component without a constraint, nor what is deactivated: a constraint, a rule, a shape."""
    unused = QUERIES["a validator"].replace("ex:it 1", "sh:class ex:C")
    shape = QUERIES["a rule"].replace("ex:S ", "ex:Off sh:deactivated true . ex:Off ")
    rest = """ex:Off sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:new ; sh:object 1 ] .
        ex:S sh:property [ sh:path ex:new ; sh:maxCount 0 ] ; sh:sparql [ sh:deactivated true ; sh:select "WRONG" ] ;
        sh:rule [ a sh:SPARQLRule ; sh:deactivated true ; sh:construct "WRONG" ] ."""
    given = f"{unused} {shape} {rest}".replace("NODE", "a").replace("WRONG", "((1")
    assert len(keys(reference.validate, index(DATA), read_shapes(index(given)))) == 1
