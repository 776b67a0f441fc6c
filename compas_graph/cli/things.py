"""The commands about one thing: `find`, `describe` and `why`."""

from __future__ import annotations

import click

from compas_graph.cli.output import note, say
from compas_graph.cli.shared import asking, format_option, only_there, open_store, show
from compas_graph.errors import shorten
from compas_graph.tables import FOR_PEOPLE

__all__ = ["describe", "find", "why"]


@asking
@click.command()
@click.argument("text")
@format_option(FOR_PEOPLE)
@click.pass_context
def find(context: click.Context, text: str, form: str) -> None:
    """Find things by label or alias."""
    from compas_graph.names import find as find_things
    from compas_graph.namespaces import compact
    from compas_graph.tables import Cell, Grid

    found = find_things(open_store(context), text)
    rows = [
        (Cell(t.label, t.node), t.kind, "; ".join(sorted(t.aliases)), Cell(compact(t.node.value), t.node))
        for t in found
    ]
    if rows:
        show([Grid.of(("label", "kind", "also called", "IRI"), rows)], form)
    else:
        asks = "'compas-graph ask what-is-said-of-a-thing' tells what sources say"
        say(f"nothing here has '{shorten(text)}' in its label or an alias; {asks}")


@asking
@click.command()
@click.argument("thing")
@click.option("--exact", is_flag=True, help="Refuse a name that fits several things.")
@format_option(FOR_PEOPLE)
@click.pass_context
def describe(context: click.Context, thing: str, exact: bool, form: str) -> None:
    """Tell what is claimed of THING, dated and cited.

    THING is a label, an alias or a prefixed name; a claim or a reading is shown with its evidence, and
    of one that was withdrawn, when and why.
    """
    from compas_graph.describe import describe as sections_of
    from compas_graph.evidence import evidence, evidence_grid
    from compas_graph.names import assertion, resolve, withdrawal

    store = open_store(context)
    with only_there(context):
        claim = assertion(store, thing)
        if claim is not None:
            show([evidence_grid([evidence(store, [claim])])], form)
            return
        if gone := withdrawal(store, thing):
            say(gone)
            return
        found = resolve(store, thing, exact=exact)
        if len(found.things) > 1:
            note(f"'{shorten(thing)}' fits {len(found.things)} things that are possibly the same; all are told of")
        if found.loosely:
            note(f"'{shorten(thing)}' is taken to mean {found.things[0].label}")
        show(sections_of(store, found), form)


@asking
@click.command()
@click.argument("subject")
@click.argument("predicate")
@click.argument("object", metavar="OBJECT")
@click.pass_context
def why(context: click.Context, subject: str, predicate: str, object: str) -> None:
    """Show what a fact rests on, back to the passages.

    For example: compas-graph why QX50 "is built at" "joint Aguascalientes plant, The News Wheel".
    PREDICATE is the label or the name of a property of the ontology.
    """
    from compas_graph.why import grounds, in_words, lines, triple_of

    store = open_store(context)
    with only_there(context):
        triple = triple_of(store, subject, predicate, object)
        found = grounds(store, triple)
        if not found:
            say(f"no source says that {in_words(store, triple)}")
            return
        say(in_words(store, triple))
        for line in lines(found):
            say(line)
