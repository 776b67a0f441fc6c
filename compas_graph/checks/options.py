"""What the options of `check` can be. A format is one row: what writes it is imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from compas_graph.checks.findings import Report

__all__ = ["ENGINES", "FORMATS", "INFERENCE", "SEVERITIES", "Format", "written"]

ENGINES = ("own", "pyshacl")
INFERENCE = ("none", "rdfs", "owl-rl")
SEVERITIES = ("violation", "warning", "info")
"""How grave a finding can be, the gravest first."""


class Format(NamedTuple):
    """A format of reports: the module of this package and the function in it that makes a text of a report.

    `brief` tells that the first findings of a rule stand for the others, unless everything is wanted; `people` that
    it is for a terminal, and not for a program that reads it as it stands.
    """

    writer: str
    brief: bool = False
    people: bool = False


FORMATS: dict[str, Format] = {
    "text": Format("reports.text", brief=True, people=True),
    "json": Format("exchange.json_text"),
    "sarif": Format("exchange.sarif"),
    "junit": Format("exchange.junit"),
    "github": Format("reports.github", brief=True),
    "turtle": Format("report_graph.turtle"),
}


def written(report: Report, name: str, *, everything: bool = False) -> str:
    """Return a report in the format of that name, its last line ended."""
    form = FORMATS[name]
    module, _, function = form.writer.partition(".")
    write = getattr(import_module(f"compas_graph.checks.{module}"), function)
    text: str = write(report, everything=everything) if form.brief else write(report)
    return text
