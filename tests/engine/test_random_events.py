"""Whatever people do in both systems, and however the network and Lockgate itself behave meanwhile: in the end the portal
holds what an oracle works out from the two systems alone, and the books are in order.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.engine.asking import waiting
from tests.engine.oracle import complaints
from tests.world import BINDING, FLOW, World, until, world

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import audit, deliveries, intents, runs

pytestmark = pytest.mark.slow

SKUS = ("SEED-1", "NEW-1", "NEW-2", None)
REGIONS = (("DE", "AT", "CH"), ("DE", "AT", "CH", "US"), ("US",), ())
FAULTS: tuple[list[dict[str, Any]], ...] = (
    [{"match": "*", "kind": "status", "status": 500, "probability": 0.2}],
    [{"match": "*", "kind": "reset", "probability": 0.2}],
    [{"match": "PATCH *", "kind": "slow", "bytes_per_second": 1, "probability": 0.3}],
    [{"match": "P* /api/modules/file/objects*", "kind": "slow", "bytes_per_second": 1, "probability": 0.5}],
    [{"match": "GET /__files/*", "kind": "wrong_length", "probability": 0.5}],
    [{"match": "GET /__files/*", "kind": "cut", "probability": 0.5}],
    [{"match": "*", "kind": "rate_limit", "rate": 30}],
    [{"match": "webhook", "kind": "drop", "probability": 0.5}],
    [{"match": "webhook", "kind": "repeat"}],
    [{"match": "webhook", "kind": "disorder", "probability": 0.5}],
)


class Story:
    """Both systems, Lockgate between them, and what a step of a story does to them."""

    def __init__(self, scene: World) -> None:
        self.scene = scene
        self.assets: list[str] = []
        self.products: dict[str, str] = {}
        self.recalled: set[str] = set()
        self.made = 0
        self._open = AsyncExitStack()
        self.app: Lockgate

    async def start(self) -> None:
        self.app = await self._open.enter_async_context(self.scene.lockgate(watching=True, hooks=True))

    async def stop(self) -> None:
        await self._open.aclose()

    async def tell(self, step: str, a: int, b: int) -> None:
        work: Callable[[int, int], Awaitable[None]] = getattr(self, step)
        await work(a, b)

    def asset(self, a: int) -> str | None:
        return self.assets[a % len(self.assets)] if self.assets else None

    # ── people in CELUM ──────────────────────────────────────────────────────────────────────────────────────────

    async def new_asset(self, a: int, b: int) -> None:
        self.made += 1
        name, content = f"Asset {self.made}", f"file {self.made} of {a}".encode() * 50
        made = await self.scene.celum.asset(name, sku=SKUS[a % 4], released=b % 3 > 0, content=content)
        self.assets.append(made)

    async def act(self, a: int, action: str, **more: Any) -> None:
        if (asset := self.asset(a)) is not None:
            await self.scene.celum.act(action, id=int(asset), **more)

    async def release(self, a: int, _: int) -> None:
        await self.act(a, "release")

    async def unrelease(self, a: int, _: int) -> None:
        await self.act(a, "unrelease")

    async def rights(self, a: int, b: int) -> None:
        await self.act(a, "set_rights", cleared=(True, True, False, None)[b % 4], regions=list(REGIONS[a % 4]))

    async def clear(self, a: int, _: int) -> None:
        await self.act(a, "set_rights", cleared=True, regions=list(REGIONS[0]))

    async def move(self, a: int, b: int) -> None:
        await self.act(a, "set_field", field=643, value=SKUS[b % 4])

    async def delete(self, a: int, _: int) -> None:
        if (asset := self.asset(a)) is not None:
            self.assets.remove(asset)
            await self.scene.celum.act("delete", id=int(asset))

    async def rename(self, a: int, b: int) -> None:
        if (asset := self.asset(a)) is not None:
            await self.scene.celum.call("PATCH", f"assets/{asset}", {"name": f"Renamed {a} {b}"})

    async def version(self, a: int, b: int) -> None:
        if (asset := self.asset(a)) is not None:
            await self.scene.celum.new_version(asset, f"version {a} {b}".encode() * 60)

    async def window(self, a: int, b: int) -> None:
        if (asset := self.asset(a)) is not None:
            end = self.scene.clock() + timedelta(minutes=(-60, 30, 90)[b % 3]) if b % 4 else None
            await self.scene.celum.window(asset, end)

    # ── people in the portal ─────────────────────────────────────────────────────────────────────────────────────

    async def product(self, a: int, _: int) -> None:
        sku = SKUS[1 + a % 2]
        if sku is not None and sku not in self.products:
            self.products[sku] = await self.scene.portal.product(sku)

    async def no_product(self, a: int, _: int) -> None:
        if (id := self.products.pop(SKUS[1 + a % 2] or "", None)) is not None:
            await self.scene.portal.act("delete", module="product", id=id)

    async def meddle(self, a: int, b: int) -> None:
        """Somebody removes or hides a copy of ours."""
        files = await self.scene.portal.files()
        if not files:
            return
        id = files[a % len(files)]["id"]
        if b % 2:
            await self.scene.portal.call("DELETE", f"modules/file/objects/{id}")
        else:
            change = {"id": id, "status": [{"value": "archived"}]}
            await self.scene.portal.call("PATCH", "modules/file/objects", [change])

    # ── people at Lockgate, time, trouble ────────────────────────────────────────────────────────────────────────

    async def recall(self, a: int, _: int) -> None:
        if (asset := self.asset(a)) is not None:
            self.recalled.add(asset)
            await self.app.working.recall(FLOW, [asset], "", "Rae")

    async def lift(self, a: int, _: int) -> None:
        if self.recalled:
            asset = sorted(self.recalled)[a % len(self.recalled)]
            self.recalled.remove(asset)
            await self.app.working.lift(FLOW, [asset], "Rae")

    async def restart(self, _a: int, _b: int) -> None:
        await self.stop()
        await self.start()

    async def run(self, _a: int, b: int) -> None:
        await self.app.working.run(FLOW, ("full", "sweep")[b % 2], verify=bool(b % 2))

    async def later(self, a: int, _: int) -> None:
        self.scene.clock.ahead += timedelta(minutes=(1, 20, 60)[a % 3])

    async def moment(self, a: int, _: int) -> None:
        await asyncio.sleep(0.03 * (a % 4))

    async def trouble(self, a: int, b: int) -> None:
        await (self.scene.celum, self.scene.portal)[b % 2].fault(*FAULTS[a % len(FAULTS)])

    async def calm(self, _a: int, _b: int) -> None:
        await self.scene.celum.fault()
        await self.scene.portal.fault()


OFTEN = ("new_asset", "release", "clear", "version", "rename", "moment", "product", "trouble")
SELDOM = (
    "unrelease", "rights", "move", "delete", "window", "no_product", "meddle", "recall", "lift", "restart", "run", "later",
    "calm",
)  # fmt: skip
STEP = st.tuples(st.sampled_from(OFTEN * 2 + SELDOM), st.integers(0, 11), st.integers(0, 11))


async def played(story: list[tuple[str, int, int]], home: Path) -> None:
    async with world(home) as scene:
        scene.binding = BINDING + "guard: {share: 1, least: 1000}\n"
        told = Story(scene)
        await told.start()
        try:
            for step in story:
                await told.tell(*step)
            await told.calm(0, 0)
            await at_rest(told)
            assert [text async for text in complaints(scene, told.recalled)] == []
            await in_order(told.app)
        finally:
            await told.stop()


async def at_rest(story: Story) -> None:
    """Let everything that is put off have its turn, and sweep once: lost webhooks and meddling are found by that only."""
    app = story.app
    await runs_ended(app)
    for _ in range(2):
        done = await story.scene.run(app, "sweep", verify=True)
        assert done.state == "done", done.note
        story.scene.clock.ahead += timedelta(hours=7)
        await until(lambda: quiet(app), within=60)


async def runs_ended(app: Lockgate) -> None:
    for run in (await app.ledger.read(lambda c: runs.page(c, flow=FLOW, limit=100))).rows:
        await app.working.wait(run.id)


async def quiet(app: Lockgate) -> bool:
    if not await app.working.idle():
        return False
    return all(one.code.startswith("product.") for one in (await waiting(app)).values())


async def in_order(app: Lockgate) -> None:
    assert (await app.ledger.read(audit.verify)).holds
    for run in (await app.ledger.read(lambda c: runs.page(c, flow=FLOW, limit=100))).rows:
        assert run.account.balanced(), run
        assert run.account.failed == 0, run
    keys = await app.ledger.read(lambda c: deliveries.keys_after(c, FLOW, "", 1000))
    assert await app.ledger.read(lambda c: intents.get(c, FLOW, keys)) == {}


@settings(
    max_examples=int(os.environ.get("STORIES", "5")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(STEP, min_size=20, max_size=45))
def test_a_story_of_any_events_ends_as_the_oracle_says(story: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as home:
        asyncio.run(played(story, Path(home)))
