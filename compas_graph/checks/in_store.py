"""A check of what a store elsewhere holds, made in the store: only what is found comes back."""

from __future__ import annotations

from collections.abc import Sequence

from compas_graph.bundle import Bundle
from compas_graph.checks.applied import unapplied
from compas_graph.checks.checking import shapes_for
from compas_graph.checks.explaining import explain
from compas_graph.checks.faults import Names
from compas_graph.checks.findings import Report
from compas_graph.checks.placing import findings_of
from compas_graph.checks.prefixes import prefixes_of
from compas_graph.checks.request import Request
from compas_graph.errors import DataError
from compas_graph.remote.checking import asserted_in, remote_results
from compas_graph.remote.client import Client
from compas_graph.remote.origin import ONTOLOGY

__all__ = ["check_store"]

NOTES = ("terms and contradictions are checked in this process only, by 'compas-graph check' without --store",)
WITHOUT_ONTOLOGY = (
    "the ontology is not there, so shapes miss what is of a subclass; 'compas-graph load URL' puts it there"
)


def check_store(client: Client, graphs: Sequence[str], bundle: Bundle, request: Request) -> Report:
    """Return what the shapes of a request find in a store: in the graphs named, else in all that was loaded there.

    Raises UnsupportedShapesError for shapes that no query can tell, and StoreError.
    """
    documents, shapes = shapes_for(bundle, request)
    checked = tuple(graphs) or asserted_in(client)
    triples = sum(client.counts(checked).values())
    if not triples:
        raise DataError(f"{client.query_url}: there are no triples to check; put some there with 'compas-graph load'")
    names = Names(prefixes_of(documents))
    faults = [explain(one, None, shapes, names) for one in remote_results(client, checked, shapes)]
    faults += unapplied(shapes, documents, documents, names)
    notes = NOTES if graphs or ONTOLOGY in checked else (*NOTES, WITHOUT_ONTOLOGY)
    return Report(findings_of(faults, documents, names, None), len(checked), triples, notes, checked, "graph")
