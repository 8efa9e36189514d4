"""Role assignments of collections: who has which role there, of its own or from above."""

from collections.abc import Mapping
from typing import Any

from lockgate.connectors.celum.sandbox.call import mapping, objects, required_integer, required_string
from lockgate.connectors.celum.sandbox.directory import GROUPS, ROLES
from lockgate.connectors.celum.sandbox.errors import invalid, missing
from lockgate.connectors.celum.sandbox.records import USERS, Collection
from lockgate.connectors.celum.sandbox.tenant import Tenant

SUBJECTS: Mapping[str, Mapping[int, Any]] = {"USER": USERS, "USER_GROUP": GROUPS}
Held = tuple[int, str, int]


def first(body: Mapping[str, Any]) -> list[Held]:
    """Those a new collection is made with."""
    return list(
        dict.fromkeys(held for one in objects(body, "roleAssignments") for held in _named(one, one, "assignees"))
    )


def change(after: Collection, body: Mapping[str, Any]) -> None:
    """Assignees of each role named are added and removed; all others stay."""
    for one in objects(body, "roleAssignments"):
        moved = mapping(one, "assignees")
        gone = _named(one, moved, "remove")
        after.roles = [held for held in after.roles if held not in gone]
        after.roles += [held for held in _named(one, moved, "add") if held not in after.roles]


def view(tenant: Tenant, node: Collection) -> list[dict[str, Any]]:
    """By role, the nearest collection's first; what comes from above is inherited."""
    held: dict[Held, bool] = {}
    for above in tenant.tree.upward(node):
        for one in above.roles:
            held.setdefault(one, above.id != node.id)
    return [
        {
            "role": ROLES[role],
            "assignees": [_assignee(one, inherited) for one, inherited in held.items() if one[0] == role],
        }
        for role in dict.fromkeys(role for role, _, _ in held)
    ]


def _assignee(held: Held, inherited: bool) -> dict[str, Any]:
    _, type, id = held
    told = USERS[id].shown() if type == "USER" else GROUPS[id]
    names = ("username", "firstname", "lastname") if type == "USER" else ("name",)
    return {"inherited": inherited, "subject": {"id": id, "type": type, **{name: told[name] for name in names}}}


def _named(assignment: Mapping[str, Any], holder: Mapping[str, Any], name: str) -> list[Held]:
    role = required_integer(assignment, "roleId")
    if role not in ROLES:
        raise missing("role", role)
    return [(role, *_subject(one)) for one in objects(holder, name)]


def _subject(given: Mapping[str, Any]) -> tuple[str, int]:
    type, id = required_string(given, "type"), required_integer(given, "subjectId")
    if type not in SUBJECTS:
        raise invalid("type", f"type must be one of {', '.join(SUBJECTS)}")
    if id not in SUBJECTS[type]:
        raise missing("user" if type == "USER" else "userGroup", id)
    return type, id
