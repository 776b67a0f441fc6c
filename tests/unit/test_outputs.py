"""A file is written whole or stays as it was, and nothing is left beside it; what is no file is written as it is."""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen, run
from threading import Thread

import pytest

from compas_graph.checks.baseline import write_baseline
from compas_graph.errors import DataError
from compas_graph.exporting import write_file, write_folder
from compas_graph.outputs import PREFIX
from tests.odd_files import without_rights

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes, links and rights are otherwise there")

OLD = {"graphs.tsv": b"file\tgraph\ttriples\tsha256\na.ttl\n", "a.ttl": b"old"}
WRITERS: dict[str, Callable[[Path], object]] = {
    "export to a file": lambda path: write_file(b"new" * 3000, path),
    "export to a folder": lambda path: write_folder({"a.ttl": b"new", "b/c.ttl": b"new" * 3000}, path),
    "baseline": lambda path: write_baseline(path, []),
}
FILE_WRITERS = ["export to a file", "baseline"]
each_writer = pytest.mark.parametrize("writer", WRITERS)


def held(folder: Path) -> dict[str, bytes]:
    """Return the files in a folder and below, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Let a disk of a few pages lie at a folder, or skip the test."""
    mounted = run(["mount", "-t", "tmpfs", "-o", "size=12k", "none", str(folder)], stderr=PIPE, check=False)
    if mounted.returncode != 0:
        pytest.skip("no disk can be mounted here; the limit on the size of files stands for a full one")
    try:
        yield
    finally:
        run(["umount", str(folder)], check=True)


@contextmanager
def small_files() -> Iterator[None]:
    """Let no file grow beyond some bytes."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_that_outgrows_its_limit_leaves_the_old_one(tmp_path: Path) -> None:
    """The reason is named."""
    write_file(b"old", tmp_path / "graph.nq")
    with small_files(), pytest.raises(DataError, match=r"graph\.nq: cannot be written \(File too large\)$"):
        write_file(b"new" * 3000, tmp_path / "graph.nq")
    write_folder(OLD, tmp_path / "out")
    with small_files(), pytest.raises(DataError, match=r"out: cannot be written \(File too large\)$"):
        write_folder({"a.ttl": b"new", "b/c.ttl": b"new" * 3000}, tmp_path / "out")
    assert held(tmp_path) == {"graph.nq": b"old"} | {f"out/{name}": data for name, data in OLD.items()}


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """And is named as full."""
    with full(tmp_path):
        write_file(b"old", tmp_path / "graph.nq")
        with pytest.raises(DataError, match=r"graph\.nq: cannot be written \(No space left on device\)$"):
            write_file(b"new" * 9000, tmp_path / "graph.nq")
        assert held(tmp_path) == {"graph.nq": b"old"}


@each_writer
def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, writer: str) -> None:
    """No such folder, a file in its place, a name too long, links in a circle, a folder that takes no files."""
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    before = held(tmp_path)
    for name, said in {
        "none/x": "there is no folder .*none to write it into; make that first",
        "file/x": "there is no folder .*file to write it into|Not a directory",
        "a" * 300: "File name too long",
        "a\0b": "null byte|no such file",
        "circle": "Too many levels of symbolic links",
        "circle/x": "there is no folder|Too many levels of symbolic links",
    }.items():
        with pytest.raises(DataError, match=said) as caught:
            WRITERS[writer](tmp_path / name)
        assert str(caught.value).isprintable()
    assert held(tmp_path) == before
    with without_rights() as folder:
        folder.chmod(0o555)
        with pytest.raises(DataError, match=r"mine: cannot be written \(Permission denied\)$"):
            WRITERS[writer](folder / "mine")


@pytest.mark.parametrize("writer", FILE_WRITERS)
def test_a_file_in_a_folder_that_takes_no_others_is_written_as_it_is(writer: str) -> None:
    """As it could always be."""
    with without_rights() as folder:
        (folder / "mine").write_bytes(b"")
        folder.chmod(0o555)
        (folder / "mine").write_text("" if writer == "baseline" else "old")
        WRITERS[writer](folder / "mine")
        assert (folder / "mine").read_bytes() in (b"", b"new" * 3000)
        assert [path.name for path in folder.iterdir()] == ["mine"]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664])
def test_a_file_keeps_its_rights_and_a_link_its_target(tmp_path: Path, mode: int) -> None:
    """Through as many links as there are; one to nothing makes the file."""
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "file").chmod(mode)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "second").symlink_to("../file")
    (tmp_path / "first").symlink_to("below/second")
    (tmp_path / "dangling").symlink_to("below/made")
    for name in ("first", "dangling"):
        write_file(b"new", tmp_path / name)
        assert (tmp_path / name).is_symlink()
    assert held(tmp_path / "below")["made"] == held(tmp_path)["file"] == b"new"
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == mode


def test_a_folder_reached_by_a_link_is_exchanged_behind_it(tmp_path: Path) -> None:
    """The link stays."""
    write_folder(OLD, tmp_path / "out")
    (tmp_path / "link").symlink_to("out")
    write_folder({"a.ttl": b"new"}, tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and held(tmp_path / "out") == {"a.ttl": b"new"}


def test_a_pipe_is_written_to_its_reader(tmp_path: Path) -> None:
    """There is nothing to exchange."""
    os.mkfifo(tmp_path / "pipe")
    got: list[bytes] = []
    reader = Thread(target=lambda: got.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_file(b"new", tmp_path / "pipe")
    reader.join(10)
    assert got == [b"new"] and stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is full")
def test_a_device_is_written_as_it_is(tmp_path: Path) -> None:
    """One that is full says so."""
    write_file(b"new", Path(os.devnull))
    with pytest.raises(DataError, match=r"/dev/full: cannot be written \(No space left on device\)$"):
        write_file(b"new", Path("/dev/full"))


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no name for standard output")
@pytest.mark.parametrize("through", ["/dev/stdout", "/proc/self/fd/1", "link"])
def test_standard_output_is_written_where_it_goes(tmp_path: Path, through: str) -> None:
    """Even if that is a file: it is not exchanged under whoever writes to it."""
    (tmp_path / "link").symlink_to("/dev/stdout")
    program = "import sys; from pathlib import Path; from compas_graph.outputs import write_file;"
    program += "write_file(Path(sys.argv[1]), b'new\\n'); sys.stdout.write('more\\n')"
    with (tmp_path / "out").open("ab") as out:
        before = os.fstat(out.fileno()).st_ino
        run([sys.executable, "-c", program, str(tmp_path / through)], stdout=out, check=True)
    assert (tmp_path / "out").stat().st_ino == before
    assert b"more" in (tmp_path / "out").read_bytes() and len(list(tmp_path.iterdir())) == 2


# --- What is left ---

WRITING = """
import sys
from pathlib import Path
from compas_graph.exporting import write_file, write_folder

here = Path(sys.argv[1])
names = [f"{number}.ttl" for number in range(9)]
manifest = "file\\tgraph\\ttriples\\tsha256\\n" + "".join(f"{name}\\n" for name in names)
while True:
    for sign in (b"a", b"b"):
        write_file(sign * 200_000, here / "graph.nq")
        write_folder({"graphs.tsv": manifest.encode()} | {name: sign * 9_000 for name in names}, here / "out")
        print("on", flush=True)
"""


@pytest.mark.long
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL"])
def test_a_signal_leaves_the_old_or_the_new_and_nothing_else(tmp_path: Path, name: str) -> None:
    """What a kill leaves beside it, the next run takes away."""
    for number in range(8):
        with Popen([sys.executable, "-c", WRITING, str(tmp_path)], stdout=PIPE, stderr=PIPE) as process:
            assert process.stdout is not None and process.stdout.readline() == b"on\n"
            time.sleep(0.013 * number)
            process.send_signal(getattr(signal, name))
            process.communicate(timeout=30)
        if name == "SIGKILL":
            write_file(b"a" * 200_000, tmp_path / "graph.nq")
        kept = {path.name for path in tmp_path.iterdir() if not (path / "old").exists()}
        assert kept <= {"graph.nq", "out"}, kept
        assert (tmp_path / "graph.nq").read_bytes() in (b"a" * 200_000, b"b" * 200_000)
        folders = [path for path in (tmp_path / "out", *tmp_path.glob(f"{PREFIX}*/old")) if path.exists()]
        assert any(len(set(held(path).values())) == 2 for path in folders), "the folder is neither old nor new"


def test_what_others_are_at_work_on_is_left_alone(tmp_path: Path) -> None:
    """And so is what is no folder of ours, and the only copy that there may be of an earlier export."""
    busy = "import sys, time; from pathlib import Path; from compas_graph.outputs import _staged\n"
    busy += "with _staged(Path(sys.argv[1])) as staging: print(staging.name, flush=True); time.sleep(60)"
    with Popen([sys.executable, "-c", busy, str(tmp_path)], stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        theirs = process.stdout.readline().strip()
        (tmp_path / f"{PREFIX}file").write_bytes(b"")
        (tmp_path / f"{PREFIX}link").symlink_to(tmp_path)
        (tmp_path / f"{PREFIX}kept" / "old").mkdir(parents=True)
        (tmp_path / f"{PREFIX}left").mkdir()
        write_file(b"new", tmp_path / "mine")
        there = {path.name for path in tmp_path.iterdir()}
        process.kill()
    assert there == {"mine", theirs, *(f"{PREFIX}{name}" for name in ("file", "link", "kept"))}
    write_file(b"newer", tmp_path / "mine")
    assert not (tmp_path / theirs).exists()


def test_a_folder_is_put_back_if_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that there always is one."""
    write_folder(OLD, tmp_path / "out")
    before, rename = held(tmp_path), Path.rename

    def fails(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(DataError, match=os.strerror(errno.EIO)):
        write_folder({"a.ttl": b"new"}, tmp_path / "out")
    assert held(tmp_path) == before
