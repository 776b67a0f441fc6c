"""A source as an author adds it: an invented text of three sentences, three claims, two things and a new spelling.

Run with a folder of data, it is added there; the repository's own folder is a folder of data, too:

    python -m tests.graph.new_source DIR
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from compas_graph.citing import cite

__all__ = ["NAME", "add_source", "write_text"]

NAME = "s900"
SENTENCES = (
    "Nissan Motors of Yokohama holds half of Larkspur Vans.",
    "The Larkspur works lie in Mexico.",
    "Vans are to be built there from 2031.",
)
TEXT = "\n\n".join(SENTENCES) + "\n"

SOURCE = f"""
source:{NAME} a cg:Source ;
    rdfs:label "{NAME.upper()}: Motor Authority, 2030"@en ;
    cg:publisher id:motor-authority ;
    cg:url "https://example.org/larkspur"^^xsd:anyURI ;
    cg:published "2030"^^xsd:gYear ;
    cg:dateBasis "Invented for a test."@en ;
    cg:fileName "larkspur.txt" ;
    cg:sha256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" ;
    cg:encodedBy id:editors .
"""

CLAIMS = (
    """
    a cg:OwnershipClaim ;
    rdfs:label "Nissan owns half of Larkspur"@en ;
    cg:owner id:nissan ;
    cg:venture id:larkspur ;
    cg:value 50 ;
    cg:unit cg:percent ;
    cg:modality cg:reported ;""",
    """
    a cg:LocationClaim ;
    rdfs:label "The works lie in Mexico"@en ;
    cg:plant id:larkspur-works ;
    cg:location id:mexico ;
    cg:modality cg:reported ;""",
    """
    a cg:ProductionClaim ;
    rdfs:label "Production to start in 2031"@en ;
    cg:plant id:larkspur-works ;
    cg:start "2031"^^xsd:gYear ;
    cg:startBound cg:boundAt ;
    cg:milestone cg:productionStart ;
    cg:modality cg:planned ;""",
)

THINGS = {
    "organisations": f"""
id:larkspur a cg:JointVenture ;
    rdfs:label "Larkspur Vans"@en ;
    cg:alias alias:larkspur .

alias:larkspur a cg:Alias ;
    cg:spelling "Larkspur" ;
    cg:usedBy source:{NAME} .

id:nissan cg:alias alias:nissan-of-yokohama .

alias:nissan-of-yokohama a cg:Alias ;
    cg:spelling "Nissan Motors of Yokohama" ;
    cg:usedBy source:{NAME} .
""",
    "plants": """
id:larkspur-works a cg:Plant ;
    rdfs:label "Larkspur works"@en .
""",
}

PREFIXES = """@prefix claim: <https://w3id.org/compas-graph/claim/> .
@prefix id: <https://w3id.org/compas-graph/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def write_text(folder: Path) -> Path:
    """Write the text into a folder, and return its path."""
    path = folder / "larkspur.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def add_source(data: Path) -> None:
    """Add the source and its things to the files of a folder of data."""
    with TemporaryDirectory() as folder:
        blocks = [cite(write_text(Path(folder)), sentence, source_id=NAME) for sentence in SENTENCES]
    head, mark, _ = blocks[0].partition("\n# Paragraph")
    parts = ["".join(sorted((head + PREFIXES).splitlines(keepends=True))), SOURCE]
    for number, (block, claim) in enumerate(zip(blocks, CLAIMS, strict=True), 1):
        passage = mark + block.partition(mark)[2]
        name = passage.partition("\npassage:")[2].partition(" ")[0]
        parts += [passage, f"\nclaim:{NAME}-0{number} {claim.strip()}\n    cg:passage passage:{name} .\n"]
    (data / "graph" / "sources" / f"{NAME}.ttl").write_text("".join(parts), encoding="utf-8")
    for kind, block in THINGS.items():
        with (data / "graph" / "entities" / f"{kind}.ttl").open("a", encoding="utf-8") as file:
            file.write(block)


if __name__ == "__main__":
    add_source(Path(sys.argv[1]))
