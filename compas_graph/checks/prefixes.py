"""The prefixes that documents declare, and those of ours that they give another meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from compas_graph.checks.documents import Document
from compas_graph.checks.faults import Fault, Names
from compas_graph.checks.places import Place
from compas_graph.namespaces import PREFIXES

__all__ = ["other_prefixes", "prefixes_of"]

PREFIX = re.compile(rb"(?im)^[ \t]*@?prefix[ \t]+([\w.-]*):[ \t]*<([^<>\s]*)>")


def prefixes_of(documents: Iterable[Document]) -> dict[str, str]:
    """Return the prefixes that documents declare, the first declaration of each."""
    found: dict[str, str] = {}
    for document in documents:
        for prefix, space in PREFIX.findall(document.data):
            if space:
                found.setdefault(prefix.decode(errors="replace"), space.decode(errors="replace"))
    return found


def other_prefixes(documents: Iterable[Document], names: Names) -> Iterator[Fault]:
    """Yield a fault for each prefix of the project that a document declares for another namespace."""
    for document in documents:
        for found in PREFIX.finditer(document.data):
            prefix, space = found[1].decode(errors="replace"), found[2].decode(errors="replace")
            if PREFIXES.get(prefix, space) != space:
                yield Fault(
                    rule="prefix-is-ours",
                    severity="warning",
                    message=f"The prefix {prefix}: stands for one namespace in all files.",
                    value=f"<{space}>",
                    expected=f"<{PREFIXES[prefix]}>",
                    file=document.name,
                    place=_place(document, found.start(2) - 1, found.end(2) + 1),
                )


def _place(document: Document, start: int, end: int) -> Place:
    """Return the place of some bytes on one line."""
    before = re.split("\r\n?|\n", document.data[:start].decode(errors="replace"))
    line = re.split("\r\n?|\n", document.data[start:].decode(errors="replace"), maxsplit=1)[0]
    column = len(before[-1]) + 1
    width = len(document.data[start:end].decode(errors="replace"))
    return Place(document.name, len(before), column, before[-1] + line, column + width)
