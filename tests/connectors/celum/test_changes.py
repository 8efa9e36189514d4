"""Polling a sandbox for changes, over HTTP. Everything is made and changed within the look back of the poll."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from lockgate.connectors.celum.connector import Celum
from lockgate.connectors.celum.quirks import Quirks

Connect = Callable[..., AbstractAsyncContextManager[Celum]]


async def poll(dam: Celum, after: str | None) -> tuple[list[str], str]:
    """Ids in the order of the events, and the cursor after them."""
    ids: list[str] = []
    cursor = after or ""
    async for page in dam.changes("asset", after):
        ids += [event.id for event in page.records]
        cursor = page.cursor
    return ids, cursor


async def test_a_watch_begins_now_and_not_at_the_beginning(tenant: Any, connect: Connect) -> None:
    await tenant.create("before")
    async with connect() as dam:
        assert (await poll(dam, None))[0] == []


async def test_quiet_means_no_events_and_the_same_cursor(connect: Connect) -> None:
    async with connect() as dam:
        _, start = await poll(dam, None)
        assert await poll(dam, start) == ([], start)


async def test_each_change_is_reported_once_and_oldest_first(tenant: Any, connect: Connect) -> None:
    first, second = await tenant.create("first"), await tenant.create("second")
    async with connect() as dam:
        _, cursor = await poll(dam, None)
        made = await tenant.create("made")
        await tenant.later()
        await tenant.call("PATCH", f"assets/{second['id']}", {"name": "changed"})
        await tenant.later()
        await tenant.call("PATCH", f"assets/{first['id']}", {"name": "changed"})
        ids, cursor = await poll(dam, cursor)
        assert ids == [str(made["id"]), str(second["id"]), str(first["id"])]
        assert (await poll(dam, cursor))[0] == []


async def test_the_same_asset_is_reported_again_when_it_changes_again(tenant: Any, connect: Connect) -> None:
    asset = await tenant.create("asset")
    async with connect() as dam:
        _, cursor = await poll(dam, None)
        for name in ("once", "twice"):
            await tenant.call("PATCH", f"assets/{asset['id']}", {"name": name})
            ids, cursor = await poll(dam, cursor)
            assert ids == [str(asset["id"])]


async def test_a_release_and_a_new_version_are_changes(tenant: Any, connect: Connect) -> None:
    asset = await tenant.create("asset", b"one")
    async with connect() as dam:
        _, cursor = await poll(dam, None)
        await tenant.control("POST", "actions/release", {"id": asset["id"]})
        ids, cursor = await poll(dam, cursor)
        assert ids == [str(asset["id"])]
        handle = await tenant.upload(b"two", "two.txt")
        await tenant.call("POST", f"assets/{asset['id']}/versions", {"filename": "two.txt", "uploadHandle": handle})
        assert (await poll(dam, cursor))[0] == [str(asset["id"])]


async def test_a_poll_can_be_repeated_from_the_same_cursor(tenant: Any, connect: Connect) -> None:
    async with connect() as dam:
        _, cursor = await poll(dam, None)
        made = await tenant.create("made")
        assert (await poll(dam, cursor))[0] == [str(made["id"])]
        assert (await poll(dam, cursor))[0] == [str(made["id"])], "the first poll's result may have been lost"


async def test_after_a_restart_nothing_is_missed_though_recent_changes_may_repeat(
    tenant: Any, connect: Connect
) -> None:
    async with connect() as dam:
        _, cursor = await poll(dam, None)
        old = await tenant.create("old")
        _, cursor = await poll(dam, cursor)
    new = await tenant.create("new")
    async with connect() as dam:
        ids, cursor = await poll(dam, cursor)
        assert {str(old["id"]), str(new["id"])} <= set(ids)
        assert (await poll(dam, cursor))[0] == []


async def test_without_a_look_back_only_the_last_instant_repeats_after_a_restart(tenant: Any, connect: Connect) -> None:
    narrow = Quirks(overlap_seconds=0)
    async with connect(quirks=narrow) as dam:
        _, cursor = await poll(dam, None)
        await tenant.create("old")
        newest = await tenant.create("newer")
        _, cursor = await poll(dam, cursor)
    async with connect(quirks=narrow) as dam:
        assert set((await poll(dam, cursor))[0]) <= {str(newest["id"])}


async def test_many_changes_come_in_pages_whose_cursors_can_be_gone_on_from(tenant: Any, connect: Connect) -> None:
    async with connect() as dam:
        _, start = await poll(dam, None)
        ids = [asset["id"] for asset in await tenant.assets() if "lock" not in asset][:210]
        for id in ids:
            await tenant.call("PATCH", f"assets/{id}", {"name": f"renamed {id}"})
        pages = [page async for page in dam.changes("asset", start)]
        assert [len(page.records) for page in pages] == [200, 10]
        assert sorted(int(event.id) for page in pages for event in page.records) == ids
        rest, _ = await poll(dam, pages[0].cursor)
        assert rest == [event.id for event in pages[1].records]


async def test_what_changes_while_pages_are_gathered_is_found_by_the_next_poll(tenant: Any, connect: Connect) -> None:
    async with connect(quirks=Quirks(overlap_seconds=0)) as dam:
        _, cursor = await poll(dam, None)
        made = [await tenant.create(f"made {at}") for at in range(3)]
        pages = dam.changes("asset", cursor)
        page = await anext(pages)
        await tenant.call("PATCH", f"assets/{made[0]['id']}", {"name": "changed meanwhile"})
        await pages.aclose()  # type: ignore[attr-defined]
        ids, _ = await poll(dam, page.cursor)
    assert [event.id for event in page.records] == [str(asset["id"]) for asset in made]
    assert ids == [str(made[0]["id"])]


async def test_flows_with_cursors_of_their_own_do_not_take_events_from_each_other(
    tenant: Any, connect: Connect
) -> None:
    async with connect() as dam:
        _, one = await poll(dam, None)
        _, other = await poll(dam, None)
        made = await tenant.create("made")
        assert (await poll(dam, one))[0] == [str(made["id"])]
        assert (await poll(dam, other))[0] == [str(made["id"])]


async def test_a_watch_of_one_collection_still_hears_of_assets_that_leave_it(tenant: Any, connect: Connect) -> None:
    folder = await tenant.folder()
    child = await tenant.call("POST", "collections", {"name": {"en": "Only these"}, "parentId": folder}, expect=201)
    asset = await tenant.create("leaving", parentId=child["id"])
    async with connect(collection=child["id"]) as dam:
        _, cursor = await poll(dam, None)
        moved = {"parentIds": {"op": "MODIFY", "add": [folder], "remove": [child["id"]]}}
        await tenant.call("PATCH", f"assets/{asset['id']}", moved)
        assert (await poll(dam, cursor))[0] == [str(asset["id"])]
        assert await dam.fetch("asset", [str(asset["id"])]) == []
