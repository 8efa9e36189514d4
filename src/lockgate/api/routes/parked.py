"""Parked items: why they cannot go on, and what to do about it."""

from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime

from lockgate.api.errors import MISSING
from lockgate.api.parts import After, App, FlowName, Key, Limit, OfFlow, Text, Who, router
from lockgate.api.routes.flows import Confirmed
from lockgate.app import acts, views
from lockgate.app.views import Listing, ParkedCount, ParkedView, View
from lockgate.ledger.parked import Order

routes = router("/parked", "parked")

Code = Annotated[str | None, Query(description="Code of the reason.", examples=["product.missing"])]


class RetryAsked(Confirmed):
    code: str | None = None
    """Only those parked for this reason; all if not given."""


class Retried(View):
    """So many items are looked at again."""

    retried: int


@routes.get("", response_model=Listing[ParkedView], summary="Parked items, by flow and reason or by age")
async def list_parked(
    app: App,
    flow: OfFlow = None,
    code: Code = None,
    text: Text = None,
    before: Annotated[AwareDatetime | None, Query(description="Parked before this instant.")] = None,
    order: Annotated[Order, Query(description="`oldest`: the longest parked first.")] = "reason",
    after: After = None,
    limit: Limit = 50,
) -> Listing[ParkedView]:
    return await views.parked_items(
        app, flow=flow, code=code, text=text, before=before, order=order, after=after, limit=limit
    )


@routes.get("/counts", response_model=Listing[ParkedCount], summary="How many are parked, by flow and reason")
async def parked_counts(app: App, flow: OfFlow = None) -> Listing[ParkedCount]:
    return Listing(rows=await views.parked_counts(app, flow))


@routes.post("/{flow}/retry", response_model=Retried, status_code=202, responses=MISSING, summary="Retry many")
async def retry_parked(flow: FlowName, app: App, by: Who, asked: RetryAsked | None = None) -> Retried:
    """All of a flow, or those of one reason. What the guard holds back needs `confirm`."""
    wanted = asked or RetryAsked()
    return Retried(retried=await acts.retry_parked(app, flow, by, code=wanted.code, confirm=wanted.confirm))


@routes.post(
    "/{flow}/{key:path}/retry", response_model=Retried, status_code=202, responses=MISSING, summary="Retry one"
)
async def retry_one(flow: FlowName, key: Key, app: App, by: Who, asked: Confirmed | None = None) -> Retried:
    await acts.retry_one(app, flow, key, by, confirm=asked.confirm if asked else None)
    return Retried(retried=1)


@routes.delete("/{flow}/{key:path}", status_code=204, responses=MISSING, summary="Drop one")
async def drop_parked(flow: FlowName, key: Key, app: App, by: Who) -> None:
    """Let it be until it changes at the source. A copy that is to be withdrawn cannot be dropped."""
    await acts.drop(app, flow, key, by)
