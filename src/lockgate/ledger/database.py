"""One URL, two kinds of database: how connections to SQLite and to PostgreSQL are opened and what a lost one looks like."""

import sqlite3
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from lockgate.ledger.errors import LedgerError
from lockgate.ledger.lockfile import FileLock

BUSY_MS = 10_000
"""How long SQLite waits for programs that do not take our lock file, a `sqlite3` shell for one."""

IDLE_MS = 30_000
"""How long PostgreSQL waits for the next statement of a writing transaction; between two of them we do nothing that takes time."""

# https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization failure, deadlock detected
RERUN_STATES = {"40001", "40P01"}
TROUBLE_CLASSES = {"53", "58"}
"""Of the same list: insufficient resources (a full disk is one), errors of the system."""
TROUBLES = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
"""Primary result codes of SQLite."""


def parse(url: str) -> URL:
    """The URL with the driver this package ships; raises LedgerError for a database that is none of ours."""
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
            raise LedgerError(
                "The ledger needs a file: sqlite:///path/to/lockgate.db (a database in memory keeps nothing)"
            )
        return parsed.set(drivername="sqlite+pysqlite")
    if kind in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    raise LedgerError(f"The ledger runs on sqlite:///… or postgresql://…, not on {kind}")


class Database:
    """The engines of one process, and the lock that writers of all processes share."""

    def __init__(self, url: str, *, readers: int) -> None:
        self.url = parse(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.lock: FileLock | None = None
        if self.sqlite:
            path = Path(str(self.url.database)).absolute()
            self.url = self.url.set(database=str(path))
            path.parent.mkdir(parents=True, exist_ok=True)
            self.lock = FileLock(path.with_name(path.name + ".lock"))
        self.writing = self._engine(1, reading=False)
        self.reading = self._engine(readers, reading=True)

    def __repr__(self) -> str:
        return f"Database({self.name!r})"

    @property
    def name(self) -> str:
        """The address without its password, for messages."""
        return self.url.render_as_string(hide_password=True)

    def exclusive(self) -> AbstractContextManager[object]:
        """Held around every writing transaction: the lock file on SQLite, nothing on PostgreSQL."""
        return self.lock or nullcontext()

    def _engine(self, connections: int, *, reading: bool) -> Engine:
        if self.sqlite:
            engine = create_engine(self.url, pool_size=connections, max_overflow=0)
            _prepare_sqlite(engine, reading=reading)
            return engine
        # One snapshot for all statements of a read job, as SQLite gives it.
        level = "REPEATABLE READ" if reading else "READ COMMITTED"
        options = {"isolation_level": level, "postgresql_readonly": reading}
        arguments = {"connect_timeout": 10, "application_name": "lockgate"}
        engine = create_engine(
            self.url, pool_size=connections, max_overflow=0, connect_args=arguments, execution_options=options
        )
        if not reading:
            event.listen(engine, "connect", _let_nobody_wait)
        return engine

    def close(self) -> None:
        self.writing.dispose()
        self.reading.dispose()
        if self.lock is not None:
            self.lock.close()


def _prepare_sqlite(engine: Engine, *, reading: bool) -> None:
    """Make sqlite3 leave transactions to us, and set what SQLite keeps per connection."""

    @event.listens_for(engine, "connect")
    def connect(driver: Any, _record: object) -> None:
        driver.isolation_level = None
        driver.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        driver.execute("PRAGMA synchronous = FULL")
        driver.execute("PRAGMA foreign_keys = ON")
        driver.execute("PRAGMA query_only = ON" if reading else "PRAGMA journal_mode = WAL").fetchall()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Not by SQLAlchemy: its way to one word takes as long as a small job.
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN" if reading else "BEGIN IMMEDIATE")


def _let_nobody_wait(driver: Any, _record: object) -> None:
    """Have the server end a transaction of ours whose process stands still: others wait for its rows."""
    driver.execute(f"SET idle_in_transaction_session_timeout = {IDLE_MS}")
    driver.commit()


def lost(connection: Connection) -> bool:
    """Whether the server is gone from under this connection. SQLite has no server to lose."""
    if connection.closed or connection.invalidated:
        return True
    return bool(getattr(connection.connection.driver_connection, "closed", False))


def must_rerun(error: BaseException) -> bool:
    """Whether PostgreSQL undid the transaction only because another one was in its way."""
    cause = getattr(error, "orig", None) or error
    return getattr(cause, "sqlstate", None) in RERUN_STATES


def unusable(error: BaseException) -> bool:
    """Whether the database itself is in trouble: its disk is full or broken, its file cannot be written."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in TROUBLES
    return str(getattr(cause, "sqlstate", None))[:2] in TROUBLE_CLASSES
