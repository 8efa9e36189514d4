"""Classifications and records."""

from typing import Any

from starlette.responses import Response

from .call import Call
from .errors import Refusal, bad, edit_conflict, missing, not_accessible
from .lists import listed
from .records import CLASSIFICATION, RM_CLASSIFICATION, Node, Record
from .rights import Rights
from .seeding import RECORDS
from .tenant import Tenant
from .times import bare

CLASSIFIED = 264
FIELDS = {
    "accession": None,
    "received_date": None,
    "subject": "",
}
SAID = ("essential", "storage", "rsi", "record_date")


def node_of(call: Call, *, change: bool = False, status: int = 400) -> Node:
    rights = Rights(call.tenant, call.user)
    node = rights.visible(call.id(), status)
    if change:
        rights.demand(node, "edit_attributes")
    return node


# --- classifications ---


async def classifications(call: Call) -> Response:
    found = (call.tenant.find(id) for id in node_of(call).classifications)
    rows = [_classification(one) for one in found if one is not None]
    return call.answer({"bCanApplyClass": True, "data": rows, "definitions": {}})


def _classification(one: Node) -> dict[str, Any]:
    return {
        "classvolumeid": abs(one.volume),
        "id": one.id,
        "inherit_flag": False,
        "management_type": "manual",
        "name": one.name,
        "parent_managed": False,
        "score": None,
        "selectable": True,
        "type": CLASSIFICATION,
    }


async def classify(call: Call) -> Response:
    """The list replaces what there was."""
    node, ids = node_of(call, change=True), call.numbers("class_id")
    if "class_id" not in call.sent and "class_id" not in call.query:
        raise missing("class_id")
    for id in ids:
        one = call.tenant.find(id)
        if one is None or one.type != CLASSIFICATION:
            raise not_accessible()
    below = list(call.tenant.below(node.id)) if call.flag("apply_to_sub_items") else []
    with call.tenant.store.transaction():
        for one in [node, *below]:
            one.classifications = list(dict.fromkeys(ids))
            call.tenant.save(one, call.user)
            call.tenant.note(one.id, CLASSIFIED, call.user)
    return call.answer({})


async def unclassify(call: Call) -> Response:
    """One, or all of them."""
    node = node_of(call, change=True)
    gone = call.id("class") if "class" in call.request.path_params else None
    node.classifications = [one for one in node.classifications if gone is not None and one != gone]
    call.tenant.save(node, call.user)
    return call.answer({})


# --- records ---


async def records(call: Call) -> Response:
    node = node_of(call)
    rows = [] if node.record is None else [_record(node.record)]
    return call.answer(
        {
            "canBeUnclassified": True,
            "canFinalize": True,
            "canRMClassify": True,
            "canRemoveClass": True,
            "classVolumeID": RECORDS,
            "data": rows,
            "definitions": {},
            "fields_order": [],
            "fields_to_show": {},
            "inherit_from": False,
            "multiClass": False,
            "rm_metadataToken": _token(call.tenant, node),
        }
    )


def _record(record: Record) -> dict[str, Any]:
    return {
        **FIELDS,
        "essential": record.essential,
        "file_number": record.file_number,
        "file_status": record.status,
        "official": record.official,
        "record_date": bare(record.record_date),
        "rmclassification_id": record.class_id,
        "rsi": record.rsi,
        "status_date": bare(record.record_date),
        "storage": record.storage,
        **record.more,
    }


def _token(tenant: Tenant, node: Node) -> str:
    return tenant.token("rm", node.id, node.record.mark if node.record else 0)


async def declare(call: Call) -> Response:
    """Make a record of a node. The token may be left out the first time."""
    node = node_of(call, change=True)
    if node.record is not None:
        _fresh(call, node)
    one = call.tenant.find(call.needed_number("class_id"))
    if one is None or one.type != RM_CLASSIFICATION:
        raise not_accessible()
    mark = node.record.mark + 1 if node.record else 1
    number = call.tenant.store.next_id("file_number")
    date = call.tenant.now()
    node.record = Record(class_id=one.id, file_number=f"008-{one.id}-{number}", record_date=date, mark=mark)
    _say(call, node.record)
    return kept(call, node)


async def change(call: Call) -> Response:
    """Status, official flag and the like; the token must be the present one."""
    node = node_of(call, change=True)
    if node.record is None:
        raise bad("The item is not a record.")
    _fresh(call, node)
    if node.record.final:
        raise bad("The record is final and cannot be changed.")
    _say(call, node.record)
    node.record.mark += 1
    return kept(call, node)


def _say(call: Call, record: Record) -> None:
    record.status = call.text("file_status") or call.text("status") or record.status
    record.official = call.flag("official", record.official)
    for name in SAID:
        if call.get(name) is not None:
            setattr(record, name, call.text(name))


def _fresh(call: Call, node: Node) -> None:
    token = call.text("rm_metadataToken")
    if not token:
        raise missing("rm_metadataToken")
    if token != _token(call.tenant, node):
        raise edit_conflict()


def kept(call: Call, node: Node) -> Response:
    call.tenant.save(node, call.user)
    return call.answer({})


async def undeclare(call: Call) -> Response:
    node = node_of(call, change=True)
    if node.record is None or node.record.class_id != call.id("class"):
        raise bad("The item is not classified so.")
    _fresh(call, node)
    node.record = None
    return kept(call, node)


async def finalize(call: Call) -> Response:
    """Final records cannot be changed any more; 404 where a number is missing."""
    ids = listed([call.get("ids", "")])
    if not ids or not all(one.isdecimal() for one in ids):
        raise Refusal(404, "Missing required parameter 'ids'")
    rights = Rights(call.tenant, call.user)
    nodes = [rights.visible(int(id), 404) for id in ids]
    for node in nodes:
        if node.record is None:
            raise Refusal(404, "The item is not a record.")
        node.record.final = node.record.official = True
        call.tenant.save(node, call.user)
    return call.answer({})


async def confide(call: Call) -> Response:
    """Make confidential, or not any more; 404 without the required parameter."""
    rights = Rights(call.tenant, call.user)
    node = rights.visible(call.id(), 404)
    if call.get("sub_items") is None:
        raise Refusal(404, "Missing required parameter 'sub_items'")
    confidential = call.path.endswith("makeConfidential")
    below = list(call.tenant.below(node.id)) if call.flag("sub_items") else []
    for one in [node, *below]:
        if one.record is not None:
            one.record.confidential = confidential
            call.tenant.save(one, call.user)
    return call.answer({})
