"""Metadata of any asset, ours or not: fields, tags, collections, type, preview; placeholders; full text."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import ASSET
from lockgate.connectors.celum.copies import TITLE, name_of
from lockgate.connectors.celum.mapping import asset_id, revision
from lockgate.connectors.celum.mapping.fields import names
from lockgate.connectors.celum.mapping.writing import Unwritable
from lockgate.kit.contract import FileSource, Receipt, Write, operation
from lockgate.kit.errors import Conflict, ConnectorError, Rejected

Matching = Literal["phrase", "terms", "termsStartingWith", "termsEndingWith"]


class MetadataOperations(CelumBase):
    @operation(effect="upsert", idempotent="compare-and-set")
    async def amend(self, asset: str, fields: Mapping[str, Any], *, seen: str | None = None) -> Receipt:
        """Set fields of any asset by canonical name; only those that differ are sent. For what flows in both directions.

        `seen` is the revision that the change was decided on: where the asset has another one by now it is a Conflict.
        CELUM itself has no such check, so a change between our look and our write is not noticed.
        """
        plain = await self.copies.form.plain(fields)
        now = await self.client.asset(asset)
        if seen is not None and revision(now) != seen:
            raise Conflict(f"Asset {asset} was changed meanwhile; it is read again.", code="asset.changed")
        body: dict[str, Any] = {}
        if entries := self.copies.form.changed(plain, now):
            body["informationFieldValues"] = entries
        if TITLE not in plain and (named := name_of(fields)) and named != now.get("name"):
            body["name"] = named
        after = await self.client.change_asset(asset, body) if body else now
        return Receipt(key=asset, ref=asset, revision=revision(after))

    @operation(effect="upsert")
    async def set_type(self, asset: str, type: str) -> None:
        """Give the asset another type: which fields it has follows from it."""
        await self.client.change_asset(asset, {"typeId": int(type)})

    @operation(effect="upsert")
    async def place(self, asset: str, *, into: Sequence[str] = (), out_of: Sequence[str] = ()) -> tuple[str, ...]:
        """Put the asset into collections and take it out of others; answers those it is in then. It needs one."""
        change: dict[str, Any] = {"op": "MODIFY"}
        change |= {"add": [int(one) for one in into]} if into else {}
        change |= {"remove": [int(one) for one in out_of]} if out_of else {}
        changed = await self.client.change_asset(asset, {"parentIds": change})
        return tuple(str(one) for one in changed.get("parentIds") or ())

    @operation(effect="create", idempotent="look-up")
    async def create_placeholder(self, key: str, name: str, fields: Mapping[str, Any] | None = None) -> Receipt:
        """An asset without a file, under our key: a brief that creative work fills. One that is there gets these fields."""
        write = Write(key=key, fields={TITLE: {"und": name}, **(fields or {})})
        (answer,) = await self.copies.upsert([write])
        if isinstance(answer, ConnectorError):
            raise answer
        return answer

    @operation(effect="replace")
    async def set_preview(self, asset: str, picture: FileSource) -> None:
        """A picture that stands in for the preview that CELUM would make."""
        sent = await self.client.put(picture)
        told = {"filename": sent.filename, "uploadHandle": sent.handle}
        await self.client.change_asset(asset, {"alternativePreview": told}, repeatable=False)

    @operation(effect="read")
    async def words(self, field: str) -> Mapping[str, tuple[str, ...]]:
        """What a field of tags or keywords may hold: id to names, the English one first."""
        definition = (await self.content.definitions.fields(ASSET)).get(field)
        if definition is None:
            raise Rejected(f"Assets in CELUM have no field {field!r}.", code="field")
        try:
            known = await self.content.definitions.words(definition)
        except Unwritable as problem:
            raise Rejected(f"Field {field} has no words of its own: {problem}.", code="field") from problem
        return {str(id): names(name) for id, name in known.names.items()}

    @operation(effect="create", idempotent="look-up")
    async def make_tag(self, field: str, word: str) -> str:
        """The id of a tag of a field; made where it is missing. Keywords are a vocabulary of people and are not made."""
        definition = (await self.content.definitions.fields(ASSET)).get(field)
        if definition is None:
            raise Rejected(f"Assets in CELUM have no field {field!r}.", code="field")
        try:
            found = (await self.content.definitions.words(definition, [word])).find(word)
        except Unwritable as problem:
            raise Rejected(f"{word!r} cannot be made: {problem}.", code="field.value") from problem
        return str(found)

    @operation(effect="read")
    async def full_text(self, text: str, *, how: Matching = "phrase", collection: str | None = None) -> list[str]:
        """Ids of assets that hold the words in name, file name or text fields, at any depth below a collection."""
        query = {"searchText": text, "searchType": how, "parentId": collection, "recursive": True}
        return [asset_id(one) for one in await self.client.paged("assets", query)]
