"""What a query may not do here: write, or call another server; and where it stops making sense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from compas_graph.errors import QueryError, shorten
from compas_graph.files import QUERY_MOST
from compas_graph.sealing import sealed
from compas_graph.sparql_text import depth, lines, says, tokens

__all__ = ["CALLS", "check_query", "engine", "reads_dataset"]

WRITES = {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"}
READS = {"ASK", "CONSTRUCT", "DESCRIBE", "SELECT"}
DEEPEST = 200
"""How deep a query may nest: the engine overflows its stack at some thousand levels, other engines sooner."""
CALLS = "would call another server, which is not done here"
PLACE = re.compile(r"error at (\d+):(\d+)")


def check_query(text: str, name: str = "query") -> None:
    """Raise QueryError if `text` would write or call another server, or is too long or too deep to be read."""
    if len(text) > QUERY_MOST:
        raise QueryError(f"{name}: has {len(text):,} characters; at most {QUERY_MOST:,} are read")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise QueryError(f"{name}: sign {error.start + 1} is half a character, which no text can hold") from error
    first = next((token.word for token in tokens(text) if token.word in WRITES | READS), None)
    if first in WRITES:
        raise QueryError(f"{name}: this is an update ({first}); only queries that read are run here")
    if says(text, "SERVICE", before="{"):
        raise QueryError(f"{name}: SERVICE calls another server, which is not done here; leave it out")
    if (levels := depth(text)) > DEEPEST:
        raise QueryError(f"{name}: nests {levels:,} levels deep; at most {DEEPEST} are read")


def reads_dataset(text: str, name: str = "query") -> bool:
    """Tell whether a query says by FROM which graphs it asks, or raise QueryError where that is not clear."""
    if any(token.word == "FROM" for token in tokens(text)):
        return True
    if says(text, "FROM"):
        raise QueryError(f"{name}: FROM stands together with what follows it; put a space between them")
    return False


def _fault(text: str, name: str, error: SyntaxError) -> QueryError:
    """Return the error that says in one line where a query stops making sense."""
    message = " ".join(str(error).split())
    place = PLACE.search(message)
    if place is None:
        return QueryError(f"{name}: not valid SPARQL: {message[:200]}")
    line, column = int(place[1]), int(place[2])
    rows = lines(text)
    rest = rows[line - 1][column - 1 :].strip() if line <= len(rows) else ""
    near = f"near '{rest[:30]}'" if rest else "at the end of the " + ("query" if line >= len(rows) else "line")
    missing = ""
    if "Prefix not found" in message:
        used = re.findall(r"([\w.-]*:)[\w.-]*\s*$", rows[line - 1][: column - 1])
        missing = f"; the prefix {used[0]} is not declared" if used else "; a prefix is not declared"
    return QueryError(f"{name}:{line}:{column}: not valid SPARQL {near}{missing}")


@contextmanager
def engine(text: str, name: str) -> Iterator[None]:
    """Give the engine that runs a query no way out if this is a worker, and say in QueryError what it cannot do."""
    try:
        with sealed():
            yield
    except SyntaxError as error:
        raise _fault(text, name, error) from error
    except (RuntimeError, ValueError) as error:  # what the engine cannot do, and says so
        raise QueryError(f"{name}: cannot be answered: {shorten(str(error), 200)}") from error
    except OSError as error:  # of all that a query can do, only calling out needs the system
        raise QueryError(f"{name}: {CALLS} ({error})") from error
