"""Field values there and back: our JSON ⇄ arrays of `{value, dimensions}`. Pure; what a field is comes from the module's schema.

Reading is liberal: `[{value}]`, `{value}` and a bare value are taken alike, as the vendor's routes differ in it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.model.item import UND, Text, pick

Field = Mapping[str, Any]
"""A field as the schema states it: `name`, `type`, `length`, `dimensions` …"""
Entry = Mapping[str, Any]

LISTS = frozenset(
    {"CEVarcharList", "CETextList", "CEEmailList", "CEAddressList", "CEIdList", "CEExternalIdList", "MAMList"}
)
TEXTS = frozenset({"CEVarchar", "CEText", "MAMString", "XMPString", "CEEmail", "CEPhone"})
DATES = frozenset({"CEDate", "MAMDate"})
NUMBERS = frozenset({"CEInteger", "CELong", "CEDouble", "MAMNumber", "XMPNumber"})
BOOLEANS = frozenset({"CEBoolean", "MAMBoolean"})
INSTANT, METRIC = "CETimestamp", "CEMetric"
NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
LONGEST = {"CEVarchar": 450}
"""Documented length of a type where the field itself states none."""
REFERENCES: Field = {"type": "CEIdList"}
"""How any link field is read: as a list of ids."""
FLAG: Field = {"type": "CEBoolean"}
PLAIN: Field = {}
"""How a technical value is read: as it is."""


class Unwritable(ValueError):
    """A value that its field cannot take, as a sentence."""


def localized(field: Field) -> bool:
    return "locale" in (field.get("dimensions") or ())


def is_text(field: Field) -> bool:
    """Whether the field holds a text map; other localized fields hold one value, in the default locale."""
    return localized(field) and field.get("type") in TEXTS


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def entries(wire: Any) -> list[Entry]:
    """The entries of a value in whichever of the three forms it came; those without a value say nothing."""
    told = wire if isinstance(wire, list) and all(map(is_entry, wire)) else [wire]
    found = [one if is_entry(one) else {"value": one} for one in told]
    return [one for one in found if one.get("value") is not None]


def is_entry(one: Any) -> bool:
    """A metric value has a member `value` as well, and others beside it."""
    return isinstance(one, dict) and one.keys() <= {"value", "dimensions"}


def read(field: Field, wire: Any, quirks: Quirks) -> Any:
    """A value in our words: a text map for localized texts, a list for lists, else the value or None."""
    found = entries(wire)
    if is_text(field):
        return read_text(found, quirks)
    near = nearest(found, quirks)
    if field.get("type") in LISTS:
        values = [one["value"] for one in near]
        return [each for value in values for each in (value if isinstance(value, list) else [value])]
    return READERS.get(str(field.get("type")), same)(near[0]["value"]) if near else None


def dimension(entry: Entry, name: str) -> str:
    """A dimension's value, empty for none; for all dimensions the portal writes `{}`, `[]` or nothing."""
    told = entry.get("dimensions")
    return str(told.get(name) or "") if isinstance(told, dict) else ""


def nearest(found: Sequence[Entry], quirks: Quirks) -> list[Entry]:
    """The entries of the dimensions that stand for all: our default locale, else none, and no channel rather than one."""

    def rank(entry: Entry) -> tuple[int, str, str]:
        locale = dimension(entry, "locale")
        return 0 if locale == quirks.default_locale else 1 if not locale else 2, locale, dimension(entry, "channel")

    best = min(map(rank, found), default=None)
    return [one for one in found if rank(one) == best]


def read_text(found: Sequence[Entry], quirks: Quirks) -> Text:
    """By language. A text for all channels goes before that of one, the first channel before the others."""
    languages = {locale: language for language, locale in quirks.locales.items()}
    text: Text = {}
    for entry in sorted(found, key=lambda one: dimension(one, "channel")):
        locale = dimension(entry, "locale")
        language = languages.get(locale, locale.replace("_", "-")) if locale else UND
        if isinstance(entry["value"], str):
            text.setdefault(language, entry["value"])
    return text


def same(value: Any) -> Any:
    return value


def read_day(value: Any) -> Any:
    """Dates come with a time of day that means nothing: no zone is applied."""
    return value[:10] if isinstance(value, str) else value


def read_number(value: Any) -> Any:
    """Numbers may come as texts."""
    if not isinstance(value, str) or not NUMBER.fullmatch(value):
        return value
    return int(value) if value.lstrip("-").isdecimal() else float(value)


def read_boolean(value: Any) -> Any:
    return (
        {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
        if isinstance(value, str)
        else value
    )


def read_instant(value: Any) -> Any:
    return stamp(when) if (when := instant(value)) is not None else value


def read_metric(value: Any) -> Any:
    """Without what the server computes from it."""
    return {name: told for name, told in value.items() if name != "normalized"} if isinstance(value, dict) else value


READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(DATES, read_day),
    **dict.fromkeys(NUMBERS, read_number),
    **dict.fromkeys(BOOLEANS, read_boolean),
    INSTANT: read_instant,
    METRIC: read_metric,
}

# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def write(field: Field, value: Any, quirks: Quirks, zone: str, *, ends: bool = False) -> list[dict[str, Any]]:
    """A value as the portal takes it. Nothing to say clears the field, or each of the locales we fill.

    `ends` says that an instant is the first one outside of something: a date then is the last day inside.
    Raises Unwritable.
    """
    if is_text(field):
        return write_text(field, value, quirks)
    entry = {"value": plain(field, value, quirks, zone, ends=ends)}
    return [entry | {"dimensions": {"locale": quirks.default_locale}}] if localized(field) else [entry]


def write_text(field: Field, value: Any, quirks: Quirks) -> list[dict[str, Any]]:
    by_locale: dict[str, str | None] = dict.fromkeys((*quirks.locales.values(), quirks.default_locale))
    for language, words in sorted(as_text(value).items()):
        locale = locale_of(language, quirks)
        if locale is not None and by_locale.get(locale) is None:
            by_locale[locale] = shortened(field, words)
    return [{"value": words, "dimensions": {"locale": locale}} for locale, words in by_locale.items()]


def locale_of(language: str, quirks: Quirks) -> str | None:
    """The tenant's locale for a language tag: its own, that of its main language, the default one for texts without."""
    if language == UND:
        return quirks.default_locale
    return quirks.locales.get(language) or quirks.locales.get(language.split("-", maxsplit=1)[0])


def as_text(value: Any) -> Text:
    """A text map of whatever says a text; blank words say nothing."""
    if isinstance(value, dict):
        return {str(language): str(words) for language, words in value.items() if words not in (None, "")}
    return {UND: joined(value)} if value not in (None, [], "") else {}


def plain(field: Field, value: Any, quirks: Quirks, zone: str, *, ends: bool) -> Any:
    """A value of a field without dimensions."""
    kind = field.get("type")
    if kind in LISTS:
        return listed(value)
    if value is None or value in ({}, [], (), ""):
        return None
    if kind == METRIC:
        return (
            value
            if isinstance(value, dict)
            else {"value": value, "unit": (field.get("metric") or {}).get("defaultUnit")}
        )
    if isinstance(value, dict):
        value = pick(value, next((one for one, to in quirks.locales.items() if to == quirks.default_locale), "en"))
    if kind in TEXTS:
        return shortened(field, joined(value))
    if kind in DATES:
        return day(str(value), zone, ends=ends)
    return moment(str(value)) if kind == INSTANT else value


def listed(value: Any) -> list[Any]:
    if value in (None, {}, ""):
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def joined(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


def shortened(field: Field, words: str) -> str:
    """A text no longer than its field; what was cut shows."""
    length = field.get("length") or LONGEST.get(str(field.get("type")))
    if not isinstance(length, int) or len(words) <= length:
        return words
    return words[: length - 1] + "…"


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def day(text: str, zone: str, *, ends: bool) -> str:
    """A date as it is; of an instant its day in the tenant's zone."""
    try:
        if len(text) == len("2026-03-31"):
            return date.fromisoformat(text).isoformat()
        when = aware(datetime.fromisoformat(text))
        return (when - timedelta(microseconds=1) if ends else when).astimezone(ZoneInfo(zone)).date().isoformat()
    except (ValueError, OverflowError) as error:
        raise Unwritable(f"{text!r} is no date") from error


def moment(text: str) -> str:
    """An instant as the portal writes it."""
    try:
        return stamp(aware(datetime.fromisoformat(text)))
    except (ValueError, OverflowError) as error:
        raise Unwritable(f"{text!r} is no date and time") from error


def stamp(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def aware(when: datetime, zone: str = "UTC") -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=ZoneInfo(zone))


def instant(text: Any, zone: str = "UTC") -> datetime | None:
    """A time stamp in any of the forms seen, in UTC; one without a zone is meant in `zone`. None for anything else."""
    if not isinstance(text, str):
        return None
    for form in ("%Y/%m/%d %H:%M:%S", "%d.%m.%Y %H:%M:%S"):
        try:
            return aware(datetime.strptime(text, form), zone).astimezone(UTC)  # noqa: DTZ007 - the zone is given beside
        except ValueError:
            continue
    try:
        return aware(datetime.fromisoformat(text), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
