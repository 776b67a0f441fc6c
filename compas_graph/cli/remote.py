"""The commands that examine a store elsewhere and infer in it: `doctor` and `infer`."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from compas_graph.cli.loading import store_options
from compas_graph.cli.output import note, say, write
from compas_graph.cli.shared import address_of, bundle_of, format_option, placing, show
from compas_graph.tables import FOR_PEOPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compas_graph.remote.abilities import Check

__all__ = ["doctor", "infer"]

WORKS = {True: "works", False: "lacks", None: "not known"}


@click.command(short_help="Tell what a SPARQL store can do, and what to do about the rest.")
@click.argument("url")
@click.option("--write", is_flag=True, help="Try writing, too: a graph of one triple, which is taken away again.")
@click.option("--queries", is_flag=True, help="Ask each saved query there and here, too, and compare the rows.")
@format_option((*FOR_PEOPLE, "json"))
@store_options
@click.pass_context
def doctor(context: click.Context, /, url: str, write: bool, queries: bool, form: str, **options: Any) -> None:
    """Tell what the SPARQL store at URL can do, and what to do about the rest.

    Nothing is changed there without --write. Exit code 0 if all that `load` and `ask` need works,
    1 if something is lacking, 2 if the store cannot be reached.
    """
    from compas_graph.remote.client import connect
    from compas_graph.remote.credentials import check_address, credentials_for
    from compas_graph.remote.doctor import compare, examine
    from compas_graph.remote.transport import Transport

    url = check_address(url)
    transport = Transport(credentials_for(url), options["timeout"], options["tries"])
    client = connect(url, options["kind"] or "", options["update_url"], transport)
    found = chain(examine(client, write=write), compare(client, bundle_of(context)) if queries else ())
    checks = [check._replace(advice=check.advice.replace("URL", url)) for check in found]
    _print(checks, form)
    context.exit(1 if any(check.needed and check.works is False for check in checks) else 0)


@placing
@click.command(short_help="Derive in a SPARQL store what follows there.")
@click.pass_context
def infer(context: click.Context) -> None:
    """Derive in the store of --store what follows there by the ontology.

    The rules run there as updates until nothing is added; the graph of inferences is then replaced
    whole. What was loaded stays in the store; it must have been loaded with its facts.
    """
    from compas_graph.graph import rules_of
    from compas_graph.remote.asking import client_of
    from compas_graph.remote.inferring import infer_there
    from compas_graph.remote.ledger import entries
    from compas_graph.remote.reading import check_whole, graphs_in
    from compas_graph.store import COMPARISONS, FACTS, INFERENCES, load

    address = address_of(context)
    if address is None:
        raise click.UsageError("name the store with --store URL", context)
    client = client_of(address)
    graphs = address.graphs or graphs_in(client)
    listed = entries(client)
    if not address.graphs and any(listed[name].origin == "bundle" for name in graphs if name in listed):
        check_whole(client, listed, set(graphs) - {INFERENCES.value}, (FACTS.value, COMPARISONS.value))
    rules = rules_of(load(bundle_of(context)))
    done = infer_there(client, graphs, rules, INFERENCES.value, _say_round)
    rounds = f"{done.rounds} round{'s' if done.rounds != 1 else ''}"
    say(f"{done.triples:,} triple{'s' if done.triples != 1 else ''} inferred in {rounds}")


def _say_round(number: int, triples: int) -> None:
    """Say on standard error how far the rules have come."""
    note(f"round {number}: {triples:,} triples")


def _print(checks: Sequence[Check], form: str) -> None:
    """Print checks in a format."""
    if form == "json":
        import json

        text = json.dumps([{"name": check.name, **check._asdict()} for check in checks], indent=2)
        write(f"{text}\n".encode())
        return
    from compas_graph.tables import Grid

    rows = tuple(
        (
            one.name,
            WORKS[one.works] + (" (not needed)" if one.works is False and not one.needed else ""),
            one.found,
            one.advice,
        )
        for one in checks
    )
    show([Grid.of(("what", "", "found", "what to do"), rows)], form)
