"""What people do in CELUM's own user interface: release, upload, clear rights, delete."""

import asyncio
import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pycountry
from msgspec import UNSET

from lockgate.connectors.celum.sandbox.assets import remove
from lockgate.connectors.celum.sandbox.change import save, window_of
from lockgate.connectors.celum.sandbox.definitions import KEYWORDS, LOCALIZED_TYPES, REGION_ROOT, Field
from lockgate.connectors.celum.sandbox.errors import Refused
from lockgate.connectors.celum.sandbox.events import asset_event
from lockgate.connectors.celum.sandbox.records import ADMIN, Collection, Entry
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.uploads import version_from
from lockgate.connectors.celum.sandbox.values import write_operations
from lockgate.connectors.celum.sandbox.versions import attach
from lockgate.connectors.celum.sandbox.views import View, asset_view, kind_of, whole_asset
from lockgate.kit.sandbox import ActionRefused, Sandbox, action

RIGHTS = {
    "cleared": 653,
    "regions": 660,
    "restricted_regions": 711,
    "license_from": 704,
    "license_until": 705,
    "usage_terms": 706,
    "copyright": 707,
    "credit_line": 708,
}


class People(Sandbox):
    """The actions; the assets they change are marked as changed, and webhooks tell of it."""

    tenant: Tenant

    @action("Release an asset")
    def release(self, id: int) -> View:
        return self._set_released(id, released=True)

    @action("Take the release of an asset back")
    def unrelease(self, id: int) -> View:
        return self._set_released(id, released=False)

    @action("Release the oldest asset that waits for its release")
    def approve_draft(self) -> View:
        draft = self.tenant.catalog.first_draft()
        if draft is None:
            raise ActionRefused("No asset waits for its release.")
        return self._set_released(draft.asset.id, released=True)

    @action("Set when an asset is available: from, to, or both; neither makes it available without an end")
    def set_availability(self, id: int, to: str | None = None, **window: str | None) -> View:
        if unknown := set(window) - {"from"}:
            raise ActionRefused(f"set_availability takes id, from and to, not {', '.join(sorted(unknown))}.")
        given = {"from": window.get("from"), "to": to}
        dated = {"type": "DATED", **given} if any(given.values()) else {"type": "DIRECT", "available": True}
        with _said():
            before, after = self._twice(id)
            after.asset.availability = window_of(dated)
            save(self.tenant, before, after, ADMIN, ["availability"], [])
        return whole_asset(self.tenant, after)

    @action("Set rights of an asset, those given; null empties one. Regions are country codes or names")
    def set_rights(
        self,
        id: int,
        cleared: Any = UNSET,
        regions: Any = UNSET,
        restricted_regions: Any = UNSET,
        license_from: Any = UNSET,
        license_until: Any = UNSET,
        usage_terms: Any = UNSET,
        copyright: Any = UNSET,
        credit_line: Any = UNSET,
    ) -> View:
        given = {
            "cleared": cleared,
            "regions": regions,
            "restricted_regions": restricted_regions,
            "license_from": license_from,
            "license_until": license_until,
            "usage_terms": usage_terms,
            "copyright": copyright,
            "credit_line": credit_line,
        }
        return self._set_fields(id, {RIGHTS[name]: value for name, value in given.items() if value is not UNSET})

    @action("Set any information field of an asset by its number; null empties it")
    def set_field(self, id: int, field: int, value: Any = None) -> View:
        return self._set_fields(id, {int(field): value})

    @action("Upload a file from disk as the new version of an asset")
    async def upload_version(self, id: int, path: str, filename: str | None = None) -> View:
        source = Path(path)
        if not await asyncio.to_thread(source.is_file):
            raise ActionRefused(f"There is no file {path}.")
        with _said():
            self.tenant.catalog.get(_number(id))
            digest = await asyncio.to_thread(self.state.blob_put, source)
            stored = self.state.blob_path(digest)
            checksum = await asyncio.to_thread(_md5, stored)
            members = {"filesize": stored.stat().st_size, "checksum": checksum, "digest": digest}
            version = await version_from(self.tenant, stored, filename or source.name, ADMIN, **members)
            after = attach(self.tenant, self.tenant.catalog.get(_number(id)), version)
        return whole_asset(self.tenant, after)

    @action("Delete an asset everywhere")
    def delete(self, id: int) -> View:
        with _said():
            entry = self.tenant.catalog.get(_number(id))
            shown = asset_view(self.tenant, entry)
            remove(self.tenant, entry)
        return shown

    def _twice(self, id: int) -> tuple[Entry, Entry]:
        """An asset as it is, and a copy to change."""
        return self.tenant.catalog.get(_number(id)), self.tenant.catalog.get(_number(id))

    def _set_released(self, id: int, *, released: bool) -> View:
        with _said():
            before, after = self._twice(id)
            after.asset.released = released
            save(self.tenant, before, after, ADMIN, ["releaseStatus"], [])
        if released and not before.asset.released:
            asset_event(self.tenant, "ASSET_RELEASED", after)
        return whole_asset(self.tenant, after)

    def _set_fields(self, id: int, values: Mapping[int, Any]) -> View:
        with _said():
            before, after = self._twice(id)
            body = {"informationFieldValues": [self._written(field, value) for field, value in values.items()]}
            fields = write_operations(
                self.tenant, kind_of(self.tenant, after.asset), body, after.asset.fields, strict=False
            )
            save(self.tenant, before, after, ADMIN, [], fields)
        return whole_asset(self.tenant, after)

    def _written(self, id: int, value: Any) -> dict[str, Any]:
        """The change of one field as the API would be asked for it."""
        field = self.tenant.definitions.fields.get(id)
        if field is None:
            raise ActionRefused(f"There is no field {id} here.")
        if value is None or value == []:
            return {"id": id, "type": field.type, "value": {"op": "CLEAR"}}
        if field.type in LOCALIZED_TYPES:
            return {"id": id, "type": field.type, "value": {"op": "MODIFY", "set": value}}
        return {"id": id, "type": field.type, "value": {"op": "SET", "value": self._chosen(field, value)}}

    def _chosen(self, field: Field, value: Any) -> Any:
        """Keywords may be given by name; whoever works in the user interface adds a missing region first."""
        if field.definition.get("rootId") != REGION_ROOT or not isinstance(value, list):
            return value
        return [self._region(word) if isinstance(word, str) else word for word in value]

    def _region(self, word: str) -> int:
        country = pycountry.countries.get(alpha_2=word.upper())
        name = country.name if country else word
        tree = self.tenant.tree
        for node in tree.all():
            if (
                node.label.casefold() == name.casefold()
                and node.id != REGION_ROOT
                and tree.is_below(node.id, REGION_ROOT)
            ):
                return node.id
        fresh = Collection(
            id=self.tenant.next_id(),
            type_id=KEYWORDS,
            name={"en": name},
            parent_id=REGION_ROOT,
            created=self.tenant.now(),
            created_by=ADMIN,
        )
        tree.put(fresh)
        return fresh.id


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """What CELUM refuses, in a sentence for people."""
    try:
        yield
    except Refused as refusal:
        raise ActionRefused(f"{refusal}.") from refusal


def _number(id: object) -> int:
    if not str(id).isdecimal():
        raise ActionRefused(f"id must be the number of an asset, not {id!r}.")
    return int(str(id))


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
