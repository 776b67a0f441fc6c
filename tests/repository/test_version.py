"""The version is one, wherever it stands."""

from __future__ import annotations

import re

from compas_graph import __version__
from tests import ROOT


def test_the_version_is_one() -> None:
    """Package, ontology and the newest entry of the changelog agree."""
    ontology = (ROOT / "ontology" / "compas.ttl").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f'owl:versionInfo "{__version__}"' in ontology
    assert f"owl:versionIRI <https://w3id.org/compas-graph/ontology/{__version__}>" in ontology
    assert re.findall(r"## \[([0-9.]+)\]", changes)[0] == __version__
