"""Changes are found by looking: what is reported, what is not, and what a cursor remembers."""

from datetime import UTC, datetime, timedelta

import pytest

from lockgate.connectors.opentext.connector import OpenText
from lockgate.connectors.opentext.watch import Cursor
from lockgate.kit.errors import Rejected

from .conftest import CUSTOMERS, Connect, Server


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def look(ecm: OpenText, kind: str, cursor: str | None) -> tuple[list[str], str]:
    pages = [page async for page in ecm.changes(kind, cursor)]
    return [event.id for page in pages for event in page.records], pages[-1].cursor


async def test_a_document_deep_in_a_workspace_is_reported(server: Server, connect: Connect) -> None:
    workspace = await server.workspace("1")
    inner = await server.folder(await server.folder(workspace, "A"), "B")
    async with connect() as ecm:
        _, cursor = await look(ecm, "asset", None)
        await server.later(60)
        theirs = await server.upload(inner, "deep.pdf")
        assert (await look(ecm, "asset", cursor))[0] == [str(theirs)]
        assert (await look(ecm, "workspace", cursor))[0] in ([], [str(workspace)])


async def test_documents_outside_of_workspaces_count_where_their_folder_is_named(
    server: Server, connect: Connect
) -> None:
    theirs = await server.upload(CUSTOMERS, "loose.pdf")
    async with connect() as ecm:
        assert [ref.id async for page in ecm.index("asset", None) for ref in page.records] == []
    async with connect(folders=[CUSTOMERS]) as ecm:
        assert [ref.id async for page in ecm.index("asset", None) for ref in page.records] == [str(theirs)]


async def test_once_nothing_can_be_hidden_no_look_goes_back(server: Server, connect: Connect) -> None:
    theirs, clock = str(await server.workspace("1")), Hand()
    async with connect(clock=clock) as ecm:
        _, first = await look(ecm, "workspace", None)
        clock.now += timedelta(seconds=2)
        again, second = await look(ecm, "workspace", first)
        assert again == [theirs]
        clock.now += timedelta(minutes=5)
        once_more, third = await look(ecm, "workspace", second)
        assert once_more == [theirs]
        assert Cursor.read(third).settled
        assert (await look(ecm, "workspace", third))[0] == []
        await server.later(60)
        newer = str(await server.workspace("2"))
        found, fourth = await look(ecm, "workspace", third)
        assert found == [newer]
        assert not Cursor.read(fourth).settled


async def test_a_slow_look_reaches_back_as_long_as_it_took() -> None:
    mark = datetime(2026, 3, 1, 12, tzinfo=UTC)
    cursor = Cursor(mark=mark, reached=mark, reach=65)
    assert cursor.wants(mark - timedelta(seconds=65))
    assert not cursor.wants(mark - timedelta(seconds=66))


async def test_a_deleted_item_is_no_event_and_not_in_the_index(server: Server, connect: Connect) -> None:
    workspace = await server.workspace("1")
    theirs = await server.upload(workspace, "gone.pdf")
    async with connect() as ecm:
        _, cursor = await look(ecm, "asset", None)
        await server.later(60)
        await server.call("DELETE", f"/v2/nodes/{theirs}")
        assert (await look(ecm, "asset", cursor))[0] == []
        assert [ref.id async for page in ecm.index("asset", None) for ref in page.records] == []


async def test_an_empty_server_reports_all_that_comes(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        _, cursor = await look(ecm, "workspace", None)
        made = str(await server.workspace("1"))
        assert (await look(ecm, "workspace", cursor))[0] == [made]


async def test_lists_are_read_to_their_end(server: Server, connect: Connect) -> None:
    workspace = await server.workspace("1")
    made = {str(await server.upload(workspace, f"{n}.pdf")) for n in range(7)}
    others = {str(await server.workspace(str(n))) for n in range(2, 7)}
    async with connect(quirks={"list_size": 3, "workspace_list_size": 2}) as ecm:
        assert {ref.id async for page in ecm.index("asset", None) for ref in page.records} == made
        await server.switch(repeat_last_page=True)
        found = [ref.id async for page in ecm.index("workspace", None) for ref in page.records]
    assert sorted(found) == sorted({str(workspace), *others})


async def test_a_cursor_of_another_system_is_refused(connect: Connect) -> None:
    async with connect() as ecm:
        with pytest.raises(Rejected, match="start the watch anew"):
            await look(ecm, "asset", "17")
