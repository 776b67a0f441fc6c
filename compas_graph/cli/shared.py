"""What the commands share: the data they work on, options and printing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from compas_graph.bundle import Bundle

if TYPE_CHECKING:
    from pyoxigraph import Store

    from compas_graph.results import Grid

__all__ = ["FORMATS", "bundle_of", "format_option", "open_store", "people_option", "show", "width"]

FORMATS = ("table", "markdown", "csv", "tsv", "json")
format_option = click.option("--format", "form", type=click.Choice(FORMATS), default="table", help="How to print.")
people_option = click.option("--format", "form", type=click.Choice(FORMATS[:2]), default="table", help="How to print.")


def bundle_of(context: click.Context) -> Bundle:
    """Return the data that the command works on: that of --data, or that of the package."""
    return Bundle.at(context.find_root().obj)


def open_store(context: click.Context) -> Store:
    """Return the whole graph of the data that the command works on."""
    from compas_graph.graph import open_graph

    return open_graph(bundle_of(context))


def width() -> int | None:
    """Return the width to wrap tables to: that of the terminal, none where output goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def show(answer: Grid, form: str) -> None:
    """Print a grid in a format for people."""
    from compas_graph.results import FORMATS

    write = FORMATS[form].people
    assert write is not None
    click.echo(write(answer, width()), nl=False)
