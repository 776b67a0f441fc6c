"""What is printed shows as what it is, whatever text it came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compas_graph.signs import code, in_one_line, printable

ANY = st.text(st.characters(exclude_categories=()))
JOINERS = "\u200c\u200d"
UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\ufe00\ufe0f\U000e0100\U000e01ef"
"""Some of Default_Ignorable_Code_Point that Python calls printable."""


@given(ANY)
def test_nothing_moves_the_cursor_turns_the_line_or_hides(text: str) -> None:
    """Controls, marks of direction, separators, surrogates, tags: only the joiners may stay, where they join."""
    assert "".join(sign for sign in printable(text) if sign not in JOINERS and not sign.isprintable()) == ""


@pytest.mark.parametrize("sign", ["\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\u200e", "\u061c", "\ufeff", "\u200b"])
@pytest.mark.parametrize("around", ["ab", "شب", "कख", "👩🚀", "東京"])
def test_no_script_lets_a_sign_of_control_in(sign: str, around: str) -> None:
    assert printable(f"{around[0]}{sign}{around[1]}") == f"{around[0]}{code(sign)}{around[1]}"


@pytest.mark.parametrize("sign", [*UNSEEN, *JOINERS, "\U000e0041"])
def test_what_shows_nothing_is_spelt_out_in_a_word(sign: str) -> None:
    """Or two names would look alike."""
    assert printable(f"pay{sign}pal") == f"pay{code(sign)}pal"


WORDS = [
    "می\u200cخواهم",
    "क\u094d\u200dष",
    "👨\u200d👩\u200d👧",
    "❤\ufe0f\u200d🔥",
    "1\ufe0f",
    "葛\U000e0100",
    "é e\u0301",
    "日産",
]


@pytest.mark.parametrize("word", WORDS)
def test_what_writing_needs_stays(word: str) -> None:
    """Persian, an Indic conjunct, a family, a burning heart, the form of an ideograph."""
    assert printable(word) == word


@given(ANY)
def test_a_printable_text_is_left_as_it_is(text: str) -> None:
    """So it does no harm to make one printable twice."""
    once = printable(text)
    assert printable(once) == once


@given(st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters=UNSEEN + "\u2800\u115f")))
def test_what_is_visible_is_left_alone(text: str) -> None:
    """In every script."""
    assert printable(text) == text


def test_a_byte_that_is_no_utf_8_is_not_the_sign_of_that_number() -> None:
    """Two names of files differ when they are shown."""
    assert printable(b"\x9b".decode("utf-8", "surrogateescape")) == r"\x9b"
    assert printable("\x9b") == r"\u009b"


def test_a_line_break_is_not_a_blank() -> None:
    assert in_one_line("a\nb") != in_one_line("a b")


@given(ANY, st.integers(20, 60))
def test_one_line_is_no_longer_than_asked_and_has_both_ends(text: str, most: int) -> None:
    line = in_one_line(text, most)
    assert len(line) <= most and len(line.splitlines()) <= 1
    assert line == printable(text) or " … " in line


@given(st.text("ab\n\x1b", min_size=2000))
def test_a_long_text_is_shown_by_its_ends(text: str) -> None:
    line = in_one_line(text, 60)
    assert line[:10] == printable(text)[:10] and line[-10:] == printable(text)[-10:]
