"""Workers: processes for what may crash, hang or eat the memory, as what a stranger wrote may.

A worker has a deadline, a limit of memory, and no way to the network unless it is given one; it ends with whoever
started it. Its result is returned, and an error of ours raised, as if no process lay between. Where it is stopped,
the error says by what: its time is up, its memory used up, or it crashed.

On Linux a worker is forked, which costs some milliseconds. Elsewhere Python is started anew and the work is sent
there, for which it must be picklable, as its result must be everywhere; what it prints comes when it is done.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, Any, NamedTuple, NoReturn, TypeVar, cast

from compas_graph.errors import CompasGraphError, InternalError, LimitError

__all__ = ["Limits", "half_of_memory", "is_worker", "sealed", "supervised"]

T = TypeVar("T")
FORKS = sys.platform == "linux"
GIB = 1 << 30
SPARE = 2.0
"""For how many seconds a worker outlives its deadline at most, should nobody be left to stop it."""
OUT_OF_MEMORY = b"memory allocation"
"""What an engine written in Rust complains of before it aborts."""

_is_worker = False
"""Whether this process is a worker."""
_lifelines: set[int] = set()
"""The ends of pipes by which workers of this process see that it lives: none of them may hold that of another."""


class Limits(NamedTuple):
    """What a worker may use: seconds, GiB of memory beyond those of the process that starts it, and the network.

    `chosen` tells that the user can change them, by options of which the messages speak.
    """

    seconds: float | None = None
    memory: float | None = None
    network: bool = False
    chosen: bool = True


def is_worker() -> bool:
    """Tell whether this process is a worker."""
    return _is_worker


def half_of_memory() -> float:
    """Return half of the memory of this machine in GiB, or 4 where it does not tell."""
    try:
        return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB / 2, 1)
    except (AttributeError, OSError, ValueError):
        return 4.0


class _Worker(NamedTuple):
    """A worker that was started: where its result and what it complains of can be read, and what ends it."""

    result: IO[bytes]
    complaint: IO[bytes]
    kill: Callable[[], None]
    wait: Callable[[], int]


def supervised(work: Callable[[], T], limits: Limits, what: str = "the query") -> T:
    """Return what `work` returns in a process of its own, or raise what it raises, or LimitError.

    `what` says in messages what was stopped.
    """
    _flush()  # or both processes would print what waits there
    with _forked(work, limits) if FORKS else _anew(work, limits) as worker:
        parts: list[bytes] = []
        reader = Thread(target=lambda: parts.append(worker.result.read()), daemon=True)
        reader.start()
        reader.join(limits.seconds)
        late = reader.is_alive()
        if late:
            worker.kill()
        ended = worker.wait()
        reader.join()
        if ended == 0 and not late:
            done, value, *printed = pickle.loads(parts[0])
            for stream, data in zip((sys.stdout, sys.stderr), printed, strict=False):
                stream.write(data.decode())
            if done:
                return cast(T, value)
            raise value
        worker.complaint.seek(0)
        raise _failure(what, limits, None if late else ended, worker.complaint.read())


def _failure(what: str, limits: Limits, ended: int | None, complaint: bytes) -> CompasGraphError:
    """Return the error of a worker without a result, from how it ended: None if its time was up, else its exit code."""
    if ended is None or ended == -getattr(signal, "SIGALRM", 0):
        more = ", or allow more with --timeout" if limits.chosen else ""
        return LimitError(f"{what} was stopped after {limits.seconds:g} s; ask for less{more}")
    if OUT_OF_MEMORY in complaint or ended == -getattr(signal, "SIGKILL", 0):
        most = f"more than {limits.memory:g} GiB of" if limits.memory else "too much"
        more = ", or allow more with --memory" if limits.chosen else ""
        return LimitError(f"{what} takes {most} memory; ask for less{more}")
    if ended > 0 and complaint and b"RecursionError" not in complaint:
        return InternalError(what, complaint.decode("utf-8", "replace"))
    how = signal.Signals(-ended).name if ended < 0 else f"exit code {ended}"
    return LimitError(f"{what} crashed what runs it ({how}); it nests too deep, or is too long")


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


# --- Two ways to start ---


@contextlib.contextmanager
def _forked(work: Callable[[], Any], limits: Limits) -> Iterator[_Worker]:
    """Fork, and do the work in the child."""
    result, result_end = os.pipe()
    lifeline, lifeline_end = os.pipe()
    ended: list[int] = []
    with os.fdopen(os.memfd_create("complaint"), "w+b") as complaint, os.fdopen(result, "rb") as file:
        child = os.fork()
        if child == 0:
            if sys.stderr is not None:
                sys.stderr = os.fdopen(os.dup(2), "w", encoding=sys.stderr.encoding, errors=sys.stderr.errors)
            os.dup2(complaint.fileno(), 2)
            faulthandler.disable()  # whoever runs this has another way to tell of a crash
            for one in (lifeline_end, *_lifelines):
                os.close(one)
            _end_with(lifeline)
            _work(work, limits, result_end)
        _lifelines.add(lifeline_end)
        os.close(result_end)
        os.close(lifeline)

        def wait() -> int:
            if not ended:
                ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            return ended[0]

        try:
            yield _Worker(file, complaint, lambda: os.kill(child, signal.SIGKILL), wait)
        finally:
            if not ended:
                os.kill(child, signal.SIGKILL)
                wait()
            _lifelines.discard(lifeline_end)
            os.close(lifeline_end)


def _end_with(lifeline: int) -> None:
    """End this process when nobody holds the other end of a pipe any more, whatever it is doing then."""
    import fcntl

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)


@contextlib.contextmanager
def _anew(work: Callable[[], Any], limits: Limits) -> Iterator[_Worker]:
    """Start Python anew, and send it the work; it ends when what it is sent ends."""
    import subprocess

    command = [sys.executable, "-c", f"from {__name__} import main; main()"]
    with (
        TemporaryFile() as complaint,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaint) as process,
    ):
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(pickle.dumps((work, limits)))
            process.stdin.flush()
            yield _Worker(process.stdout, complaint, process.kill, process.wait)
        finally:
            process.kill()


def main() -> NoReturn:
    """Do the work that comes on standard input, and write what came of it to standard output."""
    work, limits = pickle.load(sys.stdin.buffer)
    Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(1)), daemon=True).start()
    result = os.dup(1)
    os.dup2(2, 1)
    printed = io.BytesIO(), io.BytesIO()
    sys.stdout, sys.stderr = (io.TextIOWrapper(each, "utf-8", newline="") for each in printed)
    _work(work, limits, result, printed)


# --- Inside ---


def _work(work: Callable[[], Any], limits: Limits, result: int, printed: Sequence[io.BytesIO] = ()) -> NoReturn:
    """Do the work under limits, write what came of it and what it printed to a file, and end."""
    code = 1
    try:
        _limit(limits)
        outcome = _outcome(work)
        with contextlib.suppress(OSError):  # who prints has told, or nobody can be told
            _flush()
        data = pickle.dumps((*outcome, *(each.getvalue() for each in printed)))
        with os.fdopen(result, "wb") as file:
            file.write(data)
        code = 0
    except MemoryError:
        os.write(2, OUT_OF_MEMORY)
    except BaseException:
        os.write(2, traceback.format_exc().encode("utf-8", "replace"))
    finally:
        os._exit(code)


def _outcome(work: Callable[[], Any]) -> tuple[bool, Any]:
    """Return whether the work was done, and its result or else its error."""
    try:
        return True, work()
    except CompasGraphError as error:
        return False, error


def _limit(limits: Limits) -> None:
    """Limit what this process may use from now on."""
    global _is_worker
    _is_worker = True
    if limits.seconds is not None and hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, limits.seconds + SPARE)
    if limits.memory is not None and sys.platform == "linux":
        import resource

        used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        most = used + int(limits.memory * GIB)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    if not limits.network:
        sys.addaudithook(_refuse_network)


def _refuse_network(event: str, _: object) -> None:
    if event in ("socket.bind", "socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise PermissionError("a worker has no way to the network")


@contextlib.contextmanager
def sealed() -> Iterator[None]:
    """Let this process open no file and no connection for a while, if it is a worker.

    An engine that would follow SERVICE cannot. What is to be read or imported must have been before. A process
    that does other things meanwhile, as one of a user of this library, is left alone.
    """
    if not _is_worker or sys.platform == "win32":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
