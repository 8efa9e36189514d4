"""PATCH of an asset: every member that may be given, and what each does."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from lockgate.connectors.celum.sandbox import uploads
from lockgate.connectors.celum.sandbox.assets import asset_type, open_to
from lockgate.connectors.celum.sandbox.call import (
    Call,
    answer,
    integers,
    mapping,
    objects,
    operation,
    required_integer,
    required_string,
    string,
)
from lockgate.connectors.celum.sandbox.errors import invalid
from lockgate.connectors.celum.sandbox.events import asset_updated, reference_events, version_event
from lockgate.connectors.celum.sandbox.records import Entry
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.times import normal
from lockgate.connectors.celum.sandbox.values import write_operations
from lockgate.connectors.celum.sandbox.views import kind_of, level_of, trail, whole_asset

VALUES = "informationFieldValues"


NEEDED = {
    "name": "editName",
    VALUES: "editMetadata",
    "availability": "editAvailability",
    "currentVersion": "manageVersions",
    "typeId": "assignAssetType",
    "parentIds": "addToOther",
}
"""Which permission each member needs."""


async def change_asset(call: Call) -> Response:
    """PATCH /assets/{assetId}"""
    id = call.path_id("assetId", "asset")
    body = await call.body()
    tenant = call.tenant
    before, after = tenant.catalog.get(id), tenant.catalog.get(id)
    open_to(call, before, *(NEEDED[name] for name in body if name in NEEDED))
    for name, change in MEMBERS.items():
        if body.get(name) is not None:
            change(call, after, body)
    strict = level_of(tenant, after.asset) == "STRICT"
    fields = write_operations(tenant, kind_of(tenant, after.asset), body, after.asset.fields, strict=strict)
    _use_up_preview(tenant, after, body)
    save(tenant, before, after, call.user.id, [name for name in body if name in MEMBERS], fields)
    return answer(whole_asset(tenant, after))


def save(tenant: Tenant, before: Entry, after: Entry, user: int, members: list[str], fields: list[int]) -> None:
    """Store a changed asset and tell of it."""
    after.asset.modified, after.asset.modified_by = tenant.now(), user
    with tenant.store.transaction():
        tenant.catalog.put(after)
    asset_updated(tenant, before, after, members, fields)
    reference_events(tenant, before, after)
    if before.version.id != after.version.id:
        version_event(tenant, "ASSET_VERSION_ACTIVATED", before, after)


def window_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """An availability as it is stored; refused when it is none."""
    if given.get("type") == "DIRECT":
        if not isinstance(given.get("available"), bool):
            raise invalid("availability", "A DIRECT availability needs available")
        return {"type": "DIRECT", "available": given["available"]}
    if given.get("type") != "DATED":
        raise invalid("availability", "The type of an availability is DIRECT or DATED")
    window: dict[str, Any] = {"type": "DATED"}
    for name in ("from", "to"):
        if given.get(name) is not None:
            window[name] = _instant(given[name])
    if window.get("from", "") > window.get("to", "~"):
        raise invalid("availability", "The availability ends before it begins")
    return window


def _instant(given: Any) -> str:
    try:
        return normal(given)
    except (ValueError, OverflowError):
        raise invalid("availability", "An availability begins and ends at ISO 8601 instants") from None


def _name(_: Call, entry: Entry, body: Mapping[str, Any]) -> None:
    entry.asset.name = required_string(body, "name")


def _type(call: Call, entry: Entry, body: Mapping[str, Any]) -> None:
    entry.asset.type_id = asset_type(call.tenant, required_integer(body, "typeId")).id


def _availability(_: Call, entry: Entry, body: Mapping[str, Any]) -> None:
    entry.asset.availability = window_of(mapping(body, "availability"))


def _parents(call: Call, entry: Entry, body: Mapping[str, Any]) -> None:
    change = mapping(body, "parentIds")
    if operation(change, "parentIds", "SET", "MODIFY") == "SET":
        wanted = integers(change, "values")
        kept: list[int] = [id for id in entry.asset.parents if id in wanted]
    else:
        wanted, removed = integers(change, "add"), integers(change, "remove")
        kept = [id for id in entry.asset.parents if id not in removed]
    for id in wanted:
        call.tenant.tree.get(id)
    parents = [*kept, *(id for id in dict.fromkeys(wanted) if id not in kept)]
    if not parents:
        raise invalid("parentIds", "An asset needs a parent")
    entry.asset.parents = parents


def _lock(call: Call, entry: Entry, body: Mapping[str, Any]) -> None:
    change = mapping(body, "lock")
    if operation(change, "lock", "SET", "CLEAR") == "CLEAR":
        entry.asset.lock = None
        return
    creation = trail(call.tenant.now(), call.user.id)
    comment = string(change, "comment") or ""
    entry.asset.lock = {"temporary": False, "comment": comment, "creation": creation}


def _version(call: Call, entry: Entry, body: Mapping[str, Any]) -> None:
    activate(call.tenant, entry, required_integer(body, "currentVersion"))


def activate(tenant: Tenant, entry: Entry, id: int) -> None:
    """Make an existing version of the asset the active one."""
    entry.version = tenant.catalog.version_of(entry.asset.id, id)
    entry.asset.version_id = id


def _references(call: Call, entry: Entry, body: Mapping[str, Any]) -> None:
    change = mapping(body, "externalReferences")
    operation(change, "externalReferences", "MODIFY")
    removed = [_keys(one) for one in objects(change, "remove")]
    for keys in removed:
        if keys not in [_said_by(one) for one in entry.asset.references]:
            raise invalid(
                "externalReferences", f"External reference {' '.join(filter(None, keys))} does not exist here"
            )
    kept = [one for one in entry.asset.references if _said_by(one) not in removed]
    for given in objects(change, "add"):
        kept = _with(call.tenant, kept, given)
    entry.asset.references = kept


Keys = tuple[str, str, str | None]


def _keys(given: Mapping[str, Any]) -> Keys:
    """What tells one reference of an asset from another: who uses it, as what, and at which instance."""
    return required_string(given, "providerKey"), required_string(given, "descriptionKey"), string(given, "instanceKey")


def _said_by(reference: Mapping[str, Any]) -> Keys:
    return reference["provider"]["key"], reference["description"]["key"], reference.get("instance", {}).get("key")


def _with(tenant: Tenant, references: list[dict[str, Any]], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The references with one more; one of the same keys has a new address from now on."""
    there = next((one for one in references if _said_by(one) == _keys(given)), None)
    fresh = _reference(tenant, given, there["id"] if there else tenant.next_id())
    return [*(one for one in references if one is not there), fresh]


def _reference(tenant: Tenant, given: Mapping[str, Any], id: int) -> dict[str, Any]:
    reference: dict[str, Any] = {
        "id": id,
        "description": _keyed(required_string(given, "descriptionKey")),
        "url": required_string(given, "url"),
        "provider": _keyed(required_string(given, "providerKey")),
        "updated": tenant.now(),
    }
    if instance := string(given, "instanceKey"):
        reference["instance"] = _keyed(instance)
    return reference


def _keyed(key: str) -> dict[str, Any]:
    return {"key": key, "labels": {"en": key}}


def _preview(call: Call, entry: Entry, body: Mapping[str, Any]) -> None:
    """The name of the file is required, its upload is not: without one the preview is that of the file again."""
    given = mapping(body, "alternativePreview")
    required_string(given, "filename")
    handle = string(given, "uploadHandle")
    entry.version.alternative = None if handle is None else uploads.ready(call.tenant, handle, "uploadHandle").digest


def _use_up_preview(tenant: Tenant, after: Entry, body: Mapping[str, Any]) -> None:
    """Only a PATCH that is good throughout uses its upload up."""
    if body.get("alternativePreview") is not None:
        if handle := string(body["alternativePreview"], "uploadHandle"):
            uploads.use_up(tenant, uploads.ready(tenant, handle, "uploadHandle"))
        after.version.state = "PROCESSING"
        tenant.previews.begin(after.version.id)


MEMBERS = {
    "name": _name,
    "typeId": _type,
    "availability": _availability,
    "parentIds": _parents,
    "lock": _lock,
    "currentVersion": _version,
    "externalReferences": _references,
    "alternativePreview": _preview,
}
