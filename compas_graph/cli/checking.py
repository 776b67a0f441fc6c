"""The commands that check: `check` and `sources`."""

from __future__ import annotations

from collections.abc import Container
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from compas_graph.checks.options import ENGINES, FORMATS, INFERENCE, SEVERITIES, written
from compas_graph.cli.shared import (
    address_of,
    bundle_of,
    format_option,
    limit_options,
    limits,
    open_store,
    placing,
    show,
)
from compas_graph.errors import CompasGraphError
from compas_graph.tables import FOR_PEOPLE

if TYPE_CHECKING:
    from compas_graph.bundle import Bundle
    from compas_graph.checks.baseline import Known
    from compas_graph.checks.findings import Finding, Report
    from compas_graph.checks.request import Request
    from compas_graph.remote.asking import Address

__all__ = ["check", "sources"]


PATHS = click.Path(path_type=Path, allow_dash=True)


@placing
@click.command(short_help="Find what is wrong in the graph or in files, and where.")
@click.argument("paths", nargs=-1, type=PATHS, metavar="[FILE|DIR|-]...")
@click.option("--shapes", type=PATHS, multiple=True, metavar="FILE", help="Check against these shapes, not ours.")
@click.option("--ontology", type=PATHS, multiple=True, metavar="FILE", help="An ontology that the data uses.")
@click.option("--infer", type=click.Choice(INFERENCE), default="none", show_default=True, help="Infer first.")
@click.option("--texts", type=PATHS, metavar="DIR", help="Check the cited passages in your copies of the texts, too.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How to print.")
@click.option("--all", "everything", is_flag=True, help="Show every finding, not just the first few of a kind.")
@click.option(
    "--severity", type=click.Choice(SEVERITIES), default="info", show_default=True, help="The least grave that counts."
)
@click.option("--exit-zero", is_flag=True, help="Leave with exit code 0 whatever is found.")
@click.option("--baseline", type=PATHS, metavar="FILE", help="Pass over the findings that FILE lists.")
@click.option("--write-baseline", type=PATHS, metavar="FILE", help="List the findings in FILE.")
@click.option("--engine", type=click.Choice(ENGINES), default="own", show_default=True, help="What applies the shapes.")
@limit_options(300.0)
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@click.pass_context
def check(context: click.Context, /, **values: Any) -> None:
    """Check the graph, or RDF files of yours, and tell where each fault stands.

    Files are held against the shapes and the ontology of the project, beside the rest of the graph;
    with --shapes, against those alone. Without files the whole graph is checked. Exit code 0 if
    nothing is found, 1 if something is, 2 if the check could not be made. With --store the shapes
    are applied in a store elsewhere, to what it holds.
    """
    from compas_graph.checks.request import Request

    request = Request(**{name: values[name] for name in ("paths", "shapes", "ontology", "infer", "texts", "engine")})
    if address_of(context):
        _refuse_in_store(context, values)
    if values["watch"]:
        _watch(context, request, values)
    outcome = _check(context, request, values)
    click.echo(outcome.text, nl=False)
    context.exit(0 if values["exit_zero"] or outcome.conforms else 1)


def _refuse_in_store(context: click.Context, values: dict[str, Any]) -> None:
    """Refuse what a check in a store has no use for."""
    for name in ("paths", "ontology", "texts", "watch"):
        if values[name]:
            shown = "files" if name == "paths" else f"--{name}"
            raise click.UsageError(f"{shown} go without --store, which checks what the store holds", context)
    if values["infer"] != "none":
        raise click.UsageError("--infer goes without --store; 'compas-graph infer --store URL' infers there", context)
    if values["engine"] != "own":
        raise click.UsageError("--engine goes without --store, where the shapes are applied by queries", context)


class Outcome(NamedTuple):
    """What a check comes to, as it leaves a worker: a text to print, and what is to be said beside it."""

    text: str
    said: tuple[str, ...]
    conforms: bool
    findings: dict[Known, Finding]
    """By what each is known; only for who watches."""


def _check(context: click.Context, request: Request, values: dict[str, Any], before: Container[Known] = ()) -> Outcome:
    """Check in a worker, print what was found and not there before, and return what the check came to."""
    from compas_graph.worker import supervised

    address = address_of(context)
    work = partial(_outcome, bundle_of(context), address, request, values, before)
    outcome = supervised(work, limits(values["timeout"], values["memory"], network=address is not None), "the check")
    for line in outcome.said:
        click.echo(line, err=True)
    return outcome


def _outcome(
    bundle: Bundle, address: Address | None, request: Request, values: dict[str, Any], before: Container[Known]
) -> Outcome:
    """Return what a check comes to."""
    from dataclasses import replace

    from compas_graph.checks.baseline import compare, identity, read_baseline, write_baseline

    report, said = _report(bundle, address, request), []
    if values["write_baseline"]:
        write_baseline(values["write_baseline"], report.findings)
        number = len(report.findings)
        said.append(f"{values['write_baseline']}: lists {number} finding{'s' if number != 1 else ''}")
    if values["baseline"]:
        baseline = read_baseline(values["baseline"])
        compared = compare(report.findings, baseline, baseline.files(report.checked))
        report = replace(report, findings=compared.new, notes=report.notes + compared.notes)
    report = replace(report, findings=report.at_least(values["severity"]))
    known = {identity(one): one for one in report.findings} if values["watch"] else {}
    new = tuple(one for key, one in known.items() if key not in before) if before else report.findings
    text = written(replace(report, findings=new), values["form"], everything=values["everything"])
    plain = {key: replace(one, place=None, result=None) for key, one in known.items()}
    return Outcome(text, tuple(said), report.conforms, plain)


def _report(bundle: Bundle, address: Address | None, request: Request) -> Report:
    """Return what a check finds here, or in a store elsewhere."""
    if address is None:
        from compas_graph.checks.checking import check

        return check(bundle, request)
    from compas_graph.checks.in_store import check_store
    from compas_graph.remote.asking import client_of

    return check_store(client_of(address), address.graphs, bundle, request)


def _watch(context: click.Context, request: Request, values: dict[str, Any]) -> None:
    """Check whenever a file changes, and show what appeared and what was mended."""
    from compas_graph.checks.checking import watched
    from compas_graph.checks.watching import changes

    before: dict[Known, Finding] | None = None
    for changed in changes(partial(watched, bundle_of(context), request)):
        if changed:
            click.echo(f"\n{', '.join(map(str, changed[:3]))}{' and others' if len(changed) > 3 else ''} changed")
        try:
            outcome = _check(context, request, values, before or {})
        except CompasGraphError as error:
            click.echo(f"cannot be checked: {error}", err=True)
            continue
        now = outcome.findings
        mended = [finding for key, finding in (before or {}).items() if key not in now]
        for finding in mended:
            message = " ".join(finding.message.split())
            click.echo(f"mended: {finding.file}: {message} [{finding.rule}] {finding.focus}")
        click.echo(outcome.text, nl=False)
        if before is not None:
            appeared = sum(key not in before for key in now)
            click.echo(f"{len(mended)} mended, {appeared} appeared, {len(now)} in all")
        before = now


@click.group(invoke_without_command=True)
@click.pass_context
def sources(context: click.Context) -> None:
    """List, verify, cite and weigh the sources."""
    if context.invoked_subcommand is None:
        from compas_graph.sources import list_sources
        from compas_graph.tables import Grid
        from compas_graph.words import phrase

        headings = ("source", "outlet", "published", "passages", "claims", "file", "how the date is known")
        rows = (
            (one.id, one.publisher, phrase(one.published), str(one.passages), str(one.claims), one.file_name, one.basis)
            for one in list_sources(open_store(context))
        )
        show([Grid.of(headings, rows)], "table")


@sources.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("names", nargs=-1, metavar="[SOURCE...]")
@click.pass_context
def verify(context: click.Context, folder: Path, names: tuple[str, ...]) -> None:
    """Check the passages of every SOURCE, or of all, against the texts in DIR.

    Exit code 1 if a text is missing or changed, or a passage is shifted or wrong.
    """
    from compas_graph.sources import verify as verify_texts

    found = verify_texts(open_store(context), folder, names)
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
    from compas_graph.tables import Grid

    found = effects(bundle_of(context), names)
    rows = (
        (one.effect, one.kind, one.what, f"{one.grounds_before}", f"{one.grounds_after}")
        for one in found
        if everything or one.effect != "kept"
    )
    show([Grid.of(("effect", "what", "which", "grounds before", "after"), rows)], form)
    counts = {effect: sum(one.effect == effect for one in found) for effect in ("lost", "weakened", "kept")}
    click.echo(", ".join(f"{number} {effect}" for effect, number in counts.items()))
