"""Sources are listed, passages are checked against texts, and words are cited as passages that check out."""

import hashlib
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from compas_graph import sources
from compas_graph.citing import cite
from compas_graph.errors import DataError, UnknownNameError
from compas_graph.files import read
from compas_graph.namespaces import CG, PREFIXES
from compas_graph.sources import PassageCheck, SourceCheck, Verification, list_sources, verify
from compas_graph.texts import Place, paragraphs
from tests import HEAD, ROOT

# Three paragraphs: signs beyond the basic plane, an empty line, a line of white space, and a repeated word.
TEXT = """\U0001f697 Wren Cars and “Lark” plan a plant.

It opens in 2031 – perhaps.
\x20\t
The plant is small. The plant is new.
"""
FIRST, SECOND, THIRD = "Wren Cars", "It opens in 2031", "The plant is small."

DIGEST = "0" * 64

Rewrite = Callable[[str], str]


def sha(data: str) -> str:
    return hashlib.sha256(data.encode()).hexdigest()


def source(text: str = TEXT, name: str = "t1", file: str = "wren.txt", published: str = '"2030"^^xsd:gYear') -> str:
    """Return the block of a source."""
    return f"""
source:{name} a cg:Source ; rdfs:label "{name.upper()}"@en ; cg:publisher id:gazette ; cg:published {published} ;
    cg:dateBasis "Invented."@en ; cg:url "http://example.org/{name}"^^xsd:anyURI ;
    cg:fileName "{file}" ; cg:sha256 "{sha(text)}" .
id:gazette rdfs:label "Gazette"@en .
"""


def passage(name: str, paragraph: int, start: int, end: int, digest: str | None = None, claims: str = "") -> str:
    """Return the block of a passage of TEXT, and of the claims (names with spaces between) that rest on it."""
    block = f"""
passage:{name} a cg:Passage ; cg:inSource source:t1 ; cg:paragraph {paragraph} ;
    oa:start {start} ; oa:end {end} ; cg:sha256 "{digest or sha(TEXT[start:end])}" .
"""
    return block + "".join(f"claim:{one} a cg:NameClaim ; cg:passage passage:{name} .\n" for one in claims.split())


def span(words: str, text: str = TEXT) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def graph(*blocks: str) -> Store:
    store = Store()
    for number, block in enumerate(blocks):
        store.load(HEAD + block, format=RdfFormat.TURTLE, to_graph=NamedNode(f"http://example.org/{number}"))
    return store


def sound() -> Store:
    """Return a graph whose three passages stand in TEXT."""
    return graph(
        source(),
        passage("t1-1-1", 1, *span(FIRST), claims="t1-01"),
        passage("t1-2-1", 2, *span(SECOND), claims="t1-03 t1-02"),
        passage("t1-3-1", 3, *span(THIRD)),
    )


def write(folder: Path, text: str = TEXT, name: str = "wren.txt") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def only_problem(found: Verification) -> PassageCheck:
    (problem,) = found.problems
    assert isinstance(problem, PassageCheck)
    return problem


# --- Paragraphs ---


def test_a_paragraph_is_a_line_with_more_than_white_space_and_without_its_line_end() -> None:
    text = "\r\nA\r\n \t\r\n\u00a0\nB b\rc\n\nD"
    places = paragraphs(text)
    assert [place.paragraph for place in places] == [1, 2, 3]
    assert [text[place.start : place.end] for place in places] == ["A", "B b\rc", "D"]


# --- Sources ---


def test_sources_are_listed_by_date_then_id_with_their_dates_as_printed() -> None:
    store = graph(
        source(name="t1", published='"2031-01-02"^^xsd:date'),
        source(name="t2", published='"2030-07"^^xsd:gYearMonth'),
        source(name="t4", published='"2030"^^xsd:gYear'),
        source(name="t3"),
    )
    assert [(info.id, info.published) for info in list_sources(store)] == [
        ("source:t3", "2030"),
        ("source:t4", "2030"),
        ("source:t2", "2030-07"),
        ("source:t1", "2031-01-02"),
    ]


def test_a_source_tells_its_label_publisher_basis_address_text_and_numbers() -> None:
    omission = "omission:t1-09 a cg:Omission ; cg:passage passage:t1-1-1 ."
    again = passage("t1-1-1", 1, *span(FIRST), claims="t1-01")
    (info,) = list_sources(graph(source(), again, passage("t1-1-2", 1, *span("plan"), claims="t1-01"), omission, again))
    assert (info.label, info.publisher, info.basis) == ("T1", "Gazette", "Invented.")
    assert (info.url, info.file_name, info.sha256) == ("http://example.org/t1", "wren.txt", sha(TEXT))
    assert (info.passages, info.claims) == (2, 1)


def test_what_a_source_does_not_say_is_listed_as_empty() -> None:
    (info,) = list_sources(graph("source:t1 a cg:Source ; cg:publisher id:gazette ."))
    assert (info.publisher, info.label, info.published, info.sha256, info.passages) == ("id:gazette", "", "", "", 0)


# --- Passages that are in place ---


def test_every_passage_of_a_sound_graph_is_ok(tmp_path: Path) -> None:
    write(tmp_path)
    found = verify(sound(), tmp_path)
    assert found.ok
    assert not found.problems
    assert found.counts == {"ok": 3, "wrong": 0, "shifted": 0, "unchecked": 0}
    assert found.checked == 3
    assert found.unknown == ()
    assert [check.id for check in found.sources[0].passages] == ["passage:t1-1-1", "passage:t1-2-1", "passage:t1-3-1"]


def test_a_renamed_text_is_matched_by_its_digest(tmp_path: Path) -> None:
    write(tmp_path, name="renamed.md")
    write(tmp_path, "Another.", name="another.txt")
    found = verify(sound(), tmp_path)
    assert found.ok
    assert found.sources[0].file == "renamed.md"
    assert found.unknown == ("another.txt",)


def test_of_equal_files_the_first_by_name_is_the_text_and_hidden_ones_are_none(tmp_path: Path) -> None:
    for name in ("d.txt", "b.txt", ".a.txt", "c.txt", "e.txt"):
        write(tmp_path, name=name)
    found = verify(sound(), tmp_path)
    assert found.sources[0].file == "b.txt"
    assert found.unknown == ("c.txt", "d.txt", "e.txt")


def test_an_extra_text_is_told_as_unknown_and_no_problem(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, name="extra.txt")
    write(tmp_path, name=".hidden")
    (tmp_path / "folder").mkdir()
    found = verify(sound(), tmp_path)
    assert found.ok
    assert found.unknown == ("extra.txt",)


def test_other_files_are_read_only_while_a_source_has_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    write(tmp_path, "Another.", name="another.txt")
    seen: list[str] = []

    def record(path: Path) -> bytes:
        seen.append(path.name)
        return read(path)

    monkeypatch.setattr(sources, "read", record)
    verify(sound(), tmp_path)
    assert seen == ["wren.txt"]
    verify(graph(source(), source("Third.", name="t2", file="third.txt")), tmp_path)
    assert "another.txt" in seen


def test_offsets_count_the_byte_order_mark_and_carriage_returns_as_they_are(tmp_path: Path) -> None:
    text = "\ufeffOne.\r\n\r\nTwo words.\r\n"
    path = write(tmp_path, text)
    block = cite(path, "Two words.", source_id="t1")
    assert "cg:paragraph 2 ;\n    oa:start 9 ;\n    oa:end 19 ;" in block
    assert verify(graph(source(text), block), tmp_path).ok


def test_only_the_sources_that_are_named_are_looked_at(tmp_path: Path) -> None:
    """As an author does who has the text of one."""
    write(tmp_path)
    both = graph(source(), source(name="t2", file="lark.txt", text="Another."), passage("t1-1-1", 1, *span(FIRST)))
    assert not verify(both, tmp_path).ok
    for name in ("t1", "T1", "source:t1"):
        assert [one.id for one in verify(both, tmp_path, [name]).sources] == ["source:t1"]
        assert verify(both, tmp_path, [name]).ok
    with pytest.raises(UnknownNameError, match="no source is called 't9'"):
        verify(both, tmp_path, ["t9"])


# --- Passages that are not ---


def test_a_missing_text_is_one_problem_that_names_the_claims_and_nothing_is_called_checked(tmp_path: Path) -> None:
    found = verify(sound(), tmp_path)
    (problem,) = found.problems
    assert isinstance(problem, SourceCheck)
    assert (problem.status, problem.file) == ("missing", None)
    assert problem.claims == ("claim:t1-01", "claim:t1-02", "claim:t1-03")
    assert found.counts == {"ok": 0, "wrong": 0, "shifted": 0, "unchecked": 3}
    assert found.checked == 0
    assert str(problem) == (
        "source:t1: missing: no text is called 'wren.txt' or has the digest that the graph gives "
        "[claims: claim:t1-01, claim:t1-02, claim:t1-03]"
    )


def test_in_a_changed_text_each_passage_is_still_checked_and_found(tmp_path: Path) -> None:
    write(tmp_path, TEXT.replace("It opens", "Now:\nIt opens").replace("small", "large"))
    found = verify(sound(), tmp_path)
    changed, shifted, wrong = found.problems
    start, end = span(SECOND)
    assert (changed.id, changed.status) == ("source:t1", "changed")
    assert changed.claims == ("claim:t1-02", "claim:t1-03")
    assert "wren.txt is not the text encoded; 1 of 3 passages stand where the graph says" in str(changed)
    assert isinstance(shifted, PassageCheck)
    assert (shifted.status, shifted.found) == ("shifted", Place(3, start + 5, end + 5))
    assert (wrong.id, wrong.status) == ("passage:t1-3-1", "wrong")
    assert found.checked == 3


@pytest.mark.parametrize("rewrite", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_a_text_changed_only_in_line_ends_or_byte_order_mark_says_so(rewrite: Rewrite, tmp_path: Path) -> None:
    write(tmp_path, rewrite(TEXT))
    found = verify(sound(), tmp_path)
    assert "though only in line ends or byte order mark" in str(found.problems[0])
    assert found.counts["wrong"] == 0
    assert found.counts["shifted"] > 0


def test_wrong_words_are_told_with_source_passage_place_and_sorted_claims(tmp_path: Path) -> None:
    write(tmp_path)
    problem = only_problem(verify(graph(source(), passage("t1-2-1", 2, 39, 55, DIGEST, "t1-03 t1-02")), tmp_path))
    assert problem.status == "wrong"
    assert problem.found is None
    assert str(problem) == (
        "source:t1 passage:t1-2-1 (paragraph 2, offsets 39 to 55): wrong: other words stand there "
        "[claims: claim:t1-02, claim:t1-03]"
    )


@pytest.mark.parametrize(("near", "nearest"), [(-20, 0), (1, 0), (10, 0), (11, 1), (19, 1), (30, 1)])
def test_a_shifted_passage_is_found_at_the_nearest_place(near: int, nearest: int, tmp_path: Path) -> None:
    write(tmp_path, "." * 20 + "wren" + "." * 16 + "wren" + "." * 20)
    stored = passage("t1-1-1", 1, 20 + near, 24 + near, sha("wren"), "t1-01")
    problem = verify(graph(source(), stored), tmp_path).problems[1]
    assert isinstance(problem, PassageCheck)
    assert problem.found == Place(1, 20 * (nearest + 1), 20 * (nearest + 1) + 4)


def test_a_shifted_passage_is_told_with_its_new_place_and_claims(tmp_path: Path) -> None:
    write(tmp_path)
    start, end = span(SECOND)
    stored = passage("t1-2-1", 1, 0, end - start, sha(SECOND), "t1-01")
    assert str(only_problem(verify(graph(source(), stored), tmp_path))) == (
        f"source:t1 passage:t1-2-1 (paragraph 1, offsets 0 to {end - start}): shifted: other words stand there; "
        f"its words stand in paragraph 2, offsets {start} to {end} [claims: claim:t1-01]"
    )


def test_offsets_past_the_end_are_told_and_the_words_are_looked_for(tmp_path: Path) -> None:
    write(tmp_path)
    size = len(TEXT)
    stored = passage("t1-3-1", 3, size - 2, size + 7, sha("The plant")), passage("t1-3-2", 3, 10**12, 10**12 + 9)
    shifted, lost = verify(graph(source(), *stored), tmp_path).problems
    assert isinstance(shifted, PassageCheck)
    assert (shifted.status, shifted.found) == ("shifted", Place(3, *(TEXT.rindex("The plant") + n for n in (0, 9))))
    assert f"its offsets run past the end of the text at {size}" in str(shifted)
    assert lost.status == "wrong"


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 2), (-9, -1)])
def test_offsets_that_are_no_span_are_wrong(start: int, end: int, tmp_path: Path) -> None:
    write(tmp_path)
    problem = only_problem(verify(graph(source(), passage("t1-1-1", 1, start, end)), tmp_path))
    assert (problem.status, problem.reason) == ("wrong", "its offsets are no span")


def test_a_wrong_paragraph_number_is_told_with_the_right_one(tmp_path: Path) -> None:
    write(tmp_path)
    problem = only_problem(verify(graph(source(), passage("t1-3-1", 2, *span(THIRD))), tmp_path))
    assert (problem.status, problem.found) == ("wrong", Place(3, *span(THIRD)))
    assert problem.reason == "its paragraph number does not fit its offsets"


@pytest.mark.parametrize("words", ["plant.\n\nIt", "plant.\n", " \t"])
def test_offsets_that_leave_the_paragraph_are_wrong_though_the_words_are_right(words: str, tmp_path: Path) -> None:
    write(tmp_path)
    problem = only_problem(verify(graph(source(), passage("t1-1-1", 1, *span(words))), tmp_path))
    assert (problem.status, problem.reason) == ("wrong", "its offsets do not lie within one paragraph")


# --- What cannot be checked ---


def test_a_folder_that_is_missing_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such folder; name the one that holds the texts"):
        verify(sound(), tmp_path / "none")
    with pytest.raises(DataError, match="this is not a folder; name the one that holds the texts"):
        verify(sound(), write(tmp_path))


def test_a_text_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "wren.txt").mkdir()
    with pytest.raises(DataError, match=r"wren\.txt: is a folder, not a regular file; name a file$"):
        verify(sound(), tmp_path)


def test_a_folder_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(DataError, match=r"cannot be read \(Permission denied\)$"):
        verify(sound(), tmp_path)


def test_a_text_that_is_not_utf8_is_refused_with_the_byte(tmp_path: Path) -> None:
    (tmp_path / "wren.txt").write_bytes("é".encode() + b"Caf\xe9")
    with pytest.raises(DataError, match=r"wren\.txt: is not UTF-8 \(byte 6\); save it as UTF-8"):
        verify(sound(), tmp_path)
    with pytest.raises(DataError, match=r"is not UTF-8 \(byte 6\)"):
        cite(tmp_path / "wren.txt", "Caf")


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (passage("t1-1-1", 1, 0, 9) + "passage:t1-1-1 oa:start 1 .", "passage:t1-1-1: oa:start has 2 values"),
        (passage("t1-1-1", 1, 0, 9).replace("oa:end 9", 'oa:end "9.5"'), "oa:end is '9.5'; a whole number is needed"),
        (passage("t1-1-1", 1, 0, 9).replace("source:t1", "source:t9"), "passage:t1-1-1: source:t9 is not a cg:Source"),
        ("passage:t1-1-1 a cg:Passage .", "passage:t1-1-1: cg:inSource has no value"),
        ("passage:t1-1-1 cg:inSource source:t1 .", "passage:t1-1-1: cg:paragraph has no value"),
        ("claim:t1-01 cg:passage passage:t1-1-1 .", "passage:t1-1-1: cg:inSource has no value"),
    ],
)
def test_a_passage_that_could_not_be_checked_is_refused_and_not_skipped(
    block: str, message: str, tmp_path: Path
) -> None:
    write(tmp_path)
    with pytest.raises(DataError, match=re.escape(message)):
        verify(graph(source(), block), tmp_path)


def test_a_graph_without_sources_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the graph holds no source"):
        verify(Store(), tmp_path)


# --- Citing ---


def test_a_citation_is_a_block_in_the_form_of_the_source_files(tmp_path: Path) -> None:
    start, end = span(SECOND)
    assert cite(write(tmp_path), SECOND, source_id="t1") == (
        "@prefix cg: <https://w3id.org/compas-graph/ontology#> .\n"
        "@prefix oa: <http://www.w3.org/ns/oa#> .\n"
        "@prefix passage: <https://w3id.org/compas-graph/passage/> .\n"
        "@prefix source: <https://w3id.org/compas-graph/source/> .\n"
        "\n"
        "# Paragraph 2\n"
        "\n"
        f"passage:t1-2-{start}-{end} a cg:Passage ;\n"
        "    cg:inSource source:t1 ;\n"
        "    cg:paragraph 2 ;\n"
        f"    oa:start {start} ;\n"
        f"    oa:end {end} ;\n"
        f'    cg:sha256 "{sha(SECOND)}" .\n'
    )


def test_the_committed_passages_are_what_a_citation_prints_but_for_name_and_comment() -> None:
    committed = (ROOT / "graph" / "sources" / "s1.ttl").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        printed = cite(write(Path(folder)), FIRST, source_id="s1").split("\n\n")

    def form(block: str) -> str:
        return re.sub(r"[0-9]+", "0", re.sub(r'"[0-9a-f]{64}"|passage:\S+|, sentence [0-9]+', "", block)).strip()

    blocks = {form(block) for block in committed.split("\n\n")}
    assert form(printed[1]) in blocks
    assert form(printed[2]) in blocks


@pytest.mark.parametrize(
    ("given_as", "cited"),
    [
        ("  plan a plant.\n", "plan a plant."),
        ('Cars and "Lark"', "Cars and “Lark”"),
        ("2031 - perhaps", "2031 – perhaps"),
        ("opens   in\n2031", "opens in 2031"),
    ],
)
def test_white_space_quotation_marks_and_dashes_may_differ_but_the_texts_span_is_cited(
    given_as: str, cited: str, tmp_path: Path
) -> None:
    assert sha(cited) in cite(write(tmp_path), given_as)


def test_an_exact_match_goes_before_one_that_looks_alike(tmp_path: Path) -> None:
    path = write(tmp_path, 'A “b” c.\nA "b" c.\n')
    assert "# Paragraph 2" in cite(path, 'A "b" c.')


def test_words_that_stand_in_several_places_need_an_occurrence(tmp_path: Path) -> None:
    path = write(tmp_path)
    message = "'plant' stand there 3 times, in paragraphs 1, 3, 3; give more words, or an occurrence from 1 to 3"
    with pytest.raises(DataError, match=message):
        cite(path, "plant")
    assert f"oa:start {TEXT.rindex('plant')} ;" in cite(path, "plant", occurrence=3)
    assert "# Paragraph 1" in cite(path, "plant", occurrence=1)


@pytest.mark.parametrize("occurrence", [-1, 0, 4])
def test_an_occurrence_that_there_is_not_is_refused(occurrence: int, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"have no occurrence {occurrence}; give one from 1 to 3"):
        cite(write(tmp_path), "plant", occurrence)


def test_overlapping_occurrences_are_all_counted(tmp_path: Path) -> None:
    assert "oa:start 2 ;" in cite(write(tmp_path, "ababa"), "aba", occurrence=2)


@pytest.mark.parametrize("words", ["a plant.\n\nIt opens", "a plant. It opens"])
def test_words_over_the_end_of_a_paragraph_are_refused(words: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="run over the end of a paragraph; cite the part in each paragraph by itself"):
        cite(write(tmp_path), words)


@pytest.mark.parametrize("words", ["", " \n\t"])
def test_empty_words_are_refused(words: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no words are given"):
        cite(write(tmp_path), words)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("It opens in 2032", "the closest is in paragraph 2: 'It opens in 2031 – perhaps.'"),
        ("the plant is small.", "the closest is in paragraph 3: 'The plant is small. The plant is new.'"),
        ("a plant. It closes", "the closest is in paragraph 1: 'a plant. It'"),
        ("Zebra crossing", "copy them from the text"),
    ],
)
def test_words_that_are_not_there_get_the_closest_place_in_one_line(words: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        cite(write(tmp_path), words)
    assert str(caught.value).endswith(f"the words '{words}' do not stand there; {hint}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("file", "source_id", "name"),
    [
        ("wren.txt", "t1", "t1"),
        ("wren.txt", "source:t1", "t1"),
        ("000_8d-x.y.txt", None, "000_8d-x.y"),
        ("Über uns (neu).txt", None, "ber-uns-neu"),
        ("新闻.txt", None, "text"),
    ],
)
def test_a_citation_is_named_after_the_source_or_the_file(
    file: str, source_id: str | None, name: str, tmp_path: Path
) -> None:
    block = cite(write(tmp_path, name=file), SECOND, source_id=source_id)
    (said,) = (quad for quad in parse(block, RdfFormat.TURTLE) if quad.predicate == NamedNode(CG + "inSource"))
    assert said.object == NamedNode(PREFIXES["source"] + name)
    assert str(said.subject).startswith(f"<{PREFIXES['passage']}{name}-2-")


@pytest.mark.parametrize("source_id", ["", "my source", "t1 ; a cg:Claim", "-", "source:"])
def test_a_source_name_that_turtle_does_not_allow_is_refused(source_id: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot name a source"):
        cite(write(tmp_path), SECOND, source_id=source_id)


def test_a_text_to_cite_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.txt: no such file or folder$"):
        cite(tmp_path / "none.txt", "words")


def test_two_spans_with_one_start_get_two_names(tmp_path: Path) -> None:
    path = write(tmp_path)
    both = graph(source(), cite(path, "It opens", source_id="t1"), cite(path, "It opens in", source_id="t1"))
    assert verify(both, tmp_path).counts["ok"] == 2


def spans(text: str) -> list[tuple[int, int]]:
    """Return every span of a text that begins and ends with a sign and lies in one line."""
    return [
        (start, end)
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
        if text[start:end].strip() == text[start:end] and "\n" not in text[start:end]
    ]


ANY_TEXT = st.text(st.sampled_from('ab .\n\r\t“"-–\u00a0\u2028\ufeffé\U0001f697'), max_size=40)


@given(ANY_TEXT.filter(spans).flatmap(lambda text: st.tuples(st.just(text), st.sampled_from(spans(text)))))
@example(("a\r\nb", (3, 4)))
def test_whatever_is_cited_is_found_where_the_citation_says(case: tuple[str, tuple[int, int]]) -> None:
    text, (start, end) = case
    words = text[start:end]
    with tempfile.TemporaryDirectory() as folder:
        block = cite(write(Path(folder), text), words, occurrence=1, source_id="t1")
        found = verify(graph(source(text), block), Path(folder))
    (check,) = found.sources[0].passages
    assert found.ok, found.problems
    assert text[check.place.start : check.place.end] == words
