"""How far something was read: moved only after what lies before it is recorded."""

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select

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


def drop(c: Connection, owner: str) -> None:
    """Forget all cursors of this owner: the next read starts from the beginning."""
    c.execute(delete(table).where(table.c.owner == owner))
