"""4ALLPORTAL: put copies of files into the DAM, link them to products, find products, watch both.

Follows the `/api` interface of core 3.7 and later. No public reference exists; what is inferred is set in `quirks`, and
limits and oddities stand in README.md in this folder.
"""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import msgspec
from pydantic import field_validator
from yarl import URL

from lockgate.connectors.fourallportal.client import FeedConfig, FeedEvent, PortalClient
from lockgate.connectors.fourallportal.hints import HINTS
from lockgate.connectors.fourallportal.mapping import Fields, Reader, field_info, ref_of, spellings
from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.connectors.fourallportal.values import instant, read
from lockgate.connectors.fourallportal.writing import Writer
from lockgate.kit.contract import (
    Connector,
    FileStream,
    Held,
    HookRequest,
    Link,
    Page,
    Receipt,
    Ref,
    Secret,
    Settings,
    SystemInfo,
    Write,
    operation,
    setting,
)
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected
from lockgate.kit.profile import Profile, Schema, schema_of
from lockgate.kit.services import Services
from lockgate.model.event import Event, changed, gone
from lockgate.model.item import ASSET, PRODUCT, Item, Rendition

GONE = 0
"""Event type of the feed for objects that were deleted or no longer meet the feed's condition."""


class PortalSettings(Settings):
    """A 4ALLPORTAL connection: an API key, which acts with the rights of its user."""

    site: str = setting("Address of your 4ALLPORTAL", example="https://acme.4allportal.example")
    key: Secret = setting(
        "API key", help="Made under Developer → API Key settings; its user's role decides what exists."
    )
    quirks: Quirks = setting("What your tenant names or does otherwise", default=Quirks(), advanced=True)

    @field_validator("site")
    @classmethod
    def is_address(cls, value: str) -> str:
        """The host alone: the vendor's clients differ in a trailing slash, and `/api` belongs to the calls."""
        url = URL(value.rstrip("/"))
        if url.scheme not in {"http", "https"} or not url.host:
            raise ValueError("Give the address as https://host")
        return str(url).removesuffix("/api")


class Cursor(msgspec.Struct, frozen=True):
    """Where a feed was read to: the configuration's hash and the last event's id."""

    hash: str
    last: int


class FourAllPortal(Connector[PortalSettings]):
    """Files and products of one tenant, as one API key sees them."""

    id: ClassVar[str] = "fourallportal"
    title: ClassVar[str] = "4ALLPORTAL"
    kinds: ClassVar[tuple[str, ...]] = (ASSET, PRODUCT)
    settings_type: ClassVar[type[Settings]] = PortalSettings
    hints = HINTS
    withdraw_policies: ClassVar[tuple[str, ...]] = ("hide",)

    def __init__(self, settings: PortalSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.quirks = settings.quirks
        self.client = PortalClient(settings.site, settings.key.get_secret_value(), services, self.quirks)
        self.modules = {ASSET: self.quirks.file_module, PRODUCT: self.quirks.product_module}
        self._fields: dict[str, Fields] = {}
        self._writer: Writer | None = None
        self._opening = asyncio.Lock()

    async def __aexit__(self, *exc: object) -> None:
        await self.client.close()

    # ── set-up ───────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def check(self) -> SystemInfo:
        """Fail at set-up: key, both modules, conditions understood, the field for our key, the feeds."""
        await self.client.connectors()
        notes = [*await self._about_modules(), *await self._about_feeds()]
        return SystemInfo(product=self.title, notes=tuple(notes))

    async def _about_modules(self) -> list[str]:
        for module in self.modules.values():
            try:
                await self.client.module(module)
            except NotFound as error:
                raise NeedsOperator(
                    f"There is no module {module!r}, or the key's role has no access to it. Name the right one under quirks, "
                    "or give the role access.",
                    detail=error.detail,
                ) from error
        if not await self.client.knows_conditions(self.quirks.file_module):
            raise NeedsOperator(
                f"The server ignores conditions in `{self.quirks.search_param}`, so our copies cannot be found again. "
                "Ask the vendor for the parameter's name and set it under quirks.",
            )
        fields = await self.fields(ASSET)
        if self.quirks.key_field not in fields:
            raise NeedsOperator(
                f"Module {self.quirks.file_module} has no field {self.quirks.key_field!r} for our key. Have a unique text field of "
                "that name made, or name one under quirks.",
            )
        absent = [name for name in (self.quirks.status_field, *self.quirks.publish_fields) if name not in fields]
        return [f"Module {self.quirks.file_module} has no field {name}; hiding leaves it out." for name in absent]

    async def _about_feeds(self) -> list[str]:
        notes = []
        for kind, name in self._feeds().items():
            try:
                await self.client.feed(name)
            except NotFound:
                notes.append(
                    f"There is no connector {name} in the portal; changes of {kind}s come by webhook or sweep only."
                )
        return notes

    def _feeds(self) -> dict[str, str]:
        return {ASSET: self.quirks.file_feed, PRODUCT: self.quirks.product_feed}

    @operation(effect="read")
    async def schema(self) -> Schema:
        """The fields of both modules, with their options."""
        kinds = {}
        for kind in self.modules:
            fields = await self.fields(kind)
            lists = sorted({key for field in fields.values() if (key := field.get("valueOptionKey"))})
            options = await self.client.options(lists) if lists else {}
            kinds[kind] = tuple(
                field_info(field, options.get(field.get("valueOptionKey") or "", {})) for field in fields.values()
            )
        return schema_of(kinds)

    async def fields(self, kind: str) -> Fields:
        """The module's fields by name, read once per connection."""
        if kind not in self._fields:
            module = await self.client.module(self.module(kind))
            self._fields[kind] = {str(field["name"]): field for field in module.get("fields", ())}
        return self._fields[kind]

    def module(self, kind: str) -> str:
        if kind not in self.modules:
            raise Rejected(
                f"4ALLPORTAL has no items of kind {kind} here; its kinds are asset and product.", code="kind"
            )
        return self.modules[kind]

    async def reader(self, kind: str) -> Reader:
        return Reader(kind, await self.fields(kind), self.profile, self.quirks, self.services.connection)

    async def writer(self) -> Writer:
        async with self._opening:
            if self._writer is None:
                self._writer = Writer(self.client, self.profile, await self.fields(ASSET), await self.fields(PRODUCT))
        return self._writer

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """Events of the portal's own feed, newest per object; deletions are among them.

        A feed that was configured anew goes on under its new hash; a sweep finds what the change of its conditions moved.
        """
        name = self._feeds()[kind] if self.module(kind) else ""
        try:
            config = await self.client.feed(name)
        except NotFound:
            yield Page([], cursor=after or encoded(Cursor("", 0)))
            return
        last = msgspec.json.decode(after, type=Cursor).last if after is not None else await self._end(name, config)
        if after is None:
            yield Page([], cursor=encoded(Cursor(config.hash, last)))
            return
        async for events in self._events(name, config, last):
            yield Page([to_event(kind, event) for event in events], cursor=encoded(Cursor(config.hash, events[-1].id)))

    async def _events(self, name: str, config: FeedConfig, last: int) -> AsyncIterator[list[FeedEvent]]:
        while events := await self.client.events(name, config.hash, last):
            last = events[-1].id
            yield events

    async def _end(self, name: str, config: FeedConfig) -> int:
        """The id of the newest event. There is no call for it, so the feed is walked, a thousand events a call."""
        last = 0
        async for events in self._events(name, config, 0):
            last = events[-1].id
        return last

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All objects by id, each search after the last id seen; the cursor is that id."""
        total: int | None = None
        async for page in self.client.pages(self.module(kind), after=after or "", fields=["id"], total=after is None):
            total = page.total if total is None else total
            records = [ref_of(record) for record in page.result]
            yield Page(records, cursor=records[-1].id, total=total)

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """Objects with all fields that hold something."""
        reader = await self.reader(kind)
        return [reader.item(record) for record in await self.client.having(self.module(kind), "id", list(ids))]

    @operation(effect="read")
    @asynccontextmanager
    async def open(self, item_id: str, rendition: Rendition) -> AsyncIterator[FileStream]:
        """The file as it is now; the portal keeps no address for an older version, so another version is refused."""
        records = await self.fetch(ASSET, [item_id])
        now = records[0].rendition(rendition.name) if records else None
        if now is None or now.version != rendition.version:
            raise NotFound(f"File {item_id} was replaced meanwhile; it is read again.", code="file.version")
        async with self.client.media(self.quirks.file_module, item_id, rendition.address) as stream:
            yield stream

    @operation(effect="read")
    def receive(self, request: HookRequest) -> list[Event]:
        """The object a webhook names. The portal signs nothing: the secret stands in the address, and it is only a hint."""
        secret = self.services.hook_secret
        given = request.path.strip("/").split("/", maxsplit=1)[0]
        if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
            raise Rejected("The address of this webhook does not hold the connection's secret.", code="hook.unsigned")
        try:
            told = msgspec.json.decode(request.body, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise Rejected("A webhook of the portal has a JSON object as body.", code="hook.form") from error
        kind = next((kind for kind, module in self.modules.items() if module == told.get("module")), None)
        if kind is None or not isinstance(told.get("id"), str):
            return []
        make = gone if told.get("event") == "CE_Delete" else changed
        return [make(kind, told["id"], instant(told.get("mod_time")))]

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def find(self, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        """Ids of products by identifier. A family is the object with that article number, else all products that name it."""
        if by != "family":
            return await self._by_field(kind, f"ids.{by}", by, values)
        objects = await self._by_field(kind, "ids.sku", "sku", values)
        rest = [value for value in values if value not in objects]
        return {**objects, **(await self._by_field(kind, "ids.family", by, rest) if rest else {})}

    async def _by_field(self, kind: str, name: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        field = self.profile.field(kind, name)
        fields = await self.fields(kind)
        if field is None or field not in fields:
            return {}
        wanted = {spelling: value for value in values for spelling in spellings(by, value)}
        found: dict[str, list[str]] = {}
        for record in await self.client.having(self.module(kind), field, list(wanted), fields=[field]):
            told = read(fields[field], record.get(field), self.quirks)
            for one in told if isinstance(told, list) else [told]:
                if (value := wanted.get(str(one))) is not None and record["id"] not in found.get(value, ()):
                    found.setdefault(value, []).append(str(record["id"]))
        return {value: sorted(ids) for value, ids in found.items()}

    @operation(effect="read")
    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:
        """Our copies by our key, with the products that link to them."""
        await self.writer()  # knows how written fields read back, see `as_held`
        reader, name = await self.reader(kind), self.quirks.key_field
        records = await self.client.having(self.module(kind), name, list(keys))
        links = await self._links([str(record["id"]) for record in records])
        by_key = {str(read({}, record.get(name), self.quirks)): record for record in records}
        return {key: reader.held(record, key, links.get(str(record["id"]), ())) for key, record in by_key.items()}

    async def _links(self, refs: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """By file: the products that show it."""
        field = self.profile.field(PRODUCT, "images")
        if field is None or not refs:
            return {}
        found: dict[str, list[str]] = {}
        for record in await self.client.having(self.quirks.product_module, field, refs, fields=[field]):
            for ref in read({"type": "CEIdList"}, record.get(field), self.quirks):
                found.setdefault(ref, []).append(str(record["id"]))
        return found

    @operation(effect="read")
    async def file_digest(self, kind: str, ref: str, algorithm: str = "sha256") -> str | None:
        """By reading the original: the portal states no digest."""
        digest = hashlib.new(algorithm, usedforsecurity=False)
        try:
            async with self.client.media(self.module(kind), ref, self.quirks.original_usage) as stream:
                async for chunk in stream.chunks:
                    digest.update(chunk)
        except NotFound:
            return None
        return digest.hexdigest()

    def as_held(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """What `held` gives back for these fields once they are written."""
        return self._writer.as_held(fields) if self._writer is not None and kind == ASSET else fields

    @operation(effect="upsert", idempotent="look-up")
    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:
        """Create, replace the file, or change fields of our copies. Our key is unique there, so a copy cannot be doubled."""
        self.only_files(kind)
        return await (await self.writer()).upsert(writes)

    @operation(effect="link", idempotent="look-up")
    async def link(self, links: Sequence[Link]) -> list[Receipt | ConnectorError]:
        """Attach files to products and detach them; what others attached stays."""
        return await (await self.writer()).link(links)

    @operation(effect="withdraw")
    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:
        """Hide: the status that may not be used, and off from every channel; read back."""
        self.only_files(kind)
        if policy not in self.withdraw_policies:
            raise Rejected(
                f"4ALLPORTAL cannot {policy} a copy here; it can {', '.join(self.withdraw_policies)}.", code="policy"
            )
        return await (await self.writer()).set_state(refs, hidden=True)

    @operation(effect="withdraw")
    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:
        """The status that may be used again. Channels stay off: which of them publish a file is not ours to say."""
        self.only_files(kind)
        return await (await self.writer()).set_state(refs, hidden=False)

    def only_files(self, kind: str) -> None:
        if self.module(kind) != self.quirks.file_module:
            raise Rejected("Only files are written here; products are the portal's own.", code="kind")


def encoded(cursor: Cursor) -> str:
    return msgspec.json.encode(cursor).decode()


def to_event(kind: str, event: FeedEvent) -> Event:
    make = gone if event.event_type == GONE else changed
    return make(kind, event.object_id, instant(event.mod_time))


CONNECTOR = FourAllPortal
