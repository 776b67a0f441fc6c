"""How the tests run the program: as the installed script, or forked from a process that has imported it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

import click

from compas_graph.cli import COMMANDS, Commands, commands

__all__ = ["Cold", "Done", "Run", "Warm", "below"]

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]
LONGEST = 120
"""Seconds after which a command is taken to hang."""


@dataclass(frozen=True)
class Cold:
    """The script, run in a folder with some arguments in front of those given, unless they name other data."""

    script: Path
    folder: Path
    first: Sequence[str] = ()

    def arguments(self, given: Sequence[str | Path]) -> list[str]:
        """Return the arguments of a command."""
        texts = [str(each) for each in given]
        return texts if "--data" in texts else [*self.first, *texts]

    def __call__(self, *given: str | Path, input: str | bytes = b"") -> Done:
        """Run a command and return its exit code and what it printed."""
        command = [str(self.script), *self.arguments(given)]
        done = subprocess.run(
            command, input=_bytes(input), capture_output=True, cwd=self.folder, timeout=LONGEST, check=False
        )
        return Done(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


class Warm:
    """The program, run as by `Cold` but forked from a process that has imported it (see warm.py)."""

    def __init__(self, cold: Cold) -> None:
        """Take what a command is run with where it must start by itself, too."""
        self.cold = cold
        self.python = _for_python(os.environ)

    def __enter__(self) -> Self:
        """Start the process."""
        self.requests, theirs = socket.socketpair()
        self.requests.settimeout(LONGEST)
        self.answers = self.requests.makefile()
        server = [sys.executable, str(Path(__file__).with_name("warm.py")), str(theirs.fileno())]
        self.server = subprocess.Popen(server, pass_fds=[theirs.fileno()])
        theirs.close()
        return self

    def __exit__(self, *_: object) -> None:
        """Let it end."""
        self.requests.shutdown(socket.SHUT_RDWR)
        self.requests.close()
        self.server.wait(LONGEST)

    def __call__(self, *given: str | Path, input: str | bytes = b"") -> Done:
        """Run a command and return its exit code and what it printed."""
        if _for_python(os.environ) != self.python:  # these count only when an interpreter starts
            return self.cold(*given, input=input)
        arguments = self.cold.arguments(given)
        request = {"arguments": arguments, "folder": str(self.cold.folder), "environment": dict(os.environ)}
        with TemporaryFile() as asked, TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
            for file, data in ((asked, json.dumps(request).encode()), (stdin, _bytes(input))):
                file.write(data)
                file.seek(0)
            socket.send_fds(self.requests, [b"."], [file.fileno() for file in (asked, stdin, stdout, stderr)])
            status = int(self.answers.readline())
            printed = []
            for file in (stdout, stderr):
                file.seek(0)
                printed.append(file.read().decode())
        return Done(arguments, os.waitstatus_to_exitcode(status), *printed)


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _for_python(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that an interpreter reads when it starts."""
    return {name: value for name, value in environment.items() if name.startswith("PYTHON")}


def below(command: click.Command = commands) -> dict[str, click.Command]:
    """Return the commands below one, all of them by default; saved queries do not count."""
    if isinstance(command, Commands):
        found = {name: command.get_command(click.Context(command), name) for name in COMMANDS}
        return {name: each for name, each in found.items() if each is not None}
    return dict(command.commands) if isinstance(command, click.Group) else {}
