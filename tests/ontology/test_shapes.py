"""The shapes hold for the repository, and each of them can fail."""

from collections import Counter
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, SKOS, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from compas_graph.checks.checking import check
from compas_graph.checks.findings import Finding
from compas_graph.checks.request import Request
from tests import BREAKING, FROZEN, ROOT
from tests.ontology.role_shapes import Role, renewed, roles

CG = Namespace("https://w3id.org/compas-graph/ontology#")
CGS = Namespace("https://w3id.org/compas-graph/shapes#")
EX = "https://example.org/"
PLACES = {
    line.split("\t")[0]: line.split("\t")
    for line in (ROOT / "tests" / "ontology" / "shapes" / "places.tsv").read_text("utf-8").splitlines()[1:]
}
"""Where the finding of each breaking file stands, and what is marked there."""

ONTOLOGY = Graph().parse(ROOT / "ontology" / "compas.ttl")
SHAPES = Graph().parse(ROOT / "ontology" / "shapes.ttl")
PROPERTY_SHAPES = set(SHAPES.subjects(RDF.type, SH.PropertyShape))
NODE_SHAPES = set(SHAPES.subjects(RDF.type, SH.NodeShape))
TARGETS = (SH.targetClass, SH.targetSubjectsOf)
STRUCTURE = {RDF.type, SH.severity, SH.message, SH.property, *TARGETS}

PARTS = {n for n in NODE_SHAPES if not any(SHAPES.value(n, target) for target in TARGETS)}
"""Shapes that only others use: what breaks them is told by the rule that uses them."""

ROLES = {f"AssertionShape-{role.name}": role for role in roles()}
"""The roles by the names of their shapes, whose breaking files are made here."""

WITHOUT_OWN_SHAPE = {
    CG.BackgroundReading: "any role fits a piece of general knowledge, and some need none; ReadingShape says the rest",
}
"""Kinds of claim and reading that only the shape of their general class holds for, and why."""


def local(term: Node | None) -> str:
    """Give the name of a shape as reports and files use it."""
    return str(term).removeprefix(str(CGS))


def findings(data: Graph, *, meta: bool = False) -> list[tuple[Node | None, str]]:
    """Give focus and shape of each finding in `data`, to which the ontology is added."""
    _, report, text = pyshacl.validate(data + ONTOLOGY, shacl_graph=SHAPES, meta_shacl=meta, inplace=True)
    assert isinstance(report, Graph), text
    results = report.subjects(RDF.type, SH.ValidationResult)
    return [(report.value(r, SH.focusNode), local(report.value(r, SH.sourceShape))) for r in results]


def targeted_shapes(kind: Node) -> set[Node]:
    """Give the node shapes that reach instances of a class, its superclasses' shapes included."""
    above = ONTOLOGY.transitive_objects(kind, RDFS.subClassOf)
    return {shape for c in above for shape in SHAPES.subjects(SH.targetClass, c)}


def kinds(general: URIRef) -> set[Node]:
    """Give the classes of the ontology below one of them."""
    return {c for c in ONTOLOGY.transitive_subjects(RDFS.subClassOf, general) if c is not None and c != general}


def breaking(role: Role) -> str:
    """Give a file in which a role has what it does not take."""
    wrong, kind = "ex:wrong", "cg:Plant" if role.kind == "cg:Place" else "cg:Place"
    if role.kind == "cg:Entity":  # which everything is but what is of a list
        wrong, kind = "cg:euro", ""
    said = f"""@prefix cg: <{CG}> . @prefix ex: <{EX}> . @prefix rdfs: <{RDFS}> .
ex:assertion a cg:Assertion ;
    rdfs:label "Assertion"@en ;
    cg:{role.name} {wrong} .
"""
    return said + (f'ex:wrong a {kind} ; rdfs:label "wrong"@en .\n' if kind else "")


def members(subject: Node, *path: URIRef) -> set[Node]:
    """Give the members of the list that a path of properties leads to."""
    for step in path:
        found = SHAPES.value(subject, step)
        assert found is not None, (subject, step)
        subject = found
    return set(Collection(SHAPES, subject))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """Check all breaking files in one run, each with names of its own, and give each one's findings."""
    folder = tmp_path_factory.mktemp("broken")
    by_case: dict[str, list[Finding]] = {}
    texts = {case.stem: case.read_text("utf-8") for case in BREAKING}
    for name, text in (texts | {name: breaking(role) for name, role in ROLES.items()}).items():
        by_case[name] = []
        (folder / f"{name}.ttl").write_text(text.replace(f"<{EX}>", f"<{EX}{name}/>"), "utf-8")
    for finding in check(FROZEN, Request((folder,))).findings:
        by_case[Path(finding.file).stem].append(finding)
    return by_case


def test_every_rule_has_its_breaking_file_and_every_file_its_rule() -> None:
    """Property shapes, and node shapes with a target and a rule of their own, each have one file of their name.

    Parts of others are broken with these, and the files of roles are made here.
    """
    of_parts = {s for part in PARTS for s in SHAPES.objects(part, SH.property)}
    own = {s for s in NODE_SHAPES - PARTS if set(SHAPES.predicates(s)) - STRUCTURE}
    assert {case.stem for case in BREAKING} == {local(s) for s in (PROPERTY_SHAPES - of_parts) | own} - set(ROLES)
    assert len(BREAKING) > 100
    assert set(PLACES) == {case.stem for case in BREAKING}


@pytest.mark.parametrize("case", BREAKING, ids=lambda case: case.stem)
def test_a_breaking_file_gives_one_finding_from_the_shape_of_its_name_in_its_place(
    case: Path, broken: dict[str, list[Finding]]
) -> None:
    """Nothing else is wrong in the file, and what is marked is what is wrong, or what lacks something."""
    (one,) = broken[case.stem]
    assert one.place is not None
    marked = one.place.text[one.column - 1 : one.place.end_column - 1]
    assert [one.rule, str(one.line), str(one.column), marked] == PLACES[case.stem]


@pytest.mark.parametrize("name", ROLES)
def test_a_role_takes_what_is_of_its_range_only(name: str, broken: dict[str, list[Finding]]) -> None:
    """One finding names the rule, the role, what it takes, and marks what it was given."""
    (one,) = broken[name]
    assert one.place is not None and one.line == 4
    marked = one.place.text[one.column - 1 : one.place.end_column - 1]
    wrong = "cg:euro" if ROLES[name].kind == "cg:Entity" else "ex:wrong"
    assert (one.rule, one.path, marked) == (name, f"cg:{ROLES[name].name}", wrong)
    assert one.expected == f"an instance of {ROLES[name].kind}"


@pytest.mark.parametrize("case", BREAKING, ids=lambda case: case.stem)
def test_a_breaking_file_says_what_is_wrong_and_describes_only_its_own_names(case: Path) -> None:
    """One comment line stands above the data, and no other file's names are touched."""
    comments = [line for line in case.read_text("utf-8").splitlines() if line.startswith("#")]
    assert len(comments) == 1 and comments[0].endswith(".")
    assert all(str(s).startswith(EX) for s in Graph().parse(case).subjects())


@pytest.mark.long
def test_the_repository_conforms_and_the_shapes_are_shapes() -> None:
    """The hand-written graph has no finding, and the shapes themselves conform to SHACL-SHACL."""
    data = Graph()
    for path in sorted((ROOT / "graph").rglob("*.ttl")):
        data.parse(path)
    assert len(data) > 3000
    assert findings(data, meta=True) == []


def test_every_rule_has_a_message_and_every_shape_a_severity() -> None:
    """A message is one English sentence, said once; it stands wherever a shape has a rule of its own."""
    messages: Counter[str] = Counter()
    for shape in PROPERTY_SHAPES | NODE_SHAPES:
        assert isinstance(shape, URIRef), f"a shape without a name: {SHAPES.value(shape, SH.path)}"
        assert len(set(SHAPES.objects(shape, SH.severity))) == 1, local(shape)
        said = list(SHAPES.objects(shape, SH.message))
        assert len(said) == bool(set(SHAPES.predicates(shape)) - STRUCTURE), local(shape)
        for message in said:
            text = str(message)
            assert text.endswith(".") and getattr(message, "language", None) == "en", local(shape)
            messages[text] += 1
    assert [text for text, count in messages.items() if count > 1] == []


def test_every_property_shape_belongs_to_the_node_shape_in_its_name() -> None:
    """The code of a finding says whose rule was broken, and no rule stands idle."""
    owners = {p: list(SHAPES.subjects(SH.property, p)) for p in PROPERTY_SHAPES}
    assert {local(p).split("-")[0] for p in PROPERTY_SHAPES} <= {local(n) for n in NODE_SHAPES}
    assert [local(p) for p, of in owners.items() if [local(n) for n in of] != [local(p).split("-")[0]]] == []


def test_every_shape_is_reached_by_a_target_or_used_by_another() -> None:
    """A node shape without a target is a part of a rule elsewhere."""
    used = {s for uses in (SH.qualifiedValueShape, SH["not"]) for s in SHAPES.objects(None, uses)}
    used |= {s for head in SHAPES.objects(None, SH["or"]) for s in Collection(SHAPES, head)}
    assert [local(s) for s in PARTS - used] == []


def test_the_targets_and_paths_are_terms_of_the_ontology() -> None:
    """A shape for a misspelt term would never find anything."""
    ours = {term for s, p, o in SHAPES for term in (s, p, o) if str(term).startswith(str(CG))}
    assert [str(term) for term in ours if (term, RDFS.label, None) not in ONTOLOGY] == []


def test_every_kind_of_the_ontology_is_reached_by_a_shape() -> None:
    """Entities, claims, readings and the rest each have a shape that targets them or a class above them."""
    ours = {c for c in ONTOLOGY.subjects(RDFS.isDefinedBy) if (c, RDF.type, CG.Concept) not in ONTOLOGY}
    classes = {c for c in ours if (c, SKOS.example, None) in ONTOLOGY}
    assert len(classes) > 40
    assert [str(c) for c in classes if not targeted_shapes(c)] == []


def test_every_kind_of_claim_and_reading_has_its_own_shape_or_a_reason() -> None:
    """What a kind needs to make sense is said in its own shape; the exceptions are needed."""
    own = {c for c in kinds(CG.Claim) | kinds(CG.Reading) if (None, SH.targetClass, c) in SHAPES}
    assert (kinds(CG.Claim) | kinds(CG.Reading)) - own == set(WITHOUT_OWN_SHAPE)


def test_the_lists_in_the_shapes_are_those_of_the_ontology() -> None:
    """Modalities and results added to the ontology reach the shapes too."""
    modalities = set(ONTOLOGY.subjects(SKOS.inScheme, CG.modalities))
    assert members(CGS["ClaimShape-modality"], SH["in"]) == modalities - {CG.inferred}
    assert members(CGS["OutcomeReadingShape-result"], SH["in"]) == set(ONTOLOGY.subjects(SKOS.inScheme, CG.results))


def test_every_role_and_qualifier_is_held_to_its_range() -> None:
    """What the ontology would infer of a wrong value, a shape reports instead."""
    text = (ROOT / "ontology" / "shapes.ttl").read_text("utf-8")
    assert text == renewed(text), "roles have changed: run python -m tests.ontology.role_shapes"
    assert len(ROLES) > 20
    qualifiers = set(ONTOLOGY.subjects(RDFS.domain, CG.Assertion)) & set(ONTOLOGY.subjects(RDFS.range, CG.Concept))
    qualifiers -= {CG.modality}
    assert members(CGS["AssertionShape-qualifier"], SH.path, SH.alternativePath) == qualifiers
    for qualifier in qualifiers:
        assert CGS[f"AssertionShape-{str(qualifier).removeprefix(str(CG))}-inScheme"] in PROPERTY_SHAPES


@pytest.mark.parametrize("general", [CG.Claim, CG.Entity, CG.Reading], ids=lambda one: one.rpartition("#")[2])
def test_a_kind_is_any_class_below_the_general_one(general: URIRef) -> None:
    """A new one needs no mention in the shapes; two at once, and what tells no kind, are refused."""
    new, general_only = URIRef(EX + "NewKind"), {general, CG.Agent, CG.Unnamed}
    known = {*kinds(general), general, new}
    data = Graph().add((new, RDFS.subClassOf, general))
    for kind in known:
        data.add((URIRef(f"{EX}one/{kind}"), RDF.type, kind))
        data.add((URIRef(f"{EX}two/{kind}"), RDF.type, kind)).add((URIRef(f"{EX}two/{kind}"), RDF.type, new))
    wrong = {str(focus) for focus, shape in findings(data) if shape == f"{local_name(general)}Shape-type"}
    assert {f"{EX}one/{kind}" for kind in known & general_only} <= wrong
    assert wrong == {f"{EX}one/{kind}" for kind in known & general_only} | {
        f"{EX}two/{kind}" for kind in known - general_only - {new}
    }


def local_name(term: URIRef) -> str:
    return term.rpartition("#")[2]
