"""Business workspaces: finding, reading, what encloses a node."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import Response

from .applying import category
from .business import find_object_type, object_type, workspace_type
from .call import Call, Page
from .columns import column_condition
from .errors import not_accessible
from .listing import attributes_of, columns
from .lists import narrowed
from .records import Node, Reference
from .rights import Rights
from .showing import metadata, opening
from .tenant import Tenant
from .views import properties, without_zone

MOST = 500
ORDERS = {"name": "folded", "modify_date": "modified", "create_date": "created", "id": "id"}
FLAGS = {
    "perm_see": "see",
    "perm_see_contents": "see_contents",
    "perm_modify": "modify",
    "perm_modify_attributes": "edit_attributes",
    "perm_modify_permissions": "edit_permissions",
    "perm_create": "add_items",
    "perm_delete": "delete",
    "perm_delete_versions": "delete_versions",
    "perm_reserve": "reserve",
    "perm_add_major_version": "add_major_version",
}


def visible(call: Call) -> Node:
    """The workspace of the path; 404 when there is none for the caller."""
    node = call.tenant.find(call.id())
    if node is None or not node.is_workspace or not Rights(call.tenant, call.user).sees(node):
        raise not_accessible(404)
    return node


def by_reference(tenant: Tenant, system: str, bo_type: str, bo_id: str) -> Node | None:
    """The workspace of a business object; keys are compared as text, leading zeros count."""
    row = tenant.db.execute(
        "SELECT node FROM wksp_references WHERE ext_system = ? AND bo_type = ? AND bo_id = ?", (system, bo_type, bo_id)
    ).fetchone()
    return tenant.find(int(row[0])) if row else None


# --- lists ---


async def lookup(call: Call) -> Response:
    """The workspace of one business object: a list of one, or an empty one."""
    system, bo_type = call.word("system"), call.word("bo_type")
    object_type(call.tenant, system, bo_type)
    return rows(call, _seen(call, [by_reference(call.tenant, system, bo_type, call.word("bo_id"))]))


async def search(call: Call) -> Response:
    """By type, name, business object or a condition on columns.

    Recently used workspaces are not kept: `expanded_view` false finds as much as true.
    """
    triple = tuple(call.text(f"where_{name}") for name in ("ext_system_id", "bo_type", "bo_id"))
    if all(triple):
        found = _seen(call, [by_reference(call.tenant, *triple)])
        return rows(call, [node for node in found if _named(call, node)])
    where, values = _where(call)
    rights = Rights(call.tenant, call.user)
    asked = "" if call.tenant.switches.pass_over_conditions else call.text("where_column_query")
    exact = column_condition(asked)
    plain = rights.all and exact is None and not any(triple) and not _by_early(call)
    if plain:
        return _straight(call, where, values)
    found = [node for node in call.tenant.select(where, values, _order(call)) if rights.sees(node)]
    kept = [node for node in found if _referring(call, node, triple) and (exact is None or exact(_column(call, node)))]
    return rows(call, kept)


def _straight(call: Call, where: str, values: list[Any]) -> Response:
    """Counted and cut by the database."""
    query = f"SELECT count(*) FROM nodes WHERE deleted IS NULL AND ({where})"  # noqa: S608 (conditions of ours)
    total = int(call.tenant.db.execute(query, values).fetchone()[0])
    page = call.page(MOST, MOST)
    part = f"{_order(call)} LIMIT {page.limit} OFFSET {page.begin(total)}"
    return _answer(call, [(node, {}) for node in call.tenant.select(where, values, part)], page, total)


def _where(call: Call) -> tuple[str, list[Any]]:
    parts: list[str] = ["wksp_type IS NOT NULL"]
    values: list[Any] = []
    types = _types(call)
    if types is not None:
        parts.append(f"wksp_type IN ({', '.join('?' * len(types))})")
        values += types
    if name := call.text("where_name"):
        condition, value = _name_condition(name)
        parts.append(condition)
        values.append(value)
    return " AND ".join(parts), values


def _types(call: Call) -> list[int] | None:
    """The types asked for. A name matches from its start: `Product` finds `Product Version`, too."""
    ids = [*call.numbers("where_workspace_type_id"), *call.numbers("where_workspace_type_ids")]
    name = call.text("where_workspace_type_name").casefold()
    if not name:
        return ids or None
    types = call.tenant.store.all("wksp_type")
    named = [int(one["id"]) for one in types if str(one["name"]).casefold().startswith(name)]
    return [one for one in named if not ids or one in ids]


def _name_condition(given: str) -> tuple[str, str]:
    """Equal, unless a prefix says otherwise."""
    if given.startswith("contains_"):
        return "instr(folded, ?) > 0", given.removeprefix("contains_").casefold()
    if given.startswith("startswith_"):
        return "instr(folded, ?) = 1", given.removeprefix("startswith_").casefold()
    return "folded = ?", given.casefold()


def _named(call: Call, node: Node) -> bool:
    name, types = call.text("where_name"), _types(call)
    if types is not None and (node.workspace is None or node.workspace.type_id not in types):
        return False
    if not name:
        return True
    plain = name.removeprefix("contains_").removeprefix("startswith_").casefold()
    folded = node.name.casefold()
    if name.startswith("contains_"):
        return plain in folded
    return folded.startswith(plain) if name.startswith("startswith_") else folded == plain


def _by_early(call: Call) -> bool:
    return call.get("where_is_early") is not None


def _referring(call: Call, node: Node, triple: tuple[str, ...]) -> bool:
    """Whether a workspace has a reference with all that is asked for, and is early if that is."""
    workspace = node.workspace
    if workspace is None or (_by_early(call) and workspace.early != call.flag("where_is_early")):
        return False
    wanted = [(at, value) for at, value in enumerate(triple) if value]
    references = [(one.ext_system_id, one.bo_type, one.bo_id) for one in workspace.references]
    return not wanted or any(all(one[at] == value for at, value in wanted) for one in references)


def _column(call: Call, node: Node) -> dict[str, Any]:
    return {**properties(call.tenant, node), **attributes_of(call.tenant, node)}


def _order(call: Call) -> str:
    way, _, name = call.sort("asc_name").partition("_")
    way, name = (way, name) if way in {"asc", "desc"} else ("asc", call.sort("asc_name"))
    return f"ORDER BY {ORDERS.get(name, 'folded')} {way}, id"


def _seen(call: Call, nodes: list[Node | None]) -> list[Node]:
    rights = Rights(call.tenant, call.user)
    return [node for node in nodes if node is not None and rights.sees(node)]


def rows(call: Call, nodes: list[Node]) -> Response:
    """A list of workspaces that is at hand, cut to the page."""
    return rows_of(call, [(node, {}) for node in nodes])


def rows_of(call: Call, found: list[tuple[Node, dict[str, Any]]]) -> Response:
    """The same, where each row has further properties."""
    page = call.page(MOST, MOST)
    return _answer(call, page.cut(found), page, len(found))


def _answer(call: Call, found: Sequence[tuple[Node, dict[str, Any]]], page: Page, total: int) -> Response:
    more: dict[str, Any] = {"paging": call.workspace_paging(page, total), "wksp_info": {"wksp_type_icon": None}}
    if "metadata" in call.query:
        shown = columns(call.tenant, _types(call))
        more |= {"meta_data": {"properties": shown}, "meta_data_order": {"properties": list(shown)}}
    return call.results([_row(call, node, extra) for node, extra in found], **more)


def _row(call: Call, node: Node, extra: dict[str, Any]) -> dict[str, Any]:
    """One row. Fewer properties come only when the action `properties-` is asked for together with them."""
    shown = without_zone(properties(call.tenant, node))
    shown.pop("wksp_type_name", None)
    if node.workspace is not None:
        shown["wnf_wksp_type_id"] = node.workspace.type_id
        shown["wnf_wksp_template_id"] = node.workspace.template_id
    rights = Rights(call.tenant, call.user).of(node)
    shown |= {flag: right in rights for flag, right in FLAGS.items()} | extra
    narrow = {*call.many("action"), *call.many("actions")} & {"properties-"}
    picked = narrowed(shown, call.wishes().get("properties")) if narrow else shown
    return {"actions": opening(node), "data": {"properties": picked}}


# --- one ---


async def read(call: Call) -> Response:
    """One workspace: an object, with the field groups asked for (all of them where none are)."""
    node = visible(call)
    wishes = call.wishes()
    groups: dict[str, Callable[[], Any]] = {
        "properties": lambda: narrowed(without_zone(properties(call.tenant, node)), wishes.get("properties")),
        "categories": lambda: [category(call.tenant, int(id)).flat(one) for id, one in node.categories.items()],
        "business_properties": lambda: business_properties(call.tenant, node),
        "workspace_references": lambda: references(call.tenant, node),
        "display_urls": list,
        "wksp_info": lambda: {"wksp_type_icon": None},
    }
    wanted = [name for name in groups if name in wishes] or ["properties", "categories", "business_properties"]
    results: dict[str, Any] = {
        "actions": {"data": {}, "map": {}, "order": []},
        "data": {name: groups[name]() for name in wanted},
    }
    if "metadata" in call.query:
        results |= metadata(call.tenant, node, wanted)
    return call.results(results)


def business_properties(tenant: Tenant, node: Node) -> dict[str, Any]:
    """Of the first business object; the type of the workspace is told also where there is none."""
    workspace = node.workspace
    if workspace is None:
        return {}
    type = workspace_type(tenant, workspace.type_id)
    shown: dict[str, Any] = {
        "business_object_id": "",
        "business_object_type": "",
        "business_object_type_id": None,
        "business_object_type_name": "",
        "display_url": "",
        "external_system_id": "",
        "external_system_name": "",
        "has_default_display": False,
        "has_default_search": False,
        "isEarly": workspace.early,
        "workspace_type_id": workspace.type_id,
        "workspace_type_name": type.name if type else "",
        "workspace_type_name_multilingual": type.names if type else {},
    }
    if workspace.references:
        first = workspace.references[0]
        known = find_object_type(tenant, first.ext_system_id, first.bo_type)
        shown |= {
            "business_object_id": first.bo_id,
            "business_object_type": first.bo_type,
            "business_object_type_id": known.id if known else None,
            "business_object_type_name": known.name if known else first.bo_type,
            "external_system_id": first.ext_system_id,
            "external_system_name": first.ext_system_id,
            "has_default_display": True,
            "has_default_search": True,
        }
    return shown


def references(tenant: Tenant, node: Node) -> list[dict[str, Any]]:
    return [_reference(tenant, node, one) for one in (node.workspace.references if node.workspace else ())]


def _reference(tenant: Tenant, node: Node, one: Reference) -> dict[str, Any]:
    known = find_object_type(tenant, one.ext_system_id, one.bo_type)
    return {
        "business_object_id": one.bo_id,
        "business_object_type": one.bo_type,
        "business_object_type_id": known.id if known else None,
        "external_system_id": one.ext_system_id,
        "has_default_display": True,
        "has_default_search": True,
        "workspace_type_id": node.workspace.type_id if node.workspace else None,
    }


async def enclosing(call: Call) -> Response:
    """The workspace a node lies in, or is."""
    node = Rights(call.tenant, call.user).visible(call.id())
    found = call.tenant.workspace_of(node)
    if found is None or found.workspace is None:
        raise not_accessible()
    return call.answer({"id": found.id, "isLinked": False, "type": 848, "workspace_type_id": found.workspace.type_id})
