"""A caller that speaks the portal's language over real HTTP."""

import io
import json
from dataclasses import dataclass
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy

KEY = "75d6a19f-7e44-4ae5-b81f-7292bc9f774d"
COFFEE_MAKER = "2f0f2c0e-5c4b-4a35-9d2b-0a4f7f6f1c11"
PRODUCTS = "/api/modules/product/objects"
FILES = "/api/modules/file/objects"
FOLDERS = "/api/modules/folder/objects"


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """Calls one sandbox with a key."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.changed = False
        """Whether a call that may change something has succeeded."""
        self._session = session

    async def __call__(self, method: str, path: str, *, key: str | None = KEY, **request: Any) -> Answer:
        headers = dict(request.pop("headers", {}))
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        async with self._session.request(method, self.url + path, headers=headers, **request) as answer:
            self.changed |= method != "GET" and answer.status < 400
            return Answer(answer.status, answer.headers, await answer.read())

    async def ok(self, method: str, path: str, **request: Any) -> Any:
        """The JSON of a call that must succeed."""
        answer = await self(method, path, **request)
        assert answer.status in {200, 201, 204}, (answer.status, answer.body)
        return answer.json if answer.body else None

    async def refused(self, status: int, method: str, path: str, **request: Any) -> str:
        """The message of a call that must be refused so, in the portal's form."""
        answer = await self(method, path, **request)
        assert answer.status == status, (answer.status, answer.body)
        body = answer.json
        assert body["status"] == status
        assert body["path"] == path.partition("?")[0]
        assert {"timestamp", "error", "message"} <= body.keys()
        return str(body["message"])

    async def find(self, query: str, module: str = "product", **parameters: Any) -> list[dict[str, Any]]:
        found = await self.ok(
            "GET", f"/api/modules/{module}/objects", params={"query": query, "limit": 250, **parameters}
        )
        result: list[dict[str, Any]] = found["result"]
        return result

    async def numbers(self, query: str) -> set[str]:
        """Article numbers of the products a condition finds."""
        return {value(one, "article_number") for one in await self.find(query)}

    async def product(self, number: str, **fields: Any) -> str:
        """Create a product with values without dimensions."""
        sent = {"article_number": number, **fields}
        ids = await self.ok("PATCH", PRODUCTS, json=[{name: [{"value": one}] for name, one in sent.items()}])
        return str(ids[0])

    async def set(self, id: str, **fields: Any) -> None:
        await self.ok("PATCH", PRODUCTS, json=[{"id": id, **{name: [{"value": one}] for name, one in fields.items()}}])

    async def upload(self, content: bytes, name: str, media_type: str, sent: dict[str, Any] | None = None) -> Answer:
        return await self("POST", FILES, data=form(content, name, media_type, sent))

    async def uploaded(self, content: bytes, name: str, media_type: str, sent: dict[str, Any] | None = None) -> str:
        answer = await self.upload(content, name, media_type, sent)
        assert answer.status == 201, answer.body
        return str(answer.json[0])

    async def hash(self, connector: str) -> str:
        return str((await self.ok("GET", f"/api/connectors/{connector}"))["hash"])

    async def events(self, connector: str, start: int = 1, hash: str | None = None) -> list[dict[str, Any]]:
        used = hash or await self.hash(connector)
        events: list[dict[str, Any]] = await self.ok("GET", f"/api/connectors/{connector}/events/{start}?hash={used}")
        return events

    async def last_event(self, connector: str) -> int:
        return max((event["id"] for event in await self.events(connector)), default=0)

    async def news(self, connector: str, after: int) -> list[tuple[str, int, int]]:
        """(object, object type, event type) of the events above a number."""
        events = await self.events(connector, after + 1)
        return [(one["object_id"], one["object_type"], one["event_type"]) for one in events]

    async def options(self, **changes: Any) -> None:
        await self.ok("PUT", "/__sandbox/options", json=changes)

    async def act(self, action: str, /, **arguments: Any) -> Any:
        return await self.ok("POST", f"/__sandbox/actions/{action}", json=arguments)


def value(found: dict[str, Any], field: str) -> Any:
    """The value of a field without dimensions."""
    (entry,) = found[field]
    return entry["value"]


def form(content: bytes, name: str, media_type: str, sent: dict[str, Any] | None = None) -> aiohttp.FormData:
    parts = aiohttp.FormData(quote_fields=False)
    if sent is not None:
        parts.add_field("object", json.dumps(sent), content_type="application/json")
    parts.add_field("file", io.BytesIO(content), filename=name, content_type=media_type)
    return parts
