"""No item is worked twice at once: not by two pages of this process, nor by another process on the same PostgreSQL.

Within the process keys are taken here; between processes by `ItemLocks`, which the database frees when a process dies.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress

from sqlalchemy import Connection

from lockgate.ledger import LedgerUnavailable, itemlocks
from lockgate.ledger.itemlocks import ItemLocks

RETRY = 0.05
"""Seconds until items that another process works are asked for again."""


STILL = 10.0
"""Seconds without a chunk after which a process may have stood still: less than it takes until others work its items."""
LOST = "The connection that kept other processes from these items broke"


class LostGrip(LedgerUnavailable):
    """The database session that held the items ended; another process may have worked them since. Nothing is recorded."""


class Grip:
    """Items in work. `held` says whether they are still ours alone."""

    def __init__(self, locks: ItemLocks, session: int, keys: Sequence[str]) -> None:
        self.locks, self.session, self.keys = locks, session, keys

    async def sure(self) -> None:
        """Raises LostGrip when somebody else may have taken the items: what they hold now must be looked at anew."""
        if self.locks.needed and not await self.locks.alive(self.session):
            raise LostGrip(LOST)

    def check(self, c: Connection) -> None:
        """The same at the end of a transaction that writes about the items: it commits only what was ours to say."""
        if self.locks.needed and not itemlocks.alive(c, self.session):
            raise LostGrip(LOST)


class Minded:
    """The chunks of a file that is sent; where they stood still for a while, goes on only if the item is still ours."""

    def __init__(self, grip: Grip, chunks: AsyncIterator[bytes]) -> None:
        self._grip, self._chunks = grip, chunks
        self._passed = time.monotonic()

    def __aiter__(self) -> "Minded":
        return self

    async def __anext__(self) -> bytes:
        chunk = await anext(self._chunks)
        if time.monotonic() - self._passed > STILL:
            await self._grip.sure()
        self._passed = time.monotonic()
        return chunk


class Busy:
    """Keys in work, by (flow, key)."""

    def __init__(self, locks: ItemLocks) -> None:
        self._locks = locks
        self._held: set[tuple[str, str]] = set()
        self._freed = asyncio.Condition()

    @property
    def shared(self) -> bool:
        """Whether other processes work the same items."""
        return self._locks.needed

    def free(self, flow: str, key: str) -> bool:
        """Whether this process does not work the item."""
        return (flow, key) not in self._held

    def seize(self, flow: str, keys: Iterable[str]) -> None:
        """Take free keys at once, to be handed to `grip`."""
        self._held |= {(flow, key) for key in keys}

    @asynccontextmanager
    async def grip(self, flow: str, keys: Sequence[str]) -> AsyncIterator[Grip]:
        """Work on seized keys, as many of them as no other process works; all are free again afterwards."""
        try:
            async with self._locked(flow, keys) as grip:
                yield grip
        finally:
            await self._free(flow, keys)

    @asynccontextmanager
    async def hold(self, flow: str, keys: Iterable[str], *, pace: float = RETRY) -> AsyncIterator[Grip]:
        """Wait until nobody works any of the keys, then work on all of them; other processes are asked at this pace."""
        wanted = list(dict.fromkeys(keys))
        async with self._freed:
            await self._freed.wait_for(lambda: all(self.free(flow, key) for key in wanted))
            self.seize(flow, wanted)
        try:
            while True:
                async with self._locked(flow, wanted) as grip:
                    if len(grip.keys) == len(wanted):
                        yield grip
                        return
                await asyncio.sleep(pace)
        finally:
            await self._free(flow, wanted)

    async def quiet(self, flow: str, patience: float) -> None:
        """Wait until no item of a flow is in work, so long at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience), self._freed:
                await self._freed.wait_for(lambda: all(name != flow for name, _ in self._held))

    async def _free(self, flow: str, keys: Iterable[str]) -> None:
        self._held -= {(flow, key) for key in keys}
        async with self._freed:
            self._freed.notify_all()

    @asynccontextmanager
    async def _locked(self, flow: str, keys: Sequence[str]) -> AsyncIterator[Grip]:
        if not self._locks.needed:
            yield Grip(self._locks, 0, keys)
            return
        session, got = await self._locks.acquire(flow, keys)
        try:
            yield Grip(self._locks, session, got)
        finally:
            await self._locks.release(session, flow, got)
