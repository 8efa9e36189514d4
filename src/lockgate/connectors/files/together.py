"""Several calls at once, no more than the connection allows; when one fails, the others are ended before it is told."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from lockgate.kit.errors import ConnectorError

T = TypeVar("T")
Call = Callable[[], Awaitable[T]]


async def together(calls: Sequence[Call[T]], room: asyncio.Semaphore) -> list[T]:
    """The answers in the order of the calls. Raises the first ConnectorError."""

    async def one(call: Call[T]) -> T:
        async with room:
            return await call()

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(call)) for call in calls]
    except* ConnectorError as errors:
        raise first(errors) from None
    return [task.result() for task in tasks]


async def caught(call: Call[T]) -> T | ConnectorError:
    """The answer, or the error as one."""
    try:
        return await call()
    except ConnectorError as error:
        return error


def first(errors: BaseException) -> BaseException:
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    return errors
