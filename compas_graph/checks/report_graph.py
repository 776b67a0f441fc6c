"""The report graph of SHACL: findings of shapes as the W3C Recommendation has them, in Turtle."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from compas_graph.checks.findings import Report
from compas_graph.namespaces import PREFIXES, compact
from compas_graph.shacl.paths import OPERATORS, Path
from compas_graph.shacl.results import Result, messages

__all__ = ["turtle"]

NAMES = {operator: node for node, operator in OPERATORS.items()}


def turtle(report: Report) -> str:
    """Return the validation report of SHACL. Findings of other rules are no results of SHACL: a comment counts them."""
    results = [one.result for one in report.findings if isinstance(one.result, Result)]
    write = _Terms()
    blocks = [_result(one, write) for one in results]
    body = f"[] a sh:ValidationReport ;\n    sh:conforms {'false' if results else 'true'}"
    body += "".join(f" ;\n    sh:result {block}" for block in blocks) + " .\n"
    head = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in sorted(write.prefixes | {"sh"}))
    others = len(report.findings) - len(results)
    what = "finding of a rule that is no shape is" if others == 1 else "findings of rules that are no shapes are"
    return f"{head}\n" + (f"# {others:,} {what} not among the results.\n\n" if others else "") + body


def _result(result: Result, write: _Terms) -> str:
    """Return a result as a blank node of Turtle."""
    said: list[tuple[str, object]] = [("resultSeverity", result.severity), ("focusNode", result.focus)]
    said += [("resultPath", result.path)] if result.path else []
    said += [("value", result.value)] if result.value is not None else []
    said += [("resultMessage", message) for message in messages(result)]
    said += [("sourceConstraintComponent", result.component), ("sourceShape", result.shape.node)]
    lines = "".join(f" ;\n        sh:{name} {write(value)}" for name, value in said)
    return f"[\n        a sh:ValidationResult{lines}\n    ]"


class _Terms:
    """What writes terms and paths in Turtle, and knows the prefixes that it used.

    Blank nodes are numbered as they come, so that the same findings give the same text.
    """

    def __init__(self) -> None:
        self.prefixes: set[str] = set()
        self._labels: dict[str, str] = {}

    def __call__(self, term: object) -> str:
        if isinstance(term, NamedNode):
            return self._name(term.value)
        if isinstance(term, BlankNode):
            return self._labels.setdefault(term.value, f"_:b{len(self._labels) + 1}")
        if isinstance(term, Triple):
            return f"<<( {self(term.subject)} {self(term.predicate)} {self(term.object)} )>>"
        if isinstance(term, Literal):
            text, tail = str(term), f"^^<{term.datatype.value}>"
            return text if not text.endswith(tail) else f"{text.removesuffix(tail)}^^{self._name(term.datatype.value)}"
        return self._path(term)  # type: ignore[arg-type]  # what is no term is a path

    def _name(self, iri: str) -> str:
        name = compact(iri)
        if not name.startswith("<"):
            self.prefixes.add(name.partition(":")[0])
        return name

    def _path(self, path: Path) -> str:
        """Return a property path as SHACL has it."""
        if path.predicate is not None:
            return self._name(path.predicate.value)
        steps = " ".join(self._path(step) for step in path.steps)
        if path.operator == "/":
            return f"( {steps} )"
        return f"[ {self(NAMES[path.operator])} {f'( {steps} )' if path.operator == '|' else steps} ]"
