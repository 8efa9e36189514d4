"""Items kept from other processes, and what becomes of them when their process stands still."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lockgate.ledger import Ledger, itemlocks
from lockgate.ledger.database import Database
from lockgate.ledger.itemlocks import ItemLocks

pytestmark = pytest.mark.postgres
PATIENCE = 60.0


@contextmanager
def locks(url: str, silent: float) -> Iterator[ItemLocks]:
    """Those of one process, which takes others for standing still after so many seconds."""
    database = Database(url, readers=1)
    made = ItemLocks(database, silent=silent)
    try:
        yield made
    finally:
        made.close()
        database.close()


async def ended(by: ItemLocks) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await by.beat():  # noqa: ASYNC110 - there is nobody else to tell
            await asyncio.sleep(0.02)


async def test_items_of_a_process_that_stands_still_are_free_for_others(postgres_url: str) -> None:
    with locks(postgres_url, 30.0) as still, locks(postgres_url, 0.1) as lively:
        _, kept = await still.acquire("flow", ["a", "b"])
        assert kept == ["a", "b"]
        assert (await lively.acquire("flow", ["a"]))[1] == []
        await ended(lively)
        assert (await lively.acquire("flow", ["a"]))[1] == ["a"]


async def test_one_that_was_replaced_hears_of_it_within_its_own_transaction(postgres_url: str) -> None:
    async with await Ledger.open(postgres_url) as ledger:
        with locks(postgres_url, 30.0) as still, locks(postgres_url, 0.1) as lively:
            session, _ = await still.acquire("flow", ["a"])
            assert await ledger.write(lambda c: itemlocks.alive(c, session))
            await ended(lively)
            assert not await ledger.write(lambda c: itemlocks.alive(c, session))
            assert not await still.alive(session)


async def test_a_process_that_says_something_keeps_its_items(postgres_url: str) -> None:
    with locks(postgres_url, 30.0) as one, locks(postgres_url, 30.0) as other:
        session, _ = await one.acquire("flow", ["a"])
        assert await one.beat() == await other.beat() == 0
        assert (await other.acquire("flow", ["a"]))[1] == []
        assert await one.alive(session)
