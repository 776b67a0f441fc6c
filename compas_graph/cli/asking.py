"""The commands that ask: `ask`, `queries` and `sparql`."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from compas_graph.cli.output import harmless, note, say, width, write
from compas_graph.cli.shared import (
    address_of,
    asking,
    asking_options,
    bundle_of,
    format_option,
    limit_options,
    limits,
    only_there,
    open_here,
    open_store,
    say_left_out,
    show,
    view_of,
)
from compas_graph.errors import CompasGraphError, HeaderError, one_of
from compas_graph.signs import in_one_line, printable
from compas_graph.tables import FOR_PEOPLE, FOR_ROWS, FORMATS, LABELLED

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from compas_graph.parameters import Parameter
    from compas_graph.query import SavedQuery

__all__ = ["ask", "catalogue", "queries", "sparql"]

SPARQL = r"(?i)\s*(#|(prefix|base|select|ask|construct|describe|insert|delete|load|clear|drop)(\s|$))"
"""How the text of a query begins, and the name of a file does not."""


class SavedQueries(click.Group):
    """The saved queries as commands, each read from its file only when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from compas_graph.query import query_names

        try:
            return query_names(bundle_of(ctx))
        except CompasGraphError:
            if ctx.resilient_parsing:
                return []  # a completion does not complain
            raise

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from compas_graph.query import saved_query

        try:
            query = saved_query(bundle_of(ctx), cmd_name)
        except CompasGraphError:
            if ctx.resilient_parsing:
                return None  # a completion does not complain
            raise
        fixed = [*_answer_options(), *asking_options()]
        _refuse_taken(query, {"--help", *(name for option in fixed for name in option.opts)})
        options = [ParameterOption(parameter) for parameter in query.parameters.values()]

        @click.pass_context
        def run(context: click.Context, /, **values: Any) -> None:
            with only_there(context):
                _ask(context, query, values)

        return Question(
            cmd_name,
            params=[*options, *fixed],
            callback=run,
            help=f"{query.summary}\n\n{query.description}",
            epilog=_epilog(query),
            short_help=query.summary,
        )

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return _to_offer(super().shell_complete(ctx, incomplete))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text("'compas-graph queries' lists the questions.")


class Question(click.Command):
    """A saved query as a command: of what its header says nothing reaches the terminal but as text."""

    def get_help(self, ctx: click.Context) -> str:
        return harmless(super().get_help(ctx))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return _to_offer(super().shell_complete(ctx, incomplete))


def _to_offer(items: list[CompletionItem]) -> list[CompletionItem]:
    """Return the completions that can be printed as they are to be typed, each with its help in one line."""
    for item in items:
        item.help = item.help and in_one_line(item.help)
    return [item for item in items if printable(item.value) == item.value]


def _refuse_taken(query: SavedQuery, taken: set[str]) -> None:
    """Raise HeaderError if parameters have the names of options that every saved query has."""
    said = "goes by the name of an option that every query has; it should have another"
    faults = [f"{query.path}: parameter {name} {said}" for name in query.parameters if f"--{name}" in taken]
    if faults:
        raise HeaderError(*faults)


def _epilog(query: SavedQuery) -> str:
    """Return what the help of a saved query ends in: its columns, and its values as an example."""
    from compas_graph.query import example
    from compas_graph.results import columns

    shown = ", ".join(columns(query.text, query.headings, query.parameters))
    values = [f"--{name} {example(query, name)}" for name in query.parameters if example(query, name)]
    return f"Columns: {shown}." + (f"\n\nAs it stands, the query asks with {' '.join(values)}." if values else "")


def _answer_options() -> list[click.Option]:
    """Return the options of every saved query."""
    folder = click.Path(path_type=Path)
    return [
        click.Option(["--exact"], is_flag=True, help="Refuse a name of several; leave out what is possibly the same."),
        click.Option(["--evidence"], is_flag=True, help="Show the claims behind each row."),
        click.Option(["--texts"], type=folder, metavar="DIR", help="Show their words from your copies of the texts."),
        click.Option(["--format", "form"], type=click.Choice(FOR_ROWS), default="table", help="How to print."),
        click.Option(["--labels"], is_flag=True, help=f"Write {one_of(LABELLED)} as people read them."),
    ]


class ParameterOption(click.Option):
    """The option of a parameter; what its values are to choose from is looked up only when it is to be shown."""

    def __init__(self, parameter: Parameter) -> None:
        """Make the option that stands for a parameter on the command line."""
        from compas_graph.parameters import TYPES

        value = [parameter.default] if parameter.many else parameter.default
        default: dict[str, Any] = {} if parameter.default is None else {"default": value, "show_default": True}
        super().__init__(
            [f"--{parameter.name}", f"value_{parameter.name}"],
            metavar=TYPES[parameter.type].metavar,
            required=parameter.required,
            multiple=parameter.many,
            help=parameter.help,
            shell_complete=self.complete,
            **default,
        )
        self.parameter, self.lists = parameter, TYPES[parameter.type].closed

    def offered(self, context: click.Context) -> list[str]:
        """Return the values to choose from; none where the data cannot be read, of which nobody asked to hear here."""
        from compas_graph.parameters import offers

        try:
            return offers(self.parameter, partial(open_store, context))
        except (CompasGraphError, click.UsageError):
            return []

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        known = self.offered(ctx) if self.lists else []
        self.help = self.parameter.help + (f" ({', '.join(known)})" if known else "")
        return super().get_help_record(ctx)

    def complete(self, context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the values that begin as what was typed."""
        from click.shell_completion import CompletionItem

        begun = [name for name in self.offered(context) if name.casefold().startswith(incomplete.casefold())]
        return _to_offer([CompletionItem(name) for name in begun])


@click.group(cls=SavedQueries, invoke_without_command=True, subcommand_metavar="NAME [--PARAMETER VALUE ...]")
@click.pass_context
def ask(context: click.Context) -> None:
    """Ask a saved query by its name."""
    if context.invoked_subcommand is None:
        raise click.UsageError("name a saved query; 'compas-graph queries' lists them", context)


def _ask(context: click.Context, query: SavedQuery, values: dict[str, Any]) -> None:
    """Ask a saved query for what was typed, and print the answer."""
    from compas_graph.answers import ask as ask_query

    form, exact, labels = (values.pop(name) for name in ("form", "exact", "labels"))
    with_evidence, texts = values.pop("evidence"), values.pop("texts")
    typed = {name.removeprefix("value_"): text for name, text in values.items()}
    answer = ask_query(open_store(context), query, typed, exact=exact)
    for line in answer.notes:
        note(line)
    rows = FORMATS[form].rows
    if (with_evidence or texts) and rows and not labels:
        raise click.UsageError(f"--evidence and --texts go with {one_of(FOR_PEOPLE)}, not with {form}", context)
    if rows and not labels:
        data = answer.serialize(rows)
        write(data if data.endswith(b"\n") else data + b"\n")
        return
    if FORMATS[form].people is None:
        raise click.UsageError(f"--labels goes with {one_of(LABELLED)}, not with {form}", context)
    if not answer.rows:
        say(answer.none)
        return
    tables = [answer.grid if rows else answer.grid._replace(against=tuple(answer.against))]
    if with_evidence or texts:
        from compas_graph.evidence import evidence_grid

        tables.append(evidence_grid(answer.evidence(texts)))
    show(tables, form)


@click.command()
@click.argument("name", required=False)
@click.pass_context
def queries(context: click.Context, name: str | None) -> None:
    """List the saved queries, or show the one called NAME whole."""
    from compas_graph.query import saved_queries, saved_query

    bundle = bundle_of(context)
    if name:
        write(saved_query(bundle, name).text)
        return
    from compas_graph.tables import Grid

    rows = ((query.name, query.summary, " ".join(_signature(query))) for query in saved_queries(bundle))
    show([Grid.of(("name", "question", "parameters"), rows)], "table")


def _signature(query: SavedQuery) -> list[str]:
    return [f"--{p.name}" if p.required else f"[--{p.name}]" for p in query.parameters.values()]


@click.command(short_help="Describe the dataset and its saved queries as Turtle.")
@click.option(
    "--target",
    default="https://w3id.org/compas-graph/sparql",
    show_default=True,
    metavar="URL",
    help="The address at which the queries are to be asked.",
)
@click.pass_context
def catalogue(context: click.Context, target: str) -> None:
    """Print the dataset's description (DCAT, VoID) and the saved queries as Turtle."""
    from compas_graph.catalogue import catalogue as as_turtle

    if "@" in target.partition("?")[0]:
        raise click.UsageError(
            "--target: a user or password in the address would be shown to all; leave it out", context
        )
    try:
        text = as_turtle(bundle_of(context), open_here(context), target)
    except ValueError as error:
        raise click.UsageError(f"--target: {error}", context) from error
    write(text.encode())


@asking
@click.command()
@click.argument("query", required=False, metavar="[QUERY|FILE|-]")
@limit_options(30.0)
@format_option(FORMATS)
@click.pass_context
def sparql(context: click.Context, query: str | None, timeout: float, memory: float | None, form: str) -> None:
    """Run a SPARQL query of yours.

    QUERY is its text, a file, or - for standard input. It can only read, and call no other server.
    The prefixes of the project (cg:, id:, claim: and others) need no declaration. For example:
    compas-graph sparql "SELECT ?model { ?model cg:usesPlatform id:mfa }"
    """
    from compas_graph.sparql import answer
    from compas_graph.worker import supervised

    text, name = _query_text(query)
    address = address_of(context)
    if address is not None:
        from compas_graph.remote.asking import answer_there

        there = partial(answer_there, address, text, name, form, width(), timeout)
        write(supervised(there, limits(timeout, memory, network=True), "the question"))
        return
    view = view_of(context)
    say_left_out(context, view)
    work = partial(answer, bundle_of(context), text, name, form, width(), view)
    write(supervised(work, limits(timeout, memory)))


def _query_text(query: str | None) -> tuple[str, str]:
    """Return the text of a query and the name to give it in messages."""
    from compas_graph.files import QUERY_MOST, decode, read_text, standard_input

    if query is None or query == "-":
        return decode(standard_input(QUERY_MOST), "standard input").removeprefix("\ufeff"), "standard input"
    if "{" in query or re.match(SPARQL, query) or not query.strip():
        return query, "query"
    return read_text(Path(query), QUERY_MOST, "name a file, or - for standard input").removeprefix("\ufeff"), query
