"""Variables that SHACL binds before a query runs: what a query may not do to them, and how they get into its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from compas_graph.errors import DataError, shorten

__all__ = ["FOCUS", "cannot_run", "fill", "joined", "mentions", "refuse", "role", "select_of"]

FOCUS = NamedNode("urn:compas-graph:focus")
TOKEN = re.compile(
    r"(?P<skip>#[^\n]*|'''(?:[^'\\]|\\.|'(?!''))*'''|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\""
    r"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|<[^<>\"{}|^`\\\s]*>)"
    r"|(?i:\bbound)\s*\(\s*[?$](?P<bound>\w+)\s*\)"
    r"|(?P<variable>[?$]\w+)|(?P<word>[:@]?[^\W\d][\w:.%\\-]*)|(?P<sign>[{}()*])",
    re.S,
)
FORBIDDEN = {"MINUS", "VALUES", "SERVICE", "FROM"}
ONE_BY_ONE = {"LIMIT", "OFFSET", "GROUP", "HAVING", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"} | {
    *("GRAPH", "BNODE", "RAND", "UUID", "STRUUID")
}
"""Words of a query whose rows for one focus node would be others if it were asked for many at once."""


class Token(NamedTuple):
    """A piece of a query that means something here: `word` in capitals, `variable` without its sign."""

    start: int
    end: int
    word: str
    variable: str
    bound: str
    sign: str
    listed: bool


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query; a variable is `listed` where it is shown, grouped or ordered by, or assigned.

    A variable that is listed is a name; everywhere else it stands for its value.
    """
    listing, depth, assigned = False, 0, False
    for match in TOKEN.finditer(text):
        if match["skip"]:
            continue
        word, sign = (match["word"] or "").upper(), match["sign"] or ""
        if word in ("SELECT", "GROUP", "ORDER"):
            listing, depth = True, 0
        elif sign in ("{", "}") or word in ("HAVING", "ASK", "WHERE", "LIMIT", "OFFSET"):
            listing = False
        elif sign in ("(", ")"):
            depth += 1 if sign == "(" else -1
        variable = (match["variable"] or " ")[1:]
        listed = bool(variable) and (assigned or (listing and depth == 0))
        yield Token(match.start(), match.end(), word, variable, match["bound"] or "", sign, listed)
        assigned = word == "AS"


def mentions(text: str, words: set[str]) -> bool:
    """Tell whether a query has one of some words, or a variable of that name after `$`."""
    return any(one.word in words or f"${one.variable}" in words for one in tokens(text))


def refuse(text: str, asks: bool, pre_bound: set[str], given: set[str]) -> None:
    """Raise DataError for what SHACL does not allow in a query with bound variables.

    `given` are the variables that each SELECT has to give on.
    """
    found = list(tokens(text))
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


def _shown(found: list[Token]) -> tuple[set[str], bool]:
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
    parts, last = [], 0
    for one in tokens(text):
        if one.bound in constants:
            term = "(true)"
        elif path is not None and text[one.start : one.end] == "$PATH":
            term = path
        elif one.variable in constants and not one.listed:
            term = constants[one.variable]
        else:
            continue
        parts += [text[last : one.start], term]
        last = one.end
    return "".join([*parts, text[last:]])


def select_of(ask: str) -> str:
    """Return the SELECT query that gives a row where an ASK query is true."""
    start, end = next((one.start, one.end) for one in tokens(ask) if one.word == "ASK")
    return f"{ask[:start]}SELECT $this $value {ask[end:]}\nLIMIT 1"


def joined(text: str, names: Sequence[str], several: bool) -> str | None:
    """Return a query with variables joined in from FOCUS, None where several nodes must be asked one by one.

    They are joined into the outermost group pattern and into each one inside that speaks of them; of several
    nodes, not into those of EXISTS, in which they are bound as they are outside.
    """
    found = list(tokens(text))
    parts, last, depth, exists = [], 0, 0, 0
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
                parts += [text[last : one.end], f" GRAPH {FOCUS} {{ {bound} }} "]
                last = one.end
        elif one.sign == "}":
            exists = 0 if exists == depth else exists
            depth -= 1
    return "".join([*parts, text[last:]])


def _speaks(found: list[Token], name: str) -> bool:
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
