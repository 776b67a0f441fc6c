"""The Python face of the graph: load it, ask by name, follow the evidence, hand it to rdflib.

>>> from compas_graph import load
>>> graph = load()
>>> answer = graph.ask("which-models-share-a-platform", platform="MFA")
>>> for row in answer.rows:
...     print(row["modelLabel"], "-", row["usedLabel"], "-", row["status"])
Infiniti Q30 - MFA - stated
Infiniti QX30 - MFA - stated
Mercedes compact range 2014 (unnamed) - MFA - stated
cars for Aguascalientes, Motor Authority 2014 (unnamed) - common platform 2014 (unnamed) - planned
cars for Aguascalientes (unnamed) - next-generation MFA - planned
>>> answer.evidence()[0][0].citation
'Motor Authority, June 2014, paragraph 4'

As of the end of 2014 the succession was not known:

>>> len(load(as_of="2014").ask("which-models-share-a-platform", platform="MFA").rows)
3
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Store, Triple

from compas_graph.answers import Answer, ask
from compas_graph.bundle import Bundle
from compas_graph.dates import parse_partial
from compas_graph.describe import describe
from compas_graph.errors import ValueTypeError, public, shorten
from compas_graph.graph import open_graph
from compas_graph.names import Thing, find, resolve
from compas_graph.query import SavedQuery, saved_queries, saved_query
from compas_graph.tables import Grid
from compas_graph.views import View
from compas_graph.why import Ground, grounds, triple_of

if TYPE_CHECKING:
    from rdflib import Dataset

__all__ = ["KnowledgeGraph"]


@public
class KnowledgeGraph:
    """The graph with all that is derived from it; made by `compas_graph.load`."""

    def __init__(self, data: Path | str | None = None, as_of: str | None = None, without: Sequence[str] = ()) -> None:
        """Load the data in a folder, or that of the package; `as_of` and `without` leave sources out."""
        try:
            day = parse_partial(str(as_of)) if as_of is not None else None
        except ValueError as error:
            raise ValueTypeError(f"as_of: {error}") from error
        if not isinstance(data, str | Path | None):
            raise ValueTypeError(f"data: is the path of a folder, not {shorten(repr(data))}")
        self.bundle = Bundle.at(Path(data) if data is not None else None)
        names = (without,) if isinstance(without, str) else tuple(_text("without", name) for name in _each(without))
        self.store: Store = open_graph(self.bundle, view=View(day, names))

    def queries(self) -> list[SavedQuery]:
        """Return the saved queries with their questions and parameters."""
        return saved_queries(self.bundle)

    def ask(self, name: str, /, *, exact: bool = False, **values: Any) -> Answer:
        """Return the answer to the saved query of that name for values as people type them.

        A parameter whose name is a word of Python takes an underscore at the end: `from_="2017"`.
        """
        given = {key.removesuffix("_"): value for key, value in values.items()}
        query = saved_query(self.bundle, _text("the name of a query", name))
        return ask(self.store, query, given, exact=exact)

    def find(self, text: str) -> list[Thing]:
        """Return the entities whose label or an alias contains a text.

        >>> from compas_graph import load
        >>> [thing.label for thing in load().find("mfa")]
        ['MFA', 'next-generation MFA']
        """
        return find(self.store, _text("text", text))

    def describe(self, name: str, *, exact: bool = False) -> list[Grid]:
        """Return what is claimed of a thing, as a titled table for each standing."""
        return describe(self.store, resolve(self.store, _text("name", name), exact=exact))

    def why(self, subject: str, predicate: str, value: str) -> list[Ground]:
        """Return every way in which a triple comes about, back to the claims; none means that it does not hold."""
        parts = [_text("a part of a triple", part) for part in (subject, predicate, value)]
        triple: Triple = triple_of(self.store, *parts)
        return grounds(self.store, triple)

    def to_rdflib(self) -> Dataset:
        """Return a copy of the whole graph as an rdflib Dataset, its named graphs kept, their union the default.

        >>> from compas_graph import load
        >>> graph = load()
        >>> len(graph.to_rdflib()) == len(graph.store)
        True
        """
        from rdflib import Dataset

        from compas_graph.terms import rdflib_node

        data = Dataset(default_union=True)
        for quad in self.store:
            nodes = [rdflib_node(term) for term in (quad.subject, quad.predicate, quad.object)]
            data.add((*nodes, data.graph(rdflib_node(quad.graph_name))))  # type: ignore[arg-type]
        return data


def _text(what: str, value: object) -> str:
    """Return a value that is to be a text, or raise ValueTypeError."""
    if not isinstance(value, str):
        raise ValueTypeError(f"{what}: is a text, not {shorten(repr(value))}")
    return value


def _each(values: object) -> Iterable[object]:
    """Return values, or one that is no list of them as the only one."""
    return values if isinstance(values, Iterable) else [values]
