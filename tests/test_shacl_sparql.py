"""Constraints in SPARQL find for all focus nodes at once what they find for each, and what pyshacl finds."""

from __future__ import annotations

import json
import random
import warnings
from collections.abc import Sequence

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.shacl import engine, reference
from compas_graph.shacl.binding import fill, joined
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.results import Result, messages
from compas_graph.shacl.shapes import read_shapes
from compas_graph.shacl.sparql import Data

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
HEAD = f"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <{EX}> . @prefix xsd: <{XSD}> .\n"
PREFIXES = f'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}"^^xsd:anyURI ] .\n'
DATA = """
ex:a a ex:T ; ex:p ex:b , 1.50 , "007"^^xsd:long , "it's {?x} \\"}\\n"@en ; ex:q 2.5 , ex:c ; ex:next ex:b .
ex:b a ex:T ; ex:q 1.50 ; ex:next ex:c .
ex:c ex:q 3 .
ex:d a ex:T ; ex:p 1 , 2 , 3 .
_:x a ex:T ; ex:p _:y , "x" ; ex:q _:x ; ex:next _:x .
"""


def index(turtle: str) -> Index:
    """Return the graph of some Turtle, the prefixes for queries declared."""
    return Index(parse(HEAD + turtle, RdfFormat.TURTLE))


def shape(query: str, rest: str = "sh:targetClass ex:T") -> str:
    """Return a shape with a constraint in SPARQL."""
    return f"{PREFIXES} ex:S {rest} ; sh:sparql [ sh:prefixes ex: ; sh:select {json.dumps(query)} ] ."


def found(shapes: str, data: str = DATA) -> list[Result]:
    """Return what our engine finds, after seeing that pyshacl finds the same."""
    graph, read = index(data), read_shapes(index(shapes))
    results = engine.validate(graph, read)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyshacl's, of components that stand in no list of its own
        assert {one.key() for one in results} == {one.key() for one in reference.validate(graph, read)}
    return results


OF_T, OF_OBJECTS = "sh:targetClass ex:T", "sh:targetObjectsOf ex:p"
QUERIES = [
    ("SELECT $this ?value { $this ex:p ?value }", OF_T),
    ("SELECT $this ?value { $this $PATH ?value FILTER(isLiteral(?value)) }", "sh:targetClass ex:T ; sh:path ex:p"),
    (
        "SELECT $this ?value { $this $PATH ?value }",
        "sh:targetClass ex:T ; sh:path ( ex:next [ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ] )",
    ),
    ("SELECT $this ($this AS ?value) { FILTER EXISTS { $this ex:q ?x } }", OF_T),
    ("SELECT $this { FILTER NOT EXISTS { $this ex:q ?x } }", OF_T),
    ("SELECT $this ?value { OPTIONAL { $this ex:q ?value } }", OF_T),
    ("SELECT $this ?value { { $this ex:q ?value } UNION { $this ex:p ?value } }", OF_T),
    ("SELECT $this ?value { { ?x ex:next ?value } UNION { BIND(ex:b AS ?value) } }", OF_T),
    (
        "SELECT $this ?n { { SELECT $this (COUNT(?v) AS ?n) { $this ex:p ?v } GROUP BY $this } FILTER(?n > 2) }",
        OF_T,
    ),
    ("SELECT $this (COUNT(?v) AS ?value) { $this ex:p ?v } GROUP BY $this HAVING (COUNT(?v) > 1)", OF_T),
    ("SELECT $this ?value { $this ex:next ?value } ORDER BY $this LIMIT 1", OF_T),
    ("SELECT DISTINCT $this ?value { $this ex:p|ex:q ?value } ORDER BY $this ?value", OF_T),
    ('SELECT $this ?value { $this ex:p ?value . # $this {\n FILTER("$this {" != "bound($this)") }', OF_T),
    ("SELECT $this { FILTER(bound($this) && isBlank($this)) }", OF_T),
    ("SELECT $this ?value { BIND($this AS ?value) }", OF_T),
    ("SELECT $this ?path ?value { $this ?path ?value . FILTER(?path = ex:next) }", OF_T),
    ("SELECT $this ?value { ?x ex:next $this . OPTIONAL { $this ex:q ?value FILTER(?x != $this) } }", OF_T),
    ("SELECT * { $this ex:q ?value }", OF_T),
    ("SELECT $this ?value { $this ex:p ?value FILTER(?value = 1.5) }", OF_T),
    ("SELECT $this { FILTER(isLiteral($this)) }", OF_OBJECTS),
    ("SELECT $this { $this a ex:T }", OF_OBJECTS),
    ("SELECT $this ?value { ?value ex:p $this }", OF_OBJECTS),
    ("SELECT $this ?value { ?value ex:p $this }", 'sh:targetNode "007"^^xsd:long , "no one"'),
    ("SELECT $this ?value { $this ex:p ?value FILTER($currentShape != ex:S) }", OF_T),
    ("SELECT $this ?value { $this ex:p ?value BIND('}' AS ?x) FILTER(?x = \"}\") }", OF_T),
    ("SELECT $this ?value { $this ex:p ?value FILTER(?value != '''a'b\"{''') }", OF_T),
    ('SELECT $this ?value { $this ex:p ?v BIND(IF($this = ex:a, ?v, "else") AS ?value) }', OF_T),
    ("select $this ?value where { $this ex:p ?value filter exists { { $this ex:q ?z } union { ?z ex:q $this } } }",
     OF_T),
    ("SELECT $this ?value { $this ex:p ?value FILTER(NOT EXISTS { FILTER($this = ex:a) }) }", OF_T),
    ("SELECT $this ?value { ?value ex:q ?x { FILTER($this = ex:a) } }", OF_T),
    (
        "SELECT $this ?value { ?value ex:q ?x OPTIONAL { ?value ex:next ?y FILTER($this = ex:a) } FILTER(!bound(?y)) }",
        OF_T,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("query", "rest"), QUERIES)
def test_a_query_finds_what_it_finds_in_pyshacl(query: str, rest: str) -> None:
    """Which asks for one focus node after the other."""
    found(shape(query, rest))


def test_nearly_every_query_of_the_listing_finds_something() -> None:
    """So that there is something to compare; the two exceptions are what a query must not find."""
    data = index(DATA)
    empty = [query for query, rest in QUERIES if not engine.validate(data, read_shapes(index(shape(query, rest))))]
    assert len(empty) <= 2, empty


def a_pattern(pick: random.Random, depth: int = 0) -> str:
    """Return a group graph pattern at random, without its braces."""
    some = [
        "$this ex:p ?value .", "?value ex:q ?x .", "$this ex:next ?x .", "?x ex:next+ $this .", "BIND($this AS ?y)",
        "FILTER($this != ex:a)", "FILTER(bound($this))", "FILTER(isIRI($this) || bound(?x))",
        "$this (ex:p|^ex:next) ?x .",
        "FILTER(isBlank($this))", "BIND(COALESCE(?z, $this) AS ?w)",
    ]  # fmt: skip
    if depth < 2:
        inner = a_pattern(pick, depth + 1)
        some += [
            f"OPTIONAL {{ {inner} }}", f"{{ {inner} }}", f"{{ {inner} }} UNION {{ {a_pattern(pick, depth + 1)} }}",
            f"FILTER EXISTS {{ {inner} }}", f"FILTER NOT EXISTS {{ {inner} }}",
            f"{{ SELECT $this ?x {{ {inner} }} }}",
            f"{{ SELECT $this (COUNT(?x) AS ?n) {{ {inner} }} GROUP BY $this }}",
        ]  # fmt: skip
    chosen = pick.sample(some, pick.randint(1, 3))
    names = [word for one in chosen for word in ("?y", "?w", "?n") if f"AS {word}" in one]
    return " ".join(chosen) if len(names) == len(set(names)) and "AS" not in " ".join(chosen[1:]) else chosen[0]


def answers(data: Index, text: str, focus: Sequence[Term]) -> set[tuple[str, str]]:
    """Return the focus nodes and values that a query gives for some focus nodes."""
    shapes = read_shapes(index(shape(text)))
    rule = shapes.by_node[NamedNode(EX + "S")]
    (query,) = rule.constraints[0].arguments
    rows = Data(data, shapes.graph).violations(query, rule, focus, lambda node: ())
    return {(str(row.focus), str(row.value)) for row in rows}


@pytest.mark.parametrize("seeds", [range(100), range(100, 200), range(200, 300)], ids=lambda one: str(one.start))
def test_a_random_query_finds_for_many_focus_nodes_at_once_what_it_finds_for_each(seeds: range) -> None:
    """Joined in together or one by one, and where the node is written into the text."""
    data = index(DATA)
    nodes = sorted({one.subject for one in data}, key=str)
    for seed in seeds:
        text = f"SELECT DISTINCT $this ?value {{ {a_pattern(random.Random(seed))} }}"
        together = answers(data, text, nodes)
        assert together == {row for node in nodes for row in answers(data, text, [node])}, f"{seed}: {text}"
        for node in nodes:
            if isinstance(node, NamedNode):
                alone = answers(data, fill(text, {"this": str(node)}), [node])
                assert {row for row in together if row[0] == str(node)} == alone, f"{seed}: {text}"


def test_most_random_queries_are_asked_for_all_nodes_at_once() -> None:
    """The others have a SELECT within or count."""
    texts = [f"SELECT $this ?value {{ {a_pattern(random.Random(seed))} }}" for seed in range(500)]
    assert sum(joined(text, ["this"], several=True) is not None for text in texts) > 250


def test_values_stand_in_results_as_the_data_write_them() -> None:
    """Though the store keeps 1.50 as 1.5 and a long as an integer."""
    values = {one.value for one in found(shape("SELECT $this ?value { $this ex:p ?value }", "sh:targetNode ex:a"))}
    assert {
        Literal("1.50", datatype=NamedNode(XSD + "decimal")),
        Literal("007", datatype=NamedNode(XSD + "long")),
    } < values


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("SELECT $this ?value { $this ex:p ?value }", "ex:a ex:p 1.50 , 1.5 ."),
        ("SELECT $this ?value { $this ex:p ?value FILTER(STR(?value) = '1.50') }", "ex:a ex:p 1.50 ."),
        ("SELECT $this ?value { $this ex:p ?value FILTER(DATATYPE(?value) = xsd:long) }", 'ex:a ex:p "1"^^xsd:long .'),
    ],
)
def test_what_the_store_cannot_tell_apart_is_left_to_pyshacl(query: str, data: str) -> None:
    """Rather than answered wrongly."""
    shapes = read_shapes(index(shape(f"PREFIX xsd: <{XSD}> {query}", "sh:targetNode ex:a")))
    with pytest.raises(UnsupportedShapesError, match="spel"):
        engine.validate(index(data), shapes)
    assert reference.validate(index(data), shapes)


def test_prefixes_come_through_imports() -> None:
    """From the ontology that the constraint names, and from those that it imports, in a circle even."""
    shapes = f"""{PREFIXES} ex:one <http://www.w3.org/2002/07/owl#imports> ex:two . ex:two
    <http://www.w3.org/2002/07/owl#imports> ex: , ex:one . ex:S sh:targetNode ex:a ;
    sh:sparql [ sh:prefixes ex:one ; sh:select "SELECT $this {{ $this a ex:T }}" ] ."""
    assert len(engine.validate(index(DATA), read_shapes(index(shapes)))) == 1


def test_a_constraint_that_is_switched_off_finds_nothing() -> None:
    """Its query is not even looked at."""
    text = 'ex:S sh:targetNode ex:a ; sh:sparql [ sh:deactivated true ; sh:select "no query" ] .'
    assert engine.validate(index(DATA), read_shapes(index(text))) == []


def test_a_message_shows_what_was_bound() -> None:
    """With either sign; what is not bound stays as it is written."""
    text = shape("SELECT $this ?value ?x { $this ex:q ?value ; ex:next ?x }", "sh:targetNode ex:b")
    text = text.replace("sh:select", 'sh:message "{$this}: {?value} {$x} {?y}"@en ; sh:select')
    (result,) = engine.validate(index(DATA), read_shapes(index(text)))
    assert messages(result) == (Literal(f"{EX}b: 1.50 {EX}c {{?y}}", language="en"),)


COMPONENT = f"""{PREFIXES} ex:C a sh:ConstraintComponent ;
    sh:parameter [ sh:path ex:first ] , [ sh:path ex:second ; sh:optional true ] ; sh:message "not {{$first}}" ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes ex: ; sh:ask "ASK {{ FILTER($value != $first) }}" ] ;
    sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:prefixes ex: ;
        sh:select '''SELECT $this ?value {{ $this $PATH ?value
            FILTER(?value = $first || (bound($second) && ?value = $second)) }}''' ] .
"""
HOSTILE = ["'", '"', "\\", "\n", "}", "{ $this", "?value", "# no", "\u0001", "'''\"\"\"", "\\u0022", "é\U0001f600"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_parameter_may_be_any_literal(text: str) -> None:
    """It is a term of the query, whatever it is made of."""
    term = str(Literal(text))
    rule = f"{COMPONENT} ex:S sh:targetNode {term} , ex:a ; ex:first {term} ."
    (result,) = engine.validate(index(DATA), read_shapes(index(rule)))
    assert (result.focus, messages(result)) == (Literal(text), (Literal(f"not {text}"),))


@pytest.mark.parametrize(
    ("given", "count"),
    [("ex:first 1", 1), ("ex:first 1 ; ex:second 2", 2), ("ex:second 1", 0), ("ex:first 9", 0)],
)
def test_a_component_applies_with_all_that_it_requires(given: str, count: int) -> None:
    """One that may be left out changes nothing without another."""
    assert len(found(f"{COMPONENT} ex:S a sh:PropertyShape ; sh:targetNode ex:d ; sh:path ex:p ; {given} .")) == count


def test_a_component_of_several_parameters_takes_one_value_of_each() -> None:
    """One of a single parameter takes several, each a constraint."""
    rule = f"{COMPONENT} ex:S sh:targetNode ex:d ; sh:path ex:p ; ex:first 1 , 2 ."
    with pytest.raises(DataError, match=r"shape <.*S>: has several values of \$first of <.*C>; at most one is allowed"):
        read_shapes(index(rule))
    alone = rule.replace(", [ sh:path ex:second ; sh:optional true ]", "")
    assert len(engine.validate(index(DATA), read_shapes(index(alone)))) == 2  # pyshacl looks at one of the values


def test_blank_nodes_are_bound_as_any_others() -> None:
    """As focus node, as value, as parameter and as shape."""
    data = "ex:a ex:p _:x . _:x ex:q _:x ."
    rule = f"{COMPONENT} [] a sh:NodeShape ; sh:targetSubjectsOf ex:q ; ex:first ex:a ; sh:not [ ex:first ex:b ] ."
    assert [type(one.focus) for one in engine.validate(index(data), read_shapes(index(rule)))] == [BlankNode]
    same = shape("SELECT $this { FILTER($currentShape != $this) GRAPH $shapesGraph { $currentShape ?p ?o } }")
    (result, *_) = engine.validate(index("_:x a ex:T ."), read_shapes(index(same.replace("ex:S", "[] sh:order 1 ;"))))
    assert isinstance(result.shape.node, BlankNode)
