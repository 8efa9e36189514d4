"""Our copies of documents: where they go, what they are called, what becomes of newer ones."""

import asyncio
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from lockgate.connectors.opentext.connector import OpenText
from lockgate.connectors.opentext.keys import digest
from lockgate.kit.contract import Link, Write
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected
from lockgate.model.item import Rendition

from .conftest import CUSTOMERS, JANE, Connect, Server, confirmed, file, put, refused, served

MANUAL = {"workspace": ["0000004711"], "document_type": "Manuals", "number": "M-1"}


async def bytes_of(ecm: OpenText, ref: str, version: str) -> bytes:
    rendition = Rendition(name="original", filename="x", address=version, version=version)
    async with ecm.open(ref, rendition) as stream:
        return b"".join([chunk async for chunk in stream.chunks])


async def test_a_document_goes_into_the_folder_of_its_type(server: Server, connect: Connect) -> None:
    workspace = await server.workspace("0000004711")
    async with connect() as ecm:
        writes = [Write(key=f"dam:{n}", fields=MANUAL, file=file(name=f"manual {n}.pdf")) for n in range(4)]
        made = await put(ecm, "asset", *writes)
        folder = await ecm.folder_for(workspace, "Manuals")
        assert [one.name for one in await ecm.children(folder)] == [f"manual {n}.pdf" for n in range(4)]
        assert [one.name for one in await ecm.path(int(made[0].ref))][-3:] == [
            "Customer 0000004711", "Manuals", "manual 0.pdf",
        ]  # fmt: skip
        (item,) = await ecm.fetch("asset", [made[0].ref])
        assert [(one.type, one.id) for one in item.relations] == [("within", str(workspace))]
        assert item.identifiers == {"sku": ("0000004711",)}
    assert (await server.names(workspace)).count("Manuals") == 1


async def test_many_documents_of_one_place_ask_for_it_once(server: Server, connect: Connect) -> None:
    await server.workspace("0000004711")
    async with connect() as ecm:
        await put(ecm, "asset", *(Write(key=f"dam:{n}", fields=MANUAL, file=file(name=f"{n}.pdf")) for n in range(12)))
    assert len(await server.calls("GET", "/doctypes")) == 1
    assert len(await server.calls("GET", "/boids/")) == 1
    assert len(await server.calls("POST", "/v2/nodes")) == 12 + 1


async def test_a_document_type_of_the_workspace_says_where(server: Server, connect: Connect) -> None:
    workspace = await server.workspace("0000004711")
    fields = {**MANUAL, "document_type": "Contracts"}
    async with connect() as ecm:
        (made,) = await put(ecm, "asset", Write(key="dam:1", fields=fields, file=file()))
        assert [one.name for one in await ecm.path(int(made.ref))][-2:] == ["Contracts", "sheet.pdf"]
    assert await server.names(workspace) == ["Contracts", "Correspondence"]


async def test_a_folder_can_be_named_by_path(server: Server, connect: Connect) -> None:
    await server.workspace("0000004711")
    async with connect(quirks={"folders": {"Manuals": "Service/Manuals"}}) as ecm:
        (first,) = await put(ecm, "asset", Write(key="dam:1", fields=MANUAL, file=file()))
        (second,) = await put(ecm, "asset", Write(key="dam:2", fields={"folder": "Drafts/2026"}, file=file()))
        assert [one.name for one in await ecm.path(int(first.ref))][-3:-1] == ["Service", "Manuals"]
        assert [one.name for one in await ecm.path(int(second.ref))][-4:-1] == ["Customers", "Drafts", "2026"]


async def test_no_folder_is_made_where_that_is_not_wanted(server: Server, connect: Connect) -> None:
    await server.workspace("0000004711")
    async with connect(quirks={"make_folders": False}) as ecm:
        error = refused(await ecm.upsert("asset", [Write(key="dam:1", fields=MANUAL, file=file())]))
        assert (type(error), error.code) == (NotFound, "folder.absent")


async def test_a_document_waits_for_its_workspace(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        error = refused(await ecm.upsert("asset", [Write(key="dam:1", fields=MANUAL, file=file())]))
        assert (type(error), error.code) == (NotFound, "workspace.absent")
        await server.workspace("0000004711")
        await put(ecm, "asset", Write(key="dam:1", fields=MANUAL, file=file()))


async def test_without_a_folder_a_document_must_name_its_workspace(connect: Connect) -> None:
    async with connect(folder=None) as ecm:
        with pytest.raises(NeedsOperator, match="set `folder`"):
            await ecm.upsert("asset", [Write(key="dam:1", file=file())])


async def test_a_newer_file_is_a_new_version_at_the_same_place(server: Server, connect: Connect) -> None:
    workspace = await server.workspace("0000004711")
    async with connect() as ecm:
        (made,) = await put(ecm, "asset", Write(key="dam:1", fields=MANUAL, file=file(b"first")))
        await server.call("PUT", f"/v2/nodes/{made.ref}", {"name": "Renamed by hand.pdf"})
        (again,) = await put(ecm, "asset", Write(key="dam:1", ref=made.ref, fields=MANUAL, file=file(b"second!")))
        assert again.ref == made.ref
        assert [(one.number, one.size) for one in await ecm.versions(int(made.ref))] == [(1, 5), (2, 7)]
        assert await bytes_of(ecm, made.ref, "1") == b"first"
        assert await ecm.file_digest("asset", made.ref) == hashlib.sha256(b"second!").hexdigest()
        folder = await ecm.folder_for(workspace, "Manuals")
        assert [one.name for one in await ecm.children(folder)] == ["Renamed by hand.pdf"]
        await ecm.purge_versions(int(made.ref), 1)
        assert [one.number for one in await ecm.versions(int(made.ref))] == [2]


async def test_two_documents_of_one_name_are_told_apart(server: Server, connect: Connect) -> None:
    theirs = await server.upload(CUSTOMERS, "sheet.pdf")
    async with connect() as ecm:
        for _ in range(2):
            await put(ecm, "asset", Write(key="dam:1", fields={"name": "sheet.pdf"}, file=file()))
        held = (await ecm.held("asset", ["dam:1"]))["dam:1"]
    assert held.fields["name"] == "sheet.pdf"
    assert await server.names(CUSTOMERS) == [f"sheet ({digest('dam:1')[:6]}).pdf", "sheet.pdf"]
    assert (await server.node(theirs))["size"] == len(b"a file of theirs")


async def test_an_upload_that_was_never_finished_is_finished_later(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        await put(ecm, "asset", Write(key="dam:0", file=file(name="calm.pdf")))
        await server.fault({"kind": "reset", "match": "PUT */nicknames"})
        refused(await ecm.upsert("asset", [Write(key="dam:1", file=file(b"first"))]))
        await server.fault()
        assert await ecm.held("asset", ["dam:1"]) == {}
        assert [name.endswith(".part") for name in await server.names(CUSTOMERS)] == [False, True]
        await put(ecm, "asset", Write(key="dam:1", fields={"number": "M-2"}, file=file(b"second!")))
        held = (await ecm.held("asset", ["dam:1"]))["dam:1"]
        assert held.fields["number"] == "M-2"
        assert await ecm.file_digest("asset", held.ref) == hashlib.sha256(b"second!").hexdigest()
    assert await server.names(CUSTOMERS) == ["calm.pdf", "sheet.pdf"]


async def test_a_file_of_unknown_length_arrives_whole(connect: Connect) -> None:
    async with connect() as ecm:
        (made,) = await put(ecm, "asset", Write(key="dam:1", file=file(b"x" * 70_000, length=False)))
        assert await ecm.file_digest("asset", made.ref) == hashlib.sha256(b"x" * 70_000).hexdigest()


async def test_a_text_longer_than_its_attribute_is_cut(connect: Connect) -> None:
    fields = {"number": "M-123456789-123"}
    async with connect() as ecm:
        await put(ecm, "asset", Write(key="dam:1", fields=fields, file=file()))
        held = (await ecm.held("asset", ["dam:1"]))["dam:1"]
        assert held.fields["number"] == ecm.as_held("asset", fields)["number"] == "M-1234567…"


async def test_a_document_that_lost_our_nickname_is_not_ours(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        (made,) = await put(ecm, "asset", Write(key="dam:1", file=file()))
        await server.call("PUT", f"/v2/nodes/{made.ref}/nicknames", nickname="theirs")
        error = refused(await ecm.upsert("asset", [Write(key="dam:1", ref=made.ref, file=file())]))
        assert type(error) is NotFound


async def test_a_write_that_cannot_be_stops_no_other(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        good = Write(key="dam:1", file=file())
        bad = Write(key="dam:2", fields=MANUAL, file=file())
        first, second, third = await ecm.upsert("asset", [good, bad, good])
        assert (first, third) != (second, second)
        assert isinstance(second, NotFound)
    assert await server.names(CUSTOMERS) == ["sheet.pdf"]


async def test_a_linked_document_lies_in_its_workspace(server: Server, connect: Connect) -> None:
    first, second = await server.workspace("1"), await server.workspace("2")
    async with connect() as ecm:
        (made,) = await put(ecm, "asset", Write(key="dam:1", file=file()))
        confirmed(await ecm.link([Link(kind="workspace", id=str(first), field="Images", ref=made.ref)]))
        assert await ecm.workspace_around(int(made.ref)) == str(first)
        assert (await ecm.held("asset", ["dam:1"]))["dam:1"].links == (str(first),)
        elsewhere = refused(await ecm.link([Link(kind="workspace", id=str(second), field="Images", ref=made.ref)]))
        assert (type(elsewhere), elsewhere.code) == (Rejected, "link.elsewhere")
        off = Link(kind="workspace", id=str(first), field="Images", ref=made.ref, present=False)
        for _ in range(2):
            confirmed(await ecm.link([off]))
        assert await ecm.workspace_around(int(made.ref)) is None
    assert "sheet.pdf" in await server.names(CUSTOMERS)


async def test_a_hidden_document_is_seen_by_nobody_else(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        (made,) = await put(ecm, "asset", Write(key="dam:1", file=file()))
        theirs = f"/v2/nodes/{CUSTOMERS}/nodes?limit=100"
        assert len((await server.call("GET", theirs, user="jdoe"))["results"]) == 1
        confirmed(await ecm.withdraw("asset", [made.ref], "hide"))
        assert (await server.call("GET", theirs, user="jdoe"))["results"] == []
        confirmed(await ecm.show("asset", [made.ref]))
        assert len((await server.call("GET", theirs, user="jdoe"))["results"]) == 1


async def test_a_hidden_document_is_not_seen_by_the_team_either(server: Server, connect: Connect) -> None:
    workspace = await server.workspace("0000004711")
    async with connect() as ecm:
        await ecm.add_to_team(workspace, "Staff", JANE)
        (made,) = await put(ecm, "asset", Write(key="dam:1", fields=MANUAL, file=file()))
        confirmed(await ecm.withdraw("asset", [made.ref], "hide"))
        assert (await ecm.held("asset", ["dam:1"]))["dam:1"].hidden
        assert await ecm.effective_rights(int(made.ref), JANE) == ()
        confirmed(await ecm.show("asset", [made.ref]))
        assert not (await ecm.held("asset", ["dam:1"]))["dam:1"].hidden
        assert "see" in await ecm.effective_rights(int(made.ref), JANE)


async def test_where_the_rights_of_the_team_are_not_told_nothing_is_called_hidden(
    payload: Callable[[str], Any], connect: Connect
) -> None:
    async def permissions(_: web.Request) -> web.Response:
        properties = {"id": 5101, "parent_id": 5001, "owner_user_id": 1000}
        grants = [{"type": "owner", "right_id": 1000, "permissions": ["see"]}]
        return web.json_response({"results": {"data": {"properties": properties, "permissions": grants}}})

    async def around(_: web.Request) -> web.Response:
        return web.json_response({"id": 5001, "type": 848})

    async def roles(_: web.Request) -> web.Response:
        return web.json_response(payload("error__no_route"), status=400)

    async def me(_: web.Request) -> web.Response:
        return web.json_response({"data": {"id": 1000}})

    app = web.Application()
    app.router.add_get("/cs/cs/api/v1/auth", me)
    app.router.add_get("/cs/cs/api/v1/nodes/5101/businessworkspace", around)
    app.router.add_get("/cs/cs/api/v2/nodes/5101/permissions/dynamic", roles)
    app.router.add_get("/cs/cs/api/v2/nodes/5101", permissions)
    async with served(app) as url, connect(site=f"{url}/cs/cs", sign_in="ticket", password="T1") as ecm:
        error = refused(await ecm.withdraw("asset", ["5101"], "hide"))
        assert (type(error), error.code) == (Rejected, "hide.roles")
        assert not await ecm.states.hidden({"id": 5101, "parent_id": 5001})


async def test_what_belongs_to_others_is_not_hidden(server: Server, connect: Connect) -> None:
    theirs = await server.upload(CUSTOMERS, "theirs.pdf")
    async with connect() as ecm:
        error = refused(await ecm.withdraw("asset", [str(theirs)], "hide"))
        assert (type(error), error.code) == (Rejected, "owner")


async def test_a_removed_document_lies_in_the_recycle_bin(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        (made,) = await put(ecm, "asset", Write(key="dam:1", file=file()))
        confirmed(await ecm.withdraw("asset", [made.ref], "remove"))
        assert await ecm.held("asset", ["dam:1"]) == {}
        await ecm.restore(int(made.ref))
        assert (await server.node(made.ref))["name"] == "sheet.pdf"
        await ecm.delete(int(made.ref))
        await ecm.delete(int(made.ref))
        await ecm.purge(int(made.ref))
        with pytest.raises(Rejected):
            await ecm.restore(int(made.ref))


async def test_what_was_removed_is_delivered_anew(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        (made,) = await put(ecm, "asset", Write(key="dam:1", file=file()))
        confirmed(await ecm.withdraw("asset", [made.ref], "remove"))
        (again,) = await put(ecm, "asset", Write(key="dam:1", file=file()))
        assert again.created
        assert again.ref != made.ref
    assert await server.names(CUSTOMERS) == ["sheet.pdf"]


async def test_two_who_deliver_one_key_at_once_make_one_document(server: Server, connect: Connect) -> None:
    async with connect() as one, connect() as other:
        write = Write(key="dam:1", file=file())
        answers = await asyncio.gather(one.upsert("asset", [write]), other.upsert("asset", [write]))
        assert len({answer.ref for (answer,) in map(confirmed, answers)}) == 1
    assert await server.names(CUSTOMERS) == ["sheet.pdf"]


async def test_workspaces_are_never_removed(server: Server, connect: Connect) -> None:
    workspace = await server.workspace("1")
    async with connect() as ecm:
        with pytest.raises(Rejected, match="cannot remove a workspace"):
            await ecm.withdraw("workspace", [str(workspace)], "remove")


async def test_nodes_are_renamed_moved_copied_and_reserved(server: Server, connect: Connect) -> None:
    target = await server.folder(CUSTOMERS, "Archive")
    theirs = await server.upload(CUSTOMERS, "theirs.pdf", user="admin")
    async with connect() as ecm:
        await ecm.rename(theirs, "ours.pdf")
        await ecm.move(theirs, target)
        first, again = await ecm.copy(theirs, CUSTOMERS, "copy.pdf"), await ecm.copy(theirs, CUSTOMERS, "copy.pdf")
        assert first == again
        await ecm.reserve(theirs)
        assert (await server.node(theirs))["reserved_user_id"] == 1000
        await ecm.release(theirs)
        assert (await server.node(theirs))["reserved"] is False
        with pytest.raises(Rejected, match="already exists"):
            await ecm.rename(first, "Archive")
    assert await server.names(target) == ["ours.pdf"]


async def test_nodes_are_looked_up_in_bulk_and_by_name(server: Server, connect: Connect) -> None:
    ids = [await server.upload(CUSTOMERS, f"{n}.pdf") for n in range(3)]
    async with connect() as ecm:
        assert sorted(one.id for one in await ecm.nodes([*ids, 999999])) == ids
        assert await ecm.taken_names(CUSTOMERS, ["1.pdf", "7.pdf"]) == ["1.pdf"]
        assert (await ecm.volume(141)).name == "Enterprise"
        assert await ecm.find("asset", "unique_name", ["nobody"]) == {}
        assert await ecm.find("asset", "nickname", ["nobody"]) == {}


async def test_what_is_put_into_a_folder_gets_its_category(server: Server, connect: Connect) -> None:
    folder = await server.folder(CUSTOMERS, "With category")
    async with connect() as ecm:
        await ecm.set_category(folder, 4711, {"4711_2": "C-9"})
        await ecm.inherit_category(folder, 4711, True)
        inside = await server.upload(folder, "in.pdf")
        assert (await ecm.categories(inside))["Customer: Customer Number"] == "C-9"
        await ecm.inherit_category(folder, 4711, False)
        assert await ecm.categories(await server.upload(folder, "later.pdf")) == {}
