"""What may stand where a file is expected, and how a user without rights meets it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

__all__ = ["ODD", "Odd", "without_rights"]

NOBODY = 65534


class Odd(NamedTuple):
    """What makes an odd thing at a path, what is said of it, and whether a folder shows that it is there."""

    make: Callable[[Path], object]
    said: str
    listed: bool = True


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket is short
        try:
            one.bind(path.name)
        finally:
            os.chdir(here)


def _large(path: Path) -> None:
    path.touch()
    os.truncate(path, (2 << 30) + 1)


def _circle(path: Path) -> None:
    path.symlink_to(path.with_name("there"))
    path.with_name("there").symlink_to(path)


ODD = {
    "missing": Odd(lambda path: None, "no such", listed=False),
    "a link to nothing": Odd(lambda path: path.symlink_to("nothing"), "no such"),
    "a folder": Odd(lambda path: path.mkdir(), "is a folder, not a regular file"),
    "a pipe": Odd(os.mkfifo, "is a pipe, not a regular file"),
    "a socket": Odd(_socket, "is a socket, not a regular file"),
    "a device": Odd(lambda path: path.symlink_to("/dev/zero"), "is a device, not a regular file"),
    "a link to itself": Odd(lambda path: path.symlink_to(path), "cannot be read (Too many levels of symbolic links)"),
    "links in a circle": Odd(_circle, "cannot be read (Too many levels of symbolic links)"),
    "what nobody can read": Odd(lambda path: path.symlink_to("/proc/self/mem"), "cannot be read (Input/output error)"),
    "too large": Odd(_large, "is too large; at most "),
}


@contextmanager
def without_rights() -> Iterator[Path]:
    """Give a folder that all may enter, and be nobody who matters meanwhile, if this is the superuser."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        inner = folder / "inner"
        inner.mkdir()
        user = os.geteuid()
        if user == 0:
            os.chown(inner, NOBODY, -1)
            os.seteuid(NOBODY)
        try:
            yield inner
        finally:
            os.seteuid(user)
            for place in (inner, *inner.rglob("*")):
                if not place.is_symlink():
                    place.chmod(0o700)
