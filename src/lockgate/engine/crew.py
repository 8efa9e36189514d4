"""Work side by side: so many pieces at once, and pages read before they are asked for."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")


class Crew:
    """So many pieces of work at once. When one fails no further one begins; those under way end, then its error is raised.

    Use as an async context manager, which waits for the last one. Whoever is cancelled there cancels them all.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._tasks: set[asyncio.Future[None]] = set()
        self._failure: BaseException | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None or isinstance(error, Exception):
                await self._until(0)
        finally:
            await called_off(*self._tasks)
        if error is None and self._failure is not None:
            raise self._failure

    async def add(self, work: Callable[[], Awaitable[None]]) -> None:
        """Begin a piece of work as soon as there is room. Raises what an earlier one raised."""
        await self._until(self._size - 1)
        if self._failure is not None:
            raise self._failure
        self._tasks.add(asyncio.ensure_future(work()))

    async def _until(self, most: int) -> None:
        """Wait until no more than so many are at work."""
        while len(self._tasks) > most:
            done, self._tasks = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                self._failure = self._failure or task.exception()


async def ahead(pages: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """The same pages, the next of which is read while one is worked. Close it where it is left before its end."""
    reading = asyncio.ensure_future(anext(pages, None))
    try:
        while (page := await reading) is not None:
            reading = asyncio.ensure_future(anext(pages, None))
            yield page
    finally:
        await called_off(reading)
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()


async def called_off(*work: asyncio.Future[T]) -> None:
    """Cancel work and see it end."""
    for one in work:
        one.cancel()
    await asyncio.gather(*work, return_exceptions=True)
