"""Mutations: of bytes, of tokens, and of triples, which stay valid RDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from compas_graph.namespaces import PREFIXES

__all__ = ["HOSTILE", "mutated", "of_bytes", "of_tokens", "of_triples", "quads_of", "written"]

TOKEN = re.compile(rb"\s+|\w+|\"[^\"\n]*\"|<[^>\s]*>|[^\w\s]")
HOSTILE = [
    "\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\u202egnp.exe", "\u2028", "\u0085", "\u200b", "\ufeff", "\x00",
    "\x7f", "\r",
    "\x0c", "a\u0300" * 40, "\U000e0041", "{", "}" * 60, "(" * 60, "[" * 60, "<<(" * 20, "'" * 7, '"""', "\\",
    "\\u0000",
    "\\ud800", "%00", "%0A", "::error::", "<script>", "|", "`", "=1+1", "${x}", "../../etc/passwd", "-", "--", "--help",
    "1e999", "-0", "0x1", "NaN", "9" * 400, "0000-00-00", "2014-13-45", "99999", "SERVICE", "service<x>{}", "FROM",
    "INSERT", "#", "# \r", "_:b", "?x", "$this", "a" * 3000, "e:.", "xsd:integer", "rdf:nil", "sh:not", "@en--ltr",
    "^^",
]  # fmt: skip
"""Texts that some reader somewhere did not expect."""

SH = PREFIXES["sh"]
WORDS = """
    property node and or not xone path minCount maxCount class datatype nodeKind minLength maxLength pattern flags in
    hasValue equals disjoint lessThan closed ignoredProperties targetClass targetNode targetSubjectsOf message severity
    qualifiedValueShape qualifiedMinCount qualifiedMaxCount languageIn uniqueLang select ask sparql prefixes declare js
    deactivated inversePath zeroOrMorePath alternativePath entailment parameter validator nodeValidator optional rule
    propertyValidator values expression target shapesGraph minInclusive
""".split()  # noqa: SIM905 - a list would take a line for each


def mutated(random: Random, data: bytes, others: Sequence[bytes], form: RdfFormat | None = None) -> bytes:
    """Return data with some mutations; of RDF in a format, half of the time of its triples."""
    if form is not None and random.random() < 0.6:
        return of_triples(random, data, form)
    change = random.choice((of_bytes, of_tokens, of_tokens))
    for _ in range(random.choice((1, 1, 1, 1, 2, 5))):
        data = change(random, data, others)
    return data


def of_bytes(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Return data with a run of bytes changed, lost, doubled or put in, or cut off."""
    start = random.randrange(len(data) + 1)
    end = min(len(data), start + random.choice((1, 1, 2, 9, 80)))
    run = data[start:end]
    instead = random.choice(
        (b"", run * 2, random.randbytes(len(run)), random.choice(HOSTILE).encode("utf-8", "surrogatepass"), run[::-1])
    )
    return data[:start] if random.random() < 0.03 else data[:start] + instead + data[end:]


def of_tokens(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Return data with a token lost, doubled, swapped, or replaced by a hostile one or one of another input."""
    tokens = TOKEN.findall(data)
    if not tokens:
        return data
    first, second = (random.randrange(len(tokens)) for _ in range(2))
    match random.randrange(6):
        case 0:
            tokens[first] = b""
        case 1:
            tokens[first] *= random.choice((2, 3, 60))
        case 2:
            tokens[first], tokens[second] = tokens[second], tokens[first]
        case 3:
            tokens[first] = random.choice(HOSTILE).encode("utf-8", "surrogatepass")
        case 4:
            tokens[first] = random.choice(TOKEN.findall(random.choice(others)) or [b""])
        case _:
            low, high = sorted((first, min(second, first + 40)))
            tokens[low:low] = tokens[low:high]
    return b"".join(tokens)


def of_triples(random: Random, data: bytes, form: RdfFormat) -> bytes:
    """Return RDF with some triples lost, bent towards others, or given hostile terms."""
    try:
        quads = quads_of(data, form)
    except (SyntaxError, ValueError):
        return data
    for _ in range(random.choice((1, 1, 2, 5))):
        if quads:
            at = random.randrange(len(quads))
            quads[at : at + 1] = _bent(random, quads[at], quads)
    return written(quads, form, PREFIXES if random.random() < 0.8 else {})


def written(quads: Iterable[Quad], form: RdfFormat, prefixes: dict[str, str]) -> bytes:
    """Return RDF in a format, without graphs where that has none."""
    if form.supports_datasets:
        return serialize(quads, format=form, prefixes=prefixes) or b""
    return serialize((quad.triple for quad in quads), format=form, prefixes=prefixes) or b""


def quads_of(data: bytes, form: RdfFormat) -> list[Quad]:
    """Return what RDF says, its blank nodes named in order, as parsing gives them other names each time."""
    names: dict[object, BlankNode] = {}

    def named(term: Any) -> Any:
        return names.setdefault(term, BlankNode(f"b{len(names)}")) if isinstance(term, BlankNode) else term

    parsed = parse(data, form, base_iri="http://example.org/")
    return [Quad(named(one.subject), one.predicate, named(one.object), named(one.graph_name)) for one in parsed]


def _bent(random: Random, quad: Quad, quads: Sequence[Quad]) -> list[Quad]:
    """Return what stands for a quad."""
    other = random.choice(quads)
    subject, predicate, value = quad.subject, quad.predicate, quad.object
    choices: list[Callable[[], tuple[object, ...]]] = [
        lambda: (subject, predicate, other.object),
        lambda: (subject, other.predicate, value),
        lambda: (other.subject, predicate, value),
        lambda: (subject, predicate, subject),
        lambda: (subject, NamedNode(SH + random.choice(WORDS)), value),
        lambda: (subject, NamedNode(SH + random.choice(WORDS)), other.subject),
        lambda: (subject, predicate, _literal(random)),
        lambda: (subject, NamedNode(SH + random.choice(WORDS)), _literal(random)),
        lambda: (subject, predicate, BlankNode("new")),
        lambda: (subject, predicate, NamedNode("urn:x:" + "y" * random.choice((0, 1, 900)))),
    ]
    made = Quad(*random.choice(choices)(), quad.graph_name)  # type: ignore[call-arg, arg-type]
    return random.choice(([], [made], [made], [quad, made], [quad, made]))


def _literal(random: Random) -> Literal:
    text = random.choice((*HOSTILE, "", "1", "true", "^(a+)+$", "SELECT $this { $this a ?x }", "ASK {}"))
    if random.random() < 0.4:
        return Literal(
            text, datatype=NamedNode(PREFIXES["xsd"] + random.choice(("integer", "boolean", "date", "string")))
        )
    return Literal(text, language="en") if random.random() < 0.2 else Literal(text)
