"""The default tenant: folders, a few dozen products and files, enough for several pages."""

import io
import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from PIL import Image

from .changes import Change, ObjectType
from .portal import Portal
from .records import Record, plain
from .schema import STATUSES
from .times import stamp
from .writing import Writing

USER = "u-1"
COFFEE_MAKER = "2f0f2c0e-5c4b-4a35-9d2b-0a4f7f6f1c11"
"""The product of the documented examples."""
COFFEE_IMAGE = "6d1c7c5e-7c0b-4c39-8f0e-0d8b3f9a2a00"
FOLDERS = {"Data": (None, False), "Uploads": ("Data", True), "Archive": ("Data", False)}
GOODS = (
    ("Teekessel", "Kettle"),
    ("Kaffeemühle", "Coffee grinder"),
    ("Milchkanne", "Milk jug"),
    ("Tasse", "Cup"),
    ("Untertasse", "Saucer"),
    ("Tablett", "Tray"),
)
PRODUCTS = 36
FILES = 24
PICTURES = 4


def seeded_id(chance: random.Random) -> str:
    """A UUID of version 4 that the same seed makes again."""
    return str(UUID(int=chance.getrandbits(128), version=4))


def make_folders(portal: Portal, chance: random.Random) -> dict[str, str]:
    """Create the folders; ids by name."""
    ids: dict[str, str] = {}
    with portal.changing() as changes:
        writing = Writing(portal, USER, changes)
        for name, (parent, upload) in FOLDERS.items():
            sent = {"id": seeded_id(chance), "name": plain(name), "upload_allowed": plain(upload)}
            if parent is not None:
                sent["parent_id"] = plain(ids[parent])
            ids[name] = writing.write(portal.module("folder"), sent)
    return ids


def fill(portal: Portal, seed: int) -> None:
    """Fill an emptied portal; the oldest objects are an hour old, each next one a minute younger."""
    chance = random.Random(seed)  # noqa: S311 (repeatable on purpose)
    folders = make_folders(portal, chance)
    times = (stamp(portal.clock.now() - timedelta(minutes=minutes)) for minutes in range(PRODUCTS + FILES + 2, 0, -1))
    with portal.changing() as changes:
        files = [COFFEE_IMAGE, *(seeded_id(chance) for _ in range(FILES))]
        pictures = [_picture(number) for number in range(PICTURES)]
        for number, id in enumerate(files):
            _file(portal, changes, next(times), id, number, folders["Uploads"], pictures)
        Writing(portal, USER, changes, at=next(times)).write(portal.module("product"), _coffee_maker())
        for number in range(1, PRODUCTS + 1):
            sent = _product(number, files[number % len(files)], chance) | {"id": seeded_id(chance)}
            Writing(portal, USER, changes, at=next(times)).write(portal.module("product"), sent)


def _file(
    portal: Portal, changes: list[Change], at: str, id: str, number: int, folder: str, pictures: list[bytes]
) -> None:
    content = pictures[number % len(pictures)]
    name = "coffee-maker.jpg" if number == 0 else f"picture-{number:02d}.jpg"
    made = {"name": name, "parent_id": folder, "mimetype": "image/jpeg", "file_size": len(content)}
    made |= {"width": 320, "height": 240, "status": STATUSES[number % 4], "publish_webshop": number % 3 == 0}
    record = Record(id, "file", "default", at, USER, at, USER, at, {key: plain(value) for key, value in made.items()})
    record.blob = portal.store.blob_put(content)
    record.fields["title"] = [_said(f"Bild {number}", "de_DE"), _said(f"Picture {number}", "en_US")]
    portal.keep(Change(None, record, ObjectType.BOTH), changes)


def _picture(number: int) -> bytes:
    """A small picture of a colour of its own."""
    target = io.BytesIO()
    Image.new("RGB", (320, 240), (40 + number * 50, 90, 200 - number * 40)).save(target, "JPEG")
    return target.getvalue()


def _said(text: str, locale: str, channel: str | None = None) -> dict[str, Any]:
    dimensions = {"locale": locale} if channel is None else {"channel": channel, "locale": locale}
    return {"value": text, "dimensions": dimensions}


def _coffee_maker() -> dict[str, Any]:
    return {
        "id": COFFEE_MAKER,
        "article_number": plain("AB-100"),
        "name": [_said("Kaffeemaschine", "de_DE", "webshop"), _said("Coffee maker", "en_US", "webshop")],
        "weight": plain({"value": 2.5, "unit": "kg"}),
        "price": plain(79.0),
        "tags": plain(["kitchen", "new"]),
        "main_image": plain(COFFEE_IMAGE),
        "images": plain([COFFEE_IMAGE]),
        "status": plain("approved"),
        "publish_webshop": plain(True),
    }


def _product(number: int, image: str, chance: random.Random) -> dict[str, Any]:
    german, english = GOODS[number % len(GOODS)]
    return {
        "article_number": plain(f"P-{number:04d}"),
        "name": [_said(f"{german} {number}", "de_DE", "webshop"), _said(f"{english} {number}", "en_US", "webshop")],
        "description": [_said(f"{english} of series {number}", "en_US")],
        "weight": plain({"value": chance.randint(50, 900), "unit": "g"}),
        "price": plain(chance.randint(300, 9000) / 100),
        "launch_date": plain(f"2025-{number % 12 + 1:02d}-01"),
        "tags": plain(["kitchen", "new"] if number % 2 else ["kitchen"]),
        "images": plain([image]),
        "status": plain(STATUSES[number % len(STATUSES)]),
        "publish_webshop": plain(number % 4 == 0),
        "publish_marketplace": plain(number % 6 == 0),
    }
