"""The parts of `generate`: blocks, what claims are made of, sources, faults, and how all that is written."""
