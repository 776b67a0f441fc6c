"""The whole graph: what the files assert, and all that is derived from it, each in its named graph."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Store

from compas_graph.bundle import Bundle
from compas_graph.comparisons import derive_comparisons
from compas_graph.disagreements import derive_disagreements
from compas_graph.errors import DataError
from compas_graph.facts import derive_facts
from compas_graph.namespaces import compact_text
from compas_graph.phrases import derive_phrases
from compas_graph.reasoning import (
    Rule,
    UnsupportedAxiomError,
    axioms_of,
    compile_rules,
    infer,
)
from compas_graph.store import INFERENCES, Readable, iri, load

if TYPE_CHECKING:
    from compas_graph.views import View

__all__ = ["derive", "open_graph", "rules_of"]


def open_graph(bundle: Bundle, instead: Iterable[Path] = (), view: View | None = None) -> Store:
    """Return a store with the assertions, facts, comparisons and inferences of a bundle.

    The files given `instead` stand for those of the bundle's graph. What was withdrawn leaves the graph,
    and so does what a view leaves out; all that is derived is derived from the rest alone.
    """
    store = load(bundle, instead)
    if view is not None or next(store.quads_for_pattern(None, iri("cg:withdrawn"), None), None):
        from compas_graph.views import View, restrict

        restrict(store, view or View())
    derive(store)
    return store


def derive(store: Store) -> None:
    """Add to a store of assertions what follows from them: facts, comparisons and inferences, each in its graph."""
    derive_facts(store)
    derive_comparisons(store)
    derive_disagreements(store)
    derive_phrases(store)
    infer(store, rules_of(store), INFERENCES)


def rules_of(store: Readable) -> tuple[Rule, ...]:
    """Return the rules compiled from the axioms in a store, or raise DataError for an axiom that has none."""
    try:
        return compile_rules(axioms_of(store))
    except UnsupportedAxiomError as error:
        raise DataError(compact_text(str(error))) from error
