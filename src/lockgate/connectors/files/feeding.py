"""Feeds of a store as a source: each is read once per version, record by record, into the journal, which tells what changed."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from lockgate.connectors.files.feeds import BadFeed, Row, rows
from lockgate.connectors.files.journal import Journal
from lockgate.connectors.files.settings import FilesSettings
from lockgate.connectors.files.shelf import Shelf, Shown, local_copy
from lockgate.connectors.files.stores import Entry, Store
from lockgate.kit.errors import NotFound
from lockgate.kit.records.items import PROBLEMS, encoded
from lockgate.kit.services import Services
from lockgate.kit.telling import tell

BATCH = 500
Fresh = tuple[str, str, bytes | None]
"""Id, revision, record."""


class Feeding:
    """The feeds of one connection."""

    def __init__(
        self, store: Store, journal: Journal, settings: FilesSettings, services: Services, shelf: Shelf
    ) -> None:
        self.store, self.journal, self.settings = store, journal, settings
        self.services, self.shelf = services, shelf

    async def take(self, kind: str, now: float) -> None:
        """All feeds that were just listed; the records of one that is gone are gone."""
        if not self.settings.feeds:
            return
        there = await asyncio.to_thread(lambda: [one for one in self.journal.files() if self.shelf.is_feed(one.path)])
        known = await asyncio.to_thread(self.journal.feeds)
        for path in known.keys() - {one.path for one in there}:
            await asyncio.to_thread(self._gone, kind, path)
        for entry in there:
            await self._take(kind, entry, known, now)

    async def refresh(self, kind: str, now: float) -> None:
        """Those that are known, where they are others by now."""
        known = await asyncio.to_thread(self.journal.feeds)
        for path in known:
            if (entry := await self.store.stat(path)) is not None:
                await self._take(kind, entry, known, now)

    async def _take(self, kind: str, entry: Entry, known: dict[str, tuple[str, int, str]], now: float) -> None:
        if entry.path in known and known[entry.path][0] == entry.tag:
            return
        if not await asyncio.to_thread(self.shelf.is_settled, Shown(file=entry), now):
            return
        try:
            async with local_copy(self.store, entry.path, self.services.spool) as path:
                count, problem = await asyncio.to_thread(self._read, kind, entry.path, path)
        except NotFound:
            return
        after = await self.store.stat(entry.path)
        if after is None or after.tag != entry.tag:
            return  # it changed while it was read: the next look reads it again
        if problem:
            tell(self.services.log.warning, "feed", feed=entry.path, problem=problem)
        await asyncio.to_thread(self._settle, kind, entry, count, problem)

    def _settle(self, kind: str, entry: Entry, count: int, problem: str) -> None:
        """A feed that cannot be read to its end changes nothing but that it says so: what it lacks is not gone."""
        if problem:
            self.journal.say(kind, entry.path, entry.tag, encoded({PROBLEMS: [problem]}))
        else:
            self.journal.settle_on(kind, entry.path)
        self.journal.set_feed(entry.path, entry.tag, count, problem)

    def _gone(self, kind: str, path: str) -> None:
        self.journal.begin_fresh()
        self.journal.settle_on(kind, path)
        self.journal.drop_feed(path)

    def _read(self, kind: str, name: str, path: Path) -> tuple[int, str]:
        """Every record, as fresh in the journal; the number of those that are well, and why it could not be read to its end."""
        self.journal.begin_fresh()
        others = set(self.journal.feeds()) - {name}
        count, batch = 0, dict[str, Fresh]()
        try:
            for row in rows(path, name, self.settings.feed_key):
                told = self._once(kind, name, row, batch, bool(others))
                count += told.record is not None
                one = fresh(name, told)
                batch[one[0]] = one
                if len(batch) == BATCH:
                    self.journal.fresh(list(batch.values()))
                    batch = {}
        except BadFeed as problem:
            return count, f"{name} {problem}"
        self.journal.fresh(list(batch.values()))
        return count, ""

    def _once(self, kind: str, name: str, row: Row, batch: dict[str, Fresh], others: bool) -> Row:
        """A record whose key came before, here or in another feed, is told as wrong: the first one holds."""
        if row.record is None:
            return row
        if row.id in batch or self.journal.is_fresh(row.id):
            return Row(line=row.line, problem=f"line {row.line} has the key {row.id}, which an earlier line has")
        known = self.journal.one(kind, row.id) if others else None
        if known is None or known.gone or known.place == name:
            return row
        return Row(line=row.line, problem=f"line {row.line} has the key {row.id}, which {known.place} has")


def fresh(feed: str, row: Row) -> Fresh:
    """A record as the journal takes it; one that is wrong is an item that says so, and that no gate lets through."""
    record: dict[str, Any] = row.record if row.record is not None else {PROBLEMS: [f"{feed}, {row.problem}"]}
    body = encoded(record)
    id = row.id or f"{feed}:{row.line}"
    return id, hashlib.blake2b(body, digest_size=12).hexdigest(), body
