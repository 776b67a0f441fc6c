"""Triples in memory, one table a predicate, each term kept as it was written.

A store would be no help here: it normalises literals, so that `sh:datatype` could not see what the author wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

__all__ = ["FIRST", "NIL", "REST", "SUBCLASS", "TYPE", "Index", "Term", "owl", "rdf", "rdfs"]

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Table: TypeAlias = dict[Term, "Term | list[Term]"]


def rdf(name: str) -> NamedNode:
    """Return a term of RDF."""
    return NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#" + name)


def rdfs(name: str) -> NamedNode:
    """Return a term of RDF Schema."""
    return NamedNode("http://www.w3.org/2000/01/rdf-schema#" + name)


def owl(name: str) -> NamedNode:
    """Return a term of OWL."""
    return NamedNode("http://www.w3.org/2002/07/owl#" + name)


TYPE, FIRST, REST, NIL = rdf("type"), rdf("first"), rdf("rest"), rdf("nil")
SUBCLASS = rdfs("subClassOf")


class Index:
    """A graph as tables: predicate to subject to its object, or to the list of its several objects."""

    def __init__(self, triples: Iterable[Triple | Quad] = ()) -> None:
        self._tables: dict[NamedNode, Table] = {}
        self._backward: dict[NamedNode, dict[Term, list[Term]]] = {}
        self._instances: dict[Term, dict[Term, None]] = {}
        self._interned: dict[Term, Term] = {}
        self.add(triples)

    def add(self, triples: Iterable[Triple | Quad]) -> None:
        """Add triples, each counted once; of quads, the graph does not matter."""
        self._backward.clear()
        self._instances.clear()
        tables, same = self._tables, self._interned.setdefault
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate, triple.object
            subject, value = same(subject, subject), same(value, value)  # type: ignore[assignment]  # it is itself
            table = tables.get(predicate)
            if table is None:
                table = tables[predicate] = {}
            known = table.get(subject)
            if known is None:
                table[subject] = value
            elif type(known) is list:
                if value not in known:
                    known.append(value)
            elif known != value:
                table[subject] = [known, value]  # type: ignore[list-item]  # it is a term

    def freeze(self) -> Index:
        """Give back the memory that only adding needs."""
        self._interned = {}
        return self

    def __len__(self) -> int:
        """Return the number of triples."""
        return sum(
            len(value) if type(value) is list else 1 for table in self._tables.values() for value in table.values()
        )

    def __iter__(self) -> Iterator[Triple]:
        """Yield every triple."""
        for predicate, table in self._tables.items():
            for subject, found in table.items():
                for value in found if type(found) is list else (found,):
                    yield Triple(subject, predicate, value)  # type: ignore[arg-type]  # only what was a subject is one

    def predicates(self) -> Iterable[NamedNode]:
        """Return the predicates of the graph."""
        return self._tables.keys()

    def table(self, predicate: NamedNode) -> Table:
        """Return what each subject has for a predicate: its object, or a list of several."""
        return self._tables.get(predicate, {})

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """Return the objects of a subject and a predicate."""
        found = self.table(predicate).get(subject)
        return found if type(found) is list else [] if found is None else [found]  # type: ignore[list-item]

    def value(self, subject: Term, predicate: NamedNode) -> Term | None:
        """Return the object of a subject and a predicate, None where there is none or more than one."""
        found = self.values(subject, predicate)
        return found[0] if len(found) == 1 else None

    def backward(self, predicate: NamedNode) -> dict[Term, list[Term]]:
        """Return the subjects that have each object for a predicate."""
        found = self._backward.get(predicate)
        if found is None:
            found = self._backward[predicate] = {}
            for subject, value in self.table(predicate).items():
                for each in value if type(value) is list else (value,):
                    found.setdefault(each, []).append(subject)  # type: ignore[arg-type]
        return found

    def literals(self) -> set[Literal]:
        """Return the literals of the graph."""
        found: set[Literal] = set()
        for table in self._tables.values():
            for value in table.values():
                if type(value) is Literal:
                    found.add(value)
                elif type(value) is list:
                    found.update(each for each in value if type(each) is Literal)
        return found

    def subclasses(self, kind: Term) -> set[Term]:
        """Return a class and every class below it."""
        below, found, left = self.backward(SUBCLASS), {kind}, [kind]
        while left:
            for each in below.get(left.pop(), ()):
                if each not in found:
                    found.add(each)
                    left.append(each)
        return found

    def instances(self, kind: Term) -> dict[Term, None]:
        """Return the nodes whose type is a class or one below it, in the order of the data."""
        found = self._instances.get(kind)
        if found is None:
            typed = self.backward(TYPE)
            kinds = [each for each in self.subclasses(kind) if each in typed]
            wanted = {node for each in kinds for node in typed[each]} if len(kinds) > 1 else ()
            found = dict.fromkeys(
                (node for node in self.table(TYPE) if node in wanted) if wanted else typed[kinds[0]] if kinds else ()
            )
            self._instances[kind] = found
        return found

    def items(self, head: Term) -> list[Term] | None:
        """Return the items of an RDF list, None if it is not one."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != NIL:
            first, rest = self.value(head, FIRST), self.value(head, REST)
            if first is None or rest is None or head in seen:
                return None
            seen.add(head)
            found.append(first)
            head = rest
        return found
