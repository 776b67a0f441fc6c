"""What SHACL asks of literals: is one well-formed for its datatype, and which of two is less."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

from pyoxigraph import Literal

from compas_graph.shacl.index import Term

__all__ = ["LEXICAL", "RANGES", "XSD", "less", "of_datatype", "well_formed"]

XSD = "http://www.w3.org/2001/XMLSchema#"
STRING = XSD + "string"
ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
YEAR = r"-?([1-9]\d{3,}|0\d{3})"
MONTH, DAY = r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
CLOCK = r"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)"
DECIMAL = r"[+-]?(\d+(\.\d*)?|\.\d+)"
FLOAT = rf"({DECIMAL}([eE][+-]?\d+)?|[+-]?INF|NaN)"
WHOLE = r"[+-]?\d+"
B64 = "([A-Za-z0-9+/] ?)"
SECONDS = r"\d+(\.\d+)?S"
TIME_PART = rf"T(\d+H(\d+M)?({SECONDS})?|\d+M({SECONDS})?|{SECONDS})"

RANGES: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
"""The least and the greatest value of each whole-number datatype of XML Schema."""

LEXICAL = dict.fromkeys(RANGES, WHOLE) | {
    "decimal": DECIMAL,
    "float": FLOAT,
    "double": FLOAT,
    "boolean": "(true|false|1|0)",
    "date": f"{YEAR}-{MONTH}-{DAY}{ZONE}",
    "dateTime": f"{YEAR}-{MONTH}-{DAY}T{CLOCK}{ZONE}",
    "dateTimeStamp": f"{YEAR}-{MONTH}-{DAY}T{CLOCK}{ZONE[:-1]}",
    "time": CLOCK + ZONE,
    "gYear": YEAR + ZONE,
    "gYearMonth": f"{YEAR}-{MONTH}{ZONE}",
    "gMonth": f"--{MONTH}{ZONE}",
    "gDay": f"---{DAY}{ZONE}",
    "gMonthDay": f"--{MONTH}-{DAY}{ZONE}",
    "duration": rf"-?P((\d+Y(\d+M)?(\d+D)?|\d+M(\d+D)?|\d+D)({TIME_PART})?|{TIME_PART})",
    "dayTimeDuration": rf"-?P(\d+D({TIME_PART})?|{TIME_PART})",
    "yearMonthDuration": r"-?P(\d+Y(\d+M)?|\d+M)",
    "hexBinary": "([0-9a-fA-F]{2})*",
    "base64Binary": rf"({B64}{{4}})*({B64}{{3}}[A-Za-z0-9+/]|{B64}{{2}}[AEIMQUYcgkosw048] ?=|{B64}[AQgw] ?= ?=)?",
    "language": "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
}
"""The lexical form of each datatype of XML Schema that is not free text, as a regular expression."""

_PATTERNS = {XSD + name: re.compile(pattern, re.ASCII) for name, pattern in LEXICAL.items()}
_RANGES = {XSD + name: ends for name, ends in RANGES.items()}
_DAYS = re.compile(rf"{YEAR}-{MONTH}-{DAY}(?=T|Z|[+-]|$)")


@lru_cache(maxsize=65536)
def well_formed(value: str, datatype: str) -> bool:
    """Tell whether a lexical form is one of a datatype; of a datatype that is not XML Schema's, any is.

    >>> well_formed("300", XSD + "byte"), well_formed("2023-02-30", XSD + "date")
    (False, False)
    """
    pattern = _PATTERNS.get(datatype)
    if pattern is None:
        return True
    if not pattern.fullmatch(value):
        return False
    if datatype in _RANGES:
        least, most = _RANGES[datatype]
        number = Decimal(value)
        return (least is None or number >= least) and (most is None or number <= most)
    if _DAYS.match(value):
        year, month, day = re.findall(r"\d+", value)[:3]
        return int(day) <= _days_in(int(year[-4:]), int(month))
    return True


def _days_in(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def of_datatype(datatype: str) -> Callable[[Term], bool]:
    """Return the test whether a term is a well-formed literal of a datatype."""
    free = datatype not in _PATTERNS

    def test(term: Term) -> bool:
        return (
            isinstance(term, Literal)
            and term.datatype.value == datatype
            and (free or well_formed(term.value, datatype))
        )

    return test


def less(one: Term, other: Term) -> bool | None:
    """Tell whether one literal is less than another as SPARQL's `<` has it, None where they cannot be compared."""
    first, second = _key(one), _key(other)
    if first is None or second is None or first[0] != second[0]:
        return None
    kind, left = first
    right = second[1]
    if kind in MOMENTS:
        return _earlier(left, right)
    if left != left or right != right:
        return None  # not a number
    return bool(left < right)


@lru_cache(maxsize=65536)
def _key(term: Term) -> tuple[str, Any] | None:
    """Return the kind of value that a literal has and the value, None where it has none that can be compared."""
    if not isinstance(term, Literal):
        return None
    datatype, value = term.datatype.value, term.value
    if datatype == STRING:
        return "string", value
    if datatype not in _PATTERNS or not well_formed(value, datatype):
        return None
    name = datatype.removeprefix(XSD)
    if name in RANGES or name == "decimal":
        return "number", Decimal(value)
    if name in ("float", "double"):
        return "number", _exact(float(value.replace("INF", "inf")))
    if name == "boolean":
        return "boolean", value in ("true", "1")
    moment = _moment(value) if name in MOMENTS else None
    return None if moment is None else (MOMENTS[name], moment)


def _exact(number: float) -> Decimal | float:
    """Return a finite number such that it compares exactly with a decimal one."""
    return Decimal(number) if isfinite(number) else number


MOMENTS = {name: name for name in ("dateTime", "date", "time", "gYear", "gYearMonth")} | {"dateTimeStamp": "dateTime"}
_PARTS = re.compile(
    r"(?:(?P<year>-?\d{4,})(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?)?T?"
    r"(?:(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?P<part>\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?"
)


def _moment(value: str) -> tuple[datetime, bool] | None:
    """Return the first moment of a date or time, in universal time where it has a zone, and whether it has one."""
    found = _PARTS.fullmatch(value)
    if found is None:
        return None
    year, month, day, hour, minute, second = (
        int(found[name] or least)
        for name, least in (("year", 2000), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))
    )
    try:
        moment = datetime(year, month, day) + timedelta(hours=hour, minutes=minute, seconds=second)
        moment += timedelta(seconds=float(found["part"] or 0)) - _offset(found["zone"])
    except (ValueError, OverflowError):  # years that Python does not count
        return None
    return moment, found["zone"] is not None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta()
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
    return -offset if zone[0] == "-" else offset


def _earlier(one: tuple[datetime, bool], other: tuple[datetime, bool]) -> bool | None:
    """Compare two moments; one with and one without a zone only if they are more than 14 hours apart."""
    (first, zoned), (second, zoned_too) = one, other
    if zoned != zoned_too and abs(first - second) <= timedelta(hours=14):
        return None
    return first < second
