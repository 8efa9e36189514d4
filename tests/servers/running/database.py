"""An embedded PostgreSQL for servers that keep their data in one."""

from collections.abc import Iterator
from contextlib import contextmanager

from prove.postgres import PostgresServer
from prove.postgres import postgres as running

from .processes import ended_with_us


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """A running server until the block ends, or this process does, however it ends."""
    with running() as server, ended_with_us(int((server.home / "data" / "postmaster.pid").read_text().split()[0])):
        yield server
