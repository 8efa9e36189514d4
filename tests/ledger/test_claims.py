"""Claims: several workers share the buckets, none holds what another holds, the dead free theirs."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from lockgate.ledger import Ledger, claims, inbox
from lockgate.ledger.inbox import Hint

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=30)


async def fill(ledger: Ledger, *keys: str, lane: inbox.Lane = "live") -> list[int]:
    """Hint these items; gives their buckets."""
    await ledger.write(lambda c: inbox.hint(c, [Hint(flow="f", key=key, lane=lane) for key in keys], at=NOW))
    return [inbox.bucket("f", key) for key in keys]


async def claim(ledger: Ledger, worker: str, *, now: datetime = NOW, limit: int = 64) -> list[int]:
    return await ledger.write(lambda c: claims.claim_buckets(c, worker, now, LEASE, limit=limit))


async def test_a_claimed_bucket_is_nobody_elses_until_it_is_released(ledger: Ledger) -> None:
    buckets = await fill(ledger, "a", "b", "c")
    assert set(await claim(ledger, "one", limit=2)) < set(buckets)
    assert len(await claim(ledger, "two")) == 1
    assert await claim(ledger, "three") == []
    await ledger.write(lambda c: claims.release(c, "one"))
    assert len(await claim(ledger, "three")) == 2


async def test_only_buckets_with_work_are_claimed_the_most_urgent_first(ledger: Ledger) -> None:
    assert await claim(ledger, "one") == []
    live = await fill(ledger, "a", "b")
    recalled = await fill(ledger, "z", lane="recall")
    await ledger.write(lambda c: inbox.hint(c, [Hint(flow="f", key="later", not_before=NOW + LEASE)], at=NOW))
    assert await claim(ledger, "one", limit=1) == recalled
    assert set(await claim(ledger, "one")) == set(live)


async def test_a_worker_takes_the_rows_of_its_buckets_only(ledger: Ledger) -> None:
    await fill(ledger, *(str(number) for number in range(200)))
    mine = set(await claim(ledger, "one", limit=5))
    rows = await ledger.read(lambda c: inbox.take(c, limit=500, now=NOW, buckets=mine))
    assert {row.bucket for row in rows} == mine


async def test_the_buckets_of_a_dead_worker_are_free_after_its_lease(ledger: Ledger) -> None:
    buckets = await fill(ledger, "a", "b")
    assert set(await claim(ledger, "dead")) == set(buckets)
    assert await claim(ledger, "heir", now=NOW + LEASE - timedelta(seconds=1)) == []
    assert set(await claim(ledger, "heir", now=NOW + LEASE)) == set(buckets)
    assert not await ledger.write(lambda c: claims.hold(c, "dead", buckets, NOW + 2 * LEASE))
    await ledger.write(lambda c: claims.release(c, "dead", buckets))
    assert await ledger.write(lambda c: claims.hold(c, "heir", buckets, NOW + 2 * LEASE))


async def test_a_lease_that_is_held_on_to_does_not_end(ledger: Ledger) -> None:
    buckets = await fill(ledger, "a")
    await claim(ledger, "one")
    assert await ledger.write(lambda c: claims.hold(c, "one", buckets, NOW + 3 * LEASE))
    assert await claim(ledger, "two", now=NOW + 2 * LEASE) == []


@pytest.mark.postgres
async def test_workers_that_claim_at_once_divide_the_buckets_without_waiting(postgres_url: str) -> None:
    """Each claims within a transaction that stays open until all have claimed."""
    everyone = threading.Barrier(3)

    def claim_and_stay(worker: str) -> Callable[[Connection], list[int]]:
        def job(c: Connection) -> list[int]:
            claimed = claims.claim_buckets(c, worker, NOW, LEASE, limit=10)
            everyone.wait(5)
            return claimed

        return job

    ledgers = [await Ledger.open(postgres_url) for _ in range(3)]
    try:
        await fill(ledgers[0], *(str(number) for number in range(500)))
        claimed = await asyncio.gather(*(one.write(claim_and_stay(str(number))) for number, one in enumerate(ledgers)))
    finally:
        await asyncio.gather(*(one.close() for one in ledgers))
    assert [len(one) for one in claimed] == [10, 10, 10]
    assert len({bucket for one in claimed for bucket in one}) == 30
