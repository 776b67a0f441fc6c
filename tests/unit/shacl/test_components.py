"""Each constraint component holds its promises: what it finds, in a store too, and what it says."""

from __future__ import annotations

from dataclasses import replace
from pkgutil import iter_modules
from typing import NamedTuple

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store
from pyshacl.constraints import ALL_CONSTRAINT_COMPONENTS

from compas_graph.checks.explaining import explain
from compas_graph.checks.faults import Names
from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.shacl import components, engine
from compas_graph.shacl.components import COMPONENTS, FAMILIES, PARAMETERS
from compas_graph.shacl.engine import Run
from compas_graph.shacl.index import Index
from compas_graph.shacl.model import Shapes
from compas_graph.shacl.paths import sh
from compas_graph.shacl.results import messages
from compas_graph.shacl.shapes import read_shapes
from tests.unit.shacl.random_shapes import EX, HEAD, index, keys
from tests.unit.shacl.test_compiled import asked

A = NamedNode(EX + "a")
NAMES = Names({"ex": EX})


class Case(NamedTuple):
    """A constraint on ex:p, data of ex:a that conform and data that break it once, and what people are told then."""

    constraint: str
    right: str
    wrong: str
    told: str


CASES = {
    "class": Case("sh:class ex:C", "ex:p ex:c", "ex:p ex:d", "Its value is an instance of ex:C."),
    "datatype": Case(
        "sh:datatype xsd:date", 'ex:p "2020-01-01"^^xsd:date', "ex:p 1", "Its value is a well-formed xsd:date."
    ),
    "nodeKind": Case(
        "sh:nodeKind sh:BlankNodeOrLiteral", "ex:p [] , 1", "ex:p ex:c", "Its value is a blank node or a literal."
    ),
    "minCount": Case("sh:minCount 2", "ex:p 1 , 2", "ex:p 1", "It has at least 2 values."),
    "maxCount": Case("sh:maxCount 1", "ex:p 1", "ex:p 1 , 2", "It has at most 1 value."),
    "minExclusive": Case("sh:minExclusive 2", "ex:p 3", "ex:p 2", "Its value is more than 2."),
    "minInclusive": Case("sh:minInclusive 2", "ex:p 2", "ex:p 1", "Its value is 2 or more."),
    "maxExclusive": Case("sh:maxExclusive 2", "ex:p 1", "ex:p 2", "Its value is less than 2."),
    "maxInclusive": Case("sh:maxInclusive 2", "ex:p 2", "ex:p 3", "Its value is 2 or less."),
    "minLength": Case("sh:minLength 2", 'ex:p "ab"', 'ex:p "a"', "Its value is at least 2 characters."),
    "maxLength": Case("sh:maxLength 1", 'ex:p "a"', 'ex:p "ab"', "Its value is at most 1 character."),
    "pattern": Case(
        'sh:pattern "^a" ; sh:flags "i"', 'ex:p "Ab"', 'ex:p "b"', "Its value is text that matches ^a (i)."
    ),
    "languageIn": Case('sh:languageIn ( "en" "de" )', 'ex:p "a"@en', 'ex:p "a"@fr', "Its value is text in en or de."),
    "uniqueLang": Case(
        "sh:uniqueLang true", 'ex:p "a"@en , "b"@de', 'ex:p "a"@en , "b"@en', "It has one value for a language."
    ),
    "equals": Case("sh:equals ex:q", "ex:p 1 ; ex:q 1", "ex:p 1 , 2 ; ex:q 1", "It has the same values as ex:q."),
    "disjoint": Case("sh:disjoint ex:q", "ex:p 1 ; ex:q 2", "ex:p 1 ; ex:q 1", "It has no value that ex:q has, too."),
    "lessThan": Case(
        "sh:lessThan ex:q", "ex:p 1 ; ex:q 2", "ex:p 2 ; ex:q 2", "Its value is less than every value of ex:q."
    ),
    "lessThanOrEquals": Case(
        "sh:lessThanOrEquals ex:q", "ex:p 2 ; ex:q 2", "ex:p 3 ; ex:q 2", "Its value is no more than any value of ex:q."
    ),
    "not": Case("sh:not [ sh:class ex:C ]", "ex:p ex:d", "ex:p ex:c", "Its value is not an instance of ex:C."),
    "and": Case(
        "sh:and ( [ sh:class ex:C ] [ sh:minInclusive 2 ] )",
        "ex:q 1",
        "ex:p 1",
        "Its value is an instance of ex:C and 2 or more.",
    ),
    "or": Case(
        "sh:or ( [ sh:class ex:C ] [ sh:minInclusive 2 ] )",
        "ex:p ex:c , 2",
        "ex:p 1",
        "Its value is an instance of ex:C or 2 or more.",
    ),
    "xone": Case(
        "sh:xone ( [ sh:minInclusive 1 ] [ sh:minInclusive 2 ] )",
        "ex:p 1",
        "ex:p 2",
        "Its value is 1 or more or 2 or more, but not several of these.",
    ),
    "node": Case(
        "sh:node [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ]",
        "ex:p ex:e",
        "ex:p ex:d",
        "Its value is something with at least 1 value for ex:q.",
    ),
    "property": Case(
        "sh:property [ sh:path ex:q ; sh:minCount 1 ]", "ex:p ex:e", "ex:p ex:d", "It has at least 1 value."
    ),
    "qualifiedMinCount": Case(
        "sh:qualifiedValueShape [ sh:class ex:C ] ; sh:qualifiedMinCount 1",
        "ex:p ex:c , ex:d",
        "ex:p ex:d",
        "It has at least 1 value, each an instance of ex:C.",
    ),
    "qualifiedMaxCount": Case(
        "sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMaxCount 1",
        "ex:p ex:c , 1",
        "ex:p ex:c , ex:d",
        "It has at most 1 value, each an IRI.",
    ),
    "closed": Case(
        "sh:closed true ; sh:ignoredProperties ( rdf:type ex:q )",
        "ex:p ex:c , ex:e",
        "ex:p ex:f",
        "It has no properties but ex:q, rdf:type.",
    ),
    "hasValue": Case("sh:hasValue ex:c", "ex:p ex:c , ex:d", "ex:p ex:d", "It has the value ex:c."),
    "in": Case("sh:in ( ex:c 1 )", "ex:p ex:c , 1", "ex:p ex:d", "Its value is one of ex:c, 1."),
    "sparql": Case(
        'sh:sparql [ sh:select "SELECT $this { FILTER NOT EXISTS { $this $PATH 1 } }" ]',
        "ex:p 1",
        "ex:p 2",
        "It is as the shape describes.",
    ),
}
"""A case for each component."""

AROUND = "ex:c a ex:C . ex:e ex:q 1 . ex:f ex:r 1 ."


def shapes_of(constraint: str) -> Shapes:
    """Return the shapes graph of a constraint."""
    return read_shapes(index(f"ex:S sh:targetNode ex:a ; sh:path ex:p ; {constraint} ."))


def data_of(said: str) -> Store:
    """Return what is said of ex:a, and what the cases need beside it."""
    store = Store()
    store.load(f"{HEAD} ex:a {said} . {AROUND}", RdfFormat.TURTLE)
    return store


def test_there_is_a_case_for_each_component() -> None:
    """And for nothing else."""
    assert set(CASES) == set(COMPONENTS)


@pytest.mark.parametrize("name", CASES)
def test_a_component_finds_what_breaks_it_and_nothing_else(name: str) -> None:
    """In this process and in a store, each with the sentence for people."""
    case = CASES[name]
    shapes = shapes_of(case.constraint)
    right, wrong = data_of(case.right), data_of(case.wrong)
    assert engine.validate(Index(right), shapes) == asked(right, shapes) == []
    found = engine.validate(Index(wrong), shapes)
    assert keys(lambda data, given: found, Index(), shapes) == {one.key() for one in asked(wrong, shapes)}
    assert [one.constraint.kind for one in found] == [name if name != "property" else "minCount"]
    fault = explain(found[0], Index(wrong), shapes, NAMES)
    assert fault.message == case.told
    assert ("; there " in fault.expected) == (found[0].constraint.kind in ("minCount", "maxCount"))
    assert fault.verb == (name == "closed")


COUNTED = {
    "sh:minCount 1": ("ex:q 1", "at least 1 value; there is none"),
    "sh:minCount 2": ("ex:p 1", "at least 2 values; there is 1"),
    "sh:maxCount 1": ("ex:p 1 , 2", "at most 1 value; there are 2"),
}


@pytest.mark.parametrize("constraint", COUNTED)
def test_a_number_of_values_is_told_with_how_many_there_are(constraint: str) -> None:
    """Of values too many, the first of these is the one at fault."""
    said, expected = COUNTED[constraint]
    shapes, data = shapes_of(constraint), Index(data_of(said))
    (found,) = engine.validate(data, shapes)
    fault = explain(found, data, shapes, NAMES)
    assert fault.expected == expected
    assert fault.object == (data.values(A, NamedNode(EX + "p"))[1] if "max" in constraint else None)


MISSPELT = {
    "sh:class ex:C": ("ex:p ex:longname", "ex:longnames", False),
    "sh:in ( ex:longnames ex:other )": ("ex:p ex:longname", "ex:longnames", False),
    "sh:closed true ; sh:ignoredProperties ( ex:q ex:longnames )": ("ex:p ex:g", "ex:longnames", True),
}


@pytest.mark.parametrize("constraint", MISSPELT)
def test_a_term_that_may_be_misspelt_is_told_with_the_one_that_may_be_meant(constraint: str) -> None:
    """It is the predicate of the statement at fault or its object, and that is marked."""
    said, meant, of_predicate = MISSPELT[constraint]
    data = index(f"ex:a {said} . ex:longnames a ex:C . ex:g ex:longname 1 .")
    shapes = shapes_of(constraint)
    (found,) = engine.validate(data, shapes)
    fault = explain(found, data, shapes, NAMES)
    assert (fault.hint, fault.verb) == (f"did you mean {meant}?", of_predicate)


MESSAGES = {
    "sh:not [ sh:message 'inner' ; sh:class ex:C ]": "outer",
    "sh:node [ sh:message 'inner' ; sh:class ex:D ]": "outer",
    "sh:sparql [ sh:message 'inner' ; sh:select 'SELECT $this {}' ]": "inner",
}


@pytest.mark.parametrize("constraint", MESSAGES)
def test_the_message_of_a_constraint_is_its_own_or_that_of_its_shape(constraint: str) -> None:
    """Not that of a shape that it refers to."""
    found = engine.validate(Index(data_of("ex:p ex:c")), shapes_of(f"{constraint} ; sh:message 'outer'"))
    assert [text.value for one in found for text in messages(one)] == [MESSAGES[constraint]]


@pytest.mark.parametrize("name", sorted(set(CASES) - {"property"}))
def test_a_component_says_whether_a_node_without_values_can_break_it(name: str) -> None:
    """Such nodes are left out before those are checked that say no."""
    shapes = shapes_of(CASES[name].constraint)
    shape, data = shapes.targeted()[0], Index(data_of("ex:q 1"))
    assert shape.constraints
    for constraint in shape.constraints:
        assert constraint.component.check is not None
        found = list(constraint.component.check(Run(data, shapes), shape, [(A, ())], *constraint.arguments))
        assert bool(found) == constraint.component.without_values


def test_components_and_parameters_are_named_as_pyshacl_names_them() -> None:
    """Where it knows them; it takes qualified value shapes for one component, and does not list sh:flags."""
    ours = {one.iri.value: {sh(name).value for name in (one.name, *one.beside)} for one in COMPONENTS.values()}
    qualified = set[str]().union(*(ours[sh(f"Qualified{end}CountConstraintComponent").value] for end in ("Min", "Max")))
    theirs = {str(one.shacl_constraint_component): one.constraint_parameters() for one in ALL_CONSTRAINT_COMPONENTS}
    assert len(theirs) > 20
    for iri, parameters in theirs.items():
        lacking = (qualified if iri == "NotImplemented" else ours[iri]) ^ set(map(str, parameters))
        assert lacking == ({sh("flags").value} if "Pattern" in iri else set())


def test_every_module_is_a_family_and_no_two_components_have_one_name() -> None:
    """Or else one of them would be passed over."""
    assert {one.name for one in iter_modules(components.__path__)} == {
        family.__name__.rpartition(".")[2] for family in FAMILIES
    }
    rows = [one for family in FAMILIES for one in family.COMPONENTS]
    assert len(rows) == len({one.iri for one in rows}) == len(COMPONENTS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_node_with_a_parameter_of_a_component_is_a_shape(name: str) -> None:
    """So a mistake in it is told."""
    with pytest.raises(DataError, match=r"shape <?\S+S>?: sh:deactivated has 7"):
        read_shapes(index(f"ex:S sh:{name} ex:x ; sh:deactivated 7 ."))


SEVERAL = {"class", "pattern", "equals", "disjoint", "lessThan", "lessThanOrEquals"} | {
    *("not", "and", "or", "xone", "node", "property", "hasValue", "sparql")
}
"""The components of which a shape may have several constraints."""

PATH_ONLY = {"minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"}
"""The components that a shape without a path may not have."""


def refusal(shapes: str) -> str:
    """Return why shapes are refused, "" if they are not."""
    try:
        read_shapes(index(shapes))
    except DataError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_shape_has_several_constraints_of_a_component_only_where_shacl_allows_it(name: str) -> None:
    """Else it is told how many there are."""
    said = refusal(f"ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:{name} 1 , 2 .")
    assert (f"has 2 values of sh:{name}; at most one is allowed" in said) == (name not in SEVERAL)


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_shape_without_a_path_has_constraints_of_those_components_that_shacl_allows_there(name: str) -> None:
    """Else it is told what it needs; what counts qualified values is passed over there."""
    text = f"ex:S sh:targetNode ex:a ; {CASES[name].constraint} ."
    if name in PATH_ONLY:
        said = f"shape <{EX}S>: sh:{name} stands in a node shape; it needs a property shape, one with sh:path"
        assert refusal(text) == said
    else:
        (shape,) = read_shapes(index(text)).targeted()
        assert [one.kind for one in shape.constraints] == [name] * ("qualified" not in name)


def test_a_component_that_no_query_can_tell_is_refused_with_the_name_of_the_shape() -> None:
    """As one is that says neither an expression nor patterns."""
    shapes = shapes_of("sh:minCount 1")
    shape = shapes.targeted()[0]
    shape.constraints = [replace(one, component=replace(one.component, violations=None)) for one in shape.constraints]
    with pytest.raises(UnsupportedShapesError, match=r"^shape \S+S>?: sh:minCount cannot be asked of a store$"):
        asked(data_of("ex:q 1"), shapes)
