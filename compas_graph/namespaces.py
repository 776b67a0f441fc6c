"""The one prefix table of the project, and the names made from it.

>>> CG + "usesPlatform"
'https://w3id.org/compas-graph/ontology#usesPlatform'
>>> compact("https://w3id.org/compas-graph/id/mfa")
'id:mfa'
"""

from __future__ import annotations

import re

__all__ = ["BASE", "CG", "PREFIXES", "compact", "compact_text", "expand"]

BASE = "https://w3id.org/compas-graph/"
CG = BASE + "ontology#"

PREFIXES = {
    "alias": BASE + "alias/",
    "cg": CG,
    "cgs": BASE + "shapes#",
    "claim": BASE + "claim/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "fibo-fbo": "https://spec.edmcouncil.org/fibo/ontology/BE/LegalEntities/FormalBusinessOrganizations/",
    "fibo-opty": "https://spec.edmcouncil.org/fibo/ontology/BE/OwnershipAndControl/OwnershipParties/",
    "graph": BASE + "graph/",
    "id": BASE + "id/",
    "oa": "http://www.w3.org/ns/oa#",
    "omission": BASE + "omission/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "passage": BASE + "passage/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "reading": BASE + "reading/",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "source": BASE + "source/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.)")


def compact(iri: str) -> str:
    """Return the prefixed name of an IRI, or the IRI in angle brackets."""
    for prefix in ("cg", "rdf", "rdfs", *PREFIXES):
        start = PREFIXES[prefix]
        if iri.startswith(start) and _LOCAL.fullmatch(iri[len(start) :]):
            return f"{prefix}:{iri[len(start) :]}"
    return f"<{iri}>"


def compact_text(text: str) -> str:
    """Return a text with each IRI in angle brackets that has a prefixed name put as that.

    >>> compact_text("<http://www.w3.org/2002/07/owl#hasKey> is not supported")
    'owl:hasKey is not supported'
    """
    return re.sub(r"<([^<>\s]*)>", lambda found: compact(found[1]), text)


def expand(name: str) -> str | None:
    """Return the IRI that a prefixed name or a bracketed IRI stands for, or None.

    >>> expand("id:mfa")
    'https://w3id.org/compas-graph/id/mfa'
    >>> expand("MFA") is None
    True
    """
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1] if _IRI.fullmatch(name[1:-1]) else None
    if name.startswith(("http://", "https://", "urn:")):
        return name if _IRI.fullmatch(name) else None
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and _LOCAL.fullmatch(local):
        return PREFIXES[prefix] + local
    return None
