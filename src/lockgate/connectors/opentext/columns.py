"""Workspaces by the value of an attribute: through the columns that lists of workspaces have.

The server tells the columns of a type by key and label, without saying which attribute is behind one. So what a condition finds
is read and compared: that also holds where a server passes over a condition.
"""

from collections.abc import Mapping

from lockgate.connectors.opentext.mapping.categories import Attribute, flat, value_of
from lockgate.connectors.opentext.mapping.values import readable
from lockgate.connectors.opentext.tenant import Tenant, WorkspaceType
from lockgate.kit.errors import NotFound
from lockgate.kit.together import each

MOST = 200
"""So many workspaces are read to find the one that is meant; a server that passes over conditions gives all there are."""
FEW = 8


class Columns:
    """Looks workspaces up for one connection."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.client = tenant, tenant.client
        self._known: dict[int, Mapping[str, str]] = {}

    async def of(self, type: WorkspaceType) -> Mapping[str, str]:
        """Labels by column; asked once."""
        if type.id not in self._known:
            told = await self.client.workspace_columns(type.id)
            rows = {str(key): one for key, one in told.items() if isinstance(one, dict)}
            self._known[type.id] = {key: str(one.get("name") or key) for key, one in rows.items()}
        return self._known[type.id]

    async def having(self, one: Attribute, value: str) -> list[int]:
        """Watched workspaces whose attribute holds this value; none where no list has a column for it."""
        if "'" in value:  # nothing is known of how a quote would be written
            return []
        found = {
            id
            for type in await self.tenant.watched()
            for column in await self._columns_for(type, one)
            for id in await self._found(type, column, value)
        }
        fitting = await each(sorted(found), lambda workspace: self._fits(workspace, one, value), FEW)
        return [workspace for workspace, fits in zip(sorted(found), fitting, strict=True) if fits]

    async def _columns_for(self, type: WorkspaceType, one: Attribute) -> list[str]:
        """Columns with the attribute's label; those of other categories may have the same."""
        plain = one.label.rpartition(": ")[2].casefold()
        return [
            key for key, label in (await self.of(type)).items() if label.casefold() in {plain, one.label.casefold()}
        ]

    async def _found(self, type: WorkspaceType, column: str, value: str) -> list[int]:
        where = {"where_workspace_type_id": type.id, "where_column_query": f"{column} = '{value}'"}
        async for rows, _ in self.client.workspace_pages(where):
            return [int(row["id"]) for row in rows[:MOST]]
        return []

    async def _fits(self, id: int, one: Attribute, value: str) -> bool:
        try:
            told = await self.client.categories(id)
        except NotFound:
            return False
        values = flat([(category.get("data") or {}).get("categories") for category in told])
        held = readable(one, value_of(values, one))
        return value in {str(single) for single in (held if isinstance(held, list) else [held])}
