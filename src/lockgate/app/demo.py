"""The demo: both sandboxes as processes of their own, connections, one flow. The real thing on made-up ground."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from lockgate.app.lockgate import Lockgate
from lockgate.kit.sandbox.process import SandboxProcess, SpawnFailed, spawn
from lockgate.kit.seed import generate

CELUM, PORTAL = "celum-demo", "portal-demo"
"""Names of the demo's connections."""
FLOW = "assets-to-pim"
BINDING = f"""\
flow: {FLOW}
recipe: approved-assets-to-products
uses: {{dam: {CELUM}, pim: {PORTAL}}}
ask: {{status: approved, markets: [DE, AT, CH]}}
"""
CELUM_KEY = "demo-key"
PORTAL_KEY = "75d6a19f-7e44-4ae5-b81f-7292bc9f774d"


class Ports(msgspec.Struct):
    """The ports the sandboxes had last time, so that a demo that was killed finds the same addresses again."""

    celum: int = 0
    fourallportal: int = 0


@dataclass(frozen=True, slots=True)
class Demo:
    """Running sandboxes and what they were filled with."""

    celum: SandboxProcess
    portal: SandboxProcess
    manifests: dict[str, dict[str, Any]]
    """What each sandbox says it was seeded with."""

    @property
    def expected(self) -> dict[str, Any]:
        """What a first run over the content must account for, by the seeder's own reckoning."""
        told: dict[str, Any] = self.manifests["celum"]["expected"]
        return told


@asynccontextmanager
async def sandboxes(
    home: Path, content: Path | None, assets: int | None, seed: int, ports: Ports | None = None
) -> AsyncIterator[Demo]:
    """Start both sandboxes over the same content; their state stays in `home` and is taken up again next time.

    Raises SpawnFailed with what a sandbox said.
    """
    folder = content or sample(home)
    file = home / "sandboxes.json"
    known = ports or (msgspec.json.decode(file.read_bytes(), type=Ports) if file.exists() else Ports())
    async with AsyncExitStack() as stack:
        running = {}
        for id, key, port in (("celum", CELUM_KEY, known.celum), ("fourallportal", PORTAL_KEY, known.fourallportal)):
            options = {"status_rule": "false"} if id == "fourallportal" else {}
            started = await start(
                id, port, key=key, state=home / id, content=folder, assets=assets, seed=seed, options=options
            )
            running[id] = await stack.enter_async_context(started)
        demo = Demo(running["celum"], running["fourallportal"], {})
        for id, sandbox in running.items():
            demo.manifests[id] = await ask(sandbox, "manifest")
        file.write_bytes(msgspec.json.encode(Ports(port_of(demo.celum.url), port_of(demo.portal.url))))
        yield demo


async def start(id: str, port: int, **given: Any) -> SandboxProcess:
    """On the port of last time if it is free, else on any."""
    if port:
        with contextlib.suppress(SpawnFailed):
            return await spawn(id, port=port, **given)
    return await spawn(id, **given)


def sample(home: Path) -> Path:
    """The sample content that ships with Lockgate, drawn once."""
    folder = home / "content"
    if not folder.exists():
        fresh = home / "content.part"
        generate(fresh)
        fresh.rename(folder)
    return folder


async def ask(sandbox: SandboxProcess, what: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/__sandbox/{what}") as answer:
        answer.raise_for_status()
        told: dict[str, Any] = await answer.json()
        return told


async def tell(sandbox: SandboxProcess, what: str, body: Any) -> None:
    """Use the sandbox's control API: `webhook`, `clock`, `faults`."""
    async with aiohttp.ClientSession() as session, session.put(f"{sandbox.url}/__sandbox/{what}", json=body) as answer:
        answer.raise_for_status()


async def connect(app: Lockgate, demo: Demo) -> None:
    """Add the two connections with their profiles, and install the flow; what stands as it should is left alone."""
    known = {row.name: row.settings.get("site") for row in await app.connections.all()}
    for name, sandbox in ((CELUM, demo.celum), (PORTAL, demo.portal)):
        if known.get(name) != sandbox.url:
            values = {"site": sandbox.url, "key": sandbox.key, "private_addresses": True}
            await app.connections.add(name, sandbox.id, values)
            await app.connections.confirm(name, await app.connections.proposal(name), by="demo")
            await app.rebind(name)
    if FLOW not in {row.name for row in await app.flows.all()}:
        await app.add_flow(BINDING, "the demo's flow")


async def announce(app: Lockgate, demo: Demo, address: str) -> None:
    """Have both sandboxes send their webhooks to this Lockgate."""
    for name, sandbox in ((CELUM, demo.celum), (PORTAL, demo.portal)):
        body = {"url": address + await app.connections.hook_path(name)}
        if name == CELUM:
            body["secret"] = await app.connections.hook_secret(name)
        await tell(sandbox, "webhook", body)


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1])
