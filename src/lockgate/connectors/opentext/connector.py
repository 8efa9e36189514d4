"""OpenText Extended ECM Business Workspaces: workspaces and their documents, read and written, with team, workflows and records.

Follows Content Server's REST API v1 and v2. What its documents leave open is set in `quirks`; limits and oddities stand in
README.md in this folder.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

from lockgate.connectors.opentext.client import OtcsClient
from lockgate.connectors.opentext.client.auth import Tickets
from lockgate.connectors.opentext.documents import Documents
from lockgate.connectors.opentext.hints import HINTS
from lockgate.connectors.opentext.keys import Keys
from lockgate.connectors.opentext.linking import Links
from lockgate.connectors.opentext.lookup import Lookup
from lockgate.connectors.opentext.mapping.items import WORKSPACE, in_address
from lockgate.connectors.opentext.mapping.schema import asset_fields, workspace_fields
from lockgate.connectors.opentext.operations import (
    CategoryOperations,
    ContentOperations,
    PermissionOperations,
    RecordOperations,
    ReportOperations,
    RetentionOperations,
    TeamOperations,
    TracingOperations,
    VersionOperations,
    WorkflowOperations,
    WorkspaceOperations,
)
from lockgate.connectors.opentext.places import Places
from lockgate.connectors.opentext.probes import Probes
from lockgate.connectors.opentext.reading import Reading
from lockgate.connectors.opentext.settings import OpenTextSettings
from lockgate.connectors.opentext.states import States
from lockgate.connectors.opentext.tenant import Tenant
from lockgate.connectors.opentext.watch import Cursor, Watch
from lockgate.connectors.opentext.workspaces import Workspaces
from lockgate.kit.contract import (
    Connector,
    FileStream,
    Held,
    Link,
    Page,
    Receipt,
    Ref,
    Settings,
    SystemInfo,
    Write,
    operation,
)
from lockgate.kit.errors import ConnectorError, NotFound, Rejected
from lockgate.kit.profile import Profile, Schema, schema_of
from lockgate.kit.services import Services
from lockgate.kit.transfer import digest_there
from lockgate.model.event import Event
from lockgate.model.item import ASSET, Item, Rendition


class OpenText(
    WorkspaceOperations,
    CategoryOperations,
    TeamOperations,
    ContentOperations,
    VersionOperations,
    PermissionOperations,
    WorkflowOperations,
    RecordOperations,
    RetentionOperations,
    ReportOperations,
    TracingOperations,
    Connector[OpenTextSettings],
):
    """Workspaces and documents of one Content Server, as one user sees them."""

    id: ClassVar[str] = "opentext"
    title: ClassVar[str] = "OpenText Extended ECM Business Workspaces"
    kinds: ClassVar[tuple[str, ...]] = (ASSET, WORKSPACE)
    settings_type: ClassVar[type[Settings]] = OpenTextSettings
    hints = HINTS
    withdraw_policies: ClassVar[tuple[str, ...]] = ("hide", "remove")

    def __init__(self, settings: OpenTextSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.quirks = settings.quirks
        self.client = OtcsClient(settings.site, services, Tickets(settings, services), self.quirks)
        self.tenant = Tenant(self.client, settings, profile)
        self.reading = Reading(self.tenant)
        self.watch = Watch(self.reading, services.clock)
        self.places = Places(self.tenant)
        keys = Keys(self.client, self.quirks)
        self.states = States(self.tenant)
        self.lookup = Lookup(self.tenant, keys, self.places, self.states)
        self.documents = Documents(self.tenant, keys, self.places)
        self.workspaces = Workspaces(self.tenant, keys, self.places, self.documents)
        self.links = Links(self.tenant, self.places, self.documents, self.states)

    async def __aexit__(self, *exc: object) -> None:
        await self.client.close()

    # ── set-up ───────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def check(self) -> SystemInfo:
        """Fail at set-up: sign-in, workspace types, template, folders; notes on what else was found."""
        return await Probes(self.tenant, self.settings).told(self.title)

    @operation(effect="read")
    async def schema(self) -> Schema:
        """Properties, business object and attributes as they are now: workspaces' from templates, documents' from folders."""
        self.tenant.forget()
        usual = {kind: await self.tenant.usual(kind) for kind in self.kinds}
        return schema_of({ASSET: asset_fields(usual[ASSET]), WORKSPACE: workspace_fields(usual[WORKSPACE])})

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """Found by looking at all of them (see `watch`): the server announces nothing. Deleted ones are found by sweeps only."""
        self._known(kind)
        if after is None:
            yield await self.watch.start(kind)
            return
        async for page in self.watch.poll(kind, Cursor.read(after)):
            yield page

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """Workspaces by id; documents workspace by workspace."""
        self._known(kind)
        async for page in self.reading.index(kind, after):
            yield page

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """With categories and business object; documents with their newest version and the workspace they lie in."""
        self._known(kind)
        return await self.reading.items(kind, ids)

    @operation(effect="read")
    def open(self, item_id: str, rendition: Rendition) -> AbstractAsyncContextManager[FileStream]:
        """The bytes of exactly this version; the server keeps older ones."""
        number, kind = in_address(rendition.address)
        if kind:
            return self.client.rendition(item_id, int(number), kind)
        return self.client.content(item_id, number, rendition.filename)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def find(self, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        """Workspaces by the id of their business object or an attribute that lists have a column for, anything by nickname."""
        self._known(kind)
        return await self.lookup.find(kind, by, values)

    @operation(effect="read")
    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:
        """Our copies by our key, with the workspace they lie in."""
        self._known(kind)
        return await self.lookup.held(kind, keys)

    @operation(effect="read")
    async def file_digest(self, kind: str, ref: str, algorithm: str = "sha256") -> str | None:
        """By reading the newest version: the server states no digest."""
        self._known(kind)
        try:
            version = await self.client.latest(ref)
        except NotFound:
            return None
        return await digest_there(self.client.content(ref, str(version["version_number"]), None), algorithm)

    def as_held(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """What `held` gives back for these fields once they are written; where a document lies is told by its links."""
        return self.tenant.fields(kind).as_held(fields)

    @operation(effect="upsert", idempotent="look-up")
    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:
        """Documents with new versions at the same place; workspaces once for each business object. Found by our key's nickname."""
        self._known(kind)
        return await (self.workspaces if kind == WORKSPACE else self.documents).upsert(writes)

    @operation(effect="link", idempotent="look-up")
    async def link(self, links: Sequence[Link]) -> list[Receipt | ConnectorError]:
        """Put documents into workspaces, and relate workspaces; what others put there stays."""
        return await self.links.link(links)

    @operation(effect="withdraw")
    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:
        """Hide: nobody but our user may see it. Remove: to the recycle bin. Read back; workspaces are only hidden."""
        self._known(kind)
        if policy not in self.withdraw_policies or (kind == WORKSPACE and policy == "remove"):
            raise Rejected(f"This server's connector cannot {policy} a {kind}.", code="policy")
        return await self.states.withdraw(refs, policy)

    @operation(effect="withdraw")
    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:
        """Give everybody the rights again that they have on the folder."""
        self._known(kind)
        return await self.states.show_all(refs)

    def _known(self, kind: str) -> None:
        if kind not in self.kinds:
            raise Rejected(f"There are no items of kind {kind} here, only {', '.join(self.kinds)}.", code="kind")


CONNECTOR = OpenText
