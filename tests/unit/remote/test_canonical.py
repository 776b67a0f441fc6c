"""A graph has one digest, however its triples are ordered, repeated, and its blank nodes named."""

from __future__ import annotations

import hashlib
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from compas_graph.errors import DataError
from compas_graph.remote import canonical
from compas_graph.remote.canonical import Canonical, canonical_graphs, canonical_lines
from compas_graph.remote.differences import differences, only_in_one

XSD = "http://www.w3.org/2001/XMLSchema#"
TRIPLES = [f'<urn:s{number % 7}> <urn:p> "{number}" .' for number in range(50)]


def made(text: str) -> Canonical:
    """Give the one graph that N-Triples make up."""
    return canonical_lines(parse(text.encode(), RdfFormat.N_TRIPLES))


def test_the_digest_is_that_of_the_sorted_lines_each_once() -> None:
    shuffled = Random(1).sample(TRIPLES, len(TRIPLES)) + TRIPLES[:5]
    found = made("\n".join(shuffled))
    lines = [f"{line}\n".encode() for line in sorted(TRIPLES)]
    assert list(found.lines()) == lines
    assert b"".join(found.chunks()) == b"".join(lines)
    assert canonical.digest_of(f"{line}\n".encode() for line in shuffled) == found.digest
    assert (found.triples, found.digest) == (50, hashlib.sha256(b"".join(lines)).hexdigest())


def test_sorting_in_many_runs_gives_what_sorting_at_once_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    quads = "\n".join(f"{line[:-2]} <urn:g{number % 3}> ." for number, line in enumerate(TRIPLES * 2))
    at_once = canonical_graphs(parse(quads.encode(), RdfFormat.N_QUADS))
    monkeypatch.setattr(canonical, "RUN", 100)
    in_runs = canonical_graphs(parse(quads.encode(), RdfFormat.N_QUADS))
    assert [one.graph for one in in_runs] == ["urn:g0", "urn:g1", "urn:g2"]
    assert [(one.graph, one.triples, one.digest) for one in in_runs] == [
        (one.graph, one.triples, one.digest) for one in at_once
    ]
    assert [list(one.lines()) for one in in_runs] == [list(one.lines()) for one in at_once]


def test_names_of_blank_nodes_do_not_count_and_what_stands_around_them_does() -> None:
    one = made('_:a <urn:p> _:b . _:b <urn:p> "x" .'.replace(" . _", " .\n_"))
    same = made('_:z <urn:p> "x" .\n_:b <urn:p> _:z .')
    other = made('_:z <urn:p> "y" .\n_:b <urn:p> _:z .')
    assert one.blank
    assert one.digest == same.digest != other.digest


def test_a_big_graph_with_blank_nodes_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "BLANK_MOST", 2)
    quads = "".join(f"_:a <urn:p> <urn:{number}> <urn:g> .\n" for number in range(3))
    with pytest.raises(DataError, match=r"graph urn:g has blank nodes and more than 2 triples; give"):
        canonical_graphs(parse(quads.encode(), RdfFormat.N_QUADS))


def test_a_blank_node_in_two_graphs_is_refused() -> None:
    quads = b"_:a <urn:p> <urn:o> <urn:g> .\n<urn:s> <urn:p> _:a <urn:h> .\n"
    with pytest.raises(DataError, match="graphs urn:g and urn:h share a blank node"):
        canonical_graphs(parse(quads, RdfFormat.N_QUADS))


@given(st.sets(st.sampled_from(TRIPLES)), st.sets(st.sampled_from(TRIPLES)))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_in_one_graph_only_is_found(one: set[str], other: set[str]) -> None:
    found = list(only_in_one(made("\n".join(one)), made("\n".join(other))))
    assert {line.decode().strip() for first, line in found if first} == one - other
    assert {line.decode().strip() for first, line in found if not first} == other - one


@pytest.mark.parametrize(
    ("sent", "found", "reason"),
    [
        (f'"007"^^<{XSD}integer>', f'"7"^^<{XSD}integer>', "the store writes xsd:integer in another form"),
        (f'"7"^^<{XSD}long>', f'"7"^^<{XSD}integer>', "the store keeps xsd:long as xsd:integer"),
        (f'"1"^^<{XSD}boolean>', f'"true"^^<{XSD}boolean>', "the store writes xsd:boolean in another form"),
        (f'"abc"^^<{XSD}integer>', f'"0"^^<{XSD}integer>', ""),
        (f'"2014"^^<{XSD}gYear>', '"2014"', ""),
        (f'"1.1234567890123"^^<{XSD}decimal>', f'"1.123456789"^^<{XSD}decimal>', ""),
        ('"x"@en', '"x"', ""),
    ],
)
@pytest.mark.parametrize("subject", ["<urn:s>", "_:s"])
def test_another_form_of_the_same_value_is_harmless_and_another_value_is_not(
    subject: str, sent: str, found: str, reason: str
) -> None:
    one, other = (made(f"{subject} <urn:p> {value} .\n<urn:s> <urn:q> <urn:o> .") for value in (sent, found))
    changed = differences(one, other)
    assert changed.harmless is bool(reason)
    if subject == "<urn:s>":
        assert reason in changed.text()
    if not reason:
        assert sent in changed.lost[0]
        assert found in changed.added[0]
