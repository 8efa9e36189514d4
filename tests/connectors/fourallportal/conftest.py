"""The fixtures of the 4ALLPORTAL connector as Python values, a sandbox over HTTP, and connections to it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from lockgate.connectors.fourallportal.connector import FourAllPortal, PortalSettings
from lockgate.connectors.fourallportal.mapping import Records
from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.kit.egress import Egress
from lockgate.kit.limits import Limits, Patience
from lockgate.kit.profile import Match, Profile
from lockgate.kit.sandbox import SandboxConfig, serving
from lockgate.kit.sandbox.registry import load
from lockgate.kit.services import Services

KEY = "75d6a19f-7e44-4ae5-b81f-7292bc9f774d"
SECRET = "s3cret-of-the-hook"
FILES = "/api/modules/file/objects"
PRODUCTS = "/api/modules/product/objects"
COFFEE_MAKER = "2f0f2c0e-5c4b-4a35-9d2b-0a4f7f6f1c11"
COFFEE_IMAGE = "6d1c7c5e-7c0b-4c39-8f0e-0d8b3f9a2a00"

ASSET_FIELDS = {
    name: name
    for name in (
        "title", "description", "keywords", "copyright", "license_until", "usage_rights", "language", "campaign", "format",
        "credit", "restrictions", "status",
    )
}  # fmt: skip
PRODUCT_FIELDS = {
    "ids.sku": "article_number",
    "ids.gtin": "gtin",
    "ids.family": "family",
    "title": "name",
    "texts.description": "description",
    "images": "images",
    "status": "status",
    "fields.weight": "weight",
    "fields.launch": "launch_date",
    "fields.tags": "tags",
}


def matches(fields: Mapping[str, str], **values: Mapping[str, str]) -> tuple[Match, ...]:
    return tuple(Match(canonical=name, field=field, values=values.get(name, {})) for name, field in fields.items())


@pytest.fixture
def payload() -> Callable[[str], Any]:
    """A shipped payload by its name without `.json`."""
    folder = files("lockgate.connectors.fourallportal") / "fixtures"
    return lambda name: msgspec.json.decode((folder / f"{name}.json").read_bytes())


@pytest.fixture
def profile() -> Profile:
    """What a person would confirm for the tenant of the fixtures, and of the sandbox as far as it has these fields."""
    product = matches(PRODUCT_FIELDS, status={"NEU": "draft", "FREI": "approved", "ALT": "archived"})
    return Profile(matches={"asset": matches(ASSET_FIELDS), "product": product}, zone="Europe/Berlin")


@pytest.fixture
def records(payload: Callable[[str], Any], profile: Profile) -> Callable[..., Records]:
    """How objects of the tenant of the fixtures are read and written."""

    def build(kind: str = "asset", *, by: Profile = profile, quirks: Quirks | None = None) -> Records:
        module = payload("module__file" if kind == "asset" else "module__product")
        return Records(kind, {field["name"]: field for field in module["fields"]}, by, quirks or Quirks())

    return build


# ── the sandbox ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Tenant:
    """A portal over HTTP, and what people do in it beside our connector."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session
        self.touched = False
        """Whether somebody changed something."""

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """A call by somebody else; the answer's JSON."""
        self.touched |= method != "GET"
        headers = {"Authorization": f"Bearer {KEY}"}
        async with self.session.request(method, self.url + path, json=body, headers=headers, **more) as answer:
            content = await answer.read()
            assert answer.ok, content
            return msgspec.json.decode(content) if content else None

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        return await self.call(method, f"/__sandbox/{path}", body)

    async def act(self, action: str, /, **arguments: Any) -> Any:
        return await self.control("POST", f"actions/{action}", arguments)

    async def switch(self, **switches: Any) -> None:
        await self.control("PUT", "options", switches)

    async def fault(self, *rules: Mapping[str, Any]) -> None:
        await self.control("PUT", "faults", list(rules))

    async def calls(self, method: str, part: str = "") -> list[dict[str, Any]]:
        """The calls seen so far of this method whose path holds a text."""
        log = await self.control("GET", "calls")
        return [one for one in log if one["method"] == method and part in one["path"]]

    async def set(self, path: str, record: Mapping[str, Any]) -> str:
        """Create or change an object, fields without dimensions."""
        wire = {name: value if name == "id" else [{"value": value}] for name, value in record.items()}
        return str((await self.call("PATCH", path, [wire]))[0])

    async def product(self, number: str, **fields: Any) -> str:
        return await self.set(PRODUCTS, {"article_number": number, **fields})

    async def upload(self, content: bytes = b"a file", name: str = "leaf.png", media_type: str = "image/png") -> str:
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name, content_type=media_type)
        headers = {"Authorization": f"Bearer {KEY}"}
        async with self.session.post(self.url + FILES, data=form, headers=headers) as answer:
            assert answer.status == 201, await answer.read()
            return str(msgspec.json.decode(await answer.read())[0])

    async def replace(self, id: str, content: bytes, name: str) -> None:
        """Another file for an object, by somebody else."""
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name, content_type="application/octet-stream")
        headers = {"Authorization": f"Bearer {KEY}"}
        async with self.session.put(f"{self.url}{FILES}/{id}/media/original", data=form, headers=headers) as answer:
            assert answer.ok, await answer.read()

    async def get(self, path: str, id: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.call("GET", f"{path}/{id}")
        return found

    async def value(self, path: str, id: str, field: str) -> Any:
        """The value of a field without dimensions, None for none."""
        entries = (await self.get(path, id)).get(field)
        return entries[0]["value"] if entries else None

    async def files(self) -> int:
        found = await self.call("GET", f"{FILES}?limit=1&totalCount=true")
        return int(found["total_count"])

    async def images(self, product: str) -> Sequence[str]:
        found: list[str] = await self.value(PRODUCTS, product, "images") or []
        return found


@pytest.fixture(scope="session")
def portal_address() -> Iterator[str]:
    """One portal for all tests of the connector; it has a thread and a loop of its own."""
    served: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        over = asyncio.Event()
        async with serving(load("fourallportal")(SandboxConfig(key=KEY))) as url:
            served.set_result((url, asyncio.get_running_loop(), over))
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    url, loop, over = served.result(timeout=20)
    yield url
    loop.call_soon_threadsafe(over.set)
    thread.join(timeout=20)


@pytest.fixture
async def tenant(portal_address: str) -> AsyncIterator[Tenant]:
    """The portal as it is seeded: 25 files, 37 products, every switch as it comes."""
    async with aiohttp.ClientSession() as session:
        tenant = Tenant(portal_address, session)
        yield tenant
        if tenant.touched or [one for one in await tenant.control("GET", "calls") if one["method"] != "GET"]:
            await tenant.control("DELETE", "webhook")
            await tenant.control("POST", "reset")
        await tenant.control("DELETE", "calls")


Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]


@pytest.fixture
def connect(tenant: Tenant, profile: Profile, tmp_path: Path) -> Connect:
    """A connection to the portal, with quirks and settings changed where asked. Its short repeats are quick."""

    def connection(
        *,
        by: Profile = profile,
        site: str = tenant.url,
        key: str | None = KEY,
        user: str = "",
        password: str | None = None,
        read: float = 5,
        rehearse: bool = False,
        **quirks: Any,
    ) -> AbstractAsyncContextManager[FourAllPortal]:
        told: dict[str, Any] = {"site": site, "key": key, "user": user, "password": password}
        told["rehearse"] = rehearse
        told["quirks"] = {"settle_seconds": 0.01, **quirks}
        made = PortalSettings.model_validate(told)
        services = Services(
            connection="portal",
            egress=Egress(hosts=made.site_hosts(), private=True),
            limits=Limits(),
            patience=Patience(attempts=3, first_wait=0.01, longest_wait=0.05, retry_after=2, read=read),
            spool=tmp_path,
            hook_secret=SECRET,
        )
        return FourAllPortal(made, by, services)

    return connection
