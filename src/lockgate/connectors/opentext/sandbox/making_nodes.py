"""Making nodes: checked names, rights and categories handed down, copies of whole trees."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import msgspec

from . import applying
from .call import whole
from .errors import bad, taken, wrong_type
from .records import Node
from .rights import handed_down
from .tenant import Tenant
from .times import stamp

LONGEST_NAME = 248
CREATE, COPY, CREATE_FROM_COPY = 1, 4, 92
EXTERNAL = (
    "external_create_date", "external_modify_date", "external_source", "external_identity", "external_identity_type",
)  # fmt: skip


def checked_name(given: Any) -> str:
    """A name that an item may have."""
    if not isinstance(given, str) or not given.strip():
        raise bad("Missing required parameter 'name'")
    if ":" in given or len(given) > LONGEST_NAME:
        raise bad(f"Invalid name: it may have {LONGEST_NAME} characters at most, and no colon")
    return given


def free(tenant: Tenant, parent: int, name: str, *, but: int | None = None, status: int = 500) -> None:
    """Refuse a name that another child has."""
    there = tenant.child(parent, name)
    if there is not None and there.id != but:
        raise taken(name, status)


def make(
    tenant: Tenant,
    parent: Node,
    type: int,
    name: str,
    by: int,
    *,
    status: int = 500,
    said: Mapping[str, Any] | None = None,
) -> Node:
    """A new node, not yet kept. `said` is what the call says of it beyond name and type."""
    free(tenant, parent.id, name, status=status)
    now, said = tenant.now(), said or {}
    node = Node(
        id=tenant.next_id(),
        type=type,
        name=name,
        parent=parent.id,
        volume=tenant.volume_under(parent),
        created=now,
        created_by=by,
        modified=now,
        modified_by=by,
        owner=by,
        grants=handed_down(parent, by),
        guid=str(uuid4()),
        description=str(said.get("description") or ""),
        names=_texts(said, "name_multilingual"),
        descriptions=_texts(said, "description_multilingual"),
        url=said.get("url"),
        external={key: said[key] for key in EXTERNAL if said.get(key) is not None},
    )
    applying.inherit(parent, node)
    return node


def classify(node: Node, roles: Mapping[str, Any]) -> None:
    """Classifications named when a node is made."""
    sent = roles.get("classifications")
    if isinstance(sent, dict):
        ids = [*_ids(sent.get("create_id")), *_ids(sent.get("id"))]
        node.classifications = list(dict.fromkeys([*node.classifications, *ids]))


def copy(tenant: Tenant, source: Node, parent: Node, name: str, by: int) -> Node:
    """A copy with all that is below it; the copy is kept."""
    fresh = _twin(tenant, source, parent, name, by)
    tenant.put(fresh)
    tenant.note(fresh.id, CREATE_FROM_COPY, by)
    if source.container:
        for child in list(tenant.children(source.id)):
            copy(tenant, child, fresh, child.name, by)
    return fresh


def _twin(tenant: Tenant, source: Node, parent: Node, name: str, by: int) -> Node:
    fresh = make(tenant, parent, source.type, name, by)
    fresh.description, fresh.url, fresh.original = source.description, source.url, source.original
    fresh.categories = {**fresh.categories, **{id: dict(values) for id, values in source.categories.items()}}
    fresh.marks = dict.fromkeys(fresh.categories, 1)
    fresh.classifications, fresh.definition = list(source.classifications), list(source.definition)
    if (version := source.current) is not None:
        id, now = tenant.next_id(), tenant.now()
        fresh.versions = [
            msgspec.structs.replace(version, id=id, number=1, created=now, by=by, locked=False, renditions=[])
        ]
        fresh.last_version = 1
    return fresh


def move(tenant: Tenant, node: Node, parent: Node) -> None:
    """Hang a node elsewhere; what is below it follows into the other volume."""
    if node.id == parent.id or any(one.id == node.id for one in tenant.ancestors(parent)):
        raise bad("An item cannot be moved into itself")
    node.parent, node.volume = parent.id, tenant.volume_under(parent)
    tenant.put(node)
    for one in tenant.below(node.id):
        above = tenant.find(one.parent)
        if above is not None and one.volume != tenant.volume_under(above):
            one.volume = tenant.volume_under(above)
            tenant.put(one)


def touch_external(node: Node, said: Mapping[str, Any]) -> None:
    node.external |= {key: said[key] for key in EXTERNAL if key in said}


def at(tenant: Tenant, when: Any) -> str:
    return stamp(when if when is not None else tenant.clock.now())


def _texts(said: Mapping[str, Any], name: str) -> dict[str, str]:
    given = said.get(name) or {}
    if not isinstance(given, dict):
        raise wrong_type(name)
    return {str(key): str(text) for key, text in given.items()}


def _ids(given: Any) -> list[int]:
    return [whole(one, "id") for one in (given if isinstance(given, list) else [given]) if one not in (None, "")]
