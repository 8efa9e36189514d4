"""Files: a local folder, SFTP, WebDAV, S3 or FTP, read and written; feeds in them read as records and written as a catalogue.

Limits and oddities: README.md in this folder.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

import msgspec

from lockgate.connectors.files.catalogue import Catalogue
from lockgate.connectors.files.columns import columns
from lockgate.connectors.files.copies import Copies
from lockgate.connectors.files.journal import Journal
from lockgate.connectors.files.settings import FilesSettings
from lockgate.connectors.files.source import Source
from lockgate.connectors.files.stores import opened
from lockgate.kit.contract import (
    Connector,
    FileStream,
    Held,
    Page,
    Receipt,
    Ref,
    Settings,
    SystemInfo,
    Write,
    operation,
)
from lockgate.kit.errors import ConnectorError, Rejected
from lockgate.kit.profile import Profile, Schema, schema_of
from lockgate.kit.records.words import HINTS, OURS
from lockgate.kit.services import Services
from lockgate.model.event import Event
from lockgate.model.item import ASSET, PRODUCT, Item, Rendition


class Files(Connector[FilesSettings]):
    """One folder of one store."""

    id: ClassVar[str] = "files"
    title: ClassVar[str] = "Files and feeds"
    kinds: ClassVar[tuple[str, ...]] = (ASSET, PRODUCT)
    settings_type: ClassVar[type[Settings]] = FilesSettings
    hints = HINTS
    withdraw_policies: ClassVar[tuple[str, ...]] = ("hide", "remove")

    def __init__(self, settings: FilesSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.store = opened(settings, services)
        self.journal = Journal(services.spool)
        self.source = Source(self.store, self.journal, settings, profile, services)
        self.copies = Copies(self.store, settings)
        self.catalogue = Catalogue(self.store, self.journal, settings.feed, services)

    async def __aexit__(self, *exc: object) -> None:
        await self.store.close()
        self.journal.close()

    # ── set-up ───────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def check(self) -> SystemInfo:
        """Fail at set-up: address, credentials, host key, folder; and tell which feeds cannot be read."""
        where = await self.store.check()
        broken = [problem for _, _, problem in self.journal.feeds().values() if problem]
        return SystemInfo(product=self.store.title, account=self.settings.user, notes=(where, self.store.how, *broken))

    @operation(effect="read")
    async def schema(self) -> Schema:
        """What sidecars can state, and the columns of the feeds there are."""
        return schema_of(
            {ASSET: OURS, PRODUCT: await columns(self.store, self.source.shelf, self.settings, self.services)}
        )

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """What differs from an earlier look at the folder; what is still being written is not there yet."""
        known(kind)
        async for page in self.source.changes(kind, after):
            yield page

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All files by path, or all records of the feeds by key; the cursor is the last one."""
        known(kind)
        async for page in self.source.index(kind, after):
            yield page

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """Files with what their sidecars and they themselves state, or records of feeds."""
        known(kind)
        return await self.source.fetch(kind, ids)

    @operation(effect="read")
    def open(self, item_id: str, rendition: Rendition) -> AbstractAsyncContextManager[FileStream]:
        """The file, as long as it is the one that was seen."""
        return self.source.open(msgspec.structs.replace(rendition, address=rendition.address or item_id))

    @operation(effect="read")
    async def find(self, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        """By the identifiers that sidecars, files and feeds state."""
        known(kind)
        return await self.source.find(kind, by, values)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:
        """Our copies, or our records of the feed that is written, by our key."""
        return await self._target(kind).held(keys)

    @operation(effect="read")
    async def file_digest(self, kind: str, ref: str, algorithm: str = "sha256") -> str | None:
        """By reading the file."""
        return await self.copies.digest(ref, algorithm) if known(kind) == ASSET else None

    def as_held(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002 (both keep them alike)
        """As JSON gives them back."""
        back: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fields))
        return back

    @operation(effect="upsert", idempotent="look-up")
    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:
        """A file under its name with its sidecars, or a record of the feed. Our key is unique there."""
        return await self._target(kind).upsert(writes)

    @operation(effect="withdraw")
    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:
        """Hide: into the closed folder, or out of the feed. Remove: for good. Each is read back."""
        if policy not in self.withdraw_policies:
            raise Rejected(
                f"A folder cannot {policy} a copy; it can {', '.join(self.withdraw_policies)}.", code="policy"
            )
        return await self._target(kind).withdraw(refs, policy)

    @operation(effect="withdraw")
    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:
        """Back from the closed folder, or into the feed again."""
        return await self._target(kind).show(refs)

    def _target(self, kind: str) -> Copies | Catalogue:
        if known(kind) == ASSET:
            return self.copies
        if not self.settings.feed:
            raise Rejected("Say in the setting feed which feed is written, such as catalogue.csv.", code="kind")
        return self.catalogue


def known(kind: str) -> str:
    if kind not in Files.kinds:
        raise Rejected(f"A folder has files (asset) and records of feeds (product), no {kind}.", code="kind")
    return kind


CONNECTOR = Files
