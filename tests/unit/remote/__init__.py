"""Tests of compas_graph.remote, against servers that misbehave."""
