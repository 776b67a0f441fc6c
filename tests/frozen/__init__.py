"""Tests of the answers and claims of the four first sources, whose graph is frozen here."""
