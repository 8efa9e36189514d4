"""What the parts of the connector share: the interface that is read from, and the work of writing."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cached_property
from typing import Protocol

from lockgate.connectors.celum.branches import Branches
from lockgate.connectors.celum.client import CelumWriter
from lockgate.connectors.celum.client.calls import ASSET, COLLECTION, RELATION
from lockgate.connectors.celum.copies import Copies
from lockgate.connectors.celum.cora import CoraClient, CoraSource
from lockgate.connectors.celum.form import Form
from lockgate.connectors.celum.linking import Links
from lockgate.connectors.celum.settings import CelumSettings
from lockgate.connectors.celum.source import ContentSource
from lockgate.kit.contract import Connector, FileStream, Page, Ref, SystemInfo
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Profile, Schema
from lockgate.kit.services import Services
from lockgate.model.event import Event
from lockgate.model.item import Item, Rendition


class Source(Protocol):
    """An interface of CELUM's that is read from."""

    async def close(self) -> None: ...

    async def check(self) -> SystemInfo: ...

    async def schema(self) -> Schema: ...

    def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]: ...

    def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]: ...

    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]: ...

    def open(self, item_id: str, rendition: Rendition) -> AbstractAsyncContextManager[FileStream]: ...


class CelumBase(Connector[CelumSettings]):
    """One connection. Operations beyond the engine's contract stand in `operations`, one noun a module."""

    def __init__(self, settings: CelumSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.quirks = settings.quirks
        make = CoraSource if settings.api == "cora" else ContentSource
        self.source: Source = make(settings, profile, services)

    async def __aexit__(self, *exc: object) -> None:
        await self.source.close()

    @property
    def content(self) -> ContentSource:
        """The Content API. Raises Rejected where the connection speaks CORA, which nobody was seen to write over."""
        if isinstance(self.source, ContentSource):
            return self.source
        raise Rejected(
            f"{self.services.connection} speaks CORA, which is only read from; this needs the Content API.", code="cora"
        )

    @property
    def cora(self) -> CoraClient | None:
        """The older interface, where the connection speaks it."""
        return self.source.client if isinstance(self.source, CoraSource) else None

    @property
    def client(self) -> CelumWriter:
        return self.content.client

    @cached_property
    def copies(self) -> Copies:
        return Copies(self.client, self.content.definitions, self._form(ASSET), self.settings)

    @cached_property
    def branches(self) -> Branches:
        return Branches(self.client, self.content.definitions, self._form(COLLECTION), self.settings)

    @cached_property
    def links(self) -> Links:
        return Links(self.client, self.content.definitions)

    @cached_property
    def relation_form(self) -> Form:
        return self._form(RELATION)

    def _form(self, entity: str) -> Form:
        return Form(entity, self.content.definitions, self.profile)


def only(kind: str, *kinds: str) -> None:
    """Raises Rejected for a kind that is none of these."""
    if kind not in kinds:
        raise Rejected(f"CELUM has no items of kind {kind} here; known are {' and '.join(kinds)}.", code="kind")
