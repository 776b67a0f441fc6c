"""The outermost border of the command line: every error becomes one line and an exit code."""

from __future__ import annotations

from collections.abc import Callable

import click

from compas_graph.cli.output import complain, finish
from compas_graph.errors import InternalError, shown, translated

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
        finish()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        complain("name a command", before=error.format_message())
    except Exception as error:
        complain(*_messages(error), before=_traceback(error) if _tracebacks else "")
    return 2


def _traceback(error: Exception) -> str:
    """Return the traceback of an error, after that of the process in which it arose if it was another."""
    from traceback import format_exception

    inner = error.traceback if isinstance(error, InternalError) else ""
    return (inner + "".join(format_exception(error))).rstrip()


def _messages(error: Exception) -> tuple[str, ...]:
    """Return what a user is told of an error."""
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        where = f" (see '{context.command_path} --help')" if context else ""
        return (error.format_message().rstrip(".") + where,)
    if isinstance(error, UnicodeEncodeError):
        return ("an argument is not valid text in the encoding of this system",)
    if isinstance(error, OSError):
        return (_refusal(error),)
    return translated(error, "the command").lines


def _refusal(error: OSError) -> str:
    """Return what the system refused, of which file if it says."""
    why = error.strerror or str(error)
    if error.filename is not None:
        return f"{shown(error.filename)}: the system refuses it ({why})"
    return f"the system refuses what is needed ({why}); --debug tells where"
