"""Information fields: a tenant's definitions as a schema, an asset's values as words and texts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any

import msgspec

from lockgate.connectors.celum.mapping import dates
from lockgate.kit import profile
from lockgate.kit.profile import FieldInfo, Match, Schema, schema_of
from lockgate.model.item import UND, Text, pick

TYPES = {
    "TEXT": "text",
    "TEXT_AREA": "text",
    "LOCALIZED_TEXT": "text",
    "LOCALIZED_TEXT_AREA": "text",
    "NUMBER": "number",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DROPDOWN": "choice",
    "COLLECTION_REFERENCE": "reference",
    "TAG_REFERENCE": "reference",
}
"""The eleven field types of the API in the words of a profile."""

REFERENCES = {"COLLECTION_REFERENCE": "collection", "TAG_REFERENCE": "tag"}
SEPARATORS = re.compile(r"[;,\n]")


def to_schema(
    definitions: Iterable[Mapping[str, Any]], collections: Iterable[Mapping[str, Any]] | None = None
) -> Schema:
    """The fields of a tenant's assets, and of its collections if they are given."""
    kinds = {"asset": infos(definitions)}
    return schema_of(kinds if collections is None else kinds | {"collection": infos(collections)})


def infos(definitions: Iterable[Mapping[str, Any]]) -> tuple[FieldInfo, ...]:
    """A field is called by its name, or by its id where two share a name."""
    known = [one for one in definitions if one.get("id") is not None]
    uses = Counter(str(one.get("name") or "") for one in known)
    return tuple(info(one, unique=uses[str(one.get("name") or "")] == 1) for one in sorted(known, key=by_id))


def by_id(definition: Mapping[str, Any]) -> int:
    return int(definition["id"])


def info(definition: Mapping[str, Any], *, unique: bool) -> FieldInfo:
    kind = str(definition.get("type", ""))
    name = str(definition.get("name") or "")
    return FieldInfo(
        name=name if name and unique else str(definition["id"]),
        label=pick(labels(definition.get("labels"))) or name,
        type=TYPES.get(kind, "text"),
        multiple=kind in REFERENCES,
        localized=kind.startswith("LOCALIZED_"),
        options={index: spelled[0] for index, spelled in options(definition).items()},
        required=definition.get("required") is True,
        writable=permitted(definition),
        target=REFERENCES.get(kind),
    )


def permitted(definition: Mapping[str, Any]) -> bool:
    permissions = definition.get("permissions")
    return not isinstance(permissions, Mapping) or permissions.get("edit") is not False


def options(definition: Mapping[str, Any]) -> dict[str, list[str]]:
    """Labels of a dropdown's options by index, English first: a locale may lack some of them."""
    by_locale: Mapping[str, Sequence[Mapping[str, Any]]] = definition.get("options") or {}
    found: dict[str, list[str]] = {}
    for locale in sorted(by_locale, key=english_first):
        for option in by_locale[locale]:
            if option.get("label"):
                found.setdefault(str(option.get("index")), []).append(str(option["label"]))
    return found


def english_first(locale: str) -> tuple[bool, str]:
    return (not locale.startswith("en"), locale)


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One field value of an asset, with the definition that came along with it."""

    id: str
    name: str
    type: str
    raw: Any
    definition: Mapping[str, Any]

    @property
    def empty(self) -> bool:
        """Absent, null, blank or an empty list; false and zero are values."""
        return self.raw is None or (isinstance(self.raw, str) and not self.raw.strip()) or self.raw in ([], {})


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """A word of a vocabulary: the vendor's key, and its names (English first; none where the server left them out)."""

    key: str
    names: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.names[0] if self.names else f"#{self.key}"


def values(asset: Mapping[str, Any]) -> Iterator[Value]:
    """All field values of an asset, set by set."""
    for group in asset.get("informationFieldValueSets") or ():
        yield from (to_value(entry) for entry in group.get("informationFieldValues") or ())


def collect(asset: Mapping[str, Any]) -> dict[str, Value]:
    """An asset's values by field name and by field id. Where a field stands in two sets the filled one wins."""
    found: dict[str, Value] = {}
    for value in values(asset):
        for handle in (value.name, value.id):
            if handle and (handle not in found or found[handle].empty):
                found[handle] = value
    return found


def to_value(entry: Mapping[str, Any]) -> Value:
    definition = entry.get("field") or {}
    return Value(
        id=str(definition.get("id", "")),
        name=str(definition.get("name") or ""),
        type=str(entry.get("type") or definition.get("type") or ""),
        raw=entry.get("value"),
        definition=definition,
    )


def words(value: Value) -> tuple[Word, ...]:
    """The value as words: references and options with their names, text split at commas, semicolons and line ends."""
    if value.empty:
        return ()
    if value.type in REFERENCES:
        return tuple(Word(key=str(one.get("id", "")), names=names(one.get("name"))) for one in references(value))
    if value.type == "DROPDOWN":
        return (Word(key=str(value.raw), names=tuple(options(value.definition).get(str(value.raw), ()))),)
    parts = (part.strip() for part in SEPARATORS.split(written(value)))
    return tuple(Word(key=part, names=(part,)) for part in parts if part)


def references(value: Value) -> list[MutableMapping[str, Any]]:
    """The references of a value that have the documented form; others cannot be understood and are left out."""
    return [one for one in value.raw if isinstance(one, dict)] if isinstance(value.raw, list) else []


def names(name: object) -> tuple[str, ...]:
    """Names of a reference: collections have one per locale, tags a single one."""
    if isinstance(name, str):
        return (name.strip(),) if name.strip() else ()
    if isinstance(name, Mapping):
        spelled = (str(name[locale] or "").strip() for locale in sorted(name, key=english_first))
        return tuple(dict.fromkeys(one for one in spelled if one))
    return ()


def written(value: Value) -> str:
    """The value as one text."""
    if value.type.startswith("LOCALIZED_"):
        return pick(labels(value.raw)) or ""
    if isinstance(value.raw, bool):
        return "true" if value.raw else "false"
    if isinstance(value.raw, float) and value.raw.is_integer():
        return str(int(value.raw))
    return str(value.raw)


def text(value: Value, match: Match) -> Text:
    """The value by language; a plain text field has no language unless the profile's `locale` says which."""
    if value.type.startswith("LOCALIZED_"):
        return labels(value.raw)
    if value.type in REFERENCES or value.type == "DROPDOWN":
        joined = ", ".join(word.label for word in words(value))
    else:
        joined = "" if value.empty else written(value).strip()
    return {tag(str(match.options.get("locale") or UND)): joined} if joined else {}


def labels(raw: object) -> Text:
    """A locale map as text by language tag, blank ones left out."""
    if not isinstance(raw, Mapping):
        return {}
    return {tag(str(locale)): one.strip() for locale, one in raw.items() if isinstance(one, str) and one.strip()}


def tag(locale: str) -> str:
    """`de_AT` as the language tag `de-AT`."""
    return locale.strip().replace("_", "-") or UND


def canonical(word: Word, match: Match) -> str | None:
    """What the profile says this word means, by the vendor's key or any of its names."""
    if not match.values:
        return None
    meant = (profile.canonical(match, one) for one in (word.key, *word.names))
    return next((one for one in meant if one is not None), None)


def as_json(value: Value, zone: str) -> Any:
    """The value for `Item.fields`: scalars as they are, plain days, names instead of ids, texts by language."""
    if value.empty:
        return None
    if value.type in REFERENCES:
        return [word.label for word in words(value)]
    if value.type == "DROPDOWN":
        return words(value)[0].label
    if value.type == "DATE":
        return dates.plain(value.raw, zone)
    return labels(value.raw) if value.type.startswith("LOCALIZED_") else value.raw
