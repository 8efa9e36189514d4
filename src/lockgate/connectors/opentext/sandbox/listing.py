"""Columns of lists of workspaces: of every type the name and the date, and the attributes that its workspaces have.

The documents show one key, `WNF_ATT_35S_2`, and that lists name their columns when asked for `metadata`. That the part in the middle
is the category's number to the base of 36 is our reading of it; callers should take the keys from the list.
"""

from collections.abc import Iterable
from typing import Any

from .applying import category
from .business import templates, workspace_types
from .records import Attribute, Node
from .tenant import Tenant

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TYPES = {"String": -1, "Date": -7, "Integer": 2, "Boolean": 5, "User": 14}


def columns(tenant: Tenant, types: Iterable[int] | None) -> dict[str, dict[str, Any]]:
    """The columns of workspaces of these types, or of all."""
    found = {name: _column(name, name, -1) for name in ("name", "modify_date")}
    known = [one.id for one in workspace_types(tenant)] if types is None else list(types)
    for type in known:
        for template in templates(tenant, type):
            for id in template.categories:
                found |= {
                    key_of(int(id), one): _column(key_of(int(id), one), one.name, TYPES[one.type])
                    for one in category(tenant, int(id)).top()
                    if shown(one)
                }
    return found


def attributes_of(tenant: Tenant, node: Node) -> dict[str, Any]:
    """The values of a workspace by the keys of their columns."""
    found: dict[str, Any] = {}
    for id, values in node.categories.items():
        flat = category(tenant, int(id)).flat(values)
        for one in category(tenant, int(id)).top():
            if shown(one):
                found[key_of(int(id), one)] = flat.get(f"{id}_{one.id}")
    return found


def shown(one: Attribute) -> bool:
    """Single values only: neither lists nor rows of sets have a column."""
    return one.type in TYPES and not one.multi


def key_of(category: int, one: Attribute) -> str:
    return f"WNF_ATT_{base36(category)}_{one.id}"


def base36(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = DIGITS[rest] + text
    return text


def _column(key: str, name: str, type: int) -> dict[str, Any]:
    return {"align": "left", "key": key, "name": name, "persona": "", "sort": True, "type": type, "width_weight": 1}
