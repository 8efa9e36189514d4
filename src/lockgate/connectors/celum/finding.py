"""Finding assets and collections by what identifies them."""

from collections.abc import Sequence

from lockgate.connectors.celum.client import filters
from lockgate.connectors.celum.definitions import Definition
from lockgate.connectors.celum.mapping import asset_id
from lockgate.connectors.celum.mapping.fields import REFERENCES
from lockgate.connectors.celum.mapping.reading import Reading
from lockgate.connectors.celum.source import ContentSource
from lockgate.kit.profile import Profile
from lockgate.model import codes

PORTION = 25
"""Values in one search."""


class Finding:
    """For one connection."""

    def __init__(self, source: ContentSource, profile: Profile) -> None:
        self.source, self.client, self.profile = source, source.client, profile

    async def find(self, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        """Ids per value; absent where there is none. A text search finds more, so what was found is compared."""
        match = self.profile.match(kind, f"ids.{by}")
        definition = (await self.source.definitions.fields(kind)).get(match.field) if match else None
        if match is None or definition is None:
            return {}
        found: dict[str, set[str]] = {}
        for at in range(0, len(values), PORTION):
            portion = values[at : at + PORTION]
            for id, said in (await self._portion(kind, by, definition, portion)).items():
                for value in portion:
                    if said & spellings(by, value):
                        found.setdefault(value, set()).add(id)
        return {value: sorted(ids, key=int) for value, ids in found.items()}

    async def _portion(self, kind: str, by: str, definition: Definition, values: Sequence[str]) -> dict[str, set[str]]:
        """What is stated under the identifier, of all that a search for any of the values finds."""
        asked = [one for value in values if (one := await self._filter(kind, by, definition, value))]
        found: dict[str, set[str]] = {}
        if not asked:
            return found
        query = filters.every(
            filters.any_of(*asked, entity=kind),
            filters.below_collection(self.source.settings.collection, entity=kind),
            entity=kind,
        )
        async for page in self.client.pages(query, whole=True, entity=kind):
            await self.source.name_references(page)
            for record in page:
                bound = Reading(record, self.profile, self.client.quirks, kind).bound(f"ids.{by}")
                said = bound.meanings() if bound else ()
                found[asset_id(record)] = {spelled for one in said for spelled in spellings(by, one)}
        return found

    async def _filter(self, kind: str, by: str, definition: Definition, value: str) -> filters.Filter | None:
        """None where nothing can have this value."""
        type = str(definition.get("type"))
        if type in REFERENCES:
            words = await self.source.definitions.words(definition)
            id = words.find(value)
            return None if id is None else filters.reference_field(kind, definition, id)
        if type in {"TEXT", "TEXT_AREA"}:
            short = value.lstrip("0") if by == "gtin" else value
            return filters.text_field(kind, definition, short or value)
        if type in {"NUMBER", "DOUBLE"} and value.isdecimal():
            return filters.number_field(kind, definition, int(value))
        return None


def spellings(by: str, value: str) -> set[str]:
    """The value in comparable form, and as it is where it is none of its kind."""
    return {codes.identifier(by, value) or value.strip()}
