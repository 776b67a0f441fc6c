"""The files of a user: the one place where they are looked at and read.

Only regular files are read, as a pipe might never end and a device never begin, and no more of one than a bound, as
it may grow meanwhile. Whatever is wrong with a file is a DataError with its name and the reason.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from compas_graph.errors import DataError, MissingFileError, shown

__all__ = [
    "MOST",
    "QUERY_MOST",
    "address",
    "decode",
    "here",
    "inside",
    "is_file",
    "is_folder",
    "kind",
    "opened",
    "read",
    "read_text",
    "real",
    "spelt",
    "standard_input",
    "state",
    "walk",
]

MOST = 2 << 30
"""How many bytes of a file are read into memory at most."""
QUERY_MOST = 5_000_000
"""How many bytes a query may have in a file, and how many characters as a text."""
CHUNK = 1 << 20
KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
MISSING = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)


# --- What is there ---


def kind(path: Path) -> str:
    """Return what a path leads to: file, folder, pipe, socket or device.

    Raises MissingFileError where there is nothing, and DataError where it cannot be told, as for links in a circle.
    """
    try:
        return KINDS.get(stat.S_IFMT(path.stat().st_mode), "device")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def is_file(path: Path) -> bool:
    """Tell whether a path surely leads to a regular file."""
    return _is(path, "file")


def is_folder(path: Path) -> bool:
    """Tell whether a path surely leads to a folder."""
    return _is(path, "folder")


def _is(path: Path, wanted: str) -> bool:
    try:
        return kind(path) == wanted
    except DataError:
        return False


def state(path: Path) -> tuple[int, int] | None:
    """Return the time of change in nanoseconds and the size of a file, None for one that cannot be seen."""
    try:
        seen = path.stat()
    except (OSError, ValueError):
        return None
    return seen.st_mtime_ns, seen.st_size


def inside(folder: Path, ending: str = "") -> list[Path]:
    """Return what lies right in a folder and has a name that ends so, in order; nothing where there is no folder."""
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(ending))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise _unreadable(folder, error) from error


def walk(folder: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield a folder and each one below it, with the names of the folders and of the files in it, as `os.walk` does.

    Folders that are links are named and not entered, so loops do no harm.
    """

    def refuse(error: OSError) -> None:
        raise _unreadable(Path(error.filename), error) from error

    for place, folders, names in os.walk(folder, onerror=refuse):
        yield Path(place), folders, names


# --- Where it is ---


def here() -> Path | None:
    """Return the working folder, None where it has been deleted."""
    try:
        return Path.cwd()
    except OSError:
        return None


def real(path: Path) -> Path:
    """Return the absolute path that a path leads to; links in a circle are left as they are.

    So is a path that leads nowhere, as its name is none, or the working folder was deleted.
    """
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):
        return path


def address(path: Path) -> str:
    """Return the IRI of a file: what relative IRIs in it are relative to."""
    root = Path(__file__).anchor
    return (path if path.is_absolute() else (here() or Path(root)) / path).as_uri()


def spelt(name: str) -> str:
    """Return the name of a file as text that can be encoded: its bytes that are no UTF-8 are escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


# --- What it holds ---


class _Bounded(io.FileIO):
    """A regular file that is being read, of which a fault names the file."""

    def __init__(self, path: Path, most: int | None) -> None:
        self.path, self.most, self.count = path, most, 0
        super().__init__(path, "rb", opener=_open)

    def read(self, size: int | None = -1, /) -> bytes:
        """Return some of its bytes, or raise DataError where they cannot be read or are too many."""
        try:
            data = super().read(size)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        self.count += len(data)
        if self.most is not None and self.count > self.most:
            raise _too_large(shown(self.path), self.most)
        return data


def _open(path: str, flags: int) -> int:
    """Open what was a regular file a moment ago, and do not wait if it has become a pipe."""
    found = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise OSError(errno.ESTALE, "it is no longer a regular file")
    return found


def opened(path: Path, most: int | None = None, instead: str = "name a file") -> _Bounded:
    """Open a regular file to be read, at most so many bytes of it, or raise DataError.

    `instead` says what to do where it is no regular file.
    """
    found = kind(path)
    if found != "file":
        raise DataError(f"{shown(path)}: is a {found}, not a regular file; {instead}")
    try:
        return _Bounded(path, most)
    except OSError as error:
        raise _unreadable(path, error) from error


def read(path: Path, most: int = MOST, instead: str = "name a file") -> bytes:
    """Return the content of a regular file, or raise DataError."""
    with opened(path, most, instead) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise _too_large(shown(path), most)
        return file.read(size) + _rest(file.read)


def standard_input(most: int = MOST) -> bytes:
    """Return what comes on standard input, or raise DataError; there is nothing where it was closed."""
    count = 0

    def some(size: int) -> bytes:
        nonlocal count
        data = sys.stdin.buffer.read(size)
        count += len(data)
        if count > most:
            raise _too_large("standard input", most)
        return data

    try:
        return _rest(some) if sys.stdin else b""
    except OSError as error:
        raise DataError(f"standard input: cannot be read ({error.strerror or error})") from error


def _rest(some: Callable[[int], bytes]) -> bytes:
    """Return all that can still be read."""
    return b"".join(iter(lambda: some(CHUNK), b""))


def read_text(path: Path, most: int = MOST, instead: str = "name a file") -> str:
    """Return the text of a UTF-8 file, or raise DataError."""
    return decode(read(path, most, instead), shown(path))


def decode(data: bytes, name: Path | str) -> str:
    """Return the text of UTF-8 data, or raise DataError that names it."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{name}: is not UTF-8 (byte {error.start + 1}); save it as UTF-8") from error


def _too_large(name: str, most: int) -> DataError:
    return DataError(f"{name}: is too large; at most {most / 1e6:,.0f} MB are read")


def _unreadable(path: Path, error: OSError | ValueError) -> DataError:
    """Return the error that says why a file cannot be read; a ValueError is of a name that no file can have."""
    number = getattr(error, "errno", errno.ENOENT)
    if number == errno.ENOENT:
        return MissingFileError(f"{shown(path)}: no such file or folder")
    kind_of_error = MissingFileError if number in MISSING else DataError
    return kind_of_error(f"{shown(path)}: cannot be read ({getattr(error, 'strerror', None) or error})")
