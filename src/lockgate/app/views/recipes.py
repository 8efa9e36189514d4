"""Recipes as people see them: what they do, which systems they need, what they ask."""

import asyncio
from typing import Any

import lockgate.recipes
from lockgate.app.problems import Refused
from lockgate.app.views.shape import View
from lockgate.engine.recipe import Recipe, flow_schema, load, schema


class RoleView(View):
    """A system the recipe needs, to be bound to a connection."""

    kinds: list[str]
    needs: list[str]
    """The operations a connection must have to take this role."""


class QuestionView(View):
    """One of the few things a person is asked."""

    name: str
    label: str
    help: str = ""
    default: str | list[str] | None = None
    choices: str | list[str] | None = None
    """A list of texts, or `role.name` for the choices that the bound system knows for a canonical name."""
    many: bool
    """Whether the answer is a list."""


class RecipeLine(View):
    name: str
    title: str
    why: str


class RecipeView(RecipeLine):
    """A shipped recipe."""

    uses: dict[str, RoleView]
    ask: list[QuestionView]
    gates: list[str]
    examples: list[str]
    """What it promises, in sentences; each is tried against the sandboxes."""
    text: str


class RecipeSchemas(View):
    """JSON Schemas, for editors."""

    recipe: dict[str, Any]
    flow: dict[str, Any]


async def recipes() -> list[RecipeLine]:
    """All shipped recipes by name."""
    found = [await recipe(name) for name in lockgate.recipes.list()]
    return [RecipeLine(name=one.name, title=one.title, why=one.why) for one in found]


async def recipe(name: str) -> RecipeView:
    """Raises Refused when there is none of this name."""
    if name not in lockgate.recipes.list():
        there = ", ".join(lockgate.recipes.list())
        raise Refused(f"there is no recipe {name!r}; there are: {there}", missing=True)
    return recipe_view(await asyncio.to_thread(load, lockgate.recipes.get(name), f"recipe {name}"))


def recipe_view(found: Recipe) -> RecipeView:
    return RecipeView(
        name=found.name,
        title=found.title,
        why=found.why,
        uses={
            role: RoleView(kinds=list(use.kinds), needs=sorted(found.needs(role))) for role, use in found.uses.items()
        },
        ask=[
            QuestionView(
                name=name,
                label=one.label,
                help=one.help,
                default=plain(one.default),
                choices=plain(one.choices),
                many=one.lists,
            )
            for name, one in found.ask.items()
        ],
        gates=list(found.gates),
        examples=[one.name for one in found.examples],
        text=found.text,
    )


def plain(answer: Any) -> str | list[str] | None:
    return list(answer) if isinstance(answer, tuple) else answer


def schemas() -> RecipeSchemas:
    return RecipeSchemas(recipe=schema(), flow=flow_schema())
