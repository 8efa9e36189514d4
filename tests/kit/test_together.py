"""Several calls at once: whose error is told, who is broken off, and that nothing goes on unwatched."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from lockgate.kit.errors import ConnectorError, NeedsOperator, Rejected, Transient
from lockgate.kit.together import apart, by_group, each, together


class Desk:
    """Calls that wait until they are let go, and a note of how each ended."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.all_begun = asyncio.Event()
        self.begun: list[Any] = []
        self.ended: dict[Any, str] = {}

    async def call(self, name: Any, error: Exception | None = None, *, waits: bool = True) -> Any:
        self.begun.append(name)
        if len(self.begun) == 3:
            self.all_begun.set()
        try:
            if waits:
                await self.open.wait()
            if error is not None:
                raise error
        except asyncio.CancelledError:
            self.ended[name] = "broken off"
            raise
        finally:
            self.ended.setdefault(name, "done")
        return name


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_answers_come_in_the_order_of_the_calls(desk: Desk) -> None:
    desk.open.set()
    assert await together(desk.call(n, waits=n % 2 == 0) for n in range(5)) == [0, 1, 2, 3, 4]


async def test_reading_ends_with_the_first_error_and_breaks_the_others_off(desk: Desk) -> None:
    failing = desk.call("b", Transient("The system is away."), waits=False)
    with pytest.raises(Transient, match="away"):
        await together([desk.call("a"), failing, desk.call("c")])
    assert desk.ended == {"a": "broken off", "b": "done", "c": "broken off"}


async def test_writing_goes_on_to_its_own_end_beside_an_error(desk: Desk) -> None:
    refused = Rejected("Not this one.")
    work = asyncio.create_task(apart([desk.call("a"), desk.call("b", refused, waits=False), desk.call("c")]))
    await desk.all_begun.wait()
    assert desk.ended == {"b": "done"}
    desk.open.set()
    assert await work == ["a", refused, "c"]


@pytest.mark.parametrize("error", [NeedsOperator("The key was refused."), KeyError("a defect of ours")])
async def test_what_is_no_error_of_one_item_is_raised_once_all_have_ended(desk: Desk, error: Exception) -> None:
    desk.open.set()
    with pytest.raises(type(error)):
        await apart([desk.call("a", error, waits=False), desk.call("b")])
    assert desk.ended == {"a": "done", "b": "done"}


WAYS: dict[str, Callable[[Desk], Awaitable[Any]]] = {
    "together": lambda desk: together(desk.call(n) for n in range(3)),
    "apart": lambda desk: apart(desk.call(n) for n in range(3)),
    "each": lambda desk: each(range(3), desk.call),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_caller_who_is_broken_off_leaves_nothing_running(desk: Desk, way: str) -> None:
    work = asyncio.ensure_future(WAYS[way](desk))
    await desk.all_begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert desk.ended == dict.fromkeys(range(3), "broken off")


async def test_those_of_one_group_follow_each_other_and_groups_fail_apart() -> None:
    now: set[str] = set()
    refused = Rejected("This group is full.")

    async def group(words: list[str]) -> list[str]:
        assert words[0][0] not in now, "two of one group at once"
        now.add(words[0][0])
        await asyncio.sleep(0)
        now.discard(words[0][0])
        if words[0].startswith("b"):
            raise refused
        return [word.upper() for word in words]

    told: list[str | ConnectorError] = await by_group(["a1", "b1", "a2", "b2", "c1"], lambda word: word[0], group)
    assert told == ["A1", refused, "A2", refused, "C1"]


async def test_of_very_many_a_few_are_under_way_and_an_error_lets_no_other_begin() -> None:
    begun: list[int] = []
    ended: list[int] = []
    open = asyncio.Event()

    async def call(number: int) -> int:
        begun.append(number)
        await asyncio.sleep(0)
        if number == 1:
            open.set()
            raise Transient("The system is away.")
        await open.wait()
        ended.append(number)
        return number

    with pytest.raises(Transient):
        await each(range(1000), call, at_once=3)
    assert begun == [0, 1, 2]
    assert sorted(ended) == [0, 2], "what was under way was not let end"
    assert await each(["b", "a"], lambda word: asyncio.sleep(0, word * 2)) == ["bb", "aa"]
