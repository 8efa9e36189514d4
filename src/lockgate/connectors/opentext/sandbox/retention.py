"""Record series and the codes of records management. Nothing runs out here: what is said is kept."""

from typing import Any

import msgspec
from starlette.responses import Response

from .call import Call
from .errors import bad
from .recordkeeping import kept, node_of
from .tenant import Tenant

SERIES = "rsi"
STAGES = ("Active", "Final")
"""Every series has a row for each stage of its schedule."""
CODES: dict[str, list[dict[str, str]]] = {
    "essential": [{"code": "NR", "description": "Not required"}, {"code": "VR", "description": "Vital record"}],
    "file_status": [{"code": "ACTIVE", "description": "Active"}, {"code": "INACTIVE", "description": "Inactive"}],
    "storage": [{"code": "EL", "description": "Electronic"}],
}


class Series(msgspec.Struct, kw_only=True):
    id: int
    name: str
    title: str = ""
    status: str = "ACTIVE"

    def shown(self) -> dict[str, Any]:
        return {"RSI": self.name, "RSIID": self.id, "RSIStatus": self.status, "Title": self.title}


def _all(tenant: Tenant) -> list[Series]:
    return [msgspec.convert(doc, Series) for doc in tenant.store.all(SERIES)]


async def codes(call: Call) -> Response:
    return call.results({"data": CODES, "ok": True})


async def listed(call: Call) -> Response:
    found, page = _all(call.tenant), call.page(25)
    shown = [{**one.shown(), "RetStage": stage} for one in page.cut(found) for stage in STAGES]
    paging = page.paging(len(found))
    told = {name: paging[name] for name in ("limit", "page", "page_total", "total_count")}
    return call.results({"data": {"rsis": shown}, "ok": True}, collection={"paging": told})


async def of_node(call: Call) -> Response:
    record = node_of(call).record
    found = [one for one in _all(call.tenant) if record is not None and one.name == record.rsi]
    class_id = record.class_id if record else None
    return call.answer({"data": [{"class_id": class_id, "rsi_id": one.id, "rsi_name": one.name} for one in found]})


async def assign(call: Call) -> Response:
    node = node_of(call, change=True)
    found = next((one for one in _all(call.tenant) if one.id == call.needed_number("rsi")), None)
    if node.record is None or node.record.class_id != call.id("class") or found is None:
        raise bad("Error assigning the RSI.")
    node.record.rsi = found.name
    return kept(call, node)


async def take(call: Call) -> Response:
    node = node_of(call, change=True)
    if node.record is None or node.record.class_id != call.id("class") or node.record.rsi is None:
        raise bad("Error removing the RSI.")
    node.record.rsi = None
    return kept(call, node)
