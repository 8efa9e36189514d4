"""Links of products, and of objects of other modules, to ours.

A link field is replaced as a whole and the portal has no lock, so every link is read back.

Two who read the same list and write one after the other lose the first one's link. The first sees that when it reads again
after a pause, and writes once more; a list that was read is never written a second time.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from lockgate.connectors.fourallportal.client import PortalClient
from lockgate.connectors.fourallportal.mapping import Records
from lockgate.connectors.fourallportal.modules import Modules
from lockgate.connectors.fourallportal.values import PLAIN, REFERENCES, read
from lockgate.connectors.fourallportal.writing import Answer
from lockgate.kit.contract import Link, Receipt
from lockgate.kit.errors import Conflict, NotFound, Rejected, Transient
from lockgate.kit.joint import Joint
from lockgate.kit.together import by_group
from lockgate.model.item import PRODUCT

Place = tuple[str, str, str]
"""Kind, id and canonical field of what carries links."""

ROUNDS = 8
SINGLE = frozenset({"CEId", "CEExternalId"})
"""Link fields that hold one object."""


class Spot(msgspec.Struct, frozen=True):
    """A list of links in the portal's words: whose it is, and the module that it leads to."""

    module: str
    id: str
    field: str
    target: str


class Links:
    """Attaches and detaches for one connection."""

    def __init__(self, client: PortalClient, modules: Modules) -> None:
        self.client, self.modules, self.quirks = client, modules, client.quirks
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._joint: WeakValueDictionary[Place, Joint[Link, Sequence[str]]] = WeakValueDictionary()

    async def link(self, links: Sequence[Link]) -> list[Answer]:
        """All links of one list together, also those that others ask for meanwhile; lists side by side."""
        return await by_group(links, place_of, self.at_one_place)

    async def at_one_place(self, links: Sequence[Link]) -> list[Answer]:
        place = place_of(links[0])
        spot = await self.spot(*place)
        joint = self._joint.setdefault(place, Joint(partial(self.alone, spot)))
        gone = await joint(links)
        return [self.answer(one, gone) for one in links]

    async def spot(self, kind: str, id: str, name: str) -> Spot:
        module, records = await self.modules.named(kind), await self.modules.records(kind)
        field = self.field(kind, name, records)
        target = next(iter(records.fields[field].get("modules") or ()), self.quirks.file_module)
        return Spot(module, id, field, str(target))

    async def alone(self, spot: Spot, links: Sequence[Link]) -> Sequence[str]:
        async with self._locks.setdefault(f"{spot.module}/{spot.id}", asyncio.Lock()):
            return await self.brought(spot, links)

    def answer(self, link: Link, gone: Sequence[str]) -> Answer:
        if link.present and link.ref in gone:
            return NotFound(
                f"{self.client.services.connection} has no file {link.ref} any more, so it cannot be linked."
            )
        return Receipt(key=link.ref, ref=link.id)

    def field(self, kind: str, name: str, records: Records) -> str:
        """The field of a canonical name; it must hold many links."""
        match, who = records.matches.get(name), self.client.services.connection
        if match is None or records.fields[match.field].get("type") in SINGLE:
            why = f"has no {kind} field for" if match is None else f"has a {kind} field that holds one link only for"
            raise Rejected(
                f"The profile of {who} {why} {name}; choose one with `lockgate connect profile {who} --set {kind}.{name}=FIELD`.",
                code="profile",
            )
        return match.field

    async def brought(self, spot: Spot, links: Sequence[Link]) -> Sequence[str]:
        """Read, merge, write, and read again until its owner is seen holding what was asked. Answers files that are gone."""
        gone: Sequence[str] = ()
        failed: Transient | None = None
        for _ in range(ROUNDS):
            wanted = [one for one in links if not (one.present and one.ref in gone)]
            change = await self.change(spot, wanted)
            if not change:
                return gone
            try:
                await self.client.patch(spot.module, [{"id": spot.id, **change}], repeatable=False)
            except Rejected as refused:
                gone = await self.missing(spot, links, gone, refused)
            except Transient as failure:
                if failed is not None:
                    raise
                failed = failure
            await asyncio.sleep(self.quirks.settle_seconds * random.uniform(1, 1.5))  # noqa: S311 - keeps writers apart
        raise Conflict(f"Others write the links of {spot.module} {spot.id} all the time; it is tried again.")

    async def change(self, spot: Spot, links: Sequence[Link]) -> dict[str, Any]:
        """What is still to be written; empty when the list holds what was asked, and nothing that was to go."""
        main = self.quirks.main_image_field if spot.module == self.quirks.product_module else ""
        record = await self.client.get(spot.module, spot.id, [spot.field, main] if main else [spot.field])
        present: list[str] = read(REFERENCES, record.get(spot.field), self.quirks)
        coming = list(dict.fromkeys(one.ref for one in links if one.present))
        leaving = {one.ref for one in links} - set(coming)
        wanted = [ref for ref in present if ref not in leaving] + [ref for ref in coming if ref not in present]
        image = read(PLAIN, record.get(main), self.quirks) if main else None
        if wanted == present and image not in leaving:
            return {}
        change: dict[str, Any] = {spot.field: [{"value": wanted}]}
        if main and main in (await self.modules.records(PRODUCT)).fields:
            change |= await self.main_image(image, leaving, coming)
        return change

    async def main_image(self, now: str | None, leaving: set[str], coming: Sequence[str]) -> Mapping[str, Any]:
        """An empty main image is filled with the first image that comes; one that was ours and goes leaves it empty.

        Other images of the product are somebody else's to choose from.
        """
        if now is not None and now not in leaving:
            return {}
        field = self.quirks.media_type_field
        found = await self.client.having(self.quirks.file_module, "id", coming, fields=[field])
        types = {id: str(read(PLAIN, record.get(field), self.quirks)) for id, record in found.items()}
        image = next((ref for ref in coming if types.get(ref, "").startswith("image/")), None)
        return {} if image is None and now is None else {self.quirks.main_image_field: [{"value": image}]}

    async def missing(
        self, spot: Spot, links: Sequence[Link], known: Sequence[str], refused: Rejected
    ) -> Sequence[str]:
        """The files to be linked that are gone: one of them has the whole list refused. Raises where that is not why."""
        await self.client.get(spot.module, spot.id)
        coming = [one.ref for one in links if one.present]
        found = await self.client.having(spot.target, "id", coming)
        gone = [ref for ref in coming if ref not in found]
        if set(gone) == set(known):
            raise refused
        return gone


def place_of(link: Link) -> Place:
    return link.kind, link.id, link.field
