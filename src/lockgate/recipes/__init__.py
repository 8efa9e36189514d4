"""The shipped recipes: one YAML file each, named as the recipe is."""

from functools import cache
from importlib import resources

FOLDER = resources.files(__name__)


@cache
def texts() -> dict[str, str]:
    """The text of every shipped recipe by its name."""
    files = (file for file in FOLDER.iterdir() if file.name.endswith(".yaml"))
    return {file.name.removesuffix(".yaml"): file.read_text(encoding="utf-8") for file in sorted(files, key=str)}


def list() -> tuple[str, ...]:
    """The names of all shipped recipes."""
    return tuple(texts())


def get(name: str) -> str:
    """The text of a shipped recipe. Raises KeyError when there is none of this name."""
    return texts()[name]
