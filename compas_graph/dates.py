"""Dates as precise as a text gives them: a year, a month or a day.

A partial date is the pair of its lexical form and the local name of its XSD type.

>>> period(("2015-07", "gYearMonth"))
(datetime.date(2015, 7, 1), datetime.date(2015, 7, 31))
>>> limits(("2020", "gYear"), "boundBy")
(None, datetime.date(2020, 12, 31))
>>> resolve(("2014-06", "gYearMonth"), RelativeTime(offset=1, unit="year"))
('2015', 'gYear')
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from compas_graph.errors import shorten

__all__ = ["PartialDate", "RelativeTime", "limits", "parse_partial", "period", "resolve"]

PartialDate = tuple[str, str]
FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
TYPES = {1: "gYear", 2: "gYearMonth", 3: "date"}


class RelativeTime(NamedTuple):
    """How far from publication a time lies: units after it, or the last given weekday up to it."""

    offset: int | None = None
    unit: str = "day"
    weekday: int | None = None


def parse_partial(text: str) -> PartialDate:
    """Return the partial date that `text` spells (YYYY, YYYY-MM or YYYY-MM-DD), or raise ValueError."""
    found = (text, TYPES.get(text.count("-") + 1, ""))
    period(found)
    return found


def period(value: PartialDate) -> tuple[date, date]:
    """Return the first and the last day of a partial date; raise ValueError where it is none."""
    text, kind = value
    found = FORM.fullmatch(text)
    try:
        if found is None or TYPES[text.count("-") + 1] != kind:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in found.groups())
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise ValueError(f"'{shorten(text)}' is no date of the form YYYY, YYYY-MM or YYYY-MM-DD") from error
    if day is not None:
        return first, first
    if month is None or month == 12:
        return first, date(first.year, 12, 31)
    return first, date(first.year, month + 1, 1) - timedelta(days=1)


def limits(value: PartialDate, bound: str) -> tuple[date | None, date | None]:
    """Return the earliest and latest day for a date with its bound; None where that side is open."""
    first, last = period(value)
    span = last - first + timedelta(days=1)
    return {
        "boundAt": (first, last),
        "boundBy": (None, last),
        "boundAfter": (first, None),
        "boundAbout": (_moved(first, -span), _moved(last, span)),
    }.get(bound, (None, None))


def _moved(day: date, span: timedelta) -> date | None:
    """Return a day moved by a span, None where the calendar ends."""
    try:
        return day + span
    except OverflowError:
        return None


def resolve(published: PartialDate, relative: RelativeTime) -> PartialDate | None:
    """Return the date that a relative time stands for, no more precise than publication allows."""
    first, last = period(published)
    if relative.weekday is not None:
        if first != last:
            return None
        back = (first.isoweekday() - relative.weekday) % 7
        return (first - timedelta(days=back)).isoformat(), "date"
    if relative.offset is None:
        return None
    if relative.unit == "year":
        return f"{first.year + relative.offset:04d}", "gYear"
    if relative.unit == "month" and published[1] != "gYear":
        months = first.year * 12 + first.month - 1 + relative.offset
        return f"{months // 12:04d}-{months % 12 + 1:02d}", "gYearMonth"
    if relative.unit == "day" and first == last:
        return (first + timedelta(days=relative.offset)).isoformat(), "date"
    return published if relative.offset == 0 else None
