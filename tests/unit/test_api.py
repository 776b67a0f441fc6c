"""The Python face: what the commands tell, as values; and one line where something is wrong."""

from __future__ import annotations

import keyword
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, Store, Triple

from compas_graph import load
from compas_graph.answers import Answer
from compas_graph.api import KnowledgeGraph
from compas_graph.errors import CompasGraphError, DataError, InternalError, UnknownNameError, ValueTypeError
from compas_graph.namespaces import PREFIXES
from compas_graph.query import query_names
from tests import FROZEN

ASK = "which-models-share-a-platform"


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    """Return the graph that comes with the package."""
    return load()


def test_the_saved_queries_are_those_of_the_folder(graph: KnowledgeGraph) -> None:
    """In order, with question and parameters."""
    assert [query.name for query in graph.queries()] == query_names(FROZEN)
    assert all(query.summary.endswith("?") for query in graph.queries())


# --- Rows ---


def test_rows_are_values_by_column(graph: KnowledgeGraph) -> None:
    """Texts without language, IRIs whole, and None for what is not bound."""
    answer = graph.ask(ASK, platform="MFA")
    first = answer.rows[0]
    assert tuple(first) == answer.columns
    assert (first["modelLabel"], first["model"]) == ("Infiniti Q30", PREFIXES["id"] + "q30")
    assert first["statusNote"] is None and first["usedNote"] is None


@pytest.fixture
def mine(tmp_path: Path) -> Callable[[str, str], Answer]:
    """Return what asks a query of one's own over a graph of nothing, its parameters and values given."""
    (tmp_path / "graph").mkdir()
    (tmp_path / "queries").mkdir()
    head = "#+ summary: What?\n#+ description: More.\n#+ none: a thing\n#+ tags: [a]\n"

    def ask(body: str, params: str = "", **values: Any) -> Answer:
        (tmp_path / "queries" / "mine.rq").write_text(head + params + body, encoding="utf-8")
        return load(tmp_path).ask("mine", **values)

    return ask


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("3600", 3600),
        ("-5", -5),
        ("1.36", Decimal("1.36")),
        ("1.5e0", 1.5),
        ('"2014-06-27"^^xsd:date', date(2014, 6, 27)),
        ('"2014-06"^^xsd:gYearMonth', "2014-06"),
        ('"2014"^^xsd:gYear', "2014"),
        ('"a\\nb"@en', "a\nb"),
        ('"3600"', "3600"),
        ("id:mfa", PREFIXES["id"] + "mfa"),
        ("UNDEF", None),
        ('"12x"^^xsd:integer', "12x"),
        ('"2014-06-27Z"^^xsd:date', "2014-06-27Z"),
        ('"2014-02-30"^^xsd:date', "2014-02-30"),
        ('"much"^^xsd:decimal', "much"),
        ('"5"^^<http://example.org/my#integer>', "5"),
    ],
)
def test_a_row_is_typed_and_what_python_has_no_value_for_is_its_text(
    mine: Callable[[str, str], Answer], term: str, value: object
) -> None:
    """Never an exception of Python's: a user's data may hold anything."""
    rows = mine(f"SELECT ?x {{ VALUES ?x {{ {term} }} }}", "").rows
    assert rows == [{"x": value}]
    assert type(rows[0]["x"]) is type(value)


def test_what_a_row_gives_can_be_asked_for(graph: KnowledgeGraph) -> None:
    """IRIs, labels, dates and numbers as they come."""
    row = graph.ask(ASK, platform="MFA").rows[0]
    wanted = graph.ask("where-is-a-model-built", model="Infiniti Q30").rows
    for value in (row["model"], row["modelLabel"], NamedNode(row["model"])):
        assert graph.ask("where-is-a-model-built", model=value).rows == wanted
    dated: dict[str, Any] = {"from": date(2015, 1, 1), "to": 2017}
    typed: dict[str, Any] = {"from": "2015-01-01", "to": "2017"}
    assert graph.ask("what-happens-when", **dated).rows == graph.ask("what-happens-when", **typed).rows


def test_none_and_nothing_are_no_value(graph: KnowledgeGraph) -> None:
    """An optional parameter stays open."""
    everything = graph.ask("how-many-jobs").rows
    nothings: tuple[Any, ...] = (None, [], (), set(), [None])
    for nothing in nothings:
        assert graph.ask("how-many-jobs", plant=nothing).rows == everything != []


def test_every_parameter_can_be_given_as_a_keyword(graph: KnowledgeGraph) -> None:
    """One whose name Python keeps for itself with an underscore after it, as PEP 8 has it."""
    parameters = [(query.name, name) for query in graph.queries() for name in query.parameters]
    assert [name for _, name in parameters if not name.isidentifier() or name in ("self", "name", "exact")] == []
    kept = [(query, name) for query, name in parameters if keyword.iskeyword(name)]
    assert kept
    for query, name in kept:
        values: dict[str, Any] = {f"{name}_": "no value"}
        with pytest.raises(ValueTypeError):
            graph.ask(query, **values)


def test_a_parameter_may_be_called_name(mine: Callable[..., Answer]) -> None:
    """That is what the way to ask calls the query."""
    params = "#+ params:\n#+   name: {type: string, help: h}\n"
    body = 'SELECT ?name {\n  VALUES ?name { "a" }\n}'
    assert mine(body, params, name="Wren").rows == [{"name": "Wren"}]


def test_several_things_that_may_be_one_are_all_asked_for_unless_exactly_one_is_wanted(graph: KnowledgeGraph) -> None:
    """And the answer knows which were."""
    answer = graph.ask("where-is-a-plant", plant="Aguascalientes plant")
    assert len(answer.bound["plant"]) > 1
    with pytest.raises(CompasGraphError, match="fits several things"):
        graph.ask("where-is-a-plant", plant="Aguascalientes plant", exact=True)


# --- The rest of the face ---


def test_things_are_found_described_and_explained(graph: KnowledgeGraph) -> None:
    """As by the commands of these names."""
    assert [thing.label for thing in graph.find("mfa")] == ["MFA", "next-generation MFA"]
    assert graph.find("zebra") == []
    assert [section.title for section in graph.describe("QX50")][:2] == ["What it is", "Stated"]
    (ground,) = graph.why("Infiniti Q30", "uses platform", "MFA")
    assert "claim:s0-27" in ground.text
    assert graph.why("QX50", "uses platform", "MFA") == []


def test_a_view_holds_for_all_of_it() -> None:
    """As of a date, and without a source."""
    early, less = load(as_of="2014"), load(without=["s1"])
    assert early.find("COMPAS plant") == [] == less.find("COMPAS plant")
    with pytest.raises(UnknownNameError):
        early.describe("COMPAS plant")
    with pytest.raises(UnknownNameError):
        less.why("COMPAS plant", "is located in", "Aguascalientes")
    assert len(early.ask(ASK, platform="MFA").rows) == len(less.ask(ASK, platform="MFA").rows) == 3
    assert len(early.to_rdflib()) == len(early.store) < len(load().store)


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"as_of": "soon"}, ValueTypeError, "as_of: 'soon' is no date"),
        ({"as_of": "2014-13"}, ValueTypeError, "as_of"),
        ({"as_of": "a\nb"}, ValueTypeError, "a b"),
        ({"as_of": ""}, ValueTypeError, "as_of"),
        ({"without": ["s9"]}, UnknownNameError, "no source is called 's9'"),
        ({"data": "/nothing/there"}, DataError, "no such data folder"),
        ({"data": "\x00"}, DataError, "no such data folder"),
        ({"data": ""}, DataError, "graph"),
    ],
)
def test_a_graph_that_cannot_be_loaded_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, object], error: type[CompasGraphError], said: str
) -> None:
    """With what is wrong; nothing is taken for nothing asked."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=said) as caught:
        load(**wrong)  # type: ignore[arg-type]
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "values", "error", "said"),
    [
        ("which-model-shares-a-platform", {}, UnknownNameError, f"did you mean {ASK}"),
        ("", {}, UnknownNameError, "no saved query"),
        (ASK, {}, ValueTypeError, "needs a value for platform"),
        (ASK, {"platform": None}, ValueTypeError, "needs a value for platform"),
        (ASK, {"platform": []}, ValueTypeError, "needs a value for platform"),
        (ASK, {"platfrom": "MFA"}, UnknownNameError, "did you mean platform"),
        (ASK, {"platform": "MFAA"}, UnknownNameError, "did you mean MFA"),
        (ASK, {"platform": "Nissan"}, UnknownNameError, "no platform is called 'Nissan'"),
        (ASK, {"platform": ["MFA", "next-generation MFA"]}, ValueTypeError, "platform takes one value, not 2"),
        ("which-vehicles-are-of-a-kind", {"kind": "van"}, CompasGraphError, "--kind"),
        ("what-happens-when", {"to": "soon"}, ValueTypeError, "--to: 'soon' is no date"),
    ],
)
def test_a_wrong_question_is_one_line(
    graph: KnowledgeGraph, name: str, values: dict[str, Any], error: type[CompasGraphError], said: str
) -> None:
    """Of the class that says which part is wrong."""
    with pytest.raises(error, match=said) as caught:
        graph.ask(name, **values)
    assert len(str(caught.value).splitlines()) == 1


# --- rdflib ---


def terms(quad: Quad) -> tuple[object, ...]:
    return tuple(neutral(term) for term in (quad.subject, quad.predicate, quad.object, quad.graph_name))


def neutral(term: NamedNode | BlankNode | Literal | Triple | DefaultGraph) -> object:
    """Give a term as rdflib has it, by hand."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    return (term.value, term.language, None if term.language else term.datatype.value)


def of_rdflib(node: object) -> object:
    if isinstance(node, rdflib.Literal):
        return (str(node), node.language, None if node.datatype is None else str(node.datatype))
    return node


def test_the_dataset_for_rdflib_holds_the_same_quads(graph: KnowledgeGraph) -> None:
    """Each in its named graph, with its text as written."""
    data = graph.to_rdflib()
    found = {(of_rdflib(s), of_rdflib(p), of_rdflib(o), g) for s, p, o, g in data.quads((None, None, None, None))}
    assert found == {terms(quad) for quad in graph.store}
    assert len(found) == len(graph.store)


def test_the_dataset_for_rdflib_is_a_copy_whose_plain_patterns_see_all_graphs(graph: KnowledgeGraph) -> None:
    """What is added to it is not added to the graph."""
    data, before = graph.to_rdflib(), len(graph.store)
    platform = rdflib.URIRef(PREFIXES["cg"] + "usesPlatform")
    query = "SELECT ?model { ?model <%s> <%s> ; a ?kind . ?kind a <http://www.w3.org/2002/07/owl#Class> }"
    rows = list(data.query(query % (platform, PREFIXES["id"] + "mfa")))
    assert rows
    data.add((rdflib.BNode(), platform, rdflib.BNode()))
    assert len(graph.store) == before


def test_a_user_s_blank_nodes_stay_together(tmp_path: Path) -> None:
    """Two triples of one node are of one node."""
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "mine.ttl").write_text("[] <http://x/a> 1 ; <http://x/b> 007 .", encoding="utf-8")
    data = load(tmp_path).to_rdflib()
    (one,) = data.subjects(rdflib.URIRef("http://x/a"))
    assert [one] == list(data.subjects(rdflib.URIRef("http://x/b")))


def test_pandas_is_needed_only_for_its_frame(graph: KnowledgeGraph) -> None:
    """With it, a column for each variable and a row for each row."""
    pandas = pytest.importorskip("pandas")
    answer = graph.ask(ASK, platform="MFA")
    frame = answer.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert (tuple(frame.columns), len(frame)) == (answer.columns, len(answer.rows))


def test_a_graph_is_loaded_from_a_path_or_its_text(tmp_path: Path) -> None:
    """With the ontology and the queries of the package where the folder has none."""
    (tmp_path / "graph").mkdir()
    sizes = {len(load(folder).store) for folder in (tmp_path, str(tmp_path))}
    assert len(sizes) == 1 and sizes < {*sizes, len(load().store)}
    assert isinstance(load(tmp_path).store, Store)


# --- Errors ---


def broken(error: Exception) -> Any:
    """Return what fails with an error whatever is done with it."""

    class Broken:
        def __getattribute__(self, name: str) -> Any:
            raise error

    return Broken()


METHODS: dict[str, tuple[Any, ...]] = {
    "ask": (ASK,),
    "describe": ("MFA",),
    "find": ("MFA",),
    "queries": (),
    "to_rdflib": (),
    "why": ("Q30", "uses platform", "MFA"),
}


@pytest.mark.parametrize("kind", [KeyError, AssertionError, OSError, MemoryError, RecursionError, TypeError, DataError])
def test_only_errors_of_ours_come_out_of_the_face(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of every method, of making a graph, and of what an answer gives when it is asked for."""
    (tmp_path / "graph").mkdir()
    graph = load(tmp_path)
    answer = graph.ask("how-many-jobs")
    graph.store = graph.bundle = answer.store = answer.query = broken(kind("it is broken"))
    assert {name for name in vars(KnowledgeGraph) if not name.startswith("_")} == METHODS.keys()
    for name, values in METHODS.items():
        with pytest.raises(CompasGraphError):
            getattr(graph, name)(*values)
    for name in ("columns", "rows", "grid", "against", "none"):
        with pytest.raises(CompasGraphError):
            getattr(answer, name)
    with pytest.raises(CompasGraphError):
        answer.serialize(QueryResultsFormat.CSV)

    def raises(*_: object, **__: object) -> None:
        raise kind("it is broken")

    monkeypatch.setattr("compas_graph.api.open_graph", raises)
    with pytest.raises(CompasGraphError):
        load()


THINGS = st.one_of(
    st.none(), st.integers(), st.binary(max_size=3), st.floats(), st.text(max_size=9), st.lists(st.integers()),
    st.dictionaries(st.text(max_size=3), st.integers()), st.just(object()), st.just(NamedNode("x:y")), st.dates(),
)  # fmt: skip


def error_of(call: Callable[[], object]) -> CompasGraphError | str:
    """Return the error that a call raises, '' if it raises none."""
    try:
        call()
    except CompasGraphError as error:
        return error
    return ""


@given(st.sampled_from(sorted(METHODS)), st.lists(THINGS, min_size=3, max_size=3))
def test_what_is_not_of_the_right_type_is_said_to_be_so(graph: KnowledgeGraph, name: str, given: list[object]) -> None:
    """And is not called a fault of the program."""
    error = error_of(lambda: getattr(graph, name)(*given[: len(METHODS[name])]))
    assert not isinstance(error, InternalError) and len(str(error).splitlines()) <= 1


@given(THINGS, THINGS, THINGS)
def test_neither_is_a_graph_that_cannot_be_loaded(data: Any, as_of: Any, without: Any) -> None:
    """Whatever is given for it."""
    if data is None or isinstance(data, str):
        data = Path("/nothing/there")
    with pytest.raises(CompasGraphError) as caught:
        load(data, as_of=as_of, without=without)
    assert not isinstance(caught.value, InternalError)


@given(st.dictionaries(st.sampled_from(["plant", "from_", "text", "per"]), THINGS))
def test_nor_is_a_value_of_the_wrong_type(graph: KnowledgeGraph, values: dict[str, Any]) -> None:
    """For a parameter of any type."""
    error = error_of(lambda: graph.ask("how-many-jobs", **values))
    assert not isinstance(error, InternalError) and len(str(error).splitlines()) <= 1
