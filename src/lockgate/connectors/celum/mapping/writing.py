"""Values by canonical name → information fields, and back as what is held. Pure.

Creating takes plain values, changing takes operations; localized texts can only be modified, references are set as a whole.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lockgate.connectors.celum.mapping import dates, fields
from lockgate.connectors.celum.mapping.fields import REFERENCES, Value
from lockgate.kit.profile import Match, vendor_values
from lockgate.model import codes
from lockgate.model.item import UND, pick

Definition = Mapping[str, Any]
TEXTS = frozenset({"TEXT", "TEXT_AREA"})
TRUE = frozenset({"true", "1", "yes"})
FALSE = frozenset({"false", "0", "no"})


class Unwritable(ValueError):
    """A value that its field cannot take, as a sentence."""


class Words:
    """A vocabulary: collections or tags by number, with their names in every locale."""

    def __init__(self, names: Mapping[int, Any]) -> None:
        self.names = dict(names)
        self._ids: dict[str, int] = {}
        for id, name in names.items():
            self._learn(id, name)

    def add(self, id: int, name: Any) -> None:
        self.names[id] = name
        self._learn(id, name)

    def _learn(self, id: int, name: Any) -> None:
        for spelled in fields.names(name):
            self._ids.setdefault(spelled.casefold(), id)
            if (code := codes.territory(spelled)) is not None:
                self._ids.setdefault(f"territory {code}", id)

    def find(self, word: str) -> int | None:
        """By any of its names whatever its case, a territory also by its code."""
        spelled = word.strip()
        code = codes.territory(spelled)
        return self._ids.get(spelled.casefold()) or (self._ids.get(f"territory {code}") if code else None)

    def lacking(self, words: Sequence[str]) -> list[str]:
        return [word for word in words if self.find(word) is None]


class Writer:
    """How one canonical name is written to its field."""

    def __init__(self, match: Match, definition: Definition, *, zone: str, locale: str) -> None:
        self.match, self.definition = match, definition
        self.zone, self.locale = str(match.options.get("zone") or zone), str(match.options.get("locale") or locale)
        self.type = str(definition.get("type") or "")

    def words(self, value: Any) -> list[str]:
        """What a reference field is to hold, in the tenant's words: by the profile where it says, else as they are."""
        if self.type not in REFERENCES:
            return []
        return [next(iter(vendor_values(self.match, one)), one) for one in map(str, listed(value)) if one.strip()]

    def plain(self, value: Any, words: Words | None = None) -> Any:
        """The value as creating takes it, None for nothing. Raises Unwritable."""
        if value is None or value in ("", [], {}, ()):
            return None
        if self.type in REFERENCES:
            return self.references(value, words or Words({}))
        if self.type.startswith("LOCALIZED_"):
            return self.localized(value)
        return self.single(value)

    def references(self, value: Any, words: Words) -> list[int] | None:
        found = {word: words.find(word) for word in self.words(value)}
        if strange := [word for word, id in found.items() if id is None]:
            raise Unwritable(f"{strange[0]!r} is not among its words")
        ids = list(dict.fromkeys(id for id in found.values() if id is not None))
        most = self.definition.get("maxSelections")
        if isinstance(most, int) and len(ids) > most:
            raise Unwritable(f"it takes at most {most} words, not {len(ids)}")
        return ids or None

    def localized(self, value: Any) -> dict[str, str] | None:
        told = value if isinstance(value, dict) else {UND: joined(value)}
        texts = {
            self.locale if tag == UND else str(tag).replace("-", "_"): self.fitting(str(text).strip())
            for tag, text in sorted(told.items(), key=lambda one: one[0] != UND)
            if text is not None and str(text).strip()
        }
        return texts or None

    def single(self, value: Any) -> Any:
        if isinstance(value, dict):
            value = pick(value, self.locale)
        if self.type in TEXTS:
            return self.fitting(joined(value)) or None
        if self.type == "DROPDOWN":
            return self.option(joined(value))
        if self.type == "BOOLEAN":
            return self.box(value)
        if self.type == "DATE":
            return self.date(joined(value))
        return self.number(value)

    def fitting(self, text: str) -> str:
        """A text no longer than its field; what was cut shows."""
        most = self.definition.get("maxLength")
        return text if not isinstance(most, int) or len(text) <= most else text[: most - 1] + "…"

    def option(self, word: str) -> int:
        wanted = {one.casefold() for one in (word, *vendor_values(self.match, word))}
        for index, labels in fields.options(self.definition).items():
            if wanted & {index, *(one.casefold() for one in labels)}:
                return int(index)
        raise Unwritable(f"{word!r} is none of its choices")

    def box(self, value: Any) -> bool:
        said = str(value).strip().casefold()
        if said in TRUE or said in FALSE:
            return said in TRUE
        raise Unwritable(f"{value!r} is neither true nor false")

    def number(self, value: Any) -> int | float:
        try:
            number = float(value)
        except (TypeError, ValueError) as problem:
            raise Unwritable(f"{value!r} is no number") from problem
        if self.type == "DOUBLE":
            return number
        if not number.is_integer():
            raise Unwritable(f"{value!r} is no whole number")
        return int(number)

    def date(self, text: str) -> str:
        """A day is midnight in UTC. An instant stays one; where it ends something, its last day inside is meant."""
        try:
            if len(text) == len("2026-03-31"):
                return midnight(date.fromisoformat(text))
            when = datetime.fromisoformat(text)
            when = when if when.tzinfo else when.replace(tzinfo=UTC)
            if not self.match.canonical.endswith("until"):
                return dates.text(when)
            return midnight((when - timedelta(microseconds=1)).astimezone(ZoneInfo(self.zone)).date())
        except (ValueError, OverflowError) as problem:
            raise Unwritable(f"{text!r} is no date") from problem

    # ── reading back ─────────────────────────────────────────────────────────────────────────────────────────────

    def readable(self, plain: Any, words: Words | None = None) -> Value:
        """A plain value in the form in which it is read."""
        raw = plain
        if self.type in REFERENCES and plain is not None:
            named = words.names if words else {}
            raw = [{"id": id, "name": named.get(id)} for id in plain]
        return self.value(raw)

    def value(self, raw: Any) -> Value:
        name, id = str(self.definition.get("name") or ""), str(self.definition.get("id") or "")
        return Value(id=id, name=name, type=self.type, raw=raw, definition=self.definition)

    def held(self, value: Value | None) -> Any:
        """What is in the field, in our words: lists for references, maps for localized texts, None for nothing."""
        if self.type in REFERENCES:
            return sorted(self.said(word) for word in fields.words(value)) if value else []
        if self.type.startswith("LOCALIZED_"):
            return fields.labels(value.raw) if value else {}
        return None if value is None or value.empty else self.one(value)

    def one(self, value: Value) -> Any:
        """A value that is neither list nor map."""
        if self.type == "DROPDOWN":
            return self.said(fields.words(value)[0])
        try:
            return dates.plain(value.raw, self.zone) if self.type == "DATE" else value.raw
        except dates.Unreadable:
            return value.raw

    def said(self, word: fields.Word) -> str:
        return fields.canonical(word, self.match) or word.label

    def operation(self, plain: Any, now: Value | None) -> dict[str, Any]:
        """The change that brings the field from what it holds to this."""
        if plain is None:
            return {"op": "CLEAR"}
        if not self.type.startswith("LOCALIZED_"):
            return {"op": "SET", "value": plain}
        held = now.raw if now is not None and isinstance(now.raw, dict) else {}
        gone = [locale for locale in held if locale not in plain]
        return {"op": "MODIFY", "set": plain, **({"clear": gone} if gone else {})}

    def entry(self, value: Any) -> dict[str, Any]:
        return {"id": self.definition["id"], "type": self.type, "value": value}


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def joined(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value).strip()


def midnight(day: date) -> str:
    return dates.text(datetime(day.year, day.month, day.day, tzinfo=UTC))
