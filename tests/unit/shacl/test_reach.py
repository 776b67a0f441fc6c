"""Shapes to which no target leads are known, and so are those that are switched off."""

from __future__ import annotations

import pytest

from compas_graph.shacl import engine, reference
from compas_graph.shacl.shapes import read_shapes
from tests.unit.shacl.random_shapes import index, keys
from tests.unit.shacl.test_compiled import asked, stored

S = "ex:S a sh:NodeShape ; sh:targetClass ex:T . "
X = "ex:X a sh:NodeShape ; sh:class ex:C . "
COMPONENT = 'ex:D a sh:ConstraintComponent ; sh:parameter [ sh:path ex:it ] ; sh:validator [ sh:ask "ASK {}" ] . '
UNREACHED = {
    f"{S} {X}": ["X"],
    f"{S} {X} ex:Y sh:node ex:X ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .": ["Y"],
    f"{S} ex:X sh:node ex:Y . ex:Y sh:node ex:X .": ["X"],
    f"{S} {X} ex:Z sh:targetClass ex:X ; sh:class ex:X ; sh:hasValue ex:X ; sh:in ( ex:X ) .": ["X"],
    f"{S} ex:X sh:path ex:p ; sh:minCount 1 . ex:S ex:property ex:X .": ["X"],
    f"{S} ex:X sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:p ; sh:object 1 ] .": ["X"],
    f"{S} ex:X a sh:NodeShape ; sh:name 'nothing to check' .": [],
    f"{S} {X} ex:S sh:not ex:X .": [],
    f"{S} {X} ex:S sh:or ( [ sh:class ex:D ] [ sh:node ex:X ] ) .": [],
    f"{S} {X} ex:S sh:property [ sh:path ex:p ; sh:qualifiedValueShape ex:X ; sh:qualifiedMinCount 1 ] .": [],
    f"{S} {X} {COMPONENT} ex:S ex:it ex:X .": [],
    f"{S} {X} ex:X sh:deactivated true .": [],
    f"{S} {X} ex:Y sh:deactivated true ; sh:node ex:X .": [],
    f"{S} {X} ex:S sh:rule [ a sh:TripleRule ; sh:condition ex:X ; sh:subject sh:this ] .": [],
    f'{X} ex:X sh:target [ sh:select "SELECT ?this {{}}" ] .': [],
    f"{X} ex:X a rdfs:Class .": [],
    f"{X} ex:X a <http://www.w3.org/2002/07/owl#Class> .": [],
}


@pytest.mark.parametrize("shapes", UNREACHED)
def test_the_shapes_to_which_no_target_leads_are_known(shapes: str) -> None:
    """The outermost alone; of a circle one."""
    found = read_shapes(index(shapes)).unreached
    assert [one.name for one in found] == [f"<http://example.org/{name}>" for name in UNREACHED[shapes]]


@pytest.mark.parametrize("kind", ["rdfs:Class", "<http://www.w3.org/2002/07/owl#Class>"])
def test_a_class_that_is_a_shape_is_its_own_target_in_both_engines_and_in_a_store(kind: str) -> None:
    """Those of OWL as well, though the Recommendation names rdfs:Class alone."""
    shapes = read_shapes(index(f"ex:T a {kind} , sh:NodeShape ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."))
    data = "ex:a a ex:T . ex:b a ex:T ; ex:p 1 . ex:c a ex:U . ex:U rdfs:subClassOf ex:T ."
    found = keys(engine.validate, index(data), shapes)
    assert {key[0] for key in found} == {"<http://example.org/a>", "<http://example.org/c>"}
    assert found == keys(reference.validate, index(data), shapes)
    assert found == {one.key() for one in asked(stored(data), shapes)}
