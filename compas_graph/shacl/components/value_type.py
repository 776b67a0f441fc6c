"""Value type: sh:class, sh:datatype, sh:nodeKind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from compas_graph.errors import DataError
from compas_graph.shacl.compiler import Compiler
from compas_graph.shacl.engine import Run, Test, each, failing_values
from compas_graph.shacl.expressions import total
from compas_graph.shacl.index import Index, Term
from compas_graph.shacl.literals import LEXICAL, RANGES, XSD, of_datatype
from compas_graph.shacl.model import Component, Found, Nodes, Pairs, ParameterValue, Shape, Violations, shown
from compas_graph.shacl.parameters import only, read_iri, read_resource
from compas_graph.shacl.paths import sh
from compas_graph.shacl.wording import Naming

__all__ = ["COMPONENTS"]


def _class(run: Run, shape: Shape, pairs: Pairs, kind: Term) -> Iterator[Found]:
    return failing_values(pairs, run.data.instances(kind).__contains__)


def _class_violations(
    compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes, kind: Term
) -> Iterator[Violations]:
    instances = compiler.instances(shape, values.node, [kind])
    yield Violations(f"{values.pattern} MINUS {{ {instances} }}", focus.node, values.node)


def _instances(data: Index | None, wrong: Term, kind: Term) -> Iterable[Term]:
    """Return the instances of a class, where the data say nothing of the wrong one."""
    if data is None or any(wrong in data.table(predicate) for predicate in data.predicates()):
        return ()
    return data.instances(kind)


def _datatype(datatype: NamedNode) -> Test:
    return of_datatype(datatype.value)


LEAP = r"([0-9]*(0[48]|[2468][048]|[13579][26])|[0-9]*([02468][048]|[13579][26])00)"
DAYS = r"[0-9]*-((0[13578]|1[02])-[0-9]{2}|(0[469]|11)-([012][0-9]|30)|02-([01][0-9]|2[0-8]))|" + LEAP + "-02-29"
"""The days that a year has, of those that the lexical form of a date allows."""


def _datatype_expression(value: str, datatype: NamedNode) -> str:
    name = datatype.value.removeprefix(XSD) if datatype.value.startswith(XSD) else ""
    tests = [f"isLITERAL({value})", f"DATATYPE({value}) = {datatype}"]
    if name in LEXICAL:
        tests.append(_matches(value, LEXICAL[name]))
    if name.startswith("date"):
        tests.append(_matches(value, f"({DAYS})(T.*|Z|[+-][0-9]{{2}}:[0-9]{{2}})?", "-?"))
    least, most = RANGES.get(name, (None, None))
    number = f"<{XSD}decimal>(STR({value}))"
    tests += [f"{number} >= {least}"] if least is not None else []
    tests += [f"{number} <= {most}"] if most is not None else []
    return total(" && ".join(tests))


def _matches(value: str, pattern: str, before: str = "") -> str:
    whole = f"^{before}({pattern})$".replace(r"\d", "[0-9]")  # to a store, \d may be a digit of any script
    return f"REGEX(STR({value}), {Literal(whole)})"


NODE_KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
KINDS = {"IRI": (NamedNode, "isIRI"), "BlankNode": (BlankNode, "isBLANK"), "Literal": (Literal, "isLITERAL")}
"""The kinds of node: what they are here, and how SPARQL asks for them."""


def _read_node_kind(given: ParameterValue) -> str:
    kind = given.value.value.removeprefix(sh("").value) if isinstance(given.value, NamedNode) else ""
    if kind not in NODE_KINDS:
        raise DataError(f"sh:{given.name} has {shown(given.value)}; it takes one of sh:{', sh:'.join(NODE_KINDS)}")
    return kind


def _node_kind(kind: str) -> Test:
    allowed = tuple(KINDS[name][0] for name in kind.split("Or"))
    return lambda value: isinstance(value, allowed)


def _node_kind_expression(value: str, kind: str) -> str:
    return " || ".join(f"{KINDS[name][1]}({value})" for name in kind.split("Or"))


def _node_kind_words(name: Naming, kind: str) -> str:
    return {"IRI": "an IRI", "BlankNode": "a blank node", "Literal": "a literal"}.get(
        kind, kind.replace("Or", " or ").replace("BlankNode", "a blank node").replace("Literal", "a literal")
    )


COMPONENTS = (
    Component(
        "class",
        sh("ClassConstraintComponent"),
        read=only(read_resource),
        check=_class,
        violations=_class_violations,
        words=lambda name, kind: f"an instance of {name(kind)}",
        candidates=_instances,
    ),
    Component(
        "datatype",
        sh("DatatypeConstraintComponent"),
        read=only(read_iri),
        single=True,
        check=each(_datatype),
        expression=_datatype_expression,
        words=lambda name, datatype: f"a well-formed {name(datatype)}",
    ),
    Component(
        "nodeKind",
        sh("NodeKindConstraintComponent"),
        read=only(_read_node_kind),
        single=True,
        check=each(_node_kind),
        expression=_node_kind_expression,
        words=_node_kind_words,
    ),
)
