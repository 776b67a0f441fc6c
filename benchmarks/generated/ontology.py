"""What the ontology and the shapes say of claims: their kinds, what roles take, and what each kind needs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pyoxigraph import NamedNode, RdfFormat, Store

from compas_graph.bundle import Bundle
from compas_graph.store import iri, select

__all__ = ["classes_below", "concepts_for", "kinds_of_claim", "needed", "range_of"]


@cache
def _store() -> Store:
    store, folder = Store(), Bundle.at().ontology
    for name in ("compas.ttl", "shapes.ttl"):
        store.load(path=folder / name, format=RdfFormat.TURTLE)
    return store


def _local(node: NamedNode) -> str:
    return node.value.rpartition("#")[2]


def _ask(query: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a query as local names, in order."""
    yield from sorted(tuple(_local(term) for term in row) for row in select(_store(), query))


def kinds_of_claim() -> list[str]:
    """Return the classes of claims by their local names."""
    return [kind for (kind,) in _ask("SELECT ?kind { ?kind rdfs:subClassOf+ cg:Claim }")]


@cache
def classes_below(kind: str) -> frozenset[str]:
    """Return a class and those below it."""
    return frozenset(lower for (lower,) in _ask(f"SELECT ?lower {{ ?lower rdfs:subClassOf* cg:{kind} }}"))


@cache
def range_of(role: str) -> str:
    """Return the class that a role takes; empty for what is no role.

    >>> range_of("cg:owner"), range_of("cg:milestone")
    ('Organisation', '')
    """
    found = _ask(f"SELECT ?range {{ {iri(role)} rdfs:subPropertyOf+ cg:involves ; rdfs:range ?range }}")
    return next((kind for (kind,) in found), "")


def concepts_for(qualifier: str) -> list[str]:
    """Return the concepts of the first list from which a qualifier may be."""
    shape = f"?shape sh:path ( {iri(qualifier)} skos:inScheme ) ; sh:in ( ?scheme )"
    return [f"cg:{name}" for (name,) in _ask(f"SELECT ?concept {{ {shape} . ?concept skos:inScheme ?scheme }}")]


def needed(kind: str) -> list[str]:
    """Return the properties that a claim of a kind must have by its own shape; of alternatives the first.

    >>> needed("OwnershipClaim"), needed("LaunchClaim")
    (['cg:owner', 'cg:venture'], ['cg:model'])
    """
    query = f"""SELECT DISTINCT ?property WHERE {{
      ?shape sh:targetClass cg:{kind} ; sh:property ?rule . ?rule sh:minCount ?least ; sh:path ?path .
      OPTIONAL {{ ?path sh:alternativePath/rdf:first ?first }}
      BIND(COALESCE(?first, ?path) AS ?property)
      FILTER(?least > 0)
    }}"""
    return [f"cg:{name}" for (name,) in _ask(query)]
