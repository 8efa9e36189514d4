"""What a person does to works and products in Consonance beside texts and images: keywords, stage, milestones, dates, links."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from weakref import WeakValueDictionary

from lockgate.connectors.consonance.client import GraphQLClient, documents
from lockgate.kit.contract import Receipt
from lockgate.kit.errors import Conflict, NotFound, Rejected

Record = dict[str, Any]

STATES = {
    "publishing_status": "onixPublishingStatusCode",
    "availability": "onixProductAvailabilityCode",
    "publication_date": "publicationDate",
    "planned_publication_date": "plannedPublicationDate",
    "announcement_date": "publicAnnouncementDate",
    "subtitle": "subtitle",
}
"""What `amend` can change of a product."""
CODED = frozenset({"publishing_status", "availability"})


class Desk:
    """Writes to works, products and to-dos of one connection."""

    def __init__(self, client: GraphQLClient) -> None:
        self.client = client
        self._stages: dict[str, int] = {}
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @property
    def who(self) -> str:
        return self.client.services.connection

    async def work(self, id: str) -> Record:
        found = await self.client.several("work", [number(id)], documents.WORK)
        if not found:
            raise NotFound(f"{self.who} has no work {id}.")
        return found[0]

    # ── works ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def keywords(self, work: str, add: Sequence[str], remove: Sequence[str]) -> list[str]:
        """Words put in and taken out; the list can only be written whole, so it is read before and after."""
        async with self._locks.setdefault(number(work), asyncio.Lock()):
            before = [str(word) for word in (await self.work(work)).get("keywords") or ()]
            gone = {word.casefold() for word in remove}
            there = {word.casefold() for word in before}
            wanted = [word for word in before if word.casefold() not in gone]
            wanted += [word for word in dict.fromkeys(add) if word.casefold() not in there]
            if wanted == before:
                return wanted
            await self.client.write("updateWork", {"id": number(work), "keywords": wanted})
            now = [str(word) for word in (await self.work(work)).get("keywords") or ()]
            if not {word.casefold() for word in add} <= {word.casefold() for word in now}:
                raise Conflict(f"The keywords of work {work} did not stay as written; it is tried again.")
            return now

    async def stages(self) -> dict[str, int]:
        """The account's project stages: ids by name."""
        told = await self.client.read(documents.STAGES)
        self._stages = {str(one["name"]): int(one["id"]) for one in told["projectStages"]}
        return self._stages

    async def stage(self, work: str, name: str) -> Receipt:
        """Bring a work to a stage by its name, whatever its letter case."""
        known = {one.casefold(): id for one, id in (self._stages or await self.stages()).items()}
        if name.casefold() not in known:
            raise Rejected(f"{self.who} has no project stage {name}; it has {', '.join(self._stages)}.", code="stage")
        if str((await self.work(work)).get("projectStage") or "").casefold() != name.casefold():
            await self.client.write("updateWork", {"id": number(work), "projectStageId": known[name.casefold()]})
        return Receipt(key=work, ref=work)

    # ── to-dos ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def to_do(self, id: str) -> Record:
        told = await self.client.read(documents.TO_DO_BY_ID, {"id": number(id)})
        if not told["toDos"]:
            raise NotFound(f"{self.who} has no to-do {id}.")
        return dict(told["toDos"][0])

    async def milestone(self, id: str, change: Mapping[str, Any]) -> Receipt:
        """Set what differs of a to-do."""
        one = await self.to_do(id)
        differing = {name: value for name, value in change.items() if one.get(name) != value}
        if differing:
            await self.client.write("updateToDo", {"id": number(id), **differing})
        return Receipt(key=id, ref=id)

    # ── products ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def amend(self, product: str, change: Mapping[str, Any]) -> Receipt:
        """Set what is said of a product's state. Codes as ONIX spells them."""
        if unknown := sorted(change.keys() - STATES.keys()):
            raise Rejected(f"{unknown[0]} of a product cannot be set; {', '.join(STATES)} can.", code="field.unknown")
        told = {STATES[name]: wired(name, value) for name, value in change.items()}
        await self.client.write("updateProduct", {"id": number(product), **told})
        return Receipt(key=product, ref=product)

    async def links(self, product: str) -> list[Record]:
        told = (await self.client.read(documents.LINKS, {"id": number(product)})).get("product")
        if told is None:
            raise NotFound(f"{self.who} has no product {product}.")
        return list(told.get("webLinks") or ())

    async def refer(self, product: str, url: str, text: str, role: str, *, public: bool) -> Receipt:
        """A web link of a product, found again by its address."""
        wanted = {"role": f"_{role.removeprefix('_')}", "description": text, "includeInOnix": public}
        known = next((one for one in await self.links(product) if one.get("link") == url), None)
        if known is None:
            made = await self.client.write("createWebLink", {"productIds": [number(product)], "link": url, **wanted})
            return Receipt(key=url, ref=str(made["webLink"]["id"]), created=True)
        if any(known.get(name) != value for name, value in wanted.items()):
            await self.client.write("updateWebLink", {"id": known["id"], **wanted})
        return Receipt(key=url, ref=str(known["id"]))

    async def unrefer(self, product: str, url: str) -> Receipt:
        for one in await self.links(product):
            if one.get("link") == url:
                await self.client.write("deleteWebLink", {"id": one["id"]})
        return Receipt(key=url, ref=product)

    # ── contracts and contacts ───────────────────────────────────────────────────────────────────────────────────

    async def contract(self, id: str) -> Record:
        found = (await self.client.read(documents.CONTRACT, {"id": number(id)})).get("contract")
        if found is None:
            raise NotFound(f"{self.who} has no contract {id}.")
        return dict(found)

    async def terminate(self, id: str, day: date, reason: str) -> Receipt:
        one = await self.contract(id)
        if one.get("terminatedDate") != day.isoformat():
            told = {"id": number(id), "terminatedDate": day.isoformat(), "terminationReason": reason}
            await self.client.write("updateContract", told)
        return Receipt(key=id, ref=id)

    async def contacts(self, name: str) -> list[Record]:
        """People whose name contains this, and the organisation that is called so."""
        found = [
            dict(one)
            async for page in self.client.pages(documents.CONTACTS, "contacts", {"name": name})
            for one in page
        ]
        firm = (await self.client.read(documents.ORGANISATION, {"name": name})).get("organisation")
        return found + ([dict(firm)] if firm else [])


def number(id: str) -> int:
    if not (id.isascii() and id.isdigit()):
        raise Rejected(f"{id} is no number of a record in Consonance.", code="id")
    return int(id)


def wired(name: str, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return f"_{str(value).removeprefix('_')}" if name in CODED and value is not None else value
