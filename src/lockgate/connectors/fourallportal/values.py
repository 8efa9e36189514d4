"""Field values there and back: our JSON ⇄ arrays of `{value, dimensions}`. Pure; what a field is comes from the module's schema.

Reading is liberal: `[{value}]`, `{value}` and a bare value are taken alike, as the vendor's routes differ in it.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.model.item import UND, Text, pick

Field = Mapping[str, Any]
"""A field as the schema states it: `name`, `type`, `length`, `dimensions` …"""

LISTS = frozenset({"CEVarcharList", "CETextList", "CEEmailList", "CEIdList", "CEExternalIdList"})
TEXTS = frozenset({"CEVarchar", "CEText", "MAMString", "XMPString", "CEEmail", "CEPhone"})


def localized(field: Field) -> bool:
    return "locale" in (field.get("dimensions") or ())


def entries(wire: Any) -> list[Mapping[str, Any]]:
    """The entries of a value in whichever of the three forms it came."""
    if wire is None:
        return []
    told = wire if isinstance(wire, list) else [wire]
    return [one if isinstance(one, dict) and "value" in one else {"value": one} for one in told if one != {}]


def read(field: Field, wire: Any, quirks: Quirks) -> Any:
    """A value in our words: a text map for localized fields, a list for lists, else the value or None."""
    found = entries(wire)
    if localized(field):
        return read_text(found, quirks)
    value = found[0].get("value") if found else None
    if field.get("type") in LISTS:
        return [] if value is None else value if isinstance(value, list) else [value]
    if field.get("type") == "CEDate" and isinstance(value, str):
        return value[:10]
    return value


def read_text(found: list[Mapping[str, Any]], quirks: Quirks) -> Text:
    """By language; of several channels the first entry of a locale stands for it."""
    languages = {locale: language for language, locale in quirks.locales.items()}
    text: Text = {}
    for entry in found:
        dimensions = entry.get("dimensions") or {}
        locale = dimensions.get("locale") if isinstance(dimensions, dict) else None
        language = languages.get(locale, locale.replace("_", "-")) if locale else UND
        if isinstance(entry.get("value"), str):
            text.setdefault(language, entry["value"])
    return text


def write(field: Field, value: Any, quirks: Quirks, zone: str) -> list[dict[str, Any]]:
    """A value as the portal takes it. Nothing to say clears the field, or each of the locales we fill."""
    if localized(field):
        return write_text(field, value, quirks)
    return [{"value": plain(field, value, quirks, zone)}]


def write_text(field: Field, value: Any, quirks: Quirks) -> list[dict[str, Any]]:
    by_locale: dict[str, str | None] = dict.fromkeys(quirks.locales.values())
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
    if isinstance(value, dict):
        return {str(language): str(words) for language, words in value.items()}
    return {UND: joined(value)} if value not in (None, [], "") else {}


def plain(field: Field, value: Any, quirks: Quirks, zone: str) -> Any:
    """A value of a field without dimensions."""
    kind = field.get("type")
    if kind in LISTS:
        return listed(value)
    if value is None or value in ({}, [], ""):
        return None
    if isinstance(value, dict) and kind != "CEMetric":
        language = next((one for one, locale in quirks.locales.items() if locale == quirks.default_locale), "en")
        value = pick(value, language)
    if kind == "CEDate":
        return last_day(str(value), zone)
    return shortened(field, joined(value)) if kind in TEXTS else value


def listed(value: Any) -> list[Any]:
    if value in (None, {}, ""):
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def joined(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


def shortened(field: Field, words: str) -> str:
    """A text no longer than its field; what was cut shows."""
    length = field.get("length")
    if not isinstance(length, int) or len(words) <= length:
        return words
    return words[: length - 1] + "…"


def last_day(text: str, zone: str) -> str:
    """A date as it is; of an instant at which something ends, the last day on which it still holds, in the tenant's zone."""
    if len(text) == 10:
        return date.fromisoformat(text).isoformat()
    instant = datetime.fromisoformat(text)
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return (aware - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date().isoformat()


def instant(text: Any) -> datetime | None:
    """A time stamp in any of the forms seen; without a zone it is taken as UTC."""
    if not isinstance(text, str):
        return None
    for form in ("%Y/%m/%d %H:%M:%S", "%d.%m.%Y %H:%M:%S"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
