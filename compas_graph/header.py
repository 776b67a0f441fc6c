"""The header of a saved query: the fields that its `#+` lines may hold, each with its type, and all that is wrong.

A field is a row of `FIELDS`, or of `PARAMETER_FIELDS` for what is said of a parameter. What is empty counts as not
given. The fields of grlc, whose way of writing headers this is, may stand there too and are not used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from compas_graph.errors import HeaderError, UnknownNameError, one_of, shorten, shown
from compas_graph.namespaces import expand
from compas_graph.parameters import TYPES, Parameter
from compas_graph.plain_yaml import Fault, Node, parse
from compas_graph.sparql_text import lines

__all__ = ["FIELDS", "OF_GRLC", "PARAMETER_FIELDS", "SavedQuery", "needs_line", "read_query", "values_lines"]

VALUES = re.compile(r"[ \t]*VALUES (\?\w+|\(\?\w+(?: \?\w+)+\)) \{ [^{}]+ \}[ \t]*(?:#.*)?")


class SavedQuery(NamedTuple):
    """A saved query and what its header says; `headings` are those of columns, by the names of their variables."""

    name: str
    path: Path
    text: str
    summary: str
    description: str
    none: str
    tags: tuple[str, ...]
    headings: Mapping[str, str]
    parameters: Mapping[str, Parameter]


class Kind(NamedTuple):
    """What a field holds, in words, and what reads it, given its name in messages; None is what it does not hold."""

    words: str
    read: Callable[[Node, str, list[Fault]], Any]


class Field(NamedTuple):
    """A field: what it holds, what that says, and whether it must be there."""

    kind: Kind
    says: str
    needed: bool = False


def read_query(path: Path, text: str) -> SavedQuery:
    """Return the query in a file, whose text is given, or raise HeaderError with a line for each fault."""
    rows = lines(text)
    said = {number: row[2:].removeprefix(" ") for number, row in enumerate(rows, 1) if row.startswith("#+")}
    root, found = parse(said)
    if not root.value and not found:
        raise HeaderError(f"{shown(path)}:1: has no '#+' header; it should open with '#+ summary: a question?'")
    faults = [Fault(line, f"the '#+' header {what}") for line, what in found]
    fields = _fields(root, "", FIELDS, faults)
    query = SavedQuery(
        name=path.stem,
        path=path,
        text=text,
        summary=fields.get("summary") or "",
        description=fields.get("description") or "",
        none=fields.get("none") or "",
        tags=fields.get("tags") or (),
        headings=fields.get("columns") or {},
        parameters=fields.get("params") or {},
    )
    if fields.get("params", {}) is not None:
        faults += _not_fitting(query, root, values_lines(rows))
    if faults:
        raise HeaderError(*(f"{shown(path)}:{line}: {what}" for line, what in sorted(faults)))
    return query


def values_lines(rows: list[str]) -> dict[str, list[int]]:
    """Return the indexes of the lines that bind variables, by these variables as they stand there."""
    found: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        if match := VALUES.fullmatch(row):
            found.setdefault(match[1], []).append(index)
    return found


def needs_line(parameter: Parameter) -> str:
    """Return what to say of a parameter that is not bound by just one line."""
    return f"needs one line of the form 'VALUES {parameter.head} {{ example }}'"


def _not_fitting(query: SavedQuery, root: Node, bound: Mapping[str, list[int]]) -> list[Fault]:
    """Return what does not fit together: parameters that no line binds, and braces that name none."""
    faults = [
        Fault(_line(root, "params", name), f"parameter {name} {needs_line(one)}")
        for name, one in query.parameters.items()
        if one.type in TYPES and len(bound.get(one.head, ())) != 1
    ]
    rest = re.sub(r"\{(\w+)\}", lambda found: "" if found[1] in query.parameters else found[0], query.none)
    if "{" in rest or "}" in rest:
        said = f"braces in 'none' should hold the name of a parameter, not as in '{shorten(query.none)}'"
        faults.append(Fault(_line(root, "none"), said))
    return faults


def _line(node: Node, *keys: str) -> int:
    """Return the line of what stands under keys in maps, as far as they are there."""
    for key in keys:
        node = node.value.get(key, node) if isinstance(node.value, dict) else node
    return node.line


def _fields(node: Node, of: str, fields: Mapping[str, Field], faults: list[Fault]) -> dict[str, Any]:
    """Return what the given fields in a map hold, None where that is wrong, which is added to the faults."""
    entries = _read(Kind("a map of fields", _entries), node, of or "the '#+' header", faults)
    if entries is None:
        return {}
    given = {name: each for name, each in entries.items() if each.value or each.value is None}
    for name, each in entries.items():
        if name not in fields and (of or name not in OF_GRLC):
            error = UnknownNameError(f"field of {of or 'a header'}", name, fields, f"there are {', '.join(fields)}")
            faults.append(Fault(each.line, str(error)))
    for name, field in fields.items():
        if field.needed and name not in given:
            faults.append(
                Fault(_line(node, name), f"{of or 'the header'} lacks '{name}', {field.kind.words}: {field.says}")
            )
    told = f" of {of}" if of else ""
    return {
        name: _read(fields[name].kind, each, f"'{name}'{told}", faults)
        for name, each in given.items()
        if name in fields
    }


def _read(kind: Kind, node: Node, name: str, faults: list[Fault]) -> Any:
    """Return what a node holds, or None, having told that it is not of the kind, unless it was refused before."""
    read = kind.read(node, name, faults)
    if read is None and node.value is not None:
        found = f"'{shorten(node.value)}'" if isinstance(node.value, str) and node.value.strip() else "empty"
        found = {tuple: "a list", dict: "a map"}.get(type(node.value), found)
        faults.append(Fault(node.line, f"{name} should be {kind.words}, not {found}"))
    return read


def _text(node: Node, name: str, faults: list[Fault]) -> str | None:
    return node.value if isinstance(node.value, str) and node.value.strip() else None


def _texts(node: Node, name: str, faults: list[Fault]) -> tuple[str, ...] | None:
    if isinstance(node.value, tuple):
        return tuple(_read(TEXT, each, f"each of {name}", faults) for each in node.value)
    return None


def _entries(node: Node, name: str, faults: list[Fault]) -> dict[str, Node] | None:
    return node.value if isinstance(node.value, dict) else None


def _headings(node: Node, name: str, faults: list[Fault]) -> dict[str, str] | None:
    if isinstance(node.value, dict):
        return {key: _read(TEXT, each, f"'{shorten(key)}' of {name}", faults) for key, each in node.value.items()}
    return None


def _flag(node: Node, name: str, faults: list[Fault]) -> bool | None:
    return {"true": True, "false": False}.get(node.value.lower()) if isinstance(node.value, str) else None


def _type(node: Node, name: str, faults: list[Fault]) -> str | None:
    return node.value if isinstance(node.value, str) and node.value in TYPES else None


def _iri(node: Node, name: str, faults: list[Fault]) -> NamedNode | None:
    iri = expand(node.value) if isinstance(node.value, str) else None
    return NamedNode(iri) if iri else None


def _parameters(node: Node, name: str, faults: list[Fault]) -> dict[str, Parameter] | None:
    if isinstance(node.value, dict):
        return {key: _parameter(each, key, faults) for key, each in node.value.items()}
    return None


def _parameter(node: Node, name: str, faults: list[Fault]) -> Parameter:
    called = f"parameter {shorten(name)}"
    if not name.isidentifier():
        faults.append(Fault(node.line, f"{called} should have a name of letters, digits and _, such as 'since'"))
    said = _fields(node, called, PARAMETER_FIELDS, faults)
    kind = said.get("type") or ""
    needed = TYPES[kind].needs if kind else ""
    if needed and needed not in said:
        faults.append(Fault(node.line, f"{called} lacks '{needed}', which its type '{kind}' needs"))
    return Parameter(
        name=name,
        type=kind,
        help=said.get("help") or "",
        kind=said.get("class") or said.get("scheme"),
        choices=said.get("choices") or (),
        required=said.get("required") or False,
        default=said.get("default"),
        many=said.get("many") or False,
    )


TEXT = Kind("a text", _text)
TEXTS = Kind("a list of texts", _texts)
HEADINGS = Kind("a map of texts", _headings)
FLAG = Kind("true or false", _flag)
TYPE = Kind(one_of(TYPES), _type)
IRI = Kind("the name of a class or a scheme, such as cg:Plant", _iri)
PARAMETERS = Kind("a map of parameters", _parameters)

FIELDS = {
    "summary": Field(TEXT, "the question, with its '?'", needed=True),
    "description": Field(TEXT, "what the rows are, and how to read them", needed=True),
    "none": Field(TEXT, "what no source says if there are no rows, with parameters in braces", needed=True),
    "tags": Field(TEXTS, "what the question is about", needed=True),
    "columns": Field(HEADINGS, "the headings of columns that are not to be called after their variables"),
    "params": Field(PARAMETERS, "what may be asked for, each with one `VALUES` line in the body"),
}
"""The fields of a header, in the order in which help and documentation list them."""

PARAMETER_FIELDS = {
    "type": Field(TYPE, "which values it takes", needed=True),
    "help": Field(TEXT, "what a value stands for", needed=True),
    "class": Field(IRI, "the class that a thing is of, or that a kind is below"),
    "scheme": Field(IRI, "the scheme that a concept is in"),
    "choices": Field(TEXTS, "the values to choose from"),
    "required": Field(FLAG, "whether the question makes no sense without it"),
    "default": Field(TEXT, "the value where none is given, as it would be typed"),
    "many": Field(FLAG, "whether it may be given several times"),
}
"""The fields of a parameter."""

OF_GRLC = ("defaults", "endpoint", "endpoint_in_url", "enumerate", "method", "mime", "pagination", "transform")
"""The fields of grlc that are passed over."""
