"""Temporary files have no name, and where there is no room for them that is said."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from compas_graph.errors import LimitError
from compas_graph.remote.canonical import canonical_graphs
from compas_graph.scratch import scratch
from tests.unit.test_outputs import small_files


def test_a_temporary_file_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So nothing can be left of it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch() as file:
        file.write(b"one\ntwo\n")
        assert list(tmp_path.iterdir()) == []
        file.seek(0)
        assert list(file) == [b"one\n", b"two\n"]
        file.seek(4)
        file.truncate()
        file.seek(0)
        assert file.read() == b"one\n"


@pytest.mark.skipif(os.name == "nt", reason="there is no limit on the size of files")
def test_where_there_is_no_room_the_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is neither the store's disk nor the output that is full."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    lines = b"".join(b"<urn:a%d> <urn:b> <urn:c> .\n" % number for number in range(2000))
    said = rf"the folder for temporary files {tmp_path} cannot be written \(File too large\); make room there"
    with small_files(), pytest.raises(LimitError, match=said):
        canonical_graphs(parse(lines, RdfFormat.N_TRIPLES))
    assert len(canonical_graphs(parse(lines, RdfFormat.N_TRIPLES))) == 1


def test_where_there_is_no_folder_for_them_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be it the one that is set, or all that are tried."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(
        LimitError, match=r"none cannot be written \(No such file or directory\); make room there, or set"
    ):
        scratch()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "none")])
    with pytest.raises(LimitError, match=r"the folder for temporary files cannot be written .*set TMPDIR"):
        scratch()
