"""What needs an engine: done here, or by the process that works this home already, over its API."""

import asyncio
import getpass
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from lockgate.app import acts, views
from lockgate.app.lockgate import Lockgate, busy, opened
from lockgate.cli.finding import Meant, chosen_parked, counterpart_kind, looked_for, recalled, retried
from lockgate.cli.place import settings
from lockgate.cli.reading import Document, plain
from lockgate.cli.remote import There, address_of

PACE = 0.05


class AtWork(Protocol):
    """Somebody who can do work. `app` reads the ledger in either case."""

    app: Lockgate

    async def add_flow(self, text: str, source: str, *, draft: bool) -> Document: ...

    async def activate(self, flow: str, *, run: bool) -> str | None:
        """Switch a draft on; answers the id of its first run, where one was wanted."""

    async def set_state(self, flow: str, state: str) -> None: ...

    async def remove_flow(self, flow: str) -> None: ...

    async def start(self, flow: str, kind: str, params: dict[str, Any]) -> str:
        """Start a run; answers its id."""

    async def settle(self) -> None:
        """Work off what a run has left in the inbox, unless somebody else does."""

    async def look(self, flow: str | None, key: str) -> Document: ...

    async def retry(self, flow: str, keys: list[str] | None, code: str | None, *, confirmed: bool) -> Document: ...

    async def drop(self, flow: str, keys: list[str] | None, code: str | None) -> int: ...

    async def choose(self, flow: str, key: str, id: str | None) -> Document:
        """Give an item this counterpart, or None to leave that to the item again; how it stands then."""

    async def recall(self, chosen: Meant, reason: str) -> Document:
        """Recall items and wait until they were looked at; how each stands then."""

    async def lift(self, chosen: Meant) -> Document: ...


@asynccontextmanager
async def at_work(*, engine: bool = False) -> AsyncIterator[AtWork]:
    """Whoever can do it: this process, or the running one where there is one. `engine`: flows are to be worked.

    Raises Refused where another process works this home and cannot be reached.
    """
    found = settings()
    if busy(found):
        async with opened(found) as app:
            yield There(app, address_of(found))
    else:
        async with opened(found, engine=engine, watching=False) as app:
            yield Here(app)


class Here:
    """This process does it."""

    def __init__(self, app: Lockgate) -> None:
        self.app, self.by = app, person()

    async def add_flow(self, text: str, source: str, *, draft: bool) -> Document:
        row = await acts.add_flow(self.app, text, source, self.by, draft=draft)
        return plain(await views.flow(self.app, row.name))

    async def activate(self, flow: str, *, run: bool) -> str | None:
        first = await acts.activate_flow(self.app, flow, self.by, run=run)
        return first.id if first is not None else None

    async def set_state(self, flow: str, state: str) -> None:
        await (acts.pause_flow if state == "paused" else acts.resume_flow)(self.app, flow, self.by)

    async def remove_flow(self, flow: str) -> None:
        await acts.remove_flow(self.app, flow, self.by)

    async def start(self, flow: str, kind: str, params: dict[str, Any]) -> str:
        confirmed = params.get("confirmed")
        if kind == "plan":
            return (await acts.plan_flow(self.app, flow, self.by)).id
        if kind == "apply":
            return (await acts.apply_plan(self.app, params["plan"], self.by, confirmed=confirmed)).id
        return (await acts.run_flow(self.app, flow, self.by, kind=kind, confirmed=confirmed)).id

    async def settle(self) -> None:
        """The live lane works until nothing is left to do at once."""
        engine = self.app.working
        lane = asyncio.create_task(engine.live.run())
        try:
            while not await engine.idle() and not lane.done():
                await asyncio.wait({lane}, timeout=PACE)
        finally:
            lane.cancel()
            await asyncio.gather(lane, return_exceptions=True)

    async def look(self, flow: str | None, key: str) -> Document:
        return plain(await views.look(self.app, *await looked_for(self.app, flow, key)))

    async def retry(self, flow: str, keys: list[str] | None, code: str | None, *, confirmed: bool) -> Document:
        chosen = await chosen_parked(self.app, flow, keys, code)
        agreed = len(chosen) if confirmed else None
        if keys is None:
            await acts.retry_parked(self.app, flow, self.by, code=code, confirm=agreed)
        else:
            for key in chosen:
                await acts.retry_one(self.app, flow, key, self.by, confirm=agreed)
        await self.settle()
        return await retried(self.app, flow, chosen)

    async def drop(self, flow: str, keys: list[str] | None, code: str | None) -> int:
        chosen = await chosen_parked(self.app, flow, keys, code)
        for key in chosen:
            await acts.drop(self.app, flow, key, self.by)
        return len(chosen)

    async def choose(self, flow: str, key: str, id: str | None) -> Document:
        if id is None:
            await acts.unchoose_counterpart(self.app, flow, key, self.by)
        else:
            await acts.choose_counterpart(self.app, flow, key, await counterpart_kind(self.app, flow), id, self.by)
        await self.settle()
        return plain(await views.item(self.app, flow, key))

    async def recall(self, chosen: Meant, reason: str) -> Document:
        for flow, keys in chosen.items():
            await acts.recall(self.app, flow, keys, reason, self.by)
        await self.settle()
        return await recalled(self.app, chosen)

    async def lift(self, chosen: Meant) -> Document:
        for flow, keys in chosen.items():
            await acts.lift(self.app, flow, keys, self.by)
        await self.settle()
        return {"lifted": sorted({key for keys in chosen.values() for key in keys})}


def person() -> str:
    """Who does it, for the audit: the user of this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return acts.LOCAL
