"""What each query and mutation does with the sandbox's state. Refusals are userErrors, as the API has them."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

if TYPE_CHECKING:
    from lockgate.connectors.rest.sandboxes.shopify.sandbox import Shopify

Record = dict[str, Any]
GONE = "Product does not exist"
UPDATED = re.compile(r"updated_at:>='([^']+)'")
SKU = re.compile(r"sku:'([^']*)'")


def wrong(*field: str, message: str, **more: Any) -> Record:
    return {"userErrors": [{"field": list(field), "message": message, **more}]}


def page_of(found: list[Record], first: int | None, after: str | None) -> Record:
    if first is None or not 0 < first <= 250:
        raise GraphQLError("you must provide one of first or last, of at most 250")
    start = int(after or 0)
    nodes = found[start : start + first]
    return {
        "nodes": nodes,
        "pageInfo": {"endCursor": str(start + len(nodes)), "hasNextPage": start + first < len(found)},
    }


class Work:
    """The root of one request."""

    def __init__(self, box: "Shopify") -> None:
        self.box, self.state = box, box.state
        self.shop = {"name": "Larkfield", "myshopifyDomain": "larkfield.myshopify.example"}

    # ── queries ──────────────────────────────────────────────────────────────────────────────────────────────────

    def node(self, _: Any, id: str) -> Record | None:
        kind = "MediaImage" if "/MediaImage/" in id else "Product"
        found = self.state.get("media", id) if kind == "MediaImage" else self.product(_, id)
        return {**(self.media(found) if kind == "MediaImage" else found), "__typename": kind} if found else None

    def product(self, _: Any, id: str) -> Record | None:
        found = self.state.get("product", id)
        return self.told(found) if found else None

    def productByIdentifier(self, _: Any, identifier: Record) -> Record | None:  # noqa: N802 (the API's name)
        custom = identifier["customId"]
        name = f"{custom.get('namespace')}.{custom['key']}"
        if self.state.get("definition", name) is None:
            raise GraphQLError("Metafield definition of type 'id' is required when using custom ids.")
        every = self.state.all("product")
        found = next((one for one in every if one["metafields"].get(name) == custom["value"]), None)
        return self.told(found) if found else None

    def products(
        self, _: Any, first: int | None = None, after: str | None = None, query: str = "", **__: Any
    ) -> Record:
        found = [self.told(one) for one in self.state.all("product")]
        if query:
            if (since := UPDATED.fullmatch(query)) is None:
                raise GraphQLError(f"This sandbox does not know the search {query}.")
            begin = datetime.fromisoformat(since[1])
            found = sorted(
                (one for one in found if datetime.fromisoformat(one["updatedAt"]) >= begin),
                key=lambda one: str(one["updatedAt"]),
            )
        return page_of(found, first, after)

    def productVariants(self, _: Any, first: int | None = None, query: str = "") -> Record:  # noqa: N802
        wanted = SKU.fullmatch(query)
        every = (self.told(one) for one in self.state.all("product"))
        found = [{**one["variant"], "product": one} for one in every if wanted and one["variant"]["sku"] == wanted[1]]
        return page_of(found, first, None)

    def metafieldDefinitions(self, _: Any, namespace: str = "", key: str = "", **__: Any) -> Record:  # noqa: N802
        found = self.state.get("definition", f"{namespace}.{key}")
        return {"nodes": [found] if found else []}

    def told(self, product: Record) -> Record:
        """A product as queries see it: connections are called with their arguments."""
        files = [self.media(one) for id in product["media"] if (one := self.state.get("media", id))]
        metafields = product["metafields"]

        def metafield(_: Any, key: str, namespace: str = "") -> Record | None:
            value = metafields.get(f"{namespace}.{key}")
            return {"value": value} if value is not None else None

        return {
            **product,
            "metafield": metafield,
            "variants": {"nodes": [product["variant"]]},
            "media": lambda _, last=250: {"nodes": files[-last:]},
        }

    def media(self, media: Record) -> Record:
        """Addresses are made when they are asked for."""
        url = f"{self.box.base_url}/cdn/{media['name']}?id={media['number']}"
        source = {"fileSize": media["size"], "url": url}
        return {**media, "__typename": "MediaImage", "image": {"url": url}, "originalSource": source}

    # ── mutations ────────────────────────────────────────────────────────────────────────────────────────────────

    def stagedUploadsCreate(self, _: Any, input: list[Record]) -> Record:  # noqa: N802
        return {"stagedTargets": [self.box.stage(one) for one in input], "userErrors": []}

    def productCreate(self, _: Any, product: Record, media: list[Record] | None = None) -> Record:  # noqa: N802
        if not (product.get("title") or "").strip():
            return wrong("title", message="Title can't be blank")
        if (refused := self.refused("", product, media)) is not None:
            return refused
        number = self.state.next_id("product")
        variant = {"id": f"gid://shopify/ProductVariant/{number}", "sku": None, "price": "0.00"}
        new: Record = {
            "id": f"gid://shopify/Product/{number}", "descriptionHtml": "", "vendor": "Larkfield", "productType": "",
            "tags": [], "handle": f"product-{number}", "status": "ACTIVE", "metafields": {}, "media": [], "variant": variant,
        }  # fmt: skip
        return {"product": self.told(self.changed(new, product, media)), "userErrors": []}

    def productUpdate(self, _: Any, product: Record, media: list[Record] | None = None) -> Record:  # noqa: N802
        found = self.state.get("product", product["id"])
        if found is None:
            return wrong("id", message=GONE)
        if product.get("title", "-") in {None, ""}:
            return wrong("title", message="Title can't be blank")
        if (refused := self.refused(found["id"], product, media)) is not None:
            return refused
        return {"product": self.told(self.changed(found, product, media)), "userErrors": []}

    def refused(self, id: str, product: Record, media: list[Record] | None) -> Record | None:
        for one in product.get("metafields") or []:
            name = f"{one['namespace']}.{one['key']}"
            every = self.state.all("product")
            if any(other["id"] != id and other["metafields"].get(name) == one["value"] for other in every):
                return wrong("metafields", "0", "value", message="Value must be unique")
        for one in media or []:
            if self.state.get("staged", one["originalSource"]) is None:
                return wrong("media", "0", "originalSource", message="Image source is invalid")
        return None

    def changed(self, found: Record, told: Record, media: list[Record] | None) -> Record:
        rest = {name: one for name, one in told.items() if name not in {"id", "metafields"}}
        metafields = {f"{one['namespace']}.{one['key']}": one["value"] for one in told.get("metafields") or []}
        added = [self.box.keep(self.state.get("staged", one["originalSource"]) or {}) for one in media or []]
        product = {**found, **rest, "metafields": found["metafields"] | metafields, "media": [*found["media"], *added]}
        product["tags"] = sorted(product["tags"], key=str.lower)
        return self.box.save(product)

    def productDelete(self, _: Any, input: Record) -> Record:  # noqa: N802
        if not self.state.delete("product", input["id"]):
            return wrong("id", message=GONE)
        return {"deletedProductId": input["id"], "userErrors": []}

    def productVariantsBulkUpdate(self, _: Any, productId: str, variants: list[Record]) -> Record:  # noqa: N802, N803
        product = self.state.get("product", productId)
        if product is None:
            return wrong("productId", message=GONE, code="PRODUCT_DOES_NOT_EXIST")
        for one in variants:
            if one.get("id") != product["variant"]["id"]:
                return wrong(
                    "variants",
                    "0",
                    "id",
                    message="Product variant does not exist",
                    code="PRODUCT_VARIANT_DOES_NOT_EXIST",
                )
            if "price" in one:
                product["variant"]["price"] = f"{float(one['price']):.2f}"
            if "sku" in one.get("inventoryItem", {}):
                product["variant"]["sku"] = one["inventoryItem"]["sku"]
        self.box.save(product)
        return {"productVariants": [product["variant"]], "userErrors": []}

    def metafieldDefinitionCreate(self, _: Any, definition: Record) -> Record:  # noqa: N802
        name = f"{definition.get('namespace')}.{definition['key']}"
        if self.state.get("definition", name) is not None:
            words = "Key is in use for Product metafields on the 'lockgate' namespace."
            return wrong("definition", "key", message=words, code="TAKEN")
        made = {"id": f"gid://shopify/MetafieldDefinition/{self.state.next_id('definition')}"}
        self.state.put("definition", name, made)
        return {"createdDefinition": made, "userErrors": []}

    def fileDelete(self, _: Any, fileIds: list[str]) -> Record:  # noqa: N802, N803
        if any(self.state.get("media", id) is None for id in fileIds):
            return wrong("fileIds", message="File id does not exist.", code="FILE_DOES_NOT_EXIST")
        for product in list(self.state.all("product")):
            if set(fileIds) & set(product["media"]):
                self.box.save({**product, "media": [id for id in product["media"] if id not in fileIds]})
        for id in fileIds:
            self.state.delete("media", id)
        return {"deletedFileIds": fileIds, "userErrors": []}
