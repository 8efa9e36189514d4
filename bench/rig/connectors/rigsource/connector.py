"""The connector of the rig's source."""

import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import ClassVar, Generic, TypeVar

import msgspec

from lockgate.kit.contract import (
    Connector,
    HookRequest,
    Page,
    Ref,
    Settings,
    SystemInfo,
    operation,
    setting,
)
from lockgate.kit.errors import Rejected
from lockgate.kit.http import RestClient
from lockgate.kit.paging import by_page
from lockgate.kit.profile import Profile, Schema, schema_of
from lockgate.kit.services import Services
from lockgate.model.event import Event, changed
from lockgate.model.item import Item

from .records import Product, Told, to_item

T = TypeVar("T")
KIND = "product"
INDEX_PAGE, WHOLE_PAGE = 1000, 500


class Listed(msgspec.Struct, Generic[T]):
    """A page of a list."""

    items: list[T]
    total: int
    next: str | None


class Line(msgspec.Struct):
    id: str
    rev: int


class Named(msgspec.Struct):
    id: str


class Announced(msgspec.Struct):
    """What of an event must be known at once: which record it carries."""

    data: Named


EVENT = msgspec.json.Decoder(Announced)
TOLD = msgspec.json.Decoder(Told)
NAME = msgspec.json.Decoder(Named)
PRODUCT = msgspec.json.Decoder(Product)


class RigSourceSettings(Settings):
    site: str = setting("Address of the source", example="http://127.0.0.1:18001")
    whole: bool = setting("Read whole records instead of the index of revisions", default=False)


class RigSource(Connector[RigSourceSettings]):
    id: ClassVar[str] = "rigsource"
    title: ClassVar[str] = "The rig's source"
    kinds: ClassVar[tuple[str, ...]] = (KIND,)
    settings_type: ClassVar[type[Settings]] = RigSourceSettings

    def __init__(self, settings: RigSourceSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.client = RestClient(settings.site, services)

    async def __aexit__(self, *exc: object) -> None:
        await self.client.close()

    async def check(self) -> SystemInfo:
        stats = await self.client.get_json("/stats")
        return SystemInfo(product=self.title, notes=(f"It has {stats['total']} records.",))

    async def schema(self) -> Schema:
        return schema_of({KIND: ()})

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:  # noqa: ARG002 (it has one kind)
        """All records as id and revision, by the source's index or, with `whole`, from the records themselves."""
        total, first = 0, int(after) + 1 if after else 1

        async def read(page: int) -> tuple[list[Ref], bool]:
            nonlocal total
            refs, total, more = await (self._whole(page) if self.settings.whole else self._lines(page))
            return refs, more

        page = first
        async for refs in by_page(read, key=lambda ref: ref.id, first=first):
            yield Page(list(refs), cursor=str(page), total=total)
            page += 1

    async def _lines(self, page: int) -> tuple[list[Ref], int, bool]:
        listed = await self.client.get_json("/index", params={"page": page, "size": INDEX_PAGE}, type=Listed[Line])
        return [Ref(one.id, str(one.rev)) for one in listed.items], listed.total, listed.next is not None

    async def _whole(self, page: int) -> tuple[list[Ref], int, bool]:
        listed = await self._records({"page": page, "size": WHOLE_PAGE})
        refs = [Ref(NAME.decode(raw).id, digest(raw)) for raw in listed.items]
        return refs, listed.total, listed.next is not None

    async def _records(self, params: dict[str, int]) -> Listed[msgspec.Raw]:
        listed: Listed[msgspec.Raw] = await self.client.get_json("/products", params=params, type=Listed[msgspec.Raw])
        return listed

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:  # noqa: ARG002 (it has one kind)
        """Records as they are now; those that follow each other come with one call."""
        items: list[Item] = []
        for first, number in spans(seq_of(id) for id in ids):
            listed = await self._records({"offset": first - 1, "size": number})
            items += [self._item(raw) for raw in listed.items]
        return items

    def _item(self, raw: msgspec.Raw) -> Item:
        item = to_item(PRODUCT.decode(raw), self.services.connection)
        return msgspec.structs.replace(item, revision=digest(raw)) if self.settings.whole else item

    @operation(effect="read")
    def receive(self, request: HookRequest) -> list[Event]:
        """The record an event carries. The rig does not sign: the secret in the address is the proof."""
        try:
            id = EVENT.decode(request.body).data.id
        except msgspec.DecodeError as problem:
            raise Rejected("The event carries no record.") from problem
        return [changed(KIND, id, record=request.body)]

    def told(self, kind: str, records: Sequence[bytes]) -> list[Item]:  # noqa: ARG002 (it has one kind)
        events = (TOLD.decode(record) for record in records)
        return [to_item(one.data, self.services.connection, seq=one.seq, due=one.t_us) for one in events]


def digest(raw: msgspec.Raw) -> str:
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


def seq_of(id: str) -> int:
    return int(id.removeprefix("P"))


def spans(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of numbers that follow each other: the first one and how many."""
    first, length = 0, 0
    for number in sorted(numbers):
        if number == first + length and length:
            length += 1
            continue
        if length:
            yield first, length
        first, length = number, 1
    if length:
        yield first, length


CONNECTOR = RigSource
