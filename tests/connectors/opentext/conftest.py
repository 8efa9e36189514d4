"""A Content Server over HTTP, what people do in it beside our connector, and connections to it."""

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from lockgate.connectors.opentext.connector import OpenText
from lockgate.connectors.opentext.settings import OpenTextSettings
from lockgate.kit.contract import FileSource, FileStream, Receipt, Write
from lockgate.kit.egress import Egress
from lockgate.kit.errors import ConnectorError
from lockgate.kit.limits import Limits, Patience
from lockgate.kit.profile import Match, Profile
from lockgate.kit.sandbox import SandboxConfig, serving
from lockgate.kit.sandbox.registry import load
from lockgate.kit.services import Services
from lockgate.kit.transfer import file_source

KEY = "pw-of-everybody"
ENTERPRISE, CUSTOMERS, TEMPLATE, CUSTOMER_TYPE = 2000, 34962, 30001, 16
APPROVAL, RM_CLASS = 25397, 41320
JANE, RICHARD, SALES = 1001, 1002, 1100


def matches(fields: Mapping[str, str]) -> tuple[Match, ...]:
    return tuple(Match(canonical=name, field=field) for name, field in fields.items())


PROFILE = Profile(
    matches={
        "asset": matches(
            {
                "name": "name",
                "description": "description",
                "ids.sku": "business_object_id",
                "number": "4711_2",
                "market": "4711_3",
                "contacts": "4711_4_x_5",
            }
        ),
        "workspace": matches(
            {
                "name": "name",
                "description": "description",
                "ids.sku": "business_object_id",
                "number": "4711_2",
                "market": "4711_3",
                "contacts": "4711_4_x_5",
            }
        ),
    },
    zone="Europe/Berlin",
)


@pytest.fixture
def payload() -> Callable[[str], Any]:
    """A shipped payload by its name without `.json`."""
    folder = files("lockgate.connectors.opentext") / "fixtures"
    return lambda name: msgspec.json.decode((folder / f"{name}.json").read_bytes())


class Server:
    """A Content Server over HTTP, as somebody else uses it."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self.session = url, session
        self.tickets: dict[str, str] = {}

    async def call(self, method: str, path: str, body: Any = None, *, user: str = "admin", **fields: Any) -> Any:
        """A call by a user: `body` as JSON in its form field, or plain form fields. The answer's JSON."""
        data = {"body": msgspec.json.encode(body).decode()} if body is not None else fields or None
        headers = {"OTCSTicket": await self.ticket(user)}
        async with self.session.request(method, f"{self.url}/cs/cs/api{path}", data=data, headers=headers) as answer:
            content = await answer.read()
            assert answer.ok, content
            return msgspec.json.decode(content)

    async def ticket(self, user: str) -> str:
        if user not in self.tickets:
            form = {"username": user, "password": KEY}
            async with self.session.post(f"{self.url}/cs/cs/api/v1/auth", data=form) as answer:
                self.tickets[user] = str((await answer.json())["ticket"])
        return self.tickets[user]

    async def upload(self, parent: int, name: str, content: bytes = b"a file of theirs", *, user: str = "jdoe") -> int:
        form = aiohttp.FormData()
        form.add_field("body", msgspec.json.encode({"type": 144, "name": name, "parent_id": parent}).decode())
        form.add_field("file", content, filename=name, content_type="application/pdf")
        headers = {"OTCSTicket": await self.ticket(user)}
        async with self.session.post(f"{self.url}/cs/cs/api/v2/nodes", data=form, headers=headers) as answer:
            told = msgspec.json.decode(await answer.read())
            assert answer.ok, told
            return int(told["results"]["data"]["properties"]["id"])

    async def workspace(self, number: str, name: str = "") -> int:
        """A workspace of somebody else's for this business object."""
        content = {
            "template_id": TEMPLATE, "wksp_type_id": CUSTOMER_TYPE, "name": name or f"Customer {number}",
            "parent_id": CUSTOMERS, "ext_system_id": "TE1", "bo_type": "KNA1", "bo_id": number,
        }  # fmt: skip
        return int((await self.call("POST", "/v2/businessworkspaces", content))["results"]["id"])

    async def folder(self, parent: int, name: str) -> int:
        made = await self.call("POST", "/v2/nodes", {"type": 0, "parent_id": parent, "name": name})
        return int(made["results"]["data"]["properties"]["id"])

    async def node(self, id: int | str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.call("GET", f"/v2/nodes/{id}"))["results"]["data"]["properties"]
        return found

    async def names(self, parent: int) -> list[str]:
        rows = (await self.call("GET", f"/v2/nodes/{parent}/nodes?limit=100"))["results"]
        return sorted(row["data"]["properties"]["name"] for row in rows)

    async def values(self, id: int | str) -> dict[str, Any]:
        """All category values of a node."""
        rows = (await self.call("GET", f"/v2/nodes/{id}/categories?metadata"))["results"]
        return {key: value for row in rows for key, value in row["data"]["categories"].items()}

    # ── the sandbox's own door ───────────────────────────────────────────────────────────────────────────────────

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        async with self.session.request(method, f"{self.url}/__sandbox/{path}", json=body) as answer:
            content = await answer.read()
            assert answer.ok, content
            return msgspec.json.decode(content) if content else None

    async def switch(self, **switches: Any) -> None:
        await self.control("PUT", "options", switches)

    async def fault(self, *rules: Mapping[str, Any]) -> None:
        await self.control("PUT", "faults", list(rules))

    async def later(self, seconds: float) -> None:
        await self.control("PUT", "clock", {"advance_seconds": seconds})

    async def calls(self, method: str, part: str = "") -> list[dict[str, Any]]:
        """The calls seen so far of this method whose path holds a text."""
        log = await self.control("GET", "calls")
        return [one for one in log if one["method"] == method and part in one["path"]]


@pytest.fixture(scope="session")
def server_address() -> Iterator[str]:
    """One server for all tests of the connector; it has a thread and a loop of its own."""
    served: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        over = asyncio.Event()
        async with serving(load("opentext")(SandboxConfig(key=KEY))) as url:
            served.set_result((url, asyncio.get_running_loop(), over))
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    url, loop, over = served.result(timeout=60)
    yield url
    loop.call_soon_threadsafe(over.set)
    thread.join(timeout=60)


@pytest.fixture
async def server(server_address: str) -> AsyncIterator[Server]:
    """The server as it is seeded: one workspace type, no workspaces."""
    async with aiohttp.ClientSession() as session:
        server = Server(server_address, session)
        await server.control("POST", "reset")
        await server.control("DELETE", "calls")
        yield server


Connect = Callable[..., AbstractAsyncContextManager[OpenText]]


@pytest.fixture
def connect(server: Server, tmp_path: Path) -> Connect:
    """A connection to the server, with settings and quirks changed where asked. Its short repeats are quick."""

    def connection(*, by: Profile = PROFILE, clock: Any = None, **told: Any) -> AbstractAsyncContextManager[OpenText]:
        usual = {
            "site": f"{server.url}/cs/cs", "user": "admin", "password": KEY, "folder": CUSTOMERS, "create_type": "Customer",
        }  # fmt: skip
        made = OpenTextSettings.model_validate({**usual, **told})
        return OpenText(made, by, services(made, tmp_path, clock))

    return connection


def services(made: OpenTextSettings, folder: Path, clock: Any = None) -> Services:
    more = {"clock": clock} if clock else {}
    return Services(
        connection="ecm",
        egress=Egress(hosts=made.site_hosts(), private=True),
        limits=Limits(),
        patience=Patience(attempts=3, first_wait=0.01, longest_wait=0.05, retry_after=2),
        spool=folder,
        **more,
    )


@pytest.fixture
async def ecm(connect: Connect) -> AsyncIterator[OpenText]:
    async with connect() as ready:
        yield ready


def file(content: bytes = b"a sheet of ours", name: str = "sheet.pdf", *, length: bool = True) -> FileSource:
    @asynccontextmanager
    async def opened() -> AsyncIterator[FileStream]:
        async def chunks() -> AsyncIterator[bytes]:
            yield content

        known = len(content) if length else None
        yield FileStream(filename=name, media_type="application/pdf", length=known, chunks=chunks())

    expected = f"sha256:{hashlib.sha256(content).hexdigest()}"
    known = len(content) if length else None
    return file_source(opened, filename=name, media_type="application/pdf", length=known, expected=expected)


async def put(ecm: OpenText, kind: str, *writes: Write) -> list[Receipt]:
    """Writes that must all succeed."""
    return confirmed(await ecm.upsert(kind, writes))


def confirmed(answers: Sequence[Receipt | ConnectorError]) -> list[Receipt]:
    for answer in answers:
        if isinstance(answer, ConnectorError):
            raise answer
    return [answer for answer in answers if isinstance(answer, Receipt)]


def refused(answers: Sequence[Receipt | ConnectorError]) -> ConnectorError:
    """The one error of one answer."""
    (answer,) = answers
    assert isinstance(answer, ConnectorError), answer
    return answer


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """A small server of its own, for what the sandbox does not imitate."""
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
