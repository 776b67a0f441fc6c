"""SPARQL from outside: what a query of the user's own answers here, without a way to other servers."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple, serialize

from compas_graph.bundle import Bundle
from compas_graph.errors import QueryError
from compas_graph.graph import open_graph
from compas_graph.guard import check_query, engine, reads_dataset
from compas_graph.namespaces import PREFIXES
from compas_graph.results import grid, rows_of
from compas_graph.store import Readable
from compas_graph.tables import FOR_GRAPHS, FOR_ROWS, FORMATS, RdfTerm
from compas_graph.turtle import turtle
from compas_graph.views import View

__all__ = ["Rows", "answer", "check_format", "whole", "written"]


def answer(
    bundle: Bundle, text: str, name: str, form: str, width: int | None = None, view: View | None = None
) -> str | bytes:
    """Return the answer to a query in a format: rows, yes or no, or the triples of a graph as Turtle.

    What a standard says how to write is bytes, what is for people text.

    It is asked of all graphs together, unless it says FROM itself. `name` is what messages call the query.
    Meant to run in a worker (compas_graph.worker), where it can be stopped.
    """
    check_query(text, name)
    union = not reads_dataset(text, name)
    store = open_graph(bundle, view=view)
    with engine(text, name):
        held = whole(store.query(text, prefixes=PREFIXES, use_default_graph_as_union=union), form)
    return written(store, held, form, width)


class Rows(NamedTuple):
    """The rows of an answer, and its variables."""

    variables: list[str]
    rows: list[dict[str, RdfTerm | None]]


def whole(found: QuerySolutions | QueryBoolean | QueryTriples, form: str) -> QueryBoolean | bytes | Rows | list[Triple]:
    """Return an answer whole, rows as a document if a standard format is asked for."""
    if isinstance(found, QueryBoolean):
        return found
    if isinstance(found, QueryTriples):
        return list(found)
    if FORMATS[form].rows:
        return found.serialize(format=FORMATS[form].rows) or b""
    return Rows(*rows_of(found))


def check_format(form: str, *, is_graph: bool) -> None:
    """Raise QueryError if a format cannot hold an answer of a kind."""
    kind, fitting = ("a graph", ("table", *FOR_GRAPHS)) if is_graph else ("rows", FOR_ROWS)
    if form not in fitting:
        others = [name for name in fitting if name != "table" or not is_graph]
        raise QueryError(f"the answer is {kind}, which {form} cannot hold; choose one of {', '.join(others)}")


def written(
    store: Readable, held: QueryBoolean | bytes | Rows | list[Triple], form: str, width: int | None
) -> str | bytes:
    """Return an answer in a format, or raise QueryError for a format that cannot hold it."""
    chosen = FORMATS[form]
    check_format(form, is_graph=isinstance(held, list))
    if isinstance(held, list):
        if form in ("table", "turtle"):
            return turtle(held).encode()
        return _ended(serialize(sorted(held, key=str), format=chosen.graph))
    if isinstance(held, QueryBoolean):
        return _ended(held.serialize(format=chosen.rows)) if chosen.rows else "yes\n" if held else "no\n"
    if isinstance(held, bytes):
        return _ended(held)
    shown = grid(store, *held)
    assert chosen.people
    return chosen.people([shown], width) if shown.rows else "no rows\n"


def _ended(data: bytes | None) -> bytes:
    """Return what was serialised with a line break at its end."""
    data = data or b""
    return data if data.endswith(b"\n") else data + b"\n"
