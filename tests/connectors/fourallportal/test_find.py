"""Finding products: numbers with quotes in them, GTINs however they are spelled, families, many at once."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.connectors.fourallportal.conditions import both, one_of, portions
from lockgate.connectors.fourallportal.connector import FourAllPortal
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Match, Profile

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
COFFEE_MAKER = "2f0f2c0e-5c4b-4a35-9d2b-0a4f7f6f1c11"
PLACES = {"ids.sku": "article_number", "ids.gtin": "ext_id", "ids.family": "tags"}
"""Where the seeded tenant can keep identifiers; its products have no fields for GTIN and family."""


@pytest.fixture
def profile() -> Profile:
    return Profile(matches={"product": tuple(Match(canonical=name, field=field) for name, field in PLACES.items())})


# ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30)), st.integers(1, 9), st.integers(200, 900))
def test_portions_hold_each_value_once_in_order_and_stay_short(values: list[str], most: int, longest: int) -> None:
    found = list(portions(values, most, longest))
    assert [one for portion in found for one in portion] == list(dict.fromkeys(values))
    assert all(1 <= len(portion) <= most for portion in found)


def test_long_values_are_asked_for_in_more_portions() -> None:
    assert [len(one) for one in portions([f"Lärche {n} " + "ä" * 60 for n in range(50)], 50, 3000)] == [7] * 7 + [1]


def test_conditions_are_joined_only_where_there_are_several() -> None:
    assert both("", "a = '1'") == "a = '1'"
    assert both("a = '1' OR b = '2'", "c = '3'") == "(a = '1' OR b = '2') AND (c = '3')"


def test_quotes_in_values_are_doubled() -> None:
    assert one_of("name", ["O'Hara", "' OR ''='"]) == "name IN ('O''Hara',''' OR ''''=''')"


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

AWKWARD = [
    "O'Hara", "''", "' OR '1'='1", "100%", "_", "a,b", "x) OR (1=1", "Größe 40 / weiß", "a&query=b", "a+b", '"', "\\", "AB-100'--",
]  # fmt: skip


async def test_awkward_numbers_are_found_as_they_are_and_nothing_else(tenant: Any, connect: Connect) -> None:
    made = {number: [await tenant.product(number)] for number in AWKWARD}
    async with connect() as portal:
        assert await portal.find("product", "sku", AWKWARD) == made
        for number in AWKWARD:
            assert await portal.find("product", "sku", [number]) == {number: made[number]}


async def test_letter_case_counts_in_numbers(tenant: Any, connect: Connect) -> None:
    await tenant.product("larch-1")
    async with connect() as portal:
        assert await portal.find("product", "sku", ["LARCH-1"]) == {}


async def test_many_numbers_are_found_in_few_calls_of_bearable_length(tenant: Any, connect: Connect) -> None:
    numbers = [f"LARCH-{n:03d}-{'ö' * 20}" for n in range(300)]
    wire = [{"article_number": [{"value": number}]} for number in numbers]
    ids = await tenant.call("PATCH", "/api/modules/product/objects", wire)
    async with connect() as portal:
        found = await portal.find("product", "sku", [*numbers, "nobody"])
    assert found == {number: [id] for number, id in zip(numbers, ids, strict=True)}
    calls = await tenant.calls("GET", "/product/objects")
    assert len(calls) < 20
    assert max(len(one["query"]) for one in calls) < 8000


async def test_a_value_several_products_carry_finds_them_all(tenant: Any, connect: Connect) -> None:
    await tenant.switch(status_rule=False)
    trees = [await tenant.product(f"LARCH-{n}", tags=["trees", "conifers"]) for n in range(3)]
    async with connect(page_size=2) as portal:
        assert await portal.find("product", "family", ["conifers"]) == {"conifers": sorted(trees)}


async def test_what_the_profile_has_no_field_for_is_not_found(connect: Connect) -> None:
    async with connect() as portal:
        assert await portal.find("product", "isbn", ["9783161484100"]) == {}
        assert await portal.find("product", "sku", []) == {}


# ── GTIN and family ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stored", ["4006381333931", "04006381333931"])
@pytest.mark.parametrize("asked", ["4006381333931", "04006381333931"])
async def test_a_gtin_is_found_however_it_is_spelled(tenant: Any, connect: Connect, stored: str, asked: str) -> None:
    id = await tenant.product("PEN-1", ext_id=stored)
    async with connect() as portal:
        assert await portal.find("product", "gtin", [asked]) == {asked: [id]}


async def test_two_spellings_asked_for_together_are_both_answered(tenant: Any, connect: Connect) -> None:
    first = await tenant.product("PEN-1", ext_id="4006381333931")
    second = await tenant.product("PEN-2", ext_id="04006381333931")
    asked = ["4006381333931", "04006381333931"]
    async with connect() as portal:
        assert await portal.find("product", "gtin", asked) == dict.fromkeys(asked, sorted([first, second]))


async def test_a_family_is_the_object_of_that_number_else_all_that_name_it(tenant: Any, connect: Connect) -> None:
    family = await tenant.product("TREES")
    larch = await tenant.product("LARCH-1", tags=["TREES", "SHRUBS"])
    async with connect() as portal:
        found = await portal.find("product", "family", ["TREES", "SHRUBS", "HERBS"])
    assert found == {"TREES": [family], "SHRUBS": [larch]}


# ── held ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_many_keys_are_held_each_under_its_own(tenant: Any, connect: Connect) -> None:
    keys = [f"dam:O'{n}" for n in range(120)]
    ids = []
    for key in keys:
        ids.append(await tenant.upload(key.encode()))
        await tenant.set("/api/modules/file/objects", {"id": ids[-1], "ext_id": key})
    async with connect() as portal:
        held = await portal.held("asset", [*keys, "dam:nobody", "DAM:O'1"])
        assert {key: one.ref for key, one in held.items()} == dict(zip(keys, ids, strict=True))
        assert held["dam:O'7"].length == len("dam:O'7")
    asked = [unquote_plus(one["query"]) for one in await tenant.calls("GET", "/file/objects")]
    assert any("'dam:O''7'" in query for query in asked)


async def test_what_has_no_field_for_our_key_cannot_be_held(connect: Connect) -> None:
    async with connect() as portal:
        assert await portal.held("product", ["dam:1"]) == {}
        with pytest.raises(Rejected, match="no items of kind task"):
            await portal.held("task", ["dam:1"])
