"""The few statements that must be fast, by the driver's own means: `executemany` on SQLite, arrays through `unnest` on PostgreSQL.

SQLAlchemy Core takes twice the processor time for them; everything else uses Core.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, Integer, LargeBinary, SmallInteger, Table, Text
from sqlalchemy.types import TypeEngine

T = TypeVar("T")
Row = tuple[Any, ...]

CHUNK = 4_096
"""Values in one `IN (…)`: SQLite takes 32,766 at most, and longer lists gain nothing."""

POSTGRES_TYPES: dict[type[TypeEngine[Any]], str] = {
    Text: "text",
    BigInteger: "bigint",
    Integer: "integer",
    SmallInteger: "smallint",
    LargeBinary: "bytea",
}


def storable(text: str) -> str:
    """The text with another sign in the place of the one that PostgreSQL's texts cannot hold; vendors send it all the same."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in text else text


def driver(c: Connection) -> Any:
    """The driver's own connection below this one, in the same transaction."""
    return c.connection.driver_connection


def is_sqlite(c: Connection) -> bool:
    return c.dialect.name == "sqlite"


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    iterator = iter(values)
    while part := list(islice(iterator, size)):
        yield part


def many(c: Connection, statement: str, rows: Sequence[Row]) -> None:
    """One statement for many rows, its parameters written `?`."""
    if not rows:
        return
    if is_sqlite(c):
        driver(c).executemany(statement, rows)
        return
    with driver(c).cursor() as cursor:
        cursor.executemany(statement.replace("?", "%s"), rows)


class Upsert:
    """`INSERT … ON CONFLICT DO UPDATE` of many rows at once.

    `update` says what an existing row's column becomes, as SQL over `excluded` (the new row) and the table's own name;
    columns given none are overwritten. Rows are folded to the last one per key and sorted by key: PostgreSQL takes a key
    once per statement only, and two writers that lock rows in the same order cannot block each other for ever.
    """

    def __init__(
        self, table: Table, columns: Sequence[str], key: Sequence[str], update: Mapping[str, str] | None = None
    ) -> None:
        self._key = itemgetter(*(columns.index(name) for name in key))
        head = f"INSERT INTO {table.name} ({', '.join(columns)})"
        changes = {name: f"excluded.{name}" for name in columns if name not in key} | dict(update or {})
        tail = f"ON CONFLICT ({', '.join(key)}) DO " + (
            "UPDATE SET " + ", ".join(f"{name} = {value}" for name, value in changes.items()) if changes else "NOTHING"
        )
        types = [POSTGRES_TYPES[type(table.c[name].type)] for name in columns]
        self._sqlite = f"{head} VALUES ({', '.join('?' * len(columns))}) {tail}"
        arrays = ", ".join(f"%b::{kind}[]" for kind in types)
        self._postgres = f"{head} SELECT * FROM unnest({arrays}) {tail}"  # noqa: S608 - names of our own tables

    def __call__(self, c: Connection, rows: Iterable[Row]) -> None:
        key = self._key
        folded = {key(row): row for row in rows}
        if not folded:
            return
        ordered = [folded[one] for one in sorted(folded)]
        if is_sqlite(c):
            driver(c).executemany(self._sqlite, ordered)
            return
        driver(c).execute(self._postgres, [list(column) for column in zip(*ordered, strict=True)])


class Statement:
    """A statement with single parameters, written `{}`, whose rows come as the driver gives them."""

    def __init__(self, statement: str) -> None:
        self._sqlite, self._postgres = statement.replace("{}", "?"), statement.replace("{}", "%b")

    def __call__(self, c: Connection, *values: Any) -> list[Row]:
        if is_sqlite(c):
            return list(driver(c).execute(self._sqlite, values).fetchall())
        return list(driver(c).execute(self._postgres, values, binary=True).fetchall())


class KeyList:
    """A statement with one list of values in it, written `{keys}`, after fixed parameters.

    `select` for `SELECT … WHERE flow = {} AND key {keys}`: `{}` are single parameters in order, `{keys}` becomes `IN (…)` or
    `= ANY(…)`.
    """

    def __init__(self, statement: str, kind: str = "text") -> None:
        self._parts = statement.replace("{keys}", "\0").replace("{}", "\1")
        self._postgres = self._parts.replace("\1", "%b").replace("\0", f"= ANY(%b::{kind}[])")
        self._sqlite: dict[int, str] = {}

    def __call__(self, c: Connection, values: Iterable[Any], *fixed: Any) -> list[Row]:
        """All rows, for lists of any length; statements that return none give an empty list."""
        found: list[Row] = []
        run = self._on_sqlite if is_sqlite(c) else self._on_postgres
        for part in chunks(values):
            cursor = run(driver(c), part, fixed)
            if cursor.description is not None:
                found += cursor.fetchall()
        return found

    def _on_sqlite(self, connection: Any, part: list[Any], fixed: Row) -> Any:
        # Filled up to a power of two with the last value again: a dozen statements for all lengths, each compiled once.
        length = 1 << (len(part) - 1).bit_length()
        if (statement := self._sqlite.get(length)) is None:
            marks = f"IN ({', '.join('?' * length)})"
            statement = self._sqlite[length] = self._parts.replace("\1", "?").replace("\0", marks)
        return connection.execute(statement, [*fixed, *part, *part[-1:] * (length - len(part))])

    def _on_postgres(self, connection: Any, part: list[Any], fixed: Row) -> Any:
        return connection.execute(self._postgres, [*fixed, part], binary=True)
