"""Who works in a workspace, and who may do what."""

import pytest

from lockgate.connectors.opentext.connector import OpenText
from lockgate.kit.errors import NotFound, Rejected

from .conftest import CUSTOMERS, JANE, RICHARD, SALES, Server


async def members(ecm: OpenText, workspace: int, role: str) -> list[str]:
    (found,) = [one for one in await ecm.team(workspace) if one.name == role]
    return sorted(one.name for one in found.members)


async def test_users_and_groups_join_and_leave_a_team(server: Server, ecm: OpenText) -> None:
    workspace = await server.workspace("1")
    jane, sales = await ecm.find_member("JDoe"), await ecm.find_member("Sales", group=True)
    assert (jane.id, sales.id, sales.group) == (JANE, SALES, True)
    assert (await ecm.member(JANE)).name == "jdoe"
    assert [one.name for one in await ecm.members_of(sales.id)] == ["jdoe"]
    for _ in range(2):
        await ecm.add_to_team(workspace, "staff", jane.id)
        await ecm.add_to_team(workspace, "Staff", sales.id)
    assert await members(ecm, workspace, "Staff") == ["Sales", "jdoe"]
    assert await members(ecm, workspace, "Manager") == ["Admin"]  # who made the workspace
    for _ in range(2):
        await ecm.take_from_team(workspace, "Staff", jane.id)
    assert await members(ecm, workspace, "Staff") == ["Sales"]


async def test_somebody_nobody_knows_is_told(server: Server, ecm: OpenText) -> None:
    workspace = await server.workspace("1")
    with pytest.raises(NotFound, match="no user named nobody"):
        await ecm.find_member("nobody")
    with pytest.raises(NotFound, match="there are: Manager, Staff"):
        await ecm.add_to_team(workspace, "Owners", JANE)


async def test_a_part_of_a_name_is_not_the_name(ecm: OpenText) -> None:
    with pytest.raises(NotFound):
        await ecm.find_member("jdo")


async def test_roles_are_made_once_changed_and_removed(server: Server, ecm: OpenText) -> None:
    workspace = await server.workspace("1")
    first = await ecm.add_role(workspace, "Agency", ["see", "see_contents"])
    again = await ecm.add_role(workspace, "agency", ["see"])
    assert first.id == again.id
    await ecm.add_to_team(workspace, "Agency", RICHARD)
    await ecm.set_role_rights(workspace, "Agency", ["see", "see_contents", "add_items", "modify"])
    assert "add_items" in await ecm.effective_rights(workspace, RICHARD)
    for _ in range(2):
        await ecm.remove_role(workspace, "Agency")
    assert "Agency" not in [one.name for one in await ecm.team(workspace)]


async def test_only_who_is_named_sees_what_is_closed(server: Server, ecm: OpenText) -> None:
    folder = await server.folder(CUSTOMERS, "For one customer")
    await ecm.grant(folder, JANE, ["see_contents", "see"])
    await ecm.set_public_rights(folder, [])
    assert await ecm.effective_rights(folder, JANE) != ()
    grants = {(one.who, one.member): one.rights for one in await ecm.permissions(folder)}
    assert grants["custom", JANE] == ("see", "see_contents")
    assert grants["public", None] == ()
    for _ in range(2):
        await ecm.revoke(folder, JANE)
    assert not any(one.member == JANE and one.who == "custom" for one in await ecm.permissions(folder))


async def test_a_right_nobody_knows_is_refused_before_anything_is_sent(server: Server, ecm: OpenText) -> None:
    folder = await server.folder(CUSTOMERS, "Closed")
    with pytest.raises(Rejected, match="no right write"):
        await ecm.grant(folder, JANE, ["see", "write"])
    assert await server.calls("POST", "/permissions/") == []


async def test_rights_reach_below(server: Server, ecm: OpenText) -> None:
    folder = await server.folder(CUSTOMERS, "Shared")
    inner = await server.folder(folder, "Inner")
    await ecm.grant(folder, RICHARD, ["see", "see_contents", "delete"], "both")
    assert "delete" in await ecm.effective_rights(inner, RICHARD)
