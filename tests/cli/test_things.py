"""`find`, `describe` and `why`."""

from __future__ import annotations

import pytest

from tests.cli.expect import Run, answered, refused

# --- find ---


def test_things_are_found(run: Run) -> None:
    """By label or alias."""
    found = answered(run("find", "mfa"))
    assert [line.split("  ")[0] for line in found.splitlines()] == ["label", "MFA", "next-generation MFA"]
    assert answered(run("find", "mfa", "--format", "markdown")).startswith("| label |")


@pytest.mark.parametrize("text", ["zebra", "'\n'", "{", "%s"])
def test_nothing_found_is_one_line_and_no_error(run: Run, text: str) -> None:
    """Exit code 0."""
    lines = answered(run("find", text)).splitlines()
    assert len(lines) == 1 and lines[0].startswith("nothing here has ")


# --- describe ---


def test_a_thing_is_described_with_plans_apart(run: Run) -> None:
    """In both formats for people."""
    text = answered(run("describe", "QX50"))
    stated, planned = text.index("\nSTATED"), text.index("\nPLANNED")
    assert text.startswith("WHAT IT IS") and stated < text.index("began in 2017") < planned < text.index("cease")
    assert "## Stated" in answered(run("describe", "QX50", "--format", "markdown"))


def test_an_unknown_thing_is_one_line(run: Run) -> None:
    """With close names; several things are refused where one is asked for."""
    refused(run("describe", "Infinity QX50"), "no thing is called", "Infiniti QX50")
    refused(run("describe", "Forfour", "--exact"), "id:forfour-latest", "id:forfour-next-generation")


# --- why ---


def test_a_fact_is_explained(run: Run) -> None:
    """What it says, and then what it rests on."""
    lines = answered(run("why", "Infiniti Q30", "uses platform", "MFA")).splitlines()
    assert lines[0] == "Infiniti Q30 uses platform MFA"
    assert lines[1].startswith("  stated: ") and "claim:s0-27" in lines[1]


def test_an_inference_is_explained_through_its_steps(run: Run) -> None:
    """Down to the claims."""
    text = answered(run("why", "Infiniti", "parentOwnsShareOf", "COMPAS"))
    assert "inferred by" in text and "claim:s1-09" in text and "claim:s1-11" in text


def test_what_does_not_hold_is_one_line_and_no_error(run: Run) -> None:
    """Exit code 0."""
    assert (
        answered(run("why", "QX50", "uses platform", "MFA")) == "no source says that Infiniti QX50 uses platform MFA\n"
    )


def test_a_disagreement_is_not_denied(run: Run) -> None:
    """It holds, and is no matter of a source's saying so."""
    assert "no source says" not in answered(run("why", "claim:s0-05", "disagrees with", "claim:s1-12"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Infinity Q30", "uses platform", "MFA"], "Infiniti Q30"),
        (["Infiniti Q30", "usesPlatfrom", "MFA"], "usesPlatform"),
        (["Infiniti Q30", "uses platform", "MFAA"], "MFA"),
        (["<not an iri>", "uses platform", "MFA"], "not an iri"),
        (["http://a b", "uses platform", "MFA"], "http://a b"),
        (["Aguascalientes plant", "is located in", "Aguascalientes"], "id:joint-plant-s3"),
        (["", "", ""], "''"),
    ],
)
def test_an_unknown_name_in_why_is_one_line(run: Run, arguments: list[str], said: str) -> None:
    """In each place."""
    refused(run("why", *arguments), said)
