"""Categories of nodes: the flat calls, the older list, the forms."""

from typing import Any

from starlette.responses import Response

from . import applying
from .call import Call, whole
from .errors import no_node, wrong_type
from .records import Node
from .rights import Rights

ATTRIBUTES_CHANGED = 10


def _node(call: Call, *, change: bool = False) -> Node:
    """The node of the path, in the words category calls have for one that is not there."""
    rights, node = Rights(call.tenant, call.user), call.tenant.find(call.id())
    if node is None or not rights.sees(node):
        raise no_node(call.id())
    if change:
        rights.demand(node, "edit_attributes")
    return node


def _shown(call: Call, node: Node, id: int) -> dict[str, Any]:
    definition = applying.category(call.tenant, id)
    shown: dict[str, Any] = {"data": {"categories": definition.flat(applying.on_node(node, id))}}
    if "metadata" in call.query:
        shown |= {
            "metadata": {"categories": definition.definitions()},
            "metadata_map": {"categories": definition.map()},
            "metadata_order": {"categories": [str(id)]},
        }
    return shown


async def all_of(call: Call) -> Response:
    node = _node(call)
    return call.results([_shown(call, node, int(id)) for id in node.categories])


async def one(call: Call) -> Response:
    return call.results(_shown(call, _node(call), call.id("category")))


async def add(call: Call) -> Response:
    node = _node(call, change=True)
    applying.add(call.tenant, node, call.needed_number("category_id"), call.sent)
    return _changed(call, node)


async def change(call: Call) -> Response:
    node, id = _node(call, change=True), call.id("category")
    applying.change(call.tenant, node, id, call.sent)
    call.tenant.save(node, call.user)
    call.tenant.note(node.id, ATTRIBUTES_CHANGED, call.user)
    if f"{id}_1" not in call.sent:
        return call.done()
    token = {"metadata_token": applying.token(call.tenant, node, id)}
    return call.results({"state": {"categories": {f"{id}_1": token}}})


async def remove(call: Call) -> Response:
    node, id = _node(call, change=True), call.id("category")
    applying.on_node(node, id)
    del node.categories[str(id)]
    node.inherited = [one for one in node.inherited if one != str(id)]
    return _changed(call, node)


async def apply(call: Call) -> Response:
    """Put categories on all that lies below, with the node's own values, or take them off there.

    What has a category already keeps its values and counts as skipped.
    """
    node, entries = _node(call, change=True), call.get("categories")
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise wrong_type("categories")
    actions = [(whole(one.get("id"), "id"), str(one.get("action", "add_upgrade"))) for one in entries]
    clear = call.flag("clear_existing_categories")
    below = list(call.tenant.below(node.id))
    with call.tenant.store.transaction():
        processed = sum(_applied(call, node, one, actions, clear=clear) for one in below)
    return call.results({"message": "", "processed": processed, "skipped": len(below) - processed})


def _applied(call: Call, node: Node, below: Node, actions: list[tuple[int, str]], *, clear: bool) -> bool:
    """Whether anything changed."""
    before = dict(below.categories)
    if clear:
        below.categories = {}
    for id, action in actions:
        if action == "remove":
            below.categories.pop(str(id), None)
        elif str(id) not in below.categories:
            applying.add(call.tenant, below, id, node.categories.get(str(id), {}))
    if below.categories != before:
        call.tenant.save(below, call.user)
    return below.categories != before


async def upgrade(call: Call) -> Response:
    """To the newest definition, which is the only one here; the categories must be on the node."""
    node = _node(call, change=True)
    for id in call.numbers("category_id"):
        applying.on_node(node, id)
    return _changed(call, node)


async def hand_down(call: Call) -> Response:
    """New children get this category from now on."""
    node, id = _node(call, change=True), call.id("category")
    applying.on_node(node, id)
    node.inherited = list(dict.fromkeys([*node.inherited, str(id)]))
    return _changed(call, node)


async def keep_back(call: Call) -> Response:
    node, id = _node(call, change=True), call.id("category")
    applying.on_node(node, id)
    node.inherited = [one for one in node.inherited if one != str(id)]
    return _changed(call, node)


def _changed(call: Call, node: Node) -> Response:
    call.tenant.save(node, call.user)
    call.tenant.note(node.id, ATTRIBUTES_CHANGED, call.user)
    return call.done()


async def names(call: Call) -> Response:
    """The older call: numbers and names only."""
    node = _node(call)
    found = (applying.category(call.tenant, int(id)) for id in node.categories)
    return call.answer({"data": [{"id": one.id, "name": one.name} for one in found]})


async def update_form(call: Call) -> Response:
    """Nested values, with the token that guards against a change in between."""
    node = call.tenant.find(call.needed_number("id"))
    if node is None or not Rights(call.tenant, call.user).sees(node):
        raise no_node(call.needed_number("id"))
    return _form(call, node, call.needed_number("category_id"))


async def create_form(call: Call) -> Response:
    """As it would be shown before the category is put on the node."""
    node = call.tenant.find(call.needed_number("id"))
    if node is None or not Rights(call.tenant, call.user).sees(node):
        raise no_node(call.needed_number("id"))
    node.categories = {str(call.needed_number("category_id")): {}}
    return _form(call, node, call.needed_number("category_id"))


def _form(call: Call, node: Node, id: int) -> Response:
    definition = applying.category(call.tenant, id)
    data = definition.nested(applying.on_node(node, id))
    data[f"{id}_1"] = {"metadata_token": applying.token(call.tenant, node, id)}
    titles = {key: {"title": one["name"], "type": "string"} for key, one in definition.definitions().items()}
    schema = {"properties": titles, "type": "object"}
    return call.answer({"forms": [{"data": data, "options": {"fields": {}}, "schema": schema}]})
