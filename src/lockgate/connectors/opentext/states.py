"""Closing and opening our copies: who may see them, or whether they are there at all.

Hidden means that nobody but the owner, which is our user, may see a copy that others could see where it lies. Shown means that it
may be seen by those who may see its folder. Both are read back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.client import OtcsClient
from lockgate.connectors.opentext.gathering import apart
from lockgate.connectors.opentext.tenant import Tenant
from lockgate.failpoints import passed
from lockgate.kit.contract import Receipt
from lockgate.kit.errors import Conflict, ConnectorError, NotFound, Rejected

Answer = Receipt | ConnectorError
Grant = Mapping[str, Any]
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
        await self.client.remove(ref)
        passed("withdraw.sent")
        try:
            await self.client.node(ref)
        except NotFound:
            return Receipt(key=ref, ref=ref)
        raise Conflict(f"Item {ref} is still there after it was removed; it is tried again.")

    async def hide(self, ref: str) -> Receipt:
        """Take every right from all but the owner."""
        properties = await self._ours(ref)
        for grant in others(await self.client.permissions(ref)):
            await self._give(int(properties["id"]), grant, [])
        passed("withdraw.sent")
        if visible(await self.client.permissions(ref)):
            raise Conflict(f"Item {ref} can still be seen by others after it was hidden; it is tried again.")
        return Receipt(key=ref, ref=ref)

    async def show(self, ref: str) -> Receipt:
        """Give everybody the rights they have on the folder."""
        properties = await self._ours(ref)
        await self.as_folder(int(properties["id"]), abs(int(properties["parent_id"])))
        return Receipt(key=ref, ref=ref)

    async def as_folder(self, id: int, parent: int) -> None:
        """Rights as on the folder, read back."""
        wanted = others(await self.client.permissions(parent))
        for grant in wanted:
            await self._give(id, grant, [one for one in grant.get("permissions") or () if one != ADDING])
        if visible(wanted) and not visible(await self.client.permissions(id)):
            raise Conflict(f"Item {id} is still hidden after it was shown; it is tried again.")

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

    async def _give(self, id: int, grant: Grant, names: Sequence[str]) -> None:
        """The one way to set a grant, by its kind."""
        type, member = str(grant["type"]), grant.get("right_id")
        if type != "custom":
            await self.client.set_permission(id, type, names, None if type == "public" else member)
        elif names:
            await self.client.set_member_permission(id, int(member or 0), names)
        else:
            await self.client.drop_member_permission(id, int(member or 0))


def others(grants: Sequence[Grant]) -> list[Grant]:
    return [one for one in grants if one.get("type") != "owner"]


def visible(grants: Sequence[Grant]) -> bool:
    """Whether anybody but the owner may see it."""
    return any(SEE in (one.get("permissions") or ()) for one in others(grants))


async def is_hidden(client: OtcsClient, properties: Mapping[str, Any], grants: Sequence[Grant]) -> bool:
    """Whether a copy is hidden: nobody sees it, although somebody sees where it lies."""
    if visible(grants):
        return False
    return visible(await client.permissions(abs(int(properties["parent_id"]))))
