"""What a query may not do here: write, or call another server; and where it stops making sense."""

from __future__ import annotations

import re
import sys

from compas_graph.errors import QueryError

__all__ = ["check_query", "query_fault"]

WRITES = {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"}
READS = {"ASK", "CONSTRUCT", "DESCRIBE", "SELECT"}
TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|' r"'''(?:[^'\\]|\\.|'(?!''))*'''|"
    r'"(?:[^"\\\n]|\\.)*"|' r"'(?:[^'\\\n]|\\.)*'|" r'<[^<>"{}|^`\\\x00-\x20]*>|#[^\n]*|'
    r"[?$@][\w-]+|(?:[^\W\d_][\w.-]*)?:(?:[\w:%.-]|\\.)*|(?P<word>[A-Za-z]+)",
    re.DOTALL,
)  # fmt: skip
"""Strings, IRIs, comments, variables, language tags, prefixed names; and what is none of these: a word."""
PLACE = re.compile(r"error at (\d+):(\d+)")
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def check_query(text: str, name: str = "query") -> None:
    """Raise QueryError if `text` would write or call another server."""
    words = _words(text)
    first = next((word for word in words if word in WRITES | READS), None)
    if first in WRITES:
        raise QueryError(f"{name}: this is an update ({first}); only queries that read are run here")
    if "SERVICE" in words or "SERVICE" in _words(ESCAPE.sub(_character, text)):
        raise QueryError(f"{name}: SERVICE calls another server, which is not done here; leave it out")


def _words(text: str) -> list[str]:
    """Return the bare words of a query in upper case."""
    return [found["word"].upper() for found in TOKEN.finditer(text) if found["word"]]


def _character(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    return chr(number) if number <= sys.maxunicode else ""


def query_fault(text: str, name: str, error: SyntaxError) -> QueryError:
    """Return the error that says in one line where a query stops making sense."""
    message = " ".join(str(error).split())
    place = PLACE.search(message)
    if place is None:
        return QueryError(f"{name}: not valid SPARQL: {message[:200]}")
    line, column = int(place[1]), int(place[2])
    lines = text.splitlines()
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    near = f"near '{rest[:30]}'" if rest else "at the end of the " + ("query" if line >= len(lines) else "line")
    missing = ""
    if "Prefix not found" in message:
        used = re.findall(r"([\w.-]*:)[\w.-]*\s*$", lines[line - 1][: column - 1])
        missing = f"; the prefix {used[0]} is not declared" if used else "; a prefix is not declared"
    return QueryError(f"{name}:{line}:{column}: not valid SPARQL {near}{missing}")
