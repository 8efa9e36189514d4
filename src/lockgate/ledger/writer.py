"""The one thread of a process that writes: natural group commit, a savepoint a job, a gap after every bulk job."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, RootTransaction

from lockgate.ledger.database import Database, lost, must_rerun, unusable
from lockgate.ledger.errors import CommitUnknown, LedgerClosed, LedgerError, LedgerUnavailable

log = structlog.get_logger(__name__)

RERUNS = 8
IDLE_AFTER = 5.0
"""Seconds without a job after which the write-ahead log is folded into the database file."""


PASSED_OVER = 0.25
"""Seconds that a bulk job lets live ones go first; then it is its turn, or work that never pauses would keep it for ever."""


class Request(msgspec.Struct, eq=False):
    """A job on its way, and the future of whoever waits for it."""

    job: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    bulk: bool = False
    at: float = msgspec.field(default_factory=time.monotonic)
    value: Any = None
    error: BaseException | None = None


class _ConnectionLost(Exception):
    """The server went away before the commit was asked for: the same jobs may run again."""


class Writer(threading.Thread):
    """Takes all jobs that wait, runs them in one transaction, tells every waiter after the commit."""

    def __init__(self, database: Database, *, patience: float) -> None:
        super().__init__(name="lockgate-ledger-writer", daemon=True)
        self._database = database
        self._patience = patience
        self._connection: Connection | None = None
        self._waiting = threading.Condition()
        self._live: deque[Request] = deque()
        self._bulk: deque[Request] = deque()
        self._rest_until = 0.0
        self._stopping = False
        self._dirty = False

    def submit(self, request: Request) -> None:
        """Hand in a job; LedgerClosed once `stop` was called."""
        with self._waiting:
            if self._stopping:
                raise LedgerClosed("The ledger is closed")
            (self._bulk if request.bulk else self._live).append(request)
            self._waiting.notify()

    def stop(self) -> None:
        """Take no more jobs; the thread ends when those handed in are done."""
        with self._waiting:
            self._stopping = True
            self._waiting.notify()

    def run(self) -> None:
        while (group := self._next_group()) is not None:
            if group:
                self._serve(group)
            else:
                self._fold_log()
        self._fold_log()
        self._disconnect()

    def _next_group(self) -> list[Request] | None:
        """All live jobs, or one bulk job when its rest is over; an empty group when idle, None when stopped and empty."""
        with self._waiting:
            while True:
                now = time.monotonic()
                rest = self._rest_until - now
                if self._bulk and rest <= 0 and now - self._bulk[0].at > PASSED_OVER:
                    return [self._bulk.popleft()]
                if self._live:
                    group = list(self._live)
                    self._live.clear()
                    return group
                if self._bulk and (rest <= 0 or self._stopping):
                    return [self._bulk.popleft()]
                if self._stopping:
                    return None
                idle = IDLE_AFTER if self._dirty else None
                if not self._waiting.wait(rest if self._bulk else idle) and not self._bulk:
                    return []

    def _serve(self, group: list[Request]) -> None:
        """Run a group to its end, whatever happens: afterwards every request has a value or an error."""
        deadline = time.monotonic() + self._patience
        reruns = 0
        while True:
            try:
                self._transact(group)
            except _ConnectionLost as gone:
                self._disconnect()
                if time.monotonic() < deadline:
                    time.sleep(0.1)
                    continue
                _fail(group, self._unavailable(gone.__cause__ or gone))
            except LedgerError as error:
                self._disconnect()
                _fail(group, error)
            except BaseException as error:  # noqa: BLE001 - the thread must live on, and every waiter must hear of it
                if must_rerun(error) and reruns < RERUNS:
                    reruns += 1
                    continue
                self._disconnect()
                _fail(group, self._unavailable(error))
            _answer(group)
            return

    def _unavailable(self, cause: BaseException) -> LedgerUnavailable:
        why = getattr(cause, "orig", None) or cause
        error = LedgerUnavailable(f"The database {self._database.name} cannot be used: {why}. Nothing was stored")
        error.__cause__ = cause
        return error

    def _transact(self, group: list[Request]) -> None:
        with self._database.exclusive():
            connection = self._connected()
            held = time.monotonic()
            transaction = self._begin(connection)
            try:
                for request in group:
                    _run(request, connection, transaction, alone=len(group) == 1)
            except BaseException:
                _roll_back(connection, transaction)
                raise
            self._end(connection, transaction, group)
            self._dirty = True
            # The next bulk job waits as long as this one kept others out; measured from the lock, not from the wait for it.
            if group[0].bulk and self._database.sqlite:
                self._rest_until = 2 * time.monotonic() - held

    def _connected(self) -> Connection:
        if self._connection is None:
            try:
                self._connection = self._database.writing.connect()
            except Exception as error:
                raise _ConnectionLost from error
        return self._connection

    def _begin(self, connection: Connection) -> RootTransaction:
        try:
            return connection.begin()
        except Exception as error:
            if lost(connection):
                raise _ConnectionLost from error
            raise

    def _end(self, connection: Connection, transaction: RootTransaction, group: list[Request]) -> None:
        if len(group) == 1 and group[0].error is not None:
            _roll_back(connection, transaction)
            return
        try:
            transaction.commit()
        except Exception as error:
            gone = lost(connection)
            _roll_back(connection, transaction)
            if gone:
                raise CommitUnknown(
                    f"The connection to {self._database.name} broke during a commit; it may or may not have been stored"
                ) from error
            raise

    def _fold_log(self) -> None:
        """Fold SQLite's write-ahead log into its file and empty it, when nobody else is writing or reading."""
        if not (self._dirty and self._database.sqlite and self._connection is not None):
            return
        self._dirty = False
        driver: Any = self._connection.connection.driver_connection
        with self._database.exclusive():
            driver.execute("PRAGMA busy_timeout = 0")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            driver.execute("PRAGMA busy_timeout = 10000")

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _run(request: Request, connection: Connection, transaction: RootTransaction, *, alone: bool) -> None:
    """Run one job so that its failure undoes it and nothing else. Alone in its transaction it needs no savepoint."""
    driver: Any = connection.connection.driver_connection
    request.value = request.error = None
    if not alone:
        driver.execute("SAVEPOINT job")
    try:
        request.value = request.job(connection)
    except BaseException as error:
        if lost(connection):
            raise _ConnectionLost from error
        if must_rerun(error) or unusable(error):
            raise
        request.error = error
        if not alone:
            driver.execute("ROLLBACK TO SAVEPOINT job")
    if not transaction.is_active:
        raise LedgerError("A job ended the transaction it was lent; jobs must neither commit nor roll back")
    if not alone:
        driver.execute("RELEASE SAVEPOINT job")


def _roll_back(connection: Connection, transaction: RootTransaction) -> None:
    """Roll back what can be; a connection that is gone has done it itself."""
    if lost(connection):
        return
    if transaction.is_active:
        transaction.rollback()


def _fail(group: Iterable[Request], error: LedgerError) -> None:
    for request in group:
        request.value, request.error = None, error


def _answer(group: list[Request]) -> None:
    """Resolve the futures: one call into each event loop per commit, not one per job."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Request]] = {}
    for request in group:
        by_loop.setdefault(request.loop, []).append(request)
    for loop, requests in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve, requests)
        except RuntimeError:
            with suppress(Exception):  # the thread must live on, whatever becomes of a log line
                log.warning("nobody is left to hear of a commit: the event loop is closed", jobs=len(requests))


def _resolve(requests: list[Request]) -> None:
    for request in requests:
        if request.future.done():
            continue
        if request.error is not None:
            request.future.set_exception(request.error)
        else:
            request.future.set_result(request.value)
