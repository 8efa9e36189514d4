"""Making business workspaces from templates, in one call or by form, one or many; and what they stand for."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from . import applying
from .business import ObjectType, WorkspaceType, find_object_type, object_type, object_types, templates, workspace_type
from .call import Call, whole
from .errors import Refusal, bad, failed, missing, not_accessible
from .making_nodes import CREATE, checked_name, classify, copy, make, touch_external
from .records import WORKSPACE, Member, Node, Reference, Workspace
from .rights import Rights
from .tenant import ENTERPRISE, Tenant
from .workspaces import by_reference, visible

DUPLICATE = "A business workspace for this business object already exists."
ATTRIBUTES_CHANGED = 10


async def create(call: Call) -> Response:
    """A workspace from a template; the type follows from the template, the template from the business object."""
    with call.tenant.store.transaction():
        node = _create(call, call.sent)
    return call.results({"direct_open": True, "id": node.id, "sub_folder_id": 0})


async def bulk(call: Call) -> Response:
    """Several at once: those whose business object has a workspace are updated. Each answers for itself."""
    infos = call.get("bws_infos")
    if not isinstance(infos, list):
        raise missing("bws_infos")
    return call.results([_one_of_bulk(call, info) for info in infos])


def _one_of_bulk(call: Call, info: Any) -> dict[str, Any]:
    if not isinstance(info, dict):
        return {"id": None, "error_message": "Invalid entry"}
    said = {name: value for name, value in info.items() if name not in {"parent_id", "ibo_workspace_id"}}
    try:
        with call.tenant.store.transaction():
            there = _referred(call.tenant, said)
            node = _create(call, said) if there is None else _update(call, there, said)
    except Refusal as refusal:
        return {"id": None, "error_message": str(refusal)}
    return {"id": node.id, "error_message": ""}


def _referred(tenant: Tenant, said: Mapping[str, Any]) -> Node | None:
    reference = _reference(tenant, said)
    return by_reference(tenant, *_key(reference)) if reference else None


def _update(call: Call, node: Node, said: Mapping[str, Any]) -> Node:
    if said.get("name"):
        node.name = checked_name(said["name"])
    if "description" in said:
        node.description = str(said["description"] or "")
    applying.fill(call.tenant, node, _categories(said))
    call.tenant.save(node, call.user)
    call.tenant.note(node.id, ATTRIBUTES_CHANGED, call.user)
    return node


def _create(call: Call, said: Mapping[str, Any]) -> Node:
    tenant = call.tenant
    reference = _reference(tenant, said)
    if said.get("ibo_workspace_id"):
        return _further_object(call, whole(said["ibo_workspace_id"], "ibo_workspace_id"), reference)
    if reference is not None and by_reference(tenant, *_key(reference)) is not None:
        raise failed(DUPLICATE)
    template, type = _template(tenant, said, reference)
    parent = _parent(call, said, type)
    name = checked_name(said.get("name") or _generated(type, reference))
    node = make_from(tenant, template, type, parent, name, call.user, said)
    if node.workspace is not None:
        node.workspace.early = bool(reference and not reference.bo_id)
    applying.fill(tenant, node, _categories(said))
    classify(node, _roles(said))
    touch_external(node, said)
    tenant.put(node)
    if reference is not None and reference.bo_id:
        refer(tenant, node, reference)
    tenant.note(node.id, CREATE, call.user)
    return node


def make_from(
    tenant: Tenant,
    template: Node,
    type: WorkspaceType,
    parent: Node,
    name: str,
    by: int,
    said: Mapping[str, Any] | None = None,
) -> Node:
    """A new workspace with all that its template has; it is kept."""
    node = make(tenant, parent, WORKSPACE, name, by, said=said)
    node.workspace = Workspace(type_id=type.id, template_id=template.id)
    node.categories = {**node.categories, **{id: dict(values) for id, values in template.categories.items()}}
    node.marks = dict.fromkeys(node.categories, 1)
    node.classifications = list(template.classifications)
    tenant.put(node)
    _fill_from(tenant, template, node, by)
    return node


def _fill_from(tenant: Tenant, template: Node, node: Node, by: int) -> None:
    """The template's folders and roles; whoever makes a workspace leads it."""
    for child in list(tenant.children(template.id)):
        copy(tenant, child, node, child.name, by)
    for role in tenant.roles(template.id):
        members = [by] if role.leader else []
        tenant.put_member(msgspec.structs.replace(role, id=tenant.next_id(), workspace=node.id, members=members))


def _further_object(call: Call, id: int, reference: Reference | None) -> Node:
    """One workspace for several business objects."""
    node = Rights(call.tenant, call.user).visible(id, 404)
    if not node.is_workspace:
        raise not_accessible(404)
    if reference is None:
        raise missing("bo_id")
    refer(call.tenant, node, reference)
    return node


def _template(tenant: Tenant, said: Mapping[str, Any], reference: Reference | None) -> tuple[Node, WorkspaceType]:
    template = None
    if said.get("template_id"):
        template = tenant.find(whole(said["template_id"], "template_id"))
        if template is None or template.workspace is None or not template.workspace.is_template:
            raise bad("The template does not exist.")
    known = find_object_type(tenant, reference.ext_system_id, reference.bo_type) if reference else None
    type_id = _type_id(said, template, known)
    type = workspace_type(tenant, type_id)
    if type is None:
        raise bad(f"The workspace type {type_id} does not exist.")
    template = template or next(iter(templates(tenant, type.id)), None)
    if template is None or template.workspace is None or template.workspace.type_id != type.id:
        raise bad("The template does not belong to the workspace type.")
    return template, type


def _type_id(said: Mapping[str, Any], template: Node | None, known: ObjectType | None) -> int:
    if said.get("wksp_type_id"):
        return whole(said["wksp_type_id"], "wksp_type_id")
    if template is not None and template.workspace is not None:
        return template.workspace.type_id
    if known is None:
        raise missing("template_id")
    return known.workspace_type


def _parent(call: Call, said: Mapping[str, Any], type: WorkspaceType) -> Node:
    """Where the caller says; where he does not, where the type says."""
    given = said.get("parent_id")
    id = whole(given, "parent_id") if given else type.location or ENTERPRISE
    rights = Rights(call.tenant, call.user)
    parent = rights.visible(id)
    rights.demand(parent, "add_items")
    return parent


def _generated(type: WorkspaceType, reference: Reference | None) -> str:
    return type.pattern.format(bo_id=reference.bo_id) if type.pattern and reference else ""


def _roles(said: Mapping[str, Any]) -> Mapping[str, Any]:
    given = said.get("roles")
    return given if isinstance(given, dict) else {}


def _categories(said: Mapping[str, Any]) -> Mapping[str, Any]:
    given = _roles(said).get("categories")
    return given if isinstance(given, dict) else {}


def _reference(tenant: Tenant, said: Mapping[str, Any]) -> Reference | None:
    """The business object a call names, by type or by number of the type; None when it names none."""
    if said.get("bo_type_id") and not said.get("bo_type"):
        number = whole(said["bo_type_id"], "bo_type_id")
        known = next((one for one in object_types(tenant) if one.id == number), None)
        if known is None:
            raise bad(f"The business object type {number} does not exist.")
        return Reference(ext_system_id=known.system, bo_type=known.bo_type, bo_id=str(said.get("bo_id") or ""))
    if not said.get("bo_type") and not said.get("ext_system_id") and not said.get("bo_id"):
        return None
    for name in ("ext_system_id", "bo_type"):
        if not said.get(name):
            raise missing(name)
    known = object_type(tenant, str(said["ext_system_id"]), str(said["bo_type"]))
    return Reference(ext_system_id=known.system, bo_type=known.bo_type, bo_id=str(said.get("bo_id") or ""))


def _key(reference: Reference) -> tuple[str, str, str]:
    return reference.ext_system_id, reference.bo_type, reference.bo_id


def refer(tenant: Tenant, node: Node, reference: Reference) -> None:
    """Let a workspace stand for a business object that has none yet, and keep it."""
    other = by_reference(tenant, *_key(reference))
    if other is not None and other.id != node.id:
        raise failed(DUPLICATE)
    workspace = node.workspace
    if workspace is None:
        raise not_accessible(404)
    if _key(reference) not in {_key(one) for one in workspace.references}:
        workspace.references.append(reference)
    workspace.early = False
    tenant.db.execute("INSERT OR REPLACE INTO wksp_references VALUES (?, ?, ?, ?)", (*_key(reference), node.id))
    tenant.put(node)


def forget_references(tenant: Tenant, node: Node) -> None:
    tenant.db.execute("DELETE FROM wksp_references WHERE node = ?", (node.id,))


# --- references of a workspace ---


async def set_reference(call: Call) -> Response:
    node, reference = visible(call), _named_reference(call)
    Rights(call.tenant, call.user).demand(node, "modify")
    with call.tenant.store.transaction():
        refer(call.tenant, node, reference)
        call.tenant.save(node, call.user)
    return call.done()


async def drop_reference(call: Call) -> Response:
    node, reference = visible(call), _named_reference(call)
    Rights(call.tenant, call.user).demand(node, "modify")
    workspace = node.workspace
    if workspace is None or _key(reference) not in {_key(one) for one in workspace.references}:
        raise bad("The reference does not exist.")
    workspace.references = [one for one in workspace.references if _key(one) != _key(reference)]
    with call.tenant.store.transaction():
        call.tenant.db.execute(
            "DELETE FROM wksp_references WHERE ext_system = ? AND bo_type = ? AND bo_id = ?", _key(reference)
        )
        call.tenant.save(node, call.user)
    return call.done()


def _named_reference(call: Call) -> Reference:
    said = {name: call.get(name) for name in ("ext_system_id", "bo_type", "bo_type_id", "bo_id")}
    reference = _reference(call.tenant, said)
    if reference is None or not reference.bo_id:
        raise missing("bo_id")
    return reference


# --- the form ---


async def form(call: Call) -> Response:
    """What a person would be asked: the general form first, then one for the template's categories."""
    said = {name: call.get(name) for name in ("template_id", "ext_system_id", "bo_type", "bo_type_id", "bo_id")}
    reference = _reference(call.tenant, said)
    template, type = _template(call.tenant, said, reference)
    known = find_object_type(call.tenant, reference.ext_system_id, reference.bo_type) if reference else None
    data: dict[str, Any] = {
        "name": None,
        "description": "",
        "parent_id": call.number("parent_id") or type.location,
        "type": WORKSPACE,
    }
    if reference is not None and known is not None:
        data |= {"bo_type_id": known.id, "bo_id": reference.bo_id, "ext_system_id": reference.ext_system_id}
    name = {"maxLength": 248, "minLength": 1, "required": True, "title": "Name", "type": "string"}
    general = {"data": data, "options": {"fields": {}}, "schema": {"properties": {"name": name}, "type": "object"}}
    return call.answer({"forms": [general, _category_form(call.tenant, template)]})


def _category_form(tenant: Tenant, template: Node) -> dict[str, Any]:
    categories = {id: applying.category(tenant, int(id)).nested(values) for id, values in template.categories.items()}
    schema = {"properties": {}, "type": "object"}
    return {"data": categories, "options": {"fields": {}}, "role_name": "categories", "schema": schema}


def new_role(tenant: Tenant, workspace: int, name: str, *, leader: bool = False, perms: int = 0) -> Member:
    """A role of a workspace or a template, kept."""
    role = Member(id=tenant.next_id(), type=WORKSPACE, name=name, workspace=workspace, leader=leader, perms=perms)
    tenant.put_member(role)
    return role
