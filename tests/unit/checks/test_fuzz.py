"""Whatever a file holds, a check ends in findings or in one clear line."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compas_graph.checks.checking import check
from compas_graph.checks.findings import Report
from compas_graph.checks.options import FORMATS, written
from compas_graph.checks.request import Request
from compas_graph.errors import CompasGraphError
from tests import FROZEN, ROOT

SHAPES, ONTOLOGY = FROZEN.ontology / "shapes.ttl", FROZEN.ontology / "compas.ttl"
FILES = [path for path, _ in FROZEN.graph_files()]
SPLINTERS = [
    b"", b".", b";", b",", b"[", b"]", b"(", b")", b'"', b'"""', b"'", b"<", b">", b"#", b"\\", b"\\u00", b"\xff",
    b"\0", b"\r\n", b"\r", b"\t", b"@en", b"^^", b"a", b"_:x", b"<<(", b"{|", b"@prefix", b"BASE", b"5", b"true",
    "\u2028\U0001f697".encode(), b"cg:value", b"cg:modality cg:plannd ;", b"id:nobody", b"xsd:gYear", b"\xef\xbb\xbf",
]  # fmt: skip


def mutated(data: bytes, seed: int) -> bytes:
    """Return data with some of its bytes cut, repeated, moved, flipped, or splinters put among them."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 3, 20, 300)))
        piece = data[start:end]
        match chance.randrange(6):
            case 0:
                data = data[:start] + data[end:]
            case 1:
                data = data[:start] + chance.choice(SPLINTERS) + data[end:]
            case 2:
                data = data[:start] + piece * 3 + data[end:]
            case 3:
                place = chance.randrange(len(data) + 1)
                data = data[:place] + piece + data[place:]
            case 4:
                data = data[:start] + bytes(byte ^ 1 << chance.randrange(8) for byte in piece) + data[end:]
            case _:
                data = (
                    data[:start] if chance.randrange(4) == 0 else data[:start] + chance.choice(SPLINTERS) + data[start:]
                )
    return data


@pytest.mark.long
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), path=st.sampled_from(FILES), ours=st.sampled_from((False, False, False, True)))
def test_a_mutated_file_ends_in_findings_or_in_one_line(tmp_path: Path, seed: int, path: Path, ours: bool) -> None:
    """And what is found stands where it is said to stand."""
    copy = tmp_path / path.name
    copy.write_bytes(mutated(path.read_bytes(), seed))
    request = Request((copy,)) if ours else Request((copy,), (SHAPES,), (ONTOLOGY,))
    try:
        report = check(FROZEN, request)
    except CompasGraphError as error:
        assert str(error).strip() and "\n" not in str(error)
        return
    hold_places(report, copy)
    assert "" not in {written(report, form, everything=True) for form in FORMATS}


def hold_places(report: Report, path: Path) -> None:
    """Hold that each finding in a file marks something that stands in it."""
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for one in report.findings:
        if one.file == str(path) and one.place is not None:
            assert one.place.text == text[one.line - 1]
            assert 0 < one.column < one.place.end_column <= len(one.place.text) + 1


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_change_no_place(tmp_path: Path, end: bytes, mark: bytes) -> None:
    """As other systems' editors save a file."""
    breaking = ROOT / "tests" / "ontology" / "shapes" / "ClaimShape-modality.ttl"
    copy = tmp_path / "copy.ttl"
    copy.write_bytes(mark + breaking.read_bytes().replace(b"\n", end))
    (one,) = check(FROZEN, Request((copy,))).findings
    assert (one.rule, one.line, one.column) == ("ClaimShape-modality", 12, 17)
