"""A provenance-first knowledge graph of alliances, plants, platforms and vehicles."""

__version__ = "0.1.0"
