"""What connectors renew by themselves, kept in the ledger: sealed, durable, and renewed by one process at a time."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lockgate.kit.errors import Transient
from lockgate.kit.keeping import digest, with_value
from lockgate.ledger import Ledger, connections
from lockgate.ledger.lockfile import FileLock
from lockgate.ledger.secrets import Vault

LOOK_EVERY = 0.05
LONGEST = 90.0
"""Seconds: longer than a token endpoint may take, all its short repeats included."""
TURN = "turn"
"""In the place of a flow's name, for the locks of connections."""


class Kept:
    """Of one connection. One object for all that use it in this process; `folder` is this connection's own."""

    def __init__(self, ledger: Ledger, vault: Vault, name: str, folder: Path) -> None:
        self._ledger, self._vault, self._name, self._folder = ledger, vault, name, folder
        self._here = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """On PostgreSQL among all machines, on SQLite among the processes of this one. A process that dies ends its turn."""
        async with self._here:
            others = self._of_database if self._ledger.locks.needed else self._of_folder
            async with others():
                yield

    async def read(self, seed: str) -> Any:
        return (await self._all()).get(digest(seed))

    async def write(self, seed: str, value: Any) -> None:
        sealed = self._vault.seal(with_value(await self._all(), seed, value))
        await self._ledger.write(lambda c: connections.update(c, self._name, kept=sealed))

    async def _all(self) -> dict[str, Any]:
        row = await self._ledger.read(lambda c: connections.get(c, self._name))
        kept: dict[str, Any] = self._vault.open(row.kept) if row and row.kept else {}
        return kept

    @asynccontextmanager
    async def _of_database(self) -> AsyncIterator[None]:
        locks, deadline = self._ledger.locks, time.monotonic() + LONGEST
        session, got = await locks.acquire(TURN, [self._name])
        while not got:
            await self._pause(deadline)
            session, got = await locks.acquire(TURN, [self._name])
        try:
            yield
        finally:
            await locks.release(session, TURN, got)

    @asynccontextmanager
    async def _of_folder(self) -> AsyncIterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock, deadline = FileLock(self._folder / ".turn"), time.monotonic() + LONGEST
        try:
            while not lock.take():
                await self._pause(deadline)
            yield
        finally:
            lock.close()

    async def _pause(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise Transient(
                f"Another process has been renewing the credentials of {self._name} for too long.", code="turn"
            )
        await asyncio.sleep(LOOK_EVERY)
