"""Recipes and flow files: loaded with every problem at once, bound to connections, ready for the engine."""

from typing import Any

from lockgate.engine.mapping import Deliver
from lockgate.engine.recipe.document import Example, FlowDocument, Question, RecipeDocument, UseShape
from lockgate.engine.recipe.dump import dump_flow
from lockgate.engine.recipe.flow import Flow, Guard, Resolve, Role, Watch, load_flow
from lockgate.engine.recipe.load import Recipe, load
from lockgate.engine.recipe.problems import RecipeErrors
from lockgate.kit.document.problems import Problem

__all__ = [
    "Deliver",
    "Example",
    "Flow",
    "Guard",
    "Problem",
    "Question",
    "Recipe",
    "RecipeErrors",
    "Resolve",
    "Role",
    "UseShape",
    "Watch",
    "dump_flow",
    "flow_schema",
    "load",
    "load_flow",
    "schema",
]


def schema() -> dict[str, Any]:
    """JSON Schema of a recipe, for editors."""
    return RecipeDocument.model_json_schema(by_alias=True)


def flow_schema() -> dict[str, Any]:
    """JSON Schema of a flow file, for editors."""
    return FlowDocument.model_json_schema(by_alias=True)
