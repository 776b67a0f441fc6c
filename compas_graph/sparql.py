"""SPARQL from outside: what a query of the user's own answers here, without a way to other servers."""

from __future__ import annotations

import re
from typing import NamedTuple

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Triple, serialize

from compas_graph.bundle import Bundle
from compas_graph.errors import QueryError
from compas_graph.graph import open_graph
from compas_graph.guard import check_query, engine, reads_dataset
from compas_graph.namespaces import PREFIXES
from compas_graph.results import grid
from compas_graph.store import Readable
from compas_graph.tables import FOR_GRAPHS, FOR_ROWS, FORMATS, RdfTerm
from compas_graph.views import View

__all__ = ["Rows", "answer", "check_format", "whole", "written"]


def answer(bundle: Bundle, text: str, name: str, form: str, width: int | None = None, view: View | None = None) -> str:
    """Return the answer to a query in a format: rows, yes or no, or the triples of a graph as Turtle.

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
    variables = [variable.value for variable in found.variables]
    return Rows(variables, [{name: row[name] for name in variables} for row in found])


def check_format(form: str, *, is_graph: bool) -> None:
    """Raise QueryError if a format cannot hold an answer of a kind."""
    kind, fitting = ("a graph", ("table", *FOR_GRAPHS)) if is_graph else ("rows", FOR_ROWS)
    if form not in fitting:
        others = [name for name in fitting if name != "table" or not is_graph]
        raise QueryError(f"the answer is {kind}, which {form} cannot hold; choose one of {', '.join(others)}")


def written(store: Readable, held: QueryBoolean | bytes | Rows | list[Triple], form: str, width: int | None) -> str:
    """Return an answer in a format, or raise QueryError for a format that cannot hold it."""
    chosen = FORMATS[form]
    check_format(form, is_graph=isinstance(held, list))
    if isinstance(held, list):
        triples = sorted(held, key=str)
        return _turtle(triples) if form in ("table", "turtle") else _text(serialize(triples, format=chosen.graph))
    if isinstance(held, QueryBoolean):
        return _text(held.serialize(format=chosen.rows)) if chosen.rows else "yes\n" if held else "no\n"
    if isinstance(held, bytes):
        return _text(held)
    shown = grid(store, *held)
    assert chosen.people
    return chosen.people([shown], width) if shown.rows else "no rows\n"


def _text(data: bytes | None) -> str:
    """Return what was serialised as text that ends in one line break."""
    text = (data or b"").decode()
    return text if text.endswith("\n") else text + "\n"


def _turtle(found: list[Triple]) -> str:
    """Return triples as Turtle, in order, with only the prefixes that they use."""
    text = _text(serialize(found, format=RdfFormat.TURTLE, prefixes=PREFIXES))
    lines = text.splitlines()
    body = [line for line in lines if not line.startswith("@prefix ")]
    used = set(re.findall(r"(?<![\w<\"])([a-z]+):", "\n".join(body)))
    head = sorted(line for line in lines if line.startswith("@prefix ") and line.split()[1].rstrip(":") in used)
    return "\n".join([*head, "", *body]) + "\n"
