"""No command that runs a query calls another server, however the query spells it, and whoever wrote it where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import Done, Run
from tests.listener import WAYS, calling, listening

Surface = Callable[[Run, Path, str], Done]
HEAD = "#+ summary: What?\n#+ description: More.\n#+ none: a thing\n#+ tags: [a]\n"
PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix e: <http://example.org/> .\n"


def typed(run: Run, folder: Path, query: str) -> Done:
    return run("--data", folder / "data", "sparql", query)


def filed(run: Run, folder: Path, query: str) -> Done:
    (folder / "mine.rq").write_text(query, encoding="utf-8", newline="")
    return run("--data", folder / "data", "sparql", folder / "mine.rq")


def piped(run: Run, folder: Path, query: str) -> Done:
    return run("--data", folder / "data", "sparql", "-", input=query)


def saved(run: Run, folder: Path, query: str) -> Done:
    (folder / "data" / "queries" / "mine.rq").write_text(HEAD + query, encoding="utf-8", newline="")
    return run("--data", folder / "data", "ask", "mine")


def shaped(run: Run, folder: Path, shape: str, *engine: str) -> Done:
    (folder / "data.ttl").write_text(PREFIXES + "e:a a e:C ; e:p 1 .", encoding="utf-8")
    (folder / "shapes.ttl").write_text(PREFIXES + shape, encoding="utf-8", newline="")
    return run("check", folder / "data.ttl", "--shapes", folder / "shapes.ttl", *engine)


def quoted(query: str) -> str:
    return '"' + query.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'


def selecting(run: Run, folder: Path, query: str, *engine: str) -> Done:
    return shaped(
        run, folder, f"e:S a sh:NodeShape ; sh:targetClass e:C ; sh:sparql [ sh:select {quoted(query)} ] .", *engine
    )


def asking(run: Run, folder: Path, query: str) -> Done:
    validator = f"[ a sh:SPARQLAskValidator ; sh:ask {quoted(query)} ]"
    component = f"e:K a sh:ConstraintComponent ; sh:parameter [ sh:path e:k ] ; sh:validator {validator} ."
    return shaped(run, folder, f"e:S a sh:NodeShape ; sh:targetClass e:C ; e:k 1 .\n{component}")


def by_pyshacl(run: Run, folder: Path, query: str) -> Done:
    return selecting(run, folder, query, "--engine", "pyshacl")


SURFACES: dict[str, tuple[Surface, str]] = {
    "typed": (typed, "ASK"),
    "in a file": (filed, "SELECT *"),
    "piped": (piped, "CONSTRUCT { ?a ?b ?c }"),
    "saved": (saved, "SELECT *"),
    "in a shape": (selecting, "SELECT $this"),
    "in a component": (asking, "ASK"),
    "for pyshacl": (by_pyshacl, "SELECT $this"),
}


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return a folder with data of next to nothing, and a place for queries."""
    for name in ("graph", "queries"):
        (tmp_path / "data" / name).mkdir(parents=True)
    (tmp_path / "data" / "graph" / "mine.ttl").write_text("<urn:x:a> <urn:x:b> 1 .", encoding="utf-8")
    return tmp_path


def hold(run: Run, folder: Path, name: str, way: str) -> None:
    """Hold that a query that would call is answered without, or refused in one line."""
    surface, form = SURFACES[name]
    with listening() as (address, requests):
        done = surface(run, folder, calling(way, address, form))
    assert requests == []
    assert done.returncode in (0, 2) and "Traceback" not in done.stderr
    assert done.returncode == 0 or done.stderr.startswith("compas-graph: ")


@pytest.mark.parametrize("way", WAYS[:1] + [way for way in WAYS if "\r" in way or "cg:." in way])
@pytest.mark.parametrize("name", SURFACES)
def test_no_command_calls_another_server(run: Run, mine: Path, name: str, way: str) -> None:
    """In a query as it would be written, and in those that a reader of another grammar lets through."""
    hold(run, mine, name, way)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SURFACES)
def test_no_command_calls_another_server_in_any_way(run: Run, mine: Path, name: str, way: str) -> None:
    """Nor in any other way that was thought of."""
    hold(run, mine, name, way)
