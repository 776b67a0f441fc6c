"""What options offer is what the program knows: a choice that is written down twice is the same both times."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from compas_graph.checks.options import FORMATS
from compas_graph.cli import commands
from compas_graph.exporting import DOCUMENTS
from compas_graph.remote.kinds import KINDS
from compas_graph.remote.origin import DERIVED
from tests.commands import below


def choices(command: click.Command, path: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each option of a command, and of those below it, that is one of several values."""
    for option in command.params:
        if isinstance(option.type, click.Choice):
            yield f"{path} {option.opts[0]}".strip(), tuple(option.type.choices)
    for name, lower in below(command).items():
        yield from choices(lower, f"{path} {name}".strip())


@pytest.mark.parametrize(
    ("option", "known"),
    [
        ("check --format", FORMATS),
        ("export --format", {"turtle", *DOCUMENTS}),
        ("export --derived", DERIVED),
        ("load --derived", DERIVED),
        ("load --kind", KINDS),
        ("doctor --kind", KINDS),
        ("check --store-kind", KINDS),
        ("describe --store-kind", KINDS),
    ],
)
def test_an_option_offers_what_the_program_knows(option: str, known: set[str]) -> None:
    """No more and no less."""
    assert set(dict(choices(commands))[option]) == set(known)
