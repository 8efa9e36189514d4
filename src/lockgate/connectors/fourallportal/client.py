"""4ALLPORTAL's HTTP interface in its own words: modules, objects, media, the connectors' change feed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

import msgspec

from lockgate.connectors.fourallportal.conditions import above, literal, one_of
from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import ConnectorError, ContractBroken, Rejected
from lockgate.kit.http import Answer, Bearer, Part, RestClient, Sent, Uploaded, segment
from lockgate.kit.services import Services

Record = dict[str, Any]
NOBODY = "00000000-0000-0000-0000-000000000000"
EVENTS_A_CALL = 1000


class Found(msgspec.Struct):
    """One page of objects. The keys are inferred, so a reader takes both spellings, and a bare array."""

    result: list[Record]
    total: int | None = None


class FeedConfig(msgspec.Struct):
    """A connector of the portal: what its feed is about, and the hash that must be sent along."""

    hash: str
    module_name: str = ""


class FeedEvent(msgspec.Struct):
    """One entry of the change feed; `event_type` 0 is gone, 1 changed, 2 new."""

    id: int
    object_id: str
    event_type: int = 1
    mod_time: str = ""


class PortalClient(RestClient):
    """Calls of one tenant. Errors are JSON objects with a numeric `status`, also where a list was asked for."""

    # 409: a unique value that is taken, a status step that is not allowed, a deleted object
    errors: ClassVar[Mapping[int, type[ConnectorError]]] = {409: Rejected}

    def __init__(self, site: str, key: str, services: Services, quirks: Quirks) -> None:
        super().__init__(site, services, Bearer(key))
        self.quirks = quirks

    def accept(self, answer: Answer, sent: Sent) -> None:
        """A success whose body is an error object is an error."""
        if answer.body[:1] == b"{" and b'"status"' in answer.body[:400]:
            told = self.decode(answer)
            if isinstance(status := told.get("status"), int) and status >= 400:
                raise self.error_for(status, answer.body, sent)

    # ── schema ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def module(self, name: str) -> Record:
        """A module with its fields."""
        found: Record = await self.get_json(f"/api/modules/{segment(name)}", params={"groups": "fields"}, type=Record)
        return found

    async def options(self, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Value options by list: key → label. Lists come in groups or plain."""
        found = await self.get_json("/api/system/value-options", params={"ids": list(ids)}, type=dict[str, Record])
        return {id: dict(items(told)) for id, told in found.items()}

    async def connectors(self) -> Any:
        """The connectors configured in the portal; the cheapest call that needs a good key."""
        return await self.get_json("/api/connectors")

    # ── objects ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def search(
        self,
        module: str,
        condition: str = "",
        *,
        fields: Sequence[str] = (),
        size: int | None = None,
        sort: str = "",
        total: bool = False,
    ) -> Found:
        """One page of objects that meet a condition; without `fields` all fields that hold something."""
        size = size or self.quirks.page_size
        params: dict[str, Any] = dict.fromkeys(self.quirks.page_size_params, size)
        params |= {self.quirks.search_param: condition} if condition else {}
        params |= {self.quirks.sort_param: sort} if sort else {}
        params |= {"fields": list(fields)} if fields else {}
        params |= {"totalCount": "true"} if total else {}
        return found(await self.get_json(f"/api/modules/{segment(module)}/objects", params=params))

    async def having(
        self, module: str, field: str, values: Sequence[str], *, fields: Sequence[str] = ()
    ) -> list[Record]:
        """All objects whose field holds one of the values, however many; each once."""
        records: dict[str, Record] = {}
        step = self.quirks.ids_per_search
        for start in range(0, len(values), step):
            wanted = one_of(field, values[start : start + step])
            async for page in self.pages(module, wanted, fields=fields):
                records |= {record["id"]: record for record in page.result}
        return list(records.values())

    async def pages(
        self, module: str, condition: str = "", *, after: str = "", fields: Sequence[str] = (), total: bool = False
    ) -> AsyncIterator[Found]:
        """Pages in the order of ids, each search after the last id seen: stable while objects come and go."""
        while True:
            parts = [f"({condition})" if condition else "", above("id", after) if after else ""]
            wanted = " AND ".join(part for part in parts if part)
            page = await self.search(module, wanted, fields=fields, sort="id,asc", total=total)
            if page.result:
                yield page
            if len(page.result) < self.quirks.page_size:
                return
            after, total = str(page.result[-1]["id"]), False

    async def knows_conditions(self, module: str) -> bool:
        """Whether conditions are understood: one that nothing meets finds nothing. A server that ignores them finds all."""
        return not (await self.search(module, f"id = {literal(NOBODY)}", size=1)).result

    async def get(self, module: str, id: str, fields: Sequence[str] = ()) -> Record:
        path = f"/api/modules/{segment(module)}/objects/{segment(id)}"
        record: Record = await self.get_json(path, params={"fields": list(fields)}, type=Record)
        return record

    async def patch(self, module: str, objects: Sequence[Record]) -> list[str]:
        """Change objects, all or none; repeating it changes nothing more."""
        ids: list[str] = await self.send_json(
            "PATCH", f"/api/modules/{segment(module)}/objects", list(objects), repeatable=True, type=list[str]
        )
        return ids

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def create_file(self, record: Record, source: FileSource) -> tuple[str, Uploaded]:
        """Upload a new file with its fields; answers its id. Never repeated blindly: whoever is in doubt looks first."""
        path = self.quirks.upload_path.format(module=segment(self.quirks.file_module))
        part = Part(name="object", content=msgspec.json.encode(record), media_type="application/json")
        sent = await self.upload("POST", path, source, field="file", parts=[part])
        return the_id(self.decode(sent.answer)), sent

    async def replace_file(self, id: str, source: FileSource) -> Uploaded:
        """Put other bytes into an existing object."""
        path = self.quirks.replace_path.format(module=segment(self.quirks.file_module), id=segment(id))
        return await self.upload("PUT", path, source, field="file")

    def media(self, module: str, id: str, usage: str) -> AbstractAsyncContextManager[FileStream]:
        return self.stream(f"/api/modules/{segment(module)}/objects/{segment(id)}/media/{segment(usage)}")

    # ── feed ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def feed(self, name: str) -> FeedConfig:
        """A connector's configuration."""
        config: FeedConfig = await self.get_json(f"/api/connectors/{segment(name)}", type=FeedConfig)
        return config

    async def events(self, name: str, hash: str, last: int) -> list[FeedEvent]:
        """Entries after the last one seen, oldest first; empty at the end.

        The id sent is the last one seen: whether the server answers from it or after it is not documented, so what was
        seen is dropped. Never 0, which makes the server build its queue anew.
        """
        path = f"/api/connectors/{segment(name)}/events/{max(last, 1)}"
        events = await self.get_json(path, params={"hash": hash}, type=list[FeedEvent])
        return sorted((event for event in events if event.id > last), key=lambda event: event.id)

    def error_for(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
        """409 on the feed means that the connector was configured anew; the caller reads the new hash."""
        error = super().error_for(status, body, sent)
        if status == 409 and "/events/" in sent.what:
            error.code = "feed.changed"
        elif status == 409 and "ransition" in error.sentence:
            error.code = "status.step"
        return error


def found(told: Any) -> Found:
    if isinstance(told, list):
        return Found(told)
    if isinstance(told, dict) and isinstance(told.get("result"), list):
        return Found(told["result"], told.get("total_count", told.get("totalCount")))
    raise ContractBroken("A search was answered with neither a list nor a `result`.", code="search")


def items(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    groups = [told, *told.get("groups", ())]
    return [
        (str(item["key"]), str(item.get("label", item["key"]))) for group in groups for item in group.get("items", ())
    ]


def the_id(told: Any) -> str:
    if isinstance(told, list) and len(told) == 1 and isinstance(told[0], str):
        return told[0]
    raise ContractBroken("An upload was answered without the id of the new file.", code="upload")
