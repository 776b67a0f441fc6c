"""Messages say where, what is wrong and what would be right, in one line."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compas_graph import errors
from compas_graph.errors import (
    AmbiguousNameError,
    CompasGraphError,
    DataError,
    HeaderError,
    UnknownNameError,
    close_names,
    shorten,
)


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name.endswith("Error")])
def test_every_error_is_in_the_tree_that_the_docstring_draws(name: str) -> None:
    """One base class for all that callers meet, and none left out of the drawing."""
    assert issubclass(getattr(errors, name), CompasGraphError)
    assert name in (errors.__doc__ or "")


def test_the_faults_of_a_header_stay_apart() -> None:
    """A line each, also where the error was sent from another process."""
    for error in (HeaderError("a:1: b", "a:2: c"), pickle.loads(pickle.dumps(HeaderError("a:1: b", "a:2: c")))):
        assert error.lines == ("a:1: b", "a:2: c")
        assert str(error) == "a:1: b\na:2: c"
    assert DataError("a: b").lines == ("a: b",)


def test_an_unknown_name_offers_close_ones() -> None:
    """Best first, in their own spelling."""
    error = UnknownNameError("platform", "mfaa", ["MFA", "MFA next", "Oppama"])
    assert error.close[0] == "MFA"
    assert str(error).startswith("no platform is called 'mfaa'; did you mean MFA")


def test_an_unknown_name_with_nothing_close_says_where_to_look() -> None:
    """The hint stands only where there is nothing to offer."""
    assert str(UnknownNameError("thing", "zzz", ["MFA"], "look there")) == "no thing is called 'zzz'; look there"
    assert str(UnknownNameError("thing", "zzz", [])) == "no thing is called 'zzz'"


def test_an_ambiguous_name_lists_the_candidates() -> None:
    """So that one of them can be typed."""
    error = AmbiguousNameError("Twingo", ["id:a (A)", "id:b (B)"])
    assert error.candidates == ("id:a (A)", "id:b (B)")
    assert str(error) == "'Twingo' fits several things; name one of them: id:a (A), id:b (B)"


@given(st.text(), st.integers(5, 80))
def test_shortened_text_is_one_line_and_no_longer_than_asked(text: str, width: int) -> None:
    """Whatever stands in it; short lines stay."""
    short = shorten(text, width)
    assert len(short) <= width
    assert len(short.splitlines()) <= 1
    assert short == " ".join(text.split()) or short.endswith("…")


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=10))
def test_close_names_are_known_names_and_at_most_three(name: str, known: list[str]) -> None:
    """Nothing is made up, and a known name is offered first."""
    found = close_names(name, known)
    assert len(found) <= 3
    assert set(found) <= set(known)
    if name in known and len(name.casefold()) == len(name) <= 100 and name.strip():
        assert found[0].casefold() == name.casefold()
