r"""The text of SPARQL, cut into the terminals of its grammar: one lexer for whatever has to look at a query.

>>> [token.text for token in tokens("SELECT ?s { ?s a e:x.y . # SERVICE\r }")]
['SELECT', '?s', '{', '?s', 'a', 'e:x.y', '.', '}']

No part of a text is looked at more than a few times, whatever it holds. What no terminal begins with is a token by
itself, and what is not closed goes to the end of its line: a text that is no SPARQL has tokens, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise
from typing import NamedTuple

__all__ = ["Token", "declared", "depth", "keywords", "lines", "says", "tokens"]

_FIRST = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_REST = _FIRST + "_0-9\u00b7\u0300-\u036f\u203f\u2040"
_LOCAL = rf"(?:[{_REST}:-]|%[0-9A-Fa-f]{{2}}|\\[_~.!$&'()*+,;=/?\#@%-])"
_RUN = rf"[{_FIRST}](?:\.*+[{_REST}-])*+"

TERMINALS = re.compile(
    rf"""
      (?P<skip>     [ \t\r\n]++ | \#[^\r\n]*+ )
    | (?P<iri>      <[^<>"{{}}|^`\\\x00-\x20]*+> )
    | (?P<string>   \"\"\"(?:[^"\\]++|\\.|"(?!""))*+(?:\"\"\")?+ | '''(?:[^'\\]++|\\.|'(?!''))*+(?:''')?+
                  | "(?:[^"\\\r\n]++|\\.)*+"?+ | '(?:[^'\\\r\n]++|\\.)*+'?+ )
    | (?P<variable> [?$][{_FIRST}_0-9][{_REST}]*+ )
    | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+ )
    | (?P<blank>    _:[{_FIRST}_0-9](?:\.*+[{_REST}-])*+ )
    | (?P<name>     (?:{_RUN})?+:(?:{_LOCAL}(?:\.*+{_LOCAL})*+)?+ )
    | (?P<run>      {_RUN} )
    | (?P<number>   [0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+ | \.[0-9]++(?:[eE][+-]?[0-9]++)?+ )
    | (?P<sign>     . )
    """,
    re.VERBOSE | re.DOTALL,
)
"""The terminals of SPARQL 1.1 in the order in which they are tried: the longest goes first, as the standard says."""

_PARTS = re.compile(r"(?P<word>[A-Za-z_][A-Za-z_0-9]*+)|(?P<sign>.)", re.DOTALL)
"""What a run of letters, dots and hyphens is made of that no colon makes a prefix."""

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class Token(NamedTuple):
    """A terminal of a query: its kind, its text as it stands there, and where that begins and ends.

    The kinds are iri, string, variable, language, blank, name (with its prefix), word, number and sign.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """Return the keyword that it may be, in capitals, else nothing."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query, without white space and comments."""
    for found in TERMINALS.finditer(text):
        kind = str(found.lastgroup)
        if kind == "run":
            for part in _PARTS.finditer(text, found.start(), found.end()):
                yield Token(str(part.lastgroup), part[0], part.start(), part.end())
        elif kind != "skip":
            yield Token(kind, found[0], found.start(), found.end())


def lines(text: str) -> list[str]:
    r"""Return the lines of a query; only CR and LF end one, and with it a comment.

    >>> lines("a\u2028b\r\nc\rd\n")
    ['a\u2028b', 'c', 'd', '']
    """
    return re.split(r"\r\n|[\r\n]", text)


def keywords(text: str) -> set[str]:
    """Return the bare words of a query in capitals: its keywords, and the names of functions.

    >>> sorted(keywords("ASK { GRAPH ?from { ?s e:p 'SERVICE' } }"))
    ['ASK', 'GRAPH']
    """
    return {token.word for token in tokens(text) if token.word}


def declared(text: str, prefixes: Mapping[str, str]) -> str:
    """Return a query with those prefixes declared that it uses and does not declare.

    >>> declared("SELECT ?s { ?s a cg:Model }", {"cg": "http://x/", "id": "http://y/"})
    'PREFIX cg: <http://x/> SELECT ?s { ?s a cg:Model }'
    """
    found = list(tokens(text))
    own = {name.text for word, name in pairwise(found) if word.word == "PREFIX" and name.kind == "name"}
    used = {token.text.partition(":")[0] + ":" for token in found if token.kind == "name"} - own
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in prefixes.items() if f"{name}:" in used) + text


def says(text: str, word: str, before: str = "") -> bool:
    r"""Tell whether a query may be read to have a keyword, as it stands or with its escapes of characters read.

    An engine need not cut a text as the standard does: some take `SERVICE:x` for a keyword with a name behind it.
    Such a name counts only before the sign `before`, where that is given.

    >>> says("{ ?s ?p true.SERVICE:x {} }", "SERVICE"), says("{ \\u0053ERVICE <x:y> {} }", "SERVICE")
    (True, True)
    >>> says("{ ?service e:service 'SERVICE' } # SERVICE", "SERVICE")
    False
    """
    return any(_says(list(tokens(reading)), word, before) for reading in {text, _ESCAPE.sub(_character, text)})


def _says(found: list[Token], word: str, before: str) -> bool:
    for place, token in enumerate(found):
        if word in token.word:
            return True
        if token.kind == "name" and word in token.text.partition(":")[0].upper():
            after = found[place + 1].text if place + 1 < len(found) else ""
            if not before or (after == before and (not place or found[place - 1].word != "GRAPH")):
                return True
    return False


def _character(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    return chr(number) if number <= 0x10FFFF else ""


def depth(text: str) -> int:
    """Return how deep braces, brackets and parentheses nest in a query, and signs stand in a row.

    >>> depth("{ { ( ) } }"), depth("!!!?x")
    (3, 3)
    """
    nesting, row, longest = [], 0, 0
    for token in tokens(text):
        nesting.append((token.text in ("{", "(", "[")) - (token.text in ("}", ")", "]")))
        row = row + 1 if token.kind == "sign" and token.text in "!^-+<~" else 0
        longest = max(longest, row)
    return max(longest, max(accumulate(nesting), default=0))
