"""YAML of texts, lists and maps alone, each with its line: bounded, and without aliases, anchors and tags.

A text is what stands there, whatever YAML takes it for elsewhere: `2017`, `1.50`, `no` and `2014-06-27` are texts, and
what YAML calls null is an empty one.

>>> found, faults = parse({7: "a: [1.50, no]", 8: "b: *c"})
>>> found.value["a"].value[0]
Node(line=7, value='1.50')
>>> faults
[Fault(line=8, said='has an alias (*c); write out what it stands for')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from compas_graph.errors import shorten

if TYPE_CHECKING:
    import yaml

__all__ = ["Fault", "Node", "parse"]

LONGEST = 2**16
"""Characters that a text of YAML may have."""
MOST = 2_000
"""Texts, lists and maps that it may have, keys included."""
DEEPEST = 10
"""Levels of lists and maps that it may have."""

STRANGE = re.compile(r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Control signs, and what ends a line in YAML alone."""

NULL = ("~", "null", "Null", "NULL")

Value: TypeAlias = "str | tuple[Node, ...] | dict[str, Node] | None"


class Node(NamedTuple):
    """A text, a list or a map, or None for what was refused; and its line, which is that of its key if it has one."""

    line: int
    value: Value


class Fault(NamedTuple):
    """A line, and what is wrong there."""

    line: int
    said: str


def parse(lines: Mapping[int, str]) -> tuple[Node, list[Fault]]:
    """Return what lines of YAML say, by their numbers in a file, and what is wrong with them, such as 'has an alias'.

    The node has no value where the lines say nothing, or what they say cannot be read.
    """
    composer = _Composer(tuple(lines) or (1,))
    start = composer.numbers[0]
    if sum(map(len, lines.values())) > LONGEST:
        return Node(start, None), [Fault(start, f"has more than {LONGEST:,} characters; make it shorter")]
    strange = [Fault(number, _strange(found[0])) for number, text in lines.items() if (found := STRANGE.search(text))]
    return (Node(start, None), strange) if strange else (composer.root("\n".join(lines.values())), composer.faults)


def _strange(sign: str) -> str:
    return f"has the sign U+{ord(sign):04X}, which does not belong into a text; leave it out"


class _UnreadableError(Exception):
    """Nothing more can be made of the text; why was told."""


class _Composer:
    """Makes nodes of the events of PyYAML's parser, which come one by one, so that no more is read than wanted."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        self.numbers = numbers
        self.faults: list[Fault] = []
        self.count = 0

    def root(self, text: str) -> Node:
        """Return the node of a whole text, without a value where it has none."""
        import yaml

        self.yaml = yaml
        found = [Node(self.numbers[0], None)]
        try:
            self.events: Iterator[Any] = iter(yaml.parse(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
            for event in self.events:
                if isinstance(event, yaml.DocumentStartEvent) and len(found) > 1:
                    self.stop(event, "has a second document ('---'); it should be one")
                if isinstance(event, yaml.NodeEvent):
                    found.append(self.node(event))
        except yaml.MarkedYAMLError as error:
            self.misspelt(error)
        except (ValueError, OverflowError):  # PyYAML's parser in Python, of an escape that is no character
            self.tell(self.numbers[0], "is not valid YAML (an escape is no character)")
        except _UnreadableError:
            pass
        return found[-1]

    def line(self, mark: Any) -> int:
        index: int = min(mark.line, len(self.numbers) - 1)
        return self.numbers[index]

    def tell(self, line: int, said: str) -> None:
        self.faults.append(Fault(line, said))

    def stop(self, event: Any, said: str) -> None:
        self.tell(self.line(event.start_mark), said)
        raise _UnreadableError

    def misspelt(self, error: yaml.MarkedYAMLError) -> None:
        """Tell where the text stops being YAML, or where that begins which nothing ends."""
        mark = error.problem_mark or error.context_mark
        if mark and mark.line >= len(self.numbers) - 1:
            mark = error.context_mark or mark
        said = shorten(error.problem or str(error.context), 150)
        line = self.line(mark) if mark else self.numbers[0]
        self.tell(line, f"is not valid YAML ({said}); a text with signs of YAML in it takes quotes")

    def node(self, event: Any, depth: int = 0, line: int = 0) -> Node:
        """Return the node that begins with an event, and read on to its end; its line may be that of its key."""
        line = line or self.line(event.start_mark)
        self.count += 1
        if self.count > MOST:
            self.stop(event, f"has more than {MOST:,} texts, lists and maps; make it smaller")
        if isinstance(event, self.yaml.AliasEvent):
            self.tell(line, f"has an alias (*{shorten(str(event.anchor))}); write out what it stands for")
            return Node(line, None)
        if event.anchor is not None:
            self.tell(line, f"has an anchor (&{shorten(event.anchor)}); leave it out")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.tell(line, f"has a tag ({shorten(tag)}); leave it out")
        value = self.value(event, depth, line)
        return Node(line, value if event.tag is None else None)

    def value(self, event: Any, depth: int, line: int) -> Value:
        if isinstance(event, self.yaml.ScalarEvent):
            found = STRANGE.search(event.value)
            if found:
                self.tell(line, _strange(found[0]))
            null = not event.style and event.value in NULL
            return None if found else "" if null else str(event.value)
        if depth == DEEPEST:
            self.stop(event, f"has lists and maps more than {DEEPEST} deep; make it flatter")
        inside = takewhile(lambda each: not isinstance(each, self.yaml.CollectionEndEvent), self.events)
        if isinstance(event, self.yaml.SequenceStartEvent):
            return tuple(self.node(each, depth + 1) for each in inside)
        return self.entries(inside, depth)

    def entries(self, inside: Iterator[Any], depth: int) -> dict[str, Node]:
        """Return the entries of a map, a key that comes again left out."""
        found: dict[str, Node] = {}
        for each in inside:
            key = self.node(each, depth + 1)
            value = self.node(next(self.events), depth + 1, key.line)
            if isinstance(key.value, str):
                first = found.setdefault(key.value, value)
                if first is not value:
                    said = f"has '{shorten(key.value)}' twice, first in line {first.line}; keep one of them"
                    self.tell(key.line, said)
            elif key.value is not None:
                self.tell(key.line, "has a list or a map for a key; a key should be a text")
        return found
