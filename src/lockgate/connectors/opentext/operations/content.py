"""Folders and the life of nodes."""

from collections.abc import Sequence

from lockgate.connectors.opentext.answers import Node
from lockgate.connectors.opentext.client.errors import TAKEN
from lockgate.connectors.opentext.client.nodes import SHORTCUT
from lockgate.connectors.opentext.operations.parts import Parts
from lockgate.kit.contract import operation
from lockgate.kit.errors import NotFound, Rejected
from lockgate.kit.together import together

MOST_IDS = 250
"""What one call takes."""
COMMANDS = (
    "open",
    "rename",
    "copy",
    "move",
    "delete",
    "permissions",
    "addcategory",
    "reserve",
    "download",
    "addversion",
)
"""What is usually asked for."""


class ContentOperations(Parts):
    """What is in workspaces and folders."""

    @operation(effect="read")
    async def children(self, container: int) -> list[Node]:
        """Everything directly inside, by name."""
        return sorted(map(self.as_node, await self.client.children(container)), key=lambda one: one.name)

    @operation(effect="read")
    async def path(self, node: int) -> list[Node]:
        """From the volume down to the node."""
        return [self.as_node(row) for row in await self.client.ancestors(node)]

    @operation(effect="read")
    async def nodes(self, ids: Sequence[int]) -> list[Node]:
        """Several nodes at once; those that are gone or hidden from us are left out."""
        parts = [ids[at : at + MOST_IDS] for at in range(0, len(ids), MOST_IDS)]
        return [self.as_node(row) for rows in await together(map(self.client.nodes, parts)) for row in rows]

    @operation(effect="read")
    async def commands(self, nodes: Sequence[int], names: Sequence[str] = COMMANDS) -> dict[int, tuple[str, ...]]:
        """Of these commands those that our user may give, by node; what is gone or hidden from us is left out."""
        told = await self.client.commands(nodes, names) if nodes else {}
        found = {int(id): one.get("data") for id, one in told.items() if id.isdigit() and isinstance(one, dict)}
        return {id: tuple(name for name in names if name in (data or {})) for id, data in found.items()}

    @operation(effect="read")
    async def volumes(self) -> list[Node]:
        """The roots of all parts of the server that our user sees."""
        return [self.as_node(row) for row in await self.client.volumes() if "id" in row]

    @operation(effect="read")
    async def volume(self, type: int) -> Node:
        """The root of a part of the server: 141 Enterprise, 133 Categories, 198 Classifications, 550 Records Management …"""
        return self.as_node(await self.client.volume(type))

    @operation(effect="read")
    async def taken_names(self, container: int, names: Sequence[str]) -> list[str]:
        """Of these names those that something in the container has."""
        return [str(one.get("name")) for one in await self.client.taken_names(container, names)]

    @operation(effect="create", idempotent="look-up")
    async def folder(self, container: int, path: str) -> int:
        """The folder at a path such as `Contracts/Signed` below a container; made where it is not there."""
        return await self.places.folder(container, path)

    @operation(effect="create", idempotent="look-up")
    async def folder_for(self, workspace: int, document_type: str) -> int:
        """The folder of a workspace in which documents of a type belong."""
        return await self.places.within(workspace, document_type)

    @operation(effect="upsert")
    async def rename(self, node: int, name: str) -> None:
        """Give a node another name. Rejected where its folder has one of that name."""
        await self.client.change(node, {"name": name})

    @operation(effect="upsert")
    async def move(self, node: int, container: int) -> None:
        """Put a node elsewhere. Rejected where something of its name is there."""
        await self.client.change(node, {"parent_id": container})

    @operation(effect="create", idempotent="look-up")
    async def copy(self, node: int, container: int, name: str) -> int:
        """A copy under this name; one that is there already is answered instead."""
        try:
            made = await self.client.make({"original_id": node, "parent_id": container, "name": name})
        except Rejected as error:
            if error.code != TAKEN or (made_before := await self.client.child(container, name)) is None:
                raise
            return int(made_before["id"])
        return int(made["id"])

    @operation(effect="create", idempotent="look-up")
    async def shortcut(self, node: int, container: int, name: str) -> int:
        """A pointer to a node from another place; one of this name that points there already is answered instead."""
        try:
            made = await self.client.make({"type": SHORTCUT, "original_id": node, "parent_id": container, "name": name})
        except Rejected as error:
            there = await self.client.child(container, name) if error.code == TAKEN else None
            if there is None or there.get("original_id") != node:
                raise
            return int(there["id"])
        return int(made["id"])

    @operation(effect="upsert")
    async def reserve(self, node: int) -> None:
        """Keep others from changing a document until `release`."""
        await self.client.change(node, {"reserved_user_id": await self.tenant.me()})

    @operation(effect="upsert")
    async def release(self, node: int) -> None:
        await self.client.change(node, {"reserved_user_id": None})

    @operation(effect="withdraw")
    async def delete(self, node: int) -> None:
        """To the recycle bin; nothing happens where it is gone. Rejected while records management keeps it."""
        try:
            await self.client.remove(node)
        except NotFound:
            return

    @operation(effect="read")
    async def recycle_bin(self) -> list[Node]:
        """What was deleted and may still be restored, as far as our user may look into it."""
        return [self.as_node(row) for row in await self.client.in_recycle_bin()]

    @operation(effect="upsert")
    async def restore(self, node: int) -> None:
        """Back from the recycle bin."""
        await self.client.recycled("restore", [node])

    @operation(effect="withdraw")
    async def purge(self, node: int) -> None:
        """Out of the recycle bin, for good."""
        await self.client.recycled("purge", [node])
