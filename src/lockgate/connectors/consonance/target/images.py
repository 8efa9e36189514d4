"""Our images: put in, replaced, described, linked to products, closed and opened.

An image's file cannot be replaced in Consonance: another one is put in, worked on, and only when that ended well is the older
one removed. All of them carry our mark, so a copy keeps its id, and what a crash leaves behind is found and removed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakValueDictionary

from lockgate.connectors.consonance.client import GraphQLClient, documents
from lockgate.connectors.consonance.mapping.common import revision, token
from lockgate.connectors.consonance.mapping.image import copies, current, marked_name, whole
from lockgate.connectors.consonance.target.places import Places, plain_text
from lockgate.kit.contract import FileSource, Held, Receipt, Write
from lockgate.kit.errors import ConnectorError, NotFound, Rejected, Transient
from lockgate.kit.together import apart
from lockgate.kit.transfer import digest_there

Record = dict[str, Any]
Answer = Receipt | ConnectorError

TEXTS = {"caption": "caption", "copyright": "copyright", "credit": "requiredCredit"}
"""Fields of ours that can be changed later."""
FIXED = {"variant": "resourceVariant", "audience": "onixContentAudienceCode"}
"""Fields that can be said only when the image is put in."""
PLACES = frozenset({"isbn", "work"})
LONGEST_PAUSE = 5.0


class Images:
    """Writes images for one connection."""

    def __init__(self, client: GraphQLClient, places: Places) -> None:
        self.client, self.places, self.quirks = client, places, client.quirks
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    # ── reading back ─────────────────────────────────────────────────────────────────────────────────────────────

    async def groups(self, works: Sequence[int]) -> dict[str, tuple[Record, list[Record]]]:
        """Our images by mark with their works, as Consonance has them now."""
        found = await self.client.several("work", sorted(set(works)), documents.IMAGES)
        return {
            mark: (work, records) for work in found for mark, records in copies(work, self.quirks.file_marker).items()
        }

    async def held(self, keys: Sequence[str]) -> dict[str, Held]:
        groups = await self.places.groups(keys, self.groups)
        return {key: self.shown(key, *groups[token(key)]) for key in keys if token(key) in groups}

    def shown(self, key: str, work: Record, records: list[Record]) -> Held:
        one = current(records)
        return Held(
            key=key,
            ref=ref_of(work["id"], token(key)),
            revision=revision(one),
            fields={
                **{ours: one.get(theirs) for ours, theirs in TEXTS.items()},
                "variant": one.get("resourceVariant"),
                "audience": (one.get("onixContentAudienceCode") or "").removeprefix("_") or None,
            },
            length=one.get("fileSize"),
            hidden=one.get("status") != "APPROVED",
            links=tuple(str(id) for id in one.get("productIds") or ()),
        )

    def as_held(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Where an image belongs is not held as a field; texts are held in one language."""
        wire = self.wire({name: value for name, value in fields.items() if name not in PLACES})
        names = {theirs: ours for ours, theirs in (TEXTS | FIXED).items()}
        return {names[name]: strip(value) if name in FIXED.values() else value for name, value in wire.items()}

    async def file_digest(self, ref: str, algorithm: str) -> str | None:
        found = await self.of_ref(ref)
        one = current(found[1]) if found else None
        if one is None or not whole(one):
            return None
        return await digest_there(self.client.image(str(one["url"]), "image.jpg"), algorithm)

    async def of_ref(self, ref: str) -> tuple[Record, list[Record]] | None:
        """The work and our images of a ref; None where it is gone, or no ref of ours."""
        work, _, mark = ref.partition("-lg")
        if not (work.isascii() and work.isdigit() and mark):
            return None
        return (await self.groups([int(work)])).get(mark)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def upsert(self, writes: Sequence[Write]) -> list[Answer]:
        """One work after another within a work, works side by side."""
        groups = await self.places.groups([one.key for one in writes], self.groups)
        return await apart(self.written(one, groups.get(token(one.key))) for one in writes)

    async def written(self, write: Write, found: tuple[Record, list[Record]] | None) -> Receipt:
        wire = self.wire({name: value for name, value in write.fields.items() if name not in PLACES})
        if write.file is not None:
            return await self.put(write, write.file, wire, found)
        if found is None:
            raise self.lost(write.key)
        work, records = found
        one = current(records)
        await self.describe(one, wire)
        return Receipt(key=write.key, ref=ref_of(work["id"], token(write.key)))

    def wire(self, fields: Mapping[str, Any]) -> Record:
        """Our fields in Consonance's names. Raises Rejected for what it has no place for."""
        if unknown := sorted(fields.keys() - TEXTS.keys() - FIXED.keys()):
            known = ", ".join(sorted({*TEXTS, *FIXED, *PLACES}))
            raise Rejected(f"An image in Consonance has no field {unknown[0]}; it has {known}.", code="field.unknown")
        told = {name: plain_text(value, self.quirks.language) for name, value in fields.items()}
        wire: Record = {TEXTS[name]: value for name, value in told.items() if name in TEXTS}
        if told.get("variant"):
            wire["resourceVariant"] = str(told["variant"]).upper().replace(" ", "_")
        if told.get("audience"):
            wire["onixContentAudienceCode"] = f"_{str(told['audience']).removeprefix('_')}"
        return wire

    async def describe(self, one: Record, wire: Record) -> None:
        """Change what differs of an image that is there."""
        if fixed := [name for name in FIXED.values() if name in wire and wire[name] != one.get(name)]:
            raise Rejected(
                f"{fixed[0]} of an image can be said only when it is put in; deliver it with its file.",
                code="field.fixed",
            )
        change = {name: value for name, value in wire.items() if (value or None) != (one.get(name) or None)}
        if change:
            await self.client.write("updateSupportingResource", {"id": one["id"], **change})

    async def put(
        self, write: Write, file: FileSource, wire: Record, found: tuple[Record, list[Record]] | None
    ) -> Receipt:
        """Put in another image, and remove what it replaces once it is whole."""
        if write.ref is not None and found is None:
            raise self.lost(write.key)
        only_jpeg(file)
        place = await self.places.of(write.fields)
        if found is None and place is None:
            raise Rejected("Say which book an image belongs to: give its fields `isbn`, or `work`.", code="place")
        work = int(found[0]["id"]) if found else place.work if place else 0
        if place is not None and place.work != work:
            raise Rejected(
                f"The image is in work {work} and cannot move to work {place.work}; withdraw it, then deliver it anew.",
                code="place.moved",
            )
        older = found[1] if found else []
        kept = {id for one in older for id in one.get("productIds") or ()}
        products = sorted(kept | set(place.products if place else ()))
        async with self.alone(work):
            self.places.put(token(write.key), work)
            sent = await self.sent(write.key, file, work, products, self.inherited(older) | wire)
            for one in older:
                await self.discard(int(one["id"]))
        created = not any(map(whole, older))
        ref = ref_of(work, token(write.key))
        return Receipt(key=write.key, ref=ref, created=created, sha256=sent[0], bytes=sent[1])

    def inherited(self, older: Sequence[Record]) -> Record:
        """What the image before says and this write does not."""
        if not older:
            return {}
        one = current(older)
        return {name: one[name] for name in (*TEXTS.values(), *FIXED.values()) if one.get(name) is not None}

    async def sent(self, key: str, file: FileSource, work: int, products: list[int], wire: Record) -> tuple[str, int]:
        """Create, upload, have it worked on, approve. What is not brought to its end is removed again."""
        live = await self.client.live()
        later = live.has("Mutation", "updateSupportingResource")
        state = {"status": "APPROVED", "productIds": products}
        told = {"workId": work, "resourceFileName": marked_name(file.filename, key, self.quirks.file_marker), **wire}
        made = await self.client.write("createSupportingResource", told | ({"status": "DRAFT"} if later else state))
        id = int(made["supportingResource"]["id"])
        try:
            sent = await self.client.put_file(upload_address(made), file)
            await self.client.write("processSupportingResource", {"id": id})
            await self.finished(work, id)
            if later:
                await self.client.write("updateSupportingResource", {"id": id, **state})
        except ConnectorError:
            await self.given_up(id)
            raise
        return sent.sha256, sent.bytes

    async def finished(self, work: int, id: int) -> None:
        """Wait until the image was worked on. Raises Rejected where that failed, Transient where it takes too long."""
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + self.quirks.processing_seconds, self.quirks.poll_seconds
        while True:
            one = await self.resource(work, id)
            if one.get("delayedJobStatus") == "failed":
                raise Rejected(f"{self.who} could not work on the image; it takes JPEG only.", code="file.refused")
            if whole(one):
                return
            if loop.time() > deadline:
                raise Transient(f"{self.who} is still working on an image; it is tried again.", code="file.processing")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)

    async def resource(self, work: int, id: int) -> Record:
        found = await self.client.several("work", [work], documents.IMAGES)
        known = [one for each in found for one in each.get("supportingResources") or () if int(one["id"]) == id]
        if not known:
            raise NotFound(f"{self.who} has no image {id} any more.")
        return dict(known[0])

    async def given_up(self, id: int) -> None:
        """Remove what was begun; where that cannot be done now, the next attempt does it."""
        try:
            await self.discard(id)
        except ConnectorError:
            return

    async def discard(self, id: int) -> None:
        try:
            await self.client.write("deleteSupportingResource", {"id": id})
        except NotFound:
            return

    def lost(self, key: str) -> NotFound:
        return NotFound(f"{self.who} holds no image under our key {key}.")

    @property
    def who(self) -> str:
        return self.client.services.connection

    def alone(self, work: int) -> asyncio.Lock:
        return self._locks.setdefault(work, asyncio.Lock())


def strip(value: Any) -> Any:
    return str(value).removeprefix("_") if value is not None else None


def ref_of(work: Any, mark: str) -> str:
    return f"{work}-lg{mark}"


def upload_address(made: Mapping[str, Any]) -> str:
    address = made.get("presignedUrl")
    if not address:
        raise Transient("Consonance gave no address to upload an image to; it is tried again.", code="file.address")
    return str(address)


def only_jpeg(file: FileSource) -> None:
    if file.media_type != "image/jpeg" and not file.filename.lower().endswith((".jpg", ".jpeg")):
        raise Rejected(
            f"Consonance takes JPEG images only, and {file.filename} is {file.media_type}. "
            "Have the recipe take a JPEG rendition.",
            code="file.jpeg",
        )
