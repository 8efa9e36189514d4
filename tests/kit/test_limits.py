"""How calls of one connection are let through."""

import asyncio

import pytest

from lockgate.kit.errors import RateLimited
from lockgate.kit.limits import Limiter, Limits, Patience


async def test_no_more_calls_are_under_way_than_allowed() -> None:
    limiter = Limiter(Limits(concurrency=3))
    inside, most = 0, 0

    async def call() -> None:
        nonlocal inside, most
        async with limiter.call():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(call() for _ in range(20)))
    assert most == 3


async def test_calls_keep_to_the_rate_and_to_their_order() -> None:
    limiter = Limiter(Limits(concurrency=50, rate=100))
    done: list[tuple[int, float]] = []

    async def call(n: int) -> None:
        async with limiter.call():
            done.append((n, asyncio.get_running_loop().time()))

    await asyncio.gather(*(call(n) for n in range(11)))
    assert [n for n, _ in done] == list(range(11))
    assert done[-1][1] - done[0][1] >= 0.099


async def test_a_burst_goes_through_at_once_and_then_the_rate_holds() -> None:
    limiter = Limiter(Limits(rate=4, burst=5))
    loop = asyncio.get_running_loop()
    began = loop.time()
    times = []
    for _ in range(6):
        async with limiter.call():
            times.append(loop.time() - began)
    assert times[4] < 0.24
    assert times[5] >= 0.24


async def test_a_refusal_pauses_every_caller() -> None:
    limiter = Limiter(Limits())
    loop = asyncio.get_running_loop()
    limiter.refused(0.1)
    began = loop.time()

    async def call() -> float:
        async with limiter.call():
            return loop.time() - began

    assert min(await asyncio.gather(*(call() for _ in range(5)))) >= 0.095


async def test_refusals_without_a_stated_pause_wait_longer_each_time_until_one_is_served() -> None:
    limiter = Limiter(Limits(), Patience(first_wait=0.001, longest_wait=0.004))
    pauses = []
    for _ in range(4):
        pauses.append(limiter.refused(None))
        async with limiter.call():
            pass
    limiter.served()
    assert pauses == [0.001, 0.002, 0.004, 0.004]
    assert limiter.refused(None) == 0.001


async def test_a_pause_longer_than_patience_is_told_instead_of_waited_for() -> None:
    limiter = Limiter(Limits(), Patience(retry_after=5))
    limiter.refused(600)
    with pytest.raises(RateLimited) as caught:
        async with limiter.call():
            pass
    assert caught.value.retry_after == pytest.approx(600, abs=1)


async def test_open_files_do_not_take_the_room_of_calls() -> None:
    limiter = Limiter(Limits(concurrency=1))
    async with limiter.file(), limiter.call():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), limiter.file():
                pass
