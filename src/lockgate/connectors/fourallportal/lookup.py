"""Finding what is there: products by identifier, our copies by key with the products that show them."""

from collections.abc import Mapping, Sequence

from lockgate.connectors.fourallportal.client import PortalClient
from lockgate.connectors.fourallportal.linking import SINGLE
from lockgate.connectors.fourallportal.mapping import spellings
from lockgate.connectors.fourallportal.modules import Modules
from lockgate.connectors.fourallportal.values import REFERENCES, listed, read
from lockgate.kit.contract import Held
from lockgate.model.item import ASSET, PRODUCT

Ids = dict[str, list[str]]


class Lookup:
    """Looks things up for one connection."""

    def __init__(self, client: PortalClient, modules: Modules) -> None:
        self.client, self.modules, self.quirks = client, modules, client.quirks

    async def find(self, kind: str, by: str, values: Sequence[str]) -> Ids:
        """Ids by identifier. A family is the object with that article number, else all products that name it."""
        if by != "family":
            return await self.by_field(kind, by, values)
        objects = await self.by_field(kind, "sku", values)
        return objects | await self.by_field(kind, by, [value for value in values if value not in objects])

    async def by_field(self, kind: str, by: str, values: Sequence[str]) -> Ids:
        records = await self.modules.records(kind)
        match = records.matches.get(f"ids.{by}")
        if match is None:
            return {}
        asked: dict[str, list[str]] = {}
        for value in values:
            for spelling in spellings(by, value):
                asked.setdefault(spelling, []).append(value)
        found: dict[str, set[str]] = {}
        records_found = await self.client.having(
            await self.modules.named(kind), match.field, list(asked), fields=[match.field]
        )
        for id, record in records_found.items():
            for told in listed(records.value(record, match.canonical)):
                for value in asked.get(str(told), ()):
                    found.setdefault(value, set()).add(id)
        return {value: sorted(ids) for value, ids in found.items()}

    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:
        """Our copies by our key. Letter case counts for us, whether or not it does for the portal."""
        records, asked = await self.modules.records(kind), frozenset(keys)
        found = await self.client.having(self.modules.name(kind), self.quirks.key_field, keys, fields=records.asked)
        ours = {id: record for id, record in found.items() if records.key(record) in asked}
        links = await self.links(list(ours)) if kind == ASSET else {}
        return {records.key(record): records.held(record, links.get(id, ())) for id, record in ours.items()}

    async def links(self, refs: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """By file: the products that show it in any list of links to files that the profile knows."""
        found: dict[str, list[str]] = {}
        for field in await self.link_fields():
            holders = await self.client.having(self.quirks.product_module, field, refs, fields=[field])
            for id, record in holders.items():
                for ref in read(REFERENCES, record.get(field), self.quirks):
                    found.setdefault(ref, []).append(id)
        return found

    async def link_fields(self) -> list[str]:
        records = await self.modules.records(PRODUCT)
        matched = {match.field: records.fields[match.field] for match in records.matches.values()}
        return [
            name
            for name, field in matched.items()
            if self.quirks.file_module in (field.get("modules") or ()) and field.get("type") not in SINGLE
        ]
