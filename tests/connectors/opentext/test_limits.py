"""What looking for changes costs and cannot see, as the connector's page says it."""

import pytest
from aiohttp import web

from lockgate.connectors.opentext.connector import OpenText
from lockgate.kit.errors import ContractBroken

from .conftest import CUSTOMERS, Connect, Server, served

CLOSED, GIVEN = 95_000, 5_000
"""Where the list of a server ends; how many it gives at once, more than it is asked for."""


async def looked(ecm: OpenText, kind: str, cursor: str | None) -> tuple[list[str], str]:
    pages = [page async for page in ecm.changes(kind, cursor)]
    return [event.id for page in pages for event in page.records], pages[-1].cursor


async def reads(server: Server) -> set[str]:
    """Paths of lists that were read, in the server's words; a call that had to be repeated counts once."""
    lists = {one["path"].removeprefix("/cs/cs/api/v2") for one in await server.calls("GET", "/v2/")}
    return {path for path in lists if path == "/businessworkspaces" or path.endswith("/nodes")}


async def test_a_look_costs_a_call_for_each_type_and_for_each_folder(server: Server, ecm: OpenText) -> None:
    workspaces = [await server.workspace(str(number)) for number in range(1, 4)]
    await ecm.check()
    _, cursor = await looked(ecm, "asset", None)
    await server.control("DELETE", "calls")
    await looked(ecm, "workspace", cursor)
    assert await reads(server) == {"/businessworkspaces"}
    await server.control("DELETE", "calls")
    await looked(ecm, "asset", cursor)
    paths = await reads(server)
    assert "/businessworkspaces" in paths
    # Each workspace, and in each the two folders that the template gave it.
    assert len(paths) == 1 + len(workspaces) * 3


async def test_a_look_of_one_type_does_not_walk_through_others(server: Server, connect: Connect) -> None:
    await server.workspace("1")
    async with connect(workspace_types=["Customer"]) as ecm:
        await looked(ecm, "workspace", None)
    queries = [one["query"] for one in await server.calls("GET", "/v2/businessworkspaces") if one["query"]]
    assert all("where_workspace_type_id=16" in one for one in queries if "limit" in one)


async def test_a_second_change_within_a_second_shows_with_the_next_one(server: Server, ecm: OpenText) -> None:
    id = await server.workspace("1")

    async def revision(number: str) -> str:
        await server.call("PUT", f"/v2/nodes/{id}/categories/4711", {"4711_2": number})
        (item,) = await ecm.fetch("workspace", [str(id)])
        assert item.fields["number"] == number
        return item.revision

    await server.control("PUT", "clock", {"frozen": True})
    try:
        first, second = await revision("C-1"), await revision("C-2")
        assert first == second
        await server.later(1)
        assert await revision("C-3") != second
    finally:
        await server.control("PUT", "clock", {"frozen": False})


async def test_search_follows_later_and_is_not_what_our_copies_are_found_by(server: Server, ecm: OpenText) -> None:
    await server.switch(search_delay=3600)
    theirs = await server.upload(CUSTOMERS, "fresh.pdf")
    await server.call("PUT", f"/v2/nodes/{theirs}/nicknames", nickname="fresh")
    assert await ecm.search("OTName: fresh*") == []
    assert await ecm.find("asset", "nickname", ["fresh"]) == {"fresh": [str(theirs)]}
    await server.later(3601)
    assert [one.id for one in await ecm.search("OTName: fresh*")] == [theirs]


async def test_a_list_that_ends_before_its_end_is_refused_rather_than_taken_for_all(connect: Connect) -> None:
    """Servers promise more pages than they give; what is not listed would count as deleted."""

    async def page(request: web.Request) -> web.Response:
        if "boids" in request.path or "businessworkspacetypes" in request.path:
            row = {"data": {"properties": {"wksp_type_id": 16, "wksp_type_name": "Customer", "templates": []}}}
            return web.json_response({"results": [row]})
        first = (int(request.query["page"]) - 1) * GIVEN + 1
        ids = range(first, min(first + GIVEN, CLOSED + 1))
        rows = [
            {"data": {"properties": {"id": id, "name": str(id), "modify_date": "2026-03-01T00:00:00"}}} for id in ids
        ]
        more = {"data": {"next": {"href": "…"}}} if ids and ids[-1] < CLOSED else {}
        return web.json_response({"paging": {"actions": more, "total_count": 120_000}, "results": rows})

    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    async with served(app) as url, connect(site=url, sign_in="ticket", password="T1") as ecm:
        with pytest.raises(ContractBroken, match=f"after {CLOSED} of 120000"):
            await looked(ecm, "workspace", None)
