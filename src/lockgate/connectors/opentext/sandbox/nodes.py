"""Nodes: reading, making, changing, listing, removing."""

from typing import Any

from starlette.responses import Response

from . import applying, documents
from .call import Call, whole
from .errors import Refusal, bad, edit_conflict, failed, insufficient, missing
from .making_nodes import (
    COPY,
    CREATE,
    checked_name,
    classify,
    copy,
    free,
    make,
    move,
    touch_external,
)
from .records import CONTAINERS, DOCUMENT, SHORTCUT, Node
from .rights import Rights
from .showing import actions, entry
from .views import properties, short_nodes

MOST_IDS = 250
RENAMED, RESERVED, UNRESERVED, MOVED, DELETED = 5, 6, 7, 3, 2
SEARCHABLE = tuple(sorted(CONTAINERS))
ORDERS = {
    "name": "folded",
    "type": "type, folded",
    "modify_date": "modified",
    "create_date": "created",
    "id": "id",
}


async def read(call: Call) -> Response:
    node = Rights(call.tenant, call.user).visible(call.id())
    return call.results(entry(call, node, call.wishes()))


async def create(call: Call) -> Response:
    """A new item, a copy (`original_id` without a type of its own) or a document with its file."""
    tenant, rights = call.tenant, Rights(call.tenant, call.user)
    parent = rights.visible(call.needed_number("parent_id"))
    rights.demand(parent, "add_items")
    if not parent.container:
        raise bad("The parent is not a container")
    original, type = call.number("original_id"), call.number("type")
    if original is not None and type != SHORTCUT:
        source = rights.visible(original)
        free(tenant, parent.id, name := checked_name(call.get("name", source.name)))
        with tenant.store.transaction():
            node = copy(tenant, source, parent, name, call.user)
            tenant.note(source.id, COPY, call.user)
        return _made(call, node)
    if type is None:
        raise missing("type")
    if type == DOCUMENT:
        return _made(call, await documents.create(call, parent))
    node = make(tenant, parent, type, checked_name(call.get("name")), call.user, said=call.sent)
    node.original = original
    _equip(call, node)
    return _made(call, node)


def _equip(call: Call, node: Node) -> None:
    """Categories and classifications named with the creation, then keep the node."""
    roles = call.mapping("roles")
    applying.fill(call.tenant, node, roles.get("categories") or {})
    classify(node, roles)
    call.tenant.put(node)
    call.tenant.note(node.id, CREATE, call.user)


def _made(call: Call, node: Node) -> Response:
    return call.results({"data": {"properties": properties(call.tenant, node)}})


async def update(call: Call) -> Response:
    """Rename, describe, move, reserve: whatever of it is said."""
    tenant, rights = call.tenant, Rights(call.tenant, call.user)
    node = rights.visible(call.id())
    if call.text("metadata_token") and call.text("metadata_token") != tenant.token(node.id, node.mark):
        raise edit_conflict()
    with tenant.store.transaction():
        if "reserved_user_id" in call.sent:
            rights.demand(node, "reserve")
            _reserve(call, node)
        if call.sent.keys() - {"reserved_user_id", "metadata_token"}:
            rights.demand(node, "modify")
            _not_reserved_by_another(call, node)
            _rewrite(call, node)
            _move(call, node, rights)
        tenant.save(node, call.user)
    return _made(call, node)


def _rewrite(call: Call, node: Node) -> None:
    names = {**call.mapping("name_multilingual")}
    if call.get("name") is not None or names:
        name = checked_name(call.get("name") or names.get("en") or next(iter(names.values())))
        free(call.tenant, node.parent, name, but=node.id)
        if name != node.name:
            call.tenant.note(node.id, RENAMED, call.user)
        node.name, node.names = name, names or ({**node.names, "en": name} if node.names else {})
    if "description" in call.sent:
        node.description = call.text("description")
    if texts := call.mapping("description_multilingual"):
        node.descriptions, node.description = texts, str(texts.get("en", next(iter(texts.values()))))
    if "versions_control_advanced" in call.sent:
        node.advanced_versioning = call.flag("versions_control_advanced")
    if call.get("url") is not None:
        node.url = call.text("url")
    touch_external(node, call.sent)


def _move(call: Call, node: Node, rights: Rights) -> None:
    wanted = call.number("parent_id")
    if wanted is None or wanted == node.parent:
        return
    parent = rights.visible(wanted)
    rights.demand(parent, "add_items")
    if node.is_volume or not parent.container:
        raise insufficient()
    free(call.tenant, parent.id, node.name)
    move(call.tenant, node, parent)
    applying.fill(call.tenant, node, call.mapping("roles").get("categories") or {})
    call.tenant.note(node.id, MOVED, call.user)


def _reserve(call: Call, node: Node) -> None:
    given = call.get("reserved_user_id")
    if given in (None, "", "null", 0, "0"):
        node.reserved_by = node.reserved = None
        call.tenant.note(node.id, UNRESERVED, call.user)
        return
    _not_reserved_by_another(call, node)
    node.reserved_by, node.reserved = whole(given, "reserved_user_id"), call.tenant.now()
    call.tenant.note(node.id, RESERVED, call.user)


def _not_reserved_by_another(call: Call, node: Node) -> None:
    if node.reserved_by not in {None, call.user}:
        raise bad("The item is reserved by another user.")


async def delete(call: Call) -> Response:
    """Into the recycle bin, with all that is below. What is on hold stays."""
    tenant, rights = call.tenant, Rights(call.tenant, call.user)
    node = rights.visible(call.id())
    rights.demand(node, "delete")
    if node.is_volume:
        raise insufficient()
    if node.holds or any(one.holds for one in tenant.below(node.id)):
        raise failed(f"The item '{node.name}' is on hold and cannot be deleted.")
    if node.reserved_by not in {None, call.user}:
        raise bad("The item is reserved by another user.")
    with tenant.store.transaction():
        tenant.discard(node)
        tenant.note(node.id, DELETED, call.user)
    return call.done()


async def many(call: Call) -> Response:
    """Up to 250 nodes at once; those that cannot be seen are left out without a word."""
    ids, rights = call.numbers("ids"), Rights(call.tenant, call.user)
    if not ids:
        raise missing("ids")
    if len(ids) > MOST_IDS:
        raise bad(f"The number of IDs exceeds the maximum of {MOST_IDS}")
    found = (call.tenant.find(id) for id in dict.fromkeys(ids))
    seen = [node for node in found if node is not None and rights.sees(node)]
    return call.results([entry(call, node, call.wishes(), ("properties",)) for node in seen])


async def children(call: Call) -> Response:
    rights = Rights(call.tenant, call.user)
    parent = rights.visible(call.id())
    where, values = _where(call)
    wanted = call.sort("asc_name")
    page = call.page()
    if rights.all:
        total = call.tenant.count(parent.id, where, values)
        part = f"LIMIT {page.limit} OFFSET {page.begin(total)}"
        shown = list(call.tenant.children(parent.id, where, values, order=_order(wanted), part=part))
    else:
        seen = [one for one in call.tenant.children(parent.id, where, values, order=_order(wanted)) if rights.sees(one)]
        total, shown = len(seen), list(page.cut(seen))
    rows = [entry(call, node, call.wishes(), ("properties",)) for node in shown]
    return call.results(rows, collection=call.collection(page, total, wanted))


def _where(call: Call) -> tuple[str, list[Any]]:
    """`where_type` and `where_name`; the name is looked for anywhere in it."""
    parts: list[str] = ["1"]
    values: list[Any] = []
    kinds = call.numbers("where_type")
    if kinds:
        parts.append("(" + " OR ".join(_kind(kind) for kind in kinds) + ")")
        values += [kind for kind in kinds if kind >= 0]
    if name := call.text("where_name"):
        parts.append("instr(folded, ?) > 0")
        values.append(name.casefold())
    return " AND ".join(parts), values


def _kind(kind: int) -> str:
    """-1 are containers, -3 all others, -2 what can be searched: everything here."""
    among = ", ".join(map(str, SEARCHABLE))
    return {-1: f"type IN ({among})", -2: "1", -3: f"type NOT IN ({among})"}.get(kind, "type = ?")


def _order(sort: str) -> str:
    """`asc_name`, `desc_modify_date`, `name`; what is no column sorts by name."""
    way, _, name = sort.partition("_")
    if way not in {"asc", "desc"}:
        way, name = "asc", sort
    columns = ORDERS.get(name, "folded")
    return ", ".join(f"{column} {way}" for column in columns.split(", ")) + ", id"


async def ancestors(call: Call) -> Response:
    node = Rights(call.tenant, call.user).visible(call.id())
    return call.answer({"ancestors": short_nodes([*call.tenant.ancestors(node), node])})


async def menu(call: Call) -> Response:
    """What may be done with each of some nodes."""
    rights, asked = Rights(call.tenant, call.user), call.many("actions") or ["open"]
    found = (call.tenant.find(id) for id in call.numbers("ids"))
    seen = [node for node in found if node is not None and rights.sees(node)]
    return call.results({str(node.id): actions(call, node, asked) for node in seen})


async def validate_names(call: Call) -> Response:
    """Only the names that are taken already come back."""
    parent = Rights(call.tenant, call.user).visible(call.needed_number("parent_id"))
    found = (call.tenant.child(parent.id, name) for name in call.many("names"))
    return call.answer({"results": [{"id": one.id, "name": one.name} for one in found if one is not None]})


async def by_nickname(call: Call) -> Response:
    nick = call.word("nick")
    found = next((one for one in call.tenant.select("nickname = ?", (nick.casefold(),))), None)
    if found is None or not Rights(call.tenant, call.user).sees(found):
        raise Refusal(404, f"Sorry, no exact match was found for an item with the Nickname {nick}.")
    return call.results(entry(call, found, call.wishes()))


async def set_nickname(call: Call) -> Response:
    rights = Rights(call.tenant, call.user)
    node, nick = rights.visible(call.id()), call.needed("nickname")
    rights.demand(node, "modify")
    other = next((one for one in call.tenant.select("nickname = ?", (nick.casefold(),)) if one.id != node.id), None)
    if nick.isdecimal() or other is not None:
        raise failed(f"The nickname '{nick}' is already in use or not valid.")
    node.nickname = nick
    call.tenant.save(node, call.user)
    return call.done()


async def unique_names(call: Call) -> Response:
    """Items by their unique names, in braces or bare."""
    rights = Rights(call.tenant, call.user)
    named = [
        one for name in call.many("where_names") for one in call.tenant.select("unique_name = ?", (name.casefold(),))
    ]
    rows = [
        {"NodeId": one.id, "NodeName": one.name, "UniqueName": one.unique_name} for one in named if rights.sees(one)
    ]
    return call.results(rows)
