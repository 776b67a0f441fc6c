"""Measure OWL 2 RL reasoning on data of our own shape of any size, beside owlrl where that ends.

    python benchmarks/reasoning.py [TRIPLES ...]      (default: 5000 10000 100000)

The data are renamed copies of the graph with its facts, as many as make up the number of triples.
owlrl gets the same triples and the ontology, up to OWLRL_MOST of them.
"""

from __future__ import annotations

import resource
import sys
from time import perf_counter

import owlrl
from pyoxigraph import NamedNode, Quad, Store
from rdflib import Graph

from compas_graph.bundle import Bundle
from compas_graph.comparisons import derive_comparisons
from compas_graph.facts import derive_facts
from compas_graph.namespaces import BASE, CG
from compas_graph.reasoning import axioms_of, compile_rules, infer
from compas_graph.store import INFERENCES, load
from compas_graph.terms import rdflib_node

OWLRL_MOST = 20_000


def generated(triples: int) -> Store:
    """Return a store with the ontology and as many renamed copies of the graph as make up that many triples."""
    one = load(Bundle.at())
    derive_facts(one)
    derive_comparisons(one)
    ontology = NamedNode(BASE + "graph/ontology")
    facts = [quad for quad in one if quad.graph_name != ontology]
    store = Store()
    store.extend(one.quads_for_pattern(None, None, None, ontology))
    for copy in range(max(1, round(triples / len(facts)))):
        store.extend(Quad(_in(q.subject, copy), q.predicate, _in(q.object, copy), q.graph_name) for q in facts)
    return store


def _in(term: object, copy: int) -> object:
    """Return a term of ours as that of one copy; terms of the ontology and literals stay."""
    ours = isinstance(term, NamedNode) and term.value.startswith(BASE) and not term.value.startswith(CG)
    return NamedNode(f"{term.value}/{copy}") if ours and isinstance(term, NamedNode) else term


def measure(triples: int) -> None:
    """Print the times for one size."""
    store = generated(triples)
    size = len(store)
    start = perf_counter()
    rules = compile_rules(axioms_of(store))
    compiled = perf_counter()
    derived = infer(store, rules, INFERENCES)
    ours = perf_counter() - compiled
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = f"{size:9,} quads  compile {1000 * (compiled - start):5.1f} ms  infer {ours:7.3f} s  {derived:9,} derived"
    print(f"{line}  peak {memory:5.0f} MB", end="", flush=True)
    if size <= OWLRL_MOST:
        graph = Graph()
        for quad in generated(triples):
            graph.add((rdflib_node(quad.subject), rdflib_node(quad.predicate), rdflib_node(quad.object)))
        start = perf_counter()
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
        theirs = perf_counter() - start
        print(f"  owlrl {theirs:6.1f} s, {theirs / ours:4.0f} times as long", end="")
    print()


if __name__ == "__main__":
    for number in [int(text) for text in sys.argv[1:]] or [5_000, 10_000, 100_000]:
        measure(number)
