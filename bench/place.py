"""Where a round of a job takes place: a folder of its own, a size, a database."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.machine import Cost, size_mb
from bench.postgres import Server
from bench.process import Lockgate, lockgate
from bench.subject import Role


@dataclass
class Place:
    """One round. Everything it leaves behind lies in its folder."""

    folder: Path
    size: int
    """Records or assets."""
    quick: bool = False
    """As little as possible: whether a job runs at all."""
    server: Server | None = None
    """PostgreSQL; None for SQLite."""
    urls: dict[str, str] = field(default_factory=dict)
    """Databases by the name of their installation."""
    not_run: dict[str, str] = field(default_factory=dict)
    """What could not be measured, and why."""
    installed: set[str] = field(default_factory=set)
    """Installations that have their flow."""

    def say(self, what: str) -> None:
        """Tell the person who waits."""
        sys.stderr.write(f"    {what} …\n")

    def seconds(self, usual: float) -> float:
        """How long a part that is bounded by time may take."""
        return min(usual, 1.0) if self.quick else usual

    def times(self, usual: int) -> int:
        """How often something is done."""
        return max(1, usual // 20) if self.quick else usual

    def database(self, name: str) -> str:
        """The address of a database of this name, new at first; nothing for SQLite in the home."""
        if self.server is None:
            return ""
        if name not in self.urls:
            self.urls[name] = self.server.create()
        return self.urls[name]

    @asynccontextmanager
    async def lockgate(self, name: str = "lockgate", **role: Any) -> AsyncIterator[Lockgate]:
        """A Lockgate process; the same name opens the same installation again."""
        async with lockgate(Role(str(self.folder / name), self.database(name), **role)) as running:
            yield running

    def database_mb(self, name: str = "lockgate") -> float:
        if self.server is not None:
            return self.server.size_mb(self.urls[name])
        return size_mb(self.folder / name, "lockgate.sqlite")

    def server_cost(self) -> Cost:
        """Of the database server; nothing where there is none."""
        return self.server.cost() if self.server is not None else Cost(0.0, 0.0, 0.0)
