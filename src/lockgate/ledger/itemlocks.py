"""Items held by this process, so that no other one works them meanwhile: advisory locks of PostgreSQL, by a session of their own.

The server frees them when this process dies, however it dies. One that only stands still keeps them at first: it may go on at
any moment. But the session says something every `BEAT` seconds, and one that was silent for `SILENT` is ended by another process,
by the server's clock. Whoever comes back then finds itself without its locks: `alive` says so within the very transaction in
which it would record what it did, so that nothing stale is written.

A session pooled by transaction cannot hold them. On SQLite one process works a home, and there is nothing to lock.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar
from zlib import crc32

import sqlalchemy as sa
import structlog
from sqlalchemy import Connection, Engine, create_engine

from lockgate.ledger.database import Database
from lockgate.ledger.errors import LedgerUnavailable

SPACE = 0x10C6
"""First half of our locks' names, so that they are no other program's."""
FENCE = 0x10C7
"""The same of the lock that each session holds on its own number: who can take it knows that the session is gone."""
HOLDER = "lockgate holder"
"""Name at the server of sessions whose locks keep others from something. A silent one is ended."""
BEAT = 5.0
SILENT = 30.0
"""Seconds: longer than a process that works may take to say something, whatever it is doing."""

_HOLD = sa.text("SELECT pg_advisory_lock(:fence, :session)")
_GONE = sa.text("SELECT pg_try_advisory_xact_lock_shared(:fence, :session)")
_END_SILENT = sa.text(
    "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name AND datname = current_database()"
    " AND usename = current_user AND pid <> pg_backend_pid()"
    " AND greatest(state_change, query_start, backend_start) < clock_timestamp() - make_interval(secs => :silent)"
)
_RELEASE = sa.text("SELECT pg_advisory_unlock(:space, one) FROM unnest(CAST(:names AS int[])) one")
_ACQUIRE = sa.text(
    "SELECT pg_try_advisory_lock(:space, one) FROM unnest(CAST(:names AS int[])) WITH ORDINALITY named(one, n) ORDER BY n"
)

T = TypeVar("T")

log = structlog.get_logger(__name__)


class ItemLocks:
    """`session` is the number of the database session that took them: locks end with theirs."""

    def __init__(self, database: Database, *, silent: float = SILENT) -> None:
        self._database = database
        self._silent = silent
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

    async def beat(self) -> int:
        """Say that this process goes on, and end the sessions of those that stand still; how many. Raises LedgerUnavailable."""
        return await self._call(self._beat) if self.needed else 0

    def close(self) -> None:
        """End the session; all locks are free."""
        self._thread.submit(self._drop).result()
        self._thread.shutdown()

    def _call(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    # ── in the thread ────────────────────────────────────────────────────────────────────────────────────────────

    def _acquire(self, flow: str, keys: Sequence[str]) -> tuple[int, list[str]]:
        got = self._ask(_ACQUIRE, {"space": SPACE, "names": [name(flow, key) for key in keys]}).scalars().all()
        return self._session, [key for key, ours in zip(keys, got, strict=True) if ours]

    def _beat(self) -> int:
        ended = self._ask(_END_SILENT, {"name": HOLDER, "silent": self._silent}).all()
        if ended:
            log.warning("a process stands still; its items and runs are free for others", sessions=len(ended))
        return len(ended)

    def _ask(self, statement: sa.TextClause, values: dict[str, Any]) -> "sa.CursorResult[Any]":
        try:
            return self._connected().execute(statement, values)
        except sa.exc.DBAPIError as error:
            self._drop()
            raise LedgerUnavailable(f"Items cannot be locked in {self._database.name}: {error.orig}") from error

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
                options = {"connect_timeout": 10, "application_name": HOLDER}
                self._engine = create_engine(self._database.url, isolation_level="AUTOCOMMIT", connect_args=options)
            self._connection = self._engine.connect()
            self._session = secrets.randbits(31)
            self._connection.execute(_HOLD, {"fence": FENCE, "session": self._session})
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(sa.exc.DBAPIError):
                self._connection.invalidate()
                self._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        self._connection = self._engine = None


def alive(c: Connection, session: int) -> bool:
    """Whether that session still lives, and with it every lock it holds; asked in a transaction of another session.

    Asked at the end of a transaction that wrote, its answer holds: whoever takes the items over waits for the rows it wrote.
    """
    return not c.execute(_GONE, {"fence": FENCE, "session": session}).scalar()


def name(flow: str, key: str) -> int:
    """Second half of an item's lock name. Two items of one name only wait for each other."""
    return crc32(f"{flow}\0{key}".encode()) - 2**31
