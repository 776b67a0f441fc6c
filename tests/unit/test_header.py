"""A header is read into typed fields, as documented, or each of its faults is told in a line with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from compas_graph.errors import HeaderError
from compas_graph.header import FIELDS, OF_GRLC, PARAMETER_FIELDS, SavedQuery, read_query
from compas_graph.parameters import TYPES, Parameter

PATH = Path("queries/mine.rq")
BODY = ["SELECT ?x {", "  VALUES ?x { 1 }", "}"]
TOP = {"summary": "What?", "description": "More.", "none": "a thing", "tags": "[a]"}
OF_X = {"type": "string", "help": "h", "class": "cg:Plant", "scheme": "cg:units", "choices": "[a]"}

VALUES = {
    "a text": ["word", "'quoted'", "a b"],
    "a number": ["5", "-1.50", "0x1F", ".inf"],
    "a date": ["2014-06-27", "2014-06-27T10:00:00Z"],
    "true or false": ["true", "false", "True", "'false'"],
    "yes": ["yes", "off"],
    "a type": ["integer"],
    "a name": ["cg:Plant", "<http://example.org/a>", "http://example.org/a"],
    "a list": ["[a]", "[a, 5, 2014-06-27, no]"],
    "a list of lists": ["[[a]]", "[{a: b}]", "[null]"],
    "a map": ["{a: b}", "{a: 5}"],
    "a map of maps": ["{a: {b: c}}", "{a: [b]}", "{a: null}"],
    "parameters": ["{x: {type: string, help: h}}"],
    "nothing": ["", "~", "null", "''", "[]", "{}"],
    "a tag": ["!!binary aGk=", "!!set {a, b}", "!!str 5", "!!timestamp 2014-06-27", "!mine a"],
    "an alias": ["*a"],
}
"""Values of every kind that YAML has."""

TEXTS = {"a text", "a number", "a date", "true or false", "yes", "a type", "a name"}
TAKES = {
    "a text": TEXTS,
    "a list of texts": {"a list"},
    "a map of texts": {"a map", "nothing"},
    "a map of parameters": {"parameters", "nothing"},
    "true or false": {"true or false", "nothing"},
    "choice, concept": {"a type"},
    "the name": {"a name", "nothing"},
}
"""The kinds of value that a field of each kind takes, by how the words for it begin."""


def query(top: Mapping[str, str], of_x: Mapping[str, str], more: str = "") -> list[str]:
    """Give the lines of a query with a parameter x, one field a line; more is at the end of the header."""
    params = [] if "params" in top else ["params:", "  x:", *(f"    {name}: {text}" for name, text in of_x.items())]
    header = [*(f"{name}: {text}" for name, text in top.items()), *params, *more.splitlines()]
    return [*(f"#+ {line}" for line in header), *BODY]


def read(lines: list[str], end: str = "\n") -> SavedQuery:
    return read_query(PATH, end.join(lines))


def faults(lines: list[str]) -> list[tuple[int, str]]:
    """Give the faults of a query, each with its line; the query must have some."""
    with pytest.raises(HeaderError) as caught:
        read(lines)
    assert str(caught.value).splitlines() == list(caught.value.lines)
    found = [re.fullmatch(rf"{PATH}:(\d+): (.+)", line) for line in caught.value.lines]
    assert all(found), caught.value
    return [(int(one[1]), one[2]) for one in found if one]


def of_the_types_declared(header: SavedQuery) -> bool:
    """Tell whether each value of a header is of the type that it is declared to have."""
    texts = [header.summary, header.description, header.none, *header.tags, *header.headings.values()]
    for one in header.parameters.values():
        texts += [one.name, one.help, *one.choices, *([] if one.default is None else [one.default])]
        assert one.type in TYPES and isinstance(one.kind, NamedNode | None)
        assert isinstance(one.required, bool) and isinstance(one.many, bool) and isinstance(one.choices, tuple)
    return isinstance(header.tags, tuple) and all(isinstance(text, str) for text in texts)


EVERY = [("", name, field) for name, field in FIELDS.items()]
EVERY += [("x", name, field) for name, field in PARAMETER_FIELDS.items()]


def cases(right: bool) -> list[tuple[str, str, str, str]]:
    """Give each field with each value that is right for it, or wrong: parameter, field, kind of value, value."""
    takes = {
        field.kind.words: next(TAKES[words] for words in TAKES if field.kind.words.startswith(words))
        for _, _, field in EVERY
    }
    return [
        (of, name, kind, value)
        for (of, name, field), kind in product(EVERY, VALUES)
        if (kind in takes[field.kind.words] or (kind == "nothing" and not field.needed)) is right
        for value in VALUES[kind]
    ]


def with_field(of: str, name: str, value: str) -> list[str]:
    """Give a query that is right but for what a field holds."""
    return query(TOP, {**OF_X, name: value}) if of else query({**TOP, name: value}, OF_X)


@pytest.mark.parametrize(("of", "name", "kind", "value"), cases(True))
def test_a_field_takes_what_is_of_its_kind(of: str, name: str, kind: str, value: str) -> None:
    """As a value of the type that it is declared to have."""
    assert of_the_types_declared(read(with_field(of, name, value))), kind


@pytest.mark.parametrize(("of", "name", "kind", "value"), cases(False))
def test_a_field_takes_nothing_else(of: str, name: str, kind: str, value: str) -> None:
    """One line with the place of the field names it; the entries of a map of parameters have faults of their own."""
    lines = with_field(of, name, value)
    told = faults(lines)
    assert {lines[line - 1].lstrip("#+ ").partition(":")[0] for line, _ in told} == {name}
    entries = name == "params" and kind in ("a map", "a map of maps")
    assert len(told) == 1 or entries
    assert kind in ("a tag", "an alias") or ("parameter a" if entries else f"'{name}'") in told[0][1]


def test_a_text_is_taken_as_it_stands() -> None:
    """A number or a date keeps its form, and needs no quotes."""
    header = read(query({**TOP, "summary": "2014-06-27", "tags": "[1.50, no]"}, {**OF_X, "default": "007"}))
    assert (header.summary, header.tags, header.parameters["x"].default) == ("2014-06-27", ("1.50", "no"), "007")


def test_all_faults_of_a_header_are_told_in_one_run_in_order_of_lines() -> None:
    """Of the YAML, of fields, of parameters, and of what does not fit together."""
    top = {name: "[[]]" for name in FIELDS if name != "params"} | {"colums": "a", "summary ": "b"}
    lines = query(top, dict.fromkeys(PARAMETER_FIELDS, "{a: b}"), "  y: {type: date, help: *h}\nz: &z 1")
    told = faults(lines)
    assert [line for line, _ in told] == sorted(line for line, _ in told)
    header = len(lines) - len(BODY)
    expected = set(range(1, header + 1)) - {lines.index("#+ params:") + 1, lines.index("#+   x:") + 1}
    assert {line for line, _ in told} == expected


@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.needed])
def test_a_missing_field_is_told_with_what_it_should_be(name: str) -> None:
    """With the first line of the header."""
    lines = query({key: text for key, text in TOP.items() if key != name}, OF_X)
    field = FIELDS[name]
    assert faults(lines) == [(1, f"the header lacks '{name}', {field.kind.words}: {field.says}")]


@pytest.mark.parametrize("name", [name for name, field in PARAMETER_FIELDS.items() if field.needed])
def test_a_missing_field_of_a_parameter_is_told_with_what_it_should_be(name: str) -> None:
    """With the line of the parameter."""
    lines = query(TOP, {key: text for key, text in OF_X.items() if key != name})
    field, line = PARAMETER_FIELDS[name], lines.index("#+   x:") + 1
    assert faults(lines) == [(line, f"parameter x lacks '{name}', {field.kind.words}: {field.says}")]


@pytest.mark.parametrize("name", sorted(name for name, row in TYPES.items() if row.needs))
def test_what_a_type_needs_is_told_once(name: str) -> None:
    """Missing, empty or wrong."""
    needed = TYPES[name].needs
    for value in ("", "[]", "{}", "{a: b}"):
        told = faults(query(TOP, {**OF_X, "type": name, needed: value}))
        assert len(told) == 1 and f"'{needed}'" in told[0][1]


@pytest.mark.parametrize("given", ["{}", "", "[]", "a"])
def test_a_parameter_of_nothing_is_refused(given: str) -> None:
    assert faults(query({**TOP, "params": f"{{x: {given}}}"}, {}))


def test_an_unknown_field_is_refused_with_close_names() -> None:
    """Else what is misspelt would be dropped in silence."""
    lines = query(TOP, {**OF_X, "requird": "true"})
    line = lines.index("#+     requird: true") + 1
    assert faults(lines) == [(line, "no field of parameter x is called 'requird'; did you mean required?")]
    ((_, what),) = faults(query({**TOP, "zzz": "1"}, OF_X))
    assert what == f"no field of a header is called 'zzz'; there are {', '.join(FIELDS)}"


def test_the_fields_of_grlc_are_passed_over() -> None:
    """So that one file serves both; but they are no fields of a parameter."""
    more = "\n".join(f"{name}: [{{a: b}}, 5]" for name in OF_GRLC)
    assert read(query(TOP, OF_X, more))._replace(text="") == read(query(TOP, OF_X))._replace(text="")
    assert not set(OF_GRLC) & set(FIELDS)
    assert "no field of parameter x" in faults(query(TOP, {**OF_X, "mime": "a"}))[0][1]


@pytest.mark.parametrize("name", sorted(TYPES))
def test_a_parameter_of_every_type_is_read(name: str) -> None:
    """Bound by the variables of its type, and with what its type needs."""
    head = Parameter("x", name, "").head
    lines = [line.replace("VALUES ?x", f"VALUES {head}") for line in query(TOP, {**OF_X, "type": name})]
    assert read(lines).parameters["x"].type == name
    assert ("needs one line" in str(faults(lines[:-2]))) is True


@pytest.mark.parametrize("name", ["a b", "a-b", "1", "''", "'?x'", "a{", "5.0", "2014-06-27", "'x\\n'"])
def test_a_parameter_has_a_name_that_a_variable_and_an_option_can_have(name: str) -> None:
    lines = query(TOP, OF_X, f"  {name}: {{type: string, help: h}}")
    assert any("should have a name of letters, digits and _" in what for _, what in faults(lines))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (["SELECT ?x { ?x ?y ?z }"], 0),
        (["  VALUES ?x { 1 }", "\tVALUES ?x { UNDEF }  # optional"], 2),
        (["  VALUES ?y { 1 }"], 0),
        (["  VALUES (?x) { (1) }"], 0),
        (["  # VALUES ?x { 1 }"], 0),
        (["  # a\u2028VALUES ?x { 1 }"], 0),
        (["  # a\x0cVALUES ?x { 1 }"], 0),
        (["  VALUES ?x { 1 } # a\u2028 b"], 1),
    ],
)
def test_a_parameter_needs_just_one_line_of_the_body(body: list[str], found: int) -> None:
    """Without it a value would be dropped in silence."""
    lines = [*query(TOP, OF_X)[: -len(BODY)], *body]
    if found == 1:
        assert read(lines)
    else:
        line = lines.index("#+   x:") + 1
        assert faults(lines) == [(line, "parameter x needs one line of the form 'VALUES ?x { example }'")]


@pytest.mark.parametrize("none", ["what {y} is", "'{'", "a }", "'{}'", "'{x'", "'{{x}}'", "'{x!r}'"])
def test_braces_hold_the_name_of_a_parameter(none: str) -> None:
    for params in ({}, {"params": ""}, {"params": "[]"}):
        ((line, what),) = faults(query({**TOP, "none": none, **params}, OF_X))
        assert line == 3 and "'none'" in what


@pytest.mark.parametrize(("header", "found"), [("just words", "'just words'"), ("[a]", "a list"), ("5", "'5'")])
def test_a_header_is_a_map(header: str, found: str) -> None:
    assert faults([f"#+ {header}", *BODY]) == [(1, f"the '#+' header should be a map of fields, not {found}")]


# --- Lines ---


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_ends_as_in_sparql(end: str) -> None:
    """With whatever ends a comment there, and nothing else."""
    header = read(query(TOP, OF_X), end)
    assert header._replace(text="") == read(query(TOP, OF_X))._replace(text="")
    with pytest.raises(HeaderError, match=r":2: 'description' should be a text"):
        read(query({**TOP, "description": "[a]"}, OF_X), end)


@pytest.mark.parametrize("sign", "\x00\x07\x0b\x0c\x1b\x1c\x85\u2028\u2029\ufeff\uffff")
def test_a_sign_that_ends_a_line_in_yaml_alone_or_steers_a_terminal_is_refused(sign: str) -> None:
    """So that no field hides behind it."""
    told = faults(query({**TOP, "none": f"a{sign}params: b"}, OF_X))
    assert told == [
        (3, f"the '#+' header has the sign U+{ord(sign):04X}, which does not belong into a text; leave it out")
    ]


@pytest.mark.parametrize("before", [[], ["# A licence.", ""], ["PREFIX cg: <http://example.org/>"]])
def test_lines_are_counted_in_the_file(before: list[str]) -> None:
    """Whatever stands before the header, and within it."""
    lines = [*before, *query({**TOP, "none": "[a]"}, OF_X)]
    assert faults(lines)[0][0] == len(before) + 3
    lines.insert(len(before) + 1, "# between")
    assert faults(lines)[0][0] == len(before) + 4


@pytest.mark.parametrize(
    "lines", [[], BODY, ["#+", *BODY], ["#+ # summary: a", *BODY], ["#+ ---", *BODY], [" #+ a: b"]]
)
def test_a_file_without_a_header_is_told_what_one_opens_with(lines: list[str]) -> None:
    assert faults(lines) == [(1, "has no '#+' header; it should open with '#+ summary: a question?'")]


@pytest.mark.parametrize(
    "header",
    [
        ["summary: 'What?", *["a"] * 1000],
        ["a: b"] * 1_000_000,
        ["summary: " + "a" * 10_000_000],
        ["summary: " + "[" * 100_000],
        ["a: &a [x, x]", *(f"a{n}: &a{n} [*a, *a]" for n in range(500))],
        [f"field{n}: a" for n in range(990)],
        ["params:", *(f"  {'p' * 50}{n}: a" for n in range(900))],
    ],
)
def test_no_header_takes_long_to_refuse(header: list[str]) -> None:
    """One that never ends, one of millions of lines, one that is made of faults alone."""
    told = faults([f"#+ {line}" for line in header])
    assert 1 <= len(told) <= 2000


TREES = st.recursive(
    st.sampled_from(["a", "5", "no", "", "~", "2014-06-27", "cg:Plant", "string", "{x}", "!!set", "*a", "&a b"]),
    lambda inside: (
        st.lists(inside, max_size=3).map(lambda each: f"[{', '.join(each)}]")
        | st.dictionaries(st.sampled_from([*PARAMETER_FIELDS, *FIELDS, "x"]), inside, max_size=4).map(
            lambda each: "{" + ", ".join(f"{key}: {value}" for key, value in each.items()) + "}"
        )
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*FIELDS, *OF_GRLC]), TREES, max_size=7))
def test_any_header_is_read_into_types_or_its_faults_are_told(top: dict[str, str]) -> None:
    """With lines that there are."""
    lines = query(TOP | top, OF_X)
    try:
        assert of_the_types_declared(read(lines))
    except HeaderError:
        assert all(1 <= line <= len(lines) for line, _ in faults(lines))


# --- Documentation ---


def test_the_page_on_saved_queries_lists_every_field_as_it_is(root: Path) -> None:
    """In the same order, with the same words."""
    page = (root / "docs" / "saved-queries.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \| (yes|) *\|$", page, re.M)
    known = [*FIELDS.items(), *PARAMETER_FIELDS.items()]
    assert rows == [(name, one.kind.words, one.says, "yes" if one.needed else "") for name, one in known]


def test_the_page_on_saved_queries_shows_a_header_that_is_read(root: Path) -> None:
    """With every field of a header."""
    page = (root / "docs" / "saved-queries.md").read_text("utf-8")
    (text,) = re.findall(r"^```sparql\n(.*?)^```$", page, re.M | re.S)
    header = read_query(PATH, text)
    assert all(header)
    assert all(f"`{name}`" in page for name in OF_GRLC)
    assert {f"`{name}` needs `{row.needs}`" for name, row in TYPES.items() if row.needs} <= set(
        re.findall(r"`\w+` needs `\w+`", page)
    )
    assert "65,536 characters and 2,000 texts, lists and maps, 10 levels" in page
