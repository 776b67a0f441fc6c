"""The catalogue that others read: the dataset in DCAT and VoID, the saved queries as SPARQL examples.

The examples have the form of the SIB's sparql-examples: `sh:SPARQLExecutable` with the question
as comment, the tags as keywords and the endpoint as target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, serialize

from compas_graph.bundle import Bundle
from compas_graph.namespaces import BASE, PREFIXES
from compas_graph.query import SavedQuery, saved_queries
from compas_graph.store import iri, select

__all__ = ["catalogue"]

DATASET = NamedNode(BASE + "dataset")
TEXT = NamedNode(PREFIXES["rdf"] + "HTML")
INTEGER = NamedNode(PREFIXES["xsd"] + "integer")
USED = ("cg", "dcat", "dcterms", "graph", "owl", "rdf", "rdfs", "schema", "sh", "source", "void", "xsd")


def catalogue(bundle: Bundle, store: Store, target: str) -> str:
    """Return the catalogue as Turtle, for queries that are asked at the address `target`."""
    triples = [*_dataset(store), *_graphs(store)]
    for query in saved_queries(bundle):
        triples += _example(query, NamedNode(target))
    prefixes = {name: PREFIXES[name] for name in USED} | {"query": BASE + "query/"}
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes)
    lines = (text or b"").decode().splitlines()
    head = sorted(line for line in lines if line.startswith("@prefix "))
    return "\n".join([*head, "", *(line for line in lines if not line.startswith("@prefix "))]) + "\n"


def _dataset(store: Store) -> Iterator[Triple]:
    """Yield the description of the whole dataset."""
    yield from (Triple(DATASET, iri("rdf:type"), iri(kind)) for kind in ("dcat:Dataset", "void:Dataset"))
    yield Triple(DATASET, iri("dcterms:title"), Literal("compas_graph", language="en"))
    words = (
        "Alliances, joint ventures, plants, platforms and vehicles, and who says what of them, where, in which sense."
    )
    yield Triple(DATASET, iri("dcterms:description"), Literal(words, language="en"))
    yield Triple(DATASET, iri("dcterms:license"), NamedNode("https://creativecommons.org/licenses/by/4.0/"))
    for row in select(store, "SELECT ?version { ?ontology a owl:Ontology ; owl:versionInfo ?version }"):
        yield Triple(DATASET, iri("dcat:version"), row["version"])
    for keyword in ("automotive", "joint venture", "knowledge graph", "provenance"):
        yield Triple(DATASET, iri("dcat:keyword"), Literal(keyword, language="en"))
    yield Triple(DATASET, iri("void:uriSpace"), Literal(BASE))
    yield Triple(DATASET, iri("void:vocabulary"), NamedNode(BASE + "ontology"))
    triples = {(quad.subject, quad.predicate, quad.object) for quad in store}
    yield Triple(DATASET, iri("void:triples"), _number(len(triples)))
    counts = "SELECT (COUNT(DISTINCT ?thing) AS ?things) { ?thing a cg:Entity }"
    yield from (
        Triple(DATASET, iri("void:entities"), _number(int(row["things"].value))) for row in select(store, counts)
    )
    for row in select(store, "SELECT ?source { ?source a cg:Source } ORDER BY ?source"):
        yield Triple(DATASET, iri("dcterms:source"), row["source"])


def _graphs(store: Store) -> Iterator[Triple]:
    """Yield each named graph with its number of triples."""
    sizes = Counter(quad.graph_name for quad in store if isinstance(quad.graph_name, NamedNode))
    graphs = sorted(sizes, key=str)
    yield from (Triple(DATASET, iri("void:subset"), graph) for graph in graphs)
    for graph in graphs:
        yield Triple(graph, iri("rdf:type"), iri("void:Dataset"))
        yield Triple(graph, iri("void:triples"), _number(sizes[graph]))


def _example(query: SavedQuery, target: NamedNode) -> Iterator[Triple]:
    """Yield a saved query as a SPARQL example."""
    node = NamedNode(f"{BASE}query/{query.name}")
    for kind in ("sh:SPARQLExecutable", "sh:SPARQLSelectExecutable"):
        yield Triple(node, iri("rdf:type"), iri(kind))
    yield Triple(node, iri("rdfs:comment"), Literal(query.summary, datatype=TEXT))
    yield Triple(node, iri("sh:select"), Literal(query.text))
    yield from (Triple(node, iri("schema:keywords"), Literal(tag)) for tag in query.tags)
    yield Triple(node, iri("schema:target"), target)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=INTEGER)
