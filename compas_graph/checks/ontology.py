"""What the ontology says against data: terms it does not declare, contradictions, axioms beyond OWL 2 RL, hygiene."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse

from compas_graph import files
from compas_graph.bundle import Bundle, read_data
from compas_graph.checks.faults import Fault, Names
from compas_graph.namespaces import CG, compact_text
from compas_graph.reasoning import Inconsistency, axiom_text
from compas_graph.shacl.index import TYPE, Index, Term

__all__ = ["contradiction_faults", "declared_in", "hygiene_faults", "undeclared_terms"]

VOCABULARIES = ("http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#")
KINDS = {
    NamedNode(space + name)
    for space in (*VOCABULARIES, "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
    for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Property", "Datatype")
}
REFERENCES = NamedNode("http://purl.org/dc/terms/references")


def declared_in(ontology: Index) -> set[Term]:
    """Return the classes and properties that an ontology declares."""
    typed = ontology.backward(TYPE)
    return {term for kind in KINDS for term in typed.get(kind, ()) if isinstance(term, NamedNode)}


def undeclared_terms(quads: Iterable[Quad], known: set[Term], names: Names, ours: bool) -> Iterator[Fault]:
    """Yield a fault for each use of a term that looks like the ontology's and is not.

    Terms of ours are whatever lies in our namespace; of another ontology, the predicates and classes in
    the namespaces of what it declares.
    """
    spaces = (
        (CG,) if ours else tuple({re.sub(r"[^#/]*$", "", one.value) for one in known if isinstance(one, NamedNode)})
    )
    seen: set[tuple[Term, Term]] = set()
    if not spaces:
        return
    for quad in quads:
        terms = [quad.predicate]
        if isinstance(quad.object, NamedNode) and (ours or quad.predicate == TYPE):
            terms.append(quad.object)
        for term in terms:
            if not term.value.startswith(spaces) or term in known or (quad.subject, term) in seen:
                continue
            seen.add((quad.subject, term))
            yield Fault(
                rule="term-is-declared",
                severity="violation",
                message="Every term that a file uses is declared in the ontology.",
                focus=quad.subject,
                predicate=quad.predicate,
                object=quad.object,
                path=names(quad.predicate),
                value=names(term),
                hint=names.close(term, known),
                verb=term == quad.predicate,
            )


def contradiction_faults(
    found: Iterable[Inconsistency], names: Names, own: Index, blamed: Container[Term]
) -> Iterator[Fault]:
    """Yield a fault for each contradiction that the data checked, `own`, has a part in, at its statement.

    Nodes that are `blamed` are the wrong values of other faults, which is what makes them contradict something:
    one mistake is told once.
    """
    for one in found:
        if any(individual in blamed for individual in one.individuals):
            continue
        at = _own_statement(one, own)
        if at is None:
            continue
        axioms = compact_text(axiom_text(one.axioms))
        yield Fault(
            rule=f"owl-{one.rule}",
            severity="violation",
            message=f"Nothing contradicts what the ontology says: {axioms}.",
            focus=one.individuals[0] if one.individuals else None,
            value=", ".join(map(names, one.individuals[1:])),
            at=at,
        )


def _own_statement(one: Inconsistency, own: Index) -> Triple | None:
    """Return the statement of the data that a contradiction comes from: a premise, else a mention of its things."""
    for triple in one.premises:
        if triple.object in own.values(triple.subject, triple.predicate):
            return triple
    for predicate in own.predicates():
        table, backward = own.table(predicate), own.backward(predicate)
        for individual in one.individuals:
            subject = individual if individual in table else next(iter(backward.get(individual, ())), None)
            if isinstance(subject, NamedNode | BlankNode):
                value = individual if subject != individual else own.values(subject, predicate)[0]
                return Triple(subject, predicate, value)
    return None


def hygiene_faults(bundle: Bundle, names: Names) -> Iterator[Fault]:
    """Yield a fault for each row of the bundle's rules of hygiene; the first line of a rule is its sentence."""
    store = _with_references(bundle)
    for rule in files.inside(bundle.ontology / "hygiene", ".rq"):
        if rule.stem == "term-is-declared":
            continue  # found in the files, use by use
        text = files.read_text(rule, files.QUERY_MOST)
        rows = store.query(text)
        assert isinstance(rows, QuerySolutions)
        for row in rows:
            focus, *others = list(row)
            yield Fault(
                rule=rule.stem,
                severity="violation",
                message=text.splitlines()[0].removeprefix("# "),
                focus=focus,
                value=", ".join(names(term) for term in others if term is not None),
            )


def _with_references(bundle: Bundle) -> Store:
    """Return a store of the ontology and the graph, with the terms that the texts of the queries refer to."""
    store = Store()
    for path in (*files.inside(bundle.ontology, ".ttl"), *(path for path, _ in bundle.graph_files())):
        store.bulk_extend(
            parse(read_data(path), RdfFormat.TURTLE, base_iri=files.address(path), rename_blank_nodes=True)
        )
    for path in (*files.inside(bundle.queries, ".rq"), *files.inside(Path(__file__).parents[1], ".py")):
        document = NamedNode(files.address(path))
        for name in set(re.findall(r"\bcg:(\w+)", files.read_text(path))):
            store.add(Quad(document, REFERENCES, NamedNode(CG + name)))
    return store
