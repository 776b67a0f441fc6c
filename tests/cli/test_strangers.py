"""Text of strangers stays text on the terminal: in arguments, names of files, labels, queries and their headers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

import click
import pytest
from pyoxigraph import Literal, RdfFormat, parse

from compas_graph.tables import FOR_PEOPLE
from tests import HEAD
from tests.cli.expect import ASK
from tests.commands import Done, Run, below

LONGEST = 650
"""How many characters a message has at most."""
SIGNS = "\x1b]0;owned\x07\x1b[31m \r\n\t\x7f \x85\x9b \u2028\u2029 \u202e\u2066\u200f\u061c \ufeff\u200b\U000e0041"
MARKED = "| `a` <script>alert(1)</script> [x](javascript:alert(1)) ##[error]x\n::error::x"
HOSTILE = {
    "signs": f"x{SIGNS}y",
    "marks": MARKED,
    "bytes that are no UTF-8": "x\udcff\udc9by",
    "length": "long " * 2000,
    "length without blanks": "\x1b" * 9000,
}
NOWHERE = "http://127.0.0.1:1/"
NEEDED: dict[str, list[str]] = {
    "ask which-models-share-a-platform": ["--platform", "MFA"],
    "check": ["--timeout", "60"],
    "describe": ["MFA"],
    "doctor": [NOWHERE],
    "find": ["MFA"],
    "infer": ["--store", NOWHERE],
    "load": [NOWHERE],
    "sources cite": ["file", "--find", "x"],
    "sources loss": ["s1"],
    "sources verify": ["."],
    "sparql": ["ASK {}"],
    "unload": [NOWHERE],
    "why": ["Q30", "uses platform", "MFA"],
}
"""What commands need to run at all."""


def harmless(done: Done) -> None:
    """Hold that neither stream has a sign that does not show or a command, and that what went wrong is one line."""
    for text in (done.stdout, done.stderr):
        signs = set(text) - set("\n\u200c\u200d")
        unseen = [sign for sign in signs if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
        assert not unseen, (unseen[:5], text[:500])
        assert "##[" not in text and not [line for line in text.split("\n") if line.lstrip().startswith("::")]
    assert "Traceback" not in done.stderr and "fault of this program" not in done.stderr, done.stderr[-600:]
    assert all(len(line) <= LONGEST for line in done.stderr.split("\n")), done.stderr[:1000]
    if done.returncode == 2:
        assert done.stderr.startswith("compas-graph: ") and done.stderr.count("\n") == 1, done.stderr


def told(done: Done) -> Done:
    """Return a run whose commands for GitHub, which are meant, are left out."""
    lines = [line for line in done.stdout.split("\n") if not line.startswith(("::error file=", "::warning file="))]
    return Done(done.args, done.returncode, "\n".join(lines), done.stderr)


# --- Arguments ---


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    """Yield every option that takes a value and every argument of every command, with the name of the command."""
    asking = below()["ask"]
    assert isinstance(asking, click.Group)
    context = click.Context(asking, obj=None)
    found = asking.get_command(context, ASK)
    assert found is not None
    every = below() | {f"ask {ASK}": found}
    every |= {f"sources {name}": command for name, command in below(every["sources"]).items()}
    for name, command in every.items():
        yield from ((name, each) for each in command.params if not getattr(each, "is_flag", False))


EVERY = [(name, each) for name, each in parameters() if each.name not in ("output", "write_baseline")]
"""But those that name a file to be written, which are tried below in a folder of their own."""


@pytest.mark.long
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(("name", "parameter"), EVERY, ids=[f"{name} {each.name}" for name, each in EVERY])
def test_no_argument_is_more_than_text(run: Run, name: str, parameter: click.Parameter, text: str) -> None:
    """Whatever is wrong with it is told in one line."""
    needed = NEEDED.get(name, [])
    if isinstance(parameter, click.Argument):
        harmless(run(*name.split(), text, *needed[1:]))
    else:
        harmless(run(*name.split(), *needed, parameter.opts[-1], text))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_name_of_a_command_is_more_than_text(run: Run, text: str) -> None:
    """Nor of an option, a question or a folder of data."""
    for given in (
        [text],
        ["--" + text],
        ["ask", text],
        ["ask", text, "--help"],
        ["find", "MFA", "--" + text],
        ["find", "MFA", text],
    ):
        harmless(run(*given))
    harmless(run("--data", text, "find", "MFA"))


# --- Names of files ---

NAMES = [
    b"a\nb",
    b"a b",
    b"a\x1b[31mb",
    b"a\xffb",
    b"a\xfeb",
    b"::error::x",
    "\u202eab".encode(),
    b"n" * 200,
    b"%0A,;:",
]
TAKING = [
    ["check", "FILE"],
    ["check", "FILE.ttl"],
    ["check", "FILE.ttl", "--format", "github"],
    ["check", "--shapes", "FILE.ttl"],
    ["check", "good.ttl", "--baseline", "FILE"],
    ["check", "good.ttl", "--write-baseline", "FILE"],
    ["check", "--texts", "FILE", "good.ttl"],
    ["export", "--output", "FILE/x.nq"],
    ["export", "--output", "FILE"],
    ["sparql", "FILE.rq"],
    ["sources", "verify", "FILE"],
    ["sources", "cite", "FILE.txt", "--find", "nothing"],
    ["load", NOWHERE, "FILE.ttl"],
    ["ask", ASK, "--platform", "MFA", "--texts", "FILE"],
]  # fmt: skip
posix = pytest.mark.skipif(sys.platform == "win32", reason="names of files are text there")


@posix
@pytest.mark.long
@pytest.mark.parametrize("there", [True, False], ids=["there", "missing"])
@pytest.mark.parametrize("command", TAKING, ids=" ".join)
def test_no_name_of_a_file_is_more_than_text(run: Run, command: list[str], there: bool, tmp_path: Path) -> None:
    """Whether there is such a file or not, and whatever is in it."""
    (tmp_path / "good.ttl").write_text(HEAD + "id:x a cg:Platform .", encoding="utf-8")
    for number, name in enumerate(NAMES):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = os.fsdecode(os.path.join(os.fsencode(folder), name))  # noqa: PTH118  # its bytes are no text
        arguments = [word.replace("FILE", path).replace("good", str(tmp_path / "good")) for word in command]
        if there:
            for ending in ("", ".ttl", ".rq", ".txt"):
                with open(path + ending, "w", encoding="utf-8") as file:  # noqa: PTH123
                    file.write(HEAD + "id:x a cg:Platfrom .\n")
        harmless(told(run(*arguments)))


@posix
def test_names_of_files_that_differ_are_shown_differently(run: Run, tmp_path: Path) -> None:
    """A line break is no blank, and a byte is no other."""
    shown = {run("check", os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).stderr for name in NAMES}
    assert len(shown) == len(NAMES)


@pytest.mark.long
@posix
@pytest.mark.parametrize("name", NAMES)
def test_other_programs_are_pointed_to_the_right_file(run: Run, name: bytes, tmp_path: Path) -> None:
    """Of SARIF and GitHub, what undoes their escapes gets the name back; JSON is read by every reader."""
    path = os.fsencode(tmp_path) + b"/" + name + b".ttl"
    with open(path, "w", encoding="utf-8") as written:  # noqa: PTH123
        written.write(HEAD + "id:x a cg:Platfrom .\n")
    command = ["check", os.fsdecode(path), "--format"]
    log = json.loads(run(*command, "sarif").stdout)
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in log["runs"][0]["results"]}
    assert {unquote_to_bytes(uri.removeprefix("file://")) for uri in uris} == {path}
    found = json.loads(run(*command, "json").stdout.encode())["findings"]
    assert found and all(one["file"].encode() for one in found)
    line = run(*command, "github").stdout.split("\n")[0]
    file = re.split("[,:]", line.partition(" file=")[2])[0]
    for escape, sign in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%25", "%")):
        file = file.replace(escape, sign)
    if name.isascii() and b"\x1b" not in name:
        assert os.fsencode(file) == path


# --- Data and queries of others ---


def quoted(text: str) -> str:
    """Return a text as Turtle, SPARQL and YAML all have it."""
    return json.dumps(text).replace("\\udb40\\udc41", "\\U000e0041")


TEXT = quoted(SIGNS + MARKED)
SAID = MARKED.replace("\n", " ")
"""What a header may say, in which signs that do not show are refused."""
THINGS = f"""
id:evil a cg:Platform ; rdfs:label {TEXT}@en ; cg:altLabel {TEXT}@en ; rdfs:comment {TEXT} .
id:odd a cg:Platform ; rdfs:label "odd | `one`\\u001b\\n::error::x"@en .
"""
BODY = "SELECT ?x ?y {\n  VALUES (?x ?y) { (TEXT id:evil) (id:evil TEXT) }\n}\n"


@pytest.fixture
def own(data: Path) -> Path:
    """Return a folder with labels and a query of a stranger."""
    (data / "graph" / "evil.ttl").write_text(HEAD + THINGS, encoding="utf-8")
    (data / "queries").mkdir()
    header = "".join(f"#+ {name}: {quoted(f'a {SAID} ?')}\n" for name in ("summary", "description"))
    header += f"#+ none: {quoted(SAID)}\n#+ tags: [a]\n"
    header += f"#+ params:\n#+   thing:\n#+     type: entity\n#+     help: {quoted(SAID)}\n"
    body = BODY.replace("TEXT", TEXT).replace("VALUES (", "VALUES ?thing { UNDEF }   # optional\n  VALUES (")
    (data / "queries" / "evil.rq").write_text(header + body, encoding="utf-8")
    return data


ASKED = [
    ["find", "odd"],
    ["find", "script"],
    ["describe", "id:evil"],
    ["describe", "id:odd"],
    ["describe", "script"],
    ["why", "id:odd", "label", "x"],
    ["queries"],
    ["queries", "evil"],
    ["ask", "evil"],
    ["ask", "evil", "--thing", "odd"],
    ["ask", "evil", "--thing", "script"],
    ["ask", "evil", "--evidence"],
    ["ask", "evil", "--help"],
    ["ask", "--help"],
    ["sources"],
    ["check"],
    ["check", "--format", "github"],
    ["sparql", "SELECT ?s ?l { ?s rdfs:label ?l FILTER(CONTAINS(?l, 'script')) }"],
]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("form", [*FOR_PEOPLE, ""])
@pytest.mark.parametrize("command", ASKED, ids=" ".join)
def test_nothing_that_data_or_queries_say_is_more_than_text(run: Run, own: Path, command: list[str], form: str) -> None:
    """On the terminal of who asks them."""
    takes = command[0] in ("find", "describe", "ask", "sparql")
    if form and not takes:
        pytest.skip("it has no such format")
    done = run("--data", own, *command, *(["--format", form] if form and "--help" not in command else []))
    harmless(done if command[-1] != "github" else told(done))
    assert len(done.stdout + done.stderr) > 20
    if form == "markdown" and "--help" not in command:
        assert "<script>" not in done.stdout and "](" not in done.stdout.replace("\\](", "")


def test_a_table_has_a_line_for_each_row(run: Run, own: Path) -> None:
    """A label with line breaks and bars does not break it."""
    assert run("--data", own, "find", "odd").stdout.count("\n") == 2
    lines = run("--data", own, "find", "odd", "--format", "markdown").stdout.splitlines()
    assert [line.replace("\\|", "").count("|") for line in lines] == [5, 5, 5]


def test_turtle_of_hostile_labels_is_turtle(run: Run, own: Path) -> None:
    """With the labels as they are."""
    wanted = "{ ?s rdfs:label ?l FILTER(CONTAINS(?l, 'script')) }"
    text = run("--data", own, "sparql", f"CONSTRUCT {{ ?s rdfs:label ?l }} {wanted}").stdout
    assert all(line.isprintable() for line in text.split("\n"))
    (quad,) = list(parse(text.encode(), RdfFormat.TURTLE))
    assert quad.object.value == SIGNS + MARKED


def test_the_catalogue_has_no_html_of_a_header(run: Run, own: Path) -> None:
    """Its questions are HTML by their datatype."""
    text = run("--data", own, "catalogue").stdout
    found = [quad.object for quad in parse(text.encode(), RdfFormat.TURTLE) if isinstance(quad.object, Literal)]
    shown = [literal.value for literal in found if literal.datatype.value.endswith("#HTML")]
    assert [value for value in shown if "&lt;script&gt;" in value] and not [value for value in shown if "<" in value]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("words", [["ask", ""], ["ask", "evil", "--"], ["ask", "evil", "--thing", ""]], ids=" ".join)
def test_a_completion_is_what_it_offers(script: Path, own: Path, shell: str, words: list[str]) -> None:
    """A label that cannot be typed as it is shown is not offered."""
    line = ["compas-graph", "--data", str(own), *words]
    asked = {
        "_COMPAS_GRAPH_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join(line),
        "COMP_CWORD": str(len(line) - 1),
    }
    done = subprocess.run([script], env={**os.environ, **asked}, capture_output=True, text=True, check=False)
    harmless(Done([], done.returncode, done.stdout.translate({ord("\t"): "", ord("#"): ""}), done.stderr))
