"""Webhooks: received by a server of the test's own."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from .caller import COFFEE_MAKER, PRODUCTS, Caller, value

Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


@dataclass
class Receiver:
    """Takes deliveries; answers with these statuses, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    taken: list[tuple[float, dict[str, Any], str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append((time.monotonic(), await request.json(), request.content_type))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, body, _ in self.taken]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    taking = Receiver()
    app = web.Application()
    app.router.add_post("/hook", taking.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    taking.url = f"http://{host}:{port}/hook"
    yield taking
    await runner.cleanup()


async def test_an_update_is_announced_within_a_second(
    portal: Caller, receiver: Receiver, eventually: Eventually
) -> None:
    await portal.ok("PUT", "/__sandbox/webhook", json={"url": receiver.url})
    called = time.monotonic()
    await portal.set(COFFEE_MAKER, status="archived")
    changed = (await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}"))["mod_time"]
    await eventually(lambda: bool(receiver.taken))
    at, body, kind = receiver.taken[0]
    assert at - called < 1
    assert kind == "application/json"
    assert body == {"event": "CE_Update", "module": "product", "id": COFFEE_MAKER, "mod_time": changed}


async def test_every_object_that_changes_is_announced_once(
    portal: Caller, receiver: Receiver, eventually: Eventually
) -> None:
    await portal.ok("PUT", "/__sandbox/webhook", json={"url": receiver.url})
    file = value(await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}"), "main_image")
    new = await portal.product("X-1")
    await portal.set(new, price=5)
    await portal.set(new, price=5)
    await portal.ok("DELETE", f"/api/modules/file/objects/{file}")
    holders = [one["id"] for one in await portal.find("article_number IN ('P-0025')")]
    expected = [("CE_Create", new), ("CE_Update", new), ("CE_Delete", file)]
    expected += [("CE_Update", id) for id in (COFFEE_MAKER, *holders)]
    await eventually(lambda: len(receiver.taken) >= len(expected))
    assert sorted((body["event"], body["id"]) for body in receiver.bodies) == sorted(expected)


async def test_a_refused_batch_is_not_announced(portal: Caller, receiver: Receiver, eventually: Eventually) -> None:
    await portal.ok("PUT", "/__sandbox/webhook", json={"url": receiver.url})
    await portal.refused(400, "PATCH", PRODUCTS, json=[{"id": "new"}, {"colour": []}])
    await portal.product("X-1")
    await eventually(lambda: bool(receiver.taken))
    assert len(receiver.taken) == 1


async def test_only_the_events_wanted_are_sent(portal: Caller, receiver: Receiver, eventually: Eventually) -> None:
    await portal.ok("PUT", "/__sandbox/webhook", json={"url": receiver.url, "events": ["CE_Delete"]})
    id = await portal.product("X-1")
    await portal.ok("DELETE", f"{PRODUCTS}/{id}")
    await eventually(lambda: bool(receiver.taken))
    assert [body["event"] for body in receiver.bodies] == ["CE_Delete"]


async def test_a_delivery_is_tried_three_times(portal: Caller, receiver: Receiver, eventually: Eventually) -> None:
    receiver.statuses = [500, 503, 404, 200]
    await portal.ok("PUT", "/__sandbox/webhook", json={"url": receiver.url})
    id = await portal.product("X-1")
    await eventually(lambda: len(receiver.taken) == 1)
    for tries in (2, 3):
        # Tries two and three wait for one and five seconds, which the sandbox's clock can skip.
        await portal.ok("PUT", "/__sandbox/clock", json={"advance_seconds": 6})
        await eventually(lambda tries=tries: len(receiver.taken) == tries)  # type: ignore[misc]
    await portal.ok("PUT", "/__sandbox/clock", json={"advance_seconds": 60})
    await portal.ok("DELETE", f"{PRODUCTS}/{id}")
    await eventually(lambda: len(receiver.taken) == 4)
    assert [body["event"] for body in receiver.bodies] == ["CE_Create"] * 3 + ["CE_Delete"]
