"""What is exported is the graph, term for term, the same on every run, and it is written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from compas_graph.bundle import Bundle
from compas_graph.errors import DataError
from compas_graph.exporting import DOCUMENTS, export_document, export_files, write_file, write_folder
from compas_graph.graph import open_graph
from compas_graph.namespaces import PREFIXES
from compas_graph.remote.kinds import KINDS
from compas_graph.remote.origin import DERIVED, bundle_quads
from compas_graph.views import View
from tests import FROZEN
from tests.cli.expect import Run, answered, refused

FORMS = {"trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD}
each_form = pytest.mark.parametrize("form", FORMS)

HARD = r"""
@prefix : <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:numbers :p 7 , "007"^^xsd:integer , "+7"^^xsd:integer , -7 , 0 , 1.50 , 1.5 , 1e0 , "1"^^xsd:boolean , true ,
    "5"^^xsd:long , "2020"^^xsd:gYear , "x"^^xsd:integer .
:texts :p "" , "say \"so\"\\ \t\r\n@prefix x: <y> ." , "\u0001 é 🚗 \uFFFE" , "en"@en , "en"@en-GB , "en" , "7" .
:lists :p ( :a ( 1 "b" ) [ :p [] ] ) , [ :p [ :p :a ] ] .
[] a :T , [] , "no class" ; :p <http://example.org/a%20(b)*~!$&'> , <http://example.org/a.> , <urn:x:y> , <mailto:a@b> .
# schemes that are also prefixes of ours
<id:x> a <graph:T> ; <cg:p> <https://w3id.org/compas-graph/id/mfa> , "1"^^<claim:d> .
<https://w3id.org/compas-graph/id/a.b> :p <https://w3id.org/compas-graph/id/> , <https://w3id.org/compas-graph/id/a/b> ,
    <https://w3id.org/compas-graph/claim/s1-09> , <https://w3id.org/compas-graph/claim/-a> .
"""


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> list[Quad]:
    """Return the graphs of a folder whose files hold what is hard to write down, some of it twice."""
    folder = tmp_path_factory.mktemp("hard") / "graph"
    (folder / "more").mkdir(parents=True)
    for name in ("one file", "more/two"):
        (folder / f"{name}.ttl").write_text(HARD, encoding="utf-8")
    return _all_of(Bundle.at(folder.parent))


@pytest.fixture(scope="module")
def real() -> list[Quad]:
    """Return the graphs of the project."""
    return _all_of(FROZEN)


def _all_of(bundle: Bundle) -> list[Quad]:
    return list(bundle_quads(bundle, open_graph(bundle), DERIVED["inferences"], schema=True))


def _lines(quads: Iterable[Quad]) -> list[str]:
    """Return the canonical lines of quads."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(f"{quad} .\n" for quad in dataset)


def _document(quads: Iterable[Quad], form: str) -> bytes:
    return export_document(quads, form).files[""]


# --- What is written ---


@each_form
def test_each_document_reads_back_as_the_same_graphs(form: str, hard: list[Quad], real: list[Quad]) -> None:
    """Every term as the files of the graph write it, and no blank node shared or split."""
    for quads in (hard, real):
        assert _lines(parse(_document(quads, form), FORMS[form])) == _lines(quads)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # rdflib's own use of what it deprecates
@each_form
def test_rdflib_reads_the_same_graphs(form: str, hard: list[Quad], monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is told to leave literals as they are."""
    import rdflib

    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    found = rdflib.Dataset()
    found.parse(data=_document(hard, form), format={"jsonld": "json-ld"}.get(form, form))
    assert _lines(parse(found.serialize(format="nquads"), RdfFormat.N_QUADS)) == _lines(hard)


def test_n_quads_are_the_canonical_form(real: list[Quad]) -> None:
    """So that any tool for RDFC-1.0 finds the digest of the file."""
    assert _document(real, "nquads").decode() == "".join(_lines(real))


@each_form
def test_every_prefix_declared_is_used(form: str, real: list[Quad]) -> None:
    """And every one that is used is declared, or the document would not read back."""
    text = _document(real[:200], form).decode()
    declared = re.findall(r"^@prefix ([\w-]+): <", text, re.MULTILINE)
    declared += re.findall(r'^  "([\w-]+)": "', text.partition('"@graph"')[0], re.MULTILINE)
    assert declared == sorted(declared)
    assert declared or form == "nquads"
    for prefix in declared:
        assert len(re.findall(rf'[\s"^]{prefix}:[\w-]', text)) > 0, prefix


@pytest.mark.parametrize("form", DOCUMENTS)
def test_the_order_and_names_of_what_is_given_do_not_matter(form: str, hard: list[Quad]) -> None:
    """Blank nodes get other names each time that a file is read."""
    names: dict[BlankNode, BlankNode] = {}

    def renamed(quad: Quad) -> Quad:
        ends = [
            names.setdefault(end, BlankNode(f"z{len(names)}")) if isinstance(end, BlankNode) else end
            for end in (quad.object, quad.subject)
        ]
        return Quad(ends[1], quad.predicate, ends[0], quad.graph_name)  # type: ignore[arg-type]

    assert _document(map(renamed, reversed(hard)), form) == _document(hard, form)
    assert export_files(map(renamed, reversed(hard))) == export_files(hard)


def test_a_graph_s_file_says_which_graph_it_is(hard: list[Quad]) -> None:
    """In the manifest with its size and digest, and beside it for Virtuoso; nothing is left over."""
    made = export_files(hard)
    head, *rows = made.files["graphs.tsv"].decode().splitlines()
    found: list[Quad] = []
    for name, graph, triples, digest in (row.split("\t") for row in rows):
        data = made.files[name]
        assert made.files[f"{name}.graph"] == graph.encode()
        assert hashlib.sha256(data).hexdigest() == digest
        read = list(parse(data, RdfFormat.TURTLE, rename_blank_nodes=True))
        assert len(read) == int(triples)
        found += [Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)) for quad in read]
    assert head.split("\t") == ["file", "graph", "triples", "sha256"]
    assert _lines(found) == _lines(hard)
    assert {name for name in made.files if name.endswith(".ttl")} == {row.partition("\t")[0] for row in rows}
    assert "one%20file.ttl" in made.files and "more/two.ttl" in made.files
    assert (made.graphs, made.triples) == (len(rows), len(found))


@pytest.mark.parametrize(
    "term",
    [
        Literal("a", language="en", direction=BaseDirection.LTR),
        Triple(NamedNode("x:a"), NamedNode("x:b"), Literal("c")),
    ],
    ids=["direction", "triple"],
)
def test_what_is_of_rdf_1_2_is_refused(term: Literal | Triple) -> None:
    """Few stores take it, and JSON-LD cannot say it."""
    quad = Quad(NamedNode("x:s"), NamedNode("x:p"), term, NamedNode("x:graph"))
    with pytest.raises(DataError, match=r"^x:graph: .* <x:p> in terms of RDF 1\.1$"):
        export_document([quad], "trig")


# --- Where it is written ---


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves the old file, and nothing beside it."""
    path = tmp_path / "graph.nq"
    write_file(b"old", path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match=f"{path}: cannot be written \\({os.strerror(errno.ENOSPC)}\\)"):
        write_file(b"new", path)
    assert _held(tmp_path) == {"graph.nq": b"old"}


def test_a_link_still_leads_to_the_file_that_was_written(tmp_path: Path) -> None:
    """The file is exchanged, not the link; and it gets the rights of any new file."""
    (tmp_path / "plain").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_file(b"new", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_export_takes_the_place_of_an_earlier_one_only(tmp_path: Path, hard: list[Quad]) -> None:
    """Files of graphs that are no more go with it; what someone else put there does not."""
    folder = tmp_path / "out"
    folder.mkdir()
    write_folder(export_files(hard).files, folder)
    fewer = [quad for quad in hard if "more" not in str(quad.graph_name)]
    write_folder(export_files(fewer).files, folder)
    assert _held(folder) == export_files(fewer).files
    (folder / "mine").mkdir()
    with pytest.raises(DataError, match=f"{folder}: holds mine, which no export wrote"):
        write_folder(export_files(hard).files, folder)
    assert (folder / "mine").is_dir()
    (folder / "mine").rmdir()
    (folder / "graphs.tsv").unlink()
    with pytest.raises(DataError, match="which no export wrote"):
        write_folder(export_files(hard).files, folder)


def _held(folder: Path) -> dict[str, bytes]:
    """Return the files in a folder and below, hidden ones too."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# --- The command ---


def test_two_runs_write_the_same_bytes(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever order a process has its sets in."""
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        said = answered(run("export", "--format", "turtle", "--output", tmp_path / seed))
        assert re.fullmatch(rf"{re.escape(str(tmp_path / seed))}: \d+ graphs, [\d,]+ triples\n", said)
    assert _held(tmp_path / "1") == _held(tmp_path / "2") != {}


def test_the_ending_of_the_name_says_the_format(run: Run, tmp_path: Path, real: list[Quad]) -> None:
    """And without a name TriG is printed."""
    path = tmp_path / "graph.NQ"
    answered(run("export", "--output", path))
    assert path.read_bytes() == _document(real, "nquads")
    assert answered(run("export")).encode() == _document(real, "trig")


@pytest.mark.parametrize(
    ("options", "left_out"),
    [
        (["--derived", "asserted"], "facts comparisons inferences"),
        (["--derived", "facts"], "inferences"),
        (["--no-schema"], "ontology shapes alignments"),
        (["--without", "s1"], "sources/s1"),
        (["--as-of", "2014"], "sources/s1 sources/s3"),
    ],
    ids=" ".join,
)
def test_graphs_are_chosen(run: Run, real: list[Quad], options: list[str], left_out: str) -> None:
    """Those that are derived, those of the schema, and those of sources."""
    done = run("export", "--format", "nquads", *options)
    found = {quad.graph_name for quad in parse(done.stdout, RdfFormat.N_QUADS)}
    assert {quad.graph_name for quad in real} - found == {
        NamedNode(PREFIXES["graph"] + name) for name in left_out.split()
    }


def test_without_a_source_the_graphs_are_what_the_others_alone_would_have(run: Run) -> None:
    """As the queries would be answered; the schema is no source's and stays whole."""
    done = run("export", "--format", "nquads", "--no-schema", "--without", "s3")
    left = open_graph(FROZEN, view=View(None, ("s3",)))
    ontology = NamedNode(PREFIXES["graph"] + "ontology")
    assert done.stdout == "".join(_lines(quad for quad in left if quad.graph_name != ontology))


def test_a_blank_node_goes_with_the_source_that_it_belongs_to(run: Run, tmp_path: Path) -> None:
    """Also one within another; with the source it is exported."""
    shutil.copytree(FROZEN.graph, tmp_path / "graph")
    path = tmp_path / "graph" / "sources" / "s3.ttl"
    more = 'claim:s3-01 rdfs:seeAlso [ rdfs:label "outer" ; rdfs:seeAlso [ rdfs:label "inner" ] ] .\n'
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    whole = run("--data", tmp_path, "export", "--no-schema").stdout
    assert '"outer"' in whole and '"inner"' in whole
    left = run("--data", tmp_path, "export", "--no-schema", "--without", "s3").stdout
    assert left and '"outer"' not in left and '"inner"' not in left


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--output", "graph.ttl"], "Turtle has no named graphs; end the name in .trig, .nq or .jsonld"),
        (["--output", "graph"], "end the name in .trig, .nq or .jsonld, or say --format"),
        (["--format", "turtle"], "--format turtle writes a folder; name it with --output DIR"),
        (["--output", "none/graph.nq"], "none to write it into; make that first"),
        (["--output", ".", "--format", "trig"], ".: is a folder"),
        (["--output", ".", "--format", "turtle"], ".: you are in this folder"),
        (["--output", os.devnull, "--format", "turtle"], "is not a folder"),
    ],
    ids=" ".join,
)
def test_a_wrong_place_is_refused_in_one_line(run: Run, options: list[str], said: str) -> None:
    """With what to do, and nothing written."""
    refused(run("export", *options), said)


# --- The docs ---


def test_the_docs_have_the_steps_for_every_kind_of_store(root: Path) -> None:
    """And say of each whether they were run, with which version, or come from its documentation."""
    text = (root / "docs" / "loading.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^## (\w+)\n\n(.*)$", text, re.MULTILINE))
    assert {name.lower() for name in blocks} == set(KINDS) - {"sparql"}
    for name, first in blocks.items():
        assert re.match(r"Run with version [\d.]+ |.* were run with Jena [\d.]+ |From its documentation", first), name
