"""Answers to saved queries: from what a caller asks for to rows, as data and as people read them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store

from compas_graph.errors import CompasGraphError, QueryError, UnknownNameError, ValueTypeError, public, shorten
from compas_graph.guard import check_query, engine
from compas_graph.namespaces import PREFIXES
from compas_graph.parameters import TYPES, Asked, Value, read
from compas_graph.query import SavedQuery, bind
from compas_graph.results import grid, rows_of
from compas_graph.store import Readable, select
from compas_graph.tables import Grid, RdfTerm

if TYPE_CHECKING:
    from compas_graph.evidence import Evidence

__all__ = ["Answer", "ask", "python_value"]

T = TypeVar("T")

PYTHON = {row.datatype: row.python for row in TYPES.values()} | {"double": float}
"""What makes a Python value of a literal, by datatype; a double is calculated, but never typed."""


@public
class Answer:
    """The answer to one saved query: typed rows, the same for people, and the evidence of each row."""

    def __init__(
        self,
        store: Readable,
        query: SavedQuery,
        typed: Mapping[str, str],
        bound: Mapping[str, list[Value]],
        notes: Sequence[str] = (),
    ) -> None:
        """Bind a query; `notes` say which names fit several things."""
        self.store, self.query, self.typed, self.bound, self.notes = store, query, typed, bound, tuple(notes)
        self.text = bind(query, bound)
        check_query(self.text, str(query.path))

    @cached_property
    def solutions(self) -> tuple[tuple[str, ...], list[dict[str, RdfTerm | None]]]:
        """Return the names of the columns and the rows, as RDF terms."""
        names, rows = self._run(rows_of)
        return tuple(names), rows

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return self.solutions[0]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as Python values by column: str, int, Decimal, date, or None where unbound."""
        return [{name: python_value(term) for name, term in row.items()} for row in self.solutions[1]]

    @property
    def grid(self) -> Grid:
        """Return the rows as people read them: labels, citations, dates in words."""
        hidden = [
            name + end for name in self.query.parameters for end in ("", "Label") if len(self.bound.get(name, ())) < 2
        ]
        return grid(self.store, *self.solutions, self.query.headings, hidden)

    @property
    def none(self) -> str:
        """Return the sentence that says that there are no rows, for what was asked."""
        if set(re.findall(r"\{(\w+)\}", self.query.none)) <= self.typed.keys():
            fill = re.sub(r"\{(\w+)\}", lambda found: shorten(self.typed[found[1]]), self.query.none)
            return f"no source says {fill}"
        asked = ", ".join(f"{name} {shorten(value)}" for name, value in self.typed.items())
        return f"no source says anything to '{self.query.summary}'" + (f" for {asked}" if asked else "")

    def serialize(self, form: QueryResultsFormat) -> bytes:
        """Return the rows exactly as a SPARQL 1.1 results format says."""
        return self._run(lambda found: found.serialize(format=form) or b"")

    def _run(self, take: Callable[[QuerySolutions], T]) -> T:
        """Return what is taken of the solutions of the query, which must read only and be a SELECT."""
        name = str(self.query.path)
        with engine(self.text, name) if isinstance(self.store, Store) else nullcontext():
            found: object = select(self.store, self.text)
            if not isinstance(found, QuerySolutions):
                raise QueryError(f"{name}: a saved query is a SELECT, whose rows are the answer")
            return take(found)

    def evidence(self, texts: Path | None = None) -> list[list[Evidence]]:
        """Return for each row the claims and readings behind it; with a folder of texts, their words."""
        from compas_graph.evidence import evidence_of_rows

        rows = [[term for term in row.values() if isinstance(term, NamedNode)] for row in self.solutions[1]]
        return evidence_of_rows(self.store, rows, texts)

    @property
    def against(self) -> list[str]:
        """Return in lines what speaks against which rows: values that cannot both hold, and tensions."""
        from compas_graph.against import against

        return against(self.store, [[t for t in row.values() if isinstance(t, NamedNode)] for row in self.solutions[1]])

    def to_pandas(self) -> Any:
        """Return the rows as a pandas DataFrame; pandas must be installed."""
        try:
            import pandas
        except ImportError as error:
            raise CompasGraphError("pandas is not installed; pip install 'compas-graph[pandas]'") from error
        return pandas.DataFrame(self.rows, columns=list(self.columns))


def python_value(term: RdfTerm | None) -> Any:
    """Return a term as a Python value; an IRI, and a literal of another type or ill-typed, is a string.

    >>> python_value(Literal(3600)), python_value(NamedNode("https://w3id.org/compas-graph/id/mfa"))
    (3600, 'https://w3id.org/compas-graph/id/mfa')
    """
    if not isinstance(term, Literal):
        return term and term.value
    convert = PYTHON.get(term.datatype.value.removeprefix(PREFIXES["xsd"]), str)
    try:
        return convert(term.value)
    except (ArithmeticError, ValueError):
        return term.value  # not what its datatype says: given as it stands


def ask(store: Readable, query: SavedQuery, values: Mapping[str, Any], *, exact: bool = False) -> Answer:
    """Return the answer to a saved query for values as people type them: labels, aliases, numbers.

    When `exact`, a name fits one thing, and what readings hold to be possibly the same is left out.
    Raises UnknownNameError for a parameter or a thing that there is not, AmbiguousNameError, and
    ValueTypeError for a value of the wrong type, a required one that is missing, or a time that ends
    before it begins.
    """
    for name in values:
        if name not in query.parameters:
            raise UnknownNameError(f"parameter of {query.name}", name, query.parameters, "its --help lists them")
    typed = {name: _texts(value) for name, value in values.items()}
    typed = {name: texts for name, texts in typed.items() if texts}
    for name, parameter in query.parameters.items():
        if exact and name == "inferred":
            typed.setdefault(name, ["exclude"])
        if parameter.default is not None:
            typed.setdefault(name, [parameter.default])
        if parameter.required and name not in typed:
            raise ValueTypeError(f"{query.name} needs a value for {name}: {parameter.help}")
        if len(typed.get(name, ())) > 1 and not parameter.many:
            raise ValueTypeError(f"{name} takes one value, not {len(typed[name])}")
    bound: dict[str, list[Value]] = {name: [] for name in typed}
    notes: list[str] = []
    for name, text in ((name, text) for name, texts in typed.items() for text in texts):
        found = read(Asked(query.parameters[name], text, store, exact))
        notes += found.notes
        bound[name] += [value for value in found.values if value not in bound[name]]
    _check_period(typed, bound)
    return Answer(store, query, {name: ", ".join(texts) for name, texts in typed.items()}, bound, notes)


def _check_period(typed: Mapping[str, Sequence[str]], bound: Mapping[str, Sequence[Value]]) -> None:
    """Raise ValueTypeError if the time from one date to another ends before it begins."""
    for start, end in itertools.product(bound.get("from", ()), bound.get("to", ())):
        if isinstance(start, tuple) and isinstance(end, tuple) and start[0].value > end[1].value:
            asked = f"--from {shorten(typed['from'][0])} is after --to {shorten(typed['to'][0])}"
            raise ValueTypeError(f"{asked}; the earlier date goes first")


def _texts(value: Any) -> list[str]:
    """Return a value, or several, as a person would type them; None is no value."""
    values = value if isinstance(value, list | tuple | set) else [value]
    return [str(each) for each in values if each is not None]
