"""No file of the repository holds a sentence of an article."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

RUN = 9
"""So many words in a row of an article may not stand in the repository."""


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold().replace("’", "").replace("'", ""))


def runs_of(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return set(zip(*(words[number:] for number in range(RUN)), strict=False))


def repository_files(root: Path) -> list[Path]:
    """Return the files that git knows or would take up, or all files where there is no git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root, capture_output=True, check=True, text=True,
        ).stdout  # fmt: skip
        found = [root / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [
            path for path in root.rglob("*") if not any(part.startswith(".") for part in path.relative_to(root).parts)
        ]
    return [path for path in found if path.is_file()]


def test_no_nine_words_of_an_article_stand_in_the_repository(articles: Path, root: Path) -> None:
    """The articles are under copyright: no sentence of theirs is kept, in no file."""
    texts = sorted(articles.glob("*.txt"))
    assert len(texts) == 4
    protected = set().union(*(runs_of(path.read_text(encoding="utf-8")) for path in texts))
    assert len(protected) > 1000
    files = repository_files(root)
    assert {root / "graph" / "readings.ttl", root / "tests" / "graph" / "test_copyright.py"} <= set(files)
    for path in files:
        shared = protected & runs_of(path.read_bytes().decode("utf-8", "ignore"))
        assert not shared, f"{path.relative_to(root)} has words of an article in a row: {len(shared)} runs"
