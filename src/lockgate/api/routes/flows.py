"""Flows: install, look at, run, pause, remove."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from lockgate.api.errors import FLOW_FILE, MISSING
from lockgate.api.parts import App, FlowName, Who, router
from lockgate.app import acts, views
from lockgate.app.problems import Refused
from lockgate.app.views import FlowFileView, FlowLine, FlowView, Listing, PlanView, RunView, SeriesView, View

routes = router("/flows", "flows")

EXAMPLE = """\
flow: assets-to-pim
recipe: approved-assets-to-products
uses: {dam: celum-demo, pim: portal-demo}
ask: {status: approved, markets: [DE, AT, CH]}
"""
YAML = "text/yaml"
FLOW_FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "description": "A flow file: YAML, or the same as JSON. `/api/v1/recipes/schema` has its JSON Schema.",
        "required": True,
        "content": {
            YAML: {"schema": {"type": "string"}, "example": EXAMPLE},
            "application/json": {
                "schema": {"type": "object"},
                "example": {
                    "flow": "assets-to-pim",
                    "recipe": "approved-assets-to-products",
                    "uses": {"dam": "celum-demo", "pim": "portal-demo"},
                    "ask": {"markets": ["DE", "AT", "CH"]},
                },
            },
        },
    }
}


class Asked(BaseModel):
    """What a caller asks for; what is not known here is refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


Confirm = Annotated[int | None, Field(ge=1, description="Agree to so many withdrawals.", examples=[25])]


class RunAsked(Asked):
    kind: Literal["full", "sweep"] = "full"
    """`full`: what changed. `sweep`: everything, and the target is asked what it holds."""
    verify: bool = False
    """Ask the target what it really holds in a full run, too."""
    confirm: Confirm = None


class ActivateAsked(Asked):
    run: bool = True
    """Look at everything that is there already, in a first run."""


class Activated(View):
    """A flow that was switched on."""

    flow: FlowView
    run: RunView | None = None
    """The first run, under way."""


class Confirmed(Asked):
    confirm: Confirm = None


class FlowCheck(View):
    """A flow file that can be installed."""

    name: str
    recipe: str
    title: str
    source: str
    target: str
    installed: bool
    """Whether a flow of this name is there already; installing would be its new version."""
    changes: bool
    """Whether installing it would change what the flow does."""


@routes.get("", response_model=Listing[FlowLine], summary="All flows and how they stand")
async def list_flows(app: App) -> Listing[FlowLine]:
    return Listing(rows=await views.flow_lines(app))


@routes.post(
    "",
    response_model=FlowView,
    status_code=201,
    responses=FLOW_FILE,
    openapi_extra=FLOW_FILE_BODY,
    summary="Install the flow of a flow file, or its new version",
)
async def add_flow(
    request: Request,
    app: App,
    by: Who,
    draft: Annotated[bool, Query(description="Do not switch it on yet: plans can be made of it.")] = False,
) -> FlowView:
    """Nothing is changed when the file has a problem. The flow is worked at once, unless it is a draft."""
    row = await acts.add_flow(app, await text_of(request), "flow file", by, draft=draft)
    return await views.flow(app, row.name)


@routes.post(
    "/validate",
    response_model=FlowCheck,
    responses=FLOW_FILE,
    openapi_extra=FLOW_FILE_BODY,
    summary="Check a flow file without installing it",
)
async def validate_flow(request: Request, app: App) -> FlowCheck:
    flow = await app.flows.check(await text_of(request), "flow file")
    known = {row.name: row for row in await app.flows.all()}.get(flow.name)
    return FlowCheck(
        name=flow.name,
        recipe=flow.recipe_name,
        title=flow.recipe.title,
        source=flow.source.connection,
        target=flow.target.connection,
        installed=known is not None,
        changes=known is None or known.digest != flow.digest,
    )


class FileAsked(Asked):
    recipe: str
    uses: dict[str, str]
    """Role to connection."""
    ask: dict[str, str | list[str]] = {}
    """The recipe's questions and their answers; those left out keep their defaults."""
    name: str | None = None
    """Of the flow; a free one is proposed if not given."""


@routes.post("/file", response_model=FlowFileView, responses=MISSING, summary="Write a flow file from answers")
async def write_flow_file(asked: FileAsked, app: App) -> FlowFileView:
    """Nothing is installed or checked: `/flows` and `/flows/validate` do that, and name what is wrong."""
    return await views.flow_file(app, asked.recipe, asked.uses, asked.ask, asked.name)


async def text_of(request: Request) -> str:
    try:
        return (await request.body()).decode()
    except UnicodeDecodeError:
        raise Refused("the flow file is not text in UTF-8") from None


@routes.get("/{name}", response_model=FlowView, responses=MISSING, summary="One flow")
async def get_flow(name: FlowName, app: App) -> FlowView:
    return await views.flow(app, name)


@routes.delete("/{name}", status_code=204, responses=MISSING, summary="Forget a flow")
async def remove_flow(name: FlowName, app: App, by: Who) -> None:
    """What it has put into its target stays there, and the audit of it stays here."""
    await acts.remove_flow(app, name, by)


@routes.post("/{name}/activate", response_model=Activated, responses=MISSING, summary="Switch a draft on")
async def activate_flow(name: FlowName, app: App, by: Who, asked: ActivateAsked | None = None) -> Activated:
    """It is watched from now on, and what is there already is looked at in a first run. `DELETE` discards a draft."""
    run = await acts.activate_flow(app, name, by, run=asked.run if asked else True)
    shown = views.run_view(run, app.clock()) if run is not None else None
    return Activated(flow=await views.flow(app, name), run=shown)


@routes.post("/{name}/pause", response_model=FlowView, responses=MISSING, summary="Stop watching and working a flow")
async def pause_flow(name: FlowName, app: App, by: Who) -> FlowView:
    """What happens meanwhile waits for `resume`."""
    await acts.pause_flow(app, name, by)
    return await views.flow(app, name)


@routes.post("/{name}/resume", response_model=FlowView, responses=MISSING, summary="Go on with a flow")
async def resume_flow(name: FlowName, app: App, by: Who) -> FlowView:
    """Also tries again one that could not be started."""
    await acts.resume_flow(app, name, by)
    return await views.flow(app, name)


@routes.post("/{name}/runs", response_model=RunView, status_code=202, responses=MISSING, summary="Start a run")
async def run_flow(name: FlowName, app: App, by: Who, asked: RunAsked | None = None) -> RunView:
    """Answers at once; `/runs/{id}/events` tells how it goes on."""
    wanted = asked or RunAsked()
    run = await acts.run_flow(app, name, by, kind=wanted.kind, verify=wanted.verify, confirmed=wanted.confirm)
    return views.run_view(run, app.clock())


@routes.post("/{name}/plans", response_model=PlanView, status_code=202, responses=MISSING, summary="Make a plan")
async def plan_flow(name: FlowName, app: App, by: Who) -> PlanView:
    """Computes what a run would do, without writing. The plan is ready once its run of the same id is done."""
    run = await acts.plan_flow(app, name, by)
    return await views.plan(app, run.id)


@routes.get(
    "/{name}/file",
    response_class=Response,
    responses={200: {"content": {YAML: {"schema": {"type": "string"}, "example": EXAMPLE}}}, **MISSING},
    summary="The flow file it was installed from",
)
async def flow_file(name: FlowName, app: App) -> Response:
    row = await app.flows.row(name)
    named = {"content-disposition": f'attachment; filename="{row.name}.yaml"'}
    return Response(row.binding, media_type=YAML, headers=named)


@routes.get("/{name}/series", response_model=SeriesView, responses=MISSING, summary="What it did, hour by hour")
async def flow_series(name: FlowName, app: App, hours: Annotated[int, Query(ge=1, le=24 * 366)] = 24) -> SeriesView:
    return await views.series(app, name, hours)
