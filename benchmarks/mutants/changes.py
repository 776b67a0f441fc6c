"""Mutants of a module: its source with one small change each.

The changes are to comparisons, `and`, `or` and `not`, numbers, truth values, operands, the order of arguments and of
tuples, filters, entries of tables, conditions, what is returned, and statements left out. Texts, annotations and
decorators stay as they are.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from typing import NamedTuple, TypeVar

__all__ = ["Mutant", "mutants", "plain"]

Change = tuple[str, ast.AST]
"""What a change is called, and what stands in place of the node."""

LONGEST = 100
"""How many characters of the code a name shows on each side."""

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
FUNCTIONS = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}
UNORDERED = {"cast", "isinstance", "max", "min"}
"""Functions whose arguments are not swapped: it would make no difference, or nothing that runs."""
CLEANING = {"casefold", "lower", "lstrip", "normalize", "removeprefix", "removesuffix", "rstrip", "strip", "upper"}
"""Methods that give what they are called on in another form, and can be left out."""
EMPTY = {
    "dict": "{}", "frozenset": "frozenset()", "int": "0", "list": "[]", "set": "set()", "str": "''", "tuple": "()",
    "Collection": "()", "Iterable": "()", "Mapping": "{}", "Sequence": "()",
}  # fmt: skip
"""What a function that returns such a thing can return instead."""
TYPES = {"cast", "dict", "frozenset", "list", "set", "tuple", "type"}
"""What takes types in brackets, which mean nothing when the program runs."""


class Mutant(NamedTuple):
    """The source of a module with one change in a function, `<module>` for what stands outside of any."""

    name: str
    module: str
    function: str
    source: str


def plain(source: str) -> str:
    """Return source as it stands in all mutants, without comments and in one form."""
    return "\n".join(map(ast.unparse, _statements(source)))


def mutants(module: str, source: str) -> list[Mutant]:
    """Return all mutants of a module, each under a name that stays as long as its function says the same."""
    statements = _statements(source)
    texts = list(map(ast.unparse, statements))
    found, names = [], Counter[str]()
    for number, statement in enumerate(statements):
        before, after, seen = texts[:number], texts[number + 1 :], {texts[number]}
        for function, what, changed in _changed(statement):
            if changed not in seen:
                seen.add(changed)
                name = f"{module}.{function}: {what}"
                names[name] += 1
                name += f" #{names[name]}" if names[name] > 1 else ""
                found.append(Mutant(name, module, function, "\n".join([*before, changed, *after])))
    return found


def _statements(source: str) -> list[ast.Module]:
    """Return the statements of a module, each as one by itself."""
    return [ast.Module([statement], []) for statement in ast.parse(source).body]


def _changed(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Yield the function, the name and the code for each change to a tree."""
    for owner, field, index, name, function in list(_places(tree, "<module>", None)):
        held = getattr(owner, field)
        node = held if index is None else held[index]
        for what, replacement in _changes(node, function, owner):
            _put(owner, field, index, replacement)
            yield name, what, ast.unparse(tree)
            _put(owner, field, index, node)


def _put(owner: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(owner, field, node)
    else:
        getattr(owner, field)[index] = node


Function = ast.FunctionDef | None
Place = tuple[ast.AST, str, int | None, str, Function]
"""A node by what holds it, the name of the function around it, and that function."""

Part = TypeVar("Part")


def _places(node: ast.AST, name: str, outer: Function) -> Iterator[Place]:
    """Yield the places of all nodes that can be changed, in the order of the source."""
    prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
    for field, index, child in _children(node):
        inside, function = name, outer
        if isinstance(child, ast.FunctionDef):
            inside, function = (prefix + child.name if outer is None else name), child
        yield node, field, index, name, outer
        yield from _places(child, inside, function)


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """Yield what a node holds, but for texts of documentation, annotations, decorators, targets and exports."""
    skipped = {"annotation", "decorator_list", "returns", "bases", "targets", "target"}
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in TYPES:
        skipped.add("slice")
    if isinstance(node, ast.AnnAssign) and "TypeAlias" in ast.unparse(node.annotation):
        skipped.add("value")
    for field, held in ast.iter_fields(node):
        if field in skipped:
            continue
        for index, child in enumerate(held) if isinstance(held, list) else [(None, held)]:
            if isinstance(child, ast.AST) and not _of_no_effect(child):
                yield field, index, child


def _of_no_effect(node: ast.AST) -> bool:
    """Tell whether code says nothing that matters: documentation, imports, exports, and `strict` of `zip`."""
    match node:
        case ast.Expr(ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.expr_context():
            return True
        case ast.keyword("strict") | ast.Assign([ast.Name("__all__")]) | ast.If(ast.Name("TYPE_CHECKING")):
            return True
    return False


def _changes(node: ast.AST, function: Function, owner: ast.AST) -> Iterator[Change]:
    """Yield the changes to one node."""
    if isinstance(node, ast.expr):
        for other in _expressions(node):
            yield f"{_said(node)} -> {_said(other)}", other
    if not isinstance(node, ast.Tuple) or _is_table(node, function, owner):
        yield from _dropped_parts(node)
    elif isinstance(node.ctx, ast.Load) and len(node.elts) > 1 and _alike(node.elts[0], node.elts[-1]):
        other = _with(node, elts=[node.elts[-1], *node.elts[1:-1], node.elts[0]])
        yield f"{_said(node)} -> {_said(other)}", other
    yield from _conditions(node)
    if isinstance(node, ast.stmt) and _droppable(node, function, owner):
        yield f"{_said(node)} -> pass", ast.Pass()
    if isinstance(node, ast.Return) and node.value and function and function.returns:
        for text in _instead(ast.unparse(function.returns)):
            if text != ast.unparse(node.value):
                yield f"{_said(node)} -> return {text}", ast.Return(ast.parse(text, mode="eval").body)


def _expressions(node: ast.expr) -> Iterator[ast.AST]:
    """Yield what can stand in place of an expression."""
    match node:
        case ast.Compare(_, ops, _):
            for place, op in enumerate(ops):
                for other in COMPARISONS[type(op)]:
                    yield _with(node, ops=[*ops[:place], other(), *ops[place + 1 :]])
        case ast.BoolOp(op, values):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            for place in range(len(values)):
                rest = _without(values, place)
                yield _with(node, values=rest) if len(rest) > 1 else rest[0]
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.BinOp(left, op, right):
            yield left
            if not isinstance(op, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod):
                yield right
            if isinstance(op, ast.BitAnd | ast.BitOr):
                yield _with(node, op=ast.BitOr() if isinstance(op, ast.BitAnd) else ast.BitAnd())
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.IfExp(_, body, orelse):
            yield body
            yield orelse
        case ast.Call():
            yield from _calls(node)


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    """Yield what can stand in place of a call."""
    called = node.func.id if isinstance(node.func, ast.Name) else ""
    if called in FUNCTIONS:
        yield _with(node, func=ast.Name(FUNCTIONS[called]), keywords=[] if called == "sorted" else node.keywords)
        for place in range(len(node.keywords)):
            yield _with(node, keywords=_without(node.keywords, place))
    if isinstance(node.func, ast.Attribute) and node.func.attr in CLEANING:
        yield node.func.value
    match node.args:
        case [one, other, *rest] if called not in UNORDERED and _alike(one, other):
            yield _with(node, args=[other, one, *rest])


def _alike(one: ast.expr, other: ast.expr) -> bool:
    """Tell whether two arguments may be of one type, as far as their code shows."""
    texts = {ast.unparse(one), ast.unparse(other)}
    return type(one) is type(other) and not isinstance(one, ast.Starred) and len(texts) == 2 and "store" not in texts


def _dropped_parts(node: ast.AST) -> Iterator[Change]:
    """Yield changes that drop a filter, a case, or an entry of a table."""
    match node:
        case ast.comprehension(_, _, ifs) if ifs:
            for place, test in enumerate(ifs):
                yield f"filter {_said(test)} -> none", _with(node, ifs=_without(ifs, place))
        case ast.Match(_, cases) if len(cases) > 1:
            for place, case in enumerate(cases):
                yield f"{_said(case)} -> none", _with(node, cases=_without(cases, place))
        case ast.match_case(_, ast.expr() as guard):
            yield f"guard {_said(guard)} -> none", _with(node, guard=None)
        case ast.Tuple(elts, ast.Load()) | ast.List(elts, ast.Load()) | ast.Set(elts) if len(elts) > 1:
            for place, one in enumerate(elts):
                yield f"{_said(one)} in {_said(node)} -> none", _with(node, elts=_without(elts, place))
        case ast.Dict(keys, values) if len(keys) > 1:
            for place, key in enumerate(keys):
                parts = {"keys": _without(keys, place), "values": _without(values, place)}
                yield f"{_said(key or values[place])} in {_said(node)} -> none", _with(node, **parts)


def _is_table(node: ast.Tuple, function: Function, owner: ast.AST) -> bool:
    """Tell whether a tuple has as many entries as there are, rather than one for each of its places."""
    if isinstance(owner, ast.Assign):
        return function is None and not isinstance(owner.targets[0], ast.Tuple)
    tables = ast.Compare | ast.ExceptHandler | ast.For | ast.Lambda | ast.comprehension
    return function is None or isinstance(owner, tables)


def _conditions(node: ast.AST) -> Iterator[Change]:
    """Yield changes that take a condition for met or not met."""
    if isinstance(node, ast.If):
        for value in (True, False):
            yield f"if {_said(node.test)} -> if {value}", _with(node, test=ast.Constant(value))
    if isinstance(node, ast.While) and not isinstance(node.test, ast.Constant):
        yield f"while {_said(node.test)} -> while False", _with(node, test=ast.Constant(False))


def _droppable(node: ast.stmt, function: Function, owner: ast.AST) -> bool:
    """Tell whether the program can run without a statement, and is not changed so by another change as well."""
    if isinstance(owner, ast.If) and owner.body == [node] and not owner.orelse:
        return False
    match node:
        case ast.Assign([ast.Name(name)]):
            return function is not None and name in _bound_before(node, function)
        case ast.Assign() | ast.AugAssign() | ast.Expr() | ast.For() | ast.Raise() | ast.Delete():
            return not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple)
        case ast.Return():
            return not isinstance(owner, ast.FunctionDef)
        case ast.Continue() | ast.Break() | ast.Assert():
            return True
    return False


def _bound_before(node: ast.Assign, function: ast.FunctionDef) -> set[str]:
    """Return the names that have a value in a function before a statement."""
    arguments = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    named = (one for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
    return arguments | {one.id for one in named if one.lineno < node.lineno}


def _instead(returns: str) -> Iterator[str]:
    """Yield what a function can return in place of anything, by its annotation."""
    kind, optional = returns.removesuffix(" | None"), returns.endswith(" | None")
    empty = EMPTY.get(kind.partition("[")[0])
    if empty and "|" not in kind:
        yield empty
    if kind == "bool":
        yield from ("True", "False")
    if optional:
        yield "None"


def _with(node: ast.AST, **parts: object) -> ast.AST:
    """Return a node with other parts."""
    made = copy(node)
    for name, part in parts.items():
        setattr(made, name, part)
    return made


def _without(parts: Sequence[Part], place: int) -> list[Part]:
    return [*parts[:place], *parts[place + 1 :]]


def _said(node: ast.AST) -> str:
    """Return the first line of a node's code, not too long."""
    text = ast.unparse(node).strip().partition("\n")[0].removesuffix(":")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
