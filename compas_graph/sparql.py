"""SPARQL from outside: read-only, without remote calls, and stopped when it takes too long."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

from pyoxigraph import QueryBoolean, QueryTriples, RdfFormat, serialize

from compas_graph.bundle import Bundle
from compas_graph.errors import CompasGraphError, QueryError, shorten
from compas_graph.graph import open_graph
from compas_graph.guard import query_fault
from compas_graph.namespaces import PREFIXES
from compas_graph.results import of_solutions
from compas_graph.tables import FOR_GRAPHS, FOR_ROWS, FORMATS
from compas_graph.views import View

__all__ = ["answer", "run_limited"]


def answer(bundle: Bundle, text: str, name: str, form: str, width: int | None = None, view: View | None = None) -> str:
    """Return the answer to a query in a format: rows, yes or no, or the triples of a graph as Turtle.

    `name` is what messages call the query.
    """
    store = open_graph(bundle, view=view)
    try:
        found = store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise query_fault(text, name, error) from error
    chosen = FORMATS[form]
    if isinstance(found, QueryTriples):
        if form not in ("table", *FOR_GRAPHS):
            raise QueryError(f"the answer is a graph, which {form} cannot hold; choose one of {', '.join(FOR_GRAPHS)}")
        return (
            _turtle(found)
            if form in ("table", "turtle")
            else _text(serialize(sorted(found, key=str), format=chosen.graph))
        )
    if chosen.graph:
        raise QueryError(f"the answer is rows, which {form} cannot hold; choose one of {', '.join(FOR_ROWS)}")
    if chosen.rows:
        return _text(found.serialize(format=chosen.rows))
    if isinstance(found, QueryBoolean):
        return "yes\n" if found else "no\n"
    rows = of_solutions(store, found)
    assert chosen.people
    return chosen.people([rows], width) if rows.rows else "no rows\n"


def _text(data: bytes | None) -> str:
    """Return what was serialised as text that ends in one line break."""
    text = (data or b"").decode()
    return text if text.endswith("\n") else text + "\n"


def _turtle(found: QueryTriples) -> str:
    """Return triples as Turtle, in order, with only the prefixes that they use."""
    text = _text(serialize(sorted(found, key=str), format=RdfFormat.TURTLE, prefixes=PREFIXES))
    lines = text.splitlines()
    body = [line for line in lines if not line.startswith("@prefix ")]
    used = set(re.findall(r"(?<![\w<\"])([a-z]+):", "\n".join(body)))
    head = sorted(line for line in lines if line.startswith("@prefix ") and line.split()[1].rstrip(":") in used)
    return "\n".join([*head, "", *body]) + "\n"


def run_limited(work: Callable[[], str], seconds: float, ended: str = "stopped after") -> str:
    """Return what `work` returns, run in a process of its own that is stopped after `seconds`.

    `work` must be picklable, since not every system can fork.
    """
    context = get_context("fork" if sys.platform == "linux" else None)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(work, sender, seconds), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise QueryError(f"{ended} {seconds:g} s; ask for less, or give it longer with --timeout")
        done, text = receiver.recv()
    except EOFError as error:
        raise QueryError("the query ended without an answer; it may have used up the memory") from error
    finally:
        process.kill()
        process.join()
    if not done:
        raise QueryError(text)
    return str(text)


def _send(work: Callable[[], str], sender: Connection, seconds: float) -> None:
    """Send what `work` returns, or the message of its error; end even if nobody is left to stop it."""
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds) + 5)
    try:
        sender.send((True, work()))
    except (CompasGraphError, OSError, ValueError, RuntimeError, SyntaxError) as error:
        sender.send((False, shorten(str(error), 300)))
