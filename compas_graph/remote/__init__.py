"""SPARQL stores at a distance: how they are reached, and how graphs are put into them and verified.

| Module | What is in it |
|---|---|
| `loading` | a whole load: what is new, changed, vanished; each graph replaced whole or not at all |
| `replacement`, `probing` | the ways of replacing one graph, and whether a PUT may be one |
| `ledger`, `differences` | what was put there, kept in the store itself; what a store changed of it |
| `reading`, `asking` | the graph in a store, asked as one in this process is; a query of the user's own |
| `checking`, `inferring` | work done in the store: violations asked for, rules run |
| `doctor`, `abilities` | what a store can do, and what to do about the rest |
| `client` | one store: ask, update, put, read back |
| `kinds` | a table of the kinds of store |
| `transport` | HTTP: authentication, patience, and faults as one clear line |
| `origin`, `canonical` | what is to be loaded; sorted graphs with their digests |
| `credentials` | users and passwords, never on the command line |
"""
