"""The surfaces that are attacked, each with what makes an input for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from pyoxigraph import RdfFormat

from compas_graph.file_formats import FILE_FORMATS
from compas_graph.namespaces import PREFIXES
from tests import FROZEN, ROOT
from tests.fuzzing import grammar
from tests.fuzzing.judging import Case
from tests.fuzzing.mutating import HOSTILE, mutated, quads_of, written
from tests.fuzzing.running import Surface

__all__ = ["SURFACES"]

SEEDS = Path(__file__).with_name("seeds")
ENGINES = ("own", "own", "own", "pyshacl")
REPORTS = ("text", "json", "sarif", "junit", "github", "turtle")


@cache
def _turtle() -> list[bytes]:
    """Return the Turtle to start from."""
    files = [
        *SEEDS.glob("*.ttl"),
        *(ROOT / "tests" / "ontology" / "shapes").glob("*.ttl"),
        *FROZEN.graph.rglob("*.ttl"),
    ]
    return [path.read_bytes() for path in sorted(files) if path.stat().st_size < 20_000]


@cache
def _shapes() -> list[bytes]:
    """Return the shapes to start from: each file, and each shape of the small ones by itself."""
    files = [*sorted(SEEDS.glob("*shapes.ttl")), ROOT / "ontology" / "shapes.ttl"]
    wholes = [path.read_bytes() for path in files]
    split = [re.split(rb"\n\n+", data) for data in wholes[:-1]]  # those of the project refer to one another
    return wholes + [head + b"\n\n" + block for head, *blocks in split for block in blocks] * 3


@cache
def _queries() -> list[bytes]:
    files = [*(ROOT / "queries").glob("*.rq"), *(ROOT / "ontology").rglob("*.rq"), *SEEDS.glob("*.rq")]
    return [path.read_bytes() for path in sorted(files)]


def _in_format(random: Random, data: bytes) -> tuple[str, bytes, RdfFormat]:
    """Return a name, and Turtle written in one of the formats that files have."""
    one = FILE_FORMATS[random.choice(list(FILE_FORMATS))]
    form, name = one.rdf, f"data{one.endings[0]}"
    if form == RdfFormat.TURTLE:
        return name, data, form
    return name, written(quads_of(data, RdfFormat.TURTLE), form, PREFIXES), form


def data(random: Random, _: str) -> Case:
    """Make a file that is checked, against shapes or beside the graph."""
    name, start, form = _in_format(random, random.choice(_turtle()))
    files = {name: mutated(random, start, _turtle(), form), "shapes.ttl": (SEEDS / "shapes.ttl").read_bytes()}
    report = random.choice(REPORTS)
    against = [] if random.random() < 0.07 else ["--shapes", "shapes.ttl"]
    infer = ["--infer", random.choice(("rdfs", "owl-rl"))] if random.random() < 0.1 else []
    arguments = ["check", name, *against, *infer, "--format", report, "--timeout", "10"]
    return Case(arguments, files, finds=True, seconds=10, form=report)


def shapes(random: Random, address: str) -> Case:
    """Make shapes that a small file is checked against, by either engine."""
    given = mutated(random, random.choice(_shapes()), _shapes(), RdfFormat.TURTLE)
    files = {
        "shapes.ttl": given.replace(b"http://example.org/call", address.encode()),
        "data.ttl": (SEEDS / "data.ttl").read_bytes(),
    }
    report = random.choice(REPORTS)
    options = ["--engine", random.choice(ENGINES), "--format", report, "--timeout", "10"]
    return Case(["check", "data.ttl", "--shapes", "shapes.ttl", *options], files, finds=True, seconds=10, form=report)


def queries(random: Random, address: str) -> Case:
    """Mutate a query of the user's own."""
    text = mutated(random, random.choice(_queries()), _queries()).replace(b"http://example.org/call", address.encode())
    form = random.choice(("table", "json", "csv", "turtle"))
    return Case(["sparql", "mine.rq", "--format", form, "--timeout", "5"], {"mine.rq": text}, seconds=5, form="none")


def made_queries(random: Random, address: str) -> Case:
    """Make a query by a grammar, valid most of the time, and around SERVICE odd."""
    text = grammar.query(random, address)
    return Case(
        ["sparql", "mine.rq", "--timeout", "5"], {"mine.rq": text.encode("utf-8", "replace")}, seconds=5, form="table"
    )


VALUES: list[Callable[[str], list[str]]] = [
    lambda value: ["find", "--", value],
    lambda value: ["describe", "--", value],
    lambda value: ["why", "--", value, "uses platform", "MFA"],
    lambda value: ["why", "--", "Q30", value, "MFA"],
    lambda value: ["why", "--", "Q30", "uses platform", value],
    lambda value: ["find", "MFA", "--as-of", value],
    lambda value: ["find", "MFA", "--without", value],
    lambda value: ["ask", value],
    lambda value: ["queries", "--", value],
    lambda value: ["sources", "loss", "--", value],
    lambda value: ["export", "--format", value, "-"],
    lambda value: [value],
]


NAMES = [b"Daimler AG", b"cg:usesPlatform", b"2014-06", b"next-generation MFA", b'"3,600"']


@cache
def _asked() -> list[tuple[str, str, str]]:
    """Return each parameter of each saved query with its name and its default."""
    from compas_graph.query import query_names, saved_query

    saved = [saved_query(FROZEN, name) for name in query_names(FROZEN)]
    return [(query.name, name, one.default or "MFA") for query in saved for name, one in query.parameters.items()]


def values(random: Random, _: str) -> Case:
    """Make a value that is typed: a name, a date, a number, an option."""
    query, name, default = random.choice(_asked())
    start = random.choice((default, "MFA", "Infiniti Q30", "2014-06", "claim:s0-27", *HOSTILE))
    if random.random() < 0.5:
        at = random.randrange(len(start) + 1)
        text = start[:at] + random.choice(HOSTILE) + start[at:]
    else:
        text = mutated(random, start.encode("utf-8", "surrogatepass"), NAMES).decode("utf-8", "surrogateescape")
    text = text.replace("\x00", "")  # no argument can hold it
    if random.random() < 0.5:
        form = random.choice(("table", "json", "csv", "markdown"))
        return Case(
            ["ask", query, f"--{name}={text}", "--format", form], {}, form="table" if form == "table" else "none"
        )
    return Case(random.choice(VALUES)(text), {}, finds=False, form="table")


def headers(random: Random, address: str) -> Case:
    """Make the header of a saved query in a folder of data."""
    saved = random.choice([one for one in _queries() if one.startswith(b"#+")])
    lines = saved.split(b"\n")
    end = next(number for number, line in enumerate(lines) if not line.startswith(b"#+"))
    head = mutated(random, b"\n".join(line[2:] for line in lines[:end]), _queries())
    given = b"\n".join((*(b"#+" + line for line in head.split(b"\n")), *lines[end:]))
    files = {
        "data/queries/mine.rq": given.replace(b"http://example.org/call", address.encode()),
        "data/graph/mine.ttl": b"",
    }
    command = random.choice(
        (["queries"], ["ask", "mine"], ["ask", "mine", "--help"], ["queries", "mine"], ["catalogue"])
    )
    return Case(["--data", "data", *command], files, form="table" if command[-1] in ("queries", "--help") else "none")


SURFACES: dict[str, Surface] = {
    one.__name__.replace("_", "-"): one for one in (data, shapes, queries, made_queries, values, headers)
}
