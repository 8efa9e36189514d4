"""Relations between objects: single links, variants, and who refers to an object."""

from collections.abc import Mapping

from lockgate.connectors.fourallportal.base import PortalBase
from lockgate.connectors.fourallportal.conditions import equal
from lockgate.connectors.fourallportal.linking import SINGLE
from lockgate.connectors.fourallportal.values import PLAIN, read
from lockgate.kit.contract import Receipt, operation
from lockgate.kit.errors import Conflict, Rejected
from lockgate.model.item import PRODUCT


class RelationOperations(PortalBase):
    @operation(effect="link", idempotent="look-up")
    async def set_link(self, kind: str, id: str, field: str, target: str | None) -> Receipt:
        """A link field that holds one object: set it, or empty it with None; read back.

        `field` is a canonical name of the profile, or the portal's own. Raises NotFound for an object that is gone.
        """
        module, records = await self.modules.named(kind), await self.modules.records(kind)
        match = records.matches.get(field)
        name = match.field if match is not None else field
        if records.fields.get(name, {}).get("type") not in SINGLE:
            raise Rejected(f"Objects of module {module} have no field {name!r} that links to one object.", code="field")
        record = await self.client.get(module, id, [name])
        if read(PLAIN, record.get(name), self.quirks) != target:
            await self.client.patch(module, [{"id": id, name: [{"value": target}]}])
            record = await self.client.get(module, id, [name])
        if read(PLAIN, record.get(name), self.quirks) != target:
            raise Conflict(f"Link {name} of {kind} {id} did not stay as written; it is tried again.")
        return Receipt(key=target or "", ref=id)

    @operation(effect="link", idempotent="look-up")
    async def make_variant(self, variant: str, of: str | None, kind: str = PRODUCT) -> Receipt:
        """Make an object a variant of another, or with None one that stands for itself."""
        return await self.set_link(kind, variant, self.quirks.variant_field, of)

    @operation(effect="read")
    async def variants(self, id: str, kind: str = PRODUCT) -> list[str]:
        """Ids of the variants of an object."""
        module = await self.modules.named(kind)
        return [
            str(record["id"])
            async for page in self.client.pages(module, equal(self.quirks.variant_field, id))
            for record in page.result
        ]

    @operation(effect="read")
    async def referring(self, kind: str, id: str) -> Mapping[str, list[str]]:
        """Which objects refer to this one, by `module.field` of the link. For where-used from the far end.

        The portal states the fields that lead to a module; where it does not, those of the modules read so far are taken.
        """
        module = await self.modules.named(kind)
        found: dict[str, list[str]] = {}
        for owner, field in await self._leading_to(module):
            pages = self.client.pages(owner, equal(field, id))
            ids = [str(record["id"]) async for page in pages for record in page.result]
            if ids:
                found[f"{owner}.{field}"] = ids
        return found

    async def _leading_to(self, module: str) -> list[tuple[str, str]]:
        stated = await self.client.referenced_by(module)
        fields = await self.modules.read_all()
        declared = [
            (self.modules.name(kind), name)
            for kind, known in fields.items()
            for name, field in known.items()
            if module in (field.get("modules") or ())
        ]
        # A stated name is module and field in one word; either may hold underscores, so both ends must be known.
        return [one for one in declared if not stated or "_".join(one) in stated]
