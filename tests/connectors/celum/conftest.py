"""The fixtures of the CELUM connector as Python values, and the profile a person would confirm for them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from lockgate.connectors.celum.connector import Celum, CelumSettings
from lockgate.connectors.celum.mapping import to_item
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.egress import Egress
from lockgate.kit.limits import Limits, Patience
from lockgate.kit.profile import Match, Profile
from lockgate.kit.sandbox import SandboxConfig, serving, spawn
from lockgate.kit.sandbox.registry import load
from lockgate.kit.services import Services
from lockgate.model.item import Item

KEY = "key-of-the-sandbox"
UPLOADS = 4700
"""A collection of the seed that takes assets."""

FIELDS = {
    "ids.sku": "sku",
    "ids.gtin": "gtin",
    "ids.family": "product-family",
    "texts.caption": "caption",
    "texts.description": "description",
    "texts.copyright": "copyright",
    "keywords.subject": "tags",
    "keywords.campaign": "campaign",
    "languages": "languages",
    "rights.cleared": "cleared",
    "rights.territories": "regions",
    "rights.prohibited": "restricted-regions",
    "rights.channels": "channels",
    "rights.from": "license-from",
    "rights.until": "license-until",
    "rights.statement": "usage-terms",
    "rights.credit": "credit-line",
    "fields.creator": "creator",
    "fields.season": "season",
    "fields.rating": "rating",
    "fields.weight": "weight",
    "fields.taken": "shot-on",
}
"""Where the tenant of the fixtures, and of the sandbox, keeps what recipes ask for."""


@pytest.fixture
def payload() -> Callable[[str], Any]:
    """A shipped payload by its name without `.json`."""
    folder = files("lockgate.connectors.celum") / "fixtures"
    return lambda name: msgspec.json.decode((folder / f"{name}.json").read_bytes())


@pytest.fixture
def profile() -> Profile:
    matches = tuple(Match(canonical=canonical, field=field) for canonical, field in FIELDS.items())
    return Profile(matches={"asset": matches}, zone="Europe/Berlin")


@pytest.fixture
def item(payload: Callable[[str], Any], profile: Profile) -> Callable[..., Item]:
    """The item of a shipped payload, with parts of the payload replaced and the profile or quirks changed where asked."""

    def build(
        name: str = "asset__approved", /, *, by: Profile = profile, quirks: Quirks | None = None, **changed: Any
    ) -> Item:
        return to_item(payload(name) | changed, system="dam", profile=by, quirks=quirks or Quirks())

    return build


class Tenant:
    """A CELUM sandbox over HTTP, and what people do in it beside our connector."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def call(self, method: str, path: str, body: Any = None, *, expect: int | None = None) -> Any:
        """A call of the Content API by somebody else; the answer's JSON."""
        return await self._send(method, f"{self.url}/content-api/v1/{path}", body, expect)

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        return await self._send(method, f"{self.url}/__sandbox/{path}", body, None)

    async def _send(self, method: str, url: str, body: Any, expect: int | None) -> Any:
        headers = {"X-API-KEY": KEY} if "/content-api/" in url else {}
        async with self.session.request(method, url, json=body, headers=headers) as answer:
            content = await answer.read()
            assert answer.status == expect if expect else answer.ok, content
            return msgspec.json.decode(content) if content else None

    async def later(self, seconds: float = 1) -> None:
        """Let time pass at the sandbox, so that what follows is dated after what was."""
        await self.control("PUT", "clock", {"advance_seconds": seconds})

    async def fault(self, **rule: Any) -> None:
        await self.control("PUT", "faults", [rule])

    async def calls(self, path: str) -> int:
        """How many calls of this path the sandbox has seen."""
        log = await self.control("GET", "calls")
        return sum(one["path"].endswith(path) for one in log)

    async def assets(self) -> list[dict[str, Any]]:
        """All assets as a list shows them."""
        found: list[dict[str, Any]] = []
        for page in range(1, 100):
            answer = await self.call("GET", f"assets?recursive=true&page={page}&size=200&sort=id,ASC")
            found += answer["content"]
            if not answer["hasNext"]:
                break
        return found

    async def upload(self, content: bytes, filename: str) -> str:
        """Bytes put up for an asset or a version; the handle."""
        place = await self.call("POST", "upload", {"filename": filename, "filesize": len(content)})
        headers = {"Content-Type": "application/octet-stream"}
        async with self.session.post(place["url"], data=content, headers=headers) as answer:
            assert answer.ok
        return str(place["handle"])

    async def create(self, name: str, content: bytes | None = None, **members: Any) -> dict[str, Any]:
        """A new asset in the first collection that takes assets."""
        parent = members.pop("parentId", None) or await self.folder()
        if content is not None:
            members["uploadHandle"] = await self.upload(content, f"{name}.txt")
        made: dict[str, Any] = await self.call(
            "POST", "assets", {"name": name, "parentId": parent, **members}, expect=201
        )
        return made

    async def folder(self) -> int:
        roots = await self.call("GET", "collections?permissionDefiningOnly=true&page=1&size=1")
        return int(roots["content"][0]["id"])


Connect = Callable[..., AbstractAsyncContextManager[Celum]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox() -> AsyncIterator[str]:
    """One sandbox for the tests of a module, which each begin with it as seeded."""
    async with await spawn("celum", key=KEY) as process:
        yield process.url


@pytest.fixture
async def tenant(sandbox: str) -> AsyncIterator[Tenant]:
    async with aiohttp.ClientSession() as session:
        tenant = Tenant(sandbox, session)
        await tenant.control("POST", "reset")
        yield tenant


@pytest.fixture
async def stingy_tenant() -> AsyncIterator[Tenant]:
    """A server that names only the first of an asset's references."""
    config = SandboxConfig(key=KEY, options={"max_reference_names": 1})
    async with serving(load("celum")(config)) as url, aiohttp.ClientSession() as session:
        yield Tenant(url, session)


@pytest.fixture
def connect(tenant: Tenant, profile: Profile, tmp_path: Path) -> Connect:
    """A connection to the sandbox, with settings changed where asked. Its short repeats are quick."""

    def connection(
        *, site: str = tenant.url, by: Profile = profile, **settings: Any
    ) -> AbstractAsyncContextManager[Celum]:
        credentials = {} if {"user", "oidc_url"} & settings.keys() else {"key": KEY}
        made = CelumSettings.model_validate({"site": site} | credentials | settings)
        services = Services(
            connection="dam",
            egress=Egress(hosts=made.site_hosts(), private=True),
            limits=Limits(),
            patience=Patience(first_wait=0.01, longest_wait=0.05, read=2),
            spool=tmp_path,
            hook_secret="s3cret-of-the-hook",
        )
        return Celum(made, by, services)

    return connection


@pytest.fixture
async def studio(tenant: Tenant, connect: Connect) -> AsyncIterator[Connect]:
    """Connections to a tenant that we may write to: it has a field for our key, and 4700 takes new assets."""
    await tenant.control("PUT", "options", {"key_field": "external-id", "collection_fields": True, "denied": ""})

    def connection(**settings: Any) -> AbstractAsyncContextManager[Celum]:
        quirks = {"job_poll_seconds": 0.01, **settings.pop("quirks", {})}
        return connect(**{"upload_collection": UPLOADS, "quirks": quirks, **settings})

    yield connection
    await tenant.control("PUT", "options", {"key_field": "", "collection_fields": False, "denied": ""})
