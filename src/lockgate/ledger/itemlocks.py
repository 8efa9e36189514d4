"""Items held by this process, so that no other one works them meanwhile: advisory locks of PostgreSQL, by a session of their own.

They need no lease: the server frees them when this process dies, however it dies, and keeps them while it is only stopped.
A session pooled by transaction cannot hold them. On SQLite one process works a home, and there is nothing to lock.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, create_engine

from lockgate.ledger.database import Database
from lockgate.ledger.errors import LedgerUnavailable

SPACE = 0x10C6
"""First half of our locks' names, so that they are no other program's."""

_RELEASE = sa.text("SELECT pg_advisory_unlock(:space, one) FROM unnest(CAST(:names AS int[])) one")
_ACQUIRE = sa.text(
    "SELECT pg_try_advisory_lock(:space, one) FROM unnest(CAST(:names AS int[])) WITH ORDINALITY named(one, n) ORDER BY n"
)

T = TypeVar("T")


class ItemLocks:
    """`session` counts the database sessions there have been: locks end with theirs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lockgate-item-locks")
        self._engine: Engine | None = None
        self._connection: Connection | None = None
        self._session = 0

    @property
    def needed(self) -> bool:
        """Whether other processes may work the same items at all."""
        return not self._database.sqlite

    async def acquire(self, flow: str, keys: Sequence[str]) -> tuple[int, list[str]]:
        """Lock what is free of these; answers the session and the keys it locked. Raises LedgerUnavailable."""
        work = asyncio.get_running_loop().run_in_executor(self._thread, self._acquire, flow, keys)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            with suppress(LedgerUnavailable):
                session, got = await work
                await self.release(session, flow, got)
            raise

    async def release(self, session: int, flow: str, keys: Sequence[str]) -> None:
        """Unlock, unless that session is gone and its locks with it."""
        if keys:
            await asyncio.shield(self._call(lambda: self._release(session, flow, keys)))

    async def alive(self, session: int) -> bool:
        """Whether that session still lives, and with it every lock it holds."""
        return await self._call(lambda: self._alive(session))

    def close(self) -> None:
        """End the session; all locks are free."""
        self._thread.submit(self._drop).result()
        self._thread.shutdown()

    def _call(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    # ── in the thread ────────────────────────────────────────────────────────────────────────────────────────────

    def _acquire(self, flow: str, keys: Sequence[str]) -> tuple[int, list[str]]:
        values = {"space": SPACE, "names": [name(flow, key) for key in keys]}
        try:
            got = self._connected().execute(_ACQUIRE, values).scalars().all()
        except sa.exc.DBAPIError as error:
            self._drop()
            raise LedgerUnavailable(f"Items cannot be locked in {self._database.name}: {error.orig}") from error
        return self._session, [key for key, ours in zip(keys, got, strict=True) if ours]

    def _release(self, session: int, flow: str, keys: Sequence[str]) -> None:
        if session != self._session or self._connection is None:
            return
        try:
            self._connection.execute(_RELEASE, {"space": SPACE, "names": [name(flow, key) for key in keys]})
        except sa.exc.DBAPIError:
            self._drop()

    def _alive(self, session: int) -> bool:
        if session != self._session or self._connection is None:
            return False
        try:
            self._connection.execute(sa.text("SELECT 1"))
        except sa.exc.DBAPIError:
            self._drop()
            return False
        return True

    def _connected(self) -> Connection:
        if self._connection is None:
            if self._engine is None:
                options = {"connect_timeout": 10, "application_name": "lockgate items"}
                self._engine = create_engine(self._database.url, isolation_level="AUTOCOMMIT", connect_args=options)
            self._connection = self._engine.connect()
            self._session += 1
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(sa.exc.DBAPIError):
                self._connection.invalidate()
                self._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        self._connection = self._engine = None


def name(flow: str, key: str) -> int:
    """Second half of an item's lock name. Two items of one name only wait for each other."""
    return crc32(f"{flow}\0{key}".encode()) - 2**31
