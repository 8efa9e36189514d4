"""The default seed: 450 assets, one of each special kind among them, with few files shared by many."""

import asyncio
import hashlib
import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from lockgate.connectors.celum.sandbox.definitions import (
    FOLDERS,
    KEYWORDS,
    PRODUCT_IMAGE,
    REGION_ROOT,
    TAG_ROOT,
    TAGS,
)
from lockgate.connectors.celum.sandbox.files import category_of, content_of, extension_of, properties_of
from lockgate.connectors.celum.sandbox.previews import outcome
from lockgate.connectors.celum.sandbox.records import ADMIN, SERVICE, Asset, Collection, Entry, Version
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.times import iso
from lockgate.connectors.celum.sandbox.views import trail

FIRST, LAST = 2326, 2775
VERSIONS = 6227  # added to an asset's number for that of its version
MARKETING, CAMPAIGNS = 4700, 4711
HERO = 2774
WHEN_MADE = timedelta(days=60)

Node = tuple[int, int, dict[str, str], int | None]
FOLDER_TREE: tuple[Node, ...] = (
    (MARKETING, FOLDERS, {"en": "Marketing"}, None),
    (CAMPAIGNS, FOLDERS, {"en": "Campaigns", "de": "Kampagnen"}, MARKETING),
)
REGION_TREE: tuple[Node, ...] = (
    (REGION_ROOT, KEYWORDS, {"en": "Regions", "de": "Regionen"}, None),
    (512, KEYWORDS, {"en": "Lucerne", "de": "Luzern"}, REGION_ROOT),
    (513, KEYWORDS, {"en": "Zurich", "de": "Zürich"}, REGION_ROOT),
)
TAG_TREE: tuple[Node, ...] = (
    (TAG_ROOT, TAGS, {"en": "Tags"}, None),
    (77, TAGS, {"en": "winter"}, TAG_ROOT),
    (78, TAGS, {"en": "summer"}, TAG_ROOT),
)


@dataclass(frozen=True)
class Sample:
    """A generated file that many assets share."""

    filename: str
    digest: str
    size: int
    checksum: str
    properties: list[dict[str, Any]]
    content: str | None


async def fill(tenant: Tenant) -> None:
    """Fill an empty tenant as the documented contract asks."""
    samples = await asyncio.to_thread(_samples, tenant)
    now = tenant.clock.now()
    with tenant.store.transaction():
        plant(tenant, [*FOLDER_TREE, *REGION_TREE, *TAG_TREE], now - WHEN_MADE)
        entries = {entry.asset.id: entry for entry in _entries(samples, now)}
        for change in SPECIAL.values():
            change(entries)
        tenant.catalog.put_many(entries.values())
        _three_versions(tenant, entries[FIRST + 5])


def plant(tenant: Tenant, nodes: list[Node], made: datetime) -> None:
    """Put collections that are known by number."""
    for id, type_id, name, parent in nodes:
        level = "STRICT" if parent is None else None
        tenant.tree.put(
            Collection(
                id=id, type_id=type_id, name=name, parent_id=parent, level=level, created=iso(made), created_by=ADMIN
            )
        )


def _entries(samples: list[Sample], now: datetime) -> Iterator[Entry]:
    for place, id in enumerate(range(FIRST, LAST + 1)):
        made = iso(now - WHEN_MADE + timedelta(hours=place))
        sample = samples[(place + 2) % len(samples)]  # so that the hero has the largest picture
        version = _version(sample, id, made)
        yield Entry(
            Asset(
                id=id,
                name=f"Motif {id}",
                type_id=PRODUCT_IMAGE,
                created=made,
                created_by=SERVICE,
                modified=iso(now - WHEN_MADE + timedelta(hours=place, minutes=20)),
                modified_by=SERVICE,
                released=True,
                availability={"type": "DIRECT", "available": True},
                parents=[CAMPAIGNS],
                fields=_fields(id),
                version_id=version.id,
            ),
            version,
        )


def _version(sample: Sample, asset_id: int, made: str) -> Version:
    stem, _, extension = sample.filename.rpartition(".")
    category = category_of(sample.filename)
    return Version(
        id=asset_id + VERSIONS,
        asset_id=asset_id,
        filename=f"{stem}-{asset_id}.{extension}",
        filesize=sample.size,
        extension=extension_of(sample.filename),
        checksum=sample.checksum,
        category=category,
        state=outcome(category),
        created=made,
        created_by=SERVICE,
        properties=sample.properties,
        content=sample.content,
        digest=sample.digest,
    )


def _fields(id: int) -> dict[str, Any]:
    return {
        "643": f"SKU-{id}",
        "644": {"en": f"Motif {id}", "de": f"Motiv {id}"},
        "645": "Made for the sandbox",
        "646": {"en": f"A motif, number {id}"},
        "650": id % 2,
        "651": id % 5 + 1,
        "652": id % 10 / 4,
        "653": True,
        "660": [512 + id % 2],
        "670": [77 + id % 2],
        "680": f"2026-01-{id % 28 + 1:02d}T00:00:00.000Z",
    }


def _placeholder(entries: dict[int, Entry]) -> None:
    entry = entries[FIRST]
    entry.asset.name = "Placeholder"
    old = entry.version
    entry.version = Version(
        id=old.id, asset_id=old.asset_id, filename="Placeholder", filesize=0, category="PLACEHOLDER", state="SUCCEEDED",
        created=old.created, created_by=SERVICE,
    )  # fmt: skip


def _locked(entries: dict[int, Entry]) -> None:
    asset = entries[FIRST + 1].asset
    asset.name = "Locked"
    asset.lock = {"temporary": False, "comment": "in retouching", "creation": trail(asset.created, ADMIN)}


def _expired(entries: dict[int, Entry]) -> None:
    asset = entries[FIRST + 2].asset
    asset.name = "Expired"
    asset.availability = {"type": "DATED", "from": asset.created, "to": asset.modified}


def _unreleased(entries: dict[int, Entry]) -> None:
    asset = entries[FIRST + 3].asset
    asset.name, asset.released = "Unreleased", False


def _two_parents(entries: dict[int, Entry]) -> None:
    asset = entries[FIRST + 4].asset
    asset.name, asset.parents = "Two parents", [CAMPAIGNS, MARKETING]


def _versioned(entries: dict[int, Entry]) -> None:
    entries[FIRST + 5].asset.name = "Three versions"


def _never_modified(entries: dict[int, Entry]) -> None:
    asset = entries[FIRST + 6].asset
    asset.name, asset.modified, asset.modified_by = "Never modified", None, None


def _hero(entries: dict[int, Entry]) -> None:
    asset = entries[HERO].asset
    asset.name = "Summer campaign hero"
    asset.fields |= {"643": "SKU-1", "644": {"en": "Hero shot"}, "650": 1, "660": [512], "670": [77]}
    del asset.fields["680"]


SPECIAL = {
    FIRST: _placeholder,
    FIRST + 1: _locked,
    FIRST + 2: _expired,
    FIRST + 3: _unreleased,
    FIRST + 4: _two_parents,
    FIRST + 5: _versioned,
    FIRST + 6: _never_modified,
    HERO: _hero,
}


def _three_versions(tenant: Tenant, entry: Entry) -> None:
    """Two older versions of the same file."""
    fields = {name: getattr(entry.version, name) for name in entry.version.__struct_fields__}
    for id in (5001, 5002):
        tenant.catalog.put_version(Version(**{**fields, "id": id}))


def _samples(tenant: Tenant) -> list[Sample]:
    """Three pictures, a PDF, a text and a sound; the first picture is larger than its rendition."""
    files = {
        "packshot.jpg": _picture("JPEG", (1600, 1200), "steelblue"),
        "portrait.jpg": _picture("JPEG", (480, 640), "darkolivegreen"),
        "cut-out.png": _picture("PNG", (320, 240), "indianred"),
        "sheet.pdf": _picture("PDF", (595, 842), "white"),
        "notes.txt": b"Care instructions: wash at thirty degrees.\n",
        "jingle.wav": _sound(),
    }
    return [_sample(tenant, filename, data) for filename, data in files.items()]


def _sample(tenant: Tenant, filename: str, data: bytes) -> Sample:
    digest = tenant.store.blob_put(data)
    path, category = tenant.store.blob_path(digest), category_of(filename)
    checksum = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return Sample(filename, digest, len(data), checksum, properties_of(path, category), content_of(path, category))


def _picture(format: str, size: tuple[int, int], colour: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, format)
    return target.getvalue()


def _sound() -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(1600))
    return target.getvalue()
