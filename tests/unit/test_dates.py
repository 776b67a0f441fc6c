"""Partial dates: as precise as a text gives them, and no more."""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from compas_graph.dates import PartialDate, RelativeTime, limits, parse_partial, period, resolve
from compas_graph.words import phrase

days = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))
dates = st.builds(lambda day, parts: spell(day, parts), days, st.integers(1, 3))
recent = st.builds(
    lambda day, parts: spell(day, parts), st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.integers(1, 3)
)
BOUNDS = ("boundAt", "boundBy", "boundAfter", "boundAbout", "boundUntil", "")


def spell(day: date, parts: int) -> PartialDate:
    return "-".join(day.isoformat().split("-")[:parts]), ("gYear", "gYearMonth", "date")[parts - 1]


@given(days, st.integers(1, 3))
def test_the_period_of_a_partial_date_holds_the_days_that_begin_like_it(day: date, parts: int) -> None:
    """The first and the last day spell it, and the days around them do not."""
    value = spell(day, parts)
    first, last = period(value)
    assert first <= day <= last
    assert spell(first, parts) == spell(last, parts) == value
    assert first == date.min or spell(first - timedelta(1), parts) != value
    assert last == date.max or spell(last + timedelta(1), parts) != value


@given(days)
@example(date(2024, 2, 29))
@example(date(1900, 2, 28))
def test_february_ends_as_the_calendar_has_it(day: date) -> None:
    """Leap years have 29 days, hundreds not divisible by 400 have not."""
    assert period((f"{day.year:04d}-02", "gYearMonth"))[1].day == (29 if isleap(day.year) else 28)


@given(dates)
def test_what_is_parsed_is_what_was_spelt(value: PartialDate) -> None:
    """The number of parts gives the type, and a pair comes back unchanged."""
    assert parse_partial(value[0]) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "20",
        "02014",
        "2014-6",
        "2014-13",
        "2014-00",
        "2014-06-31",
        "2015-02-29",
        "2014-06-27Z",
        "2014Z",
        "-044",
        "0000",
        "2014-06-27-01",
        "２０１４",
        "2014-06 ",
        " 2014",
        "2014-06-27T00:00:00",
        "-2014",
        "2014-",
        "1e10",
        "20_1",
    ],
)
def test_what_is_no_partial_date_is_refused(text: str) -> None:
    """Not of the form, no such day, with a time zone, or in other digits than 0 to 9."""
    with pytest.raises(ValueError):
        parse_partial(text)


def test_a_form_that_does_not_fit_the_type_is_refused() -> None:
    """A month typed as a year is an error, not a year."""
    with pytest.raises(ValueError):
        period(("2014-06", "gYear"))


@given(dates, st.sampled_from(BOUNDS))
def test_limits_lie_within_what_the_bound_leaves_open(value: PartialDate, bound: str) -> None:
    """At has both sides, by only a last day, after only a first, anything else neither.

    About reaches as far beyond both ends as the date is long.
    """
    first, last = period(value)
    earliest, latest = limits(value, bound)
    if bound == "boundAbout":
        length = last - first + timedelta(days=1)
        assert earliest == (first - length if first - date.min >= length else None)
        assert latest == (last + length if date.max - last >= length else None)
        return
    assert earliest == (first if bound in ("boundAt", "boundAfter") else None)
    assert latest == (last if bound in ("boundAt", "boundBy") else None)


@given(recent, st.integers(-150, 150), st.sampled_from(("day", "month", "year")))
def test_a_relative_time_is_never_more_precise_than_publication(published: PartialDate, offset: int, unit: str) -> None:
    """Nor than its own unit."""
    found = resolve(published, RelativeTime(offset=offset, unit=unit))
    assume(found is not None)
    assert found is not None
    assert found[0].count("-") <= published[0].count("-")
    assert found[0].count("-") <= ("year", "month", "day").index(unit)
    assert parse_partial(found[0]) == found


@given(recent, st.integers(-150, 150))
def test_an_offset_in_years_moves_the_year(published: PartialDate, offset: int) -> None:
    """However precise publication is."""
    year = int(published[0][:4]) + offset
    assert resolve(published, RelativeTime(offset=offset, unit="year")) == (f"{year:04d}", "gYear")


@given(recent, st.integers(-600, 600))
def test_an_offset_in_months_moves_the_month_where_one_is_known(published: PartialDate, offset: int) -> None:
    """Months carry into years; from a year alone no month follows."""
    found = resolve(published, RelativeTime(offset=offset, unit="month"))
    if published[1] == "gYear":
        assert found == (published if offset == 0 else None)
    else:
        assert found is not None
        months = [int(text[:4]) * 12 + int(text[5:7]) for text in (published[0], found[0])]
        assert months[1] - months[0] == offset


@given(recent, st.integers(-600, 600))
def test_an_offset_in_days_needs_a_day(published: PartialDate, offset: int) -> None:
    """From a month or a year only what is at publication is known."""
    found = resolve(published, RelativeTime(offset=offset))
    if published[1] == "date":
        assert found is not None
        assert date.fromisoformat(found[0]) - date.fromisoformat(published[0]) == timedelta(days=offset)
    else:
        assert found == (published if offset == 0 else None)


@given(recent, st.integers(1, 7))
def test_a_weekday_is_the_last_one_up_to_publication(published: PartialDate, weekday: int) -> None:
    """On the day itself or up to six days before; unknown where the day of publication is."""
    found = resolve(published, RelativeTime(weekday=weekday))
    if published[1] != "date":
        assert found is None
        return
    assert found is not None and found[1] == "date"
    day, until = date.fromisoformat(found[0]), date.fromisoformat(published[0])
    assert day.isoweekday() == weekday
    assert timedelta(0) <= until - day < timedelta(7)


@given(recent)
def test_a_vague_relative_time_stays_vague(published: PartialDate) -> None:
    """Without offset and weekday nothing is worked out."""
    assert resolve(published, RelativeTime()) is None


@given(dates, dates)
def test_different_dates_are_phrased_differently_and_no_more_precisely(one: PartialDate, other: PartialDate) -> None:
    """As many words as parts, and no two dates alike."""
    assert len(phrase(one[0]).split()) == len(one[0].split("-"))
    assume(one != other)
    assert phrase(one[0]) != phrase(other[0])


@pytest.mark.parametrize(
    "text", ["soon", "2014-13", "2014-06-27Z", "-0044-03-15", "", "2014-00", "next-year", "12014-06-27"]
)
def test_what_is_no_partial_date_is_phrased_as_it_is(text: str) -> None:
    """Data that is wrong is for the shapes to report; an answer shows it as it stands."""
    assert phrase(text) == text
