"""Our collections: made, renamed, moved, their fields set. People's own collections, names in other locales and fields stay."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.celum.client import CelumWriter
from lockgate.connectors.celum.client.calls import COLLECTION, Record
from lockgate.connectors.celum.copies import TITLE, Answer
from lockgate.connectors.celum.definitions import Definitions
from lockgate.connectors.celum.form import Form, Plain
from lockgate.connectors.celum.joining import Keys
from lockgate.connectors.celum.mapping.collection import collection_revision
from lockgate.connectors.celum.mapping.fields import labels
from lockgate.connectors.celum.mapping.writing import joined
from lockgate.connectors.celum.settings import CelumSettings
from lockgate.kit.contract import Held, Receipt, Write
from lockgate.kit.errors import ContractBroken, NotFound, Rejected, Transient
from lockgate.kit.together import answered, apart
from lockgate.model.item import UND

PARENT, PARENT_KEY = "parent", "parent_key"
"""Fields that say where a collection stands: by CELUM's number, or by our own key of the collection above."""


class Branches:
    """Writes collections for one connection."""

    def __init__(self, client: CelumWriter, definitions: Definitions, form: Form, settings: CelumSettings) -> None:
        self.client, self.definitions, self.form, self.settings = client, definitions, form, settings
        self.keys = Keys(COLLECTION, client, definitions)

    async def held(self, keys: Sequence[str]) -> dict[str, Held]:
        return {key: await self._as_held(key, one) for key, one in (await self.keys.found(keys)).items()}

    async def _as_held(self, key: str, node: Record) -> Held:
        own = {TITLE: labels(node.get("name")), PARENT: str(node["parentId"]) if node.get("parentId") else None}
        return Held(
            key=key,
            ref=str(node["id"]),
            revision=collection_revision(node),
            fields={**own, **await self.form.held(node)},
        )

    def as_held(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Known once `held` or `upsert` was called."""
        found = self.form.as_held(fields)
        if TITLE in fields:
            found[TITLE] = {tag.replace("_", "-"): name for tag, name in self.names(fields[TITLE]).items()}
        if fields.get(PARENT) is not None:
            found[PARENT] = str(fields[PARENT])
        return found

    def names(self, title: Any) -> dict[str, str]:
        """A title as names by locale."""
        told = title if isinstance(title, dict) else {UND: title}
        named = {
            self.client.quirks.default_locale if tag == UND else str(tag).replace("-", "_"): joined(text)
            for tag, text in sorted(told.items(), key=lambda one: one[0] != UND)
            if text not in (None, "")
        }
        return {locale: name for locale, name in named.items() if name}

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def upsert(self, writes: Sequence[Write]) -> list[Answer]:
        """One after another, so that a collection may stand below one that was written before it."""
        known = await self.keys.found([write.key for write in writes])
        return [await answered(self._write(write, known)) for write in writes]

    async def _write(self, write: Write, known: dict[str, Record]) -> Receipt:
        node = known.get(write.key)
        if write.file is not None:
            raise Rejected("A collection has no file.", code="file")
        if node is None and write.ref is not None:
            raise NotFound(f"{self.client.services.connection} holds no collection under our key {write.key}.")
        plain, parent = await self.form.plain(write.fields), await self._parent(write, known)
        if node is None:
            made = known[write.key] = await self._create(write, plain, parent)
            return receipt(write.key, made, created=True)
        body = self._difference(node, write, plain, parent)
        if body:
            node = known[write.key] = await self.client.change(f"collections/{node['id']}", body)
        return receipt(write.key, node)

    async def _parent(self, write: Write, known: Mapping[str, Record]) -> int | None:
        """Where it is to stand; None where the write does not say."""
        if (key := write.fields.get(PARENT_KEY)) is not None:
            above = known.get(key) or (await self.keys.found([str(key)])).get(str(key))
            if above is None:
                raise NotFound(f"The collection above, {key}, is not there yet.", code="parent.missing")
            return int(above["id"])
        told = write.fields.get(PARENT)
        return None if told is None else int(told)

    async def _create(self, write: Write, plain: Plain, parent: int | None) -> Record:
        names = self.names(write.fields.get(TITLE)) or {self.client.quirks.default_locale: write.key}
        above = parent or self.settings.upload_collection or self.settings.collection
        if above is None:
            raise Rejected(
                f"It is not said where collection {write.key} goes: give `parent`, or set `upload_collection`.",
                code="parent.missing",
            )
        values = [await self.keys.entry(write.key), *self.form.created(plain)]
        body = {"name": names, "parentId": above, "informationFieldValues": values}
        try:
            return await self.client.create("collections", body)
        except (Transient, ContractBroken):
            found = (await self.keys.found([write.key])).get(write.key)
            if found is None:
                raise
            return found

    def _difference(self, node: Record, write: Write, plain: Plain, parent: int | None) -> dict[str, Any]:
        """What a PATCH is to say; empty when all is as it should be."""
        body: dict[str, Any] = {}
        now = node.get("name") or {}
        if named := {
            locale: name for locale, name in self.names(write.fields.get(TITLE)).items() if now.get(locale) != name
        }:
            body["name"] = named
        if parent is not None and parent != node.get("parentId"):
            body["parentId"] = {"op": "SET", "value": parent}
        if entries := self.form.changed(plain, node):
            body["informationFieldValues"] = entries
        return body

    async def remove(self, refs: Sequence[str]) -> list[Answer]:
        """Delete our collections that are empty; one with anything in it stays, and says so."""
        return await apart(self._remove(ref) for ref in refs)

    async def _remove(self, ref: str) -> Receipt:
        try:
            node = await self.client.one(f"collections/{ref}")
        except NotFound:
            return Receipt(key=ref, ref=ref)
        if not await self.keys.of(node):
            raise Rejected(f"Collection {ref} does not carry our key: it is not ours to remove.", code="not_ours")
        await self.client.remove(f"collections/{ref}")
        return Receipt(key=ref, ref=ref)


def receipt(key: str, node: Record, *, created: bool = False) -> Receipt:
    return Receipt(key=key, ref=str(node["id"]), revision=collection_revision(node), created=created)
