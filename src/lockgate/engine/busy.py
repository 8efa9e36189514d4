"""No item is worked twice at once in this process: whoever wants a key that is being worked waits."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager


class Busy:
    """Keys in work, by (flow, key). Between processes the buckets' claims keep pages apart."""

    def __init__(self) -> None:
        self._held: set[tuple[str, str]] = set()
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def hold(self, flow: str, keys: Iterable[str]) -> AsyncIterator[None]:
        """Wait until none of the keys is in work, then hold all of them."""
        wanted = {(flow, key) for key in keys}
        async with self._freed:
            await self._freed.wait_for(lambda: not wanted & self._held)
            self._held |= wanted
        try:
            yield
        finally:
            async with self._freed:
                self._held -= wanted
                self._freed.notify_all()

    def free(self, flow: str, key: str) -> bool:
        return (flow, key) not in self._held
