"""Condition strings of searches: SQL-like, quotes doubled (the grammar is inferred, see the README)."""

from collections.abc import Iterable


def literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def one_of(field: str, values: Iterable[str]) -> str:
    return f"{field} IN ({','.join(literal(value) for value in values)})"


def above(field: str, value: str) -> str:
    return f"{field} > {literal(value)}"
