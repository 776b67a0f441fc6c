"""Our SHACL engine finds what pyshacl finds, but for what pyshacl gets wrong; shapes that it cannot take it names."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse

from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.shacl import engine, reference
from compas_graph.shacl.index import Index
from compas_graph.shacl.literals import XSD, less, well_formed
from compas_graph.shacl.results import Result
from compas_graph.shacl.shapes import COMPONENTS, Shapes, read_shapes

ROOT = Path(__file__).parents[1]
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

    Numbers alone are compared, for of other literals pyshacl compares more than SPARQL's `<` does.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
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

    def body(self, depth: int, path: bool) -> str:
        """Return what a shape says, without its target and its path."""
        said = ["sh:severity " + self.any("sh:Warning", "sh:Info", "ex:Grave")] * (self.random.random() < 0.1)
        said += ["sh:deactivated true"] * (self.random.random() < 0.06)
        kinds = [kind for kind in KINDS if self.numeric or kind not in COMPARISONS]
        kinds = [kind for kind in kinds if (path or kind not in ON_PATHS) and (depth < 3 or kind not in NESTING)]
        return " ; ".join(said + [self.constraint(kind, depth, path) for kind in self.random.sample(kinds, 3)])

    def constraint(self, kind: str, depth: int, path: bool) -> str:
        """Return a constraint of a kind."""
        some = self.random.randint
        inner = [self.inner(depth + 1, kind == "property") for _ in range(some(1, 2))] if kind in NESTING else []
        match kind:
            case "minCount" | "maxCount":
                return f"sh:{kind} {some(0, 3)}"
            case "minLength" | "maxLength":
                return f"sh:{kind} {some(1, 20)}"
            case "class":
                return f"sh:class ex:{self.any(*'ABCD')}"
            case "datatype":
                return f"sh:datatype {self.any(*DATATYPES)}"
            case "nodeKind":
                kinds = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
                return f"sh:nodeKind sh:{self.any(*kinds)}"
            case "pattern":
                pattern = self.any("^a", "b$", "[0-9]+", "", "^http", "A.*")
                return f'sh:pattern "{pattern}"' + self.any("", ' ; sh:flags "i"')
            case "languageIn":
                return f'sh:languageIn ( "en" "{self.any("de", "en-GB", "fr")}" )'
            case "uniqueLang":
                return "sh:uniqueLang true"
            case "equals" | "disjoint" | "lessThan" | "lessThanOrEquals":
                return f"sh:{kind} {self.predicate()}"
            case "not" | "node" | "property":
                return f"sh:{kind} {' , '.join(inner)}"
            case "and" | "or" | "xone":
                return f"sh:{kind} ( {' '.join(inner)} )"
            case "qualified":
                count = f"sh:qualified{self.any('Min', 'Max')}Count {some(0, 2)}"
                apart = self.any("", " ; sh:qualifiedValueShapesDisjoint true")
                wanted = self.any(inner[0], "[ sh:nodeKind sh:IRIOrLiteral ]")
                return f"sh:qualifiedValueShape {wanted} ; {count}{apart}"
            case "closed":
                return "sh:closed true" + self.any("", f" ; sh:ignoredProperties ( rdf:type {self.predicate()} )")
            case "hasValue":
                return f"sh:hasValue {self.any(self.literal(), self.iri())}"
            case "in":
                return f"sh:in ( {self.literal()} {self.iri()} {self.literal()} )"
        return f"sh:{kind} {self.literal()}"

    def shapes(self) -> str:
        """Return a few shapes with targets."""
        shapes = []
        for number in range(self.random.randint(1, 4)):
            path = self.random.random() < 0.5
            target = self.any(
                f"targetNode {self.iri()}", f"targetNode {self.literal()}", f"targetClass ex:{self.any(*'ABC')}",
                f"targetSubjectsOf {self.predicate()}", f"targetObjectsOf {self.predicate()}",
            )  # fmt: skip
            kind = f"sh:PropertyShape ; sh:path {self.path()}" if path else "sh:NodeShape"
            shapes.append(f"ex:Shape{number} a {kind} ; sh:{target} ; {self.body(0, path)} .")
        return "\n".join(shapes + self.named)


KINDS = sorted(set(COMPONENTS) - {"sparql", "qualifiedMinCount", "qualifiedMaxCount"} | {"qualified"})
ON_PATHS = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualified")
NESTING = ("not", "node", "property", "and", "or", "xone", "qualified")


@pytest.mark.parametrize(
    "seeds", [range(start, start + 40) for start in range(0, 160, 40)], ids=lambda one: str(one.start)
)
def test_random_shapes_find_in_random_data_what_pyshacl_finds(seeds: range) -> None:
    """Every kind of constraint, path, target and literal, nested three deep."""
    for seed in seeds:
        made = Generator(seed)
        data, shapes = made.data(), made.shapes()
        graph, rules = index(data), read_shapes(index(shapes))
        assert keys(engine.validate, graph, rules) == keys(reference.validate, graph, rules), (
            f"{seed}:\n{shapes}\n{data}"
        )


def test_the_random_shapes_make_each_kind_of_constraint_fail() -> None:
    """Or else it would never be compared."""
    found: set[str] = set()
    for seed in range(160):
        made = Generator(seed)
        data, shapes = index(made.data()), read_shapes(index(made.shapes()))
        found |= {result.constraint.kind for result in engine.validate(data, shapes)}
    assert found == set(COMPONENTS) - {"property", "sparql"}


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        ("ex:S sh:targetNode ex:a ; sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:class ex:T ] ) .", 1),
        ("ex:S sh:targetNode ex:d ; sh:path ex:p ; sh:equals ex:q .", 1),
        (
            "ex:S sh:targetNode ex:a , ex:c ; sh:path ex:q ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .",
            1,
        ),
        (
            "ex:S sh:targetNode ex:a , ex:c ; sh:path ex:q ; sh:node [ sh:class ex:T ] .",
            2,
        ),
        ("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:n ; sh:datatype xsd:unsignedShort ] .", 1),
        (
            "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:q ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; "
            "sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ] , [ sh:path ex:p ; "
            "sh:qualifiedValueShape [ sh:nodeKind sh:BlankNodeOrIRI ] ; sh:qualifiedMinCount 0 ] .",
            1,
        ),
    ],
)
def test_a_shape_finds_as_many_faults_as_there_are_and_as_pyshacl(shape: str, count: int) -> None:
    """Where data made at random seldom have the fault."""
    data = index(
        'ex:a a ex:T ; ex:p ex:b ; ex:q ex:b ; ex:n "65536"^^xsd:unsignedShort . ex:c ex:q ex:b . ex:d ex:q 1 .'
    )
    shapes = read_shapes(index(shape))
    found = engine.validate(data, shapes)
    assert len(found) == count and {one.key() for one in found} == keys(reference.validate, data, shapes)


def test_both_engines_find_the_same_in_the_repository_and_in_all_breaking_files() -> None:
    """All in one graph, each breaking file with names of its own: one finding from each, none from the repository."""
    data = Index()
    for path in [ROOT / "ontology" / "compas.ttl", *(ROOT / "graph").rglob("*.ttl")]:
        data.add(parse(path.read_bytes(), RdfFormat.TURTLE))
    cases = sorted((ROOT / "tests" / "shapes").glob("*.ttl"))
    for case in cases:
        text = case.read_text("utf-8").replace("<https://example.org/>", f"<https://example.org/{case.stem}/>")
        data.add(parse(text, RdfFormat.TURTLE))
    shapes = read_shapes(Index(parse((ROOT / "ontology" / "shapes.ttl").read_bytes(), RdfFormat.TURTLE)))
    found = engine.validate(data, shapes)
    assert len(found) == len(cases) > 100
    assert {one.key() for one in found} == keys(reference.validate, data, shapes)


WRONG_IN_PYSHACL = {
    "an inverse of a sequence, whose steps pyshacl does not turn round": (
        "ex:a ex:p ex:b . ex:b ex:q ex:c .",
        "ex:S sh:targetNode ex:c ; sh:path [ sh:inversePath ( ex:p ex:q ) ] ; sh:nodeKind sh:Literal .",
        {("c", "a")},
    ),
    "a blank node has no length, so not even 0": (
        "ex:a ex:p [] .",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node [ sh:minLength 0 ] ] .",
        {("a", "blank")},
    ),
    "IRIs are not less than one another, which pyshacl compares as texts": (
        "ex:a ex:p ex:b ; ex:q ex:c .",
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:lessThan ex:q .",
        {("a", "b")},
    ),
    "a blank node is not less, where pyshacl stops": (
        "ex:a ex:p [] ; ex:q 1 .",
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:lessThan ex:q .",
        {("a", "blank")},
    ),
    "a day with a time zone and one without, which pyshacl compares": (
        'ex:a ex:p "2020-01-01Z"^^xsd:date .',
        'ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:maxInclusive "2020-01-01"^^xsd:date .',
        {("a", "2020-01-01Z")},
    ),
    "the end of a text is not before its last line break": (
        r'ex:a ex:p "b\n" .',
        'ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:pattern "b$" .',
        {("a", "b\n")},
    ),
    "a decimal has no exponent": (
        'ex:a ex:p "1e2"^^xsd:decimal .',
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:datatype xsd:decimal .",
        {("a", "1e2")},
    ),
    "a day ends at 24:00:00": (
        'ex:a ex:p "2020-01-01T24:00:00"^^xsd:dateTime .',
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:datatype xsd:dateTime .",
        set(),
    ),
    "sh:uniqueLang counts only as true, not as 1": (
        'ex:a ex:p "a"@en , "b"@en .',
        'ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:uniqueLang "1"^^xsd:boolean .',
        set(),
    ),
}
"""Where pyshacl differs from the W3C Recommendation: why, data, a shape, and what is right by it."""


@pytest.mark.parametrize("name", WRONG_IN_PYSHACL)
def test_where_pyshacl_is_wrong_the_recommendation_holds(name: str) -> None:
    """And pyshacl still is, else the entry is to go."""
    data, shape, right = WRONG_IN_PYSHACL[name]
    graph, shapes = index(data), read_shapes(index(shape))
    found = engine.validate(graph, shapes)
    shown = {(local(one.focus), local(one.value)) for one in found if one.value is not None}
    assert shown == right and len(found) == len(right)
    try:
        theirs = keys(reference.validate, graph, shapes)
    except DataError:
        return
    assert {one.key() for one in found} != theirs


def local(term: object) -> str:
    """Return a term without its namespace; a blank node has no name."""
    return term.value.removeprefix(EX) if isinstance(term, NamedNode | Literal) else "blank"


def test_one_literal_is_less_than_another_where_sparql_says_so() -> None:
    """For all pairs of literals, in Oxigraph's SPARQL."""
    data = index("".join(f"ex:a ex:p {each} ." for each in LITERALS))
    known = [one for one in data.literals() if well_formed(one.value, one.datatype.value) and less(one, one) is False]
    assert len({one.datatype for one in known}) >= 12
    store = Store()
    for one in known:
        for other in known:
            solutions = store.query(f"SELECT ({one} < {other} AS ?less) {{}}")
            assert isinstance(solutions, QuerySolutions)
            answer = next(solutions)[0]
            assert less(one, other) is (answer and answer.value == "true"), (one, other)


N, P = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; ", "ex:S sh:targetNode ex:a ; sh:path ex:p ; "
PATH = "ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:minCount 1 ; sh:path "
ASK = "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path {} ] ; sh:validator [ sh:ask {} ] . "
MALFORMED = {
    PATH + '"x" .': "sh:path has",
    PATH + "() .": "at least two steps",
    PATH + "( ex:p ) .": "at least two",
    PATH + "[] .": "a blank node that is a path",
    PATH + "[ sh:inversePath ex:p , ex:q ] .": "a blank node that is a path",
    PATH + "[ sh:inversePath ex:p ; sh:zeroOrMorePath ex:q ] .": "a blank node that is a path",
    PATH + "[ sh:alternativePath ex:p ] .": "sh:alternativePath needs a list",
    PATH + "ex:p , ex:q .": "has 2 values of sh:path",
    PATH + "_:l . _:l rdf:first ex:p ; rdf:rest _:l .": "a blank node that is a path",
    PATH + "_:l . _:l sh:inversePath _:l .": "leads back to itself",
    PATH + "_:l . _:l sh:alternativePath ( _:l _:l ) .": "leads back to itself",
    PATH + "[ sh:inversePath " * 500 + "ex:p" + " ]" * 500 + " .": "leads back to itself, or",
    "ex:S a sh:PropertyShape ; sh:targetNode ex:a .": "without sh:path",
    N + "sh:and _:l . _:l rdf:first ex:X ; rdf:rest _:l .": "sh:and needs a list",
    N + "sh:in _:l . _:l rdf:first ex:X ; rdf:rest _:l .": "sh:in needs a list",
    N + "sh:in ex:a .": "sh:in needs a list",
    N + "sh:in ( 1 ) , ( 2 ) .": "has 2 values of sh:in",
    N + 'sh:or ( "a" ) .': 'sh:or has "a", which is no shape',
    N + 'sh:property "x" .': 'sh:property has "x"',
    N + "sh:property ex:nowhere .": "no sh:path",
    N + "sh:property [ sh:path ex:p ; sh:minCount 1.5 ] .": r"in \[ sh:path <http://example.org/p> \]: sh:minCount",
    N + "sh:lessThan ex:q .": "needs a property shape",
    N + "sh:nodeKind sh:Iri .": "sh:BlankNodeOrIRI",
    N + "sh:nodeKind sh:IRI , sh:Literal .": "has 2 values of sh:nodeKind",
    N + 'sh:datatype "xsd:string" .': "takes an IRI",
    N + 'sh:class "C" .': "takes an IRI",
    N + "sh:minInclusive ex:a .": "takes a literal",
    N + 'sh:closed "yes" .': "write true or false",
    N + "sh:closed true ; sh:ignoredProperties ex:p .": "sh:ignoredProperties needs a list",
    N + 'sh:class ex:C ; sh:severity "Warn" .': "sh:severity has",
    N + "sh:class ex:C ; sh:message 5 .": "sh:message has 5; it takes text",
    N + "sh:class ex:C ; sh:deactivated true , false .": "has 2 values of sh:deactivated",
    'ex:S sh:targetClass "T" ; sh:class ex:C .': "sh:targetClass has",
    P + 'sh:minCount "a" .': 'sh:minCount has "a"; it takes a whole number',
    P + "sh:minCount -1 .": "sh:minCount has -1;",
    P + "sh:minCount 1.0 .": "sh:minCount has 1.0;",
    P + "sh:maxCount 1 , 2 .": "has 2 values of sh:maxCount",
    P + 'sh:pattern "(" .': r"'\(', which is no regular expression",
    P + 'sh:pattern "a" ; sh:flags "zz" .': "sh:flags has 'zz'",
    P + "sh:languageIn ( 1 ) .": "takes a plain string",
    P + 'sh:uniqueLang "yes" .': "write true or false",
    P + "sh:qualifiedMinCount 1 .": "needs one sh:qualifiedValueShape",
    P + "sh:qualifiedMinCount 1 ; sh:qualifiedValueShape 5 .": "sh:qualifiedValueShape has 5",
    N + "sh:node ex:S .": "leads back to itself for <http://example.org/a>",
    N + "sh:not ex:S .": "leads back to itself",
    N + "sh:property ex:X . ex:X sh:path ex:next ; sh:node ex:S .": "leads back to itself",
    N + "sh:property ex:X . ex:X sh:path ex:next ; sh:property ex:X .": "leads back to itself",
    PATH + "ex:next ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape ex:S .": "leads back to itself",
    N + "sh:node ex:X0 . " + "".join(f"ex:X{n} sh:node ex:X{n + 1} ." for n in range(2000)): "more than 50 shapes deep",
    N + 'sh:sparql "x" .': "needs one sh:select",
    N + 'sh:sparql [ sh:select "SELECT $this {}" , "SELECT $this { }" ] .': "there are 2",
    N + 'sh:sparql [ sh:select "ASK {}" ] .': "a SELECT query",
    N + 'sh:sparql [ sh:select "LOAD <http://localhost:1/>" ] .': "a SELECT query",
    N + 'sh:sparql [ sh:select "SELECT ?x { ?x ?p ?o }" ] .': r"does not give \$this",
    N + 'sh:sparql [ sh:select "SELECT $this { { SELECT * { $this ?p ?o } } }" ] .': r"does not give \$this",
    N + 'sh:sparql [ sh:select "SELECT $this { SERVICE <http://localhost:1/> {} }" ] .': "uses SERVICE",
    N + 'sh:sparql [ sh:select "SELECT $this FROM <http://localhost:1/> {}" ] .': "uses FROM",
    N + 'sh:sparql [ sh:select "SELECT $this { BIND(1 AS $this) }" ] .': r"assigns \$this",
    N
    + 'sh:sparql [ sh:prefixes [ sh:declare [ sh:prefix "e" ] ] ; sh:select "SELECT $this {}" ] .': "one sh:namespace",
    ASK.format("ex:this", '"ASK {}"') + N + "ex:this 1 .": "may not be called 'this'",
    ASK.format('"x"', '"ASK {}"'): "component <http://example.org/C>: a parameter needs sh:path",
    ASK.format("ex:it", '"SELECT $this {}"'): "component <http://example.org/C>: sh:ask needs an ASK query",
    "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:it ] . " + N + "ex:it 1 .": "no validator",
    "<> sh:entailment <http://www.w3.org/ns/entailment/RDFS> .": "sh:entailment asks for",
}


def validated(shapes: str, data: str = 'ex:a ex:p ex:b , "aaab" ; ex:next ex:a .') -> list[Result]:
    """Return what shapes find in some data."""
    return engine.validate(index(data), read_shapes(index(shapes)))


@pytest.mark.parametrize("shapes", MALFORMED, ids=lambda shapes: shapes[:90])
def test_malformed_shapes_are_told_in_one_line_that_names_the_shape(shapes: str) -> None:
    """And says what would be right; never another class of error."""
    with pytest.raises(DataError, match=MALFORMED[shapes]) as caught:
        validated(shapes.replace("<>", "<http://x/>"))
    assert type(caught.value) is DataError
    said = str(caught.value)
    assert "\n" not in said and (said.startswith(("shape ex:", "shape <", "component <", "sh:entailment")))


UNSUPPORTED = {
    N + 'sh:target [ sh:select "SELECT ?this {}" ] .': "sh:target is not of SHACL 1.0",
    N + "sh:expression [ sh:path ex:p ] .": "sh:expression is not",
    N + "sh:rule [ sh:subject sh:this ] .": "sh:rule is not",
    P + 'sh:pattern "(?=a)a" .': "no regular expression of SPARQL's",
    N + 'sh:sparql [ sh:select "SELECT $this { $this" ] .': "cannot be run by Oxigraph",
    N + 'sh:sparql [ sh:select "SELECT $this { FILTER(<http://x/f>($this)) }" ] .': "custom function <http://x/f>",
    ASK.format("ex:it", '"ASK {"') + N + "ex:it 1 .": "component <http://example.org/C>: the query cannot be run",
}


@pytest.mark.parametrize("shapes", UNSUPPORTED)
def test_shapes_that_only_pyshacl_may_know_are_told_apart(shapes: str) -> None:
    """They are read nevertheless, so that pyshacl can be given them."""
    read = read_shapes(index(shapes))
    with pytest.raises(UnsupportedShapesError, match=UNSUPPORTED[shapes].replace("?", r"\?")) as caught:
        engine.validate(index("ex:a ex:p ex:b ."), read)
    assert "\n" not in str(caught.value)


def test_pyshacl_takes_what_our_engine_cannot() -> None:
    """With its extensions: here, an expression that gives a violation where it is false."""
    shapes = read_shapes(index('ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:pattern "(?=a)ab" .'))
    assert len(keys(reference.validate, index('ex:a ex:p "ab" , "ac" .'), shapes)) == 1


def test_a_shape_that_leads_back_to_itself_is_followed_along_data_that_does_not() -> None:
    """A chain of nodes, each but the last with one next."""
    shape = "ex:S sh:targetSubjectsOf ex:next ; sh:property [ sh:path ex:next ; sh:minCount 1 ; sh:node ex:S ] ."
    found = validated(shape, "".join(f"ex:n{n} ex:next ex:n{n + 1} ." for n in range(9)))
    assert [(local(one.focus), one.constraint.kind) for one in found] == [(f"n{n}", "node") for n in range(9)]


def test_a_shape_that_leads_back_to_itself_ends_where_data_branches_and_meets_again() -> None:
    """Twenty steps of two ways each are a million ways to one fault."""
    data = "".join(
        f"ex:a{n} ex:next ex:a{n + 1}, ex:b{n + 1} . ex:b{n} ex:next ex:a{n + 1}, ex:b{n + 1} ." for n in range(20)
    )
    shape = "ex:S sh:targetNode ex:a0 ; sh:property ex:P . ex:P sh:path ex:next ; sh:property ex:P ; sh:class ex:T ."
    assert len(validated(shape, data)) == 78


def test_a_pattern_that_goes_astray_in_other_engines_ends() -> None:
    """Its groups can share out a text in more ways than could ever be tried."""
    text = "a" * 5000 + "b"
    found = validated(P + 'sh:pattern "^(a+)+$" .', f'ex:a ex:p "{text}" , "aaa" .')
    assert [len(local(one.value)) for one in found] == [5001]


def test_an_empty_shapes_graph_finds_nothing() -> None:
    """As nothing is asked for."""
    assert validated("") == []


def test_an_index_keeps_literals_as_they_are_written_and_each_triple_once() -> None:
    """Two ways to write a number are two values."""
    made = index('ex:a ex:p 1.50 , 1.5 , "1.5"^^xsd:decimal . ex:a ex:p 1.5 . ex:b ex:p 1.5 .')
    assert len(made) == len(set(made)) == 3
    assert all(isinstance(one, Triple) for one in made)
    assert {one.value for one in made.literals()} == {"1.50", "1.5"}
