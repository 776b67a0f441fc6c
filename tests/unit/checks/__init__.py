"""Tests of compas_graph.checks."""
