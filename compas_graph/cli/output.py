"""How the command line prints: every command writes to standard output and standard error by these functions alone.

Text is for people: what could harm a terminal or give a command to a build server is spelt out, and what its encoding
cannot hold is replaced. Bytes are data, RDF, JSON or CSV: they are written as they are, in UTF-8 whatever the terminal.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
import warnings
from contextlib import suppress
from typing import Any

from compas_graph.errors import OutputError
from compas_graph.signs import code, in_one_line, printable

__all__ = ["close", "complain", "finish", "harmless", "note", "say", "take_over", "width", "write"]

REPLACED = "compas_graph.replaced"
"""What codecs call the replacing of signs that an encoding lacks."""
COMMANDS = re.compile(r"^(\s*):(?=:)|##(?=\[)", re.MULTILINE)
"""What a build server of GitHub takes for a command in the output of any program."""
USER = re.compile(r"(?<=://)[^/\s]+@")
"""A user, perhaps with a password, in an address."""
BLANKS = "\u00a0\u2007\u2009\u202f\u3000"
"""Blanks that people's texts have and that show as what they are."""

_replaced = False
"""Whether a sign was replaced that the encoding lacks."""


def say(line: str) -> None:
    """Print a line for people."""
    write(f"{printable(line, keep=BLANKS)}\n")


def write(content: str | bytes) -> None:
    """Print text for people, or bytes as they are, or raise OutputError."""
    if isinstance(content, str):
        sys.stdout.write(harmless(content))
    else:
        sys.stdout.buffer.write(content)
    sys.stdout.flush()


def note(line: str) -> None:
    """Print a line on standard error beside an answer."""
    _aside(in_one_line(line))


def complain(*messages: str, before: str = "") -> None:
    """Print on standard error what went wrong, each message in one line, after some text of several lines."""
    lines = [f"compas-graph: {in_one_line(message)}" for message in messages]
    _aside("\n".join([*([harmless(before)] if before else []), *lines]))


def _aside(text: str) -> None:
    text = _without_commands(USER.sub("…@", text))
    with suppress(AttributeError, OSError):  # nobody can be told
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def width() -> int | None:
    """Return the width to wrap tables to: that of the terminal, none where output goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def harmless(text: str) -> str:
    """Return lines of text that neither a terminal nor a build server takes for commands."""
    text = printable(text.replace("\r\n", "\n"), keep=f"\n\t{BLANKS}")
    return _without_commands(text)


def _without_commands(text: str) -> str:
    return COMMANDS.sub(lambda found: f"{found[1]}\\x3a" if found[1] is not None else "#\\x23", text)


# --- Standard output ---


class _Output(io.RawIOBase):
    """A file by its number, None if it is closed, that says of itself that it cannot be written."""

    def __init__(self, number: int | None) -> None:
        self.number = number

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        if self.number is None:
            raise io.UnsupportedOperation("standard output is closed")
        return self.number

    def isatty(self) -> bool:
        return self.number is not None and os.isatty(self.number)

    def write(self, data: Any, /) -> int:
        if self.number is None:
            raise OutputError("the output cannot be written: standard output is closed")
        try:
            return os.write(self.number, data)
        except OSError as error:
            raise OutputError(f"the output cannot be written ({error.strerror or error})") from error


def take_over() -> None:
    """Let standard output raise OutputError where it cannot be written, and replace what its encoding lacks.

    What libraries warn of is not shown, unless Python is told to: it is neither for users nor harmless.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    _occupy()
    there = sys.stdout
    if there is not None and sys.platform == "win32" and there.isatty():  # a console takes text, not bytes
        there.reconfigure(errors=REPLACED)  # type: ignore[union-attr]
        return
    raw = _Output(None if there is None else there.fileno())
    buffer = io.BufferedWriter(raw, io.DEFAULT_BUFFER_SIZE)
    encoding = "utf-8" if there is None else there.encoding
    sys.stdout = io.TextIOWrapper(buffer, encoding, REPLACED, line_buffering=raw.isatty())


def _occupy() -> None:
    """Give the numbers of standard streams that are closed to nothing, so that no file or pipe is taken for one."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free


def finish() -> None:
    """Write what waits to be written, or raise OutputError, and say if signs were replaced."""
    global _replaced
    sys.stdout.flush()
    if _replaced:
        lacking = sys.stdout.encoding
        note(f"note: signs that {lacking} lacks are printed as ?; with PYTHONIOENCODING=utf-8 all are printed")
        _replaced = False


def close() -> None:
    """Give up what could not be written, or it would be tried again at the end."""
    with suppress(OutputError, OSError):
        sys.stdout.close()


def _replace(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for signs that an encoding lacks; half a character is spelt out."""
    global _replaced
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    whole = [not "\ud800" <= sign <= "\udfff" for sign in signs]
    _replaced = _replaced or any(whole)
    return "".join("?" if known else code(sign) for sign, known in zip(signs, whole, strict=True)), error.end


codecs.register_error(REPLACED, _replace)
