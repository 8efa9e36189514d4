"""The database of the durable engine's journal where it needs help from us.

From Python 3.12 on the durable engine takes SQLite to know `unixepoch('subsec')`, which came with SQLite 3.42; Debian 12
has 3.40, and Python links whatever the system has. There the function is given to each connection.
"""

import sqlite3
import sys
import time
from typing import Any

import sqlalchemy


def engine_for(url: str) -> sqlalchemy.Engine | None:
    """An engine of our own for the journal, or None where the durable engine's own will do."""
    if not url.startswith("sqlite") or sys.hexversion < 0x030C0000 or sqlite3.sqlite_version_info >= (3, 42):
        return None
    engine = sqlalchemy.create_engine(url)

    @sqlalchemy.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.create_function("unixepoch", 1, subsecond)
        # As the durable engine sets up its own connections.
        connection.isolation_level = "IMMEDIATE"
        connection.execute("PRAGMA busy_timeout=30000")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def subsecond(_: str) -> float:
    """The present instant in seconds with their fraction, as `unixepoch('subsec')` gives it."""
    return round(time.time(), 3)
