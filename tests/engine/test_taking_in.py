"""From a webhook's hint to a page of items: nothing is overlooked, nothing is begun twice, the urgent goes first."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from lockgate.engine.ahead import ROOM, Ahead
from lockgate.engine.intake import Intake, Stored
from lockgate.ledger import Ledger, inbox
from lockgate.ledger.inbox import LANES, VERIFY, Hint, InboxRow, Lane

HOUR = timedelta(hours=1)


def now() -> datetime:
    return datetime.now(UTC)


class Lock:
    """An inbox with what takes in and what takes out."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.ahead = ledger, Ahead(ledger)
        self.told: list[bool] = []
        """For each commit of webhooks: whether its rows were taken over as they came."""
        self.intake = Intake(ledger, self.offered)

    def offered(self, stored: Stored | None) -> None:
        self.told.append(stored is not None and self.ahead.offer(stored))

    async def come(self, *keys: str, lane: Lane = "live", reason: str = "", body: bytes | None = None) -> None:
        """A webhook for each of these items, one after the other."""
        for key in keys:
            await self.intake.put([Hint(flow="f", key=key, lane=lane, reason=reason, body=body)])

    async def hint(self, *hints: Hint) -> None:
        """What timers, polls and people hint."""
        await self.ledger.write(lambda c: inbox.hint(c, hints))

    async def read(self, flows: Sequence[str] = ("f",), at: datetime | None = None) -> None:
        await self.ahead.read(flows, at or now())

    def page(self, size: int = 100, lanes: Sequence[Lane] = LANES) -> list[InboxRow]:
        return self.ahead.page(lambda _: True, lambda _: size, lambda _: True, lanes)

    def keys(self, size: int = 100) -> list[str]:
        return [row.key for row in self.page(size)]

    async def done(self, rows: Sequence[InboxRow]) -> None:
        await self.ledger.write(lambda c: inbox.done(c, [row.id for row in rows]))
        self.ahead.end(rows)


@asynccontextmanager
async def locks(url: str) -> AsyncIterator[Lock]:
    async with await Ledger.open(url) as ledger:
        yield Lock(ledger)


@pytest.fixture
async def lock(database_url: str) -> AsyncIterator[Lock]:
    async with locks(database_url) as made:
        yield made


@pytest.fixture
async def sole(sqlite_url: str) -> AsyncIterator[Lock]:
    """In one process, which is told what it took in."""
    async with locks(sqlite_url) as made:
        yield made


async def test_what_webhooks_bring_is_handed_over_and_not_read(sole: Lock) -> None:
    await sole.read()
    await sole.come("a", "b")
    assert sole.told == [True, True]
    assert sole.keys() == ["a", "b"]
    await sole.read()
    assert sole.keys() == []


async def test_what_others_hinted_before_is_found_by_reading(sole: Lock) -> None:
    await sole.read()
    await sole.hint(Hint(flow="f", key="a"))
    await sole.come("b")
    assert sole.told == [False]
    await sole.read()
    assert sole.keys() == ["a", "b"]
    await sole.come("c")
    assert sole.told == [False, True]
    assert sole.keys() == ["c"]


async def test_an_item_hinted_again_in_work_is_begun_once_more(lock: Lock) -> None:
    await lock.come("a")
    await lock.read()
    first = lock.page()
    await lock.come("a")
    await lock.done(first)
    await lock.read()
    again = lock.page()
    assert [row.key for row in again] == ["a"]
    assert again[0].id != first[0].id
    await lock.done(again)
    await lock.read()
    assert lock.keys() == []


async def test_of_two_records_of_an_item_the_newer_is_worked(lock: Lock) -> None:
    await lock.read()
    await lock.come("a", body=b"old")
    await lock.read()
    await lock.come("a", body=b"new")
    await lock.read()
    assert [row.body for row in lock.page()] == [b"new"]


async def test_a_recall_overtakes_what_waits(lock: Lock) -> None:
    await lock.read()
    await lock.come("a", "b", "c")
    await lock.hint(Hint(flow="f", key="b", lane="recall"))
    await lock.read()
    assert [row.key for row in lock.page(lanes=("recall",))] == ["b"]
    assert lock.keys() == ["a", "c"]


async def test_items_whose_target_is_asked_have_a_page_of_their_own(lock: Lock) -> None:
    await lock.come("a")
    await lock.come("b", reason=VERIFY)
    await lock.come("c")
    await lock.read()
    assert [lock.keys(), lock.keys()] == [["a", "c"], ["b"]]


async def test_what_was_put_off_is_found_at_its_instant(lock: Lock) -> None:
    await lock.come("a")
    await lock.read()
    rows = lock.page()
    await lock.ledger.write(lambda c: inbox.postpone(c, [rows[0].id], now() + HOUR, 1))
    lock.ahead.end(rows)
    await lock.come("b")
    await lock.read()
    assert lock.keys() == ["b"]
    await lock.read(at=now() + 2 * HOUR)
    assert [(row.key, row.tries) for row in lock.page()] == [("a", 1)]


async def test_what_was_put_off_is_found_once_the_clock_was_set_back(lock: Lock) -> None:
    await lock.come("a")
    await lock.read()
    rows = lock.page()
    await lock.ledger.write(lambda c: inbox.postpone(c, [rows[0].id], now() + HOUR, 1))
    lock.ahead.end(rows)
    await lock.come("b")
    await lock.read()
    await lock.ledger.write(inbox.hasten)
    await lock.read()
    assert sorted(lock.keys()) == ["a", "b"]


async def test_what_broke_off_is_found_by_reading_anew(lock: Lock) -> None:
    await lock.come("a", "b")
    await lock.read()
    broken = lock.page(1)
    lock.ahead.end(broken)
    lock.ahead.read_anew()
    await lock.read()
    assert sorted(lock.keys()) == ["a", "b"]


async def test_a_flow_that_is_open_again_finds_what_came_meanwhile(lock: Lock) -> None:
    await lock.read(flows=["g"])
    await lock.come("a")
    assert lock.keys() == []
    await lock.read(flows=["f", "g"])
    assert lock.keys() == ["a"]


async def test_more_than_fits_is_read_when_there_is_room(sole: Lock) -> None:
    number = 2 * ROOM + 10
    await sole.hint(*(Hint(flow="f", key=f"{n:05}") for n in range(number)))
    worked: list[str] = []
    while len(worked) < number:
        await sole.read()
        rows = sole.page(ROOM)
        assert rows
        worked += [row.key for row in rows]
        await sole.done(rows)
    assert worked == [f"{n:05}" for n in range(number)]
    assert not sole.ahead.short


async def test_a_hint_that_cannot_be_stored_is_refused_alone(lock: Lock) -> None:
    hints = [Hint(flow="f", key=key) for key in ("a", "\ud800", "b")]
    answers = await asyncio.gather(*(lock.intake.put([one]) for one in hints), return_exceptions=True)
    assert [isinstance(answer, Exception) for answer in answers] == [False, True, False]
    await lock.read()
    assert sorted(lock.keys()) == ["a", "b"]


async def test_hooks_that_come_together_share_commits(lock: Lock) -> None:
    await asyncio.gather(*(lock.come(str(n)) for n in range(100)))
    assert len(lock.told) < 100
    await lock.read()
    assert sorted(lock.keys(), key=int) == [str(n) for n in range(100)]
