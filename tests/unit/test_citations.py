"""A citation names outlet, date and paragraph, and whom the source credits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Store

from compas_graph.citations import citations
from compas_graph.store import iri

MakeStore = Callable[[str], Store]
Rows = Callable[[str], list[tuple[str, ...]]]

DATA = """
id:gazette rdfs:label "Gazette"@en . id:wire rdfs:label "Wire"@en . id:post rdfs:label "Post"@en .
id:ann rdfs:label "Ann"@en . id:bob rdfs:label "Bob"@en . id:eds rdfs:label "Editors"@en .
source:s cg:publisher id:gazette ; cg:published %s .
passage:p cg:inSource source:s ; cg:paragraph 3 .
claim:c cg:passage passage:p %s .
"""


def cited(store: Store, *names: str) -> dict[str, str]:
    return {node.value.rpartition("/")[2]: text for node, text in citations(store, map(iri, names)).items()}


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ('"2014-06-27"^^xsd:date', "Gazette, 27 June 2014, paragraph 3"),
        ('"2014-06"^^xsd:gYearMonth', "Gazette, June 2014, paragraph 3"),
        ('"2014"^^xsd:gYear', "Gazette, 2014, paragraph 3"),
    ],
)
def test_a_date_is_cited_no_more_precisely_than_it_is_known(asserted: MakeStore, published: str, said: str) -> None:
    """A day, a month or a year."""
    assert cited(asserted(DATA % (published, "")), "claim:c") == {"c": said}


@pytest.mark.parametrize(
    ("credit", "said"),
    [
        ("; cg:speaker id:ann", "said by Ann"),
        ("; cg:speaker id:bob , id:ann", "said by Ann and Bob"),
        ("; cg:possibleSpeaker id:ann", "perhaps said by Ann"),
        ("; cg:via id:wire", "from Wire"),
        ("; cg:possiblyVia id:wire", "perhaps from Wire"),
        ("; cg:via id:wire , id:post ; cg:speaker id:ann", "said by Ann; from Post and Wire"),
    ],
)
def test_whom_the_source_credits_follows_in_brackets(asserted: MakeStore, credit: str, said: str) -> None:
    """The speaker first, then the outlet it came through; doubtful credit says so."""
    found = cited(asserted(DATA % ('"2014"^^xsd:gYear', credit)), "claim:c")
    assert found == {"c": f"Gazette, 2014, paragraph 3 ({said})"}


def test_a_reading_is_cited_with_its_author_and_the_number_of_its_grounds(asserted: MakeStore) -> None:
    """So that nobody takes it for a source's word."""
    reading = """reading:r cg:author id:eds ; rdfs:label "A may be B"@en ; cg:restsOn claim:c , claim:d , reading:q ."""
    store = asserted(DATA % ('"2014"^^xsd:gYear', "") + reading)
    assert cited(store, "reading:r") == {"r": "Editors: A may be B (rests on 3 claims or readings)"}


def test_other_nodes_have_no_citation(asserted: MakeStore) -> None:
    """Nor has a claim whose place is not known, and no nodes have none."""
    store = asserted(DATA % ('"2014"^^xsd:gYear', "") + "claim:lost rdfs:label 'x' .")
    assert cited(store, "id:ann", "claim:lost", "claim:nothing", "claim:c", "claim:c") == {
        "c": "Gazette, 2014, paragraph 3"
    }
    assert cited(store) == {}


def test_every_claim_and_reading_of_the_real_graph_has_a_citation(store: Store, rows: Rows) -> None:
    """Nothing is answered without saying who says so."""
    nodes = [node for (node,) in rows("SELECT ?node { ?node a cg:Assertion }")]
    assert len(nodes) > 200
    assert set(
        cited(store, *(node.replace("https://w3id.org/compas-graph/", "").replace("/", ":") for node in nodes))
    ) == {node.rpartition("/")[2] for node in nodes}
