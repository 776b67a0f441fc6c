"""The catalogue describes the dataset truly, and every saved query in it runs as it is printed."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from compas_graph import __version__
from compas_graph.catalogue import catalogue
from compas_graph.graph import open_graph
from compas_graph.namespaces import BASE, PREFIXES
from compas_graph.query import query_names, saved_query
from compas_graph.store import iri, select
from compas_graph.views import View
from tests import FROZEN

Run = Callable[..., subprocess.CompletedProcess[str]]
TARGET = "http://example.org/sparql?a=1&b=%20#x"
DATASET = NamedNode(BASE + "dataset")
NAMES = query_names(FROZEN)
each_query = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def text(store: Store) -> str:
    """Return the catalogue."""
    return catalogue(FROZEN, store, TARGET)


@pytest.fixture(scope="module")
def listed(text: str) -> Store:
    """Return a store that holds the catalogue."""
    return parsed(text)


def parsed(text: str) -> Store:
    store = Store()
    store.load(text, RdfFormat.TURTLE)
    return store


def values(store: Store, subject: NamedNode, predicate: str) -> list[str]:
    """Return what the catalogue says of something, sorted."""
    quads = store.quads_for_pattern(subject, iri(predicate), None)
    return sorted("" if not isinstance(quad.object, NamedNode | Literal) else quad.object.value for quad in quads)


def number(store: Store, subject: NamedNode, predicate: str) -> int:
    (quad,) = store.quads_for_pattern(subject, iri(predicate), None)
    assert isinstance(quad.object, Literal) and quad.object.datatype == iri("xsd:integer")
    return int(quad.object.value)


def query_node(name: str) -> NamedNode:
    return NamedNode(f"{BASE}query/{name}")


# --- The saved queries ---


def test_there_is_one_example_for_each_saved_query(listed: Store) -> None:
    """And no other."""
    found = {quad.subject for quad in listed.quads_for_pattern(None, iri("rdf:type"), iri("sh:SPARQLExecutable"))}
    assert found == {query_node(name) for name in NAMES}
    assert found == {quad.subject for quad in listed.quads_for_pattern(None, iri("sh:select"), None)}


@each_query
def test_an_example_has_question_text_tags_and_target(listed: Store, name: str) -> None:
    """Each as the file says, in the form of sparql-examples."""
    query, node = saved_query(FROZEN, name), query_node(name)
    kinds = [PREFIXES["sh"] + kind for kind in ("SPARQLExecutable", "SPARQLSelectExecutable")]
    assert values(listed, node, "rdf:type") == kinds
    assert values(listed, node, "sh:select") == [query.text]
    assert values(listed, node, "schema:keywords") == sorted(query.tags) != []
    assert values(listed, node, "schema:target") == [TARGET]
    (comment,) = listed.quads_for_pattern(node, iri("rdfs:comment"), None)
    assert isinstance(comment.object, Literal)
    assert (comment.object.value, comment.object.datatype) == (query.summary, iri("rdf:HTML"))
    assert not set("<>&") & set(query.summary), "the question is HTML in the catalogue"


@each_query
def test_an_example_runs_as_it_stands(store: Store, listed: Store, name: str) -> None:
    """By whoever reads it from the catalogue, with the rows of the file."""
    (text,) = values(listed, query_node(name), "sh:select")
    assert [list(row) for row in select(store, text)] == [
        list(row) for row in select(store, (FROZEN.queries / f"{name}.rq").read_text(encoding="utf-8"))
    ]
    Store().query(text)


def test_a_query_of_ones_own_with_quotes_and_backslashes_comes_back_unchanged(store: Store, tmp_path: Path) -> None:
    """Whatever Turtle takes for syntax."""
    shutil.copytree(FROZEN.queries, tmp_path / "queries")
    body = "SELECT ?x {\n  VALUES ?x { \"\\\"a\\\\b\\n\\u00e9 ''' <x> 🐦\" }\n}\n"
    written = f"#+ summary: Is it 'so'?\n#+ description: M.\n#+ none: a\n#+ tags: [a b, c]\n{body}"
    (tmp_path / "queries" / "mine.rq").write_text(written, encoding="utf-8")
    mine = parsed(catalogue(FROZEN._replace(queries=tmp_path / "queries"), store, TARGET))
    assert values(mine, query_node("mine"), "sh:select") == [written]
    assert values(mine, query_node("mine"), "schema:keywords") == ["a b", "c"]


# --- The dataset ---


def test_the_dataset_is_described(listed: Store) -> None:
    """Once, with title, licence, version and the sources that it comes from."""
    assert values(listed, DATASET, "rdf:type") == [PREFIXES["void"] + "Dataset", PREFIXES["dcat"] + "Dataset"]
    assert values(listed, DATASET, "dcat:version") == [__version__]
    assert values(listed, DATASET, "dcterms:license") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert values(listed, DATASET, "dcterms:source") == [PREFIXES["source"] + name for name in ("s0", "s1", "s2", "s3")]
    for said in ("dcterms:title", "dcterms:description", "void:uriSpace", "void:vocabulary"):
        assert len(values(listed, DATASET, said)) == 1


def test_the_numbers_of_triples_are_true(store: Store, listed: Store) -> None:
    """Of the whole, as the union of its graphs holds them, and of each graph."""
    assert number(listed, DATASET, "void:triples") == len({(q.subject, q.predicate, q.object) for q in store})
    sizes = Counter(quad.graph_name for quad in store)
    assert values(listed, DATASET, "void:subset") == sorted(
        graph.value for graph in sizes if isinstance(graph, NamedNode)
    )
    for graph, size in sizes.items():
        assert isinstance(graph, NamedNode)
        assert number(listed, graph, "void:triples") == size


def test_the_number_of_entities_is_true(store: Store, listed: Store) -> None:
    """Each counted once, of however many kinds it is."""
    of_kind = store.quads_for_pattern(None, iri("rdf:type"), iri("cg:Entity"))
    assert number(listed, DATASET, "void:entities") == len({quad.subject for quad in of_kind}) > 80


def test_the_numbers_are_those_of_the_graph_that_is_described() -> None:
    """Without a source they are smaller."""
    left = open_graph(FROZEN, view=View(without=("s1",)))
    mine = parsed(catalogue(FROZEN, left, TARGET))
    assert number(mine, DATASET, "void:triples") == len({(q.subject, q.predicate, q.object) for q in left})
    assert PREFIXES["source"] + "s1" not in values(mine, DATASET, "dcterms:source")


# --- The form ---


def test_the_catalogue_is_the_same_each_time_and_its_prefixes_are_sorted(store: Store, text: str) -> None:
    """So that it can be kept beside the graph and compared."""
    assert catalogue(FROZEN, store, TARGET) == text
    head = [line for line in text.splitlines() if line.startswith("@prefix ")]
    assert head == sorted(head) and text.startswith("\n".join(head)) and text.endswith(".\n")


def test_the_command_prints_it(run: Run, text: str) -> None:
    """As it is; an address that is none is one line."""
    done = run("catalogue", "--target", TARGET)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(parsed(done.stdout)) == set(parsed(text))
    for wrong in ("", "no address", "http://a b", "http://x/<>", "http://me:secret@x/"):
        done = run("catalogue", "--target", wrong)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
        assert "secret" not in done.stderr
        assert "--target" in done.stderr


def test_a_triple_in_two_graphs_is_one_triple_of_the_dataset() -> None:
    """Whose default graph is the union of all; each graph counts it."""
    twice = Store()
    for graph in ("graph:a", "graph:b"):
        twice.load("<http://x/a> <http://x/b> 1 .", RdfFormat.TURTLE, to_graph=iri(graph))
    mine = parsed(catalogue(FROZEN, twice, TARGET))
    assert number(mine, iri("graph:a"), "void:triples") == number(mine, iri("graph:b"), "void:triples") == 1
    assert number(mine, DATASET, "void:triples") == 1
