"""What a worker may not do: reach the network, and while it is sealed open anything at all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["become_worker", "is_worker", "sealed"]

_is_worker = False


def is_worker() -> bool:
    """Tell whether this process is a worker."""
    return _is_worker


def become_worker(*, network: bool) -> None:
    """Be a worker from now on; without a network, no Python code in this process reaches it."""
    global _is_worker
    _is_worker = True
    if not network:
        sys.addaudithook(_refuse_network)


def _refuse_network(event: str, _: object) -> None:
    if event in ("socket.bind", "socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise PermissionError("a worker has no way to the network")


@contextmanager
def sealed() -> Iterator[None]:
    """Let this process open no file and no connection for a while, if it is a worker.

    An engine that would follow SERVICE cannot. What is to be read or imported must have been before. A process
    that does other things meanwhile, as one of a user of this library, is left alone.
    """
    if not _is_worker or sys.platform == "win32":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
