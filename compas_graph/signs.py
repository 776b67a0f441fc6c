r"""Signs that do not show as what they are, and texts in which they are spelt out.

A control sign moves the cursor or changes the terminal, a bidirectional one turns the line around, an invisible one
hides in a word. None of them, no lone surrogate and no blank but the ordinary one is left in a printable text. What
writing needs stays: a joiner between letters of the scripts that join by it (Persian, the Indic ones) or between
emoji, and the sign that chooses the picture of an emoji or the form of an ideograph. Elsewhere these say nothing.

>>> print(printable("a\x1b[31mb"))
a\x1b[31mb
>>> printable("می\u200cخواهم") == "می\u200cخواهم", printable("pay\u200cpal")
(True, 'pay\\u200cpal')
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["code", "in_one_line", "printable"]

_JOIN = "[\u0590-\u10ff\u1780-\u18af\ufb1d-\ufdff\ufe70-\ufefc\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_EMOJI = "[#*0-9©®\u2000-\u200a\u203c-\u3299\U0001f000-\U0001faff]"
_IDEOGRAPH = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_KEPT = (
    f"(?<={_JOIN})[\u200c\u200d](?={_JOIN})"
    f"|(?<={_EMOJI})[\ufe0e\ufe0f]"
    f"|(?<={_IDEOGRAPH})[\ufe00-\ufe02\U000e0100-\U000e01ef]"
)
_UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
"""What is printable by Unicode and yet shows nothing."""
_SIGNS = f"{_KEPT}|([^\x20-\x7e])"
_UNPRINTABLE = f"[{_UNSEEN}]"
_BYTES = range(0xDC80, 0xDD00)
"""The lone surrogates that stand for bytes which are no UTF-8, as in the names of files."""


def code(sign: str) -> str:
    r"""Return how a sign is spelt out: `\x1b` below U+0080, else `\u` and four digits or `\U` and eight.

    `\x80` to `\xff` are bytes that are no UTF-8.
    """
    number = ord(sign)
    if number < 0x80 or number in _BYTES:
        return f"\\x{number & 0xFF:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def printable(text: str, spelt: Callable[[str], str] = code, keep: str = "") -> str:
    """Return a text with every sign spelt out that does not show as what it is, but those to `keep`."""
    if text.isascii() and text.isprintable():
        return text

    def each(found: re.Match[str]) -> str:
        sign = found[1]
        if sign is None or sign in keep or (sign.isprintable() and not re.match(_UNPRINTABLE, sign)):
            return found[0]
        return spelt(sign)

    return re.sub(_SIGNS, each, text)


def in_one_line(text: str, most: int = 500) -> str:
    r"""Return a text as one printable line of at most `most` signs; of a longer one the middle is left out.

    >>> in_one_line("one\ntwo")
    'one\\x0atwo'
    """
    head = most * 2 // 3
    tail = most - head - 3
    if len(text) > 2 * most:
        text = text[:most] + text[-most:]
    line = printable(text)
    return line if len(line) <= most else f"{line[:head]} … {line[-tail:]}"
