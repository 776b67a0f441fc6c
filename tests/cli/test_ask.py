"""`ask`, `queries`, `catalogue`, and the options that leave sources out."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests import FROZEN, HEAD
from tests.cli.expect import ASK, Run, answered, change, query, refused

# --- ask ---


def test_the_question_of_the_readme_is_answered(run: Run) -> None:
    """By name what is stated, as planned what is planned, and nothing by guess."""
    table, _, against = answered(run("ask", ASK, "--platform", "MFA")).partition("\n\n")
    assert "rows 4 and 5: " in against
    lines = table.splitlines()
    assert [re.split("  +", line) for line in lines] == [
        ["model", "platform", "status", "source"],
        ["Infiniti Q30 (upcoming)", "MFA", "stated", "Motor Authority, June 2014, paragraph 4"],
        ["Infiniti QX30 (upcoming)", "MFA", "stated", "Motor Authority, June 2014, paragraph 4"],
        ["Mercedes compact range 2014 (unnamed)", "MFA", "stated", "Motor Authority, June 2014, paragraph 4"],
        [
            "cars for Aguascalientes, Motor Authority 2014 (unnamed)",
            "common platform 2014 (unnamed) (possibly the same as next-generation MFA)",
            "planned",
            "Motor Authority, June 2014, paragraph 4",
        ],
        [
            "cars for Aguascalientes (unnamed)",
            "next-generation MFA (succeeds MFA)",
            "planned",
            "Motor Authority, July 2015, paragraph 4",
        ],
    ]


def test_what_is_only_possibly_the_same_is_left_out_where_one_thing_is_asked_for_exactly(run: Run) -> None:
    """As by `--inferred exclude`, which can still be said otherwise."""
    exact = answered(run("ask", ASK, "--platform", "MFA", "--exact"))
    assert "possibly the same" not in exact
    assert exact == answered(run("ask", ASK, "--platform", "MFA", "--inferred", "exclude"))
    both = run("ask", ASK, "--platform", "MFA", "--exact", "--inferred", "include")
    assert "possibly the same" in answered(both)


@pytest.mark.parametrize(
    ("first", "last", "wrong"), [("2018", "2015", True), ("2017-06", "2017", False), ("2017-07-02", "2017-07-01", True)]
)
def test_a_time_that_ends_before_it_begins_is_refused(run: Run, first: str, last: str, wrong: bool) -> None:
    """A month and the year it lies in overlap."""
    done = run("ask", "what-happens-when", "--from", first, "--to", last)
    if wrong:
        refused(done, f"--from {first} is after --to {last}")
    else:
        answered(done)


@pytest.mark.parametrize("name", ["MFA", "mfa", "id:mfa", "https://w3id.org/compas-graph/id/mfa"])
def test_a_thing_is_named_by_label_alias_or_iri(run: Run, name: str) -> None:
    """With the same answer."""
    assert answered(run("ask", ASK, "--platform", name)) == answered(run("ask", ASK, "--platform", "MFA"))


@pytest.mark.parametrize("form", ["markdown", "csv", "tsv", "json"])
def test_an_answer_comes_in_every_format(run: Run, form: str) -> None:
    """With the same five rows."""
    text = answered(run("ask", ASK, "--platform", "MFA", "--format", form))
    if form == "markdown":
        number = len(text.partition("\n\n")[0].splitlines()) - 2
    elif form == "json":
        number = len(json.loads(text)["results"]["bindings"])
    else:
        number = len(list(csv.reader(io.StringIO(text), delimiter="," if form == "csv" else "\t"))) - 1
    assert number == 5
    assert text.endswith("\n") and not text.endswith("\n\n")


def test_no_source_says_is_an_answer(run: Run) -> None:
    """One line, exit code 0."""
    lines = answered(run("ask", "who-owns-a-venture", "--party", "Renault")).splitlines()
    assert len(lines) == 1 and lines[0].startswith("no source says ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["which-model-shares-a-platform"], ["no saved query", f"did you mean {ASK}"]),
        (["zzzzzz"], ["no saved query", "zzzzzz"]),
        (["../queries/" + ASK], ["no saved query"]),
        ([], ["name a saved query"]),
        ([ASK], ["Missing option '--platform'"]),
        ([ASK, "--platfrom", "MFA"], ["--platfrom", "--platform"]),
        ([ASK, "--platform"], ["--platform"]),
        ([ASK, "--platform", "MFAA"], ["no platform is called 'MFAA'", "did you mean MFA"]),
        ([ASK, "--platform", "Nissan"], ["no platform is called 'Nissan'"]),
        ([ASK, "--platform", ""], ["no platform"]),
        ([ASK, "--platform", "a\nb"], ["a b"]),
        ([ASK, "--platform", "MFA", "more"], ["more"]),
        ([ASK, "--platform", "MFA", "--format", "pdf"], ["pdf"]),
        ([ASK, "--platform", '" } DROP ALL'], ["no platform"]),
        (["which-vehicles-are-of-a-kind", "--kind", "nothing"], ["nothing"]),
    ],
)
def test_a_wrong_question_is_one_line(run: Run, arguments: list[str], said: list[str]) -> None:
    """Unknown query, parameter, thing or choice, each with what would be right."""
    refused(run("ask", *arguments), *said)


def test_a_name_of_things_that_are_possibly_the_same_asks_for_all_and_says_so(run: Run) -> None:
    """In one line beside the answer; exactly asked for, it is refused with the candidates."""
    done = run("ask", "where-is-a-plant", "--plant", "Aguascalientes plant")
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1 and "possibly the same" in done.stderr
    assert "Motor Authority 2014" in done.stdout and "The News Wheel" in done.stdout
    refused(
        run("ask", "where-is-a-plant", "--plant", "Aguascalientes plant", "--exact"),
        "id:aguascalientes-site-s0",
        "id:joint-plant-s3",
    )


def test_an_ambiguous_name_is_refused_with_the_candidates(run: Run, data: Path) -> None:
    """Where no reading links the things that share a spelling."""
    (data / "graph" / "mine.ttl").write_text(HEAD + 'id:x a cg:Platform ; rdfs:label "MFA"@en .', encoding="utf-8")
    refused(run("--data", data, "ask", ASK, "--platform", "MFA"), "fits several things", "id:mfa (MFA)", "id:x (MFA)")
    refused(run("--data", data, "describe", "MFA"), "id:x (MFA)")


@pytest.mark.parametrize(
    ("kind", "typed"), [("integer", "many"), ("integer", "1.5"), ("decimal", "1e3"), ("choice", "green")]
)
def test_a_value_of_the_wrong_type_is_one_line(run: Run, data: Path, kind: str, typed: str) -> None:
    """With the parameter and what it takes."""
    query(data, f"#+ params:\n#+   x: {{type: {kind}, help: h, choices: [red, blue]}}\n")
    refused(run("--data", data, "ask", "mine", "--x", typed), "--x", typed)


@pytest.mark.parametrize(
    ("more", "body", "none"),
    [
        ("", "SELECT ?x { ?x ?y", "a"),
        ("", "ASK { ?x ?y ?z }", "a"),
        ("", "CONSTRUCT WHERE { ?x ?y ?z }", "a"),
        ("", "INSERT DATA { id:a a id:b }", "a"),
        ("", "SELECT ?x { ?x a cg:Nothing }", "which {nothing}"),
        ("", "SELECT ?x { ?x a cg:Nothing }", "'{'"),
        ("#+ params: [x]\n", "SELECT ?x {}", "a"),
        ("#+ params:\n#+   x: {type: string, help: h}\n", "SELECT ?x { ?x a cg:Nothing }", "a"),
        ("#+ params:\n#+   x: {type: integer, help: h, default: many}\n", "SELECT ?x {\n  VALUES ?x { 1 }\n}", "a"),
        ("", "SELECT ?x { SERVICE <http://127.0.0.1:1/> { ?x ?y ?z } }", "a"),
    ],
)
def test_a_saved_query_of_ones_own_that_is_wrong_is_one_line(
    run: Run, data: Path, more: str, body: str, none: str
) -> None:
    """Misspelt, not a SELECT, would write, would call a server, or with a header that does not fit."""
    query(data, more, body, none)
    done = run("--data", data, "ask", "mine")
    refused(done)
    assert "mine" in done.stderr or "--x" in done.stderr


FAULTY = """#+ summary: [What?]
#+ description: *more
#+ none: !!binary aGk=
#+ tags: {a: b}
#+ params:
#+   x:
#+     type: colour
#+     help: 5
#+     choises: [a]
SELECT ?x { ?x ?y ?z }
"""


@pytest.mark.parametrize("command", [("ask", "mine"), ("ask", "mine", "--help"), ("queries", "mine"), ("queries",)])
def test_each_fault_of_a_header_is_one_line(run: Run, data: Path, command: tuple[str, ...]) -> None:
    """With the file and its line, whatever the command; nothing is printed but these."""
    query(data)
    path = data / "queries" / "mine.rq"
    path.write_text(FAULTY, encoding="utf-8")
    done = run("--data", data, *command)
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [["compas-graph", f"{path}:{n}"] for n in (1, 2, 3, 4, 7, 9)]


@pytest.mark.long
@pytest.mark.parametrize("text", ["5", "2014-06-27", "no", "'%'", "'{}'", "'[bold]'", r'"a\n\n\tb"', "'\\'", "é€"])
def test_any_text_in_a_header_is_shown(run: Run, data: Path, text: str) -> None:
    """By every command that shows a header."""
    more = f"#+ columns:\n#+   y: {text}\n#+ params:\n#+   x:\n#+     type: string\n#+     help: {text}\n"
    body = 'SELECT ?x ?y {\n  VALUES ?x { "a" }\n  BIND(?x AS ?y)\n}\n'
    query(data, more, body)
    change(data / "queries" / "mine.rq", "summary: What?", f"summary: {text}")
    change(data / "queries" / "mine.rq", "tags: [a]", f"tags:\n#+   - {text}")
    for command in (
        ["queries"],
        ["queries", "mine"],
        ["ask", "mine", "--help"],
        ["ask", "mine", "--x", "a"],
        ["catalogue"],
    ):
        assert answered(run("--data", data, *command))


def test_a_parameter_cannot_have_the_name_of_an_option_of_every_query(run: Run, data: Path) -> None:
    """Nobody could give it a value."""
    for name in ("format", "evidence", "without", "help"):
        query(
            data, f"#+ params:\n#+   {name}: {{type: string, help: h}}\n", f"SELECT ?x {{\n  VALUES ?{name} {{ 1 }}\n}}"
        )
        refused(run("--data", data, "ask", "mine"), "mine.rq", f"parameter {name} ")


def test_what_was_asked_for_is_shown_where_there_is_no_other_column(run: Run, data: Path) -> None:
    query(data, "#+ params:\n#+   x: {type: string, help: h}\n")
    assert answered(run("--data", data, "ask", "mine", "--x", "why")).split() == ["x", "why"]


def test_a_default_of_a_parameter_that_may_be_given_again_is_one_value(run: Run, data: Path) -> None:
    """Not its letters."""
    query(data, "#+ params:\n#+   x: {type: string, help: h, many: true, default: abc}\n")
    assert answered(run("--data", data, "ask", "mine", "--format", "csv")).split() == ["x", "abc"]
    assert answered(run("--data", data, "ask", "mine", "--format", "csv", "--x", "d", "--x", "e")).split() == [
        "x",
        "d",
        "e",
    ]


def test_a_default_that_is_a_number_is_used(run: Run, data: Path) -> None:
    """Written in the header without quotes."""
    query(
        data,
        "#+ params:\n#+   x: {type: integer, help: h, default: 10}\n",
        "SELECT ?x {\n  VALUES ?x { 1 }\n  BIND(?x + 1 AS ?y)\n}",
    )
    assert "10" in answered(run("--data", data, "ask", "mine", "--format", "csv"))
    assert "12" in answered(run("--data", data, "ask", "mine", "--format", "csv", "--x", "12"))


def test_asking_imports_neither_rdflib_nor_pyshacl_nor_owlrl(empty_folder: Path) -> None:
    """They take longer to import than the whole answer takes."""
    program = f"""
import sys
sys.argv = ["compas-graph", "ask", "{ASK}", "--platform", "MFA"]
from compas_graph.cli import main
try:
    main()
except SystemExit as done:
    assert not done.code
loaded = {{name.partition(".")[0] for name in sys.modules}}
heavy = loaded & {{"rdflib", "pyshacl", "owlrl", "multiprocessing"}}
print("imported:", *sorted(heavy))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=empty_folder, capture_output=True, text=True, check=True)
    assert "Infiniti Q30" in done.stdout
    assert done.stdout.splitlines()[-1] == "imported:"


# --- queries ---


def test_the_queries_are_listed_and_shown_whole(run: Run) -> None:
    """Each with its question."""
    listed = answered(run("queries"))
    files = sorted(FROZEN.queries.glob("*.rq"))
    assert [line.split()[0] for line in listed.splitlines()[1:]] == [path.stem for path in files]
    assert "Which models share a platform?" in listed
    assert answered(run("queries", ASK)) == (FROZEN.queries / f"{ASK}.rq").read_text(encoding="utf-8")


def test_an_unknown_query_is_not_shown(run: Run) -> None:
    """Close names are offered."""
    refused(run("queries", "which-model-shares-a-platform"), ASK)


# --- catalogue ---


def test_the_catalogue_is_turtle_that_names_every_query(run: Run) -> None:
    """With the address at which they are to be asked."""
    text = answered(run("catalogue", "--target", "http://example.org/asked"))
    assert list(parse(text, RdfFormat.TURTLE))
    assert "http://example.org/asked" in text
    assert all(path.stem in text for path in FROZEN.queries.glob("*.rq"))


# --- Views ---


@pytest.mark.parametrize(
    "arguments",
    [
        ["--as-of", "soon"],
        ["--as-of", "2014-13"],
        ["--as-of", "2014-00"],
        ["--as-of", ""],
        ["--without", "s9"],
        ["--without", ""],
    ],
)
@pytest.mark.parametrize("command", [["find", "MFA"], ["sparql", "ASK {}"]])
def test_a_date_or_source_that_is_none_is_one_line(run: Run, command: list[str], arguments: list[str]) -> None:
    """Whichever way a command opens the graph."""
    refused(run(*command, *arguments))


def test_what_was_not_published_yet_is_not_told(run: Run) -> None:
    """The plan of 2015 is not known in 2014."""
    done = run("ask", ASK, "--platform", "MFA", "--as-of", "2014")
    assert done.returncode == 0
    assert "Infiniti Q30" in done.stdout and "Aguascalientes" not in done.stdout
    assert answered(run("why", "QX50", "is built at", "id:joint-plant-s3")).startswith("Infiniti QX50 is built at")
    told = answered(run("why", "QX50", "is built at", "id:joint-plant-s3", "--without", "s3"))
    assert told == "no source other than s3 mentions 'QX50'\n"
    refused(run("why", "QX500", "is built at", "id:joint-plant-s3", "--without", "s3"), "QX500")
