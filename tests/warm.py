"""A process that has imported the program and opened the frozen graph already, and forks to run each command.

Started as `python warm.py FD`. On the socket FD it takes requests, each of four files: one with a JSON object
of `arguments`, `folder` and `environment`, and those for standard input, output and error. It answers each
with the exit status as `os.waitpid` gives it. A command runs to its end as it would by itself: what is spared is the
start of Python, the imports and the opening, which are most of what a short command takes.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import socket
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import Store

    from compas_graph.bundle import Bundle
    from compas_graph.views import View

NOT_IMPORTED = ("compas_graph.__main__",)


def serve(requests: socket.socket) -> None:
    """Run a command for each request; return in the child, which is to run it, and leave when nobody asks any more."""
    while True:
        message, files, _, _ = socket.recv_fds(requests, 1, 4)
        if not message:
            sys.exit()
        child = os.fork()
        if child == 0:
            requests.close()
            _become(*files)
            return
        for file in files:
            os.close(file)
        _, status = os.waitpid(child, 0)
        requests.sendall(f"{status}\n".encode())


def opened_before(folder: Path) -> Callable[..., Store]:
    """Return what opens graphs, of which that of the data in a folder is open already."""
    from compas_graph import graph
    from compas_graph.bundle import Bundle

    open_graph, bundle = graph.open_graph, Bundle.at(folder)
    opened = open_graph(bundle)

    def opens(asked: Bundle, instead: Iterable[Path] = (), view: View | None = None) -> Store:
        return opened if (asked, instead, view) == (bundle, (), None) else open_graph(asked, instead, view)

    return opens


def _become(request: int, *streams: int) -> None:
    """Take on the arguments, the folder, the environment and the standard streams of a request."""
    with os.fdopen(request) as file:
        wanted = json.load(file)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    sys.argv = ["compas-graph", *wanted["arguments"]]


if __name__ == "__main__":
    import compas_graph
    from compas_graph import graph

    graph.open_graph = opened_before(Path(__file__).parent / "frozen" / "data")
    for module in pkgutil.walk_packages(compas_graph.__path__, "compas_graph."):
        if module.name not in NOT_IMPORTED:
            importlib.import_module(module.name)
    gc.freeze()  # so that no child copies what it never changes
    serve(socket.socket(fileno=int(sys.argv[1])))
    from compas_graph.__main__ import main

    try:
        main()
    except SystemExit as left:
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError, ValueError):
                stream.flush()
        os._exit(left.code if isinstance(left.code, int) else 0)  # spares taking the whole interpreter apart
