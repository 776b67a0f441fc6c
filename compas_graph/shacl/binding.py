"""Variables that SHACL binds before a query runs: what a query may not do to them, and how they get into its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from compas_graph.errors import DataError, QueryError, shorten
from compas_graph.guard import check_query, reads_dataset
from compas_graph.sparql_text import Token, tokens

__all__ = ["FOCUS", "cannot_run", "fill", "joined", "mentions", "refuse", "role", "select_of"]

FOCUS = NamedNode("urn:compas-graph:focus")
FORBIDDEN = {"MINUS", "VALUES", "SERVICE", "FROM"}
ONE_BY_ONE = {"LIMIT", "OFFSET", "GROUP", "HAVING", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"} | {
    *("GRAPH", "BNODE", "RAND", "UUID", "STRUUID")
}
"""Words of a query whose rows for one focus node would be others if it were asked for many at once."""


class Part(NamedTuple):
    """A part of a query that means something here: `word` in capitals, `variable` without its sign."""

    start: int
    end: int
    word: str
    variable: str
    bound: str
    sign: str
    listed: bool


def parts(text: str) -> Iterator[Part]:
    """Yield the parts of a query; a variable is `listed` where it is shown, grouped or ordered by, or assigned.

    A variable that is listed is a name; everywhere else it stands for its value. `BOUND(?x)` is one part.
    """
    listing, depth, assigned = False, 0, False
    found = list(tokens(text))
    place = 0
    while place < len(found):
        token = found[place]
        bound = _bound(found[place : place + 4])
        end = found[place + 3].end if bound else token.end
        place += 4 if bound else 1
        word = token.text.upper() if token.kind in ("word", "name") else ""
        sign = token.text if token.kind == "sign" and token.text in "{}()*" else ""
        if word in ("SELECT", "GROUP", "ORDER"):
            listing, depth = True, 0
        elif sign in ("{", "}") or word in ("HAVING", "ASK", "WHERE", "LIMIT", "OFFSET"):
            listing = False
        elif sign in ("(", ")"):
            depth += 1 if sign == "(" else -1
        variable = token.text[1:] if token.kind == "variable" else ""
        listed = bool(variable) and (assigned or (listing and depth == 0))
        yield Part(token.start, end, "" if bound else word, variable, bound, sign, listed)
        assigned = word == "AS"


def _bound(found: Sequence[Token]) -> str:
    """Return the variable of which some tokens ask whether it is bound, "" if they ask nothing like that."""
    if len(found) < 4 or found[0].word != "BOUND" or found[2].kind != "variable":
        return ""
    return found[2].text[1:] if (found[1].text, found[3].text) == ("(", ")") else ""


def mentions(text: str, words: set[str]) -> bool:
    """Tell whether a query has one of some words, or a variable of that name after `$`."""
    return any(one.word in words or f"${one.variable}" in words for one in parts(text))


def refuse(text: str, asks: bool, pre_bound: set[str], given: set[str]) -> None:
    """Raise DataError for what SHACL does not allow in a query with bound variables.

    `given` are the variables that each SELECT has to give on.
    """
    found = list(parts(text))
    form = next((one.word for one in found if one.word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), "")
    if form != ("ASK" if asks else "SELECT"):
        raise DataError(f"sh:{'ask' if asks else 'select'} needs {'an ASK' if asks else 'a SELECT'} query")
    assigned, outermost = False, not asks
    for place, one in enumerate(found):
        if one.word in FORBIDDEN:
            raise DataError(f"the query uses {one.word}, which SHACL does not allow")
        if one.word == "GRAPH" and found[place + 1].variable != "shapesGraph":
            raise DataError("the query uses GRAPH; the graphs of the data are checked as one, so leave it out")
        if assigned and one.variable in pre_bound:
            raise DataError(f"the query assigns ${one.variable}, which SHACL has bound already")
        assigned = one.word == "AS"
        if one.word == "SELECT":
            shown, rest = _shown(found[place + 1 :])
            missing = given - shown - (set() if asks else {"value"})
            if missing and not (outermost and rest):
                raise DataError(f"a SELECT of the query does not give ${min(missing)}, which SHACL demands")
            outermost = False
    try:
        check_query(text, "the query")
        reads_dataset(text, "the query")
    except QueryError as error:
        raise DataError(str(error)) from error


def _shown(found: list[Part]) -> tuple[set[str], bool]:
    """Return the variables that a SELECT shows, and whether it shows all."""
    shown: set[str] = set()
    for one in found:
        if one.sign == "{" or one.word == "WHERE":
            break
        if one.sign == "*" and not shown:
            return shown, True
        if one.listed:
            shown.add(one.variable)
    return shown, False


def fill(text: str, constants: Mapping[str, str], path: str | None = None) -> str:
    """Return a query with variables replaced by terms, written as in SPARQL, and $PATH by a path.

    >>> fill("SELECT $this ($this AS ?value) { $this $PATH '$this' FILTER(bound($this)) }", {"this": "<x>"}, "^<y>")
    "SELECT $this (<x> AS ?value) { <x> ^<y> '$this' FILTER((true)) }"
    """
    pieces, last = [], 0
    for one in parts(text):
        if one.bound in constants:
            term = "(true)"
        elif path is not None and text[one.start : one.end] == "$PATH":
            term = path
        elif one.variable in constants and not one.listed:
            term = constants[one.variable]
        else:
            continue
        pieces += [text[last : one.start], term]
        last = one.end
    return "".join([*pieces, text[last:]])


def select_of(ask: str) -> str:
    """Return the SELECT query that gives a row where an ASK query is true."""
    start, end = next((one.start, one.end) for one in parts(ask) if one.word == "ASK")
    return f"{ask[:start]}SELECT $this $value {ask[end:]}\nLIMIT 1"


def joined(text: str, names: Sequence[str], several: bool) -> str | None:
    """Return a query with variables joined in from FOCUS, None where several nodes must be asked one by one.

    They are joined into the outermost group pattern and into each one inside that speaks of them; of several
    nodes, not into those of EXISTS, in which they are bound as they are outside.
    """
    found = list(parts(text))
    pieces, last, depth, exists = [], 0, 0, 0
    for place, one in enumerate(found):
        if several and (one.word in ONE_BY_ONE or (one.word == "SELECT" and depth)):
            return None
        if one.sign == "{":
            depth += 1
            if not exists and found[place - 1].word == "EXISTS":
                exists = depth
            spoken = names if depth == 1 else [name for name in names if _speaks(found[place + 1 :], name)]
            if spoken and not (several and exists) and found[place + 1].word != "SELECT":
                bound = " . ".join(f"{FOCUS} {role(name)} ${name}" for name in spoken)
                pieces += [text[last : one.end], f" GRAPH {FOCUS} {{ {bound} }} "]
                last = one.end
        elif one.sign == "}":
            exists = 0 if exists == depth else exists
            depth -= 1
    return "".join([*pieces, text[last:]])


def _speaks(found: list[Part], name: str) -> bool:
    """Tell whether the group that has just been opened mentions a variable."""
    depth = 1
    for one in found:
        depth += (one.sign == "{") - (one.sign == "}")
        if not depth:
            return False
        if name in (one.variable, one.bound):
            return True
    return False


def role(name: str) -> NamedNode:
    """Return the predicate by which the nodes that a variable is bound to stand in FOCUS."""
    return NamedNode(f"{FOCUS.value}-{name}")


def cannot_run(error: Exception) -> str:
    """Return what Oxigraph says against a query, on one line."""
    said = re.sub(r"^.*?error at |(?s:expected one of .*)", "", str(error)).strip(": ")
    return f"the query cannot be run by Oxigraph: {shorten(said, 120)}"
