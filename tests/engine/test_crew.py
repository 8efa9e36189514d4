"""Work side by side: as much at once as is allowed, nothing left unwatched, pages read ahead."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.world import until

from lockgate.engine.crew import Crew, ahead


class Bench:
    """Pieces of work that wait until they are let go."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.cancelled: list[int] = []
        self.go = asyncio.Event()

    async def work(self, number: int) -> None:
        self.begun.append(number)
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        if number < 0:
            raise ValueError(number)
        self.ended.append(number)

    async def at_work(self) -> bool:
        return len(self.begun) == 2


async def test_no_more_begins_at_once_than_is_allowed() -> None:
    bench = Bench()
    async with Crew(2) as crew:
        await crew.add(lambda: bench.work(1))
        await crew.add(lambda: bench.work(2))
        third = asyncio.create_task(crew.add(lambda: bench.work(3)))
        await until(bench.at_work, within=30)
        assert (bench.begun, third.done()) == ([1, 2], False)
        bench.go.set()
        await third
    assert sorted(bench.ended) == [1, 2, 3]


async def test_after_a_failure_nothing_further_begins_and_what_is_under_way_ends() -> None:
    bench = Bench()

    async def all_of_it() -> None:
        async with Crew(2) as crew:
            await crew.add(lambda: bench.work(-1))
            await crew.add(lambda: bench.work(2))
            await until(bench.at_work, within=30)
            bench.go.set()
            await crew.add(lambda: bench.work(3))

    with pytest.raises(ValueError, match="-1"):
        await all_of_it()
    assert bench.ended == [2]
    assert 3 not in bench.begun


async def test_whoever_is_cancelled_cancels_all_of_it() -> None:
    bench = Bench()

    async def all_of_it() -> None:
        async with Crew(2) as crew:
            await crew.add(lambda: bench.work(1))
            await crew.add(lambda: bench.work(2))

    whole = asyncio.create_task(all_of_it())
    await until(bench.at_work, within=30)
    whole.cancel()
    with pytest.raises(asyncio.CancelledError):
        await whole
    assert sorted(bench.cancelled) == [1, 2]


async def test_the_next_page_is_read_while_one_is_worked_and_a_source_left_early_is_closed() -> None:
    read: list[int] = []
    closed = asyncio.Event()

    async def pages() -> AsyncIterator[int]:
        try:
            for number in range(5):
                read.append(number)
                yield number
        finally:
            closed.set()

    async def second_read() -> bool:
        return read == [0, 1]

    coming = ahead(pages())
    assert await anext(coming) == 0
    await until(second_read, within=30)
    await coming.aclose()
    assert closed.is_set()
    assert [page async for page in ahead(pages())] == [0, 1, 2, 3, 4]
