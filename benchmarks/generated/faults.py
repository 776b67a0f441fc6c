"""The faults that can be planted: which rule each breaks, in which blocks it fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from random import Random
from typing import NamedTuple

from generated.blocks import Block, Objects, Planted
from generated.forms import CLAIMS
from generated.ontology import range_of
from generated.writing import expand

SPARQL_RULE = "SpanShape-end"
"""The one rule of FAULTS that stands in benchmarks/sparql-shape.ttl, as core SHACL cannot say it."""


class Fault(NamedTuple):
    """A way to spoil a block: what is wrong, in blocks of which class, the rule broken, and what a predicate gets."""

    kind: str
    of: str
    rule: str
    predicate: str
    spoil: Callable[[Block], Objects]
    beside: str = ""

    def fits(self, block: Block) -> bool:
        """Tell whether a block can be spoilt so."""
        said = self.predicate in block.objects and (not self.beside or self.beside in block.objects)
        return said and block.kind.endswith(self.of)

    def plant(self, block: Block) -> Block:
        """Return the block with this fault."""
        objects = block.objects | {self.predicate: self.spoil(block)}
        kept = {predicate: some for predicate, some in objects.items() if some}
        return block._replace(objects=kept, planted=Planted(expand(block.subject), self.rule, self.kind))


def _nothing(_: Block) -> Objects:
    """Return no objects: the predicate goes."""
    return ()


def _only(*objects: str) -> Callable[[Block], Objects]:
    """Return what puts other objects in place of those there."""
    return lambda _: objects


def _also(predicate: str, another: str) -> Callable[[Block], Objects]:
    """Return what adds an object to those there."""
    return lambda block: (*block.objects[predicate], another)


def _thirteenth(block: Block) -> Objects:
    """Return a start in a month that no year has."""
    return (f'{block.objects["cg:start"][0][:5]}-13"^^xsd:gYearMonth',)


ROLES = sorted(
    {
        part.predicate
        for form in CLAIMS.values()
        for part in form.parts
        if range_of(part.predicate) not in ("", "Entity")
    }
)
"""The roles that claims have here and that do not take everything."""
QUALIFIERS = "aspect comparator endBound milestone role scope stage startBound trait unit"
_SECOND_LABEL = _also("rdfs:label", '"another label"@en')

FAULTS = (
    Fault("misspelt modality", "Claim", "ClaimShape-modality", "cg:modality", _only("cg:reportd")),
    Fault("required property missing", "Claim", "ClaimShape-modality", "cg:modality", _nothing),
    Fault("required property missing", "Claim", "ClaimShape-passage", "cg:passage", _nothing),
    Fault("required property missing", "Claim", "AssertionShape-label", "rdfs:label", _nothing),
    Fault("required property missing", "ClosureClaim", "ClosureClaimShape-milestone", "cg:milestone", _nothing),
    Fault("required property missing", "ProductionClaim", "ProductionClaimShape-milestone", "cg:milestone", _nothing),
    Fault("required property missing", "RoleClaim", "RoleClaimShape-role", "cg:role", _nothing),
    Fault("required property missing", "Passage", "PassageShape-inSource", "cg:inSource", _nothing),
    Fault("required property missing", "Alias", "AliasShape-usedBy", "cg:usedBy", _nothing),
    Fault("required property missing", "Source", "SourceShape-fileName", "cg:fileName", _nothing),
    Fault("required property missing", "Reading", "ReadingShape-author", "cg:author", _nothing),
    Fault("too many values", "Claim", "AssertionShape-label", "rdfs:label", _SECOND_LABEL),
    Fault("too many values", "Plant", "EntityShape-label", "rdfs:label", _SECOND_LABEL),
    Fault("too many values", "VehicleModel", "EntityShape-label", "rdfs:label", _SECOND_LABEL),
    Fault("too many values", "Claim", "AssertionShape-milestone", "cg:milestone", _only("cg:ongoing", "cg:launch")),
    Fault("too many values", "Passage", "PassageShape-sha256", "cg:sha256", _also("cg:sha256", f'"{64 * "0"}"')),
    Fault("two kinds", "Plant", "EntityShape-type", "a", _also("a", "cg:Programme")),
    Fault("two kinds", "Brand", "EntityShape-type", "a", _also("a", "cg:Programme")),
    Fault("not in English", "Claim", "AssertionShape-label", "rdfs:label", _only('"Behauptung"@de')),
    Fault("wrong datatype", "Claim", "AssertionShape-value", "cg:value", _only("2.3E5")),
    Fault("wrong datatype", "Passage", "PassageShape-paragraph", "cg:paragraph", _only("1.5")),
    Fault("wrong datatype", "Alias", "AliasShape-spelling", "cg:spelling", _only('"spelling"@en')),
    Fault("wrong datatype", "Source", "SourceShape-published", "cg:published", _only('"July 2015"')),
    Fault("out of range", "Claim", "AssertionShape-value", "cg:value", _only("-1")),
    Fault("out of range", "Passage", "PassageShape-paragraph", "cg:paragraph", _only("0")),
    Fault("out of range", "Claim", "AssertionShape-start", "cg:start", _thirteenth),
    Fault("not of the pattern", "Passage", "PassageShape-sha256", "cg:sha256", _only('"385586f9"')),
    Fault("not of the pattern", "Source", "SourceShape-url", "cg:url", _only('"example.org"^^xsd:anyURI')),
    Fault("unit missing", "Claim", "ValueShape-unit", "cg:unit", _nothing, beside="cg:value"),
    Fault(
        "starts where it ends", "Passage", "PassageShape-start-before-end", "oa:start", lambda b: b.objects["oa:end"]
    ),
    Fault("ends before it starts", "Claim", SPARQL_RULE, "cg:end", _only('"1901"^^xsd:gYear'), beside="cg:start"),
    Fault("not inferred", "Reading", "ReadingShape-modality", "cg:modality", _only("cg:reported")),
    *(
        Fault(
            "wrong class",
            "Claim",
            f"AssertionShape-{role.removeprefix('cg:')}",
            role,
            _only("id:plant-0" if range_of(role) == "Place" else "id:place-0"),
        )
        for role in ROLES
    ),
    *(
        Fault("wrong list", "Claim", f"AssertionShape-{word}-inScheme", f"cg:{word}", _only("cg:denied"))
        for word in QUALIFIERS.split()
    ),
)
"""The faults that can be planted; each breaks the one rule that it names, once."""


def with_faults(blocks: Iterable[Block], share: Fraction | float, random: Random) -> Iterator[Block]:
    """Yield the blocks, one of them spoilt in each 1/share triples; of what can be wrong there, the rarest so far."""
    done: Counter[str] = Counter()
    seen, due = 0, random.random() / share
    for block in blocks:
        seen += block.triples
        fitting = [fault for fault in FAULTS if fault.fits(block)] if seen > due else []
        if not fitting:
            yield block
            continue
        rarest = min(done[fault.kind] for fault in fitting)
        fault = random.choice([fault for fault in fitting if done[fault.kind] == rarest])
        done[fault.kind] += 1
        due = (done.total() + random.random()) / share
        yield fault.plant(block)
