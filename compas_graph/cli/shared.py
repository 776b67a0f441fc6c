"""What the commands share: the data they work on, options and printing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from compas_graph.bundle import Bundle
from compas_graph.errors import AmbiguousNameError, UnknownNameError, shorten
from compas_graph.results import FORMATS

if TYPE_CHECKING:
    from pyoxigraph import Store

    from compas_graph.results import Grid
    from compas_graph.views import View

Decorated = TypeVar("Decorated", bound=Callable[..., Any] | click.Command)

__all__ = [
    "bundle_of",
    "format_option",
    "only_there",
    "open_store",
    "say_left_out",
    "show",
    "view_of",
    "view_options",
    "viewing",
    "width",
]


def format_option(names: Iterable[str]) -> Callable[[Decorated], Decorated]:
    """Return the option --format with some of the formats."""
    return click.option("--format", "form", type=click.Choice(tuple(names)), default="table", help="How to print.")


def bundle_of(context: click.Context) -> Bundle:
    """Return the data that the command works on: that of --data, or that of the package."""
    root = context.find_root()
    return Bundle.at(root.obj or root.params.get("data"))  # only the latter is set while the shell completes


def view_options() -> list[click.Parameter]:
    """Return the options that leave sources out."""
    return [
        click.Option(
            ["--as-of"],
            metavar="DATE",
            expose_value=False,
            callback=_keep,
            help="Use only sources published for certain by the end of DATE (YYYY, YYYY-MM or YYYY-MM-DD).",
        ),
        click.Option(
            ["--without"],
            metavar="SOURCE",
            multiple=True,
            expose_value=False,
            callback=_keep,
            help="Leave a source out; may be given again.",
        ),
    ]


def viewing(command: click.Command) -> click.Command:
    """Give a command the options that leave sources out."""
    command.params += view_options()
    return command


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep an option's value for `view_of`."""
    context.meta[str(parameter.name)] = value


def view_of(context: click.Context) -> View | None:
    """Return which sources the command counts, None for all of them."""
    day, names = context.meta.get("as_of"), context.meta.get("without")
    if day is None and not names:
        return None
    from compas_graph.dates import parse_partial
    from compas_graph.views import View

    try:
        return View(parse_partial(day) if day is not None else None, tuple(names or ()))
    except ValueError as error:
        raise click.UsageError(f"--as-of: {error}", context) from error


def open_store(context: click.Context) -> Store:
    """Return the whole graph of the data that the command works on, of the sources that it counts."""
    from compas_graph.graph import open_graph

    view = view_of(context)
    store = open_graph(bundle_of(context), view=view)
    say_left_out(context, view)
    return store


@contextmanager
def only_there(context: click.Context) -> Iterator[None]:
    """Answer that no source mentions a thing which only the sources left out know, instead of refusing its name."""
    try:
        yield
    except UnknownNameError as error:
        view = view_of(context)
        if view is None or error.kind == "source" or not _is_known(context, error.name):
            raise
        when = f" published by {context.meta['as_of']}" if view.as_of else ""
        without = f" other than {', '.join(view.without)}" if view.without else ""
        click.echo(f"no source{when}{without} mentions '{shorten(error.name)}'")


def _is_known(context: click.Context, name: str) -> bool:
    """Tell whether the whole graph knows a thing of that name."""
    from compas_graph.graph import open_graph
    from compas_graph.names import resolve

    try:
        return bool(resolve(open_graph(bundle_of(context)), name).things)
    except AmbiguousNameError:
        return True
    except UnknownNameError:
        return False


def say_left_out(context: click.Context, view: View | None) -> None:
    """Name on standard error the sources that a view leaves out only since their dates are vague."""
    if view is None or view.as_of is None or context.resilient_parsing:
        return
    from compas_graph.store import load
    from compas_graph.views import without_sources

    _, vague = without_sources(load(bundle_of(context)), view)
    if vague:
        click.echo(f"left out, since it is not sure that they were published by then: {', '.join(vague)}", err=True)


def width() -> int | None:
    """Return the width to wrap tables to: that of the terminal, none where output goes elsewhere."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def show(answer: Grid, form: str) -> None:
    """Print a grid in a format for people."""
    write = FORMATS[form].people
    assert write is not None
    click.echo(write(answer, width()), nl=False)
