"""Measure `compas-graph load` into an Oxigraph server beside a plain upload of the same file.

    python benchmarks/loading.py [TRIPLES]      (default: 1000000)

The triples come from benchmarks/generate.py, in many graphs as it makes them, and all in one. Each
way gets a server of its own with an empty folder. The plain upload is one POST of the whole file to
the server's graph store. Run it with the Python of an environment in which compas-graph and the
Oxigraph server are installed.
"""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

HERE = Path(__file__).parent
GRAPH = "https://w3id.org/compas-graph/graph/generated"
BARE = "import pyoxigraph, click; from compas_graph import cli"


@contextmanager
def server(folder: Path) -> Iterator[int]:
    """Run an Oxigraph server on a folder, and give its port."""
    program = shutil.which("oxigraph", path=Path(sys.executable).parent) or shutil.which("oxigraph")
    assert program, "the Oxigraph server is not installed: pip install oxigraph"
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    command = [program, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        running.terminate()
        running.wait()


def upload(port: int, path: Path, graph: str) -> None:
    """Send a file to the server's graph store in one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3600)
    target = f"/store?graph={quote(graph, safe='')}" if graph else "/store"
    media = "application/n-triples" if graph else "application/n-quads"
    with path.open("rb") as file:
        connection.request("POST", target, file, {"Content-Type": media, "Content-Length": str(path.stat().st_size)})
        reply = connection.getresponse()
    assert reply.status in (201, 204), reply.read()


def peak(command: list[str]) -> tuple[float, float]:
    """Run a command; return how many seconds it took and its peak memory in MB."""
    wrapped = (
        "import resource, subprocess, sys; "
        "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; "
        "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", wrapped, *command], check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    code, memory = done.stdout.split()
    assert code == "0", done.stderr
    return seconds, int(memory) / 1024


def measure(path: Path, graph: str, folder: Path) -> None:
    """Print the times for one file, by both ways, and the second load of the same."""
    program = str(Path(sys.executable).with_name("compas-graph"))
    (folder / "plain").mkdir(parents=True)
    with server(folder / "plain") as port:
        start = time.perf_counter()
        upload(port, path, graph)
        plain = time.perf_counter() - start
    with server(folder / "load") as port:
        command = [program, "load", f"http://127.0.0.1:{port}", str(path), *(["--graph", graph] if graph else [])]
        first, memory = peak([*command, "--timeout", "3600"])
        again, _ = peak(command)
    _, bare = peak([sys.executable, "-c", BARE])
    what = "one graph" if graph else "many graphs"
    print(f"{what}: plain upload {plain:.1f} s, load {first:.1f} s ({plain / first:.2f} of its speed)", end="")
    print(f", load again {again:.1f} s")
    print(f"{what}: peak {memory:.0f} MB, {memory - bare:.0f} MB above an interpreter with the same imports")


def main() -> None:
    """Generate the triples, and measure both files."""
    number = next((text for text in sys.argv[1:] if text.isdigit()), "1000000")
    with TemporaryDirectory(prefix="compas-graph-") as name:
        folder = Path(name)
        many, one = folder / "many.nq", folder / "one.nt"
        with many.open("wb") as file:
            generate = [sys.executable, str(HERE / "generate.py"), number, "--format", "nquads"]
            subprocess.run(generate, stdout=file, check=True)
        with many.open("rb") as quads, one.open("wb") as triples:
            triples.writelines(line.rsplit(b" <", 1)[0] + b" .\n" for line in quads)
        measure(one, GRAPH, folder / "one")
        measure(many, "", folder / "many")


if __name__ == "__main__":
    main()
