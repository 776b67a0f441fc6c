"""How to cite a text: the block of Turtle of the passage that certain words of it are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from compas_graph.errors import DataError, shorten
from compas_graph.files import read_text
from compas_graph.namespaces import PREFIXES, expand
from compas_graph.store import iri
from compas_graph.texts import Place, digest, enclosing, paragraphs
from compas_graph.turtle import Terms, blocks, headed

__all__ = ["cite"]

# Signs that an editor's keyboard or clipboard takes for one another.
_SIGNS = ("'‘’‚‛′`´", '"“”„‟″«»', "-‐‑‒–—―−")
_ALIKE = {sign: f"[{re.escape(signs)}]" for signs in _SIGNS for sign in signs}


def cite(path: Path, words: str, occurrence: int | None = None, source_id: str | None = None) -> str:
    """Return the Turtle of the passage that certain words of a text are, complete with its prefixes.

    White space around `words` does not count. If the words do not stand in the text exactly, runs of white space,
    kinds of quotation marks and kinds of dashes count as alike; the passage is the text's own span in any case.
    `occurrence` (from 1) chooses among several.

    The passage is called SOURCE-PARAGRAPH-START-END: unique for each span, and never one of the committed names,
    which end in the number of a sentence (SOURCE-PARAGRAPH-SENTENCE). SOURCE is `source_id`, as `s5` or `source:s5`;
    else the name of the file without its ending, other signs than letters, digits, - _ . replaced.

    Raises DataError if the text cannot be read, or the words name no or several spans, or none in one paragraph.
    """
    source = _source_name(path, source_id)
    text = read_text(path)
    place = _find(path, text, words.strip(), occurrence)
    passage = NamedNode(f"{PREFIXES['passage']}{source}-{place.paragraph}-{place.start}-{place.end}")
    said: dict[str, NamedNode | Literal] = {
        "rdf:type": iri("cg:Passage"),
        "cg:inSource": iri(f"source:{source}"),
        "cg:paragraph": Literal(place.paragraph),
        "oa:start": Literal(place.start),
        "oa:end": Literal(place.end),
        "cg:sha256": Literal(digest(text[place.start : place.end].encode())),
    }
    terms = Terms()
    block = blocks((Triple(passage, iri(name), value) for name, value in said.items()), terms)
    return headed(terms, [f"# Paragraph {place.paragraph}\n", *block])


def _source_name(path: Path, source_id: str | None) -> str:
    if source_id is None:
        return re.sub(r"[^A-Za-z0-9_.-]+", "-", path.stem).strip("-.") or "text"
    name = source_id.removeprefix("source:")
    if expand(f"source:{name}") is None:
        raise DataError(f"'{shorten(source_id)}' cannot name a source; use letters, digits, - and _, as in s5")
    return name


def _find(path: Path, text: str, words: str, occurrence: int | None) -> Place:
    """Return the place of the words, or of one occurrence of them."""
    if not words:
        raise DataError("no words are given; give some that stand in the text")
    lines = paragraphs(text)
    exact, alike = _spans(re.escape(words), text), _spans(_alike(words.split()), text)
    places = _within(lines, exact) or _within(lines, alike)
    quoted = f"{path}: the words '{shorten(words)}'"
    if not places and alike:
        raise DataError(f"{quoted} run over the end of a paragraph; cite the part in each paragraph by itself")
    if not places:
        raise DataError(f"{quoted} do not stand there; {_closest(text, lines, words.split())}")
    if occurrence is None and len(places) > 1:
        numbers = shorten(", ".join(str(place.paragraph) for place in places))
        where = f"{len(places)} times, in paragraphs {numbers}"
        raise DataError(f"{quoted} stand there {where}; give more words, or an occurrence from 1 to {len(places)}")
    if occurrence is not None and not 1 <= occurrence <= len(places):
        raise DataError(f"{quoted} have no occurrence {occurrence}; give one from 1 to {len(places)}")
    return places[(occurrence or 1) - 1]


def _spans(pattern: str, text: str) -> list[tuple[int, int]]:
    """Return where a pattern matches, overlaps included."""
    return [match.span(1) for match in re.finditer(f"(?=({pattern}))", text)]


def _within(lines: Sequence[Place], spans: Iterable[tuple[int, int]]) -> list[Place]:
    """Return the spans that lie within a paragraph."""
    return [place for start, end in spans if (place := enclosing(lines, start, end))]


def _alike(words: Iterable[str]) -> str:
    """Return the pattern of words with any white space between them and signs that look alike."""
    return r"\s+".join("".join(_ALIKE.get(sign) or re.escape(sign) for sign in word) for word in words)


def _closest(text: str, lines: Iterable[Place], words: Sequence[str]) -> str:
    """Return what would be right: where the longest beginning of the words stands, whatever its case."""
    for length in range(len(words), 0, -1):
        match = re.search(_alike(words[:length]), text, re.IGNORECASE)
        if match is None:
            continue
        line = next(line for line in lines if line.start <= match.start() < line.end)
        rest = text[match.start() : max(line.end, match.end())]
        return f"the closest is in paragraph {line.paragraph}: '{shorten(rest, len(match[0]) + 40)}'"
    return "copy them from the text"
