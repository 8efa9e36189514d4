"""Which product an asset belongs to, and by which identifier it says so."""

import re
from collections import Counter
from random import Random

from lockgate.kit.seed.types import SeedAsset, SeedProduct, Shares
from lockgate.model import codes

JOINTS = re.compile(r"[-_. ]")


def belong(assets: list[SeedAsset], products: list[SeedProduct], shares: Shares, rng: Random, notes: list[str]) -> None:
    """Give every asset exactly one identifier, in place; one that exists, but for the fate `unknown_product`."""
    shelf = Shelf(products, rng)
    known = [asset for asset in assets if asset.fate != "unknown_product"]
    for number, asset in enumerate((asset for asset in assets if asset.fate == "unknown_product"), 1):
        asset.sku, asset.gtin, asset.family = shelf.unknown(number), None, None
    delivered = [asset for asset in known if asset.fate == "deliver"]
    ways = dealt(len(delivered), shares, shelf, rng, notes)
    for asset in known:
        way = ways.pop() if asset.fate == "deliver" else "sku"
        asset.sku = asset.gtin = asset.family = None
        setattr(asset, way, shelf.pick(asset, way))


def dealt(number: int, shares: Shares, shelf: "Shelf", rng: Random, notes: list[str]) -> list[str]:
    """By which identifier each of the delivered assets names its product."""
    ways: list[str] = []
    for way, share in (("gtin", shares.by_gtin), ("family", shares.by_family)):
        if shelf.by[way]:
            ways += [way] * min(max(round(number * share), 1 if share and number >= 5 else 0), number - len(ways))
        elif share and number:
            notes.append(f"no product has a {way} of its own: assets name theirs in other ways")
    ways += ["sku"] * (number - len(ways))
    rng.shuffle(ways)
    return ways


class Shelf:
    """The products by what they can be named by."""

    def __init__(self, products: list[SeedProduct], rng: Random) -> None:
        gtins = Counter(codes.gtin(product.gtin) for product in products if product.gtin)
        self.skus = {product.sku: product for product in products}
        # A number that two products share names neither of them.
        self.gtins = {
            product.gtin: product for product in products if product.gtin and gtins[codes.gtin(product.gtin)] == 1
        }
        self.by_number = {codes.gtin(gtin): product for gtin, product in self.gtins.items()}
        self.families = {product.family for product in products if product.family}
        self.by = {"sku": list(self.skus), "gtin": list(self.gtins), "family": sorted(self.families)}
        self.known = {way: set(names) for way, names in self.by.items()}
        self.turn: Counter[str] = Counter()
        for names in self.by.values():
            rng.shuffle(names)

    def pick(self, asset: SeedAsset, way: str) -> str:
        """The identifier of the product that the file shows or begins its name with, else of the next one in turn."""
        named = self.shown(asset.shows) or self.named(asset.filename)
        own = {"sku": named.sku, "gtin": named.gtin, "family": named.family or named.sku}[way] if named else None
        if own in self.known[way]:
            return own
        self.turn[way] += 1
        names = self.by[way]
        return names[(self.turn[way] - 1) % len(names)]

    def shown(self, stated: list[str]) -> SeedProduct | None:
        """The product whose GTIN the file states, if there is one."""
        return next((found for text in stated if (found := self.by_number.get(codes.gtin(text)))), None)

    def named(self, filename: str) -> SeedProduct | None:
        """The product whose SKU or GTIN the name begins with, up to a joint: `LG-1001-front.jpg`."""
        ends = [joint.start() for joint in JOINTS.finditer(filename)] or [len(filename)]
        heads = (filename[:end] for end in reversed(ends))
        return next((found for head in heads if (found := self.skus.get(head) or self.gtins.get(head))), None)

    def unknown(self, number: int) -> str:
        """A SKU that no product has."""
        sku = f"UNKNOWN-{number:05d}"
        while sku in self.skus:
            sku = f"{sku}-X"
        return sku
