"""What the roles of a workspace may do with one item in it: as the role says, until it is set otherwise there.

The documents give the calls, not their answers: the form is that of the other permission calls.
"""

from typing import Any

from starlette.responses import Response

from .call import Call
from .errors import bad, failed
from .records import Grant, Node
from .rights import BITS, DYNAMIC, SYNONYMS, Rights, of_role


def _node(call: Call, *, change: bool = False) -> Node:
    rights = Rights(call.tenant, call.user)
    node = rights.visible(call.id(), 500)
    if change:
        rights.demand(node, "edit_permissions")
    return node


async def listed(call: Call) -> Response:
    node = _node(call)
    workspace = call.tenant.workspace_of(node)
    roles = call.tenant.roles(workspace.id) if workspace else []
    return call.results([_row(role.id, of_role(node, role)) for role in roles])


def _row(role: int, permissions: list[str]) -> dict[str, Any]:
    return {"data": {"permissions": {"permissions": permissions, "right_id": role, "type": DYNAMIC}}}


async def add(call: Call) -> Response:
    return _set(call, call.needed_number("right_id"), call.many("permissions"))


async def change(call: Call) -> Response:
    return _set(call, call.id("role"), call.many("permissions"))


async def remove(call: Call) -> Response:
    return _set(call, call.id("role"), [])


def _set(call: Call, role: int, given: list[Any]) -> Response:
    node = _node(call, change=True)
    workspace = call.tenant.workspace_of(node)
    if workspace is None or role not in {one.id for one in call.tenant.roles(workspace.id)}:
        raise failed("The role does not exist.")
    wanted = [SYNONYMS.get(str(one), str(one)) for one in given]
    if strange := [one for one in wanted if one not in BITS]:
        raise bad(f"Invalid permission '{strange[0]}'")
    others = [one for one in node.grants if (one.type, one.right_id) != (DYNAMIC, role)]
    node.grants = [*others, Grant(type=DYNAMIC, right_id=role, permissions=[one for one in BITS if one in wanted])]
    call.tenant.save(node, call.user)
    return call.done()
