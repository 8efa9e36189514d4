"""A tenant fed from a DAM: its products exist, files are what a flow delivers."""

import random
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from lockgate.kit.seed import Content, SeedAsset, SeedProduct

from .objects import CHUNK
from .portal import Portal
from .records import Entry, Record, plain
from .seeding import USER, make_folders, seeded_id
from .times import stamp

LOCALES = {"de": "de_DE", "en": "en_US"}
LONGEST = {"article_number": 64, "family": 64, "gtin": 14, "name": 255}


def fill_from(portal: Portal, content: Content, seed: int) -> dict[str, Any]:
    """Fill an emptied portal with the products of the content; answers what was made, by count.

    They are there from the beginning: connectors hold a creation of each, but nobody's history tells of it.
    """
    chance = random.Random(seed)  # noqa: S311 (repeatable on purpose)
    folders = make_folders(portal, chance)
    products = _usable(content.products)
    ids = {sku: seeded_id(chance) for sku in products}
    at = stamp(portal.clock.now())
    records = (_record(one, ids, at) for one in products.values())
    while chunk := list(islice(records, CHUNK)):
        with portal.store.transaction():
            portal.objects.add_many(chunk)
            portal.feed.note_created(chunk)
    missing = _missing(content.assets, products.values())
    portal.store.put_many("missing", ((doc["key"], doc) for doc in missing))
    made = {"folders": len(folders), "products": len(products), "files": 0}
    return made | {"skipped": len(content.products) - len(products), "missing": len(missing)}


def _usable(products: Iterable[SeedProduct]) -> dict[str, SeedProduct]:
    """By SKU; one too long for its field, and the second of the same SKU, cannot be entered."""
    usable: dict[str, SeedProduct] = {}
    for one in products:
        if len(one.sku) <= LONGEST["article_number"]:
            usable.setdefault(one.sku, one)
    return usable


def _record(product: SeedProduct, ids: dict[str, str], at: str) -> Record:
    fields: dict[str, list[Entry]] = {"article_number": plain(product.sku), "status": plain("approved")}
    parent = ids.get(product.parent) if product.parent is not None else None
    single: dict[str, Any] = {"gtin": _fitting("gtin", product.gtin), "family": _fitting("family", product.family)}
    single |= {"parent_product": parent, "price": _price(product.price)}
    fields |= {name: plain(value) for name, value in single.items() if value is not None}
    texts = {
        "name": {key: text[: LONGEST["name"]] for key, text in product.name.items()},
        "description": product.description,
    }
    fields |= {name: entries for name, text in texts.items() if (entries := list(_localized(text)))}
    return Record(ids[product.sku], "product", "default", at, USER, at, USER, at, fields)


def _fitting(field: str, value: str | None) -> str | None:
    return value if value is not None and len(value) <= LONGEST[field] else None


def _price(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _localized(text: dict[str, str]) -> Iterator[Entry]:
    """German and English in the portal's locales; a text in neither language is entered for all."""
    by_locale = {locale: text[key] for key in text if (locale := LOCALES.get(key.lower()[:2])) is not None}
    for locale, value in by_locale.items():
        yield {"value": value, "dimensions": {"locale": locale}}
    if text and not by_locale:
        yield {"value": next(iter(text.values()))}


def _missing(assets: Iterable[SeedAsset], products: Iterable[SeedProduct]) -> list[dict[str, Any]]:
    """What assets name and no product has: the products people would have to create."""
    known = {key for one in products for key in (one.sku, one.gtin, one.family) if key is not None}
    missing: dict[str, dict[str, Any]] = {}
    for asset in assets:
        key = asset.sku or asset.gtin or asset.family
        if key is not None and key not in known:
            number = f"GTIN-{key}" if asset.gtin == key else key
            missing[key] = {"key": key, "article_number": number, "gtin": asset.gtin}
    return list(missing.values())
