"""Recalls: what a person closed, whatever the gates say, until it is lifted."""

from typing import Annotated

from pydantic import Field

from lockgate.api.errors import MISSING
from lockgate.api.parts import After, App, FlowName, Key, Limit, OfFlow, Who, router
from lockgate.app import acts, views
from lockgate.app.views import Listing, RecallView, View

routes = router("/recalls", "recalls")


class RecallAsked(View):
    """What is to be closed, and why."""

    keys: Annotated[list[str], Field(min_length=1, max_length=1000, examples=[["100003"]])]
    """Ids of the items at the source."""
    reason: Annotated[str, Field(min_length=1, max_length=1000, examples=["the model withdrew consent"])]


@routes.get("", response_model=Listing[RecallView], summary="What is recalled, and whether it is closed yet")
async def list_recalls(app: App, flow: OfFlow = None, after: After = None, limit: Limit = 50) -> Listing[RecallView]:
    return await views.recalls(app, flow=flow, after=after, limit=limit)


@routes.post("/{flow}", response_model=Listing[RecallView], status_code=202, responses=MISSING, summary="Recall items")
async def recall_items(flow: FlowName, asked: RecallAsked, app: App, by: Who) -> Listing[RecallView]:
    """Their copies are closed before all else; `closed` tells when each was seen closed at the target."""
    await acts.recall(app, flow, asked.keys, asked.reason, by)
    return await views.recalls_of(app, flow, asked.keys)


@routes.delete("/{flow}/{key:path}", status_code=204, responses=MISSING, summary="Lift the recall of an item")
async def lift_recall(flow: FlowName, key: Key, app: App, by: Who) -> None:
    """The gates alone decide again; the item is looked at at once."""
    await acts.lift(app, flow, [key], by)
