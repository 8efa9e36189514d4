"""Installed flows: which recipe, bound to which connections, with which answers."""

from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection, delete, select, update

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.sql import Row, Upsert, driver, is_sqlite
from lockgate.ledger.tables import flow as table

State = Literal["draft", "active", "paused"]
"""`draft`: installed and not switched on yet; plans are made of it, and nothing else."""


class FlowRow(msgspec.Struct, frozen=True, kw_only=True):
    """One flow as installed; `recipe` and `binding` are the texts a person gave."""

    name: str
    recipe: str
    binding: str
    state: State = "active"
    created: datetime
    version: int = 1
    digest: str = ""


_NAMES = FlowRow.__struct_fields__
_COLUMNS = [table.c[name] for name in _NAMES]
_put = Upsert(table, _NAMES, key=("name",))


def put(c: Connection, row: FlowRow) -> None:
    """Install a flow, or replace the one of that name."""
    _put(c, [(row.name, row.recipe, row.binding, row.state, micros(row.created), row.version, row.digest)])


def get(c: Connection, name: str) -> FlowRow | None:
    row = c.execute(select(*_COLUMNS).where(table.c.name == name)).one_or_none()
    return _flow(tuple(row)) if row is not None else None


def there(c: Connection, name: str) -> bool:
    """Whether there is a flow of this name. By the driver: each page of a flow asks."""
    mark = "?" if is_sqlite(c) else "%b"
    return driver(c).execute(f"SELECT 1 FROM flow WHERE name = {mark}", [name]).fetchone() is not None  # noqa: S608 - no text from outside


def all(c: Connection) -> list[FlowRow]:
    """All flows by name."""
    return [_flow(tuple(row)) for row in c.execute(select(*_COLUMNS).order_by(table.c.name))]


def set_state(c: Connection, name: str, state: State) -> bool:
    """Switch on, pause or resume; False when there is no such flow."""
    return c.execute(update(table).where(table.c.name == name).values(state=state)).rowcount == 1


def remove(c: Connection, name: str) -> bool:
    """Forget a flow (not what it has delivered); False when there is no such flow."""
    return c.execute(delete(table).where(table.c.name == name)).rowcount == 1


def _flow(row: Row) -> FlowRow:
    name, recipe, binding, state, created, version, digest = row
    return FlowRow(
        name=name,
        recipe=recipe,
        binding=binding,
        state=state,
        created=instant(created),
        version=version,
        digest=digest,
    )
