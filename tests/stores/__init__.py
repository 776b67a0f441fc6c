"""Tests on triple stores of other makers, started for the tests."""
