"""Role assignments of collections: who may do what there, of its own or from above."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import Record
from lockgate.connectors.celum.mapping.fields import labels
from lockgate.kit.contract import operation
from lockgate.kit.errors import Rejected
from lockgate.model.item import Text

Subject = Literal["user", "group"]
TYPES: dict[Subject, str] = {"user": "USER", "group": "USER_GROUP"}


class Assigned(msgspec.Struct, frozen=True, kw_only=True):
    """One person or group has one role."""

    role: str
    """Number of the role."""
    role_names: Text
    subject: Subject
    id: str
    name: str
    """User name, or the group's name."""
    inherited: bool
    """Whether it comes from a collection above, where alone it can be taken back."""


class RoleOperations(CelumBase):
    @operation(effect="read")
    async def assignments(self, collection: str) -> list[Assigned]:
        """Who has which role at a collection. Raises NotFound."""
        node = await self.client.one(f"collections/{collection}", {"inclusions": ["roleAssignments"]})
        return list(assigned(node))

    @operation(effect="upsert")
    async def assign(self, collection: str, role: str, subject: Subject, ids: Sequence[str]) -> list[Assigned]:
        """Give users or groups a role at a collection and below; all other assignments stay."""
        return await self._assigned(collection, role, {"add": told(subject, ids)})

    @operation(effect="withdraw")
    async def unassign(self, collection: str, role: str, subject: Subject, ids: Sequence[str]) -> list[Assigned]:
        """Take the role from users or groups. Raises Rejected for one that is inherited: it is taken back where it was given."""
        there = [one for one in await self.assignments(collection) if (one.role, one.subject) == (role, subject)]
        if above := [one.name for one in there if one.id in ids and one.inherited]:
            raise Rejected(
                f"{', '.join(above)} has the role from a collection above {collection}.", code="role.inherited"
            )
        return await self._assigned(collection, role, {"remove": told(subject, ids)})

    async def _assigned(self, collection: str, role: str, assignees: dict[str, Any]) -> list[Assigned]:
        """Written, and read back: the answer to a change does not carry assignments."""
        body = {"roleAssignments": [{"roleId": int(role), "assignees": assignees}]}
        await self.client.change(f"collections/{collection}", body)
        return await self.assignments(collection)


def told(subject: Subject, ids: Sequence[str]) -> list[dict[str, Any]]:
    return [{"type": TYPES[subject], "subjectId": int(id)} for id in ids]


def assigned(node: Record) -> Iterator[Assigned]:
    for assignment in node.get("roleAssignments") or ():
        role = assignment.get("role") or {}
        for assignee in assignment.get("assignees") or ():
            who = assignee.get("subject") or {}
            group = who.get("type") == TYPES["group"]
            yield Assigned(
                role=str(role.get("id") or ""),
                role_names=labels(role.get("name")),
                subject="group" if group else "user",
                id=str(who.get("id") or ""),
                name=str(who.get("name" if group else "username") or ""),
                inherited=assignee.get("inherited") is True,
            )
