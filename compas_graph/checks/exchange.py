"""Findings as other programs read them: JSON, SARIF 2.1.0 and JUnit XML; and in words that every format shares.

What is written here is ASCII, so that no console or pipe can spoil it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from compas_graph.checks.baseline import identity
from compas_graph.checks.findings import SEVERITIES, Finding, Report
from compas_graph.errors import shorten
from compas_graph.files import here, spelt
from compas_graph.namespaces import BASE
from compas_graph.signs import printable
from compas_graph.version import __version__

__all__ = ["by_rule", "explained", "json_text", "junit", "sarif", "summary"]

FIELDS = (
    "file", "line", "column", "endColumn", "severity", "rule", "message",
    "focus", "node", "path", "value", "expected", "hint", "source",
)  # fmt: skip
LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
"""How grave a finding is, in the words of SARIF."""
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def explained(finding: Finding) -> list[str]:
    """Return what there is to say of a finding, as far as it is known, each in a line.

    The sentence of its rule; what was found, expected and perhaps meant; what it is about, and whose word that is.
    """
    found = f"found {_short(finding.value)}" if finding.value else ""
    told = finding.expected and finding.expected in finding.message
    expected = f"expected {_short(finding.expected)}" if finding.expected and not told else ""
    node = " ".join(part for part in (finding.focus, finding.path) if part)
    lines = (
        printable(shorten(finding.message, 1000)),
        _joined("; ", _joined(", ", found, expected), _short(finding.hint)),
        _joined(" — ", _short(node), _short(finding.source)),
    )
    return [line for line in lines if line]


def _short(text: str) -> str:
    return printable(shorten(text, 200))


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)


def summary(report: Report) -> str:
    """Return what was gone over and what was found, as one line."""
    counts = Counter(one.severity for one in report.findings)
    found = [_number(counts[name], name, "" if name == "info" else "s") for name in SEVERITIES if counts[name]]
    amount = f"{_number(report.triples, 'triple')} in {_number(report.files, report.unit)}"
    return f"{amount}: {', '.join(found) or 'all rules hold'}"


def _number(number: int, what: str, ending: str = "s") -> str:
    return f"{number:,} {what}{ending if number != 1 else ''}"


def by_rule(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return findings by the rule that they break."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(one.rule, []).append(one)
    return found


def json_text(report: Report) -> str:
    """Return a report as one JSON object, a line for each finding; null is what is not known."""
    findings = [
        {
            name: (one.place and one.place.end_column) if name == "endColumn" else getattr(one, name) or None
            for name in FIELDS
        }
        for one in (replace(one, file=spelt(one.file)) for one in report.findings)
    ]
    head = {"conforms": report.conforms, "files": report.files, "triples": report.triples, "notes": report.notes}
    lines = ",\n".join(map(json.dumps, findings))
    return f'{json.dumps(head)[:-1]}, "findings": [\n{lines}\n]}}\n'


def sarif(report: Report) -> str:
    """Return a report as a SARIF log of one run."""
    rules = by_rule(report.findings)
    driver = {
        "name": "compas-graph",
        "informationUri": BASE,
        "semanticVersion": __version__,
        "rules": [_rule(name, found) for name, found in rules.items()],
    }
    notes = [{"level": "note", "message": {"text": _braced(printable(note))}} for note in report.notes]
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "columnKind": "unicodeCodePoints",
        "results": list(_sarif_results(report.findings, list(rules))),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(name: str, found: Sequence[Finding]) -> dict[str, Any]:
    """Return a rule as SARIF describes it; its sentence is the message, where all findings have the same."""
    said = {one.message for one in found}
    text = shorten(printable(found[0].message), 1000) if len(said) == 1 else ""
    sentence = {"text": _braced(text or f"The rule {name}.")}
    level = {"level": LEVELS[found[0].severity]}
    return {
        "id": name,
        "shortDescription": sentence,
        "fullDescription": sentence,
        "help": sentence,
        "defaultConfiguration": level,
    }


def _sarif_results(findings: Sequence[Finding], rules: list[str]) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    index = {name: number for number, name in enumerate(rules)}
    uris = {name: _uri(name) for name in {one.file for one in findings}}
    for one in findings:
        known = identity(one)._replace(file=uris[one.file])
        digest = sha256(json.dumps(known).encode()).hexdigest()[:32]
        seen[digest] += 1
        yield {
            "ruleId": one.rule,
            "ruleIndex": index[one.rule],
            "level": LEVELS[one.severity],
            "message": {"text": _braced("\n".join(explained(one)))},
            "locations": [_location(one, uris[one.file])],
            "partialFingerprints": {"compasGraphFinding/v1": f"{digest}:{seen[digest]}"},
        }


def _location(finding: Finding, uri: str) -> dict[str, Any]:
    """Return where a finding stands; GitHub refuses a log in which a single one has no file and region."""
    line, column = finding.line or 1, finding.column or 1
    end = finding.place.end_column if finding.place else column
    region = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": max(end, column)}
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
    if finding.focus:
        name = finding.focus
        place["logicalLocations"] = [{"name": name, "fullyQualifiedName": finding.node or name, "kind": "resource"}]
    return place


def _uri(name: str) -> str:
    """Return the name of a file as a URI, relative where it lies below the working folder."""
    path = Path(name)
    if path.is_absolute():
        folder = here()
        inside = folder is not None and path.is_relative_to(folder)
        return quote(os.fsencode(path.relative_to(folder).as_posix())) if folder and inside else path.as_uri()
    return quote(os.fsencode(name.replace(os.sep, "/"))) or "."


def _braced(text: str) -> str:
    """Return a text as SARIF wants it in a message, where single braces hold numbers of arguments."""
    return text.replace("{", "{{").replace("}", "}}")


def junit(report: Report) -> str:
    """Return a report as JUnit XML: a case for each file and rule broken, or one that passes.

    Only signs that XML allows are in it, as all others are escaped.
    """
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    cases: dict[tuple[str, str], list[Finding]] = {}
    for one in report.findings:
        cases.setdefault((one.file, one.rule), []).append(one)
    counts = {
        "name": "compas-graph check",
        "tests": f"{len(cases) or 1}",
        "failures": f"{len(cases)}",
        "errors": "0",
    }
    suites = Element("testsuites", counts)
    suite = SubElement(suites, "testsuite", counts)
    for (file, rule), found in cases.items():
        first = found[0]
        case = SubElement(suite, "testcase", {"classname": printable(file) or "graph", "name": printable(rule)})
        failure = SubElement(case, "failure", {"type": first.severity, "message": printable(first.message)})
        failure.text = "".join(_junit_line(one) for one in found)
    if not cases:
        SubElement(suite, "testcase", {"classname": "compas-graph", "name": "all rules hold"})
    SubElement(suite, "system-out").text = "\n".join([*map(printable, report.notes), summary(report)])
    indent(suites)
    data: bytes = tostring(suites, "us-ascii", xml_declaration=True)
    return data.decode("ascii") + "\n"


def _junit_line(finding: Finding) -> str:
    where = _joined(": ", printable(finding.where), finding.severity)
    return f"{where}: " + "\n    ".join(explained(finding)) + "\n"
