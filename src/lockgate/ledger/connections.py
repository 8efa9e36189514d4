"""Named connections to systems: settings and profile in the clear, secrets sealed."""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.secrets import Sealed, Vault
from lockgate.ledger.sql import Upsert
from lockgate.ledger.tables import connection as table


class ConnectionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One connection as stored. `settings` hold no secrets; `secrets`, `hook_secret` and `kept` open with the vault only."""

    name: str
    connector: str
    settings: dict[str, Any] = {}
    secrets: Sealed | None = None
    hook_secret: Sealed | None = None
    profile: Any = None
    """The confirmed profile as JSON."""
    state: str = "new"
    checked_at: datetime | None = None
    info: Any = None
    """What the system said of itself when last checked, as JSON."""
    problem: str | None = None
    kept: Sealed | None = None
    """What its connector renews by itself, such as a refresh token that changes with each use."""


_NAMES = ConnectionRow.__struct_fields__
_COLUMNS = [table.c[name] for name in _NAMES]
_put = Upsert(table, _NAMES, key=("name",))
_JSON = ("settings", "profile", "info")
_SEALED = ("secrets", "hook_secret", "kept")


def put(c: Connection, row: ConnectionRow) -> None:
    """Record a connection, or replace the one of that name."""
    _put(c, [tuple(_stored(msgspec.structs.asdict(row)).values())])


def update(c: Connection, name: str, **changes: Any) -> bool:
    """Change some fields of a connection, named as in `ConnectionRow`; False when there is no such connection."""
    return c.execute(sa.update(table).where(table.c.name == name).values(_stored(changes))).rowcount == 1


def get(c: Connection, name: str) -> ConnectionRow | None:
    row = c.execute(sa.select(*_COLUMNS).where(table.c.name == name)).one_or_none()
    return _connection(tuple(row)) if row is not None else None


def all(c: Connection) -> list[ConnectionRow]:
    """All connections by name."""
    return [_connection(tuple(row)) for row in c.execute(sa.select(*_COLUMNS).order_by(table.c.name))]


def remove(c: Connection, name: str) -> bool:
    """Forget a connection and its secrets; False when there is no such connection."""
    return c.execute(sa.delete(table).where(table.c.name == name)).rowcount == 1


def reseal(c: Connection, vault: Vault) -> int:
    """Seal all secrets with the vault's first key again; says how many connections had some. All or nothing."""
    done = 0
    for row in all(c):
        sealed = {name: vault.rotate(old) for name in _SEALED if (old := getattr(row, name)) is not None}
        done += bool(sealed) and update(c, row.name, **sealed)
    return done


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    stored = dict(values)
    for name in stored.keys() & set(_JSON):
        stored[name] = None if stored[name] is None else msgspec.json.encode(stored[name])
    for name in stored.keys() & set(_SEALED):
        stored[name] = stored[name] and stored[name].token
    if "checked_at" in stored:
        stored["checked_at"] = micros(stored["checked_at"])
    return stored


def _connection(row: tuple[Any, ...]) -> ConnectionRow:
    values = dict(zip(_NAMES, row, strict=True))
    for name in _JSON:
        values[name] = None if values[name] is None else msgspec.json.decode(values[name])
    for name in _SEALED:
        values[name] = None if values[name] is None else Sealed(bytes(values[name]))
    values["checked_at"] = instant(values["checked_at"])
    return ConnectionRow(**values)
