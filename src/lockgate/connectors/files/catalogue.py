"""A feed as a target: one file with all records that may be seen, written whole and put in place of the old one at once.

Beside it lies our state of it (`.lockgate/feeds`), with hidden records and every value as it was delivered, and the digest of the
feed that goes with it. So what a feed's form cannot hold (a spreadsheet has no texts by language) is not lost, and a feed that is
not the one we wrote is noticed: its records then count as not hidden, until it is written again.
"""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from lockgate.connectors.files.copies import OWN, Answer
from lockgate.connectors.files.feeds import written
from lockgate.connectors.files.journal import Journal
from lockgate.connectors.files.shelf import local_copy
from lockgate.connectors.files.stores import Store
from lockgate.kit.contract import FileSource, Held, Receipt, Write
from lockgate.kit.errors import ContractBroken, NotFound, Transient
from lockgate.kit.joint import Joint
from lockgate.kit.services import Services
from lockgate.kit.transfer import path_source

ENCODE = msgspec.json.Encoder(order="deterministic").encode


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of one record."""

    key: str
    fields: Mapping[str, Any] | None = None
    """Merged into those there are; None leaves them."""
    hidden: bool | None = None
    """None leaves it as it is; a new record is not."""
    remove: bool = False
    new: bool = False
    """Whether it may be made where there is none."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of the state."""

    feed: str
    sha256: str


class Catalogue:
    """The feed that one connection writes. Changes that come while it is written go along with the next writing."""

    def __init__(self, store: Store, journal: Journal, path: str, services: Services) -> None:
        self.store, self.journal, self.path = store, journal, path
        self.spool, self.clock = services.spool, services.clock
        self.state = f"{OWN}/feeds/{path}.jsonl"
        self._written = Joint(self._write)
        self._lock = asyncio.Lock()

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def held(self, keys: Sequence[str]) -> dict[str, Held]:
        async with self._lock:
            agrees = await self._load()
            rows = await asyncio.to_thread(self._rows, list(keys))
        return {key: held(key, hidden, fields, agrees) for key, hidden, fields in rows}

    def _rows(self, keys: list[str]) -> list[tuple[str, bool, bytes]]:
        found = (self.journal.record(key) for key in keys)
        return [one for one in found if one is not None]

    async def _load(self) -> bool:
        """Know the state as it is now; answers whether the feed is the one that goes with it."""
        entry = await self.store.stat(self.state)
        tag = entry.tag if entry is not None else "none"
        if await asyncio.to_thread(self.journal.meta, "catalogue") != tag:
            sha256 = await self._read_state() if entry is not None else await self._begun()
            await asyncio.to_thread(self.journal.set_metas, {"catalogue": tag, "catalogue.sha256": sha256})
        return await self._agrees()

    async def _begun(self) -> str:
        await asyncio.to_thread(self.journal.empty_catalogue)
        return ""

    async def _read_state(self) -> str:
        await asyncio.to_thread(self.journal.set_metas, {"catalogue": ""})
        async with local_copy(self.store, self.state, self.spool) as path:
            return await asyncio.to_thread(self._take_state, path)

    def _take_state(self, path: Path) -> str:
        try:
            with path.open("rb") as file:
                head = msgspec.json.decode(file.readline(), type=Head)
                self.journal.empty_catalogue()
                self.journal.put_records(msgspec.json.decode(line, type=tuple[str, bool, msgspec.Raw]) for line in file)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ContractBroken(f"{self.state} is not as we wrote it.", detail=str(error)) from error
        return head.sha256

    async def _agrees(self) -> bool:
        """Whether the feed has the digest that the state tells. It is read only when it is not the one read last."""
        entry = await self.store.stat(self.path)
        wanted = await asyncio.to_thread(self.journal.meta, "catalogue.sha256")
        if entry is None:
            return not wanted  # nothing was ever written
        known = f"{entry.tag} {wanted}"
        if await asyncio.to_thread(self.journal.meta, "catalogue.agrees") == known:
            return True
        digest = hashlib.sha256()
        async with self.store.read(self.path) as chunks:
            async for chunk in chunks:
                digest.update(chunk)
        if digest.hexdigest() != wanted:
            return False
        await asyncio.to_thread(self.journal.set_metas, {"catalogue.agrees": known})
        return True

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def upsert(self, writes: Sequence[Write]) -> list[Answer]:
        return await self._answered([Change(key=one.key, fields=one.fields, new=one.ref is None) for one in writes])

    async def withdraw(self, keys: Sequence[str], policy: str) -> list[Answer]:
        return await self._answered([Change(key=key, hidden=True, remove=policy == "remove") for key in keys])

    async def show(self, keys: Sequence[str]) -> list[Answer]:
        return await self._answered([Change(key=key, hidden=False) for key in keys])

    async def _answered(self, changes: list[Change]) -> list[Answer]:
        became = await self._written(changes)
        return [
            Receipt(key=one.key, ref=one.key, created=became.get(one.key, False))
            if one.key in became or one.remove
            else NotFound(f"{self.path} has no record under our key {one.key}.")
            for one in changes
        ]

    async def _write(self, changes: list[Change]) -> dict[str, bool]:
        """All of them at once; answers which were new. Until both files are in place the journal trusts neither."""
        async with self._lock:
            await self._load()
            await asyncio.to_thread(self.journal.set_metas, {"catalogue": ""})
            became = await asyncio.to_thread(self._apply, changes)
            await self._publish()
        return became

    def _apply(self, changes: list[Change]) -> dict[str, bool]:
        became: dict[str, bool] = {}
        with self.journal.writing():
            for change in changes:
                known = self.journal.record(change.key)
                if known is None and not change.new:
                    continue
                became[change.key] = became.get(change.key, known is None)
                if change.remove:
                    self.journal.drop_record(change.key)
                else:
                    self.journal.put_record(*changed(change, known))
        return became

    async def _publish(self) -> None:
        """First the state, which tells the digest of the feed to come, then the feed: others see the old one or the new one."""
        with TemporaryDirectory(dir=self.spool, prefix="feed-") as folder:
            feed, state = Path(folder) / "feed", Path(folder) / "state"
            await asyncio.to_thread(written, feed, self.path, self._shown, self.clock())
            sha256 = await asyncio.to_thread(self._write_state, state, feed)
            await self.store.write(self.state, plain_source(state, self.state))
            await self.store.write(self.path, plain_source(feed, self.path))
        entry = await self.store.stat(self.state)
        told = {"catalogue": entry.tag if entry else "", "catalogue.sha256": sha256}
        await asyncio.to_thread(self.journal.set_metas, told)
        if not await self._agrees():
            raise Transient(f"{self.path} is not there as it was written; it is written again.", code="file.digest")

    def _shown(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return ((key, msgspec.json.decode(fields)) for key, hidden, fields in self.journal.records() if not hidden)

    def _write_state(self, path: Path, feed: Path) -> str:
        with feed.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        with path.open("wb") as out:
            out.write(ENCODE(Head(feed=self.path, sha256=sha256)) + b"\n")
            out.writelines(
                ENCODE((key, hidden, msgspec.Raw(one))) + b"\n" for key, hidden, one in self.journal.records()
            )
        return sha256


def changed(change: Change, known: tuple[str, bool, bytes] | None) -> tuple[str, bool, bytes]:
    hidden = known[1] if known is not None else False
    fields = msgspec.json.decode(known[2]) if known is not None else {}
    return change.key, hidden if change.hidden is None else change.hidden, ENCODE({**fields, **(change.fields or {})})


def held(key: str, hidden: bool, fields: bytes, agrees: bool) -> Held:
    """Of a feed that is not the one we wrote, nothing is sure: its records hold nothing and are not hidden."""
    revision = hashlib.blake2b(fields, digest_size=12).hexdigest()
    if not agrees:
        return Held(key=key, ref=key, revision=f"{revision}?")
    return Held(key=key, ref=key, revision=revision, fields=msgspec.json.decode(fields), hidden=hidden)


def plain_source(path: Path, name: str) -> FileSource:
    return path_source(path, filename=name.rsplit("/", maxsplit=1)[-1], media_type="application/octet-stream")
