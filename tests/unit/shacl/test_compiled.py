"""The queries that shapes are compiled to find in a store what the engine finds in the same data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse

from compas_graph.errors import UnsupportedShapesError
from compas_graph.shacl import engine
from compas_graph.shacl.compiled import CLASSES, questions, results_of
from compas_graph.shacl.components import COMPONENTS
from compas_graph.shacl.expressions import expression
from compas_graph.shacl.index import SUBCLASS, Index
from compas_graph.shacl.literals import of_datatype
from compas_graph.shacl.model import Shapes
from compas_graph.shacl.results import Result, messages
from compas_graph.shacl.shapes import read_shapes
from tests import BREAKING, FROZEN, ROOT
from tests.unit.shacl.random_shapes import DATATYPES, HEAD, LITERALS, Generator

SHAPES = ROOT / "ontology" / "shapes.ttl"


def stored(*turtle: str) -> Store:
    """Return a store of some Turtle, in which literals have the form that it gives them."""
    store = Store()
    for each in turtle:
        store.load(HEAD + each, RdfFormat.TURTLE)
    return store


def rows(store: Store, query: str) -> list[dict[str, NamedNode]]:
    """Return the rows of a query, each with what is bound in it."""
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in found]


def asked(store: Store, shapes: Shapes, *, plain: bool = False) -> list[Result]:
    """Return the results of the queries that shapes are compiled to."""
    classes = Index(Triple(row["lower"], SUBCLASS, row["upper"]) for row in rows(store, CLASSES))
    return [
        result
        for question in questions(shapes, classes, plain=plain)
        for result in results_of(question, rows(store, question.text))
    ]


def keys(results: Iterable[Result]) -> set[tuple[str, ...]]:
    """Return what engines must agree on."""
    return {result.key() for result in results}


@cache
def random_case(seed: int) -> tuple[Store, Shapes]:
    """Return random data and random shapes, literals in both as a store has them."""
    made = Generator(seed)
    data = stored(made.data())
    return data, read_shapes(Index(stored(made.shapes())))


SEEDS = range(120)


@pytest.mark.parametrize("seeds", [SEEDS[start : start + 40] for start in SEEDS[::40]], ids=lambda one: str(one.start))
def test_random_shapes_find_in_a_store_what_the_engine_finds(seeds: range) -> None:
    """Every kind of constraint, path, target and literal, nested three deep."""
    for seed in seeds:
        data, shapes = random_case(seed)
        assert keys(asked(data, shapes)) == keys(engine.validate(Index(data), shapes)), seed


def test_the_random_shapes_make_each_kind_of_constraint_fail() -> None:
    """Or else it would never be compared."""
    found = {result.constraint.kind for seed in SEEDS for result in asked(*random_case(seed))}
    assert found == set(COMPONENTS) - {"property", "sparql"}


@pytest.fixture(scope="module")
def broken() -> Store:
    """Return a store of the repository and of all breaking files, each with names of its own."""
    store = Store()
    for path in [ROOT / "ontology" / "compas.ttl", *FROZEN.graph.rglob("*.ttl")]:
        store.load(path.read_bytes(), RdfFormat.TURTLE)
    for case in BREAKING:
        text = case.read_text("utf-8").replace("<https://example.org/>", f"<https://example.org/{case.stem}/>")
        store.load(text, RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("plain", [False, True], ids=["many constraints a query", "one constraint a query"])
def test_our_shapes_find_each_breaking_file_in_a_store(broken: Store, plain: bool) -> None:
    """One finding from each, none from the repository, and those of the engine."""
    shapes = read_shapes(Index(parse(SHAPES.read_bytes(), RdfFormat.TURTLE)))
    found = keys(asked(broken, shapes, plain=plain))
    assert found == keys(engine.validate(Index(broken), shapes))
    assert len(found) == len(BREAKING) > 100


BY_HAND = {
    "a text is neither less nor greater than a number": (
        'ex:a ex:p "x" .',
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:minInclusive 1 ; sh:maxExclusive 1 .",
    ),
    "exactly one of two tests of a value": (
        "ex:a ex:p 5 .",
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:xone ( [ sh:minInclusive 1 ] [ sh:maxInclusive 9 ] ) .",
    ),
    "nothing is counted where all conform to a shape beside": (
        "ex:a ex:p 5 .",
        """ex:S sh:targetNode ex:a ; sh:property
            [ sh:path ex:p ; sh:qualifiedValueShape [ sh:property [ sh:path ex:q ; sh:maxCount 0 ] ] ;
              sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ] ,
            [ sh:path ex:p ; sh:qualifiedValueShape [ ] ; sh:qualifiedMinCount 0 ] .""",
    ),
    "a target that is in no triple": (
        "ex:a ex:p 5 .",
        "ex:S sh:targetNode ex:b , 7 ; sh:path [ sh:zeroOrMorePath ex:p ] ; sh:nodeKind sh:BlankNode .",
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_law_holds_in_a_store(name: str) -> None:
    """As in the engine."""
    data, shapes = stored(BY_HAND[name][0]), read_shapes(Index(stored(BY_HAND[name][1])))
    assert keys(asked(data, shapes)) == keys(engine.validate(Index(data), shapes)) != set()


UP = (
    "rdfs:subClassOf",
    "[ sh:oneOrMorePath rdfs:subClassOf ]",
    "[ sh:zeroOrMorePath rdfs:subClassOf ]",
    "[ sh:zeroOrOnePath rdfs:subClassOf ]",
    "( rdfs:subClassOf [ sh:alternativePath ( rdfs:subClassOf [ sh:zeroOrMorePath rdfs:subClassOf ] ) ] )",
)
CLASSED = """ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:C . ex:D rdfs:subClassOf ex:C .
ex:E rdfs:subClassOf ex:F .
ex:a a ex:A . ex:b a ex:B . ex:c a ex:C , ex:D . ex:d a ex:A , ex:D . ex:e a ex:E . ex:f a ex:None ."""


@pytest.mark.parametrize("plain", [False, True], ids=["any store", "plain"])
@pytest.mark.parametrize("path", UP)
def test_what_is_below_a_class_is_known_before_a_store_is_asked(path: str, plain: bool) -> None:
    """So even a store that answers paths wrongly is asked for kinds: alone, beside another test, and negated."""
    below = f"sh:path {path} ; sh:hasValue ex:C"
    shapes = read_shapes(
        Index(
            stored(
                f"""ex:S sh:targetSubjectsOf rdf:type ; sh:property [ sh:path rdf:type ;
                  sh:qualifiedValueShape [ {below} ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] ,
                [ sh:path rdf:type ; sh:node [ sh:property [ {below} ] ; sh:not [ sh:in ( ex:B ) ] ] ] ."""
            )
        )
    )
    found = keys(asked(stored(CLASSED), shapes, plain=plain))
    assert found == keys(engine.validate(Index(stored(CLASSED)), shapes)) != set()


def test_a_path_down_the_classes_is_left_to_the_store() -> None:
    """It may lead to anything that is said to be a subclass."""
    inner = "sh:path [ sh:inversePath rdfs:subClassOf ] ; sh:hasValue ex:A"
    shapes = read_shapes(Index(stored(f"ex:S sh:targetSubjectsOf rdf:type ; sh:path rdf:type ; sh:node [ {inner} ] .")))
    found = keys(asked(stored(CLASSED), shapes))
    assert found == keys(engine.validate(Index(stored(CLASSED)), shapes)) != set()
    with pytest.raises(UnsupportedShapesError, match="looks beyond a value"):
        asked(stored(CLASSED), shapes, plain=True)


BOUNDS = (
    '"127"^^xsd:byte', '"128"^^xsd:byte', '"+0"^^xsd:nonNegativeInteger', '"9223372036854775808"^^xsd:long',
    '"2024-02-29"^^xsd:date', '"2023-02-29"^^xsd:date', '"1900-02-29Z"^^xsd:date', '"2000-02-29+01:00"^^xsd:date',
    '"2024-04-31T00:00:00Z"^^xsd:dateTime', '"2024-10-31T23:59:59"^^xsd:dateTime', '"-0001-12-31"^^xsd:date',
)  # fmt: skip
TYPED = sorted(set(DATATYPES) - {"xsd:string", "rdf:langString"})
"""The datatypes whose literals rdflib keeps as they are written."""


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@pytest.mark.parametrize("datatype", TYPED)
def test_the_expression_of_a_datatype_holds_of_its_literals_that_are_well_formed(
    datatype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In rdflib, where they stay as they are written, while stores make others of some."""
    import rdflib

    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    text = f"ex:S sh:targetNode ex:a ; sh:datatype {datatype} . ex:a ex:p {' , '.join((*LITERALS, *BOUNDS))} ."
    graph = Index(parse(HEAD + text, RdfFormat.TURTLE))
    constraint = read_shapes(graph).targeted()[0].constraints[0]
    kind: NamedNode = constraint.arguments[0]
    literals = [one for one in graph.literals() if one.datatype == kind]
    table = f"VALUES ?value {{ {' '.join(map(str, literals))} }}"
    rows = rdflib.Graph().query(f"SELECT ?value {{ {table} FILTER({expression(constraint, '?value', Index([]))}) }}")
    found = {str(row[0]) for row in rows}  # type: ignore[index]  # a row of a SELECT
    assert literals
    assert found == {one.value for one in literals if of_datatype(kind.value)(one)}


DATA = """ex:a ex:p 1 , 2 , ex:b ; a ex:A . ex:b ex:p 3 ; ex:q ex:a ; a ex:B . ex:B rdfs:subClassOf ex:A .
ex:c ex:q 2 ; a ex:A . ex:d ex:p "x"@en ; a ex:B ."""
PREFIXES = 'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .'
AT_LEAST = """ex:AtLeast a sh:ConstraintComponent ; sh:parameter [ sh:path ex:least ] ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:message "not {$least}" ;
        sh:ask "ASK { FILTER($value >= $least) }" ] ."""
BESIDE = """ex:Beside a sh:ConstraintComponent ; sh:parameter [ sh:path ex:beside ] ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { $this ?any $value . $this $beside ?other }" ] ."""
OTHER = """ex:Other a sh:ConstraintComponent ; sh:parameter [ sh:path ex:other ] ;
    sh:propertyValidator [ a sh:SPARQLSelectValidator ;
        sh:select "SELECT $this ?value { $this $PATH ?value FILTER NOT EXISTS { $this $other ?any } }" ] ."""


def constraint(query: str, path: str = "") -> str:
    """Return a shape with a constraint in SPARQL."""
    said = f"sh:sparql [ sh:prefixes ex: ; sh:message 'not {{?value}} but {{?other}}' ; sh:select {json.dumps(query)} ]"
    return f"{PREFIXES} ex:S sh:targetClass ex:A ; {path} {said} ."


QUERIES = {
    "a query of a node": constraint("SELECT $this { $this ex:p ?x }"),
    "a query that shows a value and a path": constraint("SELECT $this ?path ?value { $this ?path ?value }"),
    "a query of a path": constraint("SELECT $this ?value { $this $PATH ?value }", "sh:path ex:p ;"),
    "an optional part": constraint("SELECT $this ?other { $this a ?c OPTIONAL { $this ex:q ?other } }"),
    "a negation": constraint("SELECT $this { FILTER NOT EXISTS { $this ex:p ?x } }"),
    "alternatives": constraint("SELECT $this ?value { { $this ex:p ?value } UNION { ?value ex:q $this } }"),
    "an assignment": constraint("SELECT $this ?value { $this ex:p ?x BIND(CONCAT(STR($this), 'x') AS ?value) }"),
    "a component that asks of a value": f"{AT_LEAST} ex:S sh:targetClass ex:A ; sh:path ex:p ; ex:least 2 .",
    "a component that asks of the node": f"{BESIDE} ex:S sh:targetClass ex:A ; sh:path ex:p ; ex:beside ex:q .",
    "a component that selects": f"{OTHER} ex:S sh:targetClass ex:A ; sh:path ex:p ; ex:other ex:q .",
    "a query of a shape within": """ex:S sh:targetNode ex:b ; sh:property [ sh:path ex:q ; sh:property [
        sh:path ex:p ; sh:sparql [ sh:select "SELECT $this ?value { $this $PATH ?value }" ] ] ] .""",
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_of_the_shapes_finds_for_all_nodes_at_once_what_it_finds_for_each(name: str) -> None:
    """With the same messages."""
    data, shapes = stored(DATA), read_shapes(Index(stored(QUERIES[name])))
    found, expected = asked(data, shapes), engine.validate(Index(data), shapes)
    assert keys(found) == keys(expected) != set()
    assert {messages(one) for one in found} == {messages(one) for one in expected}


UNSUPPORTED = {
    "recursion": ("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:S ] .", "leads back to itself"),
    "a limit": (constraint("SELECT $this { $this ex:p ?x } LIMIT 1"), "cannot be asked of a store for all nodes"),
    "the shapes as data": (
        constraint("SELECT $this { GRAPH $shapesGraph { ?s ?p $this } }"),
        "cannot be asked of a store for all nodes",
    ),
    "a query in a shape of which another asks": (
        f"{constraint('SELECT $this { $this ex:p ?x }')} ex:T sh:targetNode ex:a ; sh:not ex:S .",
        "has a query and stands within another shape",
    ),
    "a class without a name": ("ex:S sh:targetNode ex:a ; sh:class [] .", "a class that has no name"),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_no_query_can_tell_is_refused_with_the_name_of_the_shape(name: str) -> None:
    """In one line."""
    text, said = UNSUPPORTED[name]
    with pytest.raises(UnsupportedShapesError, match=rf"^[^\n]*ex(ample.org/)?:?S>?: [^\n]*{said}[^\n]*$"):
        asked(stored(DATA), read_shapes(Index(stored(text))))
