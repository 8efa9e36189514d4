"""What is to be looked at again: one row per item of a flow, however often it is hinted.

A hint that comes while an item is being worked gives the row a new id; the page that took the old id removes nothing of it.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import Any, Literal
from zlib import crc32

import msgspec
from sqlalchemy import Connection, delete, func, select, update

from lockgate.ledger import tables
from lockgate.ledger.clock import instant, micros
from lockgate.ledger.sql import KeyList, Row, Upsert, driver, is_sqlite

BUCKETS = 64
VERIFY = "verify"
"""Reason of a hint that also asks the target what it holds; later hints of the same item do not take that away."""

Lane = Literal["recall", "live", "backfill"]
LANES: tuple[Lane, ...] = ("recall", "live", "backfill")
"""Most urgent first; stored as their index."""
_RANK = {lane: rank for rank, lane in enumerate(LANES)}


HEAVY = 32 * 1024 * 1024
"""Bytes of bodies read at once."""


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """Look at this item of this flow. `body` is the record itself where the source cannot be read back."""

    flow: str
    key: str
    lane: Lane = "live"
    reason: str = ""
    not_before: datetime | None = None
    body: bytes | None = None


class InboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """A hint as taken; `id` is what `done` and `postpone` want back, `at` when it was hinted last."""

    id: int
    flow: str
    key: str
    bucket: int
    lane: Lane
    at: datetime
    tries: int
    reason: str
    body: bytes | None


def bucket(flow: str, key: str) -> int:
    """The bucket an item is worked in: the same in every process and release."""
    return crc32(f"{flow}\0{key}".encode()) % BUCKETS


_hint = Upsert(
    tables.inbox,
    ("flow", "key", "bucket", "lane", "at", "ready", "tries", "reason", "body"),
    key=("flow", "key"),
    update={
        # The id that the refused insert had already drawn: newer than every id handed out before.
        "id": "excluded.id",
        "lane": "CASE WHEN excluded.lane < inbox.lane THEN excluded.lane ELSE inbox.lane END",
        # Empty means at once, and at once is earlier than any instant.
        "ready": (
            "CASE WHEN excluded.ready IS NULL OR inbox.ready IS NULL THEN NULL"
            " WHEN excluded.ready < inbox.ready THEN excluded.ready ELSE inbox.ready END"
        ),
        "reason": f"CASE WHEN inbox.reason = '{VERIFY}' THEN inbox.reason ELSE excluded.reason END",
        "body": "COALESCE(excluded.body, inbox.body)",
    },
)


def hint(c: Connection, hints: Iterable[Hint], *, at: datetime | None = None) -> None:
    """Put items into the inbox. Of several hints for one item the most urgent lane, the earliest instant, the newest reason
    and the newest body hold; its tries start again. Items of one call follow each other by flow and key.
    """
    now = micros(at or datetime.now(UTC))
    rows: dict[tuple[str, str], Row] = {}
    for one in hints:
        row = (one.flow, one.key, 0, _RANK[one.lane], now, micros(one.not_before), 0, one.reason, one.body)
        known = rows.get((one.flow, one.key))
        rows[one.flow, one.key] = row if known is None else _merged(known, row)
    _hint(c, [(*row[:2], bucket(row[0], row[1]), *row[3:]) for row in rows.values()])


def _merged(old: Row, new: Row) -> Row:
    ready = None if old[5] is None or new[5] is None else min(old[5], new[5])
    reason = VERIFY if VERIFY in (old[7], new[7]) else new[7]
    return (*new[:3], min(old[3], new[3]), new[4], ready, new[6], reason, old[8] if new[8] is None else new[8])


def take(
    c: Connection,
    *,
    limit: int,
    now: datetime,
    after: int = 0,
    skip_buckets: AbstractSet[int] = frozenset(),
    buckets: AbstractSet[int] | None = None,
    flows: Sequence[str] | None = None,
    lanes: Iterable[Lane] = LANES,
) -> list[InboxRow]:
    """Rows that are ready, recalls first, then by id; they stay in the inbox until `done`.

    `after` leaves out ids up to that one: right on SQLite only, where ids commit in order. Fewer than `limit` may come
    before the end where bodies are long.
    """
    found: list[InboxRow] = []
    where, values = _filter(after, skip_buckets, buckets, flows)
    statement = f"{_SELECT} WHERE lane = ? AND (ready IS NULL OR ready <= ?){where} ORDER BY id LIMIT ?"
    for lane in lanes:
        if len(found) < limit:
            found += _rows(c, statement, [_RANK[lane], micros(now), *values, limit - len(found)])
    return found


def last_id(c: Connection) -> int:
    """The highest id given so far. On SQLite only."""
    found = driver(c).execute("SELECT seq FROM sqlite_sequence WHERE name = 'inbox'").fetchone()
    return int(found[0]) if found else 0


def since(c: Connection, id: int) -> list[InboxRow]:
    """Rows that are ready and younger than this one, by id."""
    return _rows(c, f"{_SELECT} WHERE id > ? AND ready IS NULL ORDER BY id", [id])


def held_back(c: Connection, *, limit: int, now: datetime, flows: Sequence[str] | None = None) -> list[InboxRow]:
    """Rows that were to be left until an instant that has come, the longest overdue first."""
    where, values = _filter(0, frozenset(), None, flows)
    return _rows(c, f"{_SELECT} WHERE ready <= ?{where} ORDER BY ready LIMIT ?", [micros(now), *values, limit])


_SELECT = "SELECT id, flow, key, bucket, lane, at, tries, reason, body FROM inbox"


def _rows(c: Connection, statement: str, values: list[Any]) -> list[InboxRow]:
    """The rows of a statement (its parameters written `?`), fewer where their bodies would take too much memory."""
    found, size = list[InboxRow](), 0
    for row in driver(c).execute(statement if is_sqlite(c) else statement.replace("?", "%b"), values):
        found.append(_row(row))
        size += len(row[8] or b"")
        if size > HEAVY:
            break
    return found


def heavy(rows: Iterable[InboxRow]) -> bool:
    """Whether a list of rows may have ended for the memory that they take."""
    return sum(len(row.body or b"") for row in rows) > HEAVY


def _filter(
    after: int, skip_buckets: AbstractSet[int], buckets: AbstractSet[int] | None, flows: Sequence[str] | None
) -> tuple[str, list[Any]]:
    where, values = "", list[Any]()
    if after:
        where, values = " AND id > ?", [after]
    for column, verb, chosen in (
        ("bucket", "NOT IN", skip_buckets or None),
        ("bucket", "IN", buckets),
        ("flow", "IN", flows),
    ):
        if chosen is not None:
            # An empty list of what to take takes nothing; NULL is the one element both databases accept for that.
            where += f" AND {column} {verb} ({', '.join('?' * len(chosen)) or 'NULL'})"
            values += sorted(chosen)
    return where, values


def _row(row: Row) -> InboxRow:
    id, flow, key, bucket, lane, at, tries, reason, body = row
    return InboxRow(
        id=id,
        flow=flow,
        key=key,
        bucket=bucket,
        lane=LANES[lane],
        at=instant(at),
        tries=tries,
        reason=reason,
        body=body,
    )


_present = KeyList("SELECT id FROM inbox WHERE id {keys}", "bigint")


def present(c: Connection, ids: Iterable[int]) -> set[int]:
    """Which of these rows are still there: another process may have worked them since they were taken."""
    return {id for (id,) in _present(c, ids)}


_done = KeyList("DELETE FROM inbox WHERE id {keys}", "bigint")


def done(c: Connection, ids: Iterable[int]) -> None:
    """Remove what was worked. Items hinted again meanwhile have another id and stay."""
    _done(c, ids)


_postpone = KeyList("UPDATE inbox SET ready = {}, tries = {} WHERE id {keys}", "bigint")


def postpone(c: Connection, ids: Iterable[int], until: datetime, tries: int) -> None:
    """Leave these rows until then; items hinted again meanwhile are not held back."""
    _postpone(c, ids, micros(until), tries)


_pending = KeyList("SELECT key FROM inbox WHERE flow = {} AND (ready IS NULL OR ready <= {}) AND key {keys}")


def pending(c: Connection, flow: str, keys: Iterable[str], now: datetime) -> list[str]:
    """Those of these items that are to be looked at now."""
    return [key for (key,) in _pending(c, keys, flow, micros(now))]


def counts(c: Connection) -> dict[str, dict[Lane, int]]:
    """How many rows wait, by flow and lane."""
    inbox = tables.inbox.c
    found: dict[str, dict[Lane, int]] = {}
    for flow, lane, number in c.execute(select(inbox.flow, inbox.lane, func.count()).group_by(inbox.flow, inbox.lane)):
        found.setdefault(flow, {})[LANES[lane]] = number
    return found


def hasten(c: Connection) -> None:
    """Hold nothing back any longer: the instants that were waited for mean nothing once the clock was set back.

    They count as over, not as never set: whoever reads on behind an id finds rows that were held back by their instant.
    """
    ready = tables.inbox.c.ready
    c.execute(update(tables.inbox).where(ready.is_not(None)).values(ready=0))


def next_ready(c: Connection) -> datetime | None:
    """The first instant some held-back row waits for (it may have passed), or None when none is held back."""
    ready = tables.inbox.c.ready
    return instant(c.execute(select(func.min(ready)).where(ready.is_not(None))).scalar())


def drop_flow(c: Connection, flow: str) -> int:
    """Forget all that waits for this flow; says how much that was."""
    return c.execute(delete(tables.inbox).where(tables.inbox.c.flow == flow)).rowcount
