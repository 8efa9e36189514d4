"""The history of a node, by kind, person and day."""

from typing import Any

from starlette.responses import Response

from .call import Call
from .errors import wrong_type
from .rights import Rights
from .times import day
from .views import short_member

EVENTS = {
    1: "Create",
    2: "Delete",
    3: "Move",
    4: "Copy",
    5: "Rename",
    6: "Reserve",
    7: "Unreserve",
    8: "Shortcut Created",
    9: "Permission Changed",
    10: "Attribute Value Changed",
    11: "Version Added",
    14: "Version Opened",
    15: "Generation Created",
    92: "Create from Copy",
    264: "Classification Applied",
}


async def audit(call: Call) -> Response:
    """The newest first unless asked otherwise. Dates are days, the last one counted in."""
    node = Rights(call.tenant, call.user).visible(call.id())
    where, values = _where(call, node.id)
    sort = call.sort("desc_audit_date")
    order = "ASC" if sort.startswith("asc") else "DESC"
    total = int(call.tenant.db.execute(f"SELECT count(*) FROM audit WHERE {where}", values).fetchone()[0])  # noqa: S608
    page = call.page()
    query = f"SELECT event, at, by, target FROM audit WHERE {where} ORDER BY id {order} LIMIT ? OFFSET ?"  # noqa: S608
    rows = call.tenant.db.execute(query, (*values, page.limit, page.begin(total))).fetchall()
    expand = call.wishes("expand").get("audit")
    shown = [_shown(call, node.id, row, expand.members if expand else ()) for row in rows]
    found = sorted({int(row[0]) for row in rows})
    types = [{"id": event, "name": EVENTS.get(event, "")} for event in found]
    return call.results(
        {"data": {"audit": shown, "audit_event_types": types}}, collection=call.collection(page, total, sort)
    )


def _where(call: Call, id: int) -> tuple[str, list[Any]]:
    parts: list[str] = ["node = ?"]
    values: list[Any] = [id]
    for name, column in (("where_type", "event"), ("where_user_id", "by")):
        if (number := call.number(name)) is not None:
            parts.append(f"{column} = ?")
            values.append(number)
    for name, sign in (("where_audit_date_start", ">="), ("where_audit_date_end", "<=")):
        if given := call.text(name):
            if (read := day(given)) is None:
                raise wrong_type(name)
            parts.append(f"substr(at, 1, 10) {sign} ?")
            values.append(read.isoformat())
    return " AND ".join(parts), values


def _shown(call: Call, id: int, row: tuple[Any, ...], expand: tuple[str, ...]) -> dict[str, Any]:
    event, at, by, target = row
    shown: dict[str, Any] = {
        "agent_id": None,
        "audit_date": at,
        "audit_language_code": None,
        "audit_name": EVENTS.get(event, ""),
        "event_type": event,
        "id": id,
        "target_user_id": target,
        "user_id": by,
    }
    for name in expand:
        if name in shown:
            shown[f"{name}_expand"] = short_member(call.tenant, shown[name])
    return shown
