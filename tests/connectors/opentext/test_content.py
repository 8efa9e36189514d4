"""What is in folders and the recycle bin, what our user may do, web reports."""

import pytest
from aiohttp import web

from lockgate.connectors.opentext.connector import OpenText
from lockgate.kit.errors import NeedsOperator, Rejected

from .conftest import CUSTOMERS, ENTERPRISE, JANE, RICHARD, SALES, Connect, Server, served

ALL = ("see", "see_contents", "modify", "edit_attributes", "add_items", "reserve")


async def test_what_was_deleted_is_listed_until_it_is_gone(server: Server, ecm: OpenText) -> None:
    theirs = await server.upload(CUSTOMERS, "old.pdf", user="admin")
    assert await ecm.recycle_bin() == []
    await ecm.delete(theirs)
    assert [(one.id, one.name) for one in await ecm.recycle_bin()] == [(theirs, "old.pdf")]
    await ecm.restore(theirs)
    assert (await server.node(theirs))["name"] == "old.pdf"
    await ecm.delete(theirs)
    await ecm.purge(theirs)
    assert await ecm.recycle_bin() == []
    with pytest.raises(Rejected, match="could not restore"):
        await ecm.restore(theirs)


async def test_a_shortcut_is_made_once_and_never_taken_for_another_one(server: Server, ecm: OpenText) -> None:
    one, other = [await server.upload(CUSTOMERS, name) for name in ("one.pdf", "other.pdf")]
    folder = await server.folder(CUSTOMERS, "Review")
    made = {await ecm.shortcut(one, folder, "To be checked") for _ in range(2)}
    assert [(child.id, child.type) for child in await ecm.children(folder)] == [(made.pop(), 1)]
    with pytest.raises(Rejected, match="already exists"):
        await ecm.shortcut(other, folder, "To be checked")


async def test_what_our_user_may_do_is_told_node_by_node(server: Server, connect: Connect) -> None:
    theirs = await server.upload(CUSTOMERS, "closed.pdf", user="admin")
    rights = {"permissions": ["see", "see_contents"], "right_id": JANE, "apply_to": 0}
    await server.call("POST", f"/v2/nodes/{theirs}/permissions/custom", rights)
    for who in ("public", "group"):
        await server.call("PUT", f"/v2/nodes/{theirs}/permissions/{who}", {"permissions": [], "apply_to": 0})
    async with connect(user="jdoe") as jane, connect(user="rroe") as richard:
        assert (await jane.commands([theirs, 999_999]))[theirs] == ("open", "copy", "download")
        assert await jane.commands([]) == {}
        assert await richard.commands([theirs]) == {}


async def test_several_members_get_their_rights_in_one_call(server: Server, ecm: OpenText) -> None:
    theirs = await server.upload(CUSTOMERS, "plan.pdf", user="admin")
    await ecm.grant_all(theirs, {JANE: ["see"], SALES: ["see_contents", "see"]})
    grants = {one.member: one.rights for one in await ecm.permissions(theirs) if one.who == "custom"}
    assert grants == {JANE: ("see",), SALES: ("see", "see_contents")}
    assert {one["path"].rpartition("/")[2] for one in await server.calls("POST", "/permissions/custom")} == {"bulk"}
    with pytest.raises(Rejected, match="no right everything"):
        await ecm.grant_all(theirs, {JANE: ["everything"]})


async def test_owner_group_and_everybody_are_set_apart(server: Server, ecm: OpenText) -> None:
    theirs = await server.upload(CUSTOMERS, "plan.pdf", user="admin")
    await ecm.set_owner(theirs, RICHARD, ALL)
    await ecm.set_group_rights(theirs, ["see"], SALES)
    for _ in range(2):
        await ecm.close(theirs, "public")
    found = {one.who: (one.member, one.rights) for one in await ecm.permissions(theirs)}
    assert found == {"owner": (RICHARD, ALL), "group": (SALES, ("see",))}
    assert await ecm.effective_rights(theirs, RICHARD) == ALL


async def test_groups_of_a_user_and_parts_of_the_server_are_told(ecm: OpenText) -> None:
    assert {one.name for one in await ecm.groups_of(JANE)} == {"DefaultGroup", "Sales"}
    assert {one.id: one.name for one in await ecm.volumes()}[ENTERPRISE] == "Enterprise"


# ── web reports ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_web_report_answers_in_its_own_form(ecm: OpenText) -> None:
    assert [one["parm_name"] for one in await ecm.report_parameters("customers_by_market")] == ["market"]
    told = await ecm.report("customers_by_market", {"market": "CH & AT"})
    assert (told.media_type, told.text) == ("text/csv", "market;customers\nCH & AT;3\n")
    await ecm.run_report("customers_by_market", {"market": "DE"})
    with pytest.raises(Rejected, match="no_such_report"):
        await ecm.report("no_such_report")


async def test_a_report_that_is_a_page_or_empty_is_no_server_that_is_starting(connect: Connect) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>3 customers</html>", content_type="text/html")

    async def nothing(_: web.Request) -> web.Response:
        return web.Response()

    async def image(_: web.Request) -> web.Response:
        return web.Response(body=b"\x89PNG\xff", content_type="image/png")

    app = web.Application()
    for name, handler in {"page": page, "nothing": nothing, "image": image}.items():
        app.router.add_get(f"/api/v1/webreports/{name}", handler)
    async with served(app) as url, connect(site=url, sign_in="ticket", password="T1") as ecm:
        assert (await ecm.report("page")).text == "<html>3 customers</html>"
        assert (await ecm.report("nothing")).text == ""
        with pytest.raises(Rejected, match="puts out no text"):
            await ecm.report("image")


async def test_what_refuses_a_ping_alone_is_no_reason_to_refuse_the_server(connect: Connect, server: Server) -> None:
    await server.fault({"kind": "status", "match": "GET */v1/ping", "status": 403})
    async with connect() as ecm:
        assert (await ecm.check()).account == "Admin"
    await server.fault()
    async with connect(password="wrong") as ecm:
        with pytest.raises(NeedsOperator) as refused:
            await ecm.check()
    assert "answers as a Content Server" not in refused.value.sentence
