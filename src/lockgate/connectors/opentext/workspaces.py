"""Workspaces of ours: created once for a business object, updated, found again."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.client.errors import TAKEN
from lockgate.connectors.opentext.client.http import Record
from lockgate.connectors.opentext.client.nodes import WORKSPACE as WORKSPACE_TYPE
from lockgate.connectors.opentext.documents import Documents
from lockgate.connectors.opentext.keys import Keys, name_of
from lockgate.connectors.opentext.mapping.categories import nested
from lockgate.connectors.opentext.mapping.items import WORKSPACE
from lockgate.connectors.opentext.mapping.records import Fields, seen_of
from lockgate.connectors.opentext.mapping.values import UnwritableError
from lockgate.connectors.opentext.places import Places
from lockgate.connectors.opentext.tenant import Tenant, WorkspaceType
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected
from lockgate.kit.together import answered

Answer = Receipt | ConnectorError


class Workspaces:
    """Writes workspaces for one connection."""

    def __init__(self, tenant: Tenant, keys: Keys, places: Places, documents: Documents) -> None:
        self.tenant, self.client, self.settings = tenant, tenant.client, tenant.settings
        self.keys, self.places, self.documents = keys, places, documents

    async def upsert(self, writes: Sequence[Write]) -> list[Answer]:
        """One after another: two for one business object must not be created at once."""
        await self.tenant.categories()
        fields = self.tenant.fields(WORKSPACE)
        return [await answered(self._put(write, fields)) for write in writes]

    async def _put(self, write: Write, fields: Fields) -> Receipt:
        if write.file is not None:
            raise Rejected("A workspace has no file of its own; deliver documents into it.", code="kind")
        found = await self.keys.find(write.key)
        try:
            if found is not None:
                return await self._update(write, int(found["id"]), fields)
            if write.ref is not None:
                raise NotFound(f"{self.client.services.connection} holds no workspace under our key {write.key}.")
            return await self._new(write, fields)
        except UnwritableError as problem:
            raise Rejected(f"{problem}. Correct it at the source.", code="field.value") from problem

    async def _new(self, write: Write, fields: Fields) -> Receipt:
        """The workspace of the business object, where there is one; else a new one."""
        object = await self._object(write.fields)
        if not (object or write.fields.get("name")):
            raise Rejected("A workspace needs a name or a business object; deliver one of them.", code="field.value")
        there = await self.places.workspaces_of(said(write.fields)) if object else []
        if there:
            return await self._adopt(write, there, fields)
        properties, categories = fields.encoded(write.fields, {})
        base = name_of(str(properties.get("name") or (object[2] if object else "")))
        id, created = await self._created(write, object, base, properties, categories)
        await self.keys.mark(id, write.key)
        now = ((await self.client.node(id)).get("data") or {}).get("properties") or {}
        # The server may have made a name of its own: that stays, unless the flow says otherwise or it is our first name.
        if "name" in properties or now.get("name") == self.keys.first_name(write.key):
            properties["name"] = base
        await self.documents.describe(id, properties, {} if created else categories, write.key)
        return Receipt(key=write.key, ref=str(id), created=created)

    async def _adopt(self, write: Write, there: Sequence[int], fields: Fields) -> Receipt:
        if len(there) > 1 or not self.settings.quirks.adopt_workspaces:
            raise Rejected(
                f"{self.client.services.connection} has {len(there)} workspaces for this business object that are not "
                "ours. Name another business object, or allow their use under quirks, `adopt_workspaces`.",
                code="workspace.taken",
            )
        await self.keys.mark(there[0], write.key)
        return await self._update(write, there[0], fields)

    async def _update(self, write: Write, id: int, fields: Fields) -> Receipt:
        if write.fields:
            seen = seen_of(await self.client.workspace(id))
            properties, categories = fields.encoded(write.fields, seen.values)
            if "name" in properties:
                properties["name"] = name_of(str(properties["name"]))
            await self.documents.describe(id, properties, categories, write.key)
        return Receipt(key=write.key, ref=str(id))

    # ── creating ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _created(
        self,
        write: Write,
        object: tuple[str, str, str] | None,
        base: str,
        properties: Mapping[str, Any],
        categories: Mapping[str, Any],
    ) -> tuple[int, bool]:
        type = await self._type(write.fields)
        content = {
            "template_id": self._template(type),
            "wksp_type_id": type.id,
            "type": WORKSPACE_TYPE,
            "name": base if object else self.keys.first_name(write.key),
            "description": properties.get("description") or "",
            **(dict(zip(("ext_system_id", "bo_type", "bo_id"), object, strict=True)) if object else {}),
        }
        if categories:
            content["roles"] = {"categories": nested(categories)}
        if (parent := await self._parent(content)) is not None:
            content["parent_id"] = parent
        return await self._once(write, content, object)

    async def _once(
        self, write: Write, content: Mapping[str, Any], object: tuple[str, str, str] | None
    ) -> tuple[int, bool]:
        """Created, or found where an earlier attempt of ours left it."""
        try:
            return await self.client.create_workspace(content), True
        except Rejected as error:
            if error.code != TAKEN:
                raise
            left = await self._left(write, content, object)
            if left is None:
                return await self.client.create_workspace({**content, "name": self.keys.first_name(write.key)}), True
            return left, False

    async def _left(self, write: Write, content: Mapping[str, Any], object: tuple[str, str, str] | None) -> int | None:
        if object:
            there = await self.places.workspaces_of("/".join(object))
            return there[0] if len(there) == 1 else None
        parent = content.get("parent_id")
        found = await self.client.child(int(parent), self.keys.first_name(write.key)) if parent else None
        return int(found["id"]) if found else None

    async def _object(self, values: Mapping[str, Any]) -> tuple[str, str, str] | None:
        """The business object that the fields name: `system/type/id`, or the id alone where this connection knows one type."""
        value = said(values)
        if not value:
            return None
        parts = value.split("/", 2)
        if len(parts) == 3:
            return parts[0], parts[1], parts[2]
        types = await self.tenant.objects()
        if len(types) != 1:
            raise NeedsOperator(
                f"{self.client.services.connection} has {len(types)} business object types for new workspaces; name the one under "
                "`business_objects`.",
                code="business_object",
            )
        return types[0].system, types[0].name, value

    async def _type(self, values: Mapping[str, Any]) -> WorkspaceType:
        name = str(values.get("workspace_type") or self.settings.create_type)
        if not name:
            raise NeedsOperator(
                "No workspace type is set for new workspaces; set `create_type` in the settings of this connection.",
                code="workspace_type",
            )
        return await self.tenant.type_named(name)

    def _template(self, type: WorkspaceType) -> int:
        wanted = self.settings.template
        found = type.templates.get(wanted) if wanted else next(iter(type.templates.values()), None)
        if found is None:
            raise NeedsOperator(
                f"Workspace type {type.name} has no template {wanted or 'at all'}; there are: {', '.join(type.templates) or 'none'}.",
                code="template",
            )
        return found

    async def _parent(self, content: Mapping[str, Any]) -> int | None:
        """Where the type puts its workspaces, as the create form says; else the folder of the settings."""
        asked = ("template_id", "ext_system_id", "bo_type", "bo_id")
        form: Record = await self.client.create_form({name: content[name] for name in asked if name in content})
        parent = form.get("parent_id")
        return parent if isinstance(parent, int) and parent > 0 else self.settings.workspace_parent


def said(values: Mapping[str, Any]) -> str:
    """The business object as the flow names it; of a list the first."""
    told = values.get("business_object")
    return str((told[0] if told else "") if isinstance(told, list | tuple) else told or "")
