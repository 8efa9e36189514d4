"""Closing and opening our copies: who may see them, or whether they are there at all.

Hidden means that nobody but the owner, which is our user, may see a copy that others could see where it lies. Shown means that it
may be seen by those who may see its folder. Both are read back.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from lockgate.connectors.opentext.client.nodes import DYNAMIC
from lockgate.connectors.opentext.tenant import Tenant
from lockgate.kit.contract import Receipt
from lockgate.kit.errors import Conflict, ConnectorError, NotFound, Rejected
from lockgate.kit.together import apart

Answer = Receipt | ConnectorError
Grant = Mapping[str, Any]
ROLES = "hide.roles"
SEE, ADDING = "see", "add_items"
"""Adding is a right on containers only."""


class States:
    """Hides, shows and removes for one connection."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.client = tenant, tenant.client

    async def withdraw(self, refs: Sequence[str], policy: str) -> list[Answer]:
        act = {"hide": self.hide, "remove": self.remove}[policy]
        return await apart(act(ref) for ref in refs)

    async def show_all(self, refs: Sequence[str]) -> list[Answer]:
        return await apart(self.show(ref) for ref in refs)

    async def remove(self, ref: str) -> Receipt:
        """To the recycle bin, and seen to be gone."""
        with suppress(NotFound):
            await self.client.remove(ref)
        try:
            await self.client.node(ref)
        except NotFound:
            return Receipt(key=ref, ref=ref)
        raise Conflict(f"Item {ref} is still there after it was removed; it is tried again.")

    async def hide(self, ref: str) -> Receipt:
        """Take every right from all but the owner, the team's roles included."""
        id = int((await self._ours(ref))["id"])
        for grant in others(await self.grants(id, strict=True)):
            await self._give(id, grant, [])
        if visible(await self.grants(id, strict=True)):
            raise Conflict(f"Item {ref} can still be seen by others after it was hidden; it is tried again.")
        return Receipt(key=ref, ref=ref)

    async def show(self, ref: str) -> Receipt:
        """Give everybody the rights they have on the folder."""
        properties = await self._ours(ref)
        await self.as_folder(int(properties["id"]), abs(int(properties["parent_id"])))
        return Receipt(key=ref, ref=ref)

    async def as_folder(self, id: int, parent: int) -> None:
        """Rights as on the folder, read back."""
        wanted = others(await self.grants(parent))
        known = {one.get("right_id") for one in await self.grants(id) if one.get("type") == DYNAMIC}
        for grant in wanted:
            names = [one for one in grant.get("permissions") or () if one != ADDING]
            await self._give(id, grant, names, new=grant.get("right_id") not in known)
        if visible(wanted) and not visible(await self.grants(id)):
            raise Conflict(f"Item {id} is still hidden after it was shown; it is tried again.")

    async def grants(self, id: int, *, strict: bool = False) -> list[Grant]:
        """All that may be done with a node, by members and, within a workspace, by its roles.

        Where the server does not tell what roles may do, they are left out, or with `strict` the item is refused.
        """
        found: list[Grant] = [*await self.client.permissions(id)]
        if await self.client.around(id) is None:
            return found
        roles = await self.client.role_permissions(id)
        if roles is None and strict:
            raise Rejected(
                f"{self.client.services.connection} does not tell what the roles of a workspace may do with "
                f"item {id}, so it cannot be hidden from the team. "
                "Let the flow remove it instead, or keep it outside of workspaces until it is linked.",
                code=ROLES,
            )
        return [*found, *(roles or ())]

    async def hidden(self, properties: Mapping[str, Any]) -> bool:
        """Whether a copy is hidden: nobody but its owner sees it, although others see where it lies."""
        id, parent = int(properties["id"]), abs(int(properties["parent_id"]))
        if visible(await self.client.permissions(id)):
            return False
        try:
            return not visible(await self.grants(id, strict=True)) and visible(await self.grants(parent))
        except Rejected as error:
            if error.code != ROLES:
                raise
            return False

    async def _ours(self, ref: str) -> Mapping[str, Any]:
        """Rights are only changed where we are the owner: otherwise we might shut ourselves out."""
        told = (await self.client.node(ref)).get("data") or {}
        properties: Mapping[str, Any] = told.get("properties") or {}
        if int(properties.get("owner_user_id") or 0) != await self.tenant.me():
            raise Rejected(
                f"Item {ref} does not belong to the user of {self.client.services.connection}, so its rights are left alone.",
                code="owner",
            )
        return properties

    async def _give(self, id: int, grant: Grant, names: Sequence[str], *, new: bool = False) -> None:
        """The one way to set a grant, by its kind."""
        type, member = str(grant["type"]), int(grant.get("right_id") or 0)
        if type == DYNAMIC:
            await self.client.set_role_permission(id, member, names, new=new)
        elif type != "custom":
            await self.client.set_permission(id, type, names, None if type == "public" else member)
        elif names:
            await self.client.set_member_permission(id, member, names)
        else:
            await self.client.drop_member_permission(id, member)


def others(grants: Sequence[Grant]) -> list[Grant]:
    return [one for one in grants if one.get("type") != "owner"]


def visible(grants: Sequence[Grant]) -> bool:
    """Whether anybody but the owner may see it."""
    return any(SEE in (one.get("permissions") or ()) for one in others(grants))
