"""The command line. Only this package knows click, exit codes and the terminal."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

import click

from compas_graph import __version__
from compas_graph.cli.asking import ask, catalogue, queries, sparql
from compas_graph.cli.border import bordered, show_tracebacks
from compas_graph.cli.checking import check, sources
from compas_graph.cli.exporting import export
from compas_graph.cli.loading import load, unload
from compas_graph.cli.remote import doctor, infer
from compas_graph.cli.things import describe, find, why
from compas_graph.worker import Limits, half_of_memory, is_worker, supervised

__all__ = ["main"]


LONGEST = 300.0
"""For how many seconds a command may run on data of others."""


def main() -> NoReturn:
    """Run the command line: exit code 0 is done, 1 is found wanting, 2 is could not run."""
    code = _run(sys.argv[1:])
    if code == 2:
        with suppress(AttributeError, OSError):  # an output that cannot be written shall not complain again at the end
            sys.stdout.close()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    return bordered(partial(commands.main, arguments, "compas-graph", standalone_mode=False))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="compas-graph")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Use the ontology/, graph/ and queries/ in DIR instead of those that come with the program.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of what goes wrong.")
@click.pass_context
def commands(context: click.Context, data: Path | None, debug: bool) -> None:
    """Ask who builds what, where, on whose platform - and who says so."""
    context.obj = data
    if debug:
        show_tracebacks()
    if data is not None and context.invoked_subcommand in ASKING and not is_worker():
        limits = Limits(LONGEST, half_of_memory(), network=True, chosen=False)
        context.exit(supervised(partial(_run, sys.argv[1:]), limits, "the command"))


ASKING = {str(command.name): command for command in (ask, queries, find, describe, why, sources, catalogue)}
"""What runs in a worker where the data and queries are others'; `sparql` and `check` start one of their own."""

for command in (*ASKING.values(), sparql, check, export, load, unload, doctor, infer):
    commands.add_command(command)
