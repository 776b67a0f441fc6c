"""Who asks: a user with a password, or a token, from the environment or a netrc file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from compas_graph.errors import StoreError, shown
from compas_graph.files import is_file

__all__ = ["WHERE", "Credentials", "check_address", "credentials_for"]

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


def check_address(address: str) -> str:
    """Return the address of a store without a slash at its end, or raise StoreError for what is none."""
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if named and (parts.username is not None or parts.password is not None):
        raise StoreError(f"a user or password in the URL can be seen by others; leave it out and {WHERE}")
    if not named or parts.scheme not in ("http", "https") or not address.isascii() or not address.isprintable():
        raise StoreError(f"'{address[:100]}' is not the address of a store; one looks like http://localhost:7878")
    if parts.query or parts.fragment or " " in address:
        raise StoreError(f"'{address[:100]}': leave out what follows the path; one looks like http://localhost:7878")
    return address.rstrip("/")


def credentials_for(address: str, environment: Mapping[str, str] = os.environ) -> Credentials | None:
    """Return whom to be at an address: from COMPAS_GRAPH_…, else from the netrc file, None for nobody."""
    token = environment.get("COMPAS_GRAPH_TOKEN", "")
    user = environment.get("COMPAS_GRAPH_USER", "")
    if token:
        return Credentials("", "", token, "COMPAS_GRAPH_TOKEN")
    if user:
        password = environment.get("COMPAS_GRAPH_PASSWORD")
        if password is None:
            raise StoreError("COMPAS_GRAPH_USER is set, but COMPAS_GRAPH_PASSWORD is not; set both")
        return Credentials(user, password, "", "COMPAS_GRAPH_USER")
    return _of_netrc(urlsplit(address).hostname or "", environment)


def _of_netrc(host: str, environment: Mapping[str, str]) -> Credentials | None:
    """Return what the netrc file says of a host by name."""
    import netrc

    path = _netrc(environment)
    if path is None or not is_file(path):
        return None
    try:
        found = netrc.netrc(str(path)).hosts.get(host)
    except netrc.NetrcParseError as error:
        raise StoreError(f"{shown(path)}:{error.lineno or 1}: not a netrc file: {error.msg}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{shown(path)}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return Credentials(found[0], found[2] or "", "", str(path)) if found else None


def _netrc(environment: Mapping[str, str]) -> Path | None:
    """Return the path of the netrc file, None where the user has no home."""
    if environment.get("NETRC"):
        return Path(environment["NETRC"])
    try:
        return Path.home() / ".netrc"
    except RuntimeError:
        return None
