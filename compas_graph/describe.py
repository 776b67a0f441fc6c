"""What is claimed of a thing: by standing and kind, dated and cited, with readings and disagreements."""

from __future__ import annotations

from compas_graph.names import Found, Thing
from compas_graph.namespaces import compact
from compas_graph.results import selected
from compas_graph.store import Readable
from compas_graph.tables import Cell, Grid

__all__ = ["describe"]

STANDINGS = {
    "stated": "Stated",
    "planned": "Planned (not shown here to have happened)",
    "promised": "Promised",
    "considered": "Considered",
    "rumoured": "Rumoured",
    "opinion": "Opinions",
    "inferred": "Inferred by the editors",
}


ABOUT = "(?thing AS ?about) (?thingLabel AS ?aboutLabel)"


def describe(store: Readable, found: Found) -> list[Grid]:
    """Return titled tables: who a thing is, what is claimed of it, and which of these claims sources dispute."""
    headings = ("name", "kind", "also called", "IRI")
    sections = [Grid.of(headings, map(_identity, found.things), "What it is")]
    nodes = " ".join(str(thing.node) for thing in found.things)
    for status, title in STANDINGS.items():
        answer = _claims(store, nodes, status) if status != "inferred" else _readings(store, nodes)
        if answer.rows:
            sections.append(answer._replace(title=title))
    disputed = _disagreements(store, nodes)
    if disputed.rows:
        sections.append(disputed._replace(title="Sources disagree"))
    return sections


def _identity(thing: Thing) -> tuple[Cell | str, ...]:
    aliases = "; ".join(f"{name} ({', '.join(sources)})" for name, sources in sorted(thing.aliases.items()))
    return Cell(thing.label, thing.node), thing.kind, aliases, Cell(compact(thing.node.value), thing.node)


def _claims(store: Readable, nodes: str, status: str) -> Grid:
    """Return the claims of one standing that speak of the things."""
    query = f"""SELECT DISTINCT {ABOUT if nodes.count(" ") else ""} ?kind ?says ?when ?mark ?claim WHERE {{
      VALUES ?thing {{ {nodes} }}
      ?thing rdfs:label ?thingLabel .
      ?claim cg:involves|cg:speaker|cg:via ?thing ; a cg:Claim ; cg:modality/cg:status "{status}" ; rdfs:label ?label .
      GRAPH ?file {{ ?claim a ?class }} FILTER(?file != graph:inferences)
      ?class rdfs:label ?kind .
      OPTIONAL {{ ?claim cg:when ?when }}
      OPTIONAL {{ ?claim cg:figure ?figure }}
      OPTIONAL {{ ?claim cg:polarity cg:denied . BIND("in the negative" AS ?denied) }}
      OPTIONAL {{ ?claim cg:disagreesWith ?other . BIND("sources disagree" AS ?disputed) }}
      BIND(CONCAT(STR(?label), IF(BOUND(?figure), CONCAT(" — ", ?figure), "")) AS ?says)
      BIND(COALESCE(?disputed, ?denied) AS ?mark)
    }} ORDER BY ?kind ?claim"""
    return selected(store, query, {"says": "what is said"})


def _readings(store: Readable, nodes: str) -> Grid:
    """Return the readings that speak of the things, or rest on a claim that does."""
    query = f"""SELECT DISTINCT ?kind ?reading ?note WHERE {{
      VALUES ?thing {{ {nodes} }}
      {{ ?reading cg:involves ?thing }} UNION {{
        ?claim cg:involves ?thing .
        ?reading cg:plan|cg:outcome|cg:between ?claim
      }}
      ?reading a cg:Reading .
      GRAPH ?file {{ ?reading a ?class }} FILTER(?file != graph:inferences)
      ?class rdfs:label ?kind .
      OPTIONAL {{ ?reading skos:note ?note }}
    }} ORDER BY ?kind ?reading"""
    return selected(store, query)


def _disagreements(store: Readable, nodes: str) -> Grid:
    """Return the pairs of claims about the things whose values cannot both hold."""
    query = f"""SELECT DISTINCT ?one ?oneClaim ?other ?otherNote ?otherClaim WHERE {{
      VALUES ?thing {{ {nodes} }}
      ?oneClaim cg:involves ?thing ; cg:disagreesWith ?otherClaim ; rdfs:label ?oneLabel .
      ?otherClaim rdfs:label ?otherLabel .
      OPTIONAL {{ ?otherClaim cg:involves ?same . VALUES ?same {{ {nodes} }} }}
      FILTER(!BOUND(?same) || STR(?oneClaim) < STR(?otherClaim))
      OPTIONAL {{
        ?oneClaim cg:scope ?scope .
        ?otherClaim cg:scope ?otherScope .
        FILTER(?scope != ?otherScope)
      }}
      OPTIONAL {{
        ?oneClaim cg:stage ?stage .
        ?otherClaim cg:stage ?otherStage .
        FILTER(?stage != ?otherStage)
      }}
      BIND(IF(BOUND(?scope) || BOUND(?stage), "not the same measure", ?none) AS ?otherNote)
      OPTIONAL {{ ?oneClaim cg:figure ?oneFigure }}
      OPTIONAL {{ ?otherClaim cg:figure ?otherFigure }}
      OPTIONAL {{ ?oneClaim cg:when ?oneWhen }}
      OPTIONAL {{ ?otherClaim cg:when ?otherWhen }}
      BIND(COALESCE(?oneFigure, ?oneWhen) AS ?one)
      BIND(COALESCE(?otherFigure, ?otherWhen) AS ?other)
    }} ORDER BY ?oneClaim ?otherClaim"""
    return selected(
        store,
        query,
        {"one": "one says", "oneClaim": "source", "other": "another says", "otherClaim": "source"},
    )
