"""CELUM Content: watch assets and collections, read them whole, open their files; put ours there and keep them right.

Follows the Content API v1, and for old installations reads from CORA. What their documents leave open is set in `quirks`;
limits and oddities: README.md in this folder.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import msgspec

from lockgate.connectors.celum import hooks
from lockgate.connectors.celum.base import only
from lockgate.connectors.celum.client.calls import ASSET, COLLECTION
from lockgate.connectors.celum.finding import Finding
from lockgate.connectors.celum.hints import HINTS
from lockgate.connectors.celum.mapping.files import media_type
from lockgate.connectors.celum.operations import (
    CollectionOperations,
    CompoundOperations,
    ConfigurationOperations,
    DownloadOperations,
    MetadataOperations,
    RelationOperations,
    RoleOperations,
    StateOperations,
    UsageOperations,
    VersionOperations,
)
from lockgate.connectors.celum.settings import CelumSettings
from lockgate.connectors.celum.source import TITLE
from lockgate.kit.contract import (
    FileStream,
    Held,
    HookRequest,
    Link,
    Page,
    Receipt,
    Ref,
    Settings,
    SystemInfo,
    Write,
    operation,
)
from lockgate.kit.errors import ConnectorError, Rejected
from lockgate.kit.profile import Schema
from lockgate.model.event import Event
from lockgate.model.item import Item, Rendition


class Celum(
    CollectionOperations,
    CompoundOperations,
    ConfigurationOperations,
    DownloadOperations,
    MetadataOperations,
    RelationOperations,
    RoleOperations,
    StateOperations,
    UsageOperations,
    VersionOperations,
):
    """Assets and collections of one CELUM server, as one account sees them."""

    id: ClassVar[str] = "celum"
    title: ClassVar[str] = TITLE
    kinds: ClassVar[tuple[str, ...]] = (ASSET, COLLECTION)
    settings_type: ClassVar[type[Settings]] = CelumSettings
    hints = HINTS
    withdraw_policies: ClassVar[tuple[str, ...]] = ("hide", "remove")

    # ── source ───────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def check(self) -> SystemInfo:
        """Fail at set-up: credentials, the collections that are set, the field for our key, a format for originals."""
        return await self.source.check()

    @operation(effect="read")
    async def schema(self) -> Schema:
        """The tenant's information fields of assets and of collections."""
        return await self.source.schema()

    @operation(effect="read")
    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """What changed since the cursor, oldest first, found by searching for dates (see `watch`).

        Not narrowed to the connection's collection: an asset moved out of it changed, too. Deletions leave no date
        behind; they come by webhook, or show in a full index.
        """
        only(kind, *self.kinds)
        async for page in self.source.changes(kind, after):
            yield page

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All by id, 200 a call without any metadata. The cursor is the last id."""
        only(kind, *self.kinds)
        async for page in self.source.index(kind, after):
            yield page

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """With all fields and formats, 200 a call; references the server left without a name are looked up."""
        only(kind, *self.kinds)
        return await self.source.fetch(kind, ids)

    @operation(effect="read")
    @asynccontextmanager
    async def open(self, item_id: str, rendition: Rendition) -> AsyncIterator[FileStream]:
        """The bytes of exactly the version the rendition names, whichever is current by now."""
        async with self.source.open(item_id, rendition) as stream:
            yield msgspec.structs.replace(stream, media_type=media_type(stream.filename) or stream.media_type)

    @operation(effect="read")
    def receive(self, request: HookRequest) -> list[Event]:
        """Assets and collections to look at again; previews are no content change."""
        hooks.verify(request, self.settings.webhooks, self.services.hook_secret, self.quirks)
        return hooks.events(request)

    # ── target ───────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def find(self, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        """Ids by identifier: by the field that the profile has for it."""
        only(kind, *self.kinds)
        return await Finding(self.content, self.profile).find(kind, by, values)

    @operation(effect="read")
    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:
        """Ours by our key. The links of an asset are its further collections, and assets that have a relation to it."""
        only(kind, *self.kinds)
        return await (self.copies if kind == ASSET else self.branches).held(keys)

    @operation(effect="read")
    async def file_digest(self, kind: str, ref: str, algorithm: str = "sha256") -> str | None:
        """By reading the original of the current version: what `fileChecksum` is made by is not documented."""
        only(kind, ASSET)
        return await self.copies.digest(ref, algorithm)

    def as_held(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """What `held` gives back for these fields once they are written. Known once `held` or `upsert` was called."""
        return (self.copies if kind == ASSET else self.branches).as_held(fields)

    @operation(effect="upsert", idempotent="look-up")
    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:
        """Assets with new versions and fields, without a file as placeholders; collections with names and places.

        CELUM has no unique field: two writers that create under one key at the same instant make two, of which the
        older one counts.
        """
        only(kind, *self.kinds)
        return await (self.copies if kind == ASSET else self.branches).upsert(writes)

    @operation(effect="link", idempotent="look-up")
    async def link(self, links: Sequence[Link]) -> list[Receipt | ConnectorError]:
        """Put assets into collections (field `assets`), or relate them from other assets (field: the relation type)."""
        return await self.links.link(links)

    @operation(effect="withdraw")
    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:
        """Hide: the availability off. Remove: deleted. Each read back; only what carries our key."""
        only(kind, *self.kinds)
        known = self.withdraw_policies if kind == ASSET else ("remove",)
        if policy not in known:
            raise Rejected(f"CELUM cannot {policy} a copy here; it can {', '.join(known)}.", code="policy")
        return await (self.copies.withdraw(refs, policy) if kind == ASSET else self.branches.remove(refs))

    @operation(effect="withdraw")
    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:
        """The availability on again, without dates."""
        only(kind, ASSET)
        return await self.copies.show(refs)


CONNECTOR = Celum

__all__ = ["CONNECTOR", "Celum", "CelumSettings"]
