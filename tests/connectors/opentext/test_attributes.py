"""Workspaces found by the value of an attribute, and categories that two people change at once."""

import pytest

from lockgate.connectors.opentext.connector import OpenText
from lockgate.kit.errors import Conflict, NotFound, Rejected
from lockgate.kit.profile import Profile

from .conftest import CUSTOMERS, Connect, Server, matches

BY_NUMBER = Profile(matches={"workspace": matches({"name": "name", "ids.customer": "4711_2", "ids.region": "4711_3"})})


async def numbered(server: Server, object: str, number: str) -> int:
    id = await server.workspace(object)
    await server.call("PUT", f"/v2/nodes/{id}/categories/4711", {"4711_2": number})
    return id


async def test_a_workspace_is_found_by_an_attribute_that_lists_have_a_column_for(
    server: Server, connect: Connect
) -> None:
    wanted = await numbered(server, "1", "C-7")
    await numbered(server, "2", "C-77")
    async with connect(by=BY_NUMBER) as ecm:
        assert await ecm.find("workspace", "customer", ["C-7", "C-8", "it's"]) == {"C-7": [str(wanted)]}
        assert await ecm.find("workspace", "region", ["EU"]) == {}, "several values have no column"
        assert await ecm.find("asset", "customer", ["C-7"]) == {}
    (asked,) = {one["query"] for one in await server.calls("GET", "/businessworkspaces") if "C-7'" in one["query"]}
    assert "where_workspace_type_id=16" in asked


async def test_columns_of_a_type_are_told_and_conditions_may_be_asked_as_they_are(
    server: Server, ecm: OpenText
) -> None:
    wanted = await numbered(server, "1", "C-7")
    columns = await ecm.workspace_columns("Customer")
    (column,) = [key for key, label in columns.items() if label == "Customer Number"]
    found = await ecm.workspaces_where(f"name LIKE 'Customer*' AND ({column} = 'C-7')", "Customer")
    assert [one.id for one in found] == [wanted]
    with pytest.raises(Rejected, match="could not be parsed"):
        await ecm.workspaces_where("name LIKE", "Customer")


async def test_what_a_list_finds_is_compared_since_servers_pass_over_conditions(
    server: Server, connect: Connect
) -> None:
    wanted = await numbered(server, "1", "C-7")
    await numbered(server, "2", "C-8")
    await server.switch(pass_over_conditions=True)
    async with connect(by=BY_NUMBER) as ecm:
        assert await ecm.find("workspace", "customer", ["C-7"]) == {"C-7": [str(wanted)]}


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_category_somebody_changed_meanwhile_is_not_overwritten(server: Server, ecm: OpenText) -> None:
    workspace = await numbered(server, "1", "C-7")
    before = await ecm.category(workspace, 4711)
    assert before.values["Customer: Customer Number"] == before.keys["4711_2"] == "C-7"
    await ecm.set_category(workspace, 4711, {"4711_2": "C-8"}, before.token)
    with pytest.raises(Conflict):
        await ecm.set_category(workspace, 4711, {"4711_2": "C-9"}, before.token)
    assert (await server.values(workspace))["4711_2"] == "C-8"
    with pytest.raises(NotFound):
        await ecm.category(workspace, 4712)


async def test_categories_are_put_on_everything_below_and_taken_off_again(server: Server, ecm: OpenText) -> None:
    workspace = await numbered(server, "1", "C-7")
    theirs = await server.upload(workspace, "a.pdf", user="admin")
    done = await ecm.apply_categories(workspace, [4711])
    assert (done.changed, done.unchanged) == (3, 0)
    assert (await server.values(theirs))["4711_2"] == "C-7"
    assert (await ecm.apply_categories(workspace, [4711])).changed == 0
    await ecm.upgrade_categories(theirs)
    assert (await ecm.take_categories(workspace, [4711])).changed == 3
    assert await server.values(theirs) == {}
    await ecm.upgrade_categories(theirs)
    assert (await server.values(workspace))["4711_2"] == "C-7"


# ── what leads to workspaces ─────────────────────────────────────────────────────────────────────────────────────


async def test_types_are_told_for_the_place_a_workspace_would_be_made_in(server: Server, ecm: OpenText) -> None:
    (kind,) = await ecm.types_at(CUSTOMERS)
    assert (kind.name, [one.name for one in kind.templates]) == ("Customer", ["Customer Template"])
    assert await ecm.types_at(await server.folder(CUSTOMERS, "Elsewhere")) == []


async def test_the_leading_application_is_asked_for_what_has_no_workspace_yet(ecm: OpenText) -> None:
    kind = await ecm.business_object_type("TE1", "KNA1")
    assert (kind.name, kind.workspace_type, kind.filled) == ("Customer", 16, {"4711_2": "Customer Number"})
    found = await ecm.business_objects("TE1", "KNA1", {"NAME1": "Lark*"})
    assert ([row["KUNNR"] for row in found.rows], found.more) == (["0000010020", "0000010022"], False)
    assert (await ecm.business_objects("TE1", "KNA1", limit=2)).more
    with pytest.raises(Rejected):
        await ecm.business_object_type("TE1", "VBAK")
