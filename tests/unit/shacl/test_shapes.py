"""Shapes that cannot be applied are told in one line; those that only another engine may know are told apart."""

from __future__ import annotations

import pytest

from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.shacl import engine, reference
from compas_graph.shacl.results import Result
from compas_graph.shacl.shapes import read_shapes
from tests.unit.shacl.random_shapes import index, keys, local

N, P = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; ", "ex:S sh:targetNode ex:a ; sh:path ex:p ; "


PATH = "ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:minCount 1 ; sh:path "
ASK = "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path {} ] ; sh:validator [ sh:ask {} ] . "
MALFORMED = {
    PATH + '"x" .': "sh:path has",
    PATH + "() .": "at least two steps",
    PATH + "( ex:p ) .": "at least two",
    PATH + "[] .": "a blank node that is a path",
    PATH + "[ sh:inversePath ex:p , ex:q ] .": "a blank node that is a path",
    PATH + "[ sh:inversePath ex:p ; sh:zeroOrMorePath ex:q ] .": "a blank node that is a path",
    PATH + "[ sh:alternativePath ex:p ] .": "sh:alternativePath needs a list",
    PATH + "ex:p , ex:q .": "has 2 values of sh:path",
    PATH + "_:l . _:l rdf:first ex:p ; rdf:rest _:l .": "a blank node that is a path",
    PATH + "_:l . _:l sh:inversePath _:l .": "leads back to itself",
    PATH + "_:l . _:l sh:alternativePath ( _:l _:l ) .": "leads back to itself",
    PATH + "[ sh:inversePath " * 500 + "ex:p" + " ]" * 500 + " .": "leads back to itself, or",
    "ex:S a sh:PropertyShape ; sh:targetNode ex:a .": "without sh:path",
    N + "sh:and _:l . _:l rdf:first ex:X ; rdf:rest _:l .": "sh:and needs a list",
    N + "sh:in _:l . _:l rdf:first ex:X ; rdf:rest _:l .": "sh:in needs a list",
    N + "sh:in ex:a .": "sh:in needs a list",
    N + "sh:in ( 1 ) , ( 2 ) .": "has 2 values of sh:in",
    N + 'sh:or ( "a" ) .': 'sh:or has "a", which is no shape',
    N + 'sh:property "x" .': 'sh:property has "x"',
    N + "sh:property ex:nowhere .": "no sh:path",
    N + "sh:property [ sh:path ex:p ; sh:minCount 1.5 ] .": r"in \[ sh:path <http://example.org/p> \]: sh:minCount",
    N + "sh:lessThan ex:q .": "needs a property shape",
    N + "sh:nodeKind sh:Iri .": "sh:BlankNodeOrIRI",
    N + "sh:nodeKind sh:IRI , sh:Literal .": "has 2 values of sh:nodeKind",
    N + 'sh:datatype "xsd:string" .': "takes an IRI",
    N + 'sh:class "C" .': "takes an IRI",
    N + "sh:minInclusive ex:a .": "takes a literal",
    N + 'sh:closed "yes" .': "write true or false",
    N + "sh:closed true ; sh:ignoredProperties ex:p .": "sh:ignoredProperties needs a list",
    N + 'sh:class ex:C ; sh:severity "Warn" .': "sh:severity has",
    N + "sh:class ex:C ; sh:message 5 .": "sh:message has 5; it takes text",
    N + "sh:class ex:C ; sh:deactivated true , false .": "has 2 values of sh:deactivated",
    'ex:S sh:targetClass "T" ; sh:class ex:C .': "sh:targetClass has",
    "ex:S sh:targetNode [] ; sh:class ex:C .": "it takes an IRI or a literal",
    P + 'sh:minCount "a" .': 'sh:minCount has "a"; it takes a whole number',
    P + "sh:minCount -1 .": "sh:minCount has -1;",
    P + "sh:minCount 1.0 .": "sh:minCount has 1.0;",
    P + "sh:maxCount 1 , 2 .": "has 2 values of sh:maxCount",
    P + 'sh:pattern "(" .': r"'\(', which is no regular expression",
    P + 'sh:pattern "a" ; sh:flags "zz" .': "sh:flags has 'zz'",
    P + "sh:languageIn ( 1 ) .": "takes a plain string",
    P + 'sh:uniqueLang "yes" .': "write true or false",
    P + "sh:qualifiedMinCount 1 .": "needs one sh:qualifiedValueShape",
    P + "sh:qualifiedMinCount 1 ; sh:qualifiedValueShape 5 .": "sh:qualifiedValueShape has 5",
    N + "sh:node ex:S .": "leads back to itself for <http://example.org/a>",
    N + "sh:not ex:S .": "leads back to itself",
    N + "sh:property ex:X . ex:X sh:path ex:next ; sh:node ex:S .": "leads back to itself",
    N + "sh:property ex:X . ex:X sh:path ex:next ; sh:property ex:X .": "leads back to itself",
    PATH + "ex:next ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape ex:S .": "leads back to itself",
    N + "sh:node ex:X0 . " + "".join(f"ex:X{n} sh:node ex:X{n + 1} ." for n in range(2000)): "more than 50 shapes deep",
    N + 'sh:sparql "x" .': "needs one sh:select",
    N + 'sh:sparql [ sh:select "SELECT $this {}" , "SELECT $this { }" ] .': "there are 2",
    N + 'sh:sparql [ sh:select "ASK {}" ] .': "a SELECT query",
    N + 'sh:sparql [ sh:select "LOAD <http://localhost:1/>" ] .': "a SELECT query",
    N + 'sh:sparql [ sh:select "SELECT ?x { ?x ?p ?o }" ] .': r"does not give \$this",
    N + 'sh:sparql [ sh:select "SELECT $this { { SELECT * { $this ?p ?o } } }" ] .': r"does not give \$this",
    N + 'sh:sparql [ sh:select "SELECT $this { SERVICE <http://localhost:1/> {} }" ] .': "uses SERVICE",
    N + 'sh:sparql [ sh:select "SELECT $this FROM <http://localhost:1/> {}" ] .': "uses FROM",
    N + 'sh:sparql [ sh:select "SELECT $this { GRAPH $this { ?s ?p ?o } }" ] .': "uses GRAPH; the graphs of the data",
    N + 'sh:sparql [ sh:select "SELECT $this { BIND(1 AS $this) }" ] .': r"assigns \$this",
    N
    + 'sh:sparql [ sh:prefixes [ sh:declare [ sh:prefix "e" ] ] ; sh:select "SELECT $this {}" ] .': "one sh:namespace",
    ASK.format("ex:this", '"ASK {}"') + N + "ex:this 1 .": "may not be called 'this'",
    ASK.format('"x"', '"ASK {}"'): "component <http://example.org/C>: a parameter needs sh:path",
    ASK.format("ex:it", '"SELECT $this {}"'): "component <http://example.org/C>: sh:ask needs an ASK query",
    "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:it ] . " + N + "ex:it 1 .": "no validator",
}


def validated(shapes: str, data: str = 'ex:a ex:p ex:b , "aaab" ; ex:next ex:a .') -> list[Result]:
    """Return what shapes find in some data."""
    return engine.validate(index(data), read_shapes(index(shapes)))


@pytest.mark.parametrize("shapes", MALFORMED, ids=lambda shapes: shapes[:90])
def test_malformed_shapes_are_told_in_one_line_that_names_the_shape(shapes: str) -> None:
    """And says what would be right; never another class of error."""
    with pytest.raises(DataError, match=MALFORMED[shapes]) as caught:
        validated(shapes)
    assert type(caught.value) is DataError
    said = str(caught.value)
    assert "\n" not in said and (said.startswith(("shape ex:", "shape <", "component <")))


UNSUPPORTED = {
    N + 'sh:target [ sh:select "SELECT ?this {}" ] .': "sh:target is not of SHACL 1.0",
    N + "sh:expression [ sh:path ex:p ] .": "sh:expression is not",
    N + "sh:rule [ sh:subject sh:this ] .": "sh:rule is not",
    P + 'sh:pattern "(?=a)a" .': "no regular expression of SPARQL's",
    N + 'sh:sparql [ sh:select "SELECT $this { $this" ] .': "cannot be run by Oxigraph",
    N + 'sh:sparql [ sh:select "SELECT $this { FILTER(<http://x/f>($this)) }" ] .': "custom function <http://x/f>",
    ASK.format("ex:it", '"ASK {"') + N + "ex:it 1 .": "component <http://example.org/C>: the query cannot be run",
}


@pytest.mark.parametrize("shapes", UNSUPPORTED)
def test_shapes_that_only_pyshacl_may_know_are_told_apart(shapes: str) -> None:
    """They are read nevertheless, so that pyshacl can be given them."""
    read = read_shapes(index(shapes))
    with pytest.raises(UnsupportedShapesError, match=UNSUPPORTED[shapes].replace("?", r"\?")) as caught:
        engine.validate(index("ex:a ex:p ex:b ."), read)
    assert "\n" not in str(caught.value)


def test_pyshacl_takes_what_our_engine_cannot() -> None:
    """With its extensions: here, an expression that gives a violation where it is false."""
    shapes = read_shapes(index('ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:pattern "(?=a)ab" .'))
    assert len(keys(reference.validate, index('ex:a ex:p "ab" , "ac" .'), shapes)) == 1


def test_a_shape_that_leads_back_to_itself_is_followed_along_data_that_does_not() -> None:
    """A chain of nodes, each but the last with one next."""
    shape = "ex:S sh:targetSubjectsOf ex:next ; sh:property [ sh:path ex:next ; sh:minCount 1 ; sh:node ex:S ] ."
    found = validated(shape, "".join(f"ex:n{n} ex:next ex:n{n + 1} ." for n in range(9)))
    assert [(local(one.focus), one.constraint.kind) for one in found] == [(f"n{n}", "node") for n in range(9)]


def test_a_shape_that_leads_back_to_itself_ends_where_data_branches_and_meets_again() -> None:
    """Twenty steps of two ways each are a million ways to one fault."""
    data = "".join(
        f"ex:a{n} ex:next ex:a{n + 1}, ex:b{n + 1} . ex:b{n} ex:next ex:a{n + 1}, ex:b{n + 1} ." for n in range(20)
    )
    shape = "ex:S sh:targetNode ex:a0 ; sh:property ex:P . ex:P sh:path ex:next ; sh:property ex:P ; sh:class ex:T ."
    assert len(validated(shape, data)) == 78


def test_a_pattern_that_goes_astray_in_other_engines_ends() -> None:
    """Its groups can share out a text in more ways than could ever be tried."""
    text = "a" * 5000 + "b"
    found = validated(P + 'sh:pattern "^(a+)+$" .', f'ex:a ex:p "{text}" , "aaa" .')
    assert [len(local(one.value)) for one in found] == [5001]


def test_an_empty_shapes_graph_finds_nothing() -> None:
    """As nothing is asked for."""
    assert validated("") == []
