"""What is read is a regular file and no more of it than a bound; whatever else is there is one line with the reason."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from compas_graph import files
from compas_graph.bundle import Bundle, read_turtle
from compas_graph.checks.baseline import read_baseline
from compas_graph.checks.documents import documents_in, read_document
from compas_graph.citing import cite
from compas_graph.errors import DataError, MissingFileError
from compas_graph.query import parse_query
from compas_graph.remote.origin import file_quads
from tests import FROZEN
from tests.odd_files import ODD, without_rights

READERS: dict[str, Callable[[Path], object]] = {
    "bytes": files.read,
    "text": files.read_text,
    "stream": lambda path: files.opened(path, most=5).read(9),
    "Turtle of the graph": read_turtle,
    "document": read_document,
    "baseline": read_baseline,
    "text to cite": lambda path: cite(path, "words"),
    "saved query": parse_query,
    "file to load": lambda path: list(file_quads([path], "urn:g")),
}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes, links and rights are otherwise there")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_file_to_read_is_one_line_wherever_it_is_read(tmp_path: Path, odd: str, reader: str) -> None:
    """With its name, at once; nothing waits for a pipe."""
    path = tmp_path / "mine.ttl"
    ODD[odd].make(path)
    with pytest.raises(DataError) as caught:
        READERS[reader](path)
    assert str(caught.value).startswith(str(path)) and len(str(caught.value).splitlines()) == 1
    if reader != "file to load" or odd != "too large":  # it is never held as a whole
        assert ODD[odd].said in str(caught.value)


@pytest.mark.parametrize("reader", READERS)
def test_what_the_user_may_not_read_is_one_line_wherever_it_is_read(reader: str) -> None:
    """Be it the file itself or the folder that it lies in."""
    with without_rights() as folder:
        (folder / "mine.ttl").write_bytes(b"")
        (folder / "mine.ttl").chmod(0)
        (folder / "closed").mkdir(0)
        for path in (folder / "mine.ttl", folder / "closed" / "mine.ttl"):
            with pytest.raises(DataError, match=r"mine\.ttl: cannot be read \(Permission denied\)$"):
                READERS[reader](path)


@pytest.mark.parametrize("name", ["a" * 300, "a\0b", "a/" * 3000])
@pytest.mark.parametrize("reader", READERS)
def test_a_name_that_no_file_can_have_is_one_line_wherever_it_is_read(tmp_path: Path, name: str, reader: str) -> None:
    """It is shown as it can be printed, and not at any length."""
    with pytest.raises(DataError) as caught:
        READERS[reader](tmp_path / f"{name}.ttl")
    assert str(caught.value).isprintable() and len(str(caught.value)) < 400


@pytest.mark.parametrize("reader", READERS)
def test_a_file_in_place_of_a_folder_is_one_line_wherever_it_is_read(tmp_path: Path, reader: str) -> None:
    """What lies below it is not there."""
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"Not a directory|no such"):
        READERS[reader](tmp_path / "file" / "mine.ttl")


def test_names_that_look_alike_are_told_apart(tmp_path: Path) -> None:
    """A blank, a line break and bytes that are no UTF-8 are each shown as what they are."""
    names = ["a b.ttl", "a\nb.ttl", "a  b.ttl", "a\udcffb.ttl", "a\udcfeb.ttl"]
    for name in names:
        (tmp_path / name).write_text("<urn:a> <urn:b> <urn:c> .")
    found = [document.name for document in documents_in([tmp_path])]
    assert {Path(name).name for name in found} == set(names)
    said = set()
    for name in names:
        (tmp_path / name).write_text("nonsense")
        with pytest.raises(DataError, match="not valid Turtle") as caught:
            read_turtle(tmp_path / name)
        said.add(str(caught.value))
    assert len(said) == len(names) and all(each.isprintable() for each in said)
    assert len({files.spelt(name).encode() for name in names}) == len(names)


def test_a_file_that_grows_is_read_up_to_the_bound(tmp_path: Path) -> None:
    """Whatever size it seemed to have."""
    path = tmp_path / "log"
    path.write_bytes(b"12345")
    assert files.read(path, 5) == b"12345"
    with files.opened(path, 7) as file:
        assert file.read(3) == b"123"
        path.write_bytes(b"12345678")
        with pytest.raises(DataError, match="log: is too large; at most 0 MB are read"):
            file.read(100)


def test_a_file_that_becomes_a_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However soon after it was looked at."""
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(files, "kind", lambda _: "file")
    with pytest.raises(DataError, match=r"pipe: cannot be read \(it is no longer a regular file\)$"):
        files.read(tmp_path / "pipe")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system has no file of unknown size")
def test_a_file_of_unknown_size_is_read_up_to_the_bound() -> None:
    """It says that it is empty."""
    path = Path("/proc/self/status")
    assert path.stat().st_size == 0 and b"Pid:" in files.read(path)
    with pytest.raises(DataError, match="is too large"):
        files.read(path, 10)


def test_standard_input_is_read_up_to_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing where it was closed."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"12345")))
    assert files.standard_input(5) == b"12345"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"123456")))
    with pytest.raises(DataError, match="standard input: is too large"):
        files.standard_input(5)
    monkeypatch.setattr(sys, "stdin", None)
    assert files.standard_input() == b""


def test_a_folder_is_walked_to_its_end(tmp_path: Path) -> None:
    """Links to folders are not entered; a folder below that may not be read is named."""
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.ttl").touch()
    (tmp_path / "below" / "up").symlink_to(tmp_path)
    found = [place / name for place, _, names in files.walk(tmp_path) for name in names]
    assert found == [tmp_path / "below" / "a.ttl"]
    with without_rights() as folder:
        (folder / "graph" / "closed").mkdir(parents=True)
        (folder / "graph" / "closed").chmod(0)
        bundle = Bundle(FROZEN.ontology, folder / "graph", FROZEN.queries)
        for walk in (partial(files.walk, folder), bundle.graph_files, partial(documents_in, [folder])):
            with pytest.raises(DataError, match=r"closed: cannot be read \(Permission denied\)$"):
                list(walk())


def test_what_lies_in_a_folder_is_listed_if_there_is_one(tmp_path: Path) -> None:
    """A folder of queries may have vanished; one that may not be read is named."""
    for name in ("b.rq", "a.rq", "c.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in files.inside(tmp_path, ".rq")] == ["a.rq", "b.rq"]
    assert files.inside(tmp_path / "none") == []
    with pytest.raises(DataError, match="Not a directory"):
        files.inside(tmp_path / "c.txt")


def test_links_in_a_circle_lead_nowhere(tmp_path: Path) -> None:
    """And resolving them is no error, in any version of Python."""
    (tmp_path / "a").symlink_to(tmp_path / "a")
    assert files.real(tmp_path / "a") == tmp_path / "a"
    assert files.real(Path("a\0b")) == Path("a\0b")
    assert not files.is_file(tmp_path / "a") and not files.is_folder(tmp_path / "a")
    assert files.state(tmp_path / "a") is None
    with pytest.raises(MissingFileError):
        files.kind(tmp_path / "none")


def test_only_what_is_relative_to_the_working_folder_needs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been deleted."""
    (tmp_path / "gone").mkdir()
    (tmp_path / "here.ttl").write_text("<a> <b> <c> .")
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert files.here() is None
    assert files.real(tmp_path / "here.ttl") == tmp_path / "here.ttl"
    assert files.address(tmp_path / "here.ttl") == (tmp_path / "here.ttl").as_uri()
    assert read_document(tmp_path / "here.ttl").base == (tmp_path / "here.ttl").as_uri()
    with pytest.raises(MissingFileError):
        read_document(Path("here.ttl"))


def test_a_byte_order_mark_is_no_part_of_a_file_wherever_it_is_read(tmp_path: Path) -> None:
    """As some editors write one."""
    (tmp_path / "mine.ttl").write_text("<urn:a> <urn:b> <urn:c> .", "utf-8-sig")
    assert len(read_turtle(tmp_path / "mine.ttl")) == len(read_document(tmp_path / "mine.ttl").quads) == 1
    assert len(list(file_quads([tmp_path / "mine.ttl"], "urn:g"))) == 1
