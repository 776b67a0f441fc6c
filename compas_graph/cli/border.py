"""The outermost border of the command line: every error becomes one line and an exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress

import click

from compas_graph.errors import InternalError, translated

__all__ = ["bordered", "show_tracebacks"]

_tracebacks = False


def show_tracebacks() -> None:
    """Show the traceback above the line of each error from now on."""
    global _tracebacks
    _tracebacks = True


def bordered(work: Callable[[], object]) -> int:
    """Return the exit code of a command: what `work` returns or leaves with, 0 for done, 2 for what could not be done.

    What goes wrong is told in one line on standard error, or in one for each fault of a header.
    """
    try:
        code = work()
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
    except Exception as error:
        _tell(error)
    return 2


def _tell(error: Exception) -> None:
    """Say what went wrong, each message in one line."""
    with suppress(AttributeError, OSError):
        if _tracebacks:
            inner = error.traceback if isinstance(error, InternalError) else ""
            print(inner + "".join(traceback.format_exception(error)), file=sys.stderr, end="")
        for message in _messages(error):
            line = f"compas-graph: {' '.join(message.split())}"
            print(line.encode("utf-8", "replace").decode(), file=sys.stderr)


def _messages(error: Exception) -> tuple[str, ...]:
    """Return what a user is told of an error."""
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        where = f" (see '{context.command_path} --help')" if context else ""
        return (error.format_message().rstrip(".") + where,)
    if isinstance(error, UnicodeEncodeError):
        return ("an argument is not valid text in the encoding of this system",)
    if isinstance(error, OSError):
        return (f"the output cannot be written ({error.strerror or error})",)
    return translated(error, "the command").lines
