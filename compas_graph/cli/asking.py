"""The commands that ask: `ask`, `queries` and `sparql`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from compas_graph.cli.shared import (
    bundle_of,
    format_option,
    open_store,
    say_left_out,
    show,
    view_of,
    view_options,
    viewing,
    width,
)
from compas_graph.results import FOR_ROWS, FORMATS

if TYPE_CHECKING:
    from pyoxigraph import Store

    from compas_graph.query import Parameter, SavedQuery

__all__ = ["ask", "queries", "sparql"]


class SavedQueries(click.Group):
    """The saved queries as commands, each read from its file only when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from compas_graph.query import query_names

        return query_names(bundle_of(ctx))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        from compas_graph.query import saved_query

        query = saved_query(bundle_of(ctx), cmd_name)
        options = [_option(parameter) for parameter in query.parameters.values()]
        exact = click.Option(["--exact"], is_flag=True, help="Refuse a name that fits several things.")
        form = click.Option(["--format", "form"], type=click.Choice(FOR_ROWS), default="table", help="How to print.")

        @click.pass_context
        def run(context: click.Context, /, **values: Any) -> None:
            _ask(context, query, values)

        return click.Command(
            cmd_name,
            params=[*options, exact, *view_options(), form],
            callback=run,
            help=f"{query.summary}\n\n{query.description}",
            short_help=query.summary,
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text("'compas-graph queries' lists the questions.")


def _option(parameter: Parameter) -> click.Option:
    """Return the option of a parameter."""
    text = parameter.help + (f" ({', '.join(parameter.choices)})" if parameter.choices else "")
    default: dict[str, Any] = {} if parameter.default is None else {"default": parameter.default, "show_default": True}
    return click.Option(
        [f"--{parameter.name}", f"value_{parameter.name}"],
        metavar="VALUE",
        required=parameter.required,
        help=text,
        **default,
    )


@click.group(cls=SavedQueries, no_args_is_help=False, subcommand_metavar="NAME [--PARAMETER VALUE ...]")
def ask() -> None:
    """Ask a saved query by its name."""


def _ask(context: click.Context, query: SavedQuery, values: dict[str, Any]) -> None:
    """Bind the parameters, run the query, print the answer."""
    from compas_graph.query import bind
    from compas_graph.store import select

    form, exact = values.pop("form"), values.pop("exact")
    store = open_store(context)
    typed = {name.removeprefix("value_"): text for name, text in values.items() if text is not None}
    bound = {name: _terms(store, query.parameters[name], text, exact) for name, text in typed.items()}
    solutions = select(store, bind(query, bound))
    if FORMATS[form].rows:
        click.echo(cast(bytes, solutions.serialize(format=FORMATS[form].rows)).rstrip(b"\n"))
        return
    from compas_graph.results import grid

    hidden = [name + end for name in query.parameters for end in ("", "Label") if len(bound.get(name, ())) < 2]
    answer = grid(store, solutions, query.headings, hidden)
    if answer.rows:
        show(answer, form)
    else:
        words = {name: typed.get(name, f"any {name}") for name in query.parameters}
        click.echo(f"no source says {query.none.format_map(words)}")


def _terms(store: Store, parameter: Parameter, text: str, exact: bool) -> Sequence[Any]:
    """Return the terms that what was typed stands for, and say so where they are several."""
    from compas_graph.query import parse_value

    if parameter.type != "entity":
        return [parse_value(parameter, text)]
    from compas_graph.names import resolve

    found = resolve(store, text, parameter.kind, exact=exact)
    if len(found.things) > 1:
        names = "; ".join(thing.label for thing in found.things)
        click.echo(f"'{text}' fits things that are possibly the same, and all are asked for: {names}", err=True)
    return [thing.node for thing in found.things]


@click.command()
@click.argument("name", required=False)
@click.pass_context
def queries(context: click.Context, name: str | None) -> None:
    """List the saved queries, or show the one called NAME whole."""
    from compas_graph.query import query_names, saved_query

    bundle = bundle_of(context)
    if name:
        click.echo(saved_query(bundle, name).text, nl=False)
        return
    from compas_graph.results import Grid

    found = [saved_query(bundle, each) for each in query_names(bundle)]
    rows = tuple((query.name, query.summary, " ".join(_signature(query))) for query in found)
    show(Grid(("name", "question", "parameters"), rows), "table")


def _signature(query: SavedQuery) -> list[str]:
    return [f"--{p.name}" if p.required else f"[--{p.name}]" for p in query.parameters.values()]


@viewing
@click.command()
@click.argument("query", required=False, metavar="[QUERY|FILE|-]")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.01),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Stop after this long.",
)
@format_option(FORMATS)
@click.pass_context
def sparql(context: click.Context, query: str | None, timeout: float, form: str) -> None:
    """Run a SPARQL query, given as text, as a file, or on standard input.

    It can only read, and call no other server. The prefixes of the project need no declaration.
    """
    from compas_graph.sparql import answer, check_query, run_limited

    text, name = _query_text(query)
    check_query(text, name)
    view = view_of(context)
    say_left_out(context, view)
    click.echo(run_limited(partial(answer, bundle_of(context), text, form, width(), view), timeout), nl=False)


def _query_text(query: str | None) -> tuple[str, str]:
    """Return the text of a query and the name to give it in messages."""
    from compas_graph.bundle import decode, read_text

    if query is None or query == "-":
        return decode(sys.stdin.buffer.read(), "standard input"), "standard input"
    if "{" in query or not Path(query).suffix:
        return query, "query"
    return read_text(Path(query)), query
