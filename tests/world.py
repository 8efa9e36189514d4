"""A small world for tests of the whole: both sandboxes over real HTTP, what people do in them, and Lockgate between.

`World.lockgate` opens an installation; it can be left and opened again, as after a restart.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from lockgate.api import serving as serving_api
from lockgate.app.lockgate import Lockgate, opened
from lockgate.app.settings import AppSettings
from lockgate.kit.sandbox import Sandbox, SandboxConfig, serving
from lockgate.kit.sandbox.registry import load
from lockgate.ledger.runs import Run

CELUM_KEY, PORTAL_KEY = "key-of-celum", "75d6a19f-7e44-4ae5-b81f-7292bc9f774d"
DAM, PIM, FLOW = "dam", "pim", "assets-to-pim"
BINDING = f"""\
flow: {FLOW}
recipe: approved-assets-to-products
uses: {{dam: {DAM}, pim: {PIM}}}
ask: {{status: approved, markets: [DE, AT, CH]}}
"""
MARKETS = ("DE", "AT", "CH")
TYPE = 2201


async def until(true: Callable[[], Awaitable[Any]], within: float = 60.0) -> Any:
    """Ask again and again until the answer is true; what was true. Fails after so many seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while True:
        if answer := await true():
            return answer
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not within {within} seconds: {true}")
        await asyncio.sleep(0.02)


class Clock:
    """Lockgate's clock: real time, which a test may move ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Celum:
    """What people and other programs do in CELUM."""

    url: str
    http: aiohttp.ClientSession
    sandbox: Sandbox
    folder: int = 0

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        return await send(self.http, method, f"{self.url}/content-api/v1/{path}", body, {"X-API-KEY": CELUM_KEY})

    async def act(self, action: str, **arguments: Any) -> Any:
        return await send(self.http, "POST", f"{self.url}/__sandbox/actions/{action}", arguments)

    async def fault(self, *rules: Mapping[str, Any]) -> None:
        """These faults from now on; none ends all of them."""
        await send(self.http, "PUT", f"{self.url}/__sandbox/faults", list(rules))

    async def upload(self, content: bytes, filename: str) -> str:
        place = await self.call("POST", "upload", {"filename": filename, "filesize": len(content)})
        async with self.http.post(
            place["url"], data=content, headers={"Content-Type": "application/octet-stream"}
        ) as answer:
            assert answer.ok
        return str(place["handle"])

    async def asset(
        self,
        name: str,
        *,
        sku: str | None = None,
        gtin: str | None = None,
        family: str | None = None,
        content: bytes | None = None,
        suffix: str = ".txt",
        released: bool = True,
        cleared: bool | None = True,
        regions: Sequence[str] = MARKETS,
    ) -> str:
        """A new asset; as told here it is approved and cleared. Answers its id."""
        data = content if content is not None else f"the file of {name}".encode()
        values = [
            {"id": id, "type": "TEXT", "value": value}
            for id, value in ((643, sku), (701, gtin), (702, family))
            if value
        ]
        handle = await self.upload(data, f"{name}{suffix}")
        body = {
            "name": name,
            "parentId": self.folder,
            "typeId": TYPE,
            "uploadHandle": handle,
            "informationFieldValues": values,
        }
        made = await self.call("POST", "assets", body)
        await self.act("set_rights", id=made["id"], cleared=cleared, regions=list(regions))
        if released:
            await self.act("release", id=made["id"])
        return str(made["id"])

    async def new_version(self, id: str, content: bytes, filename: str = "next.txt") -> None:
        handle = await self.upload(content, filename)
        await self.call("POST", f"assets/{id}/versions", {"filename": filename, "uploadHandle": handle})

    async def window(self, id: str, until: datetime | None) -> None:
        end = {"to": until.isoformat(timespec="milliseconds").replace("+00:00", "Z")} if until else {}
        availability = {"type": "DATED", **end} if until else {"type": "DIRECT", "available": True}
        await self.call("PATCH", f"assets/{id}", {"availability": availability})


@dataclass
class Portal:
    """What people and other programs see and do in 4ALLPORTAL."""

    url: str
    http: aiohttp.ClientSession
    sandbox: Sandbox

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        return await send(self.http, method, f"{self.url}/api/{path}", body, {"Authorization": f"Bearer {PORTAL_KEY}"})

    async def act(self, action: str, **arguments: Any) -> Any:
        return await send(self.http, "POST", f"{self.url}/__sandbox/actions/{action}", arguments)

    async def fault(self, *rules: Mapping[str, Any]) -> None:
        """These faults from now on; none ends all of them."""
        await send(self.http, "PUT", f"{self.url}/__sandbox/faults", list(rules))

    async def calls(self, method: str, path: str) -> int:
        """How often a call was made whose path begins like this."""
        async with self.http.get(f"{self.url}/__sandbox/calls") as answer:
            calls = await answer.json()
        return sum(one["method"] == method and one["path"].startswith(path) for one in calls)

    async def product(self, sku: str, **more: Any) -> str:
        """Create a product; its id."""
        made = await self.act("create_product", sku=sku, **more)
        return str(made["id"])

    async def upload(self, content: bytes, filename: str, **fields: Any) -> str:
        """Somebody puts a new file in and describes it; its id."""
        form = aiohttp.FormData()
        form.add_field("file", content, filename=filename)
        headers = {"Authorization": f"Bearer {PORTAL_KEY}"}
        async with self.http.post(f"{self.url}/api/modules/file/objects", data=form, headers=headers) as answer:
            assert answer.ok, await answer.text()
            id = str((await answer.json())[0])
        await self.set("file", id, **fields)
        return id

    async def set(self, module: str, id: str, **fields: Any) -> None:
        """Somebody fills fields of an object that have no dimensions."""
        wire = {name: [{"value": value}] for name, value in fields.items()}
        await self.call("PATCH", f"modules/{module}/objects", [{"id": id, **wire}])

    async def products(self) -> dict[str, dict[str, Any]]:
        """All products by number, undimensioned fields as plain values; no number may stand twice."""
        found = [
            plain(one) for one in (await self.call("GET", "modules/product/objects?limit=1000&count=1000"))["result"]
        ]
        numbered = {str(one["article_number"]): one for one in found}
        assert len(numbered) == len(found)
        return numbered

    async def files(self) -> list[dict[str, Any]]:
        """All file objects, undimensioned fields as plain values."""
        found = await self.call("GET", "modules/file/objects?limit=1000&count=1000&totalCount=true")
        return [plain(one) for one in found["result"]]

    async def file(self, asset: str) -> dict[str, Any] | None:
        """Our copy of this asset; there must not be two."""
        ours = [one for one in await self.files() if one.get("ext_id") == f"{DAM}:{asset}"]
        assert len(ours) <= 1, f"asset {asset} stands {len(ours)} times in the portal"
        return ours[0] if ours else None

    async def replace(self, id: str, content: bytes, filename: str = "other.txt") -> None:
        """Somebody puts another file in the place of one that is there."""
        form = aiohttp.FormData()
        form.add_field("file", content, filename=filename)
        headers = {"Authorization": f"Bearer {PORTAL_KEY}"}
        url = f"{self.url}/api/modules/file/objects/{id}/media/original"
        async with self.http.put(url, data=form, headers=headers) as answer:
            assert answer.ok, await answer.text()

    async def content(self, id: str) -> bytes:
        headers = {"Authorization": f"Bearer {PORTAL_KEY}"}
        async with self.http.get(f"{self.url}/api/modules/file/objects/{id}/media/original", headers=headers) as answer:
            assert answer.ok
            return await answer.read()

    async def images(self, sku: str) -> list[str]:
        """The files a product shows."""
        found = await self.call("GET", f"modules/product/objects?query=article_number%20%3D%20'{sku}'")
        (product,) = found["result"]
        return list(plain(product).get("images") or [])

    async def uploads(self) -> int:
        """How often bytes of a file were sent to the portal."""
        async with self.http.get(f"{self.url}/__sandbox/calls") as answer:
            calls = await answer.json()
        return sum(one["method"] in {"POST", "PUT"} and "/api/modules/file/objects" in one["path"] for one in calls)


def plain(record: Mapping[str, Any]) -> dict[str, Any]:
    """`[{value}]` as the value; texts by locale."""
    return {name: undone(value) for name, value in record.items()}


def undone(value: Any) -> Any:
    if not isinstance(value, list) or not all(isinstance(one, dict) and "value" in one for one in value):
        return value
    if any(one.get("dimensions") for one in value):
        return {one["dimensions"].get("locale"): one["value"] for one in value if one.get("dimensions")}
    return value[0]["value"] if value else None


async def send(
    http: aiohttp.ClientSession, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> Any:
    async with http.request(method, url, json=body, headers=headers) as answer:
        raw = await answer.read()
        assert answer.ok, f"{method} {url}: {answer.status} {raw!r}"
        return json.loads(raw) if raw else None


@dataclass
class World:
    """Both systems, and the home of an installation between them."""

    celum: Celum
    portal: Portal
    settings: AppSettings
    clock: Clock = field(default_factory=Clock)
    binding: str = BINDING

    @asynccontextmanager
    async def lockgate(
        self, *, watching: bool = False, hooks: bool = False, working: bool = True
    ) -> AsyncIterator[Lockgate]:
        """An open installation with both connections and the flow; with `hooks` both systems announce to it."""
        async with opened(self.settings, engine=True, watching=watching, working=working, clock=self.clock) as app:
            if not await app.connections.all():
                await self.connect(app)
            if not hooks:
                yield app
                return
            async with serving_api(app, "127.0.0.1", 0) as address:
                await self.announce(app, address)
                yield app

    async def connect(self, app: Lockgate) -> None:
        near = {"private_addresses": True}
        await app.connections.add(DAM, "celum", {"site": self.celum.url, "key": CELUM_KEY, **near})
        await app.connections.add(PIM, "fourallportal", {"site": self.portal.url, "key": PORTAL_KEY, **near})
        await app.add_flow(self.binding, "the test's flow")

    async def announce(self, app: Lockgate, address: str) -> None:
        for name, system in ((DAM, self.celum), (PIM, self.portal)):
            told = {
                "url": address + await app.connections.hook_path(name),
                "secret": await app.connections.hook_secret(name),
            }
            await send(system.http, "PUT", f"{system.url}/__sandbox/webhook", told)

    async def celum_calls(self, method: str = "", path: str = "") -> int:
        """How many calls CELUM has had, all or those of a method whose path begins like this."""
        async with self.celum.http.get(f"{self.celum.url}/__sandbox/calls") as answer:
            calls = await answer.json()
        return sum(method in {"", one["method"]} and one["path"].startswith(path) for one in calls)

    async def run(self, app: Lockgate, kind: str = "full", **params: Any) -> Run:
        """Run the flow once, to its end."""
        started = await app.working.run(FLOW, kind, **params)
        return await app.working.wait(started.id)


def content_folder(home: Path) -> Path:
    """The least content that makes both sandboxes the content tenant: one picture, one product."""
    folder = home / "content"
    folder.mkdir()
    Image.new("RGB", (8, 8), "teal").save(folder / "one.png")
    (folder / "products.csv").write_text("sku,name,gtin\nSEED-1,First product,4006381333931\n")
    return folder


@asynccontextmanager
async def celum_of(content: Path) -> AsyncIterator[Celum]:
    """A CELUM without assets."""
    sandbox = load("celum")(SandboxConfig(key=CELUM_KEY, content=content, options={"preview_seconds": 0.01}))
    async with serving(sandbox) as url, aiohttp.ClientSession() as http:
        celum = Celum(url, http, sandbox)
        roots = await celum.call("GET", "collections?permissionDefiningOnly=true&page=1&size=1")
        celum.folder = int(roots["content"][0]["id"])
        for asset in (await celum.call("GET", "assets?recursive=true&page=1&size=200"))["content"]:
            await celum.call("DELETE", f"assets/{asset['id']}")
        yield celum


@asynccontextmanager
async def portal_of(content: Path) -> AsyncIterator[Portal]:
    """A portal with the products of the content."""
    sandbox = load("fourallportal")(SandboxConfig(key=PORTAL_KEY, content=content, options={"status_rule": "false"}))
    async with serving(sandbox) as url, aiohttp.ClientSession() as http:
        yield Portal(url, http, sandbox)


@asynccontextmanager
async def world(home: Path, database: str = "") -> AsyncIterator[World]:
    """A world without assets and with one product, SEED-1."""
    folder = content_folder(home)
    async with celum_of(folder) as celum, portal_of(folder) as portal:
        yield World(celum, portal, AppSettings(home=home / "lockgate", database=database))
