"""A recipe file of one's own, made of the shipped one, with other examples."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from lockgate import recipes
from lockgate.app.examples import Played, casts, gathered_file, play

NAME = "approved-assets-to-products"

Written = Callable[[str], Path]
Tried = Callable[[str], Awaitable[Played]]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """The shipped recipe in a file, with these examples instead of its own."""

    def write(examples: str) -> Path:
        body = recipes.get(NAME).partition("\nexamples:")[0].replace(f"recipe: {NAME}", "recipe: mine")
        file = tmp_path / "mine.yaml"
        file.write_text(f"{body}\nexamples:\n{examples}")
        return file

    return write


@pytest.fixture
def tried(written: Written) -> Tried:
    """What came of the one example of such a file."""

    async def run(example: str) -> Played:
        promises = gathered_file(written(example))
        (one,) = promises.recipe.examples
        return await play(promises.recipe, one, casts(promises.recipe)[0], promises.scenes)

    return run
