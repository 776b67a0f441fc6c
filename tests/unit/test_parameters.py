"""The types of parameters: each is a row, and what its values are to choose from stands in one place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, Store

from compas_graph.errors import DataError, ValueTypeError
from compas_graph.parameters import TYPES, Asked, Parameter, offers, read
from compas_graph.query import parse_query
from compas_graph.store import iri

TOPIC = Parameter("topic", "subclass", "", iri("cg:Claim"))
EVENT = Parameter("event", "concept", "", iri("cg:milestones"))


def header(tmp_path: Path, said: str) -> Path:
    path = tmp_path / "mine.rq"
    text = f"#+ summary: What?\n#+ description: More.\n#+ none: a\n#+ tags: [a]\n#+ params:\n#+   x: {{{said}}}\n"
    path.write_text(text + "SELECT ?x {\n  VALUES ?x { UNDEF }\n}\n", "utf-8")
    return path


@pytest.mark.parametrize(
    "typed", ["jobs", "Jobs", "jobs claim", " JOBS  claim ", "cg:JobsClaim", iri("cg:JobsClaim").value]
)
def test_a_class_goes_by_its_label_whole_or_short_and_by_its_name(store: Store, typed: str) -> None:
    """Without regard to case; it is bound as its IRI."""
    assert read(Asked(TOPIC, typed, store)).values == [iri("cg:JobsClaim")]


@pytest.mark.parametrize("typed", ["", "job", "claim", "cg:Claim", "cg:Plant", "COMPAS", "cg:JobsClaim } #"])
def test_what_is_no_class_below_is_refused_with_those_that_are(store: Store, typed: str) -> None:
    """The class itself is not below itself."""
    with pytest.raises(ValueTypeError, match=r"--topic takes one of announcement, .*, site choice, .*, not '"):
        read(Asked(TOPIC, typed, store))


def test_the_classes_below_are_offered_at_any_depth(asserted: Callable[[str], Store]) -> None:
    """By what their label says beside that of the class asked for, whatever lies between."""
    store = asserted(
        'cg:Claim rdfs:label "claim"@en . cg:A rdfs:subClassOf cg:Claim ; rdfs:label "price claim"@en .'
        'cg:B rdfs:subClassOf cg:A ; rdfs:label "list price claim"@en .'
        'cg:C rdfs:subClassOf cg:A ; rdfs:label "tax"@en .'
    )
    assert offers(TOPIC, lambda: store) == ["list price", "price", "tax"]


def test_a_concept_is_bound_as_its_label(store: Store) -> None:
    """However its letters are written; what is of another list is refused."""
    assert read(Asked(EVENT, "Roll-Out", store)).values == [Literal("roll-out")]
    with pytest.raises(ValueTypeError, match=r"--event takes one of agreement, .*, not 'pickup'"):
        read(Asked(EVENT, "pickup", store))


def test_a_store_is_opened_only_for_what_stands_in_it() -> None:
    """The choices of a header need none."""

    def opened() -> Store:
        raise AssertionError("a store was opened")

    assert offers(Parameter("x", "choice", "", choices=("b", "a")), opened) == ["b", "a"]
    for name in ("date", "decimal", "integer", "string"):
        assert offers(Parameter("x", name, ""), opened) == []


@pytest.mark.parametrize("name", sorted(name for name, row in TYPES.items() if row.needs))
def test_a_type_is_refused_without_what_its_header_needs(tmp_path: Path, name: str) -> None:
    """The message names the parameter and the key."""
    with pytest.raises(DataError, match=f"parameter x lacks '{TYPES[name].needs}', which its type '{name}' needs"):
        parse_query(header(tmp_path, f"type: {name}, help: h"))


@pytest.mark.parametrize("key", ["class", "scheme"])
def test_a_class_that_is_no_name_is_refused(tmp_path: Path, key: str) -> None:
    """Else everything would be taken for one of it."""
    with pytest.raises(DataError, match=f"'{key}' of parameter x should be the name of a class or a scheme, .*'Claim'"):
        parse_query(header(tmp_path, f"type: entity, help: h, {key}: Claim"))


COMES_BACK: dict[str, tuple[str, object]] = {
    "date": ("2014-06-27", date(2014, 6, 27)),
    "decimal": ("1.50", Decimal("1.5")),
    "integer": ("+7", 7),
}
"""What is typed for each type with a datatype of its own, and what it is in Python."""


def test_a_value_comes_back_to_python_as_its_type() -> None:
    """A row that names a datatype binds literals of it, and says what makes a Python value of one."""
    assert set(COMES_BACK) == {name for name, row in TYPES.items() if row.datatype != "string"}
    for name, (text, expected) in COMES_BACK.items():
        row = TYPES[name]
        (value,) = read(Asked(Parameter("x", name, ""), text, Store())).values
        terms = [term for term in (value if isinstance(value, tuple) else (value,)) if isinstance(term, Literal)]
        assert {term.datatype for term in terms} == {iri(f"xsd:{row.datatype}")}
        assert {row.python(term.value) for term in terms} == {expected} and len(terms) == len(row.ends)
