"""Reading over GraphQL in two steps: ids first, then whole records in batches of aliased look-ups.

Nothing in Consonance states a revision or a date of change, so the revision of a record is a digest of it, and an index costs
as much as reading everything.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from lockgate.connectors.consonance.client import GraphQLClient, RestReader, documents
from lockgate.connectors.consonance.mapping import ITEMS, Frame, rest_item
from lockgate.kit.contract import Page, Ref
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services
from lockgate.model.item import ASSET, PRODUCT, Item

CHUNK = 100
"""Ids whose records make one page."""
Record = dict[str, Any]


class Reader(Protocol):
    """How one connection's records are read."""

    def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All items as id and revision, from the cursor."""
        ...

    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]: ...

    def changed(self, kind: str, since: date) -> AsyncIterator[list[Item]]:
        """Items that may have changed since that day, whole."""
        ...


class Framing:
    """The day's frame for mappings."""

    def __init__(self, services: Services, profile: Profile, quirks: Any, site: str) -> None:
        self._services, self._profile, self._quirks, self._site = services, profile, quirks, site

    def now(self) -> Frame:
        today = self._services.clock().astimezone(ZoneInfo(self._profile.zone)).date()
        return Frame(
            system=self._services.connection, profile=self._profile, quirks=self._quirks, site=self._site, today=today
        )


class GraphQLReader:
    """The usual way."""

    def __init__(self, client: GraphQLClient, framing: Framing) -> None:
        self.client = client
        self.framing = framing

    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        start = number(after)
        async for records in self._records(kind, None, start):
            items = self._items(kind, records)
            if records:
                yield Page([Ref(one.id, one.revision) for one in items], cursor=str(records[-1]["id"]))

    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """Images and texts are read with their works, whose number their ids begin with; ids that are none are left out."""
        wanted = frozenset(ids)
        numbers = sorted(
            {found for id in ids if (found := number(id.split("-")[0] if kind in {ASSET, "text"} else id))}
        )
        records = await self._whole(kind, numbers)
        return [one for one in self._items(kind, records) if one.id in wanted]

    async def changed(self, kind: str, since: date) -> AsyncIterator[list[Item]]:
        async for records in self._records(kind, since, None):
            yield self._items(kind, records)

    def _items(self, kind: str, records: Sequence[Record]) -> list[Item]:
        frame = self.framing.now()
        return [item for record in records for item in ITEMS[kind](record, frame)]

    async def _records(self, kind: str, since: date | None, after: int | None) -> AsyncIterator[list[Record]]:
        """Whole records by ascending id, a hundred or so at a time. A record deleted between the steps is left out."""
        document, root = ROOTS[kind]
        asked = {"since": since.isoformat() if since else None}
        async for page in self.client.pages(document, root, asked, after):
            for at in range(0, len(page), CHUNK):
                part = list(page[at : at + CHUNK])
                yield part if kind == "task" else await self._whole(kind, [int(one["id"]) for one in part])

    async def _whole(self, kind: str, ids: Sequence[int]) -> list[Record]:
        if kind == "task":
            return [one for id in ids for one in (await self.client.read(documents.TO_DO_BY_ID, {"id": id}))["toDos"]]
        root, fragment = WHOLE[kind]
        return await self.client.several(root, ids, fragment)


ROOTS = {
    PRODUCT: (documents.PRODUCT_IDS, "products"),
    "work": (documents.WORK_IDS, "works"),
    ASSET: (documents.WORK_IDS, "works"),
    "text": (documents.WORK_IDS, "works"),
    "task": (documents.TO_DOS, "toDos"),
}
WHOLE = {
    PRODUCT: ("product", documents.PRODUCT),
    "work": ("work", documents.WORK),
    ASSET: ("work", documents.IMAGES),
    "text": ("work", documents.TEXTS),
}


class RestOnly:
    """Products over the older REST list. It knows no date of change: every look for changes reads the whole catalogue."""

    def __init__(self, client: RestReader, framing: Framing) -> None:
        self.client = client
        self.framing = framing

    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        only_products(kind)
        async for page, items in self._pages(number(after) or 0):
            yield Page([Ref(one.id, one.revision) for one in items], cursor=str(page))

    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        only_products(kind)
        frame = self.framing.now()
        found = [await self.client.product(id) for id in map(number, ids) if id]
        return [rest_item(one, frame) for one in found if one is not None]

    async def changed(self, kind: str, since: date) -> AsyncIterator[list[Item]]:  # noqa: ARG002 (REST knows no dates of change)
        only_products(kind)
        async for _, items in self._pages(0):
            yield items

    async def _pages(self, done: int) -> AsyncIterator[tuple[int, list[Item]]]:
        frame = self.framing.now()
        async for page, records in self.client.pages(done + 1):
            if records:
                yield page, [rest_item(one, frame) for one in records]


def only_products(kind: str) -> None:
    if kind != PRODUCT:
        raise Rejected(f"The REST interface of Consonance shows products only, not a {kind}.", code="kind")


def number(text: str | None) -> int | None:
    """An id of Consonance's; None for what cannot be one."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else None
