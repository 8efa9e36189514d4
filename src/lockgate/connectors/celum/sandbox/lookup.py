"""Running a search over one table: which rows, in what order, and how many there are."""

import sqlite3
from typing import Any

Condition = tuple[str, list[Any]]
"""A piece of SQL about the row `t`, and what goes into its question marks."""
Order = tuple[str, list[Any]]
BY_ID = "t.id ASC"
KEPT_COUNTS = 64
FARTHEST = 2**62  # the database counts no further


class Search:
    """Runs searches over one table. Totals are remembered until something is written: pages of one search ask for them again."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._totals: dict[tuple[Any, ...], int] = {}

    def ids(self, table: str, where: Condition, order: Order, size: int, offset: int) -> tuple[int, list[int]]:
        """How many match, and the ids on that page."""
        by, values = order
        if by == BY_ID and "t.id" not in where[0] and where[0] != "1":
            # To spare the sort, the database would walk all rows by id, where an index finds the few at once.
            by = f"+{BY_ID}"
        # The pieces of SQL are this package's own; whatever clients sent goes through question marks.
        query = f"SELECT t.id FROM {table} t WHERE {where[0]} ORDER BY {by} LIMIT ? OFFSET ?"  # noqa: S608
        rows = self._db.execute(query, [*where[1], *values, size, min(offset, FARTHEST)]).fetchall()
        return self._total(table, where), [id for (id,) in rows]

    def _total(self, table: str, where: Condition) -> int:
        key = (table, self._db.total_changes, where[0], *where[1])
        if key not in self._totals:
            query = f"SELECT count(*) FROM {table} t WHERE {where[0]}"  # noqa: S608 (as above)
            if len(self._totals) >= KEPT_COUNTS:
                self._totals.clear()
            self._totals[key] = int(self._db.execute(query, where[1]).fetchone()[0])
        return self._totals[key]
