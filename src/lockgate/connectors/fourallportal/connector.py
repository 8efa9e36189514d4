"""4ALLPORTAL: files and products and every other module, read and written; copies of files linked to products; channels.

Follows the `/api` interface of core 3.7 and later. No public reference exists; what is inferred is set in `quirks`, and
limits and oddities stand in README.md in this folder.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, ClassVar

import msgspec

from lockgate.connectors.fourallportal import hooks
from lockgate.connectors.fourallportal.hints import HINTS
from lockgate.connectors.fourallportal.items import to_item
from lockgate.connectors.fourallportal.mapping import field_info, ref_of
from lockgate.connectors.fourallportal.operations import (
    ChannelOperations,
    HistoryOperations,
    ObjectOperations,
    RehearsalOperations,
    RelationOperations,
    StructureOperations,
    VersionOperations,
)
from lockgate.connectors.fourallportal.probes import Probes
from lockgate.connectors.fourallportal.settings import PortalSettings
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
from lockgate.kit.paging import Announced, complete
from lockgate.kit.profile import Schema, schema_of
from lockgate.kit.transfer import digest_there, ending, same_file
from lockgate.model.event import Event
from lockgate.model.item import ASSET, PRODUCT, Item, Rendition


class FourAllPortal(
    ChannelOperations,
    HistoryOperations,
    ObjectOperations,
    RehearsalOperations,
    RelationOperations,
    StructureOperations,
    VersionOperations,
):
    """Objects of one tenant's modules, as one API key sees them."""

    id: ClassVar[str] = "fourallportal"
    title: ClassVar[str] = "4ALLPORTAL"
    kinds: ClassVar[tuple[str, ...]] = (ASSET, PRODUCT)
    settings_type: ClassVar[type[Settings]] = PortalSettings
    hints = HINTS
    withdraw_policies: ClassVar[tuple[str, ...]] = ("hide", "remove")

    # ── set-up ───────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def check(self) -> SystemInfo:
        """Fail at set-up: key, modules, searches, the field for our key, folder; notes on what else was tried.

        Writes nothing but where the setting `rehearse` asks for it.
        """
        notes = await Probes(self.client, self.modules, self.feeds).notes()
        tried = await self.rehearse() if self.settings.rehearse else []
        return SystemInfo(product=self.title, notes=(*notes, *tried))

    @operation(effect="read")
    async def schema(self) -> Schema:
        """The fields of all modules as they are now, with their options."""
        kinds = {}
        for kind, fields in (await self.modules.read_all()).items():
            lists = {str(key) for field in fields.values() if (key := field.get("valueOptionKey"))}
            options = await self.client.options(sorted(lists))
            kinds[kind] = tuple(
                field_info(field, options.get(field.get("valueOptionKey") or "", {}), self.quirks)
                for field in fields.values()
            )
        return schema_of(kinds)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """Events of the portal's own feed (see `feed`)."""
        await self.modules.named(kind)
        async for page in self.feeds.changes(kind, after):
            yield page

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All objects by id, each search after the last id seen; the cursor is that id."""
        module, begin = await self.modules.named(kind), after or ""
        read, ask = partial(self._listed, module, begin), partial(self.client.announced, module, after=begin)
        async for page in complete(read, ask, exact=self.quirks.exact_totals):
            yield page if after is None else msgspec.structs.replace(page, total=None)

    async def _listed(self, module: str, begin: str) -> AsyncIterator[tuple[Page[Ref], Announced]]:
        total: Announced = None
        async for page in self.client.pages(module, after=begin):
            total = page.total if total is None else total
            records = [ref_of(record) for record in page.result]
            yield Page(records, cursor=records[-1].id if records else begin, total=total), total

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """Objects with all fields of the profile."""
        module, records = await self.modules.named(kind), await self.modules.records(kind)
        found = await self.client.having(module, "id", ids, fields=records.asked)
        return [to_item(one, records, system=self.services.connection, module=module) for one in found.values()]

    @operation(effect="read")
    @asynccontextmanager
    async def open(self, item_id: str, rendition: Rendition) -> AsyncIterator[FileStream]:
        """The file of exactly this version.

        The portal gives only the newest one, so the version is compared before, and again before the end is reached.
        """
        await self.is_still(item_id, rendition)
        async with self.client.media(self.quirks.file_module, item_id, rendition.address) as stream:
            yield ending(stream, partial(self.is_still, item_id, rendition))

    async def is_still(self, item_id: str, rendition: Rendition) -> None:
        items = await self.fetch(ASSET, [item_id])
        same_file(items[0] if items else None, rendition, who=self.services.connection, id=item_id)

    @operation(effect="read")
    def receive(self, request: HookRequest) -> list[Event]:
        """The object a webhook names."""
        hooks.verify(request, self.services.hook_secret)
        return hooks.events(request, self.modules)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def find(self, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        """Ids by identifier. A family is the object with that article number, else all products that name it."""
        return await self.lookup.find(kind, by, values)

    @operation(effect="read")
    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:
        """Ours by our key; of files also the products that link to them."""
        await self.modules.named(kind)
        return await self.lookup.held(kind, keys)

    @operation(effect="read")
    async def file_digest(self, kind: str, ref: str, algorithm: str = "sha256") -> str | None:
        """By reading the original: the portal states no digest."""
        self.only_files(kind)
        original = self.client.media(self.quirks.file_module, ref, self.quirks.original_usage)
        return await digest_there(original, algorithm)

    def as_held(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """What `held` gives back for these fields once they are written. Known once `held` was called."""
        records = self.modules.known.get(kind)
        return records.as_held(fields) if records is not None else fields

    @operation(effect="upsert", idempotent="look-up")
    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:
        """Create, replace the file, or change fields of what is ours. Our key is unique there, so nothing can be doubled.

        Files are made by sending one; objects of other modules have none.
        """
        return await (await self.copies(kind)).upsert(writes)

    @operation(effect="link", idempotent="look-up")
    async def link(self, links: Sequence[Link]) -> list[Receipt | ConnectorError]:
        """Attach to list fields of products and of objects of other modules, and detach; what others attached stays."""
        return await self.links.link(links)

    @operation(effect="withdraw")
    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:
        """Hide: the status that may not be used, and off from every channel; read back. Remove: deleted, only what is ours."""
        if policy not in self.withdraw_policies:
            raise Rejected(
                f"4ALLPORTAL cannot {policy} a copy here; it can {', '.join(self.withdraw_policies)}.", code="policy"
            )
        states = await self.states(kind)
        return await (states.hide(refs) if policy == "hide" else states.remove(refs))

    @operation(effect="withdraw")
    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:
        """The status that may be used again; channels stay off."""
        return await (await self.states(kind)).show(refs)

    def only_files(self, kind: str) -> None:
        if self.modules.name(kind) != self.quirks.file_module:
            raise Rejected("Only files have bytes to compare.", code="kind")


CONNECTOR = FourAllPortal

__all__ = ["CONNECTOR", "FourAllPortal", "PortalSettings"]
