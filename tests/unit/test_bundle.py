"""A folder of data is found, read and named, and what is wrong with it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from compas_graph.bundle import Bundle, turtle_fault
from compas_graph.errors import DataError
from compas_graph.files import read, read_text


def layout(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).mkdir(parents=True)
    return folder


def test_without_a_folder_the_data_of_the_package_is_used() -> None:
    """The ontology, the graph and the queries that come with the program are all there."""
    bundle = Bundle.at()
    assert (bundle.ontology / "compas.ttl").is_file()
    assert list(bundle.graph_files())
    assert list(bundle.queries.glob("*.rq"))


def test_a_folder_with_only_a_graph_takes_ontology_and_queries_from_the_package(tmp_path: Path) -> None:
    """One's own claims need no copy of the ontology."""
    bundle = Bundle.at(layout(tmp_path, "graph"))
    assert bundle == Bundle.at()._replace(graph=tmp_path / "graph")


def test_what_a_folder_has_is_used(tmp_path: Path) -> None:
    """All three parts are those of the folder where it has them."""
    layout(tmp_path, "graph", "ontology", "queries")
    assert Bundle.at(tmp_path) == Bundle(tmp_path / "ontology", tmp_path / "graph", tmp_path / "queries")


@pytest.mark.parametrize("name", ["missing", "file"])
def test_a_folder_that_is_missing_or_is_a_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    """The message names the folder and what it should hold."""
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=rf"{name}: no such data folder.*graph/"):
        Bundle.at(tmp_path / name)


def test_a_folder_without_a_graph_is_refused_by_name(tmp_path: Path) -> None:
    """A folder of something else is not taken for an empty graph."""
    with pytest.raises(DataError, match="has no folder graph/"):
        Bundle.at(layout(tmp_path, "queries"))


def test_a_name_too_long_for_the_file_system_is_a_missing_folder() -> None:
    """What the file system refuses to look up is an error of ours."""
    with pytest.raises(DataError):
        Bundle.at(Path("a" * 5000))


def test_each_file_of_the_graph_has_a_named_graph_of_its_path(tmp_path: Path) -> None:
    """In order of path; folders show in the name, and signs that IRIs do not take are escaped."""
    layout(tmp_path, "graph/sources")
    for name in ("zebra.ttl", "sources/a b.ttl", "notes.txt"):
        (tmp_path / "graph" / name).write_text("")
    names = [name for _, name in Bundle.at(tmp_path).graph_files()]
    base = "https://w3id.org/compas-graph/graph/"
    assert names == [base + "sources/a%20b", base + "zebra"]


@pytest.mark.parametrize("name", ["ontology", "shapes", "alignments", "facts", "inferences", "comparisons"])
def test_a_file_with_the_name_of_a_graph_that_the_program_makes_is_refused(tmp_path: Path, name: str) -> None:
    """What a file asserts never mixes with what is derived."""
    layout(tmp_path, "graph")
    (tmp_path / "graph" / f"{name}.ttl").write_text("")
    with pytest.raises(DataError, match="rename the file"):
        list(Bundle.at(tmp_path).graph_files())


def test_the_ontology_is_a_file_among_the_files() -> None:
    """It has a graph of its own and comes first."""
    path, name = next(Bundle.at().files())
    assert path.name == "compas.ttl"
    assert name.endswith("/graph/ontology")


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    """Missing, and a folder instead of a file."""
    for path in (tmp_path / "none.ttl", tmp_path):
        with pytest.raises(DataError, match=f"{path.name}: (is a folder, not|no such file)"):
            read(path)


def test_a_file_that_is_not_utf_8_is_named_with_the_byte(tmp_path: Path) -> None:
    """Bytes are counted from 1."""
    path = tmp_path / "latin.txt"
    path.write_bytes(b"ab\xe4c")
    with pytest.raises(DataError, match=r"is not UTF-8 \(byte 3\)"):
        read_text(path)


def test_a_turtle_fault_names_the_file_the_line_and_the_column(tmp_path: Path) -> None:
    """As in file:line:column, in one line; a file that is not UTF-8 is said to be that."""
    path = tmp_path / "x.ttl"
    path.write_text("a b\n c")
    fault = SyntaxError("not\nthis", (str(path), 2, 3, " c"))
    assert str(turtle_fault(path, fault)) == f"{path}:2:3: not valid Turtle: not this"
    path.write_bytes(b"\xff")
    with pytest.raises(DataError, match="is not UTF-8"):
        raise turtle_fault(path, fault)
