"""What the tenant is made of: information fields, asset and collection types, download formats, relation types."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

TEXT_TYPES = frozenset({"TEXT", "TEXT_AREA"})
LOCALIZED_TYPES = frozenset({"LOCALIZED_TEXT", "LOCALIZED_TEXT_AREA"})
REFERENCE_TYPES = frozenset({"COLLECTION_REFERENCE", "TAG_REFERENCE"})

FOLDERS, KEYWORDS, TAGS = 101, 102, 103
REGION_ROOT, TAG_ROOT, CHANNEL_ROOT, CAMPAIGN_ROOT, LANGUAGE_ROOT = 500, 75, 71, 72, 73
PRODUCT_IMAGE, PRODUCT_MEDIA = 2200, 2201
ORIGINAL, PDF, JPEG, THUMB = 1, 5, 8, 9

SEASONS = {"options": {"en": [{"index": 0, "label": "Summer"}, {"index": 1, "label": "Winter"}]}}
REGIONS = {"rootId": REGION_ROOT, "maxSelections": 10, "showTree": True, "rootSelectable": False}

Row = tuple[int, str, str, str, Mapping[str, Any]]
GENERAL: tuple[Row, ...] = (
    (643, "TEXT", "sku", "SKU", {}),
    (644, "LOCALIZED_TEXT", "caption", "Caption", {}),
    (645, "TEXT_AREA", "notes", "Notes", {}),
    (646, "LOCALIZED_TEXT_AREA", "description", "Description", {}),
    (650, "DROPDOWN", "season", "Season", SEASONS),
    (651, "NUMBER", "rating", "Rating", {}),
    (652, "DOUBLE", "weight", "Weight", {}),
    (653, "BOOLEAN", "cleared", "Usage cleared", {}),
    (660, "COLLECTION_REFERENCE", "regions", "Regions", REGIONS),
    (670, "TAG_REFERENCE", "tags", "Tags", {"rootId": TAG_ROOT, "maxSelections": 50}),
    (680, "DATE", "shot-on", "Shot on", {}),
)
RIGHTS: tuple[Row, ...] = (
    (701, "TEXT", "gtin", "GTIN", {}),
    (702, "TEXT", "product-family", "Product family", {}),
    (703, "TAG_REFERENCE", "channels", "Channels", {"rootId": CHANNEL_ROOT, "maxSelections": 20}),
    (704, "DATE", "license-from", "License from", {}),
    (705, "DATE", "license-until", "License until", {}),
    (706, "TEXT_AREA", "usage-terms", "Usage terms", {}),
    (707, "TEXT", "copyright", "Copyright", {}),
    (708, "TEXT", "credit-line", "Credit line", {}),
    (709, "TAG_REFERENCE", "campaign", "Campaign", {"rootId": CAMPAIGN_ROOT, "maxSelections": 20}),
    (710, "TAG_REFERENCE", "languages", "Languages", {"rootId": LANGUAGE_ROOT, "maxSelections": 20}),
    (711, "COLLECTION_REFERENCE", "restricted-regions", "Restricted regions", REGIONS),
    (712, "TEXT", "creator", "Creator", {}),
)
RELATION: tuple[Row, ...] = ((690, "TEXT", "view", "View", {}),)
KEY = 720  # that of collections comes after it
ON_COLLECTIONS = 100  # what is added to the number of an asset field to make that of its twin on collections
VIEW_AND_EDIT = {"view": True, "edit": True}


@dataclass(frozen=True)
class Own:
    """What the administrator of this tenant set up otherwise: further fields, and other names and labels of the usual ones."""

    assets: tuple[Row, ...] = ()
    collections: tuple[Row, ...] = ()
    named: Mapping[int, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    def over(self, rows: Iterable[Row]) -> list[Row]:
        return [self._renamed(row) for row in rows]

    def _renamed(self, row: Row) -> Row:
        id, type, _, label, more = row
        given = self.named.get(id)
        return row if given is None else (id, type, given[0], label, {**more, "labels": dict(given[1])})


@dataclass(frozen=True)
class Field:
    """One information field; `raw` is its definition as sent, encoded once because every value carries it."""

    id: int
    type: str
    name: str
    entity: str
    definition: Mapping[str, Any]
    raw: msgspec.Raw

    @property
    def required(self) -> bool:
        return bool(self.definition["required"])

    @property
    def choices(self) -> dict[int, dict[str, str]]:
        """Labels of a dropdown's options by locale, by index."""
        found: dict[int, dict[str, str]] = {}
        for locale, options in self.definition.get("options", {}).items():
            for one in options:
                found.setdefault(one["index"], {})[locale] = one["label"]
        return found


@dataclass(frozen=True)
class FieldSet:
    id: int
    name: str
    label: str
    fields: tuple[Field, ...]

    def head(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "labels": {"en": self.label}}

    def shown(self) -> dict[str, Any]:
        return {**self.head(), "informationFields": [field.raw for field in self.fields]}


@dataclass(frozen=True)
class Kind:
    """A type of assets, collections or relations: its field sets, and what else CELUM shows of it."""

    id: int
    name: str
    label: str
    sets: tuple[FieldSet, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> dict[int, Field]:
        return {field.id: field for group in self.sets for field in group.fields}

    def shown(self) -> dict[str, Any]:
        """As it is read alone."""
        return {**self.listed(), "informationFieldSets": [group.shown() for group in self.sets]}

    def listed(self) -> dict[str, Any]:
        """As it stands in a list, without its fields."""
        return {"id": self.id, "name": self.name, "labels": {"en": self.label}, **self.more}


class Definitions:
    """All definitions of one tenant. `content` adds the asset type with rights fields that demo content uses."""

    def __init__(
        self,
        *,
        content: bool = False,
        required: Iterable[int] = (),
        collection_fields: bool = False,
        key_field: str = "",
        own: Own | None = None,
    ) -> None:
        """`key_field` names one more text field of assets and of folders, as an administrator adds one for an integration."""
        wanted, own = frozenset(required), own or Own()
        key: tuple[Row, ...] = ((KEY, "TEXT", key_field, key_field, {}),) if key_field else ()
        general = _set(30, "general", "General", own.over((*GENERAL, *key, *own.assets)), "ASSET", wanted)
        rights = _set(32, "rights", "Rights", own.over(RIGHTS), "ASSET", wanted)
        twins = own.over(
            [*(_twins(GENERAL) if collection_fields else ()), *((KEY + 1, *row[1:]) for row in key), *own.collections]
        )
        on_collections = _set(33, "collection", "Collection", twins, "COLLECTION", wanted)
        relation = _set(31, "relation", "Relation", RELATION, "RELATION", wanted)
        self.asset_types = _by_id(
            Kind(PRODUCT_IMAGE, "product-image", "Product image", (general,)),
            *([Kind(PRODUCT_MEDIA, "product-media", "Product media", (general, rights))] if content else []),
        )
        self.collection_types = _collection_types((on_collections,) if twins else ())
        self.relation_types = _by_id(Kind(40, "variant", "Variant", (relation,), VARIANT))
        kinds = [*self.asset_types.values(), *self.collection_types.values(), *self.relation_types.values()]
        self.fields: dict[int, Field] = {id: field for kind in kinds for id, field in kind.fields.items()}

    def permission_defining(self, type_id: int) -> bool:
        return bool(self.collection_types[type_id].more["permissionDefining"])


VARIANT = {
    "description": {"en": ""},
    "permissions": {},
    "sourceToTarget": {"type": "SOURCE_TO_TARGET", "message": {"en": "has variant"}},
    "targetToSource": {"type": "TARGET_TO_SOURCE", "message": {"en": "is variant of"}},
    "creatableViaUi": True,
    "deletableViaUi": True,
}
FORMATS: Mapping[int, Mapping[str, Any]] = {
    id: {"id": id, "key": key, "name": {"en": name}, "description": {"en": ""}, "original": id == ORIGINAL}
    for id, key, name in (
        (ORIGINAL, "original", "Original"),
        (PDF, "pdf", "PDF"),
        (JPEG, "jpg_1024", "JPEG 1024"),
        (THUMB, "thumb", "Thumbnail"),
    )
}


def _collection_types(sets: tuple[FieldSet, ...]) -> dict[int, Kind]:
    def kind(id: int, name: str, label: str, *, defining: bool = False, cloud: bool = False) -> Kind:
        more = {"permissions": {}, "permissionDefining": defining, "tagCloud": cloud}
        return Kind(id, name, label, sets if id == FOLDERS else (), more)

    return _by_id(
        kind(FOLDERS, "folders", "Folders", defining=True),
        kind(KEYWORDS, "keywords", "Keywords"),
        kind(TAGS, "tags", "Tags", cloud=True),
    )


def _by_id(*kinds: Kind) -> dict[int, Kind]:
    return {kind.id: kind for kind in kinds}


def _set(id: int, name: str, label: str, rows: Iterable[Row], entity: str, required: frozenset[int]) -> FieldSet:
    return FieldSet(id, name, label, tuple(_field(row, entity, row[0] in required) for row in rows))


def _field(row: Row, entity: str, required: bool) -> Field:
    id, type, name, label, more = row
    definition = {
        "id": id,
        "type": type,
        "name": name,
        "labels": {"en": label},
        "editorInformation": {},
        "readerInformation": {},
        "required": required,
        "permissions": VIEW_AND_EDIT,
        **more,
    }
    return Field(id, type, name, entity, definition, msgspec.Raw(msgspec.json.encode(definition)))


def _twins(rows: Iterable[Row]) -> list[Row]:
    return [(id + ON_COLLECTIONS, type, f"collection-{name}", label, more) for id, type, name, label, more in rows]
