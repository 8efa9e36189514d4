"""The ledger of one process: `write` and `read` run plain functions on a connection, in threads of the ledger's own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from lockgate.ledger.database import Database, lost
from lockgate.ledger.errors import LedgerClosed, LedgerUnavailable
from lockgate.ledger.itemlocks import ItemLocks
from lockgate.ledger.schema import ensure
from lockgate.ledger.writer import Request, Writer

T = TypeVar("T")


class _Gone(Exception):
    """The server went away from under a reading connection: the same job may run again."""


class Ledger:
    """An open ledger. Make one with `Ledger.open`; use it as an async context manager or call `close`."""

    def __init__(self, database: Database, *, read_threads: int, patience: float) -> None:
        self._database = database
        self._writer = Writer(database, patience=patience)
        self.locks = ItemLocks(database)
        """Items that this process works, kept from all others."""
        self._readers = ThreadPoolExecutor(read_threads, thread_name_prefix="lockgate-ledger-reader")
        self._closed = False

    @classmethod
    async def open(cls, url: str, *, read_threads: int = 4, upgrade: bool = True, patience: float = 15.0) -> Self:
        """Open `sqlite:///path` or `postgresql://…`, with its tables brought to this release first.

        With `upgrade=False` tables of another release raise SchemaMismatch instead. `patience` says for how many seconds
        jobs wait for a PostgreSQL server that went away before they fail.
        """
        database = Database(url, readers=read_threads)
        try:
            await asyncio.to_thread(ensure, database, upgrade=upgrade)
        except BaseException:
            database.close()
            raise
        ledger = cls(database, read_threads=read_threads, patience=patience)
        ledger._writer.start()
        return ledger

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"Ledger({self._database.name!r})"

    @property
    def sqlite(self) -> bool:
        """Whether this ledger is a SQLite file, where ids commit in the order in which they are given."""
        return self._database.sqlite

    async def write(self, job: Callable[[Connection], T], *, bulk: bool = False) -> T:
        """Run the job in the writer's next transaction; returns what it returned once that is committed.

        Jobs that wait together share one commit, each in a savepoint: one that raises is undone alone and its exception
        comes out here. Live jobs run in the order in which they came. A bulk job (thousands of rows) has a transaction
        of its own and leaves a gap after it, so that live jobs and other processes are not kept waiting. Live jobs overtake it,
        but not for long.

        A job must do nothing but use its connection: it runs again when the transaction was undone by a lost
        connection or a deadlock. It must not commit or roll back. Cancelling the wait does not recall the job.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._writer.submit(Request(job, loop, future, bulk))
        return await future

    async def read(self, job: Callable[[Connection], T]) -> T:
        """Run the job on a reading connection, beside all others; all its statements see one state of the ledger.

        It runs once more where the server went away meanwhile. Raises LedgerUnavailable when that does not help.
        Keep it short and read in key ranges: a reader that stays keeps the write-ahead log from shrinking.
        """
        if self._closed:
            raise LedgerClosed("The ledger is closed")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, job)

    def _read(self, job: Callable[[Connection], T]) -> T:
        try:
            return self._read_once(job)
        except _Gone:
            pass
        try:
            return self._read_once(job)
        except _Gone as gone:
            raise LedgerUnavailable(f"The database {self._database.name} cannot be used: {gone.__cause__}") from gone

    def _read_once(self, job: Callable[[Connection], T]) -> T:
        try:
            connection = self._database.reading.connect()
        except OperationalError as error:
            raise _Gone from error
        with connection:
            try:
                with connection.begin():
                    return job(connection)
            except Exception as error:
                if not lost(connection):
                    raise
                connection.invalidate()
                raise _Gone from error

    async def close(self) -> None:
        """Finish all jobs handed in, then end the threads and connections. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._writer.stop()
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        self._writer.join()
        self._readers.shutdown()
        self.locks.close()
        self._database.close()
