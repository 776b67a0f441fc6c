"""Things by name: from what a person types to the entities that it fits, and back to labels."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import NamedNode

from compas_graph.errors import AmbiguousNameError, UnknownNameError
from compas_graph.namespaces import compact, expand
from compas_graph.store import Readable, select
from compas_graph.words import phrase

__all__ = ["Found", "Thing", "assertion", "find", "label", "resolve", "things", "withdrawal"]

NEAR = 0.65
"""How much of a name a spelling must share to be offered for it."""


class Thing(NamedTuple):
    """An entity with its label, the label of its kind, and its aliases with the sources that use each."""

    node: NamedNode
    label: str
    kind: str
    aliases: dict[str, tuple[str, ...]]


class Found(NamedTuple):
    """The entities that a name fits; several only where readings hold them to be possibly the same.

    `loosely` tells that the name is no label or alias, but can mean nothing else.
    """

    name: str
    things: tuple[Thing, ...]
    loosely: bool = False


def things(store: Readable, kind: NamedNode | None = None) -> list[Thing]:
    """Return the entities of a kind, or all of them, in order of their labels."""
    of_kind = f"?thing a {kind} ." if kind else ""
    query = f"""SELECT ?thing ?label ?kind ?spelling ?source WHERE {{
      ?thing a cg:Entity ; rdfs:label ?label . {of_kind}
      GRAPH ?file {{ ?thing a ?class }} FILTER(?class != cg:Unnamed && ?file != graph:inferences)
      ?class rdfs:label ?kind .
      OPTIONAL {{
        ?thing cg:alias ?alias .
        ?alias cg:spelling ?spelling ; cg:usedBy ?source .
        FILTER NOT EXISTS {{ ?thing a cg:Unnamed }}
      }}
    }}"""
    found: dict[NamedNode, Thing] = {}
    for row in select(store, query):
        thing = found.setdefault(row["thing"], Thing(row["thing"], row["label"].value, row["kind"].value, {}))
        if row["spelling"] is not None:
            sources = thing.aliases.get(row["spelling"].value, ())
            thing.aliases[row["spelling"].value] = tuple(sorted({*sources, compact(row["source"].value)}))
    return sorted(found.values(), key=lambda thing: (thing.label.casefold(), thing.node.value))


def find(store: Readable, text: str) -> list[Thing]:
    """Return the entities whose label or an alias contains `text`, without regard to case."""
    wanted = _fold(text)
    return [thing for thing in things(store) if any(wanted in _fold(name) for name in (thing.label, *thing.aliases))]


def resolve(store: Readable, name: str, kind: NamedNode | None = None, *, exact: bool = False) -> Found:
    """Return what a label, alias, prefixed name or IRI fits.

    Unless `exact`, a label without its "The", or part of the label of a person, a model or an outlet,
    is taken for the only thing that it can mean.
    Raises UnknownNameError where it fits nothing of the kind, and AmbiguousNameError where it fits
    several things that are not all held to be possibly the same, or any several when `exact`.
    """
    known, loosely = things(store, kind), False
    wanted, iri = _fold(name), expand(name.strip())
    fits = [thing for thing in known if thing.node.value == iri]
    fits = fits or [thing for thing in known if wanted in (_fold(thing.label), _bare(thing.label))]
    fits = fits or [thing for thing in known if wanted in map(_fold, thing.aliases)]
    if not fits and not exact:
        fits, loosely = [thing for thing in _meant(store, wanted) if thing in known], True
    if not fits:
        what = label(store, kind).lower() if kind else "thing"
        raise UnknownNameError(what, name, _near(wanted, known), "'compas-graph find WORD' looks for one")
    if len(fits) > 1 and (exact or not _linked(store, fits)):
        raise AmbiguousNameError(name, [f"{compact(thing.node.value)} ({thing.label})" for thing in fits])
    return Found(name, tuple(fits), loosely)


def assertion(store: Readable, name: str) -> NamedNode | None:
    """Return the claim or reading that a prefixed name or IRI stands for, None where it stands for none."""
    wanted = expand(name.strip())
    if wanted is None:
        return None
    rows = select(store, f"SELECT ?one {{ VALUES ?one {{ <{wanted}> }} ?one a cg:Assertion }} LIMIT 1")
    return next((row["one"] for row in rows), None)


def withdrawal(store: Readable, name: str) -> str:
    """Return when and why a claim or reading of that name was withdrawn, in words; empty for what was not."""
    wanted = expand(name.strip())
    if wanted is None:
        return ""
    query = f"""SELECT ?day ?ground WHERE {{
      <{wanted}> cg:withdrawn ?day .
      OPTIONAL {{ <{wanted}> cg:withdrawnBecause ?ground }}
    }} LIMIT 1"""
    for row in select(store, query):
        ground = f": {row['ground'].value}" if row["ground"] is not None else ""
        return f"{compact(wanted)} was withdrawn on {phrase(row['day'].value)}{ground}"
    return ""


def label(store: Readable, node: NamedNode) -> str:
    """Return the label of a node, or its prefixed name where it has none."""
    for row in select(store, f"SELECT ?label {{ {node} rdfs:label ?label }} ORDER BY ?label LIMIT 1"):
        return str(row["label"].value)
    return compact(node.value)


def _linked(store: Readable, fits: list[Thing]) -> bool:
    """Tell whether readings hold all of several things to be possibly one, in however many steps."""
    first, *others = (thing.node for thing in fits)
    query = f"SELECT ?other {{ {first} cg:possiblySameAs+ ?other }}"
    reached = {row["other"] for row in select(store, query)}
    return all(other in reached for other in others)


def _meant(store: Readable, wanted: str) -> list[Thing]:
    """Return the one thing that a name can mean which is no label or alias, if it can mean one only."""
    known = things(store)
    fits = [thing for thing in known if _fold(thing.label) == f"the {wanted}"]
    if not fits and len(wanted) > 2:
        fits = [thing for thing in known if any(_part(wanted, name) for name in (thing.label, *thing.aliases))]
        rows = select(store, "SELECT ?label { ?kind cg:namedInPart ?so ; rdfs:label ?label }") if fits else ()
        kinds = {row["label"].value for row in rows}
        fits = fits if all(thing.kind in kinds and _part(wanted, thing.label) for thing in fits) else []
    return fits if len(fits) == 1 else []


def _part(wanted: str, name: str) -> bool:
    """Tell whether whole words of a name are wanted, a proper word or a number among them.

    >>> _part("audi q5", "Audi Q5, next-generation"), _part("next-generation", "Audi Q5, next-generation")
    (True, False)
    """
    words, asked = name.replace(",", " ").split(), wanted.split()
    runs = (words[start : start + len(asked)] for start in range(len(words) - len(asked) + 1))
    return any(_fold(" ".join(run)) == wanted and not " ".join(run).islower() for run in runs)


def _near(wanted: str, known: list[Thing]) -> list[str]:
    """Return the spellings that hold all words of a name, or are much like it."""
    from difflib import get_close_matches

    spellings = {_fold(spelling): spelling for thing in known for spelling in (thing.label, *thing.aliases)}
    close = get_close_matches(wanted[:100], spellings, n=len(spellings) or 1, cutoff=NEAR)
    words = wanted.split()
    return [text for key, text in spellings.items() if key in close or (words and all(word in key for word in words))]


def _bare(label: str) -> str:
    """Return a label without the remark that a thing has no name."""
    return _fold(label).removesuffix(" (unnamed)")


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
