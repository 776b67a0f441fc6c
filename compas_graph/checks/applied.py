"""What of the shapes is not applied: refused with its places, or told where no target or no file leads to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, NamedNode

from compas_graph.checks.documents import Document
from compas_graph.checks.explaining import rule_name
from compas_graph.checks.faults import Fault, Names
from compas_graph.checks.placing import findings_of
from compas_graph.errors import DataError, UnappliedShapesError, together
from compas_graph.shacl.index import TYPE, Index, owl
from compas_graph.shacl.model import Shapes
from compas_graph.shacl.shapes import read_shapes

__all__ = ["shapes_in", "unapplied"]

KNOWN = ("http://www.w3.org/ns/shacl", "http://datashapes.org/dash")
"""Ontologies that need not be given: what shapes say in their words is applied here, or refused by name."""


def shapes_in(documents: Sequence[Document], names: Names) -> Shapes:
    """Return the shapes in some documents, or raise DataError that names them."""
    named = ", ".join(one.name for one in documents)
    try:
        shapes = read_shapes(Index(quad for document in documents for quad in document.quads))
    except UnappliedShapesError as error:
        raise DataError(*_placed(error, documents, names)) from error
    except DataError as error:
        raise error.within(named) from error
    if not shapes.have_targets:
        raise DataError(
            f"{named}: no shape has a target, so nothing would be checked; give one sh:targetClass or the like"
        )
    return shapes


def _placed(error: UnappliedShapesError, documents: Sequence[Document], names: Names) -> list[str]:
    """Return what is refused, each with the places where it stands."""
    faults = (
        Fault("", "violation", one.why, one.node, one.predicate, one.value, verb=one.predicate != TYPE)
        for one in error.said
    )
    found = findings_of(faults, documents, names, None)
    return together((f"{one.file}:{one.line}:{one.column}" if one.line else one.file, one.message) for one in found)


def unapplied(
    shapes: Shapes, documents: Sequence[Document], given: Iterable[Document], names: Names
) -> Iterator[Fault]:
    """Yield a fault for what shapes say to no effect, and for what the documents that they stand in import in vain.

    `given` are the documents that may be imported.
    """
    yield from _idle_words(shapes)
    yield from _unreached(shapes, documents, names)
    yield from _absent_imports(documents, given)


def _idle_words(shapes: Shapes) -> Iterator[Fault]:
    for one in shapes.without_effect:
        yield Fault(
            rule="word-has-effect",
            severity="warning",
            message=f"What shapes say has an effect; {one.why}.",
            focus=one.node,
            predicate=one.predicate,
            object=one.value,
            verb=True,
        )


def _unreached(shapes: Shapes, documents: Iterable[Document], names: Names) -> Iterator[Fault]:
    file_of = {quad.subject: document.name for document in documents for quad in document.quads}
    for shape in shapes.unreached:
        node = shape.node if isinstance(shape.node, NamedNode | BlankNode) else None
        yield Fault(
            rule="shape-is-reached",
            severity="warning",
            message=f"A shape has a target, or one that has refers to it; nothing leads to {rule_name(shape, shapes)}.",
            focus=node,
            file=file_of[node] if node is not None else "",
        )


def _absent_imports(documents: Iterable[Document], given: Iterable[Document]) -> Iterator[Fault]:
    here = set[str]()
    for document in given:
        here.add(document.base.rstrip("#/"))
        for quad in document.quads:
            said = (quad.subject, quad.object) if quad.predicate == owl("versionIRI") else (quad.subject,)
            here |= {one.value.rstrip("#/") for one in said if isinstance(one, NamedNode)}
    for document in documents:
        for quad in document.quads:
            if quad.predicate == owl("imports") and isinstance(quad.object, NamedNode):
                name = quad.object.value.rstrip("#/")
                if name not in here and name not in KNOWN:
                    yield Fault(
                        rule="import-is-given",
                        severity="warning",
                        message="What shapes import is given with them; nothing is fetched, so this is not applied.",
                        focus=quad.subject,
                        predicate=quad.predicate,
                        object=quad.object,
                        path="owl:imports",
                        value=f"{quad.object}",
                        file=document.name,
                    )
