"""Writing to the portal: our copies of files, their state, and the links of products to them."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakValueDictionary

from lockgate.connectors.fourallportal.client import PortalClient
from lockgate.connectors.fourallportal.mapping import Fields, matched, revision
from lockgate.connectors.fourallportal.values import read, write
from lockgate.kit.contract import Link, Receipt, Write
from lockgate.kit.errors import Conflict, ConnectorError, NeedsOperator, NotFound, Rejected
from lockgate.kit.profile import Profile
from lockgate.model.item import ASSET

Answer = Receipt | ConnectorError
LINK_TRIES = 3


class Writer:
    """Writes for one connection. `fields` are those of the file and the product module."""

    def __init__(self, client: PortalClient, profile: Profile, file_fields: Fields, product_fields: Fields) -> None:
        self.client, self.profile, self.quirks = client, profile, client.quirks
        self.file_fields, self.product_fields = file_fields, product_fields
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # ── copies ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def upsert(self, writes: Sequence[Write]) -> list[Answer]:
        """Files one after another, fields alone in batches."""
        refs = await self.refs([write.key for write in writes if write.ref is None])
        known = {write.key: write.ref or refs.get(write.key) for write in writes}
        plain = [write for write in writes if write.file is None]
        answers: dict[str, Answer] = await self.update([(write, known[write.key]) for write in plain])
        for write_ in writes:
            if write_.file is not None:
                answers[write_.key] = await self.store(write_, known[write_.key])
        return [answers[write_.key] for write_ in writes]

    async def refs(self, keys: Sequence[str]) -> dict[str, str]:
        """Ids of our copies by our key, as the portal knows them now."""
        name = self.quirks.key_field
        records = await self.client.having(self.quirks.file_module, name, keys, fields=[name]) if keys else []
        return {str(read({}, record.get(name), self.quirks)): str(record["id"]) for record in records}

    async def store(self, write_: Write, ref: str | None) -> Answer:
        """Create our copy with its file, or replace the file of the one there is."""
        if write_.file is None:
            raise AssertionError("a write without a file is an update")
        try:
            if ref is None:
                return await self.create(write_)
            sent = await self.client.replace_file(ref, write_.file)
            answer = (await self.update([(write_, ref)]))[write_.key]
        except NeedsOperator:
            raise
        except ConnectorError as error:
            return error
        if isinstance(answer, ConnectorError):
            return answer
        return Receipt(key=write_.key, ref=ref, sha256=sent.sha256, bytes=sent.bytes)

    async def create(self, write_: Write) -> Receipt:
        """A key that is taken was created by us before and not recorded: then that copy is replaced."""
        if write_.file is None:
            raise AssertionError("a copy is created with its file")
        record = self.encoded(write_.fields) | {self.quirks.key_field: [{"value": write_.key}]}
        if self.quirks.upload_folder:
            record["parent_id"] = [{"value": self.quirks.upload_folder}]
        try:
            id, sent = await self.client.create_file(record, write_.file)
        except Rejected:
            ref = (await self.refs([write_.key])).get(write_.key)
            if ref is None:
                raise
            sent = await self.client.replace_file(ref, write_.file)
            await self.client.patch(self.quirks.file_module, [{"id": ref, **record}])
            return Receipt(key=write_.key, ref=ref, sha256=sent.sha256, bytes=sent.bytes)
        return Receipt(key=write_.key, ref=id, created=True, sha256=sent.sha256, bytes=sent.bytes)

    async def update(self, rows: Sequence[tuple[Write, str | None]]) -> dict[str, Answer]:
        """Set fields of copies that are there."""
        answers: dict[str, Answer] = {
            write_.key: NotFound(f"{self.client.services.connection} holds no copy under our key {write_.key}.")
            for write_, ref in rows
            if ref is None
        }
        objects = {ref: {"id": ref, **self.encoded(write_.fields)} for write_, ref in rows if ref is not None}
        stored = await self.patched(self.quirks.file_module, objects)
        for write_, ref in rows:
            if ref is not None:
                answers[write_.key] = stored[ref] or Receipt(key=write_.key, ref=ref)
        return answers

    def encoded(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Fields in the portal's form; those that the profile has no field for are left out."""
        matches = matched(self.profile, ASSET, fields)
        return {
            match.field: write(self.file_fields[match.field], fields[name], self.quirks, self.profile.zone)
            for name, match in matches.items()
            if match.field in self.file_fields
        }

    def as_held(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What reading these fields back would give: dates without time, texts in the tenant's locales, shortened."""
        matches = matched(self.profile, ASSET, fields)
        wire = self.encoded(fields)
        return {
            name: read(
                self.file_fields[match.field],
                [one for one in wire[match.field] if one["value"] is not None],
                self.quirks,
            )
            for name, match in matches.items()
            if match.field in wire
        }

    async def patched(self, module: str, objects: Mapping[str, dict[str, Any]]) -> dict[str, ConnectorError | None]:
        """Change objects in batches; a refused batch was not stored at all, so its objects are tried one by one."""
        answers: dict[str, ConnectorError | None] = {}
        ids = list(objects)
        for start in range(0, len(ids), self.quirks.batch):
            part = ids[start : start + self.quirks.batch]
            try:
                await self.client.patch(module, [objects[id] for id in part])
                answers |= dict.fromkeys(part)
            except Rejected:
                for id in part:
                    answers[id] = await self.patched_alone(module, id, objects[id])
        return answers

    async def patched_alone(self, module: str, id: str, record: dict[str, Any]) -> ConnectorError | None:
        """Change one object. The portal refuses a deleted one like a taken value, so the difference is asked for."""
        try:
            await self.client.patch(module, [record])
        except Rejected as error:
            try:
                await self.client.get(module, id, ["id"])
            except NotFound as lost:
                return lost
            return error
        return None

    # ── state ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def set_state(self, refs: Sequence[str], *, hidden: bool) -> list[Answer]:
        """Hide or show copies, then read each back: only what was seen in the new state gets a receipt."""
        status, flags = (
            self.quirks.status_field,
            [name for name in self.quirks.publish_fields if name in self.file_fields],
        )
        wanted = self.quirks.hidden_status if hidden else self.quirks.shown_status
        change: dict[str, Any] = {status: [{"value": wanted}]}
        change |= {name: [{"value": False}] for name in flags} if hidden else {}
        stored = await self.patched(self.quirks.file_module, {ref: {"id": ref, **change} for ref in refs})
        seen = {
            str(record["id"]): record
            for record in await self.client.having(self.quirks.file_module, "id", list(refs), fields=[status, *flags])
        }
        return [stored[ref] or self.confirmed(ref, seen.get(ref), change) for ref in refs]

    def confirmed(self, ref: str, record: Mapping[str, Any] | None, change: Mapping[str, Any]) -> Answer:
        if record is None:
            return NotFound(f"{self.client.services.connection} has no file {ref} any more.")
        wrong = [name for name, want in change.items() if read({}, record.get(name), self.quirks) != want[0]["value"]]
        if wrong:
            return Conflict(f"{', '.join(wrong)} of file {ref} did not stay as written; it is tried again.")
        return Receipt(key=ref, ref=ref, revision=revision(record))

    # ── links ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def link(self, links: Sequence[Link]) -> list[Answer]:
        """Attach and detach, all links of one product together. There is no lock in the portal: each is read back."""
        by_product: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
        for one in links:
            by_product[one.kind, one.id].append(one)
        answers: dict[int, Answer] = {}
        for told in await asyncio.gather(*(self.link_one(id, rows) for (_, id), rows in by_product.items())):
            answers |= told
        return [answers[id(one)] for one in links]

    async def link_one(self, product: str, links: Sequence[Link]) -> dict[int, Answer]:
        """Read, merge, write, read back; again when somebody wrote in between."""
        async with self._locks.setdefault(product, asyncio.Lock()):
            try:
                for _ in range(LINK_TRIES):
                    if await self.merged(product, links):
                        return {id(one): Receipt(key=one.ref, ref=product) for one in links}
            except NeedsOperator:
                raise
            except ConnectorError as error:
                return dict.fromkeys(map(id, links), error)
        lost = Conflict(f"Others write the links of product {product} at the same time; it is tried again.")
        return dict.fromkeys(map(id, links), lost)

    async def merged(self, product: str, links: Sequence[Link]) -> bool:
        """One round; True once the product was read holding what was asked."""
        field = self.link_field(links[0].field)
        main = self.quirks.main_image_field if self.quirks.main_image_field in self.product_fields else ""
        record = await self.client.get(self.quirks.product_module, product, [name for name in (field, main) if name])
        present: list[str] = read({"type": "CEIdList"}, record.get(field), self.quirks)
        wanted = [ref for ref in present if not any(one.ref == ref and not one.present for one in links)]
        wanted += [one.ref for one in links if one.present and one.ref not in wanted]
        change: dict[str, Any] = {} if wanted == present else {field: [{"value": wanted}]}
        if main:
            change |= main_image(main, read({}, record.get(main), self.quirks), wanted, links)
        if not change:
            return True
        await self.client.patch(self.quirks.product_module, [{"id": product, **change}])
        return await self.stands(product, field, links)

    async def stands(self, product: str, field: str, links: Sequence[Link]) -> bool:
        record = await self.client.get(self.quirks.product_module, product, [field])
        present = read({"type": "CEIdList"}, record.get(field), self.quirks)
        return all((one.ref in present) == one.present for one in links)

    def link_field(self, name: str) -> str:
        field = self.profile.field("product", name)
        if field is None or field not in self.product_fields:
            raise Rejected(
                f"The profile of {self.client.services.connection} has no product field for {name}; choose one with "
                f"`lockgate connect profile {self.client.services.connection} --set product.{name}=FIELD`.",
                code="profile",
            )
        return field


def main_image(field: str, now: str | None, wanted: Sequence[str], links: Sequence[Link]) -> dict[str, Any]:
    """Fill an empty main image with the first image; empty it again only when it was ours and goes."""
    if now is None and wanted:
        return {field: [{"value": wanted[0]}]}
    if now is not None and any(one.ref == now and not one.present for one in links):
        return {field: [{"value": wanted[0] if wanted else None}]}
    return {}
