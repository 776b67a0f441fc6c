"""Saved queries: SPARQL files with a `#+` YAML header and typed parameters in `VALUES` lines.

A saved query runs as it stands in any SPARQL tool. Binding replaces the one `VALUES` line of each
parameter by terms in N-Triples form, parsed first to the declared type, so that nothing a caller
types can become syntax.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from compas_graph import files
from compas_graph.bundle import Bundle
from compas_graph.errors import DataError, HeaderError, UnknownNameError
from compas_graph.header import SavedQuery, needs_line, read_query, values_lines
from compas_graph.parameters import Parameter, Term, Value
from compas_graph.sparql_text import lines, tokens

__all__ = ["SavedQuery", "bind", "example", "query_names", "saved_queries", "saved_query"]


def query_names(bundle: Bundle) -> list[str]:
    """Return the names of the saved queries of a bundle, in order."""
    return sorted(path.stem for path in files.inside(bundle.queries, ".rq"))


def saved_query(bundle: Bundle, name: str) -> SavedQuery:
    """Return the saved query of that name, or raise UnknownNameError with close names."""
    names = query_names(bundle)
    if name not in names:
        raise UnknownNameError("saved query", name, names, "'compas-graph queries' lists them")
    return parse_query(bundle.queries / f"{name}.rq")


def saved_queries(bundle: Bundle) -> list[SavedQuery]:
    """Return all saved queries of a bundle, in order of name, or raise HeaderError with the faults of all headers."""
    found: list[SavedQuery] = []
    faults: list[str] = []
    for name in query_names(bundle):
        try:
            found.append(parse_query(bundle.queries / f"{name}.rq"))
        except HeaderError as error:
            faults += error.lines
    if faults:
        raise HeaderError(*faults)
    return found


def parse_query(path: Path) -> SavedQuery:
    """Return the saved query in a file, or raise HeaderError with a line for each fault of its header."""
    text = files.read_text(path, files.QUERY_MOST).removeprefix("\ufeff")
    return read_query(path, text)


def bind(query: SavedQuery, values: Mapping[str, Sequence[Value]]) -> str:
    """Return the text of a query with its parameters bound; one without a value is left open.

    The values of a date are pairs, of its first and its last day.
    """
    rows = lines(query.text)
    places = values_lines(rows)
    for name, parameter in query.parameters.items():
        terms = [_row(value) for value in values.get(name, ())] or [_row(("UNDEF",) * len(parameter.variables))]
        rows[_only(query, parameter, places)] = f"  VALUES {parameter.head} {{ {' '.join(terms)} }}"
    return "\n".join(rows)


def _row(value: Term | Sequence[Term | str]) -> str:
    """Return a row of a VALUES table: one term, or several in parentheses."""
    if isinstance(value, NamedNode | Literal):
        return str(value)
    parts = " ".join(map(str, value))
    return f"({parts})" if len(value) > 1 else parts


def example(query: SavedQuery, name: str) -> str:
    """Return the value that a query's own text holds for a parameter, as it could be typed; empty for an open one."""
    row = lines(query.text)[values_line(query, name)].partition("{")[2]
    found = (token for token in tokens(row) if token.kind in ("iri", "name", "number", "string"))
    token = next(found, None)
    return "" if token is None else token.text[1:-1] if token.kind in ("iri", "string") else token.text


def values_line(query: SavedQuery, name: str) -> int:
    """Return the index of the line that binds a parameter; there must be just one."""
    return _only(query, query.parameters[name], values_lines(lines(query.text)))


def _only(query: SavedQuery, parameter: Parameter, places: Mapping[str, Sequence[int]]) -> int:
    found = places.get(parameter.head, ())
    if len(found) != 1:
        raise DataError(f"{query.path}: parameter {parameter.name} {needs_line(parameter)}")
    return found[0]
