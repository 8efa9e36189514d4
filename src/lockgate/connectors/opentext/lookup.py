"""Finding what is there: workspaces by identifier, our copies by key."""

from collections.abc import Sequence
from typing import Any

from lockgate.connectors.opentext.columns import Columns
from lockgate.connectors.opentext.keys import Keys, without_mark
from lockgate.connectors.opentext.mapping.categories import Attribute
from lockgate.connectors.opentext.mapping.items import WORKSPACE
from lockgate.connectors.opentext.mapping.records import Seen, business_of, revision, seen_of
from lockgate.connectors.opentext.places import Places
from lockgate.connectors.opentext.states import States
from lockgate.connectors.opentext.tenant import Tenant
from lockgate.kit.contract import Held
from lockgate.kit.errors import NotFound
from lockgate.kit.together import together
from lockgate.model import codes

Ids = dict[str, list[str]]
OBJECT, NICKNAME, UNIQUE = "business_object", "nickname", "unique_name"


class Lookup:
    """Looks things up for one connection."""

    def __init__(self, tenant: Tenant, keys: Keys, places: Places, states: States) -> None:
        self.tenant, self.client = tenant, tenant.client
        self.keys, self.places, self.states = keys, places, states
        self.columns = Columns(tenant)

    async def find(self, kind: str, by: str, values: Sequence[str]) -> Ids:
        """Ids by `nickname` or `unique_name`, or workspaces by the id of their business object.

        That one is asked for as `business_object`, or as the identifier whose field in the profile is `business_object_id`.
        An identifier kept in an attribute is looked for through the columns of workspace lists; one without a column gives nothing.
        """
        if by == NICKNAME:
            found = await together(self._nicknamed(value) for value in values)
        elif by == UNIQUE:
            return await self._unique(values)
        elif kind == WORKSPACE and (by == OBJECT or self._is_object_id(by)):
            found = await together(self._of_object(by, value) for value in values)
        elif kind == WORKSPACE and (attribute := await self._attribute(by)) is not None:
            found = await together(self._having(attribute, value) for value in values)
        else:
            return {}
        return {value: ids for value, ids in zip(values, found, strict=True) if ids}

    def _is_object_id(self, by: str) -> bool:
        return self.tenant.profile.field(WORKSPACE, f"ids.{by}") == "business_object_id"

    async def _attribute(self, by: str) -> Attribute | None:
        field = self.tenant.profile.field(WORKSPACE, f"ids.{by}")
        return (await self.tenant.categories()).get(field) if field else None

    async def _having(self, attribute: Attribute, value: str) -> list[str]:
        return [str(id) for id in await self.columns.having(attribute, value)]

    async def _nicknamed(self, value: str) -> list[str]:
        found = await self.client.by_nickname(value)
        return [str(found["id"])] if found else []

    async def _unique(self, values: Sequence[str]) -> Ids:
        rows = await self.client.by_unique_names(values)
        named = {str(row.get("UniqueName")).casefold(): str(row["NodeId"]) for row in rows if "NodeId" in row}
        return {value: [named[value.casefold()]] for value in values if value.casefold() in named}

    async def _of_object(self, by: str, value: str) -> list[str]:
        """In each way in which the identifier may be written."""
        found = await together(self.places.workspaces_of(one) for one in spellings(by, value))
        return sorted({str(id) for ids in found for id in ids})

    # ── our copies ───────────────────────────────────────────────────────────────────────────────────────────────

    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:
        """Our copies by our key; one that has no name of its own yet was never finished and counts as not there."""
        await self.tenant.categories()
        found = await together(self._held(kind, key) for key in dict.fromkeys(keys))
        return {one.key: one for one in found if one is not None}

    async def _held(self, kind: str, key: str) -> Held | None:
        properties = await self.keys.find(key)
        if properties is None or properties.get("name") == self.keys.first_name(key):
            return None
        id = int(properties["id"])
        try:
            seen, links = await (self._workspace(id) if kind == WORKSPACE else self._document(id))
            hidden = await self.states.hidden(seen.properties)
        except NotFound:
            return None
        return Held(
            key=key,
            ref=str(id),
            revision=revision(seen.properties, self.tenant.settings.quirks.server_zone),
            fields=self._fields(kind, seen, key),
            length=length_of(seen) if kind != WORKSPACE else None,
            hidden=hidden,
            links=links,
        )

    async def _document(self, id: int) -> tuple[Seen, tuple[str, ...]]:
        """With the workspace it lies in."""
        seen = seen_of(await self.client.node(id, "properties", "categories"))
        around = await self.client.around(id)
        return seen, () if around is None else (str(around),)

    async def _workspace(self, id: int) -> tuple[Seen, tuple[str, ...]]:
        """With the workspaces that carry it as their child or parent."""
        told = await self.client.workspace(id)
        lists = await together(self.client.related(id, direction) for direction in ("parent", "child"))
        related = tuple(sorted({str(row["id"]) for rows in lists for row in rows}))
        return seen_of(told, business=business_of(told)), related

    def _fields(self, kind: str, seen: Seen, key: str) -> dict[str, Any]:
        fields = self.tenant.fields(kind).all(seen)
        if isinstance(name := fields.get("name"), str):
            fields["name"] = without_mark(name, key)
        return fields


def length_of(seen: Seen) -> int | None:
    size = seen.properties.get("size")
    return size if isinstance(size, int) else None


def spellings(by: str, value: str) -> list[str]:
    """GTINs in each length that their own leading zeros allow; others as they are."""
    known = codes.gtin(value) if by == "gtin" else None
    if known is None:
        return [value]
    shorter = [known[14 - length :] for length in (13, 12, 8) if not known[: 14 - length].strip("0")]
    return list(dict.fromkeys([value, known, *shorter]))
