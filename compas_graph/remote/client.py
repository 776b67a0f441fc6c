"""One SPARQL store elsewhere: ask, update, put a graph, read it back.

The rest of the package reaches a store only through a `Client`, made by `connect`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import IO, NamedTuple, cast
from urllib.parse import quote, urlencode

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from compas_graph.errors import DataError, StoreError
from compas_graph.remote.canonical import Canonical, canonical_lines, digest_of
from compas_graph.remote.credentials import check_address, credentials_for
from compas_graph.remote.kinds import Kind, base_of, kind_named, kinds_like, unknown_store
from compas_graph.remote.transport import Body, Reply, Sink, Transport
from compas_graph.scratch import scratch

__all__ = ["Client", "connect"]

PAGE = 10_000
"""How many triples to ask for at once of a store that gives only so many."""
MANY = 400
"""How many graphs are asked for by one query."""
PROBE = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1"
NO_ENDPOINT = (400, 404, 405, 406, 415, 501)
"""What servers answer to a query at an address where none are taken."""
TRIPLES = "application/n-triples"
JSON = "application/sparql-results+json"


class Client(NamedTuple):
    """A store: what kind it is, its endpoints, and the way there."""

    kind: Kind
    query_url: str
    update_url: str
    graphs_url: str
    quads_url: str
    transport: Transport

    def results(self, query: str, media: str = JSON, graphs: Iterable[str] = ()) -> bytes:
        """Return what the store answers to a query; the graphs named are its default graph, together."""
        return self._query(query, media, graphs).data

    def select(self, query: str, graphs: Iterable[str] = ()) -> QuerySolutions:
        """Return the rows of a SELECT query."""
        return cast(QuerySolutions, self._parsed(query, graphs))

    def ask(self, query: str) -> bool:
        """Return whether an ASK query holds."""
        answer = self._parsed(query, ())
        if isinstance(answer, QuerySolutions):  # as Virtuoso answers in some settings: one row, 1 or 0
            return any(row[0].value in ("1", "true") for row in answer)
        return bool(answer)

    def update(self, text: str, *, again: bool = True) -> None:
        """Run an update; `again` says that repeating it after a broken connection does no harm."""
        form = self.kind.update_parameter
        if form:
            body = Body.of(urlencode({form: text}).encode(), "application/x-www-form-urlencoded; charset=utf-8")
        else:
            body = Body.of(text.encode(), "application/sparql-update; charset=utf-8")
        self.transport.request("POST", self.update_url, body, again=again)

    def put(
        self, graph: str, content: Canonical, *, over: bool = True, watch: Callable[[int], None] = lambda _: None
    ) -> None:
        """Put a graph in place of the one of that name, or where there is none (`over` false: it is only added).

        `watch` is told how many bytes were sent so far.
        """

        def chunks() -> Iterator[bytes]:
            sent = 0
            for chunk in content.chunks():
                yield chunk
                sent += len(chunk)
                watch(sent)

        body = Body(TRIPLES, content.length, chunks)
        again = over or not content.blank
        self.transport.request("PUT" if over else "POST", self.graph_url(graph), body, again=again)

    def add_together(self, graphs: Iterable[Canonical]) -> None:
        """Add some graphs without blank nodes in one request, all or none of them."""
        ends = ((each, f"{NamedNode(each.graph)} .\n".encode()) for each in graphs)
        lines = b"".join(line[:-2] + end for each, end in ends for line in each.lines())
        self.transport.request("POST", self.quads_url, Body.of(lines, "application/n-quads"))

    def graph_url(self, graph: str) -> str:
        """Return the address of a graph in the graph store."""
        return self.graphs_url + quote(graph, safe="")

    def count(self, graph: str) -> int:
        """Return how many triples a graph has."""
        rows = self.select(f"SELECT (COUNT(*) AS ?number) WHERE {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}")
        return int(next(iter(rows))["number"].value)

    def has(self, graph: str) -> bool:
        """Return whether a graph has any triple."""
        return self.ask(f"ASK {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}")

    def existing(self, graphs: Sequence[str]) -> set[str]:
        """Return which of some graphs have any triple."""
        found: set[str] = set()
        for start in range(0, len(graphs), MANY):
            names = " ".join(str(NamedNode(graph)) for graph in graphs[start : start + MANY])
            query = f"SELECT DISTINCT ?graph WHERE {{ VALUES ?graph {{ {names} }} GRAPH ?graph {{ ?s ?p ?o }} }}"
            found |= {row["graph"].value for row in self.select(query)}
        return found

    def counts(self, graphs: Iterable[str]) -> dict[str, int]:
        """Return how many triples each of some graphs has, if it has any."""
        found: dict[str, int] = {}
        listed = list(graphs)
        for start in range(0, len(listed), MANY):
            names = " ".join(str(NamedNode(graph)) for graph in listed[start : start + MANY])
            where = f"VALUES ?graph {{ {names} }} GRAPH ?graph {{ ?s ?p ?o }}"
            rows = self.select(f"SELECT ?graph (COUNT(*) AS ?number) WHERE {{ {where} }} GROUP BY ?graph")
            found |= {row["graph"].value: int(row["number"].value) for row in rows}
        return found

    def digests(self, graphs: Iterable[str]) -> dict[str, str]:
        """Return the digests of some small graphs without blank nodes."""
        names = " ".join(str(NamedNode(graph)) for graph in graphs)
        query = f"SELECT ?graph ?s ?p ?o WHERE {{ VALUES ?graph {{ {names} }} GRAPH ?graph {{ ?s ?p ?o }} }}"
        rows = cast(QuerySolutions, self._parsed(query, (), QueryResultsFormat.TSV))
        lines: dict[str, list[bytes]] = {}
        for graph, subject, predicate, value in rows:
            lines.setdefault(graph.value, []).append(f"{subject} {predicate} {value} .\n".encode())
        return {graph: digest_of(found) for graph, found in lines.items()}

    def read(self, graph: str) -> Canonical:
        """Return a graph as the store has it now."""
        with scratch() as file:
            self._download(graph, file)
            file.seek(0)
            try:
                return canonical_lines(parse(file, RdfFormat.N_TRIPLES, lenient=True))
            except (SyntaxError, DataError) as error:
                raise StoreError(f"{self.query_url}: what it gives back of {graph} cannot be read ({error})") from error

    def _download(self, graph: str, file: IO[bytes]) -> None:
        """Write what the store gives of a graph to a file: page by page, as long as it gives less than there is."""
        number = self.count(graph)
        read, page = 0, max(number, 1) if number <= PAGE or self.kind.atomic else PAGE
        while read < number:
            part = f" LIMIT {page} OFFSET {read}" if read or page < number else ""
            found = self._page(graph, part, file)
            if not found:
                break  # what is missing shows when the digests are compared
            read += found
            page = min(page, max(found, 1))

    def _page(self, graph: str, part: str, file: IO[bytes]) -> int:
        """Write a page of the triples of a graph to a file and return how many there were."""
        start, lines = file.tell(), 0

        def sink() -> Callable[[bytes], object]:
            nonlocal lines
            lines = 0
            file.seek(start)
            file.truncate()
            return counted

        def counted(chunk: bytes) -> None:
            nonlocal lines
            lines += chunk.count(b" .\n")
            file.write(chunk)

        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}{part}"
        self._query(query, TRIPLES, (), sink)
        return lines

    def _query(self, query: str, media: str, graphs: Iterable[str], into: Sink | None = None) -> Reply:
        form = [("query", query), *(("default-graph-uri", graph) for graph in graphs)]
        body = Body.of(urlencode(form).encode(), "application/x-www-form-urlencoded; charset=utf-8")
        return self.transport.request("POST", self.query_url, body, {"Accept": media}, into=into)

    def _parsed(
        self, query: str, graphs: Iterable[str], form: QueryResultsFormat = QueryResultsFormat.JSON
    ) -> QuerySolutions | QueryBoolean:
        data = self.results(query, form.media_type, graphs)
        try:
            return parse_query_results(data, form)
        except SyntaxError as error:
            said = self.transport.said(data)
            raise StoreError(f"{self.query_url}: its answer is no SPARQL results ({said}); check the URL") from error


def connect(
    address: str, kind: str = "", update: str = "", transport: Transport | None = None, writing: bool = True
) -> Client:
    """Return a client of the store at an address, of the kind named, else of the kind that it is found to be.

    `update` is the address of updates, where it does not follow from that of the store. A store of no
    known kind is asked at the address itself.
    """
    address = check_address(address)
    way = transport or Transport(credentials_for(address))
    server, page = ("", False) if kind else _server(address, way)
    candidates = [kind_named(kind)] if kind else kinds_like(f"{server} {address}")
    for number, candidate in enumerate(candidates, 1):
        base = base_of(address, candidate)
        client = Client(
            candidate,
            base + candidate.query,
            check_address(update) if update else base + candidate.update,
            base + candidate.graphs if candidate.graphs else "",
            base + candidate.quads if candidate.quads else "",
            way,
        )
        if number == len(candidates):
            return _answering(client, address, named=bool(kind), page=page)
        with suppress(StoreError):
            return _answering(client, address, named=False, page=page)
    raise AssertionError("the last candidate returns or raises")


def _server(address: str, transport: Transport) -> tuple[str, bool]:
    """Return what a server calls itself, and whether it shows a web page."""
    reply = transport.request("GET", address, expect=range(300, 600))
    return reply.headers.get("server", ""), reply.status == 200 and "html" in reply.headers.get("content-type", "")


def _answering(client: Client, address: str, *, named: bool, page: bool) -> Client:
    """Return a client whose store answers a query, or raise StoreError; `page` says that a web page is there."""
    asked = client.transport.request(
        "POST",
        client.query_url,
        Body.of(urlencode({"query": PROBE}).encode(), "application/x-www-form-urlencoded"),
        {"Accept": JSON},
        expect=() if named else (*NO_ENDPOINT, 403) if page else NO_ENDPOINT,
    )
    if asked.status >= 400 or b'"bindings"' not in asked.data:
        page = page or "html" in asked.headers.get("content-type", "")
        raise unknown_store(address, client.transport.options.kind, page=page)
    return client
