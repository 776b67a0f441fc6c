"""Each format of RDF files is one row: every command reads it, and says so where a name ends otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from compas_graph.checks.documents import files_in, read_document
from compas_graph.errors import DataError
from compas_graph.exporting import DOCUMENTS
from compas_graph.file_formats import FILE_FORMATS, format_of, readable, written_by
from compas_graph.remote.origin import file_quads

Run = Callable[..., CompletedProcess[str]]

GRAPH = "http://e/g"
SAID = Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), NamedNode("http://e/o"), NamedNode(GRAPH))
ENDINGS = [(form, ending) for form in FILE_FORMATS.values() for ending in (*form.endings, *form.by_name)]
WRITTEN = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
"""What the registrations of the media types, and the habit of ontologies, call files in each format."""


def one_triple(form: RdfFormat) -> bytes:
    return (serialize([SAID], format=form) if form.supports_datasets else serialize([SAID.triple], format=form)) or b""


def test_files_end_as_their_formats_are_registered() -> None:
    """No ending stands for two formats."""
    assert {ending: form.rdf for form, ending in ENDINGS} == WRITTEN
    assert len(ENDINGS) == len(WRITTEN)


@pytest.mark.parametrize(("form", "ending"), ENDINGS, ids=[ending for _, ending in ENDINGS])
def test_check_and_load_read_every_format_alike(tmp_path: Path, form: object, ending: str) -> None:
    """By its ending, in whatever case."""
    path = tmp_path / f"file{ending.upper()}"
    path.write_bytes(one_triple(format_of(path)))
    (checked,) = read_document(path).quads
    assert checked.triple == SAID.triple
    assert list(file_quads([path], GRAPH)) == [SAID]


def test_a_folder_stands_for_the_files_that_hold_nothing_else(tmp_path: Path) -> None:
    """Not for those that are read by name only."""
    for _, ending in ENDINGS:
        (tmp_path / f"file{ending}").write_bytes(b"")
    (tmp_path / "file.txt").write_bytes(b"")
    by_name = {ending for form in FILE_FORMATS.values() for ending in form.by_name}
    assert by_name == {".json", ".xml"}
    assert {path.suffix for path in files_in([tmp_path])} == set(readable()) == set(WRITTEN) - by_name


@pytest.mark.parametrize("refuse", [read_document, lambda path: list(file_quads([path]))], ids=["check", "load"])
def test_another_ending_is_refused_with_those_that_can_be_read(
    tmp_path: Path, refuse: Callable[[Path], object]
) -> None:
    """Each of the table."""
    with pytest.raises(DataError) as caught:
        refuse(tmp_path / "file.txt")
    said = str(caught.value)
    assert said.startswith(f"{tmp_path / 'file.txt'}: is not an RDF file by its ending; one ends in ")
    assert set(re.findall(r"\.\w+", said.partition("; ")[2])) == set(readable())


def test_export_names_the_endings_of_the_documents_that_it_writes(run: Run, tmp_path: Path) -> None:
    """Those that can hold named graphs."""
    said = run("export", "--output", tmp_path / "file.txt").stderr
    assert set(re.findall(r"(\.\w+)[, ]", said.partition("end the name in ")[2])) == {".trig", ".nq", ".jsonld"}


def test_export_writes_the_formats_of_the_table() -> None:
    """Turtle as a folder, the others as one document."""
    assert {"turtle", *DOCUMENTS} == set(written_by("export"))
    assert not written_by("check")


def test_the_hook_takes_the_files_that_folders_are_searched_for(root: Path) -> None:
    """Each ending of the table, and no other file."""
    (hook,) = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["entry"] == "compas-graph check"
    taken = re.fullmatch(r"\\\.\(([\w|]+)\)\$", hook["files"])
    assert taken is not None and {f".{name}" for name in taken[1].split("|")} == set(readable())
    assert not any(re.search(hook["files"], name) for name in ("ttl", "a.ttl.orig", "a.json", "attl"))


def test_help_and_docs_name_every_ending(run: Run, root: Path) -> None:
    """Those of files that folders are searched for, and in the docs those that are read by name."""
    listed = re.search(r"^Files end in ([^;]*);.*$", (root / "docs" / "checking.md").read_text("utf-8"), re.M)
    assert listed is not None
    assert set(re.findall(r"`(\.\w+)`", listed[1])) == set(readable())
    assert set(re.findall(r"`(\.\w+)`", listed[0])) == set(WRITTEN)
    ends = " ".join(run("load", "--help").stdout.rpartition("FILES end in")[2].split())
    assert set(re.findall(r"\.\w+", ends)) == set(readable())
