"""Findings are shown to people as a compiler shows them, and given to programs in the forms they know."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from compas_graph.checks.exchange import FIELDS
from compas_graph.checks.findings import Finding, Report
from compas_graph.checks.options import FORMATS, written
from compas_graph.checks.places import Place
from compas_graph.shacl.engine import validate
from compas_graph.shacl.index import Index
from compas_graph.shacl.reference import results_of
from compas_graph.shacl.shapes import read_shapes
from tests import HEAD

ANY_TEXT = st.text(st.characters(codec="utf-8"))
LINE = "    cg:modality cg:plannd ;"
WIDEST = 100
SEVERITIES = ("violation", "warning", "info")


def finding(line: str = LINE, mark: str = "cg:plannd", number: int = 25, **other: Any) -> Finding:
    """Return a finding whose mark stands in a line of a file."""
    column = line.index(mark) + 1
    place = Place("graph/sources/s1.ttl", number, column, line, column + len(mark))
    known: dict[str, Any] = {
        "file": place.file,
        "line": number,
        "column": column,
        "rule": "ClaimShape-modality",
        "severity": "violation",
        "message": "A claim has one modality.",
        "focus": "claim:s1-23",
        "path": "cg:modality",
        "value": mark,
        "expected": "one of cg:planned, cg:reported",
        "hint": "did you mean cg:planned?",
        "source": "Motor Authority, July 2015, paragraph 5",
        "node": "https://w3id.org/compas-graph/claim/s1-23",
        "place": place,
    }
    return Finding(**known | other)


def report(*findings: Finding, notes: tuple[str, ...] = ()) -> Report:
    """Return a report of a few files."""
    return Report(findings, 12, 5775, notes)


def shown(form: str, *findings: Finding, **options: bool) -> str:
    """Return findings in a format."""
    return written(report(*findings), form, **options)


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes, counted sign by sign."""
    return sum(0 if unicodedata.combining(s) else 1 + (unicodedata.east_asian_width(s) in "WF") for s in text)


WIDE_OPEN = Finding("", 0, 0, "ontology-disjoint", "warning", "Nothing is a plant and a place at once.")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_whether_rules_hold(form: str) -> None:
    """A clean report and one with a finding differ, and each ends its last line."""
    clean, broken = shown(form), shown(form, finding(), WIDE_OPEN)
    assert clean != broken
    assert clean.endswith("\n") and broken.endswith("\n")


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"turtle"}))
def test_every_format_tells_all_that_is_known_of_a_finding(form: str) -> None:
    """But for Turtle, which holds what SHACL defines."""
    text = shown(form, finding())
    for known in ("25", "17", "ClaimShape-modality", "A claim has one modality.", "claim:s1-23", "cg:modality"):
        assert known in text
    for known in ("cg:plannd", "one of cg:planned, cg:reported", "did you mean cg:planned?", "Motor Authority, July"):
        assert known in text


def test_text_is_that_of_the_documentation(root: Path) -> None:
    """The example there is what the program prints."""
    assert f"```\n{shown('text', finding())}```" in (root / "docs" / "checking.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("\tcg:label cg:plannd", "cg:plannd"),
        ('    cg:label "東京", "日産"', '"日産"'),
        ('cg:label "é́" , cg:plannd', "cg:plannd"),
        ('cg:label "\x1b[31m\u202e\x00" , cg:plannd', "cg:plannd"),
        ("cg:plannd", ""),
        ("cg:plannd", "cg:plannd"),
        ("x" * 5000 + " cg:plannd " + "y" * 5000, "cg:plannd"),
        ("x" * 70 + " cg:plannd " + "y" * 5000, "cg:plannd"),
        ("x" * 5000 + " cg:plannd", "cg:plannd"),
        ("東" * 5000 + " cg:plannd " + "\t" * 5000, "cg:plannd"),
    ],
)
def test_the_mark_stands_below_what_is_at_fault(line: str, mark: str) -> None:
    """Whatever stands before it on the line, and however long the line."""
    _, source, carets, *_ = shown("text", finding(line, mark)).splitlines()
    start = carets.index("^")
    assert columns(source[: source.index(mark, source.index("| ") + 2)]) == start
    assert carets.count("^") == max(1, columns(mark))
    assert columns(source) <= WIDEST + len("   25 | ")
    assert source.isprintable()
    assert ("…" in source) == (len(line) > WIDEST)


def test_a_long_line_is_cut_on_both_sides_of_the_mark() -> None:
    """Each side has half of the room, or what the other leaves."""
    line = "x" * 5000 + "cg:plannd" + "y" * 5000
    room = (WIDEST - len("cg:plannd")) // 2
    assert f"…{'x' * (room - 1)}cg:plannd{'y' * room}…\n" in shown("text", finding(line))
    assert f"…{'x' * (2 * room - 2)}cg:plannd .\n" in shown("text", finding(line.rstrip("y") + " ."))


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_no_text_of_a_file_reaches_the_terminal_as_a_command(before: str, mark: str, after: str) -> None:
    """Escape codes, line ends and marks that turn a line around are all spelt out."""
    one = finding(before + mark + after, mark, message=before, value=mark, focus=after, rule=mark, file=before)
    assert all(line.isprintable() for form in ("text", "github") for line in shown(form, one).split("\n"))


def test_findings_of_a_kind_are_counted_after_the_first_few() -> None:
    """The others of another rule are still shown, and --all shows every one."""
    many = [finding(number=number) for number in range(1, 301)]
    other = finding(number=301, rule="other")
    for form in ("text", "github"):
        few, all_ = shown(form, *many, other), shown(form, *many, other, everything=True)
        assert few.count("A claim has one modality.") == 3 + 1
        assert "… and 297 more of the same kind (--all shows them)" in few
        assert all_.count("A claim has one modality.") == 301
        assert "--all" not in all_
    assert "more of the same kind" not in shown("text", *many[:3])


def test_the_last_line_counts() -> None:
    """By severity, the gravest first, after the notes."""
    info, warning = (finding(severity=severity) for severity in ("info", "warning"))
    text = written(report(warning, finding(), finding(), info, notes=("3 known findings passed over",)), "text")
    assert text.endswith(
        "\n\nnote: 3 known findings passed over\n5,775 triples in 12 files: 2 violations, 1 warning, 1 info\n"
    )
    assert written(Report((), 1, 1), "text") == "1 triple in 1 file: all rules hold\n"


def test_json_has_the_same_keys_always_and_the_documentation_lists_them(root: Path) -> None:
    """Null is what is not known."""
    full, bare = json.loads(shown("json", finding(), WIDE_OPEN))["findings"]
    assert list(full) == list(bare) == list(FIELDS)
    assert full["endColumn"] == 26 and bare["line"] is None and bare["focus"] is None
    said = (root / "docs" / "checking.md").read_text("utf-8")
    listed = said.partition("### JSON")[2].partition("\n### ")[0]
    top = json.loads(shown("json"))
    assert set(re.findall(r"^\| `(\w+)`", listed, re.M)) == {*top, *FIELDS}


REQUIRED = {
    "log": ("$schema", "version", "runs"),
    "run": ("tool.driver.name", "tool.driver.rules", "results"),
    "rule": ("id", "shortDescription.text", "fullDescription.text", "help.text"),
    "result": ("message.text", "locations", "partialFingerprints", "ruleId", "level"),
    "location": (
        "physicalLocation.artifactLocation.uri",
        "physicalLocation.region.startLine",
        "physicalLocation.region.startColumn",
        "physicalLocation.region.endLine",
        "physicalLocation.region.endColumn",
    ),
}
"""What GitHub calls required of a SARIF log; it takes no empty text for any."""


@pytest.mark.parametrize(
    "one", [finding(), WIDE_OPEN, finding(message=""), replace(finding(), place=None, line=0, column=0)]
)
def test_sarif_has_what_github_requires(one: Finding) -> None:
    """For findings with a place and without."""
    log = json.loads(shown("sarif", one))
    run = log["runs"][0]
    result, rule = run["results"][0], run["tool"]["driver"]["rules"][0]
    parts = {"log": log, "run": run, "rule": rule, "result": result, "location": result["locations"][0]}
    for part, names in REQUIRED.items():
        for name in names:
            value = parts[part]
            for key in name.split("."):
                value = value[key]
            assert value, f"{part}: {name}"
    assert result["ruleId"] == rule["id"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]


def test_sarif_counts_columns_in_code_points_and_names_files_as_uris() -> None:
    """The end is exclusive in both; a file below the working folder is relative to it."""
    named = finding(file="graph/a file%.ttl", severity="info")
    below = finding(file=str(Path.cwd() / "graph" / "é.ttl"))
    run = json.loads(shown("sarif", named, below))["runs"][0]
    places = [one["locations"][0]["physicalLocation"] for one in run["results"]]
    assert run["columnKind"] == "unicodeCodePoints"
    assert places[0]["region"] == {"startLine": 25, "startColumn": 17, "endLine": 25, "endColumn": 26}
    assert [place["artifactLocation"]["uri"] for place in places] == ["graph/a%20file%25.ttl", "graph/%C3%A9.ttl"]
    assert [one["level"] for one in run["results"]] == ["note", "error"]


def test_sarif_fingerprints_outlive_moved_lines_and_differ_for_each_finding() -> None:
    """The label of a blank node, new at each run, has no part in it either."""

    def prints(*findings: Finding) -> list[str]:
        results = json.loads(shown("sarif", *findings))["runs"][0]["results"]
        return [next(iter(one["partialFingerprints"].values())) for one in results]

    twice = prints(finding(), finding(number=26), finding(focus="claim:s1-24"), finding(focus="_:a1"))
    moved = prints(finding(number=7), finding(number=9), finding(focus="claim:s1-24"), finding(focus="_:b2"))
    assert len(set(twice)) == 4
    assert twice == moved


def test_sarif_keeps_braces_from_being_taken_for_arguments() -> None:
    """In a message of SARIF a single brace holds the number of an argument."""
    result = json.loads(shown("sarif", finding(message="It fits [0-9]{4}.")))["runs"][0]["results"][0]
    assert result["message"]["text"].startswith("It fits [0-9]{{4}}.")


@given(ANY_TEXT, ANY_TEXT)
def test_junit_is_valid_xml_whatever_the_text(text: str, other: str) -> None:
    """Signs that XML does not allow are spelt out, and nothing is markup."""
    one = finding(text + "x", "x", message=text, value=other, rule=other, file=other, focus=text)
    suite = ElementTree.fromstring(shown("junit", one, one, WIDE_OPEN))[0]
    assert (suite.get("tests"), suite.get("failures"), len(suite.findall("testcase/failure"))) == ("2", "2", 2)


def test_junit_has_a_case_that_passes_where_all_rules_hold() -> None:
    """Several servers take a suite without cases for a fault."""
    suite = ElementTree.fromstring(shown("junit"))[0]
    assert (suite.get("tests"), suite.get("failures"), len(suite.findall("testcase"))) == ("1", "0", 1)


@given(ANY_TEXT, ANY_TEXT)
def test_an_annotation_is_one_command_whatever_the_text(text: str, other: str) -> None:
    """No value ends its property or the line, and undoing what GitHub undoes gives each back."""
    one = finding(file=f"f{other}", rule=text, message=other)
    lines = shown("github", one).split("\n")
    found = re.fullmatch(r"::error ([^:]*)::(.*)", lines[0])
    assert found is not None and len(lines) == 3
    given_ = dict(part.split("=", 1) for part in found[1].split(","))
    assert list(given_)[:5] == ["file", "line", "endLine", "col", "endColumn"]
    title = given_.get("title", "")
    for code, sign in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%25", "%")):
        title = title.replace(code, sign)
    assert title == text or not text.isprintable()


def test_an_annotation_is_escaped_as_github_reads_it() -> None:
    """Percent signs first, so that nothing is undone that was not done."""
    command = shown("github", finding(rule="a,b:c%2C", message="50%0A: more,")).splitlines()[0]
    assert ",title=a%2Cb%3Ac%252C::50%250A: more,%0Afound cg:plannd, expected" in command


def test_an_annotation_is_as_grave_as_the_finding() -> None:
    """GitHub has three words of its own."""
    lines = shown("github", *(finding(severity=severity, rule=severity) for severity in SEVERITIES)).splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["::error", "::warning", "::notice"]


SHAPES = """
ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property ex:in , ex:long , ex:each , [
    sh:path [ sh:zeroOrMorePath [ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ] ] ; sh:nodeKind sh:IRI ] .
ex:in sh:path ex:p ; sh:in ( 1 2 ) ; sh:message "One or two, not {?value}."@en , "Eins oder zwei."@de .
ex:long sh:path ( ex:q [ sh:oneOrMorePath ex:p ] [ sh:zeroOrOnePath ex:q ] ) ; sh:minCount 1 ; sh:severity sh:Warning .
ex:each sh:path ex:p ; sh:datatype cg:none .
"""
DATA = r"""
ex:a a ex:T ; ex:p "a \"quoted\"\n text\\^^<x>" , "3"^^xsd:byte , "drei"@de , 2.50 , <<( ex:a ex:p "x" )>> .
[] a ex:T ; ex:p [ ex:p true ] .
"""


def quads(text: str) -> Index:
    """Return the triples of some Turtle, blank nodes with new labels."""
    whole = f"{HEAD}@prefix ex: <https://example.org/> .\n{text}"
    return Index(parse(whole, RdfFormat.TURTLE, rename_blank_nodes=True))


def test_turtle_is_the_report_graph_of_shacl() -> None:
    """Read again it gives the same results: focus, path, value, component, severity and shape."""
    shapes = read_shapes(quads(SHAPES))
    results = validate(quads(DATA), shapes)
    text = shown("turtle", *(finding(result=result, focus=str(result.focus)) for result in results), WIDE_OPEN)
    again = results_of(quads(text), shapes)

    def keys(found: Any) -> list[tuple[str, ...]]:
        return sorted(tuple(re.sub(r"_:\w+", "_:", part) for part in one.key()) for one in found)

    assert len(results) > 10
    assert keys(again) == keys(results)
    assert '"Eins oder zwei."@de' in text and '"One or two, not drei."@en' in text
    assert "# 1 finding of a rule that is no shape is not among the results." in text
    assert "sh:conforms false" in text and "sh:conforms true" in shown("turtle", WIDE_OPEN)


def test_turtle_is_the_same_in_every_run() -> None:
    """Though the parser gives blank nodes new labels each time."""

    def run() -> str:
        results = validate(quads("[] a ex:T ; ex:p 3 ."), read_shapes(quads(SHAPES)))
        return shown("turtle", *(finding(result=result) for result in results))

    assert run() == run()


def test_the_documentation_names_every_format_and_severity(root: Path) -> None:
    """In the section on formats, each with what it is for."""
    said = (root / "docs" / "checking.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", said.partition("## Formats")[2].partition("###")[0], re.M)) == set(FORMATS)
    assert all(f"`{severity}`" in said for severity in SEVERITIES)
    (row,) = re.findall(r"^\| `check .*$", (root / "README.md").read_text("utf-8"), re.M)
    assert [name for name in FORMATS if {"turtle": "SHACL report"}.get(name, name).lower() not in row.lower()] == []
    brief = " and ".join(f"`{name}`" for name, form in FORMATS.items() if form.brief)
    assert f"\n{brief} count findings that break the same rule after the first three, unless `--all` is given." in said
    assert "the first three and a count" in said
