"""The change feed with its oddities: lost hashes, inclusive and exclusive numbers, two events for one object."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from lockgate.connectors.fourallportal.client import as_events
from lockgate.connectors.fourallportal.connector import FourAllPortal
from lockgate.connectors.fourallportal.feed import Cursor
from lockgate.kit.conformance import eventually
from lockgate.kit.errors import Conflict, Rejected
from lockgate.model.event import Event

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
COFFEE_MAKER = "2f0f2c0e-5c4b-4a35-9d2b-0a4f7f6f1c11"
PRODUCTS = "/api/modules/product/objects"


class Watcher:
    """Looks for changes again and again from where it was."""

    def __init__(self, portal: FourAllPortal, kind: str = "product") -> None:
        self.portal, self.kind = portal, kind
        self.cursor: str | None = None

    async def look(self) -> list[Event]:
        events: list[Event] = []
        async for page in self.portal.changes(self.kind, self.cursor):
            events += page.records
            self.cursor = page.cursor
        return events

    async def ids(self) -> list[str]:
        return [event.id for event in await self.look()]


async def started(portal: FourAllPortal, kind: str = "product") -> Watcher:
    watcher = Watcher(portal, kind)
    assert await watcher.look() == []
    return watcher


async def test_watching_begins_now_and_not_with_what_is_there(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        watcher = await started(portal)
        id = await tenant.product("LARCH-1")
        assert await watcher.ids() == [id]
        assert await watcher.ids() == []


@pytest.mark.parametrize("exclusive", [False, True])
async def test_nothing_is_missed_or_repeated_however_the_server_counts(
    tenant: Any, connect: Connect, exclusive: bool
) -> None:
    await tenant.switch(exclusive_from=exclusive)
    async with connect() as portal:
        watcher = await started(portal)
        made = [await tenant.product(f"LARCH-{n}") for n in range(5)]
        assert await watcher.ids() == made
        await tenant.set(PRODUCTS, {"id": made[2], "price": 3})
        assert await watcher.ids() == [made[2]]


async def test_a_full_answer_is_followed_by_the_rest(tenant: Any, connect: Connect) -> None:
    """The feed gives a thousand events a call."""
    async with connect() as portal:
        watcher = await started(portal)
        wire = [{"article_number": [{"value": f"LARCH-{n}"}]} for n in range(1203)]
        made = await tenant.call("PATCH", PRODUCTS, wire)
        pages = [page async for page in portal.changes("product", watcher.cursor)]
    assert len(pages) == 2
    assert [event.id for page in pages for event in page.records] == made


async def test_a_deleted_object_is_gone(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        id = await tenant.product("LARCH-1")
        watcher = await started(portal)
        await tenant.act("delete", module="product", id=id)
        (event,) = await watcher.look()
    assert (event.type, event.id) == ("product.gone", id)
    assert event.at is not None


async def test_what_leaves_the_condition_of_a_feed_is_gone_to_it(tenant: Any, connect: Connect) -> None:
    async with connect(product_feed="webshop_product") as portal:
        watcher = await started(portal)
        await tenant.act("publish", module="product", id=COFFEE_MAKER, channel="webshop", on=False)
        (event,) = await watcher.look()
    assert (event.type, event.id) == ("product.gone", COFFEE_MAKER)


async def test_a_new_file_with_two_events_is_one_change(tenant: Any, connect: Connect) -> None:
    await tenant.switch(events_apart=True)
    async with connect() as portal:
        watcher = await started(portal, "asset")
        id = await tenant.upload()
        events = await watcher.look()
    assert [(event.type, event.id) for event in events] == [("asset.changed", id)]


async def test_of_several_entries_the_newest_decides_and_its_number_is_kept(
    connect: Connect, payload: Callable[[str], Any]
) -> None:
    async with connect() as portal:
        events = portal.feeds.newest("product", as_events(payload("events__object_and_derivate")))
    assert [event.type for event in events] == ["product.changed", "product.gone"]
    assert [event.at.isoformat() for event in events if event.at] == [
        "2026-03-04T10:11:13+00:00",
        "2026-03-04T10:15:40+00:00",
    ]


async def test_times_of_the_feed_are_meant_in_the_zone_that_was_set(
    connect: Connect, payload: Callable[[str], Any]
) -> None:
    async with connect(feed_zone="Europe/Berlin") as portal:
        event = portal.feeds.newest("product", as_events(payload("events__object_and_derivate")))[0]
    assert event.at is not None
    assert event.at.isoformat() == "2026-03-04T09:11:13+00:00"


# ── hash and numbers ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_feed_that_was_configured_anew_is_read_from_its_beginning(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        watcher = await started(portal)
        before = watcher.cursor
        await tenant.act("configure_connector", name="all_product", fields=["article_number", "status"])
        ids = await watcher.ids()
        assert len(ids) == len(set(ids)) == 37
        assert await watcher.ids() == []
    assert before is not None
    assert watcher.cursor is not None
    assert Cursor.read(before).hash != Cursor.read(watcher.cursor).hash


async def test_a_feed_configured_anew_between_two_calls_is_a_conflict_that_passes(
    tenant: Any, connect: Connect
) -> None:
    async with connect() as portal:
        watcher = await started(portal)
        id = await tenant.product("LARCH-1")
        await tenant.fault({"match": "GET /api/connectors/*/events/*", "kind": "status", "status": 409, "times": 1})
        with pytest.raises(Conflict) as told:
            await watcher.look()
        assert told.value.code == "feed.changed"
        assert await watcher.ids() == [id]


async def test_the_queue_of_a_feed_is_never_made_anew_by_us(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        await started(portal)
        await portal.check()
    calls = await tenant.calls("GET", "/events/")
    assert calls
    assert not [one["path"] for one in calls if one["path"].endswith("/events/0")]


async def test_what_a_rebuilt_queue_announces_is_looked_at_again(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        watcher = await started(portal)
        config = await tenant.call("GET", "/api/connectors/all_product")
        await tenant.call("GET", f"/api/connectors/all_product/events/0?hash={config['hash']}")
        found = await eventually(watcher.ids, lambda ids: len(ids) == 37, "not every product was announced")
    assert COFFEE_MAKER in found


async def test_an_event_that_comes_late_is_still_found(tenant: Any, connect: Connect) -> None:
    await tenant.switch(event_delay=0.2)
    async with connect() as portal:
        watcher = await started(portal)
        id = await tenant.product("LARCH-1")
        assert await watcher.ids() == []
        assert await eventually(watcher.ids, bool, "the event never came") == [id]


async def test_without_a_feed_there_are_no_changes_until_there_is_one(connect: Connect) -> None:
    async with connect(product_feed="not_made_yet") as early, connect() as later:
        before = await started(early)
        assert await before.look() == []
        after = Watcher(later)
        after.cursor = before.cursor
        assert COFFEE_MAKER in await after.ids()


async def test_a_cursor_of_something_else_is_refused(connect: Connect) -> None:
    async with connect() as portal:
        watcher = Watcher(portal)
        watcher.cursor = "yesterday"
        with pytest.raises(Rejected, match="no cursor of a 4ALLPORTAL feed"):
            await watcher.look()
