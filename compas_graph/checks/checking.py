"""One check: files or the graph against shapes, the ontology and what else holds, as findings with places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from compas_graph.bundle import Bundle
from compas_graph.checks.applied import shapes_in, unapplied
from compas_graph.checks.documents import Document, documents_in, files_in
from compas_graph.checks.explaining import explain, idle_shapes
from compas_graph.checks.faults import Fault, Names
from compas_graph.checks.findings import Report
from compas_graph.checks.ontology import contradiction_faults, declared_in, hygiene_faults, undeclared_terms
from compas_graph.checks.placing import findings_of
from compas_graph.checks.prefixes import other_prefixes, prefixes_of
from compas_graph.checks.request import Request
from compas_graph.errors import DataError, UnsupportedShapesError
from compas_graph.graph import derive
from compas_graph.namespaces import compact_text
from compas_graph.reasoning import UnsupportedAxiomError, axioms_of, compile_rules, inconsistencies, infer
from compas_graph.shacl import engine
from compas_graph.shacl.index import SUBCLASS, TYPE, Index, Term, rdfs
from compas_graph.shacl.model import Shapes
from compas_graph.shacl.results import Result
from compas_graph.store import INFERENCES, iri
from compas_graph.views import drop_withdrawn

__all__ = ["check", "shapes_for", "watched"]

RDFS = {SUBCLASS, rdfs("subPropertyOf"), rdfs("domain"), rdfs("range")}


@dataclass(frozen=True)
class _Material:
    """The documents of a check by what they are for."""

    data: tuple[Document, ...]
    context: tuple[Document, ...]
    ontology: tuple[Document, ...]
    shapes: tuple[Document, ...]

    def __iter__(self) -> Iterator[Document]:
        return iter((*self.data, *self.context, *self.ontology, *self.shapes))

    def quads(self, *parts: Sequence[Document]) -> Iterator[Quad]:
        """Yield the quads of some documents."""
        return (quad for part in parts for document in part for quad in document.quads)


def check(bundle: Bundle, request: Request) -> Report:
    """Return what a check finds, or raise DataError for what cannot be read or applied."""
    material = _read(bundle, request)
    names = Names(prefixes_of(material))
    data = Index(material.quads(material.data, material.context, material.ontology))
    own = Index(material.quads(material.data))
    triples = len(own)
    if not triples:
        raise DataError(f"{', '.join(one.name for one in material.data)}: there are no triples to check")
    shapes = shapes_in(material.shapes, names)
    store = _store(material, request)
    if store is not None and request.infer != "none":
        data.add(_inferred(store, request.infer))
    try:
        results, notes = _results(data.freeze(), shapes, request.engine)
    except DataError as error:
        raise error.within(", ".join(one.name for one in material.shapes)) from error
    if request.ours and request.paths:
        notes += _stood_in(bundle, material)
    foreign = _foreign(material) if request.paths and request.ours else set()
    faults = [explain(one, data, shapes, names) for one in results if one.focus not in foreign]
    faults += other_prefixes(material.data, names) if request.ours else []
    faults += _untouched(material, data, shapes) if request.ours and request.paths else []
    faults += _idle(material, data, shapes, names, request)
    faults += unapplied(shapes, material.shapes, material, names)
    faults += _beyond_shapes(bundle, material, names, request, store, own, results)
    shown = store if request.ours and any(fault.focus for fault in faults) else None
    findings = findings_of(faults, tuple(material), names, shown)
    return Report(findings, len(material.data), triples, tuple(notes), tuple(document.name for document in material))


def shapes_for(bundle: Bundle, request: Request) -> tuple[tuple[Document, ...], Shapes]:
    """Return the shapes of a request, and the documents that they stand in."""
    documents = tuple(documents_in(_shapes(bundle, request)))
    return documents, shapes_in(documents, Names(prefixes_of(documents)))


def _read(bundle: Bundle, request: Request) -> _Material:
    """Return the documents of a check."""
    data = tuple(documents_in(_data(bundle, request)))
    given = {Path(document.name).resolve() for document in data}
    ontology = [path for path in _ontology(bundle, request) if path.resolve() not in given]
    return _Material(
        data,
        tuple(_context(bundle, data)) if request.ours and request.paths else (),
        tuple(documents_in(ontology)),
        tuple(documents_in(_shapes(bundle, request))),
    )


def _data(bundle: Bundle, request: Request) -> list[Path]:
    return list(request.paths) or [_near(path) for path, _ in bundle.graph_files()]


def _ontology(bundle: Bundle, request: Request) -> list[Path]:
    own = [_near(bundle.ontology / "compas.ttl")] if request.ours or not request.paths else []
    return [*own, *request.ontology]


def _shapes(bundle: Bundle, request: Request) -> list[Path]:
    return list(request.shapes) or [_near(bundle.ontology / "shapes.ttl")]


def _near(path: Path) -> Path:
    """Return a path as seen from the current folder, if it lies in it."""
    here = Path.cwd()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path


def watched(bundle: Bundle, request: Request) -> list[Path]:
    """Return the files that a check depends on; a path that cannot be searched stands for itself."""
    found: list[Path] = [path for path, _ in bundle.graph_files()] if request.ours else []
    for path in (*_data(bundle, request), *_ontology(bundle, request), *_shapes(bundle, request)):
        try:
            found += files_in([path])
        except DataError:
            found.append(path)
    return found


def _context(bundle: Bundle, given: Sequence[Document]) -> Iterator[Document]:
    """Yield the files of the bundle beside which documents are checked.

    So an article is checked with the entities that it refers to. A changed copy of a file, one that says
    most of what it says, stands in for the file of the bundle.
    """
    said = {quad.triple for document in given for quad in document.quads}
    names = {Path(document.name).resolve() for document in given}
    for document in documents_in(_near(path) for path, _ in bundle.graph_files() if path.resolve() not in names):
        theirs = {quad.triple for quad in document.quads}
        if 2 * len(theirs & said) <= len(theirs):
            yield document


def _stood_in(bundle: Bundle, material: _Material) -> list[str]:
    """Return a note for each file of the bundle that a changed copy stands in for."""
    used = {Path(document.name).resolve() for document in material}
    left = [_near(path) for path, _ in bundle.graph_files() if path.resolve() not in used]
    return [f"{path}: left out, as what is checked says most of the same" for path in left]


def _untouched(material: _Material, data: Index, shapes: Shapes) -> list[Fault]:
    """Return a fault for each file of which no shape says anything: most often its prefixes are wrong."""
    run = engine.Run(data, shapes)
    focus = {node for shape in shapes.targeted() for node in run.focus_nodes(shape)}
    message = "A file has something that a rule is for; nothing in this one is of a kind that the rules know."
    return [
        Fault("file-is-covered", "warning", message, file=document.name)
        for document in material.data
        if document.quads and focus.isdisjoint(quad.subject for quad in document.quads)
    ]


def _foreign(material: _Material) -> set[Term]:
    """Return the nodes of which only the context and the ontology speak."""
    own = {quad.subject for quad in material.quads(material.data)}
    return set[Term]({quad.subject for quad in material.quads(material.context, material.ontology)} - own)


def _results(data: Index, shapes: Shapes, name: str) -> tuple[list[Result], list[str]]:
    """Return the results of an engine, and a note where pyshacl had to take over."""
    if name == "own":
        try:
            return engine.validate(data, shapes), []
        except UnsupportedShapesError as error:
            from compas_graph.shacl import reference

            return reference.validate(data, shapes), [f"checked by pyshacl, since our engine cannot: {error}"]
    from compas_graph.shacl import reference

    return reference.validate(data, shapes), []


def _store(material: _Material, request: Request) -> Store | None:
    """Return a store of what is checked, for what needs one: rules and contradictions, and citations of claims."""
    if not (request.ours or material.ontology or request.texts) and request.infer == "none":
        return None
    store = Store()
    for number, document in enumerate(material.data + material.context + material.ontology):
        graph = NamedNode(f"urn:compas-graph:document-{number}")
        store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object, graph) for quad in document.quads)
    return store


def _inferred(store: Store, level: str) -> Iterator[Quad]:
    """Yield what follows from a store by RDFS, or by OWL 2 RL."""
    working = Store()
    working.bulk_extend(store)
    axioms = axioms_of(working)
    if level == "rdfs":
        axioms = (
            quad
            for quad in axioms
            if quad.predicate in RDFS and isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
        )
    try:
        infer(working, compile_rules(axioms), INFERENCES)
    except UnsupportedAxiomError as error:
        raise DataError(f"--infer {level}: {compact_text(str(error))}") from error
    return working.quads_for_pattern(None, None, None, INFERENCES)


def _idle(material: _Material, data: Index, shapes: Shapes, names: Names, request: Request) -> list[Fault]:
    """Return a fault for each shape that matches nothing, unless the ontology declares what it is for."""
    file_of: dict[Term, str] = {quad.subject: document.name for document in material.shapes for quad in document.quads}
    known = declared_in(Index(material.quads(material.ontology)))
    return idle_shapes(data, shapes, names, lambda node: file_of.get(node, ""), known)


def _beyond_shapes(
    bundle: Bundle,
    material: _Material,
    names: Names,
    request: Request,
    store: Store | None,
    own: Index,
    results: list[Result],
) -> Iterator[Fault]:
    """Yield what no shape can find."""
    if store is None:
        return
    ontology = Index(material.quads(material.ontology))
    known = _terms(ontology) if request.ours else declared_in(ontology)
    told = {(one.focus, one.value) for one in results}
    for fault in undeclared_terms(material.quads(material.data), known, names, request.ours):
        if (fault.focus, fault.object) not in told:  # one mistake is told once
            yield fault
    blamed: set[Term] = {one.value for one in results if one.value is not None and one.value != one.focus}
    yield from _contradictions(store, names, request.ours, own, blamed)
    if request.ours and not request.paths:
        yield from hygiene_faults(bundle, names)
    if request.texts is not None:
        yield from _wrong_passages(store, request.texts)


def _terms(ontology: Index) -> set[Term]:
    """Return all that an ontology describes: classes, properties, and the members of its lists of concepts."""
    return set(ontology.table(TYPE))


def _contradictions(store: Store, names: Names, ours: bool, own: Index, blamed: set[Term]) -> Iterator[Fault]:
    """Yield what contradicts the ontology, and its axioms that no rule of OWL 2 RL covers."""
    try:
        rules = compile_rules(axioms_of(store))
    except UnsupportedAxiomError as error:
        said = compact_text(str(error))
        yield Fault("owl-2-rl", "warning", f"The ontology stays within OWL 2 RL, so that rules cover it: {said}.")
        return
    if ours:
        store = _standing(store)
        derive(store)
    else:
        infer(store, rules, INFERENCES)
    yield from contradiction_faults(inconsistencies(store, rules), names, own, blamed)


def _standing(store: Store) -> Store:
    """Return a store without what was withdrawn, of which nothing follows."""
    if next(store.quads_for_pattern(None, iri("cg:withdrawn"), None), None) is None:
        return store
    standing = Store()
    standing.bulk_extend(store)
    drop_withdrawn(standing)
    return standing


def _wrong_passages(store: Store, folder: Path) -> Iterable[Fault]:
    """Yield a fault for each source and passage that the texts in a folder do not bear out."""
    from compas_graph.namespaces import expand
    from compas_graph.sources import verify

    for problem in verify(store, folder).problems:
        node = expand(problem.id)
        yield Fault(
            rule="passage-is-in-its-text",
            severity="violation",
            message=f"A passage stands in its source's text as it is cited; this one is {problem.status}.",
            focus=NamedNode(node) if node else None,
            value=getattr(problem, "reason", ""),
        )
