"""Reading over CORA: the same items as over the Content API, as far as CORA states what they are made of."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import msgspec

from lockgate.connectors.celum.cora.client import CoraClient, both
from lockgate.connectors.celum.cora.mapping import to_asset, to_definition
from lockgate.connectors.celum.mapping import asset_id, revision, to_item, to_schema
from lockgate.connectors.celum.settings import CelumSettings, about_hooks
from lockgate.connectors.celum.watch import Cursor, Watch
from lockgate.kit.contract import FileStream, Page, Ref, SystemInfo
from lockgate.kit.errors import NotFound, Rejected
from lockgate.kit.paging import Announced, complete
from lockgate.kit.profile import Profile, Schema
from lockgate.kit.services import Services
from lockgate.kit.transfer import ending, same_file
from lockgate.model.event import Event
from lockgate.model.item import Item, Rendition

ASSET = "asset"


class CoraSource:
    """Assets of an old installation, as one API key sees them."""

    def __init__(self, settings: CelumSettings, profile: Profile, services: Services) -> None:
        self.settings, self.profile, self.services = settings, profile, services
        self.quirks = settings.quirks
        self.client = CoraClient(settings.base, services, settings.key, self.quirks)
        self.watch = Watch(self.client, services.clock)
        self._definitions: dict[str, Mapping[str, Any]] | None = None
        self._formats: list[dict[str, Any]] = []

    async def close(self) -> None:
        await self.client.close()

    async def check(self) -> SystemInfo:
        """The key, and how many assets it sees."""
        total = await self.client.count(self._below())
        formats = await self._known_formats()
        notes = [f"The account sees {total or 0} assets.", "CORA is only read from; nothing can be written over it."]
        if not any(one["original"] for one in formats):
            notes.append("No download format is that of originals; name it under quirks, `cora_original`.")
        return SystemInfo(product="CELUM CORA", notes=(*notes, *about_hooks(self.settings)))

    async def schema(self) -> Schema:
        self._definitions = None
        return to_schema((await self._fields()).values(), [])

    async def _fields(self) -> Mapping[str, Mapping[str, Any]]:
        if self._definitions is None:
            found = [to_definition(one) for one in await self.client.fields()]
            self._definitions = {str(one["name"]): one for one in found}
        return self._definitions

    async def _known_formats(self) -> list[dict[str, Any]]:
        if not self._formats:
            original = self.quirks.cora_original
            self._formats = [{**one, "original": str(one.get("id")) == original} for one in await self.client.formats()]
        return self._formats

    def _below(self) -> str | None:
        """Only assets of the connection's collection, if one is set."""
        place = self.settings.collection
        return None if place is None else f"contains(nodes,'{place}')"

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        only_assets(kind)
        if after is None:
            yield await self.watch.start()
            return
        async for page in self.watch.poll(Cursor.read(after)):
            yield page

    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        only_assets(kind)
        if after is not None and not after.isdecimal():
            raise Rejected("This is no cursor of a CELUM index; start the sync anew.", code="cursor")
        begin = int(after or 0)
        read, ask = partial(self._above, begin), partial(self._announced, begin)
        async for page in complete(read, ask, exact=self.quirks.exact_totals):
            yield page if after is None else msgspec.structs.replace(page, total=None)

    async def _above(self, last: int) -> AsyncIterator[tuple[Page[Ref], Announced]]:
        total = await self._announced(last)
        async for page in self.client.above(last, self._below()):
            records = [Ref(asset_id(one), revision(one)) for one in map(to_asset, page)]
            yield Page(records, cursor=records[-1].id, total=total), total

    async def _announced(self, last: int) -> Announced:
        return await self.client.count(both(f"id gt {last}", self._below()))

    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        only_assets(kind)
        wanted = [int(one) for one in dict.fromkeys(ids) if one.isdecimal() and int(one) > 0]
        fields, formats = await self._fields(), await self._known_formats()
        found = await self.client.by_ids(wanted, self._below())
        return [
            to_item(
                to_asset(one, fields, formats),
                system=self.services.connection,
                profile=self.profile,
                quirks=self.quirks,
            )
            for one in found
        ]

    @asynccontextmanager
    async def open(self, item_id: str, rendition: Rendition) -> AsyncIterator[FileStream]:
        """The file of exactly this version.

        CORA gives only the newest one, so what it states is compared before, and again before the end is reached.
        """
        await self.is_still(item_id, rendition)
        link = await self.client.binary(item_id, rendition.address)
        if link is None:
            raise NotFound(f"{self.services.connection} has no file of asset {item_id} in format {rendition.address}.")
        async with self.client.stream(link, filename=rendition.filename or None) as stream:
            yield ending(stream, partial(self.is_still, item_id, rendition))

    async def is_still(self, item_id: str, rendition: Rendition) -> None:
        found = await self.fetch(ASSET, [item_id])
        same_file(found[0] if found else None, rendition, who=self.services.connection, id=item_id)


def only_assets(kind: str) -> None:
    if kind != ASSET:
        raise Rejected("Over CORA only assets are read.", code="kind")
