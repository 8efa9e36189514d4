"""A tenant filled from real files: products are business workspaces, assets are documents that lie where they are on disk."""

import mimetypes
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from lockgate.kit.seed import Content, SeedAsset, SeedProduct

from .business import ObjectType, WorkspaceType
from .definitions import Category
from .media import MEDIA, PRODUCT, media_values, product_values
from .processes import Map
from .records import DOCUMENT, FOLDER, WORKSPACE, Node, Reference, Version, Workspace
from .rights import handed_down
from .seeding import (
    APPROVAL,
    PRODUCTS,
    approver,
    foundations,
    library,
    plant,
    put_type,
    template,
    workflow,
)
from .tenant import ADMIN, ENTERPRISE, Tenant
from .times import stamp

PRODUCT_TYPE, PRODUCT_TEMPLATE = 17, 30002
FOLDERS = ("Specifications", "Media", "Approvals")
WHEN_MADE = timedelta(days=30)
CHUNK = 2000
DRAFTS = {"draft": "draft", "in_review": "in_review"}


def fill_from(tenant: Tenant, content: Content, *, documents: bool) -> dict[str, Any]:
    """Fill an empty tenant; answers how much of what was made."""
    with tenant.store.transaction():
        foundations(tenant)
        home = plant(tenant, PRODUCTS, FOLDER, "Products", ENTERPRISE)
        shelf = library(tenant)
        _types(tenant)
        workflow(tenant, Map(id=APPROVAL, name="Approval", steps=[approver(1001)], fields={"9": "Reason"}))
    products = _usable(content.products)
    begin = tenant.clock.now() - WHEN_MADE
    _keep(tenant, _workspaces(tenant, products, home, begin))
    assets = content.assets if documents else []
    _keep(tenant, _documents(tenant, assets, shelf, begin))
    return {"workspaces": len(products), "documents": len(assets), "files": len({one.path for one in assets})}


def _types(tenant: Tenant) -> None:
    template(tenant, PRODUCT_TEMPLATE, "Product Template", PRODUCT_TYPE, FOLDERS, PRODUCT)
    type = WorkspaceType(
        id=PRODUCT_TYPE,
        name="Product",
        names={"en": "Product", "de": "Produkt"},
        config_node_id=39310,
        location=PRODUCTS,
        pattern="Product {bo_id}",
        document_types=[
            {"classification_id": 700, "classification_name": "Contracts", "category_id": None, "folder": "Approvals"},
            {"classification_id": 702, "classification_name": "Media", "category_id": MEDIA, "folder": "Media"},
        ],
    )
    put_type(
        tenant, type, ObjectType(id=38, bo_type="PRODUCT", name="Product", system="TE1", workspace_type=PRODUCT_TYPE)
    )


def _keep(tenant: Tenant, nodes: Iterator[Node]) -> None:
    while chunk := list(islice(nodes, CHUNK)):
        with tenant.store.transaction():
            tenant.put(*chunk)
            for node in chunk:
                _refer(tenant, node)


def _refer(tenant: Tenant, node: Node) -> None:
    for one in node.workspace.references if node.workspace else ():
        row = (one.ext_system_id, one.bo_type, one.bo_id, node.id)
        tenant.db.execute("INSERT INTO wksp_references VALUES (?, ?, ?, ?)", row)


def _usable(products: list[SeedProduct]) -> list[SeedProduct]:
    """The first of each number; a second workspace for one business object cannot be made."""
    return list({one.sku: one for one in reversed(products)}.values())[::-1]


def _workspaces(tenant: Tenant, products: list[SeedProduct], home: Node, begin: datetime) -> Iterator[Node]:
    names: set[str] = set()
    for one in products:
        node = _node(tenant, home, WORKSPACE, _free(names, _name(one)), begin)
        node.workspace = Workspace(
            type_id=PRODUCT_TYPE,
            template_id=PRODUCT_TEMPLATE,
            references=[Reference(ext_system_id="TE1", bo_type="PRODUCT", bo_id=one.sku)],
        )
        node.description = next(iter(one.description.values()), "")
        facts = {"sku": one.sku, "gtin": one.gtin, "family": one.family, "price": one.price, "status": "approved"}
        _categorise(tenant, node, PRODUCT, product_values({word: value for word, value in facts.items() if value}))
        yield node
        for folder in FOLDERS:
            yield _node(tenant, node, FOLDER, folder, begin)


def _name(product: SeedProduct) -> str:
    text = product.name.get("en") or next(iter(product.name.values()), "")
    return f"{product.sku} {text}".strip()


def _documents(tenant: Tenant, assets: list[SeedAsset], shelf: Node, begin: datetime) -> Iterator[Node]:
    """One after the other, up to an hour ago."""
    names: set[str] = set()
    step = (WHEN_MADE - timedelta(hours=1)) / max(len(assets), 1)
    for place, asset in enumerate(assets):
        made = begin + place * step
        node = _node(tenant, shelf, DOCUMENT, _free(names, asset.filename), made)
        node.versions, node.last_version = [_version(tenant, asset, node)], 1
        node.description = next(iter(asset.description.values()), "")
        _categorise(tenant, node, MEDIA, media_values(_facts(asset)))
        yield node


def _version(tenant: Tenant, asset: SeedAsset, node: Node) -> Version:
    return Version(
        id=tenant.next_id(),
        number=1,
        file_name=asset.filename,
        size=asset.size,
        mime_type=asset.media_type or mimetypes.guess_type(asset.filename)[0] or "application/octet-stream",
        created=node.created,
        by=ADMIN,
        path=str(asset.path),
    )


def _facts(asset: SeedAsset) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "title": asset.title.get("en") or next(iter(asset.title.values()), ""),
        "sku": asset.sku,
        "gtin": asset.gtin,
        "family": asset.family,
        "status": DRAFTS.get(asset.fate, "approved"),
        "subject": asset.keywords,
        "campaign": asset.campaigns,
        "language": asset.languages,
        "copyright": asset.copyright,
        "credit": asset.credit,
        "statement": asset.usage_terms,
        "cleared": asset.cleared,
        "regions": asset.regions,
        "rights_from": asset.rights_from,
        "rights_until": asset.rights_until,
        "window_from": asset.available_from,
        "window_until": asset.available_until,
        "creator": asset.creator,
    }
    return {word: value for word, value in facts.items() if value is not None and value not in ("", [])}


def _node(tenant: Tenant, parent: Node, type: int, name: str, made: datetime) -> Node:
    at = stamp(made)
    return Node(
        id=tenant.next_id(), type=type, name=name, parent=parent.id, volume=tenant.volume_under(parent), created=at,
        created_by=ADMIN, modified=at, modified_by=ADMIN, owner=ADMIN, grants=handed_down(parent, ADMIN),
    )  # fmt: skip


def _categorise(tenant: Tenant, node: Node, id: int, values: dict[str, Any]) -> None:
    definition = tenant.find(id)
    if definition is not None:
        node.categories[str(id)] = Category(definition).changed({}, values)
        node.marks[str(id)] = 1


def _free(names: set[str], wanted: str) -> str:
    """A name nobody has in the folder: no colon, not too long, numbered where it is taken."""
    plain = wanted.replace(":", "-")[:230]
    name, number = plain, 2
    while name.casefold() in names:
        stem, dot, suffix = plain.rpartition(".")
        name = f"{stem} ({number}){dot}{suffix}" if dot else f"{plain} ({number})"
        number += 1
    names.add(name.casefold())
    return name
