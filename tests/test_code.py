"""The gate: form, types and layers of the code, and the form of the Turtle files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from compas_graph import __version__

ROOT = Path(__file__).parent.parent
TOOLS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports"],
    "turtlefmt": ["turtlefmt", "--check", "graph", "ontology"],
}


@pytest.mark.parametrize("name", TOOLS)
def test_tool_finds_nothing(name: str) -> None:
    """Each tool of the gate passes over the whole repository."""
    program, *arguments = TOOLS[name]
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_version_is_one() -> None:
    """Package, ontology and the newest entry of the changelog agree."""
    ontology = (ROOT / "ontology" / "compas.ttl").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f'owl:versionInfo "{__version__}"' in ontology
    assert f"owl:versionIRI <https://w3id.org/compas-graph/ontology/{__version__}>" in ontology
    assert re.findall(r"## \[([0-9.]+)\]", changes)[0] == __version__
