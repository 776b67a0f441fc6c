"""Data and files of one's own for the tests of the installed command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import FROZEN


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder with a copy of the graph, whose ontology and queries are those of the package."""
    shutil.copytree(FROZEN.graph, tmp_path / "data" / "graph")
    return tmp_path / "data"
