"""Append to the chain, and walk one item's way back through it."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.errors import LedgerError
from lockgate.ledger.paging import NoSuchPlace, Page, position, token
from lockgate.ledger.sql import driver, is_sqlite
from lockgate.ledger.tables import audit as table

GENESIS = bytes(32)
"""What stands for the hash before the first row."""


class ChainBroken(LedgerError):
    """The audit chain has no end to append to: its head row was removed."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One act on one item (or, in flow "", on a connection, a flow, by a person)."""

    act: str
    key: str
    digest: str = ""
    """Of what was written, when something was."""
    code: str = ""
    """Machine-readable reason."""
    prev: int | None = None
    """Number of the row that tells of the act before this one on the same key."""
    detail: dict[str, Any] = {}


class AuditPage(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the chain with its entries."""

    n: int
    at: datetime
    flow: str
    run: str
    entries: list[Entry]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One act in the timeline of an item."""

    n: int
    hash: str
    """Of the row, hexadecimal."""
    at: datetime
    run: str
    entry: Entry


_encode = msgspec.msgpack.Encoder().encode
entries_of = msgspec.msgpack.Decoder(list[Entry]).decode


def head_text(n: int, at: int, flow: str, run: str, items: int) -> str:
    """What of a row is hashed besides its entries: a JSON list, so that no two rows read alike."""
    return json.dumps([n, at, flow, run, items], separators=(",", ":"))


def chained(previous: bytes, head: str, entries: bytes) -> bytes:
    return sha256(previous + head.encode() + sha256(entries).digest()).digest()


def append(c: Connection, at: datetime, flow: str, run: str, entries: Sequence[Entry]) -> int:
    """Add a row with these entries; gives its number, to be kept in the deliveries it tells of.

    On PostgreSQL other writers wait from here to the commit, so do it late in a job.
    """
    mark, lock = ("?", "") if is_sqlite(c) else ("%b", " FOR UPDATE")
    execute = driver(c).execute
    last = execute(f"SELECT n, hash FROM audit_head WHERE id = 1{lock}").fetchone()  # noqa: S608 - a constant
    if last is None:
        raise ChainBroken("The head of the audit chain is missing: run `lockgate audit verify`, restore a backup")
    n, blob, moment = last[0] + 1, _encode(entries), micros(at)
    hash = chained(last[1], head_text(n, moment, flow, run, len(entries)), blob)
    row = (n, moment, flow, run, len(entries), blob, hash)
    execute(
        "INSERT INTO audit (n, at, flow, run, items, entries, hash) VALUES (?, ?, ?, ?, ?, ?, ?)".replace("?", mark),
        row,
    )
    execute("UPDATE audit_head SET n = ?, hash = ? WHERE id = 1".replace("?", mark), (n, hash))
    return int(n)


def head(c: Connection) -> tuple[int, str]:
    """Number and hash (hexadecimal) of the last row: what to keep elsewhere as proof."""
    row = c.execute(sa.text("SELECT n, hash FROM audit_head WHERE id = 1")).one_or_none()
    if row is None:
        raise ChainBroken("The head of the audit chain is missing: run `lockgate audit verify`, restore a backup")
    return row[0], bytes(row[1]).hex()


def recent(
    c: Connection, flow: str, *, run: str | None = None, before: int | None = None, limit: int = 50
) -> list[AuditPage]:
    """The last rows of a flow, newest first; flow "" is what was done to connections and flows as such.

    Only those of a `run`, if given; "" is what people did.
    """
    statement = sa.select(table).where(table.c.flow == flow).order_by(table.c.n.desc()).limit(limit)
    if run is not None:
        statement = statement.where(table.c.run == run)
    if before is not None:
        statement = statement.where(table.c.n < before)
    return [
        AuditPage(n=row.n, at=instant(row.at), flow=row.flow, run=row.run, entries=entries_of(row.entries))
        for row in c.execute(statement)
    ]


def of_run(
    c: Connection,
    run: str,
    flow: str,
    *,
    act: str | None = None,
    code: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Told]:
    """What a run did, newest first, all or only such acts; `after` is the `next` of the page before.

    A page may hold fewer than `limit`, or nothing, and have a next one: of a long run only a part is read at a time.
    """
    n, place = _place(after) if after else (None, 0)
    found: list[Told] = []
    statement = (
        sa.select(table).where(table.c.run == run, table.c.flow == flow).order_by(table.c.n.desc()).limit(STRETCH)
    )
    rows = c.execute(statement.where(table.c.n <= n) if n is not None else statement).all()
    for row in rows:
        entries = list(reversed(entries_of(row.entries)))
        for number in range(place if row.n == n else 0, len(entries)):
            if len(found) == limit:
                return Page(found, token((row.n, number)))
            if act in {None, entries[number].act} and code in {None, entries[number].code}:
                told = Told(n=row.n, hash=bytes(row.hash).hex(), at=instant(row.at), run=run, entry=entries[number])
                found.append(told)
    return Page(found, token((rows[-1].n - 1, 0)) if len(rows) == STRETCH else None)


def _place(after: str) -> tuple[int, int]:
    n, number = position(after, 2)
    if not isinstance(n, int) or not isinstance(number, int) or abs(n) > LAST or number < 0:
        raise NoSuchPlace(f"{after!r} is no place in this list")
    return n, number


LAST = 2**62
"""No chain has a row of a greater number."""
STRETCH = 200
"""Rows of a run that are read at a time."""


def timeline(c: Connection, flow: str, key: str, last_n: int | None, *, limit: int = 100) -> list[Told]:
    """What was done to an item, newest first: back from row `last_n` (as its delivery says) by each entry's `prev`."""
    found: list[Told] = []
    n = last_n
    while n is not None and len(found) < limit:
        row = c.execute(sa.select(table).where(table.c.n == n, table.c.flow == flow)).one_or_none()
        acts = [one for one in entries_of(row.entries) if one.key == key] if row is not None else []
        if row is None or not acts:
            break
        told = Told(n=n, hash=bytes(row.hash).hex(), at=instant(row.at), run=row.run, entry=acts[-1])
        found += [msgspec.structs.replace(told, entry=one) for one in reversed(acts)]
        earlier = acts[0].prev
        # Only ever backwards: a forged `prev` must not lead round in a circle.
        n = earlier if earlier is not None and earlier < n else None
    return found[:limit]
