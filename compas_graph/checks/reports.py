"""Reports for people: how findings are shown in a terminal, and beside the lines of a change on GitHub.

Of the findings of one rule the first few are shown, the others counted, unless everything is wanted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from unicodedata import combining, east_asian_width

from compas_graph.checks.exchange import by_rule, explained, summary
from compas_graph.checks.findings import Finding, Report
from compas_graph.signs import printable

__all__ = ["github", "text"]

MOST = 3
"""How many findings of one rule are shown."""
WIDEST = 100
"""How many columns a source line may take; of a longer one the part around the mark is shown."""
TAB = " " * 4
COMMANDS = {"violation": "error", "warning": "warning", "info": "notice"}
"""What GitHub calls the annotation for each severity."""


def text(report: Report, *, everything: bool = False) -> str:
    """Return a report as a compiler gives it: place, sentence, source line, and what would be right."""
    blocks = "".join(f"{block}\n\n" for block in _shown(report, everything, _block))
    return blocks + _end(report)


def github(report: Report, *, everything: bool = False) -> str:
    """Return a report as workflow commands, which GitHub shows beside the lines of a change."""
    return "".join(f"{line}\n" for line in _shown(report, everything, _annotation)) + _end(report)


def _end(report: Report) -> str:
    return "".join(f"{line}\n" for line in [*(f"note: {printable(note)}" for note in report.notes), summary(report)])


def _shown(report: Report, everything: bool, write: Callable[[Finding], str]) -> Iterator[str]:
    """Yield the findings to be shown, each as `write` gives it, and after the last of a rule how many are left."""
    rules, told = by_rule(report.findings), Counter[str]()
    for one in report.findings:
        told[one.rule] += 1
        if everything or told[one.rule] <= MOST:
            yield write(one)
        if not everything and told[one.rule] == MOST < len(rules[one.rule]):
            yield f"… and {len(rules[one.rule]) - MOST:,} more of the same kind (--all shows them)"


def _block(finding: Finding) -> str:
    sentence, *more = explained(finding) or [""]
    where = f"{printable(finding.where)}: " if finding.where else ""
    head = f"{where}{finding.severity}: {sentence} [{printable(finding.rule)}]"
    return "\n".join([head, *_excerpt(finding), *(f"      {line}" for line in more)])


def _excerpt(finding: Finding) -> Iterator[str]:
    """Yield the line at fault and the marks below it; of a long line what stands around the mark."""
    place = finding.place
    if place is None:
        return
    start = min(place.column - 1, len(place.text))
    end = max(place.end_column - 1, start)
    marked = _fitting(place.text[start:end], WIDEST)
    room = WIDEST - _columns(marked)
    after = _fitting(place.text[end:], room)
    before = _fitting(place.text[:start], max(room // 2, room - _columns(after)), last=True)
    after = _fitting(place.text[end:], room - _columns(before))
    number = str(place.line).rjust(5)
    yield f"{number} | {before}{marked}{after}".rstrip()
    yield f"{' ' * len(number)} | {' ' * _columns(before)}{'^' * max(1, _columns(marked))}"


def _fitting(text: str, room: int, *, last: bool = False) -> str:
    """Return as much of the start of a text as fits into some columns, or of its end, and a sign where it is cut."""
    if len(text) <= room and text.isascii() and text.isprintable():
        return text
    most = 2 * room  # signs that take no column are drawn over the one before
    part = text[max(0, len(text) - most) :][::-1] if last else text[:most]
    drawn: list[str] = []
    left, cut = room, len(part) < len(text)
    for sign in part:
        drawn.append(TAB if sign == "\t" else printable(sign))
        left -= _columns(drawn[-1])
    while drawn and left < (1 if cut else 0):
        left, cut = left + _columns(drawn.pop()), True
    drawn += ["…"] if cut and room else []
    return "".join(drawn[::-1] if last else drawn)


def _columns(text: str) -> int:
    """Return how many columns a text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _annotation(finding: Finding) -> str:
    """Return a finding as a workflow command of GitHub."""
    end = finding.place.end_column if finding.place else 0
    given = {
        "file": Path(finding.file).as_posix() if finding.file else "",
        "line": finding.line or "",
        "endLine": finding.line or "",
        "col": finding.column or "",
        "endColumn": end or "",
        "title": finding.rule,
    }
    said = "\n".join(explained(finding))
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in given.items() if value)
    return f"::{COMMANDS[finding.severity]} {properties}::{_data(said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text, keep="\r\n")).replace(":", "%3A").replace(",", "%2C")
