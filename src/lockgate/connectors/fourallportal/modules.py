"""A tenant's modules by kind of item, their fields read once, and once more whenever a person asks for the schema.

Files are assets and products are products, whatever their modules are called; every other module is a kind of its own name.
"""

from typing import Any

from lockgate.connectors.fourallportal.client import PortalClient
from lockgate.connectors.fourallportal.mapping import Fields, Records
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected
from lockgate.kit.profile import Profile
from lockgate.model.item import ASSET, PRODUCT


class Modules:
    """What is known of a tenant's modules by kind of item."""

    def __init__(self, client: PortalClient, profile: Profile) -> None:
        self.client, self.profile = client, profile
        self.names = {ASSET: client.quirks.file_module, PRODUCT: client.quirks.product_module}
        self.names |= {name: name for name in client.quirks.modules if name not in self.names.values()}
        self.known: dict[str, Records] = {}

    def name(self, kind: str) -> str:
        """The portal's name for a kind of item that is known already."""
        if kind not in self.names:
            raise Rejected(
                f"4ALLPORTAL has no items of kind {kind} here; its kinds are {', '.join(self.names)}.", code="kind"
            )
        return self.names[kind]

    async def named(self, kind: str) -> str:
        """The same; a kind that is not known yet may be a module of the tenant's own."""
        if kind not in self.names:
            await self.discover()
        return self.name(kind)

    def kind(self, module: object) -> str | None:
        """The kind of a module's objects, None for one that is not read here."""
        return next((kind for kind, name in self.names.items() if name == module), None)

    async def discover(self) -> list[dict[str, Any]]:
        """All modules the key's role sees, as the portal states them; each is a kind from now on.

        The route is inferred: where the portal does not have it, those that are named in the settings are all.
        """
        try:
            found = await self.client.modules()
        except (NotFound, Rejected):
            return []
        for one in found:
            name = str(one["name"])
            if name not in self.names.values():
                self.names.setdefault(name, name)
        return found

    async def read(self, kind: str) -> Fields:
        """The module's fields by name, read anew."""
        told = await self.client.module(await self.named(kind))
        fields = {str(field["name"]): field for field in told.get("fields") or ()}
        self.known[kind] = Records(kind, fields, self.profile, self.client.quirks)
        return fields

    async def read_all(self) -> dict[str, Fields]:
        """The fields of all modules, by kind; one that the role may not read is left out, unless it is files or products."""
        await self.discover()
        found: dict[str, Fields] = {}
        for kind in list(self.names):
            try:
                found[kind] = await self.read(kind)
            except (NeedsOperator, Rejected):
                if kind in (ASSET, PRODUCT):
                    raise
        return found

    async def records(self, kind: str) -> Records:
        """How objects of this kind are read and written."""
        if kind not in self.known:
            await self.read(kind)
        return self.known[kind]
