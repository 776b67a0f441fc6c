"""Generate a graph of our own shape: of any size, the same for the same seed, with a known share of planted faults.

    python benchmarks/generate.py TRIPLES [--seed N] [--faults SHARE] [--format turtle|trig|nquads] > FILE

Sources follow each other, each with the entities that it brings, its passages, claims and readings. Things of earlier
sources come up again, the first ones often, most hardly ever. Only counts are remembered from one source to the next,
so memory does not grow. With no faults the graph conforms to ontology/shapes.ttl and benchmarks/sparql-shape.ttl.
A fault changes one block, and breaks one property shape once; which ones there are says FAULTS, and `--planted FILE`
lists those in the output.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import count
from pathlib import Path
from random import Random
from typing import IO, NamedTuple

from compas_graph.namespaces import PREFIXES

__all__ = ["FAULTS", "FORMATS", "SPARQL_RULE", "Block", "Fault", "Planted", "generate", "write"]

GRAPH_SIZE = 200
"""How many triples a source, and so a named graph, has at most, give or take a sentence."""
LEAST_TRIPLES = 1000
"""The size from which on the number of triples is met within one in a hundred."""
MOST_FAULTS = Fraction(1, 20)
"""The greatest share of faults: a block, of about seven triples, takes one at most."""
SPARQL_RULE = "SpanShape-end"
"""The one rule of FAULTS that stands in benchmarks/sparql-shape.ttl, as core SHACL cannot say it."""

Objects = tuple[str, ...]


class Planted(NamedTuple):
    """One planted fault: the node it is found at, the rule that it breaks, and what is wrong."""

    focus: str
    rule: str
    kind: str


class Block(NamedTuple):
    """All that is said of one subject: its class, and objects by predicate, as Turtle writes them."""

    graph: str
    subject: str
    kind: str
    objects: dict[str, Objects]
    planted: Planted | None = None

    @property
    def triples(self) -> int:
        """Return the number of its triples."""
        return sum(map(len, self.objects.values()))


# ===== What claims are made of =====


class Part(NamedTuple):
    """What may stand in a claim: a predicate, the kinds of thing or the concepts to draw from, how likely, how many."""

    predicate: str
    choices: str
    likely: float = 1.0
    most: int = 1


class Form(NamedTuple):
    """How claims of a class look: how frequent they are, their parts, milestones, and the units of their figure."""

    weight: int
    parts: tuple[Part, ...]
    milestones: str = ""
    units: str = ""


KINDS = {
    "brand": ("Brand", "{}"),
    "company": ("Company", "{} Motor"),
    "alliance": ("Alliance", "{} Alliance"),
    "venture": ("JointVenture", "{} Joint Venture"),
    "outlet": ("Outlet", "{} News"),
    "person": ("Person", "Ada {}"),
    "country": ("Country", "{}land"),
    "place": ("Place", "{}"),
    "plant": ("Plant", "{} plant"),
    "platform": ("Platform", "{} platform"),
    "model": ("VehicleModel", "{} GT"),
    "engine": ("Engine", "{} engine"),
    "programme": ("Programme", "Project {}"),
}
"""Of each kind of entity the class, and the form of its label."""
VAGUE = {"alliance", "company", "engine", "model", "plant", "platform", "programme"}
"""The kinds that sources also speak of without a name."""

_TRAITS = "cg:hatchback cg:crossover cg:pickup cg:suv cg:minivan cg:cityCar cg:compactCar cg:premium cg:electricDrive"
_PURPOSES = "cg:costStructure cg:infrastructure cg:logistics cg:supplierBase cg:tradeAgreements cg:currencyHedging"
_WORK = "cg:research cg:planning cg:design cg:development cg:manufacturing cg:expertise"
_LOOK = "cg:productDesign cg:specifications cg:drivingCharacteristics"
_AGENT = Part("cg:agent", "company brand", 0.4, 2)
_MODEL = Part("cg:model", "model", 1, 3)
_PLANT = Part("cg:plant", "plant")

CLAIMS = {
    "ProductionClaim": Form(
        32,
        (
            _AGENT,
            Part("cg:maker", "brand", 0.5, 2),
            _MODEL,
            Part("cg:plant", "plant", 0.7),
            Part("cg:place", "place country", 0.4),
            Part("cg:trait", _TRAITS, 0.2),
        ),
        "cg:ongoing cg:ongoing cg:productionStart cg:operational cg:productionEnd cg:rollOut cg:fullCapacity",
    ),
    "LocationClaim": Form(17, (_PLANT, Part("cg:location", "place country"))),
    "CollaborationClaim": Form(
        16, (Part("cg:partner", "company", 1, 3), Part("cg:programme", "programme", 0.5), Part("cg:aspect", _WORK, 0.7))
    ),
    "ModelClaim": Form(
        14,
        (
            Part("cg:maker", "brand", 0.5),
            Part("cg:model", "model"),
            Part("cg:trait", _TRAITS, 1, 2),
            Part("cg:modelStatus", "cg:upcoming cg:current", 0.3),
        ),
    ),
    "SiteChoiceClaim": Form(12, (_AGENT, Part("cg:place", "place"), Part("cg:aspect", _PURPOSES, 1, 2))),
    "LaunchClaim": Form(
        12, (Part("cg:maker", "brand", 0.5), _MODEL), "cg:onSale cg:unveiling cg:launch cg:comeback cg:rollOut"
    ),
    "MeasureClaim": Form(
        10,
        (
            Part("cg:agent", "company"),
            Part("cg:programme", "programme", 0.8),
            Part("cg:aspect", "cg:workforce cg:costCutting cg:simplification cg:footprint", 1, 2),
        ),
        units="cg:employees cg:platforms cg:percent",
    ),
    "PlatformClaim": Form(9, (_MODEL, Part("cg:platform", "platform"))),
    "PartnershipClaim": Form(
        9,
        (Part("cg:partner", "company", 0.9, 3), Part("cg:partnership", "alliance venture")),
        "cg:agreement cg:ongoing",
    ),
    "ClosureClaim": Form(
        8, (_AGENT, _PLANT, Part("cg:programme", "programme", 0.4)), "cg:closure cg:windDown cg:productionEnd"
    ),
    "AssessmentClaim": Form(8, (Part("cg:agent", "company brand"), Part("cg:aspect", "cg:flagship cg:trackRecord"))),
    "AnnouncementClaim": Form(8, (Part("cg:agent", "company brand", 1, 2), _MODEL), "cg:announcement"),
    "DifferentiationClaim": Form(7, (Part("cg:model", "model", 1, 2), Part("cg:aspect", _LOOK, 1, 2))),
    "InvestmentClaim": Form(6, (_AGENT, _PLANT), units="cg:euro cg:dollar"),
    "EngineClaim": Form(6, (Part("cg:model", "model", 0.5), _PLANT, Part("cg:engine", "engine"))),
    "GroupClaim": Form(5, (Part("cg:parent", "company"), Part("cg:member", "brand", 1, 3))),
    "CapacityClaim": Form(5, (_PLANT,), units="cg:vehiclesPerYear"),
    "SuccessionClaim": Form(4, ()),
    "RoleClaim": Form(
        4,
        (
            Part("cg:person", "person"),
            Part("cg:organisation", "company brand"),
            Part("cg:role", "cg:chiefExecutive cg:spokesperson"),
        ),
    ),
    "NameClaim": Form(4, (Part("cg:named", "venture plant model"),)),
    "JobsClaim": Form(3, (_PLANT,), units="cg:jobs"),
    "OwnershipClaim": Form(2, (Part("cg:owner", "company", 1, 2), Part("cg:venture", "venture")), units="cg:percent"),
}
"""The forms of claims; the weights are how often each class occurs in the graph."""

FIGURES = {
    "cg:dollar": (7, 10),
    "cg:employees": (3, 5),
    "cg:euro": (7, 10),
    "cg:jobs": (2, 4),
    "cg:percent": (0, 2),
    "cg:platforms": (0, 1.5),
    "cg:vehiclesPerYear": (4, 6),
}
"""Of each unit the least and the greatest figure, as powers of ten."""

MODALITIES = {"reported": 60, "planned": 25, "opinion": 5, "considered": 4, "rumoured": 3, "promised": 3}
COMPARATORS = Part("cg:comparator", "cg:about cg:about cg:moreThan cg:upTo", 0.4)
STAGES = Part("cg:stage", "cg:initial cg:fullStage cg:potential", 0.3)
SCOPES = Part("cg:scope", "cg:total cg:total cg:worldwide cg:eachPartner cg:allStaff", 0.3)
BOUNDS = ("cg:boundAt", "cg:boundAt", "cg:boundBy", "cg:boundAfter", "cg:boundAbout")
RELATIVE = ("cg:atPublication", "cg:atPublication", "cg:shortlyBefore", "cg:thisMonth", "cg:thisYear", "cg:nextYear")
CREDITS = (
    Part("cg:speaker", "person company brand", 0.25, 2),
    Part("cg:possibleSpeaker", "person company", 0.05),
    Part("cg:via", "outlet", 0.08),
    Part("cg:possiblyVia", "outlet", 0.02),
)


# ===== The graph =====


def generate(
    triples: int, seed: int = 0, faults: Fraction | float = 0, graph_size: int = GRAPH_SIZE
) -> Iterator[Block]:
    """Yield the blocks of a graph of that many triples, of which that share is bad.

    Clean and faulty graphs of one seed differ in the blocks with a planted fault only.
    """
    if triples < LEAST_TRIPLES:
        raise ValueError(f"{triples} triples are too few, it takes {LEAST_TRIPLES}")
    if not 0 <= faults <= MOST_FAULTS:
        raise ValueError(f"{faults} is no share of faults: it lies from 0 to {MOST_FAULTS}")
    blocks = _clean(triples, Random(f"{seed}"), graph_size)
    return _with_faults(blocks, faults, Random(f"{seed} faults")) if faults else blocks


def _clean(triples: int, random: Random, graph_size: int) -> Iterator[Block]:
    """Yield the blocks of a graph without faults, source by source."""
    made: Counter[str] = Counter()
    left, room = triples, True
    for number in count():
        source = _Source(number, made, random)
        room = source.tell(int(graph_size * random.uniform(0.4, 0.8)), left) and left - source.triples >= 80
        yield from source.blocks() if room else source.filled(left)
        if not room:
            return
        left -= source.triples


class _Source:
    """One source in the making: its blocks, and what they may refer to."""

    def __init__(self, number: int, made: Counter[str], random: Random) -> None:
        self.random = random
        self.made = made
        self.number = number
        self.name = f"g{number}"
        self.year = random.randint(2005, 2025)
        self.entities: list[Block] = []
        self.told: list[Block] = []
        self.readings: list[Block] = []
        self.claims: list[Block] = []
        self.vague: list[str] = []
        self.triples = 0
        self.paragraph, self.end, self.sentence = 1, -1, 0
        if not number:
            self._add(self.entities, "id:generator", "Organisation", {"rdfs:label": ('"generator of graphs"@en',)})
            for kind in KINDS:
                self._new(kind)

    def _add(
        self, to: list[Block], subject: str, kind: str, objects: Mapping[str, Objects], also: Objects = ()
    ) -> Block:
        """Add a block to one of the lists of this source."""
        block = Block(f"graph:{self.name}", subject, kind, {"a": (f"cg:{kind}", *also), **objects})
        to.append(block)
        self.triples += block.triples
        return block

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in the order of the file."""
        yield from (*self.entities, *self.told, *self.readings)

    def tell(self, size: int, most: int) -> bool:
        """Fill this source sentence by sentence up to about `size` triples; tell whether `most` left room."""
        self._describe()
        while self.triples < size or not self.claims:
            lists = (self.entities, self.told, self.readings, self.claims)
            marks, before = [len(each) for each in lists], self.triples
            self._sentence()
            if self.triples > most:
                for each, mark in zip(lists, marks, strict=True):
                    del each[mark:]
                self.triples = before
                return False
        return True

    def filled(self, triples: int) -> Iterator[Block]:
        """Yield the blocks with passages added that no claim carries, as many as fit in that number of triples."""
        while self.triples + 10 <= triples:
            self._omit(self._passage())
        return self.blocks()

    def _describe(self) -> None:
        """Add the block of the source itself."""
        outlet = self._entity("outlet")
        published = self._date(self.year)
        objects = {
            "rdfs:label": (f'"G{self.number}: {label(outlet)}, {self.year}"@en',),
            "cg:publisher": (outlet,),
            "cg:url": (f'"https://example.org/news/{self.year}/{self.name}"^^xsd:anyURI',),
            "cg:published": (published,),
            "cg:dateBasis": ('"Drawn by lot, like all that this source says."@en',),
            "cg:fileName": (f'"{self.name}.txt"',),
            "cg:sha256": (self._digest(),),
            "cg:encodedBy": ("id:generator",),
        }
        self._add(self.told, f"source:{self.name}", "Source", objects)

    def _sentence(self) -> None:
        """Add a passage, and what it says."""
        random = self.random
        passage = self._passage()
        if self.claims and random.random() < 0.08:
            self._omit(passage)
            return
        for _ in range(random.choice((1, 1, 2, 2, 3, 4))):
            claim = self._claim(passage)
            if claim.kind == "InvestmentClaim" and random.random() < 0.3:
                self._conversion(claim)
        if random.random() < 0.4:
            self._reading()

    def _passage(self) -> str:
        """Add a passage and return its name."""
        random = self.random
        self.sentence += 1
        if self.end > 0 and random.random() < 0.4:
            self.paragraph, self.sentence = self.paragraph + 1, 1
        start = self.end + random.choice((1, 1, 1, 3))
        self.end = start + random.randint(40, 240)
        name = f"passage:{self.name}-{self.paragraph}-{self.sentence}"
        objects = {
            "cg:inSource": (f"source:{self.name}",),
            "cg:paragraph": (str(self.paragraph),),
            "oa:start": (str(start),),
            "oa:end": (str(self.end),),
            "cg:sha256": (self._digest(),),
        }
        self._add(self.told, name, "Passage", objects)
        return name

    def _omit(self, passage: str) -> None:
        """Add that no claim carries a passage."""
        objects = {
            "rdfs:label": ('"Link to another story"@en',),
            "cg:omittedBecause": ('"A link line, \\"read more\\", no part of the story."@en',),
            "cg:passage": (passage,),
        }
        self._add(self.told, passage.replace("passage:", "omission:"), "Omission", objects)

    # ----- Entities -----

    def _entity(self, kinds: str) -> str:
        """Return the name of a thing of one of the kinds: often one of the first made, now and then a new one."""
        kind = self.random.choice(kinds.split())
        if self.random.random() < 0.12:
            return self._new(kind)
        return f"id:{kind}-{int(self.made[kind] * self.random.random() ** 3)}"

    def _new(self, kind: str) -> str:
        """Add an entity, with its aliases unless it has no name, and return its own."""
        random = self.random
        name = f"id:{kind}-{self.made[kind]}"
        self.made[kind] += 1
        text = label(name)
        if kind in VAGUE and random.random() < 0.5:
            self.vague.append(name)
            vague = {"rdfs:label": (f'"{text} (unnamed)"@en',)}
            self._add(self.entities, name, KINDS[kind][0], vague, ("cg:Unnamed",))
            return name
        spellings = list(dict.fromkeys((text, text.split()[-1], text.upper())))[: random.choice((0, 0, 1, 1, 1, 2, 3))]
        aliases = tuple(f"alias:{name[3:]}-{number}" for number in range(len(spellings)))
        known = {"rdfs:label": (f'"{text}"@en',), "cg:alias": aliases}
        self._add(self.entities, name, KINDS[kind][0], {predicate: some for predicate, some in known.items() if some})
        for alias, spelling in zip(aliases, spellings, strict=True):
            users = dict.fromkeys((f"source:g{random.randint(0, self.number)}", f"source:{self.name}"))
            used = {"cg:spelling": (f'"{spelling}"',), "cg:usedBy": tuple(users)}
            self._add(self.entities, alias, "Alias", used)
        return name

    # ----- Claims -----

    def _claim(self, passage: str) -> Block:
        """Add a claim of a passage, in the usual order of predicates."""
        random = self.random
        kind = random.choices(list(CLAIMS), [form.weight for form in CLAIMS.values()])[0]
        form = CLAIMS[kind]
        parts = self._parts(form.parts) if kind != "SuccessionClaim" else self._succession()
        names = ", ".join(label(part) for objects in parts.values() for part in objects if part.startswith("id:"))
        said = random.choices(list(MODALITIES), list(MODALITIES.values()))[0]
        objects: dict[str, Objects] = {"rdfs:label": (f'"{kind.removesuffix("Claim")} ({said}): {names}"@en',)}
        if random.random() < 0.1:
            objects["skos:note"] = (f'"What \\"{names}\\" means exactly, the source does not say."@en',)
        objects |= parts
        if kind == "NameClaim":
            objects["cg:name"] = (f'"{names}"',)
        if any(len(some) > 1 for some in parts.values()) and random.random() < 0.1:
            objects[random.choice(("cg:listIsOpen", "cg:pairwise"))] = ("true",)
        objects |= self._figure(form.units.split()) | self._times()
        if self.claims and random.random() < 0.05:
            objects["cg:aboutClaim"] = (random.choice(self.claims).subject,)
        if form.milestones:
            objects["cg:milestone"] = (random.choice(form.milestones.split()),)
        if random.random() < 0.04:
            objects["cg:polarity"] = ("cg:denied",)
        objects["cg:modality"] = (f"cg:{said}",)
        objects |= self._parts(CREDITS)
        objects["cg:passage"] = (passage,)
        return self._assert(kind, objects)

    def _assert(self, kind: str, objects: dict[str, Objects]) -> Block:
        """Add a claim with the next number of this source."""
        claim = self._add(self.told, f"claim:{self.name}-{len(self.claims) + 1:02}", kind, objects)
        self.claims.append(claim)
        return claim

    def _parts(self, parts: Iterable[Part]) -> dict[str, Objects]:
        """Return the objects drawn for some parts, for those that are there."""
        random = self.random
        drawn: dict[str, Objects] = {}
        for part in parts:
            if part.likely == 1 or random.random() < part.likely:
                draw = self._entity if ":" not in part.choices else lambda choices: random.choice(choices.split())
                number = random.randint(1, part.most) if part.most > 1 else 1
                drawn[part.predicate] = tuple(dict.fromkeys(draw(part.choices) for _ in range(number)))
        return drawn

    def _succession(self) -> dict[str, Objects]:
        """Return a model and one made before it, so that no model ever comes before itself."""
        earlier = self._entity("model")
        return {"cg:successor": (self._new("model"),), "cg:predecessor": (earlier,)}

    def _figure(self, units: list[str]) -> dict[str, Objects]:
        """Return a figure in one of the units, and what qualifies it."""
        random = self.random
        if not units:
            return {}
        unit = random.choice(units)
        if unit == "cg:platforms":
            more = random.randint(5, 20)
            return {"cg:fromValue": (str(more),), "cg:toValue": (str(more - random.randint(1, 4)),), "cg:unit": (unit,)}
        figure = {"cg:value": (self._number(unit),), "cg:unit": (unit,)} | self._parts((COMPARATORS, STAGES, SCOPES))
        counted = [claim for claim in self.claims[-20:] if unit in claim.objects.get("cg:unit", ())]
        if counted and random.random() < 0.3:
            figure["cg:partOfCount"] = (random.choice(counted).subject,)
        return figure

    def _number(self, unit: str) -> str:
        """Return a figure as texts give it: of two digits, the rest noughts."""
        least, most = FIGURES[unit]
        figure = 10 ** self.random.uniform(least, most)
        if unit == "cg:percent" and self.random.random() < 0.2:
            return f"{int(figure)}.5"
        return str(int(float(f"{figure:.1e}")))

    def _conversion(self, claim: Block) -> None:
        """Add the claim that gives the sum of another one in the other currency."""
        other = "cg:dollar" if claim.objects["cg:unit"] == ("cg:euro",) else "cg:euro"
        own = ("a", "cg:partOfCount")
        objects = {predicate: some for predicate, some in claim.objects.items() if predicate not in own}
        objects |= {"rdfs:label": (f'"The same sum in {other[3:]}s"@en',)}
        objects |= {"cg:value": (self._number(other),), "cg:unit": (other,)}
        objects |= {"cg:conversionOf": (claim.subject,), "cg:passage": objects.pop("cg:passage")}
        self._assert("InvestmentClaim", objects)

    # ----- Times -----

    def _times(self) -> dict[str, Objects]:
        """Return when a claim begins and ends, as far as it says so."""
        random = self.random
        times: dict[str, Objects] = {}
        year = self.year + random.randint(-10, 5)
        for word in ("start", "end"):
            if random.random() < (0.6 if times else 0.25):
                if random.random() < 0.3:
                    times[f"cg:{word}Relative"] = (random.choice(RELATIVE),)
                else:
                    times[f"cg:{word}"] = (self._date(year),)
                times[f"cg:{word}Bound"] = (random.choice(BOUNDS),)
            year += random.randint(1, 6)
        return times

    def _date(self, year: int) -> str:
        """Return a date in a year, as precise as it may be."""
        month = self.random.randint(1, 12)
        day = f'"{year}-{month:02}-{self.random.randint(1, 28):02}"^^xsd:date'
        return self.random.choices((f'"{year}"^^xsd:gYear', f'"{year}-{month:02}"^^xsd:gYearMonth', day), (5, 3, 2))[0]

    def _digest(self) -> str:
        """Return a digest of no text at all."""
        return f'"{self.random.getrandbits(256):064x}"'

    # ----- Readings -----

    def _reading(self) -> None:
        """Add what might be concluded from a claim of this source and one of another."""
        random = self.random
        claim = random.choice(self.claims).subject
        other = f"claim:g{int(self.number * random.random() ** 2)}-01"  # every source has a first claim
        kind = random.choice(("PossiblySame", "Outcome", "Tension", "Tension", "Reference", "Background"))
        objects: dict[str, Objects] = {}
        if kind == "PossiblySame":
            some = random.choice(("plant", "model"))
            objects["cg:thing"] = (self._new(some), self._new(some))
        elif kind == "Reference" and self.vague:
            objects |= {"cg:mention": (random.choice(self.vague),), "cg:referent": (self._entity("company plant"),)}
        elif kind == "Outcome":
            objects |= {"cg:plan": (other,), "cg:outcome": (claim,), "cg:aspect": ("cg:manufacturing",)}
            objects["cg:result"] = (random.choice(("cg:met", "cg:partly", "cg:changed")),)
        elif kind == "Tension" and other != claim:
            objects["cg:between"] = (other, claim)
        else:
            kind = "Background"
            objects |= {"cg:place": (self._entity("place"),), "cg:location": (self._entity("country"),)}
        objects = {"rdfs:label": (f'"{kind} of {claim[6:]}"@en',)} | objects
        objects |= {"cg:restsOn": tuple(dict.fromkeys((claim, other)))}
        objects |= {"cg:modality": ("cg:inferred",), "cg:author": ("id:generator",)}
        self._add(self.readings, f"reading:{self.name}-{len(self.readings) + 1}", f"{kind}Reading", objects)


_SYLLABLES = [consonant + vowel for consonant in (*"bdfgklmnprstvz", "sh", "tr") for vowel in "aeiü"]


def label(entity: str) -> str:
    """Return the label of an entity, made from the number in its name; no two of a kind are alike for long.

    >>> label("id:plant-7")
    'Dagümü plant'
    """
    kind, _, number = entity.removeprefix("id:").rpartition("-")
    if kind not in KINDS:
        return entity
    mixed = (int(number) * 75_733 + sum(map(ord, kind)) * 7_919) % len(_SYLLABLES) ** 3
    syllables = (_SYLLABLES[mixed // len(_SYLLABLES) ** place % len(_SYLLABLES)] for place in range(3))
    return KINDS[kind][1].format("".join(syllables).capitalize())


# ===== Faults =====


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


ROLES = (
    "agent engine location maker member model organisation owner parent partner partnership"
    " person place plant platform programme venture"
)
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
            f"AssertionShape-{role}",
            f"cg:{role}",
            _only("id:plant-0" if role in ("place", "location") else "id:place-0"),
        )
        for role in ROLES.split()
    ),
    *(
        Fault("wrong list", "Claim", f"AssertionShape-{word}-inScheme", f"cg:{word}", _only("cg:denied"))
        for word in QUALIFIERS.split()
    ),
)
"""The faults that can be planted; each breaks the one rule that it names, once."""


def _with_faults(blocks: Iterable[Block], share: Fraction | float, random: Random) -> Iterator[Block]:
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


# ===== Writing =====

USED = ("alias", "cg", "claim", "graph", "id", "oa", "omission", "passage", "rdfs", "reading", "skos", "source", "xsd")
NUMBERS = {"E": "double", ".": "decimal", "": "integer"}
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def expand(name: str) -> str:
    """Return the IRI that a prefixed name stands for.

    >>> expand("id:plant-0")
    'https://w3id.org/compas-graph/id/plant-0'
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _ntriples(term: str) -> str:
    """Return a term as N-Triples writes it.

    >>> _ntriples("-2.5"), _ntriples('"5"^^xsd:gYear')
    ('"-2.5"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"5"^^<http://www.w3.org/2001/XMLSchema#gYear>')
    """
    if term[0] == '"':
        text, mark, datatype = term.rpartition("^^")
        return f"{text}^^<{expand(datatype)}>" if mark and text.endswith('"') else term
    if term == "a":
        return RDF_TYPE
    if term == "true" or term[0] in "-0123456789":
        kind = "boolean" if term == "true" else next(kind for mark, kind in NUMBERS.items() if mark in term)
        return f'"{term}"^^<{PREFIXES["xsd"]}{kind}>'
    return f"<{expand(term)}>"


def _nquads(block: Block) -> str:
    """Return a block as lines of N-Quads."""
    subject, graph = _ntriples(block.subject), _ntriples(block.graph)
    return "".join(
        f"{subject} {_ntriples(predicate)} {_ntriples(each)} {graph} .\n"
        for predicate, objects in block.objects.items()
        for each in objects
    )


def _turtle(block: Block, indent: str = "") -> str:
    """Return a block as Turtle, a line for each predicate."""
    lines = (f"{predicate} {' , '.join(objects)}" for predicate, objects in block.objects.items())
    return f"\n{indent}{block.subject} " + f" ;\n{indent}    ".join(lines) + " .\n"


def _as_nquads(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the text of a graph in N-Quads."""
    yield from map(_nquads, blocks)


def _as_turtle(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the text of a graph in Turtle, in the layout of the repository; it does not tell the named graphs."""
    for prefix in USED:
        if prefix != "graph":
            yield f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    yield from map(_turtle, blocks)


def _as_trig(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the text of a graph in TriG, a pair of braces for each named graph."""
    for prefix in USED:
        yield f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    graph = ""
    for block in blocks:
        if block.graph != graph:
            yield ("}\n" if graph else "") + f"\n{block.graph} {{\n"
            graph = block.graph
        yield _turtle(block, "    ")
    if graph:
        yield "}\n"


FORMATS = {"turtle": _as_turtle, "trig": _as_trig, "nquads": _as_nquads}


def write(blocks: Iterable[Block], format: str, file: IO[str]) -> list[Planted]:
    """Write blocks to a file in one of FORMATS, and return the faults planted in them."""
    planted: list[Planted] = []

    def noted() -> Iterator[Block]:
        for block in blocks:
            if block.planted:
                planted.append(block.planted)
            yield block

    file.writelines(FORMATS[format](noted()))
    return planted


# ===== The command =====


def _share(text: str) -> Fraction:
    """Return a share given as 0.001 or 1/1000."""
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= MOST_FAULTS:
        raise argparse.ArgumentTypeError(f"'{text}' is no share from 0 to {MOST_FAULTS}, like 1/1000 or 0.001")
    return share


def _triples(least: int) -> Callable[[str], int]:
    """Return what reads a number of triples given as 100000 or 100,000."""

    def read(text: str) -> int:
        digits = text.replace(",", "")
        if not (digits.isascii() and digits.isdecimal()) or int(digits) < least:
            raise argparse.ArgumentTypeError(f"'{text}' is no number of triples from {least:,} on")
        return int(digits)

    return read


def main() -> None:
    """Write the graph asked for to standard output."""
    parser = argparse.ArgumentParser(description="Generate a graph of our own shape.", allow_abbrev=False)
    parser.add_argument("triples", type=_triples(LEAST_TRIPLES), help="how many triples")
    parser.add_argument("--seed", type=int, default=0, help="another seed, another graph (default: 0)")
    parser.add_argument("--faults", type=_share, default=Fraction(0), help="the share of bad triples, like 1/1000")
    parser.add_argument("--format", choices=FORMATS, default="turtle", help="turtle (default) has no named graphs")
    parser.add_argument(
        "--graph-size", type=_triples(100), default=GRAPH_SIZE, help="triples of a source (default: 200)"
    )
    parser.add_argument("--planted", type=Path, help="a file for the faults: node, rule and kind of each, with tabs")
    given = parser.parse_args()
    blocks = generate(given.triples, given.seed, given.faults, given.graph_size)
    with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="\n", closefd=False) as out:
        planted = write(blocks, given.format, out)
    if given.planted:
        given.planted.write_text("".join("\t".join(fault) + "\n" for fault in planted), "utf-8")


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # whoever reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
