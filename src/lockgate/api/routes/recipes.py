"""Recipes: what can be installed."""

from typing import Annotated

from fastapi import Query

from lockgate.api.errors import MISSING
from lockgate.api.parts import App, router
from lockgate.app import views
from lockgate.app.problems import Refused
from lockgate.app.views import Listing, RecipeLine, RecipeSchemas, RecipeView, SetupView

routes = router("/recipes", "recipes")


@routes.get("", response_model=Listing[RecipeLine], summary="All shipped recipes")
async def list_recipes() -> Listing[RecipeLine]:
    return Listing(rows=await views.recipes())


@routes.get("/schema", response_model=RecipeSchemas, summary="JSON Schemas of recipes and flow files")
async def recipe_schemas() -> RecipeSchemas:
    """For editors that complete and check as one types."""
    return views.schemas()


@routes.get("/{name}", response_model=RecipeView, responses=MISSING, summary="One recipe, with what it needs and asks")
async def get_recipe(name: str) -> RecipeView:
    return await views.recipe(name)


Uses = Annotated[
    list[str] | None, Query(description="A connection chosen so far: `role:connection`.", examples=[["dam:celum-demo"]])
]


@routes.get(
    "/{name}/setup", response_model=SetupView, responses=MISSING, summary="What is left to say to make a flow of it"
)
async def recipe_setup(name: str, app: App, use: Uses = None) -> SetupView:
    """Which connections fit each role, and the questions with the answers that the chosen systems know."""
    return await views.recipe_setup(app, name, dict(bound(one) for one in use or ()))


def bound(given: str) -> tuple[str, str]:
    role, colon, connection = given.partition(":")
    if not colon:
        raise Refused(f"{given!r} does not bind a role: write role:connection")
    return role, connection
