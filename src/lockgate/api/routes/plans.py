"""Plans: what a run would do."""

from typing import Annotated

from fastapi import Path

from lockgate.api.errors import MISSING
from lockgate.api.parts import After, App, Limit, OfFlow, Who, router
from lockgate.api.routes.flows import Confirmed
from lockgate.app import acts, views
from lockgate.app.views import ChangeView, Listing, PlanView, RunView
from lockgate.model.plan import Action

routes = router("/plans", "plans")

PlanId = Annotated[str, Path(description="The plan's id.")]


@routes.get("", response_model=Listing[PlanView], summary="Plans, the newest first")
async def list_plans(app: App, flow: OfFlow = None, after: After = None, limit: Limit = 50) -> Listing[PlanView]:
    return await views.plans(app, flow=flow, after=after, limit=limit)


@routes.get("/{id}", response_model=PlanView, responses=MISSING, summary="One plan in numbers")
async def get_plan(id: PlanId, app: App) -> PlanView:
    return await views.plan(app, id)


@routes.get(
    "/{id}/changes", response_model=Listing[ChangeView], responses=MISSING, summary="What it would do, item by item"
)
async def plan_changes(
    id: PlanId, app: App, action: Action | None = None, after: After = None, limit: Limit = 50
) -> Listing[ChangeView]:
    return await views.changes(app, id, action=action, after=after, limit=limit)


@routes.post("/{id}/apply", response_model=RunView, status_code=202, responses=MISSING, summary="Carry a plan out")
async def apply_plan(id: PlanId, app: App, by: Who, asked: Confirmed | None = None) -> RunView:
    """Exactly the items it names are looked at, as they are now."""
    run = await acts.apply_plan(app, id, by, confirmed=asked.confirm if asked else None)
    return views.run_view(run, app.clock())
