"""Requests are repeated after pauses that have bounds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest

from compas_graph.errors import StoreError
from compas_graph.remote.transport import Transport
from tests.unit.remote.misbehaving import Fault, Misbehaving


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    """Return a server in this process."""
    one = Misbehaving()
    yield one
    one.stop()


def waits(server: Misbehaving, status: int, asked: str, tries: int) -> list[float]:
    """Return for how many seconds a server is left alone that is always busy."""
    headers = (("Retry-After", asked),) if asked else ()
    server.fault = lambda _: Fault(status, headers=headers)
    waited: list[float] = []
    with pytest.raises(StoreError, match=f"is busy, {tries} times answered {status}"):
        Transport(None, tries=tries, pause=waited.append).request("GET", server.url + "/query")
    return waited


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize(("asked", "waited"), [("7", 7), ("119", 119), ("120", 120), ("121", 120), ("86400", 120)])
def test_a_busy_server_is_left_alone_as_long_as_it_asks_but_not_for_more_than_two_minutes(
    server: Misbehaving, status: int, asked: str, waited: float
) -> None:
    assert waits(server, status, asked, 3) == [waited, waited]


def test_it_may_name_the_time_from_which_to_ask_again(server: Misbehaving) -> None:
    """With the same bound."""
    now = time.time()
    (soon,) = waits(server, 503, formatdate(now + 60, usegmt=True), 2)
    assert 0 < soon <= 60
    assert waits(server, 503, formatdate(now + 86400, usegmt=True), 2) == [120]


@pytest.mark.parametrize("asked", ["", "0", "soon", "²", formatdate(0, usegmt=True)])
@pytest.mark.parametrize(("drawn", "share"), [(0, 0.75), (250, 1), (499, 1.249)])
def test_one_that_asks_for_no_time_to_come_is_left_alone_twice_as_long_each_time_up_to_half_a_minute(
    server: Misbehaving, asked: str, drawn: int, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter more or less, by chance, so that not all come back at once."""
    monkeypatch.setattr("secrets.randbelow", lambda most: drawn if most == 500 else most)
    middle = [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert waits(server, 503, asked, 10) == pytest.approx([share * seconds for seconds in middle])
