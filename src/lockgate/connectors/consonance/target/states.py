"""Our images linked to products, closed and opened. Only what was read back is confirmed."""

from collections.abc import Sequence
from typing import Any

from lockgate.connectors.consonance.mapping.image import current
from lockgate.connectors.consonance.target.images import Answer, Images, Record
from lockgate.kit.contract import Link, Receipt
from lockgate.kit.errors import Conflict, NotFound, Rejected
from lockgate.kit.together import answered, apart, by_group

LINKS = frozenset({"images", "covers", "supporting_resources"})
"""What the list of a product's images may be called in a recipe."""


class States:
    """Links and withdrawals of one connection."""

    def __init__(self, images: Images) -> None:
        self.images, self.client, self.who = images, images.client, images.who

    # ── links ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def link(self, links: Sequence[Link]) -> list[Answer]:
        """All links of one image together; images side by side."""
        return await by_group(links, lambda one: one.ref, self.linked)

    async def linked(self, links: Sequence[Link]) -> list[Answer]:
        return [await answered(self.attached(one)) for one in links]

    async def attached(self, link: Link) -> Receipt:
        if link.kind != "product" or link.field not in LINKS:
            raise Rejected(f"Images are linked to products under {', '.join(sorted(LINKS))}.", code="link")
        async with self.images.alone(int(link.ref.partition("-")[0] or 0)):
            work, records = await self.there(link.ref)
            one, product = current(records), int(link.id) if link.id.isdigit() else 0
            present: list[int] = list(one.get("productIds") or ())
            if (product in present) == link.present:
                return Receipt(key=link.ref, ref=link.id)
            if product not in {each["id"] for each in work.get("products") or ()}:
                raise Rejected(
                    f"Product {link.id} is not of work {work['id']}, to which the image belongs.", code="link.work"
                )
            wanted = sorted({*present, product}) if link.present else [id for id in present if id != product]
            await self.bring(link.ref, one, {"productIds": wanted})
        return Receipt(key=link.ref, ref=link.id)

    async def there(self, ref: str) -> tuple[Record, list[Record]]:
        found = await self.images.of_ref(ref)
        if found is None:
            raise NotFound(f"{self.who} has no image {ref} any more.")
        return found

    # ── closing and opening ──────────────────────────────────────────────────────────────────────────────────────

    async def withdraw(self, refs: Sequence[str], policy: str) -> list[Answer]:
        act = self.removed if policy == "remove" else self.hidden
        return await apart(act(ref) for ref in refs)

    async def show(self, refs: Sequence[str]) -> list[Answer]:
        return await apart(self.status(ref, "APPROVED") for ref in refs)

    async def hidden(self, ref: str) -> Receipt:
        return await self.status(ref, "DRAFT")

    async def status(self, ref: str, wanted: str) -> Receipt:
        """A draft goes nowhere; its links to products stay."""
        _, records = await self.there(ref)
        for one in records if wanted == "DRAFT" else [current(records)]:
            if one.get("status") != wanted:
                await self.bring(ref, one, {"status": wanted})
        return Receipt(key=ref, ref=ref)

    async def removed(self, ref: str) -> Receipt:
        found = await self.images.of_ref(ref)
        for one in found[1] if found else ():
            await self.images.discard(int(one["id"]))
        if await self.images.of_ref(ref) is not None:
            raise Conflict(f"Image {ref} is still there; it is tried again.")
        return Receipt(key=ref, ref=ref)

    async def bring(self, ref: str, one: Record, state: Record) -> None:
        """Write, then read back: only what was seen is confirmed."""
        await self.client.write("updateSupportingResource", {"id": one["id"], **state})
        _, records = await self.there(ref)
        now = next((each for each in records if each["id"] == one["id"]), None)
        if now is None or any(same(now.get(name)) != same(value) for name, value in state.items()):
            raise Conflict(f"Image {ref} did not stay as written; it is tried again.")


def same(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value
