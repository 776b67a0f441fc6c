"""Turtle text and its kin as statements and tokens, each with its place in the bytes.

Only valid text comes here: the parser has read it before. All patterns are possessive, so each takes one pass.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

__all__ = ["Key", "Said", "Scope", "Statement", "Token", "said_in", "statements"]

Token = tuple[int, int]
"""Where a token starts and ends in the bytes."""
Key = bytes | int
"""What a subject is found by: `<` IRI `>`, a label, or where the bracket of one without a name starts."""

GAP = rb"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
STRING = (
    rb'(?:"""(?:[^"\\]++|\\.|"(?!""))*+"""' rb"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"
    rb'|"(?:[^"\\\r\n]++|\\.)*+"' rb"|'(?:[^'\\\r\n]++|\\.)*+')"
)  # fmt: skip
IRI = rb'<[^<>"{}|^`\x00-\x20]*+>'
EMPTY = rb"\(" + GAP + rb"\)"
LOCAL = rb":(?:[\w:%\x80-\xff-]++|\\.|\.++(?=[\w:%\x80-\xff\\-]))*+"
NAME = rb"(?:[A-Za-z_\x80-\xff](?:[\w\x80-\xff-]++|\.++(?=[\w\x80-\xff-]))*+)?+" + LOCAL

STATEMENT_TEXT = (
    GAP + rb"(?:(?P<at>@)?+"
    rb"(?:(?i:prefix)(?=[\s\#])" + GAP + rb"(?P<prefix>[^\s:\#<]*+):" + GAP + rb"(?P<space>" + IRI + rb")"
    rb"|(?i:base)" + GAP + rb"(?P<base>" + IRI + rb")"
    rb"|(?i:version)" + GAP + STRING + rb")(?(at)" + GAP + rb"\.)"
    rb"|(?P<lead>" + EMPTY + rb"|" + IRI + rb"|<|[\[(]|(?:[^\s<>\[\](){}\"'#;,.\\]++|\\.|\.(?=[^\s]))++)"
    rb"(?:[^\"'<\#.@\\:{}|]++|" + LOCAL + rb"|" + STRING + rb"|" + IRI + rb"|<|\#[^\r\n]*+|@[\w-]++(?!\.)|\{\||\|\}|\|"
    # a dot within a number, then one within the prefix of a name; any other ends the statement
    rb"|\.(?=[0-9])|(?<=[0-9])\.(?=[eE][+-]?[0-9])"
    rb"|(?:(?<=[A-Za-z_\x80-\xff-])|(?<=NUMBER))\.(?=[\w.\x80-\xff-]*+:))*+"
    rb"(?:@[\w-]++)?+(?P<end>[.{}]|\Z)"
    rb"|[{}.])"
)  # fmt: skip
STATEMENT = re.compile(STATEMENT_TEXT.replace(b"NUMBER", rb"[A-Za-z_\x80-\xff-][0-9]"), re.DOTALL)
NUMBERED = re.compile(STATEMENT_TEXT.replace(b"NUMBER", b"[0-9]"), re.DOTALL)
"""For prefixes that have a dot after a number, which else ends a statement."""
TOKEN = re.compile(
    rb"(?P<gap>[ \t\r\n]++|\#[^\r\n]*+|~" + GAP + rb"(?:" + IRI + rb"|" + NAME + rb"|\[" + GAP + rb"\])?+)"
    rb"|(?P<literal>" + STRING + rb"(?:" + GAP + rb"(?:\^\^" + GAP + rb"(?:" + IRI + rb"|" + NAME + rb")|@[\w-]++))?+"
    rb"|(?=[+-]?\.?[0-9])[+-]?[0-9]*+(?:\.[0-9]*+[eE][+-]?[0-9]++|\.[0-9]++|[eE][+-]?[0-9]++)?+"
    rb"|(?:true|false)(?![\w.\x80-\xff-]*:))"
    rb"|(?P<name>" + EMPTY + rb"|" + IRI + rb"|" + NAME + rb"|a(?![\w:]))"
    rb"|(?P<open><<\(?|\{\|)|(?P<close>\)?>>|\|\})|(?P<mark>.)",
    re.DOTALL,
)  # fmt: skip
Term = NamedNode | BlankNode | Literal | Triple
ABSOLUTE = re.compile(rb"<[A-Za-z][A-Za-z0-9+.-]*:[^\\]*>")
FIRST, REST, NIL, TYPE = (
    f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}>".encode() for name in ("first", "rest", "nil", "type")
)


class Scope:
    """The prefixes and the base in force where a statement stands, and what names mean there."""

    def __init__(self, base: bytes, spaces: dict[bytes, bytes]) -> None:
        self.base, self.spaces = base, spaces
        self._known: dict[bytes, bytes] = {b"a": TYPE}

    def with_directive(self, directive: re.Match[bytes]) -> Scope:
        """Return the scope that follows a prefix or a base."""
        if directive["base"]:
            return Scope(self.name(directive["base"])[1:-1], self.spaces)
        if directive["space"]:
            return Scope(self.base, self.spaces | {directive["prefix"]: self.name(directive["space"])[1:-1]})
        return self

    def name(self, token: bytes) -> bytes:
        """Return what a name stands for: `<` IRI `>`, or a blank node's label as it is."""
        found = self._known.get(token)
        if found is None:
            found = self._known[token] = self._read(token)
        return found

    def _read(self, token: bytes) -> bytes:
        if token.startswith(b"<"):
            return token if ABSOLUTE.fullmatch(token) or token == b"<" else b"<" + self._resolve(token) + b">"
        if token.startswith(b"(") and token != b"(":
            return NIL
        prefix, _, local = token.partition(b":")
        space = self.spaces.get(prefix)
        if space is None:  # a label, or a keyword
            return token
        return b"<" + space + (re.sub(rb"\\(.)", rb"\1", local) if b"\\" in local else local) + b">"

    def _resolve(self, token: bytes) -> bytes:
        (triple,) = parse(b"<x:><x:>" + token + b".", RdfFormat.TURTLE, base_iri=self.base.decode())
        return str(triple.object)[1:-1].encode()

    def literals(self, tokens: Iterable[bytes]) -> Iterator[Term]:
        """Yield the literals that tokens stand for, in their order."""
        text = self._head() + b"<x:><x:>" + b",".join(tokens) + b"."
        for triple in parse(text, RdfFormat.TURTLE):
            yield triple.object

    def _head(self) -> bytes:
        """Return the directives that put this scope in force."""
        spaces = (b"@prefix " + prefix + b": <" + space + b"> .\n" for prefix, space in self.spaces.items())
        return b"@base <" + self.base + b"> .\n" + b"".join(spaces)


class Statement(NamedTuple):
    """A top-level statement: what its first token stands for, where it starts and ends, what is in force."""

    lead: bytes
    start: int
    end: int
    scope: Scope


def statements(data: bytes, base: str, wanted: Container[bytes]) -> Iterator[Statement]:
    """Yield the statements of a text that start with one of the names wanted, `[` and `(` being names here."""
    scope, found = Scope(base.encode(), {}), STATEMENT.finditer(data)
    while (one := next(found, None)) is not None:
        lead = one["lead"]
        if lead is None:
            if one["space"] or one["base"]:
                scope = scope.with_directive(one)
            if re.search(rb"[0-9]\.", one["prefix"] or b""):
                found = NUMBERED.finditer(data, one.end())
        elif one["end"] != b"{" and (name := scope.name(lead)) in wanted:
            yield Statement(name, one.start("lead"), one.end(), scope)


class Said(NamedTuple):
    """A triple as it is written: the tokens of its subject, object and predicate (`verb`), this also as `<` IRI `>`.

    `node` is the key under which the object is a subject: a name, or the start of its bracket;
    for the cells of a list after the first the start of their item, inverted, which no bracket has.
    """

    subject: Token
    predicate: bytes
    object: Token
    node: Key | None
    scope: Scope
    verb: Token


class _State(NamedTuple):
    """What is being said, and what is taken up again where a bracket closes."""

    bracket: bytes = b""
    node: Key | None = None
    subject: Token = (0, 0)
    predicate: bytes = b""
    verb: Token = (0, 0)


Triples = Iterator[tuple[Key, Said]]


def said_in(data: bytes, statement: Statement) -> Triples:
    """Yield each triple of a statement with the key of its subject; those of one subject in their order.

    What stands in triple terms, reified triples and annotations is not told.
    """
    reading, skipped = _Reading(statement.scope), 0
    for found in TOKEN.finditer(data, statement.start, statement.end):
        kind, token = found.lastgroup, found[0]
        if kind == "open":
            if not skipped and token != b"{|":
                yield from reading.term(b"", found.start(), found.span())
            skipped += 1
        elif kind == "close":
            skipped -= 1
        elif not skipped and kind != "gap":
            yield from reading.take(kind, token, found.span())


class _Reading:
    """The reading of one statement; what is open stands on a list, so that it may be of any depth."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.now, self.outer = scope, _State(), list[_State]()

    def take(self, kind: str | None, token: bytes, place: Token) -> Triples:
        """Take a token in and yield the triples that are said with it."""
        if kind == "name":
            name = self.scope.name(token)
            yield from self.term(name, name, place)
        elif kind == "literal":
            yield from self.term(b"", None, place)
        elif token in (b"[", b"("):
            yield from self.term(b"", place[0], place)
            self.outer.append(self.now)
            inside = place[0] if token == b"[" else None
            self.now = _State(token, inside, place)
        elif token in (b"]", b")"):
            if token == b")" and self.now.node is not None:
                yield self.now.node, Said(self.now.subject, REST, place, NIL, self.scope, place)
            self.now = self.outer.pop() if self.outer else _State()
        elif token == b";":
            self.now = self.now._replace(predicate=b"")

    def term(self, name: bytes, node: Key | None, place: Token) -> Triples:
        """Take a term as item, subject, predicate or object, by what went before."""
        now = self.now
        if now.bracket == b"(":
            yield from self._item(node, place)
        elif now.node is None:
            self.now = now._replace(node=node, subject=place)
        elif not now.predicate:
            self.now = now._replace(predicate=name, verb=place)
        else:
            yield now.node, Said(now.subject, now.predicate, place, node, self.scope, now.verb)

    def _item(self, node: Key | None, place: Token) -> Triples:
        """Take a term as the next item of a list, whose cells are subjects of their own."""
        now = self.now
        if now.node is None:
            self.now = now._replace(node=now.subject[0])
        else:
            yield now.node, Said(now.subject, REST, place, ~place[0], self.scope, place)
            self.now = now._replace(node=~place[0], subject=place)
        yield self.now.node or 0, Said(self.now.subject, FIRST, place, node, self.scope, place)
