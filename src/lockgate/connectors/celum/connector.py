"""CELUM Content: watch assets, read them whole, open their files.

Follows the Content API v1. What its documents leave open is set in `quirks`; limits and oddities: README.md in this folder.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import msgspec
from pydantic import field_validator, model_validator
from yarl import URL

from lockgate.connectors.celum import hooks
from lockgate.connectors.celum.client import CelumAuth, CelumClient, base_url
from lockgate.connectors.celum.client.filters import above, below_collection, every
from lockgate.connectors.celum.hints import HINTS
from lockgate.connectors.celum.hooks import Verification
from lockgate.connectors.celum.mapping import asset_id, revision, to_item, to_schema, unnamed_references
from lockgate.connectors.celum.mapping.fields import labels
from lockgate.connectors.celum.mapping.files import media_type
from lockgate.connectors.celum.quirks import Quirks
from lockgate.connectors.celum.watch import Cursor, Watch
from lockgate.kit.contract import (
    Connector,
    FileStream,
    HookRequest,
    Page,
    Ref,
    Secret,
    Settings,
    SystemInfo,
    operation,
    setting,
)
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected
from lockgate.kit.profile import Profile, Schema
from lockgate.kit.services import Services
from lockgate.model.event import Event
from lockgate.model.item import Item, Rendition, pick


class CelumSettings(Settings):
    """A CELUM connection: an API key, or else user and password."""

    site: str = setting("Address of your CELUM site", example="https://acme.celum.cloud")
    key: Secret | None = setting(
        "API key", default=None, help="Made in CELUM's administration. The account behind it decides what is seen."
    )
    user: str = setting("User name, instead of an API key", default="", advanced=True)
    password: Secret | None = setting("Password of that user", default=None, advanced=True)
    collection: int | None = setting(
        "Only assets below this collection", default=None, example="4711", help="The number in CELUM; empty takes all."
    )
    webhooks: Verification = setting(
        "How webhooks prove where they come from",
        default="hmac",
        help="hmac: by a signature over the body. path: by the secret in their address. none: not checked here.",
    )
    act_as: str = setting("Run every call as this user", default="", advanced=True)
    client: str = setting("Server-side client configuration to use", default="", advanced=True)
    quirks: Quirks = setting("What differs from the documents at your server", default=Quirks(), advanced=True)

    @field_validator("site")
    @classmethod
    def is_address(cls, value: str) -> str:
        base_url(value)
        return value

    @model_validator(mode="after")
    def has_credentials(self) -> "CelumSettings":
        has_key = self.key is not None and bool(self.key.get_secret_value().strip())
        if has_key == bool(self.user):
            raise ValueError("Give an API key, or a user name and password, and not both")
        if self.user and self.password is None:
            raise ValueError("A password belongs to the user name")
        return self

    def site_hosts(self) -> tuple[str, ...]:
        site = URL(base_url(self.site))
        return (f"{site.host}:{site.port}",)


class Celum(Connector[CelumSettings]):
    """Assets of one CELUM server, as one account sees them."""

    id: ClassVar[str] = "celum"
    title: ClassVar[str] = "CELUM Content"
    kinds: ClassVar[tuple[str, ...]] = ("asset",)
    settings_type: ClassVar[type[Settings]] = CelumSettings
    hints = HINTS

    def __init__(self, settings: CelumSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.quirks = settings.quirks
        self.client = CelumClient(base_url(settings.site), services, to_auth(settings), self.quirks)
        self.watch = Watch(self.client, services.clock)

    async def __aexit__(self, *exc: object) -> None:
        await self.client.close()

    @operation(effect="read")
    async def check(self) -> SystemInfo:
        """Fail at set-up: credentials, the collection if one is set, and a download format for originals."""
        user, version = await self.client.me(), await self.client.version()
        notes = [*await self._about_assets(), *await self._about_formats(), *about_hooks(self.settings)]
        return SystemInfo(
            product=self.title,
            version=str(version.get("version") or version.get("releaseVersion") or ""),
            account=str(user.get("username") or user.get("id") or ""),
            notes=tuple(notes),
        )

    async def _about_assets(self) -> list[str]:
        below = await self._collection_name()
        page = await self.client.search(every(above(0), below_collection(self.settings.collection)), size=1)
        return [f"The account sees {page.total_elements or 0} assets{below}."]

    async def _collection_name(self) -> str:
        wanted = self.settings.collection
        if wanted is None:
            return ""
        try:
            found = await self.client.collection(wanted)
        except NotFound as error:
            raise NeedsOperator(
                f"Collection {wanted} is not there, or hidden from our account. Correct it in the settings of this connection.",
                detail=error.detail,
            ) from error
        return f" below collection {wanted} ({pick(labels(found.get('name'))) or 'without a name'})"

    async def _about_formats(self) -> list[str]:
        if any(one.get("original") is True for one in await self.client.formats()):
            return []
        return ["No download format is marked as the original, so originals cannot be read. Mark one in CELUM."]

    @operation(effect="read")
    async def schema(self) -> Schema:
        """The tenant's information fields of assets."""
        return to_schema(await self.client.fields())

    @operation(effect="read")
    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """Assets changed since the cursor, oldest first, found by searching for dates (see `watch`).

        Not narrowed to the connection's collection: an asset moved out of it changed, too. Deletions leave no date
        behind; they come by webhook, or show in a full index.
        """
        only_assets(kind)
        if after is None:
            yield await self.watch.start()
            return
        async for page in self.watch.poll(Cursor.read(after)):
            yield page

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All assets by id, 200 a call without any metadata. The cursor is the last id."""
        only_assets(kind)
        last = number(after) if after is not None else 0
        if last is None:
            raise Rejected("This is no cursor of a CELUM index; start the sync anew.", code="cursor")
        total: int | None = None
        async for page in self.client.above(last, below_collection(self.settings.collection)):
            records = [Ref(asset_id(one), revision(one)) for one in page.content or ()]
            if after is None and total is None:
                total = page.total_elements
            yield Page(records, cursor=records[-1].id if records else str(last), total=total)
            last = int(records[-1].id) if records else last

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """Assets with all fields and formats, 200 a call; references the server left without a name are looked up."""
        only_assets(kind)
        wanted = [one for one in map(number, dict.fromkeys(ids)) if one is not None]
        assets = await self.client.by_ids(wanted, within=self.settings.collection)
        if self.quirks.reference_lookup:
            await self._name_references(assets)
        return [
            to_item(one, system=self.services.connection, profile=self.profile, quirks=self.quirks) for one in assets
        ]

    async def _name_references(self, assets: Sequence[Mapping[str, Any]]) -> None:
        unnamed = [one for asset in assets for one in unnamed_references(asset) if isinstance(one.get("id"), int)]
        names = await self.client.collection_names([one["id"] for one in unnamed]) if unnamed else {}
        for one in unnamed:
            if one["id"] in names:
                one["name"] = names[one["id"]]

    @operation(effect="read")
    @asynccontextmanager
    async def open(self, item_id: str, rendition: Rendition) -> AsyncIterator[FileStream]:
        """The bytes of exactly the version the rendition names, whichever is current by now."""
        if number(item_id) is None:
            raise NotFound(f"{self.services.connection} has no asset {item_id}.")
        async with self.client.download(item_id, rendition.address, rendition.version) as stream:
            yield msgspec.structs.replace(stream, media_type=media_type(stream.filename) or stream.media_type)

    @operation(effect="read")
    def receive(self, request: HookRequest) -> list[Event]:
        """Assets to look at again; asset events only, previews are no content change."""
        hooks.verify(request, self.settings.webhooks, self.services.hook_secret, self.quirks)
        return hooks.events(request)


def to_auth(settings: CelumSettings) -> CelumAuth:
    return CelumAuth(
        key=settings.key,
        user=settings.user,
        password=settings.password,
        act_as=settings.act_as,
        client=settings.client,
    )


def about_hooks(settings: CelumSettings) -> list[str]:
    if settings.webhooks == "hmac":
        return []
    how = "only by a secret in their address" if settings.webhooks == "path" else "not at all"
    return [f"Webhooks prove their origin {how}; every event is checked by reading the asset anew."]


def only_assets(kind: str) -> None:
    if kind != "asset":
        raise Rejected(f"CELUM has no items of kind {kind} here; its kind is asset.", code="kind")


def number(text: str) -> int | None:
    """An id of CELUM (a positive integer), or None for text that can be none."""
    return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None


CONNECTOR = Celum
