"""The installed command: every command, every wrong input, and nothing but one line where something is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from compas_graph import __version__
from compas_graph.bundle import Bundle
from compas_graph.namespaces import PREFIXES

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]

ASK = "which-models-share-a-platform"
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


def refused(done: Done, *said: str, code: int = 2) -> None:
    """Hold that a command ended with one clear line on standard error and nothing on standard output."""
    assert "Traceback" not in done.stderr, done.stderr
    assert (done.returncode, done.stdout) == (code, ""), (done.stdout, done.stderr)
    assert done.stderr.startswith("compas-graph: ") and done.stderr.endswith("\n"), done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for words in said:
        assert words in done.stderr


def answered(done: Done) -> str:
    """Hold that a command ended well, and return what it printed."""
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder with a copy of the graph, whose ontology and queries are those of the package."""
    shutil.copytree(Bundle.at().graph, tmp_path / "data" / "graph")
    return tmp_path / "data"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} has {old} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- The program ---


def test_the_version_is_that_of_the_package(run: Run) -> None:
    """One version for both."""
    assert answered(run("--version")).split()[-1] == __version__


COMMANDS = [
    "ask",
    "catalogue",
    "check",
    "describe",
    "find",
    "queries",
    "sources",
    "sources verify",
    "sources cite",
    "sparql",
    "why",
]


@pytest.mark.parametrize("command", ["", *COMMANDS, f"ask {ASK}"])
def test_every_command_has_help(run: Run, command: str) -> None:
    """With what it does."""
    assert answered(run(*command.split(), "--help")).startswith("Usage: compas-graph")


def test_the_help_names_every_command(run: Run) -> None:
    """So that all can be found, and all are tested here."""
    listed = re.findall(r"^  (\w+)  ", answered(run("--help")).split("Commands:")[1], re.MULTILINE)
    assert listed == [command for command in COMMANDS if " " not in command]


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    """As something that is not done."""
    done = run()
    assert done.returncode == 2
    assert "Usage: compas-graph" in done.stderr + done.stdout


def test_the_module_runs_like_the_script(empty_folder: Path) -> None:
    """By the name of the package."""
    done = subprocess.run(
        [sys.executable, "-m", "compas_graph", "--version"], cwd=empty_folder, capture_output=True, check=True
    )
    assert done.stdout.decode().split()[-1] == __version__


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "nothing"),
        (["--nothing"], "--nothing"),
        (["find"], "TEXT"),
        (["find", "a", "b"], "b"),
        (["find", "MFA", "--format", "xml"], "xml"),
        (["why", "a", "b"], "OBJECT"),
        (["describe"], "THING"),
        (["sources", "nothing"], "nothing"),
        (["sources", "verify"], "DIR"),
        (["sources", "cite", "x"], "--find"),
        (["sparql", "ASK {}", "--timeout", "0"], "timeout"),
        (["sparql", "ASK {}", "--timeout", "soon"], "soon"),
    ],
)
def test_wrong_usage_is_one_line(run: Run, arguments: list[str], said: str) -> None:
    """With what is missing or not known."""
    refused(run(*arguments), said)


# --- ask ---


def test_the_question_of_the_readme_is_answered(run: Run) -> None:
    """By name what is stated, as planned what is planned, and nothing by guess."""
    table, _, against = answered(run("ask", ASK, "--platform", "MFA")).partition("\n\n")
    assert "row 4: " in against
    lines = table.splitlines()
    assert [re.split("  +", line) for line in lines] == [
        ["model", "platform", "status", "source"],
        ["Infiniti Q30 (upcoming)", "MFA", "stated", "Motor Authority, June 2014, paragraph 4"],
        ["Infiniti QX30 (upcoming)", "MFA", "stated", "Motor Authority, June 2014, paragraph 4"],
        ["Mercedes compact range 2014 (unnamed)", "MFA", "stated", "Motor Authority, June 2014, paragraph 4"],
        [
            "cars for Aguascalientes (unnamed)",
            "next-generation MFA (succeeds MFA)",
            "planned",
            "Motor Authority, July 2015, paragraph 4",
        ],
    ]


@pytest.mark.parametrize("name", ["MFA", "mfa", "id:mfa", "https://w3id.org/compas-graph/id/mfa"])
def test_a_thing_is_named_by_label_alias_or_iri(run: Run, name: str) -> None:
    """With the same answer."""
    assert answered(run("ask", ASK, "--platform", name)) == answered(run("ask", ASK, "--platform", "MFA"))


@pytest.mark.parametrize("form", ["markdown", "csv", "tsv", "json"])
def test_an_answer_comes_in_every_format(run: Run, form: str) -> None:
    """With the same four rows."""
    text = answered(run("ask", ASK, "--platform", "MFA", "--format", form))
    if form == "markdown":
        number = len(text.partition("\n\n")[0].splitlines()) - 2
    elif form == "json":
        number = len(json.loads(text)["results"]["bindings"])
    else:
        number = len(list(csv.reader(io.StringIO(text), delimiter="," if form == "csv" else "\t"))) - 1
    assert number == 4
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


def query(
    data: Path, more: str = "", body: str = 'SELECT ?x {\n  VALUES ?x { "a" }\n}\n', none: str = "a thing"
) -> None:
    """Write a saved query called mine."""
    (data / "queries").mkdir(exist_ok=True)
    header = f"#+ summary: What?\n#+ description: More.\n#+ none: {none}\n#+ tags: [a]\n{more}"
    (data / "queries" / "mine.rq").write_text(header + body, encoding="utf-8")


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
    files = sorted(Bundle.at().queries.glob("*.rq"))
    assert [line.split()[0] for line in listed.splitlines()[1:]] == [path.stem for path in files]
    assert "Which models share a platform?" in listed
    assert answered(run("queries", ASK)) == (Bundle.at().queries / f"{ASK}.rq").read_text(encoding="utf-8")


def test_an_unknown_query_is_not_shown(run: Run) -> None:
    """Close names are offered."""
    refused(run("queries", "which-model-shares-a-platform"), ASK)


# --- catalogue ---


def test_the_catalogue_is_turtle_that_names_every_query(run: Run) -> None:
    """With the address at which they are to be asked."""
    text = answered(run("catalogue", "--target", "http://example.org/asked"))
    assert list(parse(text, RdfFormat.TURTLE))
    assert "http://example.org/asked" in text
    assert all(path.stem in text for path in Bundle.at().queries.glob("*.rq"))


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


# --- sparql ---

ONE = "SELECT ?x { VALUES ?x { id:mfa } }"


def test_a_query_is_taken_as_text_file_and_standard_input(run: Run, tmp_path: Path) -> None:
    """With the same answer; our prefixes need no declaration."""
    path = tmp_path / "mine.rq"
    path.write_text(ONE, encoding="utf-8")
    wanted = "x\nMFA\n"
    assert [answered(run("sparql", ONE)), answered(run("sparql", path))] == [wanted, wanted]
    assert [answered(run("sparql", input=ONE)), answered(run("sparql", "-", input=ONE))] == [wanted, wanted]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("ASK { id:q30 cg:usesPlatform id:mfa }", "yes\n"),
        ("ASK { id:qx50 cg:usesPlatform id:mfa }", "no\n"),
        ("SELECT ?x { ?x a cg:Nothing }", "no rows\n"),
        ('SELECT ("SERVICE" AS ?service) {}', "service\nSERVICE\n"),
        ("PREFIX service: <http://x/> SELECT ?x { ?x service:SERVICE ?y }", "no rows\n"),
        ('SELECT (xsd:date("-0044-03-15") AS ?x) {}', "x\n-0044-03-15\n"),
        ("SELECT (-0.5 AS ?x) {}", "x\n-0.5\n"),
    ],
)
def test_a_query_is_answered(run: Run, text: str, printed: str) -> None:
    """Rows, yes or no, or that there are none."""
    assert answered(run("sparql", text)) == printed


def test_a_graph_is_answered_as_turtle(run: Run) -> None:
    """Also where only an IRI with a dot is described."""
    assert "id:mfa a cg:Platform" in answered(
        run("sparql", "CONSTRUCT { ?x a cg:Platform } WHERE { VALUES ?x { id:mfa } }")
    )
    assert run("sparql", "DESCRIBE <http://example.org/a.b>").returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT * { ?s ?p ?o", "query:1:20: not valid SPARQL"),
        ("SELECT *\n{ ?s ?p ?o ?x }", "query:2:"),
        ("SELECT * { ?s none:p ?o }", "query:1:"),
        ("INSERT DATA { id:a a id:b }", "update (INSERT)"),
        ("DELETE WHERE { ?s ?p ?o }", "update (DELETE)"),
        ("PREFIX x: <http://x/> drop all", "update (DROP)"),
        ("ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("ASK { sErViCe <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("ASK { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("ASK { OPTIONAL { ?a ?b ?c .SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }", "SERVICE"),
        ("", "query:1:1"),
        ("missing.rq", "missing.rq: cannot be read"),
    ],
)
def test_a_query_that_cannot_be_run_is_one_line(run: Run, text: str, said: str) -> None:
    """With line and column where it is misspelt."""
    refused(run("sparql", text), said)


def test_empty_standard_input_is_one_line(run: Run) -> None:
    """With what was read."""
    refused(run("sparql", input=""), "standard input:1:1")


@pytest.mark.parametrize("content", [b"SELECT \xff", b"\xff\xfeS\x00", b"\x00"])
def test_a_query_that_is_not_utf_8_is_one_line(run: Run, tmp_path: Path, content: bytes) -> None:
    """From a file and from standard input."""
    path = tmp_path / "mine.rq"
    path.write_bytes(content)
    refused(run("sparql", path), "mine.rq")
    refused(run("sparql", input=content), "standard input")


def test_a_query_file_with_a_byte_order_mark_is_read_or_refused_for_it(run: Run, tmp_path: Path) -> None:
    """It cannot be seen, and so a message that only shows it helps nobody."""
    path = tmp_path / "mine.rq"
    path.write_bytes(b"\xef\xbb\xbf" + ONE.encode())
    done = run("sparql", path)
    if done.returncode:
        refused(done, "byte order mark")


def test_a_folder_is_no_query(run: Run, tmp_path: Path) -> None:
    """Nor is one whose name looks like a file's."""
    (tmp_path / "mine.rq").mkdir()
    refused(run("sparql", tmp_path / "mine.rq"), "mine.rq: cannot be read")


SLOW = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "ASK {"
    + "".join(f" VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcdefgh")
    + " FILTER(?a+?b+?c+?d+?e+?f+?g+?h > 99) }",
]


@pytest.mark.parametrize("text", SLOW, ids=["over the graph", "over nothing"])
def test_a_slow_query_is_stopped(script: Path, empty_folder: Path, text: str) -> None:
    """After the time given, wherever its time goes."""
    done = subprocess.run(
        [script, "sparql", "--timeout", "0.3", text],
        cwd=empty_folder,
        capture_output=True,
        text=True,
        timeout=4,
        check=False,
    )
    refused(done, "stopped after 0.3 s", "--timeout")


# --- find ---


def test_things_are_found(run: Run) -> None:
    """By label or alias."""
    found = answered(run("find", "mfa"))
    assert [line.split("  ")[0] for line in found.splitlines()] == ["label", "MFA", "next-generation MFA"]
    assert answered(run("find", "mfa", "--format", "markdown")).startswith("| label |")


@pytest.mark.parametrize("text", ["zebra", "'\n'", "{", "%s"])
def test_nothing_found_is_one_line_and_no_error(run: Run, text: str) -> None:
    """Exit code 0."""
    lines = answered(run("find", text)).splitlines()
    assert len(lines) == 1 and lines[0].startswith("no source mentions anything called ")


# --- describe ---


def test_a_thing_is_described_with_plans_apart(run: Run) -> None:
    """In both formats for people."""
    text = answered(run("describe", "QX50"))
    stated, planned = text.index("\nSTATED"), text.index("\nPLANNED")
    assert text.startswith("WHAT IT IS") and stated < text.index("began in 2017") < planned < text.index("cease")
    assert "## Stated" in answered(run("describe", "QX50", "--format", "markdown"))


def test_an_unknown_thing_is_one_line(run: Run) -> None:
    """With close names; several things are refused where one is asked for."""
    refused(run("describe", "Infinity QX50"), "no thing is called", "Infiniti QX50")
    refused(run("describe", "Forfour", "--exact"), "id:forfour-latest", "id:forfour-next-generation")


# --- why ---


def test_a_fact_is_explained(run: Run) -> None:
    """What it says, and then what it rests on."""
    lines = answered(run("why", "Infiniti Q30", "uses platform", "MFA")).splitlines()
    assert lines[0] == "Infiniti Q30 uses platform MFA"
    assert lines[1].startswith("  stated: ") and "claim:s0-27" in lines[1]


def test_an_inference_is_explained_through_its_steps(run: Run) -> None:
    """Down to the claims."""
    text = answered(run("why", "Infiniti", "parentOwnsShareOf", "COMPAS"))
    assert "inferred by" in text and "claim:s1-09" in text and "claim:s1-11" in text


def test_what_does_not_hold_is_one_line_and_no_error(run: Run) -> None:
    """Exit code 0."""
    assert (
        answered(run("why", "QX50", "uses platform", "MFA")) == "no source says that Infiniti QX50 uses platform MFA\n"
    )


def test_a_disagreement_is_not_denied(run: Run) -> None:
    """It holds, and is no matter of a source's saying so."""
    assert "no source says" not in answered(run("why", "claim:s0-05", "disagrees with", "claim:s1-12"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Infinity Q30", "uses platform", "MFA"], "Infiniti Q30"),
        (["Infiniti Q30", "usesPlatfrom", "MFA"], "usesPlatform"),
        (["Infiniti Q30", "uses platform", "MFAA"], "MFA"),
        (["<not an iri>", "uses platform", "MFA"], "not an iri"),
        (["http://a b", "uses platform", "MFA"], "http://a b"),
        (["Aguascalientes plant", "is located in", "Aguascalientes"], "id:joint-plant-s3"),
        (["", "", ""], "''"),
    ],
)
def test_an_unknown_name_in_why_is_one_line(run: Run, arguments: list[str], said: str) -> None:
    """In each place."""
    refused(run("why", *arguments), said)


# --- check ---

GOOD = 'id:x a cg:Place ; rdfs:label "X town"@en .\n'
BROKEN = "claim:x a cg:OwnershipClaim ; cg:value 5 .\n"


@pytest.fixture
def mine(tmp_path: Path) -> Callable[[bytes | str], Path]:
    """Return what writes a file to check."""

    def write(content: bytes | str) -> Path:
        path = tmp_path / "mine.ttl"
        path.write_bytes(content if isinstance(content, bytes) else (HEAD + content).encode())
        return path

    return write


def test_the_repository_keeps_all_rules(run: Run) -> None:
    """Exit code 0, with how much was checked."""
    printed = answered(run("check"))
    assert re.fullmatch(r"[\d,]+ triples in \d+ files: all rules hold\n", printed)


def test_a_file_is_checked(run: Run, mine: Callable[[bytes | str], Path]) -> None:
    """Exit code 0 where it keeps the rules, and 1 with a line for each finding where it does not."""
    assert "in 1 file: all rules hold" in answered(run("check", mine(GOOD)))
    done = run("check", mine(BROKEN))
    assert (done.returncode, done.stderr) == (1, "")
    *findings, last = done.stdout.splitlines()
    assert findings and all(re.match(r"violation: claim:x .*\[\w+-?\w*\]$", line) for line in findings)
    assert last.endswith(f"{len(findings)} finding{'s' if len(findings) > 1 else ''}")


def test_a_contradiction_is_found(run: Run, mine: Callable[[bytes | str], Path]) -> None:
    """With the individual and the axiom."""
    done = run("check", mine('id:x a cg:Place , cg:Plant ; rdfs:label "X"@en .'))
    assert done.returncode == 1 and "id:x" in done.stdout and "contradicts" in done.stdout


def test_an_article_of_the_graph_can_be_checked_alone(run: Run) -> None:
    """As whoever adds one wants to; the things that it refers to are known."""
    assert "all rules hold" in answered(run("check", Bundle.at().graph / "sources" / "s1.ttl"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"@prefix x: <http://x/> .\nx:a x:b\n  x:c x:d .", "mine.ttl:3:"),
        (b'<http://a> <http://b> "\xff" .', "is not UTF-8 (byte 24)"),
        (b"", "no triples"),
        (b"\x89PNG\r\n\x1a\n", "mine.ttl"),
        (b"<!doctype html><html></html>", "mine.ttl:1:"),
        (b'{"a": [1, 2]}', "mine.ttl:1:"),
        (b"a,b\n1,2\n", "mine.ttl:1:"),
        (b"<a> <b> <<( <c> <d> <e> )>> .", "mine.ttl"),
    ],
)
def test_a_file_that_cannot_be_checked_is_one_line(
    run: Run, mine: Callable[[bytes | str], Path], content: bytes, said: str
) -> None:
    """With file, line and column; exit code 2."""
    refused(run("check", mine(content)), said)


def test_a_file_that_is_missing_or_a_folder_is_one_line(run: Run, tmp_path: Path) -> None:
    """Also among others that are there."""
    refused(run("check", tmp_path / "missing.ttl"), "missing.ttl: cannot be read")
    refused(run("check", tmp_path), "cannot be read")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser can read every file")
def test_a_file_that_may_not_be_read_is_one_line(run: Run, mine: Callable[[bytes | str], Path]) -> None:
    """With the reason."""
    path = mine(GOOD)
    path.chmod(0)
    refused(run("check", path), "mine.ttl: cannot be read")


# --- sources ---


def test_the_sources_are_listed(run: Run) -> None:
    """With outlet and date."""
    lines = answered(run("sources")).splitlines()
    assert len(lines) == 5
    assert "Motor Authority" in lines[1] + lines[2] and "27 June 2014" in "".join(lines)


def test_the_passages_are_verified(run: Run, articles: Path) -> None:
    """Against the articles none is wrong."""
    done = run("sources", "verify", articles)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["68 passages checked against 4 sources: 68 ok"])
    assert all("no source of the graph has this text" in line for line in done.stderr.splitlines())


def test_a_changed_and_a_missing_text_are_found(run: Run, articles: Path, tmp_path: Path) -> None:
    """Exit code 1."""
    for path in sorted(articles.glob("*.txt"))[:3]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    first = sorted(tmp_path.glob("*.txt"))[0]
    first.write_bytes(b"X" + first.read_bytes()[1:])
    done = run("sources", "verify", tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "s0" in done.stdout and "s3" in done.stdout and "claim:s0-01" in done.stdout


def test_a_folder_that_is_missing_or_a_file_cannot_be_verified(run: Run, tmp_path: Path) -> None:
    """Exit code 2."""
    (tmp_path / "file").write_text("")
    refused(run("sources", "verify", tmp_path / "missing"), "missing")
    refused(run("sources", "verify", tmp_path / "file"), "file")


def test_an_empty_folder_has_none_of_the_texts(run: Run, tmp_path: Path) -> None:
    """Which is found, exit code 1."""
    done = run("sources", "verify", tmp_path)
    assert (done.returncode, done.stderr) == (1, "")


def test_words_are_cited(run: Run, tmp_path: Path) -> None:
    """As the block of a passage that can be pasted."""
    path = tmp_path / "wren.txt"
    path.write_text("Wren opens.\n\nIt is small.\n", encoding="utf-8")
    block = answered(run("sources", "cite", path, "--find", "is small"))
    assert "cg:paragraph 2 ;" in block and "oa:start 16 ;" in block and "oa:end 24 ;" in block and "cg:sha256" in block
    refused(run("sources", "cite", path, "--find", "is large"), "wren.txt")
    refused(run("sources", "cite", tmp_path / "none.txt", "--find", "x"), "none.txt")
    path.write_bytes(b"\xff")
    refused(run("sources", "cite", path, "--find", "x"), "UTF-8")


# --- --data ---


def test_other_data_give_another_answer(run: Run, data: Path) -> None:
    """A claim of the copy is changed, and the answer with it."""
    s0 = data / "graph" / "sources" / "s0.ttl"
    change(s0, "cg:model id:q30 , id:qx30 ;\n    cg:platform id:mfa ;", "cg:model id:qx30 ;\n    cg:platform id:mfa ;")
    ours, theirs = (
        answered(run(*chosen, "ask", ASK, "--platform", "MFA")).partition("\n\n")[0].splitlines()
        for chosen in ([], ["--data", data])
    )
    assert theirs == [line for line in ours if "Q30 " not in line or "QX30" in line]
    assert answered(run("--data", data, "why", "Infiniti Q30", "uses platform", "MFA")).startswith("no source says")


def test_data_can_bring_an_ontology_and_queries_of_their_own(run: Run, data: Path) -> None:
    """Of the same layout."""
    shutil.copytree(Bundle.at().ontology, data / "ontology")
    change(data / "ontology" / "compas.ttl", 'rdfs:label "uses platform"@en', 'rdfs:label "stands on"@en')
    query(data)
    assert answered(run("--data", data, "why", "Infiniti Q30", "stands on", "MFA")).startswith(
        "Infiniti Q30 stands on MFA"
    )
    assert answered(run("--data", data, "queries")).split() == ["name", "question", "parameters", "mine", "What?"]


@pytest.mark.parametrize(
    "command", [["find", "x"], ["check"], ["queries"], ["sources"], ["ask", ASK], ["sparql", "ASK {}"]]
)
def test_a_data_folder_that_is_missing_is_one_line_for_every_command(
    run: Run, tmp_path: Path, command: list[str]
) -> None:
    """With its name."""
    refused(run("--data", tmp_path / "missing", *command), "missing: no such data folder")


def test_a_data_folder_without_a_graph_and_a_file_are_one_line(run: Run, tmp_path: Path) -> None:
    """With what a data folder holds."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    refused(run("--data", tmp_path / "file", "find", "x"), "file: no such data folder")
    refused(run("--data", tmp_path / "folder", "find", "x"), "folder: has no folder graph/")


def test_a_data_folder_with_an_impossible_name_is_one_line(run: Run) -> None:
    """Longer than the file system takes."""
    refused(run("--data", "a" * 3000, "find", "x"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.ttl", b"id:x a", "mine.ttl:1:"),
        ("mine.ttl", b"\xff", "not UTF-8"),
        ("facts.ttl", b"", "rename the file"),
    ],
)
def test_data_that_cannot_be_read_are_one_line(run: Run, data: Path, name: str, content: bytes, said: str) -> None:
    """For commands that only ask as well."""
    (data / "graph" / name).write_bytes(content)
    refused(run("--data", data, "find", "x"), said)
    refused(run("--data", data, "sparql", "ASK {}"), said)


def test_a_folder_called_like_a_file_is_one_line(run: Run, data: Path) -> None:
    """It cannot be read."""
    (data / "graph" / "mine.ttl").mkdir()
    refused(run("--data", data, "find", "x"), "mine.ttl: cannot be read")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cg:value 3600 ;", 'cg:value "many" ;'),
        ("cg:value 3600 ;", 'cg:value "INF"^^xsd:double ;'),
        ("cg:value 3600 ;", "cg:value id:compas ;"),
        ('cg:end "2020"^^xsd:gYear ;', 'cg:end "soon-ish"^^xsd:gYear ;'),
        ('cg:end "2020"^^xsd:gYear ;', 'cg:end "2020-13"^^xsd:gYearMonth ;'),
        ('cg:end "2020"^^xsd:gYear ;', 'cg:end "2020-06-27Z"^^xsd:date ;'),
        ('cg:end "2020"^^xsd:gYear ;', "cg:end id:compas ;"),
        ('cg:published "2015-07"^^xsd:gYearMonth ;', 'cg:published "some-day" ;'),
    ],
)
def test_a_value_that_is_wrong_stops_no_answer(run: Run, data: Path, old: str, new: str) -> None:
    """Asking shows it as it stands or leaves it out; check reports it."""
    change(data / "graph" / "sources" / "s1.ttl", old, new)
    answered(run("--data", data, "describe", "COMPAS plant"))


def test_values_that_are_wrong_are_found_by_check(run: Run, data: Path) -> None:
    """All of them at once, with exit code 1."""
    s1 = data / "graph" / "sources" / "s1.ttl"
    change(s1, "cg:value 3600 ;", 'cg:value "INF"^^xsd:double ;')
    change(s1, 'cg:end "2020"^^xsd:gYear ;', 'cg:end "2020-13"^^xsd:gYearMonth ;')
    done = run("--data", data, "check")
    assert (done.returncode, done.stderr) == (1, "")
    assert "claim:s1-24 cg:value" in done.stdout and "claim:s1-24 cg:end" in done.stdout


# --- Ends ---


@pytest.mark.parametrize(
    "arguments", [["sparql", "SELECT * { ?s ?p ?o }"], ["queries"], ["describe", "COMPAS plant"], ["--help"]]
)
def test_a_pipe_that_is_closed_early_is_no_error_message(
    script: Path, empty_folder: Path, arguments: list[str]
) -> None:
    """As by `| head -1`: nothing on standard error, and not the exit code of an answer or of a finding."""
    reader, writer = os.pipe()
    os.close(reader)
    started = subprocess.Popen([script, *arguments], stdout=writer, stderr=subprocess.PIPE, cwd=empty_folder)
    os.close(writer)
    _, complaint = started.communicate(timeout=30)
    assert complaint == b""
    assert started.returncode in (141, -signal.SIGPIPE)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("arguments", [["find", "MFA"], ["sparql", "ASK {}"]])
def test_output_that_cannot_be_written_is_one_line(script: Path, empty_folder: Path, arguments: list[str]) -> None:
    """Exit code 2: the disk may be full."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [script, *arguments], stdout=full, stderr=subprocess.PIPE, cwd=empty_folder, text=True, check=False
        )
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    assert done.stderr.startswith("compas-graph: ") and len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("arguments", [["sparql", "-"], ["sparql", SLOW[0]]], ids=["waiting for input", "at work"])
def test_an_interrupt_is_quiet(script: Path, empty_folder: Path, arguments: list[str]) -> None:
    """As by Ctrl-C, which reaches all processes at once."""
    with subprocess.Popen(
        [script, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=empty_folder, start_new_session=True,
    ) as started:  # fmt: skip
        time.sleep(0.5)
        assert started.poll() is None
        os.killpg(started.pid, signal.SIGINT)
        printed, complaint = started.communicate(timeout=10)
    assert started.returncode in (130, -signal.SIGINT)
    assert b"Traceback" not in complaint and len(complaint.splitlines()) <= 1
    assert printed == b""


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text there")
@pytest.mark.parametrize(
    "arguments", [["sparql", b"SELECT ('\xff' AS ?x) {}"], ["ask", ASK, "--platform", b"\xff"], ["describe", b"\xff"]]
)
def test_an_argument_that_is_not_utf_8_is_one_line(
    script: Path, empty_folder: Path, arguments: list[str | bytes]
) -> None:
    """As any other that fits nothing."""
    done = subprocess.run(
        [script, *arguments], capture_output=True, cwd=empty_folder, text=True, errors="replace", check=False
    )
    refused(done)


def test_an_output_that_has_no_such_signs_is_no_reason_to_stop(script: Path, empty_folder: Path) -> None:
    """As on a terminal that only knows ASCII."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [script, "describe", "COMPAS plant"],
        env=environment,
        cwd=empty_folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr


# --- README ---


def readme_commands(root: Path) -> list[tuple[str, str]]:
    """Return each command of the README's console blocks with the output printed under it."""
    blocks = re.findall(
        r"^```console\n(.*?)^```$", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    pairs = [part.partition("\n") for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE) if part]
    return [(command, printed) for command, _, printed in pairs]


def test_the_readme_shows_what_the_commands_print(run: Run, root: Path) -> None:
    """Every `$ compas-graph …` of a console block, run and compared; there is one at least, and none without output."""
    shown = readme_commands(root)
    assert shown
    for command, printed in shown:
        program, *arguments = shlex.split(command)
        assert program == "compas-graph", command
        done = run(*arguments)
        assert "Traceback" not in done.stderr, command
        assert done.stdout.rstrip("\n") == printed.rstrip("\n"), command
        assert printed.strip(), command
