"""Files are looked at, read, written and made for a while in one place each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

PLACES = {"files.py", "outputs.py", "scratch.py"}
OF_FILES = {
    "absolute", "chmod", "exists", "glob", "is_dir", "is_file", "is_symlink", "iterdir", "lstat", "mkdir", "open",
    "read_bytes", "read_text", "readlink", "rename", "rglob", "rmdir", "samefile", "stat", "symlink_to", "touch",
    "unlink", "walk", "write_bytes", "write_text",
}  # fmt: skip
"""What a path or `os` offers for them."""
OF_PATHS = {"cwd", "home", "expanduser"}
MODULES = {"tempfile", "shutil", "glob", "fcntl"}

EXCEPTIONS = {
    ("worker.py", "read_text"): "the program's own use of memory, as Linux tells it",
    ("worker.py", "fcntl"): "a pipe that tells when another process ends",
    ("remote/credentials.py", "home"): "where the netrc file is looked for",
    ("cli/asking.py", "write_text"): "what a help text is made of",
    ("cli/output.py", "shutil"): "the width of the terminal",
    ("cli/output.py", "open"): "nothing, in place of a standard stream that is closed",
    ("exporting.py", "is_symlink"): "what lies in a folder that was walked",
}
"""What is done elsewhere, and why it is no file of a user, or no reading."""


def uses(tree: ast.AST) -> Iterator[str]:
    """Yield what code uses of files."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from (one.name for one in names if one.name in MODULES)
            case ast.ImportFrom(module=str(module)) if module in MODULES:
                yield module
            case ast.Call(ast.Name("open")):
                yield "open"
            case ast.Call(ast.Attribute(ast.Name("files"))):
                continue
            case ast.Call(ast.Attribute(_, name)) if name in OF_FILES | OF_PATHS:
                yield name
            case ast.Call(ast.Attribute(_, "resolve"), []):
                yield "resolve"


def found(package: Path) -> set[tuple[str, str]]:
    """Return which modules of a package use what, but for those that are there for it."""
    return {
        (path.relative_to(package).as_posix(), use)
        for path in package.rglob("*.py")
        if path.relative_to(package).as_posix() not in PLACES
        for use in uses(ast.parse(path.read_text("utf-8")))
    }


def test_files_are_used_in_one_place() -> None:
    """No exception is listed in vain."""
    assert found(ROOT / "compas_graph") == set(EXCEPTIONS)


@pytest.mark.parametrize(
    "code",
    ["path.read_bytes()", "path.read_text('utf-8')", "open(name)", "path.resolve()", "import tempfile",
     "from tempfile import mkdtemp", "folder.rglob('*')", "Path.cwd()", "os.stat(path)", "os.walk(folder)"],
)  # fmt: skip
def test_another_place_is_found(tmp_path: Path, code: str) -> None:
    """Whatever it uses."""
    (tmp_path / "other.py").write_text(code)
    assert {module for module, _ in found(tmp_path)} == {"other.py"}
