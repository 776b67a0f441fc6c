"""What a store can do, found by trying: one probe for each ability.

No probe changes anything but `writing`, which writes a graph of one triple: `clear` takes it away.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from compas_graph.errors import StoreError
from compas_graph.namespaces import BASE, PREFIXES
from compas_graph.remote.client import TRIPLES, Client
from compas_graph.remote.kinds import KINDS
from compas_graph.remote.ledger import LEDGER
from compas_graph.remote.reading import RemoteStore
from compas_graph.remote.transport import Body

__all__ = ["ABILITIES", "LOAD", "WRITING", "Check", "Probe", "clear", "tried"]

TRIAL = BASE + "loading/doctor"
NOWHERE = BASE + "loading/nothing"
TRIPLE = f'<{TRIAL}> <{PREFIXES["rdfs"]}label> "a trial"'
NOTHING = f"DELETE DATA {{ GRAPH <{NOWHERE}> {{ {TRIPLE} }} }}"
"""An update that changes nothing, as there is no such graph."""

ROWS = 101
"""How many rows are asked for, squared: more than the 10,000 that some stores give at most."""
TERMS = 3000
"""How many terms a long query names."""
DATES = """PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ASK {
  FILTER("2014-06-17"^^xsd:date < "2014-07-01"^^xsd:date)
  FILTER(!("2015-01-01"^^xsd:date <= "2014-07-01"^^xsd:date))
}"""
LOAD = "compas-graph load URL"
EMPTY, TRY = "not known, as the store is empty", f"'{LOAD}' first, or try with --write"
MISSING = (400, 404, 405, 406, 500, 501)
"""What servers answer that have no graph store where it was looked for."""


class Check(NamedTuple):
    """One thing that was tried: whether it works (None: not known), what was found, and what to do.

    `needed` says that `load` or `ask` cannot do without. URL in an advice stands for that of the store.
    """

    works: bool | None
    found: str
    advice: str = ""
    needed: bool = True
    name: str = ""


Probe = Callable[[Client], Check]


def tried(name: str, probe: Probe, client: Client) -> Check:
    """Return what a probe finds, a refusal by the store being a finding, too."""
    try:
        return probe(client)._replace(name=name)
    except StoreError as error:
        found, _, advice = str(error).rpartition("; ")
        return Check(False, found or advice, advice if found else "", name=name)


def clear(client: Client) -> None:
    """Take away what `writing` wrote, if the store lets us."""
    with suppress(StoreError):
        client.update(f"DROP SILENT GRAPH <{TRIAL}>")


def _kind(client: Client) -> Check:
    """Find what the store is."""
    reply = client.transport.request("GET", client.query_url, expect=range(300, 600))
    server = reply.headers.get("server", "").strip() or "a server without a name"
    kind, known = client.kind, ", ".join(name for name, each in KINDS.items() if each.known)
    advice = kind.loading if kind.known else f"if it is one of {known}, say so with --kind"
    return Check(True, f"{kind.name} ({server})", advice, needed=False)


def _queries(client: Client) -> Check:
    """Find whether it answers the kinds of queries that are sent."""
    graph = RemoteStore(client, ()).triples(f"CONSTRUCT {{ {TRIPLE} }} WHERE {{}}", {})
    rows = [row["one"].value for row in client.select("SELECT ?one WHERE { VALUES ?one { 1 } }")]
    works = client.ask("ASK {}") and rows == ["1"] and len(graph) == 1
    return Check(works, "SELECT, ASK and CONSTRUCT" if works else "wrong answers", _unless(works, "check the URL"))


def _updates(client: Client) -> Check:
    """Find whether it takes an update, by one that changes nothing."""
    client.update(NOTHING)
    return Check(True, f"taken at {client.update_url}")


def _writing(client: Client) -> Check:
    """Find whether a triple can be written, by update and by PUT, and read back."""
    client.update(f"INSERT DATA {{ GRAPH <{TRIAL}> {{ {TRIPLE} }} }}")
    there = [client.has(TRIAL)]
    if client.graphs_url and not client.kind.batched:
        client.transport.request(
            "PUT", client.graph_url(TRIAL), Body.of(f"{TRIPLE.replace('a trial', 'again')} .".encode(), TRIPLES)
        )
        there.append(client.ask(f'ASK {{ GRAPH <{TRIAL}> {{ ?trial ?label "again" }} }}'))
    how = " and ".join(("an update", "a PUT")[: len(there)])
    found = f"a triple came back, written by {how}" if all(there) else f"a triple written by {how} did not come back"
    return Check(all(there), found, _unless(all(there), "give it the graph by its own bulk loader"))


def _dataset(client: Client) -> Check:
    """Find whether a query is answered from the graphs that the request names, and no others."""
    sample = _sample(client)
    if sample is None:
        return Check(None, EMPTY, TRY)
    graph, triple = sample
    queries = (f"ASK {{ {triple} }}", f"ASK {{ GRAPH ?graph {{ {triple} }} }}")
    named, others = (
        [bool(RemoteStore(client, (each,)).query(query)) for query in queries] for each in (graph, NOWHERE)
    )
    if all(named) and not any(others):
        return Check(True, "asked, and no others")
    found = "ignored: others are asked, too" if any(others) else "not asked"
    advice = "answers may be empty or mixed with other graphs; ask a store that follows the SPARQL protocol's dataset"
    return Check(False, found, advice)


def _default(client: Client) -> Check:
    """Find what it takes for the default graph where none is named."""
    sample = _sample(client)
    if sample is None:
        return Check(None, EMPTY, TRY, needed=False)
    union = client.ask(f"ASK {{ {sample.triple} }}")
    advice = "" if union else "queries of yours see nothing there unless they name a graph; --store names them for you"
    found = "the union of all graphs" if union else "one of its own, without the named graphs"
    return Check(True, found, advice, needed=False)


def _graph_store(client: Client) -> Check:
    """Find whether a graph can be fetched by its name."""
    if not client.graphs_url:
        return Check(None, "none is known for this kind", "graphs go by updates", needed=False)
    graph = next((each for each in (TRIAL, LEDGER) if client.has(each)), None)
    if graph is None:
        return Check(None, EMPTY, TRY)
    reply = client.transport.request(
        "GET", client.graph_url(graph), headers={"Accept": TRIPLES}, expect=range(300, 600)
    )
    if reply.status == 200:
        return Check(True, f"at {client.graphs_url.partition('?')[0]}")
    advice = "--kind sparql loads by updates alone"
    return Check(False, f"{client.graphs_url} answered {reply.status}", advice)


def _dates(client: Client) -> Check:
    """Find whether dates are compared as dates."""
    works = client.ask(DATES)
    advice = _unless(works, "answers to --from and --to, and what came of plans, will be wrong")
    return Check(works, "by value" if works else "not by value", advice)


def _rows(client: Client) -> Check:
    """Find whether it gives as many rows as there are."""
    numbers = " ".join(map(str, range(ROWS)))
    query = f"SELECT ?one ?other WHERE {{ VALUES ?one {{ {numbers} }} VALUES ?other {{ {numbers} }} }}"
    number = sum(1 for _ in client.select(query))
    if number == ROWS**2:
        return Check(True, f"{number:,} and more", needed=False)
    setting = f" ({client.kind.rows})" if client.kind.rows else ""
    advice = f"raise its limit on rows{setting}; a longer answer is refused until then"
    return Check(False, f"no more than {number:,}", advice, needed=False)


def _length(client: Client) -> Check:
    """Find whether it takes a query as long as an answer with much evidence needs."""
    terms = " ".join(f"<{NOWHERE}/{number}>" for number in range(TERMS))
    query = f"SELECT (COUNT(?term) AS ?number) WHERE {{ VALUES ?term {{ {terms} }} }}"
    number = sum(int(row["number"].value) for row in client.select(query))
    found = f"one of {len(query) / 1000:.0f} kB is " + ("answered" if number == TERMS else "answered wrongly")
    advice = _unless(number == TERMS, "raise its limit on the size of a request")
    return Check(number == TERMS, found, advice)


def _authentication(client: Client) -> Check:
    """Find whether anyone may ask and write, and whether a password goes there unencrypted."""
    way = copy(client.transport)
    credentials, way.credentials, way.tries = way.credentials, None, 1
    anyone = client._replace(transport=way)
    asks, writes = _may(lambda: anyone.results("ASK {}")), _may(lambda: anyone.update(NOTHING))
    found = f"{'anyone' if asks else 'not everyone'} may ask, {'anyone' if writes else 'not everyone'} may write"
    advice = ""
    if not _is_local(client.query_url):
        if writes:
            advice = "anyone can change it: put a proxy that asks for a password before it"
        elif credentials and client.query_url.startswith("http:"):
            advice = "the password goes there unencrypted: use https"
    return Check(True, found, advice, needed=False)


def _may(work: Callable[[], object]) -> bool:
    """Return whether a request is not refused."""
    try:
        work()
    except StoreError:
        return False
    return True


ABILITIES: dict[str, Probe] = {
    "store": _kind,
    "queries": _queries,
    "updates": _updates,
    "graphs named in a request": _dataset,
    "default graph": _default,
    "graph store": _graph_store,
    "comparing dates": _dates,
    "rows of an answer": _rows,
    "long queries": _length,
    "who may": _authentication,
}
WRITING: dict[str, Probe] = {"writing": _writing}


class _Sample(NamedTuple):
    """A graph of the store and a triple of it, as SPARQL has it."""

    graph: str
    triple: str


def _sample(client: Client) -> _Sample | None:
    """Return a triple that stands in a named graph, of our own if there is one."""
    pattern = "{ ?s ?p ?o FILTER(isIRI(?s)) FILTER(!isBlank(?o)) }"
    for graph in (f"<{TRIAL}>", f"<{LEDGER}>", "?graph"):
        query = f"SELECT * WHERE {{ GRAPH {graph} {pattern} }} LIMIT 1"
        for row in client.select(query):
            name = row["graph"].value if graph == "?graph" else graph.strip("<>")
            return _Sample(name, f"{row['s']} {row['p']} {row['o']}")
    return None


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unless(works: bool, advice: str) -> str:
    """Return an advice where it is needed."""
    return "" if works else advice
