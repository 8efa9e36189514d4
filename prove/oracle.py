"""What the portal should hold, worked out from the states of both systems alone, and what of it is otherwise.

It knows the words of the recipe `approved-assets-to-products`: what is allowed stands in the portal once, with the current file and
its fields, visible, at the product it names; what is not allowed any more is hidden and stands at no product. What finds no
product waits: it is not put in, and what is in already stays as it is.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prove.facts import Facts, facts
from prove.systems import Celum, Portal

OURS = "dam:"
"""Begins the key under which Lockgate puts its copies in."""
CHANNELS = ("publish_webshop", "publish_marketplace")


@dataclass(frozen=True)
class Copy:
    """A file object of the portal."""

    id: str
    key: str
    """Id of the asset it is a copy of."""
    visible: bool
    channels: bool
    """Whether any channel publishes it."""
    md5: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Product:
    id: str
    sku: str | None
    gtin: str | None
    family: str | None
    images: Sequence[str]
    main: str | None


@dataclass(frozen=True)
class State:
    """Both systems at one instant at which nobody works in them."""

    at: datetime
    assets: Mapping[str, Facts]
    copies: Sequence[Copy]
    products: Sequence[Product]


@dataclass(frozen=True)
class Complaint:
    """One thing that is not as it should be."""

    item: str
    what: str

    def __str__(self) -> str:
        return f"{self.item}: {self.what}"


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def read(celum: Celum, portal: Portal) -> State:
    """Both systems through their own APIs; no fault may be in the way."""
    assets = {one.id: one for one in map(facts, await celum.assets())}
    files = [one for one in await portal.objects("file") if str(value(one, "ext_id") or "").startswith(OURS)]
    contents = await asyncio.gather(*(portal.content(one["id"]) for one in files))
    copies = [copy_of(record, content) for record, content in zip(files, contents, strict=True)]
    return State(datetime.now(UTC), assets, copies, [product(one) for one in await portal.objects("product")])


def copy_of(record: Mapping[str, Any], content: bytes) -> Copy:
    told = {name: by_locale(record, name) for name in ("title", "description")}
    plain = ("usage_rights", "keywords", "campaign", "copyright", "credit", "license_until", "format")
    return Copy(
        id=record["id"],
        key=value(record, "ext_id").removeprefix(OURS),
        visible=value(record, "status") == "approved",
        channels=any(value(record, one) is True for one in CHANNELS),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        fields={**told, **{name: value(record, name) for name in plain}},
    )


def product(record: Mapping[str, Any]) -> Product:
    sku, gtin, family = (value(record, name) for name in ("article_number", "gtin", "family"))
    return Product(record["id"], sku, gtin, family, value(record, "images") or [], value(record, "main_image"))


def value(record: Mapping[str, Any], field: str) -> Any:
    entries = record.get(field)
    return entries[0]["value"] if entries else None


def by_locale(record: Mapping[str, Any], field: str) -> dict[str, str]:
    return {one["dimensions"]["locale"]: one["value"] for one in record.get(field) or ()}


# ── judging ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def complaints(state: State) -> Iterator[Complaint]:
    """Everything in the portal that is not as it should be."""
    yield from doubled(state)
    copies = {one.key: one for one in state.copies}
    for key, asset in state.assets.items():
        at = homes(asset, state.products)
        for what in of_asset(asset, state.at, copies.get(key), at):
            yield Complaint(key, what)
    for key in copies.keys() - state.assets.keys():
        for what in of_hidden(copies[key], "the asset is gone"):
            yield Complaint(key, what)
    for one in state.products:
        for what in of_product(one, state, copies):
            yield Complaint(one.sku or one.id, what)


def doubled(state: State) -> Iterator[Complaint]:
    for key, number in Counter(one.key for one in state.copies).items():
        if number > 1:
            yield Complaint(key, f"stands {number} times in the portal")


def homes(asset: Facts, products: Sequence[Product]) -> frozenset[str]:
    """The products an asset belongs to: by number, else by GTIN, else those of its family. Empty: it has to wait."""
    for found in (by_number(asset, products), by_gtin(asset, products)):
        if found:
            return frozenset(found) if len(found) == 1 else frozenset()
    return frozenset(by_family(asset, products))


def by_number(asset: Facts, products: Sequence[Product]) -> list[str]:
    sku = asset.said.get("sku")
    return [one.id for one in products if sku is not None and one.sku == sku]


def by_gtin(asset: Facts, products: Sequence[Product]) -> list[str]:
    gtin = str(asset.said.get("gtin") or "").zfill(14)
    return [one.id for one in products if one.gtin and asset.said.get("gtin") and one.gtin.zfill(14) == gtin]


def by_family(asset: Facts, products: Sequence[Product]) -> list[str]:
    family = asset.said.get("family")
    if family is None:
        return []
    head = [one.id for one in products if one.sku == family]
    return head or [one.id for one in products if one.family == family]


def of_asset(asset: Facts, at: datetime, copy: Copy | None, home: frozenset[str]) -> Iterator[str]:
    if not asset.allowed(at):
        if copy is not None:
            yield from of_hidden(copy, "it is not allowed")
    elif copy is None:
        if home:
            yield "it is allowed and its product is there, but no copy of it"
    elif not copy.visible:
        if home:
            yield "it is allowed and its product is there, but its copy is hidden"
    else:
        yield from of_visible(asset, copy)


def of_hidden(copy: Copy, why: str) -> Iterator[str]:
    if copy.visible:
        yield f"{why}, but its copy is visible"
    if copy.channels:
        yield f"{why}, but a channel publishes its copy"


def of_visible(asset: Facts, copy: Copy) -> Iterator[str]:
    if copy.md5 != asset.md5:
        yield f"its copy holds a file with MD5 {copy.md5}, its version {asset.version} has {asset.md5}"
    for field, should in asset.shown().items():
        if (holds := copy.fields[field]) != should and not (holds in EMPTY and should in EMPTY):
            yield f"{field} of its copy is {holds!r}, should be {should!r}"


EMPTY: tuple[Any, ...] = (None, "", [], {})


def of_product(one: Product, state: State, copies: Mapping[str, Copy]) -> Iterator[str]:
    """It shows what is allowed and belongs to it, each once, and nothing else."""
    should = {
        copies[key].id
        for key, asset in state.assets.items()
        if key in copies and asset.allowed(state.at) and one.id in homes(asset, state.products)
    }
    if sorted(one.images) != sorted(should):
        keys = {copy.id: key for key, copy in copies.items()}
        missing = sorted(keys[id] for id in should - set(one.images))
        extra = [keys.get(id, id) for id in one.images if id not in should]
        twice = [id for id, number in Counter(one.images).items() if number > 1]
        yield f"its images lack {missing}, have {extra} too many, twice {twice}"
    if one.main is not None and one.main not in one.images:
        yield f"its main image {one.main} is none of its images"
