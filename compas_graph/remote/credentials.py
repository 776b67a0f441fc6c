"""Who asks: a user with a password, or a token, from the environment or a netrc file.

No error shows them, nor what the parser of a netrc file or of an address complains of, which is a part of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from compas_graph.errors import StoreError, shorten, shown
from compas_graph.files import is_file

__all__ = ["WHERE", "Credentials", "check_address", "credentials_for"]

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
WHERE = "set COMPAS_GRAPH_USER and COMPAS_GRAPH_PASSWORD, or COMPAS_GRAPH_TOKEN, or write them in a netrc file"


class Credentials(NamedTuple):
    """A user with a password, or a token; `place` is where they were found."""

    user: str
    password: str
    token: str
    place: str

    def __repr__(self) -> str:
        """Return a form that can be logged."""
        return f"Credentials(place={self.place!r})"

    def hidden(self, text: str) -> str:
        """Return what a server says without the secrets, should it repeat what it was sent."""
        from base64 import b64encode

        both = b64encode(f"{self.user}:{self.password}".encode()).decode()
        for secret in filter(None, (self.token, self.password and both, self.password)):
            for spelt in (secret, quote(secret, safe=""), escape(secret)):
                text = text.replace(spelt, "…")
        return text


def check_address(address: str) -> str:
    """Return the address of a store without a slash at its end, or raise StoreError for what is none."""
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        user = parts.username is not None
    except ValueError:
        named = user = False
    if user or (not named and "@" in address):
        raise StoreError(f"a user or password in the URL can be seen by others; leave it out and {WHERE}")
    shown = shorten(re.split(r"[?#]", address)[0], 100)
    if not named or parts.scheme not in ("http", "https") or not address.isascii() or not address.isprintable():
        raise StoreError(f"'{shown}' is not the address of a store; one looks like http://localhost:7878")
    if parts.query or parts.fragment or " " in address:
        raise StoreError(f"'{shown}': leave out what follows the path; one looks like http://localhost:7878")
    return address.rstrip("/")


def credentials_for(address: str, environment: Mapping[str, str] = os.environ) -> Credentials | None:
    """Return whom to be at an address: from COMPAS_GRAPH_…, else from the netrc file, None for nobody."""
    token = environment.get("COMPAS_GRAPH_TOKEN", "")
    user = environment.get("COMPAS_GRAPH_USER", "")
    if token:
        if not token.isascii():
            raise StoreError("COMPAS_GRAPH_TOKEN has a sign that is not ASCII; set the token as the store gives it")
        return Credentials("", "", _clean(token, "COMPAS_GRAPH_TOKEN"), "COMPAS_GRAPH_TOKEN")
    if user:
        password = environment.get("COMPAS_GRAPH_PASSWORD")
        if password is None:
            raise StoreError("COMPAS_GRAPH_USER is set, but COMPAS_GRAPH_PASSWORD is not; set both")
        _clean(user, "COMPAS_GRAPH_USER")
        return Credentials(user, _clean(password, "COMPAS_GRAPH_PASSWORD"), "", "COMPAS_GRAPH_USER")
    return _of_netrc(urlsplit(address).hostname or "", environment)


def _clean(value: str, place: str) -> str:
    """Return a value that has no control character, or raise StoreError, which does not show it."""
    if CONTROL.search(value):
        raise StoreError(f"{place}: has a control character, perhaps a line break at its end; set it without")
    return value


def _of_netrc(host: str, environment: Mapping[str, str]) -> Credentials | None:
    """Return what the netrc file says of a host by name."""
    import netrc

    path = _netrc(environment)
    if path is None or not is_file(path):
        return None
    try:
        found = netrc.netrc(str(path)).hosts.get(host)
    except netrc.NetrcParseError as error:  # which repeats the word that it did not expect: a password, it may be
        at = f"{shown(path)}:{error.lineno or 1}"
        raise StoreError(f"{at}: not a netrc file; a line is 'machine HOST login USER password PASSWORD'") from None
    except OSError as error:
        raise StoreError(f"{shown(path)}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError:
        raise StoreError(f"{shown(path)}: is not text in the encoding of this system") from None
    return Credentials(_clean(found[0], str(path)), _clean(found[2] or "", str(path)), "", str(path)) if found else None


def _netrc(environment: Mapping[str, str]) -> Path | None:
    """Return the path of the netrc file, None where the user has no home."""
    if environment.get("NETRC"):
        return Path(environment["NETRC"])
    try:
        return Path.home() / ".netrc"
    except RuntimeError:
        return None
