"""What the tests of the installed command expect of it."""

from __future__ import annotations

from pathlib import Path

from tests.commands import Done, Run

__all__ = ["ASK", "SLOW", "Run", "answered", "change", "query", "refused"]

ASK = "which-models-share-a-platform"


def refused(done: Done, *said: str, code: int = 2) -> None:
    """Hold that a command ended with one clear line on standard error and nothing on standard output."""
    assert "Traceback" not in done.stderr, done.stderr
    assert (done.returncode, done.stdout) == (code, ""), (done.stdout, done.stderr)
    assert done.stderr.startswith("compas-graph: ") and done.stderr.endswith("\n"), done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for words in said:
        assert words in done.stderr


def answered(done: Done) -> str:
    """Hold that a command ended well, and return what it printed."""
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} has {old} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def query(
    data: Path, more: str = "", body: str = 'SELECT ?x {\n  VALUES ?x { "a" }\n}\n', none: str = "a thing"
) -> None:
    """Write a saved query called mine."""
    (data / "queries").mkdir(exist_ok=True)
    header = f"#+ summary: What?\n#+ description: More.\n#+ none: {none}\n#+ tags: [a]\n{more}"
    (data / "queries" / "mine.rq").write_text(header + body, encoding="utf-8")


SLOW = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "ASK {"
    + "".join(f" VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcdefgh")
    + " FILTER(?a+?b+?c+?d+?e+?f+?g+?h > 99) }",
]
