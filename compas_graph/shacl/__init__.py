"""SHACL validation: shapes read from a graph, and the engine that holds data against them.

`engine` is what the program uses; `reference` runs pyshacl over the same graphs and gives its results
in the same form.
"""
