"""What the shipped recipes promise, each example on sandboxes of its own; one test per example and pair of systems."""

from collections.abc import Iterator

import pytest

from lockgate import recipes
from lockgate.app.examples import Cast, casts, gathered, play


def promised() -> Iterator[object]:
    for name in recipes.list():
        promises = gathered(name)
        for cast in casts(promises.recipe):
            systems = "+".join(cast.values())
            for example in promises.recipe.examples:
                yield pytest.param(name, example.name, cast, id=f"{name}: {example.name} ({systems})")


@pytest.mark.parametrize(("recipe", "example", "cast"), list(promised()))
async def test_a_recipe_keeps_what_it_promises(recipe: str, example: str, cast: Cast) -> None:
    promises = gathered(recipe)
    (one,) = (one for one in promises.recipe.examples if one.name == example)
    played = await play(promises.recipe, one, cast, promises.scenes)
    assert played.holds, "\n".join([*map(str, played.differences), "what happened:", *played.happened])


@pytest.mark.parametrize("recipe", recipes.list())
def test_a_shipped_recipe_promises_that_something_arrives_and_that_something_stays_out(recipe: str) -> None:
    examples = gathered(recipe).recipe.examples
    assert any(example.expect.written for example in examples)
    assert any(example.expect.blocked for example in examples)
