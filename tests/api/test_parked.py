"""Parked items over HTTP: why, what they wait for, retry and drop."""

import pytest
from tests.api.place import Place
from tests.world import FLOW, PIM, until

from lockgate.ledger import inbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def waiting(place: Place) -> set[str]:
    """The keys in the inbox."""
    rows = await place.app.ledger.read(lambda c: inbox.take(c, limit=100, now=place.app.clock()))
    return {row.key for row in rows}


async def test_a_parked_item_tells_what_it_waits_for(place: Place) -> None:
    (row,) = [row for row in await place.api.rows("/parked", flow=FLOW) if row["title"] == "orphan 2"]
    assert (row["code"], row["tries"]) == ("product.missing", 0)
    assert row["waits"] == [f"a product with sku NOWHERE-2 at {PIM}"]
    assert "goes on by itself once there is one" in row["reason"]
    item = await place.api.get(f"/items/{FLOW}/{row['key']}")
    assert item["parked"] == row


async def test_parked_items_are_counted_by_reason(place: Place) -> None:
    counts = {one["code"]: one["n"] for one in (await place.api.get("/parked/counts", flow=FLOW))["rows"]}
    listed = await place.api.rows("/parked", code="product.missing", limit=1)
    assert counts["product.missing"] == len(listed) >= 2
    assert await place.api.rows("/parked", code="no.such") == []


async def test_retrying_a_reason_has_just_those_looked_at_again(place: Place) -> None:
    nothing = await place.api.post(f"/parked/{FLOW}/retry", {"code": "no.such"}, expected=202)
    assert nothing == {"retried": 0}
    parked = {row["key"] for row in await place.api.rows("/parked", code="product.missing")}
    some = await place.api.post(f"/parked/{FLOW}/retry", {"code": "product.missing"}, expected=202)
    assert some == {"retried": len(parked)}
    assert parked <= await waiting(place)


async def test_retrying_one_stands_in_its_timeline(place: Place) -> None:
    key = place.assets["orphan 1"]
    await place.api.post(f"/parked/{FLOW}/{key}/retry", expected=202)
    assert key in await waiting(place)
    timeline = (await place.api.get(f"/items/{FLOW}/{key}/timeline"))["rows"]
    assert (timeline[0]["act"], timeline[0]["evidence"]) == ("retried by hand", {"by": "local"})
    assert timeline[-1]["act"] == "parked"


async def test_a_long_timeline_is_read_page_by_page(place: Place) -> None:
    key = place.assets["orphan 1"]
    for _ in range(3):
        await place.api.post(f"/parked/{FLOW}/{key}/retry", expected=202)
    whole = (await place.api.get(f"/items/{FLOW}/{key}/timeline"))["rows"]
    assert await place.api.rows(f"/items/{FLOW}/{key}/timeline", limit=2) == whole
    await place.api.get(f"/items/{FLOW}/{key}/timeline", 400, after="first")


async def test_what_the_guard_holds_back_needs_a_number_agreed_to(place: Place) -> None:
    answer = await place.api.post(f"/parked/{FLOW}/retry", {"code": "guard"}, expected=400)
    assert "agree to them with confirm=" in answer["errors"][0]
    agreed = await place.api.post(f"/parked/{FLOW}/retry", {"code": "guard", "confirm": 3}, expected=202)
    assert agreed == {"retried": 0}


async def test_what_is_not_parked_cannot_be_retried_or_dropped(place: Place) -> None:
    key = place.assets["packshot 1"]
    sentence = [f"item '{key}' of flow '{FLOW}' is not parked"]
    assert (await place.api.post(f"/parked/{FLOW}/{key}/retry", expected=404))["errors"] == sentence
    assert (await place.api.delete(f"/parked/{FLOW}/{key}", 404))["errors"] == sentence


async def test_a_dropped_item_is_let_be_until_it_changes(place: Place) -> None:
    api, celum = place.api, place.world.celum
    key = await celum.asset("unwanted", sku="NOWHERE-9")
    await run(place)
    await api.delete(f"/parked/{FLOW}/{key}")
    assert key not in {row["key"] for row in await api.rows("/parked")}
    dropped = await api.get(f"/items/{FLOW}/{key}")
    assert (dropped["outcome"], dropped["code"]) == ("blocked", "dropped")
    await run(place)
    assert (await api.get(f"/items/{FLOW}/{key}"))["code"] == "dropped"

    await celum.call("PATCH", f"assets/{key}", {"name": "wanted after all"})
    await run(place)
    assert (await api.get(f"/items/{FLOW}/{key}"))["code"] == "product.missing"


async def run(place: Place) -> None:
    started = await place.api.post(f"/flows/{FLOW}/runs", expected=202)
    await place.api.finished(started["id"])


async def test_a_copy_that_must_be_closed_cannot_be_dropped(place: Place) -> None:
    celum, portal, api = place.world.celum, place.world.portal, place.api
    key = await celum.asset("to be closed", sku="SEED-1")
    await run(place)
    await celum.act("unrelease", id=int(key))
    await portal.fault({"match": "P* /api/modules/file/objects*", "kind": "status", "status": 400, "times": None})
    await run(place)
    await portal.fault()

    async def parked() -> bool:
        return key in {row["key"] for row in await api.rows("/parked")}

    await until(parked)
    answer = await api.delete(f"/parked/{FLOW}/{key}", 400)
    assert answer["errors"] == [
        f"the copy of '{key}' is still visible and must be closed: retry it, it cannot be dropped"
    ]
