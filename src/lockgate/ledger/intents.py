"""What is about to be written to a target: noted before the write, cleared with its record.

An intent that is still there after a crash says that the write may or may not have happened: look before writing again.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, select

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.sql import KeyList, Upsert
from lockgate.ledger.tables import intent as table


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """This run is about to do `action` for this item."""

    flow: str
    key: str
    action: str
    file_version: str | None = None
    at: datetime
    run: str = ""


_COLUMNS = ("flow", "key", "action", "file_version", "at", "run")
_begin = Upsert(table, _COLUMNS, key=("flow", "key"))
_get = KeyList(f"SELECT {', '.join(_COLUMNS)} FROM intent WHERE flow = {{}} AND key {{keys}}")  # noqa: S608 - our own names
_clear = KeyList("DELETE FROM intent WHERE flow = {} AND at = {} AND key {keys}")


def begin(c: Connection, rows: Iterable[Intent]) -> None:
    """Note what is about to be written; commit it before the write. A newer intent replaces an older one."""
    _begin(c, ((row.flow, row.key, row.action, row.file_version, micros(row.at), row.run) for row in rows))


def get(c: Connection, flow: str, keys: Iterable[str]) -> dict[str, Intent]:
    """The intents of these items that were never cleared, by key."""
    return {
        key: Intent(flow=flow, key=key, action=action, file_version=version, at=instant(at), run=run)
        for flow, key, action, version, at, run in _get(c, keys, flow)
    }


def begun(c: Connection, flow: str) -> list[str]:
    """The keys of all intents of a flow that were never cleared: those in work, and those that a crash left."""
    return list(c.execute(select(table.c.key).where(table.c.flow == flow)).scalars())


def drop_flow(c: Connection, flow: str) -> None:
    """Forget all intents of a flow."""
    c.execute(delete(table).where(table.c.flow == flow))


def clear(c: Connection, flow: str, keys: Iterable[str], begun: datetime) -> None:
    """The writes begun at that instant are recorded; what was begun since stays in doubt."""
    _clear(c, keys, flow, micros(begun))
