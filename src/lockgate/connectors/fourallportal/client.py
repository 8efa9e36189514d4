"""4ALLPORTAL's HTTP interface in its own words: modules, objects, media, the connectors' change feed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import msgspec

from lockgate.connectors.fourallportal.conditions import above, both, one_of, portions
from lockgate.connectors.fourallportal.errors import explain
from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import ConnectorError, ContractBroken, NotFound
from lockgate.kit.http import Answer, Auth, Part, RestClient, Sent, Uploaded, segment
from lockgate.kit.services import Services

Record = dict[str, Any]
ALWAYS = ("id", "mod_time", "mod_time_img")
"""Said to be in every answer, and asked for all the same."""


class Found(msgspec.Struct):
    """One page of objects."""

    result: list[Record]
    total: int | None = None


class Feed(msgspec.Struct):
    """A connector of the portal: what its feed is about, and the hash that must be sent along."""

    hash: str
    module_name: str | None = None
    conditions: list[str] | None = None


class FeedEvent(msgspec.Struct):
    """One entry of the change feed; `event_type` 0 is gone, 1 changed, 2 new."""

    id: int
    object_id: str | int
    event_type: int = 1
    mod_time: Any = None


class PortalClient(RestClient):
    """Calls of one tenant. Errors are JSON objects with a numeric `status`, also where a list was asked for."""

    def __init__(self, site: str, auth: Auth, services: Services, quirks: Quirks) -> None:
        super().__init__(site, services, auth)
        self.quirks = quirks

    def accept(self, answer: Answer, sent: Sent) -> None:
        """A success whose body is an error object is an error. Objects have a `status` of their own, which is no number."""
        if answer.body[:1] == b"{" and b'"status"' in answer.body[:400]:
            status = self.decode(answer).get("status")
            if isinstance(status, int) and status >= 400:
                raise self.error_for(status, answer.body, sent)

    def error_for(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
        scrub = self.exchange.scrubber()
        error = explain(status, scrub.text(self.reason(body)), sent, self.quirks)
        if error is None:
            return super().error_for(status, body, sent)
        error.detail = scrub.body(body)
        return error

    # ── schema ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def module(self, name: str) -> Record:
        """A module with its fields."""
        found: Record = await self.get_json(f"/api/modules/{segment(name)}", params={"groups": "fields"}, type=Record)
        return found

    async def modules(self) -> list[Record]:
        """All modules that the role sees, without their fields (the route is inferred)."""
        found = await self.get_json("/api/modules", type=list[Record])
        return [one for one in found if one.get("name")]

    async def options(self, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Value options by list: key → label. Lists come in groups or plain."""
        if not ids:
            return {}
        found = await self.get_json("/api/system/value-options", params={"ids": list(ids)}, type=dict[str, Record])
        return {id: dict(items(told)) for id, told in found.items()}

    async def referenced_by(self, module: str) -> list[str]:
        """The link fields that lead to objects of a module, as `{module}_{field}`."""
        id = f"{module}.referenced_by"
        found = await self.get_json("/api/system/value-options", params={"ids": [id]}, type=dict[str, Record])
        return [key for key, _ in items(found.get(id) or {})]

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
        """One page of objects that meet a condition; beside what is always there only the fields asked for."""
        params: dict[str, Any] = dict.fromkeys(self.quirks.page_size_params, size or self.quirks.page_size)
        params["fields"] = list(dict.fromkeys((*ALWAYS, *fields)))
        params |= {self.quirks.search_param: condition} if condition else {}
        params |= {self.quirks.sort_param: sort} if sort else {}
        params |= {self.quirks.total_param: "true"} if total else {}
        return found(await self.get_json(f"/api/modules/{segment(module)}/objects", params=params))

    async def pages(
        self, module: str, condition: str = "", *, after: str = "", fields: Sequence[str] = ()
    ) -> AsyncIterator[Found]:
        """Pages in the order of ids, each search after the last id seen: stable while objects come and go.

        The end is an empty page: how many objects a server gives at most is not documented, so a short page means nothing.
        Only a first page that holds all there are saves that call. It alone states the total, and comes even when it is empty.
        """
        last, first = after, True
        while True:
            wanted = both(condition, above("id", last) if last else "")
            page = await self.search(module, wanted, fields=fields, sort="id,asc", total=first)
            if page.result or first:
                yield page
            if not page.result or (first and page.total is not None and page.total <= len(page.result)):
                return
            if (end := str(page.result[-1]["id"])) == last:
                raise ContractBroken(f"A search in {module} gave the same page twice.", code="search")
            last, first = end, False

    async def announced(self, module: str, *, after: str = "") -> int | None:
        """How many objects there are after an id, by the portal's own account."""
        condition = above("id", after) if after else ""
        return (await self.search(module, condition, size=1, sort="id,asc", total=True)).total

    async def having(
        self, module: str, field: str, values: Sequence[str], *, fields: Sequence[str] = ()
    ) -> dict[str, Record]:
        """All objects whose field holds one of the values, however many, by id."""
        records: dict[str, Record] = {}
        for portion in portions(values, self.quirks.ids_per_search, self.quirks.condition_length):
            async for page in self.pages(module, one_of(field, portion), fields=fields):
                records |= {str(record["id"]): record for record in page.result}
        return records

    async def get(self, module: str, id: str, fields: Sequence[str] = ()) -> Record:
        path = f"/api/modules/{segment(module)}/objects/{segment(id)}"
        record: Record = await self.get_json(path, params={"fields": [*ALWAYS, *fields]}, type=Record)
        return record

    async def patch(self, module: str, objects: Sequence[Record], *, repeatable: bool = True) -> list[str]:
        """Change objects, all or none. Ids nobody has would be created, so callers make sure that they are there."""
        path = f"/api/modules/{segment(module)}/objects"
        ids: list[str] = await self.send_json("PATCH", path, list(objects), repeatable=repeatable, type=list[str])
        return ids

    async def create(self, module: str, record: Record) -> str:
        """A new object without a file; answers its id. Never repeated blindly: whoever is in doubt looks first."""
        return the_id(await self.patch(module, [record], repeatable=False))

    async def delete(self, module: str, id: str) -> None:
        """Raises NotFound for what is gone already."""
        await self.request("DELETE", f"/api/modules/{segment(module)}/objects/{segment(id)}")

    async def history(self, module: str, id: str, condition: str, offset: int) -> Found:
        """A page of an object's history, newest entry first."""
        path = self.quirks.audit_path.format(module=segment(module), id=segment(id))
        params: dict[str, Any] = {"offset": offset, "count": self.quirks.page_size}
        params |= {self.quirks.search_param: condition} if condition else {}
        return found(await self.get_json(path, params=params))

    async def versions(self, module: str, id: str) -> list[Record]:
        """All versions of an object (the route is inferred)."""
        return found(await self.get_json(self._versions(module, id))).result

    async def take_version(self, module: str, id: str, comment: str) -> Record:
        """Keep the object as it is now. Never repeated blindly: a second one would be kept."""
        made: Record = await self.send_json(
            "POST", self._versions(module, id), {"comment": comment}, repeatable=False, type=Record
        )
        return made

    async def restore_version(self, module: str, id: str, version: str) -> None:
        """Make a version current again; a second time changes nothing."""
        await self.send_json("POST", f"{self._versions(module, id)}/{segment(version)}/restore", {}, repeatable=True)

    def _versions(self, module: str, id: str) -> str:
        return self.quirks.versions_path.format(module=segment(module), id=segment(id))

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def create_file(self, record: Record, source: FileSource) -> tuple[str, Uploaded]:
        """Upload a new file with its fields; answers its id. Never repeated blindly: whoever is in doubt looks first."""
        path = self.quirks.upload_path.format(module=segment(self.quirks.file_module))
        part = Part(name="object", content=msgspec.json.encode(record), media_type="application/json")
        sent = await self.upload("POST", path, source, field="file", parts=[part])
        return the_id(self.decode(sent.answer)), sent

    async def replace_file(self, id: str, source: FileSource) -> Uploaded:
        """Put other bytes into an existing object. Where the answer is lost they are not sent again unasked: they may have arrived."""
        path = self.quirks.replace_path.format(module=segment(self.quirks.file_module), id=segment(id))
        return await self.upload("PUT", path, source, field="file", repeatable=False)

    @asynccontextmanager
    async def media(self, module: str, id: str, usage: str) -> AsyncIterator[FileStream]:
        """A file in one usage. Whether its case matters is not known, so small letters are tried where it is not found."""
        async with AsyncExitStack() as stack:
            try:
                stream = await stack.enter_async_context(self._media(module, id, usage))
            except NotFound:
                if usage == usage.lower():
                    raise
                stream = await stack.enter_async_context(self._media(module, id, usage.lower()))
            yield stream

    def _media(self, module: str, id: str, usage: str) -> AbstractAsyncContextManager[FileStream]:
        return self.stream(f"/api/modules/{segment(module)}/objects/{segment(id)}/media/{segment(usage)}")

    # ── feed ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def feed(self, name: str) -> Feed:
        """A connector's configuration."""
        feed: Feed = await self.get_json(f"/api/connectors/{segment(name)}", type=Feed)
        return feed

    async def fed(self, name: str, ids: Sequence[str]) -> list[Record]:
        """Objects as a connector shows them: only those that meet its conditions, only its fields."""
        shown: list[Record] = []
        path = f"/api/connectors/{segment(name)}/objects"
        for portion in portions(ids, self.quirks.ids_per_search, self.quirks.condition_length):
            shown += await self.get_json(path, params={"ids": list(portion)}, type=list[Record])
        return shown

    async def events(self, name: str, hash: str, last: int) -> list[FeedEvent]:
        """Entries after the last one seen, oldest first, a thousand a call; empty at the end.

        The id sent is the last one seen: whether the server answers from it or after it is not documented, so what was
        seen is dropped. Never 0, which makes the server build its queue anew.
        """
        path = f"/api/connectors/{segment(name)}/events/{max(last, 1)}"
        events = as_events(await self.get_json(path, params={"hash": hash}))
        return sorted((event for event in events if event.id > last), key=lambda event: event.id)


def found(told: Any) -> Found:
    """The keys of a page are inferred, so both spellings are read, and a bare array."""
    page = told if isinstance(told, dict) else {"result": told}
    records, total = page.get("result"), page.get("total_count", page.get("totalCount"))
    if not isinstance(records, list) or not all(isinstance(one, dict) and "id" in one for one in records):
        raise ContractBroken("A search was answered with neither a list of objects nor a `result`.", code="search")
    return Found(records, total if isinstance(total, int) else None)


def items(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    groups = [told, *(told.get("groups") or ())]
    found = [item for group in groups for item in group.get("items") or ()]
    return [(str(item["key"]), str(item.get("label") or item["key"])) for item in found]


def as_events(told: Any) -> list[FeedEvent]:
    """Events; numbers may come as texts."""
    try:
        return msgspec.convert(told, list[FeedEvent], strict=False)
    except msgspec.ValidationError as problem:
        raise ContractBroken(
            "The feed was answered in another form than known.", code="feed", detail=str(problem)
        ) from problem


def the_id(told: Any) -> str:
    if isinstance(told, list) and len(told) == 1 and isinstance(told[0], str):
        return told[0]
    raise ContractBroken("An upload was answered without the id of the new file.", code="upload")
