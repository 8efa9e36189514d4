"""The jobs that are measured. Each answers plain figures; CPU seconds are those of each process during the job alone."""

import asyncio
import hashlib
import hmac
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from statistics import quantiles
from typing import Any

import aiohttp
import msgspec

from bench.scene import Scene

SENDERS = 32
HOOKS = 3_000
EVENTS = 60
PATIENCE = 30.0

Figures = dict[str, float]


async def full_sync(scene: Scene) -> Figures:
    """Everything for the first time: read, decide, carry files, link, record."""
    with charged(scene) as figures:
        told = await scene.tell("run")
    return figures | run_figures(told)


async def unchanged_sync(scene: Scene) -> Figures:
    """The same again: nothing has changed, so nothing is written."""
    with charged(scene) as figures:
        told = await scene.tell("run")
    if told["account"]["written"]:
        raise RuntimeError(f"an unchanged run wrote {told['account']['written']} items")
    told_figures = run_figures(told)
    del told_figures["mb_per_second"]
    return figures | told_figures


def run_figures(told: dict[str, Any]) -> Figures:
    account = told["account"]
    return {
        "items": account["read"],
        "written": account["written"],
        "seconds": told["seconds"],
        "items_per_second": account["read"] / told["seconds"],
        "items_per_cpu_second": account["read"] / max(told["cpu"], 0.01),
        "mb_per_second": account["bytes"] / 1e6 / told["seconds"],
        "peak_mb": told["peak_mb"],
    }


async def hooks(scene: Scene, hook: str, secret: str) -> Figures:
    """Signed webhooks from many senders, each committed before its 202, while the live lane looks at what they name."""
    bodies = itertools.cycle([event(key) for key in await scene.tell("keys")])
    waits: list[float] = []
    work = iter([next(bodies) for _ in range(HOOKS)])
    with charged(scene) as figures:
        begun = time.perf_counter()
        connector = aiohttp.TCPConnector(limit=SENDERS)
        async with aiohttp.ClientSession(connector=connector) as http:
            await asyncio.gather(*(sender(http, hook, secret, work, waits) for _ in range(SENDERS)))
        seconds = time.perf_counter() - begun
        drained = await scene.tell("idle")
    return figures | {
        "hooks": HOOKS,
        "acknowledged_per_second": HOOKS / seconds,
        "drained_after_seconds": drained["seconds"],
        **spread(waits, "acknowledged"),
    }


async def sender(
    http: aiohttp.ClientSession, hook: str, secret: str, bodies: Iterator[bytes], waits: list[float]
) -> None:
    for body in bodies:
        proof = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"x-celum-signature": f"sha256={proof}", "content-type": "application/json"}
        begun = time.perf_counter()
        async with http.post(hook, data=body, headers=headers) as answer:
            if answer.status != 202:
                raise RuntimeError(f"a webhook was answered {answer.status}")
        waits.append(time.perf_counter() - begun)


def event(key: str) -> bytes:
    return msgspec.json.encode({"type": "ASSET_UPDATED", "entity": {"id": int(key)}, "updatedFields": ["name"]})


async def latency(scene: Scene, hook: str, secret: str) -> Figures:
    """One change after the other: from the moment a person asks for it in CELUM until 4ALLPORTAL is asked to write it.

    CELUM's own work, its webhook, the commit, the read, the gates and the write are all in it.
    """
    keys = itertools.cycle(await scene.tell("keys"))
    async with aiohttp.ClientSession(raise_for_status=True) as http:
        async with http.put(f"{scene.celum.url}/__sandbox/webhook", json={"url": hook, "secret": secret}):
            pass
        waits = [await one_event(http, scene, next(keys), number) for number in range(EVENTS)]
    return {"events": EVENTS, **spread(waits, "latency")}


async def one_event(http: aiohttp.ClientSession, scene: Scene, key: str, number: int) -> float:
    seen = await last_call(http, scene)
    begun = time.time()
    change = {"id": int(key), "credit_line": f"Bench {number}, {begun}"}
    async with http.post(f"{scene.celum.url}/__sandbox/actions/set_rights", json=change):
        pass
    deadline = begun + PATIENCE
    while time.time() < deadline:
        async with http.get(f"{scene.portal.url}/__sandbox/calls", params={"since": seen}) as answer:
            writes = [call for call in await answer.json() if call["method"] in {"PATCH", "PUT"}]
        if writes:
            await scene.tell("idle")
            return datetime.fromisoformat(writes[0]["at"]).timestamp() - begun
        await asyncio.sleep(0.005)
    raise RuntimeError(f"the change of asset {key} was not written within {PATIENCE:.0f} seconds")


async def last_call(http: aiohttp.ClientSession, scene: Scene) -> int:
    async with http.get(f"{scene.portal.url}/__sandbox/calls") as answer:
        calls = await answer.json()
    return int(calls[-1]["n"]) if calls else 0


def spread(waits: list[float], name: str) -> Figures:
    cuts = quantiles(waits, n=100, method="inclusive")
    return {f"{name}_p50_ms": cuts[49] * 1000, f"{name}_p99_ms": cuts[98] * 1000}


@contextmanager
def charged(scene: Scene) -> Iterator[Figures]:
    """CPU seconds of each process during the block, and the most memory Lockgate held so far."""
    before, figures = scene.costs(), Figures()
    yield figures
    after = scene.costs()
    figures |= {f"cpu_{name}": after[name].cpu - before[name].cpu for name in before}
    figures["peak_mb"] = after["lockgate"].peak_mb
