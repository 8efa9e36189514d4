"""Fail points: the process dies by SIGKILL exactly after each durable step, and nothing is lost or doubled.

The points are those that `lockgate.failpoints` lists. A point that no process comes past fails the case.
"""

import asyncio
import itertools
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from lockgate.failpoints import POINTS, VARIABLE
from prove.cases.standing import Result, settled
from prove.ground import DAM, FLOW, Ground, ground
from prove.load import iso
from prove.oracle import value
from prove.processes import Launch, StartFailed, launch

PATIENCE = 60.0
"""Seconds within which the process must come past its point."""
SILENT = {"match": "webhook", "kind": "drop"}
SLOW = {"match": "POST /api/modules/file/objects", "kind": "slow", "delay_ms": 1000}
ROLE = "up"


@dataclass
class Scene:
    """What people do to have a process come past a point, with products and assets of their own for each."""

    it: Ground
    assets: list[str] = field(default_factory=list)
    """Those made last."""
    old: list[str] = field(default_factory=list)
    """Those that stood in the portal before anything was done: no poll tells of them any more."""
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────

    async def make(self, number: int = 2, *, product: bool = True) -> str:
        """New assets that are allowed; the number of the product they belong to."""
        sku = f"FP-{next(self._numbers)}"
        if product:
            await self.it.portal.act("create_product", sku=sku)
        words = {"ids.sku": sku, "status": "approved", "cleared": True, "regions": ["DE", "AT", "CH"]}
        self.assets = []
        for n in range(number):
            made = await self.it.celum.act("make_asset", title=f"{sku} {n}", file=f"{sku}-{n}.png", **words)
            self.assets.append(str(made["id"]))
        return sku

    async def celum(self, action: str, **words: Any) -> None:
        await self.it.celum.act(action, id=int(self.assets[0]), **words)

    async def api(self, method: str, path: str, body: Any = None) -> Any:
        """Lockgate may die of it."""
        with suppress(aiohttp.ClientError, TimeoutError):
            return await self.it.api(method, path, body)

    async def unheard(self) -> None:
        """From now on Lockgate is told of nothing."""
        await self.it.celum.faults(SILENT)
        await self.it.portal.faults(SILENT)

    # ── before the process is armed ──────────────────────────────────────────────────────────────────────────────

    async def nothing(self) -> None:
        """All is as the point before left it."""

    async def delivered(self) -> None:
        await self.make()
        await self.it.rest()

    async def hidden(self) -> None:
        await self.delivered()
        await self.celum("unrelease")
        await self.it.rest()

    async def waiting(self) -> None:
        self.sku = await self.make(product=False)
        await self.it.rest()

    async def broken_off(self) -> None:
        """A run that its process was killed in; that is what it is started for."""
        await self.unheard()
        await self.make(4)
        await self.it.portal.faults(SILENT, SLOW)
        await self.run()
        await asyncio.sleep(0.5)

    # ── what brings an armed process to its point ────────────────────────────────────────────────────────────────

    async def rename(self) -> None:
        await self.celum("change_asset", title=f"Renamed {next(self._numbers)}")

    async def unrelease(self) -> None:
        await self.celum("unrelease")

    async def release(self) -> None:
        await self.celum("release")

    async def ending(self) -> None:
        await self.celum("set_availability", to=iso(datetime.now(UTC) + timedelta(seconds=1)))

    async def product(self) -> None:
        await self.it.portal.act("create_product", sku=self.sku)

    async def recall(self) -> None:
        await self.api("POST", f"recalls/{FLOW}", {"keys": self.assets[:1], "reason": "the model withdrew consent"})

    async def run(self) -> None:
        await self.api("POST", f"flows/{FLOW}/runs", {"kind": "full"})

    async def plan(self) -> None:
        await self.unheard()
        await self.make()
        await self.api("POST", f"flows/{FLOW}/plans")

    async def vanish(self) -> None:
        await self.unheard()
        self.assets = [self.old.pop()]
        await self.celum("delete")
        await self.run()

    async def make_unheard(self) -> None:
        await self.unheard()
        await self.make()


Way = tuple[str, str, str]
"""What is done before, while the process is dead, and once it is armed and at work: names of the scene's acts."""
WRITES: Way = ("nothing", "nothing", "make")
RUNS: Way = ("delivered", "nothing", "run")
CLOSES: Way = ("delivered", "nothing", "unrelease")
WAYS: dict[str, Way] = {
    "hook.stored": WRITES,
    "intent.stored": WRITES,
    "copy.written": WRITES,
    "copy.linked": WRITES,
    "page.written": WRITES,
    "page.recorded": WRITES,
    "poll.stored": ("nothing", "make_unheard", "nothing"),
    "timer.stored": ("delivered", "nothing", "ending"),
    "order.stored": ("delivered", "nothing", "recall"),
    "fields.written": ("delivered", "nothing", "rename"),
    "withdraw.sent": CLOSES,
    "copy.withdrawn": CLOSES,
    "copy.shown": ("hidden", "nothing", "release"),
    "counterpart.settled": ("waiting", "nothing", "product"),
    "start.launched": ("broken_off", "nothing", "nothing"),
    "run.created": RUNS,
    "run.begun": RUNS,
    "page.passed": RUNS,
    "step.done": RUNS,
    "step.stored": RUNS,
    "run.ended": RUNS,
    "plan.drawn": ("nothing", "nothing", "plan"),
    "vanished.hinted": ("nothing", "nothing", "vanish"),
}


async def points(
    folder: Path, seed: int, only: Sequence[str] = tuple(POINTS), *, launch: Launch = launch, assets: int = 20
) -> Result:
    """Die at each of these points once."""
    result = Result("fail points", {"points": len(only), "reached": 0})
    if unknown := sorted(set(POINTS) ^ set(WAYS)):
        result.wrong.append(f"points that are listed at one place only: {', '.join(unknown)}")
    async with ground(folder, seed=seed, assets=assets, launch=launch) as it:
        await it.run("full")
        result.wrong += await settled(it)
        scene = Scene(it, old=await shown(it))
        for name in only:
            await one_point(scene, name, result)
    return result


async def one_point(scene: Scene, name: str, result: Result) -> None:
    before, meanwhile, provoke = (getattr(scene, act) for act in WAYS[name])
    it = scene.it
    await before()
    await it.lockgate.kill(ROLE)
    await meanwhile()
    reached = await died(scene, name, provoke)
    result.told["reached"] += reached
    if not reached:
        result.wrong.append(f"{name}: no process came past it")
        await it.lockgate.kill_all()
    await it.calm()
    await it.lockgate.start(ROLE)
    if name == "order.stored":
        await still_recalled(scene, result)
    result.wrong += [f"{name}: {wrong}" for wrong in await settled(it)]


async def died(scene: Scene, name: str, provoke: Any) -> bool:
    """Start a process that dies at the point, have it come there, and see it die."""
    lockgate = scene.it.lockgate
    lockgate.settings[VARIABLE] = name
    try:
        began = await lockgate.begin(ROLE)
    finally:
        del lockgate.settings[VARIABLE]
    with suppress(StartFailed):
        await lockgate.ready(ROLE, began)
        await provoke()
    try:
        async with asyncio.timeout(PATIENCE):
            status = await lockgate.running[ROLE].ended()
    except TimeoutError:
        return False
    del lockgate.running[ROLE]
    return status == -signal.SIGKILL


async def still_recalled(scene: Scene, result: Result) -> None:
    """A recall that was committed closes the copy, whoever heard of it; then it is lifted."""
    it, asset = scene.it, scene.assets[0]
    deadline = time.monotonic() + PATIENCE
    while not await hidden(it, asset):
        if time.monotonic() > deadline:
            result.wrong.append("order.stored: the recalled copy was not closed")
            break
        await asyncio.sleep(0.1)
    await it.api("DELETE", f"recalls/{FLOW}/{asset}")


async def shown(it: Ground) -> list[str]:
    """The assets whose copies are visible."""
    files = await it.portal.objects("file")
    keys = [str(value(one, "ext_id")) for one in files if value(one, "status") == "approved" and value(one, "ext_id")]
    return [key.removeprefix(f"{DAM}:") for key in keys]


async def hidden(it: Ground, asset: str) -> bool:
    files = await it.portal.objects("file")
    return any(value(one, "ext_id") == f"{DAM}:{asset}" and value(one, "status") == "archived" for one in files)
