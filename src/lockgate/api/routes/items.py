"""Items: what the gates said, where they are, what happened to them."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import FileResponse
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from lockgate.api.errors import MISSING
from lockgate.api.parts import After, App, Drawn, FlowName, Key, Limit, OfFlow, Text, Who, router
from lockgate.api.pictures import PICTURE, answer
from lockgate.api.routes.flows import Asked
from lockgate.app import acts, views
from lockgate.app.views import CandidateView, ItemLine, ItemView, Listing, Look, TimelineEntry, WhereUsed
from lockgate.ledger.deliveries import Held
from lockgate.model.plan import Outcome

routes = router("", "items")


@routes.get("/items", response_model=Listing[ItemLine], summary="Items, by flow, outcome, reason and key")
async def list_items(
    app: App,
    flow: OfFlow = None,
    outcome: Outcome | None = None,
    code: Annotated[str | None, Query(description="Code of the reason.", examples=["rights.territory"])] = None,
    held: Held | None = None,
    text: Text = None,
    after: After = None,
    limit: Limit = 50,
) -> Listing[ItemLine]:
    return await views.items(app, flow=flow, outcome=outcome, code=code, held=held, text=text, after=after, limit=limit)


class CounterpartAsked(Asked):
    kind: Annotated[str, Field(examples=["product"])]
    id: Annotated[str, Field(min_length=1)]
    """The target's id of the object the item belongs to."""


# A key may hold slashes, so what follows a key is told apart first.


@routes.get(
    "/items/{flow}/{key:path}/timeline",
    response_model=Listing[TimelineEntry],
    responses=MISSING,
    summary="What happened to an item, newest first",
)
async def item_timeline(
    flow: FlowName, key: Key, app: App, after: After = None, limit: Limit = 50
) -> Listing[TimelineEntry]:
    return await views.timeline(app, flow, key, after=after, limit=limit)


@routes.get(
    "/items/{flow}/{key:path}/verdicts",
    response_model=Look,
    responses=MISSING,
    summary="What the gates say now; the source is asked",
)
async def item_verdicts(flow: FlowName, key: Key, app: App) -> Look:
    return await views.look(app, flow, key)


# `copy/thumbnail` before `thumbnail`: the key of the second one may hold slashes, too.


@routes.get(
    "/items/{flow}/{key:path}/copy/thumbnail",
    response_class=FileResponse,
    responses={**PICTURE, **MISSING},
    summary="A small picture of our copy, from the target",
)
async def copy_thumbnail(flow: FlowName, key: Key, request: Request, app: App, drawn: Drawn) -> Response:
    """What the target shows now. 404 where there is no copy, or no picture of it."""
    return answer(request, await drawn.of_item(app, flow, key, copy=True))


@routes.get(
    "/items/{flow}/{key:path}/thumbnail",
    response_class=FileResponse,
    responses={**PICTURE, **MISSING},
    summary="A small picture of an item, from its source",
)
async def thumbnail(flow: FlowName, key: Key, request: Request, app: App, drawn: Drawn) -> Response:
    """Whether or not it may be delivered: this machine alone is answered. 404 where there is no picture."""
    return answer(request, await drawn.of_item(app, flow, key))


@routes.get(
    "/items/{flow}/{key:path}/candidates",
    response_model=Listing[CandidateView],
    responses=MISSING,
    summary="Counterparts to choose from; the target is asked",
)
async def candidates(
    flow: FlowName,
    key: Key,
    app: App,
    q: Annotated[
        str, Query(description="A number, an id, or words; what the item names if empty.", max_length=200)
    ] = "",
) -> Listing[CandidateView]:
    return Listing(rows=await views.candidates(app, flow, key, q))


@routes.put(
    "/items/{flow}/{key:path}/counterpart",
    response_model=ItemView,
    status_code=202,
    responses=MISSING,
    summary="Say which counterpart a parked item has",
)
async def choose_counterpart(flow: FlowName, key: Key, asked: CounterpartAsked, app: App, by: Who) -> ItemView:
    """For items that name none, one that is not there, or several. Holds until it is taken back; the item is looked at."""
    await acts.choose_counterpart(app, flow, key, asked.kind, asked.id, by)
    return await views.item(app, flow, key)


@routes.delete(
    "/items/{flow}/{key:path}/counterpart",
    status_code=204,
    responses=MISSING,
    summary="Leave it to the item again which counterpart it has",
)
async def unchoose_counterpart(flow: FlowName, key: Key, app: App, by: Who) -> None:
    await acts.unchoose_counterpart(app, flow, key, by)


@routes.post(
    "/items/{flow}/{key:path}/look-again",
    status_code=202,
    responses=MISSING,
    summary="Look at an item again now, and ask the target what it holds",
)
async def look_again(flow: FlowName, key: Key, app: App, by: Who) -> None:
    await acts.look_again(app, flow, key, by)


@routes.get(
    "/items/{flow}/{key:path}",
    response_model=ItemView,
    responses=MISSING,
    summary="One item: verdicts in words, where it is, since when",
)
async def get_item(flow: FlowName, key: Key, app: App) -> ItemView:
    return await views.item(app, flow, key)


@routes.get("/where-used", response_model=WhereUsed, summary="Which items stand where")
async def where_used(
    app: App,
    q: Annotated[str, Query(description="A SKU, GTIN, ISBN, key, id at a target, or a part of a title.", min_length=1)],
    limit: Limit = 100,
) -> WhereUsed:
    return await views.where_used(app, q, limit)
