"""One asset read through the profile: which field carries which canonical name, and what could not be understood."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from lockgate.connectors.celum.mapping import fields
from lockgate.connectors.celum.mapping.dates import Unreadable
from lockgate.connectors.celum.mapping.fields import Value, Word
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.profile import Match, Profile
from lockgate.model.item import Text

KIND = "asset"
T = TypeVar("T")


class Bound(msgspec.Struct, frozen=True):
    """A canonical name bound to a field. `value` is None where the asset has nothing in it."""

    match: Match
    value: Value | None

    def words(self) -> tuple[Word, ...]:
        return fields.words(self.value) if self.value else ()

    def text(self) -> Text:
        return fields.text(self.value, self.match) if self.value else {}

    def meanings(self) -> tuple[str, ...]:
        """The words in canonical form where the profile has one, else by their own name; nameless ones left out."""
        said = (fields.canonical(word, self.match) or (word.names[0] if word.names else "") for word in self.words())
        return tuple(dict.fromkeys(one for one in said if one))

    def as_json(self, zone: str) -> Any:
        return fields.as_json(self.value, zone) if self.value else None

    @property
    def raw(self) -> Any:
        return self.value.raw if self.value else None


class Reading:
    """An asset, its values and the profile; `problems` gathers sentences about what was not understood."""

    def __init__(self, asset: Mapping[str, Any], profile: Profile, quirks: Quirks, kind: str = KIND) -> None:
        self.asset = asset
        self.profile = profile
        self.quirks = quirks
        self.values = fields.collect(asset)
        self.matches: dict[str, Match] = {}
        for match in profile.matches.get(kind, ()):
            self.matches.setdefault(match.canonical, match)
        self.problems: list[str] = []

    def bound(self, canonical: str) -> Bound | None:
        """None where the profile has no field for this name; blank values count as nothing."""
        match = self.matches.get(canonical)
        if match is None:
            return None
        value = self.values.get(match.field)
        return Bound(match, None if value is None or value.empty else value)

    def under(self, head: str) -> dict[str, Bound]:
        """What the profile binds below a name: `ids.` gives `sku`, `gtin`, …"""
        found = {}
        for canonical in self.matches:
            if canonical.startswith(head) and (bound := self.bound(canonical)) is not None:
                found[canonical.removeprefix(head)] = bound
        return found

    def text(self, canonical: str) -> Text:
        bound = self.bound(canonical)
        return bound.text() if bound else {}

    def zone(self, *bounds: Bound | None) -> str:
        """The time zone of plain dates: the match's own, else the profile's."""
        stated = (str(one.match.options["zone"]) for one in bounds if one and one.match.options.get("zone"))
        return next(stated, self.profile.zone)

    def trying(self, what: str, read: Callable[[], T], otherwise: T) -> T:
        """`read()`, or the closed answer and a sentence that says why."""
        try:
            return read()
        except Unreadable as error:
            self.problems.append(f"{what}: {error}")
            return otherwise
