"""Citations: how answers name the place of a claim or a reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import NamedNode

from compas_graph.store import Readable, select
from compas_graph.words import phrase

__all__ = ["citations"]


def citations(store: Readable, nodes: Iterable[NamedNode]) -> dict[NamedNode, str]:
    """Return the citation of each node that is a claim or a reading; other nodes are left out.

    A claim's is its outlet, date and paragraph, then the speaker and the outlet it came through.
    """
    wanted = " ".join(sorted(str(node) for node in set(nodes)))
    if not wanted:
        return {}
    return _of_claims(store, wanted) | _of_readings(store, wanted)


def _of_claims(store: Readable, wanted: str) -> dict[NamedNode, str]:
    query = f"""SELECT ?claim ?outlet ?date ?paragraph WHERE {{
      VALUES ?claim {{ {wanted} }}
      ?claim cg:passage ?passage . ?passage cg:paragraph ?paragraph ; cg:inSource ?source .
      ?source cg:published ?date ; cg:publisher/rdfs:label ?outlet .
    }}"""
    credits = _credits(store, wanted)
    return {
        row["claim"]: f"{row['outlet'].value}, {phrase(row['date'].value)}, paragraph {row['paragraph'].value}"
        + (f" ({'; '.join(credits[row['claim']])})" if row["claim"] in credits else "")
        for row in select(store, query)
    }


def _credits(store: Readable, wanted: str) -> dict[NamedNode, list[str]]:
    """Return for each claim whom its source credits with it, as phrases."""
    query = f"""SELECT ?claim ?how ?name WHERE {{
      VALUES (?property ?how) {{
        (cg:speaker "said by") (cg:possibleSpeaker "perhaps said by") (cg:via "from") (cg:possiblyVia "perhaps from")
      }}
      VALUES ?claim {{ {wanted} }}
      ?claim ?property ?agent . ?agent rdfs:label ?name .
    }}"""
    names: dict[NamedNode, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in select(store, query):
        names[row["claim"]][row["how"].value].append(row["name"].value)
    order = ("said by", "perhaps said by", "from", "perhaps from")
    return {
        claim: [f"{how} {' and '.join(sorted(found[how]))}" for how in order if how in found]
        for claim, found in names.items()
    }


def _of_readings(store: Readable, wanted: str) -> dict[NamedNode, str]:
    query = f"""SELECT ?reading ?author ?label (COUNT(?ground) AS ?grounds) WHERE {{
      VALUES ?reading {{ {wanted} }}
      ?reading cg:author/rdfs:label ?author ; rdfs:label ?label ; cg:restsOn ?ground .
    }} GROUP BY ?reading ?author ?label"""
    return {
        row[
            "reading"
        ]: f"{row['author'].value}: {row['label'].value} (rests on {row['grounds'].value} claims or readings)"
        for row in select(store, query)
    }
