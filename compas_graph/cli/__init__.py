"""The command line. Only this package knows click, exit codes and the terminal."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from compas_graph import __version__
from compas_graph.cli.border import bordered, show_tracebacks
from compas_graph.cli.output import close, take_over
from compas_graph.sealing import is_worker

__all__ = ["main"]

ASKING = {
    "ask": "asking",
    "catalogue": "asking",
    "describe": "things",
    "find": "things",
    "queries": "asking",
    "sources": "checking",
    "why": "things",
}
"""The commands that run in a worker where the data and queries are others', each with its module."""
COMMANDS = ASKING | {
    "check": "checking",
    "doctor": "remote",
    "export": "exporting",
    "infer": "remote",
    "load": "loading",
    "sparql": "asking",
    "unload": "loading",
}
"""All commands, each with its module; `check` and `sparql` start a worker of their own."""
LONGEST = 300.0
"""For how many seconds a command may run on data of others."""


def main() -> NoReturn:
    """Run the command line: exit code 0 is done, 1 is found wanting, 2 is could not run."""
    take_over()
    code = _run(sys.argv[1:])
    if code == 2:
        close()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    return bordered(partial(commands.main, arguments, "compas-graph", standalone_mode=False))


class Commands(click.Group):
    """The commands, of which only those that are named or listed are imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{COMMANDS[cmd_name]}"), cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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
    if data is not None and context.invoked_subcommand in ASKING:
        _in_worker(context)


def _in_worker(context: click.Context) -> None:
    """Run the command line in a worker and leave as it does, unless this is one."""
    from compas_graph.worker import Limits, half_of_memory, supervised

    if not is_worker():
        limits = Limits(LONGEST, half_of_memory(), network=True, chosen=False)
        context.exit(supervised(partial(_run, sys.argv[1:]), limits, "the command"))
