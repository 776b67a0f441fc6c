"""Dates and numbers in words, as answers for people show them; what is neither is shown as it stands."""

from __future__ import annotations

import re

__all__ = ["grouped", "phrase"]

DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")
NUMBER = re.compile(r"([+-]?)([0-9]+)(\.[0-9]+)?")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def phrase(text: str) -> str:
    """Return a partial date as people write it.

    >>> phrase("2014-06-27"), phrase("2014-06"), phrase("2014")
    ('27 June 2014', 'June 2014', '2014')
    """
    found = DATE.fullmatch(text)
    if found is None or found[2] is None:
        return text
    day = f"{int(found[3])} " if found[3] else ""
    return f"{day}{MONTHS[int(found[2]) - 1]} {found[1]}"


def grouped(text: str) -> str:
    """Return a number with its digits grouped.

    >>> grouped("230000"), grouped("-1234.50"), grouped("many")
    ('230,000', '-1,234.50', 'many')
    """
    found = NUMBER.fullmatch(text)
    return text if found is None else f"{found[1]}{int(found[2]):,}{found[3] or ''}"
