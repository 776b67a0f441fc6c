"""Saved queries: SPARQL files with a `#+` YAML header and typed parameters in `VALUES` lines.

A saved query runs as it stands in any SPARQL tool. Binding replaces the one `VALUES` line of each
parameter by terms in N-Triples form, parsed first to the declared type, so that nothing a caller
types can become syntax.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from compas_graph import files
from compas_graph.bundle import Bundle
from compas_graph.errors import DataError, UnknownNameError
from compas_graph.namespaces import expand
from compas_graph.parameters import TYPES, Parameter, Term, Value

__all__ = ["SavedQuery", "bind", "example", "query_names", "saved_query"]


class SavedQuery(NamedTuple):
    """A saved query: its question, what it says when there are no rows, its parameters and its text."""

    name: str
    path: Path
    summary: str
    description: str
    none: str
    tags: tuple[str, ...]
    headings: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    text: str


def query_names(bundle: Bundle) -> list[str]:
    """Return the names of the saved queries of a bundle, in order."""
    return sorted(path.stem for path in files.inside(bundle.queries, ".rq"))


def saved_query(bundle: Bundle, name: str) -> SavedQuery:
    """Return the saved query of that name, or raise UnknownNameError with close names."""
    names = query_names(bundle)
    if name not in names:
        raise UnknownNameError("saved query", name, names, "'compas-graph queries' lists them")
    return parse_query(bundle.queries / f"{name}.rq")


def parse_query(path: Path) -> SavedQuery:
    """Return the saved query in a file, or raise DataError with what its header lacks."""
    text = files.read_text(path, files.QUERY_MOST).removeprefix("\ufeff")
    header = _header(path, text)
    try:
        _check_placeholders(header["none"], header.get("params") or {})
        parameters = {name: _parameter(name, said) for name, said in (header.get("params") or {}).items()}
        return SavedQuery(
            name=path.stem,
            path=path,
            summary=header["summary"],
            description=header["description"],
            none=header["none"],
            tags=tuple(map(str, header["tags"])),
            headings=header.get("columns") or {},
            parameters=parameters,
            text=text,
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DataError(f"{path}: its '#+' header is wrong or incomplete at {error}") from error


def _check_placeholders(none: str, parameters: Mapping[str, Any]) -> None:
    """Raise ValueError if a sentence has a brace that is not part of the name of a parameter in braces."""
    rest = re.sub(r"\{(\w+)\}", lambda found: "" if found[1] in parameters else found[0], none)
    if "{" in rest or "}" in rest:
        raise ValueError(f"'none', where braces should hold the name of a parameter, not '{none}'")


def _header(path: Path, text: str) -> dict[str, Any]:
    import yaml

    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        found = yaml.load("\n".join(lines), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f":{mark.line + 1}" if mark else ""
        raise DataError(f"{path}{place}: the '#+' header is not valid YAML") from error
    if not isinstance(found, dict):
        raise DataError(f"{path}: has no '#+' header; it should open with '#+ summary: a question?'")
    return found


def _parameter(name: str, said: Mapping[str, Any]) -> Parameter:
    if said["type"] not in TYPES:
        raise ValueError(f"type '{said['type']}' of {name}, which should be one of {', '.join(TYPES)}")
    needed = TYPES[said["type"]].needs
    if needed and not said.get(needed):
        raise ValueError(f"{name}, whose type '{said['type']}' needs '{needed}'")
    about = said.get("class") or said.get("scheme")
    kind = expand(str(about)) if about else None
    if about and kind is None:
        raise ValueError(f"'{about}' of {name}, which should be the name of a class or a scheme, such as cg:Plant")
    return Parameter(
        name=name,
        type=said["type"],
        help=said["help"],
        kind=NamedNode(kind) if kind else None,
        choices=tuple(map(str, said.get("choices", ()))),
        required=bool(said.get("required", False)),
        default=None if said.get("default") is None else str(said["default"]),
        many=bool(said.get("many", False)),
    )


def bind(query: SavedQuery, values: Mapping[str, Sequence[Value]]) -> str:
    """Return the text of a query with its parameters bound; one without a value is left open.

    The values of a date are pairs, of its first and its last day.
    """
    lines = query.text.splitlines()
    for name, parameter in query.parameters.items():
        variables = parameter.variables
        rows = [_row(value) for value in values.get(name, ())] or [_row(("UNDEF",) * len(variables))]
        lines[values_line(query, name)] = f"  VALUES {_row([f'?{each}' for each in variables])} {{ {' '.join(rows)} }}"
    return "\n".join(lines)


def _row(value: Term | Sequence[Term | str]) -> str:
    """Return a row of a VALUES table: one term, or several in parentheses."""
    if isinstance(value, NamedNode | Literal):
        return str(value)
    parts = " ".join(map(str, value))
    return f"({parts})" if len(value) > 1 else parts


def example(query: SavedQuery, name: str) -> str:
    """Return the value that a query's own text holds for a parameter, as it could be typed; empty for an open one."""
    text = query.text.splitlines()[values_line(query, name)]
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|<([^>]*)>|([\w-]+:[\w.-]+)|\b([0-9.]+)\b', text.partition("{")[2])
    return next((part for parts in found for part in parts if part), "")


def values_line(query: SavedQuery, name: str) -> int:
    """Return the index of the line that binds a parameter; there must be just one."""
    head = re.escape(_row([f"?{each}" for each in query.parameters[name].variables]))
    form = re.compile(rf"\s*VALUES {head} \{{ [^{{}}]+ \}}\s*(#.*)?")
    found = [number for number, line in enumerate(query.text.splitlines()) if form.fullmatch(line)]
    if len(found) != 1:
        variables = _row([f"?{each}" for each in query.parameters[name].variables])
        raise DataError(f"{query.path}: parameter {name} needs one line of the form 'VALUES {variables} {{ example }}'")
    return found[0]
