"""How far something was read: moved only after what lies before it is recorded."""

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select, update

from lockgate.ledger.clock import micros
from lockgate.ledger.sql import Upsert
from lockgate.ledger.tables import cursor as table

_put = Upsert(table, ("owner", "name", "value", "at"), key=("owner", "name"))


def get(c: Connection, owner: str, name: str) -> str | None:
    """The cursor of this owner (a connection, a flow) by this name, or None before the first `put`."""
    return c.execute(select(table.c.value).where(table.c.owner == owner, table.c.name == name)).scalar()


def put(c: Connection, owner: str, name: str, value: str, *, at: datetime | None = None) -> None:
    """Move the cursor."""
    _put(c, [(owner, name, value, micros(at or datetime.now(UTC)))])


def move(c: Connection, owner: str, name: str, old: str, new: str, *, at: datetime | None = None) -> bool:
    """Move the cursor if it still stands at `old`: of several processes that try, one succeeds."""
    mine = (table.c.owner == owner) & (table.c.name == name) & (table.c.value == old)
    return c.execute(update(table).where(mine).values(value=new, at=micros(at or datetime.now(UTC)))).rowcount == 1


def drop(c: Connection, owner: str) -> None:
    """Forget all cursors of this owner: the next read starts from the beginning."""
    c.execute(delete(table).where(table.c.owner == owner))
