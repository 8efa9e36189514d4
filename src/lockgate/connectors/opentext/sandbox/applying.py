"""Categories on nodes: putting them there, changing values, handing them down."""

from collections.abc import Mapping
from typing import Any

from .definitions import Category, Values, by_category
from .errors import bad, edit_conflict
from .records import CATEGORY, Node
from .tenant import Tenant


def category(tenant: Tenant, id: int) -> Category:
    """A category by its number; 400 when it is none."""
    node = tenant.find(id)
    if node is None or node.type != CATEGORY:
        raise bad(f"Category ID '{id}' is not a category")
    return Category(node)


def token(tenant: Tenant, node: Node, id: int) -> str:
    """The token of a category's values on a node; it changes with them."""
    return tenant.token(node.id, id, node.marks.get(str(id), 0))


def add(tenant: Tenant, node: Node, id: int, sent: Mapping[str, Any]) -> None:
    """Put a category on a node, with values; 400 when it is there already."""
    definition = category(tenant, id)
    if str(id) in node.categories:
        raise bad(f"The attribute group '{definition.name}' already exists")
    node.categories[str(id)] = definition.changed({}, sent)
    node.marks[str(id)] = 1


def change(tenant: Tenant, node: Node, id: int, sent: Mapping[str, Any]) -> None:
    """Change values of a category that is on the node; 409 when the token sent with them is an older one."""
    values = on_node(node, id)
    known = sent.get(f"{id}_1")
    if isinstance(known, dict) and known.get("metadata_token") not in {None, "", token(tenant, node, id)}:
        raise edit_conflict()
    node.categories[str(id)] = category(tenant, id).changed(values, sent)
    node.marks[str(id)] = node.marks.get(str(id), 0) + 1


def on_node(node: Node, id: int) -> Values:
    """The values of a category on a node; 400 when the node does not have it."""
    if str(id) not in node.categories:
        raise bad(f"Category ID '{id}' is not a category on node '{node.id}'")
    return node.categories[str(id)]


def fill(tenant: Tenant, node: Node, sent: Mapping[str, Any]) -> None:
    """What a creation says of categories: those that are there get values, others are put there."""
    for id, values in by_category(sent).items():
        (change if str(id) in node.categories else add)(tenant, node, id, values)


def inherit(parent: Node, node: Node) -> None:
    """A new child gets what its parent hands down."""
    for id in parent.inherited:
        if id not in node.categories:
            node.categories[id] = dict(parent.categories.get(id, {}))
            node.marks[id] = 1
    node.inherited = [*node.inherited, *(id for id in parent.inherited if id not in node.inherited)]
