"""Both sandboxes as processes of their own: what people do in them, and what can be read of them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from lockgate.kit.sandbox.process import SandboxProcess, spawn

CELUM_KEY, PORTAL_KEY = "key-of-celum", "75d6a19f-7e44-4ae5-b81f-7292bc9f774d"
PAGE = 200


class Refused(Exception):
    """A system or Lockgate answered something else than it was asked for."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


async def call(
    http: aiohttp.ClientSession, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> Any:
    """The decoded answer, None for an empty one. Raises Refused, and what aiohttp raises."""
    text = isinstance(body, str)
    sent: dict[str, Any] = {"data": body} if text else {"json": body} if body is not None else {}
    async with http.request(method, url, headers=headers, **sent) as answer:
        raw = await answer.read()
        if not answer.ok:
            raise Refused(f"{method} {url} answered {answer.status}: {raw[:500]!r}", answer.status)
        return msgspec.json.decode(raw) if raw else None


@dataclass
class System:
    """One sandbox: its control API."""

    process: SandboxProcess
    http: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return self.process.url

    async def control(self, method: str, what: str, body: Any = None) -> Any:
        return await call(self.http, method, f"{self.url}/__sandbox/{what}", body)

    async def act(self, action: str, **arguments: Any) -> Any:
        """What a person does in the vendor's own user interface; no fault is ever in its way."""
        return await self.control("POST", f"actions/{action}", arguments)

    async def faults(self, *rules: Mapping[str, Any]) -> None:
        """These faults from now on; none ends all of them."""
        await self.control("PUT", "faults", list(rules))

    async def announce_to(self, url: str, secret: str | None) -> None:
        """Send webhooks there."""
        await self.control("PUT", "webhook", {"url": url, "secret": secret})

    async def deliveries(self, since: int = 0) -> list[dict[str, Any]]:
        """Every attempt to deliver a webhook after that one, oldest first: n, at, type, attempt, status, body."""
        return list(await self.control("GET", f"deliveries?since={since}"))

    async def webhooks_waiting(self) -> int:
        return int((await self.control("GET", "waiting"))["webhooks"])


class Celum(System):
    """The DAM."""

    async def get(self, path: str) -> Any:
        return await call(self.http, "GET", f"{self.url}/content-api/v1/{path}", headers={"X-API-KEY": CELUM_KEY})

    async def assets(self) -> list[dict[str, Any]]:
        """All assets with their field values, as the vendor shows them."""
        ids, page = [], 1
        while found := (await self.get(f"assets?recursive=true&page={page}&size={PAGE}"))["content"]:
            ids += [one["id"] for one in found]
            page += 1
        return [await self.get(f"assets/{id}") for id in ids]


class Portal(System):
    """The PIM with its own DAM."""

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {PORTAL_KEY}"}
        return await call(self.http, method, f"{self.url}/api/{path}", body, headers)

    async def objects(self, module: str) -> list[dict[str, Any]]:
        """All objects of a module, as the vendor shows them."""
        found: list[dict[str, Any]] = []
        while True:
            path = f"modules/{module}/objects?limit={PAGE}&count={PAGE}&offset={len(found)}"
            page = (await self.call("GET", path))["result"]
            found += page
            if len(page) < PAGE:
                return found

    async def content(self, id: str) -> bytes:
        """The original file of an object."""
        headers = {"Authorization": f"Bearer {PORTAL_KEY}"}
        url = f"{self.url}/api/modules/file/objects/{id}/media/original"
        async with self.http.get(url, headers=headers) as answer:
            raw = await answer.read()
            if not answer.ok:
                raise Refused(f"{url} answered {answer.status}", answer.status)
            return raw

    async def history(self, id: str) -> list[dict[str, Any]]:
        """Changes of a file object's fields, newest first; of deleted ones, too."""
        return list((await self.call("GET", f"modules/file/objects/{id}/audit?limit=1000&count=1000"))["result"])

    async def binaries(self) -> list[dict[str, Any]]:
        """Every file that was ever put in, oldest first: n, at, by, id, sha256, bytes."""
        return list(await self.act("binaries"))


@asynccontextmanager
async def systems(
    content: Path, assets: int, seed: int, http: aiohttp.ClientSession
) -> AsyncIterator[tuple[Celum, Portal]]:
    """Start both over the same content."""
    fast = {"preview_seconds": 0.01}
    given: dict[str, Any] = {"content": content, "assets": assets, "seed": seed}
    async with (
        await spawn("celum", key=CELUM_KEY, options=fast, **given) as celum,
        await spawn("fourallportal", key=PORTAL_KEY, options={"status_rule": "false"}, **given) as portal,
    ):
        yield Celum(celum, http), Portal(portal, http)
