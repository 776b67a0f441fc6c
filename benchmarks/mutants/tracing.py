"""Put in front of a test process as its `sitecustomize`: write down which functions of a folder are called.

FUNCTIONS_CALLED names the file to write to, FUNCTIONS_OF the folder of the package. Each function is written once, as
soon as it is called, so that processes that are forked, and those that end without a word, tell as well.
"""

from __future__ import annotations

import os
import sys
import threading
from types import CodeType, FrameType

FOLDER = os.environ.get("FUNCTIONS_OF", "")
SEEN: dict[int, CodeType] = {}
"""What was called, by identity, and kept so that no identity is given twice."""


def note(frame: FrameType, event: str, _: object) -> None:
    """Write a function down the first time that it is called."""
    code = frame.f_code
    if event == "call" and id(code) not in SEEN:
        SEEN[id(code)] = code
        if code.co_filename.startswith(FOLDER):
            os.write(LOG, f"{code.co_filename[len(FOLDER) + 1 :]}\t{code.co_qualname}\n".encode())


if FOLDER:
    LOG = os.open(os.environ["FUNCTIONS_CALLED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    threading.setprofile(note)
    sys.setprofile(note)
