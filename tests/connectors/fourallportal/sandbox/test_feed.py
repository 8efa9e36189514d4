"""Connectors: their configuration, their events and the objects they hand out."""

import asyncio
import re
import time
from typing import Any

import pytest

from .caller import COFFEE_MAKER, FILES, KEY, PRODUCTS, Caller, form, value
from .conftest import Start

CREATE, UPDATE, DELETE = 2, 1, 0


async def until_filled(portal: Caller, connector: str, start: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 5
    while not (events := await portal.events(connector, start)):
        assert time.monotonic() < deadline, "the queue stayed empty"
        await asyncio.sleep(0.02)
    return events


async def test_connectors_are_listed_with_their_modules(portal: Caller) -> None:
    listed = await portal.ok("GET", "/api/connectors")
    names = {
        f"{channel}_{module}": module for channel in ("all", "webshop", "marketplace") for module in ("product", "file")
    }
    assert {one["connector_name"]: one["module_name"] for one in listed} == names


async def test_a_connector_tells_its_configuration(portal: Caller) -> None:
    config = await portal.ok("GET", "/api/connectors/webshop_file")
    fields = (await portal.ok("GET", "/api/modules/file?groups=fields"))["fields"]
    assert config["fields"] == [one["name"] for one in fields]
    assert (config["module_name"], config["derivates"]) == ("file", ["web", "print"])
    assert config["conditions"] == ["publish_webshop = TRUE"]
    assert re.fullmatch(r"[0-9a-f]{32}", config["hash"])


async def test_an_unknown_connector_is_not_found(portal: Caller) -> None:
    for path in ("", "/events/1?hash=x", "/objects?ids=x"):
        await portal.refused(404, "GET", f"/api/connectors/no_such{path}")


async def test_events_are_dated_numbered_and_ascending(portal: Caller) -> None:
    last = await portal.last_event("all_product")
    ids = [await portal.product(f"X-{number}") for number in range(3)]
    events = await portal.events("all_product", last + 1)
    assert [one["object_id"] for one in events] == ids
    assert [one["id"] for one in events] == sorted(one["id"] for one in events)
    assert events[0].keys() == {"id", "mod_time", "object_id", "object_type", "event_type"}
    assert re.fullmatch(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d", events[0]["mod_time"])


async def test_asking_from_an_event_answers_it_again(portal: Caller) -> None:
    last = await portal.last_event("all_product")
    assert [one["id"] for one in await portal.events("all_product", last)] == [last]
    assert await portal.events("all_product", last + 1) == []


async def test_with_the_switch_asking_from_an_event_answers_later_ones_only(portal: Caller) -> None:
    await portal.options(exclusive_from="yes")
    last = await portal.last_event("all_product")
    id = await portal.product("X-1")
    assert [one["object_id"] for one in await portal.events("all_product", last)] == [id]
    assert await portal.events("all_product", last + 1) == []


async def test_only_the_newest_event_of_an_object_remains(portal: Caller) -> None:
    last = await portal.last_event("all_product")
    id = await portal.product("X-1")
    await portal.set(id, price=1)
    await portal.set(id, price=2)
    assert await portal.news("all_product", last) == [(id, 0, UPDATE)]
    await portal.ok("DELETE", f"{PRODUCTS}/{id}")
    assert await portal.news("all_product", last) == [(id, 0, DELETE)]


async def test_with_the_switch_object_and_derivate_events_are_kept_apart(portal: Caller) -> None:
    await portal.options(events_apart=True)
    last = await portal.last_event("all_file")
    id = await portal.uploaded(b"x", "x.bin", "application/octet-stream")
    assert await portal.news("all_file", last) == [(id, 0, CREATE), (id, 1, CREATE)]
    await portal.ok("PATCH", FILES, json=[{"id": id, "copyright": [{"value": "Me"}]}])
    assert await portal.news("all_file", last) == [(id, 1, CREATE), (id, 0, UPDATE)]
    await portal.ok("DELETE", f"{FILES}/{id}")
    assert await portal.news("all_file", last) == [(id, 0, DELETE)]


@pytest.mark.parametrize("hash", ["?hash=5b1679e7aaabdd7a36f6a1cd220b51f4", "?hash=", ""])
async def test_another_hash_or_none_is_a_conflict(portal: Caller, hash: str) -> None:
    assert "hash does not match" in await portal.refused(409, "GET", f"/api/connectors/all_product/events/1{hash}")


@pytest.mark.parametrize("start", ["first", "-1", "1.5", "9" * 30])
async def test_an_event_number_must_be_one(portal: Caller, start: str) -> None:
    await portal.refused(400, "GET", f"/api/connectors/all_product/events/{start}?hash=x")


async def test_a_changed_configuration_has_another_hash(portal: Caller) -> None:
    before = await portal.hash("all_product")
    after = await portal.act("configure_connector", name="all_product", fields=["article_number"])
    assert after["hash"] != before
    assert "hash does not match" in await portal.refused(
        409, "GET", f"/api/connectors/all_product/events/1?hash={before}"
    )
    found = await portal.ok("GET", f"/api/connectors/all_product/objects?ids={COFFEE_MAKER}")
    assert found[0].keys() == {"id", "module", "type", "mod_time", "article_number"}


async def test_a_call_answers_at_most_a_thousand_events(portal: Caller) -> None:
    last = await portal.last_event("all_product")
    await portal.ok("PATCH", PRODUCTS, json=[{"id": f"p{number}"} for number in range(1100)])
    first = await portal.events("all_product", last + 1)
    second = await portal.events("all_product", first[-1]["id"] + 1)
    assert (len(first), len(second)) == (1000, 100)
    assert len({one["object_id"] for one in (*first, *second)}) == 1100


async def test_starting_over_answers_nothing_until_the_queue_is_rebuilt(portal: Caller) -> None:
    await portal.options(rebuild_delay=600)
    last = await portal.last_event("webshop_product")
    assert await portal.events("webshop_product", 0) == []
    assert await portal.events("webshop_product", 0) == []
    assert await portal.events("webshop_product", 1) == []
    await portal.ok("PUT", "/__sandbox/clock", json={"advance_seconds": 601})
    events = await portal.events("webshop_product", 0)
    published = {one["id"] for one in await portal.find("publish_webshop = TRUE")}
    assert {one["object_id"] for one in events} == published
    assert {one["event_type"] for one in events} == {CREATE}
    assert min(one["id"] for one in events) > last


async def test_a_rebuilt_queue_is_read_on_from_any_event_and_rebuilt_again_from_zero(portal: Caller) -> None:
    assert await portal.events("all_product", 0) == []
    first = await until_filled(portal, "all_product", 0)
    assert await portal.events("all_product", first[10]["id"]) == first[10:]
    assert await portal.events("all_product", 0) == []
    again = await until_filled(portal, "all_product", 0)
    assert {one["object_id"] for one in again} == {one["object_id"] for one in first}
    assert again[0]["id"] > first[-1]["id"]


async def test_changes_during_a_rebuild_are_not_lost(portal: Caller) -> None:
    await portal.options(rebuild_delay=600)
    await portal.events("all_product", 0)
    new = await portal.product("X-1")
    await portal.ok("DELETE", f"{PRODUCTS}/{COFFEE_MAKER}")
    await portal.ok("PUT", "/__sandbox/clock", json={"advance_seconds": 601})
    kinds = {one["object_id"]: one["event_type"] for one in await portal.events("all_product", 0)}
    assert (kinds[new], kinds[COFFEE_MAKER], len(kinds)) == (CREATE, DELETE, 38)


async def test_a_rebuild_survives_a_restart(start: Start, tmp_path: Any) -> None:
    first = await start(state=tmp_path, options={"rebuild_delay": 600})
    assert await first.events("all_product", 0) == []
    # The second process finds the state as it lies there; the first one is not asked any more.
    second = await start(state=tmp_path)
    assert len(await until_filled(second, "all_product", 0)) == 37


async def test_events_lag_behind_writes_with_the_switch(portal: Caller) -> None:
    await portal.options(event_delay=600)
    last = await portal.last_event("all_product")
    id = await portal.product("X-1")
    assert await portal.news("all_product", last) == []
    await portal.options(event_delay=0)
    other = await portal.product("X-2")
    assert await portal.news("all_product", last) == [], "a later event must not overtake one that lags"
    await portal.ok("PUT", "/__sandbox/clock", json={"advance_seconds": 601})
    assert [one for one, *_ in await portal.news("all_product", last)] == [id, other]


async def test_reads_lag_behind_events_with_the_switch(portal: Caller) -> None:
    await portal.options(read_delay=600)
    last = await portal.last_event("all_product")
    new = await portal.product("X-1")
    await portal.set(COFFEE_MAKER, price=1)
    await portal.set(COFFEE_MAKER, price=2)
    assert [one for one, *_ in await portal.news("all_product", last)] == [new, COFFEE_MAKER]
    ids = f"/api/connectors/all_product/objects?ids={new}&ids={COFFEE_MAKER}"
    assert [value(one, "price") for one in await portal.ok("GET", ids)] == [79.0]
    await portal.refused(404, "GET", f"{PRODUCTS}/{new}")
    await portal.ok("PUT", "/__sandbox/clock", json={"advance_seconds": 601})
    assert len(await portal.ok("GET", ids)) == 2
    assert value(await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}"), "price") == 2


async def test_publishing_enters_a_connector_and_taking_back_leaves_it(portal: Caller) -> None:
    id = await portal.product("X-1", publish_webshop=False)
    last = await portal.last_event("webshop_product")

    async def told() -> tuple[int, int]:
        """The kind of the newest event at the web shop and at the connector of everything."""
        kinds = [{one: kind for one, _, kind in await portal.news(f"{name}_product", 0)} for name in ("webshop", "all")]
        return kinds[0].get(id, -1), kinds[1][id]

    assert await told() == (-1, CREATE)
    for _ in range(2):
        await portal.set(id, publish_webshop=True)
        assert await told() == (CREATE, UPDATE)
        await portal.set(id, price=(await portal.last_event("all_product")))
        assert await told() == (UPDATE, UPDATE)
        await portal.set(id, publish_webshop=False)
        assert await told() == (DELETE, UPDATE)
    assert await portal.news("webshop_product", last) == [(id, 0, DELETE)]
    assert (await portal("GET", f"{PRODUCTS}/{id}")).status == 200
    assert await portal.ok("GET", f"/api/connectors/webshop_product/objects?ids={id}") == []


async def test_a_change_outside_a_connector_is_not_told_there(portal: Caller) -> None:
    id = await portal.product("X-1")
    last = await portal.last_event("marketplace_product")
    await portal.set(id, price=1)
    await portal.ok("DELETE", f"{PRODUCTS}/{id}")
    assert await portal.news("marketplace_product", last) == []


async def test_deleting_is_told_to_every_connector_that_held_the_object(portal: Caller) -> None:
    names = ("all_product", "webshop_product", "marketplace_product")
    last = [await portal.last_event(name) for name in names]
    await portal.ok("DELETE", f"{PRODUCTS}/{COFFEE_MAKER}")
    news = [await portal.news(name, after) for name, after in zip(names, last, strict=True)]
    assert news == [[(COFFEE_MAKER, 0, DELETE)], [(COFFEE_MAKER, 0, DELETE)], []]


async def test_a_file_of_a_published_product_is_not_published_by_that(portal: Caller) -> None:
    file = await portal.uploaded(b"x", "x.bin", "application/octet-stream")
    last = await portal.last_event("webshop_file")
    await portal.set(COFFEE_MAKER, images=[file])
    assert await portal.news("webshop_file", last) == []
    await portal.ok("PATCH", FILES, json=[{"id": file, "publish_webshop": [{"value": True}]}])
    assert await portal.news("webshop_file", last) == [(file, 0, CREATE)]
    await portal.ok("PUT", f"{FILES}/{file}/media/original", data=form(b"y", "x.bin", "image/tiff"))
    assert await portal.news("webshop_file", last) == [(file, 2, UPDATE)]


async def test_objects_come_flat_with_the_fields_that_have_a_value(portal: Caller) -> None:
    found = await portal.ok("GET", f"/api/connectors/all_product/objects?ids={COFFEE_MAKER}&ids=missing")
    (one,) = found
    assert (one["id"], one["module"], value(one, "price")) == (COFFEE_MAKER, "product", 79.0)
    assert not {"has_child", "mod_time_img", "ext_id"} & one.keys()
    (file,) = await portal.ok("GET", f"/api/connectors/all_file/objects?ids={value(one, 'main_image')}")
    assert value(file, "parent_path") == "Data/Uploads"
    assert value(file, "mod_time_img") == file["mod_time"]


async def test_objects_want_ids(portal: Caller) -> None:
    assert "'ids'" in await portal.refused(400, "GET", "/api/connectors/all_product/objects")


@pytest.mark.parametrize(("form", "price"), [("object", {"value": 79.0}), ("raw", 79.0)])
async def test_values_without_dimensions_have_another_form_with_the_switch(
    portal: Caller, form: str, price: Any
) -> None:
    await portal.options(undimensioned=form)
    (one,) = await portal.ok("GET", f"/api/connectors/all_product/objects?ids={COFFEE_MAKER}")
    assert one["price"] == price
    assert {"value": "Coffee maker", "dimensions": {"channel": "webshop", "locale": "en_US"}} in one["name"]
    assert value(await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}"), "price") == 79.0


async def test_the_feed_needs_a_key_like_everything(portal: Caller) -> None:
    await portal.refused(401, "GET", "/api/connectors/all_product/events/1", key=KEY[:-1])
