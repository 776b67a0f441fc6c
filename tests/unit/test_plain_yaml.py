"""YAML is read as texts, lists and maps with their lines, by either parser of PyYAML, in no time to speak of."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compas_graph.plain_yaml import Fault, Node, parse

SCALARS = ["5", "-1.50", "0x1F", "1e3", "2014-06-27", "no", "true", ".inf", "12:30:00", "=", "a b"]


@pytest.fixture(params=["in C", "in Python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let PyYAML have its parser in C, or not, as is so where it was built without libyaml."""
    if request.param == "in Python":
        monkeypatch.delattr(yaml, "CBaseLoader", raising=False)
    elif not hasattr(yaml, "CBaseLoader"):
        pytest.skip("PyYAML was built without libyaml")
    return str(request.param)


def said(text: str) -> tuple[object, list[tuple[int, str]]]:
    """Give what a text says without the lines, and each fault."""
    root, faults = parse(dict(enumerate(text.split("\n"), 1)))
    return plain(root), [(fault.line, fault.said) for fault in faults]


def plain(node: Node) -> object:
    if isinstance(node.value, dict):
        return {key: plain(each) for key, each in node.value.items()}
    return [plain(each) for each in node.value] if isinstance(node.value, tuple) else node.value


def nodes(node: Node) -> Iterator[Node]:
    yield node
    inside = node.value.values() if isinstance(node.value, dict) else node.value
    if not isinstance(inside, str | None):
        for each in inside:
            yield from nodes(each)


@pytest.mark.parametrize("text", SCALARS)
def test_a_text_is_what_stands_there(text: str) -> None:
    """Whatever YAML takes it for elsewhere, as a value, in a list and as a key."""
    assert said(f"a: {text}\nb: [{text}]\n{text}: c") == ({"a": text, "b": [text], text: "c"}, [])


@pytest.mark.parametrize("null", ["", "~", "null", "Null", "NULL"])
def test_null_is_an_empty_text_unless_it_is_quoted(null: str) -> None:
    assert said(f"a: {null}\nb: '{null}'") == ({"a": "", "b": null}, [])


def test_a_value_has_the_line_of_its_key_else_its_own() -> None:
    """By the numbers that the lines have in their file."""
    root, faults = parse({3: "a:", 5: "  - b", 9: "  - c: >-", 10: "      d"})
    assert isinstance(root.value, dict)
    items = root.value["a"]
    assert isinstance(items.value, tuple)
    assert ([items.line, *(each.line for each in items.value)], faults) == ([3, 5, 9], [])


FAULTY = {
    "a: *x": "an alias (*x)",
    "a: &x b": "an anchor (&x)",
    "a: &x [b]": "an anchor (&x)",
    "&x a: b": "an anchor (&x)",
    "a: !!str 5": "a tag (!!str)",
    "a: !!binary aGk=": "a tag (!!binary)",
    "a: !!set {b, c}": "a tag (!!set)",
    "a: !mine b": "a tag (!mine)",
    "a: ! b": "a tag (!)",
    "a: !!python/object/apply:os.getcwd []": "a tag (!!python/object/apply:os.getcwd)",
    "? [b]\n: c": "a list or a map for a key",
    "{b: c}: d": "a list or a map for a key",
    "b: 1\nb: 2": "'b' twice, first in line",
    "a: {b: 1, c: 2, b: 1}": "'b' twice, first in line",
    "--- c\n--- d": "a second document",
    'a: "\\e[31m"': "the sign U+001B",
    'a: "\\L"': "the sign U+2028",
    "a: b\x07": "the sign U+0007",
    "a: b\x85": "the sign U+0085",
    "a: b\u2028c: d": "the sign U+2028",
    "a: \ufeffb": "the sign U+FEFF",
}


@pytest.mark.parametrize("text", FAULTY)
def test_what_is_not_plain_is_told_once_with_its_line(text: str) -> None:
    """And nothing of it is taken for a text."""
    _, ((line, what),) = said(text)
    assert what.startswith(f"has {FAULTY[text]}")
    assert line == (2 if text.startswith(("b: 1\n", "--- c\n")) else 1)


def test_all_faults_are_told() -> None:
    """What can be read is read beside them."""
    value, faults = said("a: *x\nb: &y [1]\nb: 2\nc: !!set {3}\nd: 4")
    assert [line for line, _ in faults] == [1, 2, 3, 4]
    assert value == {"a": None, "b": ["1"], "c": None, "d": "4"}


MISSPELT = {
    "a: 'b\nc: d\ne: f": 1,
    'a: "b\nc: d\ne: f': 1,
    "b: c\na: [b,\n  c": 2,
    "b: c\na: {b: c,\n  d: e": 2,
    "b: c\na: d: e\nf: g": 2,
    'b: c\na: "\\q"\nf: g': 2,
    "b: c\na: @d\nf: g": 2,
    "b: c\n\ta: d\nf: g": 2,
}


@pytest.mark.parametrize("text", MISSPELT)
def test_what_is_no_yaml_is_told_with_the_line_where_it_goes_wrong(text: str) -> None:
    """Of what never ends, that is the line where it begins."""
    value, ((line, what),) = said(text)
    assert (value, line) == (None, MISSPELT[text])
    assert what.startswith("is not valid YAML (") and "\n" not in what


@pytest.mark.parametrize("escape", ["\\U00110000", "\\UFFFFFFFF", "\\ud800"])
def test_an_escape_of_no_character_is_refused(escape: str) -> None:
    value, faults = said(f'a: "{escape}"')
    assert len(faults) == 1 and value in (None, {"a": None})


# --- Bombs ---


def aliases(levels: int) -> str:
    rows = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(rows)


HUGE = {
    "lists": "a: " + "[" * 100_000,
    "maps": "{" * 60_000,
    "lists in a text that is not too long": "a: " + "[" * 60_000,
    "keys": "? " * 30_000,
    "items": "- " * 30_000,
    "colons": ": " * 30_000,
    "documents": "---\n" * 15_000,
    "anchors": "a: " + "".join(f"&a{n} [" for n in range(8_000)),
    "aliases": aliases(9),
    "a list": f"[{'a,' * 30_000}]",
    "a map": "\n".join(f"k{n}: v" for n in range(6_000)),
    "a text": "a: " + "b" * 10_000_000,
    "lines": "\n".join(["a"] * 1_000_000),
    "a quote": "a: '" + "b" * 60_000,
    "a tag": "a: !!" + "b" * 60_000,
    "an indent": "\n".join(" " * n + "a:" for n in range(300)),
}


@pytest.mark.parametrize("name", HUGE)
def test_nothing_takes_long(name: str) -> None:
    """What is too long, too deep or too much is refused before it is built."""
    rows = dict(enumerate(HUGE[name].split("\n"), 1))
    start = perf_counter()
    root, faults = parse(rows)
    assert perf_counter() - start < 5
    assert faults and all(fault.line in rows and len(fault.said) < 300 for fault in faults)
    assert sum(1 for _ in nodes(root)) <= 2_000


@pytest.mark.parametrize(
    ("most", "more", "told"),
    [
        ("a: " + "b" * 65_533, "a: " + "b" * 65_534, "65,536 characters"),
        ("[" * 10 + "]" * 10, "[" * 11 + "]" * 11, "10 deep"),
        (f"[{','.join('a' * 1_999)}]", f"[{','.join('a' * 2_000)}]", "2,000 texts"),
    ],
)
def test_the_limits_are_those_that_are_told(most: str, more: str, told: str) -> None:
    """What just keeps to them is read."""
    assert said(most)[1] == []
    ((line, what),) = said(more)[1]
    assert line == 1 and told in what


TREES = st.recursive(
    st.text(max_size=8) | st.sampled_from([*SCALARS, "~", "a: b", "*x", "&x", "!y", "- z", "# c"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
    max_leaves=12,
)


@given(TREES, st.booleans())
def test_what_yaml_writes_of_texts_is_read_as_it_was(tree: object, flow: bool) -> None:
    """However it is quoted and laid out; but for signs that no text should have."""
    text = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True, width=20).removesuffix("...\n")
    value, faults = said(text.rstrip("\n"))
    assert faults or value == tree
    assert all("the sign U+" in what or "deep" in what for _, what in faults)


@given(st.text("ab: \n-[]{}'\"&*!|>?#,%@~\\x\t\x85\u2028", max_size=40))
def test_any_text_is_read_or_its_faults_are_told(text: str) -> None:
    """With lines that there are."""
    rows = dict(enumerate(text.split("\n"), 7))
    root, faults = parse(rows)
    assert {node.line for node in nodes(root)} | {fault.line for fault in faults} <= set(rows)
    assert all(isinstance(fault, Fault) and "\n" not in fault.said for fault in faults)
