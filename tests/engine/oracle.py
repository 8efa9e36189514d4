"""What the portal should hold, worked out from the two systems' own states and nothing of Lockgate.

Written from the words of recipe `approved-assets-to-products`: released, within its availability, usage cleared, regions
that cover the markets; linked at the product of its SKU; closed copies archived and unlinked.
"""

import hashlib
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.world import DAM, World, plain

NAMES = {"Germany", "Austria", "Switzerland"}
"""The markets DE, AT, CH as CELUM's regions name them."""


@dataclass(frozen=True)
class Wanted:
    """One asset as it stands in CELUM."""

    open: bool
    sku: str | None
    name: str
    md5: str


async def assets(scene: World, recalled: Collection[str]) -> dict[str, Wanted]:
    found = (await scene.celum.call("GET", "assets?recursive=true&page=1&size=200"))["content"]
    now = scene.clock()
    return {
        str(one["id"]): wanted(await scene.celum.call("GET", f"assets/{one['id']}"), now, recalled) for one in found
    }


def wanted(asset: Mapping[str, Any], now: datetime, recalled: Collection[str]) -> Wanted:
    fields = {
        value["field"]["id"]: value.get("value")
        for values in asset["informationFieldValueSets"]
        for value in values["informationFieldValues"]
    }
    regions = {one["name"]["en"] for one in fields.get(660) or ()}
    is_open = (
        asset["releaseStatus"] == "RELEASED"
        and available(asset["availability"], now)
        and fields.get(653) is True
        and regions >= NAMES
        and str(asset["id"]) not in recalled
    )
    return Wanted(is_open, fields.get(643) or None, asset["name"], asset["currentVersion"]["fileChecksum"])


def available(availability: Mapping[str, Any], now: datetime) -> bool:
    if availability["type"] == "DIRECT":
        return bool(availability["available"])
    begins, ends = availability.get("from"), availability.get("to")
    return (begins is None or datetime.fromisoformat(begins) <= now) and (
        ends is None or now < datetime.fromisoformat(ends)
    )


async def complaints(scene: World, recalled: Collection[str]) -> AsyncIterator[str]:
    """Everything about the portal that is not as it should be."""
    known = await assets(scene, recalled)
    products = [plain(one) for one in (await scene.portal.call("GET", "modules/product/objects?limit=1000"))["result"]]
    skus = {str(one["article_number"]) for one in products}
    files = await scene.portal.files()
    by_asset = {str(one["ext_id"]).removeprefix(f"{DAM}:"): one for one in files}
    if len(by_asset) != len(files):
        yield f"{len(files) - len(by_asset)} copies stand twice"
    for id, one in known.items():
        for complaint in [text async for text in copy_complaints(scene, one, by_asset.get(id), skus)]:
            yield f"asset {id} ({one}): {complaint}"
    for id, copy in by_asset.items():
        if id not in known and copy["status"] != "archived":
            yield f"asset {id} is gone, its copy is {copy['status']}"
    for product in products:
        shown = sorted(product.get("images") or [])
        should = sorted(
            by_asset[id]["id"]
            for id, one in known.items()
            if one.open and one.sku == product["article_number"] and id in by_asset
        )
        if shown != should:
            yield f"product {product['article_number']} shows {shown}, should show {should}"


async def copy_complaints(
    scene: World, asset: Wanted, copy: Mapping[str, Any] | None, skus: Collection[str]
) -> AsyncIterator[str]:
    if not asset.open:
        if copy is not None and copy["status"] != "archived":
            yield f"its gates are closed, its copy is {copy['status']}"
        return
    if copy is None or copy["status"] != "approved":
        if asset.sku in skus:
            yield "it is open and its product is there, its copy is not" if copy is None else "its copy is hidden"
        return
    if hashlib.md5(await scene.portal.content(copy["id"]), usedforsecurity=False).hexdigest() != asset.md5:
        yield "its copy holds another file"
    if asset.name not in copy["title"].values():
        yield f"its copy is called {copy['title']}"
