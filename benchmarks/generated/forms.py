"""What claims, readings and entities are made of, and how often: tables to draw from."""

from __future__ import annotations

from typing import NamedTuple

from generated.ontology import classes_below, concepts_for, kinds_of_claim, needed, range_of


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

USUAL = {
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
"""The forms of claims as they are in the graph; the weights are how often each class occurs there."""


def _form(kind: str) -> Form:
    """Return a form for a class that the table does not have: what its shape needs, or else an agent."""
    properties = needed(kind)
    parts = [Part(one, " ".join(key for key, (name, _) in KINDS.items() if name in classes_below(range_of(one))))
             for one in properties if range_of(one)] or [_AGENT._replace(likely=1)]  # fmt: skip
    parts += [Part(one, " ".join(concepts)) for one in properties if (concepts := concepts_for(one))]
    milestones = next((part.choices for part in parts if part.predicate == "cg:milestone"), "")
    units = "cg:percent" if "cg:value" in properties else ""
    return Form(2, tuple(part for part in parts if part.predicate != "cg:milestone"), milestones, units)


CLAIMS = USUAL | {kind: _form(kind) for kind in kinds_of_claim() if kind not in USUAL}
"""The forms of all kinds of claim of the ontology."""

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
