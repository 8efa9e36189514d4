"""Access lists of nodes: owner, group, public and single members; what somebody may do in effect."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from starlette.responses import Response

from .call import Call, whole
from .errors import bad, failed, missing, wrong_type
from .records import DOCUMENT, Grant, Node
from .rights import BITS, SYNONYMS, Rights, effective
from .showing import granted, permissions
from .tenant import Tenant
from .views import short_member

PERMISSION_CHANGED = 9
ASSIGNEES = ("owner", "group", "public")


def _node(call: Call, *, change: bool = False) -> Node:
    """The node of the path. Permission calls answer 500 for one that is not there."""
    rights = Rights(call.tenant, call.user)
    node = rights.visible(call.id(), 500)
    if change:
        rights.demand(node, "edit_permissions")
    return node


async def listed(call: Call) -> Response:
    shown = permissions(call.tenant, _node(call).grants, call.wishes("expand"))
    page = call.page()
    rows = [{"data": {"permissions": one}} for one in page.cut(shown)]
    return call.results(rows, collection=call.collection(page, len(shown), "asc_type"))


async def read(call: Call) -> Response:
    """The entry of owner, group or public, or of one member."""
    node = _node(call)
    return call.results({"data": {"permissions": granted(_entry(node, *_assignee(call)))}})


async def in_effect(call: Call) -> Response:
    """With groups and roles counted in."""
    node, member = _node(call), call.tenant.member(call.id("member"))
    if member is None:
        raise failed("The member does not exist.")
    shown = {"permissions": effective(call.tenant, node, member), "right_id": member.id, "type": "custom"}
    return call.results({"data": {"permissions": shown}})


async def put(call: Call) -> Response:
    """Change the entry of owner, group, public or one member, here, below, or both."""
    node, (kind, member) = _node(call, change=True), _assignee(call)
    if kind == "custom":
        _entry(node, kind, member)
    _everywhere(call, node, _setting(kind, call.number("right_id") or member, _wanted(call.many("permissions"))))
    return call.done()


async def add(call: Call) -> Response:
    """An entry for one more member."""
    node, member = _node(call, change=True), call.needed_number("right_id")
    _known(call, member)
    wanted = _wanted(call.many("permissions"))
    _everywhere(call, node, _setting("custom", member, wanted))
    return call.results({"data": {"permissions": {"permissions": wanted, "right_id": member, "type": "custom"}}})


async def remove(call: Call) -> Response:
    node, (kind, member) = _node(call, change=True), _assignee(call)
    _entry(node, kind, member)

    def without(one: Node) -> None:
        one.grants = [grant for grant in one.grants if not _is(grant, kind, member)]

    _everywhere(call, node, without)
    return call.done()


async def bulk(call: Call) -> Response:
    """Several members at once; entries of members that are not named stay as they are."""
    node, entries = _node(call, change=True), _entries(call)
    for member, wanted in entries:
        _known(call, member)
        _everywhere(call, node, _setting("custom", member, wanted))
    after = call.tenant.node(node.id)
    rows = [{"data": {"permissions": granted(_entry(after, "custom", member))}} for member, _ in entries]
    return call.results(rows)


def _entries(call: Call) -> list[tuple[int, list[str]]]:
    given = call.get("permissions_array")
    if given is None:
        raise missing("permissions_array")
    try:
        read = msgspec.json.decode(given) if isinstance(given, str) else given
    except msgspec.DecodeError:
        raise wrong_type("permissions_array") from None
    if not isinstance(read, list) or not all(isinstance(one, dict) for one in read):
        raise wrong_type("permissions_array")
    return [(whole(one.get("right_id"), "right_id"), _wanted(one.get("permissions") or [])) for one in read]


def _known(call: Call, member: int) -> None:
    if short_member(call.tenant, member) is None:
        raise failed("The member does not exist.")


def _wanted(given: list[Any]) -> list[str]:
    wanted = [SYNONYMS.get(str(one), str(one)) for one in given]
    if strange := [one for one in wanted if one not in BITS]:
        raise bad(f"Invalid permission '{strange[0]}'")
    return [right for right in BITS if right in wanted]


def _assignee(call: Call) -> tuple[str, int | None]:
    if "member" in call.request.path_params:
        return "custom", call.id("member")
    return call.path.rpartition("/")[2], None


def _is(grant: Grant, kind: str, member: int | None) -> bool:
    return grant.type == kind and (kind != "custom" or grant.right_id == member)


def _entry(node: Node, kind: str, member: int | None) -> Grant:
    found = next((one for one in node.grants if _is(one, kind, member)), None)
    if found is None:
        raise failed("The permission entry does not exist.")
    return found


def _setting(kind: str, member: int | None, wanted: list[str]) -> Callable[[Node], None]:
    def set_it(node: Node) -> None:
        there = next((one for one in node.grants if _is(one, kind, member)), None)
        if there is None:
            node.grants.append(Grant(type=kind, right_id=member, permissions=wanted))
            return
        there.permissions = wanted
        if kind in {"owner", "group"} and member is not None:
            there.right_id = member
            node.owner = member if kind == "owner" else node.owner

    return set_it


def _everywhere(call: Call, node: Node, change: Callable[[Node], None]) -> None:
    """`apply_to`: 0 this item, 1 what is below, 2 both, 3 this one and its children."""
    to = call.number("apply_to") or 0
    if to not in {0, 1, 2, 3} or (to and node.type == DOCUMENT):
        raise bad("Invalid value for the parameter 'apply_to'")
    with call.tenant.store.transaction():
        for one in list(_meant(call.tenant, node, to)):
            change(one)
            call.tenant.put(one)
            call.tenant.note(one.id, PERMISSION_CHANGED, call.user)


def _meant(tenant: Tenant, node: Node, to: int) -> Iterator[Node]:
    if to != 1:
        yield tenant.node(node.id)
    if to in {1, 2}:
        yield from tenant.below(node.id)
    elif to == 3:
        yield from tenant.children(node.id)
