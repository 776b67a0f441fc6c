"""SHACL validation: shapes read from a graph, and the engine that holds data against them.

`shapes` reads a shapes graph into the values of `model`; `engine` is what the program validates with, and
`reference` runs pyshacl over the same graphs and gives its results in the same form. `compiled` makes queries of
shapes, for a store elsewhere. What a constraint component is, stands in one row in `components`: all of these
follow it.
"""
