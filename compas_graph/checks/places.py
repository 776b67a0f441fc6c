"""Where a document says a triple: file, line and column, as its author wrote it.

The text is cut into its statements by one pattern, and only those about the subjects wanted are read token by token.
A blank node is found through what owns it: the parser tells what one subject says by one predicate in the order
of the text, so the third object there among the quads is the third in the text, and the bracket there is the node.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from compas_graph.checks.documents import Document
from compas_graph.checks.turtle import Key, Said, Statement, Token, said_in, statements

__all__ = ["Place", "Wanted", "locate"]

WRITTEN = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
ROOTS = (b"[", b"(")
LABEL = re.compile(rb"_:([\w\x80-\xff](?:[\w\x80-\xff-]++|\.++(?=[\w.\x80-\xff-]))*+)")


class Wanted(NamedTuple):
    """A statement looked for: a subject, or what it says by a predicate, or one triple."""

    subject: NamedNode | BlankNode
    predicate: NamedNode | None = None
    object: NamedNode | BlankNode | Literal | Triple | None = None
    verb: bool = False
    """Whether the predicate is to be marked instead of the object."""


class Place(NamedTuple):
    """A token in a file. Lines and columns count from 1, columns in code points, a tab as one.

    A line ends with LF, CRLF or a lone CR, as for the parser. `end_column` is exclusive; for a token
    of several lines it is the end of the first, which alone is in `text`.
    """

    file: str
    line: int
    column: int
    text: str
    end_column: int


def locate(document: Document, wanted: Iterable[Wanted]) -> list[Place | None]:
    """Return for each statement wanted the place of its object, without an object that of its subject.

    An object that is not found gives way to the subject where it is said to have the predicate, else where
    anything is said of it; a subject of which nothing is said to the place where it is an object.
    None stands for what is not in the text, and for all of RDF/XML and JSON-LD.
    """
    asked = list(wanted)
    if not asked or document.form not in WRITTEN:
        return [None] * len(asked)
    try:
        tokens = _found(document, asked)
    except SyntaxError:  # a statement was cut where it does not end: no place is better than no report
        return [None] * len(asked)
    places = _places(document, {token for token in tokens if token})
    return [places[token] if token else None for token in tokens]


def _found(document: Document, asked: Sequence[Wanted]) -> list[Token | None]:
    """Return the token of each statement wanted, or of one that has its subject as object."""
    tokens = _tokens(document, asked)
    lost = {one.subject for one, token in zip(asked, tokens, strict=True) if token is None}
    if lost:
        elsewhere = _mentions(document, lost)
        found = dict(zip(elsewhere, _tokens(document, list(elsewhere.values())), strict=True))
        tokens = [token or found.get(one.subject) for one, token in zip(asked, tokens, strict=True)]
    return tokens


def _mentions(document: Document, lost: set[NamedNode | BlankNode]) -> dict[NamedNode | BlankNode, Wanted]:
    """Return for nodes that no statement starts with the first triple that has them as object, or that they reify."""
    found: dict[NamedNode | BlankNode, Wanted] = {}
    for quad in document.quads:
        subject, term = quad.subject, quad.object
        if isinstance(term, Triple):
            if not isinstance(subject, Triple) and subject in lost:
                found.setdefault(subject, _wanted(term))
        elif not isinstance(term, Literal) and term in lost:
            found.setdefault(term, _wanted(quad.triple))
    return found


def _wanted(triple: Triple) -> Wanted:
    assert not isinstance(triple.subject, Triple)  # RDF 1.2 has triple terms as objects only
    return Wanted(triple.subject, triple.predicate, triple.object)


def _tokens(document: Document, asked: Sequence[Wanted]) -> list[Token | None]:
    """Return the token of each statement wanted."""
    blank = {term for one in asked for term in (one.subject, one.object) if isinstance(term, BlankNode)}
    owners = _Owners(document, blank) if blank else None
    names = {_name(one.subject) for one in asked if isinstance(one.subject, NamedNode)}
    text = _Text(document, names | (owners.names() if owners else set()))
    keys = owners.keys(text) if owners else {}
    return [_token(text, keys, one) for one in asked]


def _token(text: _Text, keys: dict[BlankNode, Key], one: Wanted) -> Token | None:
    """Return the token of a statement wanted, or of the nearest to it that is in the text."""

    def key(term: NamedNode | BlankNode | Literal | Triple | None) -> Key | Literal | Triple | None:
        if isinstance(term, BlankNode):
            return keys.get(term, -1 << 63)  # no key, so nothing matches
        return _name(term) if isinstance(term, NamedNode) else term

    subject = key(one.subject)
    said = text.index(subject) if isinstance(subject, bytes | int) else {}
    predicate = _name(one.predicate) if one.predicate else None
    if one.object is not None and (exact := said.get((predicate, key(one.object)))):
        return exact.verb if one.verb else exact.object
    near = said.get((predicate, None)) or said.get((None, None))
    return near.subject if near else None


def _name(node: NamedNode) -> bytes:
    return f"<{node.value}>".encode()


class _Text:
    """What a document says of the names wanted, read from its text when it is asked for."""

    def __init__(self, document: Document, names: set[bytes]) -> None:
        self.data = document.data
        self.roots: list[Statement] = []
        self.named: dict[bytes, list[Statement]] = {}
        self.said: dict[Key, list[Said]] = {}
        self.ordered: dict[tuple[Key, bytes], list[Said]] = {}
        self.indexes: dict[Key, dict[tuple[bytes | None, object], Said]] = {}
        for statement in statements(document.data, document.base, names):
            if statement.lead in ROOTS:
                self.roots.append(statement)
            else:
                self.named.setdefault(statement.lead, []).append(statement)

    def of(self, key: Key) -> list[Said]:
        """Return what is said of a subject, in the order of the text."""
        if isinstance(key, bytes):
            for statement in self.named.pop(key, ()):
                self._read(statement)
        return self.said.get(key, [])

    def told(self, key: Key, predicate: bytes, number: int) -> Key | None:
        """Return the key of the object that a subject has by a predicate, counted from 0 in the order of the text."""
        self.of(key)
        said = self.ordered.get((key, predicate), [])
        return said[number].node if number < len(said) else None

    def root(self, number: int) -> Key | None:
        """Return the key of the blank node that is the subject of a statement, counted from 0."""
        if number >= len(self.roots):
            return None
        statement = self.roots[number]
        if statement.start not in self.said:
            self._read(statement)
        return statement.start

    def _read(self, statement: Statement) -> None:
        for key, said in said_in(self.data, statement):
            self.said.setdefault(key, []).append(said)
            self.ordered.setdefault((key, said.predicate), []).append(said)

    def index(self, key: Key) -> dict[tuple[bytes | None, object], Said]:
        """Return the first triple of a subject for each predicate, each object, each pair, and of all."""
        if key not in self.indexes:
            index: dict[tuple[bytes | None, object], Said] = {}
            literals = self._literals(self.of(key))
            for one in self.of(key):
                term = literals[one.object] if one.node is None else one.node
                for pair in ((one.predicate, term), (None, term), (one.predicate, None), (None, None)):
                    index.setdefault(pair, one)
            self.indexes[key] = index
        return self.indexes[key]

    def _literals(self, said: Sequence[Said]) -> dict[Token, object]:
        by_scope: dict[int, list[Said]] = {}
        for one in said:
            if one.node is None:
                by_scope.setdefault(id(one.scope), []).append(one)
        return {
            one.object: literal
            for some in by_scope.values()
            for one, literal in zip(
                some, some[0].scope.literals(self.data[slice(*one.object)] for one in some), strict=True
            )
        }


class _Owners:
    """What leads to some blank nodes of a document: a label, the triple that each is the object of, or its turn."""

    def __init__(self, document: Document, nodes: Iterable[BlankNode]) -> None:
        self.quads, self.nodes = document.quads, list(nodes)
        self.labels = _labels(document)
        self.above = {
            term: number
            for number, term in enumerate(quad.object for quad in self.quads)
            if isinstance(term, BlankNode) and term not in self.labels
        }
        """A quad that has the node as its object."""
        passed: set[BlankNode] = set()
        self.tops: set[NamedNode | BlankNode] = set()
        for node in self.nodes:
            way, top = self._climb(node, passed)
            passed.update(way)
            self.tops.add(top)
        self.turns = self._turns() if any(self._in_turn(top) for top in self.tops) else {}
        self.numbers = self._numbers({self.above[node] for node in passed})

    def _climb(self, node: BlankNode, known: Container[BlankNode]) -> tuple[list[BlankNode], NamedNode | BlankNode]:
        """Return the nodes from `node` up to what is known or is no object without a label, and that."""
        way: list[BlankNode] = []
        top: NamedNode | BlankNode = node
        while isinstance(top, BlankNode) and top in self.above and top not in known:
            way.append(top)
            top = _wanted(self.quads[self.above[top]].triple).subject
        return way, top

    def _in_turn(self, node: NamedNode | BlankNode) -> bool:
        return isinstance(node, BlankNode) and node not in self.labels and node not in self.above

    def _turns(self) -> dict[BlankNode, int]:
        """Return the place of each subject without name and label among the statements that start with a bracket."""
        if any(isinstance(quad.object, Triple) for quad in self.quads):
            return {}  # a reifier without a name is not told from a subject in brackets
        subjects = dict.fromkeys(node for quad in self.quads if isinstance(node := quad.subject, BlankNode))
        return {node: turn for turn, node in enumerate(filter(self._in_turn, subjects))}

    def _numbers(self, wanted: set[int]) -> dict[int, int]:
        """Return for each of the quads wanted how many before it have the same subject and predicate."""
        subjects = {self.quads[number].subject for number in wanted}
        counts: Counter[tuple[object, NamedNode]] = Counter()
        found: dict[int, int] = {}
        for number, quad in enumerate(self.quads if wanted else ()):
            if quad.subject in subjects:
                said = (quad.subject, quad.predicate)
                if number in wanted:
                    found[number] = counts[said]
                counts[said] += 1
        return found

    def names(self) -> set[bytes]:
        """Return what the statements start with that lead to the nodes."""
        named = {_name(top) for top in self.tops if isinstance(top, NamedNode)}
        labelled = {self.labels[top] for top in self.tops if isinstance(top, BlankNode) and top in self.labels}
        return named | labelled | (set(ROOTS) if self.turns else set())

    def keys(self, text: _Text) -> dict[BlankNode, Key]:
        """Return the key in the text of each of the nodes and of those that lead to them, where there is one."""
        found: dict[BlankNode, Key] = {}
        for node in self.nodes:
            way, top = self._climb(node, found)
            key = self._key(top, text, found)
            for below in reversed(way):
                quad = self.above[below]
                if key is not None:
                    key = text.told(key, _name(self.quads[quad].predicate), self.numbers[quad])
                if key is not None:
                    found[below] = key
            if key is not None:
                found[node] = key
        return found

    def _key(self, top: NamedNode | BlankNode, text: _Text, found: dict[BlankNode, Key]) -> Key | None:
        if isinstance(top, NamedNode):
            return _name(top)
        if top in self.labels:
            return self.labels[top]
        return text.root(self.turns[top]) if top in self.turns else found.get(top)


def _labels(document: Document) -> dict[BlankNode, bytes]:
    """Return the labels that blank nodes have in the text, as a second reading that keeps them tells."""
    written = {label.decode(errors="replace") for label in LABEL.findall(document.data)}
    if not written:
        return {}
    found: dict[BlankNode, bytes] = {}
    plain = parse(document.data, document.form, base_iri=document.base)
    for mine, theirs in zip(document.quads, plain, strict=True):
        for node, same in ((mine.subject, theirs.subject), (mine.object, theirs.object)):
            if isinstance(node, BlankNode) and isinstance(same, BlankNode) and same.value in written:
                found[node] = b"_:" + same.value.encode()
    return found


def _places(document: Document, tokens: Iterable[Token]) -> dict[Token, Place]:
    """Return the place of each token, found in one pass from the first to the last."""
    data, found = document.data, dict[Token, Place]()
    line, begin, end, text, column, at = 1, 0, -1, "", 1, 0
    for start, stop in sorted(tokens):
        if start > end:
            line += _line_ends(data, begin, start)
            begin, end = _line(data, start)
            text, column, at = data[begin:end].decode(errors="replace"), 1, begin
        column, at = column + _width(data, at, start), start
        found[start, stop] = Place(document.name, line, column, text, column + _width(data, start, min(stop, end)))
    return found


def _line_ends(data: bytes, start: int, end: int) -> int:
    """Return how many lines end between two places, neither between CR and LF."""
    ends = data.count(b"\n", start, end)
    returns = data.count(b"\r", start, end)
    return ends + returns - (data.count(b"\r\n", start, end) if returns else 0)


def _line(data: bytes, at: int) -> Token:
    """Return where the line of a token starts and ends."""
    begin = data.rfind(b"\n", 0, at) + 1
    begin = data.rfind(b"\r", begin, at) + 1 or begin
    end = data.find(b"\n", at)
    end = len(data) if end < 0 else end
    early = data.find(b"\r", at, end)
    return begin, end if early < 0 else early


def _width(data: bytes, start: int, end: int) -> int:
    return len(data[start:end].decode(errors="replace"))
