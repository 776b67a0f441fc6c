"""Credentials are found where users put them, and no error shows a token, a password or the user of an address."""

from __future__ import annotations

import os
import pickle
import subprocess
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest

from compas_graph.cli.output import complain, note
from compas_graph.errors import CompasGraphError, StoreError
from compas_graph.remote.client import connect
from compas_graph.remote.credentials import Credentials, check_address, credentials_for
from compas_graph.remote.transport import Transport
from tests.odd_files import without_rights
from tests.unit.remote.misbehaving import Fault, Misbehaving

SECRET = "s3cr3t<&/tale"
TOKEN = {"COMPAS_GRAPH_TOKEN": SECRET}
USER = {"COMPAS_GRAPH_USER": "me", "COMPAS_GRAPH_PASSWORD": SECRET}
SPELT = [SECRET, quote(SECRET, safe=""), escape(SECRET), b64encode(f"me:{SECRET}".encode()).decode(), "s3cr3t"]


# --- Where they come from ---


def test_credentials_come_from_the_environment_before_a_netrc_file(tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine store.example login me password secret\n", encoding="utf-8")
    netrc = {"NETRC": str(file)}
    found = credentials_for("https://store.example/a", netrc)
    assert found is not None
    assert (found.user, found.password) == ("me", "secret")
    assert "secret" not in repr(found)
    assert credentials_for("https://other.example", netrc) is None
    you = credentials_for("https://store.example", {**netrc, "COMPAS_GRAPH_USER": "you", "COMPAS_GRAPH_PASSWORD": "x"})
    assert you is not None
    assert you.user == "you"
    with pytest.raises(StoreError, match="COMPAS_GRAPH_PASSWORD is not"):
        credentials_for("https://store.example", {"COMPAS_GRAPH_USER": "you"})


@pytest.mark.skipif(os.name == "nt", reason="rights are otherwise there")
def test_a_home_without_a_readable_netrc_file_has_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is one needed: there may be no home, or one that may not be looked into, or an odd thing in it."""

    def none() -> None:
        raise RuntimeError("Could not determine home directory.")

    address = "https://store.example"
    with without_rights() as folder:
        (folder / ".netrc").write_text("machine store.example login me password secret")
        assert credentials_for(address, {"NETRC": str(folder / ".netrc")}) is not None
        monkeypatch.setenv("HOME", str(folder))
        (folder / ".netrc").chmod(0)
        with pytest.raises(StoreError, match=r"\.netrc: cannot be read \(Permission denied\)$"):
            credentials_for(address, {})
        folder.chmod(0)
        assert credentials_for(address, {}) is None
        folder.chmod(0o700)
        (folder / ".netrc").unlink()
        os.mkfifo(folder / ".netrc")
        assert credentials_for(address, {}) is None
    monkeypatch.setattr(Path, "home", none)
    assert credentials_for(address, {}) is None


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://me:secret@localhost:7878", "can be seen by others; leave it out and set COMPAS_GRAPH_USER"),
        ("localhost:7878", "is not the address of a store; one looks like http://localhost:7878"),
        ("http://", "is not the address of a store"),
        ("http://localhost:99999", "is not the address of a store"),
        ("ftp://localhost", "is not the address of a store"),
        ("http://localhost/a b", "leave out what follows"),
        ("http://localhost/?x=1", "leave out what follows"),
    ],
)
def test_an_address_that_is_none_is_refused_and_a_password_in_it_not_repeated(address: str, message: str) -> None:
    with pytest.raises(StoreError, match=message) as raised:
        check_address(address)
    assert "secret" not in str(raised.value)


# --- Where they are not shown ---


def sent(given_: dict[str, str]) -> str:
    """Return all that a server can repeat of credentials."""
    return " ".join(SPELT[: 4 if "COMPAS_GRAPH_USER" in given_ else 3])


def shows_nothing(work: Callable[[], object]) -> None:
    """Hold that work fails with an error of ours that shows no secret in any form that it can be given."""
    with pytest.raises(CompasGraphError) as caught:
        work()
    error = caught.value
    forms = [str(error), repr(error), pickle.dumps(error).decode("latin-1"), "".join(traceback.format_exception(error))]
    again = pickle.loads(pickle.dumps(error))
    forms += [str(again), repr(vars(again))]
    assert not [form for form in forms if any(spelt in form for spelt in SPELT)]


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    """Return a server that repeats in whatever it says what it was sent."""
    there = Misbehaving()
    yield there
    there.stop()


@pytest.mark.parametrize("status", [300, 301, 400, 401, 403, 404, 405, 413, 429, 500, 503, 507])
@pytest.mark.parametrize("given_", [TOKEN, USER], ids=["token", "password"])
def test_what_a_store_repeats_is_not_repeated(server: Misbehaving, status: int, given_: dict[str, str]) -> None:
    """In its page of faults, its headers, raw and as HTML and addresses spell it."""
    said = sent(given_)
    server.fault = lambda _: Fault(status, said, (("Location", f"http://me:{SECRET}@x/{SPELT[1]}"), ("Server", said)))
    way = Transport(credentials_for(server.url, given_), 5, 2, pause=lambda _: None)
    shows_nothing(lambda: connect(server.url, "oxigraph", "", way))


@pytest.mark.parametrize("said", [SECRET, "{" + SECRET])
def test_an_answer_that_cannot_be_read_is_shown_without_secrets(server: Misbehaving, said: str) -> None:
    """Its beginning is, else."""
    way = Transport(credentials_for(server.url, TOKEN), 5, 1)
    client = connect(server.url, "oxigraph", "", way)
    server.fault = lambda _: Fault(200, said)
    shows_nothing(lambda: client.ask("ASK {}"))
    with pytest.raises(StoreError, match=r"no SPARQL results.*…"):
        client.ask("ASK {}")


CONTROLS = ["\r", "\n", "\0", "\x1b", "\x7f", "\x9b", "\udcff"]


@pytest.mark.parametrize("sign", CONTROLS)
@pytest.mark.parametrize("name", ["COMPAS_GRAPH_TOKEN", "COMPAS_GRAPH_PASSWORD", "COMPAS_GRAPH_USER"])
def test_a_value_with_a_control_sign_is_refused_and_not_shown(sign: str, name: str) -> None:
    """As the line break is that an editor of Windows leaves."""
    for value in (f"{SECRET}{sign}", f"{sign}{SECRET}", f"s3cr3t{sign}x"):
        given_ = (USER if "TOKEN" not in name else TOKEN) | {name: value}
        shows_nothing(lambda given_=given_: credentials_for("http://x", given_))  # type: ignore[misc]
        with pytest.raises(StoreError, match=f"{name}(: has a control character| has a sign that is not ASCII)"):
            credentials_for("http://x", given_)


NETRC = {
    "an unknown word": f"machine x login me pass {SECRET}",
    "a word too many": f"machine x login me password p {SECRET}",
    "an open quote": f'machine x login me password "{SECRET}',
    "a macro": f"macdef {SECRET}",
    "a control sign": f"machine x login me password {SECRET}\x1b",
    "no text": f"machine x login me password {SECRET}\udcff",
}


@pytest.mark.parametrize("text", NETRC.values(), ids=NETRC)
def test_a_netrc_file_that_is_none_is_not_shown(tmp_path: Path, text: str) -> None:
    """Its place is."""
    file = tmp_path / "netrc"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    file.chmod(0o600)
    try:
        found = credentials_for("http://x", {"NETRC": str(file)})
    except StoreError:
        shows_nothing(lambda: credentials_for("http://x", {"NETRC": str(file)}))
    else:
        assert found is None or found.password


ADDRESSES = [
    f"http://me:{SECRET}@x",
    "http://me:s3cr3t@x",
    "http://s3cr3t@x:1/",
    "ftp://me:s3cr3t@x",
    "http://me:s3cr3t@x:port",
    "http://me:s3cr3t@[x",
    "http://me:s3cr3t@\u2100",
    "me:s3cr3t@x",
    "http://x/?key=s3cr3t",
    "http://x/#s3cr3t",
    "x?key=s3cr3t",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_user_of_an_address_is_not_shown(address: str) -> None:
    """Nor what follows a question mark, however wrong the rest is."""
    shows_nothing(lambda: check_address(address))


@pytest.mark.parametrize("address", [*ADDRESSES[:8], "http://me:1/s3cr3t@x:2", "s3cr3t:s3cr3t"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_proxy_is_not_shown(address: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether its address is one or not."""
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, address)
    monkeypatch.setenv("no_proxy", "")
    shows_nothing(lambda: connect(f"{scheme}://127.0.0.2.invalid", "", "", Transport(None, 1, 1)))


def test_credentials_do_not_show_themselves() -> None:
    """In a log, say."""
    assert "s3cr3t" not in repr(Credentials("me", SECRET, SECRET, "netrc")) + str(Credentials("", "", SECRET, ""))


def test_what_is_said_beside_an_answer_hides_the_users_of_addresses(capfd: pytest.CaptureFixture[str]) -> None:
    """Whoever wrote the message, and in a traceback, too."""
    complain(f"http://me:s3cr3t@x: {ADDRESSES[1]}", before="Traceback\nhttp://s3cr3t@x")
    note("see http://me:s3cr3t@x/")
    err = capfd.readouterr().err
    assert "s3cr3t" not in err and err.count("…@x") == 4


COMMANDS = [["doctor", "URL"], ["load", "URL"], ["unload", "URL"], ["find", "MFA", "--store", "URL"]]


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("given_", [TOKEN, USER, {"COMPAS_GRAPH_TOKEN": f"{SECRET}\r"}], ids=["token", "user", "stray"])
def test_no_command_prints_a_secret_or_leaves_it(
    script: Path, server: Misbehaving, command: list[str], given_: dict[str, str], tmp_path: Path
) -> None:
    """On no stream, not with --debug, and in no file."""
    server.fault = lambda _: Fault(403, f"you sent {sent(given_)}", after=True)
    arguments = [str(script), "--debug", *(server.url if word == "URL" else word for word in command)]
    environment = {**os.environ, **given_, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(arguments, env=environment, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    seen = [done.stdout.decode(), done.stderr.decode()]
    seen += [path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()]
    assert done.returncode == 2 and "Traceback" in seen[1]
    assert not [text for text in seen if any(spelt in text for spelt in SPELT)]
