"""The counterpart of a parked item, chosen by a person, over HTTP."""

from typing import Any

import pytest
from tests.api.place import Place
from tests.world import FLOW, until

DELIVERED = ("written", "unchanged")
"""A second look, which the portal's own event about the link brings, may follow at once."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def orphan(place: Place, name: str, sku: str | None) -> str:
    """A new asset that is parked for want of its product."""
    key = await place.world.celum.asset(name, sku=sku)
    await place.api.post(f"/items/{FLOW}/{key}/look-again", expected=202)
    await stands(place, key, "parked")
    return key


async def stands(place: Place, key: str, *outcomes: str) -> dict[str, Any]:
    async def there() -> Any:
        answer = await place.api.call("GET", f"/api/v1/items/{FLOW}/{key}")
        return answer.body if answer.status == 200 and answer.body["outcome"] in outcomes else None

    found: dict[str, Any] = await until(there, within=60)
    return found


async def product(place: Place, sku: str = "SEED-1") -> dict[str, Any]:
    rows = await place.api.rows(f"/items/{FLOW}/{place.assets['orphan 1']}/candidates", q=sku)
    (found,) = [row for row in rows if sku in row["identifiers"].get("sku", [])]
    return dict(found)


async def choose(place: Place, key: str, id: str, expected: int = 202) -> Any:
    return await place.api.put(f"/items/{FLOW}/{key}/counterpart", {"kind": "product", "id": id}, expected)


async def test_an_item_goes_to_the_product_a_person_chose_and_stays_there(watching: Place) -> None:
    key = await orphan(watching, "mislabelled", "NOBODY-KNOWS")
    waiting = await watching.api.get(f"/items/{FLOW}/{key}")
    assert (waiting["parked"]["choosable"], waiting["choice"]) == (True, None)
    chosen = await product(watching)
    await choose(watching, key, chosen["id"])
    there = await stands(watching, key, *DELIVERED)
    assert [link["id"] for link in there["place"]["links"]] == [chosen["id"]]
    assert (there["choice"]["id"], there["choice"]["by"], there["parked"]) == (chosen["id"], "local", None)
    assert there["place"]["ref"] in await watching.world.portal.images("SEED-1")
    told = await watching.api.rows(f"/items/{FLOW}/{key}/timeline")
    assert [entry["act"] for entry in told] == ["written", "counterpart chosen", "parked"]
    assert told[0]["evidence"]["chosen"].startswith("local chose ")
    await watching.api.post(f"/items/{FLOW}/{key}/look-again", expected=202)
    await stands(watching, key, "unchanged")


async def test_a_choice_that_is_taken_back_parks_the_item_again(watching: Place) -> None:
    key = await orphan(watching, "undecided", None)
    assert (await watching.api.get(f"/items/{FLOW}/{key}"))["code"] == "product.unstated"
    chosen = await product(watching)
    await choose(watching, key, chosen["id"])
    ref = (await stands(watching, key, *DELIVERED))["place"]["ref"]
    await watching.api.delete(f"/items/{FLOW}/{key}/counterpart")
    again = await stands(watching, key, "parked")
    assert (again["choice"], again["place"]["links"]) == (None, [])
    assert ref not in await watching.world.portal.images("SEED-1")
    assert (await watching.api.delete(f"/items/{FLOW}/{key}/counterpart", 404))["errors"]


async def test_of_several_products_with_one_number_a_person_chooses_one(watching: Place) -> None:
    twins = [await watching.world.portal.product(f"TWIN-{n}", gtin="4012345678901") for n in (1, 2)]
    key = await watching.world.celum.asset("twin", gtin="4012345678901")
    await watching.api.post(f"/items/{FLOW}/{key}/look-again", expected=202)
    assert (await stands(watching, key, "parked"))["code"] == "product.ambiguous"
    rows = await watching.api.rows(f"/items/{FLOW}/{key}/candidates")
    assert sorted(row["id"] for row in rows) == sorted(twins)
    await choose(watching, key, twins[1])
    assert [link["id"] for link in (await stands(watching, key, *DELIVERED))["place"]["links"]] == [twins[1]]


async def test_products_are_offered_by_number_by_id_and_by_what_hangs_there(watching: Place) -> None:
    chosen = await product(watching)
    key = watching.assets["orphan 1"]
    for text in ("seed-1", chosen["id"], "packshot 2"):
        rows = await watching.api.rows(f"/items/{FLOW}/{key}/candidates", q=text)
        assert chosen["id"] in [row["id"] for row in rows], text
    assert await watching.api.rows(f"/items/{FLOW}/{key}/candidates", q="nothing like it") == []


async def test_a_chosen_product_that_is_removed_parks_the_item_until_another_is_chosen(watching: Place) -> None:
    gone = await watching.world.portal.product("SHORT-LIVED")
    key = await orphan(watching, "hanging", "NOBODY")
    await choose(watching, key, gone)
    await stands(watching, key, *DELIVERED)
    await watching.world.portal.call("DELETE", f"modules/product/objects/{gone}")
    await watching.api.post(f"/items/{FLOW}/{key}/look-again", expected=202)
    parked = await stands(watching, key, "parked")
    assert (parked["code"], parked["parked"]["choosable"]) == ("product.missing", True)
    assert "local chose" in parked["reason"]
    await choose(watching, key, (await product(watching))["id"])
    await stands(watching, key, *DELIVERED)


async def test_only_what_misses_its_product_can_be_given_one_that_exists(watching: Place) -> None:
    chosen = await product(watching)
    assert "is not parked" in (await choose(watching, watching.assets["packshot 1"], chosen["id"], 400))["errors"][0]
    orphaned = watching.assets["orphan 2"]
    assert "no product" in (await choose(watching, orphaned, "no-such-id", 404))["errors"][0]
    body = {"kind": "shelf", "id": chosen["id"]}
    assert (await watching.api.put(f"/items/{FLOW}/{orphaned}/counterpart", body, 400))["errors"]


async def test_a_choice_holds_in_later_runs(watching: Place) -> None:
    key = await orphan(watching, "kept", "UNKNOWN-SKU")
    chosen = await product(watching)
    await choose(watching, key, chosen["id"])
    await stands(watching, key, *DELIVERED)
    for path in ("pause", "resume"):
        await watching.api.post(f"/flows/{FLOW}/{path}")
    run = await watching.api.post(f"/flows/{FLOW}/runs", {"verify": True}, expected=202)
    assert (await watching.api.finished(run["id"]))["state"] == "done"
    assert [link["id"] for link in (await stands(watching, key, "unchanged"))["place"]["links"]] == [chosen["id"]]
