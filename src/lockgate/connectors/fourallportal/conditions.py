"""Condition strings of searches: SQL-like, quotes doubled (the grammar is inferred, see the README)."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote


def literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def equal(field: str, value: str) -> str:
    return f"{field} = {literal(value)}"


def one_of(field: str, values: Iterable[str]) -> str:
    return f"{field} IN ({','.join(literal(value) for value in values)})"


def above(field: str, value: str) -> str:
    return f"{field} > {literal(value)}"


def both(*conditions: str) -> str:
    """Those that say something, joined."""
    said = [one for one in conditions if one]
    return said[0] if len(said) == 1 else " AND ".join(f"({one})" for one in said)


def portions(values: Iterable[str], most: int, longest: int) -> Iterator[Sequence[str]]:
    """The values, each once, in portions of so many and of so many characters as they stand in an address."""
    portion: list[str] = []
    length = 0
    for value in dict.fromkeys(values):
        size = len(quote(literal(value), safe="")) + len("%2C")
        if portion and (len(portion) == most or length + size > longest):
            yield portion
            portion, length = [], 0
        portion.append(value)
        length += size
    if portion:
        yield portion
