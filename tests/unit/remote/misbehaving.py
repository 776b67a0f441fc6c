"""A SPARQL server in this process that can be told to misbehave, for tests of what talks to stores."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    serialize,
)

__all__ = ["Fault", "Misbehaving", "Request"]


class Request(NamedTuple):
    """What was asked of the server: `kind` is query, update, put, post or other, `text` what it says."""

    kind: str
    text: str
    headers: dict[str, str]


class Fault(NamedTuple):
    """What goes wrong instead of an answer, or after the work was done: a status, or a broken connection (0)."""

    status: int = 0
    said: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    after: bool = False


class Misbehaving:
    """A server over a store; `fault` is asked before each request what goes wrong with it.

    `asks` is the kind of authentication ('', 'basic', 'digest', 'bearer') for user `me`, password
    `secret`, token `token`; with another `nonce` earlier answers to a digest are stale. `rows` is the
    most triples that it gives back of a graph. A `destructive` server empties a graph before it reads a
    PUT. `changes` is what it makes of each line that it keeps.
    """

    def __init__(self, name: str = "Oxigraph/0") -> None:
        self.name, self.store, self.requests = name, Store(), list[Request]()
        self.fault: Callable[[Request], Fault | None] = lambda request: None
        self.asks, self.nonce, self.rows, self.destructive = "", "n", 0, False
        self.changes: Callable[[str], str] = lambda text: text
        self.lock = threading.Lock()
        owner = self

        class Handler(_Handler):
            server_owner = owner

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Stop the server."""
        self.http.shutdown()
        self.http.server_close()

    def graph(self, name: str) -> set[str]:
        """Return the triples of a graph, each as a line."""
        with self.lock:
            quads = list(self.store.quads_for_pattern(None, None, None, NamedNode(name)))
        return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in quads}

    def graphs(self) -> set[str]:
        """Return the names of the graphs that have any triple."""
        with self.lock:
            return {quad.graph_name.value for quad in self.store if isinstance(quad.graph_name, NamedNode)}


class _Handler(BaseHTTPRequestHandler):
    server_owner: Misbehaving
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.handle_one()

    def do_POST(self) -> None:
        self.handle_one()

    def do_PUT(self) -> None:
        self.handle_one()

    def handle_one(self) -> None:
        """Answer a request, or misbehave."""
        owner, parts = self.server_owner, urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode(errors="replace")
        if "form" in (self.headers.get("Content-Type") or ""):
            fields = parse_qs(body)
            body = (fields.get("query") or fields.get("update") or [""])[0]
        kind = {"/query": "query", "/update": "update", "/store": self.command.lower()}.get(parts.path, "other")
        if parts.path == "/sparql":
            kind = "update" if re.match(r"\s*(INSERT|DELETE|DROP|COPY)", body) else "query"
        request = Request(kind, body, {name.lower(): value for name, value in self.headers.items()})
        owner.requests.append(request)
        if not self.welcome():
            return
        fault = owner.fault(request)
        if fault is None or fault.after:
            with owner.lock:
                answer = self.work(request, unquote(parts.query.partition("graph=")[2]))
        if fault is None:
            self.reply(*answer)
        else:
            self.fail(fault)

    def welcome(self) -> bool:
        """Tell whether whoever asks may do so, and ask for credentials if not."""
        asks, given = self.server_owner.asks, self.headers.get("Authorization", "")
        if not asks or given in {"basic": "Basic bWU6c2VjcmV0", "bearer": "Bearer token"}.get(asks, "?").split("|"):
            return True
        if asks == "digest" and given.startswith("Digest") and self.digest_is_right(given):
            return True
        stale = str("nonce=" in given and f'nonce="{self.server_owner.nonce}"' not in given).lower()
        digest = f'Digest realm="r, s", nonce="{self.server_owner.nonce}", qop="auth", opaque="o", stale="{stale}"'
        challenge = digest if asks == "digest" else asks.title()
        self.reply(401, "text/plain", b"", (("WWW-Authenticate", challenge),))
        return False

    def digest_is_right(self, given: str) -> bool:
        """Tell whether the answer to the challenge is that of user and password."""
        said = {name: value.strip('"') for name, value in re.findall(r'(\w+)=("[^"]*"|[^,\s]+)', given)}
        first = hashlib.md5(b"me:r, s:secret").hexdigest()
        second = hashlib.md5(f"{self.command}:{self.path}".encode()).hexdigest()
        text = f"{first}:{self.server_owner.nonce}:{said['nc']}:{said['cnonce']}:auth:{second}"
        return (said["uri"], said["response"]) == (self.path, hashlib.md5(text.encode()).hexdigest())

    def work(self, request: Request, graph: str) -> tuple[int, str, bytes]:
        """Return the answer to a request after doing what it asks for."""
        owner = self.server_owner
        try:
            if request.kind == "query":
                return self.answer(request.text)
            if request.kind == "update":
                owner.store.update(owner.changes(request.text))
                return 204, "text/plain", b""
            if request.kind in ("put", "post"):
                if request.kind == "put" and owner.destructive:
                    owner.store.update(f"DROP SILENT GRAPH <{graph}>")
                quads = list(parse(owner.changes(request.text).encode(), RdfFormat.N_QUADS))
                if request.kind == "put":
                    owner.store.update(f"DROP SILENT GRAPH <{graph}>")
                if "quads" in request.headers["content-type"]:
                    owner.store.load(owner.changes(request.text).encode(), RdfFormat.N_QUADS)
                    return 204, "text/plain", b""
                text = serialize(quads, format=RdfFormat.N_TRIPLES) or b""
                owner.store.load(text, RdfFormat.N_TRIPLES, to_graph=NamedNode(graph))
                return 201, "text/plain", b""
        except SyntaxError as error:
            return 400, "text/plain", str(error).encode()
        return 404, "text/plain", b"nothing here"

    def answer(self, query: str) -> tuple[int, str, bytes]:
        """Return the answer to a query, no more triples than the server gives."""
        found = self.server_owner.store.query(query)
        if isinstance(found, QueryTriples):
            triples = list(found)[: self.server_owner.rows or None]
            return 200, "application/n-triples", serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        assert isinstance(found, (QueryBoolean, QuerySolutions))
        form = QueryResultsFormat.TSV if "tab" in self.headers["Accept"] else QueryResultsFormat.JSON
        return 200, form.media_type, found.serialize(format=form) or b""

    def fail(self, fault: Fault) -> None:
        """Answer with a fault, or break the connection."""
        if fault.status:
            self.reply(fault.status, "text/plain", fault.said.encode(), fault.headers)
        else:
            self.close_connection = True
            self.connection.close()

    def reply(self, status: int, media: str, data: bytes, headers: tuple[tuple[str, str], ...] = ()) -> None:
        """Send an answer."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(status)
            for name, value in (("Content-Type", media), ("Content-Length", str(len(data))), *headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    def version_string(self) -> str:
        """Return what the server calls itself."""
        return self.server_owner.name
