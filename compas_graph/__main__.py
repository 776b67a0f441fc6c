"""Where the program starts, before anything is imported that takes time."""

from __future__ import annotations

import signal

__all__ = ["main"]


def main() -> None:
    """Run the command line; an interrupt ends it at once and quietly, even within a long query."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from compas_graph.cli import main as run

    run()


if __name__ == "__main__":
    main()
