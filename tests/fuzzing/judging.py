"""What must hold of every run, whatever it was given."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from pyoxigraph import RdfFormat, parse

__all__ = ["Case", "Outcome", "faults"]

LONGEST_LINE = 2_000
SPARE = 8.0
"""For how many seconds beyond its limit a run may last: what is counted is the worker's time, not the machine's."""


class Case(NamedTuple):
    """Something to run: arguments, the files that they name, and what it is allowed."""

    arguments: list[str]
    files: dict[str, bytes]
    finds: bool = False
    """Exit code 1, found wanting, is an answer."""
    seconds: float = 30.0
    form: str = "text"


class Outcome(NamedTuple):
    """What came of a run."""

    code: int
    out: bytes
    err: bytes
    seconds: float
    calls: int
    """How often the server was called that must not be."""


def faults(case: Case, outcome: Outcome) -> Iterator[str]:
    """Yield what is wrong with a run."""
    err = outcome.err.decode("utf-8", "replace")
    lines = err.splitlines()
    if outcome.code not in ((0, 1, 2) if case.finds else (0, 2)):
        yield f"exit code {outcome.code}"
    if "Traceback" in err or "fault of this program" in err:
        yield "a fault of the program"
    if outcome.code == 2 and not err.startswith("compas-graph: "):
        yield "exit code 2 without its line"
    if outcome.code == 2 and outcome.out:
        yield "exit code 2 with output"
    if any(len(line) > LONGEST_LINE for line in lines):
        yield f"a message of {max(map(len, lines)):,} signs"
    if found := _unseen(err):
        yield f"{found} on standard error"
    if outcome.seconds > case.seconds + SPARE:
        yield f"{outcome.seconds:.1f} s with a limit of {case.seconds:g}"
    if outcome.calls:
        yield "another server was called"
    if outcome.code in (0, 1) and (wrong := _output(case, outcome)):
        yield wrong


def _unseen(text: str) -> str:
    """Return the name of a sign that moves the cursor, is invisible or turns a line around, '' if there is none."""
    for sign in text:
        if sign != "\n" and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            return f"U+{ord(sign):04X}"
    return ""


def _output(case: Case, outcome: Outcome) -> str:
    """Return what is wrong with an answer in the format that was asked for, '' if nothing is."""
    try:
        text = outcome.out.decode("utf-8")
        match case.form:
            case "json":
                conforms = json.loads(text).get("conforms")
                if conforms is not None and case.finds and conforms != (outcome.code == 0):
                    return f"conforms is {conforms} with exit code {outcome.code}"
            case "sarif":
                json.loads(text)
            case "junit" | "xml":
                ElementTree.fromstring(text)
            case "turtle":
                list(parse(text, RdfFormat.TURTLE))
            case "text" | "table" | "markdown" | "github":
                if found := _unseen(text):
                    return f"{found} on standard output"
    except (ValueError, SyntaxError, ElementTree.ParseError) as error:
        return f"output that is no {case.form}: {error}"
    return ""
