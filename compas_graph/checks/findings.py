"""What a check finds, whatever found it: a shape, the ontology, a rule of hygiene, or a text."""

from __future__ import annotations

from dataclasses import dataclass, field

from compas_graph.checks.options import SEVERITIES
from compas_graph.checks.places import Place

__all__ = ["SEVERITIES", "Finding", "Report"]


@dataclass(frozen=True, order=True)
class Finding:
    """One fault: which rule was broken, by what, where it stands, and what would be right.

    `rule` is a stable name, the same in every run; `message` is the sentence that the rule states.
    `focus`, `path` and `value` are written as people write them (prefixed names, SPARQL paths), `node`
    is the focus node's IRI in full; what is not known is empty. `source` cites the claim at fault.
    `result` holds what the standard report graph says of it, for findings of shapes.
    """

    file: str
    line: int
    column: int
    rule: str
    severity: str
    message: str
    focus: str = ""
    path: str = ""
    value: str = ""
    expected: str = ""
    hint: str = ""
    source: str = ""
    node: str = ""
    place: Place | None = field(default=None, compare=False)
    result: object | None = field(default=None, compare=False)

    @property
    def where(self) -> str:
        """Return `file:line:column`, or as much of it as is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True)
class Report:
    """What a check found, in order of place, and what it went over: how many files and triples, and which.

    `unit` is what `files` counts: files, or graphs of a store.
    """

    findings: tuple[Finding, ...]
    files: int
    triples: int
    notes: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()
    unit: str = "file"

    @property
    def conforms(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings

    def at_least(self, severity: str) -> tuple[Finding, ...]:
        """Return the findings that are as grave as `severity` or graver."""
        wanted = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return tuple(one for one in self.findings if one.severity in wanted)
