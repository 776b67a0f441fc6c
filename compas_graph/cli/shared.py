"""What the commands share: the data they work on, options and printing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from compas_graph.bundle import Bundle
from compas_graph.errors import AmbiguousNameError, UnknownNameError, shorten
from compas_graph.remote.kinds import KINDS
from compas_graph.tables import FORMATS

if TYPE_CHECKING:
    from pyoxigraph import Store

    from compas_graph.remote.asking import Address
    from compas_graph.store import Readable
    from compas_graph.tables import Grid
    from compas_graph.views import View
    from compas_graph.worker import Limits

Decorated = TypeVar("Decorated", bound=Callable[..., Any] | click.Command)

__all__ = [
    "address_of",
    "asking",
    "asking_options",
    "bundle_of",
    "format_option",
    "limit_options",
    "limits",
    "only_there",
    "open_here",
    "open_store",
    "origin_options",
    "placing",
    "say_left_out",
    "show",
    "view_of",
    "view_options",
    "viewing",
    "width",
]


def limit_options(seconds: float) -> Callable[[Decorated], Decorated]:
    """Return the options that limit what a stranger's query or file can cost, with the time allowed by default."""

    def decorate(command: Decorated) -> Decorated:
        for option in (
            click.option(
                "--memory",
                type=click.FloatRange(min=0.01),
                metavar="GIB",
                help="Stop when it takes more memory than this.  [default: half of the machine's]",
            ),
            click.option(
                "--timeout",
                type=click.FloatRange(min=0.01),
                default=seconds,
                show_default=True,
                metavar="SECONDS",
                help="Stop after this long.",
            ),
        ):
            command = option(command)
        return command

    return decorate


def limits(seconds: float, memory: float | None, *, network: bool = False) -> Limits:
    """Return the limits of a worker from what was typed."""
    from compas_graph.worker import Limits, half_of_memory

    return Limits(seconds, memory or half_of_memory(), network)


def format_option(names: Iterable[str]) -> Callable[[Decorated], Decorated]:
    """Return the option --format with some of the formats."""
    return click.option("--format", "form", type=click.Choice(tuple(names)), default="table", help="How to print.")


def origin_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which graphs of the bundle it takes."""
    for option in (
        click.option("--no-schema", is_flag=True, help="Leave out the ontology, the shapes and the alignments."),
        click.option(
            "--derived",
            type=click.Choice(("asserted", "facts", "inferences")),
            default="inferences",
            show_default=True,
            help="Only what is asserted; with the facts and comparisons; with the inferences, too.",
        ),
    ):
        command = option(command)
    return command


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


def place_options() -> list[click.Parameter]:
    """Return the options that name a store elsewhere."""
    return [
        click.Option(
            ["--store"],
            metavar="URL",
            expose_value=False,
            callback=_keep,
            help="Use the graph in the SPARQL store at URL, put there by 'compas-graph load URL'.",
        ),
        click.Option(
            ["--store-kind"],
            type=click.Choice(tuple(KINDS)),
            metavar="KIND",
            expose_value=False,
            callback=_keep,
            help="The kind of store, such as oxigraph or virtuoso; else it is found out.",
        ),
        click.Option(
            ["--store-graph"],
            metavar="IRI",
            multiple=True,
            expose_value=False,
            callback=_keep,
            help="Use only this graph of the store; may be given again.",
        ),
    ]


def asking_options() -> list[click.Parameter]:
    """Return the options that say what is asked: a store elsewhere, or some of the sources only."""
    return [*place_options(), *view_options()]


def placing(command: click.Command) -> click.Command:
    """Give a command the options that name a store elsewhere."""
    command.params += place_options()
    return command


def asking(command: click.Command) -> click.Command:
    """Give a command the options that say what is asked."""
    command.params += asking_options()
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


def address_of(context: click.Context) -> Address | None:
    """Return where the store that the command asks is, None for the graph in this process."""
    url, kind, graphs = (context.meta.get(name) for name in ("store", "store_kind", "store_graph"))
    if url is None:
        if kind or graphs:
            raise click.UsageError("--store-kind and --store-graph go with --store", context)
        return None
    if context.meta.get("as_of") is not None or context.meta.get("without"):
        raise click.UsageError(
            "--as-of and --without go without --store: what the other sources say is derived in this process", context
        )
    from compas_graph.remote.asking import Address

    return Address(url, kind or "", tuple(graphs or ()))


def open_store(context: click.Context) -> Readable:
    """Return the whole graph that the command works on: in a store elsewhere, or of the sources that it counts."""
    address = address_of(context)
    if address is None:
        return open_here(context)
    if context.resilient_parsing:
        raise click.UsageError("a completion does not reach out to a store", context)
    from compas_graph.remote.asking import opened

    there = opened(address)
    if note := there.client.kind.asking:
        click.echo(f"note: {note.replace('URL', address.url)}", err=True)
    return there


def open_here(context: click.Context) -> Store:
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


def show(answer: Sequence[Grid], form: str) -> None:
    """Print the tables of an answer in a format for people."""
    write = FORMATS[form].people
    assert write is not None
    click.echo(write(answer, width()), nl=False)
