"""A recipe loads, or every problem in it is said with its line and what to do."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockgate import recipes
from lockgate.engine.recipe import Problem, Recipe, RecipeErrors, load
from lockgate.engine.recipe.kinds import OPERATIONS
from lockgate.kit.contract import Connector

Changed = Callable[[str, str], list[Problem]]
SHIPPED = recipes.list()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_recipe_loads_under_its_own_name(name: str) -> None:
    recipe = load(recipes.get(name), f"{name}.yaml")
    assert recipe.name == name
    assert recipe.examples


def test_the_recipe_for_products_asks_its_gates_in_order(shipped: Recipe) -> None:
    assert shipped.gates == (
        "creative has approved it",
        "it may be used now",
        "we may use it in these markets",
        "it is the newest version",
        "nothing is missing",
    )


def test_what_a_connection_must_be_able_to_do_follows_from_the_recipe(shipped: Recipe) -> None:
    assert shipped.needs("dam") == {"changes", "fetch", "open"}
    assert shipped.needs("pim") == {"find", "held", "link", "show", "upsert", "withdraw"}


def test_every_operation_a_recipe_can_name_is_in_the_contract() -> None:
    assert all(callable(getattr(Connector, name)) for name in OPERATIONS)


def test_a_shipped_recipe_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        recipes.get("no-such-recipe")


def test_one_mistake_gives_one_problem(recipe_with: Changed) -> None:
    assert len(recipe_with("title: title", "title: titel")) == 1
    assert len(recipe_with("    approved: {status", "    aproved: {status")) == 1
    assert len(recipe_with("territory: $markets", "territory: $market")) == 1


def test_every_problem_is_found_at_once_and_in_the_order_of_lines() -> None:
    text = recipes.get("approved-assets-to-products")
    for old, new in [
        ("why: Files", "wy: Files"),
        ("poll: 5m", "poll: often"),
        ("territory: $markets", "territory: [XX, YY]"),
        ("title: title", "title: titel"),
        ("closed: hide", "closed: gone"),
        ("to: pim", "to: pam"),
        ("parked: 1", "parket: 1"),
    ]:
        text = text.replace(old, new)
    with pytest.raises(RecipeErrors) as raised:
        load(text, "r.yaml")
    found = raised.value.problems
    assert [one.path for one in found] == [
        "wy",
        "watch.poll",
        "gates[2].rights.territory[0]",
        "gates[2].rights.territory[1]",
        "deliver.to",
        "deliver.fields.title",
        "deliver.closed",
        "examples[5].expect.parket",
    ]
    assert [one.line for one in found] == sorted(one.line for one in found)
    assert str(raised.value).count("r.yaml:") == len(found)


def test_a_question_without_a_default_leaves_its_place_open() -> None:
    text = recipes.get("approved-assets-to-products").replace(", default: [DE, AT, CH]", ", many: true")
    assert load(text, "r.yaml").ask["markets"].lists


def test_comments_and_layout_do_not_change_a_recipe(shipped: Recipe) -> None:
    text = recipes.get("approved-assets-to-products")
    assert load("# first\n" + text.replace("closed: hide", "closed:   'hide'"), "x").digest == shipped.digest
    assert load(text.replace("closed: hide", "closed: flag"), "x").digest != shipped.digest


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        load(text, "r.yaml")
    except RecipeErrors as errors:
        return errors.problems
    return ()


LINES = recipes.get("approved-assets-to-products").splitlines()
PIECES = st.sampled_from(["", "$x", "[", "{}", "- a", ": b", "&a", "*a", "\t", "~", "'", "# c", "no: yes", "\u0000"])


@settings(max_examples=150, deadline=None)
@given(line=st.integers(0, len(LINES) - 1), column=st.integers(0, 60), piece=PIECES, drop=st.booleans())
def test_a_damaged_recipe_loads_or_is_refused_with_places(line: int, column: int, piece: str, drop: bool) -> None:
    lines = list(LINES)
    lines[line] = lines[line][:column] + piece + ("" if drop else lines[line][column:])
    for one in problems_of("\n".join(lines)):
        assert one.sentence
        assert 1 <= one.line <= len(lines) + 1


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_at_all_is_refused_in_words(text: str) -> None:
    with pytest.raises(RecipeErrors) as raised:
        load(text, "r.yaml")
    assert all(one.sentence for one in raised.value.problems)
