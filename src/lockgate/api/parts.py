"""What routes are made of: the open installation, who asks, and the questions that lists have in common."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.routing import APIRoute
from starlette.requests import Request

from lockgate.api.errors import COMMON
from lockgate.api.events import Feed
from lockgate.api.metrics import Metrics
from lockgate.app.acts import LOCAL
from lockgate.app.lockgate import Lockgate
from lockgate.app.pictures import Pictures
from lockgate.engine.engine import Engine

ROOT = "/api/v1"


async def lockgate(request: Request) -> Lockgate:
    app: Lockgate = request.app.state.lockgate
    return app


async def feed(request: Request) -> Feed:
    found: Feed = request.app.state.feed
    return found


async def metrics(request: Request) -> Metrics:
    found: Metrics = request.app.state.metrics
    return found


async def pictures(request: Request) -> Pictures:
    found: Pictures = request.app.state.pictures
    return found


async def working(app: Annotated[Lockgate, Depends(lockgate)]) -> Engine:
    """The engine of this process. Raises Refused where there is none."""
    return app.working


async def who() -> str:
    """Who acts: as long as there is no login, somebody at this machine."""
    return LOCAL


App = Annotated[Lockgate, Depends(lockgate)]
Events = Annotated[Feed, Depends(feed)]
Drawn = Annotated[Pictures, Depends(pictures)]
Counted = Annotated[Metrics, Depends(metrics)]
Who = Annotated[str, Depends(who)]

Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many rows.")]
After = Annotated[str | None, Query(description="The `next` of the page before; the first page if not given.")]
OfFlow = Annotated[str | None, Query(description="Only of this flow.", examples=["assets-to-pim"])]

Text = Annotated[
    str | None,
    Query(description="Words of a title by their beginnings, a key or an identifier.", min_length=1, max_length=200),
]

FlowName = Annotated[str, Path(description="The flow's name.", examples=["assets-to-pim"])]
Key = Annotated[str, Path(description="The item's id at the source.", examples=["100003"])]
ConnectionName = Annotated[str, Path(description="The connection's name.", examples=["celum-demo"])]


def router(prefix: str, tag: str) -> APIRouter:
    """The prefix is part of each route's own path, so that metrics can name routes by it."""
    return APIRouter(prefix=ROOT + prefix, tags=[tag], responses=COMMON, generate_unique_id_function=named)


def named(route: APIRoute) -> str:
    """Operations are called as their functions: generated clients read well."""
    return route.name
