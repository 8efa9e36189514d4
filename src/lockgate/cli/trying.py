"""Trying what recipes promise."""

from pathlib import Path
from typing import Any

import msgspec

import lockgate.recipes
from lockgate.app.examples import Promises, casts, gathered, gathered_file, play
from lockgate.app.problems import Refused
from lockgate.cli.place import settings


async def tried(name: str, text: str | None, roles: list[str]) -> list[dict[str, Any]]:
    """How each example went, with each cast that can play it. Raises Refused, RecipeErrors."""
    settings()
    promises = found(name)
    chosen = dict(role(one) for one in roles)
    examples = [one for one in promises.recipe.examples if text is None or text.casefold() in one.name.casefold()]
    if not examples:
        raise Refused(f"{promises.recipe.name} has no such example; it has: {'; '.join(names(promises)) or 'none'}")
    return [
        {**msgspec.to_builtins(await play(promises.recipe, one, cast, promises.scenes)), "cast": dict(cast)}
        for cast in casts(promises.recipe, chosen)
        for one in examples
    ]


def found(name: str) -> Promises:
    """A shipped recipe by its name, any other by its file."""
    return gathered(name) if name in lockgate.recipes.list() or not Path(name).exists() else gathered_file(Path(name))


def names(promises: Promises) -> list[str]:
    return [one.name for one in promises.recipe.examples]


def role(given: str) -> tuple[str, str]:
    name, equals, connector = given.partition("=")
    if not (name and equals and connector):
        raise Refused(f"{given!r} does not say who takes a role: write --role ROLE=CONNECTOR")
    return name, connector
