"""The graph that these tests look at: that of the project, or that of `--data DIR`."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from compas_graph.bundle import Bundle
from compas_graph.graph import open_graph
from compas_graph.query import query_names


def _bundle(config: pytest.Config) -> Bundle:
    return Bundle.at(config.getoption("--data"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a `name` for each saved query."""
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", query_names(_bundle(metafunc.config)))


@pytest.fixture(scope="session")
def bundle(pytestconfig: pytest.Config) -> Bundle:
    """Return the folder of data."""
    return _bundle(pytestconfig)


@pytest.fixture(scope="session")
def store(bundle: Bundle) -> Store:
    """Return its graph, with all that is derived from it. Tests only read it."""
    return open_graph(bundle)
