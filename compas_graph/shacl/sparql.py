"""The data as SPARQL sees it: the queries of shapes, run by Oxigraph.

SHACL binds `$this` and other variables before a query runs. Here that is done in two ways: what is the same for
the whole shape, or a literal, is written into the text; other focus nodes, all at once or where that would mean
something else one by one, are joined into every group that speaks of `$this`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store

from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.guard import CALLS
from compas_graph.shacl.binding import FOCUS, cannot_run, fill, joined, mentions, role, select_of
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.literals import XSD
from compas_graph.shacl.model import Query, Shape, shown
from compas_graph.worker import sealed

__all__ = ["Data", "Row"]

SHAPES = NamedNode("urn:compas-graph:shapes")
SPELLING = {"STR", "DATATYPE", "SAMETERM", "XSD:STRING"}
ANY_PREDICATE = re.compile(r"[?$](?!PATH\b)\w+\s+[?$](?!PATH\b)\w+\s+(?!where\b)[^\s)=<>!&|{(]|!", re.I)
KEPT = {XSD + name for name in ("string", "anyURI", "gYear", "gYearMonth")}

Constants: TypeAlias = Iterable[tuple[str, Term]]


class Row(NamedTuple):
    """A violation that a query found."""

    focus: Term
    path: Term | None
    value: Term | None
    bindings: dict[str, Term]


class Bound(NamedTuple):
    """The text of a query with what a shape binds in it; blank nodes, which have no name in SPARQL, stand apart."""

    text: str
    apart: dict[str, Sequence[Term]]

    def fill(self, terms: Mapping[str, Term], path: str | None = None) -> Bound:
        """Return the query with more terms bound."""
        named = {name: str(term) for name, term in terms.items() if not isinstance(term, BlankNode)}
        apart = {
            name: [term] for name, term in terms.items() if name not in named and mentions(self.text, {f"${name}"})
        }
        return Bound(fill(self.text, named, path), self.apart | apart)


class Data:
    """The data in a store, made when the first query asks for it."""

    def __init__(self, data: Index, shapes: Index) -> None:
        self._data, self._shapes = data, shapes
        self._store: Store | None = None
        self._respelt: dict[Term, list[Term]] | None = None

    @property
    def store(self) -> Store:
        """Return the store."""
        if self._store is None:
            self._store = Store()
            self._store.bulk_extend(Quad(one.subject, one.predicate, one.object) for one in self._data)
        return self._store

    def violations(
        self,
        query: Query,
        shape: Shape,
        focus: Sequence[Term],
        values: Callable[[Term], Sequence[Term]],
        constants: Constants = (),
    ) -> Iterator[Row]:
        """Yield the rows of a SELECT query for each of some focus nodes; `values` gives the value nodes of one."""
        bound = self._bound(query, shape, constants)
        nodes = [node for node in focus if not isinstance(node, Literal)]
        for literal in focus:
            if isinstance(literal, Literal):
                self._refuse_merged(literal)
                yield from self._rows(bound.fill({"this": literal}), literal, values)
        if len(nodes) > 1 and joined(bound.text, ["this", *bound.apart], several=True) is not None:
            yield from self._rows(Bound(bound.text, bound.apart | {"this": nodes}), None, values)
        else:
            for node in nodes:
                yield from self._rows(Bound(bound.text, bound.apart | {"this": [node]}), node, values)

    def _rows(self, bound: Bound, node: Term | None, values: Callable[[Term], Sequence[Term]]) -> Iterator[Row]:
        """Yield the rows of a query, all of one focus node where it is given."""
        for found in self._solutions(bound):
            focus = node if node is not None else found.get("this")
            if focus is None:
                continue
            if "value" in found:
                found["value"] = self._as_written(found["value"], focus, values(focus))
            yield Row(focus, found.get("path"), found.get("value"), found)

    def conforming(
        self, query: Query, shape: Shape, pairs: Iterable[tuple[Term, Term]], constants: Constants
    ) -> Iterator[bool]:
        """Yield for each focus node and value what an ASK query answers."""
        bound = self._bound(query, shape, constants)
        bound = bound._replace(text=select_of(bound.text))
        of_value_only = not mentions(query.text, {"$this"})
        known: dict[tuple[Term | None, Term], bool] = {}
        for node, value in pairs:
            key = (None if of_value_only else node, value)
            if key not in known:
                known[key] = bool(self._solutions(bound.fill({"this": node, "value": value})))
            yield known[key]

    def _bound(self, query: Query, shape: Shape, constants: Constants) -> Bound:
        """Return a query with all that a shape binds in it."""
        terms = dict(constants) | {"currentShape": shape.node}
        if mentions(query.text, SPELLING):
            self._refuse_respelt(f"{query.text} {shape.path} {constants}")
        if mentions(query.text, {"$shapesGraph"}):
            self._load_shapes()
            terms["shapesGraph"] = SHAPES
        return Bound(query.text, {}).fill(terms, str(shape.path) if shape.path else None)

    def _load_shapes(self) -> None:
        if not self.store.contains_named_graph(SHAPES):
            self.store.bulk_extend(Quad(one.subject, one.predicate, one.object, SHAPES) for one in self._shapes)

    def _solutions(self, bound: Bound) -> list[dict[str, Term]]:
        """Return the solutions of a query, or raise UnsupportedShapesError where Oxigraph does not know how."""
        text, apart = bound
        if apart:
            several = any(len(nodes) > 1 for nodes in apart.values())
            text = joined(text, list(apart), several) or text
            placed = ((role(name), node) for name, nodes in apart.items() for node in nodes)
            self.store.bulk_extend(Quad(FOCUS, name, cast(Any, node), FOCUS) for name, node in placed)
        try:
            with sealed():
                solutions = self.store.query(text)
                assert isinstance(solutions, QuerySolutions)
                names = [variable.value for variable in solutions.variables]
                return [
                    {name: cast(Term, term) for name, term in zip(names, one, strict=True) if term is not None}
                    for one in solutions
                ]
        except OSError as error:
            raise DataError(f"a query {CALLS} ({error})") from error
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise UnsupportedShapesError(cannot_run(error)) from error
        finally:
            if apart:
                self.store.remove_graph(FOCUS)

    def _refuse_respelt(self, text: str) -> None:
        """Raise UnsupportedShapesError where a query on spelling may meet a literal that the store changes."""
        changed = {one for known in self._changed().values() for one in known}
        for predicate in self._data.predicates() if changed else ():
            local = re.split(r"[#/:]", predicate.value)[-1]
            named = re.search(rf"(?<![?$\w]){re.escape(local)}\b", text)
            if (named or ANY_PREDICATE.search(text)) and (met := changed & self._data.backward(predicate).keys()):
                raise UnsupportedShapesError(
                    f"a query looks at how literals are spelt; Oxigraph would see {min(map(str, met))} in another form"
                )

    def _refuse_merged(self, literal: Literal) -> None:
        """Raise UnsupportedShapesError for a literal that the store takes for the same as another of the data."""
        if any(literal in known and len(known) > 1 for known in self._changed().values()):
            raise UnsupportedShapesError(
                f"the data spell {shown(literal)} in several ways, which Oxigraph takes for one"
            )

    def _as_written(self, term: Term, focus: Term, values: Sequence[Term]) -> Term:
        """Return a term of the store as the data has it, or raise UnsupportedShapesError if it has several such."""
        known = self._changed().get(term, [term]) if isinstance(term, Literal) else [term]
        if len(known) > 1:
            near = {one for predicate in self._data.predicates() for one in self._data.values(focus, predicate)}
            known = [one for one in known if one in values] or [one for one in known if one in near]
        if len(known) != 1:
            raise UnsupportedShapesError(f"the data spell {shown(term)} in several ways, which Oxigraph takes for one")
        return known[0]

    def _changed(self) -> Mapping[Term, list[Term]]:
        """Return the literals of the data that the store does not keep as written, by what it makes of them."""
        if self._respelt is None:
            literals = self._data.literals()
            doubtful = [
                one for one in literals if one.datatype.value.startswith(XSD) and one.datatype.value not in KEPT
            ]
            stored = Store()
            stored.bulk_extend(Quad(role(str(number)), FOCUS, one) for number, one in enumerate(doubtful))
            self._respelt = {}
            for quad in stored:
                stands, number = cast(Literal, quad.object), cast(NamedNode, quad.subject).value.rpartition("-")[2]
                if stands != doubtful[int(number)]:
                    known = self._respelt.setdefault(stands, [stands] if stands in literals else [])
                    known.append(doubtful[int(number)])
        return self._respelt
