"""Our assets: made, given new versions, their fields set, hidden, shown, removed. Our key is what they are found by."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.celum.client import CelumWriter
from lockgate.connectors.celum.client.calls import ASSET, Asset
from lockgate.connectors.celum.client.writes import Sent
from lockgate.connectors.celum.definitions import Definitions
from lockgate.connectors.celum.form import Form, Plain
from lockgate.connectors.celum.joining import Keys
from lockgate.connectors.celum.mapping import asset_id, revision
from lockgate.connectors.celum.settings import CelumSettings
from lockgate.kit.contract import FileSource, Held, Receipt, Write
from lockgate.kit.errors import Conflict, ConnectorError, ContractBroken, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.together import apart, together
from lockgate.kit.transfer import digest
from lockgate.model.item import UND, pick

Answer = Receipt | ConnectorError
OFF: Mapping[str, Any] = {"type": "DIRECT", "available": False}
ON: Mapping[str, Any] = {"type": "DIRECT", "available": True}
TITLE = "title"
"""Without a field of its own in the profile it is the asset's name."""


class Copies:
    """Writes assets for one connection."""

    def __init__(self, client: CelumWriter, definitions: Definitions, form: Form, settings: CelumSettings) -> None:
        self.client, self.definitions, self.form, self.settings = client, definitions, form, settings
        self.keys = Keys(ASSET, client, definitions)

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────

    async def held(self, keys: Sequence[str]) -> dict[str, Held]:
        """Our assets by our key, with the collections they were put into beside the one for uploads, and related assets."""
        found = await self.keys.found(keys)
        links = await together(self.links(asset) for asset in found.values())
        return {
            key: await self._as_held(key, asset, linked)
            for (key, asset), linked in zip(found.items(), links, strict=True)
        }

    async def _as_held(self, key: str, asset: Asset, links: tuple[str, ...]) -> Held:
        version = asset.get("currentVersion") or {}
        length = version.get("filesize")
        return Held(
            key=key,
            ref=asset_id(asset),
            revision=revision(asset),
            fields={TITLE: {UND: str(asset.get("name") or "")}, **await self.form.held(asset)},
            length=length if isinstance(length, int) else None,
            hidden=is_off(asset),
            links=links,
        )

    async def links(self, asset: Asset) -> tuple[str, ...]:
        """Ids of the collections it is in beside its home, and of the assets that have a relation to it."""
        home = self.settings.upload_collection or self.settings.collection
        collections = [str(one) for one in asset.get("parentIds") or () if one != home]
        related = await self.client.paged("relations", {"assetId": asset["id"], "direction": "TARGET_TO_SOURCE"})
        sources = [str(one["sourceAsset"]["id"]) for one in related if (one.get("sourceAsset") or {}).get("id")]
        return tuple(dict.fromkeys([*collections, *sources]))

    def as_held(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """What `held` gives for these fields once they are written. Known once `held` or `upsert` was called."""
        found = self.form.as_held(fields)
        if TITLE in fields and TITLE not in found:
            found[TITLE] = {UND: name_of(fields) or ""}
        return found

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def upsert(self, writes: Sequence[Write]) -> list[Answer]:
        """Each looked up by our key first, also where its id is known: one that lost our key is not ours any more."""
        known = await self.keys.found([write.key for write in writes])
        return await apart(self._write(write, known.get(write.key)) for write in writes)

    async def _write(self, write: Write, asset: Asset | None) -> Receipt:
        if asset is None and write.ref is not None:
            raise NotFound(f"{self.client.services.connection} holds no asset under our key {write.key}.")
        plain = await self.form.plain(write.fields)
        if asset is None:
            return await self._create(write, plain)
        sent = await self._renew(asset, write.file) if write.file is not None else None
        changed = await self._change(asset, write, plain)
        return self._receipt(write.key, changed or asset, sent, revised=changed is not None or sent is None)

    async def _create(self, write: Write, plain: Plain) -> Receipt:
        """With a file, or as a placeholder without one."""
        body: dict[str, Any] = {"parentId": self._home(), "typeId": await self._type()}
        body["informationFieldValues"] = [await self.keys.entry(write.key), *self.form.created(plain)]
        named = name_of(write.fields) if TITLE not in plain else None
        if named or write.file is None:
            body["name"] = named or write.key
        sent = None if write.file is None else await self.client.put(write.file)
        if sent is not None:
            body["uploadHandle"] = sent.handle
        try:
            asset = await self.client.create("assets", body)
        except (Transient, ContractBroken):
            # The answer is lost, not necessarily the asset: whoever holds our key was made by this very call.
            found = (await self.keys.found([write.key])).get(write.key)
            if found is None:
                raise
            asset = found
        return self._receipt(write.key, asset, sent, created=True)

    async def _renew(self, asset: Asset, file: FileSource) -> Sent:
        """The file as a new version, which becomes the current one. Where the answer is lost, the file is read back."""
        sent = await self.client.put(file)
        body = {"filename": sent.filename, "uploadHandle": sent.handle}
        try:
            await self.client.create(f"assets/{asset['id']}/versions", body)
        except NeedsOperator as refused:
            raise await self.client.why(asset["id"], refused) from refused
        except (Transient, ContractBroken):
            now = (await self.client.asset(asset["id"])).get("currentVersion") or {}
            before = (asset.get("currentVersion") or {}).get("id")
            if now.get("id") == before or await self.digest(str(asset["id"])) != sent.sha256:
                raise
        return sent

    async def _change(self, asset: Asset, write: Write, plain: Plain) -> Asset | None:
        """Fields and name, those that differ; None when nothing does."""
        body: dict[str, Any] = {}
        if entries := self.form.changed(plain, asset):
            body["informationFieldValues"] = entries
        named = name_of(write.fields) if TITLE not in plain else None
        if named and named != asset.get("name"):
            body["name"] = named
        return await self.client.change_asset(asset["id"], body) if body else None

    def _home(self) -> int:
        place = self.settings.upload_collection or self.settings.collection
        if place is None:
            raise NeedsOperator(
                f"{self.client.services.connection} does not say where new assets go: set `upload_collection` to a "
                "collection that takes assets.",
                code="upload_collection",
            )
        return place

    async def _type(self) -> int:
        return self.settings.asset_type or await self.definitions.asset_type()

    def _receipt(
        self, key: str, asset: Asset, sent: Sent | None, *, created: bool = False, revised: bool = True
    ) -> Receipt:
        id = asset_id(asset)
        return Receipt(
            key=key,
            ref=id,
            revision=revision(asset) if revised else "",
            created=created,
            sha256=sent.sha256 if sent else None,
            bytes=sent.bytes if sent else 0,
            url=self.client.quirks.asset_page.replace("{id}", id) or None,
        )

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def digest(self, ref: str, algorithm: str = "sha256") -> str | None:
        """By reading the original of the current version; None where there is no file."""
        formats = [one for one in await self.client.formats() if one.get("original") is True]
        try:
            asset = await self.client.asset(ref)
        except NotFound:
            return None
        version = asset.get("currentVersion") or {}
        if not formats or version.get("fileCategory") == "PLACEHOLDER" or version.get("id") is None:
            return None
        async with self.client.download(ref, str(formats[0]["id"]), str(version["id"])) as stream:
            return (await digest(stream, algorithm))[0]

    # ── states ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def withdraw(self, refs: Sequence[str], policy: str) -> list[Answer]:
        """`hide` switches the availability off; `remove` deletes the asset with all its versions. Ours only."""
        work = self._remove if policy == "remove" else self._hide
        return await apart(work(ref) for ref in refs)

    async def show(self, refs: Sequence[str]) -> list[Answer]:
        """Available again, without dates; one that is available already stays as it is."""
        return await apart(self._available(ref, off=False) for ref in refs)

    async def _hide(self, ref: str) -> Receipt:
        return await self._available(ref, off=True)

    async def _available(self, ref: str, *, off: bool) -> Receipt:
        asset = await self._ours(ref)
        if is_off(asset) != off:
            await self.client.change_asset(ref, {"availability": OFF if off else ON})
            asset = await self.client.asset(ref)
        if is_off(asset) != off:
            raise Conflict(f"The availability of asset {ref} did not stay as written; it is tried again.")
        return Receipt(key=ref, ref=ref, revision=revision(asset))

    async def _remove(self, ref: str) -> Receipt:
        try:
            asset = await self._ours(ref)
        except NotFound:
            return Receipt(key=ref, ref=ref)
        try:
            await self.client.remove(f"assets/{asset['id']}")
        except NeedsOperator as refused:
            raise await self.client.why(ref, refused) from refused
        return Receipt(key=ref, ref=ref)

    async def _ours(self, ref: str) -> Asset:
        """An asset that carries our key. Raises NotFound, and Rejected where it is somebody else's."""
        asset = await self.client.asset(ref)
        if not await self.keys.of(asset):
            raise Rejected(f"Asset {ref} does not carry our key: it is not ours to change.", code="not_ours")
        return asset


def is_off(asset: Mapping[str, Any]) -> bool:
    stated = asset.get("availability") or {}
    return stated.get("type") == "DIRECT" and stated.get("available") is not True


def name_of(fields: Mapping[str, Any]) -> str | None:
    """The title as an asset's name, which is one text without a language."""
    told = fields.get(TITLE)
    text = pick({str(tag): str(one) for tag, one in told.items() if one}) if isinstance(told, dict) else told
    return str(text).strip() or None if text else None
