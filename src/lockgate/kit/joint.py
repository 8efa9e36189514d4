"""Calls that several callers share, so that many who want the same kind of thing at once do not each go their own way."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

from lockgate.kit.errors import ConnectorError

T = TypeVar("T")
R = TypeVar("R")


class Batch(Generic[T, R]):
    """What goes along with one call, and what came of it."""

    def __init__(self) -> None:
        self.asked: list[T] = []
        self.answer: R | None = None
        self.error: ConnectorError | None = None


class Joint(Generic[T, R]):
    """Does work for all who ask, one call at a time: what is asked while one is under way goes along with the next.

    So an answer is never older than its question. Where a caller is broken off in the middle, the next one does the work.
    """

    def __init__(self, work: Callable[[list[T]], Awaitable[R]]) -> None:
        self._work = work
        self._one_by_one = asyncio.Lock()
        self._open: Batch[T, R] | None = None
        """Takes what is asked now."""

    async def __call__(self, asked: Iterable[T]) -> R:
        """The answer to all that went along. Raises what the call raised."""
        batch = self._open = self._open or Batch()
        batch.asked += asked
        async with self._one_by_one:
            if batch.answer is None and batch.error is None:
                if self._open is batch:
                    self._open = None
                await self._settle(batch)
        if batch.error is not None:
            raise batch.error
        if batch.answer is None:
            raise AssertionError("a batch has an answer or an error")
        return batch.answer

    async def _settle(self, batch: Batch[T, R]) -> None:
        try:
            batch.answer = await self._work(batch.asked)
        except ConnectorError as error:
            batch.error = error
