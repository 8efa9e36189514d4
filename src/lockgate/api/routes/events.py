"""What happens, as it happens."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from lockgate.api.errors import STREAM
from lockgate.api.events import Dropped
from lockgate.api.parts import Events, OfFlow, router, working
from lockgate.model.plan import Outcome

routes = router("/events", "events")


@routes.get(
    "",
    response_class=EventSourceResponse,
    dependencies=[Depends(working)],
    responses=STREAM,
    summary="What happens from now on, as server-sent events",
)
async def events(
    feed: Events,
    flow: OfFlow = None,
    outcome: Annotated[list[Outcome] | None, Query(description="Only these outcomes.")] = None,
) -> AsyncIterator[ServerSentEvent]:
    """`item` for each item that was looked at: flow, key, title, what came of it and what was done.

    Who does not keep up is told with `dropped` how many events were left out.
    """
    with feed.listening(lambda name: flow is None or name == flow) as listener:
        yield ServerSentEvent(comment="listening")
        while not feed.closed:
            await listener.woken.wait()
            for event in listener.take():
                if isinstance(event, Dropped):
                    yield ServerSentEvent(event="dropped", data=event)
                elif outcome is None or event.outcome in outcome:
                    yield ServerSentEvent(event="item", data=event)
