"""A tenant filled from real files: each becomes an asset whose first version is the file where it lies."""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pycountry

from lockgate.connectors.celum.sandbox.definitions import (
    CAMPAIGN_ROOT,
    CHANNEL_ROOT,
    FOLDERS,
    KEYWORDS,
    LANGUAGE_ROOT,
    PRODUCT_MEDIA,
    REGION_ROOT,
    TAG_ROOT,
    TAGS,
)
from lockgate.connectors.celum.sandbox.files import category_of, content_of, extension_of, properties_of
from lockgate.connectors.celum.sandbox.previews import outcome
from lockgate.connectors.celum.sandbox.records import SERVICE, Asset, Entry, Version
from lockgate.connectors.celum.sandbox.seed import MARKETING, Node, plant
from lockgate.connectors.celum.sandbox.tenant import FIRST_ID, Tenant
from lockgate.connectors.celum.sandbox.times import iso
from lockgate.kit.seed import Content, SeedAsset

WHEN_MADE = timedelta(days=30)
FIRST_ASSET = 100_001
FIRST_NODE = 1001  # collections made for words found in the content
UNRELEASED = frozenset({"draft", "in_review"})
USUAL_REGIONS = ("DE", "AT", "CH", "GB", "FR", "US", "WORLD")

FOLDER_OF = {"IMAGE": 4701, "DOCUMENT": 4702, "VIDEO": 4703, "AUDIO": 4704}
OTHER_FOLDER = 4709
TREE: tuple[Node, ...] = (
    (MARKETING, FOLDERS, {"en": "Product media", "de": "Produktmedien"}, None),
    (4701, FOLDERS, {"en": "Images", "de": "Bilder"}, MARKETING),
    (4702, FOLDERS, {"en": "Documents", "de": "Dokumente"}, MARKETING),
    (4703, FOLDERS, {"en": "Videos", "de": "Videos"}, MARKETING),
    (4704, FOLDERS, {"en": "Sounds", "de": "Töne"}, MARKETING),
    (OTHER_FOLDER, FOLDERS, {"en": "Other files", "de": "Andere Dateien"}, MARKETING),
    (REGION_ROOT, KEYWORDS, {"en": "Regions"}, None),
    (TAG_ROOT, TAGS, {"en": "Tags"}, None),
    (CHANNEL_ROOT, TAGS, {"en": "Channels"}, None),
    (CAMPAIGN_ROOT, TAGS, {"en": "Campaigns"}, None),
    (LANGUAGE_ROOT, TAGS, {"en": "Languages"}, None),
)


async def fill(tenant: Tenant, content: Content) -> dict[str, Any]:
    """Fill an empty tenant; answers how many assets, collections and distinct files there are."""
    files = await asyncio.to_thread(_read_files, content)
    now = tenant.clock.now()
    with tenant.store.transaction():
        words = Words(tenant, now - WHEN_MADE)
        for code in USUAL_REGIONS:
            words.region(code)
        tenant.catalog.put_many(_entries(content, files, words, now))
    highest = FIRST_ASSET + 2 * len(content.assets)
    tenant.store.next_id("celum", max(FIRST_ID, highest))
    return {"assets": tenant.catalog.count(), "collections": words.count, "files": len(files)}


class Words:
    """The collections that values refer to, made as they are met."""

    def __init__(self, tenant: Tenant, made: datetime) -> None:
        self._tenant = tenant
        self._made = made
        self._known: dict[tuple[int, str], int] = {}
        self._regions: dict[str, int] = {}
        self.count = len(TREE)
        plant(tenant, list(TREE), made)

    def ids(self, root: int, words: list[str]) -> list[int]:
        return list(dict.fromkeys(self._one(root, word) for word in words))

    def region(self, code: str) -> int:
        """The keyword named like the country; a code of no country is its own name."""
        if code not in self._regions:
            country = pycountry.countries.get(alpha_2=code)
            self._regions[code] = self._one(REGION_ROOT, country.name if country else code)
        return self._regions[code]

    def _one(self, root: int, word: str) -> int:
        key = (root, word.casefold())
        if key not in self._known:
            id, type_id = FIRST_NODE + len(self._known), KEYWORDS if root == REGION_ROOT else TAGS
            plant(self._tenant, [(id, type_id, {"en": word}, root)], self._made)
            self._known[key] = id
            self.count += 1
        return self._known[key]


def _read_files(content: Content) -> dict[str, dict[str, Any]]:
    """What CELUM reads from each file, once a file: many assets may share one."""
    found: dict[str, dict[str, Any]] = {}
    for asset in content.assets:
        key = str(asset.path)
        if key not in found:
            category = category_of(asset.filename)
            found[key] = {
                "checksum": _md5(asset.path),
                "properties": properties_of(asset.path, category),
                "content": content_of(asset.path, category),
            }
    return found


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _entries(content: Content, files: Mapping[str, Mapping[str, Any]], words: Words, now: datetime) -> Iterator[Entry]:
    """Assets in order, made one after the other up to an hour ago."""
    begin = now - WHEN_MADE
    step = (WHEN_MADE - timedelta(hours=1)) / max(len(content.assets), 1)
    for place, source in enumerate(content.assets):
        made = iso(begin + place * step)
        id = FIRST_ASSET + 2 * place
        version = _version(source, id, made, files[str(source.path)])
        yield Entry(_asset(source, version, words, made), version)


def _version(source: SeedAsset, asset_id: int, made: str, read: Mapping[str, Any]) -> Version:
    category = category_of(source.filename)
    return Version(
        id=asset_id + 1,
        asset_id=asset_id,
        filename=source.filename,
        filesize=source.size,
        extension=extension_of(source.filename),
        category=category,
        state=outcome(category),
        created=made,
        created_by=SERVICE,
        path=str(source.path),
        **read,
    )


def _asset(source: SeedAsset, version: Version, words: Words, made: str) -> Asset:
    return Asset(
        id=version.asset_id,
        name=_title(source),
        type_id=PRODUCT_MEDIA,
        created=made,
        created_by=SERVICE,
        modified=made,
        modified_by=SERVICE,
        released=source.fate not in UNRELEASED,
        availability=_window(source),
        parents=[FOLDER_OF.get(version.category, OTHER_FOLDER)],
        fields=_fields(source, words),
        version_id=version.id,
    )


def _title(source: SeedAsset) -> str:
    return source.title.get("en") or next((text for text in source.title.values() if text), Path(source.filename).stem)


def _window(source: SeedAsset) -> dict[str, Any]:
    ends = {"from": source.available_from, "to": source.available_until}
    given = {name: iso(instant) for name, instant in ends.items() if instant is not None}
    return {"type": "DATED", **given} if given else {"type": "DIRECT", "available": True}


def _fields(source: SeedAsset, words: Words) -> dict[str, Any]:
    values = {
        643: source.sku,
        644: _texts(source.caption or source.title),
        646: _texts(source.description),
        653: source.cleared,
        660: list(dict.fromkeys(words.region(code) for code in source.regions)),
        670: words.ids(TAG_ROOT, source.keywords),
        701: source.gtin,
        702: source.family,
        704: _day(source.rights_from),
        705: _day(source.rights_until),
        706: source.usage_terms,
        707: source.copyright,
        708: source.credit,
        709: words.ids(CAMPAIGN_ROOT, source.campaigns),
        710: words.ids(LANGUAGE_ROOT, source.languages),
        712: source.creator,
    }
    return {str(id): value for id, value in values.items() if value is not None and value not in ("", [], {})}


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by locale; what is in no stated language stands in the tenant's first one, unless that is there already."""
    unstated = {"en": texts["und"]} if "und" in texts else {}
    return unstated | {locale: text for locale, text in texts.items() if locale != "und"}


def _day(given: date | datetime | None) -> str | None:
    """A date as CELUM writes one: midnight; an instant as it is."""
    if given is None:
        return None
    if isinstance(given, datetime):
        return iso(given if given.tzinfo else given.replace(tzinfo=UTC))
    return iso(datetime.combine(given, time.min, UTC))
