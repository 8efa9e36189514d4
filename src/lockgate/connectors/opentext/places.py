"""Where documents go: workspaces by business object, folders by path or document type."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from lockgate.connectors.opentext.client.errors import TAKEN
from lockgate.connectors.opentext.client.nodes import FOLDER
from lockgate.connectors.opentext.tenant import ObjectType, Tenant
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected
from lockgate.kit.together import together


class Places:
    """Finds and makes places for one connection. What was found is not kept, but for one batch (`for_batch`)."""

    def __init__(self, tenant: Tenant, *, remember: bool = False) -> None:
        self.tenant, self.client = tenant, tenant.client
        self.settings, self.quirks = tenant.settings, tenant.settings.quirks
        self._making = asyncio.Lock()
        self._found: dict[tuple[Any, ...], asyncio.Future[int]] | None = {} if remember else None

    def for_batch(self) -> "Places":
        """Asks for each place once, whatever many documents of a batch go there."""
        return Places(self.tenant, remember=True)

    async def _once(self, key: tuple[Any, ...], find: Callable[[], Coroutine[Any, Any, int]]) -> int:
        if self._found is None:
            return await find()
        if key not in self._found:
            self._found[key] = asyncio.ensure_future(find())
        return await self._found[key]

    # ── workspaces ───────────────────────────────────────────────────────────────────────────────────────────────

    async def workspaces_of(self, value: str) -> list[int]:
        """Workspaces of a business object: `system/type/id`, or the id alone, looked up in the types of this connection.

        A number alone is looked for as it is, then with the leading zeros that systems keep it with.
        """
        parts = value.split("/", 2)
        if len(parts) == 3 and all(parts):
            return await self._of(ObjectType(system=parts[0], name=parts[1]), parts[2])
        types = await self.tenant.objects()
        for spelling in padded(value):
            found = await together(self._of(one, spelling) for one in types)
            if any(found):
                return sorted({id for ids in found for id in ids})
        return []

    async def _of(self, type: ObjectType, id: str) -> list[int]:
        try:
            return [int(row["id"]) for row in await self.client.by_business_object(type.system, type.name, id)]
        except NotFound:
            return []

    async def workspace(self, told: Any) -> int:
        """The one workspace that is meant: a business object, or a list of which the first known counts."""
        values = [str(one) for one in (told if isinstance(told, list | tuple) else [told]) if one not in (None, "")]
        return await self._once(("workspace", *values), lambda: self._workspace(values))

    async def _workspace(self, values: Sequence[str]) -> int:
        for value in values:
            if len(found := await self.workspaces_of(value)) == 1:
                return found[0]
            if found:
                raise Rejected(
                    f"{self.client.services.connection} has {len(found)} workspaces for business object {value}; say which by "
                    "system/type/id.",
                    code="workspace.several",
                )
        raise NotFound(
            f"{self.client.services.connection} has no workspace for business object {', '.join(values) or '(none stated)'}.",
            code="workspace.absent",
        )

    # ── folders ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def library(self) -> int:
        """The folder for documents that belong to no workspace."""
        if self.settings.folder is None:
            raise NeedsOperator(
                f"{self.client.services.connection} has no folder for documents that belong to no workspace; "
                "set `folder` to its node id.",
                code="folder",
            )
        return self.settings.folder

    async def within(self, workspace: int, type: str) -> int:
        """The folder of a workspace for a document type: by our settings, by the workspace's own document types, else of that name."""
        return await self._once(("within", workspace, type), lambda: self._within(workspace, type))

    async def _within(self, workspace: int, type: str) -> int:
        if type in self.quirks.folders:
            return await self.folder(workspace, self.quirks.folders[type])
        stated = await self._stated(workspace, type)
        return stated if stated is not None else await self.folder(workspace, type)

    async def _stated(self, workspace: int, type: str) -> int | None:
        try:
            rows = await self.client.document_types(workspace)
        except Rejected:  # servers without document types do not know the call
            return None
        row = next((one for one in rows if one.get("classification_name") == type), {})
        if isinstance(id := row.get("location_id") or row.get("location"), int):
            return id
        return await self._along(workspace, str(row["location"])) if row.get("location") else None

    async def _along(self, workspace: int, location: str) -> int:
        """A path in the server's words, with colons; it may begin with the workspace itself."""
        steps = location.split(":")
        name = ((await self.client.node(workspace)).get("data") or {}).get("properties", {}).get("name")
        for step in steps[1:] if steps[0] == name else steps:
            workspace = await self._step(workspace, step)
        return workspace

    async def folder(self, parent: int, path: str) -> int:
        """The folder at a path below a container; made where it is not there. Steps are separated by `/`."""
        for name in safe(path):
            parent = await self._once(("step", parent, name), partial(self._step, parent, name))
        return parent

    async def _step(self, parent: int, name: str) -> int:
        if found := await self.client.child(parent, name):
            return self._container(found)
        if not self.quirks.make_folders:
            raise NotFound(f"{self.client.services.connection} has no folder {name} in {parent}.", code="folder.absent")
        async with self._making:
            try:
                made = await self.client.make({"type": FOLDER, "parent_id": parent, "name": name})
            except Rejected as error:
                if error.code != TAKEN or (found := await self.client.child(parent, name)) is None:
                    raise
                return self._container(found)
        return int(made["id"])

    def _container(self, found: Any) -> int:
        if not found.get("container", True):
            raise Rejected(
                f"{found.get('name')} in {self.client.services.connection} is a document, not a folder.",
                code="folder.none",
            )
        return int(found["id"])


def padded(value: str) -> list[str]:
    """As it is, and with zeros: 10 digits for partners, 12 for changes, 18 for materials."""
    return list(dict.fromkeys([value, *(value.zfill(length) for length in (10, 12, 18) if value.isdigit())]))


def safe(path: str) -> Sequence[str]:
    """The steps of a path; names may hold no colon."""
    return [step.strip().replace(":", "-")[:248] for step in path.split("/") if step.strip() not in {"", ".", ".."}]
