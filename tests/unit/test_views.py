"""As of a date, or without a source: the graph is what the sources that count would have made it, and no more."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, parse

from compas_graph.answers import ask
from compas_graph.bundle import Bundle
from compas_graph.dates import parse_partial, period
from compas_graph.errors import UnknownNameError
from compas_graph.graph import open_graph
from compas_graph.names import things
from compas_graph.namespaces import PREFIXES, compact
from compas_graph.parameters import offers
from compas_graph.query import bind, query_names, saved_query
from compas_graph.store import FACTS, INFERENCES, iri, select
from compas_graph.views import View, restrict, without_sources
from tests import FROZEN, HEAD

Run = Callable[..., subprocess.CompletedProcess[str]]
MakeStore = Callable[[str], Store]
SOURCES = {"s0": "2014-06", "s1": "2015-07", "s2": "2014-06-27", "s3": "2025-11"}
DATES = [
    "2013",
    "2014-06-26",
    "2014-06-27",
    "2014-06",
    "2014",
    "2015-07-30",
    "2015",
    "2025-11-29",
    "2025-11-30",
    "2026",
]
TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}

DATA = """
source:a a cg:Source ; cg:published "2014-06"^^xsd:gYearMonth ; cg:publisher id:paper .
source:b a cg:Source ; cg:published "2015-07-28"^^xsd:date ; cg:publisher id:paper .
source:c a cg:Source ; cg:published "2016"^^xsd:gYear ; cg:publisher id:gazette .
passage:a cg:inSource source:a . passage:b cg:inSource source:b . passage:c cg:inSource source:c .
id:paper a cg:Outlet ; rdfs:label "The Paper"@en . id:gazette a cg:Outlet ; rdfs:label "The Gazette"@en .
id:wren a cg:Brand ; rdfs:label "Wren"@en ; cg:alias alias:cars , alias:birds .
id:lark a cg:Company ; rdfs:label "Lark"@en .
id:nest a cg:JointVenture ; rdfs:label "Nest"@en .
id:rook a cg:Company ; rdfs:label "Rook"@en ; cg:alias alias:rooks .
alias:cars a cg:Alias ; cg:spelling "Wren Cars" ; cg:usedBy source:a , source:c .
alias:birds a cg:Alias ; cg:spelling "The Birds" ; cg:usedBy source:b .
alias:rooks a cg:Alias ; cg:spelling "Rooks" ; cg:usedBy source:c .
claim:a1 a cg:GroupClaim ; rdfs:label "Wren is of Lark"@en ; cg:member id:wren ; cg:parent id:lark ;
  cg:modality cg:reported ; cg:passage passage:a .
claim:b1 a cg:OwnershipClaim ; rdfs:label "Lark owns of Nest"@en ; cg:owner id:lark ; cg:venture id:nest ;
  cg:modality cg:reported ; cg:passage passage:b .
claim:c1 a cg:OwnershipClaim ; rdfs:label "Rook owns of Nest"@en ; cg:owner id:rook ; cg:venture id:nest ;
  cg:modality cg:reported ; cg:passage passage:c .
omission:c2 a cg:Omission ; cg:passage passage:c .
reading:one a cg:PossiblySameReading ; cg:thing id:wren , id:lark ; cg:modality cg:inferred ;
  cg:restsOn claim:a1 ; cg:against claim:c1 .
reading:two a cg:PossiblySameReading ; cg:thing id:lark , id:nest ; cg:modality cg:inferred ;
  cg:restsOn claim:a1 , claim:b1 .
reading:three a cg:PossiblySameReading ; cg:thing id:wren , id:nest ; cg:modality cg:inferred ;
  cg:restsOn reading:two , claim:a1 .
reading:four a cg:OutcomeReading ; cg:plan claim:a1 ; cg:outcome claim:b1 , claim:c1 ; cg:modality cg:inferred ;
  cg:restsOn reading:three .
"""


def as_of(text: str) -> View:
    return View(parse_partial(text))


@cache
def real(day: str = "", without: tuple[str, ...] = ()) -> Store:
    """Give the real graph under a view; no test changes it."""
    return open_graph(FROZEN, view=View(parse_partial(day) if day else None, without))


def viewed(turtle: str, view: View) -> Store:
    """Give the graph of some Turtle under the real ontology, all derivations made."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "test.ttl").write_text(HEAD + turtle, encoding="utf-8")
        return open_graph(Bundle(FROZEN.ontology, Path(folder), FROZEN.queries), view=view)


def all_of(store: Store, kind: str) -> set[str]:
    """Give the names of all things of a kind, apart from the ontology's examples."""
    return {compact(row["x"].value) for row in select(store, f"SELECT ?x {{ ?x a {kind} }}")}


def said(store: Store) -> set[tuple[object, ...]]:
    """Give all quads but those with blank nodes, whose names change with every loading."""
    return {
        (quad.subject, quad.predicate, quad.object, quad.graph_name)
        for quad in store
        if not isinstance(quad.subject, BlankNode) and not isinstance(quad.object, BlankNode)
    }


# --- Which sources count ---


@pytest.mark.parametrize(
    ("published", "day", "counts", "vague"),
    [
        ("2014-06-27", "2014-06-27", True, False),
        ("2014-06-27", "2014-06-26", False, False),
        ("2014-06-27", "2014-06", True, False),
        ("2014-06-27", "2014", True, False),
        ("2014-06", "2014-06", True, False),
        ("2014-06", "2014-06-30", True, False),
        ("2014-06", "2014-06-29", False, True),
        ("2014-06", "2014-06-01", False, True),
        ("2014-06", "2014-05", False, False),
        ("2014-06", "2014-07-01", True, False),
        ("2014", "2014", True, False),
        ("2014", "2014-12-31", True, False),
        ("2014", "2014-12-30", False, True),
        ("2014", "2014-01", False, True),
        ("2014", "2013", False, False),
        ("2016-02", "2016-02-28", False, True),
        ("2016-02", "2016-02-29", True, False),
        ("2014-02", "2014-02-28", True, False),
    ],
)
def test_a_source_counts_if_it_was_published_for_certain_by_the_end_of_the_period(
    asserted: MakeStore, published: str, day: str, counts: bool, vague: bool
) -> None:
    """One that may have been published by then does not count, but is named."""
    kind = TYPES[len(published)]
    store = asserted(f'source:x a cg:Source ; cg:published "{published}"^^xsd:{kind} .')
    lost, named = without_sources(store, as_of(day))
    assert (iri("source:x") not in lost, named) == (counts, ["source:x"] if vague else [])


@pytest.mark.parametrize(
    "date", ['"2014-13"^^xsd:gYearMonth', '"soon"', '"2014-06-27"', '"2014"^^xsd:gYearMonth', "id:june", '"2014"@en']
)
def test_a_source_whose_date_is_none_never_counts_as_of_a_date(asserted: MakeStore, date: str) -> None:
    """It is not known to be early enough; without a date to ask for, it counts."""
    store = asserted(f"source:x a cg:Source ; cg:published {date} .")
    assert without_sources(store, as_of("2099")) == ({iri("source:x")}, [])
    assert without_sources(store, View()) == (set(), [])


def test_a_source_without_a_date_never_counts_as_of_a_date(asserted: MakeStore) -> None:
    """Nothing makes it certain that it was published by then."""
    assert without_sources(asserted("source:x a cg:Source ."), as_of("2099"))[0] == {iri("source:x")}


def test_a_source_without_a_date_can_be_left_out_by_name(asserted: MakeStore) -> None:
    """Its name is known."""
    assert without_sources(asserted("source:x a cg:Source ."), View(without=("x",)))[0] == {iri("source:x")}


@pytest.mark.parametrize("name", ["s1", "S1", "source:s1", PREFIXES["source"] + "s1", f"<{PREFIXES['source']}s1>"])
def test_a_source_is_left_out_by_any_form_of_its_name(name: str) -> None:
    """With the same graph."""
    assert said(real(without=(name,))) == said(real(without=("s1",)))


@pytest.mark.parametrize("name", ["s9", "", "id:mfa", "s1 ", "http://a b", '" } #', "s" * 10_000])
def test_a_source_that_there_is_not_is_refused_in_one_line(store: Store, name: str) -> None:
    """With the command that lists them, or close names."""
    with pytest.raises(UnknownNameError, match="source") as caught:
        without_sources(store, View(without=(name,)))
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


# --- What goes with a source ---


def test_nothing_is_left_out_unless_it_is_asked_for(asserted: MakeStore) -> None:
    """No view, and one that fits all sources, change nothing."""
    store, whole = asserted(DATA), said(asserted(DATA))
    for view in (View(), as_of("2016"), as_of("2030-01-01")):
        restrict(store, view)
        assert said(store) == whole


def test_claims_passages_and_omissions_go_with_their_source() -> None:
    """The others stay."""
    store = viewed(DATA, as_of("2015"))
    assert all_of(store, "cg:Claim") == {"claim:a1", "claim:b1"}
    assert all_of(store, "cg:Source") == {"source:a", "source:b"}
    gone = {"source:c", "passage:c", "claim:c1", "omission:c2", "id:rook", "alias:rooks", "id:gazette"}
    named = {compact(term.value) for quad in said(store) for term in quad[:3] if isinstance(term, NamedNode)}
    assert not named & gone


def test_things_that_nothing_left_mentions_are_gone() -> None:
    """With their spellings; an outlet goes with its last source."""
    assert [thing.label for thing in things(viewed(DATA, as_of("2014")))] == ["Lark", "The Paper", "Wren"]
    assert [thing.label for thing in things(viewed(DATA, as_of("2015")))] == ["Lark", "Nest", "The Paper", "Wren"]
    assert [thing.label for thing in things(viewed(DATA, View(without=("a", "b"))))] == ["Nest", "Rook", "The Gazette"]


@pytest.mark.parametrize(
    ("view", "aliases"),
    [
        (as_of("2014"), {"Wren Cars": ("source:a",)}),
        (as_of("2015"), {"Wren Cars": ("source:a",), "The Birds": ("source:b",)}),
        (View(without=("a", "b")), None),
        (View(without=("b",)), {"Wren Cars": ("source:a", "source:c")}),
        (View(without=("c",)), {"Wren Cars": ("source:a",), "The Birds": ("source:b",)}),
    ],
)
def test_a_spelling_is_known_only_where_a_source_left_uses_it(
    view: View, aliases: dict[str, tuple[str, ...]] | None
) -> None:
    """And then for those sources alone."""
    found = {thing.label: thing.aliases for thing in things(viewed(DATA, view))}
    assert found.get("Wren") == aliases


@pytest.mark.parametrize(
    ("view", "readings"),
    [
        (as_of("2014"), {"one"}),
        (as_of("2015"), {"one", "two", "three", "four"}),
        (View(without=("b",)), {"one"}),
        (View(without=("c",)), {"one", "two", "three", "four"}),
        (View(without=("a",)), set()),
    ],
)
def test_a_reading_falls_with_what_it_rests_on_in_however_many_steps(view: View, readings: set[str]) -> None:
    """What speaks against it, or one of several outcomes, it can do without."""
    assert all_of(viewed(DATA, view), "cg:Reading") == {f"reading:{name}" for name in readings}


def test_an_outcome_reading_falls_with_its_last_outcome() -> None:
    """Whatever it rests on."""
    only_later = DATA.replace("cg:outcome claim:b1 , claim:c1", "cg:outcome claim:c1")
    assert "reading:four" in all_of(viewed(only_later, View()), "cg:Reading")
    assert "reading:four" not in all_of(viewed(only_later, as_of("2015")), "cg:Reading")


def test_a_tension_needs_two_claims() -> None:
    """Of three it can lose one."""
    tension = "reading:t a cg:TensionReading ; cg:between claim:a1 , claim:b1 , claim:c1 ; cg:modality cg:inferred ."
    assert "reading:t" in all_of(viewed(DATA + tension, as_of("2015")), "cg:Reading")
    assert "reading:t" not in all_of(viewed(DATA + tension, as_of("2014")), "cg:Reading")


def test_facts_and_inferences_are_made_anew_from_what_is_left() -> None:
    """One that rests on two sources holds only while both count."""
    holds = "ASK { GRAPH %s { %s } }"
    owns = holds % (FACTS, "id:lark cg:ownsShareOf id:nest")
    chain = holds % (INFERENCES, "id:wren cg:parentOwnsShareOf id:nest")
    same = holds % (INFERENCES, "id:nest cg:possiblySameAs id:lark")
    for view, expected in (
        (View(), (True, True, True)),
        (as_of("2015"), (True, True, True)),
        (as_of("2014"), (False, False, False)),
        (View(without=("a",)), (True, False, False)),
        (View(without=("b",)), (False, False, False)),
    ):
        store = viewed(DATA, view)
        assert tuple(bool(store.query(text, prefixes=PREFIXES)) for text in (owns, chain, same)) == expected


def test_a_reading_that_rests_on_a_withdrawn_claim_is_gone() -> None:
    """As with one that is not yet published: what it yields does not hold, neither above it."""
    store = viewed(
        DATA.replace("cg:venture id:nest ;", 'cg:venture id:nest ; cg:withdrawn "2020"^^xsd:gYear ;'), View()
    )
    same = {(row["x"], row["y"]) for row in select(store, "SELECT ?x ?y { ?x cg:possiblySameAs ?y }")}
    assert same == {(iri("id:wren"), iri("id:lark")), (iri("id:lark"), iri("id:wren"))}


dates = st.builds(
    lambda year, month, day, length: f"{year:04d}-{month:02d}-{day:02d}"[:length],
    st.integers(2013, 2017),
    st.integers(1, 12),
    st.integers(1, 28),
    st.sampled_from([4, 7, 10]),
)


@given(dates, dates)
@example("2014-06-27", "2014-06")
@example("2015-07", "2015-07-31")
def test_a_later_date_never_takes_anything_away(one: str, other: str) -> None:
    """Of what the files assert, as of any date of any precision."""
    early, late = sorted((one, other), key=lambda text: period(parse_partial(text))[1])
    left = []
    for day in (early, late):
        store = Store()
        store.load(HEAD + DATA, RdfFormat.TURTLE)
        restrict(store, as_of(day))
        left.append(said(store))
    assert left[0] <= left[1]


# --- The real graph ---


def counted(day: str) -> set[str]:
    """Give the sources that were published for certain by the end of a period, by hand."""
    last = day if len(day) == 10 else {4: f"{day}-12-31", 7: f"{day}-30"}[len(day)]
    ends = {"s0": "2014-06-30", "s1": "2015-07-31", "s2": "2014-06-27", "s3": "2025-11-30"}
    return {name for name, end in ends.items() if end <= last}


@pytest.mark.parametrize("day", DATES)
def test_the_claims_as_of_a_date_are_those_of_the_files_of_the_sources_by_then(day: str) -> None:
    """All of them, and no others."""
    assert all_of(real(day), "cg:Source") == {f"source:{name}" for name in counted(day)}
    assert all_of(real(day), "cg:Claim") == {name for source in counted(day) for name in claims_in(source)}


@cache
def in_file(source: str) -> tuple[tuple[object, object], ...]:
    found = parse((FROZEN.graph / "sources" / f"{source}.ttl").read_bytes(), RdfFormat.TURTLE)
    return tuple((quad.subject, quad.object) for quad in found)


def claims_in(source: str) -> set[str]:
    names = {compact(subject.value) for subject, _ in in_file(source) if isinstance(subject, NamedNode)}
    return {name for name in names if name.startswith("claim:")}


@pytest.mark.parametrize("day", DATES)
def test_everything_that_a_source_by_then_mentions_is_there_and_the_rest_only_for_a_reading(day: str) -> None:
    """So that find and describe know no more than was known."""
    mentioned = {
        compact(term.value) for source in counted(day) for _, term in in_file(source) if isinstance(term, NamedNode)
    }
    mentioned = {name for name in mentioned if name.startswith("id:")}
    there = {compact(thing.node.value) for thing in things(real(day))}
    query = "SELECT ?thing { ?reading a cg:Reading ; ?role ?thing . ?thing a cg:Entity }"
    assert there == mentioned | {compact(row["thing"].value) for row in select(real(day), query)}
    for thing in things(real(day)):
        assert {name for names in thing.aliases.values() for name in names} <= {f"source:{x}" for x in counted(day)}


@pytest.mark.parametrize("day", DATES)
def test_a_reading_stands_just_when_all_that_it_rests_on_does(store: Store, day: str) -> None:
    """What has fallen lacks a ground, what stands lacks none."""
    there = all_of(real(day), "cg:Assertion")
    lacking = set()
    for row in select(store, "SELECT ?reading ?ground { ?reading cg:restsOn ?ground }"):
        if compact(row["ground"].value) not in there:
            lacking.add(compact(row["reading"].value))
    parts = "SELECT ?reading ?part { ?reading cg:plan|cg:outcome|cg:between ?part }"
    partly = {compact(row["reading"].value) for row in select(store, parts) if compact(row["part"].value) not in there}
    fallen = all_of(store, "cg:Reading") - all_of(real(day), "cg:Reading")
    assert lacking <= fallen <= lacking | partly


def test_every_later_date_tells_at_least_as_much_and_the_last_tells_all(store: Store) -> None:
    """Facts, inferences, readings, days, figures and disagreements included."""
    told = [said(real(day)) for day in DATES]
    assert all(early <= late for early, late in pairwise(told))
    assert told[-1] == said(store)
    assert [len(early) < len(late) for early, late in pairwise(told)].count(True) == 4


@pytest.mark.parametrize("source", SOURCES)
def test_without_a_source_no_more_is_told_and_nothing_of_it(store: Store, source: str) -> None:
    """Its name stands nowhere, nor do those of its passages and claims."""
    left = said(real(without=(source,)))
    assert left < said(store)
    own = {subject for subject, _ in in_file(source)}
    examples = iri("graph:ontology")
    assert not any(own & set(quad[:3]) for quad in left if quad[3] != examples)


def test_without_any_source_nothing_but_the_ontology_is_left() -> None:
    """No entity, reading or fact is the editors' alone."""
    assert {quad.graph_name for quad in real(without=tuple(SOURCES))} == {iri("graph:ontology")}
    assert said(real("2013")) == said(real(without=tuple(SOURCES)))


# --- Saved queries ---

QUERIES = query_names(FROZEN)


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_has_no_rows_without_any_source(name: str) -> None:
    """Bound to its example, or left open, it runs and says that no source says."""
    query = saved_query(FROZEN, name)
    store = real(without=tuple(SOURCES))
    assert list(select(store, query.text)) == [] == list(select(store, bind(query, {})))
    if not any(parameter.required for parameter in query.parameters.values()):
        answer = ask(store, query, {})
        assert (answer.rows, answer.evidence(), answer.grid.rows) == ([], [], ())


@pytest.mark.parametrize("source", SOURCES)
def test_every_saved_query_runs_on_one_source_and_cites_no_other(source: str) -> None:
    """Left open, and for things of that source."""
    store = real(without=tuple(other for other in SOURCES if other != source))
    cited = set()
    for name in QUERIES:
        query = saved_query(FROZEN, name)
        for values in asked(store, name):
            for row in ask(store, query, values).rows:
                cited |= {compact(value) for value in row.values() if str(value).startswith(PREFIXES["claim"])}
    assert cited and cited <= claims_in(source)


def asked(store: Store, name: str) -> list[dict[str, str]]:
    """Give values for a saved query: none if none are required, and some of each kind that there are."""
    parameters = saved_query(FROZEN, name).parameters.values()
    found: list[dict[str, str]] = [{}]
    for parameter in parameters:
        if parameter.type == "entity":
            typed = [thing.node.value for thing in things(store, parameter.kind)]
            typed = typed[:: max(1, len(typed) // 2)]
        else:
            typed = offers(parameter, lambda: store)[:2] or ["2014"]
        if parameter.required:
            found = [values | {parameter.name: text} for values in found for text in typed]
        else:
            found += [found[0] | {parameter.name: text} for text in typed if found]
    return found


# --- The commands ---

ASK = "which-models-share-a-platform"


def test_sources_that_are_only_too_vaguely_dated_are_named_beside_the_answer(run: Run) -> None:
    """On standard error, in one line; those that are simply later are not."""
    for command in (
        ["ask", "how-many-jobs"],
        ["find", "Nissan"],
        ["describe", "Nissan"],
        ["why", "Nissan", "a", "cg:Company"],
        ["sparql", "SELECT ?x { ?x a cg:Source }"],
    ):
        done = run(*command, "--as-of", "2014-06-27")
        assert (done.returncode, len(done.stderr.splitlines())) == (0, 1), done.stderr
        assert "source:s0" in done.stderr and "source:s1" not in done.stderr and "source:s2" not in done.stderr
    assert run("find", "Nissan", "--as-of", "2014-06").stderr == ""


def test_an_article_left_out_by_name_is_not_named_as_vague(run: Run) -> None:
    """The reader left it out."""
    assert run("find", "Nissan", "--as-of", "2014-06-27", "--without", "s0").stderr == ""


def test_what_only_later_sources_mention_is_absent_from_every_command(run: Run) -> None:
    """As if nobody had ever heard of it."""
    for thing in ("QX65", "COMPAS plant"):
        assert thing in run("find", thing).stdout
        assert run("find", thing, "--as-of", "2014").stdout.startswith("nothing here ")
    assert "vehicle model" not in run("describe", "QX65", "--as-of", "2014").stdout
    done = run("ask", "how-much-is-invested", "--plant", "COMPAS plant", "--as-of", "2014")
    assert "COMPAS" not in (done.stdout + done.stderr).replace("'COMPAS plant'", ""), "only as it was typed"
    assert "paragraph" not in done.stdout and len((done.stdout + done.stderr).splitlines()) == 1
    described = run("describe", "Nissan", "--as-of", "2014").stdout
    assert "2014" in described and "2015" not in described and "The News Wheel" not in described


def test_both_ways_of_leaving_out_go_together(run: Run) -> None:
    """And leaving out twice is leaving out once."""
    text = "SELECT ?x { ?x a cg:Source } ORDER BY ?x"
    done = run("sparql", text, "--as-of", "2015", "--without", "s0", "--without", "s0", "--format", "csv")
    assert [line.rpartition("/")[2] for line in done.stdout.split()] == ["x", "s1", "s2"]
