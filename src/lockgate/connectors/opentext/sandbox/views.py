"""How nodes, members and versions are shown."""

from collections.abc import Iterable
from typing import Any

from .lists import Wish, narrowed
from .records import DOCUMENT, TYPE_NAMES, Member, Node, Version
from .rights import DEFAULT_GROUP
from .tenant import Tenant
from .times import bare

DATES = ("create_date", "modify_date", "reserved_date", "external_create_date", "external_modify_date")
GROUP_TYPES = {0: "User", 1: "Group", 17: "Service user", 101: "Signing group", 848: "Business Workspace"}


def properties(tenant: Tenant, node: Node) -> dict[str, Any]:
    """The whole properties object of a node, dates as core calls write them."""
    version = node.current
    container = node.container
    size = tenant.count(node.id) if container else (version.size if version else 0)
    shown: dict[str, Any] = {
        "advanced_versioning": node.advanced_versioning,
        "container": container,
        "container_size": size if container else 0,
        "create_date": node.created,
        "create_user_id": node.created_by,
        "description": node.description,
        "description_multilingual": node.descriptions or {"en": node.description},
        "external_create_date": node.external.get("external_create_date"),
        "external_identity": node.external.get("external_identity", ""),
        "external_identity_type": node.external.get("external_identity_type", ""),
        "external_modify_date": node.external.get("external_modify_date"),
        "external_source": node.external.get("external_source", ""),
        "favorite": False,
        "guid": node.guid or None,
        "hidden": False,
        "icon": f"/cssupport/webdoc/{node.type}.gif",
        "icon_large": f"/cssupport/webdoc/{node.type}_large.gif",
        "id": node.id,
        "mime_type": version.mime_type if version else None,
        "modify_date": node.modified,
        "modify_user_id": node.modified_by,
        "name": node.name,
        "name_multilingual": node.names or {"en": node.name},
        "original_id": node.original or 0,
        "owner": _name(tenant, node.owner),
        "owner_group_id": DEFAULT_GROUP,
        "owner_user_id": node.owner,
        "parent_id": node.parent,
        "permissions_model": "advanced",
        "reserved": node.reserved_by is not None,
        "reserved_date": node.reserved,
        "reserved_shared_collaboration": False,
        "reserved_user_id": node.reserved_by or 0,
        "size": size,
        "size_formatted": f"{size} Items" if container else _readable(size),
        "status": 0,
        "type": node.type,
        "type_name": type_name(node.type),
        "versionable": node.type == DOCUMENT,
        "versions_control_advanced": node.advanced_versioning,
        "volume_id": node.volume,
    }
    if node.url is not None:
        shown["url"] = node.url
    if node.workspace is not None and not node.workspace.is_template:
        type_ = tenant.store.get("wksp_type", node.workspace.type_id)
        shown["wksp_type_name"] = type_["name"] if type_ else None
    return shown


def without_zone(shown: dict[str, Any]) -> dict[str, Any]:
    """Properties as business workspace calls write them."""
    return shown | {name: bare(shown[name]) for name in DATES if name in shown}


def narrow_properties(tenant: Tenant, node: Node, wish: Wish | None) -> dict[str, Any]:
    return narrowed(properties(tenant, node), wish)


def type_name(type: int) -> str:
    return TYPE_NAMES.get(type, f"Item of type {type}")


def version_view(node: Node, version: Version) -> dict[str, Any]:
    """The fields of one version."""
    return {
        "create_date": version.created,
        "description": version.description,
        "external_create_date": version.external.get("external_create_date"),
        "external_identity": version.external.get("external_identity", ""),
        "external_identity_type": version.external.get("external_identity_type", ""),
        "external_modify_date": version.external.get("external_modify_date"),
        "external_source": version.external.get("external_source", ""),
        "file_create_date": version.created,
        "file_modify_date": version.created,
        "file_name": version.file_name,
        "file_size": version.size,
        "file_type": version.file_name.rpartition(".")[2] if "." in version.file_name else "",
        "has_generation": False,
        "id": node.id,
        "locked": version.locked,
        "locked_date": None,
        "locked_user_id": None,
        "mime_type": version.mime_type,
        "modify_date": version.created,
        "name": version.file_name,
        "owner_id": version.by,
        "provider_id": version.id,
        "version_id": version.id,
        "version_number": version.number,
        "version_number_major": version.major,
        "version_number_minor": version.number if version.minor is None else version.minor,
        "version_number_name": str(version.number) if version.minor is None else f"{version.major}.{version.minor}",
    }


def member_view(tenant: Tenant, member: Member) -> dict[str, Any]:
    """A user, a group, or a role of a workspace."""
    shown: dict[str, Any] = {
        "deleted": member.deleted,
        "id": member.id,
        "name": member.name,
        "name_formatted": member.display,
        "type": member.type,
        "type_name": GROUP_TYPES.get(member.type, "Member"),
    }
    if member.type == 0:
        shown |= {
            "business_email": member.email,
            "display_name": member.display,
            "first_name": member.first_name,
            "group_id": member.group,
            "group_name": _name(tenant, member.group),
            "initials": "".join(part[:1] for part in (member.first_name, member.last_name)),
            "last_name": member.last_name,
            "middle_name": "",
            "photo_id": None,
            "photo_url": None,
            "privilege_login": True,
            "privilege_system_admin_rights": member.admin,
            "time_zone": -1,
            "title": member.title,
        }
    if member.workspace is not None:
        shown["node_id"] = member.workspace
    return shown


def short_member(tenant: Tenant, id: int | None) -> dict[str, Any] | None:
    """A member where one is resolved beside its number."""
    member = tenant.member(id) if id is not None else None
    return member_view(tenant, member) if member else None


def short_nodes(nodes: Iterable[Node]) -> list[dict[str, Any]]:
    """Nodes as the way down to another one shows them: what lies in a workspace has its number, negative, as parent."""
    shown, above = [], None
    for node in nodes:
        inside = above is not None and above.is_workspace
        shown.append(
            {
                "id": node.id,
                "name": node.name,
                "parent_id": -node.parent if inside else node.parent,
                "type": node.type,
                "type_name": type_name(node.type),
                "volume_id": node.volume,
            }
        )
        above = node
    return shown


def _name(tenant: Tenant, id: int | None) -> str:
    member = tenant.member(id) if id is not None else None
    return member.name if member else ""


def _readable(size: int) -> str:
    return f"{size} bytes" if size < 1024 else f"{-(-size // 1024)} KB"
