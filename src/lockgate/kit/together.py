"""Several calls at once, in one of four ways, by what is wanted of them. None goes on unwatched, however they end.

    together    all answers or none, for reading: the first error breaks the others off
    apart       an answer or an error each, for writing: every call comes to its own end
    by_group    as `apart`, for writing where those of one group have to follow each other
    each        as `together`, for very many: a few at a time, and an error lets those under way end

Where the caller is broken off, so are the calls, and they are waited for.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

from lockgate.kit.errors import ConnectorError, NeedsOperator

T = TypeVar("T")
R = TypeVar("R")
AT_ONCE = 16


async def together(calls: Iterable[Awaitable[T]]) -> list[T]:
    """The answers in order. Raises the error that comes first; what was not answered by then is broken off."""
    tasks = [asyncio.ensure_future(call) for call in calls]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def apart(calls: Iterable[Awaitable[T]]) -> list[T | ConnectorError]:
    """An answer or a ConnectorError each, in order, once all have ended.

    What concerns the connection as a whole (NeedsOperator) is raised, as is whatever no vendor is the cause of.
    """
    tasks = [asyncio.ensure_future(call) for call in calls]
    await asyncio.gather(*tasks, return_exceptions=True)
    return [await answered(task) for task in tasks]


async def answered(call: Awaitable[T]) -> T | ConnectorError:
    """The answer of one call, or its error as one; NeedsOperator is raised."""
    try:
        return await call
    except NeedsOperator:
        raise
    except ConnectorError as error:
        return error


async def by_group(
    things: Sequence[T], group: Callable[[T], Hashable], do: Callable[[list[T]], Awaitable[Sequence[R]]]
) -> list[R | ConnectorError]:
    """One call for all of a group, groups apart; `do` answers in the order it was given, an error is that of all of its group."""
    places: dict[Hashable, list[int]] = {}
    for at, thing in enumerate(things):
        places.setdefault(group(thing), []).append(at)
    told = await apart(do([things[at] for at in some]) for some in places.values())
    answers: dict[int, R | ConnectorError] = {}
    for some, found in zip(places.values(), told, strict=True):
        answers |= dict.fromkeys(some, found) if isinstance(found, ConnectorError) else zip(some, found, strict=True)
    return [answers[at] for at in range(len(things))]


async def each(values: Iterable[T], do: Callable[[T], Awaitable[R]], at_once: int = AT_ONCE) -> list[R]:
    """One call for each value, answers in order; a few coroutines that draw cost less than a task a call.

    After an error no further call begins, and the error is raised once those under way have ended.
    """
    given = list(values)
    answers: list[Any] = [None] * len(given)
    waiting = iter(enumerate(given))

    async def draw() -> None:
        for at, value in waiting:
            try:
                answers[at] = await do(value)
            except BaseException:
                for _ in waiting:
                    pass
                raise

    ended = await asyncio.gather(*(draw() for _ in range(min(len(given), at_once))), return_exceptions=True)
    for one in ended:
        if isinstance(one, BaseException):
            raise one
    return answers
