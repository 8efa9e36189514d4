"""The shipped recipes: one YAML file each, named as the recipe is. `scenes` holds what their examples give, a file a kind."""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

FOLDER = resources.files(__name__)


@cache
def texts() -> dict[str, str]:
    """The text of every shipped recipe by its name."""
    return read_all(FOLDER)


def read_all(folder: Traversable) -> dict[str, str]:
    """The texts of the YAML files in a folder, by the name of the file."""
    files = (file for file in folder.iterdir() if file.name.endswith(".yaml"))
    return {file.name.removesuffix(".yaml"): file.read_text(encoding="utf-8") for file in sorted(files, key=str)}


def list() -> tuple[str, ...]:
    """The names of all shipped recipes."""
    return tuple(texts())


def get(name: str) -> str:
    """The text of a shipped recipe. Raises KeyError when there is none of this name."""
    return texts()[name]


@cache
def scenes() -> dict[str, str]:
    """The texts of the sample items that examples give, by kind."""
    return read_all(FOLDER / "scenes")
