"""The commands that check: `check` and `sources`."""

from __future__ import annotations

from pathlib import Path

import click

from compas_graph.cli.shared import bundle_of, format_option, open_store, show
from compas_graph.results import FOR_PEOPLE

__all__ = ["check", "sources"]


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...]) -> None:
    """Check the graph, or Turtle files of yours.

    FILES are held against the shapes and the ontology, beside the rest of the graph; without FILES
    the whole graph is. Exit code 1 if a rule is broken.
    """
    from compas_graph.graph import contradictions, open_graph
    from compas_graph.validation import context_files, validate

    bundle = bundle_of(context)
    report = validate(bundle, files)
    for finding in report.findings:
        value = f", which says {finding.value}" if finding.value else ""
        click.echo(f"{finding.severity}: {finding.focus} {finding.path}{value}: {finding.message} [{finding.rule}]")
    contradicting = contradictions(open_graph(bundle, [*files, *context_files(bundle, files)]))
    for line in contradicting:
        click.echo(f"violation: {line}")
    number = len(report.findings) + len(contradicting)
    amount = f"{report.triples:,} triples in {report.files} file{'s' if report.files != 1 else ''}"
    findings = f"{number} finding{'s' if number != 1 else ''}"
    click.echo(f"{amount}: {findings if number else 'all rules hold'}")
    context.exit(1 if number else 0)


@click.group(invoke_without_command=True)
@click.pass_context
def sources(context: click.Context) -> None:
    """List, verify, cite and weigh the sources."""
    if context.invoked_subcommand is None:
        from compas_graph.results import Grid
        from compas_graph.sources import list_sources
        from compas_graph.words import phrase

        rows = tuple(
            (one.id, one.publisher, phrase(one.published), str(one.passages), str(one.claims), one.file_name, one.basis)
            for one in list_sources(open_store(context))
        )
        show(
            Grid(("source", "outlet", "published", "passages", "claims", "file", "how the date is known"), rows),
            "table",
        )


@sources.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.pass_context
def verify(context: click.Context, folder: Path) -> None:
    """Check every passage against the texts in DIR.

    Exit code 1 if a text is missing or changed, or a passage is shifted or wrong.
    """
    from compas_graph.sources import verify as verify_texts

    found = verify_texts(open_store(context), folder)
    for problem in found.problems:
        click.echo(str(problem))
    for name in found.unknown:
        click.echo(f"{name}: no source of the graph has this text", err=True)
    counts = ", ".join(f"{number} {status}" for status, number in found.counts.items() if number)
    click.echo(f"{found.checked} passages checked against {len(found.sources)} sources: {counts}")
    context.exit(0 if found.ok else 1)


@sources.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--find", "words", required=True, metavar="WORDS", help="The words to cite, as they stand in the text.")
@click.option("--occurrence", type=click.IntRange(min=1), metavar="N", help="Which of several places to cite, from 1.")
@click.option(
    "--source", "source_id", metavar="NAME", help="The name of the source; else it is made from that of the file."
)
def cite(file: Path, words: str, occurrence: int | None, source_id: str | None) -> None:
    """Print the passage block for WORDS found in FILE, a text of your own."""
    from compas_graph.citing import cite as passage_block

    click.echo(passage_block(file, words, occurrence, source_id), nl=False)


@sources.command()
@click.argument("names", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--all", "everything", is_flag=True, help="Show what is kept, too.")
@format_option(FOR_PEOPLE)
@click.pass_context
def loss(context: click.Context, names: tuple[str, ...], everything: bool, form: str) -> None:
    """Tell what is lost, weakened or kept without SOURCE."""
    from compas_graph.loss import effects
    from compas_graph.results import Grid

    found = effects(bundle_of(context), names)
    rows = tuple(
        (one.effect, one.kind, one.what, f"{one.grounds_before}", f"{one.grounds_after}")
        for one in found
        if everything or one.effect != "kept"
    )
    show(Grid(("effect", "what", "which", "grounds before", "after"), rows), form)
    counts = {effect: sum(one.effect == effect for one in found) for effect in ("lost", "weakened", "kept")}
    click.echo(", ".join(f"{number} {effect}" for effect, number in counts.items()))
