"""The errors that callers meet, each with one clear line as its message, or one for each fault of a file.

    CompasGraphError
    ├── DataError         a file or folder cannot be read as what it should be
    │   ├── HeaderError  the header of a saved query is wrong
    │   ├── MissingFileError        there is no such file or folder
    │   ├── UnsupportedShapesError  shapes need more than SHACL of 2017, or a query that our engine cannot run
    │   └── UnappliedShapesError    shapes say what no engine here would apply
    ├── QueryError        a query is misspelt, would write, or call another server
    ├── LimitError        something took too long, or too much memory or room, or crashed what runs it
    ├── StoreError        a store elsewhere cannot be reached, refuses, or gives back another graph
    ├── UnknownNameError  no query, parameter, entity or format has that name
    ├── AmbiguousNameError  a name fits several things that nothing links
    ├── OutputError       what is printed cannot be written
    ├── ValueTypeError    a parameter's value is not of the declared type
    └── InternalError     the program itself is at fault

A message says where, what is wrong, and what would be right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, wraps
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from compas_graph.signs import in_one_line, printable

__all__ = [
    "AmbiguousNameError",
    "CompasGraphError",
    "DataError",
    "HeaderError",
    "InternalError",
    "LimitError",
    "MissingFileError",
    "OutputError",
    "QueryError",
    "Refusal",
    "StoreError",
    "UnappliedShapesError",
    "UnknownNameError",
    "UnsupportedShapesError",
    "ValueTypeError",
    "close_names",
    "one_of",
    "public",
    "shorten",
    "shown",
    "together",
    "translated",
]


T = TypeVar("T")


class CompasGraphError(Exception):
    """Base of all errors whose message is meant for the user: printable lines, one for each fault; mostly one."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*map(in_one_line, lines))

    def __str__(self) -> str:
        return "\n".join(self.lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines of the message."""
        return self.args

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes the same error in another process, whatever it was made from."""
        return _made_again, (type(self), self.args, self.__dict__)


def _made_again(kind: type[CompasGraphError], args: tuple[object, ...], state: dict[str, object]) -> CompasGraphError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class DataError(CompasGraphError):
    """A file or folder cannot be read as what it should be."""

    def within(self, name: str) -> DataError:
        """Return the error that tells the same with the name of a file before each line."""
        return DataError(*(f"{name}: {line}" for line in self.lines))


class HeaderError(DataError):
    """The header of a saved query is wrong."""


class MissingFileError(DataError):
    """There is no such file or folder."""


class UnsupportedShapesError(DataError):
    """Shapes that our engine cannot hold against data; pyshacl may be able to."""


class Refusal(NamedTuple):
    """What shapes say and nothing here applies: why, the name of what says it, and the statement."""

    why: str
    name: str
    node: NamedNode | BlankNode | Literal | Triple
    predicate: NamedNode
    value: NamedNode | BlankNode | Literal | Triple


class UnappliedShapesError(DataError):
    """Shapes say what no engine here would apply, so that it would seem to hold; `said` has each such thing."""

    def __init__(self, said: Sequence[Refusal]) -> None:
        self.said = tuple(said)
        super().__init__(*together((one.name, one.why) for one in said))


class QueryError(CompasGraphError):
    """A query is misspelt, would write, or call another server."""


class LimitError(CompasGraphError):
    """Something took too long, or too much memory or room, or crashed what runs it."""


class StoreError(CompasGraphError):
    """A store elsewhere cannot be reached, refuses, or gives back another graph."""


class UnknownNameError(CompasGraphError):
    """Nothing has the name that was asked for; close names are offered."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        self.kind, self.name = kind, name
        self.close = close_names(name, known)
        tail = f"; did you mean {' or '.join(self.close)}?" if self.close else f"; {hint}" if hint else ""
        super().__init__(f"no {kind} is called '{shorten(name)}'{tail}")


class AmbiguousNameError(CompasGraphError):
    """A name fits several things that no reading holds to be possibly the same."""

    def __init__(self, name: str, candidates: Iterable[str]) -> None:
        self.name, self.candidates = name, tuple(candidates)
        super().__init__(f"'{shorten(name)}' fits several things; name one of them: {', '.join(self.candidates)}")


class OutputError(CompasGraphError):
    """What is printed cannot be written: the disk is full, or standard output closed."""


class ValueTypeError(CompasGraphError):
    """A parameter's value is not of the declared type."""


class InternalError(CompasGraphError):
    """The program itself is at fault; `traceback` tells where."""

    def __init__(self, what: str, traceback: str) -> None:
        self.traceback = traceback
        last = traceback.rstrip().rpartition("\n")[2]
        super().__init__(f"{what} met a fault of this program: {shorten(last, 120)}; please report it, with --debug")


def translated(error: Exception, what: str) -> CompasGraphError:
    """Return the error that stands for one that nobody foresaw: for lack of memory or stack, or a fault of ours."""
    if isinstance(error, CompasGraphError):
        return error
    if isinstance(error, MemoryError):
        return LimitError(f"{what} takes more memory than there is; ask for less")
    if isinstance(error, RecursionError):
        return LimitError(f"{what} nests too deep")
    from traceback import format_exception

    return InternalError(what, "".join(format_exception(error)))


def public(kind: type[T]) -> type[T]:
    """Let nothing but errors of ours come out of what a class offers: its methods and properties, and its making."""
    for name, value in list(vars(kind).items()):
        if name.startswith("_") and name != "__init__":
            continue
        if isinstance(value, FunctionType):
            setattr(kind, name, _public(value, name))
        elif isinstance(value, property):
            setattr(kind, name, property(_public(cast(FunctionType, value.fget), name), doc=value.__doc__))
        elif isinstance(value, cached_property):
            value.func = _public(value.func, name)
    return kind


def _public(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    @wraps(function)
    def call(*args: Any, **values: Any) -> Any:
        try:
            return function(*args, **values)
        except Exception as error:
            if isinstance(error, CompasGraphError):
                raise
            raise translated(error, name if name != "__init__" else "load") from error

    return call


def shorten(text: str, width: int = 60) -> str:
    """Return `text` on one printable line, cut to `width` characters, for use in a message."""
    line = printable(" ".join(text.split())[: width + 1])
    return line if len(line) <= width else line[: width - 1] + "…"


def shown(path: Path | str) -> str:
    r"""Return the name of a file as it can be printed, its bytes that are no UTF-8 as `\xff`."""
    return in_one_line(str(path), 200)


def one_of(names: Iterable[str]) -> str:
    """Return names as a choice in words.

    >>> one_of(["a", "b", "c"])
    'a, b or c'
    """
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def together(told: Iterable[tuple[str, str]], most: int = 3) -> list[str]:
    """Return what is said at some places in a line each, the first `most` places of it before it.

    >>> together([("a:1", "no x"), ("a:2", "no y"), ("a:3", "no x")])
    ['a:1, a:3: no x', 'a:2: no y']
    """
    places: dict[str, list[str]] = {}
    for place, said in told:
        places.setdefault(said, []).append(place)
    return [f"{_first(list(dict.fromkeys(found)), most)}: {said}" for said, found in places.items()]


def _first(names: list[str], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def close_names(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Return up to `most` of the `known` names that contain `name`, else resemble it, best first."""
    from difflib import get_close_matches

    spelt = {candidate.casefold(): candidate for candidate in known}
    wanted = name.casefold()[:100].strip()
    words = wanted.split()
    holding = sorted((key for key in spelt if words and all(word in key for word in words)), key=len)
    found = [*holding, *get_close_matches(wanted, spelt, n=most, cutoff=0.5)]
    return tuple(spelt[key] for key in dict.fromkeys(found))[:most]
