"""Recipes: what can be installed."""

from lockgate.api.errors import MISSING
from lockgate.api.parts import router
from lockgate.app import views
from lockgate.app.views import Listing, RecipeLine, RecipeSchemas, RecipeView

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
