"""Tests of the modules of the package, each where its module lies."""
