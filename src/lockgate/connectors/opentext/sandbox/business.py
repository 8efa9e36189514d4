"""External systems, types of business objects, types of workspaces and their templates."""

from typing import Any

import msgspec
from starlette.responses import Response

from .call import Call
from .errors import NO_ROUTE, bad, not_accessible
from .lists import truth
from .records import Node
from .rights import Rights
from .tenant import Tenant

SYSTEM, OBJECT_TYPE, WORKSPACE_TYPE = "ext_system", "bo_type", "wksp_type"


class ExternalSystem(msgspec.Struct, kw_only=True):
    id: str
    node_id: int
    conn_type: str = "HTTP"
    base_url: str = ""
    as_url: str = ""
    username: str = ""

    def shown(self) -> dict[str, Any]:
        return {
            "asurl": self.as_url,
            "auth_method": "BASIC",
            "baseurl": self.base_url,
            "conn_type": self.conn_type,
            "enabled": 1,
            "extsystem_node_id": self.node_id,
            "id_extsystem": self.id,
            "multilinguals": {"en": self.id},
            "username": self.username,
        }


class ObjectType(msgspec.Struct, kw_only=True):
    id: int
    bo_type: str
    name: str
    system: str
    workspace_type: int
    columns: list[str] = []
    """What the rows of its business objects tell."""
    properties: list[dict[str, Any]] = []
    """Values read from the leading application, and the attributes they go to."""


class WorkspaceType(msgspec.Struct, kw_only=True):
    id: int
    name: str
    names: dict[str, str]
    config_node_id: int
    location: int | None = None
    """Where workspaces of this type are made, whatever the caller says; None leaves it to the caller."""
    pattern: str = ""
    """How a workspace is named where no name is given; `{bo_id}` stands for the key of the business object."""
    rm_enabled: bool = True
    icon: str = "/cssupport/otsapxecm/wksp.png"
    document_types: list[dict[str, Any]] = []


def systems(tenant: Tenant) -> list[ExternalSystem]:
    return [msgspec.convert(doc, ExternalSystem) for doc in tenant.store.all(SYSTEM)]


def system(tenant: Tenant, id: str) -> ExternalSystem:
    doc = tenant.store.get(SYSTEM, id)
    if doc is None:
        raise bad(f"The external system '{id}' does not exist.")
    return msgspec.convert(doc, ExternalSystem)


def object_types(tenant: Tenant) -> list[ObjectType]:
    return [msgspec.convert(doc, ObjectType) for doc in tenant.store.all(OBJECT_TYPE)]


def object_type(tenant: Tenant, system_id: str, bo_type: str) -> ObjectType:
    system(tenant, system_id)
    found = find_object_type(tenant, system_id, bo_type)
    if found is None:
        raise bad(f"The business object type '{bo_type}' does not exist for the external system '{system_id}'.")
    return found


def find_object_type(tenant: Tenant, system_id: str, bo_type: str) -> ObjectType | None:
    return next((one for one in object_types(tenant) if (one.system, one.bo_type) == (system_id, bo_type)), None)


def workspace_types(tenant: Tenant) -> list[WorkspaceType]:
    return [msgspec.convert(doc, WorkspaceType) for doc in tenant.store.all(WORKSPACE_TYPE)]


def workspace_type(tenant: Tenant, id: int) -> WorkspaceType | None:
    doc = tenant.store.get(WORKSPACE_TYPE, id)
    return msgspec.convert(doc, WorkspaceType) if doc else None


def templates(tenant: Tenant, type_id: int) -> list[Node]:
    """The template nodes of a workspace type."""
    found = tenant.select("type = 848 AND wksp_type IS NULL")
    return [node for node in found if node.workspace and node.workspace.type_id == type_id]


# --- routes ---


async def list_types(call: Call) -> Response:
    """Workspace types. Servers before 26.4 tell only a few of their members."""
    wanted = call.text("ext_system_id"), call.text("bo_type")
    if any(wanted) and not all(wanted):
        raise bad("The parameters 'ext_system_id' and 'bo_type' can only be used together")
    found = workspace_types(call.tenant)
    if all(wanted):
        only = object_type(call.tenant, *wanted).workspace_type
        found = [one for one in found if one.id == only]
    full = call.tenant.switches.number >= 26.4
    return call.results([_typed(call, one, full=full) for one in found])


def _typed(call: Call, type: WorkspaceType, *, full: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "wksp_type_id": type.id,
        "wksp_type_name": type.name,
        "rm_enabled": type.rm_enabled,
        "aviator_enabled": False,
    }
    if call.flag("expand_templates"):
        shown["templates"] = [
            {"id": one.id, "name": one.name, "subtype": 848} for one in templates(call.tenant, type.id)
        ]
    if full:
        shown |= _whole(type)
    data: dict[str, Any] = {"properties": shown}
    if truth(call.get("expand_wksp_info", "true")):
        info: dict[str, Any] = {"in_use": True, "indexing_status": "UpToDate", "modified": False} if full else {}
        data["wksp_info"] = info | {"wksp_type_icon": None}
    return {"data": data}


def _whole(type: WorkspaceType) -> dict[str, Any]:
    fixed = type.location is not None
    return {
        "wksp_type_names": type.names,
        "config_node_id": type.config_node_id,
        "wksp_creation_enabled": True,
        "wksp_creation": {
            "location": "StaticNodeId" if fixed else "CurrentNode",
            "location_value": str(type.location) if fixed else "",
            "use_also_for_manual_creation": True,
            "directly_open_created_wksp": True,
        },
        "wksp_name_generation": {"use_also_for_wksp_without_bo": False, "wksp_names": {"en": type.pattern}},
        "wksp_icon": type.icon,
    }


async def one_type(call: Call) -> Response:
    type = workspace_type(call.tenant, call.id())
    if type is None:
        raise bad(f"The workspace type {call.id()} does not exist.")
    return call.answer({"icon_url": type.icon, "is_policies_enabled": False, "workspace_type": type.name})


async def types_at(call: Call) -> Response:
    """Types of which a workspace may be made at a node."""
    node = Rights(call.tenant, call.user).visible(call.id())
    there = [one for one in workspace_types(call.tenant) if one.location in {None, node.id}]
    return call.answer({"businessworkspacetypes": [_creatable(call.tenant, one) for one in there]})


def _creatable(tenant: Tenant, type: WorkspaceType) -> dict[str, Any]:
    shown = [{"id": one.id, "name": one.name, "subType": 848} for one in templates(tenant, type.id)]
    return {"id": type.id, "name": type.name, "rm_enabled": type.rm_enabled, "templates": shown}


async def list_object_types(call: Call) -> Response:
    rows = [{"data": {"properties": _object_type(one)}} for one in object_types(call.tenant)]
    return call.results(rows)


def _object_type(type: ObjectType) -> dict[str, Any]:
    return {
        "bo_type": type.bo_type,
        "bo_type_id": type.id,
        "bo_type_name": type.name,
        "ext_system_id": type.system,
        "is_default_Search": True,
        "workspace_type_id": type.workspace_type,
    }


async def one_object_type(call: Call) -> Response:
    type = object_type(call.tenant, call.word("system"), call.word("bo_type"))
    return call.results({"data": {"businessProperties": type.properties, "properties": _object_type(type)}})


async def list_systems(call: Call) -> Response:
    """By name, from server version 26.1 on."""
    if call.tenant.switches.number < 26.1:
        raise _no_route()
    names, kinds = call.many("where_name"), call.many("where_conntype")
    found = [
        one for one in systems(call.tenant) if (not names or one.id in names) and (not kinds or one.conn_type in kinds)
    ]
    if names and not found:
        raise bad(f"The external system '{names[0]}' does not exist.")
    return call.results([one.shown() for one in found])


async def one_system(call: Call) -> Response:
    """Before server version 26.1."""
    if call.tenant.switches.number >= 26.1:
        raise _no_route()
    return call.results([system(call.tenant, call.word("system")).shown()])


def _no_route() -> Exception:
    return bad(NO_ROUTE)


async def make_system(call: Call) -> Response:
    id = call.needed("external_system_name")
    if call.tenant.store.get(SYSTEM, id):
        raise bad(f"The external system '{id}' already exists.")
    made = ExternalSystem(
        id=id,
        node_id=call.tenant.next_id(),
        conn_type=call.text("conn_type", "HTTP"),
        base_url=call.text("baseurl"),
        as_url=call.text("asurl"),
        username=call.text("username"),
    )
    call.tenant.store.put(SYSTEM, id, msgspec.to_builtins(made))
    return call.results({"EXTSYSTEM_NODE_ID": made.node_id, "ID_EXTSYSTEM": id, "OK": True})


async def document_types(call: Call) -> Response:
    """Which classification a document of a kind gets in this workspace, and where it belongs."""
    node = Rights(call.tenant, call.user).visible(call.id(), 404)
    if not node.is_workspace or node.workspace is None:
        raise not_accessible(404)
    type = workspace_type(call.tenant, node.workspace.type_id)
    rows = type.document_types if type else []
    return call.results([{"data": {"properties": _placed(call.tenant, node, one)}} for one in rows])


def _placed(tenant: Tenant, workspace: Node, row: dict[str, Any]) -> dict[str, Any]:
    """The location as the folder of that name in this workspace, where it is there."""
    folder = tenant.child(workspace.id, str(row.get("folder", "")))
    shown = {name: value for name, value in row.items() if name != "folder"}
    return {
        **shown,
        "location": f"{workspace.name}:{folder.name}" if folder else "",
        "location_id": folder.id if folder else None,
    }
