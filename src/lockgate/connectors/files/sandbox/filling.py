"""What lies in the sandbox's folder: a few files of its own, or those of a folder of content with sidecars and a feed."""

import asyncio
import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lockgate.connectors.files.sandbox.tree import Tree
from lockgate.kit.sandbox.store import Store, digest_of
from lockgate.kit.seed import Content, SeedAsset, SeedProduct

STATUS = {"draft": "draft", "in_review": "in_review"}
FEED = "feeds/products.csv"
COLUMNS = ("sku", "gtin", "family", "title", "description", "status")


def sample(store: Store, tree: Tree) -> None:
    """Two files, of which one is cleared, and a feed of two products."""
    for folder in ("approved", "feeds"):
        tree.make_folder(folder)
    put(store, tree, "approved/larch.txt", b"A larch is a tree.\n", "text/plain")
    stated = {"title": "Larch", "status": "approved", "ids": {"sku": "4711"}}
    cleared = {**stated, "rights": {"cleared": True, "territories": ["WORLD"]}}
    put(store, tree, "approved/larch.txt.json", json.dumps(cleared).encode(), "application/json")
    put(store, tree, "approved/spruce.txt", b"A spruce is another one.\n", "text/plain")
    put(store, tree, FEED, b"sku;title;status\n4711;Larch;approved\n4712;Spruce;draft\n", "text/csv")


async def fill(store: Store, tree: Tree, content: Content) -> dict[str, Any]:
    """Each asset with a JSON sidecar that states what was decided about it, and all products as one feed."""
    files = {asset.path for asset in content.assets}
    digests = await asyncio.to_thread(kept, store, files)
    with store.transaction():
        for folder in ("assets", "feeds"):
            tree.make_folder(folder)
        for number, asset in enumerate(content.assets, 1):
            path = f"assets/{number:05d}-{asset.filename}"
            tree.put(path, digests[asset.path], asset.size, asset.media_type)
            put(store, tree, f"{path}.json", json.dumps(stated(asset), ensure_ascii=False).encode(), "application/json")
        put(store, tree, FEED, feed(content.products), "text/csv")
    return {"files": len(content.assets), "records": len(content.products)}


def kept(store: Store, files: Iterable[Path]) -> dict[Path, str]:
    return {path: store.blob_put(path, digest=digest_of(path)) for path in files}


def put(store: Store, tree: Tree, path: str, content: bytes, media_type: str) -> None:
    tree.put(path, store.blob_put(content), len(content), media_type)


def stated(asset: SeedAsset) -> dict[str, Any]:
    told: dict[str, Any] = {
        "title": asset.title,
        "status": STATUS.get(asset.fate, "approved"),
        "ids": {name: getattr(asset, name) for name in ("sku", "gtin", "family") if getattr(asset, name)},
    }
    if asset.cleared is not None:
        told["rights"] = {"cleared": asset.cleared, "territories": asset.regions}
    edges = {"from": asset.available_from, "until": asset.available_until}
    if window := {name: at.isoformat() for name, at in edges.items() if at is not None}:
        told["window"] = window
    return told


def feed(products: Iterable[SeedProduct]) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in products:
        name, text = (next(iter(said.values()), "") for said in (one.name, one.description))
        rows.writerow([one.sku, one.gtin or "", one.family or "", name, text, one.status])
    return out.getvalue().encode()
