"""The team of a workspace: roles, what they may do, who is in them."""

from typing import Any

from starlette.responses import Response

from .call import Call
from .creating import new_role
from .errors import bad, failed, missing, not_accessible
from .records import Member, Node
from .rights import BITS, SYNONYMS, Rights, mask
from .views import member_view
from .workspaces import visible


def _role(call: Call, workspace: Node) -> Member:
    id = call.id("role")
    found = next((one for one in call.tenant.roles(workspace.id) if one.id == id), None)
    if found is None:
        raise not_accessible(404)
    return found


def _shown(call: Call, role: Member, *, members: bool = False) -> dict[str, Any]:
    properties = {
        "description": role.description,
        "id": role.id,
        "inherited_from_id": None,
        "leader": role.leader,
        "name": role.name,
        "perms": role.perms,
    }
    data: dict[str, Any] = {"properties": properties}
    if members:
        found = (call.tenant.member(id) for id in role.members)
        data["members"] = [member_view(call.tenant, one) for one in found if one is not None]
    return {"actions": {"data": {}, "map": {}, "order": []}, "data": data}


async def roles(call: Call) -> Response:
    node, members = visible(call), "members" in call.wishes()
    return call.results([_shown(call, one, members=members) for one in call.tenant.roles(node.id)])


async def role(call: Call) -> Response:
    return call.results(_shown(call, _role(call, visible(call)), members="members" in call.wishes()))


async def make(call: Call) -> Response:
    node, name = visible(call), call.needed("name")
    Rights(call.tenant, call.user).demand(node, "edit_permissions")
    if any(one.name.casefold() == name.casefold() for one in call.tenant.roles(node.id)):
        raise failed(f"A role with the name '{name}' already exists.")
    made = new_role(call.tenant, node.id, name, leader=call.flag("leader"), perms=_perms(call) or 0)
    made.description = call.text("description")
    made.members = [one for one in call.numbers("members") if call.tenant.member(one)]
    call.tenant.put_member(made)
    return call.results(_shown(call, made))


async def change(call: Call) -> Response:
    """Name, description, leadership, rights (`permissions` as words, `perms` as the number of their bits)."""
    node = visible(call)
    Rights(call.tenant, call.user).demand(node, "edit_permissions")
    changed = _role(call, node)
    changed.name = call.text("name") or changed.name
    changed.description = call.text("description", changed.description)
    perms = _perms(call)
    changed.perms = changed.perms if perms is None else perms
    if call.get("leader") is not None:
        _lead(call, node, changed)
    call.tenant.put_member(changed)
    return call.results(_shown(call, changed))


def _lead(call: Call, node: Node, changed: Member) -> None:
    """One role leads; another one that is told to takes its place."""
    changed.leader = call.flag("leader")
    for other in call.tenant.roles(node.id):
        if changed.leader and other.leader and other.id != changed.id:
            other.leader = False
            call.tenant.put_member(other)


async def remove(call: Call) -> Response:
    node = visible(call)
    Rights(call.tenant, call.user).demand(node, "edit_permissions")
    gone = _role(call, node)
    if gone.leader:
        raise failed("The leader role cannot be deleted.")
    call.tenant.drop_member(gone.id)
    return call.done()


def _perms(call: Call) -> int | None:
    if call.get("permissions") is None:
        return call.number("perms")
    wanted = [SYNONYMS.get(one, one) for one in call.many("permissions")]
    if strange := [one for one in wanted if one not in BITS]:
        raise bad(f"Invalid permission '{strange[0]}'")
    return mask(wanted)


async def members(call: Call) -> Response:
    """Who is in a role; a hundred at most."""
    found = (call.tenant.member(id) for id in _role(call, visible(call)).members)
    rows = [{"data": {"properties": member_view(call.tenant, one)}} for one in found if one is not None]
    return call.results(rows[:100])


async def add_member(call: Call) -> Response:
    node = visible(call)
    Rights(call.tenant, call.user).demand(node, "edit_permissions")
    if call.get("id") is None:
        raise missing("id")
    changed, fresh = _role(call, node), call.tenant.member(call.needed_number("id"))
    if fresh is None or fresh.type not in {0, 1}:
        raise not_accessible(404)
    if fresh.id in changed.members:
        raise failed(f"The member '{fresh.name}' already exists in this role.")
    changed.members.append(fresh.id)
    call.tenant.put_member(changed)
    return call.results({"data": {"properties": member_view(call.tenant, fresh)}})


async def remove_member(call: Call) -> Response:
    node, id = visible(call), call.id("member")
    Rights(call.tenant, call.user).demand(node, "edit_permissions")
    changed = _role(call, node)
    if id not in changed.members:
        raise not_accessible(404)
    changed.members.remove(id)
    call.tenant.put_member(changed)
    return call.done()


async def team(call: Call) -> Response:
    """Roles with who is in them."""
    node = visible(call)
    return call.results([_shown(call, one, members=True) for one in call.tenant.roles(node.id)])
