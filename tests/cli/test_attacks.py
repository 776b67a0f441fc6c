"""Files and queries made to hang, crash, fetch or fill the memory get an answer or one line, whatever runs them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.expect import refused
from tests.commands import Done, Run
from tests.listener import listening

HEAD = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix e: <http://e/> .
"""
DATA = "e:a a e:C ; e:p e:b, 1, 'x' .\n"
SAVED = "#+ summary: What?\n#+ description: More.\n#+ none: a thing\n#+ tags: [a]\n"


def checked(run: Run, folder: Path, shapes: str, *options: str, data: str = DATA) -> Done:
    """Return what a check of data against shapes comes to."""
    (folder / "data.ttl").write_text(HEAD + data, encoding="utf-8")
    (folder / "shapes.ttl").write_text(HEAD + shapes, encoding="utf-8")
    return run("check", folder / "data.ttl", "--shapes", folder / "shapes.ttl", *options)


def shape(body: str) -> str:
    return f"e:S a sh:NodeShape ; sh:targetClass e:C ; {body} .\n"


def selecting(query: str) -> str:
    return shape(f"sh:sparql [ sh:select '''{query}''' ]")


# --- Without end ---

MANY = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcdefghi")
FOREVER = f"{MANY} FILTER(?a+?b+?c+?d+?e+?f+?g+?h+?i > 99)"
ALL_OF_ALL = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(20))
SUM = f"CONCAT({', '.join(f'STR(?o{n})' for n in range(20))})"
BACKTRACKS = f"e:a a e:C ; e:p '{'a' * 40}b' ."
CHAIN = "e:r a owl:TransitiveProperty .\n" + "".join(f"e:n{n} e:r e:n{n + 1} .\n" for n in range(2000))
SAME = "e:a a e:C .\n" + "".join(f"e:n{n} owl:sameAs e:n{n + 1} .\n" for n in range(600))
ENDLESS = {
    "a query in a shape": (selecting(f"SELECT $this {{ {ALL_OF_ALL} FILTER({SUM} = 'no') }}"), DATA, ()),
    "a pattern that only a backtracking engine can match": (
        shape("sh:property [ sh:path e:p ; sh:pattern '^(a+)+\\\\\\\\1$' ]".replace("\\\\\\\\", "\\\\")),
        BACKTRACKS,
        (),
    ),
    "a pattern for pyshacl": (
        shape("sh:property [ sh:path e:p ; sh:pattern '^(a+)+$' ]"),
        BACKTRACKS,
        ("--engine", "pyshacl"),
    ),
    "a chain": (shape("sh:nodeKind sh:IRI"), CHAIN, ("--infer", "owl-rl")),
    "many names of one thing": (shape("sh:nodeKind sh:IRI"), SAME, ("--infer", "owl-rl")),
}


@pytest.mark.long
@pytest.mark.parametrize(("shapes", "data", "options"), ENDLESS.values(), ids=ENDLESS)
def test_a_check_ends_in_its_time(run: Run, tmp_path: Path, shapes: str, data: str, options: tuple[str, ...]) -> None:
    """Whatever keeps it: a query, a pattern, or what follows from an ontology."""
    done = checked(run, tmp_path, shapes, *options, "--timeout", "1", data=data)
    refused(done, "the check was stopped after 1 s; ask for less, or allow more with --timeout")


def test_a_query_ends_in_its_time(run: Run) -> None:
    """And says so in the same words."""
    refused(run("sparql", f"ASK {{ {FOREVER} }}", "--timeout", "0.5"), "the query was stopped after 0.5 s")


PIECES = ["a1", "_a", 'a"\\"', "\\u0041", "'", "''' ", "<", "a:", "#", "(*", "?a.", "0.", "@a-"]


@pytest.mark.long
@pytest.mark.parametrize("piece", PIECES)
def test_a_long_query_is_read_as_fast_as_it_is_long(run: Run, piece: str) -> None:
    """No text makes the reader before the engine slow, which nothing would stop."""
    done = run("sparql", "-", "--timeout", "20", input="SELECT * { ?s ?p " + piece * 60_000)
    refused(done, "standard input")


# --- Too deep ---

DEEP = {
    "groups": ("{", "{", "}", "}"),
    "optionals": ("", "OPTIONAL { ", "}", ""),
    "subqueries": ("", "{ SELECT * { ", "}}", ""),
    "exists": ("", "FILTER EXISTS { ", "}", ""),
    "parentheses": ("FILTER(", "(", ")", "?a)"),
    "functions": ("FILTER(", "STR(", ")", "?a)"),
    "negations": ("FILTER(", "!", "", "?a)"),
    "paths": ("?a ", "^(", ")", "rdfs:label"),
    "collections": ("?a ?b ", "( ", ") ", "?c "),
    "blank nodes": ("?a ?b ", "[ rdfs:label ", "]", "?c "),
}
"""What stands before, what is repeated, what closes it, and what stands within."""


def nested(name: str, levels: int) -> str:
    """Return a pattern that nests as deep."""
    before, opened, closed, within = DEEP[name]
    last = within[-1:] if within in ("}", "?a)") else " ?b" if name == "paths" else ""
    return before + opened * levels + within.removesuffix(last) + closed * levels + last


@pytest.mark.long
@pytest.mark.parametrize("name", DEEP)
def test_a_query_that_nests_too_deep_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    """By itself, in a shape, in a component and saved: in one line, before the engine crashes."""
    pattern = nested(name, 15_000)
    refused(run("sparql", "-", input=f"SELECT * {{ {pattern} }}"))
    refused(checked(run, tmp_path, selecting(f"SELECT $this {{ {pattern} }}")))
    for folder in ("graph", "queries"):
        (tmp_path / folder).mkdir()
    (tmp_path / "queries" / "mine.rq").write_text(f"{SAVED}SELECT ?a {{ {pattern} }}", encoding="utf-8")
    refused(run("--data", tmp_path, "ask", "mine"), "mine.rq")


@pytest.mark.parametrize("name", DEEP)
def test_a_query_may_nest_as_people_nest(run: Run, name: str) -> None:
    """Some levels are no fault."""
    assert run("sparql", f"ASK {{ ?a ?b ?c . {nested(name, 5)} }}").returncode == 0


# --- Round in circles ---

RELATIONS = ["property", "node", "not", "and", "or", "xone", "qualifiedValueShape"]


def circles() -> Iterator[str]:
    """Yield shapes without names that lie in one another in circles of one and of two."""
    for number, names in enumerate((*((one,) for one in RELATIONS), *itertools.product(RELATIONS, repeat=2))):
        for at, name in enumerate(names):
            to = f"_:s{number}x{(at + 1) % len(names)}"
            listed = f"( {to} )" if name in ("and", "or", "xone") else to
            counts = " ; sh:qualifiedMinCount 1" if name == "qualifiedValueShape" else ""
            yield f"_:s{number}x{at} sh:path e:p{at} ; sh:minCount 1 ; sh:{name} {listed}{counts} .\n"
        yield f"e:N{number} a sh:NodeShape ; sh:targetClass e:C ; sh:property _:s{number}x0 .\n"
        yield f"e:M{number} a sh:NodeShape ; sh:targetClass e:C ; sh:not _:s{number}x0 .\n"


def test_shapes_that_lie_in_one_another_in_circles_are_checked_and_told(run: Run, tmp_path: Path) -> None:
    """Also where they are put into words, each within the other."""
    done = checked(run, tmp_path, "".join(circles()), "--all", data=DATA + "e:a e:p0 e:b ; e:p1 e:b .")
    assert (done.returncode, done.stderr) == (1, "")


def test_shapes_that_share_others_are_put_into_words_soon(run: Run, tmp_path: Path) -> None:
    """Two ways on from each of forty are more than anyone could read."""
    shapes = "".join(f"_:s{n} sh:or ( _:s{n + 1} [ sh:and ( _:s{n + 1} ) ] ) .\n" for n in range(14))
    done = checked(run, tmp_path, shape("sh:not _:s0") + shapes + "_:s14 sh:nodeKind sh:IRI .", "--timeout", "20")
    assert done.returncode == 1 and max(map(len, done.stdout.splitlines())) < 2000


@pytest.mark.parametrize("engine", ["own", "pyshacl"])
def test_data_that_look_like_a_report_are_no_report(run: Run, tmp_path: Path, engine: str) -> None:
    """What they say was found is data, which are at fault or not."""
    result = "[ a sh:ValidationResult ; sh:focusNode e:a ; sh:resultSeverity sh:Info ; sh:sourceShape e:S ]"
    data = f"e:a a e:C ; e:p [ a sh:ValidationReport ; sh:conforms true ; sh:result {result} ] .\n"
    done = checked(
        run, tmp_path, shape("sh:property [ sh:path e:p ; sh:nodeKind sh:IRI ]"), "--engine", engine, data=data
    )
    assert done.returncode == 1 and done.stdout.endswith("1 file: 1 violation\n")
    done = checked(run, tmp_path, shape("sh:property [ sh:path e:p ; sh:minCount 1 ]"), "--engine", engine, data=data)
    assert done.returncode == 0


# --- More than there is ---


def test_a_query_that_fills_the_memory_is_stopped(run: Run) -> None:
    """With the memory that it may have."""
    text = f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), '{'x' * 5000}')) AS ?t) {{ {MANY[: MANY.index('VALUES ?h')]} }}"
    refused(
        run("sparql", "-", "--memory", "0.2", input=text), "the query takes more than 0.2 GiB of memory", "--memory"
    )


def test_a_check_that_fills_the_memory_is_stopped(run: Run, tmp_path: Path) -> None:
    """As by a pattern of a million signs for hundreds of values."""
    values = ", ".join(f"'x{n}'" for n in range(300))
    pattern = "ab?" * 300_000
    done = checked(
        run, tmp_path, shape(f"sh:property [ sh:path e:p ; sh:pattern '{pattern}' ]"), "--memory", "0.1",
        data=f"e:a a e:C ; e:p {values} .",
    )  # fmt: skip
    refused(done, "the check takes more than 0.1 GiB of memory", "--memory")


# --- From elsewhere ---

FETCHING = {
    "an external entity": ("data.rdf", '<!DOCTYPE r [<!ENTITY x SYSTEM "%s">]><r>&x;</r>'),
    "an entity of a parameter": ("data.rdf", '<!DOCTYPE r [<!ENTITY %% x SYSTEM "%s">%%x;]><r/>'),
    "an external DTD": ("data.rdf", '<!DOCTYPE r SYSTEM "%s"><r/>'),
    "a context": ("data.jsonld", '{"@context": "%s", "@id": "urn:a", "urn:p": 1}'),
    "an imported context": ("data.jsonld", '{"@context": {"@import": "%s"}, "@id": "urn:a", "urn:p": 1}'),
    "a context beside others": ("data.jsonld", '{"@context": [{}, "%s"], "@id": "urn:a", "urn:p": 1}'),
    "an import": ("data.ttl", "<urn:a> <http://www.w3.org/2002/07/owl#imports> <%s> ."),
    "a shapes graph": ("data.ttl", "<urn:a> <http://www.w3.org/ns/shacl#shapesGraph> <%s> ."),
}


@pytest.mark.long
@pytest.mark.parametrize("engine", ["own", "pyshacl"])
@pytest.mark.parametrize(("name", "text"), FETCHING.values(), ids=FETCHING)
def test_nothing_is_fetched_from_where_a_file_points(
    run: Run, tmp_path: Path, name: str, text: str, engine: str
) -> None:
    """As data, as shapes and as an ontology."""
    (tmp_path / "good.ttl").write_text(HEAD + DATA, encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(HEAD + shape("sh:nodeKind sh:IRI"), encoding="utf-8")
    with listening() as (address, requests):
        (tmp_path / name).write_text(text % address, encoding="utf-8")
        for given in (["--ontology", "good.ttl"], ["--shapes", name], ["--ontology", name]):
            data = "good.ttl" if name in given else name
            options = [str(tmp_path / one) if "." in one else one for one in given]
            rest = [] if "--shapes" in given else ["--shapes", str(tmp_path / "shapes.ttl")]
            done = run("check", tmp_path / data, *options, *rest, "--engine", engine)
            assert done.returncode in (0, 1, 2) and "Traceback" not in done.stderr
    assert requests == []
