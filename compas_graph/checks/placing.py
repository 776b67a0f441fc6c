"""Faults put in their places: which file, line and column, and which claim's source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, NamedNode, Store

from compas_graph.checks.documents import Document
from compas_graph.checks.faults import Fault, Names
from compas_graph.checks.findings import Finding
from compas_graph.checks.places import Place, Wanted, locate
from compas_graph.citations import citations
from compas_graph.shacl.index import Term

__all__ = ["findings_of"]


def findings_of(
    faults: Iterable[Fault], documents: Sequence[Document], names: Names, store: Store | None
) -> tuple[Finding, ...]:
    """Return the findings that faults are, in order of place, each once; `store` tells the sources of claims."""
    listed = list(dict.fromkeys(faults))
    places = _places(listed, documents)
    nodes = {fault.focus for fault in listed if isinstance(fault.focus, NamedNode)}
    sources = citations(store, nodes) if store is not None and nodes else {}
    return tuple(
        sorted(
            _finding(fault, place, names, sources.get(fault.focus, "") if isinstance(fault.focus, NamedNode) else "")
            for fault, place in zip(listed, places, strict=True)
        )
    )


def _finding(fault: Fault, place: tuple[str, Place | None], names: Names, source: str) -> Finding:
    file, token = place
    return Finding(
        file=file,
        line=token.line if token else 0,
        column=token.column if token else 0,
        rule=fault.rule,
        severity=fault.severity,
        message=fault.message,
        focus=names(fault.focus),
        path=fault.path,
        value=fault.value,
        expected=fault.expected,
        hint=fault.hint,
        source=source,
        node=fault.focus.value if isinstance(fault.focus, NamedNode) else "",
        place=token,
        result=fault.result,
    )


def _places(faults: Sequence[Fault], documents: Sequence[Document]) -> list[tuple[str, Place | None]]:
    """Return the file of each fault and the place in it, as far as they are known."""
    wanted: dict[int, Wanted] = {}
    for number, fault in enumerate(faults):
        if fault.at is not None and isinstance(fault.at.subject, NamedNode | BlankNode):
            wanted[number] = Wanted(fault.at.subject, fault.at.predicate, fault.at.object, fault.verb)
        elif isinstance(fault.focus, NamedNode | BlankNode):
            wanted[number] = Wanted(fault.focus, fault.predicate, fault.object, fault.verb)
    best: dict[int, tuple[int, Document]] = {}
    by_subject: dict[Term, list[int]] = {}
    for number, one in wanted.items():
        by_subject.setdefault(one.subject, []).append(number)
    for document in documents:
        for quad in document.quads:
            for number in by_subject.get(quad.subject, ()):
                one = wanted[number]
                same = quad.predicate == one.predicate
                near = 1 + same + (same and quad.object == one.object)
                if near > best.get(number, (0, document))[0]:
                    best[number] = near, document
    found: list[tuple[str, Place | None]] = [(fault.file, fault.place) for fault in faults]
    for document in documents:
        numbers = [number for number, (_, chosen) in best.items() if chosen is document]
        for number, place in zip(numbers, locate(document, [wanted[n] for n in numbers]), strict=True):
            found[number] = document.name, place
    return found
