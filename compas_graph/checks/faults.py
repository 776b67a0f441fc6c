"""Faults as the rules find them, in terms; `placing` makes findings of them, in words and with places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from compas_graph.checks.places import Place
from compas_graph.errors import close_names
from compas_graph.namespaces import PREFIXES, compact
from compas_graph.shacl.index import Term
from compas_graph.shacl.results import Result

__all__ = ["Fault", "Names", "local_name"]


@dataclass(frozen=True)
class Fault:
    """A broken rule: what it is about, the statement at fault if there is one, and what would be right.

    `file` and `place` are where it stands if no statement tells; `at` is another statement to be marked than the focus
    node's own, `verb` says that its predicate is to be marked.
    """

    rule: str
    severity: str
    message: str
    focus: Term | None = None
    predicate: NamedNode | None = None
    object: Term | None = None
    path: str = ""
    value: str = ""
    expected: str = ""
    hint: str = ""
    file: str = ""
    result: Result | None = None
    at: Triple | None = None
    place: Place | None = None
    verb: bool = False


class Names:
    """Terms as people write them: with the prefixes of the files that are checked, and those of the project."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        own = {prefix: space for prefix, space in prefixes.items() if PREFIXES.get(prefix, space) == space}
        self._by_length = sorted(own.items(), key=lambda item: -len(item[1]))

    def __call__(self, term: Term | None) -> str:
        """Return a term as Turtle writes it, as short as the prefixes allow; of None, nothing."""
        if term is None:
            return ""
        if isinstance(term, Triple):
            return f"<<( {self(term.subject)} {self(term.predicate)} {self(term.object)} )>>"
        if isinstance(term, BlankNode):
            return "[]"  # its label is another in every run
        if not isinstance(term, NamedNode):
            return _literal(term, self)
        name = compact(term.value)
        if not name.startswith("<"):
            return name
        for prefix, space in self._by_length:
            local = term.value.removeprefix(space)
            if len(local) < len(term.value) and local and not set(local) & set("/#:<>()[]'\""):
                return f"{prefix}:{local}"
        return name

    def close(self, term: NamedNode, known: Iterable[Term]) -> str:
        """Return a question that offers the known terms spelt most like one, or nothing."""
        by_name = {local_name(one): one for one in known if isinstance(one, NamedNode)}
        found = [self(by_name[name]) for name in close_names(local_name(term), by_name) if name != local_name(term)]
        return f"did you mean {' or '.join(found)}?" if found else ""


def _literal(term: Term, names: Names) -> str:
    if isinstance(term, Literal) and term.datatype.value in PLAIN and PLAIN[term.datatype.value].fullmatch(term.value):
        return term.value
    text, caret, datatype = str(term).rpartition('"^^<')
    return f'{text}"^^{names(NamedNode(datatype[:-1]))}' if caret and datatype.endswith(">") else str(term)


PLAIN = {
    "http://www.w3.org/2001/XMLSchema#integer": re.compile(r"[+-]?\d{1,100}"),
    "http://www.w3.org/2001/XMLSchema#decimal": re.compile(r"[+-]?\d{0,50}\.\d{1,50}"),
    "http://www.w3.org/2001/XMLSchema#boolean": re.compile("true|false"),
}
"""The datatypes of literals that Turtle writes without quotes."""


def local_name(term: Term) -> str:
    """Return the last part of an IRI.

    >>> local_name(NamedNode("https://example.org/terms#planned"))
    'planned'
    """
    iri = term.value if isinstance(term, NamedNode) else str(term)
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri
