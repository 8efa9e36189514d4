"""What is wrong with a recipe or a flow file."""

import re
from typing import Any

import msgspec

import lockgate.recipes
from lockgate.engine.recipe import RecipeErrors, load, load_flow

FLOW = re.compile(r"^flow\s*:", re.MULTILINE)


def problems(text: str, source: str) -> list[dict[str, Any]]:
    """Every problem as a plain document; none means that it can be installed."""
    try:
        if FLOW.search(text):
            load_flow(text, source, lockgate.recipes.texts())
        else:
            load(text, source)
    except RecipeErrors as errors:
        return [msgspec.to_builtins(problem) for problem in errors.problems]
    return []
