"""Every saved query is well formed, answers as its golden file says, and keeps plans, denials and readings apart.

The answer of each query as it stands is kept in `tests/frozen/answers/NAME.tsv`, which tests/frozen/freeze.py
writes anew: the files are what the project says is right.
"""

import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from compas_graph.graph import open_graph
from compas_graph.namespaces import CG, PREFIXES
from compas_graph.parameters import TYPES, Asked, Parameter, Value, offers, read
from compas_graph.query import SavedQuery, bind, query_names, saved_query, values_line
from compas_graph.query import (
    example as typed_example,
)
from compas_graph.results import columns, grid
from compas_graph.store import FACTS, iri, select
from tests import FROZEN
from tests.frozen.freeze import ANSWERS
from tests.frozen.freeze import answer as golden

NAMES = query_names(FROZEN)
QUERIES = [saved_query(FROZEN, name) for name in NAMES]

STANDINGS = {"stated", "planned", "considered", "rumoured", "promised", "opinion", "inferred"}
STATUSES = STANDINGS | {"met", "partly", "changed", "not reported", "not yet due", "sources disagree", "no source says"}
DENIAL = "in the negative"

EVERY_CLAIM_OF = {
    "how-many-jobs": ("JobsClaim",),
    "how-much-is-invested": ("InvestmentClaim",),
    "what-ends-and-when": ("ClosureClaim",),
    "what-is-the-capacity": ("CapacityClaim",),
    "what-succeeds-what": ("SuccessionClaim",),
    "which-brands-belong-to-whom": ("GroupClaim",),
    "which-engines-go-where": ("EngineClaim",),
    "which-measures-are-taken": ("ClosureClaim", "MeasureClaim"),
    "who-holds-which-role": ("RoleClaim",),
    "who-owns-a-venture": ("OwnershipClaim",),
    "who-works-with-whom": ("CollaborationClaim", "PartnershipClaim"),
    "why-a-site-was-chosen": ("SiteChoiceClaim",),
}
"""Queries that leave out no claim of some kinds while their parameters are open."""

WITHOUT_STANDING = {
    "what-is-a-sum-in-another-currency": "converted sums are inferred",
    "what-is-possibly-the-same": "readings are inferred",
    "what-no-source-says": "there is no claim to cite",
}
"""Queries that show no claim's own standing, and why."""


def named(one: SavedQuery | str) -> str:
    return one.name if isinstance(one, SavedQuery) else one


ids = pytest.mark.parametrize("query", QUERIES, ids=NAMES)
PARAMETERS = [(query, name) for query in QUERIES for name in query.parameters]
each_parameter = pytest.mark.parametrize(
    ("query", "name"), PARAMETERS, ids=[f"{query.name} --{name}" for query, name in PARAMETERS]
)
Row = dict[str, str]


@cache
def graph() -> Store:
    """Give the whole graph; no test changes it."""
    return open_graph(FROZEN)


@cache
def dataset() -> rdflib.Dataset:
    """Give the same quads to rdflib, its default graph being the union of all."""
    found = rdflib.Dataset(default_union=True)
    found.parse(data=graph().dump(format=RdfFormat.N_QUADS), format="nquads")
    return found


def copy(store: Store, *more: Quad) -> Store:
    """Give a new store with the quads of another and some more."""
    other = Store()
    other.bulk_extend([*store, *more])
    return other


def ask(text: str, store: Store | None = None) -> tuple[list[str], list[Row]]:
    """Give the variables of an answer and its rows, each value as in N-Triples, unbound ones left out."""
    if store is None:
        known = answered(text)
        return list(known[0]), list(known[1])
    found = select(store, text)
    names = [variable.value for variable in found.variables]
    return names, [{name: str(row[name]) for name in names if row[name] is not None} for row in found]


@cache
def answered(text: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    names, rows = ask(text, graph())
    return tuple(names), tuple(rows)


def answer(query: SavedQuery) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Give the variables and the rows of the answer of a query as it stands."""
    return answered(query.text)


def example(query: SavedQuery, name: str) -> str:
    """Give the term that stands in the `VALUES` line of a parameter."""
    line = query.text.splitlines()[values_line(query, name)]
    return line.split("{")[1].split("}")[0].strip()


def body(query: SavedQuery) -> str:
    """Give a query without its header, comments, strings and IRIs."""
    text = re.sub(r'"[^"\n]*"', '""', query.text)
    text = re.sub(r"PREFIX (\w+): <[^>]*>", "", text)
    return re.sub(r"#.*", "", re.sub(r"<https?:[^>]*>", "<>", text))


def candidates(parameter: Parameter) -> Iterator[Value]:
    """Yield values for a parameter: each that is offered, some dates, or each thing of its class."""
    if TYPES[parameter.type].closed:
        for offered in offers(parameter, graph):
            yield from read(Asked(parameter, offered, graph())).values
    elif parameter.type == "entity":
        rows = select(graph(), f"SELECT DISTINCT ?thing {{ ?thing a {parameter.kind} }} ORDER BY ?thing")
        yield from (row["thing"] for row in rows)
    else:
        assert parameter.type == "date", parameter
        for date in ("2014", "2017-06", "2025-11-30"):
            yield from read(Asked(parameter, date, graph())).values


def required(query: SavedQuery) -> dict[str, list[Value]]:
    """Give the example values of the parameters that a query requires."""
    found: dict[str, list[Value]] = {}
    for name, parameter in query.parameters.items():
        if parameter.required:
            text = example(query, name)
            found[name] = [Literal(text.strip('"')) if text.startswith('"') else iri(text)]
    return found


def said(row: Row, names: tuple[str, ...], query: SavedQuery) -> tuple[str, ...]:
    """Give what a row says apart from what was asked for and from notes that depend on it."""
    asked = {name + end for name in query.parameters for end in ("", "Label")}
    return tuple(row.get(name, "") for name in names if name not in asked and not name.endswith("Note"))


# --- Golden answers ---


def test_every_query_has_an_answer_and_every_answer_a_query() -> None:
    assert [path.stem for path in sorted(ANSWERS.iterdir())] == NAMES
    assert {path.suffix for path in ANSWERS.iterdir()} == {".tsv"}
    assert len(NAMES) > 20


@ids
def test_a_query_as_it_stands_gives_its_golden_answer_in_order(query: SavedQuery) -> None:
    expected = (ANSWERS / f"{query.name}.tsv").read_text("utf-8")
    assert golden(graph(), query).decode().splitlines() == expected.splitlines()


@ids
def test_no_golden_answer_is_empty_unless_the_query_says_why(query: SavedQuery) -> None:
    assert answer(query)[1] or "no rows" in query.description


@pytest.mark.long
@ids
def test_rdflib_gives_the_same_rows_in_the_same_order(query: SavedQuery) -> None:
    names = answer(query)[0]
    ours = [
        {name: neutral(row[name]) for name in names if row[name] is not None} for row in select(graph(), query.text)
    ]
    bindings = dataset().query(query.text).bindings
    assert [{str(name): neutral(value) for name, value in row.items() if value is not None} for row in bindings] == ours


def neutral(value: object) -> object:
    """Give a term of either library as a value that compares by meaning."""
    if isinstance(value, NamedNode | rdflib.URIRef):
        return str(getattr(value, "value", value))
    if isinstance(value, rdflib.Literal):
        lexical, language, datatype = str(value), value.language, str(value.datatype or PREFIXES["xsd"] + "string")
    else:
        assert isinstance(value, Literal), value
        lexical, language, datatype = value.value, value.language, value.datatype.value
    if language:
        return lexical, language
    number = datatype.removeprefix(PREFIXES["xsd"]) in ("decimal", "integer")
    return (Decimal(lexical), "number") if number else (lexical, datatype)


# --- The form of the files ---


@ids
def test_the_header_asks_a_question_and_says_what_no_source_says(query: SavedQuery) -> None:
    assert re.fullmatch(r"[A-Z].*\?", query.summary)
    assert query.description[:1].isupper() and query.description.endswith(".")
    assert query.none and not query.none.endswith((".", "?"))
    assert query.tags and all(re.fullmatch(r"[a-z][a-z ]*", tag) for tag in query.tags)
    placeholders = {name for _, name, _, _ in string.Formatter().parse(query.none) if name is not None}
    assert placeholders <= set(query.parameters)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", query.name)


@ids
def test_every_parameter_is_bound_by_one_line_in_the_order_of_the_header(query: SavedQuery) -> None:
    lines = [values_line(query, name) for name in query.parameters]
    assert lines == sorted(lines)
    for name, parameter in query.parameters.items():
        line = query.text.splitlines()[values_line(query, name)]
        assert line.endswith("# required" if parameter.required else "# optional")
        assert (set(example(query, name).strip("()").split()) == {"UNDEF"}) is not parameter.required
        assert parameter.help and not parameter.help.endswith(".")


@each_parameter
def test_every_parameter_has_an_example_of_its_type(query: SavedQuery, name: str) -> None:
    parameter = query.parameters[name]
    assert bool(parameter.kind) is (parameter.type in ("concept", "entity", "subclass"))
    assert bool(parameter.choices) is (parameter.type == "choice")
    assert all(isinstance(choice, str) for choice in parameter.choices)
    text = example(query, name)
    if not parameter.required:
        return
    if parameter.type == "entity":
        assert parameter.kind in {row["kind"] for row in select(graph(), f"SELECT ?kind {{ {text} a ?kind }}")}
    else:
        assert read(Asked(parameter, typed_example(query, name), graph())).values


@ids
def test_what_was_asked_for_is_projected_first_with_its_label(query: SavedQuery) -> None:
    entities = [name for name, parameter in query.parameters.items() if parameter.type == "entity"]
    expected = [name + end for name in entities for end in ("", "Label")]
    assert [name for name in answer(query)[0] if name in expected] == expected
    if expected:
        assert list(answer(query)[0][: len(expected)]) == expected


@ids
def test_the_columns_are_named_and_labels_and_notes_stand_beside_what_they_help(query: SavedQuery) -> None:
    names = answer(query)[0]
    assert set(query.headings) <= set(names)
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", name) for name in names)
    for name in names:
        for end in ("Label", "Note"):
            if name.endswith(end):
                assert name.removesuffix(end) in names[: names.index(name)]
    citable = {str(row["node"]) for row in select(graph(), "SELECT ?node { ?node a cg:Assertion }")}
    for row in answer(query)[1]:
        for name in names:
            if row.get(name, "").startswith("<"):
                assert name + "Label" in names or row[name] in citable, name


@ids
def test_the_prefixes_are_those_of_the_project_and_all_are_used(query: SavedQuery) -> None:
    declared = dict(re.findall(r"^PREFIX (\w+): <([^>]*)>$", query.text, re.MULTILINE))
    assert declared.items() <= PREFIXES.items()
    assert set(re.findall(r"(?<![\w?:])(\w+):\w", body(query))) == set(declared)


@ids
def test_every_term_is_one_of_the_ontology_and_every_thing_is_in_the_graph(query: SavedQuery) -> None:
    names = set(re.findall(r"(?<![\w?:])(?:cg|id):[\w-]+", body(query)))
    assert names
    for name in names:
        assert list(select(graph(), f"SELECT ?label {{ {name} rdfs:label ?label }}")), name


@ids
def test_a_query_keeps_to_standard_sparql_that_any_store_runs(query: SavedQuery) -> None:
    """No other server, no named graph of ours, no star, and the text runs without our prefixes."""
    words = re.findall(r"\b[A-Z]{2,}\b", body(query))
    assert not {"SERVICE", "GRAPH", "FROM", "DESCRIBE", "CONSTRUCT", "ASK"} & set(words)
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", query.text)
    assert not re.search(r"(?<![?\w:])(select|where|filter|optional|union|values|bind|minus|order by)\b", body(query))
    Store().query(query.text)


@ids
def test_the_order_is_total(query: SavedQuery) -> None:
    """No two rows agree in all projected variables of `ORDER BY`, whatever is asked for."""
    clause = query.text.rpartition("\nORDER BY ")[2]
    keys = [name for name in re.findall(r"\?(\w+)", clause) if name in answer(query)[0]]
    for text in (query.text, *variants(query)):
        rows = ask(text)[1]
        doubled = [key for key, count in Counter(tuple(r.get(k) for k in keys) for r in rows).items() if count > 1]
        assert not doubled


@ids
def test_the_order_is_one_that_sparql_defines(query: SavedQuery) -> None:
    """It defines none for text with a language, which is sorted as plain text."""
    clause = query.text.rpartition("\nORDER BY ")[2]
    bare = set(re.findall(r"\?(\w+)", re.sub(r'STR\(COALESCE\(\?\w+, ""\)\)', "", clause)))
    assert not any(name.endswith("Label") for name in bare)
    for text in (query.text, *variants(query)):
        assert not any(row[name].endswith("@en") for row in ask(text)[1] for name in bare & row.keys())


# --- Parameters ---


def variants(query: SavedQuery) -> list[str]:
    """Give the query with each optional parameter bound by itself, to the first value that finds something."""
    return variants_of(query.name)


@cache
def variants_of(name_of_query: str) -> list[str]:
    query = saved_query(FROZEN, name_of_query)
    found = []
    for name, parameter in query.parameters.items():
        if not parameter.required:
            texts = [bind(query, {**required(query), name: [value]}) for value in candidates(parameter)]
            found.append(next((text for text in texts if ask(text)[1]), texts[0]))
    return found


@pytest.mark.parametrize(
    "query", [query for query in QUERIES if not all(one.required for one in query.parameters.values())], ids=named
)
def test_an_optional_parameter_only_leaves_rows_out(query: SavedQuery) -> None:
    names, rows = answer(query)
    whole = Counter(said(row, names, query) for row in rows)
    assert variants(query)
    for text in variants(query):
        narrowed = Counter(said(row, names, query) for row in ask(text)[1])
        assert narrowed and not narrowed - whole


CLOSED = [(query, name) for query in QUERIES for name, one in query.parameters.items() if TYPES[one.type].closed]


@pytest.mark.parametrize(("query", "name"), CLOSED, ids=[f"{query.name} {name}" for query, name in CLOSED])
def test_some_of_what_is_offered_for_a_parameter_finds_something(query: SavedQuery, name: str) -> None:
    """No list is of other words than those that the query compares with; sources need not speak of all."""
    asked = (bind(query, {**required(query), name: [value]}) for value in candidates(query.parameters[name]))
    assert any(ask(text)[1] for text in asked)


@pytest.mark.parametrize("query", [query for query in QUERIES if "inferred" in query.parameters], ids=named)
def test_excluding_what_is_inferred_leaves_only_what_is_said_of_the_thing_itself(query: SavedQuery) -> None:
    """With `--inferred exclude` no row carries a note that crosses a reading."""
    crossing = re.compile(r"possibly the same|taken to mean")
    entity = next(name for name, parameter in query.parameters.items() if parameter.type == "entity")
    crossed = False
    for value in sorted(set(candidates(query.parameters[entity])) & read_into(), key=str)[::6]:
        names, rows = ask(bind(query, {entity: [value]}))
        own = ask(bind(query, {entity: [value], "inferred": [Literal("exclude")]}))[1]
        notes = [name for name in names if name.endswith("Note") and name != "otherAboutNote"]
        assert not any(crossing.search(row.get(name, "")) for row in own for name in notes)
        crossed |= any(crossing.search(row.get(name, "")) for row in rows for name in notes)
    assert crossed


@cache
def read_into() -> set[Value]:
    """Give the things of which a reading says that they are possibly another, or are meant by a vague name."""
    rows = select(graph(), "SELECT ?thing { ?reading cg:thing|cg:referent ?thing }")
    return {row["thing"] for row in rows}


@ids
def test_a_query_runs_on_an_empty_graph(query: SavedQuery) -> None:
    for text in (query.text, *variants(query)):
        assert ask(text, Store())[1] == []


# --- What answers may not do ---


def column(names: tuple[str, ...]) -> list[str]:
    """Give the columns that hold claims."""
    return [name for name in names if name == "claim" or name.endswith("Claim")]


@ids
def test_every_status_is_a_word_of_the_one_vocabulary(query: SavedQuery) -> None:
    names, rows = answer(query)
    for name, words in (("status", STATUSES), ("standing", STANDINGS), ("otherStanding", STANDINGS)):
        assert {row[name].strip('"') for row in rows if name in row} <= words
    assert "status" in names or "document" in names


@ids
def test_the_status_of_a_row_is_that_of_the_claim_it_cites(query: SavedQuery) -> None:
    """A plan is never shown as a report."""
    own = {
        str(row["claim"]): str(row["status"])
        for row in select(graph(), "SELECT ?claim ?status { ?claim a cg:Claim ; cg:modality/cg:status ?status }")
    }
    shown = [
        (row[status], own[row[claim]])
        for row in answer(query)[1]
        for status, claim in (("status", "claim"), ("standing", "claim"), ("standing", "planClaim"))
        if status in row and row.get(claim) in own and row[status].strip('"') in STANDINGS - {"inferred"}
    ]
    assert [status for status, _ in shown] == [status for _, status in shown]
    assert bool(shown) is (query.name not in WITHOUT_STANDING), "an exception that is no longer needed"


@ids
def test_a_denial_is_shown_as_one(query: SavedQuery) -> None:
    denied = {str(row["claim"]) for row in select(graph(), "SELECT ?claim { ?claim cg:polarity cg:denied }")}
    assert denied
    for row in answer(query)[1]:
        if denied & {row.get(name, "") for name in column(answer(query)[0])}:
            assert f'"{DENIAL}"' in row.values()


@pytest.mark.parametrize("name", EVERY_CLAIM_OF)
def test_an_open_question_leaves_out_no_claim_of_its_kinds(name: str) -> None:
    names, rows = answer(saved_query(FROZEN, name))
    cited = {row[each] for row in rows for each in column(names) if each in row}
    kinds = " ".join(f"cg:{kind}" for kind in EVERY_CLAIM_OF[name])
    wanted = {str(row["claim"]) for row in select(graph(), f"SELECT ?claim {{ VALUES ?k {{ {kinds} }} ?claim a ?k }}")}
    assert wanted and wanted <= cited


def test_every_plan_promise_and_thing_considered_is_followed_up_and_only_reports_are_outcomes() -> None:
    rows = answer(saved_query(FROZEN, "what-came-of-plans"))[1]
    followed = "SELECT ?c { VALUES ?m { cg:planned cg:promised cg:considered } ?c a cg:Claim ; cg:modality ?m }"
    assert {row["planClaim"] for row in rows} == {str(row["c"]) for row in select(graph(), followed)}
    reports = {str(row["c"]) for row in select(graph(), "SELECT ?c { ?c a cg:Claim ; cg:modality cg:reported }")}
    assert {row["outcomeClaim"] for row in rows if "outcomeClaim" in row} <= reports
    for row in rows:
        assert ("reading" in row) is (row["status"] in ('"met"', '"partly"', '"changed"'))


def test_every_disagreement_and_every_tension_is_listed() -> None:
    rows = answer(saved_query(FROZEN, "where-do-sources-disagree"))[1]
    pairs = {frozenset((str(r["a"]), str(r["b"]))) for r in select(graph(), "SELECT ?a ?b { ?a cg:disagreesWith ?b }")}
    assert {frozenset((row["claim"], row["otherClaim"])) for row in rows if "otherClaim" in row} == pairs
    between = {(str(r["t"]), str(r["c"])) for r in select(graph(), "SELECT ?t ?c { ?t cg:between ?c }")}
    assert {(row["reading"], row["claim"]) for row in rows if "reading" in row} == between


def test_no_header_copies_what_the_ontology_lists() -> None:
    """A new concept or kind of claim is offered without being listed again; statuses are words of their own."""
    known = {
        row["label"].value for row in select(graph(), "SELECT ?label { ?t rdfs:isDefinedBy ?o ; rdfs:label ?label }")
    }
    copied = {
        (query.name, name)
        for query, name in CLOSED
        if set(query.parameters[name].choices) <= known | {kind.removesuffix(" claim") for kind in known}
        and query.parameters[name].choices
    }
    assert copied == set()


def test_the_results_to_choose_from_are_those_of_the_ontology_and_what_is_open() -> None:
    results = "SELECT ?t { ?c skos:inScheme cg:results ; rdfs:label ?t }"
    known = {row["t"].value for row in select(graph(), results)}
    offered = saved_query(FROZEN, "what-came-of-plans").parameters["result"].choices
    assert set(offered) == known | {"not reported", "not yet due"}


def test_every_topic_is_either_spoken_of_or_said_to_be_missing() -> None:
    """What no source says of any thing is asked without fault, and a gap filled by a claim is no gap."""
    query = saved_query(FROZEN, "what-no-source-says")
    gap = next(row for row in answer(query)[1] if row["topic"] == '"platform"')
    claim, qx60 = NamedNode("https://example.org/claim"), iri("id:qx60")
    said_of: Mapping[str, NamedNode] = {"cg:model": qx60, "cg:platform": iri("id:mfa")}
    new = [
        Quad(claim, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(CG + kind), FACTS)
        for kind in ("Claim", "PlatformClaim")
    ]
    new += [Quad(claim, iri(name), value, FACTS) for name, value in said_of.items()]
    filled = ask(query.text, copy(graph(), *new))[1]
    assert gap not in filled and len(filled) == len(answer(query)[1]) - 1


@ids
def test_the_columns_that_help_names_are_those_that_an_answer_can_show(query: SavedQuery) -> None:
    """In their order; an answer leaves out the ones that are empty, and shows a parameter's where it has several."""
    named = iter(columns(query.text, query.headings, query.parameters))
    solutions = select(graph(), query.text)
    names = tuple(variable.value for variable in solutions.variables)
    rows = [{name: row[name] for name in names} for row in solutions]
    hidden = [name + end for name in query.parameters for end in ("", "Label")]
    shown = grid(graph(), names, rows, query.headings, hidden).headings
    assert shown and all(heading in named for heading in shown)


@each_parameter
def test_the_example_of_a_required_parameter_is_what_its_query_asks_with(query: SavedQuery, name: str) -> None:
    """As it could be typed; an open parameter has none."""
    assert bool(typed_example(query, name)) == query.parameters[name].required
