"""The history of an object."""

import pytest

from .caller import COFFEE_MAKER, PRODUCTS, Caller


async def test_each_changed_field_has_an_entry_newest_first(portal: Caller) -> None:
    await portal.set(COFFEE_MAKER, price=80)
    await portal.set(COFFEE_MAKER, status="archived")
    history = await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}/audit?offset=0&count=2")
    newest, older = history["result"]
    assert newest | {"id": "", "mod_time": ""} == {
        "id": "",
        "module": "product",
        "object_id": COFFEE_MAKER,
        "event_type": 1,
        "field": "status",
        "old_value": [{"value": "approved"}],
        "new_value": [{"value": "archived"}],
        "mod_time": "",
        "mod_by": "u-1",
    }
    assert (older["field"], older["old_value"], older["new_value"]) == ("price", [{"value": 79.0}], [{"value": 80}])
    assert int(newest["id"]) > int(older["id"])
    assert history["total_count"] == 11


async def test_a_creation_has_an_entry_for_each_field(portal: Caller) -> None:
    id = await portal.product("X-1", price=5)
    history = await portal.ok("GET", f"{PRODUCTS}/{id}/audit")
    assert {(one["field"], one["event_type"], str(one["old_value"])) for one in history["result"]} == {
        ("article_number", 2, "[]"),
        ("price", 2, "[]"),
    }


async def test_a_deleted_object_still_has_its_history(portal: Caller) -> None:
    id = await portal.product("X-1")
    await portal.ok("DELETE", f"{PRODUCTS}/{id}")
    newest = (await portal.ok("GET", f"{PRODUCTS}/{id}/audit"))["result"][0]
    assert (newest["field"], newest["event_type"], newest["new_value"]) == (None, 0, [])


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("field = 'price'", 2),
        ("field = 'price' AND event_type = 1", 1),
        ("mod_by = 'u-1'", 10),
        ("mod_by LIKE 'nobody%'", 0),
        ("mod_time >= '2000-01-01T00:00:00Z' AND NOT event_type = 2", 1),
        ("mod_time < '2000-01-01T00:00:00Z'", 0),
    ],
)
async def test_history_can_be_searched(portal: Caller, query: str, count: int) -> None:
    await portal.set(COFFEE_MAKER, price=80)
    found = await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}/audit", params={"query": query})
    assert (found["total_count"], len(found["result"])) == (count, count)


async def test_other_names_in_its_query_are_refused(portal: Caller) -> None:
    path = f"{PRODUCTS}/{COFFEE_MAKER}/audit"
    assert "Unknown field 'price'" in await portal.refused(400, "GET", path, params={"query": "price = 5"})


async def test_an_unknown_object_has_no_history(portal: Caller) -> None:
    await portal.refused(404, "GET", f"{PRODUCTS}/missing/audit")


async def test_the_server_fields_of_a_file_are_not_recorded(portal: Caller) -> None:
    id = await portal.uploaded(b"x", "x.bin", "application/octet-stream")
    history = await portal.ok("GET", f"/api/modules/file/objects/{id}/audit")
    assert {one["field"] for one in history["result"]} == {"name", "parent_id"}
