"""Webhooks: what the portal posts to the address with the secret, and what anybody else may post."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from aiohttp import web

from lockgate.connectors.fourallportal.connector import FourAllPortal
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import Rejected
from lockgate.model.event import Event

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
SECRET = "s3cret-of-the-hook"
COFFEE_MAKER = "2f0f2c0e-5c4b-4a35-9d2b-0a4f7f6f1c11"


def request(body: Any, path: str = SECRET) -> HookRequest:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return HookRequest(path=path, headers={"content-type": "application/json"}, body=raw)


@pytest.fixture
async def portal(connect: Connect) -> AsyncIterator[FourAllPortal]:
    async with connect() as portal:
        yield portal


# ── what is taken ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_webhook_names_the_object_to_look_at(portal: FourAllPortal, payload: Callable[[str], Any]) -> None:
    (event,) = portal.receive(request(payload("hook__update")))
    assert event == Event(
        type="product.changed", kind="product", id=COFFEE_MAKER, at=datetime(2026, 3, 4, 10, 11, 12, tzinfo=UTC)
    )


async def test_a_deletion_says_that_it_is_gone(portal: FourAllPortal, payload: Callable[[str], Any]) -> None:
    (event,) = portal.receive(request(payload("hook__delete")))
    assert event.type == "asset.gone"


async def test_objects_of_other_modules_are_nothing_to_us(portal: FourAllPortal, payload: Callable[[str], Any]) -> None:
    assert portal.receive(request(payload("hook__other_module"))) == []


@pytest.mark.parametrize("event", [None, "", "collection modified", 3])
async def test_whatever_an_administrator_calls_the_event_the_object_is_looked_at(
    portal: FourAllPortal, event: Any
) -> None:
    (found,) = portal.receive(request({"event": event, "module": "file", "id": 125, "mod_time": "soon"}))
    assert (found.type, found.id, found.at) == ("asset.changed", "125", None)


@pytest.mark.parametrize("body", [{}, {"module": "file"}, {"module": "file", "id": ""}, {"module": ["file"], "id": "f-1"},
                                  {"module": "file", "id": {"a": 1}}])  # fmt: skip
async def test_a_webhook_without_an_object_is_nothing_to_us(portal: FourAllPortal, body: Any) -> None:
    assert portal.receive(request(body)) == []


@pytest.mark.parametrize("path", [f"/{SECRET}/", f"{SECRET}/products"])
async def test_what_follows_the_secret_does_not_matter(
    portal: FourAllPortal, payload: Callable[[str], Any], path: str
) -> None:
    assert portal.receive(request(payload("hook__update"), path))


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["", "/", "guessed", f"x{SECRET}", SECRET.upper(), f"wrong/{SECRET}", "schlüssel"])
async def test_an_address_without_the_secret_is_refused(
    portal: FourAllPortal, payload: Callable[[str], Any], path: str
) -> None:
    with pytest.raises(Rejected, match="does not hold the connection's secret"):
        portal.receive(request(payload("hook__update"), path))


@pytest.mark.parametrize("body", [b"", b"[]", b"3", b"event=CE_Update", b"\xff\xfe", b'{"event"'])
async def test_a_body_that_is_no_object_is_refused(portal: FourAllPortal, body: bytes) -> None:
    with pytest.raises(Rejected, match="JSON object"):
        portal.receive(request(body))


# ── on the wire ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Listener:
    """A web server of ours that takes whatever is posted below `/hooks/portal/`."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: asyncio.Queue[HookRequest] = asyncio.Queue()

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.match_info["path"]
        await self.requests.put(HookRequest(path=path, headers=headers, body=await request.read()))
        return web.Response(status=202)

    async def next(self) -> HookRequest:
        return await asyncio.wait_for(self.requests.get(), 10)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.router.add_post("/hooks/portal/{path:.*}", listener.take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        listener.url = f"http://{host}:{port}/hooks/portal/{SECRET}"
        yield listener
    finally:
        await runner.cleanup()


async def test_what_the_portal_posts_is_understood(tenant: Any, portal: FourAllPortal, listener: Listener) -> None:
    await tenant.control("PUT", "webhook", {"url": listener.url})
    id = await tenant.product("LARCH-1")
    (created,) = portal.receive(await listener.next())
    await tenant.act("delete", module="product", id=id)
    (deleted,) = portal.receive(await listener.next())
    uploaded = await tenant.upload()
    (file,) = portal.receive(await listener.next())
    assert [(one.type, one.id) for one in (created, deleted, file)] == [
        ("product.changed", id), ("product.gone", id), ("asset.changed", uploaded)
    ]  # fmt: skip
    assert created.at is not None
