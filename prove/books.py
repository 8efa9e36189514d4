"""Lockgate's own books, read from its database by plain SQL while it is dead or at work: what no API tells."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Query = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Books:
    """What the ledger of a flow holds at one instant."""

    inbox: frozenset[str]
    """Keys that are to be looked at."""
    looked: Mapping[str, datetime]
    """By key: when the outcome of the last look was recorded."""
    intents: frozenset[str]
    """Keys with something begun and not recorded."""

    def took(self, key: str, sent: datetime) -> bool:
        """Whether a hint sent then is still to be worked, or was worked after it came."""
        return key in self.inbox or self.looked.get(key, EPOCH) >= sent


def books(home: Path, database: str, flow: str) -> Books:
    """Read the inbox first: what leaves it is recorded in the same commit, so nothing can slip through between."""
    with reading(home, database) as ask:
        inbox = frozenset(key for (key,) in ask("SELECT key FROM inbox WHERE flow = ?", [flow]))
        looked = {key: at_of(micros) for key, micros in ask("SELECT key, at FROM delivery WHERE flow = ?", [flow])}
        intents = frozenset(key for (key,) in ask("SELECT key FROM intent WHERE flow = ?", [flow]))
    return Books(inbox, looked, intents)


def at_of(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


@contextmanager
def reading(home: Path, database: str) -> Iterator[Any]:
    if database:
        with psycopg.connect(database, autocommit=True) as connection:
            yield lambda query, values: connection.execute(query.replace("?", "%s"), values).fetchall()
        return
    # A copy: opening the file itself would recover it, which is for Lockgate to do.
    with tempfile.TemporaryDirectory(prefix="lockgate-books-") as folder:
        for file in home.glob("lockgate.sqlite*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, folder)
        with closing(sqlite3.connect(Path(folder) / "lockgate.sqlite")) as connection:
            yield lambda query, values: connection.execute(query, values).fetchall()
