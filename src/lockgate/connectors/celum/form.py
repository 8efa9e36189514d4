"""Values by canonical name, as a tenant's fields take them and give them back, for assets or for collections."""

from collections.abc import Mapping
from typing import Any

from lockgate.connectors.celum.definitions import Definitions, Fields
from lockgate.connectors.celum.mapping import fields as reading
from lockgate.connectors.celum.mapping.fields import Value
from lockgate.connectors.celum.mapping.writing import Unwritable, Words, Writer
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Profile

Plain = dict[str, Any]
"""By canonical name what its field is to hold, as creating takes it."""


class Form:
    """For one entity of one connection."""

    def __init__(self, entity: str, definitions: Definitions, profile: Profile) -> None:
        self.entity, self.definitions, self.profile = entity, definitions, profile
        self._known: Fields = {}
        """The definitions that the writers were made of."""
        self._writers: dict[str, Writer] = {}
        self._words: dict[int, Words] = {}

    async def writers(self) -> Mapping[str, Writer]:
        """By canonical name; what the profile has no field for is not among them."""
        known = await self.definitions.fields(self.entity)
        if known is not self._known:
            self._known, locale = known, self.definitions.quirks.default_locale
            self._writers = {
                match.canonical: Writer(match, known[match.field], zone=self.profile.zone, locale=locale)
                for match in self.profile.matches.get(self.entity, ())
                if match.field in known
            }
        return self._writers

    async def plain(self, values: Mapping[str, Any]) -> Plain:
        """Raises Rejected for a value that its field cannot take."""
        writers, found = await self.writers(), {}
        for name, value in values.items():
            if name in writers:
                try:
                    found[name] = await self._one(writers[name], value)
                except Unwritable as problem:
                    field = writers[name].definition.get("name")
                    raise Rejected(
                        f"{name} cannot be written to field {field}: {problem}. Correct it at the source.",
                        code="field.value",
                    ) from problem
        return found

    async def _one(self, writer: Writer, value: Any) -> Any:
        wanted = writer.words(value)
        return writer.plain(value, await self._vocabulary(writer, wanted) if wanted else None)

    async def _vocabulary(self, writer: Writer, wanted: list[str]) -> Words:
        words = self._words[writer.definition["id"]] = await self.definitions.words(writer.definition, wanted)
        return words

    def created(self, plain: Plain) -> list[dict[str, Any]]:
        """`informationFieldValues` of a new entity."""
        return [self._writers[name].entry(value) for name, value in plain.items() if value is not None]

    def changed(self, plain: Plain, entity: Mapping[str, Any]) -> list[dict[str, Any]]:
        """`informationFieldValues` of a change: only what the entity does not hold yet."""
        now, entries = reading.collect(entity), []
        for name, value in plain.items():
            writer = self._writers[name]
            here = now.get(str(writer.definition["id"]))
            if not self._same(name, here, value):
                entries.append(writer.entry(writer.operation(value, here)))
        return entries

    def _same(self, name: str, here: Value | None, plain: Any) -> bool:
        """Whether a field holds this already. References are compared by number: their names may change any time."""
        writer = self._writers[name]
        if writer.type in reading.REFERENCES:
            now = {one.get("id") for one in reading.references(here)} if here is not None else set()
            return now == set(plain or ())
        return bool(writer.held(here) == self.readable(name, plain))

    def readable(self, name: str, plain: Any) -> Any:
        """What reading gives once this is written."""
        writer = self._writers[name]
        words = self._words.get(writer.definition["id"])
        return writer.held(writer.readable(plain, words) if plain is not None else None)

    async def held(self, entity: Mapping[str, Any]) -> dict[str, Any]:
        """All fields of the profile, by canonical name."""
        now, writers = reading.collect(entity), await self.writers()
        return {name: writer.held(now.get(str(writer.definition["id"]))) for name, writer in writers.items()}

    def as_held(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What `held` gives for these values once they are written. What cannot be written is left out."""
        found = {}
        for name, value in values.items():
            writer = self._writers.get(name)
            if writer is None:
                continue
            words = self._words.get(writer.definition["id"])
            try:
                found[name] = self.readable(name, writer.plain(value, words))
            except Unwritable:
                continue
        return found
