"""Many calls at once; the connection's own limit bounds how many."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from lockgate.kit.errors import ConnectorError, NeedsOperator

T = TypeVar("T")


async def every(calls: Iterable[Awaitable[T]]) -> list[T]:
    """All answers in order. Raises the first error, once all calls have ended: none goes on behind our back."""
    answers = await asyncio.gather(*calls, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [one for one in answers if not isinstance(one, BaseException)]


async def apart(calls: Iterable[Awaitable[T]]) -> list[T | ConnectorError]:
    """An answer or error each, in order. What is wrong with the connection as a whole is raised."""
    answers = await asyncio.gather(*calls, return_exceptions=True)
    found: list[T | ConnectorError] = []
    for answer in answers:
        if isinstance(answer, NeedsOperator) or (
            isinstance(answer, BaseException) and not isinstance(answer, ConnectorError)
        ):
            raise answer
        found.append(answer)
    return found
