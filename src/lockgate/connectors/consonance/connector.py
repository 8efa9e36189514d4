"""Consonance: watch and read titles, put approved images and texts into them, keep their schedule.

GraphQL first, the older REST list as a reader of last resort. Part of the schema is inferred: what an account lacks is found by
introspection, the rest is set in `quirks`. Limits and oddities stand in README.md in this folder.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from typing import Any, ClassVar

from lockgate.connectors.consonance.client import GraphQLClient, RestReader
from lockgate.connectors.consonance.fields import HINTS, KINDS, fields_of
from lockgate.connectors.consonance.mapping.common import isbn_of
from lockgate.connectors.consonance.mapping.delays import Delay, delays
from lockgate.connectors.consonance.reading import Framing, GraphQLReader, Reader, RestOnly
from lockgate.connectors.consonance.settings import ConsonanceSettings, reveal
from lockgate.connectors.consonance.target import Desk, Images, Places, States, Texts
from lockgate.connectors.consonance.watch import Cursor, Watch
from lockgate.kit.contract import (
    Connector,
    FileStream,
    Held,
    Link,
    Page,
    Receipt,
    Ref,
    Settings,
    SystemInfo,
    Write,
    operation,
)
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected
from lockgate.kit.profile import Profile, Schema, schema_of
from lockgate.kit.services import Services
from lockgate.kit.transfer import ending, same_file
from lockgate.model.codes import isbn13
from lockgate.model.event import Event
from lockgate.model.item import ASSET, PRODUCT, Item, Rendition


class Consonance(Connector[ConsonanceSettings]):
    """Works, products, images, texts and to-dos of one account."""

    id: ClassVar[str] = "consonance"
    title: ClassVar[str] = "Consonance"
    kinds: ClassVar[tuple[str, ...]] = (PRODUCT, "work", ASSET, "task", "text")
    settings_type: ClassVar[type[Settings]] = ConsonanceSettings
    hints = HINTS
    withdraw_policies: ClassVar[tuple[str, ...]] = ("hide", "remove")

    def __init__(self, settings: ConsonanceSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.quirks = settings.quirks
        framing = Framing(services, profile, self.quirks, settings.site)
        self.client = GraphQLClient(settings.site, reveal(settings.key), services, self.quirks)
        self.rest = RestReader(settings.site, reveal(settings.rest_key), services, self.quirks)
        self.over_rest = settings.interface == "rest"
        self.reader: Reader = RestOnly(self.rest, framing) if self.over_rest else GraphQLReader(self.client, framing)
        self.watch = Watch(self.reader, services.clock, self.quirks.overlap_days)
        self.places = Places(self.client, services.clock)
        self.images = Images(self.client, self.places)
        self.states = States(self.images)
        self.texts = Texts(self.client, self.places, settings.texts_arrive_as)
        self._desk = Desk(self.client)

    async def __aexit__(self, *exc: object) -> None:
        await self.client.close()
        await self.rest.close()

    # ── set-up ───────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def check(self) -> SystemInfo:
        """Fail at set-up: the key, and what the account's schema lacks of what this connector was written for."""
        if self.over_rest:
            await self.rest.product(0)
            return SystemInfo(product=self.title, version="REST v4", notes=(ONLY_READ, NO_EVENTS))
        live = await self.client.live()
        await self.client.several("product", [0], "fragment Parts on Product { id }")
        notes = [NO_EVENTS, WRITES]
        if not live.asked:
            notes.insert(0, "The account does not tell its schema; our own is taken for it.")
        lacking = live.differences()
        notes += [said for sure, words in LACKS.items() if (said := listed(words, lacking[sure]))]
        return SystemInfo(product=self.title, version="GraphQL", notes=tuple(notes))

    @operation(effect="read")
    async def schema(self) -> Schema:
        """The fields that the account's schema has, with its project stages as choices."""
        if self.over_rest:
            raise NeedsOperator("The REST interface of Consonance tells no schema; use GraphQL to make a profile.")
        live = await self.client.live()
        stages = sorted(await self._desk.stages()) if live.has("Query", "projectStages") else []
        return schema_of({kind: fields_of(live, kind, stages) for kind in KINDS})

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """What differs from what this cursor has seen, among all that changed since its day (see `watch`)."""
        readable(kind)
        if after is None:
            yield await self.watch.start(kind)
            return
        async for page in self.watch.poll(kind, Cursor.read(after)):
            yield page

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All items by ascending id. A revision is a digest of the record, so this reads everything."""
        readable(kind)
        async for page in self.reader.index(kind, after):
            yield page

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """Items whole, in batches of aliased look-ups."""
        readable(kind)
        return await self.reader.fetch(kind, ids)

    @operation(effect="read")
    @asynccontextmanager
    async def open(self, item_id: str, rendition: Rendition) -> AsyncIterator[FileStream]:
        """The bytes of an image in exactly this version.

        Public storage has the newest one only, so the version is compared before, and again before the end is reached.
        """
        if rendition.address.startswith(("http://", "https://")):
            async with self.client.image(rendition.address, rendition.filename) as stream:
                yield stream
            return
        address = await self.address(item_id, rendition)
        async with self.client.image(address, rendition.filename) as stream:
            yield ending(stream, partial(self.address, item_id, rendition))

    async def address(self, item_id: str, rendition: Rendition) -> str:
        """Where the image is now. Raises Transient where it is another one meanwhile."""
        items = await self.fetch(ASSET, [item_id])
        now = same_file(items[0] if items else None, rendition, who=self.services.connection, id=item_id)
        work = int(item_id.partition("-")[0])
        return str((await self.images.resource(work, int(now.address)))["url"])

    # ── writing what the engine delivers ─────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def find(self, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        """Products by `isbn`, `gtin` or `sku`, which are one here, and by `family`, the number of their work."""
        if kind not in {PRODUCT, "work"}:
            raise Rejected(f"A {kind} cannot be found by {by} in Consonance.", code="kind")
        if by == "family":
            return await self.by_work(kind, values)
        if by not in {"isbn", "gtin", "sku"}:
            return {}
        asked = {value: number for value in values if (number := book_number(value))}
        found: dict[str, list[str]] = {}
        for one in await self.places.products(sorted(set(asked.values()))):
            id = str(one["id"] if kind == PRODUCT else one["work"]["id"])
            for value in [value for value, number in asked.items() if number == isbn_of(one)]:
                found.setdefault(value, []).append(id)
        return {value: sorted(set(ids)) for value, ids in found.items()}

    async def by_work(self, kind: str, values: Sequence[str]) -> dict[str, list[str]]:
        items = await self.fetch("work", [value for value in values if value.isdigit()])
        return {
            one.id: [one.id] if kind == "work" else [each.id for each in one.relations if each.type == "edition"]
            for one in items
        }

    @operation(effect="read")
    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:
        """Our images or texts by key, with the products they are about."""
        return await self.target(kind).held(keys)

    @operation(effect="read")
    async def file_digest(self, kind: str, ref: str, algorithm: str = "sha256") -> str | None:
        """By reading the image: Consonance states no digest."""
        return await self.images.file_digest(ref, algorithm) if kind == ASSET else None

    def as_held(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Texts are held in one language, and where something belongs is no field of it."""
        return self.target(kind).as_held(fields)

    @operation(effect="upsert", idempotent="look-up")
    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:
        """Put in, replace or describe images and texts; `isbn` or `work` among the fields says which book."""
        return await self.target(kind).upsert(writes)

    @operation(effect="link", idempotent="look-up")
    async def link(self, links: Sequence[Link]) -> list[Receipt | ConnectorError]:
        """Say which products of its work an image is about; what others said stays."""
        self.writable()
        return await self.states.link(links)

    @operation(effect="withdraw")
    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:
        """Hide: back to draft, which goes nowhere. Remove: delete. Both read back."""
        if policy not in self.withdraw_policies:
            raise Rejected(
                f"Consonance cannot {policy} a copy; it can {', '.join(self.withdraw_policies)}.", code="policy"
            )
        return await self.closer(kind).withdraw(refs, policy)

    @operation(effect="withdraw")
    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:
        """The status again in which ours arrive."""
        return await self.closer(kind).show(refs)

    def target(self, kind: str) -> Images | Texts:
        self.writable()
        if kind not in {ASSET, "text"}:
            raise Rejected(f"Images and texts are written to Consonance here, not a {kind}.", code="kind")
        return self.images if kind == ASSET else self.texts

    def closer(self, kind: str) -> States | Texts:
        return self.states if isinstance(target := self.target(kind), Images) else target

    def writable(self) -> None:
        if self.over_rest:
            raise NeedsOperator("The REST interface of Consonance cannot be written to; use GraphQL.", code="read_only")

    @property
    def desk(self) -> Desk:
        self.writable()
        return self._desk

    # ── works, schedule, products: what people do there beside ───────────────────────────────────────────────────

    @operation(effect="read")
    async def launch(self, work: str) -> Item:
        """A work as it stands: milestones, deliveries, editions with their dates."""
        items = await self.fetch("work", [work])
        if not items:
            raise NotFound(f"{self.services.connection} has no work {work}.")
        return items[0]

    @operation(effect="read")
    async def delays(self, before: Item) -> list[Delay]:
        """What slipped since an earlier look at a work (`launch`): dates moved, milestones and deliveries late."""
        return delays(before, await self.launch(before.id), self.services.clock())

    @operation(effect="replace")
    async def tick(self, milestone: str, done: date | None) -> Receipt:
        """Mark a to-do as done on a day, or as open again with None."""
        return await self.desk.milestone(milestone, {"doneDate": done.isoformat() if done else None})

    @operation(effect="replace")
    async def reschedule(self, milestone: str, due: date, note: str | None = None) -> Receipt:
        """Give a to-do another due date, and a note why."""
        change = {"dueDate": due.isoformat()} | ({} if note is None else {"note": note})
        return await self.desk.milestone(milestone, change)

    @operation(effect="read")
    async def stages(self) -> dict[str, int]:
        """The account's project stages: ids by name."""
        return await self.desk.stages()

    @operation(effect="replace")
    async def set_stage(self, work: str, stage: str) -> Receipt:
        """Bring a work to a project stage by name."""
        return await self.desk.stage(work, stage)

    @operation(effect="replace", idempotent="look-up")
    async def set_keywords(self, work: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> list[str]:
        """Put keywords in and take them out; those of others stay. Answers the list as read back."""
        return await self.desk.keywords(work, add, remove)

    @operation(effect="replace")
    async def amend(self, product: str, change: Mapping[str, Any]) -> Receipt:
        """Set a product's publishing status, availability, dates or subtitle.

        `planned_publication_date` proposes a date without telling the trade.
        """
        return await self.desk.amend(product, change)

    @operation(effect="upsert", idempotent="look-up")
    async def refer(self, product: str, url: str, text: str, *, role: str = "00", public: bool = False) -> Receipt:
        """A web link from a product, such as to the asset behind a cover; out of ONIX unless `public`."""
        return await self.desk.refer(product, url, text, role, public=public)

    @operation(effect="withdraw")
    async def unrefer(self, product: str, url: str) -> Receipt:
        """Remove a product's web links with this address."""
        return await self.desk.unrefer(product, url)

    @operation(effect="read")
    async def contract(self, id: str) -> dict[str, Any]:
        """A contract with its licensed rights and delivery dates, in Consonance's names."""
        return await self.desk.contract(id)

    @operation(effect="replace")
    async def terminate(self, contract: str, day: date, reason: str) -> Receipt:
        """Note that a contract ended; the right to sell ends with that day."""
        return await self.desk.terminate(contract, day, reason)

    @operation(effect="read")
    async def contacts(self, name: str) -> list[dict[str, Any]]:
        """People whose name contains this, and the organisation that is called so."""
        return await self.desk.contacts(name)


NO_EVENTS = "Consonance announces no changes: they are found by asking, to the day."
WRITES = "Whether the key may write is not told; it shows with the first write."
ONLY_READ = "REST shows products only and takes nothing."
LACKS = {
    "documented": "The account's schema lacks what the documents have: {0}. What is read from there stays unknown.",
    "named": "The account's schema spells some things otherwise than we guessed: {0}.",
    "inferred": "The account's schema lacks what we guessed: {0}. What needs it is refused in words.",
}
MOST_NAMED = 12


def listed(sentence: str, names: Sequence[str]) -> str:
    """A sentence with names in it, not too many; empty for none."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return sentence.format(", ".join(names[:MOST_NAMED]) + more) if names else ""


def book_number(text: str) -> str | None:
    """The ISBN of what is written as an ISBN or as the GTIN that it is; a GTIN of 14 digits has a zero in front."""
    return isbn13(text) or isbn13(text[1:] if text.startswith("0") else "")


def readable(kind: str) -> None:
    if kind not in Consonance.kinds:
        raise Rejected(f"There is no {kind} in Consonance.", code="kind")


CONNECTOR = Consonance
