"""The tests, and what they all are about: the repository, its prefixes and a graph that does not grow."""

from pathlib import Path

from compas_graph.bundle import Bundle
from compas_graph.namespaces import PREFIXES

ROOT = Path(__file__).resolve().parents[1]
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())

FROZEN = Bundle.at(ROOT / "tests" / "frozen" / "data")
"""The four first sources as they stood when they were frozen, under the ontology and the queries of today."""

BREAKING = sorted((ROOT / "tests" / "ontology" / "shapes").glob("*.ttl"))
"""The files that each break one rule of the shapes."""
