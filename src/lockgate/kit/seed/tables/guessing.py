"""Tables without a header: columns recognised by what stands in them."""

import re
from collections.abc import Sequence

from lockgate.kit.seed.tables.columns import Column, Columns, NoProducts
from lockgate.model import codes

NUMBER = re.compile(r"\d+([.,]\d+)?")


def looks_like_data(row: Sequence[str]) -> bool:
    """Whether a first row holds values, not headers: a number stands alone in a cell."""
    return any(NUMBER.fullmatch(cell) for cell in row)


def guess(rows: Sequence[Sequence[str]]) -> Columns:
    """Columns from a sample of rows. Raises NoProducts when none holds numbers with valid check digits."""
    columns = [[row[at] for row in rows if at < len(row) and row[at]] for at in range(max(map(len, rows), default=0))]
    numbers = next((at for at, cells in enumerate(columns) if part(cells, is_gtin) >= 0.9), None)
    if numbers is None:
        raise NoProducts("has no header, and no column whose numbers are GTINs or ISBNs with valid check digits")
    texts = [at for at, cells in enumerate(columns) if part(cells, NUMBER.fullmatch) < 0.5 and varied(cells) > 0.5]
    long = max(texts, key=lambda at: length(columns[at]), default=None)
    title = next((at for at in texts if at != long), long)
    found = [Column(numbers, "gtin")]
    if title is not None:
        found.append(Column(title, "name"))
    if long is not None and long != title:
        found.append(Column(long, "description"))
    found += [
        Column(at, role) for role, at in (("price", price(columns)), ("category", category(columns))) if at is not None
    ]
    return Columns(found=tuple(found))


def part(cells: Sequence[str], holds: object) -> float:
    return sum(1 for cell in cells if callable(holds) and holds(cell)) / len(cells) if cells else 0.0


def is_gtin(cell: str) -> bool:
    return len(cell) > 9 and (codes.gtin(cell) or codes.isbn13(cell)) is not None


def varied(cells: Sequence[str]) -> float:
    return len(set(cells)) / len(cells) if cells else 0.0


def length(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) / len(cells) if cells else 0.0


def price(columns: Sequence[Sequence[str]]) -> int | None:
    """The first column of numbers with two decimals; stock counts have none."""
    money = re.compile(r"\d+[.,]\d\d?")
    return next((at for at, cells in enumerate(columns) if part(cells, money.fullmatch) >= 0.6), None)


def category(columns: Sequence[Sequence[str]]) -> int | None:
    """A column of paths (`Books > Fiction`)."""
    return next((at for at, cells in enumerate(columns) if part(cells, lambda cell: " > " in cell) >= 0.5), None)
