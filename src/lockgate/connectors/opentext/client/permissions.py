"""Who may do what with a node."""

from collections.abc import Mapping, Sequence

import msgspec

from lockgate.connectors.opentext.client.errors import NO_ROUTE
from lockgate.connectors.opentext.client.http import Record, group_of, result_of
from lockgate.connectors.opentext.client.nodes import DYNAMIC, NodeCalls
from lockgate.kit.errors import ContractBroken, Rejected
from lockgate.kit.http import segment


class PermissionCalls(NodeCalls):
    """The calls about rights, by the server's ten names for them."""

    async def permissions(self, id: int | str) -> list[Record]:
        """Who may do what: `type` owner, group, public or custom, `right_id`, `permissions`."""
        data = (await self.node(id, "properties", "permissions")).get("data") or {}
        found = data.get("permissions")
        if not isinstance(found, list):
            raise ContractBroken(f"Item {id} came without its permissions.", code="permissions")
        return [one for one in found if isinstance(one, dict)]

    async def set_permission(
        self, id: int, type: str, names: Sequence[str], member: int | None = None, apply_to: int = 0
    ) -> None:
        """Set what owner, group or public may do."""
        content = {"permissions": list(names), "apply_to": apply_to}
        await self.body(
            "PUT",
            f"/api/v2/nodes/{id}/permissions/{type}",
            content if member is None else {**content, "right_id": member},
        )

    async def set_member_permission(self, id: int, member: int, names: Sequence[str], apply_to: int = 0) -> None:
        """Set what one user, group or role may do; others stay."""
        content = {"permissions": list(names), "apply_to": apply_to, "right_id": member}
        # Entries are replaced, so a repeat does no harm.
        await self.body("POST", f"/api/v2/nodes/{id}/permissions/custom", content, repeatable=True)

    async def drop_member_permission(self, id: int, member: int, apply_to: int = 0) -> None:
        await self.body("DELETE", f"/api/v2/nodes/{id}/permissions/custom/{member}", {"apply_to": apply_to})

    async def role_permissions(self, id: int | str) -> list[Record] | None:
        """What workspace roles may do with a node; None where the server has no such call."""
        try:
            told = await self.get(f"/api/v2/nodes/{segment(id)}/permissions/dynamic")
        except Rejected as error:
            if error.code != NO_ROUTE:
                raise
            return None
        rows = told.get("results")
        found = [group_of(row, "permissions") for row in (rows if isinstance(rows, list) else [rows])]
        return [{**one, "type": DYNAMIC} for one in found if one.get("right_id") is not None]

    async def set_role_permission(self, id: int, role: int, names: Sequence[str], *, new: bool) -> None:
        content = {"permissions": list(names), "apply_to": 0}
        path = f"/api/v2/nodes/{id}/permissions/dynamic"
        if new:
            await self.body("POST", path, {**content, "right_id": role}, repeatable=True)
        else:
            await self.body("PUT", f"{path}/{role}", content)

    async def effective(self, id: int, member: int) -> list[str]:
        told = result_of(await self.get(f"/api/v2/nodes/{id}/permissions/effective/{member}"))
        return [str(one) for one in group_of(told, "permissions").get("permissions") or ()]

    async def set_member_permissions(self, id: int, rights: Mapping[int, Sequence[str]], apply_to: int = 0) -> None:
        """Set what several users, groups or roles may do, in one call; entries of others stay."""
        entries = [{"right_id": member, "permissions": list(names)} for member, names in rights.items()]
        fields = {"permissions_array": msgspec.json.encode(entries).decode(), "apply_to": apply_to}
        await self.form("POST", f"/api/v2/nodes/{id}/permissions/custom/bulk", fields, repeatable=True)

    async def drop_permission(self, id: int, type: str, apply_to: int = 0) -> None:
        """Take the entry of owner, group or public away as a whole."""
        await self.body("DELETE", f"/api/v2/nodes/{id}/permissions/{type}", {"apply_to": apply_to})
