r"""Texts as sources and passages mean them: their paragraphs, places in them, and digests.

A text is its file's bytes decoded as UTF-8 and nothing else: line ends are not translated, and a byte order mark
counts as a code point, so that offsets mean the same for everyone who holds the same bytes. A paragraph is a line
(lines end with LF only) that holds more than white space; a CR before the LF belongs to no paragraph.

>>> for place in paragraphs("One.\n\nTwo.\r\n"):
...     print(place)
paragraph 1, offsets 0 to 4
paragraph 2, offsets 6 to 10
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Place", "digest", "enclosing", "paragraphs"]


class Place(NamedTuple):
    """A span of a text: its paragraph, counted from 1, and its offsets in code points, the end exclusive."""

    paragraph: int
    start: int
    end: int

    def __str__(self) -> str:
        """Return the place in words."""
        return f"paragraph {self.paragraph}, offsets {self.start} to {self.end}"


def paragraphs(text: str) -> list[Place]:
    """Return the paragraphs of a text: its lines that hold more than white space."""
    found: list[Place] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Place(len(found) + 1, start, start + len(line.removesuffix("\r"))))
        start += len(line) + 1
    return found


def enclosing(lines: Iterable[Place], start: int, end: int) -> Place | None:
    """Return the span with the number of the paragraph that holds it, or None if none does."""
    inside = (line for line in lines if line.start <= start < end <= line.end)
    return next((Place(line.paragraph, start, end) for line in inside), None)


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
