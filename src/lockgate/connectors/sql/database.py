"""The database: one pool of connections, its calls made in threads, its refusals named by what to do next."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, exc

from lockgate.connectors.sql.settings import SqlSettings
from lockgate.kit.errors import Conflict, ConnectorError, NeedsOperator, Rejected, Transient
from lockgate.kit.limits import Limiter
from lockgate.kit.services import Services

T = TypeVar("T")
REFUSED = (
    "password", "authentication", "access denied", "permission denied",
    "no such table", "does not exist", "read-only", "not a database", "unknown database", "command denied",
)  # fmt: skip
"""What messages of drivers hold, in small letters, where only a person can help: MySQL and SQLite have no SQLSTATE in their errors."""
PERSON = {"28", "3D", "3F", "42"}
"""Classes of SQLSTATE (ISO/IEC 9075): authorization, database, schema, syntax or access rule."""
UNFIT = {1292, 1364, 1366, 3819, 4025}
"""MySQL's and MariaDB's numbers for a value that a column cannot hold, none where one must be, and a check that refuses the row."""
STRICT = "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')"
"""MySQL and MariaDB may be set to cut what is too long, and to put in something else for what does not fit."""
AGAIN = {"40", "55", "57"}
"""Serialization and deadlock; objects in use and operator intervention (PostgreSQL)."""


class Database:
    """Opened when it is first asked. Several calls at once share the pool."""

    def __init__(self, settings: SqlSettings, services: Services) -> None:
        self.settings, self.services = settings, services
        self._engine: Engine | None = None
        self._opening = asyncio.Lock()
        self._limiter = Limiter(services.limits, services.patience)

    async def read(self, job: Callable[[Connection], T]) -> T:
        """Run a job on a connection whose transaction is rolled back. Raises ConnectorError."""
        return await self._run(job, keep=False)

    async def write(self, job: Callable[[Connection], T]) -> T:
        """Run a job in one transaction, committed once it has returned. Raises ConnectorError."""
        return await self._run(job, keep=True)

    async def close(self) -> None:
        if self._engine is not None:
            await asyncio.to_thread(self._engine.dispose)
            self._engine = None

    async def _run(self, job: Callable[[Connection], T], *, keep: bool) -> T:
        engine = await self._opened()

        def run() -> T:
            with engine.connect() as connection:
                answer = job(connection)
                if keep:
                    connection.commit()
                return answer

        async with self._limiter.call():
            try:
                return await asyncio.to_thread(run)
            except exc.SQLAlchemyError as error:
                raise self.named(error) from error

    async def _opened(self) -> Engine:
        async with self._opening:
            if self._engine is None:
                self._engine = create_engine(**await self._options())
            return self._engine

    async def _options(self) -> dict[str, Any]:
        seconds = int(self.services.patience.connect)
        shared = {"url": self.settings.url, "hide_parameters": True, "pool_pre_ping": True}
        if self.settings.host is None:
            path = self.services.egress.path(str(self.settings.url.database))
            if not path.is_file():
                raise NeedsOperator(f"There is no file {path}: correct the address.", code="no_database")
            return {**shared, "url": self.settings.url.set(database=str(path)), "connect_args": {"timeout": seconds}}
        name, port = self.settings.host
        try:
            address = (await self.services.egress.reach(name, port))[0]
        except OSError as error:
            raise NeedsOperator(f"The host {name} is not known: correct the address.", code="unreachable") from error
        sized = {
            **shared,
            "pool_size": self.settings.concurrency,
            "max_overflow": 0,
            "pool_timeout": self.services.patience.total,
        }
        if self.settings.url.drivername.startswith("postgresql"):  # the name stays, since certificates are for names
            return {**sized, "connect_args": {"hostaddr": address, "connect_timeout": seconds}}
        return {
            **sized,
            "url": self.settings.url.set(host=address),
            "connect_args": {"connect_timeout": seconds, "init_command": STRICT},
            # By default a transaction does not see the row that made its own one a repeat.
            "isolation_level": "READ COMMITTED",
        }

    def named(self, error: exc.SQLAlchemyError) -> ConnectorError:
        """What a driver or the library raised, by what to do next; the sentence never holds values or the password."""
        if isinstance(error, exc.NoSuchTableError):
            return NeedsOperator(f"There is no table {self.settings.table} that this user may see.", code="no_table")
        if isinstance(error, exc.TimeoutError):
            return Transient("All connections to the database are in use; it is tried again.", code="unavailable")
        kind, words, code = meaning(error)
        return kind(f"{words}: {first_line(error)}", code=code)


def meaning(error: exc.SQLAlchemyError) -> tuple[type[ConnectorError], str, str]:
    """What to do next, in words, and as a code."""
    if isinstance(error, exc.IntegrityError | exc.DataError) or number(error) in UNFIT:
        return Rejected, "The table refuses the row", "rejected"
    state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")[:2]
    if state in AGAIN:
        return Conflict, "The database asks to try again", "conflict"
    asked = state in PERSON or any(one in first_line(error).lower() for one in REFUSED)
    if not asked and isinstance(error, exc.DBAPIError) and not isinstance(error, exc.ProgrammingError):
        return Transient, "The database does not answer", "unavailable"
    return NeedsOperator, "The database refuses what it is asked", "refused"


def number(error: exc.SQLAlchemyError) -> int | None:
    """MySQL's and MariaDB's own number of an error."""
    told = getattr(getattr(error, "orig", None), "args", ())
    return told[0] if told and isinstance(told[0], int) else None


def first_line(error: exc.SQLAlchemyError) -> str:
    """The driver's own sentence. Details on further lines may hold values of rows."""
    original = getattr(error, "orig", None) or error
    words = str(original.args[-1] if original.args else original)
    return words.strip().split("\n")[0][:200]
