"""The team of a workspace: roles, their members, users and groups."""

from collections.abc import Sequence

from lockgate.connectors.opentext.answers import Member, Role
from lockgate.connectors.opentext.client.errors import TAKEN
from lockgate.connectors.opentext.operations.parts import Parts, Record
from lockgate.kit.contract import operation
from lockgate.kit.errors import Conflict, NotFound, Rejected
from lockgate.kit.together import together

USER, GROUP = 0, 1


class TeamOperations(Parts):
    """Who works in a workspace."""

    @operation(effect="read")
    async def team(self, workspace: int) -> list[Role]:
        """All roles with their members."""
        rows = await self.client.roles(workspace)
        members = await together(self.client.role_members(workspace, int(row["id"])) for row in rows)
        return [as_role(row, people) for row, people in zip(rows, members, strict=True)]

    @operation(effect="read")
    async def find_member(self, name: str, *, group: bool = False) -> Member:
        """The user by login name, or the group by name; letter case does not count. NotFound where there is none, or several."""
        found = await self.client.members(GROUP if group else USER, "name", name)
        if len(found) != 1:
            raise NotFound(
                f"{self.client.services.connection} has {len(found) or 'no'} {'group' if group else 'user'} named {name}.",
                code="member",
            )
        return as_member(found[0])

    @operation(effect="read")
    async def member(self, id: int) -> Member:
        """A user, group or role by id: who uploaded a version, who owns an item."""
        return as_member(await self.client.member(id))

    @operation(effect="read")
    async def members_of(self, group: int) -> list[Member]:
        """Who is in a group."""
        return [as_member(row) for row in await self.client.members_of(group)]

    @operation(effect="read")
    async def groups_of(self, member: int) -> list[Member]:
        """The groups that a user or group is directly in."""
        return [as_member(row) for row in await self.client.groups_of(member)]

    @operation(effect="upsert", idempotent="look-up")
    async def add_to_team(self, workspace: int, role: str, member: int) -> None:
        """Make a user or group a member of a role, given by its name; read back. Roles that come from above are changed there."""
        found = await self._role(workspace, role)
        if not await self._has(workspace, found, member):
            try:
                await self.client.add_member(workspace, found.id, member)
            except Rejected as error:
                if error.code != TAKEN:
                    raise
            if not await self._has(workspace, found, member):
                raise Conflict(f"Member {member} is not in role {role} after it was added; it is tried again.")

    @operation(effect="withdraw", idempotent="look-up")
    async def take_from_team(self, workspace: int, role: str, member: int) -> None:
        """End a membership; read back."""
        found = await self._role(workspace, role)
        if await self._has(workspace, found, member):
            await self.client.remove_member(workspace, found.id, member)
            if await self._has(workspace, found, member):
                raise Conflict(f"Member {member} is still in role {role} after it was removed; it is tried again.")

    @operation(effect="create", idempotent="look-up")
    async def add_role(self, workspace: int, name: str, rights: Sequence[str], *, leader: bool = False) -> Role:
        """The role of this name; made with these rights where there is none."""
        try:
            return await self._role(workspace, name)
        except NotFound:
            content = {"name": name, "permissions": list(rights), "leader": leader, "apply_to": 2}
            return as_role(await self.client.add_role(workspace, content), [])

    @operation(effect="upsert")
    async def set_role_rights(self, workspace: int, role: str, rights: Sequence[str]) -> None:
        """Set what a role may do in the workspace and everything in it."""
        found = await self._role(workspace, role)
        await self.client.change_role(workspace, found.id, {"permissions": list(rights), "apply_to": 2})

    @operation(effect="withdraw")
    async def remove_role(self, workspace: int, name: str) -> None:
        """Remove a role; nothing happens where there is none."""
        try:
            found = await self._role(workspace, name)
        except NotFound:
            return
        await self.client.remove_role(workspace, found.id)

    async def _role(self, workspace: int, name: str) -> Role:
        rows = await self.client.roles(workspace)
        row = next((one for one in rows if str(one.get("name")).casefold() == name.casefold()), None)
        if row is None:
            there = ", ".join(str(one.get("name")) for one in rows) or "none"
            raise NotFound(f"Workspace {workspace} has no role {name}; there are: {there}.", code="role")
        return as_role(row, [])

    async def _has(self, workspace: int, role: Role, member: int) -> bool:
        return any(int(row["id"]) == member for row in await self.client.role_members(workspace, role.id))


def as_role(row: Record, members: Sequence[Record]) -> Role:
    return Role(
        id=int(row["id"]),
        name=str(row.get("name") or ""),
        leader=row.get("leader") is True,
        inherited=row.get("inherited_from_id") is not None,
        members=tuple(map(as_member, members)),
    )


def as_member(row: Record) -> Member:
    return Member(
        id=int(row["id"]),
        name=str(row.get("name") or ""),
        display=str(row.get("display_name") or row.get("name_formatted") or ""),
        group=row.get("type") == GROUP,
        email=str(row.get("business_email") or ""),
    )
