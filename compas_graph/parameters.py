"""The parameters of saved queries, and the types that they can have: one row a type.

A row of `TYPES` is all that is known of a type: how help calls its values, how one is read from what
is typed, which variables it binds, what a shell may offer, and what its values are in Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from compas_graph.dates import parse_partial, period
from compas_graph.errors import ValueTypeError, shorten
from compas_graph.namespaces import PREFIXES, expand
from compas_graph.store import Readable, select

__all__ = ["TYPES", "Asked", "Parameter", "ParameterType", "Read", "Term", "Value", "offers", "read"]

Term: TypeAlias = NamedNode | Literal
Value: TypeAlias = Term | tuple[Term, ...]
INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")


class Parameter(NamedTuple):
    """A parameter of a saved query; `kind` is the class or the scheme of its values, `many` takes several of them."""

    name: str
    type: str
    help: str
    kind: NamedNode | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    default: str | None = None
    many: bool = False

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the variables that it binds: for a date its first and its last day."""
        return tuple(self.name + end for end in TYPES[self.type].ends)

    @property
    def head(self) -> str:
        """Return its variables as they stand in a `VALUES` line."""
        names = " ".join(f"?{each}" for each in self.variables)
        return f"({names})" if len(self.variables) > 1 else names


class Asked(NamedTuple):
    """One value as it was typed, and the store that it is asked of; when `exact`, a name fits one thing."""

    parameter: Parameter
    text: str
    store: Readable
    exact: bool = False

    def refusal(self, what: str) -> ValueTypeError:
        """Return the error that says what the parameter takes."""
        return ValueTypeError(f"--{self.parameter.name} takes {what}, not '{shorten(self.text)}'")


class Read(NamedTuple):
    """The values that a typed text stands for, and notes on what was taken for what."""

    values: list[Value]
    notes: tuple[str, ...] = ()


class ParameterType(NamedTuple):
    """A type of parameter.

    `metavar` is what help calls its values; `read` gives the values to bind or raises ValueTypeError or
    UnknownNameError; `offers` gives the values to choose from, given what opens the store, and `closed`
    tells that there are no others, so that help lists them; `ends` are the endings of the variables
    that one value binds; `needs` is the key that the header must have; `datatype` is the local name of
    its XSD datatype, and `python` makes a Python value of such a literal.
    """

    metavar: str
    read: Callable[[Asked], Read]
    offers: Callable[[Parameter, Callable[[], Readable]], list[str]] = lambda parameter, open_store: []
    closed: bool = False
    ends: tuple[str, ...] = ("",)
    needs: str = ""
    datatype: str = "string"
    python: Callable[[str], Any] = str


def read(asked: Asked) -> Read:
    """Return the values that a typed text stands for: several where a name fits things that are possibly the same."""
    return TYPES[asked.parameter.type].read(asked)


def offers(parameter: Parameter, open_store: Callable[[], Readable]) -> list[str]:
    """Return the values of a parameter to choose from; the store is opened only where they stand there."""
    return TYPES[parameter.type].offers(parameter, open_store)


def _literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + datatype))


def _choice(asked: Asked) -> Read:
    if asked.text not in asked.parameter.choices:
        raise asked.refusal(f"one of {', '.join(asked.parameter.choices)}")
    return Read([Literal(asked.text)])


def _concept(asked: Asked) -> Read:
    """Read a concept of a scheme as its label."""
    known, wanted = _concepts(asked.parameter, asked.store), _fold(asked.text)
    for label in known:
        if wanted == _fold(label):
            return Read([Literal(label)])
    raise asked.refusal(f"one of {', '.join(known)}")


def _concepts(parameter: Parameter, store: Readable) -> list[str]:
    """Return the labels of the concepts of a scheme."""
    rows = select(store, f"SELECT ?label WHERE {{ ?concept skos:inScheme {parameter.kind} ; rdfs:label ?label }}")
    return sorted({row["label"].value for row in rows}, key=_fold)


def _subclass(asked: Asked) -> Read:
    """Read a class below that of the parameter, given by its label, whole or short, or by its IRI."""
    known, wanted, iri = _subclasses(asked.parameter, asked.store), _fold(asked.text), expand(asked.text.strip())
    for short, (label, node) in known.items():
        if wanted in (_fold(short), _fold(label)) or node.value == iri:
            return Read([node])
    raise asked.refusal(f"one of {', '.join(known)}")


def _subclasses(parameter: Parameter, store: Readable) -> dict[str, tuple[str, NamedNode]]:
    """Return the classes below that of a parameter with their labels, by what these say beside the general one.

    Of the classes below that with the label "claim", one with the label "jobs claim" goes by "jobs".
    """
    query = f"""SELECT ?class ?label ?general WHERE {{
      ?class rdfs:subClassOf+ {parameter.kind} ; rdfs:label ?label .
      {parameter.kind} rdfs:label ?general .
      FILTER(?class != {parameter.kind})
    }}"""
    rows = [(row["label"].value, row["general"].value, row["class"]) for row in select(store, query)]
    return {label.removesuffix(f" {general}"): (label, node) for label, general, node in sorted(rows, key=str)}


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _string(asked: Asked) -> Read:
    try:
        return Read([Literal(asked.text)])
    except ValueError as error:
        raise ValueTypeError(f"--{asked.parameter.name} takes text that can be written in UTF-8") from error


def _number(asked: Asked, form: re.Pattern[str], what: str) -> Read:
    """Read a number, put in canonical form, which stores find that compare literals by their spelling."""
    if not form.fullmatch(asked.text):
        raise asked.refusal(what)
    canonical = format(Decimal(asked.text).normalize(), "f")
    return Read([_literal("0" if canonical == "-0" else canonical, TYPES[asked.parameter.type].datatype)])


def _integer(asked: Asked) -> Read:
    return _number(asked, INTEGER, "a whole number")


def _decimal(asked: Asked) -> Read:
    return _number(asked, DECIMAL, "a number such as 1.36")


def _date(asked: Asked) -> Read:
    """Read a date of any precision as the pair of its first and its last day."""
    try:
        days = period(parse_partial(asked.text))
    except ValueError as error:
        raise ValueTypeError(f"--{asked.parameter.name}: {error}") from error
    return Read([tuple(_literal(day.isoformat(), "date") for day in days)])


def _entity(asked: Asked) -> Read:
    from compas_graph.names import resolve

    found = resolve(asked.store, asked.text, asked.parameter.kind, exact=asked.exact)
    typed, notes = shorten(asked.text), []
    if found.loosely:
        notes.append(f"'{typed}' is taken to mean {found.things[0].label}")
    if len(found.things) > 1:
        notes.append(f"'{typed}' fits {len(found.things)} things that are possibly the same; all are asked for")
    return Read([thing.node for thing in found.things], tuple(notes))


def _entities(parameter: Parameter, open_store: Callable[[], Readable]) -> list[str]:
    """Return the labels and aliases of the entities of a class."""
    from compas_graph.names import things

    return sorted({name for thing in things(open_store(), parameter.kind) for name in (thing.label, *thing.aliases)})


TYPES = {
    "choice": ParameterType(
        "VALUE", _choice, lambda parameter, open_store: list(parameter.choices), closed=True, needs="choices"
    ),
    "concept": ParameterType(
        "VALUE",
        _concept,
        lambda parameter, open_store: _concepts(parameter, open_store()),
        closed=True,
        needs="scheme",
    ),
    "date": ParameterType("DATE", _date, ends=("Earliest", "Latest"), datatype="date", python=date.fromisoformat),
    "decimal": ParameterType("NUMBER", _decimal, datatype="decimal", python=Decimal),
    "entity": ParameterType("THING", _entity, _entities),
    "integer": ParameterType("NUMBER", _integer, datatype="integer", python=int),
    "string": ParameterType("TEXT", _string),
    "subclass": ParameterType(
        "KIND",
        _subclass,
        lambda parameter, open_store: list(_subclasses(parameter, open_store())),
        closed=True,
        needs="class",
    ),
}
"""The types that a parameter can have, by the name that headers use."""
