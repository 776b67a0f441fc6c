"""Why a store gives the answers that it gives: what it can do, what is in it, and what to do about the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import Literal, QuerySolutions

from compas_graph.bundle import Bundle, read_turtle
from compas_graph.errors import CompasGraphError, StoreError
from compas_graph.namespaces import PREFIXES
from compas_graph.remote.abilities import ABILITIES, LOAD, WRITING, Check, Probe, clear, tried
from compas_graph.remote.client import Client
from compas_graph.remote.ledger import entries
from compas_graph.remote.reading import NEEDED, RemoteStore, graphs_in
from compas_graph.store import iri

__all__ = ["compare", "examine"]


def examine(client: Client, *, write: bool = False) -> Iterator[Check]:
    """Yield what was found of a store, one check after the other; with `write` a triple is written for trial."""
    try:
        for name, probe in ((WRITING if write else {}) | ABILITIES).items():
            yield tried(name, probe, client)
    finally:
        if write:
            clear(client)
    for name, probe in CONTENTS.items():
        yield tried(name, probe, client)


def _graphs(client: Client) -> Check:
    """Find whether the graphs that were loaded are all there."""
    listed = entries(client)
    names = graphs_in(client)
    if not names:
        return Check(None, "nothing is loaded", f"put the graph there with '{LOAD}'", needed=False)
    sizes = client.counts(names)
    gone = [name for name in names if name not in sizes and (name not in listed or listed[name].triples != "0")]
    torn = [name for name in names if name in listed and listed[name].state == "loading"]
    if gone or torn:
        what = f"{gone[0]} is gone" if gone else f"the loading of {torn[0]} did not end"
        return Check(False, what, f"mend it with '{LOAD}'")
    if missing := [words for name, words in NEEDED.items() if name not in names]:
        found = f"{len(names)}, without {missing[0]}"
        return Check(False, found, f"answers would lack rows: '{LOAD}' puts it there")
    for name, size in sizes.items():
        wanted = listed[name].triples if name in listed else ""
        if wanted and wanted != str(size):
            found = f"{name} has {size:,} triples of {wanted} loaded"
            return Check(False, found, f"something else changed it; '{LOAD}' puts it there again")
    return Check(True, f"{len(names)}" + ("" if listed else ", not put there by 'load'"))


def _version(client: Client) -> Check:
    """Find whether the ontology in the store is that of this program."""
    query = f"""SELECT ?version WHERE {{ GRAPH <{PREFIXES["graph"]}ontology> {{
      ?ontology <{PREFIXES["owl"]}versionInfo> ?version
    }} }}"""
    versions = {row["version"].value for row in client.select(query)}
    if not versions:
        return Check(None, "no ontology is there", needed=False)
    ours = {
        quad.object.value
        for quad in read_turtle(Bundle.at().ontology / "compas.ttl")
        if quad.predicate == iri("owl:versionInfo") and isinstance(quad.object, Literal)
    }
    works = versions == ours
    found = ", ".join(sorted(versions)) + ("" if works else f", while this program has {', '.join(sorted(ours))}")
    return Check(works, found, "" if works else f"renew it with '{LOAD}'", needed=False)


def _answers(client: Client) -> Check:
    """Find whether names are known there, as every answer needs."""
    from compas_graph.names import things

    graphs = graphs_in(client)
    if not graphs:
        return Check(None, "nothing to ask", needed=False)
    try:
        number = len(things(RemoteStore(client, graphs)))
    except CompasGraphError as error:
        return Check(False, str(error), "see the rows above")
    found = f"{number:,} things can be asked for" if number else "no thing is found"
    return Check(number > 0, found, "" if number else "see the rows above")


CONTENTS: dict[str, Probe] = {"graphs there": _graphs, "version": _version, "answers": _answers}


def compare(client: Client, bundle: Bundle) -> Iterator[Check]:
    """Yield for each saved query whether it has the same rows there, as it stands, as in this process."""
    from compas_graph.graph import open_graph
    from compas_graph.query import saved_queries

    advice = f"ask it without --store, or renew the graph with '{LOAD}'"
    here, there = open_graph(bundle), RemoteStore(client, graphs_in(client))
    for query in saved_queries(bundle):
        ours = _rows_of(here.query(query.text, use_default_graph_as_union=True))
        try:
            theirs = _rows_of(there.query(query.text))
        except StoreError as error:
            yield Check(False, str(error), advice, name=query.name)
            continue
        yield Check(ours == theirs, _difference(ours, theirs), "" if ours == theirs else advice, name=query.name)


def _difference(ours: list[tuple[str, ...]], theirs: list[tuple[str, ...]]) -> str:
    """Return in words how rows there differ from those here."""
    if ours == theirs:
        return f"{len(ours)} rows"
    lost, more = (only.total() for only in (Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)))
    return f"{lost} rows lost, {more} others" if lost or more else "the same rows in another order"


def _rows_of(found: object) -> list[tuple[str, ...]]:
    """Return rows in a form that can be compared."""
    assert isinstance(found, QuerySolutions)
    return [tuple(map(str, row)) for row in found]
