"""The command line. Only this package knows click, exit codes and the terminal."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from compas_graph import __version__
from compas_graph.cli.asking import ask, catalogue, queries, sparql
from compas_graph.cli.checking import check, sources
from compas_graph.cli.exporting import export
from compas_graph.cli.loading import load, unload
from compas_graph.cli.remote import doctor, infer
from compas_graph.cli.things import describe, find, why
from compas_graph.errors import CompasGraphError

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command line: exit code 0 is done, 1 is found wanting, 2 is could not run."""
    try:
        code = commands.main(prog_name="compas-graph", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        _leave(_usage(error))
    except CompasGraphError as error:
        _leave(*error.lines)
    except UnicodeEncodeError:
        _leave("an argument is not valid text in the encoding of this system")
    except OSError as error:
        _leave(f"the output cannot be written ({error.strerror or error})")


def _leave(*messages: str) -> NoReturn:
    """Print messages on standard error, each in one line, and leave as what could not run."""
    for message in messages:
        line = f"compas-graph: {' '.join(message.split())}"
        print(line.encode("utf-8", "replace").decode(), file=sys.stderr)
    with suppress(AttributeError, OSError):  # an output that cannot be written shall not complain again at the end
        sys.stdout.close()
    sys.exit(2)


def _usage(error: click.ClickException) -> str:
    """Return what click found wrong, with the command whose --help tells more."""
    context = getattr(error, "ctx", None)
    where = f" (see '{context.command_path} --help')" if context else ""
    return error.format_message().rstrip(".") + where


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="compas-graph")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Use the ontology/, graph/ and queries/ in DIR instead of those that come with the program.",
)
@click.pass_context
def commands(context: click.Context, data: Path | None) -> None:
    """Ask who builds what, where, on whose platform - and who says so."""
    context.obj = data


for command in (
    *(ask, queries, sparql, find, describe, why, check, sources, catalogue),
    *(export, load, unload, doctor, infer),
):
    commands.add_command(command)
