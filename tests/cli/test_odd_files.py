"""Whatever stands where a command expects a file, it says so in one line, or goes on where it need not care."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.expect import ASK, answered, refused
from tests.cli.test_check import until
from tests.commands import Run
from tests.odd_files import ODD
from tests.unit.remote.misbehaving import Misbehaving
from tests.unit.test_outputs import full

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes, links and rights are otherwise there")

TEXT = "000_8dcb3e66daf87ef8.txt"
"""The name of the text of a source."""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:shape> a sh:NodeShape ; sh:targetNode <urn:a> ; sh:property [ sh:path <urn:b> ; sh:minCount 1 ] .
"""


class Role(NamedTuple):
    """What a command takes a file for: where the file is, and the arguments, given a folder with sound files."""

    place: str
    arguments: Callable[[Path], list[str | Path]]
    found: bool = False
    """Whether the command finds the file by itself, so that it is there."""


def check(at: Path) -> list[str | Path]:
    """Return the arguments of a check of a sound file against sound shapes."""
    return ["check", at / "good.ttl", "--shapes", at / "shapes.ttl"]


MFA = ["ask", ASK, "--platform", "id:mfa", "--evidence", "--texts"]

ROLES = {
    "data to check": Role("mine.ttl", lambda at: ["check", at / "mine.ttl", "--shapes", at / "shapes.ttl"]),
    "shapes": Role("mine.ttl", lambda at: ["check", at / "good.ttl", "--shapes", at / "mine.ttl"]),
    "an ontology": Role("mine.ttl", lambda at: [*check(at), "--ontology", at / "mine.ttl"]),
    "a baseline": Role("mine.jsonl", lambda at: [*check(at), "--baseline", at / "mine.jsonl"]),
    "a query": Role("mine.rq", lambda at: ["sparql", at / "mine.rq"]),
    "a text to cite": Role("mine.txt", lambda at: ["sources", "cite", at / "mine.txt", "--find", "words"]),
    "a file to load": Role("mine.nq", lambda at: ["load", "URL", at / "mine.nq"]),
    "a file of the graph": Role("data/graph/mine.ttl", lambda at: ["--data", at / "data", "find", "x"], found=True),
    "a saved query": Role("data/queries/mine.rq", lambda at: ["--data", at / "data", "ask", "mine"], found=True),
    "a text to verify": Role(f"texts/{TEXT}", lambda at: ["sources", "verify", at / "texts"], found=True),
    "a text to check": Role(f"texts/{TEXT}", lambda at: ["check", "--texts", at / "texts"], found=True),
    "a text to quote": Role(f"texts/{TEXT}", lambda at: [*MFA, at / "texts"], found=True),
    "a file in a folder to check": Role(
        "folder/mine.ttl", lambda at: ["check", at / "folder", "--shapes", at / "shapes.ttl"], found=True
    ),
}

FOLDERS: dict[str, Callable[[Path], list[str | Path]]] = {
    "a data folder": lambda at: ["--data", at / "mine", "find", "x"],
    "a folder of texts": lambda at: ["sources", "verify", at / "mine"],
    "a folder of texts to check": lambda at: ["check", "--texts", at / "mine"],
    "a folder of texts to quote": lambda at: [*MFA, at / "mine"],
}


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Return a folder with a sound file for each role but the one that is tried."""
    (tmp_path / "good.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    for name in ("data/graph", "data/queries", "texts", "folder"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    """Return a store to load into."""
    one = Misbehaving()
    yield one
    one.stop()


OTHERWISE = {
    **{("a folder", role): "holds no RDF file" for role in ("data to check", "shapes", "an ontology")},
    ("a folder", "a file in a folder to check"): "holds no RDF file",
    ("too large", "a file to load"): "not valid N-Quads",
}
"""What is said where a file is not looked at as elsewhere: a check takes folders, and a load reads by parts."""


PAIRS = [(odd, role) for odd in ODD for role in ROLES if ODD[odd].listed or not ROLES[role].found]
"""What a command finds by itself is there."""


@pytest.mark.long
@pytest.mark.parametrize(("odd", "role"), PAIRS)
def test_an_odd_file_is_one_line_whatever_it_is_for(
    run: Run, sound: Path, server: Misbehaving, odd: str, role: str
) -> None:
    """At once, with its name and what is wrong."""
    place, arguments, _ = ROLES[role]
    ODD[odd].make(sound / place)
    done = run(*(server.url if each == "URL" else each for each in arguments(sound)))
    refused(done, OTHERWISE.get((odd, role), ODD[odd].said))
    assert Path(place).name in done.stderr or (odd, role) in OTHERWISE


@pytest.mark.long
@pytest.mark.parametrize("role", FOLDERS)
@pytest.mark.parametrize("odd", sorted(set(ODD) - {"a folder", "too large"}))
def test_what_is_no_folder_is_one_line_whatever_it_is_for(run: Run, sound: Path, odd: str, role: str) -> None:
    """At once, with its name."""
    ODD[odd].make(sound / "mine")
    refused(run(*FOLDERS[role](sound)), "mine: ")


@pytest.mark.long
def test_a_check_that_watches_lives_on(sound: Path) -> None:
    """Through all that may stand in the place of its file or in its folder meanwhile."""
    path = sound / "folder" / "mine.ttl"
    path.write_text("<urn:a> <urn:b> <urn:c> .")
    command = ["check", path, "--shapes", sound / "shapes.ttl", "--watch"]
    watching = subprocess.Popen(
        [sys.executable, "-u", "-m", "compas_graph", *map(str, command)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip
    end = threading.Timer(100, watching.kill)
    end.start()
    try:
        assert watching.stdout is not None
        until(watching.stdout, "all rules hold")
        for odd in ODD.values():
            _clear(path)
            odd.make(path)
            assert "Traceback" not in until(watching.stdout, "cannot be checked")
            _clear(path)
            path.write_text("<urn:a> <urn:b> <urn:c> .")
            until(watching.stdout, "all rules hold")
    finally:
        end.cancel()
        watching.kill()
        watching.communicate()


def _clear(path: Path) -> None:
    """Take away what stands at a path and beside it."""
    for each in (path, path.with_name("there")):
        if each.is_dir() and not each.is_symlink():
            each.rmdir()
        else:
            each.unlink(missing_ok=True)


# --- Where it comes out ---

OUTPUTS: dict[str, Callable[[Path], list[str | Path]]] = {
    "export": lambda path: ["export", "--format", "nquads", "--output", path],
    "export to a folder": lambda path: ["export", "--format", "turtle", "--output", path],
    "baseline": lambda path: [*check(path.parent), "--write-baseline", path],
}
each_output = pytest.mark.parametrize("output", OUTPUTS)


@each_output
@pytest.mark.parametrize("odd", ["a socket", "a link to itself", "links in a circle"])
def test_an_odd_place_to_write_to_is_one_line(run: Run, sound: Path, odd: str, output: str) -> None:
    """And nothing is written elsewhere."""
    ODD[odd].make(sound / "mine")
    before = {path.name for path in sound.iterdir()}
    refused(run(*OUTPUTS[output](sound / "mine")), "mine: ")
    assert {path.name for path in sound.iterdir()} == before


@each_output
def test_a_full_disk_is_one_line_and_leaves_nothing(run: Run, sound: Path, output: str) -> None:
    """The file that was there stays."""
    (sound / "good.ttl").write_text("".join(f"<urn:a{n}> <urn:b> <urn:c> .\n" for n in range(200)))
    shapes = SHAPES.replace("sh:targetNode <urn:a>", "sh:targetSubjectsOf <urn:b>").replace("minCount 1", "maxCount 0")
    (sound / "shapes.ttl").write_text(shapes)
    (sound / "disk").mkdir()
    arguments = [
        sound / "disk" / "mine" if each == sound / "mine" else each for each in OUTPUTS[output](sound / "mine")
    ]
    with full(sound / "disk"):
        refused(run(*arguments), "mine: cannot be written (No space left on device)")
        assert list((sound / "disk").iterdir()) == []


# --- What a command may not find ---


@pytest.mark.long
@pytest.mark.parametrize("wanted", ["check", "sparql", "find"])
def test_a_working_folder_that_was_deleted_is_missed_only_where_it_is_needed(
    script: Path, sound: Path, wanted: str
) -> None:
    """Names from the root on are found, and others are not."""
    commands: dict[str, list[str | Path]] = {"sparql": ["sparql", "ASK {}"], "find": ["find", "benz"]}
    (sound / "gone").mkdir()
    within = 'cd "$0" && rmdir "$0" && exec "$@"'

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        (sound / "gone").mkdir(exist_ok=True)
        command = ["sh", "-c", within, sound / "gone", script, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert answered(run(*commands.get(wanted, check(sound))))
    refused(run("check", "good.ttl"), "good.ttl: no such file or folder")
    refused(run("export", "--output", "mine.nq"), "mine.nq: cannot be written (No such file or directory)")
    refused(run(*check(sound), "--write-baseline", "mine"), "mine: cannot be written (No such file or directory)")


def test_names_that_are_no_utf_8_are_read_like_others(run: Run, sound: Path) -> None:
    """And a graph has its name from their bytes."""
    (sound / "data" / "graph" / "a\udcff\n.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    counted = run("--data", sound / "data", "sparql", "SELECT ?g { GRAPH ?g { <urn:a> ?p ?o } }")
    assert "graph:a%FF%0A" in answered(counted).replace("https://w3id.org/compas-graph/graph/", "graph:")
