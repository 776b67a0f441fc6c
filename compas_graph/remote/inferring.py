"""Inference inside a store elsewhere: the rules run there as updates until nothing is added.

What follows is made in a staging graph and takes the place of what was inferred before only when it is
whole, so a reader sees the old inferences or the new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from pyoxigraph import NamedNode, QuerySolution

from compas_graph.axioms import Term
from compas_graph.errors import StoreError
from compas_graph.namespaces import CG
from compas_graph.owl import TYPE
from compas_graph.reasoning import Row, Rule
from compas_graph.remote.client import Client
from compas_graph.remote.ledger import Entry, entries, forget, listing, staging_for
from compas_graph.rules import Part, Pattern

__all__ = ["Inferred", "infer_there"]

MOST_AXIOMS, LONGEST = 20, 200_000
"""How many axioms, and about how many characters, one request may have."""

FACT_RULES = f"""SELECT DISTINCT ?class ?modality ?milestone ?first ?predicate ?second WHERE {{
  ?rule a <{CG}FactRule> ; <{CG}ofClass> ?class ; <{CG}ofModality> ?modality ;
    <{CG}subjectRole> ?first ; <{CG}yields> ?predicate ; <{CG}objectRole> ?second .
  OPTIONAL {{ ?rule <{CG}ofMilestone> ?milestone }}
}}"""


class Inferred(NamedTuple):
    """How many triples a store has inferred, in how many rounds of the rules."""

    triples: int
    rounds: int


def infer_there(
    client: Client, graphs: Iterable[str], rules: Iterable[Rule], into: str, watch: Callable[[int, int], None]
) -> Inferred:
    """Return how much was inferred in a store from some graphs, and replace the graph `into` by it, whole.

    Facts are taken as they were loaded; only those that readings yield are derived there, as they stand with
    what is inferred. The graph is listed without a digest, so that the next load compares it. `watch` is told
    after each round its number and how many triples there are. Raise StoreError if there is a graph of that
    name that was not put there by us.
    """
    listed = entries(client)
    if into not in listed and client.has(into):
        raise StoreError(f"{into}: is in the store, but was not put there by 'compas-graph'; take it away, or load it")
    sources = [graph for graph in graphs if graph != into]
    staging = staging_for(into)
    client.update(listing(Entry(staging, "staging")))
    client.update(f"DROP SILENT GRAPH {NamedNode(staging)}")
    run = _Run(client, (*sources, staging), staging)
    rounds = run.to_the_end([rule for rule in rules if rule.head], watch)
    origin = next((listed[graph].origin for graph in sources if graph in listed), "")
    return Inferred(_put_in_place(client, staging, into, origin), rounds)


def _put_in_place(client: Client, staging: str, into: str, origin: str) -> int:
    """Return the number of triples of a staging graph, which has become the graph `into`."""
    number = client.count(staging)
    client.update(listing(Entry(into, "loading", origin)))
    moved = f"COPY {NamedNode(staging)} TO {NamedNode(into)}" if number else f"DROP SILENT GRAPH {NamedNode(into)}"
    client.update(moved)
    arrived = client.count(into)
    if arrived != number:
        raise StoreError(
            f"{client.update_url}: copying {staging} to {into} gave {arrived} triples of {number}; run this again"
        )
    client.update(listing(Entry(into, "loaded", origin)))
    client.update(f"DROP SILENT GRAPH {NamedNode(staging)}")
    client.update(forget(staging))
    return number


class _Run:
    """One run of rules over graphs in a store; what they conclude goes into the last of these."""

    def __init__(self, client: Client, graphs: Sequence[str], into: str) -> None:
        self.client, self.graphs, self.into = client, graphs, into
        self.using = " ".join(f"USING {NamedNode(graph)}" for graph in graphs)
        self.at_once = max(1, min(MOST_AXIOMS, LONGEST // len(self.using)))

    def to_the_end(self, rules: list[Rule], watch: Callable[[int, int], None]) -> int:
        """Run rules until nothing is added, and return how many rounds that took.

        A rule runs with those of its axioms whose predicates and classes all occur, and of these only with
        those of which some got a triple in the round before.
        """
        self.all_of(list(map(_of_readings, self.client.select(FACT_RULES, self.graphs))))
        known = recent = set(self.present())
        counts = self.counts()
        rounds = 0
        while recent:
            due = [(rule, row) for rule in rules for row in rule.rows if _is_due(row, known, recent)]
            self.all_of([_conclusion(rule, row) for rule, row in due])
            before, counts, rounds = counts, self.counts(), rounds + 1
            recent = {key for key, number in counts.items() if number != before.get(key)}
            recent |= {TYPE, None} if recent else set()
            known |= recent
            watch(rounds, self.client.count(self.into))
        return rounds

    def all_of(self, wanted: Sequence[tuple[str, str]]) -> None:
        """Add to the last graph what patterns find in all of them; doing it twice does no harm."""
        into = NamedNode(self.into)
        texts = [f"INSERT {{ GRAPH {into} {{ {head} }} }} {self.using} WHERE {{ {where} }}" for head, where in wanted]
        for number in range(0, len(texts), self.at_once):
            self.client.update(" ;\n".join(texts[number : number + self.at_once]))

    def present(self) -> Iterator[object]:
        """Yield the predicates and classes that occur, and None, which stands for any."""
        yield None
        for pattern in ("?s ?key ?o", f"?s {TYPE} ?key"):
            for row in self.client.select(f"SELECT DISTINCT ?key WHERE {{ {pattern} }}", self.graphs):
                yield row["key"]

    def counts(self) -> dict[object, int]:
        """Return how many triples the last graph has of each predicate and each class."""
        found: dict[object, int] = {}
        for pattern in ("?s ?key ?o", f"?s {TYPE} ?key"):
            where = f"GRAPH {NamedNode(self.into)} {{ {pattern} }}"
            query = f"SELECT ?key (COUNT(*) AS ?number) WHERE {{ {where} }} GROUP BY ?key"
            found |= {row["key"]: int(row["number"].value) for row in self.client.select(query)}
        return found


def _of_readings(rule: QuerySolution) -> tuple[str, str]:
    """Return the fact that readings yield by a row of the table of facts, and the pattern for these readings.

    It says what `facts` says, whose facts of readings stand with what is inferred.
    """
    first, second, milestone = rule["first"], rule["second"], rule["milestone"]
    where = f"?reading a {rule['class']} ; <{CG}modality> {rule['modality']} , <{CG}inferred> ; {first} ?subject ; "
    where += f"{second} ?object . FILTER(?subject != ?object)"
    where += f" ?reading <{CG}milestone> {milestone} ." if milestone else ""
    for name in ("polarity", "withdrawn"):
        where += f" FILTER NOT EXISTS {{ ?reading <{CG}{name}> ?{name} }}"
    if first != second:
        where += f" OPTIONAL {{ ?reading {first} ?other . FILTER(?other != ?subject) }}"
        where += f" OPTIONAL {{ ?reading {second} ?another . FILTER(?another != ?object) }}"
        where += f" OPTIONAL {{ ?reading <{CG}pairwise> ?pairwise }}"
        where += " FILTER(!BOUND(?other) || !BOUND(?another) || COALESCE(?pairwise, false))"
    return f"?subject {rule['predicate']} ?object", where


def _is_due(row: Row, known: set[object], recent: set[object]) -> bool:
    """Tell whether an axiom has all that it asks for, and some of it lately."""
    return row.keys <= known and not recent.isdisjoint(row.keys)


def _conclusion(rule: Rule, row: Row) -> tuple[str, str]:
    """Return what follows by one axiom of a rule, and the pattern for where it does and is not there yet.

    The axiom is written into both, for tables of constants are beyond the planners of some stores.
    """
    named: dict[Part, Term] = dict(zip(rule.variables, row.values, strict=True))

    def write(pattern: Pattern) -> str:
        return " ".join(str(named.get(part, part)) for part in pattern)

    head = cast("Pattern", rule.head)
    tests = [f"FILTER(!sameTerm({named.get(one, one)}, {named.get(other, other)}))" for one, other in rule.distinct]
    tests += [f"FILTER(!isLITERAL({head[0]}))"] if head[0] not in named else []
    return write(head), " ".join((" . ".join(map(write, rule.body)), *tests, f"FILTER NOT EXISTS {{ {write(head)} }}"))
