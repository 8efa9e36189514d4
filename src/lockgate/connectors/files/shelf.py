"""Files of a store as a source: what there is, what changed since the last look, what each file and its sidecars state."""

import asyncio
import hashlib
import mimetypes
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

import msgspec

from lockgate.connectors.files import sidecars
from lockgate.connectors.files.copies import OWN
from lockgate.connectors.files.journal import Journal
from lockgate.connectors.files.settings import FilesSettings
from lockgate.connectors.files.stores import Entry, Store
from lockgate.connectors.files.stores.base import SMALL, unfinished
from lockgate.kit.records.items import PROBLEMS, Record, joined
from lockgate.kit.seed.media import media_type as known_type
from lockgate.kit.services import Services
from lockgate.kit.together import each

BATCH = 1000
LISTED_WHOLE = 8
"""A folder is listed whole rather than asked for each file when at most so many files come on each that is wanted."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A file with what lies beside it, as it is now."""

    file: Entry
    beside: tuple[Entry, ...] = ()

    @property
    def revision(self) -> str:
        """Another one whenever the file or one of its sidecars is another one."""
        told = [self.file.tag, *(part for one in self.beside for part in (one.path, one.tag))]
        return hashlib.blake2b("\n".join(told).encode(), digest_size=12).hexdigest()


class Shelf:
    """The files of one connection that count as items."""

    def __init__(self, store: Store, journal: Journal, settings: FilesSettings, services: Services) -> None:
        self.store, self.journal, self.settings, self.services = store, journal, settings, services
        self.skip = frozenset({settings.closed, OWN})

    # ── which files ──────────────────────────────────────────────────────────────────────────────────────────────

    def is_feed(self, path: str) -> bool:
        return path != self.settings.feed and not unfinished(path) and fits(path, self.settings.feeds)

    def is_file(self, path: str) -> bool:
        """Whether a path is one of an item, if it is no sidecar."""
        if unfinished(path) or path == self.settings.feed or self.is_feed(path) or self.is_apart(path):
            return False
        return fits(path, self.settings.include) and not fits(path, self.settings.exclude)

    def is_apart(self, path: str) -> bool:
        """Ours, closed or hidden."""
        folders = path.split("/")[:-1]
        closed = any(path.startswith(f"{one}/") for one in self.skip)
        return closed or any(folder.startswith(".") for folder in folders)

    # ── looking at all ───────────────────────────────────────────────────────────────────────────────────────────

    async def list_all(self) -> None:
        """Everything that lies in the store, into the journal. A listing that breaks off counts for nothing."""
        await asyncio.to_thread(self.journal.begin_listing)
        batch: list[Entry] = []
        async for entry in self.store.walk(self.skip):
            batch.append(entry)
            if len(batch) == BATCH:
                await asyncio.to_thread(self.journal.listed, batch)
                batch = []
        await asyncio.to_thread(self.journal.listed, batch)

    def take(self, kind: str, now: float) -> None:
        """What was listed as the present state; to be run in a thread."""
        self.journal.begin_fresh()
        rows: list[tuple[str, str, bytes | None]] = []
        for shown in self._shown():
            revision = self.settled_revision(kind, shown, now)
            if revision is not None:
                rows.append((shown.file.path, revision, None))
            if len(rows) == BATCH:
                self.journal.fresh(rows)
                rows = []
        self.journal.fresh(rows)
        self.journal.settle_on(kind, None)
        self.journal.forget_unsettled()

    def _shown(self) -> Iterable[Shown]:
        for entry in self.journal.files():
            if self.is_file(entry.path) and not self._beside_another(entry.path):
                beside = (self.journal.file(path) for path in sidecars.beside(entry.path))
                yield Shown(file=entry, beside=tuple(one for one in beside if one is not None))

    def _beside_another(self, path: str) -> bool:
        if path.lower().endswith(sidecars.XMP):
            return True
        owner = sidecars.owners(path)
        return owner is not None and self.journal.file(owner) is not None

    def settled_revision(self, kind: str, shown: Shown, now: float) -> str | None:
        """The revision of a file that nobody is writing any more; of another one the last that was settled, if there was one."""
        known = self.journal.one(kind, shown.file.path)
        present = known is not None and not known.gone
        if present and known is not None and known.revision == shown.revision:
            return shown.revision
        if self.is_settled(shown, now):
            return shown.revision
        return known.revision if present and known is not None else None

    def is_settled(self, shown: Shown, now: float) -> bool:
        """Old enough by the store's clock, or seen unchanged for long enough by ours, where that clock is wrong."""
        return all(self._rests(entry, now) for entry in (shown.file, *shown.beside))

    def _rests(self, entry: Entry, now: float) -> bool:
        patience = self.settings.settle
        rests = patience == 0 or (0 < entry.modified <= now - patience)
        if not rests:
            rests = now - self.journal.unsettled_since(entry.path, entry.tag, now) >= patience
        if rests:
            self.journal.settled(entry.path)
        return rests

    # ── looking at some ──────────────────────────────────────────────────────────────────────────────────────────

    async def show(self, kind: str, ids: Sequence[str]) -> dict[str, Shown]:
        """The files as they are now; those that are not there are left out."""
        wanted = [id for id in dict.fromkeys(ids) if self.is_file(id)]
        by_folder: dict[str, list[str]] = {}
        for id in wanted:
            by_folder.setdefault(id.rpartition("/")[0], []).append(id)
        found: dict[str, Shown] = {}
        for folder, members in by_folder.items():
            below = f"{folder}/" if folder else ""
            many = await asyncio.to_thread(self.journal.count, kind, below)
            look = self._from_listing if len(members) > 1 and many <= LISTED_WHOLE * len(members) else self._one_by_one
            found |= await look(folder, members)
        return found

    async def _from_listing(self, folder: str, ids: Sequence[str]) -> dict[str, Shown]:
        there = {entry.path: entry async for entry in self.store.listing(folder) if not entry.folder}
        return {
            id: Shown(
                file=there[id], beside=tuple(there[one] for one in sidecars.beside(id) if one in there and one != id)
            )
            for id in ids
            if id in there
        }

    async def _one_by_one(self, _folder: str, ids: Sequence[str]) -> dict[str, Shown]:
        shown = await each(ids, self._one, self.settings.concurrency)
        return {one.file.path: one for one in shown if one is not None}

    async def _one(self, id: str) -> Shown | None:
        if (file := await self.store.stat(id)) is None:
            return None
        beside = [await self.store.stat(path) for path in sidecars.beside(id) if path != id]
        return Shown(file=file, beside=tuple(entry for entry in beside if entry is not None))

    # ── what a file states ───────────────────────────────────────────────────────────────────────────────────────

    async def record(self, shown: Shown, zone: str) -> Record:
        """What the sidecars state, then the file itself, then what holds for everything here."""
        said = [await self._said(one) for one in shown.beside]
        return joined([*said, await self._inside(shown.file), dict(self.settings.stated)], zone)

    async def _said(self, beside: Entry) -> Record:
        """What a sidecar states. One that is too long to be one is told: it holds up no other file."""
        if beside.size > SMALL:
            return {PROBLEMS: [f"{sidecars.short(beside.path)} has {beside.size} bytes, {SMALL} are read"]}
        return sidecars.read(beside.path, await self.store.get(beside.path) or b"")

    async def _inside(self, file: Entry) -> Record:
        kind = media_type(file.path)
        if not file.size or not has_inside(kind):
            return {}
        local = self.store.local
        if not local and file.size > self.settings.look_inside * 1024 * 1024:
            return {}
        async with local_copy(self.store, file.path, self.services.spool) as path:
            return await asyncio.to_thread(sidecars.inside, path, kind)


def has_inside(media_type: str) -> bool:
    return media_type.startswith(("image/", "video/", "audio/")) or media_type in {
        "application/pdf", "application/epub+zip", "application/postscript", "application/illustrator",
        "application/x-indesign",
    }  # fmt: skip


def media_type(path: str) -> str:
    """By the name: a listing shows no more."""
    known = known_type(path, b"")
    if known != "application/octet-stream":
        return known
    return mimetypes.guess_type(path)[0] or known


def fits(path: str, patterns: Iterable[str]) -> bool:
    return any(pattern_of(one).fullmatch(path) for one in patterns)


@lru_cache(maxsize=256)
def pattern_of(glob: str) -> re.Pattern[str]:
    """`*` and `?` within a folder, `**` over folders; letter case does not matter."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.strip().lstrip("/"))
    means = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(means.get(part) or re.escape(part) for part in parts), re.IGNORECASE | re.DOTALL)


@asynccontextmanager
async def local_copy(store: Store, path: str, spool: Path) -> AsyncIterator[Path]:
    """The file on this machine, for as long as it is looked at: where it lies, or a copy of it."""
    async with store.here(path) as place:
        if place is not None:
            yield place
            return
    with NamedTemporaryFile(dir=spool, prefix="look-", suffix=PurePosixPath(path).suffix) as file:
        async with store.read(path) as chunks:
            async for chunk in chunks:
                await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(file.flush)
        yield Path(file.name)
