"""A triple is found in the file where its author wrote it."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from compas_graph.checks.documents import Document, read_document
from compas_graph.checks.places import Place, Wanted, locate
from tests import ROOT

FILES = sorted(
    path for folder in ("ontology", "graph", "tests/shapes", "tests/hygiene") for path in (ROOT / folder).rglob("*.ttl")
)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
E = "http://e/"


def document(text: str | bytes, form: RdfFormat = RdfFormat.TURTLE) -> Document:
    data = text.encode() if isinstance(text, str) else text
    quads = list(parse(data, form, base_iri=E, rename_blank_nodes=True))
    return Document("file.ttl", form, data, E, quads)


def iri(name: str) -> NamedNode:
    return NamedNode(name if ":" in name else E + name)


def token(place: Place) -> str:
    return place.text[place.column - 1 : place.end_column - 1]


def every(found: Document) -> list[Wanted]:
    return [Wanted(*quad.triple) for quad in found.quads]


def places(found: Document, wanted: list[Wanted]) -> list[Place]:
    known = [place for place in locate(found, wanted) if place]
    assert len(known) == len(wanted), "something that the document says was not found in its text"
    return known


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_triple_of_the_repository_is_where_its_object_is_written(path: Path) -> None:
    """The marked token, read alone under the prefixes of the file, is the object; no two triples share a place."""
    found = read_document(path)
    text = path.read_text(encoding="utf-8")
    head = "".join(re.findall(r"^@prefix .*\n", text, re.MULTILINE))
    wanted = list(dict.fromkeys(every(found)))
    whole = {(place, one.predicate): one.object for one, place in zip(wanted, places(found, wanted), strict=True)}
    assert len(whole) == len(wanted)
    named = {place: term for (place, _), term in whole.items() if not isinstance(term, BlankNode)}
    tokens = ("()" if token(place) == ")" else token(place) for place in named)
    written = parse(f"{head}<x:> <x:> {' , '.join(tokens)} .", RdfFormat.TURTLE)
    assert [quad.object for quad in written] == list(named.values())
    rest = iri(RDF + "rest")  # the place of what follows in a list is that of its first item
    brackets = {token(place) for (place, path), term in whole.items() if isinstance(term, BlankNode) and path != rest}
    assert brackets <= {"[", "("}


WRITTEN: dict[str, tuple[str, tuple[str, str | None, NamedNode | BlankNode | Literal | None]]] = {
    "a list of objects": (":s :p :a , «:b» .", ("s", "p", iri("b"))),
    "the class after a": (":s a «:C» .", ("s", RDF + "type", iri("C"))),
    "a repeated semicolon": (":s :p :a ;; ; :q «:b» ; .", ("s", "q", iri("b"))),
    "no spaces": ('<s><p>"x"@en,«"y"».<t><p>[].', ("s", "p", Literal("y"))),
    "a dot after a language": ('<x><p>"x"@en.<y><p>"y"@en-GB.:s :p «1».', ("s", "p", Literal(1))),
    "a dot after a number": (":x :p 1.:s :p «2».", ("s", "p", Literal(2))),
    "dots in names": (":s.t :p :x.y.z , «:a..b». :s :p :c.", ("s.t", "p", iri("a..b"))),
    "dots in prefixes": ("@prefix a.b: <http://e/> . a.b:s a.b:p a.b:o , «a.b:u» .", ("s", "p", iri("u"))),
    "dots after numbers in prefixes": ("prefix v12.x: <> v12.x:s v12.x:p v12.x:o , «v12.x:u» .", ("s", "p", iri("u"))),
    "numbers": (":s :p 1.5 , .5 , -1.5e3 , «1.E3» , +2 .", ("s", "p", Literal("1.E3", datatype=iri("http://www.w3.org/2001/XMLSchema#double")))),
    "booleans": (":s :p false , «true».", ("s", "p", Literal(True))),
    "escapes in names": (r":s :p :a\,b , «:a\.b%20c» .", ("s", "p", iri("a.b%20c"))),
    "an escaped subject": (r":a\,\(b :p «1» .", ("a,(b", "p", Literal(1))),
    "escapes in an IRI": (r"<http://e/\u00e9> :p «<http://e/\u00E9>» .", ("é", "p", iri("é"))),
    "escapes in text": (r""":s :p "a\"\\", «'b\'\u00e9\t'» .""", ("s", "p", Literal("b'é\t"))),
    "long texts": (""":s :p '''a''b\n.''', «\"\"\"\"x\" . :t \\\\\"\"\"» .""", ("s", "p", Literal('"x" . :t \\'))),
    "a typed text": (':s :p "1"^^:a , «"1" ^^ # of\n<b>» .', ("s", "p", Literal("1", datatype=iri("b")))),
    "a language": (':s :p "a"@en , «"a"@en-GB» .', ("s", "p", Literal("a", language="en-gb"))),
    "comments": (":s # it's :p :b . \"\n :p # «\n «:b» # .\n .", ("s", "p", iri("b"))),
    "signs beyond ASCII": ('# é\n:é :p "é𝄞" , «:ü» .', ("é", "p", iri("ü"))),
    "SPARQL prefixes": ("PREFIX f: <http://f/>\npreFix g: <http://e/> g:s g:p «f:x» .", ("s", "p", iri("http://f/x"))),
    "a changing prefix": (":s :p 1 . @prefix : <f:> . :s :p 1 . PREFIX : <> :s :p «2» .", ("s", "p", Literal(2))),
    "a prefix over another subject": ("prefix : <f:> :s <p> 1. prefix : <> :s :p «1» .", ("s", "p", Literal(1))),
    "relative IRIs": ("<s> <p> «<../e>» . ", ("s", "p", iri("http://e/e"))),
    "a base that changes": ("@base <x/y> . <s> :p 1 . BASE<http://e/>\n<s> :p «1» .", ("s", "p", Literal(1))),
    "a version": ('VERSION "1.2"\n@version "1.2" . :s :p «1» .', ("s", "p", Literal(1))),
    "CRLF": (":s :p 1 .\r\n\r\n:s :q\r\n\t«2» .\r\n", ("s", "q", Literal(2))),
    "CR alone": (":s :p 1 .\r# :s :q 2 .\r:s :q «2» .\r", ("s", "q", Literal(2))),
    "two statements on a subject": (":s :p 1 . :t :p 2 . :s :p «2» .", ("s", "p", Literal(2))),
    "an object in brackets": (":s :p 1 , «[» :p 2 ] .", ("s", "p", None)),
    "an empty list": (":s :p 1 , «()» .", ("s", "p", iri(RDF + "nil"))),
    "a subject alone": ("# :s\n:t :p :s . «:s» :p 1 , 2 .", ("s", None, None)),
    "a subject and predicate": (":s :q 1 . «:s» :p 1 , 2 .", ("s", "p", None)),
    "a subject that is only an object": (":t :p 1 , «:s» .", ("s", "p", None)),
    "an object that is not there": (":s :q 1 . «:s» :p 1 .", ("s", "p", Literal(9))),
    "a predicate that is not there": ("«:s» :q 1 .", ("s", "p", Literal(9))),
    "annotations": (":s :p :o ~ :r {| :a 1 ; :b [ :c 2 ] |} , «:u» ~ , :v ~ _:x {| :a :u |} .", ("s", "p", iri("u"))),
    "reified triples": ("<< :s :p :o >> :q 1 . :s :r << :s :p :o ~ _:x >> , «:u» .", ("s", "r", iri("u"))),
    "triple terms": (":s :p <<( :a :b <<( :s :p :u )>> )>> , «:u» .", ("s", "p", iri("u"))),
    "a reifier": (":s :p «:o» ~ :r {| :a 1 |} .", ("r", "a", Literal(1))),
}  # fmt: skip
"""A text with the token that is wanted in guillemets, and what is asked for."""


def marked(text: str) -> tuple[str, int, int, str]:
    before, _, rest = text.rpartition("«")
    inside, _, after = rest.partition("»")
    lines = re.split("\r\n|\r|\n", before)
    return before.replace("«", "") + inside + after, len(lines), len(lines[-1]) + 1, re.split("[\r\n]", inside)[0]


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("form", [RdfFormat.TURTLE, RdfFormat.TRIG], ids=["turtle", "trig"])
def test_each_way_of_writing_is_understood(name: str, form: RdfFormat) -> None:
    """Line, column and the token marked are those of the text, in both languages."""
    written, (subject, predicate, term) = WRITTEN[name]
    text, line, column, inside = marked(written)
    text = "@prefix : <http://e/> .\n" + text
    found = document(text, form)
    if inside == "[":
        term = next(quad.object for quad in found.quads if isinstance(quad.object, BlankNode))
    (place,) = places(found, [Wanted(iri(subject), iri(predicate) if predicate else None, term)])
    lines = re.split("\r\n|\r|\n", text)
    assert place == Place("file.ttl", line + 1, column, lines[line], column + len(inside))


@pytest.mark.parametrize(
    "text",
    [
        "GRAPH :g { :s :p 1 } :h { :t :p «2» }",
        ":h{<t><p>«2»}",
        "{ :s :p 1 } { :s :p 2 . :t :p «2» . }",
        "[] { :s :p 1 } _:g { :x :y :z } GRAPH _:g { :t :p «2» }",
        ":t :q 1 . :g { } graph<g>{<t><p>«2».}",
    ],
)
def test_graph_blocks_are_seen_through(text: str) -> None:
    """With the keyword and without, named by a node without a name, or the default graph; a last dot may be missing."""
    text, _, column, _ = marked(text)
    found = document("PREFIX : <http://e/> " + text, RdfFormat.TRIG)
    (place,) = places(found, [Wanted(iri("t"), iri("p"), Literal(2))])
    assert (place.column, token(place)) == (column + len("PREFIX : <http://e/> "), "2")


@pytest.mark.parametrize("form", [RdfFormat.N_TRIPLES, RdfFormat.N_QUADS], ids=["triples", "quads"])
def test_lines_of_triples_and_quads_are_statements(form: RdfFormat) -> None:
    """A blank node is found by its label, an IRI also where it is written with escapes."""
    graph = " <http://g/>" if form == RdfFormat.N_QUADS else ""
    triples = ('<http://e/\\u00e9> <http://e/p> "x"', "_:a <http://e/p> _:b", '_:b <http://e/p> "x"')
    text = "# one\n" + "".join(f"{triple}{graph} .\n" for triple in triples)
    found = document(text, form)
    assert [(place.line, token(place)) for place in places(found, every(found))] == [(2, '"x"'), (3, "_:b"), (4, '"x"')]


@pytest.mark.parametrize("form", [RdfFormat.RDF_XML, RdfFormat.JSON_LD], ids=["xml", "json"])
def test_other_languages_have_no_places(form: RdfFormat) -> None:
    """The caller then names the file alone."""
    text = document("<http://e/s> <http://e/p> 1 .")
    assert locate(text._replace(form=form), every(text)) == [None]


def test_what_a_document_does_not_say_has_no_place() -> None:
    """A finding about another file is not pinned on this one."""
    found = document("<http://e/s> <http://e/p> 1 .")
    assert locate(found, [Wanted(iri("t")), Wanted(BlankNode(), iri("p")), Wanted(iri("s"))])[:2] == [None, None]


BLANK = {
    "the second of the same shape": ":s :p [ :q 1 ] , [ :q «1» ] .",
    "the same shape under another subject": ":t :p [ :q 1 ] . :s :p [ :q «1» ] .",
    "within another": ":s :p [ :q [ :q 1 ] ; :r [ :q 1 ] , [ :q «1» ] ] .",
    "as a subject": "[ :q 1 ] :q 1 . [ :p [ :q 1 ] ] :q 1 . [] :q «1» .",
    "as the subject alone": "[ :q 1 ] . [ :q «1» ] .",
    "in a list": ":s :p ( [ :q 1 ] ( 1 [ :q 1 ] [ :q «1» ] ) ) .",
    "in a list that is a subject": "( 1 ) :q 1 . ( [ :q 1 ] ( [ :q «1» ] ) ) :p 1 .",
    "after an empty list that is a subject": "() :q 1 . ( [ :q «1» ] ) :p 1 .",
    "with a label": "_:a :q 1 . _:b :q «1» .",
    "with a label used before": ":s :p _:b . _:a :q 1 . [ :q 1 ] :p _:a . _:b :q «1» .",
    "in a circle of labels": "_:a :p _:b . _:b :p _:a . _:c :p _:d . _:d :p _:c ; :q «1» .",
    "beside labels in text and comment": ':s :p "_:c [] . " . # _:d :q 1\n[] :q 1 . _:e :q 1 . [] :q «1» .',
    "under a label": "_:a :p [ :q 1 ] . _:b :p [ :q «1» ] .",
    "over two statements": ":s :p [ :q 1 ] . :t :p 1 . :s :p [ :q «1» ] .",
    "beside an annotation": ":s :p 1 {| :p [ :q 1 ] |} , << :a :b :c >> , [ :q «1» ] .",
}  # fmt: skip
"""Texts in which the object of the last :q is the one wanted."""


@pytest.mark.parametrize("name", BLANK)
def test_a_blank_node_is_told_from_another_of_the_same_shape(name: str) -> None:
    """The node is that of the quads, not one like it."""
    text, line, column, _ = marked("@prefix : <http://e/> .\n" + BLANK[name])
    found = document(text)
    nodes = [quad.subject for quad in found.quads if quad.predicate == iri("q") and isinstance(quad.subject, BlankNode)]
    asked = [Wanted(node, iri("q"), Literal(1)) for node in nodes]
    tokens = [(place.line, place.column) if place else None for place in locate(found, asked)]
    assert tokens.count((line, column)) == 1
    assert tokens[-1] == (line, column)


def test_deep_nesting_has_places() -> None:
    """Brackets within brackets are followed without a stack that overflows."""
    deep = 10_000
    found = document("<s> <p> " + "[ <p> (" * deep + " 1 " + ") ]" * deep + " .")
    innermost = next(quad for quad in found.quads if isinstance(quad.object, Literal))
    (place,) = places(found, [Wanted(*innermost.triple)])
    assert token(place) == "1"


HOSTILE = {
    "quotes in a text": "<s> <p> '''" + '"' * 1_000_000 + "''' , 1 .",
    "escapes": '<s> <p> "' + r"\"" * 500_000 + '" , 1 .',
    "one long text": '<s> <p> "' + "a. <" * 500_000 + '" , 1 .',
    "one long name": "@prefix e: <http://e/> . <s> <p> e:" + "a.a" * 500_000 + " , 1 .",
    "many dots": "@prefix e: <http://e/> . <s> <p> e:a" + "." * 1_000_000 + "a , 1 .",
    "comments": "#'\n" * 300_000 + "<s> # .\n <p> 1 .",
    "one line": "<t> <p> 1 . " * 100_000 + "<s> <p> 1 .",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_makes_the_search_slow(name: str) -> None:
    """One pass whatever is written; a pattern that goes back on its steps would not end within the time of a test."""
    (place,) = places(document(HOSTILE[name]), [Wanted(iri("s"), iri("p"), Literal(1))])
    assert token(place) == "1"


class Author:
    """Who writes Turtle at random, and remembers where each triple went."""

    def __init__(self, seed: int) -> None:
        self.random, self.text, self.nodes = Random(seed), "", 0
        self.spaces = {"e": E, "": E}
        self.said: list[tuple[int | str, str, object, int, int]] = []
        """Subject (numbered where it has no IRI), predicate, object, and where the object's token starts and ends."""

    def put(self, token: str, tight: bool = False) -> tuple[int, int]:
        """Write a token after a gap, and return where it stands."""
        gaps = [" ", "  ", "\t", "\n", "\r\n", "\r", '\n# it\'s "a" [ dot. <\n', " # é ( ; .\r\n    "]
        self.text += "" if tight and self.random.random() < 0.4 else self.random.choice(gaps)
        start = len(self.text)
        self.text += token
        return start, len(self.text)

    def spelt(self, name: str) -> str:
        """Return one of the ways to write an IRI that are in force."""
        ways = [f"<{E}{name}>", f"<{E}\\u{ord(name[0]):04X}{name[1:]}>"]
        ways += [f"{prefix}:{name}".replace(",", "\\,") for prefix, space in self.spaces.items() if space == E] * 2
        return self.random.choice(ways)

    def literal(self) -> tuple[str, Literal]:
        """Return a literal as it is written and as it is meant."""
        choose = self.random.choice
        value = choose(["", "x", "a. b", "it's", "é𝄞", "# no [", "<a> . :s :p 1 ."])
        quote = choose(['"', '"""', "'", "'''"])
        written = quote + value.replace("'", choose(["\\'", "\\u0027"])) + quote
        kind = choose(["plain", "language", "type", "number"])
        if kind == "language":
            return f"{written}@en-GB", Literal(value, language="en-gb")
        if kind == "type":
            return f"{written}^^{self.spelt('T')}", Literal(value, datatype=iri("T"))
        if kind == "number":
            number = choose(["7", "-1.5", "+.5"])
            name = "integer" if number == "7" else "decimal"
            return number, Literal(number, datatype=iri(f"http://www.w3.org/2001/XMLSchema#{name}"))
        return written, Literal(value)

    def say(self, subject: int | str, predicate: str, depth: int) -> None:
        """Write an object, and what stands within it."""
        kind = self.random.choice(["name", "literal", "literal", "brackets", "list", "label"][: 6 if depth else 3])
        if kind == "literal":
            written, term = self.literal()
            self.said.append((subject, predicate, term, *self.put(written)))
        elif kind == "name":
            name = self.random.choice(["a", "b.c", "d,e", "1"])
            self.said.append((subject, predicate, iri(name), *self.put(self.spelt(name))))
        elif kind == "label":
            self.said.append((subject, predicate, "_:x", *self.put("_:x")))
        elif kind == "brackets":
            self.said.append((subject, predicate, self.node(), *self.put("[", tight=True)))
            self.describe(self.nodes, depth - 1)
            self.put("]", tight=True)
        else:
            self.list(subject, predicate, depth - 1)

    def list(self, subject: int | str, predicate: str, depth: int) -> None:
        """Write a list of nodes in brackets; the place of what follows a cell is that of the next item."""
        place = self.put("(", tight=True)
        for number in range(self.random.randint(1, 3)):
            cell, item = self.node(), self.node()
            bracket = self.put("[", tight=True)
            self.said.append((subject, predicate, cell, *(bracket if number else place)))
            self.said.append((cell, RDF + "first", item, *bracket))
            self.describe(item, depth)
            self.put("]", tight=True)
            subject, predicate = cell, RDF + "rest"
        self.put(")", tight=True)

    def node(self) -> int:
        self.nodes += 1
        return self.nodes

    def describe(self, subject: int | str, depth: int) -> None:
        """Write what is said of a subject; a number of its own tells a node in brackets from the others."""
        self.put(self.spelt("number"), tight=isinstance(subject, int))
        self.put(f'"{subject}"')
        for _ in range(self.random.randint(0, 3)):
            self.put(";", tight=True)
            predicate = self.random.choice(["p", "q"])
            self.put(self.spelt(predicate))
            self.say(subject, predicate, depth)
            while self.random.random() < 0.4:
                self.put(",")
                self.say(subject, predicate, depth)

    def write(self) -> str:
        """Write some statements, with prefixes that change among them."""
        self.text = f"@prefix e: <{E}> . prefix : <{E}>"
        for _ in range(12):
            if self.random.random() < 0.3:
                prefix, space = self.random.choice(["e", ""]), self.random.choice([E, "http://f/"])
                self.put(self.random.choice([f"@prefix {prefix}: <{space}> .", f"PREFIX {prefix}:<{space}>"]))
                self.spaces[prefix] = space
            subject: int | str = self.random.choice(["s", "t.u", "_:x", ""]) or self.node()
            if isinstance(subject, int):
                self.put("[")
                self.describe(subject, 2)
                self.put("]", tight=True)
                self.put(self.spelt("p"))
                self.say(subject, "p", 1)
            else:
                self.put(subject if subject == "_:x" else self.spelt(subject))
                self.describe(subject, 3)
            self.put(".")
        return self.text


@pytest.mark.parametrize("seed", range(60))
def test_what_is_written_at_random_is_found_where_it_was_written(seed: int) -> None:
    """Whatever the layout, each triple is at the first place where the author wrote it."""
    author = Author(seed)
    found = document(author.write())
    number = iri("number")
    nodes: dict[int | str, NamedNode | BlankNode] = {"s": iri("s"), "t.u": iri("t.u")}
    for quad in found.quads:
        if quad.predicate == number and isinstance(quad.object, Literal) and isinstance(quad.subject, BlankNode):
            value = quad.object.value
            nodes[int(value) if value.isdigit() else value] = quad.subject
    for quad in found.quads:  # the cells of lists, by their items
        if quad.predicate == iri(RDF + "first"):
            item = next(key for key, node in nodes.items() if node == quad.object)
            assert isinstance(item, int)
            assert isinstance(quad.subject, BlankNode)
            nodes[item - 1] = quad.subject
    first: dict[Wanted, tuple[int, int]] = {}
    for subject, predicate, term, start, end in author.said:
        if subject in nodes and (not isinstance(term, int | str) or term in nodes):
            meant = nodes[term] if isinstance(term, int | str) else term
            assert isinstance(meant, NamedNode | BlankNode | Literal)
            first.setdefault(Wanted(nodes[subject], iri(predicate), meant), (start, end))
    wanted = list(first)
    assert len(wanted) > 10
    expected = []
    for start, end in first.values():
        lines = re.split("\r\n|\r|\n", author.text[:start])
        token_text = re.split("[\r\n]", author.text[start:end])[0]
        expected.append((len(lines), len(lines[-1]) + 1, token_text))
    assert [(place.line, place.column, token(place)) for place in places(found, wanted)] == expected
