"""The words of SHACL: which have an effect and on what, which are harmless, and which nothing here applies.

What no row names is refused, too: a word that nobody applied would seem to hold.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from pyoxigraph import NamedNode

from compas_graph.errors import one_of
from compas_graph.shacl.components import COMPONENTS, PARAMETERS
from compas_graph.shacl.paths import OPERATORS, sh

__all__ = [
    "APPLIED",
    "BY_PYSHACL",
    "CLASSES",
    "DASH",
    "HARMLESS",
    "OF_DASH",
    "SHACL",
    "TARGETS",
    "UNAPPLIED",
    "WITHIN",
    "class_refusal",
    "idle_words",
    "judged",
    "makes_a_shape",
    "word_refusal",
]

SHACL = sh("").value
DASH = "http://datashapes.org/dash#"
OTHER_SPACE = re.compile(r"https?://(?:www\.)?w3\.org/(?:ns/)?shacl[#/]\w*", re.I)
"""What people write for SHACL's namespace and is another."""

TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")

APPLIED: dict[str, tuple[str, ...]] = {
    "shape": ("path", "severity", "message", "deactivated", *TARGETS, *PARAMETERS),
    "SPARQL constraint": ("select", "prefixes", "message", "deactivated"),
    "path": tuple(operator.value.removeprefix(SHACL) for operator in OPERATORS),
    "component": ("parameter", "validator", "nodeValidator", "propertyValidator", "message"),
    "parameter": ("path", "optional", *PARAMETERS),
    "validator": ("select", "ask", "prefixes", "message"),
    "set of prefixes": ("declare",),
    "prefix declaration": ("prefix", "namespace"),
}
"""The words that both engines apply, by the part of a shapes graph that they stand on."""

BY_PYSHACL: dict[str, tuple[str, ...]] = {
    "shape": ("target", "rule", "expression"),
    "target": ("select", "prefixes"),
    "target type": ("parameter", "select", "prefixes"),
    "rule": ("subject", "predicate", "object", "construct", "prefixes", "condition", "order", "deactivated"),
    "node expression": ("path", "union", "intersection", "message"),
    "function": ("parameter", "select", "ask", "prefixes"),
}
"""The words of SHACL Advanced Features for which pyshacl takes over."""

HARMLESS: dict[str, str] = {
    **dict.fromkeys(("name", "description", "intent", "agentInstruction", "formalized"), "tells people what is meant"),
    **dict.fromkeys(("order", "group", "labelTemplate", "codeIdentifier"), "says how a form or a program shows it"),
    **dict.fromkeys(("defaultValue", "unit"), "says how a value is entered or read"),
    "ignoredProperties": "counts beside `sh:closed`, and says nothing without it",
    "message": "is told where a shape, a constraint or an expression is broken",
    "severity": "counts on a shape; a constraint has that of its shape",
    "returnType": "says what a function gives",
    **dict.fromkeys(
        ("resultAnnotation", "annotationProperty", "annotationValue", "annotationVarName"),
        "adds to a report what is not in it here",
    ),
    **dict.fromkeys(("declare", "prefix", "namespace", "prefixes"), "declares prefixes; without it a query is refused"),
    **dict.fromkeys(("shapesGraph", "suggestedShapesGraph"), "is advice; `--shapes` says which shapes are applied"),
    **dict.fromkeys(
        (
            *("conforms", "result", "detail", "focusNode", "resultMessage", "resultPath", "resultSeverity"),
            *("sourceConstraint", "sourceConstraintComponent", "sourceShape", "value", "shapesGraphWellFormed"),
            *("conformanceDisallows", "conformsToShapesGraph", "usedShapesGraph", "usedDataGraph", "usedConfiguration"),
        ),
        "is the report of an earlier check",
    ),
}
"""The words that nothing here applies and that change no result, with the reason."""

OF_SHAPES = (
    *("reifierShape", "reificationRequired", "singleLine", "someValue", "memberShape", "uniqueMembers"),
    *("minListLength", "maxListLength", "subsetOf", "rootClass", "uniqueValuesFor", "nodeByExpression", "targetWhere"),
)
"""The words of SHACL 1.2 that make a shape of what they stand on."""

UNAPPLIED: dict[str, tuple[str, ...]] = {
    "SHACL-JS": ("js", "jsFunctionName", "jsLibrary", "jsLibraryURL"),
    "SHACL Advanced Features": (
        *("values", "filterShape", "nodes", "minus", "exists", "if", "then", "else", "distinct", "count", "min"),
        *("max", "sum", "groupConcat", "separator", "orderBy", "desc", "limit", "offset", "update"),
    ),
    "SHACL 1.2": (
        *OF_SHAPES,
        *("shape", "sparqlExpr", "bodyExpression", "keyParameter", "describe", "expectedPredicate"),
        *("layer", "runOnce", "includesRuleSet", "hasRule", "ruleProcessor", "sourceRule", "tempTriple"),
        *("incomplete", "incompleteURIStart"),
    ),
    "SHACL 1.0": ("entailment",),
}
"""The words that are refused by name, by what they are of; one that a shapes graph defines itself is applied."""

OF_DASH = (
    *("closedByTypes", "coExistsWith", "hasValueIn", "hasValueWithClass", "indexed", "nonRecursive", "reifiableBy"),
    *("rootClass", "scriptConstraint", "singleLine", "stem", "subSetOf", "symmetric", "uniqueValueForClass"),
    "uriStart",
)
"""The constraints of DASH, which are applied where its definitions are among the shapes."""

INSTEAD = {"entailment": "; derive what follows with --infer"}

WITHIN = {*UNAPPLIED["SHACL-JS"], *UNAPPLIED["SHACL Advanced Features"]} - {"js", "values"}
"""Of those refused, the words that say nothing where no shape leads."""

CLASSES = (
    *("NodeShape", "PropertyShape", "Shape", "ConstraintComponent", "Parameter", "SPARQLConstraint"),
    *("Validator", "SPARQLAskValidator", "SPARQLSelectValidator", "PrefixDeclaration", "PropertyGroup", "NodeKind"),
    *("Severity", "Parameterizable", "ResultAnnotation", "ValidationReport", "ValidationResult", "AbstractResult"),
    *("SPARQLExecutable", "SPARQLAskExecutable", "SPARQLSelectExecutable", "SPARQLConstructExecutable"),
    *("Target", "TargetType", "SPARQLTarget", "SPARQLTargetType", "Function", "SPARQLFunction"),
    *("Rule", "TripleRule", "SPARQLRule", "Graph", "DataGraph", "ShapesGraph"),
    *("JSExecutable", "JSTarget", "JSTargetType", "JSConstraint", "JSFunction", "JSLibrary", "JSRule", "JSValidator"),
)
"""The classes that say no more of a thing than its words do, or what is applied."""


def makes_a_shape() -> tuple[str, ...]:
    """Return the words that make a shape of what they stand on."""
    return (*TARGETS, *PARAMETERS, *BY_PYSHACL["shape"], "js", "values", *OF_SHAPES)


def judged(term: NamedNode) -> bool:
    """Tell whether a term is one of which something is known here: of SHACL, of DASH, or nearly so."""
    return term.value.startswith((SHACL, DASH)) or OTHER_SPACE.fullmatch(term.value) is not None


def word_refusal(predicate: NamedNode, parts: set[str]) -> str:
    """Return why a predicate is refused on what plays some parts, "" if it is not.

    >>> word_refusal(sh("minCount"), {"shape"}), word_refusal(sh("mincount"), {"shape"})
    ('', 'sh:mincount is not of SHACL; did you mean sh:minCount?')
    """
    space, word = _split(predicate)
    if space == SHACL:
        return _refusal(word, parts)
    if space == DASH:
        wanted = word in OF_DASH and "shape" in parts
        return f"dash:{word} is of DASH; give the file that defines it with --shapes, too" if wanted else ""
    return _elsewhere(predicate)


def _refusal(word: str, parts: set[str]) -> str:
    if any(word in table.get(part, ()) for table in (APPLIED, BY_PYSHACL) for part in parts) or word in HARMLESS:
        return ""
    for source, words in UNAPPLIED.items():
        if word in words:
            what = f"sh:{word} is of {source}, and nothing here applies it{INSTEAD.get(word, '')}"
            return what if parts or word not in WITHIN else ""
    meant = [part for table in (APPLIED, BY_PYSHACL) for part, words in table.items() if word in words]
    if not parts:  # a thing of the data, or a shape by a word that is misspelt
        close = "" if meant else _question(word, makes_a_shape(), cutoff=0.8)
        return f"sh:{word} is not of SHACL{close}" if close else ""
    if meant:
        return f"sh:{word} says nothing of a {min(parts)}; it belongs to a {meant[0]}"
    known = (word for table in (APPLIED, BY_PYSHACL, UNAPPLIED) for words in table.values() for word in words)
    return f"sh:{word} is not of SHACL{_question(word, (*known, *HARMLESS))}"


def class_refusal(kind: NamedNode) -> str:
    """Return why a class is refused as a type, "" if it is not."""
    space, name = _split(kind)
    if name == "ShapeClass":
        source = "SHACL 1.2" if space == SHACL else "DASH"
        return f"ShapeClass is of {source}, and nothing here applies it; write rdfs:Class and sh:NodeShape"
    if space != SHACL:
        return _elsewhere(kind)
    if name in CLASSES or name.endswith("ConstraintComponent"):
        return ""
    return f"sh:{name} is no class that is applied here{_question(name, CLASSES)}"


def idle_words(words: set[str]) -> list[tuple[str, str]]:
    """Return those of a shape's words that say nothing without another, which is not there, each with that."""
    return [
        (name, f"sh:{name} says nothing without {one_of(f'sh:{one}' for one in heads)}")
        for name in sorted(words & set(PARAMETERS) - HARMLESS.keys())
        if (heads := [one.name for one in COMPONENTS.values() if name in one.beside]) and not words & set(heads)
    ]


def _split(term: NamedNode) -> tuple[str, str]:
    space = next((space for space in (SHACL, DASH) if term.value.startswith(space)), "")
    return space, term.value.removeprefix(space)


def _elsewhere(term: NamedNode) -> str:
    return f"{term} is not of SHACL, whose namespace is <{SHACL}>" if OTHER_SPACE.fullmatch(term.value) else ""


def _question(word: str, known: tuple[str, ...], cutoff: float = 0.7) -> str:
    lower = {one.lower(): one for one in known}
    close = get_close_matches(word.lower(), lower, 1, cutoff)
    return f"; did you mean sh:{lower[close[0]]}?" if close else ""
