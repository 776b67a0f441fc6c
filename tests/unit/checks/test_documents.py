"""RDF files are read whole, or refused in one line that says where and why."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat

from compas_graph.checks.documents import (
    STANDARD_INPUT,
    Document,
    documents_in,
    files_in,
    read_document,
)
from compas_graph.errors import DataError

XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">{}</rdf:RDF>'
WRITTEN = {
    ".jsonld": '{"@id": "http://e/s", "http://e/p": {"@id": "http://e/o"}}',
    ".nq": "<http://e/s> <http://e/p> <http://e/o> <http://e/g> .",
    ".nt": "<http://e/s> <http://e/p> <http://e/o> .",
    ".owl": XML.format('<e:X rdf:about="http://e/s"/>'),
    ".rdf": XML.format('<e:X rdf:about="http://e/s"/>'),
    ".trig": "PREFIX : <http://e/> :g { :s :p :o }",
    ".ttl": "@prefix : <http://e/> . :s :p :o .",
}
HEAD = b"@prefix : <http://e/> .\n"


def read(folder: Path, data: bytes | str, ending: str = ".ttl") -> Document:
    path = folder / f"file{ending}"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_document(path)


def refused(folder: Path, data: bytes | str, ending: str = ".ttl") -> str:
    with pytest.raises(DataError) as caught:
        read(folder, data, ending)
    message = str(caught.value)
    assert message.isprintable(), "a message is one line without control characters"
    assert len(message) < 400
    return message.replace(f"{folder}{os.sep}", "")


@pytest.mark.parametrize("ending", WRITTEN)
@pytest.mark.parametrize("change", [str.lower, str.upper], ids=["lower", "upper"])
def test_each_format_is_read_by_its_ending(tmp_path: Path, ending: str, change: Callable[[str], str]) -> None:
    """The document has the format, the bytes and what they say, behind a byte order mark too."""
    found = read(tmp_path, "\ufeff" + WRITTEN[ending], change(ending))
    form = RdfFormat.from_extension(ending[1:]) or RdfFormat.RDF_XML  # it knows all but .owl
    assert (found.form, found.data) == (form, WRITTEN[ending].encode())
    assert [quad.subject for quad in found.quads] == [NamedNode("http://e/s")]


def test_blank_nodes_of_two_documents_are_two(tmp_path: Path) -> None:
    """The same label in two files, or twice in one reading, is not one thing."""
    first, second = (read(tmp_path, "_:a <http://e/p> _:a .").quads[0] for _ in range(2))
    assert isinstance(first.subject, BlankNode)
    assert first.subject == first.object != second.subject


def test_relative_names_are_relative_to_the_file(tmp_path: Path) -> None:
    """As for the rest of the program."""
    found = read(tmp_path, "<#s> <p> <> .")
    assert found.quads[0].object == NamedNode((tmp_path / "file.ttl").as_uri())
    assert found.base == (tmp_path / "file.ttl").as_uri()


@pytest.mark.parametrize("text", [WRITTEN[".ttl"], WRITTEN[".trig"]], ids=["turtle", "trig"])
def test_standard_input_is_turtle_or_trig(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A dash stands for it, among other files too."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    (found,) = documents_in([STANDARD_INPUT])
    assert (found.name, len(found.quads)) == ("standard input", 1)


def test_a_format_that_is_named_wins(tmp_path: Path) -> None:
    """A file may have any ending then."""
    (tmp_path / "file.txt").write_text(WRITTEN[".nt"], encoding="utf-8")
    assert read_document(tmp_path / "file.txt", RdfFormat.N_TRIPLES).quads


FAULTS = {
    "a fault": (HEAD + b":s :p :o\n:t :p .", ".ttl", r"file.ttl:3:\d+: not valid Turtle: "),
    "a fault after CRLF": (HEAD + b"\r\n\r\n  :s :p zz .", ".ttl", r"file.ttl:4:9: not valid Turtle: zz is not"),
    "a fault after CR": (b"# x\r# x\r <s> <p> zz .", ".ttl", r"file.ttl:3:10: not valid Turtle: zz is not"),
    "a fault after tabs": (b"\t\t<s> <p> zz .", ".ttl", r"file.ttl:1:11: not valid Turtle: zz is not"),
    "a prefix that is missing": (b"e:s e:p 1 .", ".ttl", r"file.ttl:1:1: not valid Turtle: The prefix e: has not"),
    "an end in a text": (HEAD + b':s :p """x\n\n', ".ttl", r"file.ttl:2:7: not valid Turtle: Unexpected end"),
    "UTF-16": (WRITTEN[".ttl"].encode("utf-16"), ".ttl", r"file.ttl:1:1: is UTF-16; save it as UTF-8$"),
    "UTF-16 without a mark": (WRITTEN[".ttl"].encode("utf-16-le"), ".ttl", r"file.ttl:1:2: holds NUL characters; it"),
    "Latin-1": (HEAD + ":s :p 'é', ' ".encode() + b"\xe9' .", ".ttl", r"file.ttl:2:14: is not UTF-8 text; save it"),
    "bytes": (bytes(range(256)) * 9, ".ttl", r"file.ttl:\d+:\d+: is not UTF-8 text"),
    "NUL": (HEAD + b":s :p\0 1 .", ".ttl", r"file.ttl:2:6: holds NUL characters"),
    "a control character": (HEAD + b":s :p \x1b[31m .", ".ttl", r"file.ttl:2:7: not valid Turtle: "),
    "a long word": (HEAD + b":s :p " + b"z" * 100_000, ".ttl", r"file.ttl:2:7: not valid Turtle: z+…$"),
    "trig": (b"<g> { <s> <p> }", ".trig", r"file.trig:1:\d+: not valid TriG: "),
    "quads in triples": (WRITTEN[".nq"].encode(), ".nt", r"file.nt:1:\d+: not valid N-Triples: "),
    "relative quads": (b"<s> <p> <o> .", ".nq", r"file.nq:1:\d+: not valid N-Quads: "),
    "json": (b'{"@id": \n"x"', ".jsonld", r"file.jsonld:2:4: not valid JSON-LD: "),
    "json of another kind": (b'{"@context": 7}', ".jsonld", r"file.jsonld: not valid JSON-LD: @context value must"),
    "a context elsewhere": (b'{"@context": "http://e/c"}', ".jsonld", r"file.jsonld: not valid JSON-LD: "),
    "xml": (XML.format("\n<e:X>").encode(), ".rdf", r"file.rdf:2:\d+: not valid RDF/XML: mismatched tag$"),
    "xml of another kind": (b"<a><b>x</b></a>", ".rdf", r"file.rdf.*: not valid RDF/XML: "),
    "xml in Latin-1": (
        b'<?xml version="1.0" encoding="latin-1"?>\n<a>\xe9',
        ".rdf",
        r"file.rdf:2:4: is not UTF-8 text",
    ),
    "xml in no encoding": (b'<?xml version="1.0" encoding="none"?>\n<a>', ".rdf", r"file.rdf:2:4: not valid RDF/XML"),
    "no xml": (b"", ".rdf", r"file.rdf:1:1: not valid RDF/XML: no element found$"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    """With file, line and column where the parser knows them, and what to do about an encoding."""
    data, ending, message = FAULTS[name]
    assert re.match(message, refused(tmp_path, data, ending))


@pytest.mark.parametrize("ending", [".ttl", ".nt"])
def test_a_text_that_the_parser_cannot_hold_is_refused(tmp_path: Path, ending: str) -> None:
    """Its buffer ends before a text of 17 million characters does."""
    message = refused(tmp_path, '<e:s> <e:p> "' + "x" * 17_000_000 + '" .', ending)
    assert message == f"file{ending}: a text, name or gap in it is too long to be read; at most 16 MB are"


@pytest.mark.parametrize("ending", WRITTEN)
def test_a_broken_file_is_read_or_refused(tmp_path: Path, ending: str) -> None:
    """Cut off anywhere, or with a byte changed: no other error comes out."""
    whole, random, refusals = WRITTEN[ending].encode(), Random(ending), []
    for end in range(0, len(whole), 2):
        place = random.randrange(len(whole))
        for data in (whole[:end], whole[:place] + bytes([random.randrange(256)]) + whole[place + 1 :]):
            try:
                read(tmp_path, data, ending)
            except DataError as error:
                refusals.append(str(error))
    assert len(refusals) > 10 and all(map(str.isprintable, refusals))


@pytest.mark.parametrize(
    "nested", ["[ <p> {} ]", "( {} )", "<< <s> <p> {} >>", "[ <p> {}", "( {}"], ids=lambda text: text.replace(" {}", "")
)
def test_brackets_may_nest_as_deep_as_they_like(tmp_path: Path, nested: str) -> None:
    """They are read, or refused for want of their end."""
    before, _, after = nested.partition("{}")
    text = f"<s> <p> {before * 30_000}1{after * 30_000} ."
    if after:
        assert len(read(tmp_path, text).quads) > 30_000
    else:
        assert "not valid Turtle" in refused(tmp_path, text)


NESTED = {
    "triple terms in Turtle": (".ttl", "<s> <p> ", "<<( <s> <p> ", "1", " )>>", " ."),
    "triple terms behind a sign escaped": (".ttl", "@prefix : <e:> . :\\#s :p ", "<<( :\\'s :p ", "1", " )>>", " ."),
    "triple terms in N-Triples": (".nt", "<e:s> <e:p> ", "<<( <e:s> <e:p> ", "<e:o>", " )>>", " ."),
    "objects of JSON": (".jsonld", "", '{"@id":"e:s","e:p":', '"}"', "}", ""),
    "lists of JSON": (".jsonld", '{"@id":"e:s","e:p":', '{"@list":[', "1", "]}", "}"),
    "elements of XML": (".rdf", XML[:-12], "<e:X><e:p>", "", "</e:p></e:X>", XML[-10:]),
}  # fmt: skip


@pytest.mark.parametrize("name", NESTED)
def test_what_would_overflow_the_parser_is_refused_before(tmp_path: Path, name: str) -> None:
    """A depth that occurs in life is read; the refusal says how deep is too deep."""
    ending, head, before, inside, after, tail = NESTED[name]
    assert read(tmp_path, head + before * 100 + inside + after * 100 + tail, ending).quads
    for depth in (10_000, 100_000):
        message = refused(tmp_path, head + before * depth + inside + after * depth + tail, ending)
        assert message.endswith("levels deep; at most 500 can be read")


def test_much_that_is_not_deep_is_no_harm(tmp_path: Path) -> None:
    """Marks of triple terms and brackets count where they nest: not side by side, nor in texts and comments."""
    terms = "# <<( <<(\n" * 600 + '<s> <p> <<( <s> <p> \'<<(\' )>> , """<<(""" .\n' * 600
    assert len(read(tmp_path, terms).quads) == 1200
    assert len(read(tmp_path, '{"@id":"e:s","e:p":[' + '{"@value":"[{[\\""},' * 600 + "1]}", ".jsonld").quads) == 601


def test_entities_that_explode_are_refused(tmp_path: Path) -> None:
    """A few bytes that stand for billions are told at once; short names for namespaces are read."""
    grow = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE rdf:RDF [<!ENTITY a0 "0123456789">{grow}]>' + XML.format("")
    assert refused(tmp_path, bomb, ".rdf") == "file.rdf: the entity a4 stands for over 100,000 characters; spell it out"
    long = f'<!DOCTYPE rdf:RDF [<!ENTITY a "{"x" * 50_000}">]>' + XML.format(f"<e:X e:p='{'&a;' * 9000}'/>")
    assert "not valid RDF/XML: limit on input amplification" in refused(tmp_path, long, ".rdf")
    short = '<!DOCTYPE rdf:RDF [<!ENTITY e "http://e/"><!ENTITY x "&e;x#">]>' + XML.format("<e:X e:p='&x;'/>")
    assert read(tmp_path, short, ".rdf").quads[-1].object == Literal("http://e/x#")


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    """In order of path, with what lies deeper, without what is not RDF or is hidden, and no file twice."""
    names = ["b.ttl", "a/z.nt", "a/b/c.TRIG", "a/notes.txt", "a/data.json", "a/feed.xml", ".git/x.ttl", "c/deep/d.rdf"]
    names += [f"d/{number}.ttl" for number in (3, 1, 4, 5, 9, 2, 6)]
    for name in names:
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / "data" / "a" / "loop").symlink_to(tmp_path / "data")
    (tmp_path / "data" / "a" / "same.ttl").symlink_to(tmp_path / "data" / "b.ttl")
    found = files_in([tmp_path / "data" / "b.ttl", tmp_path / "data", STANDARD_INPUT, tmp_path / "data" / "a"])
    shown = [path.relative_to(tmp_path / "data").as_posix() for path in found if path != STANDARD_INPUT]
    assert shown == ["b.ttl", "a/b/c.TRIG", "a/z.nt", "c/deep/d.rdf", *sorted(names[-7:])]
    assert found[-1] == STANDARD_INPUT


def fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def folder(path: Path) -> Path:
    (path / "below").mkdir(parents=True)
    return path


def link(path: Path, target: Path | None = None) -> Path:
    path.symlink_to(target or path)
    return path


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda path: path, r"x.ttl: no such file or folder$"),
    "a folder without RDF": (folder, r"x.ttl: holds no RDF file; one ends in \.ttl, .* or \.\w+$"),
    "a pipe": (fifo, r"x.ttl: is a pipe, not a regular file; name a file, or - for standard input$"),
    "a device": (lambda path: link(path, Path("/dev/zero")), r"x.ttl: is a device, not a regular file"),
    "a link to itself": (link, r"x.ttl: cannot be read \("),
    "another ending": (lambda _: Path(__file__), r"test_documents.py: is not an RDF file by its ending; one ends in"),
    "a name too long": (lambda path: path / ("a" * 5000), r"cannot be read \(File name too long\)$"),
    "a name with NUL": (lambda path: path / "a\0b", r"no such file or folder$"),
    "a name that is no text": (lambda path: path / "\udcff.ttl", r"\\xff.ttl: no such file or folder$"),
}


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices are otherwise there")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_file_to_read_is_refused_by_name(tmp_path: Path, name: str) -> None:
    """One line says so at once; nothing waits for a pipe."""
    make, message = REFUSED[name]
    path = make(tmp_path / "x.ttl")
    with pytest.raises(DataError, match=message) as caught:
        list(documents_in([path]))
    str(caught.value).encode()
