"""One node as a call asks for it: field groups, their definitions, resolved members, tokens, what may be done."""

from collections.abc import Iterable, Mapping
from typing import Any

from .applying import category, token
from .call import Call, link
from .lists import Wish, narrowed
from .records import DOCUMENT, Grant, Node
from .rights import DYNAMIC, Rights
from .tenant import Tenant
from .views import properties, short_member, version_view

SINGLE = ("properties", "categories", "permissions", "versions")
NEEDED = {
    "open": "see",
    "delete": "delete",
    "rename": "modify",
    "edit": "modify",
    "copy": "see_contents",
    "move": "delete",
    "permissions": "edit_permissions",
    "addcategory": "edit_attributes",
    "reserve": "reserve",
    "download": "see_contents",
    "addversion": "modify",
}
"""Which right an action of the menu asks for."""


def entry(call: Call, node: Node, wishes: Mapping[str, Wish], default: Iterable[str] = SINGLE) -> dict[str, Any]:
    """A node in a v2 answer."""
    wanted = wishes or {name: Wish(name) for name in default}
    expand = call.wishes("expand")
    data: dict[str, Any] = {}
    if "properties" in wanted:
        data["properties"] = narrowed(properties(call.tenant, node), wanted["properties"])
        data |= _expanded(call.tenant, node, expand)
    if "categories" in wanted:
        data["categories"] = [category(call.tenant, int(id)).flat(one) for id, one in node.categories.items()]
    if "permissions" in wanted:
        data["permissions"] = permissions(call.tenant, node.grants, expand, wanted["permissions"])
    if "versions" in wanted and node.current is not None:
        data["versions"] = _versions(node, wanted["versions"])
    shown: dict[str, Any] = {"data": data}
    if "metadata" in call.query:
        shown |= metadata(call.tenant, node, wanted)
    if "state" in call.query:
        shown["state"] = state(call.tenant, node)
    if asked := call.many("actions"):
        shown["actions"] = actions(call, node, asked)
    return shown


def metadata(tenant: Tenant, node: Node, wanted: Iterable[str]) -> dict[str, Any]:
    """What the values mean: definitions of categories, in the order of the values."""
    shown: dict[str, Any] = {"metadata": {}, "metadata_map": {}, "metadata_order": {}}
    if "properties" in wanted:
        shown["metadata"]["properties"] = {name: _described(name) for name in ("id", "name", "description", "type")}
    if "categories" in wanted:
        definitions = [category(tenant, int(id)) for id in node.categories]
        shown["metadata"]["categories"] = [one.definitions() for one in definitions]
        shown["metadata_map"]["categories"] = [one.map() for one in definitions]
        shown["metadata_order"]["categories"] = [str(one.id) for one in definitions]
    return shown


def state(tenant: Tenant, node: Node) -> dict[str, Any]:
    """Tokens that tell whether somebody changed the node meanwhile."""
    categories = {f"{id}_1": {"metadata_token": token(tenant, node, int(id))} for id in node.categories}
    return {"properties": {"metadata_token": tenant.token(node.id, node.mark)}, "categories": categories}


def permissions(
    tenant: Tenant, grants: Iterable[Grant], expand: Mapping[str, Wish], wish: Wish | None = None
) -> list[dict[str, Any]]:
    shown = [granted(one) for one in grants if one.type != DYNAMIC]
    if wish is not None and wish.how == "limit":
        shown = shown[: wish.number]
    if "right_id" in expand.get("permissions", Wish("permissions")).members:
        for one in shown:
            one["right_id_expand"] = short_member(tenant, one["right_id"])
    return shown


def granted(grant: Grant) -> dict[str, Any]:
    return {"permissions": list(grant.permissions), "right_id": grant.right_id, "type": grant.type}


def actions(call: Call, node: Node, asked: Iterable[str]) -> dict[str, Any]:
    """Of the actions asked for, those the caller may do."""
    rights = Rights(call.tenant, call.user).of(node)
    found = [name for name in asked if NEEDED.get(name, "see") in rights]
    default = "open" if node.container or node.type != DOCUMENT else "download"
    return {
        "data": {name: _action(node, name) for name in found},
        "map": {"default_action": default if default in found else ""},
        "order": found,
    }


def opening(node: Node) -> dict[str, Any]:
    """The one action that rows of workspaces come with."""
    return {"data": {"open": _action(node, "open")}, "map": {"default_action": "open"}, "order": ["open"]}


def _action(node: Node, name: str) -> dict[str, Any]:
    path = f"/api/v2/nodes/{node.id}"
    known = {"open": (f"{path}/nodes", "GET"), "delete": (path, "DELETE"), "download": (f"{path}/content", "GET")}
    href, method = known.get(name, (path, "PUT"))
    return {**link(href, method, name.capitalize()), "form_href": ""}


def _versions(node: Node, wish: Wish) -> Any:
    """The newest version; `versions.element(n)` counts from the newest, and a name alone gives that one, too."""
    number = wish.number if wish.how == "element" else 0
    if number >= len(node.versions):
        return {}
    return narrowed(version_view(node, node.versions[-1 - number]), wish)


def _expanded(tenant: Tenant, node: Node, expand: Mapping[str, Wish]) -> dict[str, Any]:
    wish = expand.get("properties")
    if wish is None:
        return {}
    found: dict[str, Any] = {}
    for name in wish.members or ("parent_id", "create_user_id", "modify_user_id", "owner_user_id"):
        if name == "parent_id":
            above = tenant.find(node.parent) if node.parent > 0 else None
            found["parent_id"] = properties(tenant, above) if above else None
        elif name.endswith("user_id"):
            given = properties(tenant, node).get(name)
            found[name] = short_member(tenant, given)
    return {"properties_expand": found}


def _described(name: str) -> dict[str, Any]:
    type, type_name = (2, "Integer") if name in {"id", "type"} else (-1, "String")
    return {
        "key": name,
        "multi_value": False,
        "name": name.capitalize(),
        "persona": "",
        "type": type,
        "type_name": type_name,
    }
