"""Each store outside this process, started once for all its tests.

A store that is not installed is skipped by name, unless the environment variable
COMPAS_GRAPH_STORES names it among those that must run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pyoxigraph import Store

from tests.stores.outside import STORES, TARGETS, NotInstalledError, Outside, Target

MUST_RUN = frozenset(os.environ.get("COMPAS_GRAPH_STORES", "").split())


@pytest.fixture(scope="session")
def must_run() -> frozenset[str]:
    """Return the names of the stores that may not be skipped, but for those that are only loaded into."""
    unknown = MUST_RUN - set(STORES) - set(TARGETS)
    assert not unknown, f"COMPAS_GRAPH_STORES names {unknown}; there are {', '.join({**STORES, **TARGETS})}"
    return MUST_RUN - (set(TARGETS) - set(STORES))


@pytest.fixture(scope="session", params=list(STORES))
def outside(
    request: pytest.FixtureRequest, store: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outside]:
    """Return a store outside this process that holds the whole graph; it is stopped in the end."""
    started = STORES[request.param](store, tmp_path_factory.mktemp(request.param))
    try:
        started.start()
        yield started
    except NotInstalledError as error:
        if request.param in MUST_RUN:
            pytest.fail(f"{error} (COMPAS_GRAPH_STORES says that it must run)")
        pytest.skip(str(error))
    finally:
        started.stop()


@pytest.fixture(scope="session", params=list(TARGETS))
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Return a server to load into, which is killed in the end."""
    started = TARGETS[request.param](tmp_path_factory.mktemp(request.param))
    try:
        started.start()
        yield started
    except NotInstalledError as error:
        if request.param in MUST_RUN:
            pytest.fail(f"{error} (COMPAS_GRAPH_STORES says that it must run)")
        pytest.skip(str(error))
    finally:
        started.kill()
