"""String-based: sh:minLength, sh:maxLength, sh:pattern, sh:languageIn, sh:uniqueLang."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from pyoxigraph import Literal, NamedNode

from compas_graph.shacl.compiler import Compiler, select
from compas_graph.shacl.engine import Run, Test, each, failing_values
from compas_graph.shacl.expressions import total
from compas_graph.shacl.index import Term
from compas_graph.shacl.literals import XSD
from compas_graph.shacl.model import Arguments, Component, Found, Nodes, Pairs, ParameterValue, Shape, Violations
from compas_graph.shacl.parameters import only, read_beside, read_count, read_flag, read_items, read_text
from compas_graph.shacl.paths import sh
from compas_graph.shacl.patterns import check_pattern, matching
from compas_graph.shacl.wording import number

__all__ = ["COMPONENTS"]


def _text(value: Term) -> str | None:
    return value.value if isinstance(value, NamedNode | Literal) else None


def _min_length(least: int) -> Test:
    return lambda value: (text := _text(value)) is not None and len(text) >= least


def _max_length(most: int) -> Test:
    return lambda value: (text := _text(value)) is not None and len(text) <= most


def _length(sign: str) -> Callable[[str, int], str]:
    # some stores have a text for blank nodes, too
    return lambda value, length: total(f"!isBLANK({value}) && STRLEN(STR({value})) {sign} {length}")


def _read_pattern(given: ParameterValue) -> Arguments:
    pattern, beside = read_text(given), read_beside(given, "flags")
    flags = "" if beside is None else read_text(beside)
    check_pattern(pattern, flags)
    return pattern, flags


def _pattern(run: Run, shape: Shape, pairs: Pairs, pattern: str, flags: str) -> Iterator[Found]:
    texts = {text for _, values in pairs for value in values if (text := _text(value)) is not None}
    found = matching(texts, pattern, flags)
    return failing_values(pairs, lambda value: _text(value) in found)


def _pattern_expression(value: str, pattern: str, flags: str) -> str:
    given = f", {Literal(flags)}" if flags else ""
    return total(f"!isBLANK({value}) && REGEX(STR({value}), {Literal(pattern)}{given})")


def _read_languages(given: ParameterValue) -> tuple[str, ...]:
    return tuple(read_text(item) for item in read_items(given))


def _language_in(ranges: tuple[str, ...]) -> Test:
    wanted = tuple(one.casefold() for one in ranges)

    def test(value: Term) -> bool:
        tag = value.language if isinstance(value, Literal) else None
        if not tag:
            return False
        tag = tag.casefold()
        return any(one == "*" or tag == one or tag.startswith(one + "-") for one in wanted)

    return test


def _language_in_expression(value: str, ranges: tuple[str, ...]) -> str:
    tests = [f"LANGMATCHES(LANG({value}), {Literal(one)})" for one in ranges]
    return total(f"isLITERAL({value}) && ({' || '.join(tests) or 'false'})")


def _read_unique_lang(given: ParameterValue) -> Arguments | None:
    flag = read_flag(given.graph, given.shape.node, given.name)
    true = Literal("true", datatype=NamedNode(XSD + "boolean"))
    return () if flag and given.value == true else None  # "1" does not count


def _unique_lang(run: Run, shape: Shape, pairs: Pairs) -> Iterator[Found]:
    for focus, values in pairs:
        if len(values) > 1:
            tags = Counter(
                value.language.casefold() for value in values if isinstance(value, Literal) and value.language
            )
            for count in tags.values():
                if count > 1:
                    yield Found(focus)


def _unique_lang_violations(compiler: Compiler, shape: Shape, focus: Nodes, values: Nodes) -> Iterator[Violations]:
    tag = compiler.fresh()
    pattern = f"{values.pattern} BIND(LCASE(LANG({values.node})) AS {tag}) FILTER({tag} != '')"
    tail = f" GROUP BY {focus.node} {tag} HAVING(COUNT(DISTINCT {values.node}) > 1)"
    yield Violations(select(f"{focus.node} {tag}", pattern, tail), focus.node)


COMPONENTS = (
    Component(
        "minLength",
        sh("MinLengthConstraintComponent"),
        read=only(read_count),
        single=True,
        check=each(_min_length),
        expression=_length(">="),
        words=lambda name, least: f"at least {number(least, 'character')}",
    ),
    Component(
        "maxLength",
        sh("MaxLengthConstraintComponent"),
        read=only(read_count),
        single=True,
        check=each(_max_length),
        expression=_length("<="),
        words=lambda name, most: f"at most {number(most, 'character')}",
    ),
    Component(
        "pattern",
        sh("PatternConstraintComponent"),
        read=_read_pattern,
        beside=("flags",),
        check=_pattern,
        expression=_pattern_expression,
        words=lambda name, pattern, flags: f"text that matches {pattern}" + (f" ({flags})" if flags else ""),
    ),
    Component(
        "languageIn",
        sh("LanguageInConstraintComponent"),
        read=only(_read_languages),
        single=True,
        check=each(_language_in),
        expression=_language_in_expression,
        words=lambda name, tags: f"text in {' or '.join(tags)}",
    ),
    Component(
        "uniqueLang",
        sh("UniqueLangConstraintComponent"),
        read=_read_unique_lang,
        single=True,
        in_node_shapes="refused",
        check=_unique_lang,
        violations=_unique_lang_violations,
        words=lambda name: "one value for a language",
        of_all=True,
    ),
)
