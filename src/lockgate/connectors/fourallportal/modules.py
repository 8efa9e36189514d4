"""The fields of both modules, read once per connection, and once more whenever a person asks for the schema."""

from lockgate.connectors.fourallportal.client import PortalClient
from lockgate.connectors.fourallportal.mapping import Fields, Records
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Profile
from lockgate.model.item import ASSET, PRODUCT


class Modules:
    """What is known of a tenant's modules by kind of item."""

    def __init__(self, client: PortalClient, profile: Profile) -> None:
        self.client, self.profile = client, profile
        self.names = {ASSET: client.quirks.file_module, PRODUCT: client.quirks.product_module}
        self.known: dict[str, Records] = {}

    def name(self, kind: str) -> str:
        """The portal's name for a kind of item."""
        if kind not in self.names:
            raise Rejected(
                f"4ALLPORTAL has no items of kind {kind} here; its kinds are asset and product.", code="kind"
            )
        return self.names[kind]

    def kind(self, module: object) -> str | None:
        return next((kind for kind, name in self.names.items() if name == module), None)

    async def read(self, kind: str) -> Fields:
        """The module's fields by name, read anew."""
        told = await self.client.module(self.name(kind))
        fields = {str(field["name"]): field for field in told.get("fields") or ()}
        self.known[kind] = Records(kind, fields, self.profile, self.client.quirks)
        return fields

    async def records(self, kind: str) -> Records:
        """How objects of this kind are read and written."""
        if kind not in self.known:
            await self.read(kind)
        return self.known[kind]
