"""Temporary files: they have no name, so that nothing is left of them however the process ends."""

from __future__ import annotations

import io
import os
import tempfile

from compas_graph.errors import LimitError

__all__ = ["scratch"]

CHUNK = 1 << 20


class _Scratch(io.FileIO):
    """A temporary file without its buffer; a full disk is named as what it is."""

    def write(self, data: object, /) -> int:
        """Write some bytes, or raise LimitError where there is no room."""
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            raise _no_room(error) from error


def scratch() -> io.BufferedRandom:
    """Return a new temporary file to write and read, or raise LimitError where there is no room; writing does, too."""
    try:
        with tempfile.TemporaryFile(buffering=0) as file:
            return io.BufferedRandom(_Scratch(os.dup(file.fileno()), "r+b"), CHUNK)
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> LimitError:
    """Return the error that says what is wrong with the folder for temporary files."""
    folder = f" {tempfile.tempdir}" if tempfile.tempdir else ""
    why = error.strerror or error
    return LimitError(
        f"the folder for temporary files{folder} cannot be written ({why}); make room there, or set TMPDIR to another"
    )
