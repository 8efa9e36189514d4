"""Reading over the Content API: check, schema, changes, index, items and files."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

import msgspec

from lockgate.connectors.celum.client import CelumWriter
from lockgate.connectors.celum.client.calls import ASSET, COLLECTION, Record
from lockgate.connectors.celum.client.filters import above, below_collection, every
from lockgate.connectors.celum.definitions import Definitions
from lockgate.connectors.celum.mapping import asset_id, revision, to_item, to_schema, unnamed_references
from lockgate.connectors.celum.mapping.collection import collection_revision, to_collection
from lockgate.connectors.celum.mapping.fields import labels
from lockgate.connectors.celum.settings import CelumSettings, about_hooks, to_auth
from lockgate.connectors.celum.watch import Cursor, Watch
from lockgate.kit.contract import FileStream, Page, Ref, SystemInfo
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected
from lockgate.kit.paging import Announced, complete
from lockgate.kit.profile import Profile, Schema
from lockgate.kit.services import Services
from lockgate.model.event import Event
from lockgate.model.item import Item, Rendition, pick

TITLE = "CELUM Content"


class ContentSource:
    """Assets and collections of one server, as one account sees them."""

    def __init__(self, settings: CelumSettings, profile: Profile, services: Services) -> None:
        self.settings, self.profile, self.services = settings, profile, services
        self.quirks = settings.quirks
        self.client = CelumWriter(settings.base, services, to_auth(settings, services), self.quirks)
        self.definitions = Definitions(self.client)
        self.watches = {kind: Watch(self.client, services.clock, kind) for kind in (ASSET, COLLECTION)}

    async def close(self) -> None:
        await self.client.close()

    # ── set-up ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def check(self) -> SystemInfo:
        """Credentials, the collections that are set, and a download format for originals."""
        user, version = await self.client.me(), await self.client.version()
        notes = [*await self._about_assets(), *await self._about_formats(), *await self._about_writing()]
        return SystemInfo(
            product=TITLE,
            version=str(version.get("version") or version.get("releaseVersion") or ""),
            account=str(user.get("username") or user.get("id") or ""),
            notes=(*notes, *about_hooks(self.settings)),
        )

    async def _about_assets(self) -> list[str]:
        wanted = self.settings.collection
        below = "" if wanted is None else f" below {named(await self._collection(wanted))}"
        page = await self.client.search(every(above(0), below_collection(wanted)), size=1)
        return [f"The account sees {page.total_elements or 0} assets{below}."]

    async def _collection(self, id: int) -> Record:
        try:
            return await self.client.collection(id)
        except NotFound as error:
            raise NeedsOperator(
                f"Collection {id} is not there, or hidden from our account. Correct it in the settings of this connection.",
                detail=error.detail,
            ) from error

    async def _about_formats(self) -> list[str]:
        if any(one.get("original") is True for one in await self.client.formats()):
            return []
        return ["No download format is marked as the original, so originals cannot be read. Mark one in CELUM."]

    async def _about_writing(self) -> list[str]:
        """Where the connection is set up to write: the place for new assets and the field for our key. Raises NeedsOperator."""
        if self.settings.upload_collection is None:
            return []
        place = await self._collection(self.settings.upload_collection)
        key = await self.definitions.key(ASSET)
        notes = [f"New assets go into {named(place)}; our key is kept in the field {key.get('name')}."]
        if not await self.definitions.takes_assets(place):
            notes.append(f"{named(place).capitalize()} takes no assets: its type does not define permissions.")
        return notes

    async def schema(self) -> Schema:
        """The tenant's information fields of assets and of collections, read anew."""
        self.definitions.forget()
        return to_schema(await self.client.fields(ASSET), await self.client.fields(COLLECTION))

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        if after is None:
            yield await self.watches[kind].start()
            return
        async for page in self.watches[kind].poll(Cursor.read(after)):
            yield page

    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        last = number(after) if after is not None else 0
        if last is None:
            raise Rejected("This is no cursor of a CELUM index; start the sync anew.", code="cursor")
        read, ask = partial(self._above, kind, last), partial(self._announced, kind, last)
        async for page in complete(read, ask, exact=self.quirks.exact_totals):
            yield page if after is None else msgspec.structs.replace(page, total=None)

    async def _above(self, kind: str, last: int) -> AsyncIterator[tuple[Page[Ref], Announced]]:
        """Each search states how many there are above the id it begins after; the first one all that there are here."""
        total: Announced = None
        below = below_collection(self.settings.collection, entity=kind)
        async for page in self.client.above(last, below, entity=kind):
            records = [ref_of(kind, one) for one in page.content or ()]
            total = page.total_elements if total is None else total
            last = int(records[-1].id) if records else last
            yield Page(records, cursor=str(last), total=total), total

    async def _announced(self, kind: str, last: int) -> Announced:
        below = below_collection(self.settings.collection, entity=kind)
        page = await self.client.search(every(above(last, entity=kind), below, entity=kind), size=1, entity=kind)
        return page.total_elements

    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        wanted = [one for one in map(number, dict.fromkeys(ids)) if one is not None]
        records = await self.client.by_ids(wanted, within=self.settings.collection, entity=kind)
        if self.quirks.reference_lookup:
            await self.name_references(records)
        make = to_item if kind == ASSET else to_collection
        system = self.services.connection
        return [make(one, system=system, profile=self.profile, quirks=self.quirks) for one in records]

    async def name_references(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Names that the server left out, looked up."""
        unnamed = [one for record in records for one in unnamed_references(record) if isinstance(one.get("id"), int)]
        names = await self.client.collection_names([one["id"] for one in unnamed]) if unnamed else {}
        for one in unnamed:
            if one["id"] in names:
                one["name"] = names[one["id"]]

    def open(self, item_id: str, rendition: Rendition) -> AbstractAsyncContextManager[FileStream]:
        if number(item_id) is None:
            raise NotFound(f"{self.services.connection} has no asset {item_id}.")
        return self.client.download(item_id, rendition.address, rendition.version)


def ref_of(kind: str, record: Record) -> Ref:
    return Ref(asset_id(record), revision(record) if kind == ASSET else collection_revision(record))


def named(collection: Record) -> str:
    return f"collection {collection.get('id')} ({pick(labels(collection.get('name'))) or 'without a name'})"


def number(text: str) -> int | None:
    """An id of CELUM (a positive integer), or None for text that can be none."""
    return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None
