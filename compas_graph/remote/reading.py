"""The graph in a store elsewhere, asked in the same way as one in this process.

Each request names the graphs to ask, so that the answer does not depend on what the store takes for
its default graph. What was asked once is not asked again: an answer sees the store as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast
from urllib.parse import urlencode

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    Variable,
    parse,
    parse_query_results,
)

from compas_graph.errors import StoreError, shorten
from compas_graph.namespaces import PREFIXES
from compas_graph.owl import TYPE, vocabulary
from compas_graph.remote.client import JSON, TRIPLES, Client
from compas_graph.remote.ledger import Entry, entries
from compas_graph.remote.origin import ONTOLOGY
from compas_graph.remote.transport import Body
from compas_graph.sparql_text import declared, keywords
from compas_graph.store import COMPARISONS, FACTS, INFERENCES

__all__ = ["NEEDED", "SCHEMA", "RemoteStore", "Term", "check_whole", "graphs_in", "missing_of", "open_remote"]

Term = NamedNode | BlankNode | Literal | Triple

SCHEMA = frozenset(PREFIXES["graph"] + name for name in ("shapes", "alignments"))
"""Graphs that are loaded for others to use; no answer is made from them."""

NEEDED = {
    ONTOLOGY: "the ontology",
    FACTS.value: "the facts",
    COMPARISONS.value: "the comparisons",
    INFERENCES.value: "what is inferred from it",
}
"""What answers are made from beside the sources, in words."""

STRANGERS = f"""SELECT DISTINCT ?graph WHERE {{
  GRAPH ?graph {{ ?s ?p ?o }}
  FILTER(STRSTARTS(STR(?graph), "{PREFIXES["graph"]}"))
}}"""
CUT = ("x-sparql-maxrows", "x-sql-state")
"""Headers by which Virtuoso says that it gave only a part of an answer."""


class RemoteStore:
    """A store elsewhere with the methods of a pyoxigraph Store that an answer needs."""

    def __init__(self, client: Client, graphs: tuple[str, ...]) -> None:
        """Ask the graphs named, together; without any, whatever the store asks by itself."""
        self.client, self.graphs = client, graphs
        self._answers: dict[str, bytes] = {}
        self._subjects: dict[Term, list[Quad]] = {}
        self._axioms: list[Quad] | None = None

    def query(
        self,
        query: str,
        *,
        prefixes: dict[str, str] | None = None,
        use_default_graph_as_union: bool = False,
        substitutions: dict[Variable, Term] | None = None,
    ) -> QuerySolutions | QueryBoolean:
        """Return the answer to a SELECT or ASK query; it is always over the union of the graphs."""
        text = declared(query, prefixes or {})
        if substitutions:
            text = _bound(text, substitutions)
        if text not in self._answers:
            self._answers[text] = self._results(text)
        return parse_query_results(self._answers[text], QueryResultsFormat.JSON)

    def triples(self, query: str, prefixes: Mapping[str, str]) -> list[Triple]:
        """Return the answer to a CONSTRUCT or DESCRIBE query."""
        data = self._request(declared(query, prefixes), TRIPLES)
        try:
            return [quad.triple for quad in parse(data, RdfFormat.N_TRIPLES)]
        except SyntaxError as error:
            raise self._unreadable(data) from error

    def quads_for_pattern(
        self, subject: Term | None, predicate: Term | None, object: Term | None, graph: Term | None = None
    ) -> Iterator[Quad]:
        """Return the quads that fit a pattern, None for any term."""
        pattern = (subject, predicate, object, graph)
        if isinstance(subject, NamedNode):
            found = self._of_subject(subject)
        elif predicate in _AXIOMS or (predicate == TYPE and object in _AXIOMS):
            found = self._all_axioms()
        else:
            found = self._quads(*(term or Variable(name) for term, name in zip(pattern, "spog", strict=True)))
        return (quad for quad in found if all(one in (None, term) for one, term in zip(pattern, quad, strict=True)))

    def __contains__(self, quad: Quad) -> bool:
        """Tell whether a quad is in the store."""
        return next(self.quads_for_pattern(*quad), None) is not None

    def _of_subject(self, subject: NamedNode) -> list[Quad]:
        """Return all that is said of a subject, which is asked for once."""
        if subject not in self._subjects:
            self._subjects[subject] = self._quads(subject, Variable("p"), Variable("o"), Variable("g"))
        return self._subjects[subject]

    def _all_axioms(self) -> list[Quad]:
        """Return the quads that state axioms, which are asked for once and together: they share blank nodes."""
        if self._axioms is None:
            terms = " ".join(sorted(map(str, _AXIOMS)))
            where = f"{{ VALUES ?p {{ {terms} }} GRAPH ?g {{ ?s ?p ?o }} }} UNION "
            where += f"{{ VALUES ?o {{ {terms} }} BIND({TYPE} AS ?p) GRAPH ?g {{ ?s ?p ?o }} }}"
            rows = cast(QuerySolutions, self.query(f"SELECT DISTINCT ?s ?p ?o ?g WHERE {{ {where} }}"))
            self._axioms = [Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows]
        return self._axioms

    def _quads(self, *pattern: Term | Variable) -> list[Quad]:
        """Return the quads that fit a pattern, as the store gives them."""
        subject, predicate, value, graph = pattern
        wanted = " ".join(str(term) for term in pattern if isinstance(term, Variable))
        query = f"SELECT {wanted or '(1 AS ?one)'} WHERE {{ GRAPH {graph} {{ {subject} {predicate} {value} }} }}"
        rows = cast(QuerySolutions, self.query(query))
        return [Quad(*(row[term] if isinstance(term, Variable) else term for term in pattern)) for row in rows]  # type: ignore[arg-type]

    def _results(self, text: str) -> bytes:
        """Return the JSON results of a query, which can be read and are whole."""
        data = self._request(text, JSON)
        try:
            found = parse_query_results(data, QueryResultsFormat.JSON)
            for _ in found if isinstance(found, QuerySolutions) else ():
                pass  # rows are read one by one, and so may be wrong only later
        except SyntaxError as error:
            raise self._unreadable(data) from error
        return data

    def _request(self, text: str, media: str) -> bytes:
        """Return what the store answers to a query over the graphs."""
        roles = ("default-graph-uri", "named-graph-uri") if "GRAPH" in keywords(text) else ("default-graph-uri",)
        dataset = [(role, graph) for role in roles for graph in self.graphs]
        body = Body.of(urlencode([("query", text), *dataset]).encode(), "application/x-www-form-urlencoded")
        reply = self.client.transport.request("POST", self.client.query_url, body, {"Accept": media})
        cut = next((reply.headers[name] for name in CUT if name in reply.headers), None)
        if cut is not None:
            raise StoreError(
                f"{self.client.query_url}: gives only a part of the answer ({shorten(cut)}); "
                "raise the store's limit on rows or time ('compas-graph doctor' tells more)"
            )
        return reply.data

    def _unreadable(self, data: bytes) -> StoreError:
        said = shorten(data.decode(errors="replace"), 100)
        return StoreError(f"{self.client.query_url}: its answer cannot be read ({said}); check the URL")


_AXIOMS = frozenset(vocabulary())


def open_remote(client: Client, graphs: tuple[str, ...] = (), *, whole: bool = True) -> RemoteStore:
    """Return the graph in a store: the graphs named, else those that were loaded there.

    `whole` says that answers need it with all that is derived: StoreError if some is not there. Without,
    a store that holds nothing of ours is asked as it is.
    """
    if graphs:
        return RemoteStore(client, graphs)
    listed = entries(client)
    names = _asked(client, listed)
    if whole:
        if not names:
            raise StoreError(
                f"{client.query_url}: holds no graph of ours; put it there with 'compas-graph load URL', "
                "or name graphs with --store-graph"
            )
        check_whole(client, listed, names)
    return RemoteStore(client, names)


def check_whole(
    client: Client, listed: Mapping[str, Entry], names: Iterable[str], needed: Iterable[str] = NEEDED
) -> None:
    """Raise StoreError if the loading of some graphs did not end, or one of those needed is not there.

    A graph that was loaded without any triple is there.
    """
    load = "run 'compas-graph load URL' again"
    if torn := [name for name in names if name in listed and listed[name].state == "loading"]:
        raise StoreError(f"{client.query_url}: the loading of {torn[0]} did not end; {load}")
    if missing := missing_of(client, listed, names, needed):
        raise StoreError(f"{client.query_url}: holds the graph without {NEEDED[missing[0]]} ({missing[0]}); {load}")


def missing_of(
    client: Client, listed: Mapping[str, Entry], names: Iterable[str], needed: Iterable[str] = NEEDED
) -> list[str]:
    """Return which of the graphs needed are not listed among some, or are gone from the store."""
    known = set(names)
    there = client.existing(sorted(known.intersection(needed)))
    there |= {name for name in known & listed.keys() if listed[name].triples == "0"}
    return [name for name in needed if name not in there]


def graphs_in(client: Client) -> tuple[str, ...]:
    """Return the graphs in a store that answers are made from.

    They are those of the whole graph that was loaded, else the files that were; in a store that was
    not loaded by us, those whose names begin as ours do.
    """
    return _asked(client, entries(client))


def _asked(client: Client, entries: Mapping[str, Entry]) -> tuple[str, ...]:
    """Return the graphs that answers are made from, by what is listed there."""
    listed = [entry for entry in entries.values() if entry.state != "staging"]
    names = [entry.graph for entry in listed if entry.origin == "bundle"] or [entry.graph for entry in listed]
    found = names or [row["graph"].value for row in client.select(STRANGERS)]
    return tuple(sorted(name for name in found if name not in SCHEMA))


def _bound(query: str, values: Mapping[Variable, Term]) -> str:
    """Return a query of ours with values for some of its variables."""
    table = f"VALUES ({' '.join(map(str, values))}) {{ ({' '.join(map(str, values.values()))}) }}"
    return query.replace("WHERE {", f"WHERE {{ {table}", 1)
