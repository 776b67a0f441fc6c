"""Each kind of store is found out and reached where its documentation has it, and named in ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import pytest

from compas_graph.remote.client import connect
from compas_graph.remote.kinds import KINDS
from compas_graph.remote.transport import Body, Reply, Transport
from tests.stores.outside import TARGETS


class Store(NamedTuple):
    """A store as one of its kind is met: its address, what it calls itself, and where its endpoints are.

    `form` is the field of the form in which it takes updates, '' if it takes them as they are.
    """

    address: str
    server: str
    query: str
    update: str
    graphs: str
    quads: str = ""
    form: str = ""


REPOSITORY = "http://localhost:7200/repositories/compas"
SESAME = "http://localhost:8080/rdf4j-server/repositories/compas"
CLUSTER = "https://compas.eu-west-1.neptune.amazonaws.com:8182"

MET = {
    "oxigraph": Store(
        *("http://localhost:7878", "Oxigraph/0.5.13", "http://localhost:7878/query", "http://localhost:7878/update"),
        *("http://localhost:7878/store?graph=", "http://localhost:7878/store"),
    ),
    "virtuoso": Store(
        *("http://localhost:8890", "Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu"),
        *("http://localhost:8890/sparql", "http://localhost:8890/sparql-auth"),
        "http://localhost:8890/sparql-graph-crud-auth?graph=",
        form="query",
    ),
    "fuseki": Store(
        *("http://localhost:3030/compas", "Apache Jena Fuseki (4.5.0)", "http://localhost:3030/compas/query"),
        *("http://localhost:3030/compas/update", "http://localhost:3030/compas/data?graph="),
    ),
    "graphdb": Store(
        *(REPOSITORY, "GraphDB/10.6.0 RDF4J/4.3.9", REPOSITORY, f"{REPOSITORY}/statements"),
        f"{REPOSITORY}/rdf-graphs/service?graph=",
    ),
    "rdf4j": Store(SESAME, "", SESAME, f"{SESAME}/statements", f"{SESAME}/rdf-graphs/service?graph="),
    "stardog": Store(
        *("http://localhost:5820/compas", "Stardog", "http://localhost:5820/compas/query"),
        *("http://localhost:5820/compas/update", "http://localhost:5820/compas?graph="),
    ),
    "neptune": Store(CLUSTER, "", f"{CLUSTER}/sparql", f"{CLUSTER}/sparql", f"{CLUSTER}/sparql/gsp/?graph="),
    "qlever": Store(
        *("https://qlever.example.org/api/compas", "", "https://qlever.example.org/api/compas"),
        *("https://qlever.example.org/api/compas", "https://qlever.example.org/api/compas?graph="),
    ),
    "sparql": Store(
        "http://localhost:9999/rdf", "Jetty(9.4)", "http://localhost:9999/rdf", "http://localhost:9999/rdf", ""
    ),
}


class Answering(Transport):
    """A way to a server that answers whatever it is asked, and keeps what that was."""

    def __init__(self, server: str = "") -> None:
        super().__init__()
        self.server = server
        self.asked: list[tuple[str, str, Body | None]] = []

    def request(
        self,
        method: str,
        url: str,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> Reply:
        """Return an answer without rows."""
        self.asked.append((method, url, body))
        return Reply(200, {"server": self.server}, b'{"head": {}, "results": {"bindings": []}}')


def test_every_kind_is_met() -> None:
    assert set(MET) == set(KINDS)


def reached(given: str, name: str) -> tuple[str, ...]:
    """Return the endpoints that follow from an address of a kind of store, and first the one that was asked."""
    way = Answering()
    client = connect(given, name, transport=way)
    ((_, asked, _),) = way.asked
    return asked, client.query_url, client.update_url, client.graphs_url, client.quads_url


@pytest.mark.parametrize("name", MET)
def test_a_kind_is_reached_at_its_endpoints_whichever_of_them_is_given(name: str) -> None:
    met = MET[name]
    given = {met.address, met.query, met.update, met.graphs.partition("?")[0]} - {""}
    assert {reached(each, name) for each in given} == {(met.query, *met[2:6])}


def test_the_name_of_a_graph_is_one_value_in_the_address() -> None:
    client = connect(MET["fuseki"].address, "fuseki", transport=Answering())
    assert client.graph_url("urn:a graph&b").endswith("/data?graph=urn%3Aa%20graph%26b")


@pytest.mark.parametrize("name", MET)
def test_a_kind_is_found_out(name: str) -> None:
    """By what the server calls itself, or by the address."""
    assert connect(MET[name].address, transport=Answering(MET[name].server)).kind.name == name


@pytest.mark.parametrize("name", MET)
def test_an_update_goes_where_and_as_the_kind_takes_it(name: str) -> None:
    """As it is, or as a field of a form."""
    way = Answering()
    connect(MET[name].address, name, transport=way).update("CLEAR ALL")
    method, url, body = way.asked[-1]
    assert (method, url) == ("POST", MET[name].update)
    assert body
    text = b"".join(body.chunks()).decode()
    media, _, charset = body.media.partition("; ")
    assert charset == "charset=utf-8"
    if form := MET[name].form:
        assert (media, parse_qs(text)) == ("application/x-www-form-urlencoded", {form: ["CLEAR ALL"]})
    else:
        assert (media, text) == ("application/sparql-update", "CLEAR ALL")


def test_the_docs_name_each_kind_with_its_endpoints_and_no_other(root: Path) -> None:
    """A version stands at those that tests run, and at no other."""
    text = (root / "docs" / "stores.md").read_text("utf-8").partition("| `--kind` |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]
    assert [re.findall(r"`(\w+)`", row[0])[0] for row in rows] == list(KINDS)
    for (_, version, *cells), kind in zip(rows, KINDS.values(), strict=True):
        endpoints = [re.sub("^(the URL|none)\\b.*", "", cell).strip("`") for cell in cells]
        assert endpoints == [kind.query, kind.update, kind.graphs], kind.name
        assert bool(re.fullmatch(r"\d+(\.\d+)+", version)) is (kind.name in TARGETS), kind.name
