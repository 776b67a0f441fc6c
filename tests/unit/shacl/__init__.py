"""Tests of compas_graph.shacl."""
