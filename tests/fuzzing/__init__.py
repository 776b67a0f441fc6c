"""Fuzzing: inputs by the thousand that no one would write, through the program's own front door.

    python -m tests.fuzzing --inputs 3000

See docs/reliability.md for what is attacked, what must hold, and what was found.
"""
