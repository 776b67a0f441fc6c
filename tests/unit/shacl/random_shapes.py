"""Random shapes and random data, written as Turtle: every kind of constraint, path, target and literal."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterable, Sequence

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from compas_graph.shacl.components import COMPONENTS
from compas_graph.shacl.index import Index
from compas_graph.shacl.literals import XSD
from compas_graph.shacl.model import Shapes
from compas_graph.shacl.results import Result

EX = "http://example.org/"
HEAD = f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <{EX}> . @prefix xsd: <{XSD}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""

NUMBERS = (
    '1', '2', '3.0', '"007"^^xsd:integer', '"1.50"^^xsd:decimal', '1.5', '"1e2"^^xsd:double', '"2.0"^^xsd:float',
    '-3', '"7"^^xsd:long', '"5"^^xsd:byte',
)  # fmt: skip
LITERALS = (
    *NUMBERS, '"<b/>"^^rdf:XMLLiteral', '"a b"^^xsd:NCName', '"x"^^ex:own', '"a"', '"ab"', '""', '"abc"@en',
    '"abc"@EN-gb', '"b"@de', '"x"^^xsd:integer', '"NaN"^^xsd:double', '"INF"^^xsd:float', 'true', '"1"^^xsd:boolean',
    '"yes"^^xsd:boolean', '"2020-01-01"^^xsd:date', '"2020-02-30"^^xsd:date', '"2021-05-06Z"^^xsd:date',
    '"20-01-01"^^xsd:date', '"2020-01-01T10:00:00"^^xsd:dateTime', '"2020-01-01T10:00:00Z"^^xsd:dateTime',
    '"25:00:00"^^xsd:time', '"10:00:00"^^xsd:time', '"2020"^^xsd:gYear',
    '"20"^^xsd:gYear', '"2020-05"^^xsd:gYearMonth', '"--05"^^xsd:gMonth', '"---31"^^xsd:gDay',
    '"--02-30"^^xsd:gMonthDay', '"P1Y"^^xsd:duration', '"P1D"^^xsd:dayTimeDuration', '"P"^^xsd:duration',
    '"P1M"^^xsd:yearMonthDuration', '"300"^^xsd:byte', '"-1"^^xsd:nonNegativeInteger', '"0"^^xsd:positiveInteger',
    '"7.0"^^xsd:int', '"65536"^^xsd:unsignedShort', '"0F"^^xsd:hexBinary', '"0"^^xsd:hexBinary',
    '"YQ=="^^xsd:base64Binary', '"Y"^^xsd:base64Binary', '"http://x"^^xsd:anyURI', '"en"^^xsd:language',
    '"z"^^xsd:token', '"-0"^^xsd:integer', '"2020-01-01"^^xsd:dateTime', '"y"@en', '"w"@EN',
)  # fmt: skip
DATATYPES = sorted({one.split("^^")[1] for one in LITERALS if "^^" in one} | {"rdf:langString", "xsd:string"})
COMPARISONS = ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "lessThan", "lessThanOrEquals")


def index(turtle: str) -> Index:
    """Return the graph of some Turtle, the usual prefixes declared."""
    return Index(parse(HEAD + turtle, RdfFormat.TURTLE))


def keys(validate: Callable[[Index, Shapes], Iterable[Result]], data: Index, shapes: Shapes) -> set[tuple[str, ...]]:
    """Return what engines must agree on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib's, about ill-typed literals
        return {result.key() for result in validate(data, shapes)}


class Generator:
    """Makes small graphs and shapes at random, the same ones for the same seed.

    Every component has its turn to be one of the first shape, at a short path, so that each is made to fail.
    Numbers alone are compared, for of other literals pyshacl compares more than SPARQL's `<` does.
    """

    def __init__(self, seed: int, kinds: Sequence[str] = ()) -> None:
        """Take the names of the components whose constraints to make; all if none are given."""
        self.random = random.Random(seed)
        self.kinds = kinds or KINDS
        self.first = self.kinds[seed // 2 % len(self.kinds)]
        self.numeric = seed % 2 == 1
        self.literals = NUMBERS if self.numeric else LITERALS
        self.named: list[str] = []

    def any(self, *choices: str) -> str:
        return self.random.choice(choices)

    def iri(self) -> str:
        return f"ex:n{self.random.randrange(4)}"

    def predicate(self) -> str:
        return self.any("ex:p", "ex:q", "ex:r")

    def literal(self) -> str:
        return self.any(*self.literals)

    def data(self) -> str:
        """Return some data; where values are compared, they are no blank nodes and no IRIs."""
        values = [] if self.numeric else ["ex:n0", "ex:n1", "ex:n2", "ex:n3", "_:b0", "_:b1", '"y"@en', '"w"@EN'] * 4
        blank = [] if self.numeric else ["_:b0", "_:b1"]
        triples = [
            f"{self.any(self.iri(), *blank)} {self.predicate()} {self.any(*values, *self.literals)} ."
            for _ in range(self.random.randint(20, 40))
        ]
        types = [f"{self.any(self.iri(), *blank)} a ex:{self.any(*'ABCD')} ." for _ in range(self.random.randint(1, 6))]
        types += [] if self.numeric else [f'{self.iri()} ex:p "y"@en , "w"@EN .']
        links = [f"{self.iri()} ex:next {self.any(self.iri(), *blank)} ." for _ in range(5)]
        return "\n".join(["ex:B rdfs:subClassOf ex:A . ex:C rdfs:subClassOf ex:B .", *triples, *types, *links])

    def path(self, depth: int = 0) -> str:
        """Return a path of any operators, but no inverse of a sequence."""
        kind = self.any(*"pppppp^/|*+?") if depth < 3 else "p"
        if kind == "p":
            return self.any(self.predicate(), "ex:next")
        if kind == "^":
            return f"[ sh:inversePath {self.any(self.predicate(), '[ sh:zeroOrMorePath ex:next ]')} ]"
        one, other = self.path(depth + 1), self.path(depth + 1)
        if kind in "/|":
            return f"( {one} {other} )" if kind == "/" else f"[ sh:alternativePath ( {one} {other} ) ]"
        return f"[ sh:{ {'*': 'zeroOrMore', '+': 'oneOrMore', '?': 'zeroOrOne'}[kind] }Path {one} ]"

    def inner(self, depth: int, path: bool) -> str:
        """Return a shape for use in another."""
        if path:
            return f"[ sh:path {self.path()} ; {self.body(depth, True)} ]"
        if self.random.random() < 0.8:
            return f"[ {self.body(depth, False)} ]"
        name = f"ex:Named{len(self.named)}"
        self.named.append("")
        self.named[int(name.removeprefix("ex:Named"))] = f"{name} a sh:NodeShape ; {self.body(depth, False)} ."
        return name

    def body(self, depth: int, path: bool, first: str = "") -> str:
        """Return what a shape says, without its target and its path."""
        said = ["sh:severity " + self.any("sh:Warning", "sh:Info", "ex:Grave")] * (self.random.random() < 0.1)
        said += ["sh:deactivated true"] * (self.random.random() < 0.06)
        kinds = [kind for kind in self.kinds if self.numeric or kind not in COMPARISONS]
        kinds = [kind for kind in kinds if path or COMPONENTS[kind].in_node_shapes == "checked"]
        kinds = [kind for kind in kinds if depth < 3 or kind not in NESTING]
        chosen = list(dict.fromkeys([first] * (first in kinds) + self.random.sample(kinds, 3)))
        if {"qualifiedMinCount", "qualifiedMaxCount"} <= set(chosen):
            chosen.remove("qualifiedMaxCount")  # a shape has one sh:qualifiedValueShape
        return " ; ".join(said + [self.constraint(kind, depth, path) for kind in chosen])

    def constraint(self, kind: str, depth: int, path: bool) -> str:
        """Return a constraint of a component."""
        if kind in SIMPLE:
            return SIMPLE[kind](self)
        inner = [self.inner(depth + 1, kind == "property") for _ in range(self.random.randint(1, 2))]
        return NESTING[kind](self, inner)

    def count(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def qualified(self, inner: list[str]) -> str:
        """Return a shape that counts, and which others are not counted."""
        apart = self.any("", " ; sh:qualifiedValueShapesDisjoint true")
        return f"sh:qualifiedValueShape {self.any(inner[0], '[ sh:nodeKind sh:IRIOrLiteral ]')}{apart}"

    def shapes(self) -> str:
        """Return a few shapes with targets."""
        shapes = []
        for number in range(self.random.randint(1, 4)):
            path = number == 0 or self.random.random() < 0.5
            target = self.any(
                f"targetNode {self.iri()}", f"targetNode {self.literal()}", f"targetClass ex:{self.any(*'ABC')}",
                f"targetSubjectsOf {self.predicate()}", f"targetObjectsOf {self.predicate()}",
            )  # fmt: skip
            kind = f"sh:PropertyShape ; sh:path {self.path() if number else 'ex:p'}" if path else "sh:NodeShape"
            body = self.body(0, path, "" if number else self.first)
            shapes.append(f"ex:Shape{number} a {kind} ; sh:{target} ; {body} .")
        return "\n".join(shapes + self.named)


NODE_KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
SIMPLE: dict[str, Callable[[Generator], str]] = {
    "class": lambda made: f"sh:class ex:{made.any(*'ABCD')}",
    "datatype": lambda made: f"sh:datatype {made.any(*DATATYPES)}",
    "nodeKind": lambda made: f"sh:nodeKind sh:{made.any(*NODE_KINDS)}",
    "minCount": lambda made: f"sh:minCount {made.count(0, 3)}",
    "maxCount": lambda made: f"sh:maxCount {made.count(0, 3)}",
    "minExclusive": lambda made: f"sh:minExclusive {made.literal()}",
    "minInclusive": lambda made: f"sh:minInclusive {made.literal()}",
    "maxExclusive": lambda made: f"sh:maxExclusive {made.literal()}",
    "maxInclusive": lambda made: f"sh:maxInclusive {made.literal()}",
    "minLength": lambda made: f"sh:minLength {made.count(1, 20)}",
    "maxLength": lambda made: f"sh:maxLength {made.count(1, 20)}",
    "pattern": lambda made: (
        f'sh:pattern "{made.any("^a", "b$", "[0-9]+", "", "^http", "A.*")}"' + made.any("", ' ; sh:flags "i"')
    ),
    "languageIn": lambda made: f'sh:languageIn ( "en" "{made.any("de", "en-GB", "fr")}" )',
    "uniqueLang": lambda made: "sh:uniqueLang true",
    "equals": lambda made: f"sh:equals {made.predicate()}",
    "disjoint": lambda made: f"sh:disjoint {made.predicate()}",
    "lessThan": lambda made: f"sh:lessThan {made.predicate()}",
    "lessThanOrEquals": lambda made: f"sh:lessThanOrEquals {made.predicate()}",
    "closed": lambda made: "sh:closed true" + made.any("", f" ; sh:ignoredProperties ( rdf:type {made.predicate()} )"),
    "hasValue": lambda made: f"sh:hasValue {made.any(made.literal(), made.iri())}",
    "in": lambda made: f"sh:in ( {made.literal()} {made.iri()} {made.literal()} )",
}
"""What makes a constraint of each component."""

NESTING: dict[str, Callable[[Generator, list[str]], str]] = {
    "not": lambda made, inner: f"sh:not {' , '.join(inner)}",
    "and": lambda made, inner: f"sh:and ( {' '.join(inner)} )",
    "or": lambda made, inner: f"sh:or ( {' '.join(inner)} )",
    "xone": lambda made, inner: f"sh:xone ( {' '.join(inner)} )",
    "node": lambda made, inner: f"sh:node {' , '.join(inner)}",
    "property": lambda made, inner: f"sh:property {' , '.join(inner)}",
    "qualifiedMinCount": lambda made, inner: f"{made.qualified(inner)} ; sh:qualifiedMinCount {made.count(0, 2)}",
    "qualifiedMaxCount": lambda made, inner: f"{made.qualified(inner)} ; sh:qualifiedMaxCount {made.count(0, 2)}",
}
"""What makes a constraint of each component that refers to shapes, from one or two of these."""

KINDS = (*SIMPLE, *NESTING)


def local(term: object) -> str:
    """Return a term without its namespace; a blank node has no name."""
    return term.value.removeprefix(EX) if isinstance(term, NamedNode | Literal) else "blank"
