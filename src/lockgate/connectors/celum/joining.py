"""Finding what we wrote: by our key, in a text field of the tenant's."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from lockgate.connectors.celum.client import CelumWriter, filters
from lockgate.connectors.celum.client.calls import Record
from lockgate.connectors.celum.definitions import Definitions
from lockgate.connectors.celum.mapping import fields as reading
from lockgate.kit.errors import Rejected
from lockgate.kit.joint import Joint

PORTION = 50
"""Keys in one search."""


class Keys:
    """Our keys of assets, or of collections, for one connection."""

    def __init__(self, entity: str, client: CelumWriter, definitions: Definitions) -> None:
        self.entity, self.client, self.definitions = entity, client, definitions
        self._found = Joint(self._find)

    async def found(self, keys: Sequence[str]) -> dict[str, Record]:
        """What is there under these keys now, whole. Many who ask at once share a search."""
        known = await self._found(keys)
        return {key: known[key] for key in keys if key in known}

    async def entry(self, key: str) -> dict[str, Any]:
        """Our key among the values of a new entity."""
        field = await self.definitions.key(self.entity)
        most, value = field.get("maxLength"), stored(key)
        if isinstance(most, int) and len(value) > most:
            # Never shortened: two keys could become one.
            raise Rejected(
                f"Our key {key} is longer than the {most} characters of field {field.get('name')}; have it made longer.",
                code="key.length",
            )
        return {"id": field["id"], "type": field["type"], "value": value}

    async def of(self, record: Record) -> str:
        """Our key on a record, empty when it is not ours."""
        field = await self.definitions.key(self.entity)
        return read_key(record, str(field["id"]))

    async def _find(self, keys: Sequence[str]) -> dict[str, Record]:
        """A text search finds more than was asked for, so keys are compared."""
        field, wanted = await self.definitions.key(self.entity), list(dict.fromkeys(keys))
        found: dict[str, Record] = {}
        for at in range(0, len(wanted), PORTION):
            asked = [filters.text_field(self.entity, field, stored(key)) for key in wanted[at : at + PORTION]]
            async for page in self._pages(filters.any_of(*asked, entity=self.entity)):
                for record in page:
                    # Where somebody copied one of ours, the oldest is ours: ids grow.
                    found.setdefault(read_key(record, str(field["id"])), record)
        return {key: found[key] for key in wanted if key in found}

    def _pages(self, query: filters.Filter) -> AsyncIterator[Sequence[Record]]:
        return self.client.pages(query, whole=True, entity=self.entity)


def stored(key: str) -> str:
    """A key as it is written: between brackets, so that a search for one does not find all that begin like it."""
    return f"[{key}]"


def read_key(record: Mapping[str, Any], field: str) -> str:
    value = reading.collect(record).get(field)
    text = value.raw.strip() if value is not None and isinstance(value.raw, str) else ""
    return text[1:-1] if text.startswith("[") and text.endswith("]") else ""
