"""Which shapes of a graph are applied: those that a target leads to, and those that are not switched off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from compas_graph.shacl.index import FIRST, REST, Index, Term
from compas_graph.shacl.model import Shape
from compas_graph.shacl.paths import sh
from compas_graph.shacl.vocabulary import BY_PYSHACL, SHACL, TARGETS

__all__ = ["Reach"]

NAMING = {sh(name) for name in (*TARGETS, "class", "datatype", "hasValue", "in", "nodeKind", "severity", "group")}
"""The words of SHACL whose values are not part of the shape that has them."""


class Reach:
    """What leads where in a shapes graph; `parameters` are those of the components that it defines itself."""

    def __init__(self, graph: Index, shapes: Mapping[Term, Shape], parameters: Collection[Term]) -> None:
        self._shapes = shapes
        self._tables = [
            graph.table(one)
            for one in graph.predicates()
            if one in (FIRST, REST) or one in parameters or (one.value.startswith(SHACL) and one not in NAMING)
        ]
        self._further = [graph.table(sh(name)) for name in BY_PYSHACL["shape"]]
        self.targeted = {node for node, one in shapes.items() if one.targets or node in graph.table(sh("target"))}
        deactivated = {node for node, one in shapes.items() if one.deactivated}
        under = self._below(deactivated)
        applied = self._below([node for node in shapes if node in self.targeted or node not in under], deactivated)
        self.off = (under | deactivated) - applied
        """The nodes that are deactivated, and those that nothing else leads to."""
        self._left = self._below(self.targeted | deactivated)

    def unreached(self) -> Iterator[Shape]:
        """Yield the shapes with something to check to which no target leads, the outermost alone."""
        seen = set(self._left)
        inner = self._below([node for node in self._shapes if node not in seen], inside=True)
        for node in sorted(self._shapes.keys() - seen, key=lambda node: (node in inner, str(node))):
            if node not in seen and (self._shapes[node].constraints or any(node in one for one in self._further)):
                seen |= self._below([node])
                yield self._shapes[node]

    def _below(self, starts: Iterable[Term], without: Collection[Term] = (), *, inside: bool = False) -> set[Term]:
        """Return some nodes and those to which they lead, none `without`; `inside` leaves out what nothing leads to."""
        left = [node for node in starts if node not in without]
        found = set[Term]() if inside else set(left)
        seen = set(left)
        while left:
            node = left.pop()
            for table in self._tables:
                value = table.get(node)
                for one in value if isinstance(value, list) else () if value is None else (value,):
                    found.add(one)
                    if one not in seen and one not in without:
                        seen.add(one)
                        left.append(one)
        return found - set(without)
