r"""Turtle as this program writes it: the one place where RDF becomes Turtle, for an export as for a terminal.

A sign that does not show as what it is stands there by its number, as `\u202E`: that is the same data, valid
whatever the sign, and harmless where it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import groupby

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from compas_graph.namespaces import PREFIXES, compact
from compas_graph.signs import printable

__all__ = ["TYPE", "Terms", "blocks", "headed", "turtle"]

TYPE = PREFIXES["rdf"] + "type"
XSD = PREFIXES["xsd"]
PLAIN = {XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"), XSD + "boolean": re.compile(r"true|false")}
"""Which literals are written without quotes: those in canonical form, which no reader can take otherwise."""
SHORT = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def turtle(triples: Iterable[Triple]) -> str:
    """Return triples as a document of Turtle, sorted, under the prefixes that they use."""
    terms = Terms()
    ordered: list[Triple] = sorted(triples, key=_place)
    return headed(terms, blocks(ordered, terms))


def _place(triple: Triple) -> tuple[str, bool, str, str]:
    """Return what a triple is sorted by; a type comes first of what is said of a thing."""
    predicate = triple.predicate.value
    return str(triple.subject), predicate != TYPE, predicate, str(triple.object)


class Terms:
    """What writes terms, and knows which prefixes it used.

    A prefix in `without` is not used. `numbered` blank nodes are called as they come, so that the same triples give
    the same text whatever their labels.
    """

    def __init__(self, without: Collection[str] = (), *, numbered: bool = False) -> None:
        self.without = without
        self.used: set[str] = set()
        self.name = cache(self._name)
        self._labels: dict[str, str] | None = {} if numbered else None

    def __call__(self, term: NamedNode | BlankNode | Literal | Triple) -> str:
        """Return a term as Turtle writes it."""
        if isinstance(term, NamedNode):
            return self.name(term.value)
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, Triple):
            return f"<<( {self(term.subject)} {self(term.predicate)} {self(term.object)} )>>"
        if self._labels is None:
            return str(term)
        return self._labels.setdefault(term.value, f"_:b{len(self._labels) + 1}")

    def _name(self, iri: str) -> str:
        """Return the prefixed name of an IRI, or the IRI in angle brackets."""
        name = compact(iri)
        prefix = name.partition(":")[0]
        if name.startswith("<") or prefix in self.without:
            return f"<{printable(iri, _number)}>"
        self.used.add(prefix)
        return name

    def _literal(self, literal: Literal) -> str:
        datatype = literal.datatype.value
        if datatype in PLAIN and PLAIN[datatype].fullmatch(literal.value):
            return literal.value
        text = f'"{printable(literal.value.translate(SHORT), _number)}"'
        if literal.language:
            return f"{text}@{literal.language}" + (f"--{literal.direction.value}" if literal.direction else "")
        return text if datatype == XSD + "string" else f"{text}^^{self.name(datatype)}"

    def prefixes(self) -> dict[str, str]:
        """Return the prefixes used so far with their IRIs, sorted."""
        return {prefix: PREFIXES[prefix] for prefix in sorted(self.used)}


def _number(sign: str) -> str:
    code = ord(sign)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def blocks(said: Iterable[Triple | Quad], terms: Terms, indent: str = "") -> Iterator[str]:
    """Yield what is said of each thing as a block; what belongs to one thing and predicate stands together."""
    for _, about in groupby(said, lambda one: one.subject):
        first, *rest = about
        subject, lines = terms(first.subject), []
        for predicate, group in groupby((first, *rest), lambda one: one.predicate.value):
            verb = "a" if predicate == TYPE else terms.name(predicate)
            lines.append(f"{verb} {', '.join(terms(one.object) for one in group)}")
        yield f"{indent}{subject} " + f" ;\n{indent}    ".join(lines) + " .\n"


def headed(terms: Terms, parts: Iterable[str]) -> str:
    """Return parts of a document under the prefixes that they use."""
    body = list(parts)
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in terms.prefixes().items())
    return "\n".join([*([head] if head else []), *body])
