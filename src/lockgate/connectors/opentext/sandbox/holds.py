"""Holds: what is on one cannot be deleted."""

from typing import Any

import msgspec
from starlette.responses import Response

from .call import Call
from .errors import Refusal, bad
from .recordkeeping import kept, node_of
from .tenant import Tenant
from .times import bare


class Hold(msgspec.Struct, kw_only=True):
    id: int
    name: str
    type: str = "LEGAL"
    alternate: str = ""
    comment: str = ""
    active: bool = True
    parent: int | None = None

    def shown(self) -> dict[str, Any]:
        return {
            "ActiveHold": int(self.active),
            "AlternateHoldID": self.alternate,
            "HoldComment": self.comment,
            "HoldID": self.id,
            "HoldName": self.name,
            "HoldType": self.type,
            "ParentID": self.parent,
        }


def _holds(tenant: Tenant) -> list[Hold]:
    return [msgspec.convert(doc, Hold) for doc in tenant.store.all("hold")]


async def holds_of(call: Call) -> Response:
    node = node_of(call)
    rows = [
        {
            "active": one.active,
            "applied_by": "Admin",
            "date_applied": bare(node.modified),
            "hold_id": one.id,
            "hold_name": one.name,
            "hold_type": one.type,
            "removable": True,
        }
        for one in _holds(call.tenant)
        if one.id in node.holds
    ]
    return call.answer({"data": rows, "definitions": {}})


async def hold(call: Call) -> Response:
    """Nothing that is on hold can be deleted."""
    node, id = node_of(call, change=True), call.needed_number("hold_id")
    if call.tenant.store.get("hold", id) is None:
        raise bad("The hold does not exist.")
    node.holds = list(dict.fromkeys([*node.holds, id]))
    return kept(call, node)


async def release(call: Call) -> Response:
    node, id = node_of(call, change=True), call.id("hold")
    if id not in node.holds:
        raise bad("The item is not on this hold.")
    node.holds.remove(id)
    return kept(call, node)


async def all_holds(call: Call) -> Response:
    found, page = _holds(call.tenant), call.page(25)
    shown = [one.shown() for one in page.cut(found)]
    paging = page.paging(len(found))
    kept = {name: paging[name] for name in ("limit", "page", "page_total", "total_count")}
    return call.results({"data": {"holds": shown}, "ok": True}, collection={"paging": kept})


async def one_hold(call: Call) -> Response:
    """By number or by name."""
    id, name = call.number("id"), call.text("holdname")
    found = next((one for one in _holds(call.tenant) if one.id == id or (name and one.name == name)), None)
    if found is None:
        raise NoHold
    return call.results({"data": {"hold": found.shown()}, "ok": True})


class NoHold(Refusal):
    """Records management says no in an envelope of its own."""

    def __init__(self) -> None:
        super().__init__(400, "The hold does not exist.")
        self.body = {"results": {"ok": False, "errMsg": "The hold does not exist.", "id": 0}}


async def make_hold(call: Call) -> Response:
    for name in ("type", "name", "date_applied"):
        call.needed(name)
    made = Hold(
        id=call.tenant.next_id(),
        name=call.text("name"),
        type=call.text("type"),
        alternate=call.text("alternate_id"),
        comment=call.text("comment"),
        parent=call.number("parent_id"),
    )
    if any(one.name == made.name for one in _holds(call.tenant)):
        raise bad(f"A hold with the name '{made.name}' already exists.")
    call.tenant.store.put("hold", made.id, msgspec.to_builtins(made))
    return call.answer({"holdID": made.id})
