"""IRIs are shortened by the one prefix table, and come back the same."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, parse

from compas_graph.bundle import Bundle
from compas_graph.namespaces import PREFIXES, compact, expand
from tests import HEAD

locals_ = st.text(
    st.characters(codec="ascii", exclude_characters='<>"{}|^`\\[]#%', min_codepoint=33, max_codepoint=126), max_size=12
)


@given(st.sampled_from(sorted(PREFIXES)), locals_)
@example("id", "a.")
@example("id", "-a")
@example("id", "a/b")
@example("id", "")
def test_a_compact_name_is_valid_turtle_and_expands_to_its_iri(prefix: str, local: str) -> None:
    """Whether it is a prefixed name or stays in angle brackets."""
    iri = PREFIXES[prefix] + local
    name = compact(iri)
    assert expand(name) == iri
    (triple,) = parse(HEAD + f"{name} a {name} .", RdfFormat.TURTLE)
    assert triple.subject == NamedNode(iri)


@pytest.mark.parametrize("name", ["MFA", "mfa:x", "id:", "id:a b", "id:a>", ":x", "", "<", "cg:x."])
def test_what_is_no_name_of_ours_expands_to_nothing(name: str) -> None:
    """Labels, unknown prefixes and names that need brackets."""
    assert expand(name) is None


@pytest.mark.parametrize("iri", ["http://example.org/x", "https://example.org/x", "urn:x:y"])
def test_a_whole_iri_stands_for_itself(iri: str) -> None:
    """With brackets or without."""
    assert expand(iri) == expand(f"<{iri}>") == iri


@pytest.mark.parametrize("text", ["<a b>", "<>", "http://a b", "<http://a\nb>", "<x{y}>", 'http://a"b'])
def test_what_expands_is_an_iri(text: str) -> None:
    """What a store would refuse as an IRI stands for nothing."""
    assert expand(text) is None


def test_every_file_spells_the_prefixes_as_the_table_does() -> None:
    """One prefix table for the whole project."""
    files = list(Bundle.at().files())
    assert len(files) > 10
    for path, _ in files:
        used = dict(
            line.split()[1:3] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("@prefix")
        )
        assert used
        for prefix, iri in used.items():
            assert PREFIXES.get(prefix.removesuffix(":")) == iri.strip("<>"), f"{path.name}: {prefix}"
