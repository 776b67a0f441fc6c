"""Sources one after the other, each with its entities, passages, claims and readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from random import Random

from generated.blocks import Block, Objects
from generated.forms import (
    BOUNDS,
    CLAIMS,
    COMPARATORS,
    CREDITS,
    FIGURES,
    KINDS,
    MODALITIES,
    RELATIVE,
    SCOPES,
    STAGES,
    VAGUE,
    Part,
)


def clean_blocks(triples: int, random: Random, graph_size: int) -> Iterator[Block]:
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
