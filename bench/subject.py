"""Lockgate as the process that is measured. Each line of its standard input names something to do, with what it needs, in JSON;
each is answered by a line of JSON.

This is `lockgate up` without its command line (`working` and `door` are the roles apart), and knows the rig's connectors.
"""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from bench import rig
from bench.machine import cost, forget_peak
from lockgate.api import serving
from lockgate.app import demo, following, logs
from lockgate.app.lockgate import Lockgate, opened
from lockgate.app.memory import settle
from lockgate.app.settings import AppSettings
from lockgate.ledger import deliveries

HERE = {"private_addresses": True}


class Role(msgspec.Struct):
    """What this process is: where it keeps things, and whether it listens and works."""

    home: str
    database: str = ""
    door: bool = True
    works: bool = True


class Subject:
    """What can be asked of it, a method a word."""

    def __init__(self, app: Lockgate, address: str) -> None:
        self.app, self.address = app, address

    async def connect(self, connections: Mapping[str, Any], confirmed: bool = False) -> dict[str, str]:
        """Add connections (name → connector and settings); answers the addresses of their webhooks."""
        for name, (connector, settings) in connections.items():
            await self.app.connections.add(name, connector, {**settings, **HERE})
            if confirmed:
                await self.app.connections.confirm(name, await self.app.connections.proposal(name), by="bench")
        return {name: self.address + await self.app.connections.hook_path(name) for name in connections}

    async def secret(self, name: str) -> str:
        return await self.app.connections.hook_secret(name)

    async def flow(self, text: str, recipes: Mapping[str, str]) -> None:
        await self.app.add_flow(text, "the bench's flow", recipes)
        await asyncio.sleep(2 * following.PACE)  # who follows other processes takes it up once more

    async def begin(self, flow: str = demo.FLOW, kind: str = "full", **params: Any) -> str:
        """Start a run and answer its id."""
        return (await self.app.working.run(flow, kind, **params)).id

    async def end(self, run: str) -> None:
        await self.app.working.cancel(run)
        await self.app.working.wait(run)

    async def run(self, flow: str = demo.FLOW, kind: str = "full", **params: Any) -> dict[str, Any]:
        """A run from its beginning to its end, and what it cost this process."""
        forget_peak(os.getpid())
        before, begun = cost(os.getpid()), time.perf_counter()
        started = await self.app.working.run(flow, kind, **params)
        done = await self.app.working.wait(started.id)
        seconds, after = time.perf_counter() - begun, cost(os.getpid())
        if done.state != "done":
            raise RuntimeError(f"the run ended as {done.state}: {done.note}")
        account = msgspec.to_builtins(done.account)
        return {"seconds": seconds, "cpu": after.cpu - before.cpu, "peak_mb": after.peak_mb, "account": account}

    async def idle(self) -> float:
        """Wait until nothing is left to do; the seconds it took."""
        begun = time.perf_counter()
        while not await self.app.working.idle():  # noqa: ASYNC110 (the engine tells of pages, not of rest)
            await asyncio.sleep(0.02)
        return time.perf_counter() - begun

    async def hidden_at(self, key: str, within: float, flow: str = demo.FLOW) -> float:
        """Wait until the copy of an item is recorded as hidden; since when it is (seconds of the epoch)."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            row = (await self.app.ledger.read(lambda c: deliveries.get(c, flow, [key]))).get(key)
            if row is not None and row.held == "hidden":
                return row.since.timestamp()
            await asyncio.sleep(0.005)
        raise RuntimeError(f"the copy of {key} was not hidden within {within} seconds")

    async def keys(self, flow: str = demo.FLOW) -> list[str]:
        """Items of which the target shows a copy."""
        job = partial(deliveries.page, flow=flow, held="live", limit=100_000)
        return [row.key for row in (await self.app.ledger.read(job)).rows]


async def main(role: Role) -> None:
    settings = AppSettings(home=Path(role.home), database=role.database, port=0)
    async with AsyncExitStack() as stack:
        stack.enter_context(rig.known())
        app = await stack.enter_async_context(opened(settings, engine=True, watching=role.works, working=role.works))
        door = serving(app, settings.host, settings.port)
        subject = Subject(app, await stack.enter_async_context(door) if role.door else "")
        reader = asyncio.StreamReader(limit=2**24)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        settle()
        answer("ready")
        while line := await reader.readline():
            word, given = msgspec.json.decode(line, type=tuple[str, dict[str, Any]])
            answer(await getattr(subject, word)(**given))


def answer(said: Any) -> None:
    sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    logs.configure()
    uvloop.run(main(msgspec.json.decode(sys.argv[1], type=Role)))
