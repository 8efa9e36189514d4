"""What a condition means for an object.

A test holds when any single value of the field passes it: of any dimension, any entry of a list. A field without a value
therefore passes nothing but IS NULL, also not `!=`, NOT LIKE and NOT IN, as in SQL. NOT before a factor turns its
answer round.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .errors import bad
from .query import All, Expr, Literal, Not, Some, Test
from .times import instant

T = TypeVar("T")
Holds = Callable[[T], bool]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A name conditions may use: its kind (text, number, boolean, instant) and how to read its values."""

    kind: str
    read: Callable[[T], Iterable[Any]]


Columns = Mapping[str, Column[T]]


def condition(expr: Expr, columns: Columns[T]) -> Holds[T]:
    """Make a test of objects; 400 for unknown names and literals the field cannot be compared with."""
    match expr:
        case All(parts):
            tests = [condition(part, columns) for part in parts]
            return lambda record: all(test(record) for test in tests)
        case Some(parts):
            tests = [condition(part, columns) for part in parts]
            return lambda record: any(test(record) for test in tests)
        case Not(part):
            inner = condition(part, columns)
            return lambda record: not inner(record)
        case Test():
            return _predicate(expr, column(columns, expr.field))


def column(columns: Columns[T], name: str) -> Column[T]:
    """Look a name up; 400 when the module has no such field."""
    if name not in columns:
        bad(f"Unknown field '{name}'")
    return columns[name]


def _predicate(test: Test, column: Column[T]) -> Holds[T]:
    read = column.read
    if test.operator == "NULL":
        return lambda record: any(True for _ in read(record)) is test.negated
    passes = _value_test(test, column.kind)
    return lambda record: any(passes(value) for value in read(record))


def _value_test(test: Test, kind: str) -> Callable[[Any], bool]:
    if test.operator == "LIKE":
        return _like(test, kind)
    wanted = [comparable(kind, literal, test.field) for literal in test.literals]
    if test.operator == "IN":
        return lambda value: (value in wanted) is not test.negated
    if kind == "boolean" and test.operator not in {"=", "!="}:
        bad(f"Query: field '{test.field}' is boolean and knows = and != only")
    compare, right = _COMPARE[test.operator], wanted[0]
    return lambda value: compare(value, right)


def _like(test: Test, kind: str) -> Callable[[Any], bool]:
    if kind != "text":
        bad(f"Query: LIKE needs a text field, '{test.field}' is of kind {kind}")
    shape = like_shape(str(test.literals[0]))
    return lambda value: (shape.fullmatch(value.lower()) is not None) is not test.negated


def like_shape(pattern: str) -> re.Pattern[str]:
    """A LIKE pattern for lower-cased text: `%` any run of characters, `_` any one.

    Each piece between two `%` is taken where it first fits and not tried again further on: enough for LIKE, and no
    pattern can make it slow.
    """
    first, *rest = (
        "".join("." if one == "_" else re.escape(one) for one in part) for part in pattern.lower().split("%")
    )
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1] if part)
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def comparable(kind: str, literal: Literal, field: str) -> Any:
    """A literal in the form values of that kind are compared in."""
    if type(literal) not in _TYPES.get(kind, (str,)):
        bad(f"Query: field '{field}' needs {_NEEDS[kind]}, not {literal!r}")
    if kind != "instant":
        return literal
    try:
        return instant(str(literal))
    except ValueError:
        bad(f"Query: field '{field}' needs {_NEEDS[kind]}, not {literal!r}")


_TYPES: Mapping[str, tuple[type, ...]] = {"boolean": (bool,), "number": (int, float)}
_NEEDS = {
    "text": "a text in single quotes",
    "number": "a number",
    "boolean": "TRUE or FALSE",
    "instant": "an ISO date or timestamp in single quotes",
}
