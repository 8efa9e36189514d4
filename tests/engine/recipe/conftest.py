"""Helpers of the recipe tests: the shipped recipe, a flow file, and both with something changed."""

from collections.abc import Callable

import pytest

from lockgate import recipes
from lockgate.engine.recipe import Flow, Problem, Recipe, RecipeErrors, load, load_flow

NAME = "approved-assets-to-products"
FLOW = """\
flow: assets-to-pim
recipe: approved-assets-to-products
uses: {dam: celum-demo, pim: portal-demo}
ask: {status: approved, markets: [DE, AT, CH]}
guard: {share: 10%, least: 20}
"""

Changed = Callable[[str, str], list[Problem]]


@pytest.fixture
def shipped() -> Recipe:
    return load(recipes.get(NAME), f"{NAME}.yaml")


@pytest.fixture
def flow() -> Flow:
    return load_flow(FLOW, "flow.yaml", recipes.texts())


def swapped(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


@pytest.fixture
def recipe_with() -> Changed:
    """Problems of the shipped recipe once one part of its text is replaced."""

    def problems(old: str, new: str) -> list[Problem]:
        with pytest.raises(RecipeErrors) as raised:
            load(swapped(recipes.get(NAME), old, new), "r.yaml")
        return list(raised.value.problems)

    return problems


@pytest.fixture
def flow_with() -> Changed:
    """Problems of the flow file once one part of its text is replaced."""

    def problems(old: str, new: str) -> list[Problem]:
        with pytest.raises(RecipeErrors) as raised:
            load_flow(swapped(FLOW, old, new), "flow.yaml", recipes.texts())
        return list(raised.value.problems)

    return problems
