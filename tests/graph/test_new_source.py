"""An author who adds a source does what docs/encoding.md says, and everything is green."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compas_graph.bundle import Bundle
from tests import ROOT
from tests.cli.expect import answered
from tests.commands import Run
from tests.frozen import freeze
from tests.graph.new_source import NAME, add_source, write_text


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, bundle: Bundle) -> Path:
    """Return a copy of the folder of data with one source more."""
    folder = tmp_path_factory.mktemp("data")
    shutil.copytree(bundle.graph, folder / "graph")
    add_source(folder)
    return folder


def test_the_rules_hold_and_the_source_answers(run_installed: Run, data: Path, tmp_path: Path) -> None:
    """By the commands of docs/encoding.md."""
    assert "all rules hold" in answered(run_installed("--data", data, "check"))
    write_text(tmp_path)
    assert answered(run_installed("--data", data, "sources", "verify", tmp_path, NAME)).endswith(": 3 ok\n")
    told = answered(run_installed("--data", data, "ask", "who-owns-a-venture", "--venture", "Larkspur"))
    assert "Nissan" in told and "50%" in told and "Motor Authority, 2030, paragraph 1" in told


def test_the_tests_that_an_author_is_told_to_run_are_green(data: Path) -> None:
    """`pytest tests/graph`, on the copy; this file itself is left out, or it would never end."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-rs", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "tests/graph", f"--data={data}", f"--ignore={Path(__file__)}"],
        cwd=ROOT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout or "at hand" in done.stdout


def test_freezing_leaves_it_out_with_all_that_it_brought(bundle: Bundle, data: Path, tmp_path: Path) -> None:
    """The frozen data and answers do not depend on what else graph/ holds."""
    freeze.freeze(bundle, tmp_path / "without")
    freeze.freeze(Bundle.at(data), tmp_path / "with")
    assert _files(tmp_path / "with") == _files(tmp_path / "without") != {}


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
