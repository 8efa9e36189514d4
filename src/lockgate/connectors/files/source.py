"""The folder as a source: files and records of feeds as items, with what changed between two looks."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import PurePosixPath

import msgspec

from lockgate.connectors.files.feeding import Feeding
from lockgate.connectors.files.journal import Journal, Seen
from lockgate.connectors.files.settings import FilesSettings
from lockgate.connectors.files.shelf import Shelf, Shown, media_type
from lockgate.connectors.files.stores import Entry, Store
from lockgate.kit.contract import FileStream, Page, Ref
from lockgate.kit.errors import NotFound, Rejected, Transient
from lockgate.kit.profile import Profile
from lockgate.kit.records import items, values
from lockgate.kit.records.items import Record
from lockgate.kit.services import Services
from lockgate.kit.together import each
from lockgate.model import codes
from lockgate.model.event import Event, changed, gone
from lockgate.model.item import ASSET, PRODUCT, Item, Rendition

PAGE = 500
LATELY = 5.0
"""Seconds for which a look is good enough to find something by an identifier, or to go on with an index."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of a file, as the journal keeps it."""

    file: Entry
    record: Record


class Source:
    """Reads for one connection."""

    def __init__(
        self, store: Store, journal: Journal, settings: FilesSettings, profile: Profile, services: Services
    ) -> None:
        self.store, self.journal, self.profile, self.services = store, journal, profile, services
        self.shelf = Shelf(store, journal, settings, services)
        self.feeding = Feeding(store, journal, settings, services, self.shelf)
        self.at_once = settings.concurrency
        self._looking = asyncio.Lock()
        self._looked = float("-inf")

    def now(self) -> float:
        return self.services.clock().timestamp()

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def look(self, within: float = 0.0) -> None:
        """List the store and take what is there, unless that was done within so many seconds."""
        async with self._looking:
            loop = asyncio.get_running_loop()
            if loop.time() - self._looked < within:
                return
            await self.shelf.list_all()
            await asyncio.to_thread(self.shelf.take, ASSET, self.now())
            await self.feeding.take(PRODUCT, self.now())
            self._looked = loop.time()

    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """What differs from the look that the cursor stands for. A cursor of another journal reports all there is."""
        await self.look()
        newest = await asyncio.to_thread(self.journal.newest, kind)
        if after is None:
            yield Page([], cursor=self._cursor(newest))
            return
        seq = self._number(after)
        while found := await asyncio.to_thread(self.journal.changes, kind, seq, PAGE):
            seq = found[-1].seq
            yield Page([event(kind, one) for one in found], cursor=self._cursor(seq))
        if seq == self._number(after):
            yield Page([], cursor=self._cursor(seq))

    def _cursor(self, seq: int) -> str:
        return f"{self.journal.id}:{seq}"

    def _number(self, cursor: str) -> int:
        journal, colon, seq = cursor.partition(":")
        if not colon or not seq.isdecimal():
            raise Rejected("This is no cursor of a folder; start the watch anew.", code="cursor")
        return int(seq) if journal == self.journal.id else 0

    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """Everything there is, by id."""
        await self.look(0.0 if after is None else LATELY)
        total = await asyncio.to_thread(self.journal.count, kind) if after is None else None
        last = after or ""
        while found := await asyncio.to_thread(self.journal.page, kind, last, PAGE):
            last = found[-1].id
            yield Page([Ref(one.id, one.revision) for one in found], cursor=last, total=total)

    # ── items ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        if kind == ASSET:
            return await self._files(ids)
        if not await asyncio.to_thread(self.journal.newest, kind):
            await self.look()
        async with self._looking:
            await self.feeding.refresh(kind, self.now())
        seen = await asyncio.to_thread(lambda: [self.journal.one(kind, id) for id in dict.fromkeys(ids)])
        return [self._from_feed(kind, one) for one in seen if one is not None and not one.gone]

    def _from_feed(self, kind: str, seen: Seen) -> Item:
        return items.to_item(
            kind,
            seen.id,
            seen.revision,
            items.decoded(seen.record or b"{}"),
            system=self.services.connection,
            profile=self.profile,
            place=f"feed {seen.place}",
        )

    async def _files(self, ids: Sequence[str]) -> list[Item]:
        there = await self.shelf.show(ASSET, ids)
        missing = [id for id in dict.fromkeys(ids) if id not in there]
        await asyncio.to_thread(self._note_gone, missing)
        found = await each(there.values(), self._file, self.at_once)
        return [item for item in found if item is not None]

    def _note_gone(self, ids: Sequence[str]) -> None:
        for id in ids:
            self.journal.note(ASSET, id, None)

    async def _file(self, shown: Shown) -> Item | None:
        """The file in its last settled state; one that was never settled is not there yet."""
        id = shown.file.path
        revision = await asyncio.to_thread(self.shelf.settled_revision, ASSET, shown, self.now())
        if revision is None:
            return None
        if revision != shown.revision:
            return await self._as_it_was(id, revision)
        await asyncio.to_thread(self.journal.note, ASSET, id, revision)
        known = await asyncio.to_thread(self.journal.one, ASSET, id)
        if known is not None and known.revision == revision and known.record is not None:
            return self._item(id, revision, msgspec.json.decode(known.record, type=Kept))
        kept = Kept(file=shown.file, record=await self.shelf.record(shown, self.profile.zone))
        names = items.identified(kept.record, ASSET, self.profile)
        await asyncio.to_thread(self.journal.keep, ASSET, id, revision, msgspec.json.encode(kept), names)
        return self._item(id, revision, kept)

    async def _as_it_was(self, id: str, revision: str) -> Item:
        known = await asyncio.to_thread(self.journal.one, ASSET, id)
        if known is None or known.record is None or known.revision != revision:
            raise Transient(
                f"{id} is being written; it is read once it stays as it is.", code="unsettled", retry_after=5
            )
        return self._item(id, revision, msgspec.json.decode(known.record, type=Kept))

    def _item(self, id: str, revision: str, kept: Kept) -> Item:
        name, file = PurePosixPath(id).name, kept.file
        original = Rendition(
            name="original",
            filename=name,
            address=id,
            version=file.tag,
            length=file.size,
            media_type=media_type(id),
        )
        return items.to_item(
            ASSET,
            id,
            revision,
            {"title": PurePosixPath(name).stem, **kept.record},
            system=self.services.connection,
            profile=self.profile,
            place=f"what lies beside or in {name}",
            renditions=(original,),
            modified=values.instant(file.modified),
        )

    # ── bytes ────────────────────────────────────────────────────────────────────────────────────────────────────

    @asynccontextmanager
    async def open(self, rendition: Rendition) -> AsyncIterator[FileStream]:
        """The file, if it is still the one that was seen; that is asked before the first byte and after the last."""
        path = rendition.address
        await self._is_still(path, rendition)
        async with self.store.read(path) as chunks:
            yield FileStream(
                filename=rendition.filename,
                media_type=rendition.media_type or media_type(path),
                length=rendition.length,
                chunks=self._to_the_end(chunks, path, rendition),
            )

    async def _to_the_end(self, chunks: AsyncIterator[bytes], path: str, rendition: Rendition) -> AsyncIterator[bytes]:
        async for chunk in chunks:
            yield chunk
        await self._is_still(path, rendition)

    async def _is_still(self, path: str, rendition: Rendition) -> None:
        entry = await self.store.stat(path)
        if entry is None:
            raise NotFound(f"{path} is not there any more.")
        if entry.tag != rendition.version:
            raise Transient(f"{path} was replaced meanwhile; it is read again.", code="file.version")

    # ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def find(self, kind: str, by: str, wanted: Sequence[str]) -> dict[str, list[str]]:
        await self.look(LATELY)
        await self._name_all(kind)
        found = {}
        for value in dict.fromkeys(wanted):
            known = codes.identifier(by, value)
            ids = await asyncio.to_thread(self.journal.find, kind, by, known) if known else []
            if ids:
                found[value] = ids
        return found

    async def _name_all(self, kind: str) -> None:
        """Note the identifiers of all that changed since that was last done; under another profile, of all there is."""
        as_told = hashlib.blake2b(
            msgspec.json.encode(self.profile.matches, order="deterministic"), digest_size=8
        ).hexdigest()
        done = await asyncio.to_thread(self.journal.meta, f"named.{kind}")
        seq = int(done.partition(":")[2]) if done.startswith(f"{as_told}:") else 0
        while found := await asyncio.to_thread(self.journal.changes, kind, seq, PAGE):
            await self._name(kind, [one for one in found if not one.gone])
            seq = found[-1].seq
            await asyncio.to_thread(self.journal.set_metas, {f"named.{kind}": f"{as_told}:{seq}"})

    async def _name(self, kind: str, seen: Sequence[Seen]) -> None:
        if kind == ASSET:
            await self._files([one.id for one in seen])  # reads and notes those that were never read
            seen = await asyncio.to_thread(lambda: [known for one in seen if (known := self.journal.one(kind, one.id))])
        await asyncio.to_thread(self._name_these, kind, seen)

    def _name_these(self, kind: str, seen: Sequence[Seen]) -> None:
        rows = [
            (one.id, by, value)
            for one in seen
            if one.record is not None
            for by, value in items.identified(record_of(kind, one.record), kind, self.profile)
        ]
        with self.journal.writing():
            self.journal.named(kind, rows)


def record_of(kind: str, record: bytes) -> Record:
    return msgspec.json.decode(record, type=Kept).record if kind == ASSET else items.decoded(record)


def event(kind: str, seen: Seen) -> Event:
    return gone(kind, seen.id) if seen.gone else changed(kind, seen.id)
