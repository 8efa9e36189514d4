"""Short repeats, in seconds: which failures are worth one, how long to wait, when to stop. Longer ones are the engine's."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina

from lockgate.kit.errors import ConnectorError
from lockgate.kit.limits import Patience

T = TypeVar("T")

BRIEF = frozenset({429, 502, 503, 504})
"""Statuses that often pass within seconds."""

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods whose repeat changes nothing (RFC 9110, 9.2.2)."""


class AgainError(Exception):
    """A failure that may pass within seconds. `unsent`: the request surely never reached the vendor."""

    def __init__(self, error: ConnectorError, *, wait: float | None = None, unsent: bool = False) -> None:
        super().__init__(error.sentence)
        self.error = error
        self.wait = wait
        self.unsent = unsent


async def repeated(patience: Patience, repeatable: bool, once: Callable[[], Awaitable[T]]) -> T:
    """Call, and call again where that may help and cannot do harm; raises the ConnectorError of the last attempt."""
    began = asyncio.get_running_loop().time()
    try:
        return await once()
    except AgainError as first:
        return await again(patience, began, repeatable, once, first)


async def again(
    patience: Patience, began: float, repeatable: bool, once: Callable[[], Awaitable[T]], first: AgainError
) -> T:
    def worth(failure: Exception) -> bool | float:
        return isinstance(failure, AgainError) and pause(patience, began, repeatable, failure)

    try:
        async for attempt in stamina.retry_context(
            on=worth,
            attempts=patience.attempts,
            timeout=patience.total,
            wait_initial=patience.first_wait,
            wait_max=patience.longest_wait,
            wait_jitter=patience.first_wait,
        ):
            with attempt:
                if attempt.num == 1:
                    raise first
                return await once()
    except AgainError as last:
        raise last.error from last.__cause__
    raise AssertionError("stamina ends by an answer or an error")


def pause(patience: Patience, began: float, repeatable: bool, failure: AgainError) -> bool | float:
    """Seconds to wait before the repeat, True for the usual ones, False for no repeat."""
    if not (repeatable or failure.unsent):
        return False
    if failure.wait is None:
        return True
    spent = asyncio.get_running_loop().time() - began
    return failure.wait if failure.wait <= patience.retry_after and spent + failure.wait <= patience.total else False
