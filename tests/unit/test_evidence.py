"""Behind each row of an answer stand the claims that it rests on, in their place and, from one's own copy, in words."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from compas_graph.answers import Answer, ask
from compas_graph.errors import DataError
from compas_graph.evidence import Evidence, evidence, evidence_grid
from compas_graph.namespaces import PREFIXES
from compas_graph.query import SavedQuery, query_names, saved_query, values_line
from compas_graph.store import iri, select
from tests import FROZEN

Run = Callable[..., subprocess.CompletedProcess[str]]
MakeStore = Callable[[str], Store]
ASK = "which-models-share-a-platform"
ASSERTED = (PREFIXES["claim"], PREFIXES["reading"])

WITHOUT = {
    "what-is-a-thing-called": "spellings are cited with the document that uses them",
}
"""Queries of which some rows that say something have no claim behind them, and why."""

TEXT = "Zaunkönig opens.\n\nIt is 🐦 small, about 50 of them.\n"
WORDS = {"a": "Zaunkönig opens.", "b": "It is 🐦 small", "c": "about 50 of them"}


def places() -> str:
    return "".join(
        f"passage:{name} cg:inSource source:w ; cg:paragraph {1 if name == 'a' else 2} ;"
        f" oa:start {TEXT.index(words)} ; oa:end {TEXT.index(words) + len(words)} ;"
        f' cg:sha256 "{hashlib.sha256(words.encode()).hexdigest()}" .\n'
        for name, words in WORDS.items()
    )


DATA = f"""
source:w a cg:Source ; rdfs:label "W"@en ; cg:published "2015-07"^^xsd:gYearMonth ; cg:publisher id:paper ;
  cg:url "http://x/"^^xsd:anyURI ; cg:dateBasis "-"@en ; cg:fileName "wren.txt" ;
  cg:sha256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" .
id:paper rdfs:label "The Paper"@en . id:editors rdfs:label "the editors"@en .
cg:reported cg:status "stated" . cg:planned cg:status "planned" . cg:inferred cg:status "inferred" .
cg:about rdfs:label "about"@en . cg:initial rdfs:label "initial"@en . cg:boundAt rdfs:label "at"@en .
claim:a rdfs:label "Wren opens"@en ; cg:modality cg:reported ; cg:passage passage:a ; cg:startBound cg:boundAt .
claim:b rdfs:label "Wren is small"@en ; cg:modality cg:reported ; cg:passage passage:b .
claim:c rdfs:label "About 50"@en ; cg:modality cg:planned ; cg:passage passage:c ;
  cg:comparator cg:about ; cg:stage cg:initial .
reading:r rdfs:label "So it is"@en ; cg:modality cg:inferred ; cg:author id:editors ; cg:restsOn claim:b , reading:q .
reading:q rdfs:label "So it was"@en ; cg:modality cg:inferred ; cg:author id:editors ; cg:restsOn claim:c , claim:b .
{places()}
"""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Return a folder with the text of the small graph."""
    (tmp_path / "wren.txt").write_bytes(TEXT.encode())
    return tmp_path


def nodes(*names: str) -> list[NamedNode]:
    return [iri(name) for name in names]


def behind(found: list[Evidence]) -> list[str]:
    return [one.node.value.removeprefix("https://w3id.org/compas-graph/").replace("/", ":") for one in found]


# --- What is behind a row ---


def test_a_claim_comes_with_standing_hedge_citation_and_place(asserted: MakeStore) -> None:
    """The hedge in words, in alphabetical order; as printed it is none."""
    first, third = evidence(asserted(DATA), nodes("claim:a", "claim:c"))
    assert first == Evidence(
        iri("claim:a"), "Wren opens", "stated", "", "The Paper, July 2015, paragraph 1", 0, len(WORDS["a"])
    )
    assert (third.status, third.hedge) == ("planned", "about, initial")
    assert TEXT[third.start : third.end] == WORDS["c"]


@pytest.mark.parametrize("which", ["startBound", "endBound"])
@pytest.mark.parametrize(
    ("bound", "hedge"), [("boundAt", ""), ("boundAfter", ""), ("boundBy", "by then"), ("boundAbout", "about then")]
)
def test_a_date_is_hedged_where_what_is_meant_may_lie_before_it(
    asserted: MakeStore, which: str, bound: str, hedge: str
) -> None:
    """That "since July" and "after July" are not before July is certain."""
    labels = "".join(f'cg:{name} rdfs:label "{name[5:].lower()} then"@en . ' for name in ("boundAfter", bound))
    (found,) = evidence(asserted(DATA + labels + f"claim:b cg:{which} cg:{bound} ."), nodes("claim:b"))
    assert found.hedge == hedge


def test_a_reading_is_followed_by_what_it_rests_on_each_once(asserted: MakeStore) -> None:
    """In however many steps; it has no place of its own."""
    found = evidence(asserted(DATA), nodes("reading:r", "claim:a", "claim:b"))
    assert behind(found) == ["reading:r", "claim:b", "reading:q", "claim:c", "claim:a"]
    assert (found[0].status, found[0].start, found[0].end) == ("inferred", None, None)
    assert found[0].citation.startswith("the editors: So it is (rests on 2")


def test_readings_that_rest_on_each_other_come_to_an_end(asserted: MakeStore) -> None:
    """The shapes report them, the answer still ends."""
    found = evidence(asserted(DATA + "reading:q cg:restsOn reading:r ."), nodes("reading:r"))
    assert sorted(behind(found)) == ["claim:b", "claim:c", "reading:q", "reading:r"]


def test_entities_and_nothing_are_no_evidence(asserted: MakeStore) -> None:
    """Only claims and readings are."""
    store = asserted(DATA)
    assert evidence(store, nodes("id:paper", "source:w", "cg:about")) == []
    assert evidence(store, []) == []


# --- With the words ---


def test_the_words_are_those_at_the_offsets_in_code_points(asserted: MakeStore, texts: Path) -> None:
    """Umlauts and pictures count as one; a reading has none."""
    found = evidence(asserted(DATA), nodes("reading:r", "claim:a"), texts)
    said = {one.node.value.rpartition("/")[2]: one.words for one in found}
    assert said == {**WORDS, "r": "", "q": ""}


def test_the_text_is_found_under_another_name_by_its_digest(asserted: MakeStore, texts: Path) -> None:
    """As the reader may call it what he likes."""
    (texts / "wren.txt").rename(texts / "mine.txt")
    assert evidence(asserted(DATA), nodes("claim:a"), texts)[0].words == WORDS["a"]


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("small", "great"),
        TEXT[1:],
        TEXT[:20],
        "",
        TEXT.replace("\n", "\r\n"),
        "\ufeff" + TEXT,
        TEXT.replace("ö", "o\u0308"),
    ],
)
def test_other_words_at_the_place_are_refused_in_one_line(asserted: MakeStore, texts: Path, text: str) -> None:
    """With file, offsets and claim; no wrong word is ever shown."""
    (texts / "wren.txt").write_bytes(text.encode())
    with pytest.raises(DataError, match=r"wren\.txt: other words stand at offsets \d+ to \d+ .* claim:b") as caught:
        evidence(asserted(DATA), nodes("claim:b"), texts)
    assert "\n" not in str(caught.value)


def test_a_text_that_changed_elsewhere_still_shows_what_stands_in_place(asserted: MakeStore, texts: Path) -> None:
    """Each passage has a digest of its own."""
    (texts / "wren.txt").write_text(TEXT + "More.\n", encoding="utf-8", newline="")
    assert evidence(asserted(DATA), nodes("claim:c"), texts)[0].words == WORDS["c"]


def test_a_text_that_cannot_be_used_is_one_line(asserted: MakeStore, texts: Path) -> None:
    """Missing, not UTF-8, a folder; and a folder that is missing or none."""
    store, path = asserted(DATA), texts / "wren.txt"
    for folder, said in ((texts / "none", "no such folder"), (path, "not a folder")):
        with pytest.raises(DataError, match=said):
            evidence(store, nodes("claim:a"), folder)
    path.write_bytes(b"\xff")
    with pytest.raises(DataError, match=r"wren\.txt: is not UTF-8"):
        evidence(store, nodes("claim:a"), texts)
    path.unlink()
    with pytest.raises(DataError, match="has no text of source:w"):
        evidence(store, nodes("claim:a"), texts)
    path.mkdir()
    with pytest.raises(DataError, match=r"wren\.txt: is a folder, not a regular file"):
        evidence(store, nodes("claim:a"), texts)


def test_only_the_texts_that_a_row_needs_are_needed(asserted: MakeStore, texts: Path) -> None:
    """Another source's may be missing."""
    other = 'source:v a cg:Source ; rdfs:label "V"@en ; cg:published "2015"^^xsd:gYear ; cg:publisher id:paper ;'
    other += ' cg:url "http://y/"^^xsd:anyURI ; cg:dateBasis "-"@en ; cg:fileName "v.txt" ; cg:sha256 "0" .'
    assert evidence(asserted(DATA + other), nodes("claim:a"), texts)[0].words == WORDS["a"]


def test_the_grid_numbers_the_rows_and_has_words_only_where_there_are_some(asserted: MakeStore, texts: Path) -> None:
    """A row without evidence leaves a gap in the numbers."""
    store = asserted(DATA)
    plain = [evidence(store, nodes("claim:a")), [], evidence(store, nodes("reading:q"))]
    found = evidence_grid(plain)
    assert [row[0] for row in found.texts] == ["1", "3", "3", "3"]
    assert [row[6] for row in found.texts][:2] == ["0 to 16", ""]
    assert "the source's words" not in found.headings
    quoted = evidence_grid([evidence(store, nodes("claim:b"), texts)])
    assert quoted.headings[-1] == "the source's words" and quoted.texts[0][-1] == WORDS["b"]
    assert evidence_grid([]).rows == ()


# --- The real graph ---


def example(query: SavedQuery) -> dict[str, str]:
    """Give the example values of the parameters that a query requires."""
    lines = query.text.splitlines()
    return {
        name: lines[values_line(query, name)].split("{")[1].split("}")[0].strip(' "')
        for name, parameter in query.parameters.items()
        if parameter.required
    }


def answered(store: Store, name: str) -> Answer:
    query = saved_query(FROZEN, name)
    return ask(store, query, example(query))


@pytest.mark.parametrize("name", query_names(FROZEN))
def test_every_claim_and_reading_of_a_row_is_behind_it_and_every_row_has_one(store: Store, name: str) -> None:
    """Each in the order of the columns, with a citation, and each claim with a place."""
    answer = answered(store, name)
    bare = 0
    for row, found in zip(answer.rows, answer.evidence(), strict=True):
        named = list(dict.fromkeys(value for value in row.values() if str(value).startswith(ASSERTED)))
        values = [one.node.value for one in found]
        assert set(named) <= set(values)
        assert all(one.citation and one.says and one.status for one in found)
        claims = [one for one in found if one.node.value.startswith(PREFIXES["claim"])]
        assert all(one.start is not None and one.end is not None and one.start < one.end for one in claims)
        silent = row.get("status") == "no source says"
        bare += not found and not silent
        assert found or silent or name in WITHOUT, row
    assert bool(bare) == (name in WITHOUT), "an exception that is no longer needed"


def test_a_row_has_no_other_evidence_than_its_claims_and_the_grounds_of_its_readings(store: Store) -> None:
    """Found by hand, from the files."""
    answer = answered(store, "what-is-possibly-the-same")
    rests: dict[str, set[str]] = {}
    for row in select(store, "SELECT ?reading ?ground { ?reading cg:restsOn ?ground }"):
        rests.setdefault(row["reading"].value, set()).add(row["ground"].value)
    assert answer.rows
    for cells, found in zip(answer.rows, answer.evidence(), strict=True):
        wanted = {value for value in cells.values() if str(value).startswith(ASSERTED)}
        while more := {ground for node in wanted for ground in rests.get(node, ())} - wanted:
            wanted |= more
        assert {one.node.value for one in found} == wanted
        assert len(found) == len(wanted)


def test_every_claim_of_the_real_graph_has_its_words_in_the_articles(store: Store, articles: Path) -> None:
    """Which are never empty, and lie in the paragraph of the citation."""
    claims = [row["claim"] for row in select(store, "SELECT ?claim { ?claim a cg:Claim }")]
    found = evidence(store, claims, articles)
    assert len(found) == len(claims) > 150
    assert all(one.words.strip() == one.words != "" for one in found)
    (one,) = evidence(store, [iri("claim:s0-27")], articles)
    assert "Q30" in one.words and "paragraph 4" in one.citation


# --- The command ---


def test_evidence_is_shown_below_the_answer(run: Run) -> None:
    """A line for each claim, with the number of its row."""
    done, plain = (run("ask", ASK, "--platform", "MFA", *more) for more in (["--evidence"], []))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(plain.stdout + "\n")
    shown = done.stdout.removeprefix(plain.stdout).lstrip("\n")
    assert [line.split()[:2] for line in shown.splitlines()] == [
        ["row", "claim"],
        ["1", "claim:s0-27"],
        ["2", "claim:s0-27"],
        ["3", "claim:s0-26"],
        ["4", "claim:s0-25"],
        ["5", "claim:s1-17"],
    ]


def test_the_words_are_shown_from_ones_own_texts(run: Run, articles: Path) -> None:
    """Asking for them is asking for the evidence."""
    done = run("ask", ASK, "--platform", "MFA", "--texts", articles, "--format", "markdown")
    assert (done.returncode, done.stderr) == (0, "")
    assert "the source's words" in done.stdout and "Q30" in done.stdout.rpartition("| --- |")[2]


def test_changed_or_missing_texts_are_one_line(run: Run, articles: Path, tmp_path: Path) -> None:
    """Instead of a wrong word."""
    missing = run("ask", ASK, "--platform", "MFA", "--texts", tmp_path)
    for path in articles.glob("*.txt"):
        (tmp_path / path.name).write_bytes(b"X" + path.read_bytes())
    changed = run("ask", ASK, "--platform", "MFA", "--texts", tmp_path)
    for done, said in ((missing, "has no text of source:s0"), (changed, "other words stand at offsets")):
        assert done.returncode == 2 and said in done.stderr and len(done.stderr.splitlines()) == 1
        assert "the source's words" not in done.stdout


@pytest.mark.parametrize("form", ["csv", "json"])
def test_evidence_that_a_format_cannot_hold_is_not_dropped_in_silence(run: Run, form: str) -> None:
    """It is given, or refused in one line."""
    done = run("ask", ASK, "--platform", "MFA", "--evidence", "--format", form)
    if done.returncode == 0:
        assert "offsets" in done.stdout or "characters" in done.stdout, json.dumps(done.stdout[:80])
    else:
        assert len(done.stderr.splitlines()) == 1 and form in done.stderr
