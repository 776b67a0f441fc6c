"""What the tests share: the frozen graph, small graphs made from text, the articles, and the installed command."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from pyoxigraph import NamedNode, RdfFormat, Store

from compas_graph.bundle import Bundle
from compas_graph.graph import open_graph
from compas_graph.namespaces import PREFIXES
from compas_graph.store import select
from tests import FROZEN, HEAD, ROOT
from tests.commands import Cold, Done, Warm

settings.register_profile("gate", deadline=None, derandomize=True)  # no test fails by chance, or as a machine is busy
settings.load_profile("gate")

for number in (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP, signal.SIGQUIT] if os.name == "posix" else [])):
    if signal.getsignal(number) == signal.SIG_IGN:  # as nohup leaves it, and a shell what it runs in the background
        signal.signal(number, lambda *_: None)  # still of no account here, but not ignored by what is started


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests of tests/graph look at another folder of data."""
    parser.addoption("--data", type=Path, metavar="DIR", help="the folder of data that tests/graph looks at")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def store() -> Store:
    """Return the frozen graph, with all that is derived from it. Tests only read it."""
    return open_graph(FROZEN)


@pytest.fixture(scope="session")
def rows(store: Store) -> Callable[[str], list[tuple[str, ...]]]:
    """Return what asks the frozen graph and gives each row as texts, '' for what is not bound."""

    def ask(query: str) -> list[tuple[str, ...]]:
        return [tuple("" if term is None else term.value for term in row) for row in select(store, query)]

    return ask


@pytest.fixture(scope="session")
def asserted() -> Callable[[str], Store]:
    """Return what makes a store that holds some Turtle, our prefixes declared, and nothing else."""

    def make(turtle: str) -> Store:
        made = Store()
        made.load(HEAD + turtle, RdfFormat.TURTLE, to_graph=NamedNode(PREFIXES["graph"] + "test"))
        return made

    return make


@pytest.fixture(scope="session")
def opened() -> Callable[[str], Store]:
    """Return what opens a graph of some Turtle under the real ontology, all derivations made."""

    def make(turtle: str) -> Store:
        with TemporaryDirectory() as folder:
            (Path(folder) / "test.ttl").write_text(HEAD + turtle, encoding="utf-8")
            return open_graph(Bundle(FROZEN.ontology, Path(folder), FROZEN.queries))

    return make


def _shared(name: str) -> Path:
    """Return a folder of what is not in the repository, or skip the test."""
    found = Path(os.environ.get("COMPAS_GRAPH_SHARED", ROOT.parent / "shared")) / name
    if not found.is_dir():
        what = {"articles": "the articles are", "facts": "the claim inventory is"}[name]
        pytest.skip(f"{what} not at hand; set COMPAS_GRAPH_SHARED")
    return found


@pytest.fixture(scope="session")
def articles() -> Path:
    """Return the folder of the articles, where they are at hand."""
    return _shared("articles")


@pytest.fixture(scope="session")
def inventory() -> Path:
    """Return the folder of the claim inventory, where it is at hand."""
    return _shared("facts")


@pytest.fixture(scope="session")
def script() -> Path:
    """Return the installed script, which lies beside the interpreter."""
    found = Path(sys.executable).parent / ("compas-graph.exe" if os.name == "nt" else "compas-graph")
    assert found.is_file(), f"{found}: install the project into the environment that runs the tests"
    return found


@pytest.fixture(scope="session")
def empty_folder() -> Iterator[Path]:
    """Return an empty folder that stays so."""
    with TemporaryDirectory() as folder:
        yield Path(folder)
        assert not list(Path(folder).iterdir()), "a command left something in the folder that it ran in"


@pytest.fixture(scope="session")
def run_installed(script: Path, empty_folder: Path) -> Callable[..., Done]:
    """Return what runs the installed script in an empty folder on the data it comes with, with its output as text."""
    return Cold(script, empty_folder)


@pytest.fixture(scope="session")
def run(script: Path, empty_folder: Path) -> Iterator[Callable[..., Done]]:
    """Return what runs the program in an empty folder on the frozen data, with its output as text."""
    data = ("--data", str(FROZEN.graph.parent))
    if not hasattr(os, "fork"):
        yield Cold(script, empty_folder, data)
        return
    with Warm(Cold(script, empty_folder, data)) as warm:
        yield warm
