"""The report graph of SHACL: findings of shapes as the W3C Recommendation has them, in Turtle."""

from __future__ import annotations

from compas_graph.checks.findings import Report
from compas_graph.shacl.paths import OPERATORS, Path
from compas_graph.shacl.results import Result, messages
from compas_graph.turtle import Terms, headed

__all__ = ["turtle"]

NAMES = {operator: node for node, operator in OPERATORS.items()}


def turtle(report: Report) -> str:
    """Return the validation report of SHACL. Findings of other rules are no results of SHACL: a comment counts them."""
    results = [one.result for one in report.findings if isinstance(one.result, Result)]
    terms = Terms(numbered=True)
    blocks = [_result(one, terms) for one in results]
    body = f"[] a sh:ValidationReport ;\n    sh:conforms {'false' if results else 'true'}"
    body += "".join(f" ;\n    sh:result {block}" for block in blocks) + " .\n"
    terms.used.add("sh")
    others = len(report.findings) - len(results)
    what = "finding of a rule that is no shape is" if others == 1 else "findings of rules that are no shapes are"
    return headed(terms, [f"# {others:,} {what} not among the results.\n", body] if others else [body])


def _result(result: Result, terms: Terms) -> str:
    """Return a result as a blank node of Turtle."""
    said = [("resultSeverity", terms(result.severity)), ("focusNode", terms(result.focus))]
    said += [("resultPath", _path(result.path, terms))] if result.path else []
    said += [("value", terms(result.value))] if result.value is not None else []
    said += [("resultMessage", terms(message)) for message in messages(result)]
    said += [("sourceConstraintComponent", terms(result.component)), ("sourceShape", terms(result.shape.node))]
    lines = "".join(f" ;\n        sh:{name} {text}" for name, text in said)
    return f"[\n        a sh:ValidationResult{lines}\n    ]"


def _path(path: Path, terms: Terms) -> str:
    """Return a property path as SHACL has it."""
    if path.predicate is not None:
        return terms(path.predicate)
    steps = " ".join(_path(step, terms) for step in path.steps)
    if path.operator == "/":
        return f"( {steps} )"
    return f"[ {terms(NAMES[path.operator])} {f'( {steps} )' if path.operator == '|' else steps} ]"
