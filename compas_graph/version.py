"""The version of the package, which is that of the ontology, too."""

__all__ = ["__version__"]

__version__ = "0.1.0"
