"""A recipe together with the scenes that its examples give."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import lockgate.recipes
from lockgate.app.examples import checking, scenes
from lockgate.app.examples.scenes import Scene
from lockgate.app.problems import Refused
from lockgate.engine.recipe import Recipe, RecipeErrors, load

FOLDER = "scenes"
"""Folder beside a recipe file with scenes of its own, a file a kind."""


@dataclass(frozen=True, slots=True)
class Promises:
    """A recipe whose examples can be tried."""

    recipe: Recipe
    scenes: Mapping[str, Scene]


def gathered(name: str) -> Promises:
    """A shipped recipe. Raises Refused when there is none of this name, RecipeErrors with every problem."""
    if name not in lockgate.recipes.list():
        raise Refused(f"there is no recipe {name!r}; there are: {', '.join(lockgate.recipes.list())}", missing=True)
    return checked(load(lockgate.recipes.get(name), f"recipe {name}"), {})


def gathered_file(file: Path) -> Promises:
    """A recipe of one's own, with the scenes in the folder `scenes` beside it, if there is one, and all that are shipped.

    Raises Refused when a file cannot be read, RecipeErrors with every problem.
    """
    own = sorted((file.parent / FOLDER).glob("*.yaml"))
    texts = {path: text_of(path) for path in (file, *own)}
    return checked(load(texts[file], file.name), {path: texts[path] for path in own})


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def checked(recipe: Recipe, own: Mapping[Path, str]) -> Promises:
    shipped = [(kind, text, f"{FOLDER}/{kind}.yaml") for kind, text in lockgate.recipes.scenes().items()]
    known = scenes.load(*shipped, *((path.stem, text, f"{FOLDER}/{path.name}") for path, text in own.items()))
    if problems := checking.problems(recipe, known):
        raise RecipeErrors(problems)
    return Promises(recipe, known)
