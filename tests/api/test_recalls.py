"""Recalls over HTTP: what a person closed, whatever the gates say."""

import pytest
from tests.api.place import Place
from tests.world import FLOW, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_recall_closes_the_copy_and_tells_who_and_why_until_it_is_lifted(watching: Place) -> None:
    key = next(row["key"] for row in await watching.api.rows("/items", held="live"))
    asked = {"keys": [key], "reason": "the model withdrew consent"}
    told = await watching.api.post(f"/recalls/{FLOW}", asked, expected=202)
    (row,) = told["rows"]
    assert (row["key"], row["reason"], row["who"]) == (key, "the model withdrew consent", "local")
    await until(lambda: closed(watching, key))
    item = await watching.api.get(f"/items/{FLOW}/{key}")
    assert (item["code"], item["place"]["held"]) == ("recalled", "hidden")
    assert "local recalled it: the model withdrew consent" in item["verdicts"][0]["words"]
    await watching.api.delete(f"/recalls/{FLOW}/{key}", expected=204)
    assert await watching.api.rows("/recalls") == []
    await until(lambda: live(watching, key))
    await watching.api.delete(f"/recalls/{FLOW}/{key}", expected=404)


async def closed(place: Place, key: str) -> bool:
    return any(row["key"] == key and row["closed"] for row in await place.api.rows("/recalls", flow=FLOW))


async def live(place: Place, key: str) -> bool:
    held: str = (await place.api.get(f"/items/{FLOW}/{key}"))["place"]["held"]
    return held == "live"


async def test_a_recall_says_why_and_names_items_of_a_flow_there_is(watching: Place) -> None:
    await watching.api.post(f"/recalls/{FLOW}", {"keys": ["1"], "reason": ""}, expected=422)
    await watching.api.post(f"/recalls/{FLOW}", {"keys": ["1"], "reason": "  "}, expected=400)
    await watching.api.post(f"/recalls/{FLOW}", {"keys": [], "reason": "x"}, expected=422)
    await watching.api.post("/recalls/no-such", {"keys": ["1"], "reason": "x"}, expected=404)
