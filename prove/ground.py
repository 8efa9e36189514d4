"""What every proof stands on: both sandboxes, an installation between them with one flow, and its API.

async with ground(folder, seed=1) as it:          # or database="postgresql://…"
    await it.lockgate.kill("up"); await it.lockgate.start("up")
    await it.rest()                               # faults off, all work done, asked over the API
"""

import asyncio
import os
import random
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from lockgate.kit.seed import generate
from prove.processes import Launch, Lockgate, launch
from prove.systems import CELUM_KEY, PORTAL_KEY, Celum, Portal, call, systems

DAM, PIM, FLOW = "dam", "pim", "assets-to-pim"
BINDING = f"""\
flow: {FLOW}
recipe: approved-assets-to-products
uses: {{dam: {DAM}, pim: {PIM}}}
ask: {{status: approved, markets: [DE, AT, CH]}}
guard: {{share: 1, least: 1000000}}
"""
"""The guard is wide open: people here take back whatever they like."""
PORTS = range(20_000, 30_000)
"""Below those that outgoing calls use, so that nobody takes ours while Lockgate is dead."""
PATIENCE = 120.0
PACE = 0.05
WAITS_FOR_PRODUCT = "product."
"""Begins the reason of an item that no time helps."""


class Unsettled(Exception):
    """Lockgate did not come to rest; the message says what it still had to do."""


@dataclass
class Ground:
    folder: Path
    seed: int
    http: aiohttp.ClientSession
    celum: Celum
    portal: Portal
    lockgate: Lockgate

    async def api(self, method: str, path: str, body: Any = None) -> Any:
        """Lockgate's REST API. Raises Refused, and what aiohttp raises when it is dead."""
        return await call(self.http, method, f"{self.lockgate.url}/api/v1/{path}", body)

    # ── rest ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def calm(self) -> None:
        """All faults off."""
        await self.celum.faults()
        await self.portal.faults()

    async def rest(self, patience: float = PATIENCE) -> None:
        """Wait until no webhook is on its way, no run under way, the inbox is empty, and nothing is put off by a failure.

        What is put off is tried again by hand, as an operator would once the trouble is over. Raises Unsettled.
        """
        deadline = time.monotonic() + patience
        while left := await self.unfinished():
            if time.monotonic() > deadline:
                raise Unsettled(f"not at rest after {patience:.0f} s: {left}")
            if "put off" in left:
                await self.api("POST", f"parked/{FLOW}/retry", {})
            await asyncio.sleep(PACE)

    async def unfinished(self) -> dict[str, Any]:
        """What there is still to do; empty at rest."""
        webhooks = await self.celum.webhooks_waiting() + await self.portal.webhooks_waiting()
        flow = await self.api("GET", f"flows/{FLOW}")
        runs = [one["id"] for state in ("queued", "running") for one in (await self.runs(state=state))]
        left = {"webhooks": webhooks, "inbox": flow["waiting"], "runs": runs, "problem": flow["problem"]}
        left = {name: much for name, much in left.items() if much}
        return left or {name: much for name, much in {"put off": await self.put_off()}.items() if much}

    async def put_off(self) -> list[str]:
        """Keys of the parked items that wait for another try, not for a product."""
        rows = await self.parked()
        return [row["key"] for row in rows if not row["code"].startswith(WAITS_FOR_PRODUCT) and row["next_try"]]

    async def parked(self) -> list[dict[str, Any]]:
        return list((await self.api("GET", f"parked?flow={FLOW}&limit=1000"))["rows"])

    async def runs(self, **asked: str) -> list[dict[str, Any]]:
        """All runs of the flow, the newest first."""
        found: list[dict[str, Any]] = []
        query = "".join(f"&{name}={value}" for name, value in asked.items())
        after = ""
        while True:
            page = await self.api("GET", f"runs?flow={FLOW}&limit=200{query}{after}")
            found += page["rows"]
            if not page.get("next"):
                return found
            after = f"&after={page['next']}"

    async def run(self, kind: str = "sweep", patience: float = PATIENCE) -> dict[str, Any]:
        """Run the flow to its end: `sweep` looks at everything and asks the target what it holds."""
        started = await self.api("POST", f"flows/{FLOW}/runs", {"kind": kind, "verify": kind == "sweep"})
        deadline = time.monotonic() + patience
        while (run := await self.api("GET", f"runs/{started['id']}"))["state"] in {"queued", "running"}:
            if time.monotonic() > deadline:
                raise Unsettled(f"run {run['id']} goes on after {patience:.0f} s: {run}")
            await asyncio.sleep(PACE)
        return dict(run)

    # ── once ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def install(self) -> None:
        """Connections, profiles, flow and webhooks, all over the API."""
        near = {"private_addresses": True}
        for name, connector, system, key in (
            (DAM, "celum", self.celum, CELUM_KEY),
            (PIM, "fourallportal", self.portal, PORTAL_KEY),
        ):
            settings = {"site": system.url, "key": key, **near}
            await self.api("POST", "connections", {"name": name, "connector": connector, "settings": settings})
            await self.api("POST", f"connections/{name}/profile/confirm", {})
            hook = await self.api("POST", f"connections/{name}/webhook")
            await system.announce_to(hook["url"], hook["secret"] if name == DAM else None)
        await self.api("POST", "flows", BINDING)


@asynccontextmanager
async def ground(
    folder: Path, *, seed: int, assets: int = 40, database: str = "", launch: Launch = launch
) -> AsyncIterator[Ground]:
    """Sandboxes full of the sample content, and Lockgate at work between them. All of it ends with the block."""
    content = folder / "content"
    await asyncio.to_thread(generate, content)
    async with aiohttp.ClientSession() as http, systems(content, assets, seed, http) as (celum, portal):
        lockgate = Lockgate(folder / "home", folder / "logs", free_port(), database, launch)
        made = Ground(folder, seed, http, celum, portal, lockgate)
        try:
            await lockgate.start_all()
            await made.install()
            yield made
        finally:
            await lockgate.kill_all()


def free_port() -> int:
    """A port nobody listens on, out of the way of outgoing calls."""
    chance = random.Random(os.urandom(8))  # noqa: S311 (two proofs at once must not choose the same)
    while True:
        port = chance.choice(PORTS)
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) != 0:
                return port
