"""Our copies of documents: created, given new versions, described, moved."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from lockgate.connectors.opentext.client.errors import TAKEN
from lockgate.connectors.opentext.client.http import Record
from lockgate.connectors.opentext.client.nodes import DOCUMENT
from lockgate.connectors.opentext.keys import Keys, distinct, name_of
from lockgate.connectors.opentext.mapping.categories import nested
from lockgate.connectors.opentext.mapping.records import Fields, seen_of
from lockgate.connectors.opentext.mapping.values import UnwritableError
from lockgate.connectors.opentext.places import Places
from lockgate.connectors.opentext.tenant import Tenant
from lockgate.kit.contract import FileSource, Receipt, Write
from lockgate.kit.errors import ConnectorError, NotFound, Rejected
from lockgate.kit.http import Uploaded
from lockgate.kit.together import answered, by_group
from lockgate.model.item import ASSET

Answer = Receipt | ConnectorError


class Batch(msgspec.Struct, frozen=True):
    """What the writes of one call share."""

    fields: Fields
    places: Places


class Documents:
    """Writes documents for one connection."""

    def __init__(self, tenant: Tenant, keys: Keys, places: Places) -> None:
        self.tenant, self.client = tenant, tenant.client
        self.keys, self.places = keys, places

    async def upsert(self, writes: Sequence[Write]) -> list[Answer]:
        """Each by itself, several at once; one that is written twice in a batch is written one after another."""
        await self.tenant.categories()
        batch = Batch(self.tenant.fields(ASSET), self.places.for_batch())
        return await by_group(writes, lambda one: one.key, partial(self._in_turn, batch))

    async def _in_turn(self, batch: Batch, writes: Sequence[Write]) -> list[Answer]:
        return [await answered(self._put(write, batch)) for write in writes]

    async def _put(self, write: Write, batch: Batch) -> Receipt:
        """Every copy is looked up by our key first, also where its id is known: one that lost our nickname is not ours any more."""
        found = await self.keys.find(write.key)
        try:
            if found is not None:
                return await self._update(write, found, batch)
            if write.ref is not None or write.file is None:
                raise NotFound(f"{self.client.services.connection} holds no document under our key {write.key}.")
            return await self._create(write, write.file, batch)
        except UnwritableError as problem:
            raise Rejected(f"{problem}. Correct it at the source.", code="field.value") from problem

    # ── creating ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _create(self, write: Write, file: FileSource, batch: Batch) -> Receipt:
        """Uploaded under a first name that tells our key, marked as ours, then named: at no step can a second one come to be."""
        parent = await place(write.fields, batch.places)
        parent = await batch.places.library() if parent is None else parent
        properties, categories = batch.fields.encoded(write.fields, {})
        id, sent, created = await self._uploaded(write.key, parent, file, properties, categories)
        await self.keys.mark(id, write.key)
        named = name_of(str(properties.get("name") or file.filename))
        if created:
            await self._name(id, {"name": named}, write.key)
        else:
            await self.describe(id, {**properties, "name": named}, categories, write.key)
        return Receipt(key=write.key, ref=str(id), created=created, sha256=sent.sha256, bytes=sent.bytes)

    async def _uploaded(
        self, key: str, parent: int, file: FileSource, properties: Mapping[str, Any], categories: Mapping[str, Any]
    ) -> tuple[int, Uploaded, bool]:
        """The document with its file; one that an earlier attempt left without nickname gets the file as its new version."""
        first = self.keys.first_name(key)
        content = {**properties, "type": DOCUMENT, "parent_id": parent, "name": first}
        if categories:
            content["roles"] = {"categories": dict(categories)}
        try:
            made, sent = await self.client.make_document(content, file)
        except Rejected as error:
            if error.code != TAKEN:
                raise
            # Left by an attempt that broke off, or made by another process that names it at this moment.
            left = await self.client.child(parent, first) or await self.keys.find(key)
            if left is None:
                raise
            return int(left["id"]), await self.client.add_version(int(left["id"]), file), False
        return int(made["id"]), sent, True

    # ── changing ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _update(self, write: Write, found: Record, batch: Batch) -> Receipt:
        """A new version first, then fields and place: what is described is there."""
        id = int(found["id"])
        sent = None if write.file is None else await self.client.add_version(id, write.file)
        if write.file is not None and found.get("name") == self.keys.first_name(write.key):
            # An earlier attempt ended before its name was set.
            found = {**found, "name": ""}
        if write.fields or not found["name"]:
            await self._bring(write, found, batch)
        return Receipt(
            key=write.key,
            ref=str(id),
            sha256=sent.sha256 if sent else None,
            bytes=sent.bytes if sent else 0,
        )

    async def _bring(self, write: Write, found: Record, batch: Batch) -> None:
        id = int(found["id"])
        seen = seen_of(await self.client.node(id, "properties", "categories"))
        properties, categories = batch.fields.encoded(write.fields, seen.values)
        if "name" in properties or (write.file is not None and not found["name"]):
            told = properties.get("name") or (write.file.filename if write.file else found["name"])
            properties["name"] = name_of(str(told))
        parent = await place(write.fields, batch.places)
        if parent is not None and parent != abs(int(seen.properties.get("parent_id") or 0)):
            properties["parent_id"] = parent
        await self.describe(id, properties, categories, write.key)

    async def describe(self, id: int, properties: Mapping[str, Any], categories: Mapping[str, Any], key: str) -> None:
        if properties:
            await self._name(id, properties, key)
        for category, values in nested(categories).items():
            try:
                await self.client.set_category(id, int(category), values)
            except NotFound as error:
                if error.code != "category":
                    raise
                await self.client.add_category(id, int(category), values)

    async def _name(self, id: int, properties: Mapping[str, Any], key: str) -> None:
        """Set properties; where another item has the name, a distinct one is taken."""
        try:
            await self.client.change(id, properties)
        except Rejected as error:
            if error.code != TAKEN:
                raise
            node = (await self.client.node(id)).get("data") or {}
            name = str(properties.get("name") or (node.get("properties") or {}).get("name") or key)
            await self.client.change(id, {**properties, "name": distinct(name, key)})

    async def move(self, id: int, parent: int, key: str) -> None:
        await self._name(id, {"parent_id": parent}, key)


async def place(values: Mapping[str, Any], places: Places) -> int | None:
    """The folder that the fields name; None where they name none."""
    workspace, type, path = (values.get(name) for name in ("workspace", "document_type", "folder"))
    if not workspace:
        return await places.folder(await places.library(), str(path)) if path else None
    root = await places.workspace(workspace)
    if path:
        return await places.folder(root, str(path))
    return await places.within(root, first_of(type) if type else "documents")


def first_of(told: Any) -> str:
    return str(told[0] if isinstance(told, list | tuple) and told else told)
