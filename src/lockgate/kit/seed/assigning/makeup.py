"""Products and families for folders whose tables have none. Everything made up is noted."""

import re
import unicodedata
from pathlib import PurePath

from msgspec.structs import replace
from stdnum import ean

from lockgate.kit.seed.types import SeedAsset, SeedProduct
from lockgate.model.item import UND, Text

LIMIT = 500
"""Products made up for a folder without a table, at most."""


def with_products(products: list[SeedProduct], assets: list[SeedAsset], notes: list[str]) -> list[SeedProduct]:
    """The products of the tables, or, where there is none, one for each of the first files."""
    if products or not assets:
        return products
    made = [stand_in(asset, number) for number, asset in enumerate(assets[:LIMIT], 1)]
    notes.append(f"no product table was found: {len(made)} products were made up, named after the files")
    return made


def stand_in(asset: SeedAsset, number: int) -> SeedProduct:
    digits = f"20{number:010d}"  # GS1 leaves numbers that begin with 20 to 29 to each company's own use
    return SeedProduct(
        sku=f"SEED-{number:04d}",
        gtin=digits + ean.calc_check_digit(digits),
        name=dict(asset.title),
        category=asset.category,
        source=f"made by the seeder for {asset.filename}",
    )


def with_families(products: list[SeedProduct], notes: list[str]) -> list[SeedProduct]:
    """The products with families: those they have, else one for each category, each with a product that stands for it."""
    if not products or any(product.family for product in products):
        return products
    taken = {product.sku for product in products}
    families: dict[str, SeedProduct] = {}
    members = []
    for product in products:
        group = product.category or table(product)
        if group not in families:
            families[group] = family_product(group, taken)
        members.append(replace(product, family=families[group].sku))
    notes.append(f"no product has a family: {len(families)} were made up from category or table ({some(families)})")
    return [*members, *families.values()]


def table(product: SeedProduct) -> str:
    """What stands for the category where the table has none: the table's own name."""
    return PurePath(product.source.split("#")[0]).stem or "products"


def family_product(group: str, taken: set[str]) -> SeedProduct:
    code = wanted = f"FAM-{slug(group)}"
    number = 1
    while code in taken:
        number += 1
        code = f"{wanted}-{number}"
    taken.add(code)
    name: Text = {UND: group.rsplit(">", maxsplit=1)[-1].strip()}
    return SeedProduct(sku=code, name=name, category=group, source=f"made by the seeder for the family {group}")


def slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40] or "products"


def some(families: dict[str, SeedProduct]) -> str:
    codes = [product.sku for product in families.values()]
    return ", ".join(codes[:4]) + (", …" if len(codes) > 4 else "")
