"""A server that must not be called, and the ways in which a query may try to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

__all__ = ["WAYS", "Listener", "calling", "listening"]

Listener = tuple[str, list[str]]


@contextmanager
def listening() -> Iterator[Listener]:
    """Give the address of a server on this machine, and the list of the requests that it has had."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(500)

        do_POST = do_GET  # noqa: N815 - the name is that of the base class

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", requests
    finally:
        server.shutdown()
        server.server_close()


CALLS = [
    "{ SERVICE <%s> { ?a ?b ?c } }",
    "{ service <%s> { ?a ?b ?c } }",
    "{ SeRvIcE SILENT <%s> { ?a ?b ?c } }",
    "{ \\u0053ERVICE <%s> { ?a ?b ?c } }",
    "{ \\U00000053ERVICE <%s> { ?a ?b ?c } }",
    "{ SERVIC\\u0045<%s>{ ?a ?b ?c } }",
    "{ {}SERVICE<%s>{ ?a ?b ?c } }",
    "{ OPTIONAL { ?a ?b ?c .SERVICE <%s> { ?a ?b ?c } } }",
    "{ OPTIONAL { ?a ?b ?c.SERVICE <%s> { ?a ?b ?c } } }",
    '{ VALUES ?c { 1 } OPTIONAL { ?a ?b "x".SERVICE <%s> { ?a ?b ?c } } }',
    "{ BIND(1 AS ?c) .\\u0053ERVICE <%s> { ?a ?b ?c } }",
    "{ BIND(1 AS ?c) .SERVICE <%s> { ?a ?b ?c } }",
    "{ BIND(cg:a\\'b AS ?c) SERVICE <%s> { ?a ?b ?c } FILTER(STR(?c) != 'x') }",
    '{ BIND(1 AS ?c) # "\n SERVICE <%s> { ?a ?b ?c } # "\n }',
    "{ FILTER(1<2) SERVICE <%s> { ?a ?b ?c } FILTER(2>1) }",
    "{ FILTER(1<2)SERVICE<%s>{ ?a ?b ?c } }",
    "{ ?s ?p '''it's''' SERVICE <%s> { ?a ?b ?c } FILTER(?p = '''x''') }",
    "{ FILTER EXISTS { SERVICE <%s> { ?a ?b ?c } } }",
    "{ { SELECT * { SERVICE <%s> { ?a ?b ?c } } } }",
    "{ ?s a cg:SERVICE . SERVICE <%s> { ?a ?b ?c } }",
    "{ BIND(<%s> AS ?x) SERVICE ?x { ?a ?b ?c } }",
    "{ # a comment ends here\rSERVICE <%s> { ?a ?b ?c } }",
    "{ ?s ?p cg:.SERVICE<%s>{ ?a ?b ?c } }",
    "{ ?s ?p trueSERVICE <%s> { ?a ?b ?c } }",
    "{ ?s ?p 1SERVICE <%s> { ?a ?b ?c } }",
    "{ ?s ?p 1.SERVICE <%s> { ?a ?b ?c } }",
    "{ ?s ?p '\\u0022' . SERVICE <%s> { ?a ?b ?c } }",
    '{ ?s ?p """"""SERVICE <%s> { ?a ?b ?c } }',
]
"""Group patterns that would call the address that is put into them."""

NAMED = ["{ SERVICE:x { ?a ?b ?c } }", "{ ?s ?p true.SERVICE:x { ?a ?b ?c } }", "{ SERVICESILENT:x { ?a ?b ?c } }",
         "{ ?s ?p ?o }UNION{ SERVICE:x{ ?a ?b ?c } }", "{ ?s ?p -1SERVICE:x { ?a ?b ?c } }"]  # fmt: skip
"""Patterns that call what the empty prefix stands for; the standard reads a name there, and some engines do not."""


WAYS = [*CALLS, *NAMED]


def calling(way: str, address: str, form: str = "ASK") -> str:
    """Return a query, beginning with a form such as `ASK`, that calls an address in one of the ways."""
    return f"{form} {way % address}" if "%s" in way else f"PREFIX : <{address}> {form} {way}"
