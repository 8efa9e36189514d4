"""The installation at one glance, and one search for everything in it."""

from typing import Annotated

from fastapi import Query

from lockgate.api.parts import App, router
from lockgate.app import views
from lockgate.app.views import OverviewView, SearchView

routes = router("", "overview")


@routes.get("/overview", response_model=OverviewView, summary="Systems, flows, and what needs a person")
async def overview(app: App) -> OverviewView:
    return await views.overview(app)


@routes.get("/search", response_model=SearchView, summary="Find items, flows, connections and runs")
async def search(
    app: App,
    q: Annotated[
        str,
        Query(
            description="A SKU, GTIN, ISBN in any spelling, an id, words of a title by their beginnings, a name.",
            min_length=1,
            max_length=200,
            examples=["4006381333931"],
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> SearchView:
    return await views.search(app, q, limit)
