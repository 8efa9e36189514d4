"""Who may do what with a node."""

from collections.abc import Mapping, Sequence
from typing import Literal

from lockgate.connectors.opentext.answers import Grant
from lockgate.connectors.opentext.operations.parts import Parts
from lockgate.kit.contract import operation
from lockgate.kit.errors import NotFound, Rejected

RIGHTS = (
    "see", "see_contents", "modify", "edit_attributes", "add_items", "reserve", "add_major_version", "delete_versions",
    "delete", "edit_permissions",
)  # fmt: skip
Reach = Literal["item", "below", "both"]
REACH = {"item": 0, "below": 1, "both": 2}


class PermissionOperations(Parts):
    """Rights by the ten names of the server."""

    @operation(effect="read")
    async def permissions(self, node: int) -> list[Grant]:
        """Every entry: owner, group, public, and the users, groups and roles that have one of their own."""
        return [
            Grant(
                who=str(one.get("type")),
                member=one.get("right_id") if isinstance(one.get("right_id"), int) else None,
                rights=tuple(map(str, one.get("permissions") or ())),
            )
            for one in await self.client.permissions(node)
        ]

    @operation(effect="read")
    async def effective_rights(self, node: int, member: int) -> tuple[str, ...]:
        """What a user may do there in the end, groups and roles included."""
        return tuple(await self.client.effective(node, member))

    @operation(effect="upsert")
    async def grant(self, node: int, member: int, rights: Sequence[str], reach: Reach = "item") -> None:
        """Set what one user, group or role may do; entries of others stay."""
        await self.client.set_member_permission(node, member, known(rights), REACH[reach])

    @operation(effect="upsert")
    async def grant_all(self, node: int, rights: Mapping[int, Sequence[str]], reach: Reach = "item") -> None:
        """The same for several members in one call, by their ids."""
        if rights:
            wanted = {member: known(names) for member, names in rights.items()}
            await self.client.set_member_permissions(node, wanted, REACH[reach])

    @operation(effect="upsert")
    async def set_owner(self, node: int, member: int, rights: Sequence[str] = RIGHTS, reach: Reach = "item") -> None:
        """Make a user the owner, with these rights. What our user no longer owns it can no longer hide."""
        await self.client.set_permission(node, "owner", known(rights), member, REACH[reach])

    @operation(effect="upsert")
    async def set_group_rights(
        self, node: int, rights: Sequence[str], group: int | None = None, reach: Reach = "item"
    ) -> None:
        """Set what the owner's group may do, or make another group that one."""
        await self.client.set_permission(node, "group", known(rights), group, REACH[reach])

    @operation(effect="withdraw")
    async def revoke(self, node: int, member: int, reach: Reach = "item") -> None:
        """Remove the entry of a user, group or role; nothing happens where there is none."""
        if any(one.member == member and one.who == "custom" for one in await self.permissions(node)):
            try:
                await self.client.drop_member_permission(node, member, REACH[reach])
            except NotFound:
                return

    @operation(effect="withdraw")
    async def close(self, node: int, who: Literal["group", "public"], reach: Reach = "item") -> None:
        """Take the entry of the owner's group, or that of everybody, away as a whole; nothing happens where there is none."""
        if any(one.who == who for one in await self.permissions(node)):
            await self.client.drop_permission(node, who, REACH[reach])

    @operation(effect="upsert")
    async def set_public_rights(self, node: int, rights: Sequence[str], reach: Reach = "item") -> None:
        """Set what everybody may do; no rights close it to those without an entry of their own."""
        await self.client.set_permission(node, "public", known(rights), None, REACH[reach])


def known(rights: Sequence[str]) -> list[str]:
    """Rights in the server's words, in its order. Raises Rejected for others."""
    if unknown := sorted(set(rights) - set(RIGHTS)):
        raise Rejected(f"There is no right {', '.join(unknown)}; there are: {', '.join(RIGHTS)}.", code="right")
    return [one for one in RIGHTS if one in rights]
