"""Which worker works which buckets: leases, so that several workers never hold one item at once and a dead one frees its own.

A worker claims buckets in one short transaction, takes their rows (`inbox.take(buckets=…)`), works them, and records with
`hold` in the same job: if `hold` says False the lease was lost to another worker, and nothing may be recorded.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger.clock import micros
from lockgate.ledger.tables import claim as table
from lockgate.ledger.tables import inbox

LOOK_AHEAD = 2_000
"""Rows of the inbox looked at for buckets with work: enough to name nearly all 64, whatever the inbox holds."""


def claim_buckets(c: Connection, worker: str, now: datetime, lease: timedelta, *, limit: int = 64) -> list[int]:
    """Claim up to `limit` free buckets that have work, the most urgent first, until `now + lease`.

    Several workers that claim at the same moment divide the buckets: none waits for another.
    """
    candidates = _with_work(c, micros(now))
    free = (
        sa.select(table.c.bucket)
        .where(table.c.bucket.in_(candidates), table.c.until <= micros(now))
        .order_by(sa.case({bucket: rank for rank, bucket in enumerate(candidates)}, value=table.c.bucket))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = list(c.execute(free).scalars()) if candidates else []
    if claimed:
        values = {"worker": worker, "until": micros(now + lease)}
        c.execute(sa.update(table).where(table.c.bucket.in_(claimed)).values(values))
    return claimed


def _with_work(c: Connection, now: int) -> list[int]:
    """Unclaimed buckets with rows that are ready, those of the most urgent rows first."""
    taken = sa.select(table.c.bucket).where(table.c.until > now)
    rows = (
        sa.select(inbox.c.bucket)
        .where(inbox.c.ready.is_(None) | (inbox.c.ready <= now), inbox.c.bucket.not_in(taken))
        .order_by(inbox.c.lane, inbox.c.id)
        .limit(LOOK_AHEAD)
    )
    return list(dict.fromkeys(c.execute(rows).scalars()))


def hold(c: Connection, worker: str, buckets: Collection[int], until: datetime) -> bool:
    """Prolong leases; False when another worker has claimed any of the buckets since."""
    mine = (table.c.worker == worker) & table.c.bucket.in_(buckets)
    return c.execute(sa.update(table).where(mine).values(until=micros(until))).rowcount == len(buckets)


def release(c: Connection, worker: str, buckets: Collection[int] | None = None) -> None:
    """Free these buckets, or all of this worker; those another worker has claimed since stay its own."""
    mine = table.c.worker == worker
    if buckets is not None:
        mine &= table.c.bucket.in_(buckets)
    c.execute(sa.update(table).where(mine).values(worker="", until=0))
