"""A table of the kinds of store: where their endpoints are, and what they can be trusted with.

The options of the command line offer its rows, so it imports nothing that takes time.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from compas_graph.errors import StoreError, UnknownNameError

__all__ = ["KINDS", "Kind", "kind_named", "kinds_like"]


class Kind(NamedTuple):
    """A kind of store: all that the program knows of it.

    `query`, `update` and `graphs` follow the address given (`graphs` ends where the IRI of a graph
    goes; '' if there is no graph store). `quads` is where N-Quads are taken in, all of them or none,
    '' if nowhere so. `sign` is what the Server header or the address is known by, '' for a store of
    no known kind. `update_parameter` is the field of the form that holds an update, '' if it is sent
    as it is.

    `atomic` says that readers were seen to get an update or a PUT whole or not at all. `changes` is
    how many triples one update is given to change, 0 where none was seen to be undone whole if the
    store is killed; `batch` is how many triples one update may hold, `batched` that even its graph
    store takes no more; `rows` is the setting that limits the rows of an answer. `plain` says that it
    is asked for one constraint of a shape at a time, and only for what it was seen to answer rightly.

    `loading` is what a user must know before a graph is replaced there, `asking` what a user must
    know of its answers, where URL stands for its address.
    """

    name: str
    query: str
    update: str
    graphs: str
    sign: str = ""
    quads: str = ""
    update_parameter: str = ""
    atomic: bool = False
    changes: int = 0
    batch: int = 2000
    batched: bool = False
    rows: str = ""
    plain: bool = False
    loading: str = ""
    asking: str = ""

    @property
    def known(self) -> bool:
        """Tell whether it is more than any store that speaks SPARQL."""
        return bool(self.sign)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "oxigraph",
            query="/query",
            update="/update",
            graphs="/store?graph=",
            sign=r"oxigraph",
            quads="/store",
            atomic=True,
            changes=20_000,
        ),
        Kind(
            "virtuoso",
            query="/sparql",
            update="/sparql-auth",
            graphs="/sparql-graph-crud-auth?graph=",
            sign=r"virtuoso",
            update_parameter="query",
            changes=1000,
            batch=1000,
            batched=True,
            rows="ResultSetMaxRows",
            plain=True,
            loading=(
                "Virtuoso replaces a graph in one transaction, but a query that runs at that moment may see part of "
                "the old and part of the new"
            ),
            asking="Virtuoso may give other rows to some queries; 'compas-graph doctor URL --queries' tells which",
        ),
        Kind("fuseki", "/query", "/update", "/data?graph=", r"fuseki"),
        Kind("graphdb", "", "/statements", "/rdf-graphs/service?graph=", r"graphdb"),
        Kind("rdf4j", "", "/statements", "/rdf-graphs/service?graph=", r"rdf4j|/repositories/[^/]+$"),
        Kind("stardog", "/query", "/update", "?graph=", r"stardog"),
        Kind("neptune", "/sparql", "/sparql", "/sparql/gsp/?graph=", r"\.neptune\.amazonaws\.com"),
        Kind("qlever", "", "", "?graph=", r"qlever"),
        Kind("sparql", "", "", ""),
    )
}
"""Oxigraph and Virtuoso are tested; the others stand as their documentation has it."""


def kind_named(name: str) -> Kind:
    """Return a kind of store by its name."""
    if name not in KINDS:
        raise UnknownNameError("kind of store", name, KINDS, f"there are {', '.join(KINDS)}")
    return KINDS[name]


def kinds_like(sign: str) -> list[Kind]:
    """Return the kinds that a Server header and an address may belong to, and last the plain one.

    >>> [kind.name for kind in kinds_like("Oxigraph/0.5.13 http://localhost:7878")]
    ['oxigraph', 'sparql']
    """
    known = [kind for kind in KINDS.values() if kind.known and re.search(kind.sign, sign, re.IGNORECASE)]
    return [*known, KINDS["sparql"]]


def base_of(address: str, kind: Kind) -> str:
    """Return the address without the endpoint of that kind, should it have been given with one.

    >>> base_of("http://localhost:7878/query", KINDS["oxigraph"])
    'http://localhost:7878'
    """
    for endpoint in (kind.query, kind.update, kind.graphs.partition("?")[0].rstrip("/")):
        if endpoint and address.endswith(endpoint):
            return address.removesuffix(endpoint)
    return address


def unknown_store(address: str, option: str, *, page: bool) -> StoreError:
    """Return the error that says that no SPARQL was found at an address; `option` names the kind."""
    what = "is a web page, not a SPARQL endpoint" if page else "no SPARQL endpoint answers there"
    return StoreError(f"{address}: {what}; check the URL, or name the kind of store by {option} ({', '.join(KINDS)})")
