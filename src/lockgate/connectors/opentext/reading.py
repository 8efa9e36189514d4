"""Nodes and workspaces read whole, and walked through."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.client.errors import NO_ROUTE
from lockgate.connectors.opentext.client.nodes import WORKSPACE as WORKSPACE_TYPE
from lockgate.connectors.opentext.mapping.dates import instant
from lockgate.connectors.opentext.mapping.items import WORKSPACE, to_item
from lockgate.connectors.opentext.mapping.records import BUSINESS, Seen, business_of, revision, seen_of
from lockgate.connectors.opentext.tenant import Tenant
from lockgate.kit.contract import Page, Ref
from lockgate.kit.errors import NotFound, Rejected
from lockgate.kit.together import together
from lockgate.model.item import ASSET, Item

Record = Mapping[str, Any]
PAGE = 200
AT_ONCE = 8
"""Workspaces walked through at once."""


class Reading:
    """Reads for one connection."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.client = tenant, tenant.client
        self.quirks = tenant.settings.quirks

    # ── one by one ───────────────────────────────────────────────────────────────────────────────────────────────

    async def items(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """Those that are there and of this kind."""
        read = self._workspaces if kind == WORKSPACE else self._documents
        fields, client = self.tenant.fields(kind), self.client
        return [
            to_item(seen, fields, system=client.services.connection, site=self.tenant.settings.site)
            for seen in await read([id for id in ids if id.isdigit()])
        ]

    async def _workspaces(self, ids: Sequence[str]) -> list[Seen]:
        found = await together(self.workspace(id) for id in ids)
        return [seen for seen in found if seen is not None]

    async def workspace(self, id: int | str) -> Seen | None:
        """A workspace; None where it is none, or not there for us."""
        try:
            told = await self.client.workspace(id)
        except NotFound:
            return None
        seen = seen_of(told, business=business_of(told))
        return seen if seen.properties.get("type") == WORKSPACE_TYPE else None

    async def _documents(self, ids: Sequence[str]) -> list[Seen]:
        around = Around(self)
        found = await together(self._document(id, around) for id in ids)
        return [seen for seen in found if seen is not None]

    async def _document(self, id: str, around: "Around") -> Seen | None:
        try:
            told = await self.client.node(id, "properties", "categories")
            seen = seen_of(told)
            if seen.properties.get("type") not in self.quirks.document_types:
                return None
            version = await self.client.latest(id)
        except NotFound:
            return None
        others = await self._other_forms(id, version) if self.quirks.read_renditions else ()
        workspace = await around.of(seen.properties)
        business = await around.business(workspace) if workspace is not None else {}
        return seen_of(told, version=version, renditions=others, workspace=workspace, business=business)

    async def _other_forms(self, id: str, version: Record) -> tuple[Record, ...]:
        """Renditions of the newest version; none where the server has no such call."""
        try:
            return tuple(await self.client.renditions(id, int(version["version_number"])))
        except Rejected as error:
            if error.code != NO_ROUTE:
                raise
            return ()

    # ── all ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def all_workspaces(self) -> dict[int, Record]:
        """Properties of all watched workspaces, by id."""
        types = await self.tenant.watched(fresh=True)
        lists = await together(self.client.workspaces({"where_workspace_type_id": one.id}) for one in types)
        return {int(row["id"]): row for rows in lists for row in rows}

    async def roots(self) -> list[int]:
        """Where documents are: workspaces and the further folders, in the order of ids."""
        return sorted({*await self.all_workspaces(), *self.tenant.settings.folders})

    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All items by id; the cursor is the last one given out, for documents with the workspace it lies in."""
        if kind == WORKSPACE:
            found = await self.all_workspaces()
            last = int(after or 0)
            rows = [found[id] for id in sorted(found) if id > last]
            for at in range(0, len(rows), PAGE):
                part = rows[at : at + PAGE]
                yield Page([self.ref(row) for row in part], str(part[-1]["id"]), len(found) if after is None else None)
            return
        async for page in self._documents_index(after):
            yield page

    async def _documents_index(self, after: str | None) -> AsyncIterator[Page[Ref]]:
        root, _, last = (after or "0:0").partition(":")
        reached = int(root), int(last or 0)
        given: set[int] = set()
        roots = [one for one in await self.roots() if one >= reached[0]]
        for at in range(0, len(roots), AT_ONCE):
            part = roots[at : at + AT_ONCE]
            for place, rows in zip(part, await together(self.documents_in(one) for one in part), strict=True):
                fresh = [row for row in by_id(rows) if (place, row["id"]) > reached and row["id"] not in given]
                given.update(int(row["id"]) for row in fresh)
                for start in range(0, len(fresh), PAGE):
                    some = fresh[start : start + PAGE]
                    yield Page([self.ref(row) for row in some], f"{place}:{some[-1]['id']}")

    async def documents_in(self, container: int) -> list[Record]:
        """Properties of the documents below a container, in no order; workspaces within it are not entered: they stand for
        themselves. Empty where it is gone or hidden."""
        try:
            rows = await self.client.children(container)
        except NotFound:
            return []
        inner = [int(row["id"]) for row in rows if row.get("container") and row.get("type") != WORKSPACE_TYPE]
        below = await together(self.documents_in(id) for id in inner)
        own: list[Record] = [row for row in rows if row.get("type") in self.quirks.document_types]
        return [*own, *(row for rows in below for row in rows)]

    async def all_of(self, kind: str) -> list[Record]:
        """Properties of all items of a kind."""
        if kind == WORKSPACE:
            return list((await self.all_workspaces()).values())
        found: dict[int, Record] = {}
        roots = await self.roots()
        for at in range(0, len(roots), AT_ONCE):
            for rows in await together(self.documents_in(one) for one in roots[at : at + AT_ONCE]):
                found |= {int(row["id"]): row for row in rows}
        return list(found.values())

    def ref(self, row: Record) -> Ref:
        return Ref(str(row["id"]), revision(row, self.quirks.server_zone))

    def modified(self, row: Record) -> Any:
        return instant(row.get("modify_date"), self.quirks.server_zone)


class Around:
    """Which workspace documents lie in, asked once per folder, and what those workspaces are about, asked where it is needed."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        matches = reading.tenant.profile.matches.get(ASSET, ())
        self.wanted = any(match.field in BUSINESS for match in matches)
        self._folders: dict[int, asyncio.Task[int | None]] = {}
        self._workspaces: dict[int, asyncio.Task[Record]] = {}

    async def of(self, properties: Record) -> int | None:
        parent = int(properties.get("parent_id") or 0)
        if parent not in self._folders:
            self._folders[parent] = asyncio.ensure_future(self.reading.client.around(int(properties["id"])))
        return await self._folders[parent]

    async def business(self, workspace: int) -> Record:
        if not self.wanted:
            return {}
        if workspace not in self._workspaces:
            self._workspaces[workspace] = asyncio.ensure_future(self._read(workspace))
        return await self._workspaces[workspace]

    async def _read(self, workspace: int) -> Record:
        seen = await self.reading.workspace(workspace)
        return seen.business if seen else {}


def by_id(rows: Iterable[Record]) -> list[Record]:
    return sorted(rows, key=lambda row: int(row["id"]))
