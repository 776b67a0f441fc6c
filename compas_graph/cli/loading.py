"""The commands that put graphs into a store elsewhere and take them away: `load` and `unload`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from compas_graph.cli.shared import bundle_of, origin_options
from compas_graph.errors import one_of
from compas_graph.file_formats import readable
from compas_graph.remote.kinds import KINDS

if TYPE_CHECKING:
    from compas_graph.remote.canonical import Canonical
    from compas_graph.remote.client import Client
    from compas_graph.remote.loading import Done, Plan

__all__ = ["load", "store_options", "unload"]

EVERY = 5.0
"""How many seconds pass between two lines about a graph that is being sent."""


def store_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how a store is reached."""
    for option in (
        click.option("--tries", type=click.IntRange(1, 20), default=5, show_default=True, help="Ask so often."),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0.1),
            default=300.0,
            show_default=True,
            metavar="SECONDS",
            help="Wait so long for an answer.",
        ),
        click.option("--update-url", default="", metavar="URL", help="Where updates go, if not where KIND has it."),
        click.option(
            "--kind", type=click.Choice(tuple(KINDS)), default=None, help="The kind of store; else it is found out."
        ),
    ):
        command = option(command)
    return command


@click.command(epilog=f"The names of FILES end in {one_of(readable())}.")
@click.argument("url")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@origin_options
@click.option("--graph", "graph", default="", metavar="IRI", help="The graph for triples of FILES that are in none.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--check", is_flag=True, help="Read back the graphs that did not change, too.")
@click.option("--adopt", is_flag=True, help="Replace graphs that something else put there, or a load of another kind.")
@store_options
@click.pass_context
def load(context: click.Context, /, url: str, files: tuple[Path, ...], graph: str, **options: Any) -> None:
    """Put the graph, or FILES of yours, into the SPARQL store at URL.

    Each named graph is replaced whole or not at all, read back and compared; those that did not change
    are left alone, and those put there before that are no more are removed. FILES of RDF are put beside
    the whole graph: a graph of the same name from FILES before is replaced whole, and nothing is
    removed. Credentials come from
    COMPAS_GRAPH_USER and COMPAS_GRAPH_PASSWORD, from COMPAS_GRAPH_TOKEN or from a netrc file. Exit
    code 1 if the store could not keep a graph.
    """
    from tempfile import TemporaryDirectory

    from compas_graph.namespaces import expand
    from compas_graph.remote.loading import plan_load

    if graph and not files:
        raise click.UsageError("--graph goes with FILES", context)
    graph = expand(graph) or graph
    _check_iri(context, graph)
    with TemporaryDirectory(prefix="compas-graph-") as name:
        folder = Path(name)
        client = _client(url, options)
        plan = plan_load(
            client,
            _graphs(context, files, graph, folder, options),
            "files" if files else "bundle",
            whole=not files,
            adopt=options["adopt"],
            folder=folder if options["check"] else None,
        )
        context.exit(_carry_out(client, plan, folder, dry_run=options["dry_run"]))


@click.command(short_help="Take away from a store what 'load' put there.")
@click.argument("url")
@click.argument("graphs", nargs=-1, metavar="[GRAPH]...")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@store_options
@click.pass_context
def unload(context: click.Context, /, url: str, graphs: tuple[str, ...], dry_run: bool, **options: Any) -> None:
    """Take away from the store at URL what `load` put there, or only the GRAPHs named."""
    from tempfile import TemporaryDirectory

    from compas_graph.namespaces import expand
    from compas_graph.remote.loading import plan_unload

    client = _client(url, options)
    plan = plan_unload(client, [expand(name) or name for name in graphs])
    with TemporaryDirectory(prefix="compas-graph-") as folder:
        context.exit(_carry_out(client, plan, Path(folder), dry_run=dry_run))


def _client(url: str, options: dict[str, Any]) -> Client:
    """Return a client of the store."""
    from compas_graph.remote.client import connect
    from compas_graph.remote.credentials import check_address, credentials_for
    from compas_graph.remote.transport import Transport

    url = check_address(url)
    transport = Transport(credentials_for(url), options["timeout"], options["tries"])
    return connect(url, options["kind"] or "", options["update_url"], transport)


def _check_iri(context: click.Context, graph: str) -> None:
    """Refuse a graph's name that is no IRI."""
    from pyoxigraph import NamedNode

    try:
        NamedNode(graph or "urn:none")
    except ValueError as error:
        raise click.UsageError(f"--graph: '{graph}' is not an IRI ({error})", context) from error


def _graphs(
    context: click.Context, files: tuple[Path, ...], graph: str, folder: Path, options: dict[str, Any]
) -> list[Canonical]:
    """Return what is to be loaded; derived graphs are listed there even if they are empty."""
    from compas_graph.graph import open_graph
    from compas_graph.remote.canonical import canonical_graphs, without_triples
    from compas_graph.remote.origin import DERIVED, bundle_quads, file_quads

    if files:
        return canonical_graphs(file_quads(files, graph), folder)
    bundle, derived = bundle_of(context), DERIVED[options["derived"]]
    quads = bundle_quads(bundle, open_graph(bundle), derived, schema=not options["no_schema"])
    found = canonical_graphs(quads, folder)
    empty = {node.value for node in derived} - {one.graph for one in found}
    return found + [without_triples(name, folder) for name in sorted(empty)]


def _carry_out(client: Client, plan: Plan, folder: Path, *, dry_run: bool) -> int:
    """Do what is planned, saying so, and return the exit code."""
    from compas_graph.remote.loading import carry_out

    if client.kind.loading and any(step.action in ("replace", "remove") for step in plan.steps):
        click.echo(f"note: {client.kind.loading}", err=True)
    if dry_run:
        for step in plan.steps:
            if step.action != "unchanged":
                click.echo(f"would {step.action} {step.graph}")
        _sum_up(Counter(step.action for step in plan.steps), "nothing was touched: ")
        return 0
    counts: Counter[str] = Counter()
    for done in carry_out(client, plan, folder, _Progress()):
        counts[done.action] += 1
        if done.action != "unchanged":
            _say(done)
    _sum_up(counts)
    return 1 if counts["refused"] else 0


def _say(done: Done) -> None:
    """Print what was done with a graph, and what the store changed of it."""
    amount = f", {done.triples:,} triple{'s' if done.triples != 1 else ''}" if done.triples else ""
    if done.refused:
        click.echo(f"refused {done.graph}{amount}: the store gives back another graph; what was there is there again")
    else:
        click.echo(f"{done.action} {done.graph}{amount}")
    for line in done.changed.text().splitlines() if done.changed else ():
        click.echo(f"  {line}")


def _sum_up(counts: Counter[str], before: str = "") -> None:
    """Print how many graphs there were, and what was done with them."""
    number = counts.total()
    what = ", ".join(f"{many} {action}" for action, many in sorted(counts.items()))
    click.echo(f"{before}{number} graph{'s' if number != 1 else ''}" + (f": {what}" if what else ""))


class _Progress:
    """Says on standard error every few seconds how much of a graph was sent."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, graph: str, sent: int, length: int) -> None:
        now = time.monotonic()
        if now - self.last >= EVERY and sys.stderr is not None:
            self.last = now
            if sent < length:
                click.echo(f"{graph}: {sent / length:.0%} of {length / 1e6:,.0f} MB sent", err=True)
            else:
                click.echo(f"{graph}: sent, waiting for the store", err=True)
