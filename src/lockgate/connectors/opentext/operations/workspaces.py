"""Workspaces: types, look-ups, business objects, relations, document types."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.answers import Node, Reference, Template, WorkspaceKind
from lockgate.connectors.opentext.mapping.categories import attributes, flat, value_of
from lockgate.connectors.opentext.mapping.values import readable
from lockgate.connectors.opentext.operations.parts import Parts
from lockgate.kit.contract import operation
from lockgate.kit.errors import Conflict, NotFound


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
    async def business_object_types(self) -> list[str]:
        """Types by which workspaces are found, as `system/type`."""
        return [one.text for one in await self.tenant.objects()]

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

    @operation(effect="read")
    async def categories(self, node: int) -> dict[str, Any]:
        """All category values of a node by their labels (`Customer: Customer Number`), sets of several rows as lists."""
        found: dict[str, Any] = {}
        for one in await self.client.categories(node):
            values = flat((one.get("data") or {}).get("categories"))
            for attribute in attributes((one.get("metadata") or {}).get("categories")).values():
                found[attribute.label] = readable(attribute, value_of(values, attribute))
        return found

    @operation(effect="upsert")
    async def set_category(self, node: int, category: int, values: Mapping[str, Any]) -> None:
        """Set values of one category by the server's keys (`4711_2`, `4711_4_2_5`); the category is added where the node lacks it.
        Keys that are not given stay."""
        try:
            await self.client.set_category(node, category, values)
        except NotFound as error:
            if error.code != "category":
                raise
            await self.client.add_category(node, category, values)

    @operation(effect="upsert")
    async def inherit_category(self, node: int, category: int, inherit: bool) -> None:
        """Whether what is put into a folder or workspace from now on gets the category."""
        await self.client.inherit_category(node, category, inherit)

    @operation(effect="withdraw")
    async def drop_category(self, node: int, category: int) -> None:
        """Take a category with all its values from a node."""
        if category in await self._categories_on(node):
            await self.client.remove_category(node, category)

    async def _categories_on(self, node: int) -> Sequence[int]:
        found = await self.client.categories(node)
        orders = [((one.get("metadata_order") or {}).get("categories")) or [] for one in found]
        return [int(id) for order in orders for id in order]
