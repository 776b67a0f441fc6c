"""The command that writes the graph as files for other stores: `export`."""

from __future__ import annotations

from pathlib import Path

import click

from compas_graph.cli.output import say, write
from compas_graph.cli.shared import bundle_of, open_here, origin_options, viewing
from compas_graph.errors import one_of, shown
from compas_graph.file_formats import written_by

__all__ = ["export"]

FORMATS = written_by("export")
ENDINGS = {ending: name for name, form in FORMATS.items() if form.rdf.supports_datasets for ending in form.endings}
"""How the names of files end that hold all graphs as one document, and their formats."""


@viewing
@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMATS)),
    default=None,
    help="What to write: one document with all graphs, or with turtle a folder with a file for each.  "
    "[default: as FILE ends, else trig]",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE|DIR",
    help="Where to write, all or nothing; else it is printed.",
)
@origin_options
@click.pass_context
def export(context: click.Context, form: str | None, output: Path | None, derived: str, no_schema: bool) -> None:
    """Write the graph as files for a store that you load by hand.

    The same graph gives the same bytes on every run. `compas-graph load` puts it into a store for you.
    """
    from compas_graph.exporting import export_document, export_files, write_file, write_folder
    from compas_graph.remote.origin import DERIVED, bundle_quads

    place = None if output == Path("-") else output
    form = form or _form_of(context, place)
    if form == "turtle" and place is None:
        raise click.UsageError("--format turtle writes a folder; name it with --output DIR", context)
    quads = bundle_quads(bundle_of(context), open_here(context), DERIVED[derived], schema=not no_schema)
    made = export_files(quads) if form == "turtle" else export_document(quads, form)
    if place is None:
        write(made.files[""])
        return
    if form == "turtle":
        write_folder(made.files, place)
    else:
        write_file(made.files[""], place)
    say(f"{shown(place)}: {made.graphs:,} graphs, {made.triples:,} triples")


def _form_of(context: click.Context, place: Path | None) -> str:
    """Return the format that a file's name ends in, or refuse a name that leaves it open."""
    ending = place.suffix.lower() if place else ".trig"
    if ending in ENDINGS:
        return ENDINGS[ending]
    more = "Turtle has no named graphs; " if ending == ".ttl" else ""
    raise click.UsageError(
        f"--output {place}: {more}end the name in {one_of(ENDINGS)}, or say --format "
        "(turtle writes a folder with a file for each graph)",
        context,
    )
