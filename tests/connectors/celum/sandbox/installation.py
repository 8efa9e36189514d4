"""A served CELUM sandbox as a test uses it: calls over real HTTP, and the control API."""

import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from lockgate.connectors.celum.sandbox import CelumSandbox

API = "/content-api/v1"
HERO, SECOND = 2774, 2775
PLACEHOLDER, LOCKED, EXPIRED, UNRELEASED, TWO_PARENTS, THREE_VERSIONS, NEVER_MODIFIED = range(2326, 2333)
MARKETING, CAMPAIGNS = 4700, 4711
JPEG = "image/jpeg"


@dataclass
class Answer:
    """What came back; `body` is decoded where it is JSON."""

    status: int
    body: Any
    headers: Any

    @property
    def fault(self) -> dict[str, Any]:
        """The only fault of an error body."""
        (fault,) = self.body["faults"]
        assert isinstance(fault, dict)
        return fault


@dataclass
class Celum:
    sandbox: CelumSandbox
    url: str
    http: aiohttp.ClientSession

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A call with the API key; headers are written with underscores."""
        sent = {"X-API-KEY": "demo-key"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.send(method, f"{self.url}{API}{path}", json=body, headers=sent)

    async def send(self, method: str, url: str, **options: Any) -> Answer:
        """A call to any address, just as it is given."""
        async with self.http.request(method, url, **options) as answer:
            raw = await answer.read()
            body = json.loads(raw) if answer.content_type == "application/json" and raw else raw
            return Answer(answer.status, body, answer.headers)

    async def good(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The body of a call that must succeed."""
        answer = await self.call(method, path, body, **headers)
        assert 200 <= answer.status < 300, answer.body
        return answer.body

    async def get(self, path: str) -> Any:
        return await self.good("GET", path)

    async def asset(self, id: int) -> Any:
        return await self.get(f"/assets/{id}")

    async def values(self, id: int) -> dict[int, Any]:
        """Field values of an asset that are not empty, by field."""
        (group, *more) = (await self.asset(id))["informationFieldValueSets"]
        entries = [entry for one in (group, *more) for entry in one["informationFieldValues"]]
        return {entry["field"]["id"]: entry["value"] for entry in entries if "value" in entry}

    async def search(self, filter: Any, **more: Any) -> Any:
        return await self.good("POST", "/assets/search", {"filter": filter, "pagination": {"size": 200}, **more})

    async def found(self, filter: Any, **more: Any) -> list[int]:
        """Ids of the first page, in order."""
        return [asset["id"] for asset in (await self.search(filter, **more))["content"]]

    async def upload(self, data: bytes, filename: str = "hero.jpg") -> str:
        """Reserve an upload, send the bytes; the handle that is ready to be used."""
        reserved = await self.good("POST", "/upload", {"filename": filename, "filesize": len(data)})
        assert (await self.send("POST", reserved["url"], data=data)).status == 200
        return str(reserved["handle"])

    async def create(self, **members: Any) -> Any:
        return await self.good("POST", "/assets", {"name": "Made", "parentId": CAMPAIGNS, "typeId": 2200, **members})

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """A call to the control API that must succeed."""
        answer = await self.send(method, f"{self.url}/__sandbox/{path}", json=body)
        assert answer.status in {200, 204}, answer.body
        return answer.body

    async def act(self, action: str, **arguments: Any) -> Any:
        return await self.control("POST", f"actions/{action}", arguments)

    async def pass_time(self, **time: float) -> None:
        seconds = time.get("hours", 0) * 3600 + time.get("seconds", 0)
        await self.control("PUT", "clock", {"advance_seconds": seconds})


@dataclass
class Receiver:
    """Takes webhooks. `answers` are the statuses of the next calls, then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.raw]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def one(self, type: str) -> dict[str, Any]:
        """The only event of a type."""
        (event,) = [event for event in self.events if event["type"] == type]
        return event

    async def take(self, request: web.Request) -> web.Response:
        self.raw.append(await request.read())
        self.headers.append(dict(request.headers))
        return web.Response(status=self.answers.pop(0) if self.answers else 204)
