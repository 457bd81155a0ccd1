"""The changes that a module's text allows, each of one kind and with the words before and after it."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from typing import Any

BOUNDARIES = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITES = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE,
}  # fmt: skip
SUMS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult}
SMALL = 10  # numbers up to here grow by one, greater ones are doubled
# Without these a module does not even load: no test is needed to notice.
NEEDED = ("dataclass", "property", "staticmethod", "classmethod", "contextmanager", "overload")


@dataclass(frozen=True, order=True)
class Mutant:
    """One change, known by its words: they stay the same when lines move."""

    module: str
    function: str
    operator: str
    before: str
    after: str
    ordinal: int = 0

    @property
    def change(self) -> tuple[str, str]:
        """What goes and what comes, without the words that stay before and behind it."""
        begin = _alike(self.before, self.after)
        old, new = self.before[begin:], self.after[begin:]
        end = _alike(old[::-1], new[::-1])
        return old[: len(old) - end], new[: len(new) - end]


@dataclass(frozen=True)
class Place:
    """Where a mutant is in the text now: the bytes to replace, and the lines that run for it."""

    mutant: Mutant
    start: int
    end: int
    text: bytes
    lines: range  # of the whole module where it runs once, at import

    def applied(self, source: bytes) -> bytes:
        """Return the module with the change made."""
        return source[: self.start] + self.text + source[self.end :]


Change = tuple[str, Any, str]  # the operator's name, the node to replace, and its new text


def places(module: str, source: bytes) -> Iterator[Place]:
    """Yield every change of one module, in the order of its text."""
    text, tree = _Text(source), ast.parse(source)
    functions = [_below(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    seen: Counter[Mutant] = Counter()
    for function, statement, (operator, node, new) in _walk(tree, "", None):
        start, end = text.span(node)
        if operator == "decorator":
            start = source.rindex(b"@", 0, start)
        first, last = (start, end) if operator == "decorator" else text.head(statement)
        after = source[first:start] + new.encode() + source[end:last]
        mutant = Mutant(module, function, operator, _words(source[first:last]), _words(after))
        lines = _lines(statement, functions) or range(1, source.count(b"\n") + 1)
        yield Place(replace(mutant, ordinal=seen[mutant]), start, end, new.encode(), lines)
        seen[mutant] += 1


def _alike(one: str, other: str) -> int:
    """Count the letters with which both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _words(part: bytes) -> str:
    return " ".join(part.decode().split())


class _Text:
    """Where the nodes of a module lie in its bytes."""

    def __init__(self, source: bytes) -> None:
        self._begins = [0, *accumulate(map(len, source.splitlines(keepends=True)))]

    def span(self, node: Any) -> tuple[int, int]:
        first, last = self._begins[node.lineno - 1], self._begins[node.end_lineno - 1]
        return first + node.col_offset, last + node.end_col_offset

    def head(self, statement: Any) -> tuple[int, int]:
        """A statement without the block below it."""
        start, end = self.span(statement)
        return start, self.span(statement.body[0])[0] if _block(statement) else end


def _block(statement: Any) -> bool:
    return isinstance(getattr(statement, "body", None), list)


def _lines(statement: Any, functions: list[range]) -> range | None:
    """The lines that run for it: a statement's head; below a decorator or a default its function."""
    if isinstance(statement, ast.FunctionDef):
        return _below(statement)
    if not any(statement.lineno in lines for lines in functions):
        return None
    last = statement.body[0].lineno - 1 if _block(statement) else statement.end_lineno
    return range(statement.lineno, max(statement.lineno, last) + 1)


def _below(function: Any) -> range:
    return range(function.body[0].lineno, function.end_lineno + 1)


def _walk(node: Any, function: str, statement: Any) -> Iterator[tuple[str, Any, Change]]:
    """Visit what runs: no annotation, no type, and nothing in an f-string, whose places Python 3.11 hides."""
    if isinstance(node, ast.JoinedStr) or _is_type(node) or _is_docstring(node):
        return
    if isinstance(node, (ast.stmt, ast.ExceptHandler)):
        statement = node
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        function = f"{function}.{node.name}".lstrip(".")
    for change in _changes(node):
        yield function, statement, change
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name not in {
                "annotation",
                "returns",
                "decorator_list",
                "bases",
            }:
                yield from _walk(child, function, statement)


def _is_docstring(node: Any) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_type(node: Any) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    named = {ast.Subscript: "value", ast.Call: "func"}.get(type(node))
    return named is not None and ast.unparse(getattr(node, named)) in {"Literal", "Callable", "cast"}


def _changes(node: Any) -> Iterator[Change]:
    if kind := _KINDS.get(type(node)):
        yield from kind(node)
    test = getattr(node, "test", None)
    if test is not None and not isinstance(test, (ast.Compare, ast.UnaryOp)):
        yield "condition", test, f"(not ({ast.unparse(test)}))"


def _with(node: Any, **fields: Any) -> str:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return f"({ast.unparse(changed)})"


def _compare(node: ast.Compare) -> Iterator[Change]:
    for operator, table in (("boundary", BOUNDARIES), ("comparison", OPPOSITES)):
        if other := table.get(type(node.ops[0])):
            yield operator, node, _with(node, ops=[other(), *node.ops[1:]])


def _boolean(node: ast.BoolOp) -> Iterator[Change]:
    yield "boolean", node, _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def _unary(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.Not):
        yield "boolean", node, f"({ast.unparse(node.operand)})"


def _binary(node: ast.BinOp) -> Iterator[Change]:
    """Swap a sum's sign; texts are joined by + too, and there - notices itself."""
    texts = any(isinstance(side, ast.JoinedStr) or _is_text(side) for side in (node.left, node.right))
    if not texts and (other := SUMS.get(type(node.op))):
        yield "arithmetic", node, _with(node, op=other())


def _is_text(node: Any) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "number", node, str(not value)
    elif isinstance(value, (int, float)):
        yield "number", node, str(value + 1 if value <= SMALL else value * 2)
    elif isinstance(value, str) and value:
        yield "text", node, '""'


def _removed(node: Any) -> Iterator[Change]:
    yield "statement", node, "pass"


def _expression(node: ast.Expr) -> Iterator[Change]:
    if isinstance(node.value, ast.Call):
        yield "statement", node, "pass"


def _assign(node: ast.Assign) -> Iterator[Change]:
    if all(isinstance(target, (ast.Attribute, ast.Subscript)) for target in node.targets):
        yield "statement", node, "pass"


def _return(node: ast.Return) -> Iterator[Change]:
    if node.value is not None and ast.unparse(node.value) != "None":
        yield "return", node.value, "None"


def _handler(node: ast.ExceptHandler) -> Iterator[Change]:
    if node.type is not None:
        yield "handler", node.type, "()"


def _call(node: ast.Call) -> Iterator[Change]:
    """Leave out an option; handlers are written as `suppress` too."""
    if ast.unparse(node.func) == "suppress":
        yield "handler", node, "suppress()"
    for keyword in node.keywords:
        if isinstance(keyword.value, ast.Constant) and keyword.arg:
            others = [other for other in node.keywords if other is not keyword]
            yield "option", node, _with(node, keywords=others)


def _decorated(node: Any) -> Iterator[Change]:
    for decorator in node.decorator_list:
        if not any(word in ast.unparse(decorator) for word in NEEDED):
            yield "decorator", decorator, ""


_KINDS: dict[type, Callable[[Any], Iterator[Change]]] = {
    ast.Compare: _compare, ast.BoolOp: _boolean, ast.UnaryOp: _unary, ast.BinOp: _binary,
    ast.Constant: _constant, ast.AugAssign: _removed, ast.Raise: _removed, ast.Continue: _removed,
    ast.Break: _removed, ast.Expr: _expression, ast.Assign: _assign, ast.Return: _return,
    ast.ExceptHandler: _handler, ast.Call: _call, ast.FunctionDef: _decorated, ast.ClassDef: _decorated,
}  # fmt: skip
