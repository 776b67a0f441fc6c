"""Where the program starts, before anything is imported that takes time."""

from __future__ import annotations

import signal

__all__ = ["main"]


def main() -> None:
    """Run the command line; an interrupt or a closed pipe ends it at once and quietly."""
    for name in ("SIGINT", "SIGPIPE"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    from compas_graph.cli import main as run

    run()


if __name__ == "__main__":
    main()
