"""Runs: how they go and went."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Path, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from lockgate.api.errors import MISSING, STREAM
from lockgate.api.parts import After, App, Events, Limit, OfFlow, Who, router, working
from lockgate.app import acts, views
from lockgate.app.views import Listing, LogEntry, RunView
from lockgate.ledger.runs import State

routes = router("/runs", "runs")

RunId = Annotated[str, Path(description="The run's id.")]
PACE = 0.25
"""Seconds between two reports of a run at least."""
PATIENCE = 2.0
"""Seconds after which a run is looked at without having been told of: another process may work it."""
UNDER_WAY = frozenset({"queued", "running"})


@routes.get("", response_model=Listing[RunView], summary="Runs, the newest first")
async def list_runs(
    app: App,
    flow: OfFlow = None,
    state: State | None = None,
    kind: str | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Listing[RunView]:
    return await views.runs(app, flow=flow, state=state, kind=kind, after=after, limit=limit)


async def known_run(id: RunId, app: App) -> RunView:
    return await views.run(app, id)


Known = Annotated[RunView, Depends(known_run)]


@routes.get("/{id}", response_model=RunView, responses=MISSING, summary="One run: account, progress, pace")
async def get_run(run: Known) -> RunView:
    return run


@routes.post("/{id}/cancel", response_model=RunView, responses=MISSING, summary="End a run before its next page")
async def cancel_run(id: RunId, app: App, by: Who) -> RunView:
    """What it has done stays."""
    await acts.cancel_run(app, id, by)
    return await views.run(app, id)


@routes.get(
    "/{id}/log",
    response_model=Listing[LogEntry],
    responses=MISSING,
    summary="What a run did, item by item, newest first",
)
async def run_log(
    id: RunId,
    app: App,
    act: Annotated[str | None, Query(description="Only such acts.", examples=["parked"])] = None,
    code: Annotated[str | None, Query(description="Only with this reason.", examples=["product.missing"])] = None,
    after: After = None,
    limit: Limit = 50,
) -> Listing[LogEntry]:
    """All that was news; items that stood as before are not in it. A page may be short, even empty, and have a next one."""
    return await views.run_log(app, id, act=act, code=code, after=after, limit=limit)


@routes.get(
    "/{id}/events",
    response_class=EventSourceResponse,
    dependencies=[Depends(working)],
    responses=STREAM,
    summary="How a run goes on, as server-sent events",
)
async def run_events(run: Known, app: App, feed: Events) -> AsyncIterator[ServerSentEvent]:
    """`progress` with the run's document whenever it got further, at most four times a second; `end` when it has ended,
    or stopped to ask. Then the stream ends."""
    with feed.listening(lambda flow: flow == run.flow) as listener:
        told: RunView | None = None
        while not feed.closed:
            listener.forget()
            now = await views.run(app, run.id)
            if now.state not in UNDER_WAY:
                yield ServerSentEvent(event="end", data=now)
                return
            if told is None or now.account != told.account or now.total != told.total:
                yield ServerSentEvent(event="progress", data=now)
                told = now
            await further(listener.woken)


async def further(woken: asyncio.Event) -> None:
    """Wait until something was done, for a while at most."""
    await asyncio.sleep(PACE)
    try:
        async with asyncio.timeout(PATIENCE):
            await woken.wait()
    except TimeoutError:
        return
