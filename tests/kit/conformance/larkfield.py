"""The connector of Larkfield, a vendor that does not exist."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec

from lockgate.kit.contract import (
    Connector,
    FileStream,
    Held,
    HookRequest,
    Link,
    Page,
    Receipt,
    Ref,
    Secret,
    Settings,
    SystemInfo,
    Write,
    operation,
    setting,
)
from lockgate.kit.errors import Conflict, ConnectorError, NotFound, Rejected
from lockgate.kit.http import Bearer, RestClient
from lockgate.kit.paging import by_key
from lockgate.kit.profile import FieldInfo, Profile, Schema, schema_of
from lockgate.kit.services import Services
from lockgate.kit.transfer import digest
from lockgate.model.event import Event, changed
from lockgate.model.item import Item, Rendition

from .larkfield_sandbox import signature


class LarkfieldSettings(Settings):
    url: str = setting("Address")
    token: Secret = setting("API token")


class Larkfield(Connector[LarkfieldSettings]):
    id = "larkfield"
    title = "Larkfield"
    kinds = ("asset",)
    settings_type = LarkfieldSettings
    withdraw_policies = ("hide",)

    def __init__(self, settings: LarkfieldSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.client = RestClient(settings.url, services, Bearer(settings.token))

    async def __aexit__(self, *exc: object) -> None:
        await self.client.close()

    async def check(self) -> SystemInfo:
        me = await self.client.get_json("/me")
        return SystemInfo(product=me["product"], account=me["user"])

    async def schema(self) -> Schema:
        kinds = await self.client.get_json("/schema", type=dict[str, tuple[FieldInfo, ...]])
        return schema_of(kinds)

    # ── source ───────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:  # noqa: ARG002 (it has one kind)
        async def read(last: str | None) -> list[dict[str, Any]]:
            return list(await self.client.get_json("/assets", params={"after": last}))

        async for records in by_key(read, key=lambda record: str(record["id"]), after=after):
            yield Page([Ref(one["id"], str(one["rev"])) for one in records], cursor=records[-1]["id"])

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        records = await self.client.get_json("/assets", params={"id": ids}) if ids else []
        return [self.item(kind, record) for record in records]

    def item(self, kind: str, record: Mapping[str, Any]) -> Item:
        file = record.get("file")
        original = Rendition(
            name="original",
            filename="larch.png",
            address=record["id"],
            version=file or "",
            length=record.get("size"),
            digest=f"sha256:{file}",
        )
        return Item(
            system=self.services.connection,
            kind=kind,
            id=record["id"],
            revision=str(record["rev"]),
            renditions=(original,) if file else (),
        )

    @operation(effect="read")
    def open(self, item_id: str, rendition: Rendition) -> AbstractAsyncContextManager[FileStream]:
        return self.client.stream(f"/assets/{item_id}/file", params={"version": rendition.version})

    @operation(effect="read")
    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        while True:
            page = await self.client.get_json("/changes", params={"after": after})
            after = str(page["last"])
            yield Page([changed(kind, one["id"]) for one in page["changes"]], cursor=after)
            if not page["changes"]:
                return

    @operation(effect="read")
    def receive(self, request: HookRequest) -> list[Event]:
        if request.headers.get("x-signature") != signature(self.services.hook_secret, request.body):
            raise Rejected("The webhook is not signed with our secret.")
        try:
            body = msgspec.json.decode(request.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise Rejected("The webhook is no JSON.") from problem
        return [changed("asset", body["id"])] if body["type"] == "changed" else []

    # ── target ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def by_key(self, key: str) -> dict[str, Any] | None:
        found = await self.client.get_json("/assets", params={"ours": key})
        return dict(found[0]) if found else None

    @operation(effect="read")
    async def find(self, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for shelf in await self.client.get_json("/shelves"):
            if kind == "shelf" and shelf[by] in values:
                found.setdefault(shelf[by], []).append(shelf["id"])
        return found

    @operation(effect="read")
    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:  # noqa: ARG002 (it has one kind)
        records = await self.client.get_json("/assets", params={"ours": keys})
        shelves = await self.client.get_json("/shelves")
        return {
            one["ours"]: Held(
                key=one["ours"],
                ref=one["id"],
                revision=str(one["rev"]),
                fields={"title": one["title"]},
                length=one.get("size"),
                hidden=one["hidden"],
                links=tuple(shelf["id"] for shelf in shelves if one["id"] in shelf["images"]),
            )
            for one in records
        }

    @operation(effect="read")
    async def file_digest(self, kind: str, ref: str, algorithm: str = "sha256") -> str | None:  # noqa: ARG002 (it has one kind)
        try:
            async with self.client.stream(f"/assets/{ref}/file") as stream:
                return (await digest(stream, algorithm))[0]
        except NotFound:
            return None

    @operation(effect="upsert", idempotent="key")
    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:  # noqa: ARG002
        return [await self.one(write) for write in writes]

    async def one(self, write: Write) -> Receipt | ConnectorError:
        try:
            return await self.write(write)
        except ConnectorError as error:
            return error

    async def write(self, write: Write) -> Receipt:
        ref, created = write.ref, False
        if ref is None:
            ref, created = await self.created(write)
        if not created:
            await self.client.send_json("PATCH", f"/assets/{ref}", dict(write.fields), repeatable=True)
        sha, size = None, 0
        if write.file is not None:
            sent = await self.client.upload("PUT", f"/assets/{ref}/file", write.file)
            self.client.decode(sent.answer)
            sha, size = sent.sha256, sent.bytes
        return Receipt(key=write.key, ref=ref, created=created, sha256=sha, bytes=size)

    async def created(self, write: Write) -> tuple[str, bool]:
        if (known := await self.by_key(write.key)) is not None:
            return str(known["id"]), False
        try:
            made = await self.client.send_json("POST", "/assets", {"ours": write.key, **write.fields})
        except Conflict:
            return await self.created(write)
        return str(made["id"]), True

    @operation(effect="link")
    async def link(self, links: Sequence[Link]) -> list[Receipt | ConnectorError]:
        for one in links:
            method = "PUT" if one.present else "DELETE"
            await self.client.request(method, f"/shelves/{one.id}/images/{one.ref}")
        return [Receipt(key="", ref=one.ref) for one in links]

    @operation(effect="withdraw")
    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:  # noqa: ARG002
        return [await self.set_hidden(ref, True) for ref in refs]

    @operation(effect="withdraw")
    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:  # noqa: ARG002
        return [await self.set_hidden(ref, False) for ref in refs]

    async def set_hidden(self, ref: str, hidden: bool) -> Receipt | ConnectorError:
        try:
            await self.client.send_json("PATCH", f"/assets/{ref}", {"hidden": hidden}, repeatable=True)
        except NotFound as error:
            return error
        return Receipt(key="", ref=ref)
