"""Documents put into workspaces and taken out again; workspaces related to each other. Each link is read back.

A document lies in one place, so it belongs to one workspace: linking moves it there, unlinking moves it back to the library.
"""

from collections.abc import Sequence

from lockgate.connectors.opentext.client.errors import TAKEN
from lockgate.connectors.opentext.documents import Documents
from lockgate.connectors.opentext.mapping.items import WORKSPACE
from lockgate.connectors.opentext.places import Places
from lockgate.connectors.opentext.states import States, visible
from lockgate.connectors.opentext.tenant import Tenant
from lockgate.kit.contract import Link, Receipt
from lockgate.kit.errors import Conflict, ConnectorError, NotFound, Rejected
from lockgate.kit.together import apart

Answer = Receipt | ConnectorError
DIRECTIONS = {"children": "child", "parents": "parent"}


class Links:
    """Links for one connection."""

    def __init__(self, tenant: Tenant, places: Places, documents: Documents, states: States) -> None:
        self.client, self.settings = tenant.client, tenant.settings
        self.places, self.documents, self.states = places, documents, states

    async def link(self, links: Sequence[Link]) -> list[Answer]:
        return await apart(self._one(link) for link in links)

    async def _one(self, link: Link) -> Receipt:
        if link.kind != WORKSPACE:
            raise Rejected("Only workspaces carry links here.", code="kind")
        if direction := DIRECTIONS.get(link.field):
            await self.relate(int(link.id), int(link.ref), direction, link.present)
        elif link.present:
            await self._attach(link)
        else:
            await self._detach(link)
        return Receipt(key=link.ref, ref=link.ref)

    # ── documents ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _attach(self, link: Link) -> None:
        """Into the folder that the field names, with the rights of that folder unless the document is hidden."""
        document, workspace = int(link.ref), int(link.id)
        now, library = await self.client.around(document), self.settings.folder
        if now not in {None, workspace, None if library is None else await self.client.around(library)}:
            raise Rejected(
                f"Document {document} lies in workspace {now} already; a document is in one workspace. Deliver another copy for "
                f"workspace {workspace}.",
                code="link.elsewhere",
            )
        if now != workspace:
            await self._moved(document, await self.places.within(workspace, link.field))
        if await self.client.around(document) != workspace:
            raise Conflict(
                f"Document {document} is not in workspace {workspace} after it was moved; it is tried again."
            )

    async def _detach(self, link: Link) -> None:
        document, workspace = int(link.ref), int(link.id)
        try:
            now = await self.client.around(document)
            if now == workspace:
                await self._moved(document, await self.places.library())
                now = await self.client.around(document)
        except NotFound:
            return  # what is gone is linked to nothing
        if now == workspace:
            raise Conflict(f"Document {document} is still in workspace {workspace}; it is tried again.")

    async def _moved(self, document: int, folder: int) -> None:
        shown = visible(await self.states.grants(document))
        await self.documents.move(document, folder, str(document))
        if shown:
            await self.states.as_folder(document, folder)

    # ── workspaces ───────────────────────────────────────────────────────────────────────────────────────────────

    async def relate(self, workspace: int, other: int, direction: str, present: bool) -> None:
        """`other` is a child or parent of the workspace, or is not; read back. Relations the other way round are left alone."""
        if await self._related(workspace, other, direction) == present:
            return
        if present:
            await self._related_anew(workspace, other, direction)
        else:
            await self.client.unrelate(workspace, other, direction)
        if await self._related(workspace, other, direction) != present:
            raise Conflict(
                f"The relation of workspaces {workspace} and {other} did not stay as written; it is tried again."
            )

    async def _related_anew(self, workspace: int, other: int, direction: str) -> None:
        try:
            await self.client.relate(workspace, other, direction)
        except Rejected as error:
            if error.code != TAKEN:  # made by somebody else meanwhile
                raise

    async def _related(self, workspace: int, other: int, direction: str) -> bool:
        return any(int(row["id"]) == other for row in await self.client.related(workspace, direction))
