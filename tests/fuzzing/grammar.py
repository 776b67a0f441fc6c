"""A grammar of SPARQL that makes queries: odd ones, most of them valid."""

from __future__ import annotations

from random import Random

from tests.listener import WAYS

__all__ = ["query"]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


TERMS = """?a ?b ?c ?d id:mfa cg:usesPlatform "x"@en 1 -1.5e3 true '''it's''' _:b [] <http://x/a>""".split()  # noqa: SIM905
PATHS = """
    cg:usesPlatform a ^rdfs:label (a|rdfs:label) rdfs:subClassOf* !(a|^rdfs:label) a/rdfs:subClassOf+ cg:model? ?p
""".split()  # noqa: SIM905
FUNCTIONS = """
    STR LANG DATATYPE IRI ABS CEIL STRLEN UCASE LCASE ENCODE_FOR_URI YEAR MD5 SHA512 isIRI isLITERAL BOUND
""".split()  # noqa: SIM905
AGGREGATES = _lines("""
    COUNT(*)
    COUNT(DISTINCT ?a)
    SUM(?b)
    AVG(?b)
    MIN(?a)
    SAMPLE(?c)
    GROUP_CONCAT(?a; SEPARATOR="|")
""")
HEADS = _lines("""
    SELECT *
    SELECT DISTINCT ?a ?b
    SELECT (COUNT(*) AS ?n)
    ASK
    CONSTRUCT { ?a ?p ?b }
    DESCRIBE ?a
""")
DATASETS = ["", "", "", " FROM graph:facts", " FROM NAMED <urn:nothing>", " FROM <urn:x> FROM NAMED graph:facts"]
TAILS = _lines("""
    LIMIT 5
    ORDER BY DESC(?a)
    GROUP BY ?a
    HAVING(COUNT(*) > 1)
    OFFSET 2 LIMIT 3
    VALUES ?a { 1 UNDEF }
""")
EXPRESSIONS = _lines("""
    {0} + {1}
    {0} / {1}
    {0} < {1}
    {0} = {1}
    ({0} || !{1})
    IF({0}, {1}, {2})
    COALESCE({0}, {1})
    {0} IN ({1}, {2})
    CONCAT(STR({0}), STR({1}))
    REGEX(STR({0}), '^(a+)+$')
    REPLACE(STR({0}), 'a*', 'b')
    SUBSTR(STR({0}), -1, 1e9)
    STRDT(STR({0}), xsd:date)
    xsd:integer({0})
    xsd:date({0})
""") + [f"{name}({{0}})" for name in FUNCTIONS]
GAPS = [" ", "\n", "\t", " # {\n", " # SERVICE\r", "\r", " #'\n"]
GLUE = [
    "",
    " ",
    "# x\r",
    "# x\n",
    *_lines("""
    .
    ;
    {}
    true
    1
    1.
    cg:
    cg:.
    'x'
    ?a
    <http://x/>
    \\u0020
    a:\\.
    }
    _:b
"""),
]
WORDS = [
    *("SERVICE", "service", "SeRvIcE", "SERVICE SILENT", "SERVICESILENT"),
    *("\\u0053ERVICE", "SERVIC\\U00000045", "S\u0131RVICE", "SERVICE\u200b"),
]
AROUND = _lines("""
    { ?a ?b %s }
    { ?a ?b ?c . %s }
    { ?s ?p ?o %s }
    { VALUES ?x { <> } %s }
    { FILTER EXISTS { %s } }
    { OPTIONAL { ?a ?b %s } }
    { { SELECT * { %s } } }
    { BIND(1 AS ?y) %s }
    { GRAPH ?g { %s } }
    { FILTER(?a<1) %s FILTER(?b>1) }
""")


def query(random: Random, address: str) -> str:
    """Return a query; a third of all try to call an address."""
    if random.random() < 1 / 3:
        return _calling(random, address)
    head = random.choice((*HEADS, f"SELECT ?a ({random.choice(AGGREGATES)} AS ?x)"))
    tail = random.choice(("", "", *TAILS))
    text = f"{head}{random.choice(DATASETS)} WHERE {_group(random, 3)} {tail}"
    return text.replace(" ", random.choice(GAPS), random.randrange(3))


def _calling(random: Random, address: str) -> str:
    """Return what calls an address if some reader takes it for SERVICE."""
    if random.random() < 0.3:
        way = random.choice(WAYS)
        return f"PREFIX : <{address}> SELECT * {way.replace('%s', address)}"
    called = random.choice((f"<{address}>", ":x", "?x", f"<{address}>".replace("/", "\\u002f", 1)))
    word = "".join(sign if sign.islower() or random.random() < 0.8 else sign.lower() for sign in random.choice(WORDS))
    around = f"{random.choice(GLUE)}{word}{random.choice(GLUE[:2])}{called}{{ ?s ?p ?o }}{random.choice(GLUE)}"
    return f"PREFIX : <{address}> PREFIX SERVICE: <{address}> SELECT * " + random.choice(AROUND) % around


def _group(random: Random, depth: int) -> str:
    return "{ " + " ".join(_pattern(random, depth) for _ in range(random.randrange(1, 4))) + " }"


def _pattern(random: Random, depth: int) -> str:
    if not depth:
        return _triple(random)
    match random.randrange(12):
        case 0:
            return f"OPTIONAL {_group(random, depth - 1)}"
        case 1:
            return f"{_group(random, depth - 1)} UNION {_group(random, depth - 1)}"
        case 2:
            return f"MINUS {_group(random, depth - 1)}"
        case 3:
            return f"GRAPH {random.choice(('?g', 'graph:facts', '<urn:x>'))} {_group(random, depth - 1)}"
        case 4:
            return "{ SELECT ?a (%s AS ?y) %s GROUP BY ?a }" % (random.choice(AGGREGATES), _group(random, depth - 1))  # noqa: UP031
        case 5:
            return f"FILTER({_expression(random, depth)})"
        case 6:
            return f"BIND({_expression(random, depth)} AS ?z{random.randrange(99)})"
        case 7:
            return f"FILTER {random.choice(('', 'NOT '))}EXISTS {_group(random, depth - 1)}"
        case 8:
            return "VALUES (?a ?b) { (1 UNDEF) (id:mfa 'x') }"
        case _:
            return _triple(random)


def _triple(random: Random) -> str:
    return f"{random.choice(TERMS)} {random.choice(PATHS)} {random.choice(TERMS)} ."


def _expression(random: Random, depth: int) -> str:
    if not depth:
        return random.choice(TERMS[:-3])
    return random.choice(EXPRESSIONS).format(*(_expression(random, depth - 1) for _ in range(3)))
