"""HTTP to one server: authentication, patience, and every fault as one clear line."""

from __future__ import annotations

import hashlib
import http.client
import re
import secrets
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from compas_graph.errors import StoreError, shorten
from compas_graph.remote.credentials import WHERE, Credentials

__all__ = ["Body", "Options", "Reply", "Sink", "Transport"]

LONGEST = 30.0
"""How many seconds are waited at most before a request is repeated, unless the server asks for more."""
ASKED_MOST = 120.0
"""How many seconds a server may ask to be left alone."""
BUSY = frozenset({429, 502, 503, 504})
CONNECT_MOST = 10.0
"""How many seconds a connection may take to be made, TLS and all."""
READ_AT_ONCE = 1024 * 1024


class Body(NamedTuple):
    """What is sent: its media type, its size, and what gives its bytes, again for each attempt."""

    media: str
    length: int
    chunks: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, data: bytes, media: str) -> Body:
        """Return a body that is in memory."""
        return cls(media, len(data), lambda: (data,))


class Options(NamedTuple):
    """What the options are called that messages advise: for the kind of store, and for patience ('' for none)."""

    kind: str = "--kind"
    timeout: str = "--timeout"


class _NotConnectedError(TimeoutError):
    """No connection was made in time."""


Sink = Callable[[], Callable[[bytes], object]]
"""What gives, for each attempt, a place for the bytes of an answer."""


class Reply(NamedTuple):
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def text(self) -> str:
        """Return the body as text on one line."""
        return " ".join(self.data.decode(errors="replace").split())


class Transport:
    """Requests to one server, each repeated with growing pauses where that is safe and may help."""

    def __init__(
        self,
        credentials: Credentials | None = None,
        timeout: float = 300.0,
        tries: int = 5,
        pause: Callable[[float], None] = time.sleep,
        options: Options = Options(),  # noqa: B008 - it is frozen
    ) -> None:
        self.credentials, self.timeout, self.tries, self.pause = credentials, timeout, tries, pause
        self.options = options
        self._challenges: dict[str, str] = {}
        self._uses = 0
        self._reached = False

    def request(
        self,
        method: str,
        url: str,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        again: bool = True,
        into: Sink | None = None,
        expect: Iterable[int] = (),
    ) -> Reply:
        """Return the answer to a request, or raise StoreError.

        `again` says that repeating it does no harm. The body of a good answer goes to what `into` gives,
        if that is given. An answer that is neither good nor among those expected is a fault.
        """
        parts = urlsplit(url)
        for attempt in range(1, self.tries + 1):
            last = attempt == self.tries or not again
            try:
                reply = self._authenticated(method, parts, body, headers or {}, into)
            except (OSError, http.client.HTTPException) as error:
                if last or not self._passing(error):
                    raise self._unreachable(parts, error, attempt) from error
                self.pause(_wait(attempt))
                continue
            if reply.status in BUSY and not (attempt == self.tries or (not again and reply.status != 429)):
                self.pause(_asked(reply.headers) or _wait(attempt))
                continue
            if 200 <= reply.status < 300 or reply.status in expect:
                return reply
            raise self._refused(parts, reply, attempt)
        raise AssertionError("the last attempt returns or raises")

    def _passing(self, error: Exception) -> bool:
        """Tell whether a fault may pass: a broken connection does, a wrong address or a slow store does not."""
        if isinstance(error, ConnectionRefusedError):
            return self._reached
        return isinstance(error, (ConnectionError, http.client.HTTPException))

    def _authenticated(
        self,
        method: str,
        parts: SplitResult,
        body: Body | None,
        headers: Mapping[str, str],
        into: Sink | None,
    ) -> Reply:
        """Return the answer to a request, made again with credentials if the server asks for them."""
        reply = self._once(method, parts, body, headers, into)
        if reply.status == 401 and self.credentials and (challenge := reply.headers.get("www-authenticate")):
            stale = "stale=true" in challenge.replace('"', "").lower()
            if parts.path not in self._challenges or stale:
                self._challenges[parts.path] = challenge
                reply = self._once(method, parts, body, headers, into)
        return reply

    def _once(
        self,
        method: str,
        parts: SplitResult,
        body: Body | None,
        headers: Mapping[str, str],
        into: Sink | None,
    ) -> Reply:
        """Return the answer to one request over a connection of its own."""
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"User-Agent": "compas-graph", "Connection": "close", **headers}
        if body is not None:
            sent |= {"Content-Type": body.media, "Content-Length": str(body.length)}
        sent |= self._authorization(method, parts, target)
        connection, target = _connection(parts, target, min(self.timeout, CONNECT_MOST))
        try:
            _connect(connection, self.timeout)
            with suppress(BrokenPipeError, ConnectionResetError):  # a long body may be refused before it is read
                connection.request(method, target, body.chunks() if body is not None else None, sent)
            response = connection.getresponse()
            self._reached = True
            named = {name.lower(): value for name, value in response.getheaders()}
            if into is None or not 200 <= response.status < 300:
                return Reply(response.status, named, response.read())
            write = into()
            while chunk := response.read(READ_AT_ONCE):
                write(chunk)
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)
            return Reply(response.status, named, b"")
        finally:
            connection.close()

    def _authorization(self, method: str, parts: SplitResult, target: str) -> dict[str, str]:
        """Return the header that says who asks, in the way that the server asked for."""
        who = self.credentials
        if who is None:
            return {}
        if who.token:
            return {"Authorization": f"Bearer {who.token}"}
        challenge = self._challenges.get(parts.path, "")
        if challenge.lower().startswith("digest"):
            self._uses += 1
            return {"Authorization": _digest(who, challenge, method, target, self._uses)}
        if "basic" in challenge.lower():
            import base64

            return {"Authorization": "Basic " + base64.b64encode(f"{who.user}:{who.password}".encode()).decode()}
        return {}

    def _refused(self, parts: SplitResult, reply: Reply, attempts: int) -> StoreError:
        """Return the error that says what a server refused and what to do."""
        said = f" ({shorten(_without_tags(reply.text), 160)})" if reply.data else ""
        place = _place(parts)
        lower = reply.text.lower()
        if reply.status == 507 or "no space left" in lower or "disk full" in lower or "disk is full" in lower:
            return StoreError(f"{place}: the store's disk is full{said}; make room there and run this again")
        if reply.status == 401:
            if self.credentials is None:
                return StoreError(f"{place}: asks who you are; {WHERE}")
            return StoreError(f"{place}: does not accept the credentials from {self.credentials.place}; {WHERE}")
        if reply.status == 403 or (reply.status == 405 and attempts):
            return StoreError(
                f"{place}: does not allow this{said}; is the store read-only, or the user without rights?"
            )
        if reply.status == 404:
            return StoreError(
                f"{place}: there is nothing at this address{said}; check the URL, and {self.options.kind}"
            )
        if reply.status == 413:
            return StoreError(f"{place}: takes no request as long as this{said}; raise its limit")
        if 300 <= reply.status < 400:
            return StoreError(f"{place}: has moved to {reply.headers.get('location', 'elsewhere')}; give that address")
        if reply.status in BUSY:
            return StoreError(f"{place}: is busy, {attempts} times answered {reply.status}{said}; run this again later")
        return StoreError(f"{place}: answered {reply.status}{said}")

    def _unreachable(self, parts: SplitResult, error: Exception, attempts: int) -> StoreError:
        """Return the error that says why no answer came and what to do."""
        import socket

        why = str(getattr(error, "strerror", None) or error or type(error).__name__)
        if isinstance(error, socket.gaierror):
            what = "no server of that name is known; check the URL"
        elif isinstance(error, ssl.SSLCertVerificationError):
            what = (
                f"its certificate is not trusted ({error.verify_message}); name its authority's file in SSL_CERT_FILE"
            )
        elif isinstance(error, ssl.SSLError):
            what = f"no TLS connection can be made ({error.reason or why}); should the URL begin with http://?"
        elif isinstance(error, ConnectionRefusedError):
            what = "nothing answers there; is the store running, and the port right?"
        elif isinstance(error, _NotConnectedError):
            other = "; should the URL begin with http://?" if parts.scheme == "https" else "; check the URL"
            what = f"no connection was made within {min(self.timeout, CONNECT_MOST):g} seconds{other}"
        elif isinstance(error, TimeoutError):
            option = self.options.timeout
            more = f"allow more with {option}" if option else "ask for less, or again later"
            what = f"gave no answer within {self.timeout:g} seconds; {more}"
        elif isinstance(error, (ConnectionError, http.client.HTTPException)):
            times = f" {attempts} times" if attempts > 1 else ""
            what = f"the connection broke{times} ({shorten(why, 80)}); run this again when the store is well"
        else:
            what = f"cannot be reached ({shorten(why, 80)}); check the URL"
        return StoreError(f"{_place(parts)}: {what}")


def _connect(connection: http.client.HTTPConnection, timeout: float) -> None:
    """Connect, and give what follows its own time."""
    try:
        connection.connect()
    except TimeoutError as error:
        raise _NotConnectedError from error
    connection.sock.settimeout(timeout)


def _connection(parts: SplitResult, target: str, timeout: float) -> tuple[http.client.HTTPConnection, str]:
    """Return a connection to a server, by way of the environment's proxy unless it is this machine, and the target."""
    host, port = parts.hostname or "", parts.port
    proxy = _proxy(parts)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        if proxy is None:
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=context), target
        tunnel = http.client.HTTPSConnection(proxy.hostname or "", proxy.port, timeout=timeout, context=context)
        tunnel.set_tunnel(host, port)
        return tunnel, target
    if proxy is None:
        return http.client.HTTPConnection(host, port, timeout=timeout), target
    return http.client.HTTPConnection(
        proxy.hostname or "", proxy.port, timeout=timeout
    ), f"http://{parts.netloc}{target}"


def _proxy(parts: SplitResult) -> SplitResult | None:
    """Return the proxy that the environment names for a server; there is none to this machine."""
    from urllib.request import getproxies, proxy_bypass

    host = parts.hostname or ""
    try:
        here = ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    named = getproxies().get(parts.scheme)
    if here or not named or proxy_bypass(host):
        return None
    return urlsplit(named if "://" in named else f"http://{named}")


def _digest(who: Credentials, challenge: str, method: str, target: str, uses: int) -> str:
    """Return the Authorization header that answers a Digest challenge (RFC 7616)."""
    asked = {name.lower(): value.strip('"') for name, value in re.findall(r'(\w+)=("[^"]*"|[^\s,]+)', challenge)}
    algorithm = asked.get("algorithm", "MD5")
    if algorithm.upper() not in ("MD5", "SHA-256") or "auth" not in asked.get("qop", "auth").replace(" ", "").split(
        ","
    ):
        raise StoreError(f"the store asks for Digest authentication of a kind unknown here ({algorithm})")

    def hashed(text: str) -> str:
        return hashlib.new(algorithm.replace("-", "").lower(), text.encode(), usedforsecurity=False).hexdigest()

    count, mine = f"{uses:08x}", secrets.token_hex(8)
    realm, nonce = asked.get("realm", ""), asked.get("nonce", "")
    secret, what = hashed(f"{who.user}:{realm}:{who.password}"), hashed(f"{method}:{target}")
    middle = f"{count}:{mine}:auth:" if "qop" in asked else ""
    given = {"username": who.user, "realm": realm, "nonce": nonce, "uri": target}
    given["response"] = hashed(f"{secret}:{nonce}:{middle}{what}")
    given |= {"opaque": asked["opaque"]} if "opaque" in asked else {}
    quoted = ", ".join(f'{name}="{value}"' for name, value in given.items())
    rest = f', qop=auth, nc={count}, cnonce="{mine}"' if middle else ""
    return f"Digest {quoted}, algorithm={algorithm}{rest}"


def _place(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _without_tags(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def _wait(attempt: int) -> float:
    """Return how many seconds to wait after an attempt: twice as long each time, never quite the same."""
    return min(LONGEST, 0.5 * 2.0 ** (attempt - 1)) * (0.75 + secrets.randbelow(500) / 1000)


def _asked(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds the server asks to wait."""
    given = headers.get("retry-after", "")
    if given.isdecimal():
        return min(float(given), ASKED_MOST)
    if not given:
        return None
    from email.utils import parsedate_to_datetime

    try:
        return min(max(0.0, parsedate_to_datetime(given).timestamp() - time.time()), ASKED_MOST)
    except ValueError:
        return None
