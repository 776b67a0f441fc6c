"""Our SHACL engine finds what pyshacl finds, but for what pyshacl gets wrong; shapes that it cannot take it names."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import QuerySolutions, RdfFormat, Store, Triple, parse
from pyshacl.constraints import ALL_CONSTRAINT_COMPONENTS

from compas_graph.errors import DataError
from compas_graph.shacl import engine, reference
from compas_graph.shacl.components import COMPONENTS
from compas_graph.shacl.index import Index
from compas_graph.shacl.literals import less, well_formed
from compas_graph.shacl.shapes import read_shapes
from tests import BREAKING, FROZEN, ROOT
from tests.unit.shacl.random_shapes import KINDS, LITERALS, Generator, index, keys, local

OF_PYSHACL = {parameter for one in ALL_CONSTRAINT_COMPONENTS for parameter in one.constraint_parameters()}
COMPARED = [kind for kind in KINDS if rdflib.URIRef(f"http://www.w3.org/ns/shacl#{kind}") in OF_PYSHACL]
"""The components that pyshacl knows, too."""


@pytest.mark.parametrize(
    "seeds", [range(20), pytest.param(range(20, 160), marks=pytest.mark.long)], ids=lambda one: str(one.start)
)
def test_random_shapes_find_in_random_data_what_pyshacl_finds(seeds: range) -> None:
    """Every kind of constraint, path, target and literal, nested three deep."""
    for seed in seeds:
        made = Generator(seed, COMPARED)
        data, shapes = made.data(), made.shapes()
        graph, rules = index(data), read_shapes(index(shapes))
        assert keys(engine.validate, graph, rules) == keys(reference.validate, graph, rules), (
            f"{seed}:\n{shapes}\n{data}"
        )


def test_the_random_shapes_make_each_kind_of_constraint_fail() -> None:
    """Or else it would never be compared; name here what pyshacl does not know."""
    found: set[str] = set()
    for seed in range(160):
        made = Generator(seed, COMPARED)
        data, shapes = index(made.data()), read_shapes(index(made.shapes()))
        found |= {result.constraint.kind for result in engine.validate(data, shapes)}
    assert found == set(COMPONENTS) - {"property", "sparql"}


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        ("ex:S sh:targetNode ex:a ; sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:class ex:T ] ) .", 1),
        ("ex:S sh:targetNode ex:d ; sh:path ex:p ; sh:equals ex:q .", 1),
        (
            "ex:S sh:targetNode ex:a , ex:c ; sh:path ex:q ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .",
            1,
        ),
        (
            "ex:S sh:targetNode ex:a , ex:c ; sh:path ex:q ; sh:node [ sh:class ex:T ] .",
            2,
        ),
        ("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:n ; sh:datatype xsd:unsignedShort ] .", 1),
        (
            "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:q ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; "
            "sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ] , [ sh:path ex:p ; "
            "sh:qualifiedValueShape [ sh:nodeKind sh:BlankNodeOrIRI ] ; sh:qualifiedMinCount 0 ] .",
            1,
        ),
    ],
)
def test_a_shape_finds_as_many_faults_as_there_are_and_as_pyshacl(shape: str, count: int) -> None:
    """Where data made at random seldom have the fault."""
    data = index(
        'ex:a a ex:T ; ex:p ex:b ; ex:q ex:b ; ex:n "65536"^^xsd:unsignedShort . ex:c ex:q ex:b . ex:d ex:q 1 .'
    )
    shapes = read_shapes(index(shape))
    found = engine.validate(data, shapes)
    assert len(found) == count and {one.key() for one in found} == keys(reference.validate, data, shapes)


@pytest.mark.long
def test_both_engines_find_the_same_in_the_repository_and_in_all_breaking_files() -> None:
    """All in one graph, each breaking file with names of its own: one finding from each, none from the repository."""
    data = Index()
    for path in [ROOT / "ontology" / "compas.ttl", *FROZEN.graph.rglob("*.ttl")]:
        data.add(parse(path.read_bytes(), RdfFormat.TURTLE))
    for case in BREAKING:
        text = case.read_text("utf-8").replace("<https://example.org/>", f"<https://example.org/{case.stem}/>")
        data.add(parse(text, RdfFormat.TURTLE))
    shapes = read_shapes(Index(parse((ROOT / "ontology" / "shapes.ttl").read_bytes(), RdfFormat.TURTLE)))
    found = engine.validate(data, shapes)
    assert len(found) == len(BREAKING) > 100
    assert {one.key() for one in found} == keys(reference.validate, data, shapes)


WRONG_IN_PYSHACL = {
    "an inverse of a sequence, whose steps pyshacl does not turn round": (
        "ex:a ex:p ex:b . ex:b ex:q ex:c .",
        "ex:S sh:targetNode ex:c ; sh:path [ sh:inversePath ( ex:p ex:q ) ] ; sh:nodeKind sh:Literal .",
        {("c", "a")},
    ),
    "a blank node has no length, so not even 0": (
        "ex:a ex:p [] .",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node [ sh:minLength 0 ] ] .",
        {("a", "blank")},
    ),
    "IRIs are not less than one another, which pyshacl compares as texts": (
        "ex:a ex:p ex:b ; ex:q ex:c .",
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:lessThan ex:q .",
        {("a", "b")},
    ),
    "a blank node is not less, where pyshacl stops": (
        "ex:a ex:p [] ; ex:q 1 .",
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:lessThan ex:q .",
        {("a", "blank")},
    ),
    "a day with a time zone and one without, which pyshacl compares": (
        'ex:a ex:p "2020-01-01Z"^^xsd:date .',
        'ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:maxInclusive "2020-01-01"^^xsd:date .',
        {("a", "2020-01-01Z")},
    ),
    "the end of a text is not before its last line break": (
        r'ex:a ex:p "b\n" .',
        'ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:pattern "b$" .',
        {("a", "b\n")},
    ),
    "a decimal has no exponent": (
        'ex:a ex:p "1e2"^^xsd:decimal .',
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:datatype xsd:decimal .",
        {("a", "1e2")},
    ),
    "a day ends at 24:00:00": (
        'ex:a ex:p "2020-01-01T24:00:00"^^xsd:dateTime .',
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:datatype xsd:dateTime .",
        set(),
    ),
    "sh:uniqueLang counts only as true, not as 1": (
        'ex:a ex:p "a"@en , "b"@en .',
        'ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:uniqueLang "1"^^xsd:boolean .',
        set(),
    ),
}
"""Where pyshacl differs from the W3C Recommendation: why, data, a shape, and what is right by it."""


@pytest.mark.parametrize("name", WRONG_IN_PYSHACL)
def test_where_pyshacl_is_wrong_the_recommendation_holds(name: str) -> None:
    """And pyshacl still is, else the entry is to go."""
    data, shape, right = WRONG_IN_PYSHACL[name]
    graph, shapes = index(data), read_shapes(index(shape))
    found = engine.validate(graph, shapes)
    shown = {(local(one.focus), local(one.value)) for one in found if one.value is not None}
    assert shown == right and len(found) == len(right)
    try:
        theirs = keys(reference.validate, graph, shapes)
    except DataError:
        return
    assert {one.key() for one in found} != theirs


def test_one_literal_is_less_than_another_where_sparql_says_so() -> None:
    """For all pairs of literals, in Oxigraph's SPARQL."""
    data = index("".join(f"ex:a ex:p {each} ." for each in LITERALS))
    known = [one for one in data.literals() if well_formed(one.value, one.datatype.value) and less(one, one) is False]
    assert len({one.datatype for one in known}) >= 12
    store = Store()
    for one in known:
        for other in known:
            solutions = store.query(f"SELECT ({one} < {other} AS ?less) {{}}")
            assert isinstance(solutions, QuerySolutions)
            answer = next(solutions)[0]
            assert less(one, other) is (answer and answer.value == "true"), (one, other)


def test_an_index_keeps_literals_as_they_are_written_and_each_triple_once() -> None:
    """Two ways to write a number are two values."""
    made = index('ex:a ex:p 1.50 , 1.5 , "1.5"^^xsd:decimal . ex:a ex:p 1.5 . ex:b ex:p 1.5 .')
    assert len(made) == len(set(made)) == 3
    assert all(isinstance(one, Triple) for one in made)
    assert {one.value for one in made.literals()} == {"1.50", "1.5"}
