"""Workspaces: types, look-ups, business objects, relations, document types."""

from collections.abc import Mapping
from typing import Any

from lockgate.connectors.opentext.answers import BusinessRows, Node, ObjectKind, Reference, Template, WorkspaceKind
from lockgate.connectors.opentext.columns import Columns
from lockgate.connectors.opentext.mapping.records import filled_by
from lockgate.connectors.opentext.operations.parts import Parts, Record
from lockgate.kit.contract import operation
from lockgate.kit.errors import Conflict


class WorkspaceOperations(Parts):
    """What is asked of workspaces beyond their items."""

    @operation(effect="read")
    async def workspace_types(self) -> list[WorkspaceKind]:
        """All workspace types that our user sees, with their templates."""
        return [
            WorkspaceKind(
                id=one.id,
                name=one.name,
                templates=tuple(Template(id=id, name=name) for name, id in one.templates.items()),
            )
            for one in await self.tenant.types(fresh=True)
        ]

    @operation(effect="read")
    async def types_at(self, folder: int) -> list[WorkspaceKind]:
        """Of these a workspace may be made in a folder."""
        return [as_kind(row) for row in await self.client.types_at(folder) if isinstance(row.get("id"), int)]

    @operation(effect="read")
    async def business_object_types(self) -> list[str]:
        """Types by which workspaces are found, as `system/type`."""
        return [one.text for one in await self.tenant.objects()]

    @operation(effect="read")
    async def business_object_type(self, system: str, type: str) -> ObjectKind:
        """One of them, with the attributes that the leading application fills: those are better not written by anybody else."""
        row = await self.client.object_type(system, type)
        return ObjectKind(
            system=system,
            type=type,
            name=str(row.get("bo_type_name") or type),
            workspace_type=row["workspace_type_id"] if isinstance(row.get("workspace_type_id"), int) else None,
            filled=filled_by(row),
        )

    @operation(effect="read")
    async def business_objects(
        self, system: str, type: str, where: Mapping[str, str] | None = None, limit: int = 100
    ) -> BusinessRows:
        """Rows of the leading application behind a type, by the server's names of its columns; a workspace may be made of each.

        A column that the application does not know is passed over by the server, so rows may be more than were asked for.
        """
        told = await self.client.business_objects(system, type, where or {}, limit)
        rows = [one for one in told.get("result_rows") or () if isinstance(one, dict)]
        return BusinessRows(rows=tuple(rows), more=told.get("max_rows_exceeded") in (True, 1))

    @operation(effect="read")
    async def external_system(self, name: str) -> Mapping[str, Any]:
        """How a connection to an external system is set up. NotFound where there is none of that name."""
        return await self.client.external_system(name)

    @operation(effect="read")
    async def workspaces_of(self, business_object: str) -> list[str]:
        """Ids of the workspaces of a business object, given as `system/type/id` or by its id alone."""
        return [str(id) for id in await self.places.workspaces_of(business_object)]

    @operation(effect="read")
    async def workspaces_named(self, name: str, type: str = "") -> list[Node]:
        """Workspaces of exactly this name, of one type or of all that are watched."""
        types = [await self.tenant.type_named(type)] if type else await self.tenant.watched()
        found = [
            row
            for one in types
            for row in await self.client.workspaces({"where_workspace_type_id": one.id, "where_name": name})
        ]
        return [self.as_node(row) for row in found if row.get("name") == name]

    @operation(effect="read")
    async def workspace_columns(self, type: str) -> dict[str, str]:
        """What conditions on workspaces of a type may speak of: labels by column."""
        return dict(await Columns(self.tenant).of(await self.tenant.type_named(type)))

    @operation(effect="read")
    async def workspaces_where(self, condition: str, type: str) -> list[Node]:
        """Workspaces of a type that meet a condition in the server's language: `name LIKE '*Test' AND WNF_ATT_35S_2 > 2020-03-20`.

        Rejected where the server does not take it. `find` by an identifier does this by itself where its attribute has a column.
        """
        where = {"where_workspace_type_id": (await self.tenant.type_named(type)).id, "where_column_query": condition}
        return [self.as_node(row) for row in await self.client.workspaces(where)]

    @operation(effect="read")
    async def workspace_around(self, node: int) -> str | None:
        """The workspace that a document or folder lies in; None when in none."""
        found = await self.client.around(node)
        return None if found is None else str(found)

    @operation(effect="read")
    async def references(self, workspace: int) -> list[Reference]:
        """The business objects a workspace stands for."""
        data = (await self.client.workspace(workspace)).get("data") or {}
        rows = data.get("workspace_references")
        return [
            Reference(
                system=str(row.get("external_system_id")),
                type=str(row.get("business_object_type")),
                id=str(row.get("business_object_id")),
            )
            for row in (rows if isinstance(rows, list) else [])
            if row.get("business_object_id")
        ]

    @operation(effect="link", idempotent="look-up")
    async def set_reference(self, workspace: int, reference: Reference) -> None:
        """Make a workspace stand for a business object, such as one that was made before the object existed; read back."""
        if reference not in await self.references(workspace):
            await self.client.set_reference("PUT", workspace, reference.system, reference.type, reference.id)
            await self._expect_reference(workspace, reference, present=True)

    @operation(effect="link", idempotent="look-up")
    async def drop_reference(self, workspace: int, reference: Reference) -> None:
        """Take a business object from a workspace; read back."""
        if reference in await self.references(workspace):
            await self.client.set_reference("DELETE", workspace, reference.system, reference.type, reference.id)
            await self._expect_reference(workspace, reference, present=False)

    async def _expect_reference(self, workspace: int, reference: Reference, *, present: bool) -> None:
        if (reference in await self.references(workspace)) != present:
            raise Conflict(f"The business object of workspace {workspace} did not stay as written; it is tried again.")

    @operation(effect="read")
    async def related(self, workspace: int, direction: str = "child") -> list[Node]:
        """Workspaces that are children (or, with `parent`, parents) of this one."""
        return [self.as_node(row) for row in await self.client.related(workspace, direction)]

    @operation(effect="link", idempotent="look-up")
    async def relate(self, workspace: int, other: int, direction: str = "child") -> None:
        """Make another workspace the child (or parent) of this one; read back."""
        await self.links.relate(workspace, other, direction, True)

    @operation(effect="link", idempotent="look-up")
    async def unrelate(self, workspace: int, other: int, direction: str = "child") -> None:
        """End such a relation; one the other way round stays."""
        await self.links.relate(workspace, other, direction, False)

    @operation(effect="read")
    async def document_types(self, workspace: int) -> list[str]:
        """Names of the document types a workspace asks for."""
        rows = await self.client.document_types(workspace)
        return [str(row["classification_name"]) for row in rows if row.get("classification_name")]


def as_kind(row: Record) -> WorkspaceKind:
    rows = [one for one in row.get("templates") or () if "id" in one]
    templates = tuple(Template(id=int(one["id"]), name=str(one.get("name") or "")) for one in rows)
    return WorkspaceKind(id=int(row["id"]), name=str(row.get("name") or ""), templates=templates)
