"""Stores outside this process: each is started with the whole graph, asked, and stopped in the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, NamedTuple

from pyoxigraph import (
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse_query_results,
    serialize,
)

from compas_graph.remote.client import Client, connect
from compas_graph.remote.credentials import Credentials
from compas_graph.remote.transport import Transport

__all__ = [
    "STORES",
    "TARGETS",
    "Answer",
    "Jena",
    "NotInstalledError",
    "Outside",
    "Oxigraph",
    "Served",
    "StoreError",
    "Target",
    "Virtuoso",
    "answer_of",
]

START, ANSWER, STOP = 60, 60, 10
"""How many seconds a store may take to start, to answer and to stop."""

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""What opens addresses of this machine, whatever proxy the environment names."""


class NotInstalledError(Exception):
    """A program that a store needs is not on this machine."""


class StoreError(Exception):
    """A store did not start, did not answer, or answered with a fault."""


class Answer(NamedTuple):
    """The columns of an answer and its rows in their order, each value as in N-Triples, None where unbound."""

    columns: tuple[str, ...]
    rows: list[tuple[str | None, ...]]


def answer_of(found: object) -> Answer:
    """Return the answer to a SELECT query as columns and rows."""
    assert isinstance(found, QuerySolutions)
    names = tuple(variable.value for variable in found.variables)
    return Answer(names, [tuple(None if row[name] is None else str(row[name]) for name in names) for row in found])


class Outside(ABC):
    """A store outside this process, with a folder of its own."""

    name: ClassVar[str]

    def __init__(self, graph: Store, folder: Path) -> None:
        self.graph, self.folder = graph, folder

    @abstractmethod
    def start(self) -> None:
        """Start the store and load the whole graph, or raise NotInstalledError."""

    @abstractmethod
    def stop(self) -> None:
        """Stop whatever was started."""

    @abstractmethod
    def results(self, query: str) -> bytes:
        """Return the JSON results of a query over the union of all graphs."""

    def ask(self, query: str) -> Answer:
        """Return the answer to a SELECT query over the union of all graphs."""
        return answer_of(parse_query_results(self.results(query), QueryResultsFormat.JSON))


class Served(Outside):
    """A server on a free port of loopback, asked by the SPARQL protocol."""

    endpoint: ClassVar[str]
    address: str

    def results(self, query: str) -> bytes:
        """Return the JSON results of a query; the request names every graph, so that the query sees their union."""
        graphs = [
            ("default-graph-uri", each.value) for each in self.graph.named_graphs() if isinstance(each, NamedNode)
        ]
        form = urllib.parse.urlencode([("query", query), *graphs]).encode()
        return self.post(self.endpoint, form, "application/x-www-form-urlencoded")

    def post(self, path: str, body: bytes, kind: str) -> bytes:
        """Return what the server answers to a POST request."""
        headers = {"Content-Type": kind, "Accept": "application/sparql-results+json"}
        request = urllib.request.Request(self.address + path, body, headers)
        try:
            with DIRECT.open(request, timeout=ANSWER) as response:
                return bytes(response.read())
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            raise StoreError(f"{self.name} answered {error.code}: {said}") from error
        except OSError as error:
            raise StoreError(f"{self.name} gave no answer: {error}") from error


class Oxigraph(Served):
    """The Oxigraph server, in memory."""

    name = "oxigraph"
    endpoint = "/query"
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and send it the graph as N-Quads."""
        program = shutil.which("oxigraph", path=Path(sys.executable).parent) or shutil.which("oxigraph")
        if program is None:
            raise NotInstalledError("Oxigraph server is not installed: pip install oxigraph")
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        said = self.folder / "server.log"
        with said.open("wb") as log:
            command = [program, "serve", "--bind", f"127.0.0.1:{port}"]
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT)
        end = time.monotonic() + START
        while not listens(port):
            if self.process.poll() is not None or time.monotonic() > end:
                raise StoreError(f"the Oxigraph server did not start: {said.read_text(errors='replace')}")
            time.sleep(0.05)
        self.post("/store", self.graph.dump(format=RdfFormat.N_QUADS) or b"", "application/n-quads")

    def stop(self) -> None:
        """End the server, by force if it does not end when asked."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP)


class Jena(Outside):
    """Jena's `arq` as Debian packages it, a new process for each query, over the union of all graphs."""

    name = "jena"
    folder_of_jars = Path("/usr/share/java")
    jars = (
        *("jena-arq", "jena-base", "jena-cmds", "jena-core", "jena-iri", "jena-rdfconnection", "jena-shacl"),
        *("jena-shex", "jena-tdb", "jena-tdb2", "jena-dboe-base", "jena-dboe-index", "jena-dboe-storage"),
        *("jena-dboe-trans-data", "jena-dboe-transaction", "commons-cli", "commons-codec", "commons-compress"),
        *("commons-csv", "commons-io", "commons-lang3", "dexx.collection", "gson", "guava", "httpclient"),
        *("httpcore", "jackson-annotations", "jackson-core", "jackson-databind", "jsonld-java", "protobuf"),
        *("slf4j-api", "slf4j-nop", "thrift", "titanium-json-ld"),
    )

    def start(self) -> None:
        """Write the graph as N-Triples, and what Jena lacks."""
        if shutil.which("java") is None:
            raise NotInstalledError("Java is not installed: apt-get install default-jre-headless")
        if not (self.folder_of_jars / "jena-cmds.jar").is_file():
            raise NotInstalledError("Jena is not installed: apt-get install libapache-jena-java")
        self.put_resources_right()
        triples = {Triple(quad.subject, quad.predicate, quad.object) for quad in self.graph}
        (self.folder / "graph.nt").write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")

    def put_resources_right(self) -> None:
        """Write the resources of xerces where its classes look for them.

        Debian's Jena has these classes in the package `xerces` and left their resources in
        `org/apache/jena/ext/xerces`; without them no datatype can be made and nothing starts.
        """
        with zipfile.ZipFile(self.folder_of_jars / "jena-core.jar") as jar:
            for name in jar.namelist():
                place = name.removeprefix("org/apache/jena/ext/")
                if place != name and name.endswith(".properties"):
                    (self.folder / place).parent.mkdir(parents=True, exist_ok=True)
                    (self.folder / place).write_bytes(jar.read(name))

    def stop(self) -> None:
        """Do nothing: each query is a process that has ended."""

    def results(self, query: str) -> bytes:
        """Return the JSON results of a query."""
        (self.folder / "query.rq").write_text(query, encoding="utf-8")
        classes = ":".join([str(self.folder), *(str(self.folder_of_jars / f"{name}.jar") for name in self.jars)])
        java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classes]
        command = [*java, "arq.arq", "--data", "graph.nt", "--query", "query.rq", "--results=JSON"]
        try:
            done = subprocess.run(command, cwd=self.folder, capture_output=True, timeout=ANSWER, check=False)
        except subprocess.TimeoutExpired as error:
            raise StoreError(f"arq gave no answer within {ANSWER} seconds") from error
        if done.returncode or not done.stdout:
            raise StoreError(f"arq ended with {done.returncode}: {done.stderr.decode(errors='replace')[:2000]}")
        return done.stdout


class Target(ABC):
    """A server that begins empty, to load into; it can be killed and started again with what it has kept."""

    name: ClassVar[str]
    credentials: ClassVar[dict[str, str]] = {}

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that starts the server, or raise NotInstalledError."""

    def start(self) -> None:
        """Start the server on its folder and wait until it answers."""
        command, said = self.command(), self.folder / "server.log"
        with said.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT)
        end = time.monotonic() + START
        while not listens(self.port):
            if self.process.poll() is not None or time.monotonic() > end:
                raise StoreError(f"{self.name} did not start: {said.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def client(self) -> Client:
        """Return a client of the server."""
        user = self.credentials
        who = Credentials(user["COMPAS_GRAPH_USER"], user["COMPAS_GRAPH_PASSWORD"], "", "here") if user else None
        return connect(self.address, self.name, transport=Transport(who, timeout=60))

    def kill(self) -> None:
        """End the server at once, without letting it finish anything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(STOP)


class OxigraphTarget(Target):
    """The Oxigraph server with a folder of its own."""

    name = "oxigraph"

    def command(self) -> list[str]:
        """Return the command that serves the folder."""
        program = shutil.which("oxigraph", path=Path(sys.executable).parent) or shutil.which("oxigraph")
        if program is None:
            raise NotInstalledError("Oxigraph server is not installed: pip install oxigraph")
        return [program, "serve", "--location", str(self.folder / "data"), "--bind", f"127.0.0.1:{self.port}"]


class VirtuosoTarget(Target):
    """Virtuoso as Debian packages it, with a database of its own and the password that it begins with."""

    name = "virtuoso"
    credentials: ClassVar[dict[str, str]] = {"COMPAS_GRAPH_USER": "dba", "COMPAS_GRAPH_PASSWORD": "dba"}
    most_rows = 10_000

    def command(self) -> list[str]:
        """Return the command that serves the folder, after writing its settings."""
        program = shutil.which("virtuoso-t")
        if program is None:
            raise NotInstalledError("Virtuoso is not installed: apt-get install virtuoso-opensource-7-bin")
        settings = self.folder / "virtuoso.ini"
        if not settings.exists():
            files = "DatabaseFile = {0}.db\nTransactionFile = {0}.trx\n"
            settings.write_text(
                f"[Database]\n{files.format('store')}ErrorLogFile = store.log\nLockFile = store.lck\n"
                f"xa_persistent_file = store.pxa\nTempStorage = TempDatabase\n"
                f"[TempDatabase]\n{files.format('temporary')}"
                f"[Parameters]\nServerPort = 127.0.0.1:{free_port()}\nDisableUnixSocket = 1\n"
                f"NumberOfBuffers = 10000\nMaxDirtyBuffers = 6000\nVectorSize = 1000\nMaxClientConnections = 10\n"
                f"[HTTPServer]\nServerPort = 127.0.0.1:{self.port}\nServerRoot = .\nServerThreads = 10\n"
                f"[SPARQL]\nResultSetMaxRows = {self.most_rows}\n",
                encoding="utf-8",
            )
        return [program, "+foreground", "+wait", "+configfile", str(settings)]


class Virtuoso(Served):
    """Virtuoso, into which the graph is loaded as `compas-graph load` does."""

    name = "virtuoso"
    endpoint = "/sparql"
    server: VirtuosoTarget | None = None

    def start(self) -> None:
        """Start the server and load every graph."""
        self.server = VirtuosoTarget(self.folder)
        self.server.most_rows = 1_000_000
        self.server.start()
        self.address = self.server.address
        path = self.folder / "graph.nq"
        path.write_bytes(self.graph.dump(format=RdfFormat.N_QUADS) or b"")
        command = [sys.executable, "-c", "from compas_graph.cli.loading import load; load()", self.address, str(path)]
        environment = {**os.environ, **self.server.credentials}
        done = subprocess.run(command, env=environment, capture_output=True, timeout=START, check=False)
        if done.returncode:
            raise StoreError(f"Virtuoso did not keep the graph: {done.stderr.decode(errors='replace')}")

    def stop(self) -> None:
        """End the server at once: what it holds is not needed any more."""
        if self.server is not None:
            self.server.kill()


STORES: dict[str, type[Outside]] = {store.name: store for store in (Oxigraph, Jena, Virtuoso)}

TARGETS: dict[str, type[Target]] = {target.name: target for target in (OxigraphTarget, VirtuosoTarget)}


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def listens(port: int) -> bool:
    """Tell whether something listens on a port of loopback."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0
