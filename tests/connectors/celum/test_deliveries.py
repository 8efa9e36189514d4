"""Webhooks on the wire: what the sandbox sends to a listener of ours, handed to the connector as it came."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
import pytest
from aiohttp import web

from lockgate.connectors.celum.connector import Celum
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import Rejected
from lockgate.model.event import Event

Connect = Callable[..., AbstractAsyncContextManager[Celum]]
SECRET = "s3cret-of-the-hook"


class Listener:
    """A web server of ours that takes whatever is posted to it."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: asyncio.Queue[HookRequest] = asyncio.Queue()

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        await self.requests.put(HookRequest(path="", headers=headers, body=await request.read()))
        return web.Response()

    async def next(self) -> HookRequest:
        return await asyncio.wait_for(self.requests.get(), 10)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.router.add_post("/hook", listener.take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        listener.url = f"http://{host}:{port}/hook"
        yield listener
    finally:
        await runner.cleanup()


async def named(listener: Listener, dam: Celum, wanted: str) -> list[Event]:
    """The events of the next delivery of this type."""
    while True:
        request = await listener.next()
        events = dam.receive(request)
        if msgspec.json.decode(request.body)["type"] == wanted:
            return events


async def test_a_signed_delivery_names_the_asset_that_changed(
    tenant: Any, connect: Connect, listener: Listener
) -> None:
    asset = await tenant.create("hero", b"one")
    await tenant.control("PUT", "webhook", {"url": listener.url, "secret": SECRET})
    async with connect() as dam:
        await tenant.call("PATCH", f"assets/{asset['id']}", {"name": "renamed"})
        (changed,) = await named(listener, dam, "ASSET_UPDATED")
        await tenant.call("DELETE", f"assets/{asset['id']}")
        (gone,) = await named(listener, dam, "ASSET_DELETED")
    await tenant.control("DELETE", "webhook")
    assert (changed.type, changed.id) == ("asset.changed", str(asset["id"]))
    assert (gone.type, gone.id) == ("asset.gone", str(asset["id"]))


async def test_a_new_version_is_announced_and_its_preview_is_not(
    tenant: Any, connect: Connect, listener: Listener
) -> None:
    asset = await tenant.create("hero", b"one")
    await tenant.control("PUT", "webhook", {"url": listener.url, "secret": SECRET})
    async with connect() as dam:
        handle = await tenant.upload(b"two", "two.txt")
        await tenant.call("POST", f"assets/{asset['id']}/versions", {"filename": "two.txt", "uploadHandle": handle})
        (added,) = await named(listener, dam, "ASSET_VERSION_ADDED")
        preview = await named(listener, dam, "PREVIEW_CONVERSION")
    await tenant.control("DELETE", "webhook")
    assert added.id == str(asset["id"])
    assert preview == []


async def test_a_delivery_signed_with_another_secret_is_refused(
    tenant: Any, connect: Connect, listener: Listener
) -> None:
    asset = await tenant.create("hero")
    await tenant.control("PUT", "webhook", {"url": listener.url, "secret": "another-secret"})
    async with connect() as dam:
        await tenant.call("PATCH", f"assets/{asset['id']}", {"name": "renamed"})
        request = await listener.next()
        with pytest.raises(Rejected):
            dam.receive(request)
    await tenant.control("DELETE", "webhook")
