"""Assets made, changed and removed as canonical words say it, for examples, tests and demos."""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lockgate.connectors.celum.sandbox.administration import Administration
from lockgate.connectors.celum.sandbox.change import save
from lockgate.connectors.celum.sandbox.content import FOLDER_OF, OTHER_FOLDER
from lockgate.connectors.celum.sandbox.definitions import (
    CAMPAIGN_ROOT,
    LANGUAGE_ROOT,
    PRODUCT_IMAGE,
    PRODUCT_MEDIA,
    TAG_ROOT,
    TAGS,
)
from lockgate.connectors.celum.sandbox.events import asset_event
from lockgate.connectors.celum.sandbox.records import ADMIN, Asset, Collection, Entry, Version
from lockgate.connectors.celum.sandbox.seed import MARKETING
from lockgate.connectors.celum.sandbox.times import iso
from lockgate.connectors.celum.sandbox.uploads import version_from
from lockgate.connectors.celum.sandbox.views import View, whole_asset
from lockgate.kit.sandbox import ActionRefused, action
from lockgate.kit.sandbox.samples import sample_file
from lockgate.kit.sandbox.words import AssetWords, given, known, said
from lockgate.model.lifecycle import Status

FIELDS = {
    "sku": 643,
    "gtin": 701,
    "family": 702,
    "description": 646,
    "cleared": 653,
    "regions": 660,
    "prohibited": 711,
    "rights_from": 704,
    "rights_until": 705,
    "statement": 706,
    "copyright": 707,
    "credit": 708,
    "subject": 670,
    "campaign": 709,
    "language": 710,
}
ROOTS = {"subject": TAG_ROOT, "campaign": CAMPAIGN_ROOT, "language": LANGUAGE_ROOT}
RELEASED = {Status.APPROVED: True, Status.DRAFT: False, Status.IN_REVIEW: False}
ENDS = {"window_from": "from", "window_until": "to"}


class Making(Administration):
    """Actions in canonical words. They leave the same events behind as the single steps would."""

    @action("Make an asset with a file, said in canonical words", takes=known(AssetWords))
    async def make_asset(self, **words: Any) -> View:
        wanted = said(AssetWords, {"title": "Asset", "status": "draft", "version": 1, **words})
        name = wanted.file if isinstance(wanted.file, str) else f"{stem(str(wanted.title))}.png"
        version = await self._drawn(name, int(str(wanted.version)))
        entry = Entry(self._empty(str(wanted.title), version), version)
        with self.state.transaction():
            self.tenant.catalog.put(entry)
        self.tenant.previews.begin(version.id)
        asset_event(self.tenant, "ASSET_CREATED", entry)
        rest = {word: value for word, value in words.items() if word not in {"title", "file", "version"}}
        return await self.change_asset(entry.asset.id, **rest)

    @action("Change an asset, said in canonical words; what is not said stays", takes=("id", *known(AssetWords)))
    async def change_asset(self, id: int, **words: Any) -> View:
        wanted = given(said(AssetWords, words))
        if isinstance(title := wanted.get("title"), str):
            self._rename(id, title)
        if "version" in wanted or "file" in wanted:
            await self._new_file(id, wanted)
        if values := {FIELDS[name]: self._value(name, wanted[name]) for name in FIELDS if name in wanted}:
            self._set_fields(id, values)
        if ends := {ENDS[name]: wanted[name] for name in ENDS if name in wanted}:
            self._set_window(id, ends)
        if (status := wanted.get("status")) is not None:
            self._set_status(id, status)
        return whole_asset(self.tenant, self._twice(id)[0])

    @action("Remove an asset")
    def remove_asset(self, id: int) -> View:
        return self.delete(id)

    async def _drawn(self, filename: str, number: int) -> Version:
        """A version that no asset has yet, with its file stored."""
        data = await asyncio.to_thread(sample_file, filename, number)
        digest = self.state.blob_put(data)
        checksum = hashlib.md5(data, usedforsecurity=False).hexdigest()
        members = {"filesize": len(data), "checksum": checksum, "digest": digest}
        return await version_from(self.tenant, self.state.blob_path(digest), filename, ADMIN, **members)

    def _empty(self, title: str, version: Version) -> Asset:
        """A new asset around this version; nothing is said of it but its name."""
        media = PRODUCT_MEDIA in self.tenant.definitions.asset_types
        version.asset_id = self.tenant.next_id()
        return Asset(
            id=version.asset_id,
            name=title,
            type_id=PRODUCT_MEDIA if media else PRODUCT_IMAGE,
            created=version.created,
            created_by=ADMIN,
            availability={"type": "DIRECT", "available": True},
            parents=[FOLDER_OF.get(version.category, OTHER_FOLDER) if media else MARKETING],
            version_id=version.id,
        )

    def _rename(self, id: int, title: str) -> None:
        before, after = self._twice(id)
        after.asset.name = title
        save(self.tenant, before, after, ADMIN, ["name"], [])

    async def _new_file(self, id: int, wanted: Mapping[str, Any]) -> None:
        filename = wanted.get("file", self._twice(id)[0].version.filename)
        data = await asyncio.to_thread(sample_file, filename, wanted.get("version", 1))
        path = self.state.blob_path(self.state.blob_put(data))
        await self.upload_version(id, str(path), filename)

    def _value(self, name: str, value: Any) -> Any:
        """The value as the field takes it."""
        if value and name == "description":
            return {"en": value}
        if value and name in ROOTS:
            return [self._tag(ROOTS[name], word) for word in value]
        return iso(value) if isinstance(value, datetime) else value

    def _tag(self, root: int, word: str) -> int:
        """The collection of this name below the root; made where there is none, as in the user interface."""
        tree = self.tenant.tree
        for node in tree.all():
            if node.parent_id == root and node.label.casefold() == word.casefold():
                return node.id
        fresh = Collection(
            id=self.tenant.next_id(),
            type_id=TAGS,
            name={"en": word},
            parent_id=root,
            created=self.tenant.now(),
            created_by=ADMIN,
        )
        tree.put(fresh)
        return fresh.id

    def _set_window(self, id: int, ends: Mapping[str, datetime | None]) -> None:
        """The end that is not named stays."""
        there = self._twice(id)[0].asset.availability
        kept = {name: there.get(name) for name in ENDS.values()}
        said_ones = {name: iso(end) if end is not None else None for name, end in ends.items()}
        self.set_availability(id, **{**kept, **said_ones})

    def _set_status(self, id: int, status: Status) -> None:
        if status not in RELEASED:
            raise ActionRefused(f"An asset of CELUM is {', '.join(one.value for one in RELEASED)}, not {status.value}.")
        self._set_released(id, released=RELEASED[status])


def stem(title: str) -> str:
    """A file name's beginning made of a title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "asset"
