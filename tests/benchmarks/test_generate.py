"""Generated graphs have our own shape: they conform, but for the faults planted in them, which are known."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import io
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pyshacl
import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse
from rdflib import RDF, SH, Graph

from compas_graph.graph import rules_of
from compas_graph.reasoning import inconsistencies
from compas_graph.store import FACTS
from tests import ROOT

PROGRAM = ROOT / "benchmarks" / "generate.py"
SPARQL_SHAPE = ROOT / "benchmarks" / "sparql-shape.ttl"
SIZE = 3000
FORMATS = {"turtle": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS}
PARTS_OF_SUCCESSION = ("cg:successor", "cg:predecessor")
Found = list[tuple[str, str]]


def _program() -> ModuleType:
    """Load the program from its file, as benchmarks are no package."""
    sys.path.insert(0, str(PROGRAM.parent))  # as for a script: its parts lie beside it
    spec = importlib.util.spec_from_file_location("generate", PROGRAM)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PROGRAM_MODULE: Any = _program()
FAULTS, generate, write = PROGRAM_MODULE.FAULTS, PROGRAM_MODULE.generate, PROGRAM_MODULE.write
SPARQL_RULE: str = PROGRAM_MODULE.SPARQL_RULE


def written(form: str = "turtle", **how: Any) -> tuple[str, Found]:
    """Give the text of a graph, and focus and rule of each fault planted in it."""
    return _text(generate(SIZE, **how), form)


def _text(blocks: Any, form: str = "turtle") -> tuple[str, Found]:
    out = io.StringIO()
    planted = write(blocks, form, out)
    return out.getvalue(), sorted((fault.focus, fault.rule) for fault in planted)


def findings(text: str, shapes: Path) -> Found:
    """Give focus and rule of each finding of pyshacl, in order."""
    data = Graph().parse(ROOT / "ontology" / "compas.ttl").parse(data=text, format="turtle")
    _, report, said = pyshacl.validate(data, shacl_graph=Graph().parse(shapes), inplace=True)
    assert isinstance(report, Graph), said
    results = report.subjects(RDF.type, SH.ValidationResult)
    return sorted(
        (str(report.value(one, SH.focusNode)), str(report.value(one, SH.sourceShape)).rpartition("#")[2])
        for one in results
    )


def quads(text: str, form: str) -> list[Quad]:
    """Give the quads of a text; those of Turtle stand in the default graph."""
    return [quad if isinstance(quad, Quad) else Quad(*quad) for quad in parse(text, FORMATS[form])]


def each_fault_once() -> list[Any]:
    """Give the blocks of a graph with every fault of the table planted once, of the first seed where all find room."""
    for seed in range(200):
        blocks = list(generate(SIZE, seed))
        for fault in FAULTS:
            place = next((i for i, block in enumerate(blocks) if not block.planted and fault.fits(block)), None)
            if place is None:
                break
            blocks[place] = fault.plant(blocks[place])
        else:
            return blocks
    raise AssertionError(f"no graph has room for {fault}")


SHAPES: dict[str, tuple[Path, Callable[[str], bool]]] = {
    "core": (ROOT / "ontology" / "shapes.ttl", lambda rule: rule != SPARQL_RULE),
    "SPARQL": (SPARQL_SHAPE, lambda rule: rule == SPARQL_RULE),
}


@pytest.mark.long
@pytest.mark.parametrize("shapes", SHAPES)
def test_a_graph_without_faults_conforms(shapes: str) -> None:
    """Neither our shapes nor the one in SPARQL find anything, and no fault is said to be planted."""
    text, planted = written()
    assert (findings(text, SHAPES[shapes][0]), planted) == ([], [])


def test_each_fault_of_the_table_breaks_the_rule_that_it_names_and_nothing_else() -> None:
    """Each gives exactly one finding of our shapes, but for the one that those cannot see."""
    text, planted = _text(each_fault_once())
    assert len(planted) == len(FAULTS)
    file, own = SHAPES["core"]
    assert findings(text, file) == [one for one in planted if own(one[1])]


@pytest.mark.long
@pytest.mark.parametrize("shapes", SHAPES)
def test_what_is_found_in_a_graph_with_faults_is_what_was_planted(shapes: str) -> None:
    """No fault is lost, none hides another, and none makes another."""
    text, planted = written(seed=2, faults=Fraction(1, 30))
    file, own = SHAPES[shapes]
    expected = [one for one in planted if own(one[1])]
    assert expected and findings(text, file) == expected


def test_there_are_many_kinds_of_fault() -> None:
    """A run of a few thousand triples has them all where one triple in twenty is bad."""
    kinds = {block.planted.kind for block in generate(SIZE, faults=Fraction(1, 20)) if block.planted}
    assert kinds == {fault.kind for fault in FAULTS}
    assert len(kinds) >= 8


@pytest.mark.parametrize("share", [Fraction(1, 1000), Fraction(1, 100)])
def test_one_triple_in_each_so_many_is_bad(share: Fraction) -> None:
    """Faults are spread evenly, one in each stretch of the graph."""
    per_stretch: dict[int, int] = {}
    seen = 0
    for clean, block in zip(generate(50_000), generate(50_000, faults=share), strict=True):
        if block.planted:
            stretch = int(seen * share)
            per_stretch[stretch] = per_stretch.get(stretch, 0) + 1
        seen += clean.triples
    assert abs(sum(per_stretch.values()) - 50_000 * share) <= 1
    assert max(per_stretch.values()) <= 2  # a block may begin in one stretch and end in the next


def test_faults_change_the_blocks_where_they_are_planted_and_no_other() -> None:
    """So the cost of a fault can be measured: all else is the same."""
    pairs = list(zip(generate(SIZE), generate(SIZE, faults=Fraction(1, 50)), strict=True))
    assert len([other for _, other in pairs if other.planted]) > 10
    assert all((clean == other) != bool(other.planted) for clean, other in pairs)
    assert all(clean.objects != other.objects for clean, other in pairs if other.planted)


@pytest.mark.parametrize("triples", [1000, 2500, 3000, 10_000, 30_001])
@pytest.mark.parametrize("seed", range(4))
def test_a_size_is_met_within_one_in_a_hundred(triples: int, seed: int) -> None:
    """The blocks say how many triples they have."""
    assert abs(sum(block.triples for block in generate(triples, seed)) - triples) <= triples / 100


@pytest.mark.parametrize("form", FORMATS)
def test_all_formats_hold_the_same_triples_and_none_twice(form: str) -> None:
    """Turtle has no named graphs; the others agree on them too."""
    expected = quads(written("nquads")[0], "nquads")
    found = quads(written(form)[0], form)
    if form == "turtle":
        expected = [Quad(quad.subject, quad.predicate, quad.object) for quad in expected]
    assert found == expected
    assert len({quad.triple for quad in found}) == len(found) == sum(block.triples for block in generate(SIZE))


@pytest.mark.parametrize("size", [200, 1000])
def test_named_graphs_are_of_bounded_size(size: int) -> None:
    """A graph is one source; only the first, which brings one thing of each kind, may be larger."""
    sizes: dict[str, int] = {}
    for block in generate(20_000, graph_size=size):
        sizes[block.graph] = sizes.get(block.graph, 0) + block.triples
    assert len(sizes) > 10_000 / size
    assert max(list(sizes.values())[1:]) <= size * 3 / 2


@pytest.mark.parametrize("seed", range(8))
def test_what_a_graph_speaks_of_stands_in_it(seed: int) -> None:
    """Every source, entity, alias, passage and claim that is named has its block, in no more than one place."""
    blocks = list(generate(5_000, seed))
    subjects = [block.subject for block in blocks]
    named = {one for block in blocks for some in block.objects.values() for one in some if one[0] != '"'}
    things = {one for one in named if ":" in one and not one.startswith("cg:")}
    assert things <= set(subjects) and len(things) > 300
    assert len(set(subjects)) == len(subjects)


def test_every_kind_of_claim_and_reading_comes_up() -> None:
    """The graph has the shape of ours, with no class of assertion left out."""
    ontology = Graph().parse(ROOT / "ontology" / "compas.ttl")
    ask = "SELECT ?kind { ?kind rdfs:subClassOf ?general VALUES ?general { cg:Claim cg:Reading cg:Agent } }"
    kinds = {str(row[0]).rpartition("#")[2] for row in ontology.query(ask) if isinstance(row, tuple)}
    assert len(kinds) > 25
    assert kinds - {block.kind for block in generate(10_000)} == set()


def test_a_kind_of_claim_without_a_row_of_its_own_has_what_its_shape_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """So a new kind needs none: were none of them in the table, the graph would conform all the same."""
    forms = importlib.import_module("generated.forms")
    for kind in list(forms.CLAIMS):
        monkeypatch.setitem(forms.CLAIMS, kind, forms._form(kind))
    text, _ = written(seed=3)
    assert findings(text, SHAPES["core"][0]) == []
    assert all(f"a cg:{kind} ;" in text for kind in forms.CLAIMS)


def test_turtle_has_the_layout_of_the_repository(tmp_path: Path) -> None:
    """The tool that holds our own files to it changes nothing."""
    file = tmp_path / "graph.ttl"
    file.write_text(written(faults=Fraction(1, 50))[0], "utf-8")
    tool = Path(sys.executable).with_name("turtlefmt")
    done = subprocess.run([tool, "--check", file, SPARQL_SHAPE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command."""
    return subprocess.run([sys.executable, PROGRAM, *arguments], capture_output=True, check=False)


def test_the_command_writes_the_same_bytes_for_the_same_seed_only(tmp_path: Path) -> None:
    """Two processes with one seed agree, also on the faults; another seed gives another graph."""
    one, two = tmp_path / "one.tsv", tmp_path / "two.tsv"
    first = _run("3,000", "--seed", "5", "--faults", "1/100", "--planted", str(one))
    again = _run("3000", "--seed", "5", "--faults", "0.01", "--planted", str(two))
    other = _run("3000", "--seed", "6", "--faults", "0.01")
    assert (first.stderr, first.returncode) == (b"", 0)
    assert first.stdout == again.stdout != other.stdout
    assert one.read_bytes() == two.read_bytes()
    assert [tuple(line.split("\t")[:2]) for line in sorted(one.read_text("utf-8").splitlines())] == written(
        seed=5, faults=Fraction(1, 100)
    )[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["10"], "'10' is no number of triples from 1,000 on"),
        (["3000", "--faults", "1/2"], "'1/2' is no share from 0 to 1/20, like 1/1000 or 0.001"),
        (["3000", "--faults", "few"], "'few' is no share from 0 to 1/20, like 1/1000 or 0.001"),
    ],
)
def test_what_cannot_be_generated_is_said_in_one_line(arguments: list[str], said: str) -> None:
    """The last line says what is wrong, and nothing is written."""
    done = _run(*arguments)
    assert done.returncode == 2 and done.stdout == b""
    assert done.stderr.decode().rstrip().endswith(said)


def test_a_graph_without_faults_is_consistent(opened: Callable[[str], Store]) -> None:
    """Nothing that is derived from its claims contradicts an axiom."""
    text, _ = _text(generate(20_000))
    store = opened("\n".join(line for line in text.splitlines() if not line.startswith("@prefix")))
    assert inconsistencies(store, rules_of(store)) == []
    assert len(list(store.quads_for_pattern(None, None, None, FACTS))) > 100


def test_no_model_comes_before_itself() -> None:
    """Succession leads from later models to earlier ones, so that it never runs in a circle, which few graphs show."""
    claims = [block.objects for block in generate(20_000) if block.kind == "SuccessionClaim"]
    later, earlier = ([int(each[part][0].rpartition("-")[2]) for each in claims] for part in PARTS_OF_SUCCESSION)
    assert claims and all(one > other for one, other in zip(later, earlier, strict=True))


@pytest.mark.parametrize("name", ["ontology", "sources", "writing"])
def test_the_examples_in_the_program_hold(name: str) -> None:
    """Its doctests run here, as benchmarks are not collected."""
    done = doctest.testmod(importlib.import_module(f"generated.{name}"))
    assert done.attempted and not done.failed
