"""Tests of the repository itself: its tests assert and lie in place, its docs hold, its version is one."""
