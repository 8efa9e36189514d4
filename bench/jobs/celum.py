"""The job that is ours: approved assets from CELUM to their products in 4ALLPORTAL, both sandboxes as processes of their own."""

import asyncio
import hashlib
import hmac
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import msgspec

from bench.figures import Figures, Parts, waits
from bench.machine import cost
from bench.place import Place
from bench.process import Lockgate
from lockgate.app import demo
from lockgate.app.demo import Demo
from lockgate.kit.seed import generate

SENDERS = 32
HOOKS = 3_000
EVENTS = 60
PATIENCE = 30.0


@dataclass
class Scene:
    """Both sandboxes, and Lockgate between them."""

    place: Place
    systems: Demo
    lockgate: Lockgate
    http: aiohttp.ClientSession
    hook: str
    secret: str

    async def act(self, action: str, **arguments: Any) -> None:
        """What a person does in CELUM."""
        url = f"{self.systems.celum.url}/__sandbox/actions/{action}"
        async with self.http.post(url, json=arguments) as answer:
            answer.raise_for_status()

    async def announce(self) -> None:
        """Have CELUM send its webhooks from now on."""
        body = {"url": self.hook, "secret": self.secret}
        async with self.http.put(f"{self.systems.celum.url}/__sandbox/webhook", json=body) as answer:
            answer.raise_for_status()

    async def calls(self, since: int) -> list[dict[str, Any]]:
        """What 4ALLPORTAL was asked, after this call."""
        url = f"{self.systems.portal.url}/__sandbox/calls"
        async with self.http.get(url, params={"since": since}) as answer:
            told: list[dict[str, Any]] = await answer.json()
            return told

    @contextmanager
    def charged(self) -> Iterator[Figures]:
        """CPU seconds of each process during the block."""
        before, figures = self.cpu(), Figures()
        yield figures
        figures |= {f"CPU s, {name}": spent - before[name] for name, spent in self.cpu().items()}

    def cpu(self) -> dict[str, float]:
        server = {"database server": self.place.server_cost().cpu} if self.place.server else {}
        pids = {
            "Lockgate": self.lockgate.pid,
            "CELUM sandbox": self.systems.celum.pid,
            "4ALLPORTAL sandbox": self.systems.portal.pid,
        }
        return {name: cost(pid).cpu for name, pid in pids.items()} | server


@asynccontextmanager
async def scene(place: Place) -> AsyncIterator[Scene]:
    """Fresh sandboxes with so many assets, and a fresh Lockgate that knows both."""
    content = place.folder / "content"
    await asyncio.to_thread(generate, content)
    place.say(f"two sandboxes with {place.size:,} assets")
    async with (
        demo.sandboxes(place.folder, content, place.size, seed=0) as systems,
        place.lockgate() as lockgate,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=SENDERS)) as http,
    ):
        celum = {"site": systems.celum.url, "key": systems.celum.key, "webhooks": "hmac"}
        portal = {"site": systems.portal.url, "key": systems.portal.key}
        connections = {demo.CELUM: ["celum", celum], demo.PORTAL: ["fourallportal", portal]}
        hooks = await lockgate.tell("connect", connections=connections, confirmed=True)
        await lockgate.tell("flow", text=demo.BINDING, recipes={})
        secret = await lockgate.tell("secret", name=demo.CELUM)
        yield Scene(place, systems, lockgate, http, hooks[demo.CELUM], secret)


async def celum(place: Place) -> Parts:
    """Full runs first, then what people and webhooks bring."""
    async with scene(place) as stage:
        parts = {"first full run": await full_run(stage, "first full run")}
        parts["first full run"]["database, MB"] = place.database_mb()
        keys = await stage.lockgate.tell("keys")
        parts["nothing changed"] = await full_run(stage, "nothing changed")
        for number, key in enumerate(keys[:: max(1, len(keys) * 100 // place.size)]):
            await stage.act("set_rights", id=int(key), credit_line=f"Studio {number}")
        parts["1 % changed"] = await full_run(stage, "1 % changed")
        parts["signed webhooks, beside the work"] = await signed(stage, keys)
        await stage.announce()
        parts["one change → written"] = await changes(stage, keys)
        parts["rights change → confirmed withdrawn"] = await withdrawals(stage, keys)
    return parts


async def full_run(stage: Scene, what: str) -> Figures:
    stage.place.say(f"{what}, {stage.place.size:,} assets")
    with stage.charged() as spent:
        told = await stage.lockgate.tell("run")
    account = told["account"]
    return {
        **spent,
        "items per CPU s": account["read"] / max(told["cpu"], 0.01),
        "written": account["written"],
        "seconds": told["seconds"],
        "peak memory, MB": told["peak_mb"],
    }


async def signed(stage: Scene, keys: list[str]) -> Figures:
    """Signed webhooks from many senders, each committed before its 202, while the live lane looks at what they name."""
    stage.place.say("signed webhooks")
    number, waited = stage.place.times(HOOKS), list[float]()
    bodies = itertools.islice(itertools.cycle([event(key) for key in keys]), number)
    with stage.charged() as spent:
        begun = time.perf_counter()
        await asyncio.gather(*(sender(stage, bodies, waited) for _ in range(SENDERS)))
        seconds = time.perf_counter() - begun
        await stage.lockgate.tell("idle")
    return {"acknowledged/s": number / seconds, **waits(waited, "acknowledged"), **spent}


async def sender(stage: Scene, bodies: Iterator[bytes], waited: list[float]) -> None:
    for body in bodies:
        proof = hmac.new(stage.secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"x-celum-signature": f"sha256={proof}", "content-type": "application/json"}
        begun = time.perf_counter()
        async with stage.http.post(stage.hook, data=body, headers=headers) as answer:
            if answer.status != 202:
                raise RuntimeError(f"a webhook was answered {answer.status}")
        waited.append(time.perf_counter() - begun)


def event(key: str) -> bytes:
    return msgspec.json.encode({"type": "ASSET_UPDATED", "entity": {"id": int(key)}, "updatedFields": ["name"]})


async def changes(stage: Scene, keys: list[str]) -> Figures:
    """One after the other: from the moment a person asks CELUM for a change until 4ALLPORTAL is asked to write it.

    CELUM's own work, its webhook, the commit, the read, the gates and the write are all in it.
    """
    stage.place.say("one change at a time")
    waited = [
        await one_change(stage, key, n) for n, key in enumerate(itertools.islice(keys, stage.place.times(EVENTS)))
    ]
    return waits(waited, "change → write")


async def one_change(stage: Scene, key: str, number: int) -> float:
    seen = await stage.calls(0)
    last, begun = int(seen[-1]["n"]) if seen else 0, time.time()
    await stage.act("set_rights", id=int(key), credit_line=f"Bench {number}, {begun}")
    while time.time() < begun + PATIENCE:
        if writes := [call for call in await stage.calls(last) if call["method"] in {"PATCH", "PUT"}]:
            await stage.lockgate.tell("idle")
            return datetime.fromisoformat(writes[0]["at"]).timestamp() - begun
        await asyncio.sleep(0.005)
    raise RuntimeError(f"the change of asset {key} was not written within {PATIENCE:.0f} seconds")


async def withdrawals(stage: Scene, keys: list[str]) -> Figures:
    """One after the other: from the moment a person takes the rights away until our copy was seen hidden and that is recorded."""
    stage.place.say("one withdrawal at a time")
    waited = []
    for key in itertools.islice(keys, stage.place.times(EVENTS)):
        begun = time.time()
        await stage.act("set_rights", id=int(key), cleared=False)
        waited.append(await stage.lockgate.tell("hidden_at", key=key, within=PATIENCE) - begun)
    return waits(waited, "change → withdrawn")
