"""The files that a user wants written: whole or not at all.

What is written is made beside its target and then takes the target's place, so that a full disk or a signal leaves
what was there. Only a kill or a failing machine can leave something beside it, which the next run takes away.
A device or a pipe is written as it is, and so is a file in a folder that takes no others.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from compas_graph import files
from compas_graph.errors import DataError, shown

__all__ = ["exchange_folder", "write_file"]

PREFIX = ".compas-graph-"
WAITING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGALRM", "SIGIO")
"""The signals that wait while something is made."""
TAKES_NO_OTHERS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY)
"""Why a file may not be exchanged, though it may be written."""


def write_file(path: Path, data: bytes) -> None:
    """Write a file, all or nothing, or raise DataError. A link leads to the file as before, which keeps its rights."""
    with _told(path):
        target = _target(path)
        if _is_special(target):
            target.write_bytes(data)
            return
        try:
            _exchange_file(target, data)
        except OSError as error:
            if error.errno not in TAKES_NO_OTHERS or not target.exists():
                raise
            target.write_bytes(data)


def exchange_folder(path: Path, content: Mapping[str, bytes]) -> None:
    """Put a folder of files by their names in the place of the one that is there, or raise DataError."""
    with _told(path):
        target = _target(path)
        with _staged(target.parent) as staging:
            for name, data in content.items():
                place = staging / "new" / name
                place.parent.mkdir(parents=True, exist_ok=True)
                _write(place, data)
            if target.exists():
                target.rename(staging / "old")
            try:
                (staging / "new").rename(target)
            except OSError:
                if (staging / "old").exists():
                    (staging / "old").rename(target)
                raise
            if (staging / "old").exists():
                (staging / "old").rename(staging / "done")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Name a path and the reason where it cannot be written."""
    try:
        yield
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise DataError(f"{shown(path)}: cannot be written ({why})") from error


def _target(path: Path) -> Path:
    """Return where the links of a user lead; those of the system, as /dev/stdout, stand for what is open."""
    for _ in range(40):
        folder = files.real(path.parent)
        if not folder.is_dir():
            raise DataError(f"{shown(path)}: there is no folder {shown(folder)} to write it into; make that first")
        path = folder / path.name
        if _is_of_system(path) or not path.is_symlink():
            return path
        path = folder / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _is_of_system(path: Path) -> bool:
    return path.parent in (Path("/dev"), Path("/dev/fd")) or path.is_relative_to("/proc")


def _is_special(target: Path) -> bool:
    """Tell whether a target is to be written as it is; there is nothing to exchange."""
    return _is_of_system(target) or (target.exists() and not target.is_file())


def _exchange_file(target: Path, data: bytes) -> None:
    with _staged(target.parent) as staging:
        _write(staging / "new", data)
        if target.exists():
            _take_rights(staging / "new", target.stat())
        (staging / "new").replace(target)


def _write(path: Path, data: bytes) -> None:
    """Write a new file so that it stays, should the machine fail right afterwards."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _take_rights(path: Path, old: os.stat_result) -> None:
    """Give a file the owner, where that may be done, and the rights of the one that it replaces."""
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(path, old.st_uid, old.st_gid)
    path.chmod(stat.S_IMODE(old.st_mode))


# --- Beside the target ---


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """Give a folder in another one that is gone afterwards; signals wait meanwhile."""
    with _undisturbed():
        _sweep(folder)
        staging, lock = _locked(folder)
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            if lock is not None:
                os.close(lock)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait that would end the process."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {getattr(signal, name) for name in WAITING})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _locked(folder: Path) -> tuple[Path, int | None]:
    """Return a new folder, and what locks it as long as this process lives, so that no other sweeps it away."""
    while True:
        staging = Path(mkdtemp(prefix=PREFIX, dir=folder))
        lock = _lock(staging, wait=True)
        if lock is None or staging.exists():
            return staging, lock
        os.close(lock)  # another process was faster, and swept it away


def _lock(folder: Path, *, wait: bool) -> int | None:
    """Return what holds a lock on a folder until it is closed; None if another holds it, or there are no locks."""
    try:
        import fcntl
    except ImportError:
        return None
    held = None
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if held is not None:
            os.close(held)
        return None
    return held


def _sweep(folder: Path) -> None:
    """Take away what a run of this user that was killed left in a folder, but for what may be its only copy."""
    if not hasattr(os, "geteuid"):
        return
    for left in folder.glob(f"{PREFIX}*"):
        lock = _lock(left, wait=False)
        if lock is not None:
            if os.fstat(lock).st_uid == os.geteuid() and not (left / "old").exists():
                shutil.rmtree(left, ignore_errors=True)
            os.close(lock)
