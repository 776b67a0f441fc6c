"""Tests of the ontology, its shapes and its hygiene, each rule with a file that breaks it."""
